/* rsa_public.h - does a number sign a digest? RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2.2), on
 * OpenSSL's big numbers. OpenSSL's own way to the same answer builds an object with contexts for each key
 * and looks up its algorithms by name, which costs as much as the arithmetic where a key is used once. Here
 * a key is two numbers and what Montgomery's multiplication wants to know of the modulus.
 *
 * Nothing in it is secret: key, signature and digest are public, so time may depend on them. */
#pragma once
#include "crypto/der.h"

#define RSA_MODULUS_BITS_MAX 16384u

struct rsa_public; /* on the heap; never changes, and may be used by several threads at once */

/* The modulus is odd, has 512 to RSA_MODULUS_BITS_MAX bits; the exponent is odd, above 1, of at most 64
 * bits: the caller has looked. NULL: out of memory. */
MUST_USE struct rsa_public *rsa_public_new(const struct der_rsa *numbers);
void rsa_public_free(struct rsa_public *k); /* NULL does nothing */
size_t rsa_public_bytes(const struct rsa_public *k); /* memory held, estimated */

/* *good: the signature, which has as many bytes as the modulus, signs this SHA-256 digest. False: out of
 * memory; *good is untouched. */
MUST_USE bool rsa_public_verify(const struct rsa_public *k, const uint8_t digest[32], struct bytes signature,
                                bool *good);
