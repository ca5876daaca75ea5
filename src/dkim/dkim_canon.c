/* dkim_canon.c - see dkim_canon.h */
#include "dkim/dkim_canon.h"

#include "base/ascii.h"
#include "dkim/dkim_relaxed.h"

/* --- where canonical bytes go --- */

void dkim_sink_init(struct dkim_sink *s, void (*take)(void *user, struct bytes piece), void *user)
{
	s->take = take;
	s->user = user;
	s->n = 0;
}

static void take_digest(void *user, struct bytes piece)
{
	digest_update(user, piece); /* a failure stays in the digest */
}

void dkim_sink_to_digest(struct dkim_sink *s, struct digest *d)
{
	dkim_sink_init(s, take_digest, d);
}

void dkim_sink_flush(struct dkim_sink *s)
{
	if (s->n)
		s->take(s->user, (struct bytes){ s->hold, s->n });
	s->n = 0;
}

void dkim_sink_put(struct dkim_sink *s, struct bytes piece)
{
	if (piece.n > sizeof(s->hold) - s->n)
		dkim_sink_flush(s);
	if (piece.n > sizeof(s->hold)) {
		s->take(s->user, piece);
	} else if (piece.n) {
		memcpy(s->hold + s->n, piece.p, piece.n);
		s->n += piece.n;
	}
}

static void put_byte(struct dkim_sink *s, uint8_t c)
{
	if (s->n == sizeof(s->hold))
		dkim_sink_flush(s);
	s->hold[s->n++] = c;
}

/* --- one field --- */

/* The length of the line end at b[at]: 0, 1 (LF), or 2 (CRLF). */
static size_t line_end_at(struct bytes b, size_t at, enum line_ends ends)
{
	if (b.p[at] == '\n')
		return ends == LINES_LF;
	return b.p[at] == '\r' && at + 1 < b.n && b.p[at + 1] == '\n' ? 2 : 0;
}

static struct bytes without_line_end(struct bytes b, enum line_ends ends)
{
	if (b.n >= 2 && line_end_at(b, b.n - 2, ends) == 2)
		return bytes_sub(b, 0, b.n - 2);
	return bytes_sub(b, 0, b.n - (b.n && line_end_at(b, b.n - 1, ends) == 1));
}

/* As it is, each line end as CRLF. */
static void put_simple(struct dkim_sink *s, struct bytes b, enum line_ends ends)
{
	size_t start = 0;

	for (size_t i = 0; ends == LINES_LF && (i = bytes_find(b, '\n', i)) < b.n; i++) {
		if (i > 0 && b.p[i - 1] == '\r')
			continue;
		dkim_sink_put(s, bytes_sub(b, start, i - start));
		put_byte(s, '\r');
		start = i;
	}
	dkim_sink_put(s, bytes_from(b, start));
}

/* A value on its way through relaxed canonicalization, perhaps in several pieces. */
struct relaxed {
	struct dkim_sink *sink;
	enum line_ends ends;
	bool started; /* a byte that is no white space was put */
	bool space;   /* white space came after it: one SP, if anything follows */
};

static void put_relaxed(struct relaxed *r, struct bytes b)
{
	for (size_t i = 0, end; i < b.n; i = end) {
		size_t fold = line_end_at(b, i, r->ends);
		end = i + (fold ? fold : 1);
		/* a line end goes without a trace only where it is a fold: white space follows */
		if (fold && end < b.n && ascii_is_wsp(b.p[end]))
			continue;
		if (!fold && ascii_is_wsp(b.p[i])) {
			r->space = true;
			continue;
		}
		end = dkim_relaxed_same_value(b, end);
		if (r->space && r->started)
			put_byte(r->sink, ' ');
		r->space = false;
		r->started = true;
		dkim_sink_put(r->sink, bytes_sub(b, i, end - i));
	}
}

static void put_name(struct dkim_sink *s, struct bytes name)
{
	for (struct bytes part; name.n; name = bytes_from(name, part.n)) {
		part = bytes_sub(name, 0, sizeof(s->hold));
		if (part.n > sizeof(s->hold) - s->n)
			dkim_sink_flush(s);
		for (size_t i = 0; i < part.n; i++)
			s->hold[s->n + i] = ascii_lower(part.p[i]);
		s->n += part.n;
	}
	put_byte(s, ':');
}

void dkim_canon_field(struct dkim_sink *s, enum dkim_canon canon, enum line_ends ends,
                      const struct field *f)
{
	if (canon == DKIM_SIMPLE) {
		put_simple(s, without_line_end(f->raw, ends), ends);
	} else {
		struct relaxed r = { .sink = s, .ends = ends };
		put_name(s, f->name);
		put_relaxed(&r, f->value);
	}
	dkim_sink_put(s, B("\r\n"));
}

void dkim_canon_signature(struct dkim_sink *s, enum dkim_canon canon, enum line_ends ends,
                          const struct field *f, struct bytes gone)
{
	struct bytes all = canon == DKIM_SIMPLE ? without_line_end(f->raw, ends) : f->value;
	size_t at = (size_t)(gone.p - all.p);

	assert(gone.p >= all.p && at + gone.n <= all.n);
	struct bytes before = bytes_sub(all, 0, at), after = bytes_from(all, at + gone.n);
	if (canon == DKIM_SIMPLE) {
		put_simple(s, before, ends);
		put_simple(s, after, ends);
		return;
	}
	struct relaxed r = { .sink = s, .ends = ends };
	put_name(s, f->name);
	put_relaxed(&r, before); /* ends in "=", so no white space is torn apart here */
	put_relaxed(&r, after);
}

/* --- which fields --- */

struct dkim_group {
	struct bytes name;
	uint32_t count;
	uint32_t lowest; /* its lowest field, + 1 */
	/* in `round`: */
	uint32_t next;   /* the lowest that was not taken yet, + 1; 0: none */
	uint32_t taken;
	uint32_t round;
};

static uint64_t hash_name(struct bytes name, uint64_t seed)
{
	uint8_t lower[64];
	uint64_t h = seed ^ name.n;

	for (size_t at = 0; at < name.n; at += sizeof(lower)) {
		struct bytes part = bytes_sub(name, at, sizeof(lower));
		for (size_t i = 0; i < part.n; i++)
			lower[i] = ascii_lower(part.p[i]);
		h = bytes_hash((struct bytes){ lower, part.n }, h);
	}
	return h;
}

/* Where the group of a name is noted, or would be. */
static uint32_t *slot_of(struct dkim_fields *x, enum field_id id, struct bytes name)
{
	if (id != FIELD_OTHER)
		return &x->known[id];
	size_t mask = x->slot_count - 1, at = hash_name(name, x->seed) & mask;

	while (x->slots[at] && !bytes_isame(x->groups[x->slots[at] - 1].name, name))
		at = (at + 1) & mask;
	return &x->slots[at];
}

bool dkim_fields_init(struct work *w, const struct header *h, struct dkim_fields *out)
{
	struct dkim_fields x = { .header = h, .slot_count = 16 };

	while (x.slot_count < h->n * 2)
		x.slot_count *= 2;
	x.groups = arena_array(w->arena, struct dkim_group, h->n);
	x.above = arena_array(w->arena, uint32_t, h->n);
	x.slots = arena_array(w->arena, uint32_t, x.slot_count);
	if (!x.groups || !x.above || !x.slots)
		return false;
	x.seed = (uintptr_t)x.groups; /* an address is hard to guess for who writes the names */
	for (uint32_t i = 0; i < h->n; i++) { /* from the top, so that the last one in is the lowest */
		uint32_t *slot = slot_of(&x, h->fields[i].id, h->fields[i].name);
		if (*slot == 0) {
			x.groups[x.n++] = (struct dkim_group){ .name = h->fields[i].name };
			*slot = (uint32_t)x.n;
		}
		struct dkim_group *g = &x.groups[*slot - 1];
		x.above[i] = g->lowest;
		g->lowest = i + 1;
		g->count++;
	}
	dkim_fields_restart(&x);
	*out = x;
	return true;
}

void dkim_fields_restart(struct dkim_fields *x)
{
	x->round++;
}

/* The group at a slot; NULL: there is none. */
static struct dkim_group *group_at(struct dkim_fields *x, uint32_t at)
{
	if (at == 0)
		return NULL;
	struct dkim_group *g = &x->groups[at - 1];
	if (g->round != x->round) {
		g->next = g->lowest;
		g->taken = 0;
		g->round = x->round;
	}
	return g;
}

const struct field *dkim_fields_take(struct dkim_fields *x, struct bytes name,
                                     const struct field *except)
{
	struct dkim_group *g = group_at(x, *slot_of(x, field_id_of(name), name));
	const struct field *f = NULL;

	while (g && g->next && (!f || f == except)) {
		f = &x->header->fields[g->next - 1];
		g->next = x->above[g->next - 1];
	}
	if (!f || f == except)
		return NULL;
	g->taken++;
	return f;
}

size_t dkim_fields_count(struct dkim_fields *x, enum field_id known, size_t *left)
{
	struct dkim_group *g = group_at(x, x->known[known]);

	*left = g ? g->count - g->taken : 0;
	return g ? g->count : 0;
}
