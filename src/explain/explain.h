/* explain.h - one stored message, judged for a person: the session is
 * recovered from its trace, all checks are made, evidence is weighed.
 *
 *   explain_begin   the message, and all that can be read without asking
 *   explain_ask     look-ups, within their time (or explain_run and a pump of the caller's)
 *   explain_judge   facts, evidence, verdict
 *   explain_end */
#pragma once
#include <jansson.h>

#include "explain/advice.h"
#include "explain/origin.h"
#include "verify/case.h"
#include "verify/lookups.h"

/* What the person handed over besides the mail, for all messages: only read, shared by threads. */
struct explain_sources {
	const struct maillog *log;             /* NULL: none */
	const struct sent *sent;               /* NULL: none */
	const struct tag_keys *tags;           /* NULL: none */
	const struct lookalike_tables *looks;  /* NULL: names are not compared */
	const struct bytes *names;             /* of the owner's people and firms */
	size_t n_names;
	bool not_mine;                         /* "I did not write it" */
};

struct frozen;

struct explain_settings {
	const struct limits *limits;
	struct trust trust;
	const struct bytes *owners;  /* addresses; n_owners 0: taken from the message */
	size_t n_owners;
	int64_t today;               /* the instant of the look-ups */
	bool offline;
	struct explain_sources sources;
	const struct case_session *given; /* what SMTP knew, as a server of ours noted it; NULL: recovered from the trace */
	const struct frozen *frozen; /* of a redacted case; NULL */
};

enum explain_check { EXPLAIN_BOUNCE, EXPLAIN_CLAIM, EXPLAIN_ORIGIN, EXPLAIN_CHECKS };

struct explain {
	struct explain_settings settings;
	struct bytes message;
	struct verify *v;
	struct handover handover;
	struct session session;      /* recovered */
	struct owner owner;
	struct claim claim;
	struct mime mime;
	struct bounce bounce;
	struct bounce_proof proof;
	struct lookalike *looks;
	size_t n_looks;
	struct risk *risks;
	size_t n_risks;
	struct origin origin;
	struct trail_facts trail;
	struct facts facts;
	struct evidence *evidence;   /* the strongest first */
	size_t n_evidence;
	struct verdict verdict;
	/* private */
	struct dns_asker askers[EXPLAIN_CHECKS];
	bool done[EXPLAIN_CHECKS];
	struct dname *never;         /* no complaint goes there */
	size_t n_never;
};

/* The message must outlive x, and x must stay where it is until explain_end, which is due also after
 * false: out of memory. */
MUST_USE bool explain_begin(struct explain *x, const struct explain_settings *settings, struct bytes message);
/* Runs what is undecided; pure. */
MUST_USE enum check_state explain_run(struct explain *x);
/* Asks and waits until all is decided or its time is over. CHECK_DONE or CHECK_NO_MEMORY. */
MUST_USE enum check_state explain_ask(struct explain *x, struct lookups *l);
/* The same with a resolver of the caller's (NULL: nobody is asked). */
MUST_USE enum check_state explain_drive(struct explain *x, struct dns_resolver *r);
/* Facts, evidence, verdict. Where not one question was answered, the mail is judged as with
 * settings.offline. False: out of memory. */
MUST_USE bool explain_judge(struct explain *x);
void explain_end(struct explain *x);

/* A new reference; NULL when out of memory. Fields: truefrom-explain(1). */
json_t *explain_json(struct explain *x);
