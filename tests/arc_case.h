/* arc_case.h - for tests: one message through the chain's check, with its keys
 * in a zone, whichever way the answers and the body arrive. Header only. */
#pragma once
#include "arc/arc.h"
#include "txt_zone.h"

struct arc_case {
	struct bytes message;
	struct txt_zone zone;
	int64_t now;
	uint64_t order;              /* txt_zone_bring's seed */
	bool body_last;              /* the body ends after the last answer came */
	bool no_body;
	const struct limits *limits; /* NULL: all defaults */
};

struct arc_outcome_seen {
	enum check_state state;
	struct arc_result r;         /* r.sets is not set: their memory is gone */
	unsigned seals_ok, messages_ok;
	char sealer[64];             /* of the newest set */
	char authres[256];           /* of the newest set */
	uint32_t rounds;
	uint64_t reached;
};

static inline struct bytes arc_case_body(const struct arc_case *c, const struct header *h)
{
	return bytes_from(c->message, h->body_at);
}

static inline void arc_case_note(struct arc_outcome_seen *seen, const struct arc_result *r)
{
	seen->r = *r;
	for (size_t i = 0; i < r->n; i++) {
		seen->seals_ok += r->sets[i].seal_ok;
		seen->messages_ok += r->sets[i].message_ok;
	}
	if (r->n) {
		const struct arc_set_result *s = &r->sets[r->n - 1];
		snprintf(seen->sealer, sizeof(seen->sealer), "%.*s", BYTES_ARG(s->sealer.text));
		snprintf(seen->authres, sizeof(seen->authres), "%.*s", BYTES_ARG(s->authres));
	}
	seen->r.sets = NULL;
}

/* Runs the check to its end. Where `needed` is not NULL, what nobody needed is hidden in that zone. */
static inline struct arc_outcome_seen arc_case_run(const struct arc_case *c,
                                                   struct txt_zone *needed)
{
	struct limits standard;
	limits_init(&standard);
	struct work w = {
		.arena = arena_new(16u << 20),
		.limits = c->limits ? c->limits : &standard,
		.now = c->now,
	};
	struct arc_outcome_seen seen = { .state = CHECK_NO_MEMORY };
	struct header h = { 0 };
	struct dkim_bodies *bodies = NULL;
	struct dns_book *book = NULL;
	struct arc_chain *chain = NULL;
	struct arc_result r = { 0 };
	struct txt_open open = { .n = 0 };
	uint64_t seed = c->order;
	bool fed = false;

	if (!w.arena)
		return seen;
	header_index(&w, &h, c->message);
	book = dns_book_new(w.arena, NULL);
	bodies = dkim_bodies_new(&w, h.ends);
	if (book && bodies && arc_begin(&w, &h, c->no_body ? NULL : bodies, &chain)) {
		struct dns_asker asker;
		dns_asker_init(&asker, book, 200, 40);
		for (;;) {
			if (!fed && (!c->body_last || seen.state == CHECK_WAITING) &&
			    !dns_book_pending(book, &asker)) {
				struct bytes body = arc_case_body(c, &h);
				dkim_bodies_update(bodies, bytes_sub(body, 0, body.n / 2));
				dkim_bodies_update(bodies, bytes_from(body, body.n / 2));
				dkim_bodies_end(bodies);
				fed = true;
			}
			asker.waiting = false;
			seen.state = arc_check(&w, &asker, chain, &r);
			if (seen.state != CHECK_WAITING)
				break;
			if (!txt_zone_bring(&c->zone, book, &open, &seed) && fed)
				break; /* waits for nothing: the caller sees CHECK_WAITING */
		}
	}
	if (seen.state == CHECK_DONE) {
		arc_case_note(&seen, &r);
		seen.rounds = dns_book_rounds(book);
		seen.reached = w.reached;
		if (needed)
			txt_zone_keep_needed(needed, book);
	}
	dkim_bodies_free(bodies);
	dns_book_end(book);
	arena_free(w.arena);
	return seen;
}

static inline bool arc_case_same(const struct arc_outcome_seen *a, const struct arc_outcome_seen *b)
{
	const char *ra = a->r.reason ? a->r.reason : "", *rb = b->r.reason ? b->r.reason : "";

	return a->state == b->state && a->r.result == b->r.result &&
	       a->r.instance == b->r.instance && a->r.oldest_pass == b->r.oldest_pass &&
	       !strcmp(ra, rb) && a->r.n == b->r.n &&
	       a->r.reason_instance == b->r.reason_instance &&
	       a->r.reason_field == b->r.reason_field && a->seals_ok == b->seals_ok &&
	       a->messages_ok == b->messages_ok;
}

/* The same result with the answers in other orders, with the body last, and without the
 * answers that nobody needed. */
static inline bool arc_case_stable(const struct arc_case *c, const struct arc_outcome_seen *want)
{
	struct arc_case other = *c;
	struct arc_outcome_seen got;

	for (uint64_t order = 0; order < 4; order++) {
		for (int late = 0; late < 2; late++) {
			other.order = order;
			other.body_last = late;
			got = arc_case_run(&other, order == 0 && !late ? &other.zone : NULL);
			if (!CHECK_MSG(arc_case_same(&got, want), "order %d, body late %d: %s, %s",
			               (int)order, late, arc_outcome_name(got.r.result),
			               got.r.reason ? got.r.reason : ""))
				return false;
		}
	}
	return true;
}
