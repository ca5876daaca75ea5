/* fuzz_der.c - the DER of public keys; what is read must be made of slices of it */
#include "crypto/der.h"
#include "crypto/pubkey.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes der = { data, size };
	struct parse_err err;
	struct der_rsa rsa;
	const char *why;

	if (!der_rsa_public(der, &rsa, &err)) {
		assert(err.at <= size && err.what);
		return 0;
	}
	assert(rsa.modulus.p >= data && rsa.exponent.p + rsa.exponent.n == data + size);
	pubkey_free(pubkey_new(CRYPTO_RSA, der, &why));
	return 0;
}
