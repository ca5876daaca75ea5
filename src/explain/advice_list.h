/* advice_list.h - the actions for one message, with what the rows of advice.h leave open: whom to
 * complain to, which record to publish. */
#pragma once
#include "explain/explain.h"

struct advice {
	const struct advice_row *row;
	struct bytes text;   /* paragraphs, each but the last ended by \n */
};

/* In the order in which they are to be done; those for whoever looks after a domain come last. A row whose
 * open place cannot be filled is left out. *out lives in x's arena. Out of memory: arena_failed, and *n is 0. */
void advice_list(const struct explain *x, struct advice **out, size_t *n);
