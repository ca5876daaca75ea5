#include "spf/spf_words.h"
#include "spf_world.h"

static const struct {
	const char *zone, *want;
} cases[] = {
	{ "example.com TXT v=spf1 ip4:192.0.2.0/24 -all", "client 192.0.2.1 matches \"ip4:192.0.2.0/24\" of example.com" },
	{ "example.com TXT v=spf1 -all", "client 192.0.2.1 matches nothing before \"-all\" of example.com" },
	{ "example.com TXT v=spf1 ?ALL", "client 192.0.2.1 matches nothing before \"?ALL\" of example.com" },
	{ "example.com TXT v=spf1", "no term matches client 192.0.2.1 in the record of example.com" },
	{ "example.com TXT v=spf1 redirect=r.example\nr.example TXT v=spf1", "no term matches client 192.0.2.1 in the record of r.example, which example.com names" },
	{ "example.com TXT v=spf1 include:i.example\ni.example TXT v=spf1 a\ni.example A 192.0.2.1", "client 192.0.2.1 matches \"a\" of i.example, which example.com names" },
	{ "example.com TXT v=spf1 include:i.example\ni.example TXT v=spf1 include:j.example\nj.example TXT v=spf1 include:k.example\nk.example TXT v=spf1 +all",
	  "client 192.0.2.1 matches nothing before \"+all\" of k.example, which example.com names by way of i.example, j.example" },
	{ "", "example.com: the domain does not exist" },
	{ "example.com TXT v=spf1 foo:bar", "example.com: there is no such mechanism: \"foo:bar\"" },
	{ "example.com TXT v=spf1 a:\x80\"\\", "example.com: a byte that no macro string has: \"a:\\x80\\x22\\x5c\"" },
	{ "example.com TXT !timeout", "example.com: the name servers did not answer in time" },
	{ "example.com TXT v=spf1 include:i.example\ni.example TXT v=spf1 mx\ni.example MX m.example\nm.example A !servfail",
	  "i.example, which example.com names: the name servers failed: \"m.example\"" },
	{ "example.com TXT v=spf1 include:i.example", "example.com: an included domain has no SPF record: \"i.example\"" },
};

static void check_words(const struct ip *client, const struct spf_result *r, const char *want)
{
	struct buf words;

	buf_init(&words, 4096);
	spf_words(client, r, &words);
	CHECK_BYTES(buf_bytes(&words), want);
	buf_free(&words);
}

int main(void)
{
	struct arena *a = arena_new(1 << 22);
	struct spf_result r = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct world world = { a, cases[i].zone };
		struct drive d = { .arena = a, .answer = world_answer, .user = &world };
		struct spf_input in = { .helo = B("helo.example.net") };

		tap_begin("%s", cases[i].want);
		CHECK(ip_parse(B("192.0.2.1"), &in.client) && dname_parse(a, B("example.com"), DNAME_HOST, &in.domain, NULL));
		CHECK(drive_spf(&d, &in, &r) == CHECK_DONE);
		check_words(&in.client, &r, cases[i].want);
		tap_end();
		dns_book_end(d.book);
		arena_reset(a);
	}
	tap_begin("nothing to check");
	r = (struct spf_result){ .error = "there is no domain to check" };
	check_words(&(struct ip){ 0 }, &r, "there is no domain to check");
	tap_end();
	arena_free(a);
	return tap_done();
}
