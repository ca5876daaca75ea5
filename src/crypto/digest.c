/* digest.c - see digest.h */
#include "crypto/digest.h"

#include <openssl/err.h>
#include <stdatomic.h>

#include "base/mem.h"
#include "crypto/ossl.h"

struct digest {
	EVP_MD_CTX *ctx;
	bool failed;
};

const EVP_MD *ossl_sha256(void)
{
	/* the only state of the process: set once, the same for everybody, never changed after */
	static _Atomic(EVP_MD *) fetched;
	EVP_MD *md = atomic_load_explicit(&fetched, memory_order_acquire), *first = NULL;

	if (md)
		return md;
	md = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (md && !atomic_compare_exchange_strong(&fetched, &first, md)) {
		EVP_MD_free(md);
		md = first;
	}
	return md;
}

bool ossl_no_memory(void)
{
	bool found = false;

	for (unsigned long e; (e = ERR_get_error()) != 0;)
		found |= ERR_GET_REASON(e) == ERR_R_MALLOC_FAILURE;
	return found;
}

struct digest *digest_new(void)
{
	struct digest *d = mem_calloc(1, sizeof(*d));

	if (d && ((d->ctx = EVP_MD_CTX_new()) == NULL || !digest_restart(d))) {
		digest_free(d);
		return NULL;
	}
	return d;
}

void digest_free(struct digest *d)
{
	if (!d)
		return;
	EVP_MD_CTX_free(d->ctx);
	mem_free(d);
}

bool digest_restart(struct digest *d)
{
	const EVP_MD *md = ossl_sha256();

	d->failed = !md || EVP_DigestInit_ex2(d->ctx, md, NULL) != 1;
	return !d->failed;
}

bool digest_update(struct digest *d, struct bytes data)
{
	if (!d->failed && data.n && EVP_DigestUpdate(d->ctx, data.p, data.n) != 1)
		d->failed = true;
	return !d->failed;
}

bool digest_peek(const struct digest *d, uint8_t out[SHA256_BYTES])
{
	uint8_t sum[SHA256_BYTES];
	EVP_MD_CTX *copy;

	if (d->failed || !(copy = EVP_MD_CTX_new()))
		return false;
	bool ok = EVP_MD_CTX_copy_ex(copy, d->ctx) == 1 && EVP_DigestFinal_ex(copy, sum, NULL) == 1;
	EVP_MD_CTX_free(copy);
	if (ok)
		memcpy(out, sum, sizeof(sum));
	return ok;
}

bool digest_end(struct digest *d, uint8_t out[SHA256_BYTES])
{
	uint8_t sum[SHA256_BYTES];
	bool ok = !d->failed && EVP_DigestFinal_ex(d->ctx, sum, NULL) == 1;

	d->failed = true; /* until it is restarted */
	if (ok)
		memcpy(out, sum, sizeof(sum));
	return ok;
}

struct digest *digest_copy(const struct digest *d)
{
	struct digest *copy = d->failed ? NULL : mem_calloc(1, sizeof(*copy));

	if (copy &&
	    (!(copy->ctx = EVP_MD_CTX_new()) || EVP_MD_CTX_copy_ex(copy->ctx, d->ctx) != 1)) {
		digest_free(copy);
		return NULL;
	}
	return copy;
}

bool digest_sha256(struct bytes data, uint8_t out[SHA256_BYTES])
{
	const EVP_MD *md = ossl_sha256();
	uint8_t sum[SHA256_BYTES];

	if (!md || EVP_Digest(data.n ? data.p : sum, data.n, sum, NULL, md, NULL) != 1)
		return false;
	memcpy(out, sum, sizeof(sum));
	return true;
}
