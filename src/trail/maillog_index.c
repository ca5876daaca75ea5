/* maillog_index.c - see maillog_index.h */
#include "trail/maillog_index.h"

#include "base/ascii.h"
#include "base/mem.h"

#define TEXT_MAX 500u        /* bytes that are kept of a text; no real Message-ID or address is longer */
#define CHAIN_MAX 8u         /* entries of one queue id that are looked at */
#define WEEK 604800          /* a mail waits in a queue for five days */
#define SLACK 2              /* seconds by which lines of one mail may be out of order */
#define RECIPIENTS_A_MAIL 4u /* on average, for the cap */

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

/* A copy; memory is short or its cap reached: empty, and absence proves nothing any more. */
static struct bytes keep(struct maillog *l, struct bytes text)
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

/* The number of a name, which is new or not. */
static bool intern(struct maillog *l, struct bytes name, uint32_t *out)
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
		struct bytes copy = keep(l, name);
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

static bool count(struct maillog *l, struct maillog_tally *t, struct maillog_tally_row row)
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

/* The entry that a line belongs to, a new one if need be. *out NULL: the limit is reached. */
static bool entry_for(struct maillog *l, const struct maillog_frame *f, const struct maillog_event *ev, bool origin,
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
		.m = { .queue_id = l->queue_slots[slot] ? entry_at(l, l->queue_slots[slot] - 1)->m.queue_id : keep(l, ev->queue_id),
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

/* --- by kind of line ------------------------------------------------------------------------ */

struct step {
	struct maillog *l;
	struct maillog_section *section;
	const struct maillog_frame *f;
	const struct maillog_event *ev;
	struct maillog_entry *e; /* for lines with a queue id */
};

static bool note_login(struct step *s, int which, uint32_t number)
{
	struct maillog *l = s->l;
	struct maillog_tally *t = &l->tallies[which];
	uint64_t times = (uint64_t)number * s->ev->times;
	struct maillog_tally_row row = {
		.at = s->f->time, .net = maillog_net(&s->ev->client), .zoned = s->f->zoned,
		.count = times > UINT32_MAX ? UINT32_MAX : (uint32_t)times,
	};

	bool refused = which == MAILLOG_TALLY_REFUSED || which == MAILLOG_TALLY_BY_AUTH;

	if (refused && t->full)
		return true; /* guessers may type any number of names: they shall not fill the memory */
	if (!intern(l, s->ev->login, &row.name) || !count(l, t, row))
		return false;
	l->cut |= !refused && t->full;
	if (refused) {
		l->refused.tally = which;
		l->refused.name = row.name;
		l->refused.net = row.net;
		l->refused.at = row.at;
		l->refused.zoned = row.zoned;
		l->refused.set = true;
	}
	return true;
}

static bool on_client(struct step *s)
{
	struct maillog_entry *e = s->e;

	if (s->ev->login.n && !s->section->stated)
		s->section->submissions++;
	if (e && !e->origin) {
		e->origin = true;
		e->m.time = s->f->time;
		e->m.client = s->ev->client;
		e->m.client_name = keep(s->l, s->ev->client_name);
		e->m.submitted = s->ev->login.n > 0;
		e->m.login = keep(s->l, s->ev->login);
		if (!intern(s->l, s->ev->login, &e->login_id))
			return false;
	}
	return !s->ev->login.n || note_login(s, MAILLOG_TALLY_ACCEPTED, 1);
}

static bool on_pickup(struct step *s)
{
	struct maillog_entry *e = s->e;

	if (e && !e->origin) {
		e->origin = true;
		e->m.time = s->f->time;
		e->m.local = true;
		e->m.uid = s->ev->number;
		e->m.from = keep(s->l, s->ev->from);
	}
	return true;
}

static bool on_message_id(struct step *s)
{
	if (s->e && s->e->m.message_id.n == 0)
		s->e->m.message_id = keep(s->l, s->ev->message_id);
	return true;
}

static bool on_queued(struct step *s)
{
	struct maillog_entry *e = s->e;

	if (e && e->m.recipients == 0)
		e->m.from = keep(s->l, s->ev->from);
	if (e && s->ev->recipients > e->m.recipients) /* of those that wait, only the rest is told again */
		e->m.recipients = s->ev->recipients;
	return true;
}

static bool on_removed(struct step *s)
{
	if (s->e)
		s->e->removed = true;
	return true;
}

static bool add_recipient(struct maillog *l, const struct maillog_entry *e, struct bytes address)
{
	uint64_t key = maillog_recipient_key((uint32_t)(e - maillog_at(l, 0)), maillog_address_hash(l, address));

	if (address.n == 0)
		return true;
	if (l->recipients.n >= (size_t)l->limits.v[LIMIT_LOG_MAILS] * RECIPIENTS_A_MAIL) {
		l->cut = true;
		return true;
	}
	return maillog_push(&l->recipients, &key, sizeof(key));
}

static bool on_delivery(struct step *s)
{
	struct maillog_entry *e = s->e;

	if (!e)
		return true;
	e->m.sent += s->ev->status == MAILLOG_SENT;
	e->m.bounced += s->ev->status == MAILLOG_BOUNCED;
	e->m.deferred += s->ev->status == MAILLOG_DEFERRED;
	return add_recipient(s->l, e, s->ev->to) && add_recipient(s->l, e, s->ev->orig_to);
}

static bool on_notice(struct step *s)
{
	if (s->e)
		s->e->m.bounce_queue_id = keep(s->l, s->ev->other_id);
	return true;
}

static bool on_accepted(struct step *s)
{
	if (s->ev->submission && !s->section->stated)
		s->section->submissions++;
	return note_login(s, MAILLOG_TALLY_ACCEPTED, 1) &&
	       (!s->ev->submission || note_login(s, MAILLOG_TALLY_HANDED_IN, 1));
}

static bool on_refused(struct step *s)
{
	return note_login(s, MAILLOG_TALLY_REFUSED, s->ev->number);
}

static bool on_refused_by_auth(struct step *s)
{
	return note_login(s, MAILLOG_TALLY_BY_AUTH, s->ev->number);
}

static bool on_unknown_user(struct step *s)
{
	if (!s->section->stated)
		s->section->backscatter += s->ev->times;
	return true;
}

static bool on_saved(struct step *s)
{
	struct maillog *l = s->l;
	struct maillog_saved saved = {
		.id = bytes_hash(bytes_sub(s->ev->message_id, 0, TEXT_MAX), l->seed),
		.recipient = maillog_address_hash(l, s->ev->login), .at = s->f->time,
	};

	if (l->saved.n >= l->limits.v[LIMIT_LOG_MAILS]) {
		l->cut = true;
		return true;
	}
	return maillog_push(&l->saved, &saved, sizeof(saved));
}

/* The time is that of the line before: between its first and last time nothing more is known. */
static bool on_again(struct step *s)
{
	struct maillog *l = s->l;

	if (!l->refused.set)
		return true;
	l->refused.set = false;
	return count(l, &l->tallies[l->refused.tally],
	             (struct maillog_tally_row){ .at = l->refused.at, .net = l->refused.net, .name = l->refused.name,
	                                         .count = s->ev->times, .zoned = l->refused.zoned });
}

static const struct {
	bool (*on)(struct step *s);
	bool has_entry, origin; /* the line is of a mail; it begins one */
} steps[MAILLOG_KINDS] = {
	[MAILLOG_CLIENT] = { on_client, true, true },
	[MAILLOG_PICKUP] = { on_pickup, true, true },
	[MAILLOG_MESSAGE_ID] = { on_message_id, true },
	[MAILLOG_QUEUED] = { on_queued, true },
	[MAILLOG_REMOVED] = { on_removed, true },
	[MAILLOG_DELIVERY] = { on_delivery, true },
	[MAILLOG_NOTICE] = { on_notice, true },
	[MAILLOG_ACCEPTED] = { on_accepted },
	[MAILLOG_REFUSED] = { on_refused },
	[MAILLOG_REFUSED_BY_AUTH] = { on_refused_by_auth },
	[MAILLOG_UNKNOWN_USER] = { on_unknown_user },
	[MAILLOG_SAVED] = { on_saved },
	[MAILLOG_AGAIN] = { on_again },
};

bool maillog_index_add(struct maillog *l, const struct maillog_frame *frame, const struct maillog_event *ev)
{
	struct step s = { .l = l, .f = frame, .ev = ev };

	assert(l->sections.n);
	s.section = (struct maillog_section *)l->sections.items + (l->sections.n - 1);
	if (ev->kind != MAILLOG_AGAIN)
		l->refused.set = false;
	if (steps[ev->kind].has_entry) {
		if (!entry_for(l, frame, ev, steps[ev->kind].origin, &s.e))
			return false;
		if (s.e && frame->time < s.e->first)
			s.e->first = frame->time;
		if (s.e && frame->time > s.e->last)
			s.e->last = frame->time;
		if (s.e && !s.e->origin)
			s.e->m.time = s.e->first;
	}
	return steps[ev->kind].on(&s);
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
