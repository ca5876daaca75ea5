/* spf.h - may this client send in the name of this domain? (RFC 7208)
 * A pure check: see "work.h" and "dns_book.h". */
#pragma once
#include "base/work.h"
#include "dns/dns_book.h"

enum spf_outcome { /* words of RFC 8601 section 2.7.2 */
	SPF_NONE, SPF_NEUTRAL, SPF_PASS, SPF_FAIL, SPF_SOFTFAIL, SPF_TEMPERROR, SPF_PERMERROR,
	SPF_OUTCOMES
};

enum spf_identity { SPF_MAILFROM, SPF_HELO };

struct spf_input {
	enum spf_identity identity;
	struct ip client;
	struct dname domain;      /* of MAIL FROM, or of HELO; none: the result is none */
	struct bytes local;       /* of MAIL FROM; empty: "postmaster" (section 4.3) */
	struct bytes helo;        /* as given: %{h} */
	struct bytes receiver;    /* our own name, for %{r} in explanations; empty: "unknown" */
	int64_t time;             /* for %{t} */
	bool explain;             /* ask for exp= after a fail; never delays an SMTP answer */
	bool trace;               /* fill `steps` */
	bool no_ptr;              /* the client's address is hearsay: whose it is must not be asked. A record that
	                           * hangs on its names (ptr, %{p}) is then a temperror, as without DNS */
};

/* One line of the reason chain. */
struct spf_step {
	unsigned depth;           /* 0: the record of the domain itself; 1: its includes ... */
	struct dname domain;      /* whose record */
	struct bytes term;        /* as written; empty: the record as a whole */
	const char *what;         /* static: "matched", "did not match", "record found", ... */
	unsigned lookups;         /* spent so far */
	size_t offset;            /* of the term in the record */
};

struct spf_result {
	enum spf_outcome result;
	enum spf_identity identity;
	struct dname domain;      /* that was checked */
	struct bytes term;        /* the term that matched, as written; empty: none did */
	struct dname *path;       /* domains from the first record to the one whose term matched, by include
	                           * and redirect, the first one included */
	size_t path_n;
	unsigned lookups;         /* terms that count (section 4.6.4) */
	unsigned void_lookups;
	struct bytes explanation; /* expanded; empty: none */
	const char *error;        /* static, what is wrong, for permerror, temperror and none; else NULL */
	struct bytes error_at;    /* the term or name it is about; may be empty */
	struct bytes record;      /* of the domain itself, as published; empty: none */
	struct spf_step *steps;
	size_t step_n;
};

/* *out is valid after CHECK_DONE; its slices live in the arena or in the book's answers. */
MUST_USE enum check_state spf_check(struct work *w, struct dns_asker *dns, const struct spf_input *in,
                                    struct spf_result *out);
const char *spf_outcome_name(enum spf_outcome r);
