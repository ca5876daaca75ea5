/* dns_master_entry.h - the entries of a master file (RFC 1035 section 5.1): a
 * record or directive as tokens, over one line, or over several in parentheses. */
#pragma once
#include "base/arena.h"
#include "base/parse_err.h"

struct dns_master_token {
	struct bytes raw;        /* a slice of the text: with escapes, without quotes; holds no NUL */
	bool quoted;
};

struct dns_master_entry {
	struct bytes text;       /* the whole file */
	size_t at;               /* where the next entry begins */
	struct arena *scratch;   /* reset with each entry */
	struct dns_master_token *tokens;
	size_t n, cap;
	bool indented;           /* it begins with white space: the owner is that of the record above */
};

/* Reads the next entry: comments are dropped, n is 0 for an empty line. False: *err says where it
 * is broken, or memory ended. */
MUST_USE bool dns_master_entry_read(struct dns_master_entry *e, struct parse_err *err);
