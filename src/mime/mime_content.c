/* mime_content.c - mime_content and mime_words; see mime.h
 *
 * GMime's own decoder of encoded words is not used: of neighbours it decodes what stands
 * before the first padding only ("=?utf-8?b?YQ==?= =?utf-8?b?Yg==?=" is "a"). */
#include <gmime/gmime.h>

#include "base/idn.h"
#include "mail/encoded_word.h"
#include "mime/mime.h"
#include "mime/mime_charset.h"

#define PIECE 4096u  /* bytes decoded in a step */
#define GROWTH 12u   /* bytes of UTF-8 that one byte can become: some charsets of India have signs of four characters */

static GMimeContentEncoding encoding_of(const struct mime_part *p)
{
	static const struct {
		const char *name;
		GMimeContentEncoding encoding;
	} rows[] = {
		{ "base64", GMIME_CONTENT_ENCODING_BASE64 },
		{ "quoted-printable", GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE },
		{ "x-uuencode", GMIME_CONTENT_ENCODING_UUENCODE },
		{ "uuencode", GMIME_CONTENT_ENCODING_UUENCODE },
		{ "x-uue", GMIME_CONTENT_ENCODING_UUENCODE },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows) && !p->container; i++)
		if (bytes_eq(p->encoding, rows[i].name))
			return rows[i].encoding;
	return GMIME_CONTENT_ENCODING_DEFAULT; /* as it stands */
}

/* What is encoded: of uuencode the lines behind "begin 644 NAME". */
static struct bytes encoded_of(const struct mime_part *p)
{
	struct bytes text = p->raw, line;

	if (encoding_of(p) == GMIME_CONTENT_ENCODING_UUENCODE)
		while (bytes_cut(&text, '\n', &line))
			if (bytes_istarts(line, "begin"))
				return text;
	return text;
}

/* The first max bytes, without half a character at the end. */
static struct bytes head(struct bytes text, size_t max, bool whole_characters)
{
	size_t n = max;

	if (text.n <= max)
		return text;
	while (whole_characters && n && max - n < 3 && (text.p[n] & 0xc0) == 0x80)
		n--;
	return bytes_sub(text, 0, n);
}

/* Decodes and, for text, converts until there is more than max. */
static bool decode(const struct mime_part *p, bool text, size_t max, struct buf *to)
{
	struct mime_charset charset;
	GMimeEncoding encoding;
	char out[2 * PIECE + 64]; /* of base64, Q and uuencode less comes out than goes in */
	struct bytes rest = encoded_of(p);

	if (text)
		mime_charset_begin(&charset, p->charset);
	g_mime_encoding_init_decode(&encoding, encoding_of(p));
	while (rest.n && to->n <= max && !to->failed) {
		struct bytes piece = bytes_sub(rest, 0, PIECE);
		rest = bytes_from(rest, PIECE);
		assert(g_mime_encoding_outlen(&encoding, piece.n) <= sizeof(out));
		size_t n = g_mime_encoding_step(&encoding, (const char *)piece.p, piece.n, out);
		if (rest.n == 0)
			n += g_mime_encoding_flush(&encoding, "", 0, out + n);
		struct bytes raw = { (const uint8_t *)out, n };
		if (text)
			mime_charset_feed(&charset, raw, to);
		else
			buf_add(to, raw);
	}
	if (text)
		mime_charset_end(&charset, to);
	return !to->failed;
}

/* Nothing has to change: no encoding, and text that is UTF-8 already. */
static bool is_plain(const struct mime_part *p, bool text, struct bytes raw)
{
	static const char *const charsets[] = { "", "utf-8", "utf8", "us-ascii", "ascii" };

	if (encoding_of(p) != GMIME_CONTENT_ENCODING_DEFAULT)
		return false;
	if (!text)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(charsets); i++)
		if (bytes_eq(p->charset, charsets[i]))
			return utf8_valid(raw, NULL);
	return false;
}

static struct bytes content(struct work *w, const struct mime_part *p, bool text, size_t max, bool *cut)
{
	struct bytes got = head(p->raw, max, text);
	bool more = got.n < p->raw.n;
	struct buf b;

	if (!is_plain(p, text, got)) {
		max = max < GROWTH * p->raw.n + GROWTH ? max : GROWTH * p->raw.n + GROWTH;
		buf_init(&b, max + GROWTH * 2 * PIECE);
		bool ok = decode(p, text, max, &b);
		more = b.n > max;
		got = ok ? arena_copy(w->arena, head(buf_bytes(&b), max, text)) : (struct bytes){ NULL, 0 };
		buf_free(&b);
		if (!ok)
			arena_fail(w->arena);
	}
	if (cut && got.p)
		*cut = more;
	return got.p || p->raw.n ? got : B("");
}

struct bytes mime_content(struct work *w, const struct mime *m, size_t part, size_t max, bool *cut)
{
	const struct mime_part *p = &m->parts[part];

	return content(w, p, bytes_istarts(p->type, "text/"), max, cut);
}

struct bytes mime_octets(struct work *w, const struct mime *m, size_t part, size_t max, bool *cut)
{
	return content(w, &m->parts[part], false, max, cut);
}

/* --- encoded words --- */

/* Words of one charset that stand next to each other are joined before they are
 * converted: many writers cut characters in two. */
struct decoder {
	struct mime_charset charset;
	struct bytes name;      /* of the charset that is open; p NULL: none */
	uint8_t *raw;           /* room for the longest word */
	struct buf out;
};

static void close_words(struct decoder *d)
{
	if (d->name.p)
		mime_charset_end(&d->charset, &d->out);
	d->name = (struct bytes){ NULL, 0 };
}

static void add_word(struct decoder *d, struct encoded_word word)
{
	if (!d->name.p || !bytes_isame(d->name, word.charset)) {
		close_words(d);
		mime_charset_begin(&d->charset, word.charset);
		d->name = word.charset;
	}
	mime_charset_feed(&d->charset, (struct bytes){ d->raw, encoded_word_raw(word, d->raw) }, &d->out);
}

static void add_plain(struct decoder *d, struct bytes text)
{
	struct mime_charset plain;

	close_words(d);
	mime_charset_begin(&plain, B(""));
	for (size_t i = 0, n; i < text.n; i += n + 1) { /* folds: only the line ends go */
		n = 0;
		while (i + n < text.n && text.p[i + n] != '\r' && text.p[i + n] != '\n')
			n++;
		mime_charset_feed(&plain, bytes_sub(text, i, n), &d->out);
	}
	mime_charset_end(&plain, &d->out);
}

static void decode_words(struct decoder *d, struct bytes value)
{
	struct encoded_word word;
	size_t plain = 0; /* where the text begins that is not written yet */
	bool no_end = false;

	for (size_t at = 0; (at = bytes_find(value, '=', at)) < value.n;) {
		if (!encoded_word_at(value, at, &no_end, &word)) {
			at++;
			continue;
		}
		struct bytes between = bytes_sub(value, plain, at - plain);
		if (!d->name.p || bytes_trim(between).n)
			add_plain(d, between);
		add_word(d, word);
		plain = at = word.end;
	}
	add_plain(d, bytes_from(value, plain));
}

struct bytes mime_words(struct arena *a, struct bytes value)
{
	struct decoder d = { .raw = arena_array(a, uint8_t, value.n) };

	value = bytes_trim(value);
	if (!d.raw)
		return (struct bytes){ NULL, 0 };
	buf_init(&d.out, GROWTH * (value.n + 8));
	decode_words(&d, value);
	struct bytes text = { NULL, 0 };
	if (d.out.failed)
		arena_fail(a);
	else
		text = arena_copy(a, buf_bytes(&d.out));
	buf_free(&d.out);
	return text;
}
