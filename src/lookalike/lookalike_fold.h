/* lookalike_fold.h - what a word looks like: two words that a reader takes for
 * each other fold to the same bytes. Unicode's skeletons (TR 39 section 4), and what they
 * leave out: accents, digits for letters, vv for w. Private to src/lookalike. */
#pragma once
#include "lookalike/lookalike.h"

struct USpoofChecker;
struct UNormalizer2;

#define LOOKALIKE_WORD_MAX 256u /* bytes of a word that are looked at; a label of a domain never has more */

/* ICU's checkers are set up once; all that happens later takes them const, which ICU
 * allows from any number of threads. */
struct lookalike_tables {
	struct USpoofChecker *spoof;
	const struct UNormalizer2 *casefold; /* NFKC_Casefold: also drops what cannot be seen. Owned by ICU */
	struct arena *arena;
	struct bytes *lures;                 /* folded; see lookalike_fold_lure */
	size_t n_lures;
};

/* One word (no blanks) as it looks. Not meant to be shown. { NULL, 0 }: out of memory. */
struct bytes lookalike_fold(const struct lookalike_tables *t, struct arena *a, struct bytes word);

/* The text in one case, wide and ornate letters as plain ones, without what cannot be seen; for
 * finding addresses in it. At most `max` bytes of it are looked at. */
struct bytes lookalike_plain(const struct lookalike_tables *t, struct arena *a, struct bytes text, size_t max);

/* Is the folded word one that a forger puts beside a name to sound official: support, login, ...? */
bool lookalike_fold_lure(const struct lookalike_tables *t, struct bytes folded);
