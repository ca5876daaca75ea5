/* sent.h - the Sent folder: which Message-IDs stand in it, and what each was.
 * Built by one thread, then only read. */
#pragma once
#include "folder/folder.h"
#include "base/limits.h"

struct sent;

/* Reads every message's header (Maildir or mbox). NULL: *why says what is wrong, for people. */
MUST_USE struct sent *sent_read(const char *path, const struct limits *limits, char *why, size_t size);
void sent_free(struct sent *s); /* NULL does nothing */

struct sent_mail {
	struct bytes message_id;   /* without brackets */
	struct bytes subject, to;  /* as written; `to` is To, Cc and Bcc joined by commas */
	int64_t date;              /* -1: unreadable */
	struct bytes header;       /* kept so that a case can hold it */
};

/* NULL: not there. */
const struct sent_mail *sent_find(const struct sent *s, struct bytes message_id);
/* Was that recipient (an address) among its To, Cc, Bcc? */
bool sent_went_to(const struct sent_mail *m, struct bytes recipient);
size_t sent_count(const struct sent *s);
int64_t sent_oldest(const struct sent *s); /* date of the oldest one; -1: none */
bool sent_cut(const struct sent *s);       /* a limit was reached: absence proves nothing */
