/* lex.c - see lex.h */
#include "mail/lex.h"

#include "base/ascii.h"

/* Offset of the byte behind the comment that begins at `at`, or SIZE_MAX. */
static size_t comment_end(struct bytes text, size_t at)
{
	size_t depth = 0; /* a counter, not recursion: a stranger chooses the depth */

	for (size_t i = at; i < text.n; i++) {
		if (text.p[i] == '\\')
			i++;
		else if (text.p[i] == '(')
			depth++;
		else if (text.p[i] == ')' && --depth == 0)
			return i + 1;
	}
	return SIZE_MAX;
}

/* Offset of the byte behind the quoted string that begins at `at`, or SIZE_MAX. */
static size_t quote_end(struct bytes text, size_t at)
{
	for (size_t i = at + 1; i < text.n; i++) {
		if (text.p[i] == '\\')
			i++;
		else if (text.p[i] == '"')
			return i + 1;
	}
	return SIZE_MAX;
}

static bool is_mark(uint8_t c, const char *marks)
{
	for (; *marks; marks++)
		if ((uint8_t)*marks == c)
			return true;
	return false;
}

static size_t word_end(struct lex *lx, const char *marks)
{
	size_t i = lx->at;

	while (i < lx->text.n) {
		uint8_t c = lx->text.p[i];
		if (c == '"' && !lx->no_quotes) {
			size_t end = quote_end(lx->text, i);
			lx->no_quotes = end == SIZE_MAX; /* none behind it ends either: look once only */
			i = lx->no_quotes ? i + 1 : end;
			continue;
		}
		if (ascii_is_space(c) || c == '(' || is_mark(c, marks))
			break;
		i++;
	}
	return i;
}

struct token lex_next(struct lex *lx, const char *marks)
{
	struct token t = { .kind = LEX_END };
	size_t before = lx->at, end;

	while (lx->at < lx->text.n && ascii_is_space(lx->text.p[lx->at]))
		lx->at++;
	t.offset = lx->at;
	t.glued = lx->at == before && before > 0;
	t.text = bytes_sub(lx->text, lx->at, 0);
	if (lx->at == lx->text.n)
		return t;
	if (lx->text.p[lx->at] == '(') {
		t.kind = LEX_COMMENT;
		end = comment_end(lx->text, lx->at);
		t.open = end == SIZE_MAX;
		lx->at = t.open ? lx->text.n : end;
		t.text = bytes_sub(lx->text, t.offset + 1, lx->at - t.offset - 1 - !t.open);
		return t;
	}
	t.kind = is_mark(lx->text.p[lx->at], marks) ? LEX_MARK : LEX_WORD;
	end = t.kind == LEX_MARK ? lx->at + 1 : word_end(lx, marks);
	t.text = bytes_sub(lx->text, lx->at, end - lx->at);
	lx->at = end;
	return t;
}

struct token lex_next_bare(struct lex *lx, const char *marks)
{
	struct token t;

	do
		t = lex_next(lx, marks);
	while (t.kind == LEX_COMMENT);
	return t;
}

bool lex_skip(struct lex *lx)
{
	for (;;) {
		while (lx->at < lx->text.n && ascii_is_space(lx->text.p[lx->at]))
			lx->at++;
		if (lx->at == lx->text.n || lx->text.p[lx->at] != '(')
			return true;
		size_t end = comment_end(lx->text, lx->at);
		if (end == SIZE_MAX)
			return false;
		lx->at = end;
	}
}

struct bytes lex_unquote(struct arena *a, struct bytes word)
{
	bool quoted = false;
	size_t n = 0;

	if (!bytes_has(word, '"') && !bytes_has(word, '\r') && !bytes_has(word, '\n'))
		return word;
	uint8_t *p = arena_alloc(a, word.n + 1);
	if (!p)
		return (struct bytes){ NULL, 0 };
	for (size_t i = 0; i < word.n; i++) {
		uint8_t c = word.p[i];
		if (c == '"') {
			quoted = !quoted;
			continue;
		}
		if (quoted && c == '\\' && i + 1 < word.n)
			c = word.p[++i];
		else if (c == '\r' || c == '\n')
			continue;
		p[n++] = c;
	}
	return (struct bytes){ p, n };
}
