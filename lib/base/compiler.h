// SPDX-License-Identifier: MIT
// compiler.h: function attributes, spelled once.
#ifndef COMIC_COMPILER_H
#define COMIC_COMPILER_H

#define COMIC_MUST_CHECK __attribute__((warn_unused_result))
#define COMIC_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define COMIC_NORETURN __attribute__((noreturn))
#define COMIC_UNUSED __attribute__((unused))

#define COMIC_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
