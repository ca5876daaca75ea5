/* redact_url.c - see redact_url.h */
#include "explain/redact_url.h"

#include "base/ascii.h"
#include "explain/redact_host.h"
#include "explain/redact_name.h"
#include "explain/redact_text.h"
#include "explain/redact_vocabulary.h"
#include "explain/redact_word.h"

/* "%2F" stays, "%61" is a letter that somebody hid. */
static void write_escape(struct bytes escape, struct buf *out)
{
	int high = ascii_hex(escape.p[1]), low = ascii_hex(escape.p[2]);
	bool letter = high < 0 || low < 0 || high >= 8 || ascii_is_alnum((uint8_t)(high << 4 | low));

	buf_add(out, letter ? B("%78") : escape);
}

/* Path and query: marks and endings of files stay. */
static void url_tail(struct redact *r, struct bytes tail, bool entities, struct buf *out)
{
	size_t end;

	for (size_t i = 0; i < tail.n; i = end) {
		end = i;
		while (end < tail.n && (ascii_is_alnum(tail.p[end]) || tail.p[end] >= 0x80))
			end++;
		struct bytes word = bytes_sub(tail, i, end - i);
		size_t close = bytes_find(bytes_sub(tail, 0, i + 10), ';', i);
		if (word.n == 0 && tail.p[i] == '%' && i + 2 < tail.n) {
			end = i + 3;
			write_escape(bytes_sub(tail, i, 3), out);
		} else if (word.n == 0 && entities && tail.p[i] == '&' && close < i + 10 && close < tail.n) {
			end = close + 1;
			buf_add(out, bytes_sub(tail, i, end - i));
		} else if (word.n == 0) {
			buf_add_byte(out, tail.p[end++]);
		} else if (redact_vocabulary(word) || (i && tail.p[i - 1] == '.' && redact_extension(word))) {
			buf_add(out, word);
		} else {
			redact_token(r, word, out);
		}
	}
}

static void url_host(struct redact *r, struct bytes authority, struct buf *out)
{
	size_t at = bytes_find(authority, '@', 0);
	struct ip ip;

	while (at < authority.n) { /* what stands there passes for a host */
		struct bytes user = bytes_sub(authority, 0, at), name = bytes_sub(user, 0, bytes_find(user, ':', 0));
		if (!redact_name_domain(r, name, true, out))
			redact_token(r, name, out);
		redact_token(r, bytes_from(user, name.n), out);
		buf_add_byte(out, '@');
		authority = bytes_from(authority, at + 1);
		at = bytes_find(authority, '@', 0);
	}
	size_t port = authority.n;
	while (port > 0 && ascii_is_digit(authority.p[port - 1]))
		port--;
	port = port > 0 && authority.p[port - 1] == ':' ? port - 1 : authority.n;
	struct bytes host = bytes_sub(authority, 0, port);
	bool literal = host.n > 2 && host.p[0] == '[';
	if (ip_parse_smtp(host, &ip)) {
		buf_adds(out, literal ? "[" : "");
		redact_host_ip(r, ip, B(""), out);
		buf_adds(out, literal ? "]" : "");
	} else if (!redact_name_domain(r, host, true, out)) {
		redact_token(r, host, out);
	}
	buf_add(out, bytes_from(authority, port));
}

void redact_url(struct redact *r, struct bytes url, bool entities, struct buf *out)
{
	size_t colon = bytes_find(url, ':', 0), host = 0, end = 0;
	bool slashes = bytes_istarts(bytes_from(url, colon), "://");

	if (slashes || bytes_istarts(url, "www.") || bytes_istarts(url, "//")) {
		host = slashes ? colon + 3 : bytes_istarts(url, "//") ? 2 : 0;
		end = host;
		while (end < url.n && !strchr("/?#\\", url.p[end]))
			end++;
		buf_add(out, bytes_sub(url, 0, host));
		url_host(r, bytes_sub(url, host, end - host), out);
		url_tail(r, bytes_from(url, end), entities, out);
	} else if (bytes_istarts(url, "mailto:") || bytes_istarts(url, "cid:")) {
		end = bytes_find(url, '?', 0);
		buf_add(out, bytes_sub(url, 0, colon + 1));
		redact_name_address(r, bytes_sub(url, colon + 1, end - colon - 1), out);
		url_tail(r, bytes_from(url, end), entities, out);
	} else if (bytes_istarts(url, "data:")) {
		end = bytes_find(url, ',', 0);
		buf_add(out, bytes_sub(url, 0, end));
		redact_token(r, bytes_from(url, end), out);
	} else if (bytes_istarts(url, "javascript:") || bytes_istarts(url, "vbscript:")) {
		buf_add(out, bytes_sub(url, 0, colon + 1));
		redact_text(r, bytes_from(url, colon + 1), REDACT_PROSE | (entities ? REDACT_ENTITIES : 0), out);
	} else if (colon < url.n && colon < 10) { /* tel: and others */
		buf_add(out, bytes_sub(url, 0, colon + 1));
		redact_token(r, bytes_from(url, colon + 1), out);
	} else {
		url_tail(r, url, entities, out);
	}
}
