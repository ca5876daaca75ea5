/* maillog_index.c - tables of names, log-ins and queue ids; see maillog_index.h */
#include "trail/maillog_index.h"

#include "base/ascii.h"
#include "base/mem.h"

#define TEXT_MAX MAILLOG_TEXT_MAX
#define CHAIN_MAX 8u         /* entries of one queue id that are looked at */
#define WEEK 604800          /* a mail waits in a queue for five days */
#define SLACK 2              /* seconds by which lines of one mail may be out of order */

void *maillog_push(struct maillog_list *list, const void *item, size_t size)
{
	if (list->n == list->cap) {
		size_t cap = list->cap ? list->cap * 2 : 64;
		void *items = mem_realloc(list->items, cap * size);
		if (!items)
			return NULL;
		list->items = items;
		list->cap = cap;
	}
	void *to = (uint8_t *)list->items + list->n++ * size;
	memcpy(to, item, size);
	return to;
}

/* --- texts and names ---------------------------------------------------------------- */

struct bytes maillog_keep(struct maillog *l, struct bytes text)
{
	struct bytes copy = { NULL, 0 };

	if (text.n)
		copy = arena_copy(l->arena, bytes_sub(text, 0, TEXT_MAX));
	if (text.n && !copy.p)
		l->cut = true;
	return copy;
}

static struct bytes lower(struct bytes text, uint8_t to[TEXT_MAX])
{
	size_t n = text.n < TEXT_MAX ? text.n : TEXT_MAX;

	for (size_t i = 0; i < n; i++)
		to[i] = ascii_lower(text.p[i]);
	return (struct bytes){ to, n };
}

uint64_t maillog_address_hash(const struct maillog *l, struct bytes address)
{
	uint8_t text[TEXT_MAX];

	return bytes_hash(lower(address, text), l->seed);
}

uint64_t maillog_recipient_key(uint32_t entry, uint64_t address_hash)
{
	return address_hash ^ ((uint64_t)entry + 1) * UINT64_C(0x9e3779b97f4a7c15);
}

uint64_t maillog_net(const struct ip *ip)
{
	uint64_t net = ip->family;

	for (size_t i = 0; i < 6; i++)
		net = net << 8 | (ip->family == 6 || i < 3 ? ip->b[i] : 0);
	return ip->family ? net : 0;
}

/* Makes a table of places twice as large, when it is half full; `hash` tells where item `i` belongs. */
static bool grow(uint32_t **slots, size_t *count, size_t used, uint64_t (*hash)(const struct maillog *l, uint32_t i),
                 const struct maillog *l)
{
	if (used * 2 < *count)
		return true;
	size_t larger = *count ? *count * 2 : 256;
	uint32_t *table = mem_calloc(larger, sizeof(*table));
	if (!table)
		return false;
	for (size_t i = 0; i < *count; i++) {
		if (!(*slots)[i])
			continue;
		size_t at = hash(l, (*slots)[i] - 1) & (larger - 1);
		while (table[at])
			at = (at + 1) & (larger - 1);
		table[at] = (*slots)[i];
	}
	mem_free(*slots);
	*slots = table;
	*count = larger;
	return true;
}

static struct bytes name_at(const struct maillog *l, size_t i)
{
	return ((const struct bytes *)l->names.items)[i];
}

static uint64_t name_hash(const struct maillog *l, uint32_t i)
{
	return bytes_hash(name_at(l, i), l->seed);
}

/* The slot of a name in lower case, or the empty one where it belongs. */
static size_t name_slot(const struct maillog *l, struct bytes name)
{
	size_t mask = l->name_slot_count - 1, at = bytes_hash(name, l->seed) & mask;

	while (l->name_slots[at] && !bytes_same(name_at(l, l->name_slots[at] - 1), name))
		at = (at + 1) & mask;
	return at;
}

uint32_t maillog_name(const struct maillog *l, struct bytes name)
{
	uint8_t text[TEXT_MAX];

	if (name.n == 0 || l->name_slot_count == 0)
		return 0;
	uint32_t place = l->name_slots[name_slot(l, lower(name, text))];
	return place ? place - 1 : 0;
}

bool maillog_intern(struct maillog *l, struct bytes name, uint32_t *out)
{
	uint8_t text[TEXT_MAX];
	struct bytes none = { NULL, 0 };

	*out = 0;
	if (l->names.n == 0 && !maillog_push(&l->names, &none, sizeof(none)))
		return false;
	if (name.n == 0)
		return true;
	if (!grow(&l->name_slots, &l->name_slot_count, l->names.n, name_hash, l))
		return false;
	name = lower(name, text);
	size_t slot = name_slot(l, name);
	if (!l->name_slots[slot]) {
		struct bytes copy = maillog_keep(l, name);
		if (!copy.n)
			return true; /* the cap of texts: it has no name then */
		if (!maillog_push(&l->names, &copy, sizeof(copy)))
			return false;
		l->name_slots[slot] = (uint32_t)l->names.n;
	}
	*out = l->name_slots[slot] - 1;
	return true;
}

/* --- tallies --------------------------------------------------------------------------- */

static uint64_t row_hash(const struct maillog *l, const struct maillog_tally_row *r)
{
	uint64_t key[3] = { r->net, (uint64_t)r->name << 1 | r->zoned, (uint64_t)(r->at / MAILLOG_BUCKET) };

	return bytes_hash((struct bytes){ (const uint8_t *)key, sizeof(key) }, l->seed);
}

static bool same_row(const struct maillog_tally_row *a, const struct maillog_tally_row *b)
{
	return a->net == b->net && a->name == b->name && a->zoned == b->zoned && a->at / MAILLOG_BUCKET == b->at / MAILLOG_BUCKET;
}

static bool grow_tally(struct maillog *l, struct maillog_tally *t)
{
	if (t->rows.n * 2 < t->slot_count)
		return true;
	size_t larger = t->slot_count ? t->slot_count * 2 : 256;
	uint32_t *table = mem_calloc(larger, sizeof(*table));
	if (!table)
		return false;
	const struct maillog_tally_row *rows = t->rows.items;
	for (size_t i = 0; i < t->rows.n; i++) {
		size_t at = row_hash(l, &rows[i]) & (larger - 1);
		while (table[at])
			at = (at + 1) & (larger - 1);
		table[at] = (uint32_t)i + 1;
	}
	mem_free(t->slots);
	t->slots = table;
	t->slot_count = larger;
	return true;
}

bool maillog_count(struct maillog *l, struct maillog_tally *t, struct maillog_tally_row row)
{
	if (!grow_tally(l, t))
		return false;
	struct maillog_tally_row *rows = t->rows.items;
	size_t mask = t->slot_count - 1, at = row_hash(l, &row) & mask;
	while (t->slots[at] && !same_row(&rows[t->slots[at] - 1], &row))
		at = (at + 1) & mask;
	if (t->slots[at]) {
		struct maillog_tally_row *r = &rows[t->slots[at] - 1];
		r->count = row.count > UINT32_MAX - r->count ? UINT32_MAX : r->count + row.count;
		if (row.at < r->at)
			r->at = row.at;
		return true;
	}
	if (t->rows.n >= l->limits.v[LIMIT_LOG_LOGINS]) {
		t->full = true;
		return true;
	}
	if (!maillog_push(&t->rows, &row, sizeof(row)))
		return false;
	t->slots[at] = (uint32_t)t->rows.n;
	return true;
}

/* --- mails by queue id -------------------------------------------------------------------- */

static struct maillog_entry *entry_at(struct maillog *l, size_t i)
{
	return (struct maillog_entry *)l->entries.items + i;
}

static uint64_t queue_hash(const struct maillog *l, uint32_t i)
{
	return bytes_hash(maillog_at(l, i)->m.queue_id, l->seed);
}

static size_t queue_slot(const struct maillog *l, struct bytes id)
{
	size_t mask = l->queue_slot_count - 1, at = bytes_hash(id, l->seed) & mask;

	while (l->queue_slots[at] && !bytes_same(maillog_at(l, l->queue_slots[at] - 1)->m.queue_id, id))
		at = (at + 1) & mask;
	return at;
}

const struct maillog_entry *maillog_chain(const struct maillog *l, struct bytes queue_id)
{
	uint32_t place = l->queue_slot_count ? l->queue_slots[queue_slot(l, queue_id)] : 0;

	return place ? maillog_at(l, place - 1) : NULL;
}

/* May a line of that time be of this entry? Files come in any order, so its beginning may come last. */
static bool belongs(const struct maillog_entry *e, int64_t at, bool origin)
{
	if (origin)
		return e->origin ? e->m.time == at : e->first >= at - SLACK && e->first - at <= WEEK;
	return !(e->origin && at < e->m.time - SLACK) && !(e->removed && at > e->last + SLACK) && at - e->last <= WEEK &&
	       e->first - at <= WEEK;
}

bool maillog_entry_for(struct maillog *l, const struct maillog_frame *f, const struct maillog_event *ev, bool origin,
                       struct maillog_entry **out)
{
	uint64_t host = bytes_hash(f->host, l->seed);

	*out = NULL;
	if (!grow(&l->queue_slots, &l->queue_slot_count, l->queue_ids, queue_hash, l))
		return false;
	size_t slot = queue_slot(l, ev->queue_id);
	uint32_t place = l->queue_slots[slot];
	for (size_t n = 0; place && n < CHAIN_MAX; n++) {
		struct maillog_entry *e = entry_at(l, place - 1);
		if (e->host == host && belongs(e, f->time, origin)) {
			*out = e;
			return true;
		}
		place = e->older;
	}
	if (l->entries.n >= l->limits.v[LIMIT_LOG_MAILS]) {
		l->cut = true;
		return true;
	}
	struct maillog_entry e = {
		.m = { .queue_id = l->queue_slots[slot] ? entry_at(l, l->queue_slots[slot] - 1)->m.queue_id : maillog_keep(l, ev->queue_id),
		       .time = f->time },
		.first = f->time, .last = f->time, .host = host, .older = l->queue_slots[slot], .zoned = f->zoned,
	};
	if (e.m.queue_id.n == 0)
		return true; /* the cap of texts: nothing can be said of it */
	if (!(*out = maillog_push(&l->entries, &e, sizeof(e))))
		return false;
	l->queue_ids += l->queue_slots[slot] == 0;
	l->queue_slots[slot] = (uint32_t)l->entries.n;
	return true;
}

void maillog_index_free(struct maillog *l)
{
	struct maillog_list *const lists[] = { &l->entries, &l->names, &l->recipients, &l->saved, &l->sections };

	maillog_index_unsort(l);
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		mem_free(lists[i]->items);
	for (size_t i = 0; i < MAILLOG_TALLIES; i++) {
		mem_free(l->tallies[i].rows.items);
		mem_free(l->tallies[i].slots);
	}
	mem_free(l->queue_slots);
	mem_free(l->name_slots);
	arena_free(l->arena);
}
