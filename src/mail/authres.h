/* authres.h - Authentication-Results as others wrote it (RFC 8601), and the
 * same list inside ARC-Authentication-Results (RFC 8617 section 4.1.1).
 *
 * It is evidence of a named provider, for `explain` alone: our own results are
 * never read back from text. Providers bend the grammar, so the reader takes
 * what it can get and says whether anything was in the way. */
#pragma once
#include "base/work.h"

struct authres_prop {
	struct bytes ptype;    /* "smtp", "header", "policy", ...; empty: a bare "name=value" */
	struct bytes property;
	struct bytes value;    /* unquoted */
};

struct authres_result {
	struct bytes method;   /* as written: compare without case */
	struct bytes version;  /* empty: not given */
	struct bytes result;
	struct bytes reason;   /* empty: not given */
	struct bytes comment;  /* the first one, without parentheses; may hold folds */
	struct authres_prop *props;
	size_t n, cap;
};

struct authres {
	struct bytes id;       /* the authserv-id, unquoted; empty: none is given */
	struct bytes version;
	bool id_late;          /* it stands behind a result, as Microsoft 365 once wrote */
	bool none;             /* says that no check was made */
	bool damaged;          /* something could not be read: a comment without end, a lone word, ... */
	struct authres_result *results;
	size_t n, cap;
};

/* Reads a field's value. Slices point into it or into the arena. At most
 * LIMIT_AUTHRES_RESULTS results, and as many properties of one, are kept. False: out of memory. */
MUST_USE bool authres_parse(struct work *w, struct bytes value, struct authres *out);
/* The same behind "i=N;" of an ARC set; *instance is 0 where that cannot be read. */
MUST_USE bool authres_parse_arc(struct work *w, struct bytes value, unsigned *instance,
                                struct authres *out);

/* The first result of that method at or after index `from`; NULL: none. */
const struct authres_result *authres_find(const struct authres *ar, const char *method, size_t from);
/* The value of "ptype.property"; { NULL, 0 }: not there. */
struct bytes authres_value(const struct authres_result *r, const char *ptype, const char *property);
/* The policy that a dmarc result tells of: "(p=REJECT ...)"; empty: it does not. */
struct bytes authres_dmarc_policy(const struct authres_result *r);

/* Do two authserv-ids, unquoted, name the same server? Case, a final dot and
 * U-labels make no difference. An empty one is never the same. False also when
 * out of memory (arena_failed). */
bool authres_id_same(struct arena *a, struct bytes x, struct bytes y);
