/* dns_book.h - what one message knows of the DNS, and what its checks still ask.
 *
 * A check is pure: it looks into the book, and where an answer is missing the
 * book notes the question and the check says CHECK_WAITING. Whoever drives the
 * check sends the open questions, brings the answers, and runs it again.
 * Answers stay in the book until the message ends, so that every run sees the
 * same ones. */
#pragma once
#include "base/work.h"
#include "dns/dns_answer.h"

struct dns_book;

/* Where a book finds answers that other messages already brought: the shared
 * cache. Returns a reference that the book takes over, or NULL. */
struct dns_source {
	struct dns_answer *(*find)(void *user, const struct dns_question *q);
	void *user;
};

/* One check's way into the book, with a budget of its own: one check cannot
 * starve another (attack class 10). Kept by the driver; the check is given it. */
struct dns_asker {
	struct dns_book *book;
	uint32_t questions_left;  /* needed questions it may still ask; 0 left: the answer is a time-out */
	uint32_t foreseen_left;   /* foreseen ones beyond which none is noted */
	enum dns_status cut;      /* DNS_OK; else what open questions get from now on: DNS_TIMEOUT when its
	                           * time is over, DNS_OFFLINE where nobody is asked */
	bool waiting;             /* set by dns_need when it had no answer; the driver clears it before a run */
	uint64_t id;              /* bit of this asker in the book, given by dns_asker_init */
};

/* Lives in the arena; dns_book_end must be called before the arena ends.
 * source may be NULL. NULL when out of memory. */
MUST_USE struct dns_book *dns_book_new(struct arena *a, const struct dns_source *source);
/* Names the source later, when the thread that does the asking is known: before the first run. */
void dns_book_set_source(struct dns_book *book, const struct dns_source *source);
void dns_book_end(struct dns_book *book); /* lets go of the answers; NULL does nothing */

/* At most 64 askers a book. */
void dns_asker_init(struct dns_asker *k, struct dns_book *book, uint32_t questions, uint32_t foreseen);

/* The answer to a question that sequential evaluation would ask now. NULL: it
 * is not there yet; it is noted, k->waiting is set, and the check should return
 * CHECK_WAITING after naming what it can foresee. Once k is cut, an answer
 * with status k->cut is returned where there is no real one. The answer is
 * borrowed from the book. */
const struct dns_answer *dns_need(struct dns_asker *k, struct dname name, enum dns_type type);

/* The answer if it is there, else notes the question within the check's cap;
 * never waits, never counts, never causes an error. NULL: not there. */
const struct dns_answer *dns_foresee(struct dns_asker *k, struct dname name, enum dns_type type);

/* --- for the driver --- */

/* Hands over one question that was noted and not yet sent; marks it as sent. False: none. */
MUST_USE bool dns_book_next(struct dns_book *book, struct dns_question *out);
/* Brings an answer (a reference, taken over). Answers nobody asked for and second answers are dropped. */
void dns_book_bring(struct dns_book *book, struct dns_answer *answer);
/* Is a question that k needs (not only foresees) still without answer? */
bool dns_book_pending(const struct dns_book *book, const struct dns_asker *k);
/* Grows with each answer that came in: two runs of a check without it growing are a bug. */
uint64_t dns_book_version(const struct dns_book *book);

/* One entry, for explanations, recording and tests. */
struct dns_entry {
	struct dns_question question;
	const struct dns_answer *answer;  /* NULL: still open */
	uint64_t needed_by, foreseen_by;  /* bits of askers; needed_by 0: nobody needed it in the end */
	uint64_t given_up_by;             /* of those who needed it and were cut before it came */
	bool sent;                        /* false: it came from the source */
	uint32_t round;                   /* 1: asked in the first round of questions; 0: not asked */
};

size_t dns_book_count(const struct dns_book *book);
const struct dns_entry *dns_book_entry(const struct dns_book *book, size_t i);
/* How often the driver had to wait: the longest chain of questions that depended on each other. */
uint32_t dns_book_rounds(const struct dns_book *book);
/* How many questions were sent to the resolver. */
uint32_t dns_book_queries(const struct dns_book *book);
/* Goes through the entries that a check needed and that nobody could answer: an error, or
 * nothing came. *at is 0 at first. NULL: no more. */
const struct dns_entry *dns_book_next_failed(const struct dns_book *book, size_t *at);
/* A new batch of questions begins (the driver calls it before it sends). */
void dns_book_begin_round(struct dns_book *book);
