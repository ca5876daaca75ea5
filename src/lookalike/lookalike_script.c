/* lookalike_script.c - see lookalike_script.h
 *
 * All of these characters have honest uses, so each is judged by what stands beside
 * it: a joiner belongs between two emoji or in Persian, not in "Pay-pal". */
#include "lookalike/lookalike_script.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>

#include "base/idn.h"
#include "lookalike/lookalike_fold.h"

enum { WORD_UNITS = 64 }; /* of UTF-16; a longer word is judged in pieces */

struct scan {
	const struct lookalike_tables *t;
	struct bytes text;
	UChar word[WORD_UNITS];
	int32_t n;
	bool foreign;       /* the word has a letter beyond ASCII */
	uint32_t before;    /* the character before; 0: none */
	uint32_t base;      /* the last one that is no mark and can be seen; 0: none */
	bool flag;          /* within the tags of a flag (England, Scotland, Wales) */
	int rtl;            /* has the text letters that run from right to left? -1: not yet known */
	unsigned kinds;
};

static UScriptCode script_of(uint32_t c)
{
	UErrorCode status = U_ZERO_ERROR;
	UScriptCode s = c ? uscript_getScript((UChar32)c, &status) : USCRIPT_COMMON;

	return U_SUCCESS(status) ? s : USCRIPT_COMMON;
}

static bool in_list(UScriptCode s, const UScriptCode *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == s)
			return true;
	return false;
}

/* --- several alphabets in one word --- */

/* Alphabets that share shapes. Others stand beside Latin without harm: "SMS" with a Hebrew or Arabic
 * article in front, a Thai firm with its English name. */
static bool shares_shapes(UScriptCode s)
{
	static const UScriptCode list[] = { USCRIPT_LATIN, USCRIPT_CYRILLIC, USCRIPT_GREEK,  USCRIPT_ARMENIAN,
	                                    USCRIPT_COPTIC, USCRIPT_CHEROKEE, USCRIPT_LISU, USCRIPT_DESERET,
	                                    USCRIPT_GOTHIC, USCRIPT_CANADIAN_ABORIGINAL, USCRIPT_OSAGE };
	return in_list(s, list, ARRAY_LEN(list));
}

/* Does the letter look like one of another alphabet? A delta does not. */
static bool disguised(const struct lookalike_tables *t, UChar32 c, UScriptCode script)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar one[2], skeleton[32];
	int32_t n = 0, i = 0;
	UChar32 first;

	U16_APPEND_UNSAFE(one, n, c);
	n = uspoof_getSkeleton(t->spoof, 0, one, n, skeleton, ARRAY_LEN(skeleton), &status);
	if (U_FAILURE(status) || n == 0)
		return false;
	U16_NEXT(skeleton, i, n, first);
	UScriptCode looks = script_of((uint32_t)first);
	return looks != script && shares_shapes(looks);
}

static bool word_is_mixed(const struct lookalike_tables *t, const UChar *word, int32_t n)
{
	UErrorCode status = U_ZERO_ERROR;
	UScriptCode first = USCRIPT_COMMON;
	bool several = false, hides = false;

	if (!(uspoof_check2(t->spoof, word, n, NULL, &status) & USPOOF_RESTRICTION_LEVEL) || U_FAILURE(status))
		return false;
	for (int32_t i = 0; i < n;) {
		UChar32 c;
		U16_NEXT(word, i, n, c);
		UScriptCode s = script_of((uint32_t)c);
		if (!shares_shapes(s))
			continue;
		several = several || (first != USCRIPT_COMMON && s != first);
		first = s;
		hides = hides || disguised(t, c, s);
	}
	return several && hides;
}

static void end_word(struct scan *s)
{
	if (s->foreign && word_is_mixed(s->t, s->word, s->n))
		s->kinds |= 1u << LOOKALIKE_MIXED_SCRIPT;
	s->n = 0;
	s->foreign = false;
}

static void add_letter(struct scan *s, uint32_t c)
{
	if (s->n + 2 > WORD_UNITS)
		end_word(s);
	U16_APPEND_UNSAFE(s->word, s->n, (UChar32)c);
	s->foreign = s->foreign || c >= 0x80;
}

/* --- characters that turn the direction --- */

static bool is_right_to_left(uint32_t c)
{
	UCharDirection d = u_charDirection((UChar32)c);

	return d == U_RIGHT_TO_LEFT || d == U_RIGHT_TO_LEFT_ARABIC;
}

static bool has_right_to_left(struct scan *s)
{
	size_t len;

	if (s->rtl < 0) {
		s->rtl = 0;
		for (size_t i = 0; i < s->text.n && !s->rtl; i += len) {
			uint32_t c = utf8_next(s->text, i, &len);
			s->rtl = c >= 0x590 && !u_hasBinaryProperty((UChar32)c, UCHAR_BIDI_CONTROL) && is_right_to_left(c);
		}
	}
	return s->rtl;
}

/* Overrides turn letters around and have no honest use in a name. The others belong to text that
 * has Arabic or Hebrew in it; in other text some programs put isolates around names, which
 * shows nothing, unless they stand within a word to hide it from a filter. */
static unsigned judge_direction(struct scan *s, uint32_t c, uint32_t next)
{
	enum { RLE = 0x202b, LRO = 0x202d, RLO = 0x202e, RLI = 0x2067 };

	if (c == LRO || c == RLO)
		return 1u << LOOKALIKE_BIDI;
	if (has_right_to_left(s))
		return 0;
	if (c == RLE || c == RLI)
		return 1u << LOOKALIKE_BIDI;
	return u_isalnum((UChar32)s->before) && u_isalnum((UChar32)next) ? 1u << LOOKALIKE_INVISIBLE : 0;
}

/* --- characters that cannot be seen --- */

/* Scripts in which nothing but a filter would want an invisible character. In all others
 * (Arabic, Indic, Thai, Khmer, Mongolian, Han, ...) they join, part and break words. */
static bool needs_no_joiner(uint32_t c)
{
	static const UScriptCode list[] = { USCRIPT_COMMON,   USCRIPT_INHERITED, USCRIPT_LATIN,    USCRIPT_GREEK,
	                                    USCRIPT_CYRILLIC, USCRIPT_ARMENIAN,  USCRIPT_GEORGIAN, USCRIPT_HANGUL,
	                                    USCRIPT_CHEROKEE, USCRIPT_COPTIC,    USCRIPT_UNKNOWN };
	return in_list(script_of(c), list, ARRAY_LEN(list));
}

static bool is_emoji(uint32_t c)
{
	return u_hasBinaryProperty((UChar32)c, UCHAR_EXTENDED_PICTOGRAPHIC) || u_hasBinaryProperty((UChar32)c, UCHAR_EMOJI);
}

static bool is_tag(uint32_t c)
{
	return c >= 0xe0020 && c <= 0xe007f;
}

static bool is_variation(uint32_t c)
{
	return (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef);
}

/* Is an invisible character where it belongs? */
static bool belongs(struct scan *s, uint32_t c, uint32_t next)
{
	enum { HANGUL_FILLER = 0x3164, HALFWIDTH_FILLER = 0xffa0, ZWJ = 0x200d, BOM = 0xfeff, BLACK_FLAG = 0x1f3f4 };

	if (c == HANGUL_FILLER || c == HALFWIDTH_FILLER)
		return false; /* a blank that passes for a name */
	if (c == BOM && s->before == 0)
		return true;
	if (is_tag(c)) {
		s->flag = s->flag || s->before == BLACK_FLAG;
		return s->flag;
	}
	if (is_variation(c) && (is_emoji(s->base) || !u_isalpha((UChar32)s->base)))
		return s->base != 0;
	if (c == ZWJ && is_emoji(s->base) && is_emoji(next))
		return true;
	if (c == 0x115f || c == 0x1160) /* fillers of Hangul letters */
		return script_of(s->base) == USCRIPT_HANGUL || script_of(next) == USCRIPT_HANGUL;
	return !needs_no_joiner(s->base) || !needs_no_joiner(next);
}

static bool is_control(uint32_t c)
{
	return (c < 0x20 && !(c >= '\t' && c <= '\r')) || c == 0x7f;
}

/* --- the text --- */

static bool is_letter(uint32_t c)
{
	return c < 0x80 ? u_isalnum((UChar32)c)
	                : u_isUAlphabetic((UChar32)c) || u_isdigit((UChar32)c) ||
	                          (U_GET_GC_MASK((UChar32)c) & U_GC_M_MASK);
}

static void take(struct scan *s, uint32_t c, uint32_t next)
{
	bool unseen = is_control(c);

	if (c >= 0x80 && u_hasBinaryProperty((UChar32)c, UCHAR_BIDI_CONTROL)) {
		s->kinds |= judge_direction(s, c, next);
		unseen = true;
	} else if (unseen || (c >= 0x80 && u_hasBinaryProperty((UChar32)c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT))) {
		unseen = true;
		if (is_control(c) || !belongs(s, c, next))
			s->kinds |= 1u << LOOKALIKE_INVISIBLE;
	} else if (is_letter(c)) {
		add_letter(s, c);
	} else {
		end_word(s);
	}
	if (!unseen && !(U_GET_GC_MASK((UChar32)c) & U_GC_M_MASK))
		s->base = c;
	s->flag = s->flag && is_tag(c);
	s->before = c;
}

unsigned lookalike_script_kinds(const struct lookalike_tables *t, struct bytes text)
{
	struct scan s = { .t = t, .text = text, .rtl = -1 };
	size_t len, next_len;

	for (size_t i = 0; i < text.n; i += len) {
		uint32_t c = utf8_next(text, i, &len);
		take(&s, c, i + len < text.n ? utf8_next(text, i + len, &next_len) : 0);
	}
	end_word(&s);
	return s.kinds;
}
