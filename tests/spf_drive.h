/* spf_drive.h - drives an SPF check to its end in a test: from any source of
 * answers, in whole rounds or one answer at a time, with or without foresight. */
#pragma once
#include "spf/spf.h"

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
