/* address_parse.c - see address_parse.h
 *
 * White space and comments inside an address, which the obsolete grammar
 * allows, are read as it says but never trusted: other readers stop there. */
#include "mail/address_parse.h"

#include "base/idn.h"
#include "mail/encoded_word.h"

#define UNREADABLE_MAX 1000u /* mailboxes that address_list_read passes over: they cost memory */

static void note(struct address_parse *p, enum defect_kind kind, size_t at)
{
	p->ambiguous |= defect_rows[kind].ambiguous;
	if (p->defects && !defects_have(p->defects, kind))
		defects_add(p->w, p->defects, kind, p->base + at);
}

/* What a token means that has no place in the grammar here: it is noted and
 * passed like white space. */
static bool passes(struct address_parse *p, const struct address_token *t)
{
	switch (t->kind) {
	case ADDRESS_COMMENT:
		note(p, DEFECT_FROM_COMMENT, t->at);
		p->comment = t->text;
		p->comments++;
		return true;
	case ADDRESS_BACKSLASH:
		note(p, DEFECT_FROM_BACKSLASH, t->at);
		return true;
	case ADDRESS_STRAY:
		note(p, DEFECT_FROM_UNBALANCED, t->at);
		return true;
	case ADDRESS_CONTROL:
		note(p, DEFECT_FROM_CONTROL, t->at);
		return true;
	default:
		return false;
	}
}

static void advance(struct address_parse *p)
{
	bool spaced = false;

	do {
		p->t = address_token_next(&p->lx);
		if (p->t.open)
			note(p, DEFECT_FROM_UNBALANCED, p->t.at);
		if (p->t.control)
			note(p, DEFECT_FROM_CONTROL, p->t.at);
		p->t.spaced |= spaced;
		spaced = true;
	} while (passes(p, &p->t));
}

static bool at_mark(const struct address_parse *p, char mark)
{
	return address_token_is(&p->t, mark);
}

static bool at_end(const struct address_parse *p)
{
	return p->t.kind == ADDRESS_END;
}

/* --- words ------------------------------------------------------------------ */

/* Words in a row: a display name, or a local part, which is the last of them
 * that no white space divides. */
struct words {
	size_t from, to;  /* offsets; equal: no words */
	size_t run;       /* where the last run without white space begins */
	size_t runs;
	bool literal;     /* "[...]" is among them */
	size_t literal_at;
};

static bool is_word(const struct address_parse *p)
{
	return p->t.kind == ADDRESS_ATOM || p->t.kind == ADDRESS_QUOTED || p->t.kind == ADDRESS_LITERAL ||
	       at_mark(p, '.');
}

static void read_words(struct address_parse *p, struct words *words)
{
	for (; is_word(p); advance(p)) {
		if (words->runs == 0)
			words->from = p->t.at;
		if (words->runs == 0 || p->t.spaced) {
			words->run = p->t.at;
			words->runs++;
		}
		if (p->t.kind == ADDRESS_LITERAL && !words->literal) {
			words->literal = true;
			words->literal_at = p->t.at;
		}
		words->to = p->t.at + p->t.text.n;
	}
}

static struct bytes text_between(const struct address_parse *p, size_t from, size_t to)
{
	return bytes_sub(p->lx.text, from, to - from);
}

static bool has_encoded_word(struct bytes text)
{
	return encoded_word_find(text, 0) < text.n;
}

/* The words without quotes and comments, one blank for any white space. */
static struct bytes display_name(struct address_parse *p, const struct words *words)
{
	struct address_lexer lx = { text_between(p, words->from, words->to), 0 };
	size_t n = 0, room = lx.text.n < ADDRESS_NAME_MAX ? lx.text.n : ADDRESS_NAME_MAX;
	uint8_t *to = arena_array(p->w->arena, uint8_t, room + 1);
	bool spaced = false;

	if (!to)
		return (struct bytes){ NULL, 0 };
	for (struct address_token t; (t = address_token_next(&lx)).kind != ADDRESS_END;) {
		spaced |= t.spaced || t.kind == ADDRESS_COMMENT;
		if (t.kind == ADDRESS_COMMENT)
			continue;
		if (spaced && n > 0 && n < room)
			to[n++] = ' ';
		spaced = false;
		if (t.text.n > room - n)
			t.text.n = room - n; /* a quoted string that is cut keeps its quote: for people it will do */
		n += address_token_unquote(t.text, to + n);
	}
	return (struct bytes){ to, n };
}

/* "a@b.example (A Person)": what stood for a display name before there were any. */
static struct bytes comment_as_name(struct address_parse *p)
{
	struct bytes inner = bytes_from(p->comment, 1);

	if (inner.n && inner.p[inner.n - 1] == ')')
		inner.n--;
	return field_unfold(p->w->arena, bytes_sub(inner, 0, ADDRESS_NAME_MAX));
}

/* --- the parts of an address ------------------------------------------------ */

struct domain_text {
	uint8_t joined[ADDRESS_DOMAIN_MAX]; /* without the white space that must not be in it */
	size_t n, at;
	bool literal, divided, too_long;
};

static void join(struct domain_text *d, struct bytes piece)
{
	d->too_long |= piece.n > sizeof(d->joined) - d->n;
	if (d->too_long)
		return;
	memcpy(d->joined + d->n, piece.p, piece.n);
	d->n += piece.n;
}

/* Behind the "@". */
static void read_domain(struct address_parse *p, struct domain_text *d)
{
	bool behind_dot = true;

	d->at = p->t.at;
	if (p->t.spaced)
		note(p, DEFECT_FROM_MALFORMED, p->t.at);
	if (p->t.kind == ADDRESS_LITERAL) {
		d->literal = true;
		advance(p);
		return;
	}
	for (bool first = true; p->t.kind == ADDRESS_ATOM || at_mark(p, '.'); first = false) {
		bool dot = at_mark(p, '.');
		if (p->t.spaced && !first) {
			if (!dot && !behind_dot)
				break;
			note(p, DEFECT_FROM_MALFORMED, p->t.at);
			d->divided = true;
		}
		join(d, p->t.text);
		behind_dot = dot;
		advance(p);
	}
}

/* Bytes that are not UTF-8 and characters that do not show. */
static void check_characters(struct address_parse *p, struct bytes text, size_t at)
{
	size_t bad = 0, hidden = address_token_hidden(text);

	if (!utf8_valid(text, &bad))
		note(p, DEFECT_FROM_BAD_UTF8, at + bad);
	if (hidden < text.n)
		note(p, DEFECT_FROM_HIDDEN_CHARS, at + hidden);
}

static struct dname check_domain(struct address_parse *p, const struct domain_text *d)
{
	struct bytes text = { d->joined, d->n };
	struct dname name = { { NULL, 0 } };
	struct parse_err err = { 0 };

	if (d->literal || d->n == 0) {
		note(p, DEFECT_FROM_NO_DOMAIN, d->at);
		return name;
	}
	if (d->too_long) {
		note(p, DEFECT_FROM_BAD_DOMAIN, d->at);
		return name;
	}
	check_characters(p, text, d->at);
	if (has_encoded_word(text))
		note(p, DEFECT_FROM_ENCODED_ADDRESS, d->at);
	else if (!dname_parse(p->w->arena, text, DNAME_HOST, &name, &err))
		note(p, DEFECT_FROM_BAD_DOMAIN, d->at + (d->divided ? 0 : err.at));
	else if (text.p[text.n - 1] == '.')
		note(p, DEFECT_FROM_DOTS, d->at + (d->divided ? 0 : text.n - 1));
	return name;
}

static void check_dots(struct address_parse *p, struct bytes local, size_t at)
{
	size_t twice = bytes_search(local, B(".."));

	if (local.p[0] == '.')
		note(p, DEFECT_FROM_DOTS, at);
	else if (twice < local.n)
		note(p, DEFECT_FROM_DOTS, at + twice);
	else if (local.p[local.n - 1] == '.')
		note(p, DEFECT_FROM_DOTS, at + local.n - 1);
}

/* The local part at `at`; checks it and takes the quotes off. */
static struct bytes check_local(struct address_parse *p, struct bytes local, size_t at)
{
	struct bytes none = { NULL, 0 };

	if (local.n == 0 || local.n > ADDRESS_LOCAL_MAX) {
		note(p, DEFECT_FROM_MALFORMED, at);
		return none;
	}
	check_characters(p, local, at);
	if (has_encoded_word(local))
		note(p, DEFECT_FROM_ENCODED_ADDRESS, at);
	bool quoted = address_token_is_quoted(local);
	if (quoted ? bytes_has(local, '@') : bytes_has(local, '"') || bytes_has(local, '['))
		note(p, DEFECT_FROM_MALFORMED, at); /* an address in quotes, or quotes in the midst of it */
	if (!quoted)
		check_dots(p, local, at);
	uint8_t *to = arena_array(p->w->arena, uint8_t, local.n);
	return to ? (struct bytes){ to, address_token_unquote(local, to) } : none;
}

/* At the "@", with the words before it. What stands before the local part and
 * white space around the "@" are the caller's to judge. */
static void read_address(struct address_parse *p, const struct words *words, struct mailbox *out)
{
	struct bytes local = text_between(p, words->run, words->to);
	size_t at = words->runs ? words->run : p->t.at;
	struct domain_text domain = { .n = 0 };

	if (words->runs && p->t.spaced)
		note(p, DEFECT_FROM_MALFORMED, p->t.at);
	advance(p);
	*out = (struct mailbox){ .local = check_local(p, local, at), .offset = p->base + at };
	read_domain(p, &domain);
	out->domain = check_domain(p, &domain);
}

/* Words that no "@" follows. */
static bool read_no_address(struct address_parse *p, const struct words *words, struct mailbox *out)
{
	struct bytes local = text_between(p, words->run, words->to);

	if (has_encoded_word(text_between(p, words->from, words->to))) {
		note(p, DEFECT_FROM_ENCODED_ADDRESS, words->from);
		return false;
	}
	bool open = bytes_has(local, '"') && !address_token_is_quoted(local);
	if (words->runs != 1 || words->literal || open) {
		note(p, DEFECT_FROM_MALFORMED, words->from);
		return false;
	}
	note(p, DEFECT_FROM_NO_DOMAIN, words->from);
	*out = (struct mailbox){ .local = check_local(p, local, words->run), .offset = p->base + words->run };
	return true;
}

/* --- angle brackets --------------------------------------------------------- */

/* "@a.example,@b.example:" (RFC 5322 section 4.4) */
static void skip_route(struct address_parse *p)
{
	if (!at_mark(p, '@') && !at_mark(p, ','))
		return;
	size_t at = p->t.at;
	while (is_word(p) || at_mark(p, '@') || at_mark(p, ','))
		advance(p);
	note(p, at_mark(p, ':') ? DEFECT_FROM_ROUTE : DEFECT_FROM_MALFORMED, at);
	if (at_mark(p, ':'))
		advance(p);
}

static void close_angle(struct address_parse *p, size_t opened_at)
{
	if (!at_mark(p, '>') && !at_end(p))
		note(p, DEFECT_FROM_MALFORMED, p->t.at);
	while (!at_mark(p, '>') && !at_end(p))
		advance(p);
	if (at_end(p))
		note(p, DEFECT_FROM_UNBALANCED, opened_at);
}

static bool read_angle(struct address_parse *p, struct mailbox *out)
{
	size_t opened_at = p->t.at, comments = p->comments;
	struct words words = { 0 };
	bool found = true;

	advance(p);
	if (at_mark(p, '>')) {
		note(p, DEFECT_FROM_EMPTY, opened_at);
		found = false;
	} else {
		skip_route(p);
		read_words(p, &words);
		if (words.runs > 1)
			note(p, DEFECT_FROM_MALFORMED, words.from);
		if (at_mark(p, '@'))
			read_address(p, &words, out);
		else
			found = words.runs > 0 && read_no_address(p, &words, out);
		if (!found && !words.runs)
			note(p, DEFECT_FROM_MALFORMED, opened_at);
		close_angle(p, opened_at);
	}
	if (p->comments > comments)
		note(p, DEFECT_FROM_MALFORMED, opened_at);
	advance(p);
	return found;
}

/* --- one item of the list --------------------------------------------------- */

static bool ends_item(const struct address_parse *p)
{
	return at_end(p) || at_mark(p, ',') || at_mark(p, ';');
}

/* An address without brackets, or a display name with an "@" that should be in
 * quotes. True when what followed was no "<": then the address is `out`. */
static bool read_bare(struct address_parse *p, struct words *name, struct mailbox *out)
{
	bool led = name->runs > 1;
	size_t from = name->runs ? name->from : p->t.at;

	read_address(p, name, out);
	size_t behind = p->t.at;
	name->from = from;
	name->runs += !name->runs; /* whatever follows, the name begins at `from` */
	bool followed = !ends_item(p);
	read_words(p, name);
	name->to = name->to > behind ? name->to : behind;
	if (at_mark(p, '<'))
		return false;
	if (led)
		note(p, DEFECT_FROM_MALFORMED, from);
	if (followed)
		note(p, DEFECT_FROM_AFTER_ADDRESS, behind);
	return true;
}

static bool same_address(const struct mailbox *a, const struct mailbox *b)
{
	return bytes_same(a->local, b->local) && dname_same(a->domain, b->domain);
}

static void judge_name(struct address_parse *p, const struct words *name)
{
	struct bytes rest = bytes_from(text_between(p, name->from, name->to), name->literal_at - name->from);

	if (!name->literal)
		return;
	bool harmless = !bytes_has(rest, '@') && !bytes_has(rest, '<');
	note(p, harmless ? DEFECT_FROM_NAME_UNQUOTED : DEFECT_FROM_MALFORMED, name->literal_at);
}

/* Text behind the address; up to the item's end. */
static void skip_rest(struct address_parse *p)
{
	if (!ends_item(p))
		note(p, DEFECT_FROM_AFTER_ADDRESS, p->t.at);
	while (!at_end(p) && !at_mark(p, ',') && !at_mark(p, ';'))
		advance(p);
}

static bool begin_group(struct address_parse *p, const struct words *name)
{
	note(p, DEFECT_FROM_GROUP, name->runs ? name->from : p->t.at);
	if (p->group || !name->runs)
		note(p, DEFECT_FROM_MALFORMED, p->t.at);
	p->group = true;
	advance(p);
	return false;
}

/* At a comma or semicolon. */
static void pass_separator(struct address_parse *p)
{
	size_t at = p->t.at;

	p->comment.n = 0;
	if (at_mark(p, ';')) {
		if (!p->group)
			note(p, DEFECT_FROM_MALFORMED, at);
		p->group = false;
		advance(p);
		if (!ends_item(p))
			note(p, DEFECT_FROM_AFTER_ADDRESS, p->t.at);
		if (!at_mark(p, ','))
			return;
	}
	if (at_mark(p, ',')) {
		advance(p);
		if (at_end(p) || at_mark(p, ','))
			note(p, DEFECT_FROM_MALFORMED, at);
	}
}

/* One item, up to its separator. True: it is a mailbox. */
static bool read_item(struct address_parse *p, struct mailbox *out)
{
	struct words name = { 0 };
	struct mailbox bare;
	bool is_bare = false, in_name = false, found = false;

	read_words(p, &name);
	if (at_mark(p, ':'))
		return begin_group(p, &name);
	if (at_mark(p, '@')) {
		is_bare = found = read_bare(p, &name, &bare);
		in_name = !is_bare;
		*out = bare;
	}
	if (at_mark(p, '<')) {
		found = read_angle(p, out);
		if (in_name)
			note(p, found && same_address(out, &bare) ? DEFECT_FROM_NAME_UNQUOTED : DEFECT_FROM_MALFORMED,
			     name.from);
		judge_name(p, &name);
		if (found)
			out->display_name = display_name(p, &name);
	} else if (!found && name.runs) {
		found = read_no_address(p, &name, out);
	} else if (!found && !ends_item(p)) {
		note(p, at_mark(p, '>') ? DEFECT_FROM_UNBALANCED : DEFECT_FROM_MALFORMED, p->t.at);
	}
	skip_rest(p);
	if (is_bare && p->comment.n)
		out->display_name = comment_as_name(p);
	return found;
}

void address_parse_begin(struct address_parse *p, struct work *w, struct defects *defects,
                         struct bytes text, size_t base)
{
	*p = (struct address_parse){ .w = w, .defects = defects, .base = base, .lx = { text, 0 } };
	advance(p);
	if (at_mark(p, ','))
		note(p, DEFECT_FROM_MALFORMED, p->t.at);
}

bool address_parse_next(struct address_parse *p, struct mailbox *out)
{
	while (!at_end(p)) {
		if (ends_item(p))
			pass_separator(p);
		else if (read_item(p, out))
			return true;
	}
	if (p->group)
		note(p, DEFECT_FROM_UNBALANCED, p->t.at);
	return false;
}

size_t address_list_read(struct work *w, struct bytes value, size_t max, struct mailbox **out)
{
	struct mailbox *list = arena_array(w->arena, struct mailbox, max), one;
	struct address_parse p;
	size_t n = 0;

	if (!list)
		return 0;
	address_parse_begin(&p, w, NULL, value, 0);
	for (size_t tries = 0; n < max && tries < max + UNREADABLE_MAX; tries++) {
		if (!address_parse_next(&p, &one))
			break;
		if (!dname_is_none(one.domain))
			list[n++] = one;
	}
	*out = list;
	return n;
}
