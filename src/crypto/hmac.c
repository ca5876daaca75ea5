/* hmac.c - see hmac.h */
#include "crypto/hmac.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>

static bool start(EVP_MAC_CTX *ctx, struct bytes key)
{
	char name[] = "SHA1";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
		OSSL_PARAM_construct_end(),
	};
	/* NULL would mean "the key that is there already" */
	return EVP_MAC_init(ctx, key.n ? key.p : (const uint8_t *)"", key.n, params) == 1;
}

bool hmac_sha1(struct bytes key, const struct bytes *pieces, size_t n, uint8_t out[HMAC_SHA1_BYTES])
{
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *ctx = mac ? EVP_MAC_CTX_new(mac) : NULL;
	uint8_t sum[HMAC_SHA1_BYTES];
	size_t length = 0;
	bool ok = ctx && start(ctx, key);

	for (size_t i = 0; i < n && ok; i++)
		ok = pieces[i].n == 0 || EVP_MAC_update(ctx, pieces[i].p, pieces[i].n) == 1;
	ok = ok && EVP_MAC_final(ctx, sum, &length, sizeof(sum)) == 1 && length == sizeof(sum);
	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(mac);
	if (ok)
		memcpy(out, sum, sizeof(sum));
	return ok;
}
