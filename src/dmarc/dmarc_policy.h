/* dmarc_policy.h - which record speaks for an author domain, and which of its
 * policies (RFC 9989 section 4.10.1). Pure. */
#pragma once
#include "dmarc/dmarc_walk.h"

enum dmarc_choice_state {
	DMARC_CHOICE_NOTHING,  /* no record anywhere on the walk */
	DMARC_CHOICE_POLICY,
	DMARC_CHOICE_UNUSABLE, /* a record that asks for no DMARC processing */
	DMARC_CHOICE_UNKNOWN,  /* the DNS failed where a record that goes first may stand */
};

struct dmarc_choice {
	enum dmarc_choice_state state;
	enum dmarc_discovery discovery;
	const struct dmarc_step *step; /* of the walk, where the record stands; NULL: none */
	enum dmarc_policy policy;      /* ABSENT but for DMARC_CHOICE_POLICY */
	const char *tag;               /* "p", "sp", "np"; NULL */
	bool author_exists;            /* true where it does not matter */
	enum dns_status trouble;       /* why it is unknown whether the author exists, where that makes
	                                * a difference; DNS_OK: it is known, or makes none */
};

/* Chooses along the author's walk, for an author domain that exists. */
void dmarc_policy_choose(const struct dmarc_walk *walk, struct dmarc_choice *out);
/* Corrects the choice for an author domain that does not exist: NXDOMAIN is the one sign of that
 * (section 3.2.13). Asks only where an np= tag speaks for it, and not where the walk has shown
 * already that something stands below it. *c is untouched unless CHECK_DONE is returned. */
MUST_USE enum check_state dmarc_policy_existence(struct work *w, struct dns_asker *dns,
                                                 const struct dmarc_walk *walk, struct dmarc_choice *c);
/* Names that question, which may be needed later. */
void dmarc_policy_foresee(struct dns_asker *dns, struct dname author);

/* What is to be done with mail that fails: one step milder in a test (section 4.7, "t"). */
enum dmarc_policy dmarc_policy_applied(enum dmarc_policy policy, bool testing);
