/* pubkey.c - public keys: reading them and verifying; see pubkey.h */
#include "crypto/pubkey.h"

#include <openssl/err.h>

#include "base/mem.h"
#include "crypto/der.h"
#include "crypto/ossl.h"
#include "crypto/rsa_public.h"

#define ED25519_KEY 32u
#define ED25519_SIGNATURE 64u
#define MODULUS_BITS_MIN 512u /* no shorter modulus holds a SHA-256 signature */
#define EXPONENT_BYTES_MAX 8u
/* what OpenSSL 3.0 holds for an Ed25519 key, as malloc counts it */
#define KEY_OVERHEAD 1500u

static const char no_memory[] = "out of memory";

struct pubkey {
	struct rsa_public *rsa; /* one of the two, by type */
	EVP_PKEY *ed25519;
	enum crypto_type type;
	unsigned bits;
};

static unsigned bit_length(struct bytes magnitude)
{
	unsigned bits = (unsigned)magnitude.n * 8;

	for (unsigned top = magnitude.n ? magnitude.p[0] : 0x80; !(top & 0x80); top <<= 1)
		bits--;
	return bits;
}

/* Is it a key that is safe and cheap to compute with? NULL: yes. */
static const char *judge_rsa(const struct der_rsa *rsa)
{
	if (rsa->modulus.n > RSA_MODULUS_BITS_MAX / 8)
		return "the modulus is too long";
	if (bit_length(rsa->modulus) < MODULUS_BITS_MIN)
		return "the modulus is too short";
	if (!(rsa->modulus.p[rsa->modulus.n - 1] & 1))
		return "the modulus is even";
	if (rsa->exponent.n > EXPONENT_BYTES_MAX)
		return "the exponent is too long";
	if (rsa->exponent.n == 0 || !(rsa->exponent.p[rsa->exponent.n - 1] & 1))
		return "the exponent is even";
	if (rsa->exponent.n == 1 && rsa->exponent.p[0] == 1)
		return "the exponent is 1"; /* then any text signs itself */
	return NULL;
}

/* False: *why says why, if it is not memory. */
static bool read_rsa(struct pubkey *k, struct bytes data, const char **why)
{
	struct parse_err err;
	struct der_rsa rsa;
	const char *refusal;

	if (!der_rsa_public(data, &rsa, &err)) {
		*why = err.what;
		return false;
	}
	if ((refusal = judge_rsa(&rsa))) {
		*why = refusal;
		return false;
	}
	k->bits = bit_length(rsa.modulus);
	k->rsa = rsa_public_new(&rsa);
	return k->rsa != NULL;
}

static bool read_ed25519(struct pubkey *k, struct bytes data, const char **why)
{
	if (data.n != ED25519_KEY) {
		*why = "an Ed25519 key has 32 bytes";
		return false;
	}
	k->bits = ED25519_KEY * 8;
	k->ed25519 = EVP_PKEY_new_raw_public_key_ex(NULL, "ED25519", NULL, data.p, data.n);
	ERR_clear_error();
	return k->ed25519 != NULL;
}

struct pubkey *pubkey_new(enum crypto_type type, struct bytes data, const char **why)
{
	struct pubkey *k = mem_calloc(1, sizeof(*k));

	*why = no_memory;
	if (!k)
		return NULL;
	k->type = type;
	if (!(type == CRYPTO_RSA ? read_rsa : read_ed25519)(k, data, why)) {
		mem_free(k);
		return NULL;
	}
	return k;
}

void pubkey_free(struct pubkey *k)
{
	if (!k)
		return;
	rsa_public_free(k->rsa);
	EVP_PKEY_free(k->ed25519);
	mem_free(k);
}

enum crypto_type pubkey_type(const struct pubkey *k)
{
	return k->type;
}

unsigned pubkey_bits(const struct pubkey *k)
{
	return k->bits;
}

size_t pubkey_bytes(const struct pubkey *k)
{
	return sizeof(*k) + (k->type == CRYPTO_RSA ? rsa_public_bytes(k->rsa) : KEY_OVERHEAD);
}

static enum pubkey_verdict verify_rsa(const struct pubkey *k, const uint8_t digest[32], struct bytes signature)
{
	bool good;

	if (!rsa_public_verify(k->rsa, digest, signature, &good))
		return PUBKEY_NO_MEMORY;
	return good ? PUBKEY_GOOD : PUBKEY_BAD;
}

static enum pubkey_verdict verify_ed25519(const struct pubkey *k, const uint8_t digest[32],
                                          struct bytes signature)
{
	enum pubkey_verdict verdict = PUBKEY_NO_MEMORY;

	ERR_clear_error();
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	if (ctx && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, k->ed25519) == 1) {
		bool good = EVP_DigestVerify(ctx, signature.p, signature.n, digest, 32) == 1;
		verdict = good ? PUBKEY_GOOD : PUBKEY_BAD;
	}
	EVP_MD_CTX_free(ctx);
	bool no_mem = ossl_no_memory();
	return verdict == PUBKEY_BAD && no_mem ? PUBKEY_NO_MEMORY : verdict;
}

enum pubkey_verdict pubkey_verify(const struct pubkey *k, const uint8_t digest[32],
                                  struct bytes signature)
{
	/* RFC 8017 section 8.2.2 step 1, RFC 8032 section 5.1.7 */
	if (signature.n != (k->type == CRYPTO_RSA ? (k->bits + 7) / 8 : ED25519_SIGNATURE))
		return PUBKEY_BAD;
	return (k->type == CRYPTO_RSA ? verify_rsa : verify_ed25519)(k, digest, signature);
}
