/* encoded_word.h - RFC 2047 encoded words, "=?charset?B?text?=": finding them,
 * for those who must not decode (addresses). Decoding is display_name_decode
 * of address.h. */
#pragma once
#include "base/bytes.h"

struct encoded_word {
	struct bytes charset;  /* without an RFC 2231 language */
	struct bytes text;     /* still encoded */
	bool base64;           /* "B"; else "Q" */
	size_t end;            /* offset behind it */
};

/* Does an encoded word begin at t[at]? Like readers of mail, more generous than
 * the RFC: any length, blanks within, no white space needed around. `*no_end`
 * (false at first) remembers for calls with the same t and growing `at` that no "?=" comes
 * any more, so that all calls together look at each byte but a few times. */
bool encoded_word_at(struct bytes t, size_t at, bool *no_end, struct encoded_word *out);
/* Undoes the word's base64 or Q, as generously, and writes at most text.n bytes of its charset. Returns how many. */
size_t encoded_word_raw(struct encoded_word word, uint8_t *to);
/* The offset of the first one at or after `from`; t.n: none. */
size_t encoded_word_find(struct bytes t, size_t from);
