/* explain.h - one stored message, judged for a person: the session is
 * recovered from its trace, all checks are made, evidence is weighed. */
#pragma once
#include <jansson.h>

#include "explain/advice.h"
#include "verify/lookups.h"

struct explain_settings {
	const struct limits *limits;
	struct trust trust;
	const struct bytes *owners;  /* addresses; n_owners 0: taken from the message */
	size_t n_owners;
	int64_t today;               /* the instant of the look-ups */
	bool offline;
};

struct explain {
	struct explain_settings settings;
	struct verify *v;
	struct handover handover;
	struct session session;      /* recovered */
	struct facts facts;
	struct evidence *evidence;   /* the strongest first */
	size_t n_evidence;
	struct verdict verdict;
};

/* Makes x->v, ready to be fed; its session is filled in from the header's trace
 * once that is complete. x must stay where it is until explain_end. False: out of memory. */
MUST_USE bool explain_begin(struct explain *x, const struct explain_settings *settings);
/* After x->v is done: facts, evidence, verdict. False: out of memory. */
MUST_USE bool explain_judge(struct explain *x);
void explain_end(struct explain *x);

/* A new reference; NULL when out of memory. Fields: truefrom-explain(1). */
json_t *explain_json(struct explain *x);
