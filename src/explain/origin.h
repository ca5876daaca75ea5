/* origin.h - whose network handed the mail over, and who takes complaints about it: Team
 * Cymru's tables (network, country) and Abusix's (contact), asked over DNS. A
 * pure check of its own: its trouble never changes a verdict. */
#pragma once
#include "dns/dns_book.h"

#define ORIGIN_QUESTIONS 3u /* the most it asks: the network, its holder's name, the contact */

struct origin {
	bool known;              /* the table of networks has one that holds the address */
	uint32_t asn;            /* of that network, the first where there are several; 0: not known */
	struct bytes prefix;     /* "203.0.113.0/24"; may be empty */
	struct bytes country;    /* two letters: where the block is registered; may be empty */
	struct bytes as_name;    /* as registered; a stranger's bytes */
	struct bytes *contacts;  /* addresses for complaints; never within one of `never`; also where !known */
	size_t n_contacts;       /* a handful at most */
};

struct origin_input {
	struct ip ip;            /* family 0, or an address of no public network: nothing is asked */
	const struct dname *never; /* domains to which nothing is reported: the forged one, the owner's */
	size_t n_never;
};

/* Asks and reads. CHECK_DONE with known false where nobody answers, or nothing that can be understood.
 * Slices live in w's arena or in the book. *out is set when CHECK_DONE. */
MUST_USE enum check_state origin_check(struct work *w, struct dns_asker *dns, const struct origin_input *in,
                                       struct origin *out);
