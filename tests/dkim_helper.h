/* dkim_helper.h - signing and verifying whole messages in one call each, for tests. */
#pragma once
#include "base/base64.h"
#include "base/buf.h"
#include "crypto/pubkey.h"
#include "dkim/dkim.h"
#include "dkim/dkim_sig.h"
#include "dns/dns_zone.h"
#include "tap.h"

/* --- keys --- */

/* A key of tests/vectors/keys. */
static inline struct privkey *key_of(const char *name)
{
	char path[64];
	const char *why = NULL;

	snprintf(path, sizeof(path), "vectors/keys/%s", name);
	struct bytes text = read_file(test_path(path));
	struct privkey *k = privkey_new(text, &why);
	if (!k) {
		fprintf(stderr, "key_of: %s: %s\n", name, why);
		abort();
	}
	heap_free(text);
	return k;
}

/* p= of its record. */
static inline struct bytes public_of(struct arena *a, const struct privkey *k)
{
	uint8_t data[PUBKEY_DER_MAX];
	size_t n;

	if (!privkey_public(k, data, &n))
		abort();
	return base64_encode(a, (struct bytes){ data, n });
}

/* --- one message, verified --- */

struct dkim_run {
	/* set by the caller */
	struct work work;
	const struct dns_zone *zone;
	const struct dname *authors;
	size_t n_authors;
	bool no_body;                  /* headers alone */
	bool body_first;               /* the body ends before the first key is asked for */
	size_t piece;                  /* bytes of body at a time; 0: all at once */
	unsigned shuffle;              /* not 0: answers come one at a time in an order that it chooses */
	enum dns_status cut;           /* what questions get that the zone never answers; DNS_OK: a time-out */
	bool (*answers)(void *user, const struct dns_question *q); /* false: it will never be answered */
	void *user;
	/* set by dkim_run */
	struct header header;
	struct dkim_bodies *bodies;
	struct dkim_set set;
	struct dns_book *book;
	struct dns_asker asker;
	enum check_state state;
	unsigned checks;               /* how often dkim_check ran */
};

static inline void dkim_run_body(struct dkim_run *r, struct bytes body)
{
	while (r->bodies && body.n) {
		struct bytes part = bytes_sub(body, 0, r->piece ? r->piece : body.n);
		dkim_bodies_update(r->bodies, part);
		body = bytes_from(body, part.n);
	}
	if (r->bodies)
		dkim_bodies_end(r->bodies);
}

static inline enum check_state dkim_run_check(struct dkim_run *r)
{
	r->asker.waiting = false;
	r->checks++;
	r->state = dkim_check(&r->work, &r->asker, &r->set);
	return r->state;
}

/* Answers all open questions from the zone; false: none was answered. */
static inline bool dkim_run_answer(struct dkim_run *r)
{
	struct dns_zone_reply replies[64];
	struct dns_question q;
	size_t n = 0;

	dns_book_begin_round(r->book);
	while (n < ARRAY_LEN(replies) && dns_book_next(r->book, &q)) {
		bool told = !r->answers || r->answers(r->user, &q);
		if (told && dns_zone_ask(r->zone, &q, &replies[n]) && replies[n].answer)
			n++;
	}
	bool any = n > 0;
	while (n > 0) {
		size_t at = r->shuffle ? (size_t)rand_r(&r->shuffle) % n : 0;
		dns_book_bring(r->book, replies[at].answer);
		memmove(&replies[at], &replies[at + 1], (--n - at) * sizeof(replies[0]));
		if (r->shuffle && n > 0)
			(void)!dkim_run_check(r); /* running it in between must not change anything */
	}
	return any;
}

/* Verifies; r->set has the results. End with dkim_run_end. */
static inline void dkim_run(struct dkim_run *r, struct bytes message)
{
	struct work *w = &r->work;

	header_index(w, &r->header, message);
	struct bytes body = bytes_from(message, r->header.body_at);
	r->bodies = r->no_body ? NULL : dkim_bodies_new(w, r->header.ends);
	r->book = dns_book_new(w->arena, NULL);
	dns_asker_init(&r->asker, r->book, 1000, 0);
	if (!dkim_begin(w, &r->header, r->authors, r->n_authors, r->bodies, &r->set)) {
		r->state = CHECK_NO_MEMORY;
		return;
	}
	if (r->body_first)
		dkim_run_body(r, body);
	while (dkim_run_check(r) == CHECK_WAITING && r->asker.waiting)
		if (!dkim_run_answer(r))
			r->asker.cut = r->cut ? r->cut : DNS_TIMEOUT;
	if (!r->body_first && r->state != CHECK_NO_MEMORY) {
		dkim_run_body(r, body);
		dkim_run_check(r);
	}
}

static inline void dkim_run_end(struct dkim_run *r)
{
	dns_book_end(r->book);
	dkim_bodies_free(r->bodies);
}

/* --- signing by hand: what stands in a signature is the test's business --- */

/* The field whose tags are `tags`, with bh= and b= put behind them, over a message that it will
 * stand above. `l` is the length that bh= covers. CRLF lines. */
static inline struct bytes signature_of(struct work *w, const char *tags, uint64_t l,
                                        const struct privkey *key, struct bytes message)
{
	uint8_t digest[SHA256_BYTES], raw[SIGNATURE_MAX];
	struct header h;
	struct dkim_sig sig;
	struct dkim_fields fields;
	struct digest *d = digest_new();
	size_t n;

	header_index(w, &h, message);
	struct dkim_bodies *bodies = dkim_bodies_new(w, h.ends);
	bool relaxed = bytes_search(bytes_of(tags), B("/relaxed")) < strlen(tags);
	int at = dkim_bodies_want(bodies, relaxed ? DKIM_RELAXED : DKIM_SIMPLE, l);
	dkim_bodies_update(bodies, bytes_from(message, h.body_at));
	dkim_bodies_end(bodies);
	struct bytes hash = { dkim_bodies_digest(bodies, at), DKIM_DIGEST };
	struct bytes open = arena_printf(w->arena, "DKIM-Signature: %s;\r\n bh=%.*s;\r\n b=\r\n", tags,
	                                 BYTES_ARG(base64_encode(w->arena, hash)));
	header_index(w, &h, arena_join(w->arena, open, message));
	if (!dkim_sig_read(w, &h.fields[0], &sig) || !dkim_fields_init(w, &h, &fields))
		abort();
	dkim_sig_hash(&sig, &fields, d);
	if (!digest_peek(d, digest) || !privkey_sign(key, digest, raw, &n))
		abort();
	digest_free(d);
	struct bytes b = base64_encode(w->arena, (struct bytes){ raw, n });
	return arena_printf(w->arena, "%.*s%.*s\r\n", (int)open.n - 2, open.p, BYTES_ARG(b));
}

/* A whole body is signed. */
static inline struct bytes signed_by(struct work *w, const char *tags, const struct privkey *key,
                                     struct bytes message)
{
	return arena_join(w->arena, signature_of(w, tags, DKIM_BODY_ALL, key, message), message);
}
