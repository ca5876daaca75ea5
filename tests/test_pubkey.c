#include "crypto/pubkey.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <pthread.h>

#include "base/base64.h"
#include "base/mem.h"
#include "crypto/digest.h"
#include "tap.h"

/* the public halves of tests/vectors/keys */
static const char spki1024[] =
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDy/FA3QdXgqEu7qrBCp7QMM4FcalQImAGLRmg73xrCh/tlJtrW"
	"dtTUtcfik4z/hz0QEdK+9OrsqYQ9LdRqY4vUbVd8RakEWcQpQHE9el9265bnIFedtaqnhtZ2zfvvN0Fxh38VeGD7"
	"m6Ga2t1DDjKCXL9LtiEp9DlTp/57gq89zQIDAQAB";
static const char bare2048[] =
	"MIIBCgKCAQEAvRrggE9lsV2Xh3Z1035OTaRiJaroDxVzhn+kiEeluWoTZSRQEzhbKIR45QD4vmXuvDG6no0Wndt/"
	"Ny/PpjjS5NoFEAZqWDA2CDDAHxpT2FDxPfRqymj4dBYyfiO2ZorFTnx7PtVrXB7RaStEPg6ho/ApM+2I4h4Wv4DQ"
	"0lYdWEB5yCQuM702IDBzAKiFBm34zO3yaMQCGNUkq2lEygVw/ZSs5JIGhLyUFtFC/v7ZlDvMeEnSZJZ+zGS9Yvn6"
	"ir5yRlrME+muo25OXuB1/O/iDMi65ilR0AsF26zVg9A9qoW9shCeElNq9ksD7O37sgU5xQIA2VHtPkoVsVHRsXhx"
	"XQIDAQAB";
static const char ed25519_seed[] = "vY7hBLHdFdljIcQWSVkpbB3EPs0PVdiu1ep+t2l+Uys=";
static const char ed25519_public[] = "TKRb4dMv6Sgq7H1D/BX3yeavQkFkmCMyqfQNl4op+b0=";
/* of the SHA-256 of "abc", made with the openssl command */
static const char rsa1024_of_abc[] =
	"qdXKmwAW5EGCKhxjVpTE8dwHh+UDkQr1jLdEIYKHTgsFp4gDMRrVeWhycnUu00bDBmiy30eCJhTLzCdT4jTicQkD"
	"QZIisb7iNs7E47Qgqp4zIWl7ZTywrGRyNepKyIk08qqCklC4AcnNdKFYRz4NWhYcgUy3zx1bVM5vEHzN+4Y=";
static const char ed25519_of_abc[] =
	"2NrVPiFWOr4f5JbHrYkNYl5dFaBDONwA2ca/+DqT6xF+ihMI9pjvEAg3HfBReeWjKtyK/zYHPJvZTVnvmmZeCg==";

static struct arena *arena;

static struct bytes from64(const char *text)
{
	struct bytes data = { NULL, 0 };

	CHECK(base64_decode(arena, bytes_of(text), false, &data, NULL));
	return data;
}

static struct pubkey *read_public(enum crypto_type type, struct bytes data, const char **why)
{
	struct bytes copy = heap_bytes(data);
	struct pubkey *k = pubkey_new(type, copy, why);

	heap_free(copy); /* the key keeps nothing of it */
	return k;
}

/* Writes a DER tag and length. */
static uint8_t *put_head(uint8_t *p, uint8_t tag, size_t n)
{
	*p++ = tag;
	if (n > 255)
		*p++ = 0x82, *p++ = (uint8_t)(n >> 8);
	else if (n > 127)
		*p++ = 0x81;
	*p++ = (uint8_t)n;
	return p;
}

/* DER with a modulus of `bits` (its first and last byte given) and an exponent. */
static struct bytes make_rsa(size_t bits, uint8_t first, uint8_t last, struct bytes exponent)
{
	size_t n = (bits + 7) / 8, zero = first >> 7;
	uint8_t *inner = arena_alloc(arena, n + exponent.n + 16),
	        *p = put_head(inner, 0x02, n + zero);
	uint8_t *whole = arena_alloc(arena, n + exponent.n + 32);

	memset(p, 0, zero);
	p += zero;
	memset(p, 0x5a, n);
	p[0] = first;
	p[n - 1] = last;
	p = put_head(p + n, 0x02, exponent.n);
	memcpy(p, exponent.p, exponent.n);
	size_t inner_n = (size_t)(p - inner) + exponent.n;
	p = put_head(whole, 0x30, inner_n);
	memcpy(p, inner, inner_n);
	return (struct bytes){ whole, (size_t)(p - whole) + inner_n };
}

static const struct {
	const char *name;
	size_t bits;
	uint8_t first, last;
	struct bytes exponent;
	const char *why; /* NULL: accepted */
} shapes[] = {
	{ "512 bits", 512, 0x80, 1, B("\x01\x00\x01"), NULL },
	{ "513 bits", 513, 0x01, 1, B("\x03"), NULL },
	{ "511 bits", 511, 0x7f, 1, B("\x03"), "the modulus is too short" },
	{ "504 bits", 504, 0x80, 1, B("\x03"), "the modulus is too short" },
	{ "16384 bits", 16384, 0xff, 1, B("\x03"), NULL },
	{ "16392 bits", 16392, 0x80, 1, B("\x03"), "the modulus is too long" },
	{ "an even modulus", 1024, 0x80, 2, B("\x03"), "the modulus is even" },
	{ "exponent 0", 1024, 0x80, 1, B("\x00"), "the exponent is even" },
	{ "exponent 1", 1024, 0x80, 1, B("\x01"), "the exponent is 1" },
	{ "exponent 2", 1024, 0x80, 1, B("\x02"), "the exponent is even" },
	{ "an exponent of 64 bits", 4096, 0x80, 1, B("\x00\x80\x00\x00\x00\x00\x00\x00\x01"), NULL },
	{ "an exponent of 65 bits", 4096, 0x80, 1, B("\x01\x00\x00\x00\x00\x00\x00\x00\x01"),
	  "the exponent is too long" },
};

static void test_shapes(void)
{
	for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
		const char *why = "untouched";
		struct bytes der = make_rsa(shapes[i].bits, shapes[i].first, shapes[i].last,
		                            shapes[i].exponent);
		struct pubkey *k = read_public(CRYPTO_RSA, der, &why);

		tap_begin("RSA: %s", shapes[i].name);
		CHECK_MSG(!k == !!shapes[i].why, "%s", why);
		if (k) {
			CHECK_MSG(pubkey_bits(k) == shapes[i].bits, "%u bits", pubkey_bits(k));
			CHECK(pubkey_type(k) == CRYPTO_RSA && pubkey_bytes(k) > shapes[i].bits / 8);
		} else {
			CHECK_MSG(shapes[i].why && !strcmp(why, shapes[i].why), "%s", why);
		}
		tap_end();
		pubkey_free(k);
	}
}

/* A good signature; then with each byte changed, shorter and longer, for another text. */
static void test_verify(const char *name, enum crypto_type type, const char *key,
                        const char *signature)
{
	uint8_t digest[SHA256_BYTES];
	const char *why = NULL;
	struct pubkey *k = read_public(type, from64(key), &why);
	struct bytes good = heap_bytes(from64(signature));
	uint8_t *bad = malloc(good.n + 1);

	tap_begin("%s: one signature is good, all its neighbours are bad", name);
	CHECK_MSG(k != NULL, "%s", why);
	CHECK(digest_sha256(B("abc"), digest));
	CHECK(pubkey_verify(k, digest, good) == PUBKEY_GOOD);
	CHECK(pubkey_verify(k, digest, good) == PUBKEY_GOOD);
	for (size_t i = 0; i < good.n; i++) {
		memcpy(bad, good.p, good.n);
		bad[i] ^= 1;
		CHECK(pubkey_verify(k, digest, (struct bytes){ bad, good.n }) == PUBKEY_BAD);
	}
	memcpy(bad, good.p, good.n);
	bad[good.n] = 0;
	CHECK(pubkey_verify(k, digest, (struct bytes){ bad, good.n + 1 }) == PUBKEY_BAD);
	bad[0] = 0;
	memcpy(bad + 1, good.p, good.n);
	CHECK(pubkey_verify(k, digest, (struct bytes){ bad, good.n + 1 }) == PUBKEY_BAD);
	CHECK(pubkey_verify(k, digest, bytes_sub(good, 0, good.n - 1)) == PUBKEY_BAD);
	CHECK(pubkey_verify(k, digest, B("")) == PUBKEY_BAD);
	memset(bad, 0xff, good.n); /* a number above the modulus */
	CHECK(pubkey_verify(k, digest, (struct bytes){ bad, good.n }) == PUBKEY_BAD);
	digest[0] ^= 1;
	CHECK(pubkey_verify(k, digest, good) == PUBKEY_BAD);
	CHECK_MSG(ERR_peek_error() == 0, "errors stay behind in OpenSSL's queue");
	tap_end();
	free(bad);
	heap_free(good);
	pubkey_free(k);
}

static struct bytes key_file(const char *name)
{
	char path[64];
	struct bytes text;

	snprintf(path, sizeof(path), "vectors/keys/%s", name);
	text = read_file(test_path(path));
	CHECK_MSG(text.p != NULL, "cannot read %s", path);
	return text;
}

static const struct {
	const char *file;
	enum crypto_type type;
	unsigned bits;
	const char *why; /* NULL: accepted */
} files[] = {
	{ "rsa1024.pem", CRYPTO_RSA, 1024, NULL },
	{ "rsa2048.pem", CRYPTO_RSA, 2048, NULL },
	{ "ed25519.pem", CRYPTO_ED25519, 256, NULL },
	{ "rsa512.pem", CRYPTO_RSA, 512, "the private key is shorter than 1024 bits" },
	{ "ec.pem", CRYPTO_RSA, 256, "the private key is neither RSA nor Ed25519" },
	{ "locked.pem", CRYPTO_RSA, 1024, "not a private key in PEM, or protected by a password" },
	{ "README", CRYPTO_RSA, 0, "not a private key in PEM, or protected by a password" },
};

static void sign_and_verify(const struct privkey *priv)
{
	uint8_t digest[SHA256_BYTES], sig[SIGNATURE_MAX], pub[PUBKEY_DER_MAX];
	size_t sig_n = 0, pub_n = 0;
	const char *why = NULL;

	CHECK(digest_sha256(B("a text"), digest));
	CHECK(privkey_sign(priv, digest, sig, &sig_n) && privkey_public(priv, pub, &pub_n));
	struct pubkey *k = read_public(privkey_type(priv), (struct bytes){ pub, pub_n }, &why);
	CHECK_MSG(k && pubkey_bits(k) == privkey_bits(priv), "%s", why);
	CHECK(k && pubkey_verify(k, digest, (struct bytes){ sig, sig_n }) == PUBKEY_GOOD);
	pubkey_free(k);
}

static void test_files(void)
{
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		const char *why = "untouched";

		tap_begin("private key: %s", files[i].file);
		struct bytes whole = key_file(files[i].file), text = heap_bytes(whole);
		struct privkey *k = privkey_new(text, &why);
		CHECK_MSG(!k == !!files[i].why, "%s", why);
		if (k) {
			CHECK(privkey_type(k) == files[i].type && privkey_bits(k) == files[i].bits);
			sign_and_verify(k);
		} else {
			CHECK_MSG(files[i].why && !strcmp(why, files[i].why), "%s", why);
		}
		CHECK_MSG(ERR_peek_error() == 0, "errors stay behind in OpenSSL's queue");
		tap_end();
		privkey_free(k);
		heap_free(text);
		heap_free(whole);
	}
}

static void test_seed(void)
{
	const char *why = NULL;
	uint8_t pub[PUBKEY_DER_MAX];
	size_t n = 0;

	tap_begin("an Ed25519 seed in base64 gives its public key; other lengths are refused");
	struct bytes text = heap_copy(" vY7hBLHdFdljIcQWSVkpbB3EPs0PVdiu1ep+t2l+Uys=\r\n");
	struct privkey *k = privkey_new(text, &why);
	CHECK_MSG(k && privkey_type(k) == CRYPTO_ED25519, "%s", why);
	CHECK(k && privkey_public(k, pub, &n));
	CHECK(bytes_same((struct bytes){ pub, n }, from64(ed25519_public)));
	sign_and_verify(k);
	privkey_free(k);
	heap_free(text);
	CHECK(!privkey_new(B("vY7hBLHdFdljIcQWSVkpbB3EPs0PVdiu1ep+t2l+Uw=="), &why));
	CHECK(!privkey_new(B("vY7hBLHdFdljIcQWSVkpbB3EPs0PVdiu1ep+t2l+Uy!="), &why));
	CHECK(!privkey_new(B(""), &why));
	tap_end();
	tap_begin("an Ed25519 public key has 32 bytes");
	CHECK(!read_public(CRYPTO_ED25519, bytes_sub(from64(ed25519_public), 0, 31), &why));
	CHECK(!read_public(CRYPTO_ED25519, arena_join(arena, from64(ed25519_public), B("x")),
	                   &why));
	tap_end();
}

struct shared {
	const struct pubkey *key;
	struct bytes signature;
	uint8_t digest[SHA256_BYTES];
};

static void *verify_often(void *user)
{
	const struct shared *s = user;

	for (int i = 0; i < 50; i++)
		if (pubkey_verify(s->key, s->digest, s->signature) != PUBKEY_GOOD)
			return user;
	return NULL;
}

static void test_threads(enum crypto_type type, const char *key, const char *signature)
{
	const char *why = NULL;
	struct pubkey *k = read_public(type, from64(key), &why);
	struct shared s = { .key = k, .signature = from64(signature) };
	pthread_t threads[4];
	void *failed;

	tap_begin("one key, four threads, type %d", type);
	CHECK(digest_sha256(B("abc"), s.digest));
	for (size_t i = 0; i < ARRAY_LEN(threads); i++)
		CHECK(pthread_create(&threads[i], NULL, verify_often, &s) == 0);
	for (size_t i = 0; i < ARRAY_LEN(threads); i++)
		CHECK(pthread_join(threads[i], &failed) == 0 && !failed);
	tap_end();
	pubkey_free(k);
}

/* OpenSSL's allocations fail one after the other: nothing breaks, and a good RSA signature is never
 * called bad. (Inside of Ed25519 there are two allocations whose failure OpenSSL 3.0 reports like
 * a bad signature.) */
static _Thread_local long openssl_left = -1;

static bool openssl_fails(void)
{
	return openssl_left >= 0 && openssl_left-- == 0;
}

static void *failing_malloc(size_t n, const char *file, int line)
{
	return openssl_fails() ? NULL : malloc(n);
}

static void *failing_realloc(void *p, size_t n, const char *file, int line)
{
	return openssl_fails() ? NULL : realloc(p, n);
}

static void plain_free(void *p, const char *file, int line)
{
	free(p);
}

static void test_memory(enum crypto_type type, const char *key, const char *signature)
{
	struct bytes data = from64(key), sig = from64(signature);
	uint8_t digest[SHA256_BYTES];
	const char *why = NULL;
	int goods = 0, made = 0;

	tap_begin("OpenSSL runs out of memory at any point, type %d", type);
	CHECK(digest_sha256(B("abc"), digest));
	struct pubkey *k = pubkey_new(type, data, &why);
	for (long n = 0; n < 400; n++) {
		openssl_left = n;
		enum pubkey_verdict v = pubkey_verify(k, digest, sig);
		openssl_left = -1;
		goods += v == PUBKEY_GOOD;
		CHECK_MSG(v != PUBKEY_BAD || type == CRYPTO_ED25519,
		          "a good signature is bad when allocation %ld fails", n);
		openssl_left = n;
		struct pubkey *other = pubkey_new(type, data, &why);
		openssl_left = -1;
		made += other != NULL;
		CHECK(other || !strcmp(why, "out of memory"));
		pubkey_free(other);
	}
	CHECK_MSG(goods > 0 && goods < 400 && made > 0 && made < 400, "%d good, %d made", goods,
	          made);
	mem_fail_after(0, false);
	CHECK(!pubkey_new(type, data, &why) && !strcmp(why, "out of memory"));
	mem_fail_after(-1, false);
	tap_end();
	pubkey_free(k);
}

int main(void)
{
	if (!CRYPTO_set_mem_functions(failing_malloc, failing_realloc, plain_free))
		printf("# OpenSSL's allocations cannot be made to fail here\n");
	arena = arena_new(1 << 22);
	test_verify("RSA of 1024 bits", CRYPTO_RSA, spki1024, rsa1024_of_abc);
	test_verify("Ed25519", CRYPTO_ED25519, ed25519_public, ed25519_of_abc);
	test_shapes();
	tap_begin("a bare RSAPublicKey");
	const char *why = NULL;
	struct pubkey *k = read_public(CRYPTO_RSA, from64(bare2048), &why);
	CHECK_MSG(k && pubkey_bits(k) == 2048, "%s", why);
	pubkey_free(k);
	CHECK(!read_public(CRYPTO_RSA, from64(ed25519_seed), &why));
	tap_end();
	test_files();
	test_seed();
	test_threads(CRYPTO_RSA, spki1024, rsa1024_of_abc);
	test_threads(CRYPTO_ED25519, ed25519_public, ed25519_of_abc);
	test_memory(CRYPTO_RSA, spki1024, rsa1024_of_abc);
	test_memory(CRYPTO_ED25519, ed25519_public, ed25519_of_abc);
	arena_free(arena);
	return tap_done();
}
