/* mime_charset.c - see mime_charset.h */
#include "mime/mime_charset.h"

#include <errno.h>
#include <gmime/gmime.h>

#include "base/ascii.h"
#include "base/idn.h"

#define NAME_MAX_BYTES 63u /* the longest registered name has 45 */
#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* Only names: iconv takes "NAME//OPTION" for an order. */
static bool is_name(struct bytes charset)
{
	for (size_t i = 0; i < charset.n; i++)
		if (!ascii_is_alnum(charset.p[i]) && !memchr("-_.:+", charset.p[i], 5))
			return false;
	return charset.n > 0 && charset.n <= NAME_MAX_BYTES;
}

static bool is_utf8(struct bytes charset)
{
	static const char *const names[] = { "utf-8", "utf8", "us-ascii", "ascii" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (bytes_ieq(charset, names[i]))
			return true;
	return false;
}

void mime_charset_begin(struct mime_charset *c, struct bytes charset)
{
	char name[NAME_MAX_BYTES + 1];

	*c = (struct mime_charset){ .state = NULL };
	if (!is_name(charset) || is_utf8(charset))
		return;
	snprintf(name, sizeof(name), "%.*s", BYTES_ARG(charset));
	iconv_t cd = g_mime_iconv_open("UTF-8", name);
	if (cd != (iconv_t)-1)
		c->state = cd;
}

/* Each of these converts what it can of `in` and returns how many bytes of it; the rest is the beginning
 * of a character that may go on in the next piece. */

/* Is what stands at the end of `in` only the beginning of a character? */
static bool is_cut(struct bytes in, size_t at)
{
	uint8_t lead = in.p[at];
	size_t want = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;

	if (lead < 0xc2 || lead > 0xf4 || in.n - at >= want)
		return false;
	for (size_t i = at + 1; i < in.n; i++)
		if ((in.p[i] & 0xc0) != 0x80)
			return false;
	return true;
}

static size_t feed_utf8(struct bytes in, struct buf *to)
{
	size_t good = 0, at = 0, len;

	for (; at < in.n; at += len) {
		if (utf8_next(in, at, &len) != 0xfffd || len > 1)
			continue;
		if (is_cut(in, at))
			break;
		buf_add(to, bytes_sub(in, good, at - good));
		buf_adds(to, REPLACEMENT);
		good = at + len;
	}
	buf_add(to, bytes_sub(in, good, at - good));
	return at;
}

static size_t feed_iconv(iconv_t cd, struct bytes in, struct buf *to)
{
	char out[4096], *from = (char *)(uintptr_t)in.p;
	size_t left = in.n;

	while (left && !to->failed) {
		char *o = out;
		size_t room = sizeof(out);
		size_t r = iconv(cd, &from, &left, &o, &room);
		int why = errno;
		buf_add(to, (struct bytes){ (uint8_t *)out, sizeof(out) - room });
		if (r != (size_t)-1 || why == EINVAL)
			break; /* all, or all but a cut character */
		if (why == E2BIG)
			continue;
		buf_adds(to, REPLACEMENT);
		from++;
		left--;
	}
	return in.n - left;
}

static size_t feed(struct mime_charset *c, struct bytes in, struct buf *to)
{
	return c->state ? feed_iconv(c->state, in, to) : feed_utf8(in, to);
}

void mime_charset_feed(struct mime_charset *c, struct bytes piece, struct buf *to)
{
	/* first the cut character, with as little of the piece as completes it */
	while (c->rest_n && piece.n) {
		c->rest[c->rest_n++] = piece.p[0];
		piece = bytes_from(piece, 1);
		size_t used = feed(c, (struct bytes){ c->rest, c->rest_n }, to);
		if (used == 0 && c->rest_n == sizeof(c->rest)) { /* no character is that long */
			buf_adds(to, REPLACEMENT);
			used = 1;
		}
		memmove(c->rest, c->rest + used, c->rest_n - used);
		c->rest_n -= used;
	}
	if (c->rest_n)
		return;
	struct bytes rest = bytes_from(piece, feed(c, piece, to));
	c->rest_n = rest.n < sizeof(c->rest) ? rest.n : sizeof(c->rest);
	if (c->rest_n)
		memcpy(c->rest, rest.p, c->rest_n);
}

/* Some charsets keep a character until they know that no accent follows. */
static void flush(iconv_t cd, struct buf *to)
{
	char out[64], *o = out;
	size_t room = sizeof(out);

	iconv(cd, NULL, NULL, &o, &room);
	buf_add(to, (struct bytes){ (uint8_t *)out, sizeof(out) - room });
}

void mime_charset_end(struct mime_charset *c, struct buf *to)
{
	if (c->state) {
		flush(c->state, to);
		g_mime_iconv_close(c->state);
	}
	if (c->rest_n)
		buf_adds(to, REPLACEMENT);
	*c = (struct mime_charset){ .state = NULL };
}
