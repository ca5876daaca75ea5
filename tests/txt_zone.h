/* txt_zone.h - for tests of checks that ask for TXT records: a few records, and
 * a driver that brings the answers in any order. Header only: each test is one file. */
#pragma once
#include "dns/dns_book.h"
#include "tap.h"

#define TXT_ZONE_MAX 128u

struct txt_record {
	const char *name;        /* lower case, no final dot */
	struct bytes text;
	enum dns_status status;  /* DNS_OK: the text counts */
	bool hidden;             /* as if it were not there */
};

struct txt_zone {
	struct txt_record records[TXT_ZONE_MAX];
	size_t n;
};

static inline void txt_zone_add(struct txt_zone *z, const char *name, struct bytes text)
{
	assert(z->n < TXT_ZONE_MAX);
	z->records[z->n++] = (struct txt_record){ .name = name, .text = text };
}

/* All records of the name; else NXDOMAIN. */
static inline struct dns_answer *txt_zone_answer(const struct txt_zone *z,
                                                 const struct dns_question *q)
{
	struct dns_record records[TXT_ZONE_MAX];
	struct dns_answer_view v = {
		.question = *q, .status = DNS_NXDOMAIN, .ttl = 300, .records = records,
	};

	for (size_t i = 0; i < z->n; i++) {
		const struct txt_record *r = &z->records[i];
		if (r->hidden || q->type != DNS_TXT || !bytes_eq(q->name.text, r->name))
			continue;
		v.status = r->status;
		if (r->status == DNS_OK)
			records[v.n++] = (struct dns_record){ .text = r->text };
	}
	return dns_answer_new(&v);
}

/* Hides what the book says that nobody needed. */
static inline void txt_zone_keep_needed(struct txt_zone *z, const struct dns_book *book)
{
	for (size_t i = 0; i < z->n; i++) {
		z->records[i].hidden = true;
		for (size_t k = 0; k < dns_book_count(book); k++) {
			const struct dns_entry *e = dns_book_entry(book, k);
			if (e->needed_by && bytes_eq(e->question.name.text, z->records[i].name))
				z->records[i].hidden = false;
		}
	}
}

/* Takes the questions that are open now and brings answers: with seed 0 all, else one at a time in an
 * order that the seed decides. False: nothing was open. Questions wait in *open from call to call. */
struct txt_open {
	struct dns_question list[TXT_ZONE_MAX * 2];
	size_t n;
};

static inline bool txt_zone_bring(const struct txt_zone *z, struct dns_book *book,
                                  struct txt_open *open, uint64_t *seed)
{
	struct dns_question q;
	bool some = false;

	dns_book_begin_round(book);
	while (open->n < ARRAY_LEN(open->list) && dns_book_next(book, &q))
		open->list[open->n++] = q;
	while (open->n) {
		size_t at = 0;
		if (*seed) {
			*seed = *seed * 6364136223846793005u + 1442695040888963407u;
			at = (size_t)(*seed >> 33) % open->n;
		}
		struct dns_answer *a = txt_zone_answer(z, &open->list[at]);
		if (a)
			dns_book_bring(book, a);
		open->list[at] = open->list[--open->n];
		some = true;
		if (*seed)
			break;
	}
	return some;
}
