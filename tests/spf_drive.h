/* spf_drive.h - drives an SPF check to its end in a test: from any source of
 * answers, in whole rounds or one answer at a time, with or without foresight. */
#pragma once
#include "spf/spf.h"
#include "tap.h"

struct drive {
	struct arena *arena;
	struct dns_answer *(*answer)(void *user, const struct dns_question *q); /* NULL: never comes */
	void *user;
	const struct limits *limits; /* NULL: the defaults */
	unsigned seed;               /* 0: whole rounds; else one answer at a time, in an order of this seed */
	bool sequential;             /* nothing is foreseen */
	enum dns_status cut;         /* DNS_OK: none */
	/* what came of it */
	struct dns_book *book;       /* to be ended by the caller */
	struct work work;
	unsigned runs;
};

static inline uint32_t drive_random(unsigned *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* Brings all open questions, or one of them. False: nothing could be brought. */
static inline bool drive_bring(struct drive *d, struct dns_question *open, size_t *n)
{
	bool some = false;

	while (*n) {
		size_t at = d->seed ? drive_random(&d->seed) % *n : 0;
		struct dns_question q = open[at];
		open[at] = open[--*n];
		struct dns_answer *a = d->answer(d->user, &q);
		if (!a)
			continue;
		dns_book_bring(d->book, a);
		some = true;
		if (d->seed)
			break;
	}
	return some;
}

static inline enum check_state drive_spf(struct drive *d, const struct spf_input *in, struct spf_result *out)
{
	static const struct limits *defaults;
	static struct limits standard;
	struct dns_question open[2000];
	size_t n = 0;
	struct dns_asker k;

	if (!defaults) {
		limits_init(&standard);
		defaults = &standard;
	}
	d->work = (struct work){ .arena = d->arena, .limits = d->limits ? d->limits : defaults };
	d->runs = 0;
	if (!(d->book = dns_book_new(d->arena, NULL)))
		return CHECK_NO_MEMORY;
	dns_asker_init(&k, d->book, work_limit(&d->work, LIMIT_SPF_QUESTIONS),
	               d->sequential ? 0 : work_limit(&d->work, LIMIT_FORESEEN));
	k.cut = d->cut;
	for (;;) {
		k.waiting = false;
		d->runs++;
		enum check_state state = spf_check(&d->work, &k, in, out);
		if (state != CHECK_WAITING)
			return state;
		dns_book_begin_round(d->book);
		while (n < ARRAY_LEN(open) && dns_book_next(d->book, &open[n]))
			n++;
		if (!drive_bring(d, open, &n))
			return CHECK_WAITING; /* stuck: a question that is never answered was needed */
	}
}

static inline size_t drive_needed(const struct dns_book *book)
{
	size_t n = 0;

	for (size_t i = 0; i < dns_book_count(book); i++)
		n += dns_book_entry(book, i)->needed_by != 0;
	return n;
}

static inline bool drive_was_needed(const struct dns_book *book, const struct dns_question *q)
{
	for (size_t i = 0; i < dns_book_count(book); i++) {
		const struct dns_entry *e = dns_book_entry(book, i);
		if (e->needed_by && dns_question_same(&e->question, q))
			return true;
	}
	return false;
}

/* Is every question that one book needed also needed in the other? */
static inline bool drive_same_needs(const struct dns_book *a, const struct dns_book *b)
{
	for (size_t i = 0; i < dns_book_count(a); i++) {
		const struct dns_entry *e = dns_book_entry(a, i);
		if (e->needed_by && !drive_was_needed(b, &e->question))
			return false;
	}
	return drive_needed(a) == drive_needed(b);
}

static inline bool drive_same_text(const char *a, const char *b)
{
	return (!a && !b) || (a && b && strcmp(a, b) == 0);
}

static inline bool drive_same_result(const struct spf_result *a, const struct spf_result *b)
{
	bool same = a->result == b->result && a->path_n == b->path_n && a->step_n == b->step_n &&
	            a->lookups == b->lookups && a->void_lookups == b->void_lookups &&
	            bytes_same(a->term, b->term) && bytes_same(a->explanation, b->explanation) &&
	            drive_same_text(a->error, b->error) && bytes_same(a->error_at, b->error_at) &&
	            bytes_same(a->record, b->record);

	for (size_t i = 0; same && i < a->path_n; i++)
		same = dname_same(a->path[i], b->path[i]);
	for (size_t i = 0; same && i < a->step_n; i++)
		same = bytes_same(a->steps[i].term, b->steps[i].term) &&
		       dname_same(a->steps[i].domain, b->steps[i].domain) &&
		       drive_same_text(a->steps[i].what, b->steps[i].what) &&
		       a->steps[i].lookups == b->steps[i].lookups && a->steps[i].depth == b->steps[i].depth;
	return same;
}

/* Another driver's answers, but only what `book` needed. */
struct drive_needed_only {
	const struct drive *inner;
	const struct dns_book *book;
};

static inline struct dns_answer *drive_answer_needed(void *user, const struct dns_question *q)
{
	const struct drive_needed_only *only = user;

	return drive_was_needed(only->book, q) ? only->inner->answer(only->inner->user, q) : NULL;
}

/* The promises of design.md about a pure check, held against a result that *d
 * has reached: nothing that was not needed changes it, nor does any order of
 * arrival, nor does foresight. */
static inline void drive_check_promises(const struct drive *d, const struct spf_input *in,
                                        const struct spf_result *want)
{
	struct drive_needed_only only = { d, d->book };
	struct drive other = *d;
	struct spf_result got;

	other.sequential = true;
	other.seed = 0;
	CHECK(drive_spf(&other, in, &got) == CHECK_DONE && drive_same_result(want, &got));
	CHECK_MSG(drive_same_needs(d->book, other.book), "%zu needed, sequentially %zu", drive_needed(d->book),
	          drive_needed(other.book));
	CHECK(other.work.reached == d->work.reached);
	dns_book_end(other.book);

	other = *d;
	other.answer = drive_answer_needed;
	other.user = &only;
	CHECK(drive_spf(&other, in, &got) == CHECK_DONE && drive_same_result(want, &got));
	dns_book_end(other.book);

	for (unsigned seed = 1; seed <= 5; seed++) {
		other = *d;
		other.seed = seed * 2654435761u;
		CHECK(drive_spf(&other, in, &got) == CHECK_DONE && drive_same_result(want, &got));
		CHECK(drive_same_needs(d->book, other.book) && other.work.reached == d->work.reached);
		dns_book_end(other.book);
	}
}

/* --- answers from a text: lines of "name TYPE value" --- */

struct world {
	struct arena *arena;
	const char *zone;
};

static const struct {
	const char *word;
	enum dns_type type;
} world_types[] = { { "A", DNS_A }, { "AAAA", DNS_AAAA }, { "MX", DNS_MX }, { "PTR", DNS_PTR }, { "TXT", DNS_TXT } };

static inline bool world_type(struct bytes word, enum dns_type *out)
{
	for (size_t i = 0; i < ARRAY_LEN(world_types); i++)
		if (bytes_eq(word, world_types[i].word)) {
			*out = world_types[i].type;
			return true;
		}
	return false;
}

static inline void world_record(struct arena *a, enum dns_type type, struct bytes value, struct dns_record *r)
{
	bool ok = true;

	*r = (struct dns_record){ 0 };
	if (type == DNS_TXT)
		r->text = value;
	else if (type == DNS_A || type == DNS_AAAA)
		ok = ip_parse(value, &r->ip);
	else if (!bytes_eq(value, ".")) /* MX without a preference: 0 */
		ok = dname_parse(a, value, DNAME_WIRE, &r->name, NULL);
	CHECK_MSG(ok, "a test's zone: \"%.*s\"", BYTES_ARG(value));
}

/* Values that begin with an exclamation mark are faults: !timeout, !servfail, !nodata, !never. */
static inline bool world_fault(struct bytes value, enum dns_status *out, bool *never)
{
	static const enum dns_status all[] = { DNS_SERVFAIL, DNS_REFUSED, DNS_TIMEOUT, DNS_BOGUS, DNS_NODATA, DNS_OFFLINE };

	if (value.n == 0 || value.p[0] != '!')
		return false;
	*never |= bytes_eq(value, "!never");
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (bytes_eq(bytes_from(value, 1), dns_status_name(all[i])))
			*out = all[i];
	return true;
}

static inline struct dns_answer *world_answer(void *user, const struct dns_question *q)
{
	struct world *w = user;
	struct bytes rest = bytes_of(w->zone), line, name, word;
	struct dns_record records[64];
	struct dns_answer_view v = { .question = *q, .status = DNS_NXDOMAIN, .ttl = 60, .records = records };
	enum dns_type type;
	bool never = false, fault = false;

	while (bytes_cut(&rest, '\n', &line)) {
		struct dname owner;
		if (!bytes_cut(&line, ' ', &name) || !bytes_cut(&line, ' ', &word) || !world_type(word, &type) ||
		    !dname_parse(w->arena, name, DNAME_WIRE, &owner, NULL))
			continue;
		if (dname_within(owner, q->name) && v.status == DNS_NXDOMAIN)
			v.status = DNS_NODATA;
		if (!dname_same(owner, q->name) || type != q->type)
			continue;
		if (world_fault(line, &v.status, &never)) {
			fault = true;
			continue;
		}
		if (v.n < ARRAY_LEN(records))
			world_record(w->arena, type, line, &records[v.n++]);
	}
	if (v.n && !fault)
		v.status = DNS_OK;
	return never ? NULL : dns_answer_new(&v);
}
