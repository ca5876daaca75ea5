/* redact_body.c - see redact_body.h */
#include "explain/redact_body.h"

#include "base/ascii.h"
#include "base/base64.h"
#include "explain/redact_header.h"
#include "explain/redact_text.h"
#include "mime/mime.h"

enum {
	DEPTH_MAX = 4,        /* messages that are encoded within messages */
	BASE64_LINE = 76, QUOTED_LINE = 76,
};

#define CONTENT_MAX (SIZE_MAX / 32) /* no limit but memory; mime_content multiplies it */

static struct arena *arena_of(const struct redact *r)
{
	return r->work.arena;
}

static bool is_crlf(struct bytes text)
{
	size_t lf = bytes_find(text, '\n', 0);

	return lf > 0 && lf < text.n && text.p[lf - 1] == '\r';
}

/* --- encodings --- */

static void write_base64(struct redact *r, struct bytes data, const char *line_end, struct buf *out)
{
	struct bytes coded = base64_encode(arena_of(r), data);

	while (coded.n) {
		buf_add(out, bytes_sub(coded, 0, BASE64_LINE));
		buf_adds(out, line_end);
		coded = bytes_from(coded, BASE64_LINE);
	}
}

/* RFC 2045 section 6.7; line ends of the text stay line ends. */
static void write_quoted(struct bytes data, const char *line_end, struct buf *out)
{
	size_t column = 0;

	for (size_t i = 0; i < data.n; i++) {
		uint8_t c = data.p[i];
		bool end = i + 1 == data.n || data.p[i + 1] == '\n' || data.p[i + 1] == '\r';
		if (c == '\n' || (c == '\r' && i + 1 < data.n && data.p[i + 1] == '\n')) {
			buf_add_byte(out, c);
			column = 0;
			continue;
		}
		if (column >= QUOTED_LINE - 3) {
			buf_addf(out, "=%s", line_end);
			column = 0;
		}
		bool plain = (ascii_is_vchar(c) && c != '=') || (ascii_is_wsp(c) && !end);
		buf_addf(out, plain ? "%c" : "=%02X", c);
		column += plain ? 1 : 3;
	}
}

static void write_encoded(struct redact *r, const struct mime_part *p, struct bytes data, struct buf *out)
{
	const char *line_end = is_crlf(p->raw) ? "\r\n" : "\n";

	if (bytes_eq(p->encoding, "base64"))
		write_base64(r, data, line_end, out);
	else if (bytes_eq(p->encoding, "quoted-printable"))
		write_quoted(data, line_end, out);
	else
		buf_add(out, data);
}

/* --- the kinds of parts --- */

/* Words of people, with lines of a header in between: many bounces return one so. */
static void plain_text(struct redact *r, struct bytes text, bool note, struct buf *out)
{
	size_t prose = 0;

	for (size_t at = 0, end; at < text.n; at = end) {
		end = bytes_find(text, '\n', at) + 1;
		if (!redact_header_quoted(bytes_from(text, at)))
			continue;
		while (end < text.n && ascii_is_wsp(text.p[end]))
			end = bytes_find(text, '\n', end) + 1;
		if (!note)
			redact_text(r, bytes_sub(text, prose, at - prose), REDACT_PROSE, out);
		redact_header(r, bytes_sub(text, at, end - at), note, out);
		prose = end;
	}
	if (!note)
		redact_text(r, bytes_from(text, prose), REDACT_PROSE, out);
}

static void page(struct redact *r, struct bytes text, bool note, struct buf *out)
{
	if (!note)
		redact_html(r, text, out);
}

static const struct kind {
	const char *type;
	void (*rewrite)(struct redact *r, struct bytes text, bool note, struct buf *out);
} kinds[] = {
	{ "text/html", page },
	{ "text/rfc822-headers", redact_header },
	{ "text/", plain_text },
	{ "message/delivery-status", redact_header },
	{ "message/global-delivery-status", redact_header },
	{ "message/disposition-notification", redact_header },
	{ "message/global-disposition-notification", redact_header },
	{ "message/feedback-report", redact_header },
	{ "message/global-headers", redact_header },
	{ "multipart/", plain_text }, /* one whose parts cannot be found */
};

static bool rewrite_message(struct redact *r, struct bytes message, unsigned depth, struct buf *out);

/* Uuencode: the line with the name, then lines of the same length that hold zeroes. */
static void write_uuencoded(struct redact *r, struct bytes raw, struct buf *out)
{
	bool within = false;

	for (size_t at = 0, end; at < raw.n; at = end) {
		end = bytes_find(raw, '\n', at) + 1;
		struct bytes line = bytes_sub(raw, at, end - at);
		if (bytes_istarts(line, "begin ")) {
			within = true;
			buf_add(out, bytes_sub(line, 0, 10));
			redact_text_file(r, bytes_from(line, 10), out);
		} else if (!within || bytes_istarts(line, "end")) {
			redact_text(r, line, REDACT_PROSE, out);
		} else {
			for (size_t i = 0; i < line.n; i++)
				buf_add_byte(out, i == 0 || line.p[i] < ' ' ? line.p[i] : '`');
		}
	}
}

/* How many bytes at the start say of what kind a file is, as far as programs look for it; of an archive
 * also whether it is locked. Of a text none do. */
static size_t magic(struct bytes data)
{
	static const struct { const char *head; size_t n, keep; } list[] = {
		{ "PK\3\4", 4, 8 },          { "%PDF-", 5, 8 },         { "MZ", 2, 2 },           { "\177ELF", 4, 4 },
		{ "Rar!\032\7", 6, 7 },      { "7z\274\257\047\034", 6, 6 }, { "\320\317\021\340", 4, 8 }, { "\211PNG\r\n", 6, 8 },
		{ "GIF8", 4, 6 },            { "\377\330\377", 3, 4 },  { "RIFF", 4, 4 },         { "{\\rtf", 5, 5 },
		{ "#!", 2, 2 },              { "BM", 2, 2 },            { "\037\213", 2, 3 },      { "BZh", 3, 3 },
		{ "\3757zXZ", 5, 6 },        { "L\0\0\0", 4, 4 },      { "MSCF", 4, 4 },         { "<?xml", 5, 5 },
		{ "<html", 5, 5 },           { "<!DOCTYPE", 9, 9 },     { "<svg", 4, 4 },         { "ITSF", 4, 4 },
		{ "II*", 3, 3 },             { "MM\0*", 4, 4 },         { "OggS", 4, 4 },         { "ID3", 3, 3 },
		{ "-----BEGIN", 10, 10 },
	};

	for (size_t i = 0; i < ARRAY_LEN(list); i++)
		if (data.n >= list[i].n && memcmp(data.p, list[i].head, list[i].n) == 0)
			return list[i].keep;
	return 0;
}

/* A file: as many zeroes as it had bytes, behind those that say of what kind it is. Without an encoding
 * they are the digit, so that the mail stays one of lines. */
static void write_file(struct redact *r, const struct mime_part *p, struct bytes data, struct buf *out)
{
	bool encoded = bytes_eq(p->encoding, "base64") || bytes_eq(p->encoding, "quoted-printable");
	uint8_t *made = arena_array(arena_of(r), uint8_t, data.n + 1);
	size_t from = magic(data);

	if (!made)
		return;
	for (size_t i = 0; i < data.n; i++)
		if (i < from || (!encoded && data.p[i] < ' '))
			made[i] = data.p[i];
		else
			made[i] = encoded ? 0 : '0';
	write_encoded(r, p, (struct bytes){ made, data.n }, out);
}

static const struct kind *kind_of(struct bytes type)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (bytes_istarts(type, kinds[i].type))
			return &kinds[i];
	return NULL;
}

static bool is_message(const struct mime_part *p)
{
	return bytes_eq(p->type, "message/rfc822") || bytes_eq(p->type, "message/global");
}

static bool write_part(struct redact *r, const struct mime *m, size_t i, unsigned depth, struct buf *out)
{
	const struct mime_part *p = &m->parts[i];
	const struct kind *kind = kind_of(p->type);
	bool message = is_message(p) && depth < DEPTH_MAX, ok = true;
	struct buf made;

	if (bytes_eq(p->encoding, "x-uuencode") || bytes_eq(p->encoding, "uuencode") || bytes_eq(p->encoding, "x-uue")) {
		write_uuencoded(r, p->raw, out);
		return !arena_failed(arena_of(r));
	}
	struct bytes data = mime_content(&r->work, m, i, CONTENT_MAX, NULL);
	if (!data.p)
		return data.n == 0 && !arena_failed(arena_of(r));
	buf_init(&made, SIZE_MAX / 2);
	if (kind)
		kind->rewrite(r, data, false, &made);
	else if (message)
		ok = rewrite_message(r, data, depth + 1, &made);
	if (kind || message)
		write_encoded(r, p, buf_bytes(&made), out);
	else
		write_file(r, p, data, out);
	ok = ok && !made.failed && !arena_failed(arena_of(r));
	buf_free(&made);
	return ok;
}

/* What stands between the parts: boundaries stay. */
static void write_gap(struct redact *r, struct bytes gap, struct buf *out)
{
	for (size_t at = 0, end; at < gap.n; at = end) {
		end = bytes_find(gap, '\n', at) + 1;
		struct bytes line = bytes_sub(gap, at, end - at);
		if (bytes_istarts(line, "--"))
			buf_add(out, line);
		else /* the line that an mbox has in front has a date */
			redact_text(r, line, at == 0 && bytes_istarts(line, "From ") ? 0 : REDACT_PROSE, out);
	}
}

/* The charset that a part names is no longer that of its text, which is UTF-8 now. */
static void write_part_header(struct redact *r, const struct mime_part *p, struct buf *out)
{
	struct bytes charset = p->charset;
	struct buf made;

	buf_init(&made, SIZE_MAX / 2);
	redact_header(r, p->header, false, &made);
	struct bytes header = buf_bytes(&made);
	size_t at = header.n;
	if (bytes_istarts(p->type, "text/") && charset.n && !bytes_eq(charset, "utf-8") && !bytes_eq(charset, "us-ascii"))
		for (size_t i = 0; i + charset.n <= header.n && at == header.n; i++)
			if (bytes_isame(bytes_sub(header, i, charset.n), charset) && i > 0 &&
			    (header.p[i - 1] == '=' || header.p[i - 1] == '"'))
				at = i;
	buf_add(out, bytes_sub(header, 0, at));
	if (at < header.n) {
		buf_adds(out, "utf-8");
		buf_add(out, bytes_from(header, at + charset.n));
	}
	if (made.failed)
		arena_fail(arena_of(r));
	buf_free(&made);
}

static bool rewrite_message(struct redact *r, struct bytes message, unsigned depth, struct buf *out)
{
	struct mime m;
	const uint8_t *at = message.p, *end = message.p + message.n;
	bool ok = true;

	if (!mime_read(&r->work, message, &m))
		return false;
	for (size_t i = 0; i < m.n && ok; i++) {
		const struct mime_part *p = &m.parts[i];
		if (p->header.p && p->header.p >= at && p->header.p <= end) {
			write_gap(r, (struct bytes){ at, (size_t)(p->header.p - at) }, out);
			write_part_header(r, p, out);
			at = p->header.p + p->header.n;
		}
		if (!p->container && p->raw.p && p->raw.p >= at && p->raw.p <= end) {
			write_gap(r, (struct bytes){ at, (size_t)(p->raw.p - at) }, out);
			ok = write_part(r, &m, i, depth, out);
			at = p->raw.p + p->raw.n;
		}
	}
	if (ok && at < end)
		write_gap(r, (struct bytes){ at, (size_t)(end - at) }, out);
	mime_end(&m);
	return ok && !arena_failed(arena_of(r)) && !out->failed;
}

bool redact_body_message(struct redact *r, struct bytes message, struct buf *out)
{
	return rewrite_message(r, message, 0, out);
}

static bool note_message(struct redact *r, struct bytes message, unsigned depth)
{
	struct mime m;

	if (!mime_read(&r->work, message, &m))
		return false;
	for (size_t i = 0; i < m.n && !arena_failed(arena_of(r)); i++) {
		const struct mime_part *p = &m.parts[i];
		const struct kind *kind = kind_of(p->type);
		bool text = kind && kind->rewrite != page, inner = is_message(p) && depth < DEPTH_MAX;
		redact_header(r, p->header, true, NULL);
		if (p->container || !(text || inner))
			continue;
		struct bytes data = mime_content(&r->work, &m, i, CONTENT_MAX, NULL);
		if (text)
			kind->rewrite(r, data, true, NULL);
		else if (data.n && !note_message(r, data, depth + 1))
			arena_fail(arena_of(r));
	}
	mime_end(&m);
	return !arena_failed(arena_of(r));
}

bool redact_body_note(struct redact *r, struct bytes message)
{
	return note_message(r, message, 0);
}
