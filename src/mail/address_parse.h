/* address_parse.h - a list of mailboxes and groups, read strictly but to its
 * end: whatever is odd becomes a defect of From, and reading goes on (RFC 5322
 * section 3.4, 4.4). For author.c and address_list_read. */
#pragma once
#include "mail/address.h"
#include "mail/address_token.h"

#define ADDRESS_LOCAL_MAX 1000u  /* bytes; RFC 5321 section 4.5.3.1.1 has 64, real ones are longer */
#define ADDRESS_DOMAIN_MAX 1000u /* bytes as written: U-labels are longer than what they become */
#define ADDRESS_NAME_MAX 4096u   /* bytes of a display name that are kept, for people to see */

struct address_parse {
	struct bytes comment;     /* the last one of the mailbox that was read; n == 0: none */
	bool ambiguous;           /* a defect of that kind was found */
	/* private */
	struct work *w;
	struct defects *defects;
	size_t base;
	struct address_lexer lx;
	struct address_token t;   /* the one to look at: no comment, nothing that has no place */
	size_t comments;          /* how many have been passed */
	bool group;               /* within one */
};

/* Starts on `text`, which stands at `base` of the message. What is odd is added
 * to `defects`, each kind once; NULL: nowhere. */
void address_parse_begin(struct address_parse *p, struct work *w, struct defects *defects,
                         struct bytes text, size_t base);
/* The next mailbox, also one without a usable domain; false at the end. */
bool address_parse_next(struct address_parse *p, struct mailbox *out);
