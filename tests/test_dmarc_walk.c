/* The tree walk and the organizational domain (RFC 9989 section 4.10), and
 * alignment against all that unanswered questions might have been answered. */
#include "dmarc/dmarc_align.h"
#include "dmarc_helper.h"

/* --- which names, in which order, and where it stops --- */

#define R(rest) "TXT \"v=DMARC1; p=none" rest "\"\n"

static const struct {
	const char *name, *zone, *start;
	const char *asked; /* without "_dmarc.", in order; "!" behind one: unknown */
	const char *org;   /* "": unknown */
} walks[] = {
	{ "two labels", "", "example.com", "example.com com", "example.com" },
	{ "one label", "", "com", "com", "com" },
	{ "found at the top", "_dmarc.com. " R(""), "a.example.com", "a.example.com example.com com", "com" },
	{ "the shortest found", "_dmarc.a.example.com. " R("") "_dmarc.example.com. " R(""), "b.a.example.com",
	  "b.a.example.com a.example.com example.com com", "example.com" },
	{ "psd=n stops", "_dmarc.a.example.com. " R("; psd=n") "_dmarc.example.com. " R(""), "b.a.example.com",
	  "b.a.example.com a.example.com", "a.example.com" },
	{ "psd=n at the start", "_dmarc.example.com. " R("; psd=n"), "example.com", "example.com", "example.com" },
	{ "psd=y stops: one below it", "_dmarc.example.com. " R("; psd=y"), "c.b.a.example.com",
	  "c.b.a.example.com b.a.example.com a.example.com example.com", "a.example.com" },
	{ "psd=y at the start: itself", "_dmarc.example.com. " R("; psd=y") "_dmarc.com. " R(""), "example.com", "example.com", "example.com" },
	{ "psd=u does not stop", "_dmarc.example.com. " R("; psd=u") "_dmarc.com. " R("; psd=y"), "a.example.com",
	  "a.example.com example.com com", "example.com" },
	{ "psd=y wins over what was found below it", "_dmarc.b.a.example.com. " R("") "_dmarc.com. " R("; psd=y"), "b.a.example.com",
	  "b.a.example.com a.example.com example.com com", "example.com" },
	{ "seven labels", "", "a.b.c.d.e.f.g", "a.b.c.d.e.f.g b.c.d.e.f.g c.d.e.f.g d.e.f.g e.f.g f.g g", "a.b.c.d.e.f.g" },
	{ "eight labels", "", "a.b.c.d.e.f.g.h", "a.b.c.d.e.f.g.h b.c.d.e.f.g.h c.d.e.f.g.h d.e.f.g.h e.f.g.h f.g.h g.h h", "a.b.c.d.e.f.g.h" },
	{ "nine labels", "", "z.a.b.c.d.e.f.g.h", "z.a.b.c.d.e.f.g.h b.c.d.e.f.g.h c.d.e.f.g.h d.e.f.g.h e.f.g.h f.g.h g.h h", "z.a.b.c.d.e.f.g.h" },
	{ "the example of section 4.10", "", "a.b.c.d.e.f.g.h.i.j.mail.example.com",
	  "a.b.c.d.e.f.g.h.i.j.mail.example.com g.h.i.j.mail.example.com h.i.j.mail.example.com i.j.mail.example.com j.mail.example.com "
	  "mail.example.com example.com com", "a.b.c.d.e.f.g.h.i.j.mail.example.com" },
	{ "the example of section 5.1.8: never found", "_dmarc.b.c.d.e.f.g.example.com. " R("; psd=n") "_dmarc.example.com. " R(""),
	  "mail.a.b.c.d.e.f.g.example.com", "mail.a.b.c.d.e.f.g.example.com c.d.e.f.g.example.com d.e.f.g.example.com e.f.g.example.com "
	  "f.g.example.com g.example.com example.com com", "example.com" },
	{ "other TXT records are none", "_dmarc.example.com. TXT \"v=spf1 -all\"\n", "example.com", "example.com com", "example.com" },
	{ "behind a CNAME", "_dmarc.example.com. CNAME d.example.net.\nd.example.net. " R("; psd=n"), "a.example.com", "a.example.com example.com", "example.com" },
	{ "a wildcard", "*.example.com. " R("; psd=n"), "a.example.com", "a.example.com", "a.example.com" },
	{ "a failure is passed, and what stands above it is read", "_dmarc.com. " R("; psd=y") ";!fault _dmarc.example.com TXT servfail\n", "a.example.com",
	  "a.example.com example.com! com", "" },
	{ "a failure behind the stop is never met", "_dmarc.example.com. " R("; psd=n") ";!fault _dmarc.com TXT timeout\n", "a.example.com",
	  "a.example.com example.com", "example.com" },
};

/* Drives a walk, or an alignment when `ident` is not NULL, to its end. */
struct drive {
	struct run r;
	struct dmarc_walk walk;
	enum dmarc_alignment alignment;
};

static void walk_in_zone(struct drive *d, const struct dns_zone *zone, const char *start)
{
	struct dns_question q;
	struct dns_zone_reply reply;

	run_begin(&d->r);
	d->r.work = (struct work){ .arena = d->r.arena, .limits = &d->r.limits };
	d->r.book = dns_book_new(d->r.arena, NULL);
	dns_asker_init(&d->r.asker, d->r.book, 100, 40);
	struct dname name = host_of(d->r.arena, bytes_of(start));
	while (dmarc_walk_run(&d->r.work, &d->r.asker, name, &d->walk) == CHECK_WAITING) {
		bool any = false;
		while (dns_book_next(d->r.book, &q)) {
			if (!dns_zone_ask(zone, &q, &reply))
				abort();
			if (reply.answer) {
				dns_book_bring(d->r.book, reply.answer);
				any = true;
			}
		}
		if (!any)
			d->r.asker.cut = DNS_TIMEOUT;
		d->r.asker.waiting = false;
		d->r.rounds++;
	}
}

static void test_walks(void)
{
	for (size_t i = 0; i < ARRAY_LEN(walks); i++) {
		struct dns_zone *zone = zone_of(walks[i].zone);
		struct drive d = { 0 };
		struct buf b;

		tap_begin("%s", walks[i].name);
		walk_in_zone(&d, zone, walks[i].start);
		buf_init(&b, 4096);
		for (size_t k = 0; k < d.walk.n; k++) {
			const struct dmarc_step *s = &d.walk.steps[k];
			struct dns_question q = { .type = DNS_TXT };
			buf_addf(&b, "%s%.*s%s", k ? " " : "", BYTES_ARG(s->name.text), s->state == DMARC_STEP_UNKNOWN ? "!" : "");
			CHECK(dname_prepend(d.r.arena, B("_dmarc"), s->name, &q.name) && was_needed(d.r.book, &q));
		}
		CHECK_BYTES(buf_bytes(&b), walks[i].asked);
		CHECK_BYTES(dmarc_walk_org(&d.walk).text, walks[i].org);
		CHECK(d.r.rounds == 1 || d.walk.unknown);
		buf_free(&b);
		run_end(&d.r);
		dns_zone_free(zone);
		tap_end();
	}
}

/* --- all worlds --- */

/* A small tree of names, each with what stands at its _dmarc. */
enum stand { NONE, PLAIN, NO, YES, BROKEN, STANDS };

#define MOST_NAMES 40u

struct world {
	size_t n;
	struct dname names[MOST_NAMES];
	enum stand at[MOST_NAMES];
};

static enum stand stands_at(const struct world *w, struct dname name)
{
	for (size_t i = 0; i < w->n; i++)
		if (dname_same(w->names[i], name))
			return w->at[i];
	return NONE;
}

static void add_names(struct world *w, struct dname start)
{
	for (struct dname d = start; !dname_is_none(d); d = dname_parent(d)) {
		size_t i = 0;
		while (i < w->n && !dname_same(w->names[i], d))
			i++;
		if (i == w->n && w->n < MOST_NAMES)
			w->names[w->n++] = d;
	}
}

/* The algorithm as dmarc.md 4.2 writes it down, by itself: nothing of it is shared with the library. */
static struct dname plain_org(const struct world *w, struct dname start)
{
	struct dname name = start, shortest = start;
	size_t labels = dname_labels(start);
	bool first = true;

	for (;;) {
		enum stand s = stands_at(w, name);
		if (s == NO)
			return name;
		if (s == YES && !first)
			return dname_last(start, dname_labels(name) + 1);
		if (s != NONE)
			shortest = name;
		if (s == YES || dname_labels(name) == 1)
			return shortest;
		name = first && labels >= 8 ? dname_last(start, 7) : dname_parent(name);
		first = false;
	}
}

static struct dns_answer *answer_in_world(const struct world *w, const struct dns_question *q)
{
	static const char *const texts[STANDS] = {
		[PLAIN] = "v=DMARC1; p=none", [NO] = "v=DMARC1; p=none; psd=n", [YES] = "v=DMARC1; p=none; psd=y",
	};
	enum stand s = stands_at(w, (struct dname){ bytes_from(q->name.text, strlen("_dmarc.")) });
	struct dns_record r = { .text = bytes_of(texts[s]) };
	struct dns_answer_view v = { .question = *q, .status = DNS_NXDOMAIN };

	if (s == BROKEN) {
		v.status = DNS_SERVFAIL;
	} else if (s != NONE) {
		v.status = DNS_OK;
		v.n = 1;
		v.records = &r;
	}
	return dns_answer_new(&v);
}

static enum dmarc_alignment align_in_world(const struct world *world, struct dname author, struct dname ident)
{
	struct run r;
	struct dns_question q;
	struct dmarc_walk walk;
	enum dmarc_alignment a = DMARC_ALIGN_NO;
	enum check_state state;

	run_begin(&r);
	r.work = (struct work){ .arena = r.arena, .limits = &r.limits };
	r.book = dns_book_new(r.arena, NULL);
	dns_asker_init(&r.asker, r.book, 100, 0);
	do {
		unsigned one = 1;
		while (dns_book_next(r.book, &q))
			dns_book_bring(r.book, answer_in_world(world, &q));
		r.asker.waiting = false;
		state = dmarc_walk_run(&r.work, &r.asker, author, &walk);
		if (state == CHECK_DONE)
			state = dmarc_align_relaxed(&r.work, &r.asker, &walk, ident, &one, &a);
	} while (state == CHECK_WAITING);
	if (state != CHECK_DONE)
		abort();
	run_end(&r);
	return a;
}

/* Alignment with each broken name replaced by all that may stand there, joined: NO and YES where all
 * agree. `from`: names before it are settled. */
static enum dmarc_alignment in_all_worlds(struct world *w, size_t from, struct dname author, struct dname ident)
{
	enum dmarc_alignment joined = DMARC_ALIGN_UNKNOWN;

	while (from < w->n && w->at[from] != BROKEN)
		from++;
	if (from == w->n)
		return dname_same(plain_org(w, author), plain_org(w, ident)) ? DMARC_ALIGN_YES : DMARC_ALIGN_NO;
	for (enum stand s = NONE; s < BROKEN; s++) {
		w->at[from] = s;
		enum dmarc_alignment a = in_all_worlds(w, from + 1, author, ident);
		if (s != NONE && a != joined)
			a = DMARC_ALIGN_UNKNOWN;
		joined = a;
		if (a == DMARC_ALIGN_UNKNOWN)
			break;
	}
	w->at[from] = BROKEN;
	return joined;
}

static uint64_t next_random(uint64_t *state, uint64_t below)
{
	*state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (*state >> 33) % below;
}

/* Names for authors and identifiers: a family, a cousin, strangers; and one too deep for a full walk. */
static const char *const family[] = { "x", "b.x", "a.b.x", "c.a.b.x", "d.c.a.b.x", "e.b.x", "f.e.b.x", "g.x" };
static const char *const deep[] = {
	"x", "6.7.x", "4.5.6.7.x", "2.3.4.5.6.7.x", "1.2.3.4.5.6.7.x", "0.1.2.3.4.5.6.7.x", "z.0.1.2.3.4.5.6.7.x",
	"y.1.2.3.4.5.6.7.x", "y.3.4.5.6.7.x",
};

/* Compares in `rounds` random worlds. NO and YES must hold in each. UNKNOWN may be said up to `unsure`
 * times where all worlds agree: a stranger is not walked to find a psd=n that makes a NO of it, and
 * for pairs that share 8 labels nothing is tried. */
static void test_worlds(const char *name, const char *const *texts, size_t n, int rounds, bool broken, int unsure)
{
	struct arena *a = arena_new(1 << 20);
	struct world w = { 0 };
	struct dname names[16];
	uint64_t seed = 20240229;
	int said[3] = { 0 };

	tap_begin("%s", name);
	for (size_t i = 0; i < n; i++) {
		names[i] = host_of(a, bytes_of(texts[i]));
		add_names(&w, names[i]);
	}
	for (int round = 0; round < rounds; round++) {
		size_t left = 4; /* 4 to the 4th worlds are enough */
		struct dname author = names[next_random(&seed, n)], ident = names[next_random(&seed, n)];
		for (size_t i = 0; i < w.n; i++) {
			w.at[i] = next_random(&seed, 3) ? NONE : (enum stand)next_random(&seed, broken ? STANDS : BROKEN);
			if (dname_same(w.names[i], author) && broken)
				w.at[i] = PLAIN; /* only with a policy does a broken name leave the question open */
			if (w.at[i] == BROKEN && left-- == 0) {
				left = 0;
				w.at[i] = NONE;
			}
		}
		enum dmarc_alignment got = align_in_world(&w, author, ident), want = in_all_worlds(&w, 0, author, ident);
		if (dname_same(author, ident))
			want = DMARC_ALIGN_YES;
		CHECK_MSG(got == want || (got == DMARC_ALIGN_UNKNOWN && unsure-- > 0), "round %d: %.*s and %.*s: %d, not %d", round,
		          BYTES_ARG(author.text), BYTES_ARG(ident.text), (int)got, (int)want);
		said[got]++;
	}
	CHECK(said[DMARC_ALIGN_NO] > rounds / 20 && said[DMARC_ALIGN_YES] > rounds / 20);
	CHECK(!broken || said[DMARC_ALIGN_UNKNOWN] > 0);
	arena_free(a);
	tap_end();
}

int main(void)
{
	test_walks();
	test_worlds("alignment is what the algorithm says, in any world", family, ARRAY_LEN(family), 1500, false, 0);
	test_worlds("and with names deeper than a walk", deep, ARRAY_LEN(deep), 1500, false, 0);
	test_worlds("where names are broken, it is said when all worlds agree", family, ARRAY_LEN(family), 1500, true, 15);
	test_worlds("and never wrongly with deep names", deep, ARRAY_LEN(deep), 1500, true, 150);
	return tap_done();
}
