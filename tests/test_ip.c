#include "base/ip.h"
#include "tap.h"

static const struct { const char *text, *want; bool smtp; } cases[] = {
	{ "192.0.2.1", "192.0.2.1" },
	{ "2001:DB8::0:1", "2001:db8::1" },
	{ "::ffff:192.0.2.1", "192.0.2.1" },
	{ "[192.0.2.1]", "192.0.2.1", true },
	{ "[IPv6:2001:db8::1]", "2001:db8::1", true },
	{ "[192.0.2.1]", NULL },
	{ "192.0.2.01", NULL },
	{ "192.0.2", NULL },
	{ "192.0.2.1 ", NULL },
	{ "fe80::1%eth0", NULL },
	{ "", NULL },
};

static const struct { const char *ip, *net; int in; } nets[] = { /* in -1: not a network */
	{ "192.0.2.129", "192.0.2.128/25", 1 }, { "192.0.2.1", "192.0.2.128/25", 0 },
	{ "192.0.2.1", "0.0.0.0/0", 1 },        { "2001:db8::1", "0.0.0.0/0", 0 },
	{ "2001:db8::1", "2001:db8::/32", 1 },  { "192.0.2.1", "192.0.2.1", 1 },
	{ "192.0.2.1", "192.0.2.0/33", -1 },    { "192.0.2.1", "192.0.2.0/", -1 },
	{ "192.0.2.1", "192.0.2.0/024", -1 },   { "192.0.2.1", "::ffff:192.0.2.0/120", 1 },
	{ "192.0.2.1", "::ffff:192.0.2.0/64", -1 },
};

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ip ip;
		char text[IP_TEXT];
		struct bytes in = heap_copy(cases[i].text);
		bool ok = cases[i].smtp ? ip_parse_smtp(in, &ip) : ip_parse(in, &ip);

		tap_begin("address \"%s\"", cases[i].text);
		CHECK(ok == (cases[i].want != NULL));
		if (ok && cases[i].want)
			CHECK(strcmp(ip_text(&ip, text), cases[i].want) == 0);
		tap_end();
		heap_free(in);
	}
	for (size_t i = 0; i < ARRAY_LEN(nets); i++) {
		struct ip ip = { 0 };
		struct ip_net net;

		tap_begin("%s in %s", nets[i].ip, nets[i].net);
		CHECK(ip_parse(bytes_of(nets[i].ip), &ip));
		bool ok = ip_net_parse(bytes_of(nets[i].net), &net);
		CHECK(ok ? ip_in(&ip, &net) == nets[i].in : nets[i].in == -1);
		tap_end();
	}
	tap_begin("local addresses");
	struct ip ip = { 0 };
	CHECK(ip_parse(B("10.1.2.3"), &ip) && ip_is_local(&ip));
	CHECK(ip_parse(B("192.0.2.1"), &ip) && !ip_is_local(&ip));
	CHECK(ip_parse(B("::1"), &ip) && ip_is_local(&ip));
	tap_end();
	return tap_done();
}
