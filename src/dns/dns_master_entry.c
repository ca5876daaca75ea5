/* dns_master_entry.c - see dns_master_entry.h */
#include "dns/dns_master_entry.h"

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool ends_token(uint8_t c)
{
	return is_blank(c) || c == '\n' || c == ';' || c == '(' || c == ')' || c == '"';
}

/* Where the token that begins at `at` ends; a backslash takes the next byte along. */
static size_t token_end(struct bytes text, size_t at, bool quoted)
{
	while (at < text.n) {
		uint8_t c = text.p[at];
		if (quoted ? c == '"' || c == '\n' : ends_token(c))
			break;
		at += c == '\\' && at + 1 < text.n && text.p[at + 1] != '\n' ? 2 : 1;
	}
	return at;
}

static bool push_token(struct dns_master_entry *e, struct parse_err *err)
{
	bool quoted = e->text.p[e->at] == '"';
	size_t start = e->at + quoted, end = token_end(e->text, start, quoted);
	struct dns_master_token t = { bytes_sub(e->text, start, end - start), quoted };

	if (bytes_has(t.raw, 0))
		return parse_fail_at(err, start + bytes_find(t.raw, 0, 0), "a NUL byte: write it as \\000");
	if (quoted && (end == e->text.n || e->text.p[end] != '"'))
		return parse_fail_at(err, e->at, "a quoted string does not end on its line: close the quote");
	e->at = end + quoted;
	return ARENA_PUSH(e->scratch, e->tokens, e->n, e->cap, &t) ? true
	                                                           : parse_fail_at(err, start, "out of memory");
}

static bool skip_comment(struct dns_master_entry *e, struct parse_err *err)
{
	if (e->at + 1 < e->text.n && e->text.p[e->at + 1] == '!')
		return parse_fail_at(err, e->at,
		                     "a \";!\" line stands on a line of its own, outside of parentheses");
	e->at = bytes_find(e->text, '\n', e->at);
	return true;
}

/* What stands at e->at, which is no line end outside of parentheses. *opened: the outermost one. */
static bool read_piece(struct dns_master_entry *e, size_t *depth, size_t *opened, struct parse_err *err)
{
	uint8_t c = e->text.p[e->at];

	if (c == ';')
		return skip_comment(e, err);
	if (c == ')' && *depth == 0)
		return parse_fail_at(err, e->at, "a closing parenthesis without an opening one: remove it");
	if (c != '(' && c != ')' && c != '\n' && !is_blank(c))
		return push_token(e, err);
	if (c == '(' && (*depth)++ == 0)
		*opened = e->at;
	*depth -= c == ')';
	e->at++;
	return true;
}

bool dns_master_entry_read(struct dns_master_entry *e, struct parse_err *err)
{
	size_t depth = 0, opened = 0;

	arena_reset(e->scratch);
	e->tokens = NULL;
	e->n = e->cap = 0;
	e->indented = e->at < e->text.n && is_blank(e->text.p[e->at]);
	while (e->at < e->text.n && (depth > 0 || e->text.p[e->at] != '\n'))
		if (!read_piece(e, &depth, &opened, err))
			return false;
	if (depth > 0)
		return parse_fail_at(err, opened, "a parenthesis that never closes: close it");
	e->at += e->at < e->text.n; /* the line's end */
	return true;
}
