/* Cases: session.ini. */
#include "base/clock.h"
#include "base/mem.h"
#include "tap.h"
#include "verify/case.h"

#define CAP (1u << 20)

static const char full[] =
	"# a case of the tests\n"
	"about = A dial-up line wrote %41lice's address on it.\n"
	"ip = 203.0.113.66\n"
	"  helo=x%20%25 y%20  \r\n"
	"rdns = host.example\n"
	"mail-from = alice@example.org\n"
	"rcpt-to = a@example.org\n"
	"rcpt-to = b=c@example.org\n"
	"\n"
	"; as it was\n"
	"login = alice\n"
	"AT = 2026-11-16T10:41:12+01:00\n"
	"recovered = yes\n"
	"today = @1800000000\n"
	"owner = a@example.org\nowner = b@example.org\n"
	"trust = 192.0.2.0/24\ntrust-authserv = mx.example.net\nname = Alice\n"
	"limit = total-time=5000\nlimit = spf-void-lookups=3\n"
	"offline = no\nnot-mine = YES\nredacted = yes";

static void test_session(struct arena *a)
{
	struct bytes text = heap_copy(full);
	struct case_session s;
	struct case_err err = { 0 };

	tap_begin("every name of session.ini is read");
	bool ok = CHECK_MSG(case_session_parse(a, text, &s, &err), "line %zu: %s", err.line, err.what);
	heap_free(text); /* nothing points into it */
	if (ok) {
		char ip[IP_TEXT];
		CHECK_BYTES(s.about, "A dial-up line wrote Alice's address on it.");
		CHECK(strcmp(ip_text(&s.ip, ip), "203.0.113.66") == 0);
		CHECK_BYTES(s.helo, "x % y ");
		CHECK_BYTES(s.rdns, "host.example");
		CHECK(s.has_mail_from);
		CHECK_BYTES(s.mail_from, "alice@example.org");
		CHECK(s.n_rcpt_to == 2 && bytes_eq(s.rcpt_to[1], "b=c@example.org"));
		CHECK_BYTES(s.login, "alice");
		CHECK(s.time == clock_days(2026, 11, 16) * 86400 + 9 * 3600 + 41 * 60 + 12 && s.today == 1800000000);
		CHECK(s.n_owner == 2 && s.n_trust == 1 && s.n_trust_authserv == 1 && s.n_name == 1 && s.n_limit == 2);
		CHECK_BYTES(s.owner[1], "b@example.org");
		CHECK_BYTES(s.limit[1], "spf-void-lookups=3");
		CHECK(s.recovered && !s.offline && s.not_mine && s.redacted);
	}
	tap_end();
	tap_begin("what is not there is unknown, and an empty sender is known");
	CHECK(case_session_parse(a, B(""), &s, NULL));
	CHECK(!s.ip.family && !s.has_mail_from && s.time == -1 && s.today == -1 && s.n_owner == 0 && !s.recovered);
	CHECK(case_session_parse(a, B("mail-from =\n"), &s, NULL) && s.has_mail_from && s.mail_from.n == 0);
	tap_end();
}

static const struct {
	const char *text, *says;
	size_t line;
} refusals[] = {
	{ "ip = 192.0.2.1\nhelp = x", "unknown name", 2 },
	{ "= x", "unknown name", 1 },
	{ "[session]\n", "NAME = VALUE", 1 },
	{ "# fine\n\nhelo", "NAME = VALUE", 3 },
	{ "ip = 192.0.2.1\nip = 192.0.2.1\n", "second", 2 },
	{ "offline = no\noffline = no\n", "second", 2 },
	{ "ip = 300.0.2.1\n", "192.0.2.1", 1 },
	{ "ip =\n", "192.0.2.1", 1 },
	{ "at = yesterday\n", "2026-11-23T19:00:00Z", 1 },
	{ "at = 1969-12-31T23:59:59Z\n", "1970", 1 },
	{ "recovered = 1\n", "yes or no", 1 },
	{ "helo = 100%\n", "%25", 1 },
	{ "helo = %4\n", "%25", 1 },
	{ "helo = %4g\n", "%25", 1 },
	{ "helo = %%41\n", "%25", 1 },
};

static void test_refusals(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		struct bytes text = heap_copy(refusals[i].text);
		struct case_session s = { .time = 42 };
		struct case_err err = { 0 };

		tap_begin("refused: %zu, %s", i, refusals[i].says);
		CHECK(!case_session_parse(a, text, &s, &err) && s.time == 42);
		CHECK_MSG(err.what && strstr(err.what, refusals[i].says), "it says \"%s\"", err.what ? err.what : "");
		CHECK_MSG(err.line == refusals[i].line, "line %zu", err.line);
		tap_end();
		heap_free(text);
	}
}

/* Writes s, reads it back, writes that: equal texts, and the first has each name the complaint tells of. */
static void test_round_trip(struct arena *a)
{
	uint8_t all[256];
	struct buf one, two;
	struct case_session s, back;
	struct case_err err = { 0 };

	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (uint8_t)i;
	tap_begin("what is written is read again, every byte of it");
	CHECK(case_session_parse(a, bytes_of(full), &s, NULL));
	s.helo = (struct bytes){ all, sizeof(all) };
	s.rdns = B("  spaces  ");
	s.login = B("# no comment");
	s.rcpt_to[0] = B("");
	s.offline = true;
	buf_init(&one, CAP);
	buf_init(&two, CAP);
	case_session_write(&one, &s);
	if (CHECK_MSG(case_session_parse(a, buf_bytes(&one), &back, &err), "line %zu: %s", err.line, err.what)) {
		CHECK(bytes_same(back.helo, s.helo) && bytes_same(back.rdns, s.rdns) && bytes_same(back.login, s.login));
		CHECK(back.n_rcpt_to == 2 && back.rcpt_to[0].n == 0 && back.time == s.time && back.today == s.today);
		case_session_write(&two, &back);
		CHECK(bytes_same(buf_bytes(&one), buf_bytes(&two)));
	}
	for (size_t i = 0; i < one.n; i++)
		CHECK(one.p[i] == '\n' || (one.p[i] >= ' ' && one.p[i] < 127));
	tap_end();

	tap_begin("the complaint about an unknown name tells all names, and no others");
	struct bytes names = buf_bytes(&one), line;
	CHECK(!case_session_parse(a, B("x = y"), &back, &err) && err.what);
	while (bytes_cut(&names, '\n', &line)) {
		struct bytes name = bytes_trim(bytes_sub(line, 0, bytes_find(line, '=', 0)));
		CHECK_MSG(bytes_search(bytes_of(err.what), name) < strlen(err.what), "%.*s", BYTES_ARG(name));
	}
	tap_end();
	buf_free(&one);
	buf_free(&two);
}

static void test_memory(void)
{
	long n;

	tap_begin("every allocation of the reader of session.ini may fail");
	for (n = 0; n < 100000; n++) {
		struct arena *own = arena_new(1u << 16);
		struct case_session s;
		struct case_err err = { 0 };
		mem_fail_after(n, false);
		mem_fail_arenas();
		bool ok = case_session_parse(own, bytes_of(full), &s, &err);
		mem_fail_after(-1, false);
		CHECK(ok || strcmp(err.what, "out of memory") == 0);
		arena_free(own);
		if (ok)
			break;
	}
	CHECK_MSG(n > 10 && n < 100000, "%ld", n);
	tap_end();
}

int main(void)
{
	struct arena *a = arena_new(CAP);

	test_session(a);
	test_refusals(a);
	test_round_trip(a);
	test_memory();
	arena_free(a);
	return tap_done();
}
