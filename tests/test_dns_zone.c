/* Zones: how names are found (RFC 1034 section 4.3.2, RFC 4592), faults, and the text they are read from. */
#include "base/buf.h"
#include "base/mem.h"
#include "dns_helper.h"

static const char world[] =
	"$ORIGIN example.com.\n"
	"$TTL 300\n"
	"@\tIN SOA ns1 hostmaster 1 7200 3600 1209600 60 ; absence: 60 s\n"
	"\t\tNS ns1\n"
	"\t\tMX 20 b\n"
	"\t\tMX 10 a.example.com.\n"
	"\t\tTXT \"v=spf1 \" \"mx -all\"\n"
	"a\t120 IN A 192.0.2.1\n"
	"a IN 60 A 192.0.2.2\n"
	"a AAAA 2001:db8::1\n"
	"mapped AAAA ::ffff:192.0.2.7\n"
	"b 1h30m A 192.0.2.3\n"
	"null MX 0 .\n"
	"alias CNAME a\n"
	"far CNAME mail.example.net.\n"
	"gone CNAME nowhere.example.net.\n"
	"loop1 CNAME loop2\n"
	"loop2 CNAME loop1\n"
	"deep.below.ent TXT deep\n"
	"*.wild TXT \"any\"\n"
	"*.wild MX 10 a\n"
	"there.wild A 192.0.2.9\n"
	"*.walias CNAME a\n"
	"many TXT ( \"one; two\" ; a comment\n"
	"\t\"three\\\" \\065\\\\\" )\n"
	"plain TXT unquoted words\n"
	"bytes TXT \"\\000\\255\"\n"
	"odd\\032name\\(\\255 A 192.0.2.4\n"
	"Upper.Case A 192.0.2.5\n"
	"srv SRV 0 0 443 a\n"
	"$ORIGIN .\n"
	"mail.example.net 50 A 198.51.100.1\n"
	"1.2.0.192.in-addr.arpa. PTR a.example.com.\n";

static const struct {
	const char *name;
	enum dns_type type;
	enum dns_status status;
	const char *want; /* records, joined by commas */
	uint32_t ttl;
} finds[] = {
	{ "example.com", DNS_MX, DNS_OK, "10 a.example.com,20 b.example.com", 300 },
	{ "example.com", DNS_TXT, DNS_OK, "v=spf1 mx -all", 300 },
	{ "example.com", DNS_A, DNS_NODATA, "", 60 },
	{ "a.example.com", DNS_A, DNS_OK, "192.0.2.1,192.0.2.2", 60 },
	{ "a.example.com", DNS_AAAA, DNS_OK, "2001:db8::1", 300 },
	{ "mapped.example.com", DNS_AAAA, DNS_OK, "::ffff:192.0.2.7", 300 },
	{ "b.example.com", DNS_A, DNS_OK, "192.0.2.3", 5400 },
	{ "null.example.com", DNS_MX, DNS_OK, "0 .", 300 },
	{ "alias.example.com", DNS_A, DNS_OK, "192.0.2.1,192.0.2.2", 60 },
	{ "alias.example.com", DNS_TXT, DNS_NODATA, "", 60 },
	{ "alias.example.com", DNS_CNAME, DNS_OK, "a.example.com", 300 },
	{ "far.example.com", DNS_A, DNS_OK, "198.51.100.1", 50 },
	{ "gone.example.com", DNS_A, DNS_NXDOMAIN, "", 0 },
	{ "loop1.example.com", DNS_A, DNS_SERVFAIL, "", 0 },
	{ "ent.example.com", DNS_TXT, DNS_NODATA, "", 60 },
	{ "below.ent.example.com", DNS_TXT, DNS_NODATA, "", 60 },
	{ "other.ent.example.com", DNS_TXT, DNS_NXDOMAIN, "", 60 },
	{ "com", DNS_TXT, DNS_NODATA, "", 0 },
	{ "org", DNS_TXT, DNS_NXDOMAIN, "", 0 },
	{ "x.wild.example.com", DNS_TXT, DNS_OK, "any", 300 },
	{ "x.y.wild.example.com", DNS_TXT, DNS_OK, "any", 300 },
	{ "x.wild.example.com", DNS_A, DNS_NODATA, "", 60 },
	{ "there.wild.example.com", DNS_TXT, DNS_NODATA, "", 60 },
	{ "x.there.wild.example.com", DNS_TXT, DNS_NXDOMAIN, "", 60 },
	{ "wild.example.com", DNS_TXT, DNS_NODATA, "", 60 },
	{ "*.wild.example.com", DNS_TXT, DNS_OK, "any", 300 },
	{ "x.*.wild.example.com", DNS_TXT, DNS_NXDOMAIN, "", 60 },
	{ "x.walias.example.com", DNS_A, DNS_OK, "192.0.2.1,192.0.2.2", 60 },
	{ "many.example.com", DNS_TXT, DNS_OK, "one; twothree\" A\\", 300 },
	{ "plain.example.com", DNS_TXT, DNS_OK, "unquotedwords", 300 },
	{ "odd name(\xff.example.com", DNS_A, DNS_OK, "192.0.2.4", 300 },
	{ "upper.case.example.com", DNS_A, DNS_OK, "192.0.2.5", 300 },
	{ "srv.example.com", DNS_A, DNS_NODATA, "", 60 },
	{ "1.2.0.192.in-addr.arpa", DNS_PTR, DNS_OK, "a.example.com", 300 },
};

static void add_record(struct buf *b, enum dns_type type, const struct dns_record *r)
{
	char ip[IP_TEXT];

	if (b->n)
		buf_add_byte(b, ',');
	if (type == DNS_A || type == DNS_AAAA)
		buf_adds(b, ip_text(&r->ip, ip));
	else if (type == DNS_TXT)
		buf_add(b, r->text);
	else if (type == DNS_MX)
		buf_addf(b, "%u %.*s", r->preference, BYTES_ARG(r->name.text.n ? r->name.text : B(".")));
	else
		buf_add(b, r->name.text);
}

/* Asks, and gives the reply; abort where memory ends. */
static struct dns_zone_reply ask(const struct dns_zone *z, struct dns_question q)
{
	struct dns_zone_reply reply;

	if (!dns_zone_ask(z, &q, &reply))
		abort();
	return reply;
}

static void test_finding(struct arena *a)
{
	struct dns_zone *z = zone_of(world);

	for (size_t i = 0; i < ARRAY_LEN(finds); i++) {
		struct dns_zone_reply reply = ask(z, question_of(a, finds[i].name, finds[i].type));
		const struct dns_answer_view *v = dns_answer_view(reply.answer);
		struct buf got;

		tap_begin("%s %s is %s", finds[i].name, dns_type_name(finds[i].type),
		          dns_status_name(finds[i].status));
		buf_init(&got, 4096);
		for (size_t k = 0; k < v->n; k++)
			add_record(&got, finds[i].type, &v->records[k]);
		CHECK_MSG(v->status == finds[i].status, "it is %s", dns_status_name(v->status));
		CHECK_BYTES(buf_bytes(&got), finds[i].want);
		CHECK_MSG(v->ttl == finds[i].ttl, "ttl is %u", v->ttl);
		CHECK(v->security == DNSSEC_UNKNOWN && reply.delay_ms == 0);
		CHECK_BYTES(v->question.name.text, finds[i].name);
		tap_end();
		buf_free(&got);
		dns_answer_unref(reply.answer);
	}
	tap_begin("a string with NUL and 8-bit bytes");
	struct dns_zone_reply reply = ask(z, question_of(a, "bytes.example.com", DNS_TXT));
	CHECK(bytes_same(dns_answer_view(reply.answer)->records[0].text, B("\0\xff")));
	dns_answer_unref(reply.answer);
	tap_end();
	dns_zone_free(z);
}

static const char faulty[] =
	"$ORIGIN example.com.\n"
	"a A 192.0.2.1\n"
	"a TXT text\n"
	"alias CNAME a\n"
	"*.w TXT any\n"
	";!fault a A secure delay=20\n"
	";!fault a TXT servfail\n"
	";!fault silent * timeout\n"
	";!fault silent.example.com. MX refused ; with a word\n"
	";!fault lies A bogus\n"
	";!fault a MX nxdomain\n"
	";!fault none TXT nodata insecure\n"
	";!fault *.w TXT secure\n"
	";!fault x.w ANY delay=5\n"
	"; !fault a A refused, a plain comment\n"
	";!fault both A timeout\n"
	";!fault both A delay=7\n"
	";!fault both A nodata\n"
	";!fault gives-up A timeout delay=9\n"
	";!fault brief TXT nxdomain secure ttl=77\n"
	";!fault a AAAA ttl=1h\n";

static const struct {
	const char *name;
	enum dns_type type;
	enum dns_status status; /* DNS_TIMEOUT: no answer */
	enum dnssec_state security;
	uint32_t delay, ttl;
} meets[] = {
	{ "a.example.com", DNS_A, DNS_OK, DNSSEC_SECURE, 20, 3600 },
	{ "a.example.com", DNS_TXT, DNS_SERVFAIL, DNSSEC_UNKNOWN, 0 },
	{ "a.example.com", DNS_MX, DNS_NXDOMAIN, DNSSEC_UNKNOWN, 0 },
	{ "alias.example.com", DNS_A, DNS_OK, DNSSEC_UNKNOWN, 20, 3600 }, /* the CNAME itself is not secure */
	{ "alias.example.com", DNS_TXT, DNS_SERVFAIL, DNSSEC_UNKNOWN, 0 },
	{ "silent.example.com", DNS_A, DNS_TIMEOUT, DNSSEC_UNKNOWN, 0 },
	{ "silent.example.com", DNS_MX, DNS_REFUSED, DNSSEC_UNKNOWN, 0 },
	{ "below.silent.example.com", DNS_A, DNS_NXDOMAIN, DNSSEC_UNKNOWN, 0 },
	{ "lies.example.com", DNS_A, DNS_BOGUS, DNSSEC_BOGUS, 0 },
	{ "none.example.com", DNS_TXT, DNS_NODATA, DNSSEC_INSECURE, 0 },
	{ "none.example.com", DNS_A, DNS_NXDOMAIN, DNSSEC_UNKNOWN, 0 },
	{ "y.w.example.com", DNS_TXT, DNS_OK, DNSSEC_SECURE, 0, 3600 },
	{ "x.w.example.com", DNS_TXT, DNS_OK, DNSSEC_UNKNOWN, 5, 3600 },
	{ "both.example.com", DNS_A, DNS_NODATA, DNSSEC_UNKNOWN, 7 },
	{ "gives-up.example.com", DNS_A, DNS_TIMEOUT, DNSSEC_UNKNOWN, 9 },
	{ "brief.example.com", DNS_TXT, DNS_NXDOMAIN, DNSSEC_SECURE, 0, 77 },
	{ "brief.example.com", DNS_A, DNS_NXDOMAIN, DNSSEC_UNKNOWN, 0 },
	{ "a.example.com", DNS_AAAA, DNS_NODATA, DNSSEC_UNKNOWN, 0, 3600 },
};

static void test_faults(struct arena *a)
{
	struct dns_zone *z = zone_of(faulty);

	for (size_t i = 0; i < ARRAY_LEN(meets); i++) {
		struct dns_zone_reply reply = ask(z, question_of(a, meets[i].name, meets[i].type));
		tap_begin("%s %s meets %s", meets[i].name, dns_type_name(meets[i].type),
		          dns_status_name(meets[i].status));
		CHECK(reply.delay_ms == meets[i].delay);
		if (meets[i].status == DNS_TIMEOUT && !meets[i].delay)
			CHECK(!reply.answer);
		else if (CHECK(reply.answer != NULL)) {
			const struct dns_answer_view *v = dns_answer_view(reply.answer);
			CHECK_MSG(v->status == meets[i].status, "it is %s", dns_status_name(v->status));
			CHECK_MSG(v->security == meets[i].security, "it is %s", dnssec_state_name(v->security));
			CHECK((v->n > 0) == (v->status == DNS_OK));
			CHECK_MSG(v->ttl == meets[i].ttl, "ttl is %u", v->ttl);
		}
		tap_end();
		dns_answer_unref(reply.answer);
	}
	dns_zone_free(z);
}

#define A64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct {
	const char *text, *what; /* part of the message */
	size_t line, at;
} refusals[] = {
	{ "a A 192.0.2.1\nb A 192.0.2\n", "not an IPv4 address", 2, 18 },
	{ "a A 2001:db8::1", "not an IPv4 address", 1, 4 },
	{ "a AAAA 192.0.2.1", "not an IPv6 address", 1, 7 },
	{ "a A", "NAME A ADDRESS", 1, 2 },
	{ "a A 192.0.2.1 192.0.2.2", "NAME A ADDRESS", 1, 2 },
	{ "a MX mail", "NAME MX PREFERENCE TARGET", 1, 2 },
	{ "a MX 65536 mail", "0 to 65535", 1, 5 },
	{ "a MX -1 mail", "0 to 65535", 1, 5 },
	{ "a TXT \"open", "close the quote", 1, 6 },
	{ "a TXT \"open\nb TXT x\"", "close the quote", 1, 6 },
	{ "a TXT \"\\300\"", "split it", 1, 7 },
	{ "a TXT (\n\"x\"\n", "never closes", 1, 6 },
	{ "a TXT x )", "without an opening one", 1, 8 },
	{ "a..b A 192.0.2.1", "not a domain name", 1, 0 },
	{ A64 " A 192.0.2.1", "not a domain name", 1, 0 },
	{ "a\\.b A 192.0.2.1", "a label with a dot", 1, 0 },
	{ "a\\000b A 192.0.2.1", "a label with a dot or NUL", 1, 0 },
	{ "\"a\" A 192.0.2.1", "a name in quotes", 1, 1 },
	{ "a FOO x", "not a type", 1, 2 },
	{ "a ANY x", "not a type", 1, 2 },
	{ "a 3600x A 192.0.2.1", "not a type", 1, 2 },
	{ "a CH A 192.0.2.1", "other than IN", 1, 2 },
	{ "a 60 IN", "without type and data", 1, 5 },
	{ "a", "without type and data", 1, 0 },
	{ " A 192.0.2.1", "none above", 1, 1 },
	{ "a DNAME b", "DNAME", 1, 2 },
	{ "a A \\# 4 c0000201", "hexadecimal", 1, 4 },
	{ "a SOA b c 1 2 3 4", "MINIMUM", 1, 2 },
	{ "a A 192.0.2.1\na CNAME b", "no other record", 2, 16 },
	{ "a CNAME b\na CNAME c", "no other record", 2, 12 },
	{ "a CNAME b\na TXT c", "no other record", 2, 12 },
	{ "$INCLUDE other", "one file", 1, 0 },
	{ "$TTL", "one value", 1, 0 },
	{ "$TTL never", "not a TTL", 1, 5 },
	{ "$TTL 2147483648", "not a TTL", 1, 5 },
	{ "$ORIGIN a..b", "not a domain name", 1, 8 },
	{ ";!fault a A", "NAME TYPE WORD", 1, 2 },
	{ ";!", "NAME TYPE WORD", 1, 1 },
	{ "\n;!default a A timeout", "NAME TYPE WORD", 2, 3 },
	{ ";!fault a A slow", "delay=MILLISECONDS", 1, 12 },
	{ ";!fault a A delay=-1", "delay=MILLISECONDS", 1, 12 },
	{ ";!fault a SRV timeout", "A, AAAA, MX", 1, 10 },
	{ "a A 192.0.2.1 ;!fault a A timeout", "a line of its own", 1, 14 },
};

static void test_refusals(void)
{
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		struct dns_zone *z = dns_zone_new();
		struct bytes text = heap_copy(refusals[i].text);
		struct dns_master_err err = { 0 };

		tap_begin("refused: %.60s", refusals[i].text);
		if (CHECK(!dns_master_read(z, text, &err))) {
			CHECK_MSG(strstr(err.what, refusals[i].what) != NULL, "it says: %s", err.what);
			CHECK_MSG(err.line == refusals[i].line && err.at == refusals[i].at, "line %zu, offset %zu",
			          err.line, err.at);
		}
		tap_end();
		heap_free(text);
		dns_zone_free(z);
	}
	tap_begin("a NUL in the text");
	struct dns_zone *z = dns_zone_new();
	struct dns_master_err err = { 0 };
	CHECK(!dns_master_read(z, B("a TXT x\0y"), &err) && err.at == 7);
	tap_end();
	dns_zone_free(z);
}

static void test_shapes(struct arena *a)
{
	tap_begin("CRLF, no final line end, blank lines, comments with white space before");
	struct dns_zone *z = zone_of("\r\n; a comment\r\n  ; another\r\na A 192.0.2.1\r\n\r\n\tTXT x ; y\r\nb A 192.0.2.2");
	CHECK(dns_zone_records(z) == 3);
	struct dns_zone_reply reply = ask(z, question_of(a, "a", DNS_TXT));
	CHECK_BYTES(dns_answer_view(reply.answer)->records[0].text, "x");
	CHECK(dns_answer_view(reply.answer)->ttl == 3600);
	dns_answer_unref(reply.answer);
	tap_end();
	dns_zone_free(z);

	tap_begin("short forms, with bytes as they are");
	z = dns_zone_new();
	CHECK(dns_zone_put(z, B("Foo:bar/baz.Example"), DNS_A, 1, B("192.0.2.1")));
	CHECK(dns_zone_put(z, B("a  b.example"), DNS_TXT, 1, B("\\065;\"\0")));
	CHECK(dns_zone_put(z, B("p.example"), DNS_PTR, 1, B("Host.example.")));
	CHECK(dns_zone_put_mx(z, B("m.example"), 1, 5, B("")));
	CHECK(!dns_zone_put(z, B("a..b"), DNS_A, 1, B("192.0.2.1")));
	CHECK(!dns_zone_put(z, B("a.example"), DNS_AAAA, 1, B("192.0.2.1")));
	reply = ask(z, question_of(a, "foo:bar/baz.example", DNS_A));
	CHECK(dns_answer_view(reply.answer)->status == DNS_OK);
	dns_answer_unref(reply.answer);
	reply = ask(z, question_of(a, "a  b.example", DNS_TXT));
	CHECK(bytes_same(dns_answer_view(reply.answer)->records[0].text, B("\\065;\"\0")));
	dns_answer_unref(reply.answer);
	reply = ask(z, question_of(a, "p.example", DNS_PTR));
	CHECK_BYTES(dns_answer_view(reply.answer)->records[0].name.text, "host.example");
	dns_answer_unref(reply.answer);
	tap_end();

	tap_begin("more than a message can carry is refused");
	bool ok = true;
	for (int i = 0; ok && i < 10000; i++)
		ok = dns_zone_put(z, B("big.example"), DNS_A, 1, B("192.0.2.1"));
	CHECK(!ok);
	tap_end();
	dns_zone_free(z);
}

static void test_size(struct arena *a)
{
	struct buf text;

	tap_begin("30000 names, and one of them is found");
	buf_init(&text, 8 << 20);
	for (int i = 0; i < 30000; i++)
		buf_addf(&text, "h%d.deep.er.example.com. A 192.0.2.1\n", i);
	buf_add_byte(&text, 0);
	struct dns_zone *z = zone_of((const char *)text.p);
	struct dns_zone_reply reply = ask(z, question_of(a, "h29999.deep.er.example.com", DNS_A));
	CHECK(dns_answer_view(reply.answer)->n == 1);
	dns_answer_unref(reply.answer);
	tap_end();
	dns_zone_free(z);
	buf_free(&text);
}

static void test_memory(struct arena *a)
{
	struct dns_question q = question_of(a, "alias.example.com", DNS_A);
	bool done = false;

	tap_begin("memory may end anywhere");
	for (long n = 0; n < 500 && !done; n++) {
		struct dns_zone_reply reply = { NULL, 0 };
		mem_fail_after(n, true);
		struct dns_zone *z = dns_zone_new();
		done = z && dns_master_read(z, bytes_of(world), NULL) && dns_zone_ask(z, &q, &reply);
		mem_fail_after(-1, false);
		dns_answer_unref(reply.answer);
		dns_zone_free(z);
	}
	CHECK(done);
	tap_end();
}

int main(void)
{
	struct arena *a = arena_new(1 << 20);

	test_finding(a);
	test_faults(a);
	test_refusals();
	test_shapes(a);
	test_size(a);
	test_memory(a);
	arena_free(a);
	return tap_done();
}
