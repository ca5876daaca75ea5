/* dmarc.h - does the author domain stand behind this message, and what does it
 * want done where it does not? (RFC 9989) */
#pragma once
#include "base/work.h"
#include "dns/dns_book.h"

struct psl_list;

enum dmarc_outcome { /* words of RFC 8601; three different ways of not passing: */
	DMARC_NONE,      /* there is no policy */
	DMARC_PASS,
	DMARC_FAIL,      /* there is one, and authentication failed */
	DMARC_TEMPERROR, /* could not be evaluated: now */
	DMARC_PERMERROR, /* could not be evaluated: ambiguous author, unusable record */
	DMARC_OUTCOMES
};

enum dmarc_policy { DMARC_POLICY_NONE, DMARC_POLICY_QUARANTINE, DMARC_POLICY_REJECT, DMARC_POLICY_ABSENT };

enum dmarc_ident_state { DMARC_IDENT_WAITING, DMARC_IDENT_PASS, DMARC_IDENT_FAIL, DMARC_IDENT_TEMPERROR };

/* An identifier that another check authenticated, or is still at. */
struct dmarc_ident {
	struct dname domain;            /* none: there is no such identifier */
	enum dmarc_ident_state state;
};

struct dmarc_input {
	const struct dname *authors;    /* the author domain; several candidates where the author is ambiguous */
	size_t n_authors;
	bool ambiguous;                 /* then the result is fail or permerror, never pass, never none */
	struct dmarc_ident spf;         /* of MAIL FROM (HELO only where MAIL FROM is null) */
	const struct dmarc_ident *dkim; /* one for each signature */
	size_t n_dkim;
	const struct psl_list *psl;     /* psl.h, for dmarc_psl_org; NULL: the built-in list */
};

enum dmarc_discovery { DMARC_BY_AUTHOR, DMARC_BY_ORG, DMARC_BY_PSD, DMARC_BY_NOTHING };

struct dmarc_result {
	enum dmarc_outcome result;
	struct dname domain;            /* the author domain that decided; the failing candidate if ambiguous */
	struct dname org_domain;        /* by tree walk; none: the DNS failed on the way, or there is no author */
	struct dname policy_domain;     /* where the record stands; none: no record */
	enum dmarc_discovery discovery;
	enum dmarc_policy policy;       /* as the record says for this name (p, sp or np) */
	enum dmarc_policy applied;      /* after t=y: one step milder; ABSENT without a record */
	const char *policy_tag;         /* "p", "sp" or "np": which one spoke; NULL */
	bool author_exists;             /* false: NXDOMAIN, so np applies */
	bool testing;                   /* t=y */
	bool strict_spf, strict_dkim;   /* aspf=s, adkim=s */
	bool spf_aligned;               /* an aligned SPF pass */
	bool dkim_aligned;              /* at least one aligned DKIM pass */
	uint64_t dkim_aligned_bits;     /* bit i: dkim[i] is aligned in domain (whether it passes or not), for i < 64;
	                                 * without a policy only the author domain itself is */
	bool spf_domain_aligned;        /* the SPF domain is aligned, whether it passes or not */
	const char *reason;             /* static; NULL for a plain pass */
	struct bytes record;            /* as published; empty: none */
	enum dnssec_state security;     /* of the record's answer */
	uint32_t ttl;
	unsigned queries;               /* names walked over for the author */
};

/* Pure. Author policy first; identifiers that are not the author's organizational domain or
 * below it are never walked nor waited for (attack class 10).
 *
 * The result is said as early as it stands: without a policy nothing is waited for, and an aligned
 * pass decides while other identifiers are WAITING. Outcome and policy are final then; spf_aligned
 * and dkim_aligned count what has passed by then. Run it again when all identifiers are final for
 * the whole picture: it asks nothing new.
 *
 * temperror: the record that speaks for the author could not be looked up; or nothing aligned
 * passed, and an identifier that is aligned, or may be, could not be checked.
 * A walk is made for each candidate and for each identifier below the author's organizational
 * domain, LIMIT_DMARC_WALKS in all; identifiers beyond it are not aligned, candidates beyond it
 * leave an ambiguous message without its fail. Slices in *out live in the arena, in the input or in
 * the book's answers; *out is untouched unless CHECK_DONE is returned. */
MUST_USE enum check_state dmarc_check(struct work *w, struct dns_asker *dns, const struct dmarc_input *in,
                                      struct dmarc_result *out);
/* The author's organizational domain by the public suffix list, as RFC 7489 found it: for comparison
 * alone, so it is looked up when it is asked for. Borrows from r; none: a public suffix, no author. */
struct dname dmarc_psl_org(const struct dmarc_input *in, const struct dmarc_result *r);
/* Do the walk and the list find different ones? */
bool dmarc_psl_differs(const struct dmarc_input *in, const struct dmarc_result *r);
const char *dmarc_outcome_name(enum dmarc_outcome r);
const char *dmarc_policy_name(enum dmarc_policy p);       /* "none", ...; "" for ABSENT */
const char *dmarc_discovery_name(enum dmarc_discovery d);
