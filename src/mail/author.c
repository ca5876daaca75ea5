/* author.c - who a message says it is from: author_read of address.h. Two
 * readings of each odd From field: that of the grammar, and one that takes
 * whatever looks like an address, for the readers that we do not know. */
#include "base/ascii.h"
#include "base/idn.h"
#include "mail/address_parse.h"

#define SWEEP_MAX 200u /* places that are tried in one message: each costs memory */

struct reading {
	struct work *w;
	struct header *h;
	struct author author;
	size_t max, swept;
	bool full; /* there was more to read than the limits allow */
};

static bool same_address(const struct mailbox *a, const struct mailbox *b)
{
	return bytes_same(a->local, b->local) && dname_same(a->domain, b->domain);
}

static void fill_up(struct reading *r)
{
	work_reached(r->w, LIMIT_FROM_MAILBOXES);
	r->full = true;
}

/* Keeps the candidates in the order of their offsets. */
static void add_candidate(struct reading *r, const struct mailbox *one)
{
	struct author *a = &r->author;
	size_t at = a->n;

	for (size_t i = 0; i < a->n; i++)
		if (same_address(&a->candidates[i], one))
			return;
	if (a->n == r->max) {
		fill_up(r);
		return;
	}
	for (; at > 0 && a->candidates[at - 1].offset > one->offset; at--)
		a->candidates[at] = a->candidates[at - 1];
	a->candidates[at] = *one;
	a->n++;
}

/* --- whatever looks like an address ----------------------------------------- */

static bool is_local_byte(uint8_t c)
{
	return c >= 0x80 || c == '.' || ascii_is_atext(c);
}

static bool is_domain_byte(uint8_t c)
{
	return c >= 0x80 || c == '.' || c == '-' || c == '_' || ascii_is_alnum(c);
}

/* What a careless reader takes for the local part before the "@" at `at`, and
 * not before `from`. */
static size_t local_start(struct bytes t, size_t from, size_t at)
{
	size_t i = at;

	if (i > from && t.p[i - 1] == '"') {
		for (i--; i > from && t.p[i - 1] != '"'; i--)
			;
		return i > from ? i - 1 : at; /* no quote opens: no local part */
	}
	while (i > from && is_local_byte(t.p[i - 1]))
		i--;
	return i;
}

static bool read_domain(struct arena *a, struct bytes text, struct dname *out)
{
	while (text.n && (text.p[text.n - 1] == '.' || text.p[text.n - 1] == '-'))
		text.n--;
	return text.n && text.n <= ADDRESS_DOMAIN_MAX && dname_parse(a, text, DNAME_HOST, out, NULL);
}

/* The domain behind an "@": the longest, or up to the first byte that is not ASCII. */
static bool domain_behind(struct arena *a, struct bytes t, size_t at, size_t *end, struct dname *out)
{
	size_t ascii, stop;

	for (ascii = at; ascii < t.n && is_domain_byte(t.p[ascii]) && t.p[ascii] < 0x80; ascii++)
		;
	for (stop = ascii; stop < t.n && is_domain_byte(t.p[stop]); stop++)
		;
	*end = stop;
	return read_domain(a, bytes_sub(t, at, stop - at), out) ||
	       (stop > ascii && read_domain(a, bytes_sub(t, at, ascii - at), out));
}

static size_t skip_blanks(struct bytes t, size_t at)
{
	while (at < t.n && (ascii_is_space(t.p[at]) || t.p[at] == 0))
		at++;
	return at;
}

/* Any "x@y" of the text, in or out of quotes, comments and brackets. */
static void sweep(struct reading *r, struct bytes t, size_t base)
{
	struct mailbox one = { .offset = 0 };
	size_t behind = 0; /* the address before */

	for (size_t at = 0; !r->full && (at = bytes_find(t, '@', at)) < t.n;) {
		size_t start = local_start(t, behind, at), domain = skip_blanks(t, at + 1), end;
		struct bytes local = bytes_sub(t, start, at - start);

		if (r->swept++ == SWEEP_MAX) {
			fill_up(r);
			return;
		}
		bool found = domain_behind(r->w->arena, t, domain, &end, &one.domain);
		at = end;
		if (!found)
			continue;
		behind = end;
		if (local.n > ADDRESS_LOCAL_MAX)
			local.n = 0;
		uint8_t *to = arena_array(r->w->arena, uint8_t, local.n);
		one.local = (struct bytes){ to, to ? address_token_unquote(local, to) : 0 };
		one.offset = base + start;
		add_candidate(r, &one);
	}
}

/* --- names that look like addresses ------------------------------------------ */

/* Does the text hold an address of another domain than `own`, neither above nor
 * below it? Names without a dot do not count. */
static bool holds_other_address(struct reading *r, struct bytes text, struct dname own)
{
	struct dname other;
	size_t end;

	for (size_t at = 0; (at = bytes_find(text, '@', at)) < text.n; at = end) {
		if (domain_behind(r->w->arena, text, skip_blanks(text, at + 1), &end, &other) &&
		    dname_labels(other) > 1 && !dname_within(other, own) && !dname_within(own, other))
			return true;
	}
	return false;
}

static void check_name(struct reading *r, const struct mailbox *one, struct bytes comment)
{
	struct bytes name = display_name_decode(r->w->arena, one->display_name);
	bool odd = holds_other_address(r, name, one->domain) ||
	           holds_other_address(r, bytes_sub(comment, 0, ADDRESS_NAME_MAX), one->domain);

	if (odd && !defects_have(&r->h->defects, DEFECT_FROM_ADDRESS_IN_NAME))
		defects_add(r->w, &r->h->defects, DEFECT_FROM_ADDRESS_IN_NAME, one->offset);
}

/* --- fields ----------------------------------------------------------------- */

static size_t value_offset(const struct field *f)
{
	return f->offset + (size_t)(f->value.p - f->raw.p);
}

static void note(struct reading *r, struct defects *d, enum defect_kind kind, size_t offset)
{
	if (!defects_have(d, kind))
		defects_add(r->w, d, kind, offset);
}

static void read_field(struct reading *r, const struct field *f, struct defects *d)
{
	struct address_parse p;
	struct mailbox one;
	size_t n = 0, base = value_offset(f);

	address_parse_begin(&p, r->w, d, f->value, base);
	for (; !r->full && n <= r->max && address_parse_next(&p, &one); n++) {
		if (n == 1)
			note(r, d, DEFECT_SEVERAL_MAILBOXES, one.offset);
		if (n == r->max)
			fill_up(r); /* even where some are the same */
		else
			add_candidate(r, &one);
		if (n == 0 && d == &r->h->defects)
			check_name(r, &one, p.comment);
	}
	if (n == 0 && !p.ambiguous)
		note(r, d, DEFECT_FROM_EMPTY, base);
	if (n != 1 || p.ambiguous || d != &r->h->defects)
		sweep(r, f->value, base);
}

void author_read(struct work *w, struct header *h, struct author *out)
{
	struct reading r = { .w = w, .h = h, .max = work_limit(w, LIMIT_FROM_MAILBOXES) };
	struct defects unused = { 0 };

	r.author.candidates = arena_array(w->arena, struct mailbox, r.max);
	r.full = !r.author.candidates;
	for (size_t i = 0; i < h->n && !r.full; i++)
		if (h->fields[i].id == FIELD_FROM)
			read_field(&r, &h->fields[i], &h->defects);
	for (size_t i = 0; i < h->hidden_n && !r.full; i++)
		read_field(&r, &h->hidden[i], &unused);
	if (!header_count(h, FIELD_FROM))
		note(&r, &h->defects, DEFECT_NO_FROM, 0);
	r.author.ambiguous = defects_ambiguous(&h->defects) || r.author.n != 1 || r.full ||
	                     arena_failed(w->arena);
	*out = r.author;
}
