/* phrases.c - see phrases.h: how they are found */
#include "content/phrases.h"

#define SLOTS 256u      /* chains by the first word; short, as there are a few hundred rows */
#define GAP 5u          /* words for which a star stands */

struct phrase_index {
	uint16_t first[SLOTS];          /* a row and one; 0: none */
	uint16_t next[PHRASE_ROWS_MAX];
};

/* The word that begins at `at`. */
static struct bytes word_at(struct bytes text, size_t at)
{
	return bytes_sub(text, at, bytes_find(text, ' ', at) - at);
}

static size_t slot_of(struct bytes word)
{
	return bytes_hash(word, 7) % SLOTS;
}

struct phrase_index *phrase_index_new(struct arena *a)
{
	struct phrase_index *ix = arena_one(a, struct phrase_index);

	assert(phrase_rows_n <= PHRASE_ROWS_MAX);
	for (size_t i = phrase_rows_n; ix && i > 0; i--) {
		size_t slot = slot_of(word_at(bytes_of(phrase_rows[i - 1].text), 0));
		ix->next[i - 1] = ix->first[slot];
		ix->first[slot] = (uint16_t)i;
	}
	return ix;
}

static size_t behind_word(struct bytes text, size_t at)
{
	size_t end = bytes_find(text, ' ', at);

	return end < text.n ? end + 1 : end;
}

/* Does the phrase stand here, from a word on? The end of its last word; 0: no. Deep as there are stars. */
static size_t match(struct bytes letters, size_t at, struct bytes phrase)
{
	while (at < letters.n) {
		struct bytes want = word_at(phrase, 0), word = word_at(letters, at);
		struct bytes rest = bytes_from(phrase, behind_word(phrase, 0));
		if (bytes_eq(want, "*")) {
			size_t end = 0;
			for (unsigned skipped = 0; skipped <= GAP && !end && at < letters.n; skipped++) {
				end = match(letters, at, rest);
				at = behind_word(letters, at);
			}
			return end;
		}
		if (!bytes_same(want, word))
			return 0;
		if (rest.n == 0)
			return at + word.n;
		phrase = rest;
		at = behind_word(letters, at);
	}
	return 0;
}

size_t phrase_find(const struct phrase_index *ix, struct bytes letters, size_t at, size_t row, size_t *end)
{
	size_t i = row == PHRASE_NONE ? ix->first[slot_of(word_at(letters, at))] : ix->next[row];

	for (; i; i = ix->next[i - 1]) {
		size_t found = match(letters, at, bytes_of(phrase_rows[i - 1].text));
		if (found) {
			*end = found;
			return i - 1;
		}
	}
	return PHRASE_NONE;
}
