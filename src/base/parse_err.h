/* parse_err.h - what a parser says of input it cannot read: where and why.
 * The message is static: lower case, no full stop, what is wrong. */
#pragma once
#include "base/bytes.h"

struct parse_err {
	size_t at;        /* byte offset into the text that was given to the parser */
	const char *what; /* static; NULL: no error */
};

/* Notes that `text` is wrong at the start of `where` (a slice of text; an
 * offset outside of it counts as its end). Always false, so that a parser can
 * `return parse_fail(...)`. err may be NULL. */
bool parse_fail(struct parse_err *err, struct bytes text, struct bytes where, const char *what);

/* The same with an offset. */
bool parse_fail_at(struct parse_err *err, size_t at, const char *what);
