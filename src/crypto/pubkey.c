/* pubkey.c - public keys: reading them and verifying; see pubkey.h */
#include "crypto/pubkey.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "base/mem.h"
#include "crypto/der.h"
#include "crypto/ossl.h"

#define ED25519_KEY 32u
#define ED25519_SIGNATURE 64u
/* 512: no shorter modulus holds a SHA-256 signature. 16384: OpenSSL's own bound. */
#define MODULUS_BITS_MIN 512u
#define MODULUS_BITS_MAX (SIGNATURE_MAX * 8)
#define EXPONENT_BYTES_MAX 8u
/* what OpenSSL 3.0 holds for a key beside its numbers, as malloc counts it */
#define KEY_OVERHEAD 1500u

static const char no_memory[] = "out of memory";

struct pubkey {
	EVP_PKEY *key;
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
	if (rsa->modulus.n > MODULUS_BITS_MAX / 8)
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

static EVP_PKEY *rsa_from_numbers(const BIGNUM *n, const BIGNUM *e)
{
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	EVP_PKEY *key = NULL;

	if (builder && ctx && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
	    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e) == 1 &&
	    (params = OSSL_PARAM_BLD_to_param(builder)) && EVP_PKEY_fromdata_init(ctx) == 1 &&
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(builder);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static EVP_PKEY *read_rsa(struct bytes data, unsigned *bits, const char **why)
{
	struct parse_err err;
	struct der_rsa rsa;
	EVP_PKEY *key = NULL;

	if (!der_rsa_public(data, &rsa, &err)) {
		*why = err.what;
		return NULL;
	}
	if ((*why = judge_rsa(&rsa)))
		return NULL;
	BIGNUM *n = BN_bin2bn(rsa.modulus.p, (int)rsa.modulus.n, NULL);
	BIGNUM *e = BN_bin2bn(rsa.exponent.p, (int)rsa.exponent.n, NULL);
	if (n && e)
		key = rsa_from_numbers(n, e);
	BN_free(n);
	BN_free(e);
	*bits = bit_length(rsa.modulus);
	*why = no_memory;
	return key;
}

static EVP_PKEY *read_ed25519(struct bytes data, unsigned *bits, const char **why)
{
	if (data.n != ED25519_KEY) {
		*why = "an Ed25519 key has 32 bytes";
		return NULL;
	}
	*bits = ED25519_KEY * 8;
	*why = no_memory;
	return EVP_PKEY_new_raw_public_key_ex(NULL, "ED25519", NULL, data.p, data.n);
}

struct pubkey *pubkey_new(enum crypto_type type, struct bytes data, const char **why)
{
	struct pubkey *k = mem_calloc(1, sizeof(*k));

	if (!k) {
		*why = no_memory;
		return NULL;
	}
	k->type = type;
	ERR_clear_error();
	k->key = (type == CRYPTO_RSA ? read_rsa : read_ed25519)(data, &k->bits, why);
	ERR_clear_error();
	if (!k->key) {
		mem_free(k);
		return NULL;
	}
	return k;
}

void pubkey_free(struct pubkey *k)
{
	if (!k)
		return;
	EVP_PKEY_free(k->key);
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
	/* the modulus itself, its Montgomery form and that form's square */
	return sizeof(*k) + KEY_OVERHEAD + (k->type == CRYPTO_RSA ? 3 * (size_t)k->bits / 8 : 0);
}

static enum pubkey_verdict verify_rsa(EVP_PKEY *key, const uint8_t digest[32],
                                      struct bytes signature)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
	enum pubkey_verdict verdict = PUBKEY_NO_MEMORY;

	if (ctx && EVP_PKEY_verify_init(ctx) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1 &&
	    EVP_PKEY_CTX_set_signature_md(ctx, ossl_sha256()) == 1) {
		bool good = EVP_PKEY_verify(ctx, signature.p, signature.n, digest, 32) == 1;
		verdict = good ? PUBKEY_GOOD : PUBKEY_BAD;
	}
	EVP_PKEY_CTX_free(ctx);
	return verdict;
}

static enum pubkey_verdict verify_ed25519(EVP_PKEY *key, const uint8_t digest[32],
                                          struct bytes signature)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	enum pubkey_verdict verdict = PUBKEY_NO_MEMORY;

	if (ctx && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1) {
		bool good = EVP_DigestVerify(ctx, signature.p, signature.n, digest, 32) == 1;
		verdict = good ? PUBKEY_GOOD : PUBKEY_BAD;
	}
	EVP_MD_CTX_free(ctx);
	return verdict;
}

enum pubkey_verdict pubkey_verify(const struct pubkey *k, const uint8_t digest[32],
                                  struct bytes signature)
{
	/* RFC 8017 section 8.2.2 step 1, RFC 8032 section 5.1.7 */
	if (signature.n != (k->type == CRYPTO_RSA ? (k->bits + 7) / 8 : ED25519_SIGNATURE))
		return PUBKEY_BAD;
	ERR_clear_error();
	enum pubkey_verdict verdict =
		(k->type == CRYPTO_RSA ? verify_rsa : verify_ed25519)(k->key, digest, signature);
	bool no_mem = ossl_no_memory();
	return verdict == PUBKEY_BAD && no_mem ? PUBKEY_NO_MEMORY : verdict;
}
