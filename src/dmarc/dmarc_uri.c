/* dmarc_uri.c - see dmarc_uri.h */
#include "dmarc/dmarc_uri.h"

#include "base/ascii.h"

/* "!" 1*DIGIT [ "k" / "m" / "g" / "t" ] */
static bool is_size(struct bytes b)
{
	size_t n = b.n;

	if (n > 1 && strchr("kmgt", ascii_lower(b.p[n - 1])) && b.p[n - 1] != 0)
		n--;
	for (size_t i = 1; i < n; i++)
		if (!ascii_is_digit(b.p[i]))
			return false;
	return n > 1;
}

/* Offset of the first byte that a URI cannot hold (RFC 3986 section 2); n when there is none. */
static size_t first_bad_byte(struct bytes b)
{
	for (size_t i = 0; i < b.n; i++) {
		uint8_t c = b.p[i];
		if (c == '%') {
			if (b.n - i < 3 || ascii_hex(b.p[i + 1]) < 0 || ascii_hex(b.p[i + 2]) < 0)
				return i;
			i += 2;
		} else if (!ascii_is_alnum(c) && (c == 0 || !strchr("-._~:/?#[]@$&'()*+=", c))) {
			return i;
		}
	}
	return b.n;
}

/* The length of the scheme before its colon; 0: there is none. */
static size_t scheme_length(struct bytes b)
{
	size_t n = bytes_find(b, ':', 0);

	if (n == b.n || n == 0 || !ascii_is_alpha(b.p[0]))
		return 0;
	for (size_t i = 1; i < n; i++)
		if (!ascii_is_alnum(b.p[i]) && b.p[i] != '+' && b.p[i] != '-' && b.p[i] != '.')
			return 0;
	return n;
}

static struct bytes percent_decode(struct arena *a, struct bytes b)
{
	uint8_t *to = arena_alloc(a, b.n + 1);
	size_t n = 0;

	if (!to)
		return (struct bytes){ NULL, 0 };
	for (size_t i = 0; i < b.n; i++) {
		if (b.p[i] == '%') { /* two digits follow: first_bad_byte saw to it */
			unsigned high = (unsigned)ascii_hex(b.p[i + 1]), low = (unsigned)ascii_hex(b.p[i + 2]);
			to[n++] = (uint8_t)(high << 4 | low);
			i += 2;
		} else {
			to[n++] = b.p[i];
		}
	}
	return (struct bytes){ to, n };
}

/* Only that nothing in it ends an address or a line: who sends a report reads it as a path again. */
static bool local_is_sane(struct bytes local)
{
	if (local.n == 0 || local.n > 64)
		return false;
	for (size_t i = 0; i < local.n; i++)
		if (ascii_is_ctl(local.p[i]) || local.p[i] == ' ' || local.p[i] == ',')
			return false;
	return true;
}

bool dmarc_uri_mailbox(struct arena *a, const struct dmarc_uri *uri, struct bytes *local,
                       struct dname *domain)
{
	if (!uri->mailto || uri->text.n > DMARC_MAILTO_MAX)
		return false;
	struct bytes to = bytes_from(uri->text, strlen("mailto:"));
	to = percent_decode(a, bytes_sub(to, 0, bytes_find(to, '?', 0)));
	size_t at = to.n;
	while (at > 0 && to.p[at - 1] != '@')
		at--;
	struct dname d;
	if (at == 0 || !local_is_sane(bytes_sub(to, 0, at - 1)) ||
	    !dname_parse(a, bytes_from(to, at), DNAME_HOST, &d, NULL))
		return false;
	*local = bytes_sub(to, 0, at - 1);
	*domain = d;
	return true;
}

bool dmarc_uri_parse(struct arena *scratch, struct bytes text, struct dmarc_uri *out,
                     struct parse_err *err)
{
	size_t mark = bytes_find(text, '!', 0);
	struct dmarc_uri uri = { .text = bytes_sub(text, 0, mark), .size = bytes_from(text, mark) };
	size_t scheme = scheme_length(uri.text), bad = first_bad_byte(uri.text);
	struct bytes local;
	struct dname domain;

	if (text.n == 0)
		return parse_fail_at(err, 0, "an empty report address");
	if (uri.size.n && !is_size(uri.size))
		return parse_fail_at(err, mark, "an exclamation mark that is not percent-encoded");
	if (bad < uri.text.n)
		return parse_fail_at(err, bad, "a byte that no URI has");
	if (scheme == 0)
		return parse_fail_at(err, 0, "a report address that is no URI");
	if (uri.text.n == scheme + 1)
		return parse_fail_at(err, scheme, "a URI with nothing after its scheme");
	uri.mailto = bytes_ieq(bytes_sub(uri.text, 0, scheme), "mailto");
	if (uri.mailto && !dmarc_uri_mailbox(scratch, &uri, &local, &domain))
		return parse_fail_at(err, scheme + 1, "a mailto URI without a usable mailbox");
	*out = uri;
	return true;
}
