/* idn.h - international domain names: U-labels to A-labels and back (RFC 5891),
 * and whether bytes are UTF-8. The one place that knows the library (libidn2). */
#pragma once
#include "base/arena.h"

/* Is b well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms)? *bad, if
 * not NULL, is the offset of the first byte that is not. */
bool utf8_valid(struct bytes b, size_t *bad);
/* The code point at b[at] and its length in bytes (1 to 4); U+FFFD and 1 where
 * the bytes are not UTF-8. at < b.n. */
uint32_t utf8_next(struct bytes b, size_t at, size_t *len);
/* b with each byte that is not UTF-8 turned into U+FFFD; b itself when it is clean. */
struct bytes utf8_clean(struct arena *a, struct bytes b);

/* A UTF-8 name in A-labels; false where IDNA refuses it or it is not UTF-8. */
MUST_USE bool idn_to_ascii(struct arena *a, struct bytes name, struct bytes *out);
/* For people: A-labels shown as Unicode; the input itself where that fails. */
struct bytes idn_to_unicode(struct arena *a, struct bytes name);
