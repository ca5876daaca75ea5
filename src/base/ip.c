/* ip.c - see ip.h */
#include "base/ip.h"

#include <arpa/inet.h>

#include "base/ascii.h"

static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff }; /* RFC 4291 section 2.5.5.2 */

static bool has_leading_zero(struct bytes text)
{
	for (size_t i = 0; i + 1 < text.n; i++)
		if (text.p[i] == '0' && (i == 0 || text.p[i - 1] == '.') && text.p[i + 1] != '.')
			return true;
	return false;
}

bool ip_parse(struct bytes text, struct ip *out)
{
	char copy[IP_TEXT];
	struct ip ip = { 0 };

	if (text.n == 0 || text.n >= sizeof(copy) || bytes_has(text, 0))
		return false;
	memcpy(copy, text.p, text.n);
	copy[text.n] = 0;
	if (bytes_has(text, ':')) {
		if (inet_pton(AF_INET6, copy, ip.b) != 1)
			return false;
		ip.family = 6;
		if (memcmp(ip.b, mapped, sizeof(mapped)) == 0) {
			ip.family = 4;
			memmove(ip.b, ip.b + 12, 4);
			memset(ip.b + 4, 0, 12);
		}
	} else {
		if (has_leading_zero(text) || inet_pton(AF_INET, copy, ip.b) != 1)
			return false;
		ip.family = 4;
	}
	*out = ip;
	return true;
}

bool ip_parse_smtp(struct bytes text, struct ip *out)
{
	if (text.n >= 2 && text.p[0] == '[' && text.p[text.n - 1] == ']')
		text = bytes_sub(text, 1, text.n - 2);
	if (bytes_istarts(text, "ipv6:"))
		text = bytes_from(text, 5);
	return ip_parse(text, out);
}

bool ip_net_parse(struct bytes text, struct ip_net *out)
{
	size_t slash = bytes_find(text, '/', 0);
	struct ip_net net = { 0 };
	uint64_t bits;

	if (!ip_parse(bytes_sub(text, 0, slash), &net.ip))
		return false;
	net.bits = net.ip.family == 4 ? 32 : 128;
	if (slash < text.n) {
		struct bytes digits = bytes_from(text, slash + 1);
		if (!bytes_to_u64(digits, &bits) || (digits.n > 1 && digits.p[0] == '0'))
			return false;
		bool was_mapped = net.ip.family == 4 && bytes_has(text, ':');
		if (was_mapped && (bits < 96 || bits > 128))
			return false;
		bits -= was_mapped ? 96 : 0;
		if (bits > net.bits)
			return false;
		net.bits = (uint8_t)bits;
	}
	*out = net;
	return true;
}

const char *ip_text(const struct ip *ip, char to[IP_TEXT])
{
	to[0] = 0;
	if (ip->family)
		inet_ntop(ip->family == 4 ? AF_INET : AF_INET6, ip->b, to, IP_TEXT);
	return to;
}

bool ip_same(const struct ip *a, const struct ip *b)
{
	return a->family == b->family && memcmp(a->b, b->b, a->family == 4 ? 4 : 16) == 0;
}

bool ip_in(const struct ip *ip, const struct ip_net *net)
{
	size_t whole = net->bits / 8, rest = net->bits % 8;

	if (ip->family == 0 || ip->family != net->ip.family || memcmp(ip->b, net->ip.b, whole) != 0)
		return false;
	return rest == 0 || ((ip->b[whole] ^ net->ip.b[whole]) >> (8 - rest)) == 0;
}

bool ip_is_local(const struct ip *ip)
{
	static const char *const nets[] = {
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
		"172.16.0.0/12", "192.168.0.0/16", "::/128", "::1/128", "fc00::/7", "fe80::/10",
	};
	struct ip_net net;

	for (size_t i = 0; i < ARRAY_LEN(nets); i++)
		if (ip_net_parse(bytes_of(nets[i]), &net) && ip_in(ip, &net))
			return true;
	return false;
}
