/* What a log says of mails and log-ins: joined from its lines, over files, zones, limits. */
#include "trail/maillog.h"

#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "tap.h"
#include "trail/maillog_index.h"

#define DAY 86400
#define HOUR 3600
/* the tests' today, and the moment of the mail in question: Mon, 23 Nov 2026 12:00:00 UTC */
#define NOON INT64_C(1795435200)
#define NOW (NOON + 8 * HOUR)

static struct buf text; /* the log that is being written */

/* One line at an instant, in one of the frames. */
static const char *frame_zone = "z";

static void say(int64_t at, const char *program, const char *format, ...) PRINTF_LIKE(3, 4);
static void say(int64_t at, const char *program, const char *format, ...)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
	                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	char iso[CLOCK_TEXT];
	va_list args;

	clock_rfc3339(at, iso);
	if (*frame_zone == 'z')
		buf_addf(&text, "%s mx %s[1]: ", iso, program);
	else
		buf_addf(&text, "%s %.2s %.8s mx %s[1]: ", months[(iso[5] - '0') * 10 + iso[6] - '1'], iso + 8, iso + 11, program);
	va_start(args, format);
	buf_addv(&text, format, args);
	va_end(args);
	buf_add_byte(&text, '\n');
}

static void handed_in(int64_t at, const char *queue_id, const char *login, const char *ip)
{
	say(at, "postfix/submission/smtpd", "%s: client=unknown[%s], sasl_method=PLAIN, sasl_username=%s", queue_id, ip, login);
}

/* A whole mail by a log-in. */
static void mail(int64_t at, const char *queue_id, const char *login, const char *ip, const char *id, const char *to)
{
	handed_in(at, queue_id, login, ip);
	say(at, "postfix/cleanup", "%s: message-id=<%s>", queue_id, id);
	say(at + 1, "postfix/qmgr", "%s: from=<%s>, size=1000, nrcpt=1 (queue active)", queue_id, login);
	say(at + 2, "postfix/smtp", "%s: to=<%s>, relay=mx.example.org[192.0.2.1]:25, delay=1, dsn=2.0.0, status=sent (250 OK)", queue_id, to);
	say(at + 2, "postfix/qmgr", "%s: removed", queue_id);
}

static struct maillog *start(void)
{
	struct limits limits;

	limits_init(&limits);
	buf_free(&text);
	buf_init(&text, (size_t)1 << 28);
	frame_zone = "z";
	return maillog_new(&limits, NOW);
}

static void feed(struct maillog *l)
{
	struct bytes copy = heap_bytes(buf_bytes(&text));

	CHECK(maillog_feed(l, copy));
	heap_free(copy); /* nothing may be borrowed of it */
	buf_free(&text);
}

static void ready(struct maillog *l)
{
	feed(l);
	CHECK(maillog_ready(l));
}

static const struct maillog_mail *find(const struct maillog *l, const char *id)
{
	const struct maillog_mail *out[4] = { 0 };

	return maillog_find(l, bytes_of(id), out, 4) ? out[0] : NULL;
}

static struct maillog_login ask(const struct maillog *l, const char *login, const char *client, int64_t at)
{
	struct maillog_login out = { .failures = 999 };
	struct ip ip = { 0 };

	if (*client)
		CHECK(ip_parse(bytes_of(client), &ip));
	maillog_login(l, bytes_of(login), &ip, at, &out);
	return out;
}

/* --- mails ---------------------------------------------------------------------------- */

static void test_mail(void)
{
	struct maillog *l = start();
	char ip[IP_TEXT];

	tap_begin("a mail from all that is said under its queue id");
	handed_in(NOON, "4F0A12B3C", "Ann@example.com", "203.0.113.9");
	say(NOON, "postfix/cleanup", "4F0A12B3C: message-id=<a@example.com>");
	say(NOON, "postfix/qmgr", "4F0A12B3C: from=<ann@example.com>, size=9, nrcpt=3 (queue active)");
	say(NOON + 1, "postfix/smtp", "4F0A12B3C: to=<Bob@example.org>, relay=m[192.0.2.1]:25, dsn=2.0.0, status=sent (250 OK)");
	say(NOON + 1, "postfix/smtp", "4F0A12B3C: to=<eve@example.net>, relay=m[192.0.2.1]:25, dsn=5.1.1, status=bounced (550 no)");
	say(NOON + 1, "postfix/local", "4F0A12B3C: to=<c@mx>, orig_to=<info@example.com>, relay=local, dsn=4.0.0, status=deferred (full)");
	say(NOON + 2, "postfix/bounce", "4F0A12B3C: sender non-delivery notification: 7B1D0AA");
	say(NOON + 900, "postfix/qmgr", "4F0A12B3C: from=<ann@example.com>, size=9, nrcpt=1 (queue active)");
	say(NOON + 901, "postfix/local", "4F0A12B3C: to=<c@mx>, orig_to=<info@example.com>, relay=local, dsn=2.0.0, status=sent (ok)");
	ready(l);
	const struct maillog_mail *m = find(l, "a@example.com");
	if (CHECK(m)) {
		CHECK_BYTES(m->queue_id, "4F0A12B3C");
		CHECK_BYTES(m->from, "ann@example.com");
		CHECK_BYTES(m->login, "Ann@example.com");
		CHECK_BYTES(m->bounce_queue_id, "7B1D0AA");
		CHECK_BYTES(bytes_of(ip_text(&m->client, ip)), "203.0.113.9");
		CHECK(m->submitted && !m->local && m->time == NOON && m->recipients == 3);
		CHECK(m->sent == 2 && m->bounced == 1 && m->deferred == 1);
		CHECK(maillog_went_to(l, m, B("bob@EXAMPLE.org")) && maillog_went_to(l, m, B("eve@example.net")));
		CHECK(maillog_went_to(l, m, B("info@example.com")) && maillog_went_to(l, m, B("c@mx")));
		CHECK(!maillog_went_to(l, m, B("ob@example.org")) && !maillog_went_to(l, m, B("")));
		CHECK(maillog_by_queue_id(l, B("4F0A12B3C")) == m);
	}
	CHECK(!maillog_by_queue_id(l, B("4F0A12B3D")) && !find(l, "b@example.com") && !find(l, ""));
	struct maillog_counts c = maillog_counts(l);
	CHECK(c.lines == 9 && c.understood == 9 && c.first == NOON && c.last == NOON + 901 && !c.cut && !c.zoneless);
	maillog_free(l);
	tap_end();

	l = start();
	tap_begin("from outside, and from a program");
	say(NOON, "postfix/smtpd", "AAAAA1: client=mail.example.org[192.0.2.1]");
	say(NOON, "postfix/cleanup", "AAAAA1: message-id=<o@example.org>");
	say(NOON, "postfix/pickup", "AAAAA2: uid=33 from=<www-data>");
	say(NOON, "postfix/cleanup", "AAAAA2: message-id=<p@example.com>");
	ready(l);
	m = find(l, "o@example.org");
	CHECK(m && !m->submitted && !m->local && m->client.family == 4 && bytes_eq(m->client_name, "mail.example.org"));
	m = find(l, "p@example.com");
	CHECK(m && !m->submitted && m->local && m->uid == 33 && bytes_eq(m->from, "www-data"));
	maillog_free(l);
	tap_end();

	l = start();
	tap_begin("one Message-ID several times: the newest last");
	for (int i = 0; i < 5; i++) {
		char id[16];
		snprintf(id, sizeof(id), "BBBBB%d", 4 - i);
		mail(NOON - i * 100, id, "ann", "203.0.113.9", "a@example.com", "b@example.org");
	}
	ready(l);
	const struct maillog_mail *three[3];
	CHECK(maillog_find(l, B("a@example.com"), three, 3) == 5);
	CHECK(bytes_eq(three[0]->queue_id, "BBBBB2") && bytes_eq(three[2]->queue_id, "BBBBB4") && three[2]->time == NOON);
	maillog_free(l);
	tap_end();

	l = start();
	tap_begin("one mail went there, another did not");
	mail(NOON, "CCCCC1", "ann", "203.0.113.9", "a@example.com", "b@example.org");
	mail(NOON, "CCCCC2", "ann", "203.0.113.9", "b@example.com", "c@example.org");
	ready(l);
	CHECK(!maillog_went_to(l, find(l, "a@example.com"), B("c@example.org")));
	CHECK(maillog_went_to(l, find(l, "b@example.com"), B("c@example.org")));
	maillog_free(l);
	tap_end();
}

static void test_queue_ids(void)
{
	struct maillog *l = start();

	tap_begin("a queue id comes again: another mail");
	mail(NOON, "4F0A12B3C", "ann", "203.0.113.9", "a@example.com", "b@example.org");
	mail(NOON + HOUR, "4F0A12B3C", "eve", "198.51.100.7", "e@example.com", "c@example.org");
	ready(l);
	const struct maillog_mail *a = find(l, "a@example.com"), *e = find(l, "e@example.com");
	CHECK(a && e && a != e && bytes_eq(a->login, "ann") && bytes_eq(e->login, "eve"));
	CHECK(maillog_went_to(l, a, B("b@example.org")) && !maillog_went_to(l, a, B("c@example.org")));
	CHECK(maillog_by_queue_id(l, B("4F0A12B3C")) == e);
	CHECK(maillog_by_queue_id_near(l, B("4F0A12B3C"), NOON + 60) == a);
	maillog_free(l);
	tap_end();

	l = start();
	tap_begin("a queue id comes again, and its beginning is missing");
	mail(NOON, "4F0A12B3C", "ann", "203.0.113.9", "a@example.com", "b@example.org");
	say(NOON + HOUR, "postfix/smtp", "4F0A12B3C: to=<c@example.org>, relay=m[192.0.2.1]:25, dsn=2.0.0, status=sent (250 OK)");
	ready(l);
	a = find(l, "a@example.com");
	CHECK(a && a->sent == 1 && !maillog_went_to(l, a, B("c@example.org")));
	maillog_free(l);
	tap_end();

	l = start();
	tap_begin("the same queue id on two servers");
	handed_in(NOON, "4F0A12B3C", "ann", "203.0.113.9");
	buf_addf(&text, "2026-11-23T12:00:01Z other postfix/cleanup[1]: 4F0A12B3C: message-id=<x@example.com>\n");
	ready(l);
	CHECK(find(l, "x@example.com") && !find(l, "x@example.com")->submitted);
	maillog_free(l);
	tap_end();

	l = start();
	tap_begin("rotated files, the newer one first, a mail and a queue id in both");
	say(NOON + 5, "postfix/smtp", "4F0A12B3C: to=<b@example.org>, relay=m[192.0.2.1]:25, dsn=2.0.0, status=sent (250 OK)");
	say(NOON + 5, "postfix/qmgr", "4F0A12B3C: removed");
	mail(NOON + HOUR, "4F0A12B3C", "eve", "198.51.100.7", "e@example.com", "c@example.org");
	feed(l);
	buf_init(&text, 1u << 20);
	handed_in(NOON, "4F0A12B3C", "ann", "203.0.113.9");
	say(NOON, "postfix/cleanup", "4F0A12B3C: message-id=<a@example.com>");
	ready(l);
	a = find(l, "a@example.com");
	e = find(l, "e@example.com");
	CHECK(a && e && a != e && bytes_eq(a->login, "ann") && a->sent == 1 && a->time == NOON);
	CHECK(a && maillog_went_to(l, a, B("b@example.org")) && bytes_eq(e->login, "eve") && e->sent == 1);
	maillog_free(l);
	tap_end();
}

static void test_dovecot_delivery(void)
{
	struct maillog *l = start();

	tap_begin("Dovecot's mailbox belongs to the mail that was under way then");
	say(NOON, "postfix/smtpd", "AAAAA1: client=mail.example.org[192.0.2.1]");
	say(NOON, "postfix/cleanup", "AAAAA1: message-id=<a@example.org>");
	say(NOON + 2, "dovecot", "lmtp(ann@example.com)<1><x>: msgid=<a@example.org>: saved mail to INBOX");
	say(NOON + HOUR, "dovecot", "lmtp(eve@example.com)<1><x>: msgid=<a@example.org>: saved mail to INBOX");
	ready(l);
	CHECK(maillog_went_to(l, find(l, "a@example.org"), B("ann@example.com")));
	CHECK(!maillog_went_to(l, find(l, "a@example.org"), B("eve@example.com")));
	maillog_free(l);
	tap_end();
}

/* --- log-ins ------------------------------------------------------------------------------ */

static void imap(int64_t at, const char *login, const char *ip)
{
	say(at, "dovecot", "imap-login: Login: user=<%s>, method=PLAIN, rip=%s, lip=192.0.2.1, mpid=1, TLS, session=<x>", login, ip);
}

static void test_logins(void)
{
	struct maillog *l = start();

	tap_begin("log-ins before: in all, and from the same network");
	for (int day = 1; day <= 10; day++)
		imap(NOON - day * DAY, "ann@example.com", day % 2 ? "203.0.113.9" : "2001:db8:1:2::3");
	imap(NOON - DAY, "bob@example.com", "198.51.100.7");
	imap(NOON + 60, "ann@example.com", "203.0.113.9");
	ready(l);
	struct maillog_login a = ask(l, "ann@example.com", "203.0.113.200", NOON);
	CHECK_MSG(a.known && a.earlier_logins == 10 && a.earlier_same_net == 5, "%u, %u", a.earlier_logins, a.earlier_same_net);
	CHECK(ask(l, "ANN@example.com", "2001:db8:1:9::1", NOON).earlier_same_net == 5);
	CHECK(ask(l, "ann@example.com", "2001:db8:2::1", NOON).earlier_same_net == 0);
	CHECK(ask(l, "ann@example.com", "", NOON).earlier_same_net == 0);
	CHECK(ask(l, "ann@example.com", "198.51.100.7", NOON).earlier_same_net == 0);
	a = ask(l, "carl@example.com", "203.0.113.9", NOON);
	CHECK(!a.known && !a.earlier_logins && !a.earlier_same_net && !a.failures);
	CHECK(!ask(l, "ann", "203.0.113.9", NOON).known);
	maillog_free(l);
	tap_end();

	l = start();
	tap_begin("an intruder's log-ins of today make no place familiar");
	for (int day = 2; day <= 10; day++)
		imap(NOON - day * DAY, "ann@example.com", "203.0.113.9");
	imap(NOON - 3 * HOUR, "ann@example.com", "198.51.100.7");
	imap(NOON - HOUR, "ann@example.com", "198.51.100.7");
	ready(l);
	a = ask(l, "ann@example.com", "198.51.100.7", NOON);
	CHECK(a.earlier_logins == 11 && a.earlier_same_net == 0);
	CHECK(ask(l, "ann@example.com", "203.0.113.9", NOON).earlier_same_net == 9);
	maillog_free(l);
	tap_end();

	l = start();
	tap_begin("a log of one day: what there is counts");
	imap(NOON - 3 * HOUR, "ann@example.com", "198.51.100.7");
	ready(l);
	CHECK(ask(l, "ann@example.com", "198.51.100.7", NOON).earlier_same_net == 1);
	maillog_free(l);
	tap_end();

	l = start();
	tap_begin("a log-in without its domain");
	mail(NOON, "AAAAA1", "ann", "203.0.113.9", "a@example.com", "b@example.org");
	ready(l);
	CHECK(ask(l, "ann@example.com", "203.0.113.9", NOON + 700).earlier_logins == 1);
	CHECK(maillog_submitted_near(l, B("Ann@example.com"), NOON + 100, 100));
	CHECK(!maillog_submitted_near(l, B("ann@example.com"), NOON + 101, 100));
	CHECK(!maillog_submitted_near(l, B("bob@example.com"), NOON, 100));
	maillog_free(l);
	tap_end();

	l = start();
	tap_begin("mail that goes to a filter first, or through Dovecot, was handed in as well");
	say(NOON, "postfix/smtpd", "NOQUEUE: client=h[203.0.113.9], sasl_method=PLAIN, sasl_username=ann");
	say(NOON, "dovecot", "submission-login: Login: user=<bob>, method=PLAIN, rip=203.0.113.9, lip=192.0.2.1");
	imap(NOON, "carl", "203.0.113.9");
	ready(l);
	CHECK(maillog_submitted_near(l, B("ann"), NOON + 30, 60) && maillog_submitted_near(l, B("bob"), NOON, 60));
	CHECK(!maillog_submitted_near(l, B("carl"), NOON, 60) && !maillog_submitted_near(l, B("ann"), NOON + 2000, 60));
	maillog_free(l);
	tap_end();
}

static void test_refused(void)
{
	struct maillog *l = start();

	tap_begin("refused log-ins: once though told twice, and folded lines");
	imap(NOON - 5 * DAY, "ann@example.com", "192.0.2.5");
	for (int i = 0; i < 4; i++) {
		say(NOON - HOUR + i, "dovecot", "auth-worker(1): sql(ann@example.com,203.0.113.9,<x>): Password mismatch");
		say(NOON - HOUR + i, "postfix/submission/smtpd", "warning: h[203.0.113.9]: SASL PLAIN authentication failed: x");
	}
	say(NOON - HOUR + 5, "postfix/smtpd", "message repeated 3 times: [ warning: h[203.0.113.9]: SASL PLAIN authentication failed: x]");
	buf_addf(&text, "2026-11-23T11:00:06Z mx last message repeated 2 times\n");
	say(NOON - HOUR, "dovecot", "imap-login: Aborted login (auth failed, 2 attempts in 9 secs): user=<ann@example.com>, method=PLAIN, rip=198.51.100.7, lip=192.0.2.1");
	say(NOON - 2 * DAY, "dovecot", "imap-login: Aborted login (auth failed, 9 attempts in 9 secs): user=<ann@example.com>, method=PLAIN, rip=203.0.113.9, lip=192.0.2.1");
	say(NOON - HOUR, "dovecot", "imap-login: Aborted login (auth failed, 7 attempts in 9 secs): user=<bob@example.com>, method=PLAIN, rip=203.0.113.9, lip=192.0.2.1");
	ready(l);
	struct maillog_login a = ask(l, "ann@example.com", "203.0.113.77", NOON);
	CHECK_MSG(a.failures_same_net == 9, "%u from the same net", a.failures_same_net); /* 4 + 3 + 2 without a name */
	CHECK_MSG(a.failures == 4, "%u in all", a.failures);
	CHECK(ask(l, "ann@example.com", "192.0.2.5", NOON).failures_same_net == 0);
	CHECK(ask(l, "ann@example.com", "198.51.100.7", NOON).failures_same_net == 2);
	CHECK(ask(l, "ann@example.com", "198.51.100.7", NOON - 2 * DAY + 60).failures == 9);
	maillog_free(l);
	tap_end();

	l = start();
	tap_begin("a line in between: the repetition is of that one");
	say(NOON, "postfix/smtpd", "warning: h[203.0.113.9]: SASL PLAIN authentication failed: x, sasl_username=ann");
	say(NOON, "postfix/smtpd", "disconnect from h[203.0.113.9]");
	buf_addf(&text, "2026-11-23T12:00:06Z mx last message repeated 50 times\n");
	ready(l);
	CHECK(ask(l, "ann", "203.0.113.9", NOON).failures == 1);
	maillog_free(l);
	tap_end();

	l = start();
	tap_begin("trap: names typed by strangers are nobody else's");
	say(NOON, "postfix/smtpd", "warning: h[203.0.113.9]: SASL PLAIN authentication failed: x, sasl_username=a, sasl_username=ann");
	say(NOON, "dovecot", "imap-login: Aborted login (auth failed, 1 attempts in 2 secs): user=<x>, rip=192.0.2.5, user=<ann>, rip=203.0.113.9, lip=192.0.2.1");
	ready(l);
	CHECK(ask(l, "ann", "203.0.113.9", NOON).failures == 0 && !ask(l, "ann", "203.0.113.9", NOON).known);
	CHECK(ask(l, "ann", "192.0.2.5", NOON).failures_same_net == 0);
	maillog_free(l);
	tap_end();
}

static void test_habits(void)
{
	struct maillog *l = start();
	char id[16], message_id[32];

	tap_begin("the hour around a mail, a usual day, the time of day");
	for (int day = 1; day <= 9; day++)
		for (int i = 0; i < day; i++) { /* 1 to 9 mails a day, at noon */
			snprintf(id, sizeof(id), "D%dAAA%d", day, i);
			snprintf(message_id, sizeof(message_id), "%d.%d@example.com", day, i);
			mail(NOON - day * DAY - HOUR + i * 60, id, "ann", "203.0.113.9", message_id, "b@example.org");
		}
	imap(NOON - 10 * DAY - 2 * HOUR, "bob", "198.51.100.7");
	for (int i = 0; i < 30; i++) {
		snprintf(id, sizeof(id), "E0AAA%d", i);
		handed_in(NOON - 600 + i * 60, id, "ann", "203.0.113.9");
		say(NOON - 600 + i * 60, "postfix/qmgr", "%s: from=<ann@example.com>, size=9, nrcpt=4 (queue active)", id);
		if (i < 10)
			say(NOON - 590 + i * 60, "postfix/smtp", "%s: to=<x@example.net>, relay=none, dsn=5.1.1, status=bounced (no)", id);
	}
	ready(l);
	struct maillog_login a = ask(l, "ann", "203.0.113.9", NOON);
	CHECK_MSG(a.mails_hour == 30 && a.recipients_hour == 120 && a.bounced_hour == 10, "%u %u %u", a.mails_hour,
	          a.recipients_hour, a.bounced_hour);
	CHECK_MSG(a.mails_day_usual == 5, "usual %u", a.mails_day_usual);
	CHECK(!a.unusual_hour && ask(l, "ann", "203.0.113.9", NOON + 7 * HOUR).unusual_hour);
	CHECK(!ask(l, "ann", "203.0.113.9", NOON + HOUR - 60).unusual_hour);
	CHECK(!ask(l, "carl", "203.0.113.9", NOON).unusual_hour);
	maillog_free(l);
	tap_end();
}

/* --- the log as a whole --------------------------------------------------------------------- */

static void noise(int64_t from, int64_t to, int64_t step)
{
	for (int64_t at = from; at <= to; at += step)
		say(at, "postfix/anvil", "statistics: max connection count 1");
}

static void test_covers(void)
{
	struct maillog *l = start();

	tap_begin("what the log covers");
	noise(NOON - DAY, NOON + DAY, HOUR);
	feed(l);
	CHECK(maillog_ready(l));
	CHECK(!maillog_covers(l, NOON, 600)); /* no log-in of anybody: submissions are logged elsewhere */
	buf_init(&text, 1u << 20);
	handed_in(NOON - HOUR, "AAAAA1", "bob", "203.0.113.9");
	feed(l);
	CHECK(maillog_ready(l));
	CHECK(maillog_covers(l, NOON, 600) && maillog_covers(l, NOON - DAY + 600, 600) && maillog_covers(l, NOON + DAY - 600, 600));
	CHECK(!maillog_covers(l, NOON - DAY + 599, 600) && !maillog_covers(l, NOON + DAY, 1) && !maillog_covers(l, -1, 1));
	maillog_free(l);
	tap_end();

	l = start();
	tap_begin("a file is missing in between; the quiet between two is none");
	handed_in(NOON - 2 * DAY, "AAAAA1", "bob", "203.0.113.9");
	noise(NOON - 2 * DAY, NOON - DAY, 2 * HOUR);
	feed(l);
	buf_init(&text, 1u << 20);
	noise(NOON - DAY + 90 * 60, NOON, 2 * HOUR);
	feed(l);
	buf_init(&text, 1u << 20);
	noise(NOON + 5 * HOUR, NOON + 8 * HOUR, HOUR);
	ready(l);
	CHECK(maillog_covers(l, NOON - DAY + 1800, 1800) && !maillog_covers(l, NOON + 3 * HOUR, 1800));
	CHECK(!maillog_covers(l, NOON, 600) && maillog_covers(l, NOON + 6 * HOUR, 600));
	maillog_free(l);
	tap_end();

	l = start();
	tap_begin("the server was off");
	handed_in(NOON - 2 * DAY, "AAAAA1", "bob", "203.0.113.9");
	noise(NOON - 2 * DAY, NOON - HOUR, HOUR);
	noise(NOON + 6 * HOUR, NOON + 8 * HOUR, HOUR);
	ready(l);
	CHECK(!maillog_covers(l, NOON, 1800) && maillog_covers(l, NOON + 7 * HOUR, 1800));
	maillog_free(l);
	tap_end();

	l = start();
	tap_begin("backscatter at the door");
	for (int i = 0; i < 5; i++)
		say(NOON, "postfix/smtpd", "NOQUEUE: reject: RCPT from h[192.0.2.1]: 550 5.1.1 <x@example.com>: Recipient address "
		    "rejected: User unknown in local recipient table; from=<> to=<x%d@example.com> proto=ESMTP helo=<h>", i);
	ready(l);
	CHECK(maillog_backscatter(l) == 5);
	maillog_free(l);
	tap_end();

	l = start();
	tap_begin("no mail log at all");
	buf_adds(&text, "Dear Sir,\n\nNov 23 12:00:00 mx sshd[1]: Accepted password for ann\n");
	ready(l);
	struct maillog_counts c = maillog_counts(l);
	CHECK(c.lines == 3 && c.understood == 0);
	maillog_free(l);
	tap_end();

	l = start();
	tap_begin("an empty log answers everything");
	CHECK(maillog_ready(l));
	c = maillog_counts(l);
	CHECK(c.lines == 0 && c.first == -1 && c.last == -1 && !find(l, "x") && !ask(l, "ann", "192.0.2.1", NOON).known);
	CHECK(!maillog_submitted_near(l, B("ann"), NOON, 10) && !maillog_covers(l, NOON, 1) && !maillog_by_queue_id(l, B("AAAAA")));
	CHECK(maillog_learn_zone(l, B("AAAAA"), NOON));
	maillog_free(l);
	tap_end();
}

static void test_zone(void)
{
	static const struct { const char *name; int64_t east, off, learned; } zones[] = {
		{ "one hour east", HOUR, 1, HOUR },
		{ "India", 19800, -20, 19800 },
		{ "five hours west", -5 * HOUR, 0, -5 * HOUR },
		{ "UTC", 0, 3, 0 },
		{ "no quarter of an hour: not this mail", 1300, 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(zones); i++) {
		struct maillog *l = start();
		tap_begin("times without a zone: %s", zones[i].name);
		frame_zone = "";
		mail(NOON - DAY + zones[i].east, "AAAAA1", "ann", "203.0.113.9", "old@example.com", "b@example.org");
		mail(NOON + zones[i].east, "AAAAA2", "ann", "203.0.113.9", "a@example.com", "b@example.org");
		ready(l);
		CHECK(maillog_counts(l).zoneless);
		CHECK(maillog_learn_zone(l, B("AAAAA2"), NOON + zones[i].off));
		int64_t at = NOON + zones[i].east - zones[i].learned;
		CHECK(find(l, "a@example.com")->time == at && find(l, "old@example.com")->time == at - DAY);
		CHECK(maillog_submitted_near(l, B("ann"), at, 0) && maillog_counts(l).first == at - DAY);
		CHECK(ask(l, "ann", "203.0.113.9", at).earlier_same_net == 1);
		CHECK(maillog_covers(l, at - DAY + 1, 1));
		CHECK(maillog_counts(l).zoneless == (zones[i].learned == 0));
		maillog_free(l);
		tap_end();
	}
	struct maillog *l = start();
	tap_begin("times with a zone stay where they are");
	mail(NOON, "AAAAA2", "ann", "203.0.113.9", "a@example.com", "b@example.org");
	ready(l);
	CHECK(maillog_learn_zone(l, B("AAAAA2"), NOON + HOUR) && find(l, "a@example.com")->time == NOON);
	maillog_free(l);
	tap_end();
}

static void test_limits(void)
{
	struct limits limits;
	char id[16], message_id[32];

	limits_init(&limits);
	limits.v[LIMIT_LOG_MAILS] = 1000;
	limits.v[LIMIT_LOG_LOGINS] = 1000;
	maillog_free(start());
	struct maillog *l = maillog_new(&limits, NOW);
	tap_begin("a flood of mails is cut, and said");
	for (int i = 0; i < 1500; i++) {
		snprintf(id, sizeof(id), "F%05d", i);
		snprintf(message_id, sizeof(message_id), "%d@example.org", i);
		if (i == 0)
			handed_in(NOON, "AAAAA0", "ann", "203.0.113.9");
		say(NOON + i, "postfix/smtpd", "%s: client=unknown[192.0.2.1]", id);
		say(NOON + i, "postfix/cleanup", "%s: message-id=<%s>", id, message_id);
	}
	ready(l);
	CHECK(maillog_counts(l).cut && find(l, "998@example.org") && !find(l, "999@example.org"));
	CHECK(!maillog_covers(l, NOON + 750, 10)); /* what is not there may have been cut */
	maillog_free(l);
	tap_end();

	maillog_free(start());
	l = maillog_new(&limits, NOW);
	tap_begin("a flood of guessed names does not hide who logged in");
	for (int i = 0; i < 3000; i++)
		say(NOON + i, "postfix/smtpd", "warning: h[192.0.2.1]: SASL PLAIN authentication failed: x, sasl_username=guess%d", i);
	mail(NOON + 3000, "AAAAA1", "ann", "203.0.113.9", "a@example.com", "b@example.org");
	ready(l);
	CHECK(!maillog_counts(l).cut && ask(l, "ann", "203.0.113.9", NOON + 4000).earlier_logins == 1);
	CHECK(maillog_covers(l, NOON + 1500, 1000));
	CHECK_MSG(l->names.n < 1010, "%zu names take memory", l->names.n);
	maillog_free(l);
	tap_end();

	maillog_free(start());
	l = maillog_new(&limits, NOW);
	tap_begin("texts without end are cut");
	for (int i = 0; i < 600; i++) {
		say(NOON, "postfix/cleanup", "F%05d: message-id=<%0*d@example.org>", i, 30000, i);
		say(NOON, "postfix/qmgr", "F%05d: from=<%0*d>, size=1, nrcpt=1 (queue active)", i, 30000, i);
	}
	ready(l);
	CHECK(maillog_counts(l).understood == 1200);
	maillog_free(l);
	tap_end();
}

/* --- files ------------------------------------------------------------------------------------- */

static char home[64];

static const char *in_home(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", home, name);
	return path;
}

static void write_log(const char *name, const char *mode)
{
	gzFile f = gzopen(in_home(name), mode);

	CHECK(f && (text.n == 0 || gzwrite(f, text.p, (unsigned)text.n) == (int)text.n) && gzclose(f) == Z_OK);
	buf_free(&text);
}

static void test_files(void)
{
	static const struct { const char *name, *mode; } ways[] = { { "plain", "wbT" }, { "gzip", "wb9" } };
	struct maillog *l;
	char why[256] = "";

	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		l = start();
		tap_begin("a file, %s: larger than the buffer, long lines, no line end at the end", ways[i].name);
		noise(NOON - DAY, NOON - HOUR, 10);
		buf_addf(&text, "%0*d\n", 700000, 1);
		mail(NOON, "AAAAA1", "ann", "203.0.113.9", "a@example.com", "b@example.org");
		text.n--;
		write_log("log", ways[i].mode);
		CHECK_MSG(maillog_read(l, in_home("log"), why, sizeof(why)), "%s", why);
		CHECK(maillog_ready(l) && find(l, "a@example.com") && maillog_counts(l).lines == 8281 + 1 + 5);
		maillog_free(l);
		tap_end();
	}
	l = start();
	tap_begin("gzip, cut short");
	noise(NOON - DAY, NOON, 10);
	write_log("log", "wb9");
	struct stat st;
	CHECK(stat(in_home("log"), &st) == 0 && truncate(in_home("log"), st.st_size / 2) == 0);
	CHECK(!maillog_read(l, in_home("log"), why, sizeof(why)) && strstr(why, "damaged"));
	CHECK(maillog_ready(l) && maillog_counts(l).cut);
	maillog_free(l);
	tap_end();

	static const struct { const char *name, *start, *says; } refused[] = {
		{ "xz", "\xfd" "7zXZ....", "unxz" },
		{ "bzip2", "BZh91AY", "bunzip2" },
		{ "zstd", "\x28\xb5\x2f\xfd....", "unzstd" },
		{ "the journal", "LPKSHHRH....", "journalctl" },
	};
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		l = start();
		tap_begin("refused: %s", refused[i].name);
		buf_adds(&text, refused[i].start);
		write_log("log", "wbT");
		CHECK(!maillog_read(l, in_home("log"), why, sizeof(why)));
		CHECK_MSG(strstr(why, refused[i].says), "it says: %s", why);
		maillog_free(l);
		tap_end();
	}
	l = start();
	tap_begin("refused: a folder, nothing there");
	CHECK(!maillog_read(l, home, why, sizeof(why)) && strstr(why, "folder"));
	CHECK(!maillog_read(l, in_home("none"), why, sizeof(why)) && strstr(why, "No such file"));
	maillog_free(l);
	tap_end();
}

/* --- excerpts -------------------------------------------------------------------------------------- */

static void busy_log(void)
{
	char id[16], message_id[32];

	for (int day = 30; day >= 0; day--) {
		for (int i = 0; i < 40; i++) {
			int64_t at = NOON - day * DAY - 10 * HOUR + i * 1200;
			snprintf(id, sizeof(id), "A%dB%dC", day + 10, i + 10);
			snprintf(message_id, sizeof(message_id), "%d.%d@example.com", day, i);
			mail(at, id, i % 4 ? "bob@example.com" : "ann@example.com", i % 3 ? "203.0.113.9" : "198.51.100.7", message_id,
			     "c@example.org");
			say(at, "postfix/smtpd", "warning: h[198.51.100.7]: SASL PLAIN authentication failed: x");
			say(at, "dovecot", "imap-login: Aborted login (auth failed, 3 attempts in 9 secs): user=<%s@example.com>, "
			    "method=PLAIN, rip=192.0.2.%d, lip=192.0.2.1", i % 2 ? "ann" : "carl", i);
		}
	}
}

static void test_excerpt(void)
{
	struct maillog *l = start(), *part;
	char why[256] = "";
	struct buf out;
	struct bytes ids[] = { B("0.20@example.com"), B("A40B11C") }, logins[] = { B("ann@example.com") };

	busy_log();
	size_t whole = text.n;
	write_log("log", "wb");
	buf_init(&out, 1u << 24);
	tap_begin("an excerpt gives the answers of the whole log");
	CHECK(maillog_read(l, in_home("log"), why, sizeof(why)) && maillog_ready(l));
	CHECK_MSG(maillog_excerpt_of(l, in_home("log"), ids, 2, logins, 1, &out, why, sizeof(why)), "%s", why);
	CHECK_MSG(out.n < whole / 2, "%zu of %zu bytes", out.n, whole);
	part = start();
	buf_add(&text, buf_bytes(&out));
	ready(part);
	struct maillog_counts a = maillog_counts(l), b = maillog_counts(part);
	CHECK(a.lines == b.lines && a.understood == b.understood && a.first == b.first && a.last == b.last);
	const struct maillog_mail *m = find(l, "0.20@example.com"), *n = find(part, "0.20@example.com");
	CHECK(m && n && m->time == n->time && m->sent == n->sent && bytes_same(m->login, n->login));
	CHECK(n && maillog_went_to(part, n, B("c@example.org")) && maillog_by_queue_id(part, B("A40B11C")));
	CHECK(!find(part, "3.1@example.com") && find(part, "3.4@example.com"));
	for (int h = -24; h < 24; h += 5) {
		static const char *const clients[] = { "203.0.113.9", "198.51.100.7", "192.0.2.3", "2001:db8::1" };
		for (size_t i = 0; i < ARRAY_LEN(clients); i++) {
			struct maillog_login x = ask(l, "ann@example.com", clients[i], NOON + h * HOUR);
			struct maillog_login y = ask(part, "ann@example.com", clients[i], NOON + h * HOUR);
			CHECK_MSG(x.known == y.known && x.earlier_logins == y.earlier_logins && x.earlier_same_net == y.earlier_same_net &&
			          x.failures == y.failures && x.mails_hour == y.mails_hour && x.recipients_hour == y.recipients_hour &&
			          x.mails_day_usual == y.mails_day_usual && x.unusual_hour == y.unusual_hour, "at %d h, from %s", h, clients[i]);
			CHECK_MSG(i > 1 || x.failures_same_net == y.failures_same_net, "%u and %u", x.failures_same_net, y.failures_same_net);
		}
		CHECK(maillog_covers(l, NOON + h * HOUR, 1800) == maillog_covers(part, NOON + h * HOUR, 1800));
	}
	maillog_free(part);
	tap_end();

	tap_begin("an excerpt of an excerpt is the same");
	struct buf again;
	buf_init(&again, 1u << 24);
	buf_init(&text, 1u << 24);
	buf_add(&text, buf_bytes(&out));
	write_log("part", "wbT");
	CHECK(maillog_excerpt(in_home("part"), ids, 1, logins, 1, &again, why, sizeof(why)));
	CHECK(bytes_same(buf_bytes(&again), buf_bytes(&out)));
	buf_free(&again);
	tap_end();

	tap_begin("an excerpt larger than its cap is refused");
	buf_init(&again, 2000);
	CHECK(!maillog_excerpt(in_home("log"), ids, 1, logins, 1, &again, why, sizeof(why)) && strstr(why, "too many"));
	buf_free(&again);
	tap_end();
	maillog_free(l);
	buf_free(&out);
}

/* A mail whose lines are in two files is found in both when the log of both is there. */
static void test_excerpt_of_two(void)
{
	struct maillog *l = start(), *part;
	struct bytes id = B("a@example.org");
	char why[256] = "", newer[160], older[160];
	struct buf out;

	tap_begin("an excerpt of two files: one mail in both");
	snprintf(newer, sizeof(newer), "%s", in_home("log"));
	snprintf(older, sizeof(older), "%s", in_home("log.1"));
	say(NOON - 60, "postfix/smtpd", "AAAAA1: client=mail.example.org[192.0.2.1]");
	say(NOON - 60, "postfix/smtpd", "AAAAA2: client=mail.example.org[192.0.2.2]");
	write_log("log.1", "wbT");
	buf_init(&text, 4096);
	say(NOON - 50, "postfix/cleanup", "AAAAA1: message-id=<a@example.org>");
	say(NOON + DAY, "postfix/cleanup", "AAAAA3: message-id=<b@example.org>");
	write_log("log", "wbT");
	CHECK(maillog_read(l, newer, why, sizeof(why)) && maillog_read(l, older, why, sizeof(why)) && maillog_ready(l));
	buf_init(&out, 1u << 20);
	CHECK(maillog_excerpt_of(l, newer, &id, 1, NULL, 0, &out, why, sizeof(why)));
	CHECK(maillog_excerpt_of(l, older, &id, 1, NULL, 0, &out, why, sizeof(why)));
	part = start();
	buf_add(&text, buf_bytes(&out));
	ready(part);
	CHECK(find(part, "a@example.org") && find(part, "a@example.org")->client.family == 4);
	CHECK(maillog_counts(part).lines == 4 && maillog_counts(part).last == NOON + DAY && !find(part, "b@example.org"));
	maillog_free(part);
	maillog_free(l);
	buf_free(&out);
	tap_end();
}

/* --- want of memory ---------------------------------------------------------------------------------- */

/* Whole and right; else it says that it is not. */
static bool run_once(const char *path, bool *honest)
{
	struct limits limits;
	char why[256] = "";
	struct buf out;
	struct bytes id = B("0.20@example.com"), login = B("ann@example.com");

	limits_init(&limits);
	struct maillog *l = maillog_new(&limits, NOW);
	bool ok = l && maillog_read(l, path, why, sizeof(why)) && maillog_ready(l);
	if (ok && !maillog_counts(l).cut) {
		const struct maillog_mail *m = find(l, "0.20@example.com");
		*honest = m && maillog_went_to(l, m, B("c@example.org")) && ask(l, "ann@example.com", "203.0.113.9", NOON).known;
	}
	ok = ok && !maillog_counts(l).cut;
	buf_init(&out, 1u << 24);
	ok = ok && maillog_excerpt(path, &id, 1, &login, 1, &out, why, sizeof(why));
	buf_free(&out);
	maillog_free(l);
	return ok;
}

static void test_memory(void)
{
	long n = 0, failures = 0;
	bool whole = false, honest = true;

	maillog_free(start());
	for (int i = 0; i < 30; i++) {
		char id[16], message_id[32];
		snprintf(id, sizeof(id), "A%dBC", i + 100);
		snprintf(message_id, sizeof(message_id), "0.%d@example.com", i);
		mail(NOON + i, id, "ann@example.com", "203.0.113.9", message_id, "c@example.org");
	}
	write_log("log", "wbT");
	tap_begin("want of memory");
	for (; n < 3000; n++) {
		mem_fail_after(n, false);
		mem_fail_arenas();
		whole = run_once(in_home("log"), &honest);
		long made = mem_count();
		mem_fail_after(-1, false);
		failures += !whole;
		if (!CHECK_MSG(honest, "allocation %ld: wrong without saying so", n) || made <= n)
			break;
	}
	CHECK_MSG(whole && n > 50 && n < 3000 && failures > 50, "%ld allocations, %ld failures", n, failures);
	tap_end();
}

int main(void)
{
	snprintf(home, sizeof(home), "/tmp/test_maillog.XXXXXX");
	if (!mkdtemp(home))
		return 1;
	buf_init(&text, 0);
	test_mail();
	test_queue_ids();
	test_dovecot_delivery();
	test_logins();
	test_refused();
	test_habits();
	test_covers();
	test_zone();
	test_limits();
	test_files();
	test_excerpt();
	test_excerpt_of_two();
	test_memory();
	static const char *const names[] = { "log", "log.1", "part" };
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		unlink(in_home(names[i]));
	rmdir(home);
	buf_free(&text);
	return tap_done();
}
