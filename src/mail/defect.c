/* defect.c - see defect.h */
#include "mail/defect.h"

const struct defect_row defect_rows[DEFECT_KINDS] = {
#define X(id, name, ambiguous, text) [DEFECT_##id] = { name, ambiguous, text },
	DEFECT_TABLE(X)
#undef X
};

void defects_add(struct work *w, struct defects *d, enum defect_kind kind, size_t offset)
{
	struct defect one = { kind, offset };

	d->seen |= UINT64_C(1) << kind;
	if (d->n >= work_limit(w, LIMIT_DEFECTS))
		work_reached(w, LIMIT_DEFECTS);
	else
		(void)!ARENA_PUSH(w->arena, d->list, d->n, d->cap, &one); /* arena_failed tells the driver */
}

bool defects_ambiguous(const struct defects *d)
{
	for (size_t i = 0; i < DEFECT_KINDS; i++)
		if ((d->seen >> i & 1) && defect_rows[i].ambiguous)
			return true;
	return false;
}
