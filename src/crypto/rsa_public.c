/* rsa_public.c - see rsa_public.h */
#include "crypto/rsa_public.h"

#include <openssl/bn.h>
#include <openssl/err.h>

#include "base/mem.h"

struct rsa_public {
	BN_MONT_CTX *mont; /* of the modulus */
	BIGNUM *modulus;
	uint64_t exponent;
	size_t bytes;      /* of the modulus, and of each signature */
};

/* DER of DigestInfo up to the digest itself: SHA-256, no parameters (RFC 8017 section 9.2, note 1) */
static const uint8_t digest_info[] = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
	                               0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20 };

void rsa_public_free(struct rsa_public *k)
{
	if (!k)
		return;
	BN_MONT_CTX_free(k->mont);
	BN_free(k->modulus);
	mem_free(k);
}

struct rsa_public *rsa_public_new(const struct der_rsa *numbers)
{
	struct rsa_public *k = mem_calloc(1, sizeof(*k));
	BN_CTX *scratch = BN_CTX_new();
	bool ok = k && scratch;

	if (ok) {
		k->bytes = numbers->modulus.n;
		for (size_t i = 0; i < numbers->exponent.n; i++)
			k->exponent = k->exponent << 8 | numbers->exponent.p[i];
		k->modulus = BN_bin2bn(numbers->modulus.p, (int)numbers->modulus.n, NULL);
		k->mont = BN_MONT_CTX_new();
		ok = k->modulus && k->mont && BN_MONT_CTX_set(k->mont, k->modulus, scratch) == 1;
	}
	BN_CTX_free(scratch);
	if (ok)
		return k;
	rsa_public_free(k);
	ERR_clear_error();
	return NULL;
}

size_t rsa_public_bytes(const struct rsa_public *k)
{
	/* the modulus twice, and the square that leads into Montgomery's form */
	return sizeof(*k) + 3 * k->bytes + 400;
}

/* base to the power of k->exponent, in place; base is below the modulus. In Montgomery's form a product
 * costs no division; the exponent is odd, so the last factor, taken as it is, leads out of that form again. */
static bool power(const struct rsa_public *k, BIGNUM *base, BIGNUM *result, BN_CTX *scratch)
{
	int top = 63 - __builtin_clzll(k->exponent);
	BIGNUM *factor = BN_CTX_get(scratch);

	if (!factor || !BN_to_montgomery(factor, base, k->mont, scratch) || !BN_copy(result, factor))
		return false;
	for (int bit = top - 1; bit >= 0; bit--) {
		if (!BN_mod_mul_montgomery(result, result, result, k->mont, scratch))
			return false;
		if ((k->exponent >> bit & 1) &&
		    !BN_mod_mul_montgomery(result, result, bit ? factor : base, k->mont, scratch))
			return false;
	}
	return true;
}

/* The one block that signs a digest with a key of n bytes (RFC 8017 section 9.2). */
static void encode(const uint8_t digest[32], uint8_t *block, size_t n)
{
	size_t end = n - 32 - sizeof(digest_info);

	memset(block, 0xff, n);
	block[0] = 0;
	block[1] = 1;
	block[end - 1] = 0;
	memcpy(block + end, digest_info, sizeof(digest_info));
	memcpy(block + n - 32, digest, 32);
}

bool rsa_public_verify(const struct rsa_public *k, const uint8_t digest[32], struct bytes signature,
                       bool *good)
{
	uint8_t wanted[RSA_MODULUS_BITS_MAX / 8], found[RSA_MODULUS_BITS_MAX / 8];
	BN_CTX *scratch = BN_CTX_new();
	bool ok = false, same = false;

	assert(signature.n == k->bytes);
	if (scratch) {
		BN_CTX_start(scratch);
		BIGNUM *base = BN_CTX_get(scratch), *result = BN_CTX_get(scratch);
		ok = result && BN_bin2bn(signature.p, (int)signature.n, base);
		if (ok && BN_cmp(base, k->modulus) < 0) { /* RFC 8017 section 5.2.2 */
			ok = power(k, base, result, scratch) &&
			     BN_bn2binpad(result, found, (int)k->bytes) == (int)k->bytes;
			encode(digest, wanted, k->bytes);
			same = ok && memcmp(found, wanted, k->bytes) == 0;
		}
		BN_CTX_end(scratch);
	}
	BN_CTX_free(scratch);
	if (ok)
		*good = same;
	else
		ERR_clear_error();
	return ok;
}
