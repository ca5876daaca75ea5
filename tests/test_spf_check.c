#include "spf_world.h"

#define NET1 "192.0.2.1"

static const struct sample {
	const char *name, *zone;
	enum spf_outcome result;
	const char *term, *error;   /* NULL: none */
	unsigned lookups, voids;
	const char *client, *from, *helo; /* NULL: 192.0.2.1, user@example.com, helo.example.net */
	const char *explanation;
	uint64_t reached;
} samples[] = {
	{ "no record", "example.com TXT something else", SPF_NONE, NULL, "there is no SPF record" },
	{ "no TXT", "example.com A 192.0.2.1", SPF_NONE, NULL, "there is no SPF record" },
	{ "no such domain", "", SPF_NONE, NULL, "the domain does not exist" },
	{ "one label", "com TXT v=spf1 +all", SPF_NONE, NULL, "the domain has only one label", .from = "user@com" },
	{ "a time-out", "example.com TXT !timeout", SPF_TEMPERROR, NULL, "the name servers did not answer in time" },
	{ "a server failure", "example.com TXT !servfail", SPF_TEMPERROR, NULL, "the name servers failed" },
	{ "a bogus answer", "example.com TXT !bogus", SPF_TEMPERROR, NULL, "DNSSEC says that the answer is forged" },
	{ "nobody asked", "example.com TXT !offline", SPF_TEMPERROR, NULL, "the DNS was not asked" },
	{ "two records", "example.com TXT v=spf1 -all\nexample.com TXT V=SPF1 +all", SPF_PERMERROR, NULL, "there are several SPF records" },
	{ "a record among other texts", "example.com TXT \x96\nexample.com TXT v=spf1 -all\nexample.com TXT v=spf10", SPF_FAIL, "-all" },
	{ "an error behind a match", "example.com TXT v=spf1 ip4:192.0.2.1 a:x", SPF_PERMERROR, NULL, "a name needs at least two labels, or ends in a macro" },
	{ "an empty record", "example.com TXT v=spf1", SPF_NEUTRAL },
	{ "ip4 in a network", "example.com TXT v=spf1 ip4:192.0.2.0/24 -all", SPF_PASS, "ip4:192.0.2.0/24" },
	{ "ip4 beside a network", "example.com TXT v=spf1 ip4:192.0.2.128/25 ~all", SPF_SOFTFAIL, "~all" },
	{ "ip6 in a network", "example.com TXT v=spf1 ip4:0.0.0.0/0 ?ip6:2001:db8::/32 -all", SPF_NEUTRAL, "?ip6:2001:db8::/32", .client = "2001:db8::1" },
	{ "a mapped client is an IPv4 client", "example.com TXT v=spf1 ip6:::/0 ip4:192.0.2.1 -all", SPF_PASS, "ip4:192.0.2.1", .client = "::ffff:192.0.2.1" },
	{ "a mapped network holds no IPv4 client", "example.com TXT v=spf1 ip6:::ffff:192.0.2.1 -all", SPF_FAIL, "-all" },
	{ "a of the domain itself", "example.com TXT v=spf1 a -all\nexample.com A 198.51.100.1\nexample.com A 192.0.2.1", SPF_PASS, "a", .lookups = 1 },
	{ "a with a network", "example.com TXT v=spf1 a:m.example.org/24 -all\nm.example.org A 192.0.2.200", SPF_PASS, "a:m.example.org/24", .lookups = 1 },
	{ "a/0 without an address", "example.com TXT v=spf1 a/0 -all", SPF_FAIL, "-all", .lookups = 1, .voids = 1 },
	{ "a for IPv6", "example.com TXT v=spf1 a/0//64 -all\nexample.com A 192.0.2.1\nexample.com AAAA 2001:db8::2", SPF_PASS, "a/0//64", .lookups = 1, .client = "2001:db8::1" },
	{ "a that times out", "example.com TXT v=spf1 a ip4:192.0.2.1\nexample.com A !timeout", SPF_TEMPERROR, NULL, "the name servers did not answer in time", 1 },
	{ "a time-out behind a match", "example.com TXT v=spf1 ip4:192.0.2.1 a\nexample.com A !timeout", SPF_PASS, "ip4:192.0.2.1" },
	{ "a name that DNS cannot have", "example.com TXT v=spf1 a:a..example.com mx:%{h}.example.com -all", SPF_FAIL, "-all", .lookups = 2, .helo = "a..b" },
	{ "mx, the second host", "example.com TXT v=spf1 mx -all\nexample.com MX m1.example.com\nexample.com MX m2.example.com\n"
	  "m1.example.com A 192.0.2.9\nm2.example.com A 192.0.2.1", SPF_PASS, "mx", .lookups = 1 },
	{ "mx without MX takes no address", "example.com TXT v=spf1 mx -all\nexample.com A 192.0.2.1", SPF_FAIL, "-all", .lookups = 1, .voids = 1 },
	{ "a null MX", "example.com TXT v=spf1 mx -all\nexample.com MX .", SPF_FAIL, "-all", .lookups = 1 },
	{ "mx hosts without an address are not void", "example.com TXT v=spf1 mx -all\nexample.com MX m1.example.com\nexample.com MX m2.example.com\n"
	  "example.com MX m3.example.com\nexample.com MX m4.example.com\nm4.example.com A 192.0.2.1", SPF_PASS, "mx", .lookups = 1 },
	{ "an mx host that fails", "example.com TXT v=spf1 mx -all\nexample.com MX m1.example.com\nm1.example.com A !servfail", SPF_TEMPERROR, NULL, "the name servers failed", 1 },
#define MX10 "example.com MX m.example.com\nexample.com MX m.example.com\nexample.com MX m.example.com\nexample.com MX m.example.com\n" \
	"example.com MX m.example.com\nexample.com MX m.example.com\nexample.com MX m.example.com\nexample.com MX m.example.com\n" \
	"example.com MX m.example.com\nexample.com MX m10.example.com\nm.example.com A 192.0.2.9\n"
	{ "mx with ten hosts", "example.com TXT v=spf1 mx -all\n" MX10 "m10.example.com A 192.0.2.1", SPF_PASS, "mx", .lookups = 1 },
	{ "mx with eleven hosts", "example.com TXT v=spf1 mx -all\n" MX10 "m10.example.com A 192.0.2.2\nexample.com MX m11.example.com\nm11.example.com A 192.0.2.1",
	  SPF_PERMERROR, NULL, "too many MX hosts", 1, .reached = UINT64_C(1) << LIMIT_SPF_MX },
	{ "mx with eleven hosts, and a match before", "example.com TXT v=spf1 mx -all\n" MX10 "m10.example.com A 192.0.2.1\nexample.com MX m11.example.com",
	  SPF_PASS, "mx", .lookups = 1 },
	{ "exists asks for A, for IPv6 too", "example.com TXT v=spf1 exists:%{ir}.%{v}.example.com -all\n"
	  "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.example.com A 192.0.2.77", SPF_PASS,
	  "exists:%{ir}.%{v}.example.com", .lookups = 1, .client = "2001:db8::1" },
	{ "ptr", "example.com TXT v=spf1 ptr -all\n1.2.0.192.in-addr.arpa PTR mail.example.com\nmail.example.com A 192.0.2.1", SPF_PASS, "ptr", .lookups = 1 },
	{ "ptr that is not proven", "example.com TXT v=spf1 ptr -all\n1.2.0.192.in-addr.arpa PTR mail.example.com\nmail.example.com A 192.0.2.2", SPF_FAIL, "-all", .lookups = 1 },
	{ "ptr of a name that only ends alike", "example.com TXT v=spf1 ptr -all\n1.2.0.192.in-addr.arpa PTR badexample.com\nbadexample.com A 192.0.2.1", SPF_FAIL, "-all", .lookups = 1 },
	{ "ptr that fails is no match", "example.com TXT v=spf1 ptr -all\n1.2.0.192.in-addr.arpa PTR !servfail", SPF_FAIL, "-all", .lookups = 1 },
	{ "ptr name that fails is skipped", "example.com TXT v=spf1 ptr -all\n1.2.0.192.in-addr.arpa PTR a.example.com\n1.2.0.192.in-addr.arpa PTR b.example.com\n"
	  "a.example.com A !timeout\nb.example.com A 192.0.2.1", SPF_PASS, "ptr", .lookups = 1 },
	{ "ptr that nobody asks", "example.com TXT v=spf1 ptr -all\n1.2.0.192.in-addr.arpa PTR !offline", SPF_TEMPERROR, NULL, "the DNS was not asked", 1 },
	{ "no PTR is one void look-up for each ptr", "example.com TXT v=spf1 ptr ptr:a.example -all", SPF_FAIL, "-all", .lookups = 2, .voids = 2 },
#define PTR10 "1.2.0.192.in-addr.arpa PTR e.example.com\n1.2.0.192.in-addr.arpa PTR e.example.com\n1.2.0.192.in-addr.arpa PTR e.example.com\n" \
	"1.2.0.192.in-addr.arpa PTR e.example.com\n1.2.0.192.in-addr.arpa PTR e.example.com\n1.2.0.192.in-addr.arpa PTR e.example.com\n" \
	"1.2.0.192.in-addr.arpa PTR e.example.com\n1.2.0.192.in-addr.arpa PTR e.example.com\n1.2.0.192.in-addr.arpa PTR e.example.com\n"
	{ "the tenth PTR name", "example.com TXT v=spf1 ptr -all\n" PTR10 "1.2.0.192.in-addr.arpa PTR m.example.com\nm.example.com A 192.0.2.1", SPF_PASS, "ptr", .lookups = 1 },
	{ "the eleventh PTR name is left out", "example.com TXT v=spf1 ptr -all\n" PTR10 "1.2.0.192.in-addr.arpa PTR e.example.com\n"
	  "1.2.0.192.in-addr.arpa PTR m.example.com\nm.example.com A 192.0.2.1", SPF_FAIL, "-all", .lookups = 1, .reached = UINT64_C(1) << LIMIT_SPF_PTR },
	{ "%{p} prefers the domain, then names below it", "example.com TXT v=spf1 exists:%{p}.is.example.org -all\n1.2.0.192.in-addr.arpa PTR z.example.net\n"
	  "1.2.0.192.in-addr.arpa PTR m.example.com\n1.2.0.192.in-addr.arpa PTR example.com\nz.example.net A 192.0.2.1\nm.example.com A 192.0.2.1\n"
	  "example.com A 192.0.2.1\nexample.com.is.example.org A 192.0.2.2", SPF_PASS, "exists:%{p}.is.example.org", .lookups = 1 },
	{ "%{p} takes any proven name", "example.com TXT v=spf1 exists:%{p}.is.example.org -all\n1.2.0.192.in-addr.arpa PTR x.example.com\n"
	  "1.2.0.192.in-addr.arpa PTR z.example.net\nz.example.net A 192.0.2.1\nz.example.net.is.example.org A 192.0.2.2", SPF_PASS,
	  "exists:%{p}.is.example.org", .lookups = 1 },
	{ "%{p} without a PTR is unknown", "example.com TXT v=spf1 exists:%{p}.is.example.org -all\nunknown.is.example.org A 192.0.2.2", SPF_PASS,
	  "exists:%{p}.is.example.org", .lookups = 1 },
	{ "%{p} is void only once", "example.com TXT v=spf1 exists:%{p}.a exists:%{p}.b ?all", SPF_NEUTRAL, "?all", .lookups = 2, .voids = 2 },
	{ "include that passes", "example.com TXT v=spf1 ?include:a.example -all\na.example TXT v=spf1 ip4:192.0.2.1 -all", SPF_NEUTRAL, "ip4:192.0.2.1", .lookups = 1 },
	{ "include that fails does not match", "example.com TXT v=spf1 include:a.example ~all\na.example TXT v=spf1 -all", SPF_SOFTFAIL, "~all", .lookups = 1 },
	{ "include, nothing matches anywhere", "example.com TXT v=spf1 include:a.example\na.example TXT v=spf1 -all", SPF_NEUTRAL, NULL, .lookups = 1 },
	{ "include of nothing", "example.com TXT v=spf1 include:a.example -all", SPF_PERMERROR, NULL, "an included domain has no SPF record", 1, 1 },
	{ "include of a name that cannot be", "example.com TXT v=spf1 include:a..example -all", SPF_PERMERROR, NULL, "an included domain cannot be in the DNS", 1 },
	{ "include of one label", "example.com TXT v=spf1 include:%{h} -all\nlocalhost TXT v=spf1 +all", SPF_PERMERROR, NULL, "an included domain has no SPF record", 1, .helo = "localhost" },
	{ "include with an error", "example.com TXT v=spf1 include:a.example -all\na.example TXT v=spf1 all:x", SPF_PERMERROR, NULL, "this mechanism takes nothing behind its name", 1 },
	{ "include that times out", "example.com TXT v=spf1 include:a.example -all\na.example TXT !timeout", SPF_TEMPERROR, NULL, "the name servers did not answer in time", 1 },
	{ "%{d} in an include is the included domain", "example.com TXT v=spf1 include:a.example -all\na.example TXT v=spf1 a:m.%{d}\nm.a.example A 192.0.2.1", SPF_PASS,
	  "a:m.%{d}", .lookups = 2 },
	{ "redirect", "example.com TXT v=spf1 redirect=r.example\nr.example TXT v=spf1 a -all\nr.example A 192.0.2.1", SPF_PASS, "a", .lookups = 2 },
	{ "redirect to nothing", "example.com TXT v=spf1 redirect=r.example", SPF_PERMERROR, NULL, "the domain of redirect= has no SPF record", 1, 1 },
	{ "redirect to a name that cannot be", "example.com TXT v=spf1 redirect=r..example", SPF_PERMERROR, NULL, "the domain of redirect= cannot be in the DNS", 1 },
	{ "redirect behind all", "example.com TXT v=spf1 redirect=r.example ?all", SPF_NEUTRAL, "?all" },
	{ "a loop of redirects", "example.com TXT v=spf1 redirect=r.example\nr.example TXT v=spf1 redirect=example.com", SPF_PERMERROR, NULL, "too many terms ask the DNS",
	  10, .reached = UINT64_C(1) << LIMIT_SPF_TERMS },
	{ "a loop of includes", "example.com TXT v=spf1 include:example.com -all", SPF_PERMERROR, NULL, "too many terms ask the DNS", 10, .reached = UINT64_C(1) << LIMIT_SPF_TERMS },
	{ "ten terms", "example.com TXT v=spf1 a a a a a a a a a a -all\nexample.com A 192.0.2.9", SPF_FAIL, "-all", .lookups = 10 },
	{ "eleven terms", "example.com TXT v=spf1 a a a a a a a a a a a -all\nexample.com A 192.0.2.9", SPF_PERMERROR, NULL, "too many terms ask the DNS", 10,
	  .reached = UINT64_C(1) << LIMIT_SPF_TERMS },
	{ "eleven terms, a match before", "example.com TXT v=spf1 a a a a a a a a a a ip4:192.0.2.1 a\nexample.com A 192.0.2.9", SPF_PASS, "ip4:192.0.2.1", .lookups = 10 },
	{ "two void look-ups", "example.com TXT v=spf1 a:x.example mx:y.example ~all", SPF_SOFTFAIL, "~all", .lookups = 2, .voids = 2 },
	{ "three void look-ups", "example.com TXT v=spf1 a:x.example mx:y.example exists:z.example +all", SPF_PERMERROR, NULL, "too many look-ups found nothing", 3, 3,
	  .reached = UINT64_C(1) << LIMIT_SPF_VOID },
	{ "a third void look-up behind a match", "example.com TXT v=spf1 a:x.example mx:y.example ip4:192.0.2.1 exists:z.example", SPF_PASS, "ip4:192.0.2.1", .lookups = 2, .voids = 2 },
	{ "postmaster", "example.com TXT v=spf1 exists:%{l}.example.com -all\npostmaster.example.com A 192.0.2.7", SPF_PASS, "exists:%{l}.example.com", .lookups = 1, .from = "@example.com" },
	{ "an explanation", "example.com TXT v=spf1 -all exp=why.%{d}\nwhy.example.com TXT %{i} may not send for %{o}", SPF_FAIL, "-all",
	  .explanation = "192.0.2.1 may not send for example.com" },
	{ "no explanation but for fail", "example.com TXT v=spf1 ~all exp=why.%{d}\nwhy.example.com TXT no", SPF_SOFTFAIL, "~all" },
	{ "explanation: two texts", "example.com TXT v=spf1 -all exp=why.%{d}\nwhy.example.com TXT a\nwhy.example.com TXT b", SPF_FAIL, "-all" },
	{ "explanation: a fault", "example.com TXT v=spf1 -all exp=why.%{d}\nwhy.example.com TXT !servfail", SPF_FAIL, "-all" },
	{ "explanation: an error in it", "example.com TXT v=spf1 -all exp=why.%{d}\nwhy.example.com TXT %{x}", SPF_FAIL, "-all" },
	{ "explanation: no such name", "example.com TXT v=spf1 a:x.example a:y.example -all exp=why.%{d}", SPF_FAIL, "-all", .lookups = 2, .voids = 2 },
	{ "explanation with %{p}", "example.com TXT v=spf1 -all exp=why.example\nwhy.example TXT to %{p}\n1.2.0.192.in-addr.arpa PTR m.example.org\nm.example.org A 192.0.2.1",
	  SPF_FAIL, "-all", .explanation = "to m.example.org" },
	{ "the explanation of an include is not used", "example.com TXT v=spf1 -include:a.example exp=why.example\na.example TXT v=spf1 +all exp=not.example\n"
	  "why.example TXT right\nnot.example TXT wrong", SPF_FAIL, "+all", .lookups = 1, .explanation = "right" },
	{ "the explanation before a redirect is not used", "example.com TXT v=spf1 exp=not.example redirect=r.example\nr.example TXT v=spf1 -all\nnot.example TXT wrong",
	  SPF_FAIL, "-all", .lookups = 1 },
	{ "the explanation behind a redirect is", "example.com TXT v=spf1 exp=not.example redirect=r.example\nr.example TXT v=spf1 -all exp=why.%{d}\n"
	  "not.example TXT wrong\nwhy.r.example TXT right", SPF_FAIL, "-all", .lookups = 1, .explanation = "right" },
	{ "an explanation that is the record itself", "example.com TXT v=spf1 -all exp=%{d}", SPF_FAIL, "-all", .explanation = "v=spf1 -all exp=example.com" },
};

static struct spf_input input_of(struct arena *a, const struct sample *s)
{
	struct bytes from = bytes_of(s->from ? s->from : "user@example.com"), local;
	struct spf_input in = { .helo = bytes_of(s->helo ? s->helo : "helo.example.net"), .explain = true,
	                        .receiver = B("mx.example.net") };

	CHECK(ip_parse(bytes_of(s->client ? s->client : NET1), &in.client));
	CHECK(bytes_cut(&from, '@', &local) && dname_parse(a, from, DNAME_HOST, &in.domain, NULL));
	in.local = local;
	return in;
}

static void test_samples(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		const struct sample *s = &samples[i];
		struct world world = { a, s->zone };
		struct drive d = { .arena = a, .answer = world_answer, .user = &world };
		struct spf_result r = { 0 };

		tap_begin("%s", s->name);
		struct spf_input in = input_of(a, s);
		if (CHECK(drive_spf(&d, &in, &r) == CHECK_DONE)) {
			CHECK_MSG(r.result == s->result, "%s (%s)", spf_outcome_name(r.result), r.error ? r.error : "");
			CHECK_BYTES(r.term, s->term ? s->term : "");
			CHECK_MSG(drive_same_text(r.error, s->error), "error: %s", r.error ? r.error : "none");
			CHECK_MSG(r.lookups == s->lookups && r.void_lookups == s->voids, "%u look-ups, %u void", r.lookups, r.void_lookups);
			CHECK_BYTES(r.explanation, s->explanation ? s->explanation : "");
			CHECK(d.work.reached == s->reached);
			dns_book_end(d.book);
			in.trace = true;
			CHECK(drive_spf(&d, &in, &r) == CHECK_DONE);
			drive_check_promises(&d, &in, &r);
		}
		tap_end();
		dns_book_end(d.book);
		arena_reset(a);
	}
}

/* --- how many rounds --- */

static const struct {
	const char *name, *zone;
	enum spf_outcome result;
	unsigned rounds, needed; /* needed: questions of sequential evaluation */
} waits[] = {
	{ "one term", "example.com TXT v=spf1 ip4:192.0.2.1 -all", SPF_PASS, 1, 1 },
	{ "ten terms of one record", "example.com TXT v=spf1 a:a.example a:b.example a:c.example a:d.example mx:e.example a:f.example exists:g.example a:h.example "
	  "a:i.example a:j.example -all\na.example A 192.0.2.9\nb.example A 192.0.2.9\nc.example A 192.0.2.9\nd.example A 192.0.2.9\ne.example MX f.example\n"
	  "f.example A 192.0.2.9\nh.example A 192.0.2.9\ni.example A 192.0.2.9\nj.example A 192.0.2.9", SPF_FAIL, 2, 11 },
	{ "six includes on one level, hosts inside", "example.com TXT v=spf1 include:a.example include:b.example include:c.example include:d.example include:e.example "
	  "include:f.example -all\na.example TXT v=spf1 a:m.a.example\nb.example TXT v=spf1 mx\nc.example TXT v=spf1 a:m.c.example\nd.example TXT v=spf1 mx\n"
	  "e.example TXT v=spf1 ip4:192.0.2.9\nf.example TXT v=spf1 ip6:2001:db8::/32\nm.a.example A 192.0.2.9\nm.c.example A 192.0.2.9\n"
	  "b.example MX m1.b.example\nb.example MX m2.b.example\nm1.b.example A 192.0.2.9\nm2.b.example A 192.0.2.9\n"
	  "d.example MX m1.d.example\nd.example MX m2.d.example\nm1.d.example A 192.0.2.9\nm2.d.example A 192.0.2.9", SPF_FAIL, 4, 15 },
	{ "includes in includes, at the same depth together", "example.com TXT v=spf1 include:a.example include:b.example -all\na.example TXT v=spf1 include:a1.example include:a2.example\n"
	  "b.example TXT v=spf1 include:b1.example include:b2.example\na1.example TXT v=spf1 a:x.example -all\na2.example TXT v=spf1 a:x.example -all\n"
	  "b1.example TXT v=spf1 a:x.example -all\nb2.example TXT v=spf1 a:y.example -all\nx.example A 192.0.2.9\ny.example A 192.0.2.1", SPF_PASS, 4, 9 },
	{ "redirect is foreseen beside the terms", "example.com TXT v=spf1 a mx redirect=r.example\nexample.com A 192.0.2.9\nexample.com MX m.example.com\nm.example.com A 192.0.2.9\n"
	  "r.example TXT v=spf1 mx -all\nr.example MX m.r.example\nm.r.example A 192.0.2.1", SPF_PASS, 4, 7 },
	{ "names of ptr together, and what follows", "example.com TXT v=spf1 ptr a:y.example -all\n1.2.0.192.in-addr.arpa PTR a.example.com\n1.2.0.192.in-addr.arpa PTR b.example.com\n"
	  "a.example.com A 192.0.2.9\nb.example.com A 192.0.2.9\ny.example A 192.0.2.1", SPF_PASS, 3, 5 },
	{ "a chain of redirects costs a round each", "example.com TXT v=spf1 redirect=a.example\na.example TXT v=spf1 redirect=b.example\nb.example TXT v=spf1 -all", SPF_FAIL, 3, 3 },
};

static void test_rounds(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_LEN(waits); i++) {
		struct world world = { a, waits[i].zone };
		struct drive d = { .arena = a, .answer = world_answer, .user = &world };
		struct spf_input in = input_of(a, &samples[0]);
		struct spf_result r = { 0 };

		tap_begin("rounds: %s", waits[i].name);
		CHECK(drive_spf(&d, &in, &r) == CHECK_DONE);
		CHECK_MSG(r.result == waits[i].result, "%s (%s)", spf_outcome_name(r.result), r.error ? r.error : "");
		CHECK_MSG(dns_book_rounds(d.book) == waits[i].rounds, "%u rounds", dns_book_rounds(d.book));
		CHECK_MSG(drive_needed(d.book) == waits[i].needed, "%zu needed", drive_needed(d.book));
		drive_check_promises(&d, &in, &r);
		tap_end();
		dns_book_end(d.book);
		arena_reset(a);
	}
}

/* Was a question foreseen, or needed, at the first stop behind `zone`'s answered names? */
static bool asked(const struct dns_book *book, const char *name, enum dns_type type)
{
	for (size_t i = 0; i < dns_book_count(book); i++) {
		const struct dns_entry *e = dns_book_entry(book, i);
		if (e->question.type == type && bytes_eq(e->question.name.text, name))
			return true;
	}
	return false;
}

static const struct {
	const char *name, *zone, *yes[3], *no[3]; /* names of A or TXT questions: "A name" */
} sights[] = {
	{ "not behind all", "example.com TXT v=spf1 a:n.example -all a:x.example\nn.example A !never", { "A n.example" }, { "A x.example" } },
	{ "not behind a sure match", "example.com TXT v=spf1 a:n.example ip4:192.0.2.1 a:x.example\nn.example A !never", { "A n.example" }, { "A x.example" } },
	{ "not behind an include that surely passes", "example.com TXT v=spf1 a:n.example include:i.example a:x.example\nn.example A !never\ni.example TXT v=spf1 +all",
	  { "A n.example", "TXT i.example" }, { NULL } },
	/* i comes in one round with k, which includes it too: that i can come to +all does not make it sure */
#define TWICE "example.com TXT v=spf1 a:n.example include:k.example include:i.example include:r.example include:j.example\n" \
	"n.example A !never\nm.example A !never\nk.example TXT v=spf1 include:i.example a:x.example\nr.example TXT v=spf1 +all\n" \
	"j.example TXT v=spf1 a:m.example\n"
	{ "behind an include that is not sure to pass", TWICE "i.example TXT v=spf1 -a:m.example +all", { "A m.example", "A x.example" }, { NULL } },
	{ "behind a redirect that is not sure", TWICE "i.example TXT v=spf1 -a:m.example redirect=r.example", { "A m.example", "A x.example" }, { NULL } },
	{ "behind an include in an include that is not sure", TWICE "i.example TXT v=spf1 -include:j.example +all", { "A m.example", "A x.example" }, { NULL } },
	{ "not beyond the tenth term", "example.com TXT v=spf1 a:n.example a a a a a a a a a:ten.example a:eleven.example\nn.example A !never", { "A ten.example" }, { "A eleven.example" } },
	{ "not in a record with an error", "example.com TXT v=spf1 a:n.example include:i.example a:y.example -all\nn.example A !never\ni.example TXT v=spf1 a:x.example foo",
	  { "TXT i.example" }, { "A x.example" } },
	{ "in an include that has come", "example.com TXT v=spf1 a:n.example include:i.example a:y.example -all\nn.example A !never\ni.example TXT v=spf1 a:x.example",
	  { "TXT i.example", "A x.example", "A y.example" }, { NULL } },
	{ "not a name with %{p} before PTR", "example.com TXT v=spf1 a:n.example exists:%{p}.x.example a:y.example -all\nn.example A !never\n1.2.0.192.in-addr.arpa PTR !never",
	  { "A y.example" }, { "A unknown.x.example" } },
	{ "never exp", "example.com TXT v=spf1 a:n.example -all exp=e.example\nn.example A !never", { "A n.example" }, { "TXT e.example" } },
	{ "an explanation after the fail, and only then", "example.com TXT v=spf1 -all exp=e.example\ne.example TXT !never", { "TXT e.example" }, { NULL } },
};

static void test_foresight(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_LEN(sights); i++) {
		struct world world = { a, sights[i].zone };
		struct drive d = { .arena = a, .answer = world_answer, .user = &world };
		struct spf_input in = input_of(a, &samples[0]);
		struct spf_result r = { 0 };

		tap_begin("foreseen: %s", sights[i].name);
		CHECK(drive_spf(&d, &in, &r) == CHECK_WAITING);
		for (size_t k = 0; k < 3; k++) {
			const char *yes = sights[i].yes[k], *no = sights[i].no[k];
			if (yes)
				CHECK_MSG(asked(d.book, strchr(yes, ' ') + 1, yes[0] == 'A' ? DNS_A : DNS_TXT), "not asked: %s", yes);
			if (no)
				CHECK_MSG(!asked(d.book, strchr(no, ' ') + 1, no[0] == 'A' ? DNS_A : DNS_TXT), "asked: %s", no);
		}
		tap_end();
		dns_book_end(d.book);
		arena_reset(a);
	}
}

/* --- what a result says of its way --- */

static void test_way(struct arena *a)
{
	struct world world = { a, "example.com TXT v=spf1 a:n.example redirect=r.example\nr.example TXT v=spf1 include:i.example -all\n"
	                          "i.example TXT v=spf1 include:j.example ip4:192.0.2.1\nj.example TXT v=spf1 -all\nn.example A 192.0.2.9" };
	struct drive d = { .arena = a, .answer = world_answer, .user = &world };
	struct spf_input in = input_of(a, &samples[0]);
	struct spf_result r = { 0 };

	in.trace = true;
	tap_begin("path and trace");
	CHECK(drive_spf(&d, &in, &r) == CHECK_DONE && r.result == SPF_PASS);
	CHECK_BYTES(r.term, "ip4:192.0.2.1");
	CHECK_BYTES(r.record, "v=spf1 a:n.example redirect=r.example");
	if (CHECK(r.path_n == 3)) {
		CHECK_BYTES(r.path[0].text, "example.com");
		CHECK_BYTES(r.path[1].text, "r.example");
		CHECK_BYTES(r.path[2].text, "i.example");
	}
	static const struct { const char *domain, *term, *what; unsigned depth, lookups; size_t offset; } want[] = {
		{ "example.com", "", "record found", 0, 0, 0 },
		{ "example.com", "a:n.example", "did not match", 0, 1, 7 },
		{ "example.com", "redirect=r.example", "followed", 0, 2, 19 },
		{ "r.example", "", "record found", 0, 2, 0 },
		{ "i.example", "", "record found", 1, 3, 0 },
		{ "j.example", "", "record found", 2, 4, 0 },
		{ "j.example", "-all", "matched", 2, 4, 7 },
		{ "i.example", "include:j.example", "did not match", 1, 4, 7 },
		{ "i.example", "ip4:192.0.2.1", "matched", 1, 4, 25 },
		{ "r.example", "include:i.example", "matched", 0, 4, 7 },
	};
	if (CHECK_MSG(r.step_n == ARRAY_LEN(want), "%zu steps", r.step_n))
		for (size_t i = 0; i < r.step_n; i++) {
			const struct spf_step *s = &r.steps[i];
			CHECK_BYTES(s->domain.text, want[i].domain);
			CHECK_BYTES(s->term, want[i].term);
			CHECK_MSG(strcmp(s->what, want[i].what) == 0 && s->depth == want[i].depth && s->lookups == want[i].lookups &&
			          s->offset == want[i].offset, "step %zu: %s %u %u %zu", i, s->what, s->depth, s->lookups, s->offset);
		}
	tap_end();
	dns_book_end(d.book);
	arena_reset(a);

	tap_begin("an error says where it is");
	struct world bad = { a, "example.com TXT v=spf1 include:i.example -all\ni.example TXT v=spf1 a -foo/24 all" };
	d = (struct drive){ .arena = a, .answer = world_answer, .user = &bad };
	in = input_of(a, &samples[0]);
	CHECK(drive_spf(&d, &in, &r) == CHECK_DONE && r.result == SPF_PERMERROR && r.path_n == 2);
	CHECK_BYTES(r.error_at, "-foo/24");
	CHECK_BYTES(r.path[1].text, "i.example");
	tap_end();
	dns_book_end(d.book);
	arena_reset(a);
}

static void test_edges(struct arena *a)
{
	struct world world = { a, "example.com TXT v=spf1 a mx -all\nexample.com A 192.0.2.9\nexample.com MX m.example.com\nm.example.com A 192.0.2.1" };
	struct drive d = { .arena = a, .answer = world_answer, .user = &world };
	struct spf_input in = input_of(a, &samples[0]), empty = { 0 };
	struct spf_result r = { 0 };

	tap_begin("nothing to check");
	CHECK(drive_spf(&d, &empty, &r) == CHECK_DONE && r.result == SPF_NONE);
	CHECK(drive_same_text(r.error, "there is no domain to check") && d.runs == 1);
	dns_book_end(d.book);
	empty = in;
	empty.client.family = 0;
	CHECK(drive_spf(&d, &empty, &r) == CHECK_DONE && r.result == SPF_NONE && r.error);
	dns_book_end(d.book);
	tap_end();

	tap_begin("a check that is cut");
	d.cut = DNS_OFFLINE;
	CHECK(drive_spf(&d, &in, &r) == CHECK_DONE && r.result == SPF_TEMPERROR);
	CHECK(drive_same_text(r.error, "the DNS was not asked") && r.path_n == 1);
	CHECK_BYTES(r.error_at, "example.com");
	dns_book_end(d.book);
	d.cut = DNS_OK;
	tap_end();

	tap_begin("a client whose names are not asked for");
	static const struct { const char *zone; enum spf_outcome result; size_t asked; } hearsay[] = {
		{ "example.com TXT v=spf1 ip4:192.0.2.1 ptr -all", SPF_PASS, 1 },
		{ "example.com TXT v=spf1 ptr -all\n1.2.0.192.in-addr.arpa PTR m.example.com\nm.example.com A 192.0.2.1", SPF_TEMPERROR, 1 },
		{ "example.com TXT v=spf1 a:%{p}.example -all", SPF_TEMPERROR, 1 },
		{ "example.com TXT v=spf1 exists:%{i}.example.com ptr -all", SPF_TEMPERROR, 2 },
	};
	for (size_t i = 0; i < ARRAY_LEN(hearsay); i++) {
		struct world other = { a, hearsay[i].zone };
		struct spf_input quiet = in;
		quiet.no_ptr = true;
		d.user = &other;
		CHECK(drive_spf(&d, &quiet, &r) == CHECK_DONE && r.result == hearsay[i].result);
		CHECK_MSG(dns_book_count(d.book) == hearsay[i].asked, "%zu asked", dns_book_count(d.book));
		drive_check_promises(&d, &quiet, &r);
		dns_book_end(d.book);
	}
	d.user = &world;
	tap_end();

	tap_begin("a check without questions left");
	struct limits few;
	limits_init(&few);
	few.v[LIMIT_SPF_QUESTIONS] = 2;
	d.limits = &few;
	CHECK(drive_spf(&d, &in, &r) == CHECK_DONE && r.result == SPF_TEMPERROR);
	CHECK(d.work.reached == UINT64_C(1) << LIMIT_SPF_QUESTIONS);
	drive_check_promises(&d, &in, &r);
	dns_book_end(d.book);
	tap_end();

	tap_begin("limits that are set lower");
	limits_init(&few);
	few.v[LIMIT_SPF_TERMS] = 1;
	CHECK(drive_spf(&d, &in, &r) == CHECK_DONE && r.result == SPF_PERMERROR && r.lookups == 1);
	dns_book_end(d.book);
	limits_init(&few);
	few.v[LIMIT_SPF_RECORD_BYTES] = 10;
	CHECK(drive_spf(&d, &in, &r) == CHECK_DONE && drive_same_text(r.error, "the SPF record is too long"));
	CHECK(d.work.reached == UINT64_C(1) << LIMIT_SPF_RECORD_BYTES);
	dns_book_end(d.book);
	limits_init(&few);
	few.v[LIMIT_SPF_EXPLANATION] = 10;
	struct world explained = { a, "example.com TXT v=spf1 -all exp=e.example\ne.example TXT %{h}" };
	d.user = &explained;
	CHECK(drive_spf(&d, &in, &r) == CHECK_DONE && r.result == SPF_FAIL && r.explanation.n == 0);
	CHECK(d.work.reached == UINT64_C(1) << LIMIT_SPF_EXPLANATION);
	dns_book_end(d.book);
	tap_end();
	arena_reset(a);
}

int main(void)
{
	struct arena *a = arena_new(1 << 26);

	test_samples(a);
	test_rounds(a);
	test_foresight(a);
	test_way(a);
	test_edges(a);
	arena_free(a);
	return tap_done();
}
