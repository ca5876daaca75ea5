#include "base/clock.h"
#include "base/mem.h"
#include "tap.h"
#include "verify/session.h"

static struct work w;
static struct limits limits;

#define AT "; Mon, 23 Nov 2026 20:00:05 +0100\r\n"
#define FROM "From: Ann <ann@example.org>\r\n"
#define EVIL "Received: from evil.example (host.isp.example [203.0.113.5])\r\n\tby mx.ours.example (Postfix) with ESMTP id 1" AT
#define LMTP "Received: from mx.ours.example ([192.0.2.10])\r\n\tby imap.ours.example with LMTP id 9\r\n" \
	"\t(envelope-from <bounce@evil.example>)\r\n\tfor <ann@ours.example>" AT

/* "IP helo=H rdns=R from=<F> to=<T> auth=U tls=yes|no at=T", each only if known; "?" behind a claim */
static const struct {
	const char *name, *header, *want;
} cases[] = {
	{ "the line at the hand-over tells all",
	  "Received: from h.example ([203.0.113.5] helo=evil.example)\r\n\tby mx.ours.example with esmtps (Exim 4.96)\r\n"
	  "\t(envelope-from <x@evil.example>)\r\n\tid 1r\r\n\tfor ann@ours.example" AT
	  "Return-Path: <typed@bank.example>\r\n" FROM,
	  "203.0.113.5 helo=evil.example rdns=h.example from=<x@evil.example> to=<ann@ours.example> tls=yes at=2026-11-23T19:00:05Z" },
	{ "the store's line tells the envelope", LMTP EVIL FROM,
	  "203.0.113.5 helo=evil.example rdns=host.isp.example from=<bounce@evil.example> to=<ann@ours.example> tls=no "
	  "at=2026-11-23T19:00:05Z" },
	{ "Return-Path on top is a fact",
	  "Return-Path: <bounce@evil.example> (remark)\r\nX-Original-To: ann@ours.example\r\nDelivered-To: box@ours.example\r\n" EVIL FROM,
	  "203.0.113.5 helo=evil.example rdns=host.isp.example from=<bounce@evil.example> to=<ann@ours.example> tls=no "
	  "at=2026-11-23T19:00:05Z" },
	{ "Return-Path below is a claim", EVIL "Return-Path: <ann@ours.example>\r\nDelivered-To: x@y.example\r\n" FROM,
	  "203.0.113.5 helo=evil.example rdns=host.isp.example from=<ann@ours.example>? tls=no at=2026-11-23T19:00:05Z" },
	{ "the null sender", "Return-Path: <>\r\n" EVIL FROM,
	  "203.0.113.5 helo=evil.example rdns=host.isp.example from=<> tls=no at=2026-11-23T19:00:05Z" },
	{ "a folded Return-Path", "Return-Path:\r\n <bounce\r\n @evil.example>\r\n" EVIL FROM,
	  "203.0.113.5 helo=evil.example rdns=host.isp.example from=<<bounce @evil.example>> tls=no at=2026-11-23T19:00:05Z" },
	{ "Received-SPF on top", "Received-SPF: fail (x) client-ip=203.0.113.5; envelope-from=\"b@evil.example\"\r\n" EVIL FROM,
	  "203.0.113.5 helo=evil.example rdns=host.isp.example from=<b@evil.example> tls=no at=2026-11-23T19:00:05Z" },
	{ "Received-SPF below is nobody's word", EVIL "Received-SPF: pass envelope-from=ann@ours.example\r\n" FROM,
	  "203.0.113.5 helo=evil.example rdns=host.isp.example tls=no at=2026-11-23T19:00:05Z" },
	{ "Authentication-Results on top", "Authentication-Results: mx.ours.example; spf=fail smtp.mailfrom=b@evil.example\r\n" EVIL FROM,
	  "203.0.113.5 helo=evil.example rdns=host.isp.example from=<b@evil.example> tls=no at=2026-11-23T19:00:05Z" },
	{ "a bare domain there", "Authentication-Results: mx.ours.example; spf=fail smtp.mailfrom=evil.example\r\n" EVIL FROM,
	  "203.0.113.5 helo=evil.example rdns=host.isp.example from=<postmaster@evil.example> tls=no at=2026-11-23T19:00:05Z" },
	{ "results of others are nobody's word", "Authentication-Results: mx.evil.example; spf=pass smtp.mailfrom=ann@ours.example\r\n"
	  EVIL FROM, "203.0.113.5 helo=evil.example rdns=host.isp.example tls=no at=2026-11-23T19:00:05Z" },
	{ "a log-in: SPF is not about that client",
	  "Received: from laptop (home.isp.example [198.51.100.7]) (Authenticated sender: ann)\r\n\tby mx.ours.example (Postfix) with "
	  "ESMTPSA id 7" AT FROM, "- auth=ann tls=yes at=2026-11-23T19:00:05Z" },
	{ "a log-in at one server, handed to another: SPF is about the first",
	  "Received: from out.ours.example (out.ours.example [192.0.2.25])\r\n\tby mx.ours.example (Postfix) with ESMTPS id 4" AT
	  "Received: from laptop (home.isp.example [198.51.100.7]) (Authenticated sender: ann)\r\n\tby out.ours.example (Postfix) with "
	  "ESMTPSA id 7" AT FROM,
	  "192.0.2.25 helo=out.ours.example rdns=out.ours.example auth=ann tls=yes at=2026-11-23T19:00:05Z" },
	{ "it began inside at a local address: nothing for SPF",
	  "Received: from printer ([192.168.1.3])\r\n\tby mx.ours.example (Postfix) with ESMTP id 7" AT FROM,
	  "- tls=no at=2026-11-23T19:00:05Z" },
	{ "no date", "Received: from evil.example ([203.0.113.5]) by mx.ours.example with SMTP\r\n" FROM,
	  "203.0.113.5 helo=evil.example" },
	{ "no trace", FROM, "-" },
	{ "no trace, a Return-Path", "Return-Path: <a@b.example>\r\n" FROM, "- from=<a@b.example>?" },
};

static struct bytes add(struct bytes to, const char *name, const struct session_value *v, const char *open, const char *close)
{
	if (!v->source)
		return to;
	return arena_printf(w.arena, "%.*s %s=%s%.*s%s%s", BYTES_ARG(to), name, open, BYTES_ARG(v->text), close, v->fact ? "" : "?");
}

static struct bytes describe(const struct session *s)
{
	static const char *const tls[] = { "", " tls=no", " tls=yes" };
	char ip[IP_TEXT], at[CLOCK_TEXT];
	struct bytes to = arena_printf(w.arena, "%s", s->ip.source ? ip_text(&s->ip.ip, ip) : "-");

	to = add(to, "helo", &s->helo, "", "");
	to = add(to, "rdns", &s->rdns, "", "");
	to = add(to, "from", &s->mail_from, "<", ">");
	to = add(to, "to", &s->rcpt_to, "<", ">");
	to = add(to, "auth", &s->auth_user, "", "");
	return arena_printf(w.arena, "%.*s%s%s%s", BYTES_ARG(to), tls[s->tls], s->time >= 0 ? " at=" : "",
	                    s->time >= 0 ? clock_rfc3339(s->time, at) : "");
}

static void recover(struct bytes message, struct session *s)
{
	struct trust trust = { .n_hosts = 0 };
	struct handover ho;
	struct header h;

	header_index(&w, &h, message);
	handover_find(&w, &h, &trust, &ho);
	session_recover(&w, &h, &ho, s);
}

static void run_cases(void)
{
	struct session s;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes text = heap_copy(cases[i].header);

		tap_begin("%s", cases[i].name);
		arena_reset(w.arena);
		recover(text, &s);
		struct bytes got = describe(&s);
		CHECK_MSG(bytes_eq(got, cases[i].want), "\n#  got %.*s\n# want %s", BYTES_ARG(got), cases[i].want);
		tap_end();
		heap_free(text);
	}
}

/* The value of "key = value" in a session file; none of the examples needs percent-decoding. */
static struct bytes ini_value(struct bytes ini, const char *key)
{
	struct bytes line, name;

	while (bytes_cut(&ini, '\n', &line)) {
		bytes_cut(&line, '=', &name);
		if (bytes_eq(bytes_trim(name), key))
			return bytes_trim(line);
	}
	return (struct bytes){ NULL, 0 };
}

/* The trace of each example tells what its session file does. */
static void run_examples(void)
{
	static const char *const names[] = { "forged", "genuine", "forwarded", "broken-from" };
	char path[256], ip[IP_TEXT], at[CLOCK_TEXT];
	struct session s;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		snprintf(path, sizeof(path), "../examples/%s/message.eml", names[i]);
		struct bytes message = read_file(test_path(path));
		snprintf(path, sizeof(path), "../examples/%s/session.ini", names[i]);
		struct bytes ini = read_file(test_path(path));

		tap_begin("example %s: the session is recovered", names[i]);
		arena_reset(w.arena);
		CHECK(message.p && ini.p);
		recover(message, &s);
		CHECK_BYTES(ini_value(ini, "ip"), ip_text(&s.ip.ip, ip));
		CHECK(bytes_same(ini_value(ini, "helo"), s.helo.text));
		CHECK(bytes_same(ini_value(ini, "mail-from"), s.mail_from.text) && s.mail_from.fact);
		CHECK(bytes_same(ini_value(ini, "rcpt-to"), s.rcpt_to.text));
		if (!s.authenticated)
			CHECK_BYTES(ini_value(ini, "at"), clock_rfc3339(s.time, at));
		tap_end();
		heap_free(message);
		heap_free(ini);
	}
}

/* Each allocation fails in turn, and each small arena runs full: no crash, no leak. */
static void run_memory(void)
{
	static const char text[] = LMTP "Authentication-Results: \"mx.ours.example\"; spf=pass smtp.mailfrom=\"a b\"@x\r\n" EVIL FROM;
	struct limits l;
	struct handover ho;
	struct session s;
	struct header h;

	limits_init(&l);
	tap_begin("out of memory at any point is survived and said");
	for (size_t cap = 0; cap < 40000; cap += 16) {
		struct work small = { .arena = arena_new(cap), .limits = &l };
		struct trust trust = { .n_hosts = 0 };
		mem_fail_after((long)(cap % 5), true);
		header_index(&small, &h, bytes_of(text));
		handover_find(&small, &h, &trust, &ho);
		session_recover(&small, &h, &ho, &s);
		mem_fail_after(-1, false);
		CHECK(arena_failed(small.arena) || (ho.found && ho.n_authres == 1 && s.mail_from.source));
		arena_free(small.arena);
	}
	tap_end();
}

int main(void)
{
	limits_init(&limits);
	w = (struct work){ .arena = arena_new(16 << 20), .limits = &limits };
	run_cases();
	run_examples();
	run_memory();
	arena_free(w.arena);
	return tap_done();
}
