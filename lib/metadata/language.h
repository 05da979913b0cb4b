// SPDX-License-Identifier: MIT
// language.h: languages and countries as codes, and their English names.
#ifndef COMIC_LANGUAGE_H
#define COMIC_LANGUAGE_H

#include "base/text.h"

// From a code of 2 or 3 letters, an English name or a tag like "pt-BR" (its first part counts):
// the ISO 639-1 code, the ISO 639-2 code where there is no shorter one, empty if unknown.
struct text language_code(struct text t);
// The same for ISO 3166-1 alpha-2; tags have no meaning here.
struct text country_code(struct text t);
// The English name of a code as the above give it, NULL if there is none.
const char *language_name(struct text code);
const char *country_name(struct text code);

#endif
