/* text_fold.c - see text_fold.h */
#include "content/text_fold.h"

#include "base/ascii.h"
#include "base/idn.h"

#define WORD_MIN 4u /* letters of a word that may count as disguised: "kΩ" and "µm" are none */

/* --- tables --- */

/* Letters of other scripts and styles that can be taken for a Latin one; sorted. */
static const struct { uint16_t from; char to; } lookalikes[] = {
	{ 0x0251, 'a' }, { 0x0261, 'g' }, { 0x0262, 'g' }, { 0x0269, 'i' }, { 0x026a, 'i' }, { 0x0274, 'n' },
	{ 0x0280, 'r' }, { 0x028b, 'v' }, { 0x028f, 'y' }, { 0x0299, 'b' }, { 0x029c, 'h' }, { 0x029f, 'l' },
	{ 0x0391, 'a' }, { 0x0392, 'b' }, { 0x0395, 'e' }, { 0x0396, 'z' }, { 0x0397, 'h' }, { 0x0399, 'i' },
	{ 0x039a, 'k' }, { 0x039c, 'm' }, { 0x039d, 'n' }, { 0x039f, 'o' }, { 0x03a1, 'p' }, { 0x03a4, 't' },
	{ 0x03a5, 'y' }, { 0x03a7, 'x' }, { 0x03ac, 'a' }, { 0x03ad, 'e' }, { 0x03ae, 'n' }, { 0x03af, 'i' },
	{ 0x03b1, 'a' }, { 0x03b2, 'b' }, { 0x03b3, 'y' }, { 0x03b5, 'e' }, { 0x03b7, 'n' }, { 0x03b9, 'i' },
	{ 0x03ba, 'k' }, { 0x03bc, 'u' }, { 0x03bd, 'v' }, { 0x03bf, 'o' }, { 0x03c1, 'p' }, { 0x03c3, 'o' },
	{ 0x03c4, 't' }, { 0x03c5, 'u' }, { 0x03c7, 'x' }, { 0x03c9, 'w' }, { 0x03cc, 'o' }, { 0x03cd, 'u' },
	{ 0x03f2, 'c' }, { 0x03f3, 'j' }, { 0x03f9, 'c' }, { 0x0401, 'e' }, { 0x0405, 's' }, { 0x0406, 'i' },
	{ 0x0407, 'i' }, { 0x0408, 'j' }, { 0x0410, 'a' }, { 0x0412, 'b' }, { 0x0415, 'e' }, { 0x041a, 'k' },
	{ 0x041c, 'm' }, { 0x041d, 'h' }, { 0x041e, 'o' }, { 0x0420, 'p' }, { 0x0421, 'c' }, { 0x0422, 't' },
	{ 0x0423, 'y' }, { 0x0425, 'x' }, { 0x0430, 'a' }, { 0x0432, 'b' }, { 0x0433, 'r' }, { 0x0435, 'e' },
	{ 0x0438, 'u' }, { 0x043a, 'k' }, { 0x043c, 'm' }, { 0x043d, 'h' }, { 0x043e, 'o' }, { 0x043f, 'n' },
	{ 0x0440, 'p' }, { 0x0441, 'c' }, { 0x0442, 't' }, { 0x0443, 'y' }, { 0x0445, 'x' }, { 0x0451, 'e' },
	{ 0x0455, 's' }, { 0x0456, 'i' }, { 0x0457, 'i' }, { 0x0458, 'j' }, { 0x045c, 'k' }, { 0x0474, 'v' },
	{ 0x0475, 'v' }, { 0x0493, 'f' }, { 0x04ae, 'y' }, { 0x04af, 'y' }, { 0x04ba, 'h' }, { 0x04bb, 'h' },
	{ 0x04bd, 'e' }, { 0x04c0, 'l' }, { 0x04cf, 'l' }, { 0x0501, 'd' }, { 0x051a, 'q' }, { 0x051b, 'q' },
	{ 0x051c, 'w' }, { 0x051d, 'w' }, { 0x053c, 'l' }, { 0x054d, 'u' }, { 0x0555, 'o' }, { 0x0566, 'q' },
	{ 0x056c, 'l' }, { 0x0570, 'h' }, { 0x0575, 'j' }, { 0x0578, 'n' }, { 0x057d, 'u' }, { 0x057f, 's' },
	{ 0x0581, 'g' }, { 0x0584, 'p' }, { 0x0585, 'o' }, { 0x13a0, 'd' }, { 0x13a1, 'r' }, { 0x13a2, 't' },
	{ 0x13aa, 'a' }, { 0x13ab, 'j' }, { 0x13ac, 'e' }, { 0x13b3, 'w' }, { 0x13b7, 'm' }, { 0x13bb, 'h' },
	{ 0x13c3, 'z' }, { 0x13d9, 'v' }, { 0x13da, 's' }, { 0x13de, 'l' }, { 0x13df, 'c' }, { 0x13e2, 'p' },
	{ 0x13e6, 'k' }, { 0x13f4, 'b' }, { 0x1d00, 'a' }, { 0x1d04, 'c' }, { 0x1d05, 'd' }, { 0x1d07, 'e' },
	{ 0x1d0a, 'j' }, { 0x1d0b, 'k' }, { 0x1d0d, 'm' }, { 0x1d0f, 'o' }, { 0x1d18, 'p' }, { 0x1d1b, 't' },
	{ 0x1d1c, 'u' }, { 0x1d20, 'v' }, { 0x1d21, 'w' }, { 0x1d22, 'z' }, { 0x2102, 'c' }, { 0x210a, 'g' },
	{ 0x210b, 'h' }, { 0x210c, 'h' }, { 0x210d, 'h' }, { 0x210e, 'h' }, { 0x2110, 'i' }, { 0x2111, 'i' },
	{ 0x2112, 'l' }, { 0x2113, 'l' }, { 0x2115, 'n' }, { 0x2119, 'p' }, { 0x211a, 'q' }, { 0x211b, 'r' },
	{ 0x211c, 'r' }, { 0x211d, 'r' }, { 0x2124, 'z' }, { 0x2128, 'z' }, { 0x212c, 'b' }, { 0x212d, 'c' },
	{ 0x212e, 'e' }, { 0x212f, 'e' }, { 0x2130, 'e' }, { 0x2131, 'f' }, { 0x2133, 'm' }, { 0x2134, 'o' },
	{ 0x2139, 'i' }, { 0x2160, 'i' }, { 0x2164, 'v' }, { 0x2169, 'x' }, { 0x216c, 'l' }, { 0x216d, 'c' },
	{ 0x216e, 'd' }, { 0x216f, 'm' }, { 0x2170, 'i' }, { 0x2174, 'v' }, { 0x2179, 'x' }, { 0x217c, 'l' },
	{ 0x217d, 'c' }, { 0x217e, 'd' }, { 0x217f, 'm' }, { 0xa731, 's' }, { 0xa793, 'c' },
};

/* The letters under the accents of two blocks of Latin letters: those are honest. */
static const struct { uint32_t from, n; const char *letters; } accents[] = {
	{ 0xc0, 0x190,
	  "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty"
	  "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkk~lllllll"
	  "lllnnnnnn~nnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"
	  "b~~~~~~~~~~~~~~e~~f~~~~~~~~~~~~~oo~~~~~~~~~~~~~uu~~~~~~~~~~~~~~~"
	  "~~~~dddlllnnnaaiioouuuuuuuuuu~aaaa~~~~ggkkoooo~~jdddgg~~nnaa~~~~"
	  "aaaaeeeeiiiioooorrrruuuusstt~~hh~~~~~~aaeeooooooooyy~~~~~~~~~~~~"
	  "~~~~~~~~~~~~~~~~" },
	{ 0x1e00, 0x100,
	  "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"
	  "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
	  "wwwwwwwwwwxxxxyyzzzzzzhtwyassss~aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
	  "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy~~~~~~" },
};

/* Alphabets that stand again in another style, from A (or a) on. */
static const struct { uint32_t from, to, first; unsigned period; } styles[] = {
	{ 0xff21, 0xff3a, 'a', 26 },   { 0xff41, 0xff5a, 'a', 26 },   /* wide */
	{ 0x24b6, 0x24cf, 'a', 26 },   { 0x24d0, 0x24e9, 'a', 26 },   /* in circles */
	{ 0x1d400, 0x1d6a3, 'a', 26 }, { 0x1d7ce, 0x1d7ff, '0', 10 }, /* of mathematics */
	{ 0x1f130, 0x1f149, 'a', 26 }, { 0x1f150, 0x1f169, 'a', 26 }, /* in squares, in black circles */
	{ 0x1f170, 0x1f189, 'a', 26 }, { 0xff10, 0xff19, '0', 10 },
};

/* What has no width, or only directs what stands around it. */
static const struct { uint32_t from, to; } invisibles[] = {
	{ 0x00ad, 0x00ad }, { 0x034f, 0x034f }, { 0x061c, 0x061c }, { 0x115f, 0x1160 }, { 0x17b4, 0x17b5 },
	{ 0x180b, 0x180e }, { 0x200b, 0x200f }, { 0x202a, 0x202e }, { 0x2060, 0x206f }, { 0x3164, 0x3164 },
	{ 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 }, { 0xfff9, 0xfffb }, { 0xe0000, 0xe0fff },
};
#define SOFT_HYPHEN 0xadu /* an honest one: it says where a long word may be cut */

static bool is_invisible(uint32_t c)
{
	for (size_t i = 0; i < ARRAY_LEN(invisibles); i++)
		if (c >= invisibles[i].from && c <= invisibles[i].to)
			return true;
	return false;
}

/* The Latin letter or digit that c looks like; 0: none. */
static uint8_t lookalike_of(uint32_t c)
{
	size_t low = 0, high = ARRAY_LEN(lookalikes);

	for (size_t i = 0; i < ARRAY_LEN(styles); i++)
		if (c >= styles[i].from && c <= styles[i].to)
			return (uint8_t)(styles[i].first + (c - styles[i].from) % styles[i].period);
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (lookalikes[middle].from == c)
			return (uint8_t)lookalikes[middle].to;
		if (lookalikes[middle].from < c)
			low = middle + 1;
		else
			high = middle;
	}
	return 0;
}

/* The letter under an accent; ' ' for a sign, 0 where there is none of these letters. */
static uint8_t under_accent(uint32_t c)
{
	for (size_t i = 0; i < ARRAY_LEN(accents); i++)
		if (c >= accents[i].from && c - accents[i].from < accents[i].n)
			return (uint8_t)accents[i].letters[c - accents[i].from];
	return 0;
}

/* Blocks of punctuation, signs and pictures; everything else above them is letters of some script. */
static bool is_letter(uint32_t c)
{
	return c >= 0x250 && !(c >= 0x2b0 && c < 0x370) && !(c >= 0x2000 && c < 0x2c00) && !(c >= 0x3000 && c < 0x3041) && !(c >= 0xfe10 && c < 0xfe70) &&
	       !(c >= 0xff00 && c < 0xff66) && c != 0xfffd && !(c >= 0x1f000 && c < 0x20000);
}

/* --- folding --- */

struct folder {
	uint8_t *clean, *letters, *marks;
	uint32_t *at;
	size_t clean_n, n;
	size_t disguised, first_from, first_to;
	/* the word that is being written */
	size_t word;            /* where it begins */
	unsigned turns;         /* changes between Latin letters and look-alikes */
	unsigned cuts;          /* invisible characters within */
	bool other;             /* it has letters that look like no Latin ones */
	bool last_alike;
	bool cut;               /* something invisible came behind the last letter */
};

static bool in_word(const struct folder *f)
{
	return f->n > f->word;
}

static void put(struct folder *f, uint8_t letter, uint8_t mark)
{
	f->letters[f->n] = letter;
	f->marks[f->n] = mark;
	f->at[f->n] = (uint32_t)f->clean_n;
	f->n++;
}

static void put_letter(struct folder *f, uint8_t letter, bool alike)
{
	bool cut = f->cut && in_word(f);

	f->turns += in_word(f) && alike != f->last_alike;
	f->cuts += cut;
	f->other = f->other || letter == '~';
	f->last_alike = alike;
	f->cut = false;
	put(f, letter, (alike ? FOLD_LOOKALIKE : 0) | (cut ? FOLD_INVISIBLE : 0));
}

/* Digits that stand for letters, in a word that has both. */
static void read_digits(struct folder *f)
{
	static const char as[] = "oi.eas.t"; /* 0, 1, 3, 4, 5, 7 */
	size_t letters = 0;

	for (size_t i = f->word; i < f->n; i++)
		letters += ascii_is_alpha(f->letters[i]);
	if (letters < 2)
		return;
	for (size_t i = f->word; i < f->n; i++) {
		uint8_t c = f->letters[i];
		if (c >= '0' && c <= '7' && as[c - '0'] != '.') {
			f->letters[i] = (uint8_t)as[c - '0'];
			f->marks[i] |= FOLD_LOOKALIKE;
		}
	}
}

static void end_word(struct folder *f)
{
	if (in_word(f)) {
		bool disguised = f->n - f->word >= WORD_MIN && !f->other && (f->turns >= 2 || f->cuts > 0);
		if (disguised && f->disguised++ == 0) {
			f->first_from = f->word;
			f->first_to = f->n;
		}
		read_digits(f);
		put(f, ' ', 0);
	}
	f->word = f->n;
	f->turns = f->cuts = 0;
	f->other = f->last_alike = f->cut = false;
}

static void fold_one(struct folder *f, uint32_t c, bool before_letter)
{
	uint8_t alike, plain = under_accent(c);

	if (c < 0x80 && ascii_is_alnum((uint8_t)c))
		put_letter(f, ascii_lower((uint8_t)c), false);
	else if ((c == '@' || c == '$') && in_word(f) && before_letter)
		put(f, c == '@' ? 'a' : 's', FOLD_LOOKALIKE);
	else if (plain && plain != ' ')
		put_letter(f, plain, false);
	else if (c >= 0x300 && c < 0x370)
		; /* an accent on the letter before */
	else if ((alike = lookalike_of(c)) != 0)
		put_letter(f, alike, true);
	else if (is_letter(c))
		put_letter(f, '~', false);
	else
		end_word(f);
}

bool text_fold_read(struct arena *a, struct bytes text, struct text_fold *out)
{
	struct folder f = {
		.clean = arena_alloc(a, text.n + 1), .letters = arena_alloc(a, text.n + 2), .marks = arena_alloc(a, text.n + 2),
		.at = arena_array(a, uint32_t, text.n + 2),
	};
	size_t len;

	if (!f.clean || !f.letters || !f.marks || !f.at)
		return false;
	for (size_t i = 0; i < text.n; i += len) {
		uint32_t c = utf8_next(text, i, &len);
		if (is_invisible(c)) {
			f.cut = f.cut || c != SOFT_HYPHEN;
			continue;
		}
		uint8_t next = i + len < text.n ? text.p[i + len] : 0;
		fold_one(&f, c, ascii_is_alpha(next) || next == '@' || next == '$');
		memcpy(f.clean + f.clean_n, text.p + i, len);
		f.clean_n += len;
	}
	end_word(&f);
	*out = (struct text_fold){ .clean = { f.clean, f.clean_n }, .letters = { f.letters, f.n }, .marks = f.marks,
	                           .at = f.at, .disguised = f.disguised, .first_from = f.first_from,
	                           .first_to = f.first_to };
	return true;
}
