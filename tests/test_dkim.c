#include "base/mem.h"
#include "dkim_helper.h"

/* public halves: of tests/vectors/keys/rsa512.pem, and of the RSA key of RFC 8463 appendix A.2 */
#define RSA512 \
	"MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAJjrw4aZWPvLdCWIfZZyInSaE2leiLxZGjgyO5wpaIbtCLyb" \
	"4ctweJkQzvDdRPct1V8X+W+ZIxyxByFdbDhlHFkCAwEAAQ=="
#define RSA8463 \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bd" \
	"OKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4h" \
	"stT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB"

#define FROM "From: Ann <ann@example.org>\r\n"
#define HEADER FROM "To: bob@example.net\r\nSubject: Lunch\r\nDate: Mon, 23 Nov 2026 12:00:00 +0000\r\n"
#define BODY "\r\nAt noon?\r\n\r\nAnn\r\n"
#define MAIL HEADER BODY

/* tags of most signatures here: by rsa2048 at s1 */
#define ALL "v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; s=s1; h=from:to:subject:date"
#define BY(selector) "v=1; a=rsa-sha256; d=example.org; s=" selector "; h=from:to:subject:date"
#define FROM_BY(selector) "v=1; a=rsa-sha256; d=example.org; s=" selector "; h=from"
#define NOW 1795435200 /* 2026-11-23 12:00 */

static struct arena *arena;
static struct limits limits;
static struct privkey *rsa1024, *rsa2048, *ed25519;
static struct dns_zone *zone;

static struct work new_work(void)
{
	arena_reset(arena);
	return (struct work){ .arena = arena, .limits = &limits, .now = NOW };
}

static void publish(const char *name, const char *format, struct bytes p)
{
	struct bytes txt = arena_printf(arena, format, BYTES_ARG(p));

	if (!dns_zone_put(zone, bytes_of(name), DNS_TXT, 3600, txt))
		abort();
}

static void make_zone(void)
{
	struct bytes p1 = public_of(arena, rsa1024), p2 = public_of(arena, rsa2048);
	struct bytes pe = public_of(arena, ed25519);

	zone = dns_zone_new();
	publish("s1._domainkey.example.org", "v=DKIM1; k=rsa; p=%.*s", p2);
	publish("ed._domainkey.example.org", "v=DKIM1; k=ed25519; p=%.*s", pe);
	publish("small._domainkey.example.org", "v=DKIM1; p=%.*s", p1);
	publish("tiny._domainkey.example.org", "v=DKIM1; p=%.*s", B(RSA512));
	publish("test._domainkey.example.org", "v=DKIM1; t=y; p=%.*s", p2);
	publish("strict._domainkey.example.org", "v=DKIM1; t=s; p=%.*s", p2);
	publish("sha1._domainkey.example.org", "v=DKIM1; h=sha1; p=%.*s", p2);
	publish("tls._domainkey.example.org", "v=DKIM1; s=tlsrpt; p=%.*s", p2);
	publish("gone._domainkey.example.org", "v=DKIM1; p=%.0s", B(""));
	publish("spf._domainkey.example.org", "v=spf1 -all%.0s", B(""));
	publish("rot._domainkey.example.org", "some text%.0s", B(""));
	publish("rot._domainkey.example.org", "v=DKIM1; p=%.0s", B(""));
	publish("rot._domainkey.example.org", "v=DKIM1; p=%.*s", p1);
	publish("rot._domainkey.example.org", "v=DKIM1; p=%.*s", p2);
	publish("fits._domainkey.example.org", "v=DKIM1; p=%.*s", p2);
	publish("fits._domainkey.example.org", "v=DKIM1; p=%.*s", p1);
	publish("fits._domainkey.example.org", "v=DKIM1; t=y; p=%.0s", B(""));
	publish("fails._domainkey.example.org", "v=DKIM1; p=%.*s", p1);
	publish("fails._domainkey.example.org", "v=DKIM1; p=%.0s", B(""));
	publish("refused._domainkey.example.org", "v=DKIM1; s=tlsrpt; p=%.*s", p2);
	publish("refused._domainkey.example.org", "v=DKIM1; p=%.0s", B(""));
	publish("s1._domainkey.sub.example.org", "v=DKIM1; p=%.*s", p2);
	publish("s1._domainkey.evil.example", "v=DKIM1; p=%.*s", p2);
	publish("s1._domainkey.xn--bcher-kva.example", "v=DKIM1; p=%.*s", p2);
	if (!dns_zone_put(zone, B("empty._domainkey.example.org"), DNS_A, 60, B("192.0.2.1")))
		abort();
	static const struct { const char *name; enum dns_status status; } faults[] = {
		{ "slow._domainkey.example.org", DNS_TIMEOUT },
		{ "broken._domainkey.example.org", DNS_SERVFAIL },
		{ "bogus._domainkey.example.org", DNS_BOGUS },
	};
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		struct dname name = { bytes_of(faults[i].name) };
		struct dns_fault fault = { .forced = true, .status = faults[i].status };
		if (!dns_zone_fault(zone, name, DNS_TXT, &fault))
			abort();
	}
}

/* --- one signature: what became of it --- */

#define W(id) (UINT32_C(1) << DKIM_WEAK_##id)

static const struct {
	const char *name, *tags, *mail;
	const char *result, *reason; /* reason NULL: a plain pass */
	uint32_t weaknesses;
	unsigned bits;
} cases[] = {
	{ "all that should be signed is", ALL, MAIL, "pass", NULL, 0, 2048 },
	{ "simple/simple", BY("s1"), MAIL, "pass", NULL, 0, 2048 },
	{ "relaxed header alone",
	  "v=1; a=rsa-sha256; c=relaxed; d=example.org; s=s1; h=from:to:subject:date", MAIL, "pass",
	  NULL, 0, 2048 },
	{ "ed25519",
	  "v=1; a=ed25519-sha256; c=relaxed/relaxed; d=example.org; s=ed; h=from:to:subject:date", MAIL,
	  "pass", NULL, 0, 256 },
	{ "1024 bits", BY("small"), MAIL, "pass", NULL, W(SHORT_KEY), 1024 },
	{ "512 bits", BY("tiny"), MAIL, "permerror",
	  "the RSA key is too short (limit dkim-key-bits-min, RFC 8301)", W(SHORT_KEY), 512 },
	{ "a test key", BY("test"), MAIL, "pass", NULL, W(TEST_FLAG), 2048 },
	{ "a strict key, i= at its domain", BY("strict") "; i=x@example.org", MAIL, "pass", NULL, 0,
	  2048 },
	{ "a strict key, i= below its domain", BY("strict") "; i=x@a.example.org", MAIL, "permerror",
	  "the key forbids an identity below its domain (t=s)", 0, 2048 },
	{ "i= below its domain", ALL "; i=x@a.example.org", MAIL, "pass", NULL, 0, 2048 },
	{ "a key for sha1", FROM_BY("sha1"), MAIL, "permerror", "the key does not allow sha256 (h=)",
	  W(UNSIGNED_TO) | W(UNSIGNED_SUBJECT) | W(UNSIGNED_DATE), 2048 },
	{ "a key for TLS reports", BY("tls"), MAIL, "permerror", "the key is not for mail (s=)", 0,
	  2048 },
	{ "a revoked key", BY("gone"), MAIL, "permerror", "the key is revoked (p= is empty)", 0, 0 },
	{ "a key of another type", BY("ed"), MAIL, "permerror",
	  "the key is not of the type that a= asks for", 0, 0 },
	{ "no key: no such name", BY("none"), MAIL, "permerror", "there is no key at the selector", 0,
	  0 },
	{ "no key: no TXT", BY("empty"), MAIL, "permerror", "there is no key at the selector", 0, 0 },
	{ "no key: another TXT", BY("spf"), MAIL, "permerror", "v= of the key is not DKIM1", 0, 0 },
	{ "several records, the last one fits", BY("rot"), MAIL, "pass", NULL, 0, 2048 },
	{ "several records, the first one fits", BY("fits"), MAIL, "pass", NULL, 0, 2048 },
	{ "several records: one that does not fit outranks one that is refused", BY("fails"), MAIL, "fail",
	  "the signature does not fit the signed fields and the key", W(SHORT_KEY), 1024 },
	{ "several records, all refused: why the first was", BY("refused"), MAIL, "permerror",
	  "the key is not for mail (s=)", 0, 2048 },
	{ "the key does not come", BY("slow"), MAIL, "temperror",
	  "the key could not be fetched in time", 0, 0 },
	{ "the name server fails", BY("broken"), MAIL, "temperror",
	  "the key could not be fetched: the name server failed", 0, 0 },
	{ "the answer is bogus", BY("bogus"), MAIL, "temperror",
	  "the key could not be fetched: DNSSEC says that the answer was tampered with", 0, 0 },
	{ "rsa-sha1", "v=1; a=rsa-sha1; d=example.org; s=s1; h=from:to:subject:date", MAIL, "permerror",
	  "rsa-sha1 must not be accepted (RFC 8301)", 0, 0 },
	{ "From alone", FROM_BY("s1"), "Content-Type: text/plain\r\n" MAIL, "pass", NULL,
	  W(UNSIGNED_TO) | W(UNSIGNED_SUBJECT) | W(UNSIGNED_DATE) | W(UNSIGNED_CONTENT_TYPE), 2048 },
	{ "fields that are not there need no signature", FROM_BY("s1"), FROM BODY, "pass", NULL, 0,
	  2048 },
	{ "a second Subject, unsigned", ALL, "subject: free money\r\n" MAIL, "pass", NULL,
	  W(DUPLICATE_FIELD), 2048 },
	{ "a second Subject, signed", ALL ":subject", "subject: free money\r\n" MAIL, "pass", NULL, 0,
	  2048 },
	{ "a second From, folded before its colon", ALL, "From\r\n : eve@evil.example\r\n" MAIL, "pass",
	  NULL, W(DUPLICATE_FIELD), 2048 },
	{ "a second Received is nothing odd", ALL, "Received: a\r\nReceived: b\r\n" MAIL, "pass", NULL,
	  0, 2048 },
	{ "x= at the hand-over", ALL "; t=1795435100; x=1795435200", MAIL, "pass", NULL, 0, 2048 },
	{ "x= before the hand-over", ALL "; t=1795435100; x=1795435199", MAIL, "policy",
	  "the signature had expired (x=)", W(EXPIRED), 2048 },
	{ "t= a little after the hand-over", ALL "; t=1795435500", MAIL, "pass", NULL, 0, 2048 },
	{ "t= long after the hand-over", ALL "; t=1795435501", MAIL, "policy",
	  "the signature is dated in the future (t=)", W(FUTURE), 2048 },
	{ "an international domain (RFC 8616)",
	  "v=1; a=rsa-sha256; d=b\xc3\xbc" "cher.example; s=s1; h=from:to:subject:date", MAIL, "pass",
	  NULL, 0, 2048 },
	{ "the DKIM-Signature does not sign itself", ALL ":dkim-signature", MAIL, "pass", NULL, 0,
	  2048 },
};

/* The mail as a file of LF lines: on the heap. */
static struct bytes with_lf(struct bytes mail)
{
	uint8_t *to = malloc(mail.n);
	size_t n = 0;

	assert(to);
	for (size_t i = 0; i < mail.n; i++)
		if (mail.p[i] != '\r')
			to[n++] = mail.p[i];
	return (struct bytes){ to, n };
}

static void check_case(size_t i, bool lf, bool body_first, size_t piece)
{
	struct work w = new_work();
	bool ed = bytes_search(bytes_of(cases[i].tags), B("ed25519")) < strlen(cases[i].tags);
	bool small = bytes_search(bytes_of(cases[i].tags), B("s=small")) < strlen(cases[i].tags);
	const struct privkey *key = ed ? ed25519 : small ? rsa1024 : rsa2048;
	struct bytes mail = signed_by(&w, cases[i].tags, key, bytes_of(cases[i].mail));
	struct bytes copy = lf ? with_lf(mail) : heap_bytes(mail);
	struct dkim_run r = { .work = w, .zone = zone, .body_first = body_first, .piece = piece };

	dkim_run(&r, copy);
	struct dkim_result *d = &r.set.results[0];
	CHECK(r.state == CHECK_DONE && r.set.n == 1 && d->decided && r.set.skipped == 0);
	CHECK_BYTES(bytes_of(dkim_outcome_name(d->result)), cases[i].result);
	CHECK_BYTES(bytes_of(d->reason), cases[i].reason ? cases[i].reason : "");
	CHECK_MSG(d->weaknesses == cases[i].weaknesses, "weaknesses 0x%x", d->weaknesses);
	CHECK_MSG(d->bits == cases[i].bits, "%u bits", d->bits);
	CHECK(d->counts == (d->result == DKIM_PASS));
	CHECK(d->header_ok == (d->result == DKIM_PASS || d->result == DKIM_POLICY));
	dkim_run_end(&r);
	heap_free(copy);
}

static void test_cases(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		tap_begin("%s", cases[i].name);
		check_case(i, false, false, 0);
		check_case(i, false, true, 3);
		check_case(i, true, false, 2);
		tap_end();
	}
}

/* --- changes after signing --- */

static const struct {
	const char *name, *from, *to; /* the first `from` in the signed mail becomes `to` */
	const char *result, *reason;
	bool header_ok, body_ok;
} changes[] = {
	{ "nothing", "", "", "pass", NULL, true, true },
	{ "a word of the body", "noon", "nine", "fail", "the body was changed after signing", true,
	  false },
	{ "white space in the body", "At noon", "At  \t noon", "pass", NULL, true, true },
	{ "empty lines at the end", "\r\nAnn\r\n", "\r\nAnn\r\n\r\n\r\n", "pass", NULL, true, true },
	{ "a line at the end", "\r\n\r\nAnn\r\n", "\r\n\r\nAnn\r\n--\r\nA list\r\n", "fail",
	  "the body was changed after signing", true, false },
	{ "the subject", "Lunch", "lunch", "fail",
	  "the signature does not fit the signed fields and the key", false, true },
	{ "folds of the subject", "Subject: Lunch", "SUBJECT :\r\n\tLunch  ", "pass", NULL, true,
	  true },
	{ "both", "Lunch\r\n", "Money\r\n\r\n", "fail",
	  "the signature does not fit the signed fields and the key", false, false },
	{ "a Subject above", "From: Ann", "Subject: Money\r\nFrom: Ann", "pass", NULL, true, true },
	{ "a Subject below", "\r\n\r\nAt", "\r\nSubject: Money\r\n\r\nAt", "fail",
	  "the signature does not fit the signed fields and the key", false, true },
	{ "another selector, which has another key", "s=s1", "s=rot2", "permerror",
	  "there is no key at the selector", false, false },
	{ "another domain that has the key", "d=example.org", "d=evil.example", "fail",
	  "the signature does not fit the signed fields and the key", false, true },
	{ "the key does not come, and the body is another", "s=s1", "s=slow", "temperror",
	  "the key could not be fetched in time", false, true },
};

static struct bytes replaced(struct arena *a, struct bytes text, const char *from, const char *to)
{
	size_t at = bytes_search(text, bytes_of(from));

	assert(at < text.n);
	struct bytes rest = bytes_from(text, at + strlen(from));
	return arena_printf(a, "%.*s%s%.*s", (int)at, text.p, to, BYTES_ARG(rest));
}

static void test_changes(void)
{
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		struct work w = new_work();
		struct bytes mail = signed_by(&w, ALL, rsa2048, B(MAIL));
		struct dkim_run r = { .work = w, .zone = zone };

		tap_begin("changed after signing: %s", changes[i].name);
		mail = replaced(arena, mail, changes[i].from, changes[i].to);
		dkim_run(&r, mail);
		struct dkim_result *d = &r.set.results[0];
		CHECK_BYTES(bytes_of(dkim_outcome_name(d->result)), changes[i].result);
		CHECK_BYTES(bytes_of(d->reason), changes[i].reason ? changes[i].reason : "");
		CHECK(d->header_ok == changes[i].header_ok && d->body_ok == changes[i].body_ok);
		dkim_run_end(&r);
		tap_end();
	}
}

static void test_hopeless_body(void)
{
	struct work w = new_work();
	struct bytes mail = signed_by(&w, ALL, rsa2048, B(MAIL));
	struct dkim_run r = { .work = w, .zone = zone };

	tap_begin("a body that does not match is a fail even if the key does not come: waiting would not help");
	mail = replaced(arena, mail, "s=s1", "s=slow");
	mail = replaced(arena, mail, "noon", "nine");
	dkim_run(&r, mail);
	CHECK(r.set.results[0].result == DKIM_FAIL && !r.set.results[0].body_ok);
	CHECK_BYTES(bytes_of(r.set.results[0].reason),
	            "the body does not match its hash; the key could not be fetched");
	dkim_run_end(&r);
	tap_end();
}

/* --- l= --- */

static const struct {
	const char *name, *tags, *appended;
	uint64_t l;
	const char *result, *reason;
	size_t uncovered;
	uint32_t weaknesses;
	bool counts;
} lengths[] = {
	{ "l= covers all", ALL "; l=17", "", 17, "pass", NULL, 0, W(BODY_LENGTH), true },
	{ "l= and a body appended", ALL "; l=17", "--\r\nbuy\r\n", 17, "pass", NULL, 9,
	  W(BODY_LENGTH) | W(UNCOVERED_BODY), false },
	{ "l= covers a part", ALL "; l=4", "", 4, "pass", NULL, 13, W(BODY_LENGTH) | W(UNCOVERED_BODY),
	  false },
	{ "l=0", ALL "; l=0", "", 0, "pass", NULL, 17, W(BODY_LENGTH) | W(UNCOVERED_BODY), false },
	{ "l= beyond the end", ALL "; l=18", "", 17, "fail",
	  "the body was changed after signing: it is shorter than l=", 0, W(BODY_LENGTH), false },
	{ "l= far beyond", ALL "; l=99999999999999999999999999", "", 17, "fail",
	  "the body was changed after signing: it is shorter than l=", 0, W(BODY_LENGTH), false },
};

static void test_lengths(void)
{
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		struct work w = new_work();
		struct bytes field = signature_of(&w, lengths[i].tags, lengths[i].l, rsa2048, B(HEADER BODY));
		struct bytes mail = arena_printf(arena, "%.*s%s%s", BYTES_ARG(field), MAIL, lengths[i].appended);
		struct dkim_run r = { .work = w, .zone = zone };

		tap_begin("%s", lengths[i].name);
		dkim_run(&r, mail);
		struct dkim_result *d = &r.set.results[0];
		CHECK_BYTES(bytes_of(dkim_outcome_name(d->result)), lengths[i].result);
		CHECK_BYTES(bytes_of(d->reason), lengths[i].reason ? lengths[i].reason : "");
		CHECK_MSG(d->uncovered == lengths[i].uncovered, "%zu", d->uncovered);
		CHECK_MSG(d->weaknesses == lengths[i].weaknesses, "weaknesses 0x%x", d->weaknesses);
		CHECK(d->counts == lengths[i].counts && d->header_ok);
		dkim_run_end(&r);
		tap_end();
	}
}

/* --- headers alone, as in a bounce --- */

static void test_headers_alone(void)
{
	struct work w = new_work();
	struct bytes mail = signed_by(&w, ALL, rsa2048, B(MAIL));
	struct bytes head = bytes_sub(mail, 0, bytes_search(mail, B("\r\n\r\n")) + 2);
	struct dkim_run r = { .work = w, .zone = zone, .no_body = true };

	tap_begin("headers alone: a good signature is neutral, with header_ok");
	dkim_run(&r, head);
	CHECK(r.state == CHECK_DONE && r.set.results[0].result == DKIM_NEUTRAL && r.set.results[0].header_ok);
	CHECK(r.set.results[0].reason && !r.set.results[0].counts && !r.set.results[0].body_ok);
	dkim_run_end(&r);
	tap_end();
	tap_begin("headers alone: a bad signature fails");
	r = (struct dkim_run){ .work = w, .zone = zone, .no_body = true };
	dkim_run(&r, replaced(arena, head, "Lunch", "Money"));
	CHECK(r.state == CHECK_DONE && r.set.results[0].result == DKIM_FAIL && !r.set.results[0].header_ok);
	dkim_run_end(&r);
	tap_end();
}

/* --- what a result tells --- */

static void test_details(void)
{
	struct work w = new_work();
	struct bytes mail = signed_by(&w, ALL "; t=1795435100; x=1795435300", rsa2048, B(MAIL));
	struct dkim_run r = { .work = w, .zone = zone };

	tap_begin("what a result tells of its signature");
	dkim_run(&r, mail);
	struct dkim_result *d = &r.set.results[0];
	CHECK_BYTES(d->domain.text, "example.org");
	CHECK_BYTES(d->selector, "s1");
	CHECK_BYTES(d->identity, "@example.org");
	CHECK(d->b.n == 8 && bytes_search(mail, d->b) < mail.n);
	CHECK(d->algorithm == DKIM_RSA_SHA256 && d->signed_at == 1795435100 && d->expires == 1795435300);
	CHECK(d->ttl == 3600 && d->field == &r.header.fields[0]);
	dkim_run_end(&r);
	tap_end();
	tap_begin("a broken one: the reason says where");
	r = (struct dkim_run){ .work = new_work(), .zone = zone };
	dkim_run(&r, B("DKIM-Signature: " FROM_BY("s1") "; l=x; b=QUJD; bh=QUJD\r\n" MAIL));
	d = &r.set.results[0];
	CHECK(d->result == DKIM_PERMERROR && d->decided);
	CHECK_BYTES(d->reason_at, "bh=QUJD");
	CHECK_BYTES(d->domain.text, "example.org");
	CHECK(dns_book_count(r.book) == 0); /* nothing is asked for a signature that cannot pass */
	dkim_run_end(&r);
	tap_end();
	tap_begin("no signature: nothing");
	r = (struct dkim_run){ .work = new_work(), .zone = zone };
	dkim_run(&r, B(MAIL));
	CHECK(r.state == CHECK_DONE && r.set.n == 0 && r.checks <= 2);
	dkim_run_end(&r);
	tap_end();
	tap_begin("each outcome, algorithm and weakness has its word");
	for (int i = 0; i < DKIM_OUTCOMES; i++)
		CHECK(dkim_outcome_name((enum dkim_outcome)i) != NULL);
	for (int i = 0; i <= DKIM_ALGORITHM_UNKNOWN; i++)
		CHECK(dkim_algorithm_name((enum dkim_algorithm)i) != NULL);
	for (int i = 0; i < DKIM_WEAKNESSES; i++)
		CHECK(dkim_weakness_rows[i].name && dkim_weakness_rows[i].text);
	tap_end();
}

/* --- limits --- */

static void test_key_sizes(void)
{
	struct limits tight = limits;
	struct work w = new_work();
	struct bytes mail = signed_by(&w, ALL, rsa2048, B(MAIL));

	tap_begin("keys over the limit are refused, and it shows");
	tight.v[LIMIT_DKIM_KEY_BITS_MAX] = 2047;
	struct dkim_run r = { .work = w, .zone = zone };
	r.work.limits = &tight;
	dkim_run(&r, mail);
	CHECK(r.set.results[0].result == DKIM_PERMERROR && r.set.results[0].bits == 2048);
	CHECK_BYTES(bytes_of(r.set.results[0].reason), "the RSA key is too long (limit dkim-key-bits-max)");
	CHECK(r.work.reached == UINT64_C(1) << LIMIT_DKIM_KEY_BITS_MAX);
	dkim_run_end(&r);
	tap_end();
	tap_begin("keys under the limit, which can be raised");
	tight = limits;
	tight.v[LIMIT_DKIM_KEY_BITS_MIN] = 2049;
	r = (struct dkim_run){ .work = w, .zone = zone };
	r.work.limits = &tight;
	dkim_run(&r, mail);
	CHECK(r.set.results[0].result == DKIM_PERMERROR);
	CHECK(r.work.reached == UINT64_C(1) << LIMIT_DKIM_KEY_BITS_MIN);
	dkim_run_end(&r);
	tap_end();
}

/* 12 signatures of strangers above, and below them those that may align. */
static void test_many(void)
{
	struct work w = new_work();
	struct dname authors[] = { { B("nobody.example") }, { B("sub.example.org") } };
	struct bytes mail = signed_by(&w, "v=1; a=rsa-sha256; d=sub.example.org; s=s1; h=from", rsa2048, B(MAIL));

	mail = signed_by(&w, FROM_BY("s1"), rsa2048, mail);
	for (int i = 0; i < 12; i++)
		mail = arena_join(arena, B("DKIM-Signature: v=1; a=rsa-sha256; d=evil.example; s=slow; h=from; b=QUJD;"
		                           " bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\r\n"), mail);
	tap_begin("of more than the limit those come first that may align; the rest from the top");
	struct dkim_run r = { .work = w, .zone = zone, .authors = authors, .n_authors = 2 };
	dkim_run(&r, mail);
	CHECK(r.state == CHECK_DONE && r.set.n == 10 && r.set.skipped == 4);
	CHECK(r.work.reached == UINT64_C(1) << LIMIT_DKIM_SIGNATURES);
	for (size_t i = 0; i < r.set.n; i++)
		CHECK((r.set.results[i].result == DKIM_PASS) == (i >= 8));
	CHECK(r.set.results[7].field == &r.header.fields[7] && r.set.results[9].field == &r.header.fields[13]);
	dkim_run_end(&r);
	tap_end();
	tap_begin("without an author: from the top");
	w.reached = 0;
	r = (struct dkim_run){ .work = w, .zone = zone };
	dkim_run(&r, mail);
	CHECK(r.set.n == 10 && r.set.skipped == 4 && r.set.results[9].field == &r.header.fields[9]);
	dkim_run_end(&r);
	tap_end();
}

/* The 1999 fields of a full header, each name in h= 500 times over, ten signatures: must be quick. */
static void test_large_header(void)
{
	struct work w = new_work();
	struct buf b;

	tap_begin("ten signatures over 1900 fields with 500 names each");
	buf_init(&b, 1 << 20);
	for (int i = 0; i < 10; i++) {
		buf_adds(&b, "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; s=s1; b=QUJD;"
		             " bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; h=from");
		for (int k = 1; k < 500; k++)
			buf_addf(&b, ":x-%d", k % 7 ? k : 0);
		buf_adds(&b, "\r\n");
	}
	for (int i = 0; i < 1900; i++)
		buf_addf(&b, "X-%d: a field of some length, as they often are\r\n", i % 3 ? i : 0);
	buf_adds(&b, MAIL);
	struct dkim_run r = { .work = w, .zone = zone };
	int64_t start = tap_cpu_ms();
	dkim_run(&r, buf_bytes(&b));
	CHECK(r.state == CHECK_DONE && r.set.n == 10 && r.set.results[9].result == DKIM_FAIL);
	CHECK_MSG(tap_cpu_ms() - start < 2000, "took %lld ms", (long long)(tap_cpu_ms() - start));
	dkim_run_end(&r);
	buf_free(&b);
	tap_end();
}

/* --- pure: the same result whatever came when --- */

static bool nobody_answers(void *user, const struct dns_question *q)
{
	return false;
}

static void test_order(void)
{
	struct work w = new_work();
	struct bytes mail = signed_by(&w, ALL, rsa2048, B(MAIL));

	mail = signed_by(&w, FROM_BY("slow"), rsa2048, mail);
	mail = signed_by(&w, "v=1; a=ed25519-sha256; d=example.org; s=ed; h=from", ed25519, mail);
	mail = signed_by(&w, "v=1; a=rsa-sha256; d=sub.example.org; s=s1; h=from", rsa2048, mail);
	tap_begin("any order of answers, the body early or late: the same results, all keys asked at once");
	for (unsigned seed = 0; seed < 16; seed++) {
		struct dkim_run r = { .work = w, .zone = zone, .shuffle = seed, .body_first = seed & 1, .piece = seed };
		dkim_run(&r, mail);
		CHECK(r.state == CHECK_DONE && r.set.n == 4);
		CHECK(dns_book_rounds(r.book) == 1 && dns_book_count(r.book) == 4);
		for (size_t i = 0; i < r.set.n; i++)
			CHECK(r.set.results[i].result == (i == 2 ? DKIM_TEMPERROR : DKIM_PASS));
		dkim_run_end(&r);
	}
	tap_end();
	tap_begin("checked again after it is done: nothing is asked or computed again");
	struct dkim_run r = { .work = w, .zone = zone };
	dkim_run(&r, mail);
	struct dkim_result before = r.set.results[0];
	CHECK(dkim_run_check(&r) == CHECK_DONE && !r.asker.waiting);
	CHECK(before.result == r.set.results[0].result && before.weaknesses == r.set.results[0].weaknesses);
	CHECK(before.reason == r.set.results[0].reason && before.counts == r.set.results[0].counts);
	dkim_run_end(&r);
	tap_end();
	tap_begin("without DNS");
	r = (struct dkim_run){ .work = w, .zone = zone, .answers = nobody_answers, .cut = DNS_OFFLINE };
	dkim_run(&r, mail);
	for (size_t i = 0; i < r.set.n; i++)
		CHECK(r.set.results[i].result == DKIM_TEMPERROR &&
		      bytes_eq(B("the key was not fetched: there is no DNS"), r.set.results[i].reason));
	dkim_run_end(&r);
	tap_end();
}

static void test_memory(void)
{
	struct work w = new_work();
	struct bytes mail = heap_bytes(signed_by(&w, ALL, rsa2048, signed_by(&w, ALL, rsa2048, B(MAIL))));
	bool done = false;
	long n;

	tap_begin("no memory at each allocation in turn");
	for (n = 0; n < 500 && !done; n++) {
		struct arena *own = arena_new(1 << 20);
		struct dkim_run r = { .work = { .arena = own, .limits = &limits, .now = NOW }, .zone = zone };
		struct work *rw = &r.work;

		assert(own);
		header_index(rw, &r.header, mail);
		r.book = dns_book_new(own, NULL);
		r.bodies = dkim_bodies_new(rw, r.header.ends);
		dns_asker_init(&r.asker, r.book, 10, 0);
		/* the answer itself is made before: that is the resolver's memory */
		mem_fail_after(-1, false);
		struct dns_question q = { { B("s1._domainkey.example.org") }, DNS_TXT };
		struct dns_zone_reply reply;
		CHECK(dns_zone_ask(zone, &q, &reply));
		CHECK(!dns_need(&r.asker, q.name, DNS_TXT) && dns_book_next(r.book, &q));
		dns_book_bring(r.book, reply.answer);
		mem_fail_after(n, true);
		r.state = CHECK_NO_MEMORY;
		if (dkim_begin(rw, &r.header, NULL, 0, r.bodies, &r.set)) {
			dkim_run_body(&r, bytes_from(mail, r.header.body_at));
			dkim_run_check(&r);
		}
		mem_fail_after(-1, false);
		CHECK(r.state != CHECK_WAITING);
		done = r.state == CHECK_DONE;
		CHECK(!done || (r.set.n == 2 && r.set.results[1].result == DKIM_PASS));
		dkim_run_end(&r);
		arena_free(own);
	}
	CHECK(done && n > 3);
	heap_free(mail);
	tap_end();
}

static void test_memory_without_dns(void)
{
	struct work w = new_work();
	struct bytes mail = signed_by(&w, ALL, rsa2048, B(MAIL));
	struct dkim_run r = { .work = w, .zone = zone };
	long n = 0;

	tap_begin("no memory for the answer of a check that was cut: not the same as waiting");
	header_index(&r.work, &r.header, mail);
	r.book = dns_book_new(arena, NULL);
	dns_asker_init(&r.asker, r.book, 10, 0);
	r.asker.cut = DNS_TIMEOUT;
	CHECK(dkim_begin(&r.work, &r.header, NULL, 0, NULL, &r.set));
	for (r.state = CHECK_NO_MEMORY; r.state == CHECK_NO_MEMORY && n < 10; n++) {
		mem_fail_after(n, true);
		dkim_run_check(&r);
		mem_fail_after(-1, false);
	}
	CHECK(r.state == CHECK_DONE && n > 1 && r.set.results[0].result == DKIM_TEMPERROR);
	dkim_run_end(&r);
	tap_end();
}

/* --- the example of RFC 8463 appendix A: both signatures verify --- */

static void test_rfc8463(void)
{
	struct dns_zone *z = dns_zone_new();
	struct bytes mail = read_file(test_path("vectors/rfc8463.eml"));
	struct dkim_run r = { .work = new_work(), .zone = z };

	tap_begin("the example of RFC 8463");
	CHECK(mail.n > 0);
	CHECK(dns_zone_put(z, B("brisbane._domainkey.football.example.com"), DNS_TXT, 60,
	                   B("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")));
	CHECK(dns_zone_put(z, B("test._domainkey.football.example.com"), DNS_TXT, 60,
	                   B("v=DKIM1; k=rsa; p=" RSA8463)));
	dkim_run(&r, mail);
	CHECK(r.header.ends == LINES_LF && r.set.n == 2);
	CHECK(r.set.results[0].result == DKIM_PASS && r.set.results[0].algorithm == DKIM_ED25519_SHA256);
	CHECK(r.set.results[1].result == DKIM_PASS && r.set.results[1].bits == 1024);
	dkim_run_end(&r);
	dns_zone_free(z);
	heap_free(mail);
	tap_end();
}

int main(void)
{
	limits_init(&limits);
	arena = arena_new(1 << 24);
	rsa1024 = key_of("rsa1024.pem");
	rsa2048 = key_of("rsa2048.pem");
	ed25519 = key_of("ed25519.pem");
	make_zone();
	test_cases();
	test_changes();
	test_hopeless_body();
	test_lengths();
	test_headers_alone();
	test_details();
	test_key_sizes();
	test_many();
	test_large_header();
	test_order();
	test_memory();
	test_memory_without_dns();
	test_rfc8463();
	dns_zone_free(zone);
	privkey_free(rsa1024);
	privkey_free(rsa2048);
	privkey_free(ed25519);
	arena_free(arena);
	return tap_done();
}
