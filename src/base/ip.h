/* ip.h - addresses of hosts and networks. An IPv4-mapped IPv6 address
 * (::ffff:192.0.2.1) is the IPv4 address: it is folded when it is read. */
#pragma once
#include "base/bytes.h"

struct ip {
	uint8_t family;   /* 4, 6; 0: none */
	uint8_t b[16];    /* network order; IPv4 in b[0..3] */
};

struct ip_net {
	struct ip ip;
	uint8_t bits;     /* 0..32 or 0..128 */
};

#define IP_TEXT 46 /* longest text with its NUL */

/* Reads "192.0.2.1", "2001:db8::1". No brackets, no zone, no leading zeros, nothing around. */
MUST_USE bool ip_parse(struct bytes text, struct ip *out);
/* The same, also "[192.0.2.1]", "[IPv6:2001:db8::1]" and "IPv6:2001:db8::1" as SMTP writes them. */
MUST_USE bool ip_parse_smtp(struct bytes text, struct ip *out);
/* Reads "ADDRESS" or "ADDRESS/BITS"; BITS without leading zeros. */
MUST_USE bool ip_net_parse(struct bytes text, struct ip_net *out);

/* Writes the canonical text (RFC 5952); returns `to`. Family 0 gives "". */
const char *ip_text(const struct ip *ip, char to[IP_TEXT]);
bool ip_same(const struct ip *a, const struct ip *b);
/* Is ip in net? Different families never match. */
bool ip_in(const struct ip *ip, const struct ip_net *net);
/* Loopback, link-local, or private (RFC 1918, RFC 4193, RFC 6598): such an address says
 * nothing about where mail came from on the Internet. */
bool ip_is_local(const struct ip *ip);
