/* campaign.c - see campaign.h. Mails are put in the order of their time; each is joined with the last
 * one before it that shares a key (union-find), if that is not too long ago. */
#include "explain/campaign.h"

#include "base/mem.h"
#include "dns/dns_seed.h"

#define DAY 86400
#define APART (3 * DAY)      /* mails that share a key and are further apart are not joined by it */
#define GROUP_MIN 3u         /* fewer mails are no campaign */
#define OWN_MIN 20u          /* fewer copies of a mail through the owner's account are ordinary */
#define WAVE_MIN 10u         /* strange bounces within a day that are worth a word */
#define TEXT_MEMORY (1u << 30) /* in truth bounded by LIMIT_CAMPAIGN_MAILS */

/* Something that mails can share. */
struct key {
	uint64_t hash;
	enum campaign_key_kind kind;
	bool common;             /* proven mail of several authors has it: everybody does */
	uint64_t proven_author;  /* one of them; 0: none */
	uint32_t last;           /* the last mail with it, in order of time, + 1 */
	struct bytes text;
};

struct mail {
	int64_t time;
	struct ip_net net;
	uint32_t asn;
	uint32_t first_pair;
	uint8_t n_pairs;
	uint8_t verdict;
	bool in_owner_name, bounce, own;
};

struct campaigns {
	size_t limit, all;
	size_t verdicts[VERDICT_KINDS];
	size_t bounces, strange;
	uint64_t seed;
	struct arena *arena;     /* texts, and what campaign_finish makes */
	struct mail *mails;
	size_t n, cap;
	uint32_t *pairs;         /* keys of each mail, one after the other */
	size_t n_pairs, pairs_cap;
	struct key *keys;
	size_t n_keys, keys_cap;
	uint32_t *table;         /* of keys, + 1; 0: free */
	size_t table_size;       /* a power of two */
};

struct campaigns *campaign_new(const struct limits *limits)
{
	struct campaigns *c = mem_calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->limit = limits->v[LIMIT_CAMPAIGN_MAILS];
	c->seed = dns_seed();
	c->arena = arena_new(TEXT_MEMORY);
	if (c->arena)
		return c;
	campaign_free(c);
	return NULL;
}

void campaign_free(struct campaigns *c)
{
	if (!c)
		return;
	arena_free(c->arena);
	mem_free(c->mails);
	mem_free(c->pairs);
	mem_free(c->keys);
	mem_free(c->table);
	mem_free(c);
}

/* --- adding --- */

/* Room for `more` elements behind the n that are there. NULL: out of memory, and the old array is still good. */
static void *room(void *items, size_t n, size_t *cap, size_t more, size_t size)
{
	size_t wanted = *cap ? *cap : 64;

	if (n + more <= *cap)
		return items;
	while (wanted < n + more)
		wanted *= 2;
	void *grown = mem_realloc(items, wanted * size);
	if (grown)
		*cap = wanted;
	return grown;
}

static uint32_t *slot_of(const struct campaigns *c, uint64_t hash, enum campaign_key_kind kind)
{
	uint64_t mixed = (hash ^ c->seed) * UINT64_C(0x9e3779b97f4a7c15);
	size_t at = (mixed ^ mixed >> 32) & (c->table_size - 1);

	for (; c->table[at]; at = (at + 1) & (c->table_size - 1)) {
		const struct key *k = &c->keys[c->table[at] - 1];
		if (k->hash == hash && k->kind == kind)
			break;
	}
	return &c->table[at];
}

static bool grow_table(struct campaigns *c)
{
	size_t size = c->table_size ? c->table_size * 2 : 256;
	uint32_t *table = mem_calloc(size, sizeof(*table));

	if (!table)
		return false;
	mem_free(c->table);
	c->table = table;
	c->table_size = size;
	for (size_t i = 0; i < c->n_keys; i++)
		*slot_of(c, c->keys[i].hash, c->keys[i].kind) = (uint32_t)i + 1;
	return true;
}

/* The key's index; SIZE_MAX: out of memory. */
static size_t intern(struct campaigns *c, const struct campaign_key *key)
{
	if (c->n_keys * 2 >= c->table_size && !grow_table(c))
		return SIZE_MAX;
	uint32_t *slot = slot_of(c, key->hash, key->kind);
	if (*slot)
		return *slot - 1;
	struct key *keys = room(c->keys, c->n_keys, &c->keys_cap, 1, sizeof(*keys));
	struct bytes text = arena_copy(c->arena, (struct bytes){ (const uint8_t *)key->text, key->n });
	if (keys)
		c->keys = keys;
	if (!keys || arena_failed(c->arena))
		return SIZE_MAX;
	keys[c->n_keys] = (struct key){ .hash = key->hash, .kind = key->kind, .text = text };
	*slot = (uint32_t)++c->n_keys;
	return *slot - 1;
}

/* What proven mail of two organisations has is everybody's: the host of a big platform, "Newsletter". */
static void note_common(struct key *k, const struct campaign_mail *mail)
{
	if (mail->verdict != VERDICT_PROVEN)
		return;
	k->common |= k->proven_author && k->proven_author != mail->author;
	k->proven_author = mail->author;
}

static bool add_pairs(struct campaigns *c, const struct campaign_mail *mail)
{
	uint32_t *pairs = room(c->pairs, c->n_pairs, &c->pairs_cap, CAMPAIGN_KEYS, sizeof(*pairs));

	if (!pairs)
		return false;
	c->pairs = pairs;
	for (size_t i = 0; i < mail->n_keys; i++) {
		size_t k = intern(c, &mail->keys[i]);
		if (k == SIZE_MAX)
			return false;
		note_common(&c->keys[k], mail);
		pairs[c->n_pairs++] = (uint32_t)k;
	}
	return true;
}

static bool is_strange(const struct campaign_mail *mail)
{
	return mail->bounce && mail->verdict != VERDICT_ABOUT_YOUR_MAIL;
}

bool campaign_add(struct campaigns *c, const struct campaign_mail *mail)
{
	size_t first = c->n_pairs;

	c->all++;
	c->verdicts[mail->verdict]++;
	c->bounces += mail->bounce;
	c->strange += is_strange(mail);
	if (c->n == c->limit)
		return true;
	struct mail *mails = room(c->mails, c->n, &c->cap, 1, sizeof(*mails));
	if (mails)
		c->mails = mails;
	if (!mails || !add_pairs(c, mail))
		return false;
	mails[c->n++] = (struct mail){
		.time = mail->time, .net = mail->net, .asn = mail->asn, .verdict = (uint8_t)mail->verdict,
		.in_owner_name = mail->in_owner_name, .bounce = mail->bounce, .own = mail->own,
		.first_pair = (uint32_t)first, .n_pairs = (uint8_t)mail->n_keys,
	};
	return true;
}

/* --- joining --- */

/* Trees of mails: the roots stand for groups. */
struct forest {
	uint32_t *parent, *size;
};

static uint32_t root_of(const struct forest *f, uint32_t i)
{
	while (f->parent[i] != i)
		i = f->parent[i] = f->parent[f->parent[i]];
	return i;
}

static void join(struct forest *f, uint32_t a, uint32_t b)
{
	a = root_of(f, a);
	b = root_of(f, b);
	if (a == b)
		return;
	if (f->size[a] < f->size[b]) {
		uint32_t smaller = a;
		a = b;
		b = smaller;
	}
	f->parent[b] = a;
	f->size[a] += f->size[b];
}

static int by_time(const void *a, const void *b, void *user)
{
	const struct mail *mails = user;
	uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;

	if (mails[i].time != mails[j].time)
		return mails[i].time < mails[j].time ? -1 : 1;
	return i < j ? -1 : i > j;
}

static void join_mail(struct campaigns *c, struct forest *f, uint32_t i)
{
	const struct mail *m = &c->mails[i];

	for (size_t p = 0; p < m->n_pairs; p++) {
		struct key *k = &c->keys[c->pairs[m->first_pair + p]];
		if (k->common)
			continue;
		if (k->last && m->time - c->mails[k->last - 1].time <= APART)
			join(f, i, k->last - 1);
		k->last = i + 1;
	}
}

/* Proven mail of others is nobody's campaign that matters here, and joins nothing. */
static void join_all(struct campaigns *c, struct forest *f, const uint32_t *order)
{
	for (uint32_t i = 0; i < c->n; i++) {
		f->parent[i] = i;
		f->size[i] = 1;
	}
	for (size_t i = 0; i < c->n_keys; i++)
		c->keys[i].last = 0;
	for (size_t i = 0; i < c->n; i++)
		if (c->mails[order[i]].verdict != VERDICT_PROVEN)
			join_mail(c, f, order[i]);
}

/* Mails group by group, within each in order of time: where a group begins is left in start[root]. */
static void sort_by_group(const struct campaigns *c, const struct forest *f, const uint32_t *order, uint32_t *members,
                          uint32_t *start)
{
	uint32_t at = 0;

	for (uint32_t i = 0; i < c->n; i++)
		if (f->parent[i] == i) {
			start[i] = at;
			at += f->size[i];
		}
	for (size_t i = 0; i < c->n; i++)
		members[start[root_of(f, order[i])]++] = order[i];
	for (uint32_t i = 0; i < c->n; i++)
		if (f->parent[i] == i)
			start[i] -= f->size[i];
}

/* --- what a group shows --- */

struct group {
	const struct campaigns *c;
	const uint32_t *members; /* in order of time */
	size_t n;
	uint64_t *scratch;       /* room for CAMPAIGN_KEYS of each member */
};

static int compare_u64(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Sorts; how many different values there are, and which is there most often (NULL: is not asked for). */
static size_t distinct(uint64_t *v, size_t n, uint64_t *most, size_t *times)
{
	size_t different = 0, run = 0, longest = 0;

	qsort(v, n, sizeof(*v), compare_u64);
	for (size_t i = 0; i < n; i++) {
		run = i && v[i] == v[i - 1] ? run + 1 : 1;
		different += run == 1;
		if (run > longest && most) {
			longest = run;
			*most = v[i];
			*times = run;
		}
	}
	return different;
}

static void count_members(const struct group *g, struct campaign *out)
{
	out->mails = g->n;
	out->number = SIZE_MAX;
	for (size_t i = 0; i < g->n; i++) {
		const struct mail *m = &g->c->mails[g->members[i]];
		out->verdicts[m->verdict]++;
		out->bounces += m->bounce;
		out->in_owner_name += m->in_owner_name;
		if (g->members[i] + (size_t)1 < out->number)
			out->number = g->members[i] + (size_t)1;
	}
}

/* Times are in order; the unknown ones stand in front. */
static void find_times(const struct group *g, struct campaign *out)
{
	size_t first = 0;

	out->first = out->last = out->busy_from = out->busy_to = -1;
	while (first < g->n && g->c->mails[g->members[first]].time < 0)
		first++;
	size_t n = g->n - first, most = n - n / 10;
	if (n == 0)
		return;
	out->first = g->c->mails[g->members[first]].time;
	out->last = g->c->mails[g->members[g->n - 1]].time;
	out->busy_from = out->first;
	out->busy_to = out->last;
	for (size_t i = first; i + most <= g->n; i++) {
		int64_t from = g->c->mails[g->members[i]].time, to = g->c->mails[g->members[i + most - 1]].time;
		if (to - from < out->busy_to - out->busy_from) {
			out->busy_from = from;
			out->busy_to = to;
		}
	}
}

static void find_networks(const struct group *g, struct campaign *out)
{
	size_t n = 0, own = 0, systems = 0;

	for (size_t i = 0; i < g->n; i++) {
		const struct mail *m = &g->c->mails[g->members[i]];
		if (m->net.ip.family)
			g->scratch[n++] = bytes_hash((struct bytes){ m->net.ip.b, sizeof(m->net.ip.b) }, m->net.ip.family);
	}
	out->networks = distinct(g->scratch, n, NULL, NULL);
	for (size_t i = 0; i < g->n; i++) {
		const struct mail *m = &g->c->mails[g->members[i]];
		if (m->net.ip.family && m->own)
			g->scratch[own++] = bytes_hash((struct bytes){ m->net.ip.b, sizeof(m->net.ip.b) }, m->net.ip.family);
	}
	out->own_networks = distinct(g->scratch, own, NULL, NULL);
	for (size_t i = 0; i < g->n; i++)
		if (g->c->mails[g->members[i]].asn)
			g->scratch[systems++] = g->c->mails[g->members[i]].asn;
	out->systems = distinct(g->scratch, systems, NULL, NULL);
}

/* The key of a kind that most have, and how many there are; empty where not even half of those that have one have it. */
static size_t find_shared(const struct group *g, enum campaign_key_kind kind, struct bytes *out)
{
	size_t n = 0, having = 0, times = 0;
	uint64_t most = 0;

	for (size_t i = 0; i < g->n; i++) {
		const struct mail *m = &g->c->mails[g->members[i]];
		size_t before = n;
		for (size_t p = 0; p < m->n_pairs; p++) {
			uint32_t k = g->c->pairs[m->first_pair + p];
			if (g->c->keys[k].kind == kind && !g->c->keys[k].common)
				g->scratch[n++] = k;
		}
		having += n > before;
	}
	size_t different = distinct(g->scratch, n, &most, &times);
	if (times && times * 2 >= having)
		*out = g->c->keys[most].text;
	return different;
}

static enum campaign_kind kind_of(const struct campaign *g)
{
	const size_t *v = g->verdicts;
	bool forged = v[VERDICT_FORGED] || v[VERDICT_BACKSCATTER];
	bool strangers = v[VERDICT_ACCOUNT_USED] || v[VERDICT_OWN_DEVICE] || v[VERDICT_FORGED_THROUGH];

	if (forged || strangers)
		return forged && strangers ? CAMPAIGN_BOTH : forged ? CAMPAIGN_FORGED : CAMPAIGN_HACKED;
	return v[VERDICT_LOOKALIKE] ? CAMPAIGN_LOOKALIKE : g->inside ? CAMPAIGN_OWN : CAMPAIGN_OPEN;
}

static bool is_worth_telling(const struct campaign *g)
{
	switch (g->kind) {
	case CAMPAIGN_OWN:
		return g->mails >= OWN_MIN;
	case CAMPAIGN_OPEN:
		return g->in_owner_name >= GROUP_MIN;
	default:
		return true;
	}
}

static struct campaign describe(const struct group *g)
{
	static const enum verdict_kind inside[] = {
		VERDICT_ACCOUNT_USED, VERDICT_OWN_DEVICE, VERDICT_FORGED_THROUGH, VERDICT_GENUINE, VERDICT_ABOUT_YOUR_MAIL,
	};
	struct campaign out = { 0 };

	count_members(g, &out);
	for (size_t i = 0; i < ARRAY_LEN(inside); i++)
		out.inside += out.verdicts[inside[i]];
	out.kind = kind_of(&out);
	find_times(g, &out);
	find_networks(g, &out);
	out.subjects = find_shared(g, CAMPAIGN_SUBJECT, &out.subject);
	find_shared(g, CAMPAIGN_PLACE, &out.place);
	return out;
}

/* --- the summary --- */

static int largest_first(const void *a, const void *b)
{
	const struct campaign *x = a, *y = b;

	if (x->mails != y->mails)
		return x->mails > y->mails ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

/* The 24 hours with most strange bounces. */
static void find_wave(const struct campaigns *c, const uint32_t *order, uint64_t *times, struct campaign_summary *s)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++) {
		const struct mail *m = &c->mails[order[i]];
		if (m->bounce && m->verdict != VERDICT_ABOUT_YOUR_MAIL && m->time >= 0)
			times[n++] = (uint64_t)m->time;
	}
	for (size_t from = 0, to = 0; to < n; to++) {
		while (times[to] - times[from] >= DAY)
			from++;
		if (to - from + 1 > s->wave && to - from + 1 >= WAVE_MIN) {
			s->wave = to - from + 1;
			s->wave_from = (int64_t)times[from];
			s->wave_to = (int64_t)times[to];
		}
	}
}

static bool list_groups(struct campaigns *c, const struct forest *f, const uint32_t *members, const uint32_t *start,
                        uint64_t *scratch, struct campaign_summary *s)
{
	size_t cap = 0;

	for (uint32_t i = 0; i < c->n; i++) {
		if (f->parent[i] != i || f->size[i] < GROUP_MIN)
			continue;
		struct group g = { .c = c, .members = members + start[i], .n = f->size[i], .scratch = scratch };
		struct campaign found = describe(&g);
		if (!is_worth_telling(&found))
			continue;
		if (!ARENA_PUSH(c->arena, s->list, s->n, cap, &found))
			return false;
	}
	if (s->n)
		qsort(s->list, s->n, sizeof(*s->list), largest_first);
	s->more = s->n > CAMPAIGN_LISTED ? s->n - CAMPAIGN_LISTED : 0;
	s->n -= s->more;
	return true;
}

bool campaign_finish(struct campaigns *c, struct campaign_summary *out)
{
	struct campaign_summary s = {
		.mails = c->all, .not_grouped = c->all - c->n, .bounces = c->bounces, .strange = c->strange,
	};
	uint32_t *order = arena_array(c->arena, uint32_t, c->n), *members = arena_array(c->arena, uint32_t, c->n);
	uint32_t *start = arena_array(c->arena, uint32_t, c->n);
	struct forest f = { arena_array(c->arena, uint32_t, c->n), arena_array(c->arena, uint32_t, c->n) };
	uint64_t *scratch = arena_array(c->arena, uint64_t, c->n_pairs + c->n);

	if (!order || !members || !start || !f.parent || !f.size || !scratch)
		return false;
	memcpy(s.verdicts, c->verdicts, sizeof(s.verdicts));
	for (uint32_t i = 0; i < c->n; i++)
		order[i] = i;
	if (c->n)
		qsort_r(order, c->n, sizeof(*order), by_time, c->mails);
	join_all(c, &f, order);
	sort_by_group(c, &f, order, members, start);
	find_wave(c, order, scratch, &s);
	if (!list_groups(c, &f, members, start, scratch, &s))
		return false;
	*out = s;
	return true;
}
