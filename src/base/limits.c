/* limits.c - see limits.h */
#include "base/limits.h"

const struct limit_row limit_rows[LIMIT_COUNT] = {
#define X(id, name, standard, min, max, unit, why) \
	[LIMIT_##id] = { name, standard, min, max, unit, why },
	LIMIT_TABLE(X)
#undef X
};

_Static_assert(LIMIT_COUNT <= 64, "work.h keeps the limits that were reached in 64 bits");

void limits_init(struct limits *l)
{
	for (size_t i = 0; i < LIMIT_COUNT; i++)
		l->v[i] = limit_rows[i].standard;
}

bool limits_set(struct limits *l, struct bytes name, uint64_t value, const struct limit_row **row)
{
	const struct limit_row *found = NULL;

	for (size_t i = 0; i < LIMIT_COUNT && !found; i++) {
		if (!bytes_eq(name, limit_rows[i].name))
			continue;
		found = &limit_rows[i];
		if (value >= found->min && value <= found->max) {
			l->v[i] = (uint32_t)value;
			return true;
		}
	}
	if (row)
		*row = found;
	return false;
}
