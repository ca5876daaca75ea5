/* dmarc_align.h - do an identifier and the author domain belong to one
 * organization? (RFC 9989 sections 4.4 and 4.10.2) Pure. */
#pragma once
#include "dmarc/dmarc_walk.h"

enum dmarc_alignment {
	DMARC_ALIGN_NO,
	DMARC_ALIGN_YES,
	DMARC_ALIGN_UNKNOWN, /* hangs on an answer that the DNS did not give */
};

/* Relaxed alignment of `ident` with the start of the author's walk, whose policy is known. A name
 * that cannot share the organizational domain is never walked. Where the DNS failed on the way,
 * YES and NO are still said when every answer that it might have given leads there.
 * *walks is how many walks may still be made; the one for this identifier is taken off, and none
 * left means that it is not aligned (LIMIT_DMARC_WALKS is marked as reached). */
MUST_USE enum check_state dmarc_align_relaxed(struct work *w, struct dns_asker *dns,
                                              const struct dmarc_walk *author, struct dname ident,
                                              unsigned *walks, enum dmarc_alignment *out);
