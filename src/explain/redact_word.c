/* redact_word.c - see redact_word.h */
#include "explain/redact_word.h"

#include "base/ascii.h"
#include "base/idn.h"
#include "content/phrases.h"
#include "content/text_fold.h"
#include "explain/redact_vocabulary.h"

enum { WORD_MAX = 998 }; /* bytes; what is longer is several */

static struct arena *arena_of(const struct redact *r)
{
	return r->work.arena;
}

/* Letters and digits of any script; what is not UTF-8 passes for one. A coarse table: what is left
 * out of it stays, and is punctuation or a picture. */
static bool is_letter(uint32_t c)
{
	static const struct { uint32_t first, last; } others[] = {
		{ 0x80, 0xa9 },     { 0xab, 0xb4 },     { 0xb6, 0xb9 },     { 0xbb, 0xbf },     { 0xd7, 0xd7 },
		{ 0xf7, 0xf7 },     { 0x2000, 0x206f }, { 0x20a0, 0x2bff }, { 0x2e00, 0x2e7f }, { 0x3000, 0x3004 },
		{ 0x3008, 0x3020 }, { 0x3030, 0x3030 }, { 0xfe00, 0xfe6f }, { 0xfeff, 0xff0f }, { 0xff1a, 0xff20 },
		{ 0xff3b, 0xff40 }, { 0xff5b, 0xff65 }, { 0x1f000, 0x1faff }, { 0xe0000, 0xe01ef },
	};

	if (c < 0x80)
		return ascii_is_alnum((uint8_t)c);
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (c >= others[i].first && c <= others[i].last)
			return false;
	return true;
}

/* Within a word they hide it from filters: they go where the word goes. */
static bool is_unseen(uint32_t c)
{
	return c == 0xad || c == 0x34f || (c >= 0x200b && c <= 0x200f) || (c >= 0x2060 && c <= 0x2064) || c == 0xfeff;
}

size_t redact_word_end(struct bytes text, size_t at)
{
	size_t end = at, len;

	for (size_t i = at; i < text.n && i < at + WORD_MAX; i += len) {
		uint32_t c = utf8_next(text, i, &len);
		if (is_letter(c))
			end = i + len;
		else if (!is_unseen(c) && !((c == '\'' || c == 0x2019) && end == i))
			break;
	}
	return end;
}

/* The word as it is compared: as it looks, without what cannot be seen. */
static struct bytes key_of(struct redact *r, struct bytes word)
{
	return r->tables ? lookalike_looks(r->tables, arena_of(r), word) : arena_lower(arena_of(r), word);
}

struct shape {
	size_t letters, digits, upper;
	bool first_upper, mixed;
	struct bytes unseen; /* the characters in it that cannot be seen */
};

static struct shape shape_of(struct redact *r, struct bytes word)
{
	struct shape s = { .first_upper = word.n && word.p[0] >= 'A' && word.p[0] <= 'Z', .unseen = { NULL, 0 } };
	enum lookalike_kind kind;
	size_t len;

	for (size_t i = 0; i < word.n; i += len) {
		uint32_t c = utf8_next(word, i, &len);
		if (is_unseen(c))
			s.unseen = arena_join(arena_of(r), s.unseen, bytes_sub(word, i, len));
		s.digits += c < 0x80 && ascii_is_digit((uint8_t)c);
		s.letters += is_letter(c);
		s.upper += c >= 'A' && c <= 'Z';
	}
	s.mixed = r->tables && lookalike_odd(r->tables, word, &kind) && kind == LOOKALIKE_MIXED_SCRIPT;
	return s;
}

/* One vowel as a digit or a Cyrillic letter, where the word had such. */
static struct bytes letter_for(uint8_t vowel, const struct shape *s)
{
	static const struct { char plain; const char *digit, *cyrillic; } rows[] = {
		{ 'a', "4", "а" }, { 'e', "3", "е" }, { 'i', "1", "і" }, { 'o', "0", "о" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].plain == (char)vowel && (s->mixed || s->digits))
			return bytes_of(s->mixed ? rows[i].cyrillic : rows[i].digit);
	return (struct bytes){ NULL, 0 };
}

static struct bytes new_word(struct redact *r, struct bytes word, struct bytes key)
{
	struct shape s = shape_of(r, word);
	char letters[REDACT_LETTERS_MAX];
	size_t n = s.letters < REDACT_LETTERS_MAX ? s.letters : REDACT_LETTERS_MAX;
	struct bytes out = { (const uint8_t *)"", 0 };
	bool disguised = false;

	n = n < 2 ? 2 : n;
	redact_hash_word(&r->hash, REDACT_WORD, key, n, letters);
	for (size_t i = 0; i < n; i++) {
		struct bytes other = disguised ? (struct bytes){ NULL, 0 } : letter_for((uint8_t)letters[i], &s);
		disguised = disguised || other.n;
		if ((i == 0 && s.first_upper) || (s.upper > 1 && s.upper == s.letters))
			letters[i] = (char)(letters[i] - 32);
		out = arena_join(arena_of(r), out, other.n ? other : (struct bytes){ (const uint8_t *)letters + i, 1 });
		if (i == 0)
			out = arena_join(arena_of(r), out, s.unseen);
	}
	return out;
}

void redact_word_begin(struct redact *r)
{
	for (size_t i = 0; i < phrase_rows_n; i++) {
		struct bytes rest = bytes_of(phrase_rows[i].text), word;
		while (bytes_cut(&rest, ' ', &word))
			redact_map_put(arena_of(r), &r->phrases, word, B(""));
	}
}

static bool in_phrases(struct redact *r, struct bytes word)
{
	struct text_fold folded;

	return text_fold_read(arena_of(r), word, &folded) && redact_map_find(&r->phrases, bytes_trim(folded.letters));
}

void redact_word(struct redact *r, struct bytes word, struct buf *out)
{
	const struct bytes *known = redact_map_find(&r->words, word);

	if (redact_vocabulary(word)) {
		buf_add(out, word);
		return;
	}
	if (!known) {
		struct bytes copy = arena_copy(arena_of(r), word);
		struct bytes made = in_phrases(r, word) ? copy : new_word(r, word, key_of(r, word));
		if (copy.p && made.p)
			redact_map_put(arena_of(r), &r->words, copy, made);
		known = redact_map_find(&r->words, word);
	}
	if (known)
		buf_add(out, *known);
}

void redact_token(struct redact *r, struct bytes token, struct buf *out)
{
	while (token.n) {
		uint8_t to[WORD_MAX];
		struct bytes piece = bytes_sub(token, 0, sizeof(to));
		redact_hash_token(&r->hash, REDACT_TOKEN, piece, to);
		buf_add(out, (struct bytes){ to, piece.n });
		token = bytes_from(token, piece.n);
	}
}

