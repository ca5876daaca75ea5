/* spf_macro.h - macro strings (RFC 7208 section 7): cut into pieces once,
 * expanded for each client. Knows no DNS: who needs %{p} brings it. */
#pragma once
#include "base/parse_err.h"
#include "spf/spf.h"

struct spf_piece {
	struct bytes text;   /* a literal part; else empty */
	char letter;         /* in lower case; 0: a literal part */
	uint8_t keep;        /* right-hand parts to keep; 0: all */
	uint8_t delimiters;  /* bits of the delimiters to split at; 0: the value stays as it is */
	bool reverse;
	bool escape;         /* the letter was upper case: URL-escape (section 7.3) */
};

enum spf_macro_use {
	SPF_MACRO_NAME,      /* a domain-spec: no c, r, t */
	SPF_MACRO_MODIFIER,  /* of a modifier that is not ours */
	SPF_MACRO_TEXT,      /* an explanation: spaces too */
};

struct spf_split {
	size_t n;            /* pieces */
	struct bytes end;    /* the literal at the end of the text; empty: a macro stands there */
	bool uses_p;         /* a piece is %{p}: it needs the validated name of the client */
};

/* Cuts text into pieces, at most text.n of them, and puts them at `to`; with
 * `to` NULL they are only counted. Literal pieces borrow text. False leaves *out
 * untouched; err->at is an offset into text. */
MUST_USE bool spf_macro_split(struct bytes text, enum spf_macro_use use, struct spf_piece *to,
                              struct spf_split *out, struct parse_err *err);

/* What the letters stand for. */
struct spf_values {
	struct arena *arena;
	const struct spf_input *in;
	struct dname domain;     /* %{d}: whose record is evaluated */
	struct bytes validated;  /* %{p}; empty: "unknown" */
};

/* Expands to a name to ask for, written to `to`; names over 253 bytes lose
 * labels at the left (section 7.3). False: no such name can exist in DNS. */
MUST_USE bool spf_macro_name(const struct spf_piece *pieces, size_t n, const struct spf_values *v,
                             uint8_t to[DNAME_TEXT_MAX], struct dname *out);
/* Expands an explanation into the arena. Bytes of a stranger that are not
 * printable ASCII become '?'. False: over `max` bytes, or out of memory. */
MUST_USE bool spf_macro_text(const struct spf_piece *pieces, size_t n, const struct spf_values *v,
                             size_t max, struct bytes *out);
