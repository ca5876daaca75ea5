/* dmarc_uri.h - one address of rua= or ruf=: a URI (RFC 3986) in which "," and
 * "!" must be percent-encoded, perhaps with the obsolete size behind it
 * (RFC 9989 section 4.8). No DNS, no judgement of the destination. */
#pragma once
#include "base/dname.h"

#define DMARC_MAILTO_MAX 1024u /* bytes of a mailto URI that is looked at: an address has at most 320 */

struct dmarc_uri {
	struct bytes text;  /* as published, without the size */
	struct bytes size;  /* "!10m", which is to be ignored; empty: none */
	bool mailto;        /* else a scheme that nobody has to support */
};

/* Reads one member of the list, blanks around it removed. Slices point into
 * text. For mailto there must be exactly one mailbox (RFC 6068). Refused with
 * the offset; also when `scratch` has no memory left (arena_failed tells). */
MUST_USE bool dmarc_uri_parse(struct arena *scratch, struct bytes text, struct dmarc_uri *out,
                              struct parse_err *err);

/* The mailbox of a mailto URI, percent-decoded, in the arena. False for other
 * schemes, and when out of memory. */
MUST_USE bool dmarc_uri_mailbox(struct arena *a, const struct dmarc_uri *uri, struct bytes *local,
                                struct dname *domain);
