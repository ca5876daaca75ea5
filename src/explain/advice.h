/* advice.h - what to do, by verdict: one row an action, shown only where the
 * verdict supports it. */
#pragma once
#include "explain/verdict.h"

struct advice_row {
	const char *id;   /* stable: in JSON and in the manual */
	bool (*applies)(const struct verdict *v, const struct facts *f);
	const char *text;
};

extern const struct advice_row advice_rows[];
extern const size_t advice_row_count;

/* Is row i for this case? */
bool advice_applies(size_t i, const struct verdict *v, const struct facts *f);
