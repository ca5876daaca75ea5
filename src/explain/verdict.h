/* verdict.h - evidence joined by stated rules to one word, how sure it is, and
 * the one fact that would settle what is open. */
#pragma once
#include "explain/evidence.h"

enum verdict_kind {
	/* mail in the owner's name */
	VERDICT_FORGED,              /* also in another's: somebody else wrote the author's address on it */
	VERDICT_FORGED_THROUGH,      /* a stranger made something of the owner's send it */
	VERDICT_ACCOUNT_USED,        /* a stranger sent it from the owner's account */
	VERDICT_OWN_DEVICE,          /* a device or program of the owner's sent it by itself */
	VERDICT_GENUINE,
	/* mail in another's name */
	VERDICT_PROVEN, VERDICT_UNPROVEN, VERDICT_LOOKALIKE,
	/* what a machine wrote about another mail */
	VERDICT_ABOUT_YOUR_MAIL, VERDICT_BACKSCATTER,
	VERDICT_CANNOT_TELL,
	VERDICT_KINDS
};

struct verdict {
	enum verdict_kind kind;
	enum strength confidence;
	bool in_owner_name;
	const char *rule;     /* static: the combining rule that fired */
	const char *settle;   /* static: the one fact that would settle the matter */
};

struct verdict verdict_of(const struct facts *f, const struct evidence *list, size_t n);
const char *verdict_name(enum verdict_kind k); /* as in JSON */
/* What a command ends with: 0 genuine, proven, about your mail; 1 forged, look-alike, backscatter; 2 not
 * told (cannot tell, unproven); 3 the account or a device of the owner's was used. */
int verdict_status(enum verdict_kind k);
