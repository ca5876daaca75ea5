/* verdict.h - evidence joined by stated rules to one word, how sure it is, and
 * the one fact that would settle what is open. */
#pragma once
#include "explain/evidence.h"

enum verdict_kind {
	VERDICT_FORGED, VERDICT_GENUINE, VERDICT_CANNOT_TELL, /* mail in the owner's name */
	VERDICT_PROVEN, VERDICT_UNPROVEN,                     /* mail in another's name, or VERDICT_FORGED */
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
