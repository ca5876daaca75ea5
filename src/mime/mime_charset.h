/* mime_charset.h - text of any charset that the system's iconv knows, as UTF-8.
 * Feed it piece by piece; characters may be cut between pieces. */
#pragma once
#include "base/buf.h"

struct mime_charset {
	void *state;        /* iconv's; NULL: as UTF-8, which is checked */
	uint8_t rest[16];   /* the beginning of a character that the last piece cut */
	size_t rest_n;
};

/* A charset that is empty, unknown, or ASCII is read as UTF-8, which ASCII is part of. */
void mime_charset_begin(struct mime_charset *c, struct bytes charset);
/* Appends to `to`; bytes that fit no character become U+FFFD. */
void mime_charset_feed(struct mime_charset *c, struct bytes piece, struct buf *to);
/* What is left of a cut character becomes U+FFFD. Frees *c. */
void mime_charset_end(struct mime_charset *c, struct buf *to);
