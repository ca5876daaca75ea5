/* pubkey.h - public and private keys: RSA with SHA-256 (RFC 8017 section 8.2,
 * PKCS #1 v1.5) and Ed25519 (RFC 8032). Keys are read once and kept; a key is
 * immutable and may be used by several threads at once. */
#pragma once
#include "base/bytes.h"

enum crypto_type { CRYPTO_RSA, CRYPTO_ED25519 };

struct pubkey;

/* Reads a public key: RSA as SubjectPublicKeyInfo or bare RSAPublicKey (RFC 6376 section 3.6.1 and
 * errata 3017 allow both), Ed25519 as its 32 bytes (RFC 8463 section 3). RSA is read by an own
 * strict DER reader (der.h) and used as its numbers (rsa_public.h): OpenSSL's general decoder costs
 * five times the verification. An RSA modulus has 512 to 16384 bits and is odd; the exponent is odd, at least
 * 3, at most 64 bits. NULL: *why is a static reason ("out of memory" among them). */
MUST_USE struct pubkey *pubkey_new(enum crypto_type type, struct bytes data, const char **why);
void pubkey_free(struct pubkey *k); /* NULL does nothing */
enum crypto_type pubkey_type(const struct pubkey *k);
unsigned pubkey_bits(const struct pubkey *k);   /* of the modulus; 256 for Ed25519 */
size_t pubkey_bytes(const struct pubkey *k);    /* memory held, estimated */

/* Where OpenSSL does not say that memory ran out, a signature is bad: the safe side. */
enum pubkey_verdict { PUBKEY_GOOD, PUBKEY_BAD, PUBKEY_NO_MEMORY };

/* Does `signature` sign this SHA-256 digest? (Ed25519 as in RFC 8463: the digest is the message.) A
 * signature of another length than the key's is bad. */
MUST_USE enum pubkey_verdict pubkey_verify(const struct pubkey *k, const uint8_t digest[32],
                                           struct bytes signature);

struct privkey;

#define SIGNATURE_MAX 2048u /* bytes: RSA of 16384 bits */
#define PUBKEY_DER_MAX (SIGNATURE_MAX + 64u)

/* Reads a PEM private key (PKCS #8 or PKCS #1) of RSA with at least 1024 bits (RFC 8301 section
 * 3.2) or of Ed25519; for Ed25519 also the base64 of its 32-byte seed. NULL: *why is a static
 * reason. A key protected by a password is refused; nobody is asked for it. */
MUST_USE struct privkey *privkey_new(struct bytes text, const char **why);
void privkey_free(struct privkey *k); /* NULL does nothing; wipes */
enum crypto_type privkey_type(const struct privkey *k);
unsigned privkey_bits(const struct privkey *k);
/* Signs a SHA-256 digest; writes *n bytes. False: the library could not work; *n is untouched. */
MUST_USE bool privkey_sign(const struct privkey *k, const uint8_t digest[32],
                           uint8_t out[SIGNATURE_MAX], size_t *n);
/* The public half as it goes into p= of a DNS record (DER SubjectPublicKeyInfo, or 32 bytes), in *n
 * bytes. */
MUST_USE bool privkey_public(const struct privkey *k, uint8_t out[PUBKEY_DER_MAX], size_t *n);
