/* digest.h - SHA-256 that runs over pieces (FIPS 180-4). Only src/crypto
 * includes OpenSSL. */
#pragma once
#include "base/bytes.h"

#define SHA256_BYTES 32u

struct digest; /* on the heap */

/* NULL when out of memory. */
MUST_USE struct digest *digest_new(void);
void digest_free(struct digest *d); /* NULL does nothing */
/* False only where the library could not work (memory); then it stays false. */
bool digest_update(struct digest *d, struct bytes data);
/* The digest of what came so far; updates may go on after it. */
MUST_USE bool digest_peek(const struct digest *d, uint8_t out[SHA256_BYTES]);
/* The same where nothing comes after it, for less: only digest_restart or digest_free may follow. */
MUST_USE bool digest_end(struct digest *d, uint8_t out[SHA256_BYTES]);
/* Another digest that goes on from here. NULL when out of memory, or when d failed. */
MUST_USE struct digest *digest_copy(const struct digest *d);
/* Back to the start, as new. */
MUST_USE bool digest_restart(struct digest *d);
/* All at once. */
MUST_USE bool digest_sha256(struct bytes data, uint8_t out[SHA256_BYTES]);
