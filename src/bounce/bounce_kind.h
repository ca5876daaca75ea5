/* bounce_kind.h - which kind of mail a machine wrote, told by what stands in the header, in the
 * structure and in the first lines; and an ordinary mail, whatever it quotes or has attached. */
#pragma once
#include "bounce/bounce.h"

/* What the reader of a bounce has found so far. */
struct bounce_signs {
	const struct header *header;
	bool is_report;             /* the message is multipart/report */
	bool status_part, feedback_part, disposition_part;
	bool status_fields;         /* fields of a notification stand in the words */
	bool returned;              /* a mail or its header came with it */
	size_t named;               /* recipients that the words name */
	struct bytes words;         /* what is written, without the mail that is quoted */
};

/* *complaint is the type of a feedback report that has no part to say it; empty: none. *why and
 * *complaint are static. False: out of memory. */
MUST_USE bool bounce_kind_read(struct arena *a, const struct bounce_signs *s, enum bounce_kind *kind, const char **why,
                               struct bytes *complaint);

/* The value of the first field of that name, unfolded; { NULL, 0 }: none. */
struct bytes bounce_kind_field(struct arena *a, const struct header *h, const char *name);
