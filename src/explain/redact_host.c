/* redact_host.c - see redact_host.h */
#include "explain/redact_host.h"

#include "base/ascii.h"

void redact_host_ip(struct redact *r, struct ip ip, struct bytes length, struct buf *out)
{
	char text[IP_TEXT];
	uint64_t bits;
	struct ip to = r->keep_hosts ? ip : redact_hash_ip(&r->hash, ip);

	if (length.n > 1 && bytes_to_u64(bytes_from(length, 1), &bits))
		for (size_t i = (size_t)bits; i < (ip.family == 4 ? 32 : 128); i++)
			to.b[i / 8] &= (uint8_t)~(0x80 >> i % 8);
	buf_adds(out, ip_text(&to, text));
	buf_add(out, length);
}

struct quad {
	uint8_t b[4];
	uint8_t between; /* '.' or '-' */
	size_t n;       /* bytes of text */
};

/* Four numbers with the same mark between them at the start of text. */
static bool read_quad(struct bytes text, struct quad *q)
{
	size_t i = 0;

	q->between = 0;
	for (size_t k = 0; k < 4; k++) {
		unsigned v = 0;
		size_t from = i;
		if (k) {
			if (i >= text.n || (text.p[i] != '.' && text.p[i] != '-') || (k > 1 && text.p[i] != q->between))
				return false;
			q->between = text.p[i++];
			from = i;
		}
		while (i < text.n && i < from + 3 && ascii_is_digit(text.p[i]))
			v = v * 10 + (unsigned)(text.p[i++] - '0');
		if (i == from || v > 255)
			return false;
		q->b[k] = (uint8_t)v;
	}
	q->n = i;
	return i == text.n || !ascii_is_digit(text.p[i]);
}

/* As the address stands in the name: forwards, unless only the other way round it is one of the case,
 * or the tree is one of those that are written backwards. */
static void write_quad(struct redact *r, const struct quad *q, bool reversed_tree, struct buf *out)
{
	struct ip ip = { .family = 4 }, turned = { .family = 4 };
	char text[IP_TEXT];

	for (size_t i = 0; i < 4; i++) {
		ip.b[i] = q->b[i];
		turned.b[i] = q->b[3 - i];
	}
	bool backwards = reversed_tree || (!redact_map_find(&r->hosts, bytes_of(ip_text(&ip, text))) &&
	                                   redact_map_find(&r->hosts, bytes_of(ip_text(&turned, text))));
	struct ip to = r->keep_hosts ? (backwards ? turned : ip) : redact_hash_ip(&r->hash, backwards ? turned : ip);
	for (size_t i = 0; i < 4; i++) {
		buf_add(out, (struct bytes){ &q->between, i > 0 });
		buf_addf(out, "%u", to.b[backwards ? 3 - i : i]);
	}
}

/* 32 single hexadecimal digits, each with a dot behind it: an IPv6 address backwards. */
static bool read_nibbles(struct bytes text, struct ip *ip)
{
	*ip = (struct ip){ .family = 6 };
	for (size_t i = 0; i < 32; i++) {
		int v = 2 * i + 1 < text.n && text.p[2 * i + 1] == '.' ? ascii_hex(text.p[2 * i]) : -1;
		if (v < 0)
			return false;
		size_t at = 31 - i;
		ip->b[at / 2] |= (uint8_t)(at % 2 ? v : v << 4);
	}
	return true;
}

static void write_nibbles(struct redact *r, struct ip ip, struct buf *out)
{
	struct ip to = r->keep_hosts ? ip : redact_hash_ip(&r->hash, ip);

	for (size_t i = 32; i-- > 0;)
		buf_addf(out, "%x%s", (unsigned)(to.b[i / 2] >> (i % 2 ? 0 : 4) & 15), i ? "." : "");
}

bool redact_host_within(struct redact *r, struct bytes name, struct buf *out)
{
	struct bytes end = name.n && name.p[name.n - 1] == '.' ? bytes_sub(name, 0, name.n - 1) : name;
	bool any = false, backwards = bytes_iends(end, "in-addr.arpa") || bytes_iends(end, "asn.cymru.com") ||
	                              bytes_iends(end, "abusix.zone");
	struct quad q;
	struct ip ip;
	size_t from = 0;

	for (size_t i = 0; i < name.n; i++) {
		if (i > 0 && ascii_is_alnum(name.p[i - 1]) && !(ascii_is_digit(name.p[i]) && !ascii_is_digit(name.p[i - 1])))
			continue;
		if (ascii_is_digit(name.p[i]) && read_quad(bytes_from(name, i), &q)) {
			buf_add(out, bytes_sub(name, from, i - from));
			write_quad(r, &q, backwards, out);
			from = i + q.n;
		} else if (read_nibbles(bytes_from(name, i), &ip)) {
			buf_add(out, bytes_sub(name, from, i - from));
			write_nibbles(r, ip, out);
			from = i + 63;
		} else {
			continue;
		}
		any = true;
		i = from - 1;
	}
	if (any)
		buf_add(out, bytes_from(name, from));
	return any;
}

size_t redact_host_labels(struct redact *r, struct bytes labels, struct buf *out)
{
	enum { NIBBLES = 64 }; /* bytes, with the last dot */
	struct quad q;
	struct ip ip;
	size_t n = 0;

	if (read_quad(labels, &q) && q.between == '.' && q.n < labels.n && labels.p[q.n] == '.') {
		write_quad(r, &q, false, out);
		n = q.n + 1;
	} else if (read_nibbles(labels, &ip)) {
		write_nibbles(r, ip, out);
		n = NIBBLES;
	}
	buf_adds(out, n ? "." : "");
	return n;
}
