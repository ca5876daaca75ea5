/* phrases.h - what threats by mail say, in six languages: a table of phrases, and how they are found. */
#pragma once
#include "base/arena.h"

enum phrase_sign {
	PHRASE_THREAT,          /* somebody was inside, has a film, will tell */
	PHRASE_DEMAND,          /* pay, and to whom */
	PHRASE_COIN,            /* in virtual money */
	PHRASE_PASSWORD_BEHIND, /* "your password is": the next word is one */
	PHRASE_PASSWORD_BEFORE, /* "is your password": the word before is one */
	PHRASE_PASSWORD_COLON,  /* "your password": only with a colon or a quote behind */
	PHRASE_SIGN_IN,         /* somebody signed in to your account, or changed it */
	PHRASE_SIGNS
};

/* Words in small letters without accents, one blank between; "*" stands for none to five words. */
struct phrase_row {
	const char *text;
	enum phrase_sign sign;
};
extern const struct phrase_row phrase_rows[];
extern const size_t phrase_rows_n;
#define PHRASE_ROWS_MAX 512u

/* The rows by their first word. */
struct phrase_index;
/* NULL when out of memory. */
MUST_USE struct phrase_index *phrase_index_new(struct arena *a);

#define PHRASE_NONE SIZE_MAX
/* Finds phrases that begin with the word at letters[at] (folded text, text_fold.h): the first row after `row`
 * (PHRASE_NONE: from the first) that fits, with *end behind it; PHRASE_NONE when there are no more. Constant time. */
size_t phrase_find(const struct phrase_index *ix, struct bytes letters, size_t at, size_t row, size_t *end);
