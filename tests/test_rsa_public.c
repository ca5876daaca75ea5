/* Our way from an RSA signature to "good" against OpenSSL's own, on signatures that are right, nearly right
 * and wrong in the ways that forgers tried. */
#include "crypto/rsa_public.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "base/arena.h"
#include "crypto/digest.h"
#include "tap.h"

#define BYTES_MAX 512u

static EVP_PKEY *make_key(unsigned bits, const char *exponent)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	EVP_PKEY *key = NULL;
	BIGNUM *e = NULL;

	if (EVP_PKEY_keygen_init(ctx) != 1 || EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, (int)bits) != 1 ||
	    !BN_hex2bn(&e, exponent) || EVP_PKEY_CTX_set1_rsa_keygen_pubexp(ctx, e) != 1 ||
	    EVP_PKEY_keygen(ctx, &key) != 1)
		abort();
	BN_free(e);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static struct bytes number_of(const EVP_PKEY *key, const char *name, uint8_t *to)
{
	BIGNUM *n = NULL;

	if (EVP_PKEY_get_bn_param(key, name, &n) != 1)
		abort();
	int bytes = BN_bn2bin(n, to);
	BN_free(n);
	return (struct bytes){ to, (size_t)bytes };
}

/* The signature whose block is exactly this one. */
static void sign_block(EVP_PKEY *key, const uint8_t *block, size_t n, uint8_t *signature)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
	size_t length = n;

	if (EVP_PKEY_sign_init(ctx) != 1 || EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) != 1 ||
	    EVP_PKEY_sign(ctx, signature, &length, block, n) != 1 || length != n)
		abort();
	EVP_PKEY_CTX_free(ctx);
}

static bool openssl_says(EVP_PKEY *key, const uint8_t digest[32], struct bytes signature)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);

	if (EVP_PKEY_verify_init(ctx) != 1 || EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) != 1 ||
	    EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) != 1)
		abort();
	bool good = EVP_PKEY_verify(ctx, signature.p, signature.n, digest, 32) == 1;
	EVP_PKEY_CTX_free(ctx);
	ERR_clear_error();
	return good;
}

/* --- blocks: right, and wrong in one place --- */

#define SHA256_INFO "\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"

static const struct {
	const char *name;
	struct bytes info;   /* what stands between the padding and the digest */
	uint8_t first, type, pad, zero;
	size_t behind;       /* bytes that are left over behind the digest */
	bool good;
} blocks[] = {
	{ "as it should be", B(SHA256_INFO), 0, 1, 0xff, 0, 0, true },
	{ "a first byte that is not 0", B(SHA256_INFO), 0x01, 1, 0xff, 0, 0, false },
	{ "block type 2", B(SHA256_INFO), 0, 2, 0xff, 0, 0, false },
	{ "block type 0", B(SHA256_INFO), 0, 0, 0xff, 0, 0, false },
	{ "padding of other bytes", B(SHA256_INFO), 0, 1, 0xfe, 0, 0, false },
	{ "padding of zeros", B(SHA256_INFO), 0, 1, 0, 0, 0, false },
	{ "no zero behind the padding", B(SHA256_INFO), 0, 1, 0xff, 0xff, 0, false },
	{ "bytes behind the digest", B(SHA256_INFO), 0, 1, 0xff, 0, 4, false },
	{ "no NULL for the parameters", B("\x30\x2f\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x04\x20"), 0,
	  1, 0xff, 0, 0, false },
	{ "a length in the long form", B("\x30\x81\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"),
	  0, 1, 0xff, 0, 0, false },
	{ "SHA-512/256 for SHA-256", B("\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x06\x05\x00\x04\x20"), 0, 1,
	  0xff, 0, 0, false },
	{ "a digest alone", B(""), 0, 1, 0xff, 0, 0, false },
};

static void make_block(size_t i, const uint8_t digest[32], uint8_t *block, size_t n)
{
	size_t end = n - blocks[i].behind - 32 - blocks[i].info.n;

	memset(block, 0x5a, n);
	memset(block, blocks[i].pad, end);
	block[0] = blocks[i].first;
	block[1] = blocks[i].type;
	block[end - 1] = blocks[i].zero;
	memcpy(block + end, blocks[i].info.p, blocks[i].info.n);
	memcpy(block + end + blocks[i].info.n, digest, 32);
}

/* --- one key --- */

struct pair {
	EVP_PKEY *key;
	struct rsa_public *own;
	size_t bytes;
	BIGNUM *modulus;
};

static bool own_says(const struct pair *k, const uint8_t digest[32], struct bytes signature)
{
	struct bytes copy = heap_bytes(signature);
	bool good = false;

	CHECK(rsa_public_verify(k->own, digest, copy, &good));
	heap_free(copy);
	return good;
}

static void test_blocks(const struct pair *k, const uint8_t digest[32], const char *name)
{
	uint8_t block[BYTES_MAX], signature[BYTES_MAX];

	for (size_t i = 0; i < ARRAY_LEN(blocks); i++) {
		struct bytes s = { signature, k->bytes };
		tap_begin("%s: %s", name, blocks[i].name);
		make_block(i, digest, block, k->bytes);
		if (block[0]) { /* may be above the modulus: nothing signs it */
			tap_end();
			continue;
		}
		sign_block(k->key, block, k->bytes, signature);
		CHECK(own_says(k, digest, s) == blocks[i].good);
		CHECK(openssl_says(k->key, digest, s) == blocks[i].good);
		tap_end();
	}
}

static void test_numbers(const struct pair *k, const uint8_t digest[32], const char *name)
{
	uint8_t block[BYTES_MAX], good[BYTES_MAX], s[BYTES_MAX];
	struct bytes slice = { s, k->bytes };
	BIGNUM *number = BN_new();

	tap_begin("%s: numbers at the borders, and the good one with the modulus added", name);
	make_block(0, digest, block, k->bytes);
	sign_block(k->key, block, k->bytes, good);
	for (int i = -2; i < 3; i++) {
		BN_set_word(number, (BN_ULONG)(i < 0 ? -i : i));
		BN_set_negative(number, i < 0);
		BN_add(number, k->modulus, number);
		if (BN_num_bytes(number) > (int)k->bytes)
			continue;
		BN_bn2binpad(number, s, (int)k->bytes);
		CHECK(!own_says(k, digest, slice) && !openssl_says(k->key, digest, slice));
	}
	for (BN_ULONG i = 0; i < 4; i++) {
		BN_set_word(number, i);
		BN_bn2binpad(number, s, (int)k->bytes);
		CHECK(!own_says(k, digest, slice) && !openssl_says(k->key, digest, slice));
	}
	BN_bin2bn(good, (int)k->bytes, number);
	BN_add(number, number, k->modulus);
	if (BN_num_bytes(number) <= (int)k->bytes) {
		BN_bn2binpad(number, s, (int)k->bytes);
		CHECK(!own_says(k, digest, slice) && !openssl_says(k->key, digest, slice));
	}
	memset(s, 0xff, k->bytes);
	CHECK(!own_says(k, digest, slice) && !openssl_says(k->key, digest, slice));
	tap_end();
	BN_free(number);
}

static void test_random(const struct pair *k, const char *name)
{
	unsigned seed = (unsigned)k->bytes;
	uint8_t digest[32], block[BYTES_MAX], s[BYTES_MAX];
	struct bytes slice = { s, k->bytes };
	int goods = 0;

	tap_begin("%s: random digests and random changes", name);
	for (int i = 0; i < 60; i++) {
		for (size_t at = 0; at < sizeof(digest); at++)
			digest[at] = (uint8_t)rand_r(&seed);
		make_block(0, digest, block, k->bytes);
		if (i % 4 == 1)
			block[1 + (size_t)rand_r(&seed) % (k->bytes - 1)] ^= (uint8_t)(1u << rand_r(&seed) % 8);
		sign_block(k->key, block, k->bytes, s);
		if (i % 4 == 2)
			s[(size_t)rand_r(&seed) % k->bytes] ^= (uint8_t)(1u << rand_r(&seed) % 8);
		bool good = own_says(k, digest, slice);
		CHECK(good == openssl_says(k->key, digest, slice));
		CHECK(good == (i % 4 != 1 && i % 4 != 2));
		goods += good;
	}
	CHECK(goods == 30);
	tap_end();
}

static const struct { unsigned bits; const char *exponent; } keys[] = {
	{ 512, "10001" }, { 513, "3" }, { 1024, "3" }, { 1031, "11" }, { 1024, "8000000000000001" },
	{ 2048, "10001" }, { 1536, "FFFFFFFFFFFFFFFF" }, { 1024, "5" },
};

int main(void)
{
	uint8_t n[BYTES_MAX], e[BYTES_MAX], digest[32];

	if (!digest_sha256(B("abc"), digest))
		return 1;
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		struct pair k = { .key = make_key(keys[i].bits, keys[i].exponent) };
		struct der_rsa numbers = { number_of(k.key, OSSL_PKEY_PARAM_RSA_N, n),
			                   number_of(k.key, OSSL_PKEY_PARAM_RSA_E, e) };
		char name[64];

		snprintf(name, sizeof(name), "%u bits, exponent 0x%s", keys[i].bits, keys[i].exponent);
		k.bytes = numbers.modulus.n;
		k.own = rsa_public_new(&numbers);
		k.modulus = BN_bin2bn(n, (int)k.bytes, NULL);
		if (!k.own || !k.modulus)
			abort();
		test_blocks(&k, digest, name);
		test_numbers(&k, digest, name);
		test_random(&k, name);
		rsa_public_free(k.own);
		BN_free(k.modulus);
		EVP_PKEY_free(k.key);
	}
	rsa_public_free(NULL);
	return tap_done();
}
