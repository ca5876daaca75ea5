/* text_fold.h - text as the eye takes it: small letters without accents, invisible characters gone,
 * letters of other scripts and styles that look like Latin ones turned into these. For looking for words,
 * never to be shown. */
#pragma once
#include "base/arena.h"

enum { FOLD_LOOKALIKE = 1, FOLD_INVISIBLE = 2 }; /* marks */

struct text_fold {
	struct bytes clean;     /* the text without invisible characters: UTF-8 */
	struct bytes letters;   /* a to z, digits; one blank behind each word; '~' for letters of other scripts */
	const uint8_t *marks;   /* one a letter: it was a look-alike; something invisible stood before it, in the word */
	const uint32_t *at;     /* one a letter: where in clean it comes from */
	size_t disguised;       /* words that mix Latin letters with look-alikes, or that something invisible cuts */
	size_t first_from, first_to; /* the first of them, in letters */
};

/* Linear; about 12 bytes for each byte of text, in the arena. False: out of memory. */
MUST_USE bool text_fold_read(struct arena *a, struct bytes text, struct text_fold *out);
