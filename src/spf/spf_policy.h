/* spf_policy.h - what an answer to a TXT question says of SPF: which record it
 * holds (RFC 7208 section 4.5), and its program. Made once for an answer and
 * hung on it, so that no record is parsed for two messages. */
#pragma once
#include "dns/dns_answer.h"
#include "spf/spf_record.h"

struct spf_policy {
	struct dns_parsed base;
	size_t found;              /* SPF records in the answer; only with 1 the rest is set */
	struct bytes text;         /* as published; borrowed from the answer */
	struct spf_record *record; /* NULL: err says why */
	struct parse_err err;
	struct spf_policy *next;   /* for the caller of one that is its own */
};

/* How many SPF records there are, and which text is the first (none: untouched). */
size_t spf_select(const struct dns_answer_view *txt, struct bytes *out);

/* The policy of an answer. Borrowed from it, but for a rare case: when the
 * answer already carries something of another protocol, *own is a policy that
 * the caller frees with spf_policy_free (else *own is NULL). NULL: out of memory. */
MUST_USE const struct spf_policy *spf_policy_of(const struct dns_answer *answer, struct spf_policy **own);
void spf_policy_free(struct spf_policy *p); /* NULL does nothing */
