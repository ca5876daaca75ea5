/* dkim_proof.c - see dkim_proof.h */
#include "dkim/dkim_proof.h"

#include "dkim/dkim_key.h"

static const char *const why_no_answer[DNS_STATUSES] = {
	[DNS_NODATA] = "there is no key at the selector",
	[DNS_NXDOMAIN] = "there is no key at the selector",
	[DNS_SERVFAIL] = "the key could not be fetched: the name server failed",
	[DNS_REFUSED] = "the key could not be fetched: the name server refused",
	[DNS_TIMEOUT] = "the key could not be fetched in time",
	[DNS_BOGUS] = "the key could not be fetched: DNSSEC says that the answer was tampered with",
	[DNS_OFFLINE] = "the key was not fetched: there is no DNS",
};

/* Why a key must not be used for the claim; NULL: it may. */
static const char *refuse_key(struct work *w, const struct dkim_claim *claim,
                              const struct dkim_key_entry *key)
{
	if (!key->pub)
		return key->refusal;
	if (pubkey_type(key->pub) != claim->type)
		return "the key is not of the type that a= asks for";
	if (key->flags & DKIM_KEY_NO_SHA256)
		return "the key does not allow sha256 (h=)";
	if (key->flags & DKIM_KEY_NO_EMAIL)
		return "the key is not for mail (s=)";
	if ((key->flags & DKIM_KEY_STRICT) && claim->identity_below)
		return "the key forbids an identity below its domain (t=s)";
	if (claim->type != CRYPTO_RSA)
		return NULL;
	if (pubkey_bits(key->pub) < work_limit(w, LIMIT_DKIM_KEY_BITS_MIN)) {
		work_reached(w, LIMIT_DKIM_KEY_BITS_MIN);
		return "the RSA key is too short (limit dkim-key-bits-min, RFC 8301)";
	}
	if (pubkey_bits(key->pub) > work_limit(w, LIMIT_DKIM_KEY_BITS_MAX)) {
		work_reached(w, LIMIT_DKIM_KEY_BITS_MAX);
		return "the RSA key is too long (limit dkim-key-bits-max)";
	}
	return NULL;
}

/* Tries one key. A refusal replaces nothing that stands in *p from a key before. False: out of
 * memory. */
static bool try_key(struct work *w, const struct dkim_claim *claim, const struct dkim_key_entry *key,
                    struct dkim_proof *p)
{
	const char *refusal = refuse_key(w, claim, key);
	enum pubkey_verdict verdict = PUBKEY_BAD;

	if (!refusal)
		verdict = pubkey_verify(key->pub, claim->digest, claim->signature);
	if (verdict == PUBKEY_NO_MEMORY)
		return false;
	if (refusal && p->reason)
		return true;
	p->result = refusal ? DKIM_PERMERROR : DKIM_FAIL;
	p->reason = refusal ? refusal : "the signature does not fit the signed fields and the key";
	if (verdict == PUBKEY_GOOD) {
		p->result = DKIM_PASS;
		p->reason = NULL;
	}
	p->bits = key->pub && pubkey_type(key->pub) == claim->type ? pubkey_bits(key->pub) : 0;
	p->test = key->flags & DKIM_KEY_TEST;
	return true;
}

static bool try_keys(struct work *w, const struct dkim_claim *claim, const struct dkim_keys *keys,
                     struct dkim_proof *p)
{
	for (size_t i = 0; i < keys->n && p->result != DKIM_PASS; i++)
		if (!try_key(w, claim, &keys->list[i], p))
			return false;
	if (keys->n == 0)
		p->reason = keys->why_none ? keys->why_none : why_no_answer[DNS_NODATA];
	return true;
}

enum check_state dkim_prove(struct work *w, struct dns_asker *dns, const struct dkim_claim *claim,
                            struct dkim_proof *out)
{
	bool others_wait = dns->waiting;
	struct dkim_keys *own = NULL;

	dns->waiting = false;
	const struct dns_answer *answer = dns_need(dns, claim->key_name, DNS_TXT);
	bool waits = dns->waiting;
	dns->waiting |= others_wait;
	if (!answer) /* and nothing to wait for: there was no memory for the answer or the question */
		return waits && !arena_failed(w->arena) ? CHECK_WAITING : CHECK_NO_MEMORY;
	const struct dns_answer_view *view = dns_answer_view(answer);
	struct dkim_proof p = { .result = DKIM_PERMERROR, .security = view->security, .ttl = view->ttl };
	if (view->status != DNS_OK) {
		p.result = dns_status_is_error(view->status) ? DKIM_TEMPERROR : DKIM_PERMERROR;
		p.reason = why_no_answer[view->status];
		*out = p;
		return CHECK_DONE;
	}
	const struct dkim_keys *keys = dkim_keys_get(w, answer, &own);
	bool ok = keys && try_keys(w, claim, keys, &p);
	dkim_keys_free(own);
	if (!ok)
		return CHECK_NO_MEMORY;
	*out = p;
	return CHECK_DONE;
}
