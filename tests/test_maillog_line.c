/* Lines of mail logs: their frames, what they say, and strangers who write into them. */
#include "base/clock.h"
#include "tap.h"
#include "trail/maillog_line.h"

#define NOW INT64_C(1795464005) /* Mon, 23 Nov 2026 20:00:05 UTC */

/* --- frames ----------------------------------------------------------------------- */

static const struct {
	const char *name, *line;
	const char *want; /* "time zone host program text"; NULL: no such line */
} frames[] = {
	{ "RFC 3164", "Nov 23 19:00:05 mx postfix/smtpd[123]: text", "2026-11-23T19:00:05Z - mx postfix/smtpd text" },
	{ "RFC 3164, day of one digit", "Nov  3 09:00:05 mx postfix/smtpd[123]: text", "2026-11-03T09:00:05Z - mx postfix/smtpd text" },
	{ "RFC 3164, the year before", "Dec 31 19:00:05 mx a[1]: text", "2025-12-31T19:00:05Z - mx a text" },
	{ "RFC 3164, a clock a little ahead", "Nov 24 07:00:05 mx a[1]: text", "2026-11-24T07:00:05Z - mx a text" },
	{ "RFC 3164, leap day", "Feb 29 07:00:05 mx a[1]: text", "2024-02-29T07:00:05Z - mx a text" },
	{ "RFC 3164, a priority in front", "<22>Nov 23 19:00:05 mx a/b: text", "2026-11-23T19:00:05Z - mx a/b text" },
	{ "fractions", "Nov 23 19:00:05.123456 mx a[1]: text", "2026-11-23T19:00:05Z - mx a text" },
	{ "ISO", "2026-11-23T20:00:05.123456+01:00 mx a[1]: text", "2026-11-23T19:00:05Z z mx a text" },
	{ "ISO, zone without colon", "2026-11-23T13:30:05-0530 mx a[1]: text", "2026-11-23T19:00:05Z z mx a text" },
	{ "ISO, Z", "2026-11-23T19:00:05Z mx a[1]: text", "2026-11-23T19:00:05Z z mx a text" },
	{ "journalctl: short-full, UTC", "Mon 2026-11-23 19:00:05 UTC mx a[1]: text", "2026-11-23T19:00:05Z z mx a text" },
	{ "journalctl: short-full, a zone's name", "Mon 2026-11-23 19:00:05 CET mx a[1]: text", "2026-11-23T19:00:05Z - mx a text" },
	{ "journalctl: short-unix", "1795460405.123456 mx a[1]: text", "2026-11-23T19:00:05Z z mx a text" },
	{ "RFC 5424", "<22>1 2026-11-23T20:00:05.003+01:00 mx postfix/smtpd 99 - - text: more",
	  "2026-11-23T19:00:05Z z mx postfix/smtpd text: more" },
	{ "RFC 5424, structured data", "<22>1 2026-11-23T19:00:05Z mx a 99 id [x@1 k=\"a] \\\" b\"][y] \xef\xbb\xbftext",
	  "2026-11-23T19:00:05Z z mx a text" },
	{ "Dovecot's own file", "Nov 23 19:00:05 imap-login: Info: Login: text", "2026-11-23T19:00:05Z - - dovecot imap-login: Info: Login: text" },
	{ "Dovecot's own file, ISO", "2026-11-23 19:00:05 auth(x y): Info: text", "2026-11-23T19:00:05Z - - dovecot auth(x y): Info: text" },
	{ "a container's log", "2026-11-23T19:00:05.123456789Z Nov 23 20:00:05 mx a[1]: text", "2026-11-23T19:00:05Z z mx a text" },
	{ "without a host", "2026-11-23T19:00:05Z postfix/smtpd[7]: text", "2026-11-23T19:00:05Z z - postfix/smtpd text" },
	{ "a facility before the program", "Nov 23 19:00:05 mx mail.info postfix/smtpd[7]: text", "2026-11-23T19:00:05Z - mx postfix/smtpd text" },
	{ "last message repeated", "Nov 23 19:00:05 mx last message repeated 3 times", "2026-11-23T19:00:05Z - mx - last message repeated 3 times" },
	{ "no text", "Nov 23 19:00:05 mx a[1]:", "2026-11-23T19:00:05Z - mx a -" },
	{ "no date", "mx postfix/smtpd[123]: text", NULL },
	{ "only a date", "Nov 23 19:00:05", NULL },
	{ "no such day", "Nov 31 19:00:05 mx a[1]: text", NULL },
	{ "no such hour", "Nov 23 24:00:05 mx a[1]: text", NULL },
	{ "no program", "Nov 23 19:00:05 mx text without end and more", NULL },
	{ "cut in the date", "2026-11-23T19:0", NULL },
	{ "empty", "", NULL },
};

static const char *or_dash(struct bytes b, char *to, size_t size)
{
	snprintf(to, size, "%.*s", BYTES_ARG(b));
	return b.n ? to : "-";
}

static void test_frames(void)
{
	for (size_t i = 0; i < ARRAY_LEN(frames); i++) {
		struct bytes line = heap_copy(frames[i].line);
		struct maillog_frame f;
		char got[512], at[CLOCK_TEXT], host[64], program[64], text[256];

		tap_begin("frame: %s", frames[i].name);
		bool ok = maillog_frame_parse(line, NOW, &f);
		CHECK(ok == (frames[i].want != NULL));
		if (ok) {
			snprintf(got, sizeof(got), "%s %s %s %s %s", clock_rfc3339(f.time, at), f.zoned ? "z" : "-",
			         or_dash(f.host, host, sizeof(host)), or_dash(f.program, program, sizeof(program)),
			         or_dash(f.text, text, sizeof(text)));
			CHECK_BYTES(bytes_of(got), frames[i].want ? frames[i].want : "");
		}
		tap_end();
		heap_free(line);
	}
}

/* --- what they say -------------------------------------------------------------------- */

static const char *const kinds[MAILLOG_KINDS] = {
	[MAILLOG_CLIENT] = "client", [MAILLOG_PICKUP] = "pickup", [MAILLOG_MESSAGE_ID] = "id",
	[MAILLOG_QUEUED] = "queued", [MAILLOG_REMOVED] = "removed", [MAILLOG_DELIVERY] = "delivery",
	[MAILLOG_NOTICE] = "notice", [MAILLOG_ACCEPTED] = "accepted", [MAILLOG_REFUSED] = "refused",
	[MAILLOG_REFUSED_BY_AUTH] = "refused-by-auth", [MAILLOG_UNKNOWN_USER] = "unknown-user",
	[MAILLOG_SAVED] = "saved", [MAILLOG_AGAIN] = "again",
};

/* "kind q= Q= m= from= to= o= login= name= ip= n= r= x= s=", each only if there. */
static const char *describe(const struct maillog_event *e)
{
	static const char *const statuses[] = { "", "sent", "bounced", "deferred" };
	static char to[2048];
	char ip[IP_TEXT];
	const struct { const char *name; struct bytes v; } texts[] = {
		{ "q", e->queue_id }, { "Q", e->other_id }, { "m", e->message_id }, { "from", e->from },
		{ "to", e->kind == MAILLOG_UNKNOWN_USER ? B("") : e->to }, { "o", e->orig_to }, { "login", e->login },
		{ "name", e->client_name }, { "ip", bytes_of(ip_text(&e->client, ip)) },
		{ "s", bytes_of(statuses[e->status]) },
	};
	const struct { const char *name; uint32_t v; } numbers[] = {
		{ "n", e->number }, { "r", e->recipients }, { "x", e->times > 1 ? e->times : 0 }, { "sub", e->submission },
	};
	int n = snprintf(to, sizeof(to), "%s", kinds[e->kind]);

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (texts[i].v.n)
			n += snprintf(to + n, sizeof(to) - (size_t)n, " %s=%.*s", texts[i].name, BYTES_ARG(texts[i].v));
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		if (numbers[i].v)
			n += snprintf(to + n, sizeof(to) - (size_t)n, " %s=%u", numbers[i].name, numbers[i].v);
	return to;
}

static const struct {
	const char *name, *program, *text;
	const char *want; /* NULL: says nothing */
} lines[] = {
	/* Postfix: a mail begins */
	{ "from outside", "postfix/smtpd", "4F0A12B3C: client=mail.example.org[192.0.2.1]", "client q=4F0A12B3C name=mail.example.org ip=192.0.2.1" },
	{ "IPv6, a long queue id", "postfix/smtpd", "4SZtHy2Jzjz9vRm: client=unknown[2001:db8::25]", "client q=4SZtHy2Jzjz9vRm ip=2001:db8::25" },
	{ "a port", "postfix/smtpd", "4F0A12B3C: client=mail.example.org[192.0.2.1]:51234", "client q=4F0A12B3C name=mail.example.org ip=192.0.2.1" },
	{ "gone too soon", "postfix/smtpd", "4F0A12B3C: client=unknown[unknown]", "client q=4F0A12B3C" },
	{ "a log-in", "postfix/submission/smtpd", "4F0A12B3C: client=pool.example.net[203.0.113.9], sasl_method=PLAIN, sasl_username=ann@example.com",
	  "client q=4F0A12B3C login=ann@example.com name=pool.example.net ip=203.0.113.9" },
	{ "a log-in at another service, with port", "postfix/smtps/smtpd",
	  "4F0A12B3C: client=unknown[203.0.113.9]:4711, sasl_method=LOGIN, sasl_username=ann", "client q=4F0A12B3C login=ann ip=203.0.113.9" },
	{ "another instance", "postfix-incoming/smtpd", "4F0A12B3C: client=a.example.org[192.0.2.1]", "client q=4F0A12B3C name=a.example.org ip=192.0.2.1" },
	{ "sasl_sender", "postfix/submission/smtpd", "4F0A12B3C: client=h[203.0.113.9], sasl_method=PLAIN, sasl_username=ann, sasl_sender=bob@example.com",
	  "client q=4F0A12B3C login=ann name=h ip=203.0.113.9" },
	{ "trap: a client in sasl_sender", "postfix/submission/smtpd",
	  "4F0A12B3C: client=h[203.0.113.9], sasl_method=PLAIN, sasl_username=ann, sasl_sender=x, orig_client=o.example[192.0.2.7], sasl_username=admin",
	  "client q=4F0A12B3C login=ann name=h ip=203.0.113.9" },
	{ "behind a content filter", "postfix/smtpd", "4F0A12B3C: client=localhost[127.0.0.1], orig_queue_id=9C, orig_client=o.example[192.0.2.7]:25",
	  "client q=4F0A12B3C name=o.example ip=192.0.2.7" },
	{ "before a filter: no queue id", "postfix/smtpd", "NOQUEUE: client=h[203.0.113.9], sasl_method=PLAIN, sasl_username=ann",
	  "accepted q=NOQUEUE login=ann name=h ip=203.0.113.9 sub=1" },
	{ "before a filter: no log-in", "postfix/smtpd", "NOQUEUE: client=h[203.0.113.9]", NULL },
	{ "a connection says nothing", "postfix/smtpd", "connect from h[203.0.113.9]", NULL },
	{ "another program's line", "opendkim", "4F0A12B3C: client=h[203.0.113.9]", NULL },
	{ "OpenSMTPD is no Postfix", "smtpd", "4F0A12B3C: client=h[203.0.113.9]", NULL },

	/* refused log-ins */
	{ "refused, older", "postfix/smtpd", "warning: h[203.0.113.9]: SASL LOGIN authentication failed: UGFzc3dvcmQ6", "refused name=h ip=203.0.113.9 n=1" },
	{ "refused, newer", "postfix/submission/smtpd", "warning: unknown[203.0.113.9]: SASL PLAIN authentication failed: (reason unavailable), sasl_username=ann@example.com",
	  "refused login=ann@example.com ip=203.0.113.9 n=1" },
	{ "refused, name not known", "postfix/smtpd", "warning: h[203.0.113.9]:99: SASL PLAIN authentication failed: x, sasl_username=(unavailable)",
	  "refused name=h ip=203.0.113.9 n=1" },
	{ "trap: a log-in in the name typed", "postfix/smtpd",
	  "warning: h[203.0.113.9]: SASL PLAIN authentication failed: x, sasl_username=a, sasl_username=admin",
	  "refused login=a, sasl_username=admin name=h ip=203.0.113.9 n=1" },
	{ "trap: a client in the name typed", "postfix/smtpd",
	  "warning: h[203.0.113.9]: SASL PLAIN authentication failed: x, sasl_username=a: client=o[192.0.2.1], sasl_method=PLAIN, sasl_username=admin",
	  "refused login=a: client=o[192.0.2.1], sasl_method=PLAIN, sasl_username=admin name=h ip=203.0.113.9 n=1" },
	{ "refused several times", "postfix/smtpd", "message repeated 4 times: [ warning: h[203.0.113.9]: SASL LOGIN authentication failed: x]",
	  "refused name=h ip=203.0.113.9 n=1 x=4" },
	{ "the line before, again", "", "last message repeated 3 times", "again x=3" },
	{ "trap: repeated, in a HELO", "postfix/smtpd", "NOQUEUE: reject: HELO from h[203.0.113.9]: 504 <message repeated 9 times: [ x]>", NULL },

	/* backscatter at the door */
	{ "null sender, unknown user", "postfix/smtpd",
	  "NOQUEUE: reject: RCPT from h[203.0.113.9]: 550 5.1.1 <x@example.com>: Recipient address rejected: User unknown in local recipient table; from=<> to=<x@example.com> proto=ESMTP helo=<h>",
	  "unknown-user" },
	{ "a sender, unknown user", "postfix/smtpd",
	  "NOQUEUE: reject: RCPT from h[203.0.113.9]: 550 5.1.1 <x@example.com>: Recipient address rejected: User unknown in local recipient table; from=<a@example.org> to=<x@example.com> proto=ESMTP helo=<h>",
	  NULL },
	{ "trap: a null sender in HELO", "postfix/smtpd",
	  "NOQUEUE: reject: RCPT from h[203.0.113.9]: 450 4.7.1 <h>: Helo command rejected: Host not found; from=<a@example.org> to=<x@example.com> proto=ESMTP helo=<User unknown; from=<> to=<b>",
	  NULL },
	{ "trap: a log-in in HELO", "postfix/smtpd",
	  "NOQUEUE: reject: RCPT from h[203.0.113.9]: 554 5.7.1 x; from=<a@example.org> to=<b@example.com> proto=ESMTP helo=<x, sasl_method=PLAIN, sasl_username=admin>",
	  NULL },

	/* one queue id */
	{ "Message-ID", "postfix/cleanup", "4F0A12B3C: message-id=<a.1@example.com>", "id q=4F0A12B3C m=a.1@example.com" },
	{ "Message-ID without brackets", "postfix/cleanup", "4F0A12B3C: message-id=a.1@example.com", "id q=4F0A12B3C m=a.1@example.com" },
	{ "Message-ID and more", "postfix/cleanup", "4F0A12B3C: message-id=<a@example.com>, sasl_username=admin", "id q=4F0A12B3C m=a@example.com" },
	{ "Message-ID that is cut", "postfix/cleanup", "4F0A12B3C: message-id=<a.1@exam", NULL },
	{ "no Message-ID", "postfix/cleanup", "4F0A12B3C: message-id=<>", NULL },
	{ "queued", "postfix/qmgr", "4F0A12B3C: from=<ann@example.com>, size=1234, nrcpt=3 (queue active)", "queued q=4F0A12B3C from=ann@example.com n=1234 r=3" },
	{ "queued: a bounce", "postfix/qmgr", "4F0A12B3C: from=<>, size=1, nrcpt=1 (queue active)", "queued q=4F0A12B3C n=1 r=1" },
	{ "trap: a queue in the sender", "postfix/qmgr",
	  "4F0A12B3C: from=<\"a>, size=1, nrcpt=9 (queue active)\"@example.com>, size=7, nrcpt=1 (queue active)",
	  "queued q=4F0A12B3C from=\"a>, size=1, nrcpt=9 (queue active)\"@example.com n=7 r=1" },
	{ "queued, cut", "postfix/qmgr", "4F0A12B3C: from=<ann@example.com>, size=1234, nr", NULL },
	{ "removed", "postfix/qmgr", "4F0A12B3C: removed", "removed q=4F0A12B3C" },
	{ "a program on the server", "postfix/pickup", "4F0A12B3C: uid=33 from=<www-data>", "pickup q=4F0A12B3C from=www-data n=33" },
	{ "sent", "postfix/smtp",
	  "4F0A12B3C: to=<bob@example.org>, relay=mx.example.org[192.0.2.1]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 OK)",
	  "delivery q=4F0A12B3C to=bob@example.org s=sent" },
	{ "sent through a service of another name", "postfix/relay/smtp",
	  "4F0A12B3C: to=<bob@example.org>, relay=mx.example.org[192.0.2.1]:25, conn_use=2, delay=1, dsn=2.0.0, status=sent (250 OK)",
	  "delivery q=4F0A12B3C to=bob@example.org s=sent" },
	{ "delivered here, through an alias", "postfix/local",
	  "4F0A12B3C: to=<ann@mx.example.com>, orig_to=<info@example.com>, relay=local, delay=1, dsn=2.0.0, status=sent (delivered to maildir)",
	  "delivery q=4F0A12B3C to=ann@mx.example.com o=info@example.com s=sent" },
	{ "bounced", "postfix/smtp", "4F0A12B3C: to=<b@example.org>, relay=none, delay=1, dsn=5.4.4, status=bounced (no such host)",
	  "delivery q=4F0A12B3C to=b@example.org s=bounced" },
	{ "deferred; the other server's text lies", "postfix/smtp",
	  "4F0A12B3C: to=<b@example.org>, relay=m[192.0.2.1]:25, delay=1, dsn=4.0.0, status=deferred (host said: 450 x, status=sent (250 OK))",
	  "delivery q=4F0A12B3C to=b@example.org s=deferred" },
	{ "only asked", "postfix/smtp", "4F0A12B3C: to=<b@example.org>, relay=m[192.0.2.1]:25, delay=1, dsn=2.1.5, status=deliverable (250 OK)", NULL },
	{ "delivery, cut", "postfix/smtp", "4F0A12B3C: to=<b@example.org>, relay=m[192.0.2.1]:25, del", NULL },
	{ "a bounce was made", "postfix/bounce", "4F0A12B3C: sender non-delivery notification: 7B1D", NULL },
	{ "a bounce was made for it", "postfix/bounce", "4F0A12B3C: sender non-delivery notification: 7B1D0AA", "notice q=4F0A12B3C Q=7B1D0AA" },

	/* Dovecot */
	{ "Login", "dovecot", "imap-login: Login: user=<ann@example.com>, method=PLAIN, rip=203.0.113.9, lip=192.0.2.1, mpid=12, TLS, session=<AbC+d/1>",
	  "accepted login=ann@example.com ip=203.0.113.9" },
	{ "Login, 2.4", "dovecot", "imap-login: Logged in: user=<ann>, method=PLAIN, rip=2001:db8::9, lip=2001:db8::1, mpid=12, TLS, session=<x>",
	  "accepted login=ann ip=2001:db8::9" },
	{ "Login, 1.x, an address of both kinds", "dovecot", "pop3-login: Login: user=<ann>, method=PLAIN, rip=::ffff:203.0.113.9, lip=::ffff:192.0.2.1",
	  "accepted login=ann ip=203.0.113.9" },
	{ "Login, own file", "dovecot", "imap-login: Info: Login: user=<ann>, method=PLAIN, rip=203.0.113.9, lip=192.0.2.1", "accepted login=ann ip=203.0.113.9" },
	{ "Login in order to send", "dovecot", "submission-login: Login: user=<ann>, method=PLAIN, rip=203.0.113.9, lip=192.0.2.1",
	  "accepted login=ann ip=203.0.113.9 sub=1" },
	{ "failed, old", "dovecot", "imap-login: Aborted login (auth failed, 2 attempts): user=<ann>, method=PLAIN, rip=203.0.113.9, lip=192.0.2.1",
	  "refused login=ann ip=203.0.113.9 n=2" },
	{ "failed, 2.x", "dovecot", "imap-login: Disconnected: Inactivity (auth failed, 3 attempts in 180 secs): user=<ann>, method=PLAIN, rip=203.0.113.9, lip=192.0.2.1, TLS, session=<x>",
	  "refused login=ann ip=203.0.113.9 n=3" },
	{ "failed, 2.4", "dovecot", "imap-login: Login aborted: Connection closed (auth failed, 1 attempts in 2 secs) (auth_failed): user=<ann>, method=PLAIN, rip=203.0.113.9, lip=192.0.2.1, TLS, session=<x>",
	  "refused login=ann ip=203.0.113.9 n=1" },
	{ "failed, no name, no method", "dovecot", "imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<>, rip=203.0.113.9, lip=192.0.2.1",
	  "refused ip=203.0.113.9 n=1" },
	{ "no attempt", "dovecot", "imap-login: Disconnected (no auth attempts in 0 secs): user=<>, rip=203.0.113.9, lip=192.0.2.1", NULL },
	{ "trap: a whole session in the name", "dovecot",
	  "imap-login: Aborted login (auth failed, 1 attempts in 2 secs): user=<a>, method=PLAIN, rip=192.0.2.66, lip=192.0.2.1, session=<x>, method=PLAIN, rip=203.0.113.9, lip=192.0.2.1, TLS, session=<y>",
	  "refused login=a>, method=PLAIN, rip=192.0.2.66, lip=192.0.2.1, session=<x ip=203.0.113.9 n=1" },
	{ "trap: a success in the name", "dovecot",
	  "imap-login: Aborted login (auth failed, 1 attempts in 2 secs): user=<imap-login: Login: user=<ann>, rip=203.0.113.9, lip=192.0.2.1",
	  "refused login=imap-login: Login: user=<ann ip=203.0.113.9 n=1" },
	{ "trap: a method in the name", "dovecot",
	  "imap-login: Aborted login (auth failed, 1 attempts in 2 secs): user=<ann>, method=PLAIN>, rip=203.0.113.9, lip=192.0.2.1",
	  "refused login=ann>, method=PLAIN ip=203.0.113.9 n=1" },
	{ "worker: sql", "dovecot", "auth-worker(123): sql(ann@example.com,203.0.113.9,<AbC>): Password mismatch", "refused-by-auth login=ann@example.com ip=203.0.113.9 n=1" },
	{ "worker: 2.3.x, with its connection", "dovecot",
	  "auth-worker(123): conn unix:auth-worker (pid=1,uid=97): auth-worker<5>: sql(ann,203.0.113.9,<AbC>): unknown user",
	  "refused-by-auth login=ann ip=203.0.113.9 n=1" },
	{ "worker: pam", "dovecot", "auth-worker(123): pam(ann,203.0.113.9): pam_authenticate() failed: Authentication failure (Password mismatch?)",
	  "refused-by-auth login=ann ip=203.0.113.9 n=1" },
	{ "auth: own file", "dovecot", "auth: Info: passwd-file(ann,203.0.113.9): unknown user", "refused-by-auth login=ann ip=203.0.113.9 n=1" },
	{ "auth: 2.4", "dovecot", "auth(ann@example.com,203.0.113.9,sasl:plain)<AbC>: Info: sql: Password mismatch", "refused-by-auth login=ann@example.com ip=203.0.113.9 n=1" },
	{ "auth: the password that was typed", "dovecot", "auth: static(ann,203.0.113.9,<AbC>): Password mismatch (given password: x): Password mismatch)",
	  "refused-by-auth login=ann ip=203.0.113.9 n=1" },
	{ "trap: a refusal in the password", "dovecot", "auth: static(ann,203.0.113.9,<A>): Password mismatch (given password: sql(eve,192.0.2.1): unknown user)",
	  "refused-by-auth login=ann ip=203.0.113.9 n=1" },
	{ "trap: a refusal in the name", "dovecot", "auth-worker(1): sql(eve,192.0.2.1): Password mismatch,203.0.113.9,<A>): unknown user",
	  "refused-by-auth login=eve,192.0.2.1): Password mismatch ip=203.0.113.9 n=1" },
	{ "trap: a refusal in the name, and none behind", "dovecot", "auth-worker(1): sql(eve,192.0.2.1): Password mismatch,203.0.113.9,<A>): query failed", NULL },
	{ "trap: PAM's refusal in the name", "dovecot", "auth-worker(1): sql(eve,192.0.2.1): pam_authenticate() failed: ,203.0.113.9,<A>): Password mismatch",
	  "refused-by-auth login=eve,192.0.2.1): pam_authenticate() failed:  ip=203.0.113.9 n=1" },
	{ "trap: the remark on passwords in the name", "dovecot", "auth: sql(a (given password: ,203.0.113.9,<A>): Password mismatch", NULL },
	{ "no address", "dovecot", "auth: sql(ann): Password mismatch", NULL },
	{ "saved by LMTP", "dovecot", "lmtp(ann@example.com)<12><AbC>: msgid=<a@example.org>: saved mail to INBOX", "saved m=a@example.org login=ann@example.com" },
	{ "saved by LMTP, old", "dovecot", "lmtp(12, ann@example.com): AbC: msgid=<a@example.org>: saved mail to INBOX", "saved m=a@example.org login=ann@example.com" },
	{ "saved by Sieve", "dovecot", "lda(ann)<12><AbC>: sieve: msgid=<a@example.org>: stored mail into mailbox 'Junk'", "saved m=a@example.org login=ann" },
	{ "not saved", "dovecot", "lda(ann)<12><AbC>: sieve: msgid=<a@example.org>: marked message to be discarded", NULL },
};

static void test_lines(void)
{
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		struct bytes text = heap_copy(lines[i].text);
		struct maillog_frame f = { .program = bytes_of(lines[i].program), .text = text };
		struct maillog_event e;

		tap_begin("%s", lines[i].name);
		bool ok = maillog_line_parse(&f, &e);
		CHECK_MSG(ok == (lines[i].want != NULL), "it is %s", ok ? describe(&e) : "refused");
		if (ok && lines[i].want)
			CHECK_BYTES(bytes_of(describe(&e)), lines[i].want);
		tap_end();
		heap_free(text);
	}
}

/* Every line cut anywhere: nothing is read beyond the end, and a name is never longer than what is there. */
static void test_cuts(void)
{
	tap_begin("every line, cut at every byte");
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		size_t n = strlen(lines[i].text);
		for (size_t at = 0; at < n; at++) {
			struct bytes text = heap_bytes(bytes_sub(bytes_of(lines[i].text), 0, at));
			struct maillog_frame f = { .program = bytes_of(lines[i].program), .text = text };
			struct maillog_event e;
			if (maillog_line_parse(&f, &e))
				CHECK(e.kind < MAILLOG_KINDS && e.login.n <= at && e.to.n <= at);
			heap_free(text);
		}
	}
	tap_end();
}

int main(void)
{
	test_frames();
	test_lines();
	test_cuts();
	return tap_done();
}
