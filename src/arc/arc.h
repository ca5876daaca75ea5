/* arc.h - the Authenticated Received Chain of a message (RFC 8617). */
#pragma once
#include "dkim/dkim.h"

enum arc_outcome { ARC_NONE, ARC_PASS, ARC_FAIL, ARC_TEMPERROR, ARC_OUTCOMES };

/* One set, in the order of instances. */
struct arc_set_result {
	unsigned instance;
	struct dname sealer;          /* d= of the ARC-Seal; none where unreadable */
	struct bytes selector;
	struct bytes authres;         /* the ARC-Authentication-Results value after "i=N;", unfolded:
	                               * what the sealer says it saw */
	bool seal_ok;                 /* its ARC-Seal verified */
	bool message_ok;              /* its ARC-Message-Signature verified (asked of the newest, and
	                               * down to the oldest that passes) */
	int64_t signed_at;            /* t= of the seal; -1: absent */
};

struct arc_result {
	enum arc_outcome result;
	unsigned instance;            /* the highest i= that could be read; 0: no chain */
	unsigned oldest_pass;         /* of a chain that passes, RFC 8617 section 5.2 step 5: 0 when
	                               * all AMS pass; else the lowest instance whose AMS (and all
	                               * above) still verifies */
	const char *reason;           /* static; NULL for pass and none */
	unsigned reason_instance;     /* 0: the chain as a whole */
	enum field_id reason_field;   /* FIELD_ARC_SEAL or FIELD_ARC_MESSAGE_SIGNATURE; FIELD_OTHER:
	                               * the set or chain */
	struct arc_set_result *sets;  /* none where the structure of the chain is broken */
	size_t n;
};

struct arc_chain;                 /* private, in the arena */

/* As dkim_begin: reads the sets of a complete header, registers body digests. The header is
 * borrowed as long as the chain. bodies NULL: no body will come; then a chain fails even where its
 * newest message signature verifies so far. False: out of memory. */
MUST_USE bool arc_begin(struct work *w, const struct header *h, struct dkim_bodies *bodies,
                        struct arc_chain **out);
/* Pure; *out is valid after CHECK_DONE. RFC 8617 section 5.2: the newest message signature, the
 * seals from the newest down, then the older message signatures until one fails. A key that cannot
 * be fetched for now is a temperror, not a fail; for an older message signature it only ends that
 * search. CHECK_WAITING also while the body has not ended and the result hangs on it. */
MUST_USE enum check_state arc_check(struct work *w, struct dns_asker *dns, struct arc_chain *chain,
                                    struct arc_result *out);
const char *arc_outcome_name(enum arc_outcome r);
