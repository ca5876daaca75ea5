/* mbox.h - a mailbox of ordinary days, with the DNS that belongs to it: signed mail of
 * several hundred domains, newsletters, mailing lists, attachments, and what is forged,
 * in the owner's name and in that of others. The same each time. */
#pragma once
#include "kit.h"

#define MBOX_OWNER "alice@example.org"
#define MBOX_SERVER "mx1.provider.example" /* the owner's, which took all of it in */

/* Writes n mails (LF line ends) and the zone as a master file. */
void mbox_write(struct kit *k, size_t n, FILE *mails, FILE *zone);
