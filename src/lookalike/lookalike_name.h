/* lookalike_name.h - display names that pass for somebody else's. Private to
 * src/lookalike. */
#pragma once
#include "lookalike/lookalike_domain.h"

/* What is ours, folded once for all names of a mail. */
struct lookalike_folded;

/* NULL: out of memory. Borrows *ours and shapes (one each of ours->domains). */
MUST_USE const struct lookalike_folded *lookalike_name_ours(const struct lookalike_tables *t, struct arena *a,
                                                            const struct lookalike_ours *ours,
                                                            const struct lookalike_shape *shapes);

struct lookalike_name_found {
	bool name;                 /* it is or imitates one of ours, and the address is not ours */
	struct bytes imitates;     /* that one */
	bool address;              /* it shows an address, and not the sender's */
	struct bytes address_text; /* that one, in lower case */
};

/* shape: of shown->domain; n == 0 where there is none. False: out of memory. */
MUST_USE bool lookalike_name_judge(const struct lookalike_folded *f, struct arena *a, const struct lookalike_shown *shown,
                                   const struct lookalike_shape *shape, struct lookalike_name_found *out);
