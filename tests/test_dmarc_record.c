/* The policy record: RFC 9989 sections 4.7, 4.8 and 4.10.1. */
#include "base/mem.h"
#include "dmarc/dmarc_record.h"
#include "tap.h"

#define NONE DMARC_POLICY_NONE
#define QUARANTINE DMARC_POLICY_QUARANTINE
#define REJECT DMARC_POLICY_REJECT
#define ABSENT DMARC_POLICY_ABSENT

static const struct {
	const char *name, *txt;
	bool refused;                /* it is no policy record */
	enum dmarc_policy p, sp, np;
	bool unusable, assumed;
	enum dmarc_psd psd;
	bool t, adkim, aspf;
	unsigned fo;                 /* 0: the default */
	size_t rua, ruf;
	size_t note_at;              /* of the first note, where there is one */
	const char *note;            /* the first; NULL: none */
} cases[] = {
	{ "the smallest useful record", "v=DMARC1; p=reject", .p = REJECT, .sp = ABSENT, .np = ABSENT },
	{ "a final semicolon", "v=DMARC1; p=none;", .p = NONE, .sp = ABSENT, .np = ABSENT },
	{ "blanks behind the final semicolon", "v=DMARC1; p=none; \t", .p = NONE, .sp = ABSENT, .np = ABSENT },
	{ "blanks around = and ;", "v \t=\t DMARC1 ;\tp = reject \t; sp\t=none", .p = REJECT, .sp = NONE, .np = ABSENT },
	{ "no blanks at all", "v=DMARC1;p=quarantine;sp=reject;np=none", .p = QUARANTINE, .sp = REJECT, .np = NONE },
	{ "tag names in any case", "V=DMARC1; P=reject; sP=none; ADKIM=s", .p = REJECT, .sp = NONE, .np = ABSENT, .adkim = true },
	{ "policy words in any case", "v=DMARC1; p=ReJeCt", .p = REJECT, .sp = ABSENT, .np = ABSENT },
	{ "every tag", "v=DMARC1; np=reject; sp=quarantine; p=none; psd=n; t=y; adkim=s; aspf=s; fo=1:d:s; "
	  "rua=mailto:a@example.com; ruf=mailto:b@example.com",
	  .p = NONE, .sp = QUARANTINE, .np = REJECT, .psd = DMARC_PSD_NO, .t = true, .adkim = true, .aspf = true,
	  .fo = DMARC_FO_ANY | DMARC_FO_DKIM | DMARC_FO_SPF, .rua = 1, .ruf = 1 },
	{ "the defaults spelled out", "v=DMARC1; p=none; psd=u; t=n; adkim=r; aspf=r; fo=0; ruf=mailto:b@example.com",
	  .p = NONE, .sp = ABSENT, .np = ABSENT, .ruf = 1 },
	{ "switches in any case", "v=DMARC1; p=none; psd=Y; t=Y; adkim=S; aspf=S", .p = NONE, .sp = ABSENT, .np = ABSENT,
	  .psd = DMARC_PSD_YES, .t = true, .adkim = true, .aspf = true },

	{ "an empty text", "", .refused = true },
	{ "an SPF record", "v=spf1 -all", .refused = true },
	{ "lower-case dmarc1", "v=dmarc1; p=reject", .refused = true },
	{ "another version", "v=DMARC2; p=reject", .refused = true },
	{ "a longer version", "v=DMARC11; p=reject", .refused = true },
	{ "a blank before the version", " v=DMARC1; p=reject", .refused = true },
	{ "p before the version", "p=reject; v=DMARC1", .refused = true },
	{ "a semicolon before the version", "; v=DMARC1; p=reject", .refused = true },
	{ "no semicolon behind the version", "v=DMARC1 p=reject", .refused = true },
	{ "a line end is no blank", "v=DMARC1\r\n; p=reject", .refused = true },
	{ "a quoted version", "v=\"DMARC1\"; p=reject", .refused = true },

	{ "unknown tags are skipped", "v=DMARC1; x=1; p=reject; zz=\xff\x01", .p = REJECT, .sp = ABSENT, .np = ABSENT },
	{ "removed tags are skipped and noted", "v=DMARC1; p=reject; pct=10; rf=afrf; ri=86400", .p = REJECT, .sp = ABSENT, .np = ABSENT,
	  .note_at = 20, .note = "a tag that RFC 9989 has removed" },
	{ "broken optional tags take their defaults", "v=DMARC1; p=reject; adkim=strict; aspf=; t=1; psd=maybe; fo=2", .p = REJECT, .sp = ABSENT, .np = ABSENT,
	  .note_at = 26, .note = "adkim= is not r or s" },
	{ "a tag name with a digit", "v=DMARC1; p=reject; t1=y", .p = REJECT, .sp = ABSENT, .np = ABSENT,
	  .note_at = 20, .note = "a tag name that is not made of letters" },
	{ "an empty tag name", "v=DMARC1; p=reject; =y", .p = REJECT, .sp = ABSENT, .np = ABSENT },
	{ "a tag without =", "v=DMARC1; reject; p=none", .p = NONE, .sp = ABSENT, .np = ABSENT, .note_at = 10, .note = "a tag without =" },
	{ "an empty tag", "v=DMARC1; ; p=reject", .p = REJECT, .sp = ABSENT, .np = ABSENT, .note_at = 9, .note = "an empty tag" },
	{ "the first of repeated tags counts", "v=DMARC1; p=none; p=reject", .p = NONE, .sp = ABSENT, .np = ABSENT,
	  .note_at = 18, .note = "a repeated tag: the first one counts" },
	{ "a second version tag is unknown", "v=DMARC1; v=DMARC1; p=reject", .p = REJECT, .sp = ABSENT, .np = ABSENT },

	{ "trap 7: no p, with an address", "v=DMARC1; rua=mailto:a@example.com", .p = NONE, .sp = ABSENT, .np = ABSENT,
	  .assumed = true, .rua = 1, .note_at = 34, .note = "p= is missing" },
	{ "no p leaves sp as it is", "v=DMARC1; sp=reject; rua=mailto:a@example.com", .p = NONE, .sp = REJECT, .np = ABSENT,
	  .assumed = true, .rua = 1, .note_at = 45, .note = "p= is missing" },
	{ "no p, no address", "v=DMARC1", .p = ABSENT, .sp = ABSENT, .np = ABSENT, .unusable = true, .note_at = 8, .note = "p= is missing" },
	{ "no p, a broken address", "v=DMARC1; rua=a@example.com", .p = ABSENT, .sp = ABSENT, .np = ABSENT, .unusable = true,
	  .note_at = 14, .note = "a report address that is no URI" },
	{ "no p, one good address of two", "v=DMARC1; rua=a@example.com, mailto:b@example.com", .p = NONE, .sp = ABSENT, .np = ABSENT,
	  .assumed = true, .rua = 1, .note_at = 14, .note = "a report address that is no URI" },
	{ "no p, an address for failures only", "v=DMARC1; ruf=mailto:b@example.com", .p = ABSENT, .sp = ABSENT, .np = ABSENT,
	  .unusable = true, .ruf = 1, .note_at = 34, .note = "p= is missing" },
	{ "a bad p", "v=DMARC1; p=rejected; sp=reject", .p = ABSENT, .sp = ABSENT, .np = ABSENT, .unusable = true,
	  .note_at = 12, .note = "p= is not none, quarantine or reject" },
	{ "a bad p with an address", "v=DMARC1; p=rejected; sp=reject; rua=mailto:a@example.com", .p = NONE, .sp = ABSENT, .np = ABSENT,
	  .assumed = true, .rua = 1, .note_at = 12, .note = "p= is not none, quarantine or reject" },
	{ "an empty p", "v=DMARC1; p=; rua=mailto:a@example.com", .p = NONE, .sp = ABSENT, .np = ABSENT, .assumed = true, .rua = 1,
	  .note_at = 12, .note = "p= is not none, quarantine or reject" },
	{ "p without =", "v=DMARC1; p; rua=mailto:a@example.com", .p = NONE, .sp = ABSENT, .np = ABSENT, .assumed = true, .rua = 1,
	  .note_at = 10, .note = "a tag without =" },
	{ "a bad sp takes p with it", "v=DMARC1; p=reject; sp=no", .p = ABSENT, .sp = ABSENT, .np = ABSENT, .unusable = true,
	  .note_at = 23, .note = "sp= is not none, quarantine or reject" },
	{ "a bad np with an address", "v=DMARC1; p=reject; np=no; rua=mailto:a@example.com", .p = NONE, .sp = ABSENT, .np = ABSENT,
	  .assumed = true, .rua = 1, .note_at = 23, .note = "np= is not none, quarantine or reject" },

	{ "fo without ruf is ignored", "v=DMARC1; p=none; fo=1", .p = NONE, .sp = ABSENT, .np = ABSENT },
	{ "fo 0 and 1 together", "v=DMARC1; p=none; fo=0:1; ruf=mailto:b@example.com", .p = NONE, .sp = ABSENT, .np = ABSENT, .ruf = 1,
	  .note_at = 21, .note = "fo= is not a list of 0 or 1, d and s" },
	{ "fo d twice", "v=DMARC1; p=none; fo=d:d; ruf=mailto:b@example.com", .p = NONE, .sp = ABSENT, .np = ABSENT, .ruf = 1,
	  .note_at = 21, .note = "fo= is not a list of 0 or 1, d and s" },
	{ "fo with a colon too many", "v=DMARC1; p=none; fo=d:; ruf=mailto:b@example.com", .p = NONE, .sp = ABSENT, .np = ABSENT, .ruf = 1,
	  .note_at = 21, .note = "fo= is not a list of 0 or 1, d and s" },
	{ "fo d:0:s", "v=DMARC1; p=none; fo=D:0:s; ruf=mailto:b@example.com", .p = NONE, .sp = ABSENT, .np = ABSENT, .ruf = 1,
	  .fo = DMARC_FO_ALL | DMARC_FO_DKIM | DMARC_FO_SPF },
	{ "an obsolete size is dropped", "v=DMARC1; p=none; rua=mailto:a@example.com!10m,mailto:b@example.com!5", .p = NONE, .sp = ABSENT, .np = ABSENT,
	  .rua = 2, .note_at = 42, .note = "the size limit of a report address is obsolete" },
	{ "eleven addresses", "v=DMARC1; p=none; rua=mailto:a@example.com,mailto:a@example.com,mailto:a@example.com,mailto:a@example.com,"
	  "mailto:a@example.com,mailto:a@example.com,mailto:a@example.com,mailto:a@example.com,mailto:a@example.com,mailto:a@example.com,"
	  "mailto:eleven@example.com", .p = NONE, .sp = ABSENT, .np = ABSENT, .rua = 10, .note_at = 232,
	  .note = "more report addresses than are read" },
};

static void test_cases(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes txt = heap_copy(cases[i].txt);
		struct dmarc_record r;
		struct parse_err err = { 0 };

		tap_begin("%s", cases[i].name);
		r.note_n = 77;
		bool ok = dmarc_record_parse(a, txt, &r, &err);
		CHECK(ok == !cases[i].refused && ok == dmarc_record_is(txt));
		if (!ok) {
			CHECK(err.at == 0 && err.what && r.note_n == 77);
			tap_end();
			heap_free(txt);
			continue;
		}
		CHECK_MSG(r.p == cases[i].p && r.sp == cases[i].sp && r.np == cases[i].np, "p %s sp %s np %s",
		          dmarc_policy_name(r.p), dmarc_policy_name(r.sp), dmarc_policy_name(r.np));
		CHECK(r.usable == !cases[i].unusable && r.assumed_none == cases[i].assumed);
		CHECK(r.psd == cases[i].psd && r.testing == cases[i].t);
		CHECK(r.strict_dkim == cases[i].adkim && r.strict_spf == cases[i].aspf);
		CHECK_MSG(r.fo == (cases[i].fo ? cases[i].fo : DMARC_FO_ALL), "fo %u", r.fo);
		CHECK_MSG(r.rua.n == cases[i].rua && r.ruf.n == cases[i].ruf, "%zu rua %zu ruf", r.rua.n, r.ruf.n);
		if (cases[i].note) {
			CHECK(r.note_n > 0);
			CHECK_MSG(r.note_n && r.notes[0].at == cases[i].note_at &&
			          bytes_eq(bytes_of(r.notes[0].what), cases[i].note),
			          "noted \"%s\" at %zu", r.notes[0].what, r.notes[0].at);
		}
		tap_end();
		heap_free(txt);
	}
}

static const struct {
	const char *name, *uri;
	const char *local, *domain;  /* of the mailbox; NULL: no mailto */
	const char *refusal;         /* NULL: it is valid */
	size_t at;
} uris[] = {
	{ "a mailbox", "mailto:dmarc@example.com", "dmarc", "example.com" },
	{ "scheme and domain in upper case", "MAILTO:dmarc@EXAMPLE.com", "dmarc", "example.com" },
	{ "encoded comma and exclamation mark", "mailto:%22a%2Cb%22%21c@example.com", NULL, NULL, "a mailto URI without a usable mailbox", 7 },
	{ "an encoded exclamation mark", "mailto:a%21b@example.com", "a!b", "example.com" },
	{ "header fields are not the address", "mailto:a@example.com?subject=x@y", "a", "example.com" },
	{ "an international domain", "mailto:a@b%C3%BCcher.example", "a", "xn--bcher-kva.example" },
	{ "an encoded NUL", "mailto:a%00b@example.com", NULL, NULL, "a mailto URI without a usable mailbox", 7 },
	{ "an encoded line end", "mailto:a%0d%0aBcc:x@example.com", NULL, NULL, "a mailto URI without a usable mailbox", 7 },
	{ "two mailboxes in one", "mailto:a@example.com%2Cb@example.com", NULL, NULL, "a mailto URI without a usable mailbox", 7 },
	{ "another scheme is a URI too", "https://example.com/report?a=b", NULL, NULL },
	{ "nothing", "", NULL, NULL, "an empty report address", 0 },
	{ "no scheme", "dmarc@example.com", NULL, NULL, "a report address that is no URI", 0 },
	{ "a scheme that begins with a digit", "1mailto:a@example.com", NULL, NULL, "a report address that is no URI", 0 },
	{ "nothing behind the scheme", "mailto:", NULL, NULL, "a URI with nothing after its scheme", 6 },
	{ "no at sign", "mailto:example.com", NULL, NULL, "a mailto URI without a usable mailbox", 7 },
	{ "no local part", "mailto:@example.com", NULL, NULL, "a mailto URI without a usable mailbox", 7 },
	{ "no domain", "mailto:a@", NULL, NULL, "a mailto URI without a usable mailbox", 7 },
	{ "an empty label", "mailto:a@b..example", NULL, NULL, "a mailto URI without a usable mailbox", 7 },
	{ "a blank inside", "mailto:a b@example.com", NULL, NULL, "a byte that no URI has", 8 },
	{ "half an escape", "mailto:a@example.com%2", NULL, NULL, "a byte that no URI has", 20 },
	{ "no hex digits", "mailto:a%zz@example.com", NULL, NULL, "a byte that no URI has", 8 },
	{ "8-bit bytes", "mailto:a@b\xc3\xbc.example", NULL, NULL, "a byte that no URI has", 10 },
	{ "angle brackets", "<mailto:a@example.com>", NULL, NULL, "a byte that no URI has", 0 },
	{ "a bare exclamation mark", "mailto:a!b@example.com", NULL, NULL, "an exclamation mark that is not percent-encoded", 8 },
	{ "a size without digits", "mailto:a@example.com!m", NULL, NULL, "an exclamation mark that is not percent-encoded", 20 },
	{ "a size in gigabytes", "mailto:a@example.com!1G", "a", "example.com" },
	{ "a size in an unknown unit", "mailto:a@example.com!1x", NULL, NULL, "an exclamation mark that is not percent-encoded", 20 },
	{ "only a size", "!10m", NULL, NULL, "a report address that is no URI", 0 },
};

static void test_uris(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_LEN(uris); i++) {
		struct bytes text = heap_copy(uris[i].uri), local;
		struct dmarc_uri u;
		struct parse_err err = { 0 };
		struct dname domain;

		tap_begin("address: %s", uris[i].name);
		if (!dmarc_uri_parse(a, text, &u, &err)) {
			CHECK_MSG(uris[i].refusal && bytes_eq(bytes_of(err.what), uris[i].refusal) && err.at == uris[i].at,
			          "%s at %zu", err.what, err.at);
		} else if (CHECK(!uris[i].refusal) && CHECK(u.mailto == (uris[i].local != NULL)) && u.mailto) {
			CHECK(dmarc_uri_mailbox(a, &u, &local, &domain));
			CHECK_BYTES(local, uris[i].local);
			CHECK_BYTES(domain.text, uris[i].domain);
		}
		tap_end();
		heap_free(text);
	}
	tap_begin("address: one that is too long to be looked at");
	char *big = malloc(5000);
	memset(big, 'a', 5000);
	memcpy(big, "mailto:", 7);
	memcpy(big + 4980, "@example.com", 13);
	struct dmarc_uri u;
	CHECK(!dmarc_uri_parse(a, bytes_of(big), &u, NULL));
	free(big);
	tap_end();
}

/* --- on an answer --- */

static struct dns_answer *answer_of(struct arena *a, size_t n, const char *const *texts)
{
	struct dns_record r[4];
	struct dns_answer_view v = { .status = DNS_OK, .ttl = 60, .n = n, .records = r };

	v.question.type = DNS_TXT;
	CHECK(n <= ARRAY_LEN(r) && dname_parse(a, B("_dmarc.example.com"), DNAME_WIRE, &v.question.name, NULL));
	for (size_t i = 0; i < n; i++)
		r[i] = (struct dns_record){ .text = bytes_of(texts[i]) };
	return dns_answer_new(&v);
}

static void test_answers(struct work *w)
{
	static const char *const one[] = { "v=spf1 -all", "v=DMARC1; p=reject" };
	static const char *const two[] = { "v=DMARC1; p=reject", "v=DMARC1; p=reject" };
	static const char *const none[] = { "v=spf1 -all", " v=DMARC1; p=reject" };
	struct dmarc_found f, again;

	tap_begin("other records beside it do not count; it is read once");
	struct dns_answer *x = answer_of(w->arena, 2, one);
	size_t bare = dns_answer_bytes(x);
	CHECK(dmarc_record_of_answer(w, x, &f) && f.n == 1 && f.record && f.record->p == REJECT);
	CHECK(dmarc_record_of_answer(w, x, &again) && again.record == f.record);
	CHECK(dns_answer_bytes(x) > bare);
	dns_answer_unref(x);
	tap_end();

	tap_begin("trap 5: two records at one name are none, even if they agree");
	x = answer_of(w->arena, 2, two);
	CHECK(dmarc_record_of_answer(w, x, &f) && f.n == 2 && !f.record);
	dns_answer_unref(x);
	tap_end();

	tap_begin("no record among the TXT");
	x = answer_of(w->arena, 2, none);
	CHECK(dmarc_record_of_answer(w, x, &f) && f.n == 0 && !f.record);
	dns_answer_unref(x);
	tap_end();
}

static void free_other(struct dns_parsed *p)
{
	free(p);
}

/* An attacker's SPF record may include "_dmarc.example.com": then the place on the answer is taken. */
static void test_place_is_taken(struct work *w)
{
	static const char *const one[] = { "v=DMARC1; p=reject; rua=mailto:a@example.com" };
	static const char other_kind;
	struct dns_answer *x = answer_of(w->arena, 1, one);
	struct dns_parsed *other = calloc(1, sizeof(*other));
	struct dmarc_found f = { 0 };

	tap_begin("what another check hung on the answer does not hide the record");
	*other = (struct dns_parsed){ &other_kind, free_other, sizeof(*other) };
	CHECK(dns_answer_attach(x, other) == other);
	CHECK(dmarc_record_of_answer(w, x, &f) && f.n == 1 && f.record && f.record->p == REJECT);
	CHECK_BYTES(f.record->rua.v[0].text, "mailto:a@example.com");
	dns_answer_unref(x);
	tap_end();
}

static void test_memory(void)
{
	static const char *const one[] = { "v=DMARC1; rua=mailto:a@b\xc3\xbc.example" };
	struct limits limits;
	bool done = false;

	limits_init(&limits);
	tap_begin("out of memory is never taken for a broken record, nor kept for others");
	for (size_t cap = 64; cap < 8192 && !done; cap += 64) {
		struct arena *names = arena_new(4096), *small = arena_new(cap);
		struct work w = { .arena = small, .limits = &limits };
		struct dns_answer *x = answer_of(names, 1, one);
		struct dmarc_found f;
		if (dmarc_record_of_answer(&w, x, &f))
			done = CHECK(f.n == 1 && f.record->note_n > 0);
		arena_free(small);
		dns_answer_unref(x);
		arena_free(names);
	}
	CHECK(done);
	struct arena *a = arena_new(65536);
	struct work w = { .arena = a, .limits = &limits };
	struct dns_answer *x = answer_of(a, 1, one);
	struct dmarc_found f;
	mem_fail_after(0, false);
	CHECK(!dmarc_record_of_answer(&w, x, &f));
	mem_fail_after(-1, false);
	CHECK(dmarc_record_of_answer(&w, x, &f) && f.n == 1);
	dns_answer_unref(x);
	arena_free(a);
	tap_end();
}

static void test_size(struct arena *a)
{
	size_t n = 65535;
	uint8_t *big = malloc(n);
	struct dmarc_record r;

	tap_begin("64 KiB of semicolons, of commas, of tags");
	for (const char *fill = ";,=a%!"; *fill; fill++) {
		memset(big, *fill, n);
		memcpy(big, "v=DMARC1;rua=", 13);
		CHECK(dmarc_record_parse(a, (struct bytes){ big, n }, &r, NULL));
		CHECK(!r.usable && r.note_n > 0);
	}
	free(big);
	tap_end();
}

int main(void)
{
	struct arena *a = arena_new(1 << 22);
	struct limits limits;
	struct work w = { .arena = a, .limits = &limits };

	limits_init(&limits);
	test_cases(a);
	test_uris(a);
	test_answers(&w);
	test_place_is_taken(&w);
	test_memory();
	test_size(a);
	arena_free(a);
	return tap_done();
}
