/* spf_run.h - one run of check_host() (RFC 7208 section 4), shared by the files
 * that evaluate; nobody else includes it.
 *
 * A run walks through the terms in their order. Up to the first missing answer
 * it is the sequential evaluation of the RFC, and each question is needed. From
 * there on (`ahead`) the same walk goes on over what may follow: its questions
 * are only foreseen, a term whose answer is missing is unsure, and nothing that
 * it finds is kept. It ends where no evaluation could go on: at a sure match,
 * at an error, at a limit. */
#pragma once
#include "dns/dns_book.h"
#include "spf/spf_policy.h"

/* "Not known before more answers come", where an outcome is given. */
#define SPF_OPEN SPF_OUTCOMES
/* Records on the way to one: the first and one for each term that counts. */
#define SPF_PATH_MAX 11u

/* A record on the way to the one that is evaluated. */
struct spf_frame {
	const struct spf_frame *parent;  /* the record that includes or redirects; NULL: the first */
	struct dname domain;
	const struct spf_record *record; /* NULL: none that can be evaluated */
	unsigned depth;                  /* includes around it */
};

struct spf_run {
	struct work *work;
	struct dns_asker *dns;
	const struct spf_input *in;
	struct spf_result *out;          /* written only while not ahead */
	bool trace;
	bool ahead;                      /* an answer is missing */
	bool no_memory;
	unsigned lookups, voids;
	enum spf_outcome stopped;        /* after SPF_STOP: SPF_TEMPERROR or SPF_PERMERROR */
	const struct spf_spec *exp;      /* of the record in force (section 6.2); NULL: none */
	struct dname exp_domain;
	struct dname *path;              /* room for SPF_PATH_MAX */
	size_t path_n, step_cap;
	struct dname reverse;            /* the client's name for PTR; none: not yet made */
	struct spf_policy *own;          /* policies that could not be hung on their answers */
};

enum spf_match {
	SPF_MATCH,
	SPF_NO_MATCH,
	SPF_UNSURE,  /* only when ahead */
	SPF_STOP,    /* an error ends the whole evaluation: run->stopped */
};

/* --- spf_run.c: asking, ending, noting --- */

/* The answer, needed or foreseen. NULL: not there; the run is ahead now. */
const struct dns_answer *spf_ask(struct spf_run *run, struct dname name, enum dns_type type);
/* Ends the evaluation at a term or name of f's record. `what` is static; `at` is copied. */
enum spf_match spf_stop(struct spf_run *run, const struct spf_frame *f, enum spf_outcome outcome,
                        const char *what, struct bytes at);
/* The same for an answer that is an error. */
enum spf_match spf_stop_dns(struct spf_run *run, const struct spf_frame *f,
                            const struct dns_answer_view *view, struct dname name);
/* Counts a look-up for the target of a term that found nothing (section 4.6.4):
 * SPF_NO_MATCH, or SPF_STOP when there are too many. */
enum spf_match spf_void(struct spf_run *run, const struct spf_frame *f, struct dname name);
/* Asks for what the target of a term has. SPF_MATCH: there are records, in *out;
 * SPF_NO_MATCH: there are none; counted as void if `counts`. */
enum spf_match spf_look(struct spf_run *run, const struct spf_frame *f, struct dname name, enum dns_type type,
                        bool counts, const struct dns_answer_view **out);
/* Notes that f's record decides, by a term or (NULL) because none matched. */
void spf_conclude(struct spf_run *run, const struct spf_frame *f, const struct spf_term *t);
/* A line of the trace; t NULL: about the record as a whole. */
void spf_note(struct spf_run *run, const struct spf_frame *f, const struct spf_term *t, const char *what);

/* --- spf_eval.c --- */

/* check_host() for a domain that an include or redirect of `parent` names, or
 * (parent NULL) for the first one. SPF_OPEN: only when ahead. */
enum spf_outcome spf_eval_domain(struct spf_run *run, const struct spf_frame *parent, struct dname domain,
                                 unsigned depth);
/* The name a domain-spec stands for, in `room` if it has macros. SPF_NO_MATCH:
 * there can be no such name; SPF_UNSURE: %{p} is not known yet. */
enum spf_match spf_target(struct spf_run *run, const struct spf_frame *f, const struct spf_spec *spec,
                          uint8_t room[DNAME_TEXT_MAX], struct dname *out);

/* --- spf_ptr.c: names of the client (section 5.5) --- */

/* Does a validated name of the client end in `target`? */
enum spf_match spf_ptr_match(struct spf_run *run, const struct spf_frame *f, struct dname target);
/* %{p} as seen from `domain` (section 7.3). SPF_NO_MATCH: there is no validated
 * name; SPF_STOP: nobody is asked (the caller says what that means). */
enum spf_match spf_ptr_name(struct spf_run *run, struct dname domain, struct bytes *out);
