/* base64.h - RFC 4648 section 4, as mail uses it: white space may stand
 * anywhere in the text (RFC 6376 section 3.2, RFC 2045 section 6.8). */
#pragma once
#include "base/arena.h"
#include "base/parse_err.h"

/* Decodes text into the arena. Refused: other bytes, bytes after the padding,
 * a length that no encoder makes, bits set beyond the last byte. Padding may be
 * missing only if `loose`. False leaves *out untouched; err may be NULL. */
MUST_USE bool base64_decode(struct arena *a, struct bytes text, bool loose, struct bytes *out,
                            struct parse_err *err);

/* Encodes with padding, no line breaks. { NULL, 0 } when out of memory. */
struct bytes base64_encode(struct arena *a, struct bytes data);
