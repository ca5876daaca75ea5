/* dmarc_helper.h - runs a DMARC check over a zone in many ways, and says the
 * result in one line: the same line must come out of each way. */
#pragma once
#include "base/buf.h"
#include "dmarc/dmarc.h"
#include "dns_helper.h"

#define IDENTS_MAX 24u

/* How the answers reach the check. */
struct way {
	const char *name;
	uint32_t foreseen;      /* cap of foreseen questions */
	size_t batch;           /* answers brought before the check is run again; 0: all that are open */
	uint64_t shuffle;       /* not 0: in an order that this seed chooses */
	bool last_first;        /* the newest question is answered first */
	const struct dns_book *only_needed; /* not NULL: only what was needed there is ever answered */
	enum dns_status cut;    /* not DNS_OK: nobody is asked */
};

/* One check with all that it stands on. */
struct run {
	struct arena *arena;
	struct limits limits;
	struct work work;
	struct dns_book *book;
	struct dns_asker asker;
	struct dmarc_result result;
	enum check_state state;
	uint32_t rounds;        /* batches of answers that were waited for */
	uint64_t random;
};

static inline struct dname host_of(struct arena *a, struct bytes text)
{
	struct dname d = { { NULL, 0 } };

	if (text.n && !dname_parse(a, text, DNAME_HOST, &d, NULL)) {
		fprintf(stderr, "host_of: \"%.*s\"\n", BYTES_ARG(text));
		abort();
	}
	return d;
}

/* "state:domain" */
static inline struct dmarc_ident ident_of(struct arena *a, struct bytes text)
{
	static const char *const states[] = {
		[DMARC_IDENT_WAITING] = "waiting", [DMARC_IDENT_PASS] = "pass",
		[DMARC_IDENT_FAIL] = "fail",       [DMARC_IDENT_TEMPERROR] = "temperror",
	};
	struct dmarc_ident ident = { 0 };
	struct bytes word;

	bytes_cut(&text, ':', &word);
	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		if (bytes_eq(word, states[i])) {
			ident.state = (enum dmarc_ident_state)i;
			ident.domain = host_of(a, text);
			return ident;
		}
	}
	fprintf(stderr, "ident_of: \"%.*s\"\n", BYTES_ARG(word));
	abort();
}

/* authors: "a.example", "a.example,b.example", or "?a.example" for an ambiguous one alone.
 * idents: words "spf=state:domain" and "dkim=state:domain". */
static inline struct dmarc_input input_of(struct arena *a, const char *authors, const char *idents)
{
	struct bytes rest = bytes_of(authors), piece;
	struct dname *names = arena_array(a, struct dname, IDENTS_MAX);
	struct dmarc_ident *dkim = arena_array(a, struct dmarc_ident, IDENTS_MAX);
	struct dmarc_input in = { .authors = names, .dkim = dkim };

	in.ambiguous = rest.n && rest.p[0] == '?';
	rest = bytes_from(rest, in.ambiguous);
	while (bytes_cut(&rest, ',', &piece))
		names[in.n_authors++] = host_of(a, piece);
	in.ambiguous |= in.n_authors != 1;
	rest = bytes_of(idents);
	while (bytes_cut(&rest, ' ', &piece)) {
		if (bytes_istarts(piece, "spf="))
			in.spf = ident_of(a, bytes_from(piece, 4));
		else if (bytes_istarts(piece, "dkim="))
			dkim[in.n_dkim++] = ident_of(a, bytes_from(piece, 5));
	}
	return in;
}

static inline bool was_needed(const struct dns_book *book, const struct dns_question *q)
{
	for (size_t i = 0; i < dns_book_count(book); i++) {
		const struct dns_entry *e = dns_book_entry(book, i);
		if (e->needed_by && dns_question_same(&e->question, q))
			return true;
	}
	return false;
}

static inline size_t pick(struct run *r, const struct way *way, size_t n)
{
	if (way->shuffle) {
		r->random = r->random * UINT64_C(6364136223846793005) + 1442695040888963407u;
		return (size_t)(r->random >> 33) % n;
	}
	return way->last_first ? n - 1 : 0;
}

/* Runs the check until it is done or nothing more can come; then its time is over, unless
 * `idents_wait` (an identifier that is waited for is not the DNS's business). */
static inline void run_dmarc(struct run *r, const struct dns_zone *zone, const struct dmarc_input *in,
                             const struct way *way)
{
	struct dns_question *open = arena_array(r->arena, struct dns_question, 2000);
	size_t n = 0;

	r->work.arena = r->arena;
	r->work.limits = &r->limits;
	r->book = dns_book_new(r->arena, NULL);
	r->random = way->shuffle;
	dns_asker_init(&r->asker, r->book, 1000, way->foreseen);
	r->asker.cut = way->cut;
	for (;;) {
		r->asker.waiting = false;
		r->state = dmarc_check(&r->work, &r->asker, in, &r->result);
		if (r->state != CHECK_WAITING)
			return;
		dns_book_begin_round(r->book);
		while (n < 2000 && dns_book_next(r->book, &open[n])) {
			if (!way->only_needed || was_needed(way->only_needed, &open[n]))
				n++;
		}
		uint64_t before = dns_book_version(r->book);
		for (size_t left = way->batch ? way->batch : n; left > 0 && n > 0;) {
			struct dns_zone_reply reply;
			size_t i = pick(r, way, n);
			if (!dns_zone_ask(zone, &open[i], &reply))
				abort();
			memmove(&open[i], &open[i + 1], (--n - i) * sizeof(*open));
			if (reply.answer) {
				dns_book_bring(r->book, reply.answer);
				left--;
			}
		}
		r->rounds += dns_book_version(r->book) != before;
		if (dns_book_version(r->book) == before) {
			if (r->asker.cut != DNS_OK)
				return; /* it waits for an identifier */
			r->asker.cut = DNS_TIMEOUT;
		}
	}
}

static inline void run_begin(struct run *r)
{
	*r = (struct run){ .arena = arena_new(1 << 22) };
	limits_init(&r->limits);
}

static inline void run_end(struct run *r)
{
	dns_book_end(r->book);
	arena_free(r->arena);
}

/* result tag=policy>applied @policy-domain by discovery org=name, and what is aligned; see the table
 * of test_dmarc.c. In the run's arena. */
static inline const char *run_line(struct run *r)
{
	const struct dmarc_result *d = &r->result;
	struct buf b;

	if (r->state == CHECK_NO_MEMORY)
		return "no memory";
	if (r->state == CHECK_WAITING)
		return "waiting";
	buf_init(&b, 4096);
	buf_adds(&b, dmarc_outcome_name(d->result));
	if (d->policy_tag)
		buf_addf(&b, " %s=%s", d->policy_tag, dmarc_policy_name(d->policy));
	if (d->applied != d->policy)
		buf_addf(&b, ">%s", dmarc_policy_name(d->applied));
	if (!dname_is_none(d->policy_domain))
		buf_addf(&b, " @%.*s by %s", BYTES_ARG(d->policy_domain.text), dmarc_discovery_name(d->discovery));
	if (!dname_is_none(d->domain))
		buf_addf(&b, " org=%.*s", BYTES_ARG(d->org_domain.text));
	if (d->spf_domain_aligned)
		buf_adds(&b, d->spf_aligned ? " spf" : " (spf)");
	if (d->dkim_aligned_bits)
		buf_addf(&b, d->dkim_aligned ? " dkim:%llx" : " (dkim:%llx)", (unsigned long long)d->dkim_aligned_bits);
	const char *line = arena_cstr(r->arena, buf_bytes(&b));
	buf_free(&b);
	return line ? line : "no memory";
}
