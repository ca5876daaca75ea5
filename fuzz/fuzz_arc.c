/* fuzz_arc.c - a whole message through the chain's check, with the keys that the
 * seeds were sealed with; then sealed once more. Where the status allows a set to be
 * added to a message without defects, the new chain must pass. */
#include "arc/arc.h"
#include "arc/arc_seal.h"

#define NOW 1795000000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Public halves of tests/vectors/keys (the last is ours here, too). */
static const char *const records[] = {
	"v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAvRrggE9lsV2Xh3Z1035OTaRiJa"
	"roDxVzhn+kiEeluWoTZSRQEzhbKIR45QD4vmXuvDG6no0Wndt/Ny/PpjjS5NoFEAZqWDA2CDDAHxpT2FDxPfRqym"
	"j4dBYyfiO2ZorFTnx7PtVrXB7RaStEPg6ho/ApM+2I4h4Wv4DQ0lYdWEB5yCQuM702IDBzAKiFBm34zO3yaMQCGN"
	"Ukq2lEygVw/ZSs5JIGhLyUFtFC/v7ZlDvMeEnSZJZ+zGS9Yvn6ir5yRlrME+muo25OXuB1/O/iDMi65ilR0AsF26"
	"zVg9A9qoW9shCeElNq9ksD7O37sgU5xQIA2VHtPkoVsVHRsXhxXQIDAQAB",
	"v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDy/FA3QdXgqEu7qrBCp7QMM4FcalQImA"
	"GLRmg73xrCh/tlJtrWdtTUtcfik4z/hz0QEdK+9OrsqYQ9LdRqY4vUbVd8RakEWcQpQHE9el9265bnIFedtaqnht"
	"Z2zfvvN0Fxh38VeGD7m6Ga2t1DDjKCXL9LtiEp9DlTp/57gq89zQIDAQAB",
	"v=DKIM1; k=ed25519; p=TKRb4dMv6Sgq7H1D/BX3yeavQkFkmCMyqfQNl4op+b0=",
};
static const char seed[] = "vY7hBLHdFdljIcQWSVkpbB3EPs0PVdiu1ep+t2l+Uys=";

/* By the first letter of the name: a key, nothing, or trouble. */
static struct dns_answer *answer_to(const struct dns_question *q)
{
	uint8_t first = q->name.text.n ? q->name.text.p[0] : 0;
	struct dns_answer_view v = { .question = *q, .status = DNS_NXDOMAIN, .ttl = 300 };
	struct dns_record record = { .text = { NULL, 0 } };

	for (size_t i = 0; i < ARRAY_LEN(records); i++)
		if (first == (uint8_t)"roe"[i]) /* rsa, old, ed */
			record.text = bytes_of(records[i]);
	if (first == 't')
		v.status = DNS_TIMEOUT;
	if (record.text.p) {
		v.status = DNS_OK;
		v.n = 1;
		v.records = &record;
	}
	return dns_answer_new(&v);
}

static bool run(struct work *w, struct dns_book *book, struct arc_chain *chain,
                struct arc_result *out)
{
	struct dns_asker asker;
	enum check_state state;

	dns_asker_init(&asker, book, 200, 40);
	for (int rounds = 0; (state = arc_check(w, &asker, chain, out)) == CHECK_WAITING;
	     rounds++) {
		struct dns_question q;
		bool some = false;
		assert(rounds < 110);
		dns_book_begin_round(book);
		for (; dns_book_next(book, &q); some = true) {
			struct dns_answer *a = answer_to(&q);
			if (a)
				dns_book_bring(book, a);
		}
		assert(some || arena_failed(w->arena));
		if (!some)
			return false;
	}
	return state == CHECK_DONE;
}

/* Checks a message; what it is goes to *out. False: out of memory. */
static bool check(struct work *w, const struct header *h, struct bytes message,
                  struct arc_result *out)
{
	struct dkim_bodies *bodies = dkim_bodies_new(w, h->ends);
	struct dns_book *book = dns_book_new(w->arena, NULL);
	struct arc_chain *chain;
	struct arc_result again;
	bool ok = bodies && book && arc_begin(w, h, bodies, &chain);

	if (ok) {
		dkim_bodies_update(bodies, bytes_from(message, h->body_at));
		dkim_bodies_end(bodies);
		ok = run(w, book, chain, out);
		if (ok && run(w, book, chain, &again))
			assert(out->result == again.result &&
			       out->oldest_pass == again.oldest_pass);
	}
	dkim_bodies_free(bodies);
	dns_book_end(book);
	return ok;
}

static bool seal(struct work *w, const struct header *h, struct bytes message,
                 enum arc_outcome status, struct arc_sealed *out)
{
	struct dkim_bodies *bodies = dkim_bodies_new(w, h->ends);
	struct arc_seal_options o;
	struct arc_sealing *s;
	struct dname domain;
	const char *why;
	struct privkey *key = privkey_new(bytes_of(seed), &why);
	bool ok =
	        key && bodies && dname_parse(w->arena, B("hop.example"), DNAME_HOST, &domain, NULL);

	if (ok) {
		arc_seal_options_init(&o, domain, B("ed"), CRYPTO_ED25519, B("hop.example; none"));
		o.status = status;
		ok = arc_seal_begin(w, h, bodies, &o, &s, &why);
	}
	if (ok) {
		dkim_bodies_update(bodies, bytes_from(message, h->body_at));
		dkim_bodies_end(bodies);
		ok = arc_seal_with(w, s, key, out);
	}
	dkim_bodies_free(bodies);
	privkey_free(key);
	return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct limits limits;
	struct work w = { .arena = arena_new(16u << 20), .limits = &limits, .now = NOW };
	struct bytes message = { data, size };
	struct header h = { 0 }, h2 = { 0 };
	struct arc_result r, after;
	struct arc_sealed sealed;

	limits_init(&limits);
	header_index(&w, &h, message);
	if (check(&w, &h, message, &r) && h.ends == LINES_CRLF && h.defects.seen == 0 &&
	    seal(&w, &h, message, r.result, &sealed)) {
		struct bytes whole = arena_join(w.arena, sealed.all, message);
		header_index(&w, &h2, whole);
		if (whole.p && check(&w, &h2, whole, &after))
			assert(after.result == (r.result == ARC_FAIL ? ARC_FAIL : ARC_PASS));
	}
	arena_free(w.arena);
	return 0;
}
