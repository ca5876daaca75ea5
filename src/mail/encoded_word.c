/* encoded_word.c - see encoded_word.h and display_name_decode in address.h */
#include "mail/encoded_word.h"

#include "base/ascii.h"
#include "base/idn.h"
#include "mail/address.h"

#define CHARSET_MAX 64u /* bytes; the longest registered name has 45 */
#define REPLACEMENT 0xfffdu

/* RFC 2047 section 2: what a charset's name is made of */
static bool is_token_byte(uint8_t c)
{
	static const char especials[] = "()<>@,;:\"/[]?.=";

	return ascii_is_vchar(c) && !memchr(especials, c, sizeof(especials) - 1);
}

bool encoded_word_at(struct bytes t, size_t at, bool *no_end, struct encoded_word *out)
{
	size_t i = at + 2, start = i;

	if (*no_end || t.n - at < 2 || t.p[at] != '=' || t.p[at + 1] != '?')
		return false;
	while (i < t.n && i - start < CHARSET_MAX && is_token_byte(t.p[i]))
		i++;
	if (i == start || t.n - i < 3 || t.p[i] != '?' || t.p[i + 2] != '?')
		return false;
	uint8_t encoding = t.p[i + 1] | 32;
	if (encoding != 'b' && encoding != 'q')
		return false;
	struct bytes charset = bytes_sub(t, start, i - start);
	struct bytes rest = bytes_from(t, i + 3);
	size_t end = bytes_search(rest, B("?="));
	if (end == rest.n) {
		*no_end = true;
		return false;
	}
	charset.n = bytes_find(charset, '*', 0);
	*out = (struct encoded_word){ charset, bytes_sub(rest, 0, end), encoding == 'b', i + 3 + end + 2 };
	return true;
}

size_t encoded_word_find(struct bytes t, size_t from)
{
	struct encoded_word word;
	bool no_end = false;

	for (size_t at = from; (at = bytes_find(t, '=', at)) < t.n; at++)
		if (encoded_word_at(t, at, &no_end, &word))
			return at;
	return t.n;
}

/* --- bytes of a word ------------------------------------------------------- */

static int base64_value(uint8_t c)
{
	if (ascii_is_alpha(c))
		return c >= 'a' ? c - 'a' + 26 : c - 'A';
	if (ascii_is_digit(c))
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* As readers of mail do: what is no base64 is passed over, padding may be missing. */
static size_t decode_b(struct bytes text, uint8_t *to)
{
	uint32_t bits = 0;
	unsigned have = 0;
	size_t n = 0;

	for (size_t i = 0; i < text.n && text.p[i] != '='; i++) {
		int v = base64_value(text.p[i]);
		if (v < 0)
			continue;
		bits = bits << 6 | (uint32_t)v;
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		to[n++] = (uint8_t)(bits >> have);
	}
	return n;
}

static size_t decode_q(struct bytes text, uint8_t *to)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = text.p[i];
		if (c == '=' && i + 2 < text.n && ascii_hex(text.p[i + 1]) >= 0 && ascii_hex(text.p[i + 2]) >= 0) {
			c = (uint8_t)(ascii_hex(text.p[i + 1]) << 4 | ascii_hex(text.p[i + 2]));
			i += 2;
		} else if (c == '_') {
			c = ' ';
		}
		to[n++] = c;
	}
	return n;
}

size_t encoded_word_raw(struct encoded_word word, uint8_t *to)
{
	return word.base64 ? decode_b(word.text, to) : decode_q(word.text, to);
}

/* --- charsets --------------------------------------------------------------- */

/* 0x80 to 0x9f of windows-1252; 0: no character */
static const uint16_t cp1252[32] = {
	0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
	0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017d, 0,
	0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
	0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178,
};

/* A code point below 0x10000 as UTF-8. */
static size_t put_utf8(uint8_t *to, uint32_t c)
{
	if (c < 0x80) {
		to[0] = (uint8_t)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (uint8_t)(0xc0 | c >> 6);
		to[1] = (uint8_t)(0x80 | (c & 0x3f));
		return 2;
	}
	to[0] = (uint8_t)(0xe0 | c >> 12);
	to[1] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
	to[2] = (uint8_t)(0x80 | (c & 0x3f));
	return 3;
}

/* Each of these writes at most three bytes for one. */

static size_t from_utf8(struct bytes b, uint8_t *to)
{
	size_t n = 0, len;

	for (size_t i = 0; i < b.n; i += len) {
		if (utf8_next(b, i, &len) == REPLACEMENT) {
			n += put_utf8(to + n, REPLACEMENT);
		} else {
			memcpy(to + n, b.p + i, len);
			n += len;
		}
	}
	return n;
}

/* ISO-8859-1 too: its 0x80 to 0x9f are not used by anybody for controls. */
static size_t from_cp1252(struct bytes b, uint8_t *to)
{
	size_t n = 0;

	for (size_t i = 0; i < b.n; i++) {
		uint32_t c = b.p[i];
		if (c >= 0x80 && c < 0xa0)
			c = cp1252[c - 0x80] ? cp1252[c - 0x80] : REPLACEMENT;
		n += put_utf8(to + n, c);
	}
	return n;
}

/* A charset that is not known, but has ASCII in its lower half. */
static size_t from_ascii(struct bytes b, uint8_t *to)
{
	size_t n = 0;

	for (size_t i = 0; i < b.n; i++)
		n += put_utf8(to + n, b.p[i] < 0x80 ? b.p[i] : REPLACEMENT);
	return n;
}

/* A charset in which even ASCII bytes mean something else. */
static size_t from_nowhere(struct bytes b, uint8_t *to)
{
	return b.n ? put_utf8(to, REPLACEMENT) : 0;
}

typedef size_t converter(struct bytes b, uint8_t *to);

static const struct {
	const char *name;
	converter *convert;
} charsets[] = {
	{ "utf-8", from_utf8 },         { "utf8", from_utf8 },       { "iso-8859-1", from_cp1252 },
	{ "iso8859-1", from_cp1252 },   { "latin1", from_cp1252 },   { "windows-1252", from_cp1252 },
	{ "cp1252", from_cp1252 },      { "us-ascii", from_ascii },  { "ascii", from_ascii },
};

static const char *const not_ascii[] = {
	"iso-2022-", "csiso2022", "utf-7", "unicode-1-1-utf-7", "utf-16", "utf-32", "ucs-", "hz",
};

static converter *converter_of(struct bytes charset)
{
	for (size_t i = 0; i < ARRAY_LEN(charsets); i++)
		if (bytes_ieq(charset, charsets[i].name))
			return charsets[i].convert;
	for (size_t i = 0; i < ARRAY_LEN(not_ascii); i++)
		if (bytes_istarts(charset, not_ascii[i]))
			return from_nowhere;
	return from_ascii;
}

/* --- a whole name ----------------------------------------------------------- */

/* Words of one charset that stand next to each other are joined before they are
 * converted: many writers cut characters in two. */
struct decoder {
	uint8_t *out, *raw;
	size_t n, raw_n;
	converter *convert;
};

static void flush(struct decoder *d)
{
	if (d->raw_n)
		d->n += d->convert((struct bytes){ d->raw, d->raw_n }, d->out + d->n);
	d->raw_n = 0;
}

static void add_word(struct decoder *d, struct encoded_word word)
{
	converter *convert = converter_of(word.charset);

	if (convert != d->convert)
		flush(d);
	d->convert = convert;
	d->raw_n += encoded_word_raw(word, d->raw + d->raw_n);
}

static void add_plain(struct decoder *d, struct bytes text)
{
	flush(d);
	d->n += from_utf8(text, d->out + d->n);
}

struct bytes display_name_decode(struct arena *a, struct bytes name)
{
	struct encoded_word word;
	size_t plain = 0; /* where the text begins that is not written yet */
	bool no_end = false, behind_word = false;

	if (encoded_word_find(name, 0) == name.n)
		return utf8_clean(a, name);
	struct decoder d = {
		.out = arena_array(a, uint8_t, 3 * name.n), .raw = arena_array(a, uint8_t, name.n),
	};
	if (!d.out || !d.raw)
		return (struct bytes){ NULL, 0 };
	for (size_t at = 0; (at = bytes_find(name, '=', at)) < name.n;) {
		if (!encoded_word_at(name, at, &no_end, &word)) {
			at++;
			continue;
		}
		struct bytes between = bytes_sub(name, plain, at - plain);
		if (!behind_word || bytes_trim(between).n)
			add_plain(&d, between);
		add_word(&d, word);
		behind_word = true;
		plain = at = word.end;
	}
	flush(&d);
	add_plain(&d, bytes_from(name, plain));
	return (struct bytes){ d.out, d.n };
}
