/* lex.h - the words of structured header fields (RFC 5322 section 3.2): words
 * with quoted strings inside, comments, and the marks that a field's grammar
 * cuts at. The tokenizer of dates, Received, Authentication-Results and
 * Received-SPF. It never fails: what has no end reaches to the end. Linear in
 * the length of the text, however it is nested. */
#pragma once
#include "base/arena.h"

enum lex_kind {
	LEX_END,
	LEX_WORD,    /* a run of bytes without white space, marks and "(", except inside quotes */
	LEX_COMMENT, /* text is what stands between the outer parentheses */
	LEX_MARK,    /* one byte */
};

struct lex {
	struct bytes text;
	size_t at;      /* offset of the next byte */
	bool no_quotes; /* a quote is a byte like others: none ends any more, or the caller says so */
};

struct token {
	enum lex_kind kind;
	struct bytes text; /* a slice of what is read; folds are still inside */
	size_t offset;     /* of its first byte (a comment's parenthesis) in that */
	bool open;         /* a comment that never ends */
	bool glued;        /* nothing stands between it and the token before */
};

static inline struct lex lex_of(struct bytes text)
{
	return (struct lex){ .text = text };
}

/* The next token. `marks` are the bytes that stand for themselves outside of
 * quotes and comments; a caller may change them from call to call. */
struct token lex_next(struct lex *lx, const char *marks);
/* The same without comments. */
struct token lex_next_bare(struct lex *lx, const char *marks);
/* Skips white space and comments; false when a comment does not end (lx->at is then its start). */
bool lex_skip(struct lex *lx);

/* A word without its quotes, its backslashes inside quotes, and the line ends
 * of folds. Borrows when there is nothing to remove. { NULL, 0 } when out of memory. */
struct bytes lex_unquote(struct arena *a, struct bytes word);
