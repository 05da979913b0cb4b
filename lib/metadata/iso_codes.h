// SPDX-License-Identifier: MIT
// iso_codes.h: languages (ISO 639-2) and countries (ISO 3166-1), made by scripts/make-iso-codes.
#ifndef COMIC_ISO_CODES_H
#define COMIC_ISO_CODES_H

#include <stddef.h>

struct iso_code {
	const char *key; // tables are sorted by it, in byte order
	const char *value;
};

// A code of 2 or 3 letters or an English name, in lower case, to the code of 2 letters, or of 3
// where a language has no shorter one.
extern const struct iso_code iso_language_keys[];
extern const size_t iso_language_key_count;
extern const struct iso_code iso_country_keys[];
extern const size_t iso_country_key_count;
// That code to the English name.
extern const struct iso_code iso_language_names[];
extern const size_t iso_language_name_count;
extern const struct iso_code iso_country_names[];
extern const size_t iso_country_name_count;

#endif
