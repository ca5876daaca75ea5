/* redact_map.c - redact_map_*; see redact_state.h */
#include "base/ascii.h"
#include "explain/redact_state.h"

struct redact_map_slot {
	struct bytes key, value; /* key.p NULL: free */
};

static struct redact_map_slot *slot_of(const struct redact_map *m, struct bytes key)
{
	size_t i = bytes_hash(key, 0) & (m->cap - 1);

	while (m->slots[i].key.p && !bytes_same(m->slots[i].key, key))
		i = (i + 1) & (m->cap - 1);
	return &m->slots[i];
}

const struct bytes *redact_map_find(const struct redact_map *m, struct bytes key)
{
	const struct redact_map_slot *s = m->cap ? slot_of(m, key) : NULL;

	return s && s->key.p ? &s->value : NULL;
}

bool redact_map_has_lower(const struct redact_map *m, struct bytes text)
{
	uint8_t lower[256];

	if (text.n > sizeof(lower))
		return false;
	for (size_t i = 0; i < text.n; i++)
		lower[i] = ascii_lower(text.p[i]);
	return redact_map_find(m, (struct bytes){ lower, text.n }) != NULL;
}

static bool grow(struct arena *a, struct redact_map *m)
{
	struct redact_map bigger = { .cap = m->cap ? 2 * m->cap : 64, .n = m->n };

	bigger.slots = arena_array(a, struct redact_map_slot, bigger.cap);
	if (!bigger.slots)
		return false;
	for (size_t i = 0; i < m->cap; i++)
		if (m->slots[i].key.p)
			*slot_of(&bigger, m->slots[i].key) = m->slots[i];
	*m = bigger;
	return true;
}

void redact_map_put(struct arena *a, struct redact_map *m, struct bytes key, struct bytes value)
{
	if (2 * m->n >= m->cap && !grow(a, m))
		return;
	struct redact_map_slot *s = slot_of(m, key);
	m->n += s->key.p == NULL;
	*s = (struct redact_map_slot){ { key.p ? key.p : (const uint8_t *)"", key.n }, value };
}

void redact_map_add(struct arena *a, struct redact_map *m, struct bytes key)
{
	if (!redact_map_find(m, key)) {
		struct bytes copy = arena_copy(a, key);
		if (copy.p)
			redact_map_put(a, m, copy, B(""));
	}
}
