/* DNS messages as they come over the wire, well-formed and not. Each case is the part behind the
 * question "q.example TYPE IN", which begins at offset 12; its name's "example" is at 14. */
#include "base/buf.h"
#include "dns/dns_packet.h"
#include "dns_helper.h"

#define Q "\xc0\x0c"            /* q.example */
#define EXAMPLE "\xc0\x0e"
#define IN "\0\x01"
#define TTL(s) "\0\0\0" s
#define T_A "\0\x01"
#define T_CNAME "\0\x05"
#define T_SOA "\0\x06"
#define T_PTR "\0\x0c"
#define T_MX "\0\x0f"
#define T_TXT "\0\x10"
#define T_AAAA "\0\x1c"
#define T_RRSIG "\0\x2e"
#define ADDRESS(s) Q T_A IN TTL(s) "\0\x04\xc0\0\x02\x01"
/* NS and mailbox "example", serial 1, refresh 2, retry 3, expire 4, minimum 60 */
#define SOA(s) EXAMPLE T_SOA IN TTL(s) "\0\x18" EXAMPLE EXAMPLE \
	"\0\0\0\x01\0\0\0\x02\0\0\0\x03\0\0\0\x04\0\0\0\x3c"
/* b.example, at an offset that does not matter */
#define B_EXAMPLE "\x01" "b" EXAMPLE

static const struct {
	const char *name;
	enum dns_type type;
	uint16_t flags, answers, authorities;
	struct bytes rest;
	/* expected; refused: status DNS_STATUSES */
	enum dns_status status;
	size_t n;
	uint32_t ttl;
	const char *first; /* name or text of the first record */
} cases[] = {
	{ "an address", DNS_A, 0x8180, 1, 0, B(ADDRESS("\x3c")), DNS_OK, 1, 60 },
	{ "two addresses, the smaller TTL", DNS_A, 0x8180, 2, 0, B(ADDRESS("\x3c") ADDRESS("\x1e")), DNS_OK, 2, 30 },
	{ "an IPv6 address", DNS_AAAA, 0x8180, 1, 0,
	  B(Q T_AAAA IN TTL("\x05") "\0\x10\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01"), DNS_OK, 1, 5 },
	{ "strings are joined", DNS_TXT, 0x8180, 1, 0, B(Q T_TXT IN TTL("\x05") "\0\x06\x02" "ab\0\x01" "c"),
	  DNS_OK, 1, 5, "abc" },
	{ "an empty string", DNS_TXT, 0x8180, 1, 0, B(Q T_TXT IN TTL("\x05") "\0\x01\0"), DNS_OK, 1, 5, "" },
	{ "a TXT without strings is none", DNS_TXT, 0x8180, 1, 0, B(Q T_TXT IN TTL("\x05") "\0\0"), DNS_NODATA, 0, 0 },
	{ "two MX, names in lower case", DNS_MX, 0x8180, 2, 0,
	  B(Q T_MX IN TTL("\x05") "\0\x06\0\x14\x01X" EXAMPLE Q T_MX IN TTL("\x05") "\0\x06\0\x0a\x01Y" EXAMPLE),
	  DNS_OK, 2, 5, "x.example" },
	{ "a null MX", DNS_MX, 0x8180, 1, 0, B(Q T_MX IN TTL("\x05") "\0\x03\0\0\0"), DNS_OK, 1, 5, "" },
	{ "a PTR", DNS_PTR, 0x8180, 1, 0, B(Q T_PTR IN TTL("\x05") "\0\x04" B_EXAMPLE), DNS_OK, 1, 5, "b.example" },
	{ "a PTR whose label holds a dot is left out", DNS_PTR, 0x8180, 1, 0,
	  B(Q T_PTR IN TTL("\x05") "\0\x06\x03" "b.c" EXAMPLE), DNS_NODATA, 0, 0 },
	{ "a PTR whose label holds a NUL is left out", DNS_PTR, 0x8180, 1, 0,
	  B(Q T_PTR IN TTL("\x05") "\0\x06\x03" "b\0c" EXAMPLE), DNS_NODATA, 0, 0 },
	{ "a CNAME is followed, TTL of the chain", DNS_A, 0x8180, 2, 0,
	  B(Q T_CNAME IN TTL("\x02") "\0\x04" B_EXAMPLE B_EXAMPLE T_A IN TTL("\x3c") "\0\x04\xc0\0\x02\x01"),
	  DNS_OK, 1, 2 },
	{ "in any order", DNS_A, 0x8180, 2, 0,
	  B(B_EXAMPLE T_A IN TTL("\x3c") "\0\x04\xc0\0\x02\x01" Q T_CNAME IN TTL("\x02") "\0\x04" B_EXAMPLE),
	  DNS_OK, 1, 2 },
	{ "a CNAME that is asked for is not followed", DNS_CNAME, 0x8180, 1, 0,
	  B(Q T_CNAME IN TTL("\x02") "\0\x04" B_EXAMPLE), DNS_OK, 1, 2, "b.example" },
	{ "records of other names do not count", DNS_A, 0x8180, 1, 0,
	  B(B_EXAMPLE T_A IN TTL("\x3c") "\0\x04\xc0\0\x02\x01"), DNS_NODATA, 0, 0 },
	{ "nor those of other types or classes", DNS_A, 0x8180, 2, 0,
	  B(Q T_RRSIG IN TTL("\x3c") "\0\x01x" Q T_A "\0\x03" TTL("\x3c") "\0\x04\xc0\0\x02\x01"), DNS_NODATA, 0, 0 },
	{ "a circle of CNAMEs", DNS_A, 0x8180, 2, 0,
	  B(Q T_CNAME IN TTL("\x02") "\0\x04" B_EXAMPLE B_EXAMPLE T_CNAME IN TTL("\x02") "\0\x02" Q), DNS_STATUSES },
	{ "no data, for as long as the SOA says", DNS_A, 0x8180, 0, 1, B(SOA("\xff")), DNS_NODATA, 0, 60 },
	{ "no such name, for the TTL of the SOA", DNS_A, 0x8183, 0, 1, B(SOA("\x0a")), DNS_NXDOMAIN, 0, 10 },
	{ "absence at the end of a CNAME", DNS_A, 0x8183, 1, 1, B(Q T_CNAME IN TTL("\x07") "\0\x04" B_EXAMPLE SOA("\x0a")),
	  DNS_NXDOMAIN, 0, 7 },
	{ "no SOA: not to be remembered", DNS_A, 0x8183, 0, 0, B(""), DNS_NXDOMAIN, 0, 0 },
	{ "a TTL with the highest bit is 0", DNS_A, 0x8180, 1, 0, B(Q T_A IN "\x80\0\0\x01\0\x04\xc0\0\x02\x01"), DNS_OK, 1, 0 },
	{ "a failure", DNS_A, 0x8182, 0, 0, B(""), DNS_SERVFAIL, 0, 0 },
	{ "a failure with records", DNS_A, 0x8182, 1, 0, B(ADDRESS("\x3c")), DNS_SERVFAIL, 0, 0 },
	{ "a refusal", DNS_A, 0x8185, 0, 0, B(""), DNS_REFUSED, 0, 0 },
	{ "a code that nobody expects", DNS_A, 0x818b, 0, 0, B(""), DNS_SERVFAIL, 0, 0 },
	{ "no such name, but records", DNS_A, 0x8183, 1, 0, B(ADDRESS("\x3c")), DNS_STATUSES },
	{ "a question, not an answer", DNS_A, 0x0100, 0, 0, B(""), DNS_STATUSES },
	{ "a cut message", DNS_A, 0x8380, 1, 0, B(ADDRESS("\x3c")), DNS_STATUSES },
	{ "fewer records than said", DNS_A, 0x8180, 2, 0, B(ADDRESS("\x3c")), DNS_STATUSES },
	{ "an address of five bytes", DNS_A, 0x8180, 1, 0, B(Q T_A IN TTL("\x3c") "\0\x05\xc0\0\x02\x01\0"), DNS_STATUSES },
	{ "data beyond the end", DNS_A, 0x8180, 1, 0, B(Q T_A IN TTL("\x3c") "\0\x04\xc0\0\x02"), DNS_STATUSES },
	{ "a string beyond its record", DNS_TXT, 0x8180, 1, 0, B(Q T_TXT IN TTL("\x05") "\0\x03\x03" "ab"), DNS_STATUSES },
	{ "a name beyond its record", DNS_PTR, 0x8180, 1, 0, B(Q T_PTR IN TTL("\x05") "\0\x02\x01" "b" EXAMPLE), DNS_STATUSES },
	{ "bytes behind a name", DNS_PTR, 0x8180, 1, 0, B(Q T_PTR IN TTL("\x05") "\0\x05" B_EXAMPLE "x"), DNS_STATUSES },
	{ "a name that points at itself", DNS_A, 0x8180, 1, 0, B("\xc0\x1b" T_A IN TTL("\x05") "\0\0"), DNS_STATUSES },
	{ "a name that points forwards", DNS_A, 0x8180, 1, 0, B("\xc0\x20" T_A IN TTL("\x05") "\0\0"), DNS_STATUSES },
	{ "a label of an unknown kind", DNS_A, 0x8180, 1, 0, B("\x40x\0" T_A IN TTL("\x05") "\0\0"), DNS_STATUSES },
	{ "an SOA that is cut", DNS_A, 0x8180, 0, 1,
	  B(EXAMPLE T_SOA IN TTL("\x05") "\0\x08" EXAMPLE EXAMPLE "\0\0\0\x01"), DNS_STATUSES },
};

static struct bytes packet_of(size_t i)
{
	struct buf b;
	uint16_t head[] = { 0x1234, cases[i].flags, 1, cases[i].answers, cases[i].authorities, 0 };

	buf_init(&b, 4096);
	for (size_t k = 0; k < ARRAY_LEN(head); k++) {
		buf_add_byte(&b, (uint8_t)(head[k] >> 8));
		buf_add_byte(&b, (uint8_t)head[k]);
	}
	buf_add(&b, B("\x01q\x07" "example\0\0"));
	buf_add_byte(&b, (uint8_t)cases[i].type);
	buf_add(&b, B(IN));
	buf_add(&b, cases[i].rest);
	struct bytes exact = heap_bytes(buf_bytes(&b));
	buf_free(&b);
	return exact;
}

static void test_cases(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes packet = packet_of(i);
		struct dns_question q = question_of(a, "q.example", cases[i].type);
		struct dns_answer_view v = { .n = 99 };
		struct parse_err err = { 0 };

		tap_begin("%s", cases[i].name);
		if (dns_packet_read(a, packet, &q, &v, &err)) {
			CHECK_MSG(v.status == cases[i].status, "it is %s", dns_status_name(v.status));
			CHECK_MSG(v.n == cases[i].n && v.ttl == cases[i].ttl, "n %zu, ttl %u", v.n, v.ttl);
			if (cases[i].first)
				CHECK_BYTES(cases[i].type == DNS_TXT ? v.records[0].text : v.records[0].name.text,
				            cases[i].first);
		} else {
			CHECK_MSG(cases[i].status == DNS_STATUSES, "%s at %zu", err.what, err.at);
			CHECK(v.n == 99 && err.what && err.at <= packet.n);
		}
		tap_end();
		heap_free(packet);
	}
}

static void test_cuts(struct arena *a)
{
	tap_begin("each message cut at each place is refused or means less");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes packet = packet_of(i);
		struct dns_question q = question_of(a, "q.example", cases[i].type);
		for (size_t n = 0; n < packet.n; n++) {
			struct bytes part = heap_bytes(bytes_sub(packet, 0, n));
			struct dns_answer_view v = { .n = 0 };
			(void)dns_packet_has_type(part, DNS_A);
			if (dns_packet_read(a, part, &q, &v, NULL)) /* what is behind need not be read */
				CHECK(v.status == cases[i].status && v.n == cases[i].n);
			heap_free(part);
		}
		heap_free(packet);
	}
	tap_end();
	tap_begin("is there a record of a type");
	struct bytes packet = packet_of(15);
	CHECK(dns_packet_has_type(packet, 46) && dns_packet_has_type(packet, 1) && !dns_packet_has_type(packet, 28));
	heap_free(packet);
	tap_end();
}

static void test_names(struct arena *a)
{
	struct dns_question q = question_of(a, "q.example", DNS_A);
	struct dns_answer_view v;
	struct buf b;

	tap_begin("pointers to pointers to pointers end");
	buf_init(&b, 70000);
	buf_add(&b, B("\0\0\x81\x80\0\0\x03\xe8\0\0\0\0"));
	buf_add(&b, B("\0" T_TXT IN TTL("\0") "\0\0")); /* the root, at 12 */
	for (unsigned i = 1, at = 12; i < 1000; i++) {
		unsigned here = (unsigned)b.n;
		buf_add_byte(&b, (uint8_t)(0xc0 | at >> 8));
		buf_add_byte(&b, (uint8_t)at);
		buf_add(&b, B(T_TXT IN TTL("\0") "\0\0"));
		at = here;
	}
	CHECK(!dns_packet_read(a, buf_bytes(&b), &q, &v, NULL)); /* over 127 jumps */
	tap_end();
	buf_free(&b);

	tap_begin("a name of 255 bytes is read, one of 256 is not");
	for (unsigned last = 61; last <= 62; last++) {
		char text[254] = { 0 };
		buf_init(&b, 1000);
		buf_add(&b, B("\0\0\x81\x80\0\0\0\x01\0\0\0\0"));
		for (unsigned i = 0; i < 4; i++) {
			unsigned n = i < 3 ? 63 : last;
			buf_add_byte(&b, (uint8_t)n);
			for (unsigned k = 0; k < n; k++)
				buf_add_byte(&b, 'a');
		}
		buf_add(&b, B("\0" T_A IN TTL("\x01") "\0\x04\xc0\0\x02\x01"));
		memset(text, 'a', 253);
		text[63] = text[127] = text[191] = '.';
		struct dns_question longest = question_of(a, text, DNS_A);
		bool ok = dns_packet_read(a, buf_bytes(&b), &longest, &v, NULL);
		CHECK(ok == (last == 61) && (!ok || v.n == 1));
		buf_free(&b);
	}
	tap_end();
}

static void test_memory(void)
{
	tap_begin("memory may end anywhere");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *names = arena_new(1 << 16);
		struct bytes packet = packet_of(i);
		struct dns_question q = question_of(names, "q.example", cases[i].type);
		for (size_t cap = 0; cap < 400; cap += 16) {
			struct arena *a = arena_new(cap);
			struct dns_answer_view v;
			if (dns_packet_read(a, packet, &q, &v, NULL))
				CHECK(v.status == cases[i].status && v.n == cases[i].n);
			arena_free(a);
		}
		heap_free(packet);
		arena_free(names);
	}
	tap_end();
}

int main(void)
{
	struct arena *a = arena_new(1 << 24);

	test_cases(a);
	test_cuts(a);
	test_names(a);
	test_memory();
	arena_free(a);
	return tap_done();
}
