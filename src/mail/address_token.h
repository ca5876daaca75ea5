/* address_token.h - the words and marks of address fields (RFC 5322 section
 * 3.2, 3.4, 4.1, 4.4; RFC 6532), with all that a strict reader must know of
 * them: what stood in between, what does not end, what has no place at all.
 * Linear in the length of the text. */
#pragma once
#include "base/bytes.h"

enum address_token_kind {
	ADDRESS_END,
	ADDRESS_ATOM,      /* atext and bytes over 127, any number */
	ADDRESS_QUOTED,    /* text with its quotes */
	ADDRESS_COMMENT,   /* text with its parentheses; they nest */
	ADDRESS_LITERAL,   /* text with its square brackets */
	ADDRESS_MARK,      /* one of . @ , : ; < > */
	ADDRESS_BACKSLASH, /* outside of quotes: it quotes nothing */
	ADDRESS_STRAY,     /* a closing parenthesis or bracket that closes nothing */
	ADDRESS_CONTROL,   /* a control byte, NUL too; a CR or LF that is no fold */
};

struct address_token {
	enum address_token_kind kind;
	struct bytes text;
	size_t at;         /* its offset */
	bool spaced;       /* white space stands before it */
	bool open;         /* a quote, comment or literal without end: it reaches to the end of the text */
	bool control;      /* a control byte stands in a quote, comment or literal */
};

struct address_lexer {
	struct bytes text;
	size_t at;
};

/* The next token; ADDRESS_END for ever behind the last. */
struct address_token address_token_next(struct address_lexer *lx);

static inline bool address_token_is(const struct address_token *t, char mark)
{
	return t->kind == ADDRESS_MARK && t->text.p[0] == (uint8_t)mark;
}

/* How many bytes of folding white space stand at t[at]: 1 for SP and TAB, 1 or
 * 2 for a line end with a blank behind it, else 0. */
size_t address_token_space(struct bytes t, size_t at);

/* The offset of the first character in UTF-8 text that does not show, turns the
 * direction of writing, or looks like a dot or blank without being one; text.n: none. Bytes
 * that are not UTF-8 are passed over. */
size_t address_token_hidden(struct bytes text);

/* Is it one quoted string and nothing else? */
bool address_token_is_quoted(struct bytes text);

/* Writes a quoted string without its quotes, backslashes and the line ends of
 * folds to `to` (room for text.n bytes), or any other text as it is; CR, LF and NUL are
 * dropped. Returns the length. */
size_t address_token_unquote(struct bytes text, uint8_t *to);
