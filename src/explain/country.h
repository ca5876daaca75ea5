/* country.h - names of the two-letter codes of countries (ISO 3166-1), for people. */
#pragma once
#include "base/bytes.h"

/* NULL: no such code. */
const char *country_find(struct bytes code);
