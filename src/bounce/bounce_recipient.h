/* bounce_recipient.h - whom a bounce is about, and what became of the mail to each: brought
 * together from the machine-readable part, the words and the header. */
#pragma once
#include "bounce/bounce.h"
#include "bounce/bounce_dsn.h"
#include "bounce/bounce_text.h"

struct bounce_known {
	const struct header *header;
	const struct bounce_dsn *dsn;
	const struct bounce_said *said;
	size_t n_said;
	struct bytes words, feedback, returned; /* of struct bounce_parts */
};

/* Fills recipients and n of a bounce whose kind is known; at most LIMIT_BOUNCE_RECIPIENTS. There is at least
 * one, perhaps without an address. False: out of memory. */
MUST_USE bool bounce_recipient_read(struct work *w, const struct bounce_known *k, struct bounce *out);
