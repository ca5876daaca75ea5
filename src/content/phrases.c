/* phrases.c - see phrases.h: how they are found */
#include "content/phrases.h"

#define SLOTS 256u      /* chains by the first word; short, as there are a few hundred rows */
#define GAP 5u          /* words for which a star stands */

struct phrase_index {
	uint16_t first[SLOTS];          /* a row and one; 0: none */
	uint16_t next[PHRASE_ROWS_MAX];
	uint8_t n[PHRASE_ROWS_MAX];     /* bytes of the row */
	uint8_t plain[PHRASE_ROWS_MAX]; /* of it, before the first star */
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
		struct bytes text = bytes_of(phrase_rows[i - 1].text);
		size_t slot = slot_of(word_at(text, 0));
		ix->n[i - 1] = (uint8_t)text.n;
		ix->plain[i - 1] = (uint8_t)bytes_find(text, '*', 0);
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

static bool stands_at(struct bytes letters, size_t at, struct bytes plain)
{
	return plain.n <= letters.n - at && letters.p[at] == plain.p[0] && memcmp(letters.p + at, plain.p, plain.n) == 0;
}

/* Does the phrase stand here, where a word begins? The end of its last word; 0: no. As deep as there are stars. */
static size_t match(struct bytes letters, size_t at, struct bytes phrase)
{
	size_t star = bytes_find(phrase, '*', 0), end = 0;

	if (!stands_at(letters, at, bytes_sub(phrase, 0, star)))
		return 0;
	at += star;
	if (star == phrase.n)
		return at == letters.n || letters.p[at] == ' ' ? at : 0;
	phrase = bytes_from(phrase, star + 2);
	for (unsigned skipped = 0; skipped <= GAP && !end && at < letters.n; skipped++) {
		end = match(letters, at, phrase);
		at = behind_word(letters, at);
	}
	return end;
}

size_t phrase_find(const struct phrase_index *ix, struct bytes letters, size_t at, size_t row, size_t *end)
{
	size_t i = row == PHRASE_NONE ? ix->first[slot_of(word_at(letters, at))] : ix->next[row];

	for (; i; i = ix->next[i - 1]) {
		struct bytes text = { (const uint8_t *)phrase_rows[i - 1].text, ix->n[i - 1] };
		struct bytes plain = bytes_sub(text, 0, ix->plain[i - 1]); /* most do not fit, and soon */
		size_t found = stands_at(letters, at, plain) ? match(letters, at, text) : 0;
		if (found) {
			*end = found;
			return i - 1;
		}
	}
	return PHRASE_NONE;
}
