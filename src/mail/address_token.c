/* address_token.c - see address_token.h */
#include "mail/address_token.h"

#include "base/ascii.h"
#include "base/idn.h"

size_t address_token_space(struct bytes t, size_t at)
{
	if (ascii_is_wsp(t.p[at]))
		return 1;
	size_t n = t.p[at] == '\r' && at + 1 < t.n && t.p[at + 1] == '\n' ? 2 : t.p[at] == '\n';
	return n && at + n < t.n && ascii_is_wsp(t.p[at + n]) ? n : 0;
}

static bool skip_space(struct address_lexer *lx)
{
	size_t start = lx->at, n;

	while (lx->at < lx->text.n && (n = address_token_space(lx->text, lx->at)) > 0)
		lx->at += n;
	return lx->at > start;
}

static bool is_atom_byte(uint8_t c)
{
	return c >= 0x80 || ascii_is_atext(c);
}

/* A quoted string, comment or literal: up to its end, or that of the text. Only
 * quotes, whose two ends look alike, cannot nest. */
static void read_enclosed(struct address_lexer *lx, struct address_token *t, uint8_t opens, uint8_t closes)
{
	size_t depth = 1, n;

	for (lx->at++; lx->at < lx->text.n && depth; lx->at += n) {
		uint8_t c = lx->text.p[lx->at];
		n = address_token_space(lx->text, lx->at);
		if (n)
			continue;
		n = 1;
		if (c == '\\' && lx->at + 1 < lx->text.n) {
			c = lx->text.p[lx->at + 1];
			n = 2;
		} else if (c == closes) {
			depth--;
		} else if (c == opens) {
			depth++;
		}
		t->control |= ascii_is_ctl(c) && c != '\t';
	}
	t->open = depth > 0;
}

static void read_atom(struct address_lexer *lx)
{
	while (lx->at < lx->text.n && is_atom_byte(lx->text.p[lx->at]))
		lx->at++;
}

static enum address_token_kind kind_of(uint8_t c)
{
	switch (c) {
	case '"':
		return ADDRESS_QUOTED;
	case '(':
		return ADDRESS_COMMENT;
	case '[':
		return ADDRESS_LITERAL;
	case '\\':
		return ADDRESS_BACKSLASH;
	case ')':
	case ']':
		return ADDRESS_STRAY;
	case '.':
	case '@':
	case ',':
	case ':':
	case ';':
	case '<':
	case '>':
		return ADDRESS_MARK;
	default:
		return is_atom_byte(c) ? ADDRESS_ATOM : ADDRESS_CONTROL;
	}
}

struct address_token address_token_next(struct address_lexer *lx)
{
	struct address_token t = { .spaced = skip_space(lx) };

	t.at = lx->at;
	if (lx->at >= lx->text.n) {
		t.text = bytes_from(lx->text, lx->text.n);
		return t;
	}
	t.kind = kind_of(lx->text.p[lx->at]);
	if (t.kind == ADDRESS_ATOM)
		read_atom(lx);
	else if (t.kind == ADDRESS_QUOTED)
		read_enclosed(lx, &t, '"', '"');
	else if (t.kind == ADDRESS_COMMENT)
		read_enclosed(lx, &t, '(', ')');
	else if (t.kind == ADDRESS_LITERAL)
		read_enclosed(lx, &t, '[', ']');
	else
		lx->at++;
	t.text = bytes_sub(lx->text, t.at, lx->at - t.at);
	return t;
}

bool address_token_is_quoted(struct bytes text)
{
	struct address_lexer lx = { text, 0 };

	if (text.n < 2 || text.p[0] != '"')
		return false;
	struct address_token t = address_token_next(&lx);
	return t.kind == ADDRESS_QUOTED && !t.open && t.text.n == text.n;
}

size_t address_token_unquote(struct bytes text, uint8_t *to)
{
	bool quoted = address_token_is_quoted(text);
	size_t n = 0, end = quoted ? text.n - 1 : text.n;

	for (size_t i = quoted; i < end; i++) {
		if (quoted && text.p[i] == '\\' && i + 1 < end)
			i++;
		uint8_t c = text.p[i];
		if (c && c != '\r' && c != '\n')
			to[n++] = c;
	}
	return n;
}

/* Ranges of code points that do not show, move what stands around them, or
 * pass for a dot or blank. In order. */
static const struct {
	uint32_t first, last;
} hidden[] = {
	{ 0x80, 0xa0 },     /* C1 controls, no-break space */
	{ 0xad, 0xad },     /* soft hyphen */
	{ 0x34f, 0x34f },   /* combining grapheme joiner */
	{ 0x61c, 0x61c },   /* Arabic letter mark */
	{ 0x115f, 0x1160 }, /* Hangul fillers */
	{ 0x1680, 0x1680 }, /* Ogham space */
	{ 0x17b4, 0x17b5 }, /* Khmer inherent vowels */
	{ 0x180b, 0x180f }, /* Mongolian variation selectors and vowel separator */
	{ 0x2000, 0x200f }, /* spaces, zero width, direction marks */
	{ 0x2024, 0x2024 }, /* one dot leader */
	{ 0x2028, 0x202f }, /* line separators, embeddings and overrides, narrow space */
	{ 0x205f, 0x206f }, /* invisible operators, isolates */
	{ 0x3000, 0x3000 }, /* ideographic space */
	{ 0x3002, 0x3002 }, /* ideographic full stop: IDNA takes it for a dot */
	{ 0x3164, 0x3164 }, /* Hangul filler */
	{ 0xfe00, 0xfe0f }, /* variation selectors */
	{ 0xfe52, 0xfe52 }, /* small full stop */
	{ 0xfe6b, 0xfe6b }, /* small commercial at */
	{ 0xfeff, 0xfeff }, /* zero width no-break space */
	{ 0xff0e, 0xff0e }, /* fullwidth full stop */
	{ 0xff20, 0xff20 }, /* fullwidth commercial at */
	{ 0xff61, 0xff61 }, /* halfwidth ideographic full stop */
	{ 0xffa0, 0xffa0 }, /* halfwidth Hangul filler */
	{ 0xfff0, 0xfffb }, /* interlinear annotation */
	{ 0xe0000, 0xe0fff }, /* tags, more variation selectors */
};

static bool is_hidden(uint32_t c)
{
	for (size_t i = 0; i < ARRAY_LEN(hidden); i++)
		if (c <= hidden[i].last)
			return c >= hidden[i].first;
	return false;
}

size_t address_token_hidden(struct bytes text)
{
	size_t len = 1;

	for (size_t i = 0; i < text.n; i += len) {
		len = 1;
		if (text.p[i] >= 0x80 && is_hidden(utf8_next(text, i, &len)))
			return i;
	}
	return text.n;
}
