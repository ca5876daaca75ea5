/* mail.h - mails to measure with: the same each time, of exactly the size that is
 * wanted, like those of ordinary days. Lines end in CRLF. */
#pragma once
#include "base/buf.h"

struct mail {
	const char *from;      /* "alice@example.org" */
	const char *to;
	uint64_t seed;         /* another one: other words */
	size_t body;           /* bytes, exactly */
	bool attachment;       /* most of the body is lines of base64 */
};

/* Pseudo-random numbers: the same sequence for a seed. */
uint64_t mail_random(uint64_t *state);

/* 17 fields, of which 3 are long Received and some are folded: with a signature they are 18. */
void mail_header(struct buf *to, const struct mail *m);
/* Text of 62 to 75 bytes a line, with some double and trailing blanks; no line begins with a dot. */
void mail_body(struct buf *to, const struct mail *m);
/* Both, with the empty line between. On the heap of `to`. */
struct bytes mail_write(struct buf *to, const struct mail *m);
