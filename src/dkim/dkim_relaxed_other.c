/* dkim_relaxed_other.c - for processors without a way of their own; see dkim_relaxed.h */
#include "dkim/dkim_relaxed.h"

const struct dkim_relaxed *dkim_relaxed_special(size_t i)
{
	return NULL;
}
