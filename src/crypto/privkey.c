/* privkey.c - private keys: reading them and signing; see pubkey.h */
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/mem.h"
#include "crypto/ossl.h"
#include "crypto/pubkey.h"

#define SEED 32u
#define SEED_BASE64 44u       /* with its one padding byte */
#define RSA_BITS_MIN 1024u    /* RFC 8301 section 3.2: signers use at least this */
#define RSA_BITS_MAX (SIGNATURE_MAX * 8)
#define TEXT_MAX 65536u       /* an RSA key of 16384 bits in PEM takes 13 KB */

struct privkey {
	EVP_PKEY *key;
	enum crypto_type type;
	unsigned bits;
};

/* Keeps OpenSSL from asking on a terminal for the password of an encrypted key. */
static int no_password(char *buf, int size, int writing, void *user)
{
	return -1;
}

static EVP_PKEY *read_pem(struct bytes text)
{
	BIO *bio = BIO_new_mem_buf(text.p, (int)text.n);
	EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL) : NULL;

	BIO_free(bio);
	return key;
}

static EVP_PKEY *read_seed(struct bytes text)
{
	uint8_t seed[SEED + 1] = { 0 }; /* 44 characters stand for 33 bytes, the last is padding */
	EVP_PKEY *key = NULL;

	if (EVP_DecodeBlock(seed, text.p, (int)text.n) == sizeof(seed) && seed[SEED] == 0)
		key = EVP_PKEY_new_raw_private_key_ex(NULL, "ED25519", NULL, seed, SEED);
	OPENSSL_cleanse(seed, sizeof(seed));
	return key;
}

/* Is it a key that this program signs with? NULL: yes, and *k says what it is. */
static const char *judge(struct privkey *k)
{
	if (EVP_PKEY_is_a(k->key, "ED25519")) {
		k->type = CRYPTO_ED25519;
		k->bits = SEED * 8;
		return NULL;
	}
	if (!EVP_PKEY_is_a(k->key, "RSA"))
		return "the private key is neither RSA nor Ed25519";
	k->type = CRYPTO_RSA;
	k->bits = (unsigned)EVP_PKEY_get_bits(k->key);
	if (k->bits < RSA_BITS_MIN)
		return "the private key is shorter than 1024 bits";
	return k->bits > RSA_BITS_MAX ? "the private key is too long" : NULL;
}

struct privkey *privkey_new(struct bytes text, const char **why)
{
	struct bytes trimmed = bytes_trim(text);
	bool is_seed = trimmed.n == SEED_BASE64 && trimmed.p[SEED_BASE64 - 1] == '=' &&
		       trimmed.p[SEED_BASE64 - 2] != '=';

	if (trimmed.n == 0 || trimmed.n > TEXT_MAX) {
		*why = "not a private key";
		return NULL;
	}
	struct privkey *k = mem_calloc(1, sizeof(*k));
	if (!k) {
		*why = "out of memory";
		return NULL;
	}
	ERR_clear_error();
	k->key = is_seed ? read_seed(trimmed) : read_pem(trimmed);
	bool no_mem = ossl_no_memory();
	if (k->key)
		*why = judge(k);
	else
		*why = no_mem ? "out of memory"
		              : "not a private key in PEM, or protected by a password";
	if (*why) {
		privkey_free(k);
		return NULL;
	}
	return k;
}

void privkey_free(struct privkey *k)
{
	if (!k)
		return;
	EVP_PKEY_free(k->key); /* wipes the numbers */
	mem_free(k);
}

enum crypto_type privkey_type(const struct privkey *k)
{
	return k->type;
}

unsigned privkey_bits(const struct privkey *k)
{
	return k->bits;
}

static bool sign_rsa(EVP_PKEY *key, const uint8_t digest[32], uint8_t *out, size_t *n)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
	bool ok = ctx && EVP_PKEY_sign_init(ctx) == 1 &&
		  EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1 &&
		  EVP_PKEY_CTX_set_signature_md(ctx, ossl_sha256()) == 1 &&
		  EVP_PKEY_sign(ctx, out, n, digest, 32) == 1;

	EVP_PKEY_CTX_free(ctx);
	return ok;
}

static bool sign_ed25519(EVP_PKEY *key, const uint8_t digest[32], uint8_t *out, size_t *n)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = ctx && EVP_DigestSignInit(ctx, NULL, NULL, NULL, key) == 1 &&
		  EVP_DigestSign(ctx, out, n, digest, 32) == 1;

	EVP_MD_CTX_free(ctx);
	return ok;
}

bool privkey_sign(const struct privkey *k, const uint8_t digest[32], uint8_t out[SIGNATURE_MAX],
                  size_t *n)
{
	size_t length = SIGNATURE_MAX;

	ERR_clear_error();
	bool ok = (k->type == CRYPTO_RSA ? sign_rsa : sign_ed25519)(k->key, digest, out, &length);
	ERR_clear_error();
	if (ok)
		*n = length;
	return ok;
}

bool privkey_public(const struct privkey *k, uint8_t out[PUBKEY_DER_MAX], size_t *n)
{
	uint8_t *at = out;
	size_t length = PUBKEY_DER_MAX;
	bool ok;

	ERR_clear_error();
	if (k->type == CRYPTO_ED25519) {
		ok = EVP_PKEY_get_raw_public_key(k->key, out, &length) == 1;
	} else {
		int size = i2d_PUBKEY(k->key, NULL);
		ok = size > 0 && (size_t)size <= PUBKEY_DER_MAX &&
		     (size = i2d_PUBKEY(k->key, &at)) > 0;
		length = ok ? (size_t)size : 0;
	}
	ERR_clear_error();
	if (ok)
		*n = length;
	return ok;
}
