/* explain_case.h - a judged message as a case, and a case as settings: what the command
 * line says and what session.ini says are read by the same function. */
#pragma once
#include "explain/explain.h"
#include "verify/case_folder.h"

/* Which words of a session cannot be read. */
struct explain_case_err {
	const char *what;   /* static: "owner", "trust", "limit" */
	struct bytes text;
	const char *remedy; /* static */
};

/* Settings from a session: owners, trust, names, limits, instants. *limits are those to be changed and
 * used. Slices borrow from s or live in a. false with err->what NULL: out of memory. */
MUST_USE bool explain_case_settings(struct arena *a, const struct case_session *s, struct limits *limits,
                                    struct explain_settings *out, struct explain_case_err *err);

/* The texts of a case that is being made; all empty at first, freed by explain_case_end. */
struct explain_case_texts {
	struct buf zone, log, sent, frozen;
};

/* Everything x was judged from, as a case: the session, the answers of the DNS, the lines of `logs` (files)
 * and the mails of Sent that were used. Keys of tags are secrets and are not kept: what they showed is frozen.
 * Slices borrow from x and from *texts. False: `why` (size bytes) is a line for people. */
MUST_USE bool explain_case_make(struct explain *x, const char *const *logs, size_t n_logs, struct explain_case_texts *texts,
                                struct case_folder *out, char *why, size_t size);
void explain_case_end(struct explain_case_texts *texts);
