/* owner.h - whose mailbox the mail lies in: the addresses that the person names,
 * else the one that the mail was delivered to. */
#pragma once
#include "verify/verify.h"

struct owner {
	const struct bytes *addresses;  /* given, or the one guess */
	size_t n;
	const struct dname *domains;    /* of them, in the same order, none where there is none */
	struct bytes address;           /* the one this mail is about: the author's, else the first; empty: unknown */
	bool guessed;                   /* taken from the header: Delivered-To, X-Original-To, To */
	bool is_author;                 /* the author, or a candidate of an ambiguous From, is an owner */
};

/* v's header is complete. Slices live in v's arena or are borrowed. False: out of memory. */
MUST_USE bool owner_find(struct verify *v, const struct bytes *given, size_t n_given, struct owner *out);
/* Is that mailbox an address of the owner's? Local parts are compared without regard to case. */
bool owner_is(const struct owner *o, struct arena *a, const struct mailbox *m);
/* Does a log-in name stand for the owner: one of the addresses, or the local part of one? */
bool owner_login(const struct owner *o, struct bytes login);
