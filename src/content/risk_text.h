/* risk_text.h - threats in plain text: money asked for in virtual coins, a password shown as proof, letters
 * that are disguised to slip past filters. What is found in several parts of a mail counts together. */
#pragma once
#include "base/work.h"
#include "content/phrases.h"
#include "content/wallet.h"

struct risk_text {
	/* found so far */
	size_t signs[PHRASE_SIGNS];     /* distinct phrases of each sign that do not overlap */
	struct bytes wallet;            /* the first; empty: none */
	enum wallet_kind wallet_kind;
	struct bytes password;          /* the first, with stars for what is inside; empty: none */
	struct bytes disguised;         /* the first words that are; empty: none */
	struct bytes sign_in;           /* the first words that speak of a log-in; empty: none */
	size_t disguised_words;
	size_t threat_part, password_part, disguised_part, sign_in_part;
	/* private */
	struct arena *keep;
	struct phrase_index *index;
	uint64_t seen[PHRASE_ROWS_MAX / 64];
	size_t behind[PHRASE_SIGNS];    /* where the last one that counted ends, in the text that is read */
};

/* `keep` is where slices of *t will live. False: out of memory. */
MUST_USE bool risk_text_start(struct arena *keep, struct risk_text *t);
/* Adds a text in UTF-8, of a part with that number. w's arena is only used meanwhile. Linear. False: out of
 * memory. */
MUST_USE bool risk_text_read(struct work *w, struct bytes text, size_t part, struct risk_text *t);

/* What all texts come to. */
bool risk_text_asks_for_money(const struct risk_text *t);
bool risk_text_names_password(const struct risk_text *t);
bool risk_text_is_disguised(const struct risk_text *t);
bool risk_text_is_sign_in(const struct risk_text *t);
