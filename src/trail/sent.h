/* sent.h - the Sent folder: which Message-IDs stand in it, and what each was.
 * Built by one thread, then only read, by any number of threads. */
#pragma once
#include "base/limits.h"
#include "folder/folder.h"

struct sent;

/* Reads every message's header (Maildir or mbox). Of LIMIT_SENT_MAILS mails at most, and of each only
 * the fields that are listed below. NULL: *why says what is wrong, for people (but not the path). */
MUST_USE struct sent *sent_read(const char *path, const struct limits *limits, char *why, size_t size);
void sent_free(struct sent *s); /* NULL does nothing */

/* Slices live as long as the folder. */
struct sent_mail {
	struct bytes message_id;   /* without brackets; empty: it has none */
	struct bytes subject, to;  /* as written but for folds; `to` is To, Cc and Bcc joined by commas */
	int64_t date;              /* -1: unreadable */
	struct bytes header;       /* kept so that a case can hold it: From, To, Cc, Bcc, Subject, Date and
	                            * Message-ID as they stood, lines ended by LF; read again it gives the
	                            * same mail */
};

/* The mail with that Message-ID (without brackets); of several the first. NULL: not there. */
const struct sent_mail *sent_find(const struct sent *s, struct bytes message_id);
/* Was that recipient (an address) among its To, Cc, Bcc? Case is no difference: hardly a system on
 * Earth tells two mailboxes apart by it. Also false when out of memory. */
bool sent_went_to(const struct sent_mail *m, struct bytes recipient);
size_t sent_count(const struct sent *s);
int64_t sent_oldest(const struct sent *s); /* date of the oldest one; -1: none */
bool sent_cut(const struct sent *s);       /* a limit was reached, or a mail could not be read: absence proves
                                            * nothing */
