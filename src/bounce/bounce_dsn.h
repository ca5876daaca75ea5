/* bounce_dsn.h - the machine-readable part of a delivery status notification
 * (RFC 3464 section 2, RFC 6533): a block of fields about the message, and one
 * a recipient. As it occurs: with blank lines missing or too many, within other
 * text, types missing. Text in, fields out. */
#pragma once
#include "base/work.h"

struct bounce_dsn_group {
	struct bytes final, original; /* addresses, without their type; empty: not told */
	struct bytes action;          /* one word, as written */
	struct bytes status;          /* "5.1.1" without what follows; empty: none */
	struct bytes diagnostic;      /* without its type, folds inside */
	struct bytes remote_mta;
};

struct bounce_dsn {
	struct bytes reporting_mta, envelope_id, queue_id, arrival;
	struct bounce_dsn_group *groups;
	size_t n;
};

/* Slices point into text, arrays into w's arena; at most LIMIT_BOUNCE_RECIPIENTS groups. Lines that
 * are no field of a notification are passed over. False: out of memory. */
MUST_USE bool bounce_dsn_read(struct work *w, struct bytes text, struct bounce_dsn *out);
/* Has text such fields? */
bool bounce_dsn_has(struct bytes text);

/* "rfc822; <a@b.example> (comment)" is a@b.example; also of "dns; name". */
struct bytes bounce_dsn_value(struct bytes value);
