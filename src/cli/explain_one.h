/* explain_one.h - one mail of `truefrom explain`: judged as it is, or the mail that is attached to
 * it (people forward what they suspect as an attachment). */
#pragma once
#include "explain/explain.h"

/* The same for all mails of a run: only read, shared by threads. */
struct explain_how {
	const struct explain_settings *settings;
	struct lookups *lookups;
	bool attached;        /* judge the attached mail, always */
};

struct explain_one {
	struct explain x;
	bool attached;        /* x is the mail that was attached */
	struct arena *arena;  /* private: of the attached mail */
};

enum explain_one_result {
	EXPLAIN_ONE_OK,
	EXPLAIN_ONE_NO_MEMORY,   /* or the message's own limit of it */
	EXPLAIN_ONE_NOT_ATTACHED /* there is not exactly one mail attached to it */
};

/* Without how->attached the attached mail is judged where the outer one has no trace, is no bounce and
 * holds exactly one. `stored` is the mail as it stands in its folder, which differs where an mbox quoted lines: it is
 * judged where only that fits its signature. Both, and *out, must stay where they are until
 * explain_one_end, which is due whatever the result. offline: the DNS is not asked. */
MUST_USE enum explain_one_result explain_one_judge(const struct explain_how *how, struct bytes message,
                                                   struct bytes stored, bool offline, struct explain_one *out);
void explain_one_end(struct explain_one *one);
