/* url.c - see url.h */
#include "content/url.h"

#include "base/ascii.h"
#include "base/idn.h"

/* No host has more bytes, not even one of which every letter is written as %41 and more than one byte. */
#define HOST_BYTES_MAX 4096u

static bool one_of(uint8_t c, const char *set)
{
	return c && strchr(set, c);
}

/* Schemes whose links have a host behind any number of slashes. */
static bool has_authority(struct bytes scheme)
{
	static const char *const schemes[] = { "http", "https", "ftp", "ws", "wss", "file" };

	for (size_t i = 0; i < ARRAY_LEN(schemes); i++)
		if (bytes_eq(scheme, schemes[i]))
			return true;
	return false;
}

static bool is_slash(uint8_t c)
{
	return c == '/' || c == '\\';
}

/* Browsers drop control characters around a link, and tabs and line ends anywhere in it. */
static struct bytes cleaned(struct arena *a, struct bytes text)
{
	while (text.n && text.p[0] <= ' ')
		text = bytes_from(text, 1);
	while (text.n && text.p[text.n - 1] <= ' ')
		text.n--;
	uint8_t *to = arena_alloc(a, text.n + 1);
	size_t n = 0;
	if (!to)
		return (struct bytes){ NULL, 0 };
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] != '\t' && text.p[i] != '\r' && text.p[i] != '\n')
			to[n++] = text.p[i];
	return (struct bytes){ to, n };
}

/* Takes "scheme:" off the front. */
static bool take_scheme(struct arena *a, struct bytes *rest, struct bytes *scheme)
{
	size_t n = 0;

	while (n < rest->n && (ascii_is_alnum(rest->p[n]) || (n && one_of(rest->p[n], "+-."))))
		n++;
	if (n == 0 || n == rest->n || rest->p[n] != ':' || !ascii_is_alpha(rest->p[0]))
		return false;
	*scheme = arena_lower(a, bytes_sub(*rest, 0, n));
	*rest = bytes_from(*rest, n + 1);
	return scheme->p != NULL;
}

struct bytes url_decode(struct arena *a, struct bytes text)
{
	uint8_t *to = arena_alloc(a, text.n + 1);
	size_t n = 0;

	if (!to)
		return (struct bytes){ NULL, 0 };
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '%' && text.n - i > 2 && ascii_hex(text.p[i + 1]) >= 0 && ascii_hex(text.p[i + 2]) >= 0) {
			to[n++] = (uint8_t)(ascii_hex(text.p[i + 1]) << 4 | ascii_hex(text.p[i + 2]));
			i += 2;
		} else {
			to[n++] = text.p[i];
		}
	}
	return (struct bytes){ to, n };
}

/* --- hosts --- */

/* One part of a number: 0x.. is hexadecimal, 0.. octal. */
static bool number_part(struct bytes part, uint64_t *out, bool *odd)
{
	unsigned base = 10;
	uint64_t v = 0;

	if (part.n == 0)
		return false;
	if (part.n > 1 && part.p[0] == '0') {
		base = (part.p[1] | 32) == 'x' ? 16 : 8;
		part = bytes_from(part, base == 16 ? 2 : 1);
		*odd = true;
	}
	for (size_t i = 0; i < part.n; i++) {
		int digit = ascii_hex(part.p[i]);
		if (digit < 0 || (unsigned)digit >= base)
			return false;
		v = v * base + (unsigned)digit;
		if (v > UINT32_MAX)
			return false;
	}
	*out = v;
	return true;
}

/* Does a browser take the host for a number? Then its last label is one. */
static bool ends_in_number(struct bytes host)
{
	struct bytes last = host;
	uint64_t v;
	bool odd = false, digits = true;

	for (size_t i = host.n; i > 0; i--)
		if (host.p[i - 1] == '.') {
			last = bytes_from(host, i);
			break;
		}
	for (size_t i = 0; i < last.n; i++)
		digits = digits && ascii_is_digit(last.p[i]);
	return last.n && (digits || number_part(last, &v, &odd));
}

/* "192.0.2.1", and what browsers take for it: 3221225985, 0xc0.0.513, 0300.0.2.1. */
static bool read_number(struct bytes host, struct url *u)
{
	uint64_t parts[4], value = 0;
	size_t n = 0;
	bool odd = false;
	struct bytes piece;

	while (bytes_cut(&host, '.', &piece)) {
		if (n == ARRAY_LEN(parts) || !number_part(piece, &parts[n], &odd))
			return false;
		n++;
	}
	for (size_t i = 0; i < n; i++) {
		bool last = i + 1 == n;
		if (parts[i] > (last ? UINT32_MAX >> (8 * i) : 255))
			return false;
		value |= last ? parts[i] : parts[i] << (24 - 8 * i);
	}
	if (n == 0)
		return false;
	u->ip = (struct ip){ .family = 4, .b = { (uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
	                                         (uint8_t)value } };
	u->odd_number = odd || n < 4;
	return true;
}

/* Wide letters and digits, and the full stops of East Asia, as ASCII: not only in names, where IDNA would
 * do it, but in numbers too. */
static struct bytes narrow(struct arena *a, struct bytes host)
{
	uint8_t *to = arena_alloc(a, host.n + 1);
	size_t n = 0, len;

	if (!to)
		return (struct bytes){ NULL, 0 };
	for (size_t i = 0; i < host.n; i += len) {
		uint32_t c = utf8_next(host, i, &len);
		if (c >= 0xff01 && c <= 0xff5e) {
			to[n++] = (uint8_t)(c - 0xff01 + '!');
		} else if (c == 0x3002 || c == 0xff61) {
			to[n++] = '.';
		} else {
			memcpy(to + n, host.p + i, len);
			n += len;
		}
	}
	return (struct bytes){ to, n };
}

static bool host_byte(uint8_t c)
{
	return c > ' ' && c != 127 && !one_of(c, "#/:<>?@[\\]^|%");
}

static bool read_host(struct arena *a, struct bytes host, struct url *u)
{
	struct bytes plain = host;

	if (host.n > HOST_BYTES_MAX)
		return false;
	u->shown = host;
	if (host.n > 1 && host.p[0] == '[') {
		u->shown = bytes_sub(host, 1, host.n - 2);
		return host.p[host.n - 1] == ']' && ip_parse(u->shown, &u->ip);
	}
	if (bytes_has(host, '%')) {
		plain = url_decode(a, host);
		u->encoded = true;
	}
	plain = narrow(a, plain);
	if (plain.n && plain.p[plain.n - 1] == '.')
		plain.n--;
	for (size_t i = 0; i < plain.n; i++)
		if (!host_byte(plain.p[i]))
			return false;
	if (ends_in_number(plain))
		return read_number(plain, u);
	if (!dname_parse(a, plain, DNAME_HOST, &u->host, NULL) && !dname_parse(a, plain, DNAME_WIRE, &u->host, NULL))
		return false;
	return !ends_in_number(u->host.text) || read_number(u->host.text, u);
}

/* user:password@host:port; the last '@' counts. */
static bool read_authority(struct arena *a, struct bytes authority, struct url *u)
{
	size_t at = authority.n, end;

	while (at > 0 && authority.p[at - 1] != '@')
		at--;
	if (at > 0)
		u->user = bytes_sub(authority, 0, at - 1);
	authority = bytes_from(authority, at);
	end = bytes_find(authority, ':', authority.n && authority.p[0] == '[' ? bytes_find(authority, ']', 0) : 0);
	if (end == 0)
		return bytes_eq(u->scheme, "file"); /* file:///x is on the reader's own machine */
	return read_host(a, bytes_sub(authority, 0, end), u);
}

static bool read_hierarchy(struct arena *a, struct bytes rest, struct url *u)
{
	size_t end = 0, slashes = bytes_eq(u->scheme, "file") ? 2 : SIZE_MAX;

	for (; slashes && rest.n && is_slash(rest.p[0]); slashes--)
		rest = bytes_from(rest, 1);
	while (end < rest.n && !is_slash(rest.p[end]) && rest.p[end] != '?' && rest.p[end] != '#')
		end++;
	u->rest = bytes_from(rest, end);
	return read_authority(a, bytes_sub(rest, 0, end), u);
}

/* A link without a scheme: "//host/x"; "www.host/x", which mail programs take for a host; or a path. */
static bool read_relative(struct arena *a, struct bytes text, const struct url *base, struct url *u)
{
	bool network = text.n > 1 && is_slash(text.p[0]) && is_slash(text.p[1]);

	if (network || bytes_istarts(text, "www.")) {
		u->scheme = network && base && has_authority(base->scheme) ? base->scheme : B("http");
		return read_hierarchy(a, text, u);
	}
	if (base && url_has_host(base)) {
		struct bytes whole = u->text;
		*u = *base;
		u->text = whole;
	}
	u->rest = text;
	return true;
}

bool url_parse(struct arena *a, struct bytes text, const struct url *base, struct url *out)
{
	struct url u = { .text = cleaned(a, text) };
	struct bytes rest = u.text;
	bool ok;

	if (rest.n == 0)
		return false;
	if (!take_scheme(a, &rest, &u.scheme)) {
		ok = read_relative(a, rest, base, &u);
	} else if (has_authority(u.scheme)) {
		ok = read_hierarchy(a, rest, &u);
	} else {
		u.rest = rest;
		ok = true;
	}
	if (!ok || arena_failed(a))
		return false;
	*out = u;
	return true;
}

/* --- in plain text --- */

static bool ends_link(uint8_t c)
{
	return c <= ' ' || c == '<' || c == '>' || c == '"' || c == 127;
}

/* Full stops and brackets behind a link belong to the sentence; a closing bracket that was opened
 * within belongs to the link. */
static struct bytes without_sentence(struct bytes link)
{
	long open = 0;

	for (size_t i = 0; i < link.n; i++)
		open += (link.p[i] == '(') - (link.p[i] == ')');
	while (link.n) {
		uint8_t last = link.p[link.n - 1];
		if (last == ')' && open >= 0)
			break;
		if (!one_of(last, ".,;:!?)]}'*_"))
			break;
		open += last == ')';
		link.n--;
	}
	return link;
}

static bool link_begins(struct bytes text, size_t at)
{
	static const char *const starts[] = { "http://", "https://", "ftp://", "www.", "http:\\\\", "https:\\\\" };
	struct bytes rest = bytes_sub(text, at, 8);

	if (!one_of(rest.p[0], "hHfFwW") || (at && (ascii_is_alnum(text.p[at - 1]) || one_of(text.p[at - 1], "@.-_/"))))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(starts); i++)
		if (bytes_istarts(rest, starts[i]))
			return true;
	return false;
}

bool url_next(struct bytes text, size_t *at, struct bytes *link)
{
	for (size_t i = *at; i < text.n; i++) {
		if (!link_begins(text, i))
			continue;
		size_t end = i;
		while (end < text.n && !ends_link(text.p[end]))
			end++;
		*link = without_sentence(bytes_sub(text, i, end - i));
		*at = end;
		return true;
	}
	*at = text.n;
	return false;
}

struct bytes url_parameter(struct arena *a, const struct url *u, const char *name)
{
	struct bytes query = bytes_from(u->rest, bytes_find(u->rest, '?', 0) + 1), pair, key;

	query = bytes_sub(query, 0, bytes_find(query, '#', 0));
	while (bytes_cut(&query, '&', &pair))
		if (bytes_cut(&pair, '=', &key) && bytes_ieq(key, name))
			return url_decode(a, pair);
	return (struct bytes){ NULL, 0 };
}
