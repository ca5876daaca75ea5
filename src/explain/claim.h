/* claim.h - the way that the mail claims to have taken before the hand-over. All
 * of it can be typed by a stranger; but a system of the author's that handed the mail to
 * the very host that then handed it to us is what an honest forwarder's mail
 * looks like, and a forger's rarely does. */
#pragma once
#include "dns/dns_book.h"
#include "spf/spf.h"
#include "verify/handover.h"

struct claim {
	bool found;             /* the host that handed the mail over (by its checked name) claims that it
	                         * got it from a public address */
	struct ip ip;           /* that address */
	struct bytes by;        /* the host that claims it */
	struct spf_result spf;  /* does the author's domain list that address? */
};

/* Looks at the trace below the hand-over. Slices borrow from it. */
void claim_begin(const struct handover *h, struct claim *out);
/* Pure: asks for the author domain's SPF, which the verification asks for too. */
MUST_USE enum check_state claim_check(struct work *w, struct dns_asker *dns, struct dname author, struct bytes local,
                                      int64_t dns_time, struct claim *c);
