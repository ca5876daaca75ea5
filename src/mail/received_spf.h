/* received_spf.h - Received-SPF as others wrote it (RFC 7208 section 9.1):
 * evidence of a named provider, never a result of ours. */
#pragma once
#include "base/arena.h"
#include "base/ip.h"

struct received_spf {
	struct bytes result;        /* as written: compare without case; empty: none */
	struct bytes comment;       /* the first one, without parentheses; may hold folds */
	bool has_ip;
	struct ip client_ip;
	struct bytes envelope_from; /* p NULL: not given; n 0: the null sender; without brackets */
	struct bytes helo;
	struct bytes receiver;
	struct bytes identity;      /* "mailfrom", "helo" */
	struct bytes mechanism;
	bool damaged;               /* something could not be read */
};

/* Reads a field's value; pairs may be parted by semicolons or white space. Slices
 * point into it or into the arena. A key counts the first time. False: out of memory. */
MUST_USE bool received_spf_parse(struct arena *a, struct bytes value, struct received_spf *out);
