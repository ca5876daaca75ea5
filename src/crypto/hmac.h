/* hmac.h - a keyed hash (RFC 2104): who does not know the key cannot make it. SHA-1 only
 * because tags on envelope addresses were defined with it (bounce/tag.h); as a keyed hash
 * it still holds, as a digest of signatures it does not. */
#pragma once
#include "base/bytes.h"

#define HMAC_SHA1_BYTES 20u

/* HMAC-SHA1 of the pieces, one after the other as if they were joined. The key may have any
 * length. False: the library could not work (memory, or a policy of the system forbids SHA-1);
 * out is untouched. */
MUST_USE bool hmac_sha1(struct bytes key, const struct bytes *pieces, size_t n, uint8_t out[HMAC_SHA1_BYTES]);
