/* bounce_parts.h - the parts of a message, sorted by what they are to a reader of bounces:
 * words of a machine, its machine-readable part, the mail that came back. */
#pragma once
#include "mime/mime.h"

struct bounce_parts {
	struct bytes words;       /* of all text parts in UTF-8, without the mail that they quote */
	struct bytes status, feedback, disposition; /* machine-readable parts, decoded; p NULL: none */
	struct bytes returned;    /* the mail that came back, its header first; empty: none */
};

/* Looks at the parts of the message itself, never into mails within it. Slices live as long as the message
 * and the arena. False: out of memory. */
MUST_USE bool bounce_parts_read(struct work *w, const struct mime *m, struct bounce_parts *out);
