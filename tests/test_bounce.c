/* Mail that machines write about other mail: which kind it is, whom it is about, what came back; and
 * ordinary mail that only quotes or carries such. */
#include "base/buf.h"
#include "base/mem.h"
#include "bounce/bounce.h"
#include "tap.h"

static struct limits limits;
static struct work work;

static bool read_bounce(struct bytes message, struct bounce *b)
{
	struct header h;
	struct mime m;

	arena_reset(work.arena);
	work.reached = 0;
	header_index(&work, &h, message);
	return mime_read(&work, message, &m) && bounce_read(&work, &h, message, &m, b);
}

/* "KIND [id=MESSAGE-ID] [header|mail] / ADDRESS [<ORIGINAL] ACTION [STATUS[?]] [REPLY] [hard] / ..."; "?": from words. */
static struct bytes describe(const struct bounce *b)
{
	static struct buf to;

	buf_free(&to);
	buf_init(&to, 1u << 20);
	buf_adds(&to, bounce_kind_name(b->kind));
	if (b->message_id.n)
		buf_addf(&to, " id=%.*s", BYTES_ARG(b->message_id));
	if (b->returned.n)
		buf_adds(&to, b->returned_has_body ? " mail" : " header");
	for (size_t i = 0; i < b->n; i++) {
		const struct bounce_recipient *r = &b->recipients[i];
		buf_addf(&to, " / %.*s", BYTES_ARG(r->address));
		if (r->original.n && !bytes_isame(r->original, r->address))
			buf_addf(&to, " <%.*s", BYTES_ARG(r->original));
		if (b->kind == BOUNCE_DSN)
			buf_addf(&to, " %s", bounce_action_name(r->action));
		if (r->status.n)
			buf_addf(&to, " %.*s%s", BYTES_ARG(r->status), r->status_from_text ? "?" : "");
		if (r->reply_code)
			buf_addf(&to, " %u", r->reply_code);
		if (r->hard)
			buf_adds(&to, " hard");
	}
	return buf_bytes(&to);
}

#define RETURNED \
	"Return-Path: <ann@example.com>\nReceived: by mx.example.com; Mon, 23 Nov 2026 20:00:05 +0100\n" \
	"From: ann@example.com\nTo: bob@example.net\nSubject: hello\nMessage-ID: <1@example.com>\n"
#define MAIL RETURNED "\nhello\n"
#define DAEMON(subject) \
	"Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example.org>\nTo: ann@example.com\nSubject: " subject "\n"
#define REPORT(type) "Content-Type: multipart/report; report-type=" type "; boundary=b\n\n"
#define STATUS "--b\nContent-Type: message/delivery-status\n\n"
#define FULL "--b\nContent-Type: message/rfc822\n\n" MAIL "--b--\n"
#define HEADERS "--b\nContent-Type: text/rfc822-headers\n\n" RETURNED "--b--\n"

static const struct {
	const char *name, *message, *want;
} cases[] = {
	/* --- with a machine-readable part (RFC 3464) --- */
	{ "a notification by the book",
	  DAEMON("Undelivered Mail Returned to Sender") REPORT("delivery-status")
	  "--b\n\nThis is the mail system at host mx.example.org.\n\n<bob@example.net>: host mx.example.net said: 550 5.1.1 no\n\n"
	  STATUS "Reporting-MTA: dns; mx.example.org\nX-Postfix-Queue-ID: 4F0A\nArrival-Date: Mon, 23 Nov 2026 20:00:05 +0100\n\n"
	  "Final-Recipient: rfc822; bob@example.net\nOriginal-Recipient: rfc822;bob@example.net\nAction: failed\nStatus: 5.1.1\n"
	  "Remote-MTA: dns; mx.example.net\nDiagnostic-Code: smtp; 550 5.1.1 <bob@example.net>:\n    User unknown\n\n" FULL,
	  "dsn id=1@example.com mail / bob@example.net failed 5.1.1 550 hard" },
	{ "several recipients, of which one waits and one got it",
	  DAEMON("Delivery status") REPORT("delivery-status") STATUS "Reporting-MTA: dns; mx.example.org\n\n"
	  "Final-Recipient: rfc822; a@example.net\nAction: failed\nStatus: 5.2.2\n\n"
	  "Final-Recipient: rfc822; b@example.net\nAction: delayed\nStatus: 4.4.1\n\n"
	  "Final-Recipient: rfc822; c@example.net\nAction: delivered\nStatus: 2.0.0\n" HEADERS,
	  "dsn id=1@example.com header / a@example.net failed 5.2.2 / b@example.net delayed 4.4.1 / c@example.net delivered 2.0.0" },
	{ "relayed and expanded",
	  DAEMON("Delivery status") REPORT("delivery-status") STATUS "Reporting-MTA: dns; mx.example.org\n\n"
	  "Final-Recipient: rfc822; a@example.net\nAction: relayed\nStatus: 2.0.0\n\n"
	  "Final-Recipient: rfc822; b@example.net\nAction: Expanded (list)\nStatus: 2.0.0 (ok)\n\n--b--\n",
	  "dsn / a@example.net relayed 2.0.0 / b@example.net expanded 2.0.0" },
	{ "types in upper case, CRLF, the address in brackets, no blank line between recipients",
	  "From: x@example.org\r\nContent-Type: MULTIPART/Report; boundary=b\r\n\r\n--b\r\nContent-Type: Message/Delivery-Status\r\n\r\n"
	  "Reporting-MTA: dns;x\r\n\r\nfinal-recipient: RFC822; <a@example.net>\r\nACTION: Failed\r\nStatus: 5.1.2 (bad host)\r\n"
	  "Final-Recipient: rfc822;b@example.net\r\nAction: failed\r\nStatus: 5.1.6\r\n\r\n--b--\r\n",
	  "dsn / a@example.net failed 5.1.2 hard / b@example.net failed 5.1.6 hard" },
	{ "a blank line within the fields of a recipient, and none of them twice",
	  DAEMON("x") REPORT("delivery-status") STATUS
	  "Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@example.net\n\nAction: failed\nStatus: 5.1.1\n\n--b--",
	  "dsn / a@example.net failed 5.1.1 hard" },
	{ "the mail went on to another address",
	  DAEMON("x") REPORT("delivery-status") STATUS "Reporting-MTA: dns; x\n\nOriginal-Recipient: rfc822; bob@example.net\n"
	  "Final-Recipient: rfc822; robert@example.org\nAction: failed\nStatus: 5.1.1\n\n--b--",
	  "dsn / robert@example.org <bob@example.net failed 5.1.1 hard" },
	{ "an international one (RFC 6533), whose mail came encoded",
	  DAEMON("x") REPORT("delivery-status") "--b\nContent-Type: message/global-delivery-status\n\nReporting-MTA: dns; x\n\n"
	  "Final-Recipient: utf-8; b\xc3\xb6@example.net\nAction: failed\nStatus: 5.1.1\n\n--b\nContent-Type: message/global\n"
	  "Content-Transfer-Encoding: base64\n\nTWVzc2FnZS1JRDogPDlAZXhhbXBsZS5jb20+CgpoaQo=\n--b--",
	  "dsn id=9@example.com mail / b\xc3\xb6@example.net failed 5.1.1 hard" },
	{ "the code of the server that refused is better than 5.0.0",
	  DAEMON("x") REPORT("delivery-status") STATUS "Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@example.net\n"
	  "Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550-5.7.1 not from you\n\n--b--",
	  "dsn / a@example.net failed 5.7.1 550" },
	{ "an answer within an answer is that of the last server",
	  DAEMON("x") REPORT("delivery-status") STATUS "Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@example.net\n"
	  "Action: failed\nStatus: 4.4.7\nDiagnostic-Code: smtp; 554 4.4.7 expired <421 4.4.2 timeout>\n\n--b--",
	  "dsn / a@example.net failed 4.4.2 421" },
	{ "a vague notification, and words that know more",
	  DAEMON("x") REPORT("delivery-status") "--b\n\n<a@example.net>: host mx.example.net said: 552 5.2.2 over quota\n\n" STATUS
	  "Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@example.net\nAction: failed\nStatus: 5.0.0\n\n--b--",
	  "dsn / a@example.net failed 5.2.2? 552" },
	{ "the fields stand in the text",
	  DAEMON("Returned mail: see transcript for details") "Content-Type: text/plain\n\nIt failed.\n\nReporting-MTA: dns; x\n\n"
	  "Final-Recipient: RFC822; a@example.net\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: SMTP; 550 User unknown\n\n" MAIL,
	  "dsn id=1@example.com mail / a@example.net failed 5.1.1 550 hard" },
	{ "the mail stands behind the notification, for its boundary is wrong",
	  DAEMON("x") REPORT("delivery-status") STATUS "Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@example.net\n"
	  "Action: failed\nStatus: 5.1.1\n\n--B\nContent-Type: message/rfc822\n\n" MAIL "--b--",
	  "dsn id=1@example.com mail / a@example.net failed 5.1.1 hard" },
	{ "a notification without recipients: the words name them",
	  DAEMON("x") REPORT("delivery-status") "--b\n\nUnable to deliver message to <a@example.net>: 550 5.1.1 user unknown\n\n"
	  STATUS "Reporting-MTA: dns; x\n\n--b--", "dsn / a@example.net failed 5.1.1? 550 hard" },

	/* --- in words --- */
	{ "qmail",
	  "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.org\nSubject: failure notice\n\nHi. This is the qmail-send program at "
	  "mx.example.org.\nI'm afraid it did not work out.\n\n<a@example.net>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
	  "<b@example.net>:\n192.0.2.1 does not like recipient.\nRemote host said: 450 4.2.2 mailbox full\nGiving up on 192.0.2.1.\n\n"
	  "--- Below this line is a copy of the message.\n\n" MAIL,
	  "dsn id=1@example.com mail / a@example.net failed 5.1.1? hard / b@example.net failed 4.2.2? 450" },
	{ "postfix before it wrote notifications",
	  DAEMON("Undelivered Mail Returned to Sender") "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nThis is the Postfix program "
	  "at host mx.example.org.\n\n<a@example.net>: Host or domain name not found. Name service error\n    for name=example.net\n\n" FULL,
	  "dsn id=1@example.com mail / a@example.net failed hard" },
	{ "refused after the data: the address is good",
	  DAEMON("Undelivered Mail Returned to Sender") "\nThis is the mail system at host mx.example.org.\n\n"
	  "<a@example.net>: host mx.example.net said: 550 User unknown (in reply\n    to end of DATA command)\n",
	  "dsn / a@example.net failed 550" },
	{ "exim, with a header that lists who failed",
	  DAEMON("Mail delivery failed: returning message to sender") "X-Failed-Recipients: a@example.net,\n  b@example.net\n"
	  "Auto-Submitted: auto-replied\n\nThis message was created automatically by mail delivery software.\n\nThe following "
	  "address(es) failed:\n\n  a@example.net\n    (generated from c@example.net)\n    SMTP error from remote mail server after RCPT "
	  "TO:<a@example.net>:\n    host mx.example.net [192.0.2.1]: 550 5.1.1 unknown user\n  b@example.net\n    mailbox is full\n\n"
	  "------ This is a copy of the message, including all the headers. ------\n\n" MAIL,
	  "dsn id=1@example.com mail / a@example.net <c@example.net failed 5.1.1? 550 hard / b@example.net failed" },
	{ "exim waits",
	  "From: Mail Delivery System <Mailer-Daemon@example.org>\nSubject: Warning: message 1r-1 delayed 24 hours\n\nThis message was "
	  "created automatically by mail delivery software.\n\nThe address to which the message has not yet been delivered is:\n\n"
	  "  a@example.net\n    Delay reason: SMTP error from remote mail server after RCPT TO:<a@example.net>:\n    450 4.1.1 user unknown\n",
	  "dsn / a@example.net delayed 4.1.1? 450" },
	{ "sendmail 5: a transcript",
	  "From: Mail Delivery Subsystem <MAILER-DAEMON@example.org>\nSubject: Returned mail: User unknown\n\n"
	  "   ----- Transcript of session follows -----\nWhile talking to mx.example.net:\n>>> RCPT To:<a@example.net>\n<<< 550 no\n"
	  "550 <a@example.net>... User unknown\n554 <b@example.net>... 550 Host unknown\n421 x (smtp)... Deferred\n\n"
	  "   ----- Unsent message follows -----\n" MAIL,
	  "dsn id=1@example.com mail / a@example.net failed 550 hard / b@example.net failed 554 hard" },
	{ "sendmail 5 without an address: whom the mail was written to",
	  "From: Mail Delivery Subsystem <MAILER-DAEMON@example.org>\nSubject: Returned mail: Cannot send message for 4 days\n\n"
	  "   ----- Transcript of session follows -----\n421 x (smtp)... Deferred: Connection timed out\n\n"
	  "   ----- Unsent message follows -----\n" MAIL, "dsn id=1@example.com mail / bob@example.net failed 421" },
	{ "Exchange 2003",
	  "From: System Administrator <postmaster@example.org>\nSubject: Undeliverable: hello\n\nYour message\n\n  To: bob@example.net\n"
	  "  Subject: hello\n\ndid not reach the following recipient(s):\n\nbob@example.net on Mon, 23 Nov 2026 20:00:05 +0100\n"
	  "    The recipient name is not recognized\n", "dsn / bob@example.net failed hard" },
	{ "Domino: the reason stands before the address",
	  "Return-Path: <>\nFrom: postmaster@example.org\nSubject: Undeliverable message\n\n------- Failure Reasons  --------\n\n"
	  "User not listed in public Name & Address Book\nbob@example.net\n\n------- Returned Message --------\n\n" MAIL,
	  "dsn id=1@example.com mail / bob@example.net failed hard" },
	{ "Gmail",
	  "Return-Path: <>\nFrom: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\nX-Failed-Recipients: bob@example.net\n"
	  "Subject: Delivery Status Notification (Failure)\n\nDelivery to the following recipient failed permanently:\n\n"
	  "     bob@example.net\n\nTechnical details of permanent failure:\nThe error that the other server returned was:\n"
	  "550 5.1.1 user unknown\n\n----- Original message -----\n\n" MAIL,
	  "dsn id=1@example.com mail / bob@example.net failed 5.1.1? 550 hard" },
	{ "a group that may not exist, in a language that we do not read",
	  "Return-Path: <>\nFrom: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\nIn-Reply-To: <2@example.com>\n"
	  "X-Failed-Recipients: list@example.net\nSubject: Delivery Status Notification (Failure)\n\nBonjour ann@example.com,\n\n"
	  "Le groupe n'existe pas.\n", "dsn id=2@example.com / list@example.net failed" },
	{ "OpenSMTPD: the header of the mail without much of it",
	  DAEMON("Delivery status notification: error") "\n    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this e-mail.\n\n"
	  "bob@example.net: Domain does not exist\n\n    Below is a copy of the original message:\n\n" MAIL,
	  "dsn id=1@example.com mail / bob@example.net failed hard" },
	{ "a phrase before the address",
	  DAEMON("Mail delivery failed") "\nThere was an error delivering your mail to <bob@example.net>.\n\nmx.example.net did not like "
	  "our RCPT TO:\n551 5.7.1 not authorized\n\nMessage headers follow.\n\n" RETURNED,
	  "dsn id=1@example.com header / bob@example.net failed 5.7.1? 551" },
	{ "a mail list's alert, the mail indented",
	  "From: list-admin@example.org\nSubject: Loop Alert: Duplicated Message-ID\n\nDuplicated Message-ID in <list@example.org>.\n\n"
	  "Original mail as follows:\n\n   From ann@example.com  Mon Nov 23 20:00:05 2026\n   Received: by x.example;\n   \tMon\n"
	  "   From: ann@example.com\n   To: list@example.org\n   Message-ID: <7@example.com>\n   \n   hello\n",
	  "dsn id=7@example.com mail / list@example.org failed" },
	{ "only HTML",
	  "Return-Path: <>\nFrom: postmaster@example.org\nSubject: Undeliverable: hello\nContent-Type: text/html\n\n<html><style>a@b.example"
	  ":{}</style><p>Delivery has failed to these recipients or groups:</p><p><a href='x'>bob&#64;example.net</a><br>The address "
	  "couldn't be found. 550 5.1.10 RESOLVER.ADR.RecipientNotFound</p></html>",
	  "dsn / bob@example.net failed 5.1.10? 550 hard" },
	{ "the header as a text file",
	  "Return-Path: <>\nFrom: mailer-daemon\nSubject: There was an error sending your mail\nContent-Type: multipart/mixed; boundary=b\n\n"
	  "--b\n\nWe had trouble delivering your message.\n\nThe server rejected recipient <bob@example.net>: 550 5.1.1 no such user\n"
	  "--b\nContent-Type: text/plain; name=headers.txt\nContent-Disposition: attachment\n\n" RETURNED "--b--",
	  "dsn id=1@example.com header / bob@example.net failed 5.1.1? 550 hard" },
	{ "text in a charset of its own; the mail keeps its bytes",
	  DAEMON("failure notice") "Content-Type: text/plain; charset=iso-8859-1\n\nHi. This is the qmail-send program.\n\n<bob@example.net>:\n"
	  "Utilisateur supprim\xe9 (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n" RETURNED "\n\xe9\n",
	  "dsn id=1@example.com mail / bob@example.net failed 5.1.1? hard" },
	{ "no words and nothing came back: a bounce about nobody",
	  DAEMON("Undelivered Mail Returned to Sender") REPORT("delivery-status") STATUS "Reporting-MTA: dns; x\n\n--b--\n",
	  "dsn /  failed" },

	/* --- others --- */
	{ "out of office (RFC 3834)",
	  "Return-Path: <>\nFrom: Bob <bob@example.net>\nSubject: hello\nAuto-Submitted: auto-replied (vacation)\nIn-Reply-To: <1@example.com>\n"
	  "\nI am away. Your mail could not be delivered to anybody else.\n", "auto_reply id=1@example.com / bob@example.net" },
	{ "out of office, told by its subject",
	  "Return-Path: <>\nFrom: bob@example.net\nSubject: Automatic reply: hello\n\nUnable to deliver to <ann@example.com>\n",
	  "auto_reply / bob@example.net" },
	{ "out of office in another language, encoded",
	  "From: bob@example.net\nSubject: =?utf-8?q?R=C3=A9ponse_automatique_=3A?= hello\n\nAbsent.\n", "auto_reply / bob@example.net" },
	{ "what a daemon titles so is a bounce",
	  DAEMON("Auto-Reply: failure") "\nUnable to deliver to <bob@example.net>\n", "dsn / bob@example.net failed" },
	{ "a receipt (RFC 8098)",
	  "Return-Path: <>\nFrom: bob@example.net\nSubject: Read: hello\n" REPORT("disposition-notification") "--b\n\nIt was displayed.\n--b\n"
	  "Content-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; bob@example.net\n"
	  "Original-Message-ID: <1@example.com>\nDisposition: manual-action/MDN-sent-manually; displayed\n--b--",
	  "receipt id=1@example.com / bob@example.net" },
	{ "a complaint (RFC 5965)",
	  "From: fbl@example.org\n" REPORT("feedback-report") "--b\n\nSpam.\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n"
	  "User-Agent: x/1\nVersion: 1\nOriginal-Rcpt-To: <bob@example.net>\nSource-IP: 192.0.2.1\nOriginal-Rcpt-To: <c@example.net>\n" FULL,
	  "feedback id=1@example.com mail / bob@example.net / c@example.net" },
	{ "a complaint that names nobody",
	  "From: fbl@example.org\n" REPORT("feedback-report") "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: fraud\n" FULL,
	  "feedback id=1@example.com mail / bob@example.net" },
	{ "a complaint without a report",
	  "From: staff@hotmail.com\nSubject: complaint about message from 192.0.2.1\nContent-Type: multipart/mixed; boundary=b\n\n" FULL,
	  "feedback id=1@example.com mail / bob@example.net" },

	/* --- none of these --- */
	{ "ordinary: text", "From: bob@example.net\nSubject: hello\n\nHow are you?\n", "none" },
	{ "ordinary: nothing", "", "none" },
	{ "ordinary: a mail attached",
	  "From: bob@example.net\nSubject: look\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nLook at this.\n" FULL, "none" },
	{ "ordinary: a bounce attached",
	  "From: bob@example.net\nSubject: Undelivered Mail\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nLook at this.\n--b\n"
	  "Content-Type: message/rfc822\n\n" DAEMON("x") "Content-Type: multipart/report; report-type=delivery-status; boundary=c\n\n--c\n"
	  "Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@example.net\nAction: failed\nStatus: 5.1.1\n\n--c--\n--b--", "none" },
	{ "ordinary: a bounce forwarded in parts",
	  "From: bob@example.net\nSubject: Fwd: Undelivered Mail\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nLook.\n" STATUS
	  "Final-Recipient: rfc822; a@example.net\nAction: failed\nStatus: 5.1.1\n\n" FULL, "none" },
	{ "ordinary: a bounce pasted by a person",
	  "From: bob@example.net\nSubject: Undelivered Mail Returned to Sender\n\nThis is the mail system at host mx.example.org.\n\n"
	  "<a@example.net>: host said: 550 5.1.1 user unknown\n", "none" },
	{ "ordinary: a postmaster quotes a bounce",
	  "From: postmaster@example.org\nSubject: Undeliverable: hello\nIn-Reply-To: <5@example.com>\n\nHi Ann, this one is solved.\n\n"
	  "> This is the mail system at host mx.example.org.\n>\n> Unable to deliver message to <a@example.net>: 550 5.1.1 user unknown\n"
	  "> --- Below this line is a copy of the message.\n> Received: x\n> From: ann@example.com\n", "none" },
	{ "ordinary: a postmaster answers above a bounce",
	  "From: postmaster@example.org\nSubject: RE: Undeliverable: hello\n\nYour mail could not be delivered, as the name was wrong.\n\n"
	  "-----Original Message-----\nFrom: MAILER-DAEMON@mx.example.org\nSent: Monday\nTo: ann@example.com\nSubject: Undeliverable\n\n"
	  "<a@example.net>: 550 5.1.1 user unknown\n", "none" },
	{ "ordinary: a parcel that could not be delivered",
	  "From: no-reply@parcels.example\nSubject: Delivery failed\nAuto-Submitted: auto-generated\n\nYour parcel could not be delivered.\n"
	  "help@parcels.example\n", "none" },
	{ "ordinary: a digest of a list",
	  "From: list-request@example.org\nSubject: list digest\nContent-Type: multipart/digest; boundary=b\n\n--b\n\n" MAIL "--b--", "none" },
	{ "ordinary: cron", "From: root@example.org (Cron Daemon)\nAuto-Submitted: auto-generated\nSubject: Cron <root> backup\n\nok\n", "none" },
};

static bool inside(struct bytes part, struct bytes whole)
{
	return part.p >= whole.p && part.p + part.n <= whole.p + whole.n;
}

static void test_cases(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes message = heap_copy(cases[i].message);
		struct bounce b;

		tap_begin("%s", cases[i].name);
		CHECK(read_bounce(message, &b));
		CHECK_BYTES(describe(&b), cases[i].want);
		CHECK(b.why);
		tap_end();
		heap_free(message);
	}
}

/* What the descriptions above do not show, of the first case. */
static void test_fields(void)
{
	struct bytes message = heap_copy(cases[0].message);
	struct bounce b;

	tap_begin("fields of a notification");
	CHECK(read_bounce(message, &b) && b.machine && b.n == 1);
	CHECK_BYTES(b.reporting_mta, "mx.example.org");
	CHECK_BYTES(b.queue_id, "4F0A");
	CHECK(b.arrived == 1795460405);
	CHECK_BYTES(b.recipients[0].remote_mta, "mx.example.net");
	CHECK_BYTES(b.recipients[0].diagnostic, "550 5.1.1 <bob@example.net>: User unknown");
	CHECK(inside(b.returned, message) && bytes_istarts(b.returned, "Return-Path: <ann@example.com>"));
	tap_end();
	heap_free(message);

	tap_begin("fields of a complaint");
	message = heap_copy("From: fbl@example.org\n" REPORT("feedback-report") "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n"
	                    "Arrival-Date: Mon, 23 Nov 2026 20:00:05 +0100\nSource-IP: 192.0.2.1 (mx)\nReporting-MTA: dns; mx.example.net\n--b--");
	CHECK(read_bounce(message, &b) && b.machine);
	CHECK_BYTES(b.feedback_type, "abuse");
	CHECK_BYTES(b.source_ip, "192.0.2.1 (mx)");
	CHECK_BYTES(b.reporting_mta, "mx.example.net");
	CHECK(b.arrived == 1795460405);
	tap_end();
	heap_free(message);
}

/* What is shown as the server's words: without the address, the host and the rest of the mail. */
static void test_diagnostics(void)
{
	static const struct {
		const char *name, *text, *want;
	} rows[] = {
		{ "qmail", "Hi. This is the qmail-send program.\n\n<a@example.net>:\nSorry, no mailbox here. (#5.1.1)\n\nMore.\n",
		  "Sorry, no mailbox here. (#5.1.1)" },
		{ "an answer on two lines", "<a@example.net>:\n192.0.2.1 does not like recipient.\nRemote host said: 550-5.1.1 no\n550 5.1.1 user\n\nx",
		  "550-5.1.1 no 550 5.1.1 user" },
		{ "exim", "  a@example.net\n    host mx.example.net [192.0.2.1]:\n    550 unknown\n    user\n", "550 unknown user" },
		{ "quotes", "\"a@example.net\":\nhost: mx\n5.2.1 closed\n", "host: mx 5.2.1 closed" },
		{ "the reason before the address", "-- Failure Reasons --\n\nNobody of that name\na@example.net\n",
		  "-- Failure Reasons -- Nobody of that name a@example.net" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char text[1024];
		struct bounce b;
		tap_begin("diagnostic: %s", rows[i].name);
		snprintf(text, sizeof(text), DAEMON("failure notice") "\n%s", rows[i].text);
		struct bytes message = heap_copy(text);
		CHECK(read_bounce(message, &b) && b.n == 1);
		CHECK_BYTES(b.recipients[0].diagnostic, rows[i].want);
		tap_end();
		heap_free(message);
	}
}

static void test_names(void)
{
	tap_begin("names");
	CHECK(strcmp(bounce_kind_name(BOUNCE_AUTO_REPLY), "auto_reply") == 0);
	CHECK(strcmp(bounce_action_name(BOUNCE_EXPANDED), "expanded") == 0);
	tap_end();
}

/* However it is cut short: no crash, and slices that lie where they may. */
static void test_cut_short(void)
{
	tap_begin("each message, cut at each byte");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes whole = bytes_of(cases[i].message);
		for (size_t n = 0; n < whole.n; n += 1 + n / 97) {
			struct bytes message = heap_bytes(bytes_sub(whole, 0, n));
			struct bounce b;
			CHECK(read_bounce(message, &b));
			CHECK(b.kind == BOUNCE_NONE ? b.n == 0 : b.n > 0);
			heap_free(message);
		}
	}
	tap_end();
}

static void test_limit(void)
{
	static const struct {
		const char *name, *head, *unit;
	} rows[] = {
		{ "in the notification", DAEMON("x") REPORT("delivery-status") STATUS "Reporting-MTA: dns; x\n\n",
		  "Final-Recipient: rfc822; a%u@example.net\nAction: failed\nStatus: 5.1.1\n\n" },
		{ "in words", DAEMON("failure notice") "\nHi. This is the qmail-send program.\n\n", "<a%u@example.net>:\nno\n" },
		{ "in a field", "Return-Path: <>\nSubject: Undeliverable\nFrom: postmaster@example.net\nX-Failed-Recipients: x", ",\n a%u@example.net" },
		{ "in a complaint", "From: x@example.org\n" REPORT("feedback-report") "--b\nContent-Type: message/feedback-report\n\n",
		  "Original-Rcpt-To: a%u@example.net\n" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf text;
		struct bounce b;
		clock_t start = clock();
		tap_begin("20,000 recipients %s", rows[i].name);
		buf_init(&text, 1u << 24);
		buf_adds(&text, rows[i].head);
		for (unsigned n = 0; n < 20000; n++)
			buf_addf(&text, rows[i].unit, n);
		struct bytes message = heap_bytes(buf_bytes(&text));
		CHECK(read_bounce(message, &b) && b.kind != BOUNCE_NONE);
		CHECK_MSG(b.n == limits.v[LIMIT_BOUNCE_RECIPIENTS], "%zu", b.n);
		CHECK(work.reached & UINT64_C(1) << LIMIT_BOUNCE_RECIPIENTS);
		CHECK_BYTES(b.recipients[99].address, "a99@example.net");
		CHECK_MSG(clock() - start < 5 * CLOCKS_PER_SEC, "it took too long"); /* sanitizers, a busy machine */
		tap_end();
		buf_free(&text);
		heap_free(message);
	}
}

/* Nothing takes more than time in proportion to its length. */
static void test_hostile(void)
{
	static const struct {
		const char *name, *head, *unit;
		unsigned times;
	} rows[] = {
		{ "a mail of 15 MB", DAEMON("x") REPORT("delivery-status") "--b\nContent-Type: message/rfc822\n\n" RETURNED "\n",
		  "this is a line of text of the usual length, which is about seventy\n", 220000 },
		{ "a mail of 15 MB behind words", DAEMON("x") "\n--- Below this line is a copy of the message.\n\n" RETURNED "\n",
		  "this is a line of text of the usual length, which is about seventy\n", 220000 },
		{ "separators", DAEMON("x") "\n", "- original things\n", 500000 },
		{ "headers everywhere", DAEMON("x") "\n", "Received: x\n y\n\n", 500000 },
		{ "a fold without end", DAEMON("x") "\nReceived: x\n", " y\n", 1000000 },
		{ "brackets", DAEMON("x") "\n", "<", 5000000 },
		{ "half addresses", DAEMON("x") "\n", "a@", 3000000 },
		{ "quotes", DAEMON("x") "X-Failed-Recipients: ", "\"", 900000 },
		{ "styles that do not end", DAEMON("x") "Content-Type: text/html\n\n", "<style <script x&lt;", 300000 },
		{ "codes", DAEMON("x") "\n<a@example.net>: ", "550 5.1.1 ", 500000 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf text;
		struct bounce b;
		clock_t start = clock();
		tap_begin("hostile: %s", rows[i].name);
		buf_init(&text, 1u << 26);
		buf_adds(&text, rows[i].head);
		for (unsigned n = 0; n < rows[i].times; n++)
			buf_adds(&text, rows[i].unit);
		struct bytes message = heap_bytes(buf_bytes(&text));
		CHECK(read_bounce(message, &b));
		CHECK_MSG(clock() - start < 5 * CLOCKS_PER_SEC, "it took too long");
		tap_end();
		buf_free(&text);
		heap_free(message);
	}
}

/* Every allocation fails once: no crash, no leak, and the result stays as it was. */
static void test_memory(void)
{
	static const char *const names[] = { "a notification by the book", "exim, with a header that lists who failed", "only HTML",
	                                     "a mail list's alert, the mail indented", "a complaint (RFC 5965)" };

	for (size_t k = 0; k < ARRAY_LEN(names); k++) {
		long n = 0, failures = 0;
		size_t i = 0;
		while (strcmp(cases[i].name, names[k]) != 0)
			i++;
		tap_begin("each allocation fails once: %s", names[k]);
		for (bool whole = false; !whole && n < 2000; n++) {
			struct bounce b = { .n = 4711 };
			mem_fail_after(n, false);
			mem_fail_arenas();
			whole = read_bounce(bytes_of(cases[i].message), &b);
			mem_fail_after(-1, false);
			CHECK(whole || b.n == 4711);
			failures += !whole;
		}
		CHECK_MSG(n > 10 && n < 2000 && failures == n - 1, "%ld allocations, %ld failures", n, failures);
		tap_end();
	}
	arena_reset(work.arena);
}

int main(void)
{
	limits_init(&limits);
	mime_start();
	work = (struct work){ .arena = arena_new(limits.v[LIMIT_ARENA_BYTES]), .limits = &limits };
	assert(work.arena);
	test_cases();
	test_fields();
	test_diagnostics();
	test_names();
	test_cut_short();
	test_limit();
	test_hostile();
	test_memory();
	describe(&(struct bounce){ .n = 0 });
	arena_free(work.arena);
	return tap_done();
}
