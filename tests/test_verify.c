/* The property of pure checks, over whole messages: however the bytes are cut,
 * in whatever order answers arrive, with or without the ones that were only
 * foreseen, the results are the same. */
#include "judge.h"
#include "tap.h"
#include "verify/verify_json.h"

#define SEEDS 12

struct mail {
	char name[32];
	struct bytes message, zone;
};

static const char *const examples[] = { "forged", "genuine", "forwarded", "broken-from" };

/* Questions that the first run needed. */
struct needed {
	struct dns_question list[200];
	size_t n;
};

static bool is_needed(void *user, const struct dns_question *q)
{
	const struct needed *needed = user;

	for (size_t i = 0; i < needed->n; i++)
		if (dns_question_same(&needed->list[i], q))
			return true;
	return false;
}

static void note_needed(const struct verify *v, struct needed *to)
{
	to->n = 0;
	for (size_t i = 0; i < dns_book_count(v->book) && to->n < ARRAY_LEN(to->list); i++)
		if (dns_book_entry(v->book, i)->needed_by)
			to->list[to->n++] = dns_book_entry(v->book, i)->question;
}

/* The results as text, without how often the DNS was asked. The caller frees. */
static char *results(struct verify *v)
{
	json_t *j = v ? verify_json(v) : NULL;
	char *text;

	json_object_del(j, "dns");
	text = j ? json_dumps(j, JSON_SORT_KEYS | JSON_INDENT(1)) : strdup("no result");
	json_decref(j);
	return text;
}

/* One more way to judge the mail: it must come out as `want`. */
static void same(const struct mail *m, const char *want, size_t piece, const struct dns_script_settings *script,
                 struct limits *limits)
{
	struct judge j = {
		.zone = (const char *)m->zone.p, .ip = "203.0.113.66", .helo = "mail.club.example",
		.mail_from = "alice@example.org", .piece = piece, .script = script, .limits = limits,
	};
	struct verify *v = judge_message(&j, m->message);
	char *got = results(v);

	CHECK_MSG(strcmp(got, want) == 0, "piece %zu: %s", piece, got);
	free(got);
	judge_free(&j, v);
}

static void test_mail(const struct mail *m)
{
	static const size_t pieces[] = { 1, 7, 64, 1000, 65536 };
	struct judge j = {
		.zone = (const char *)m->zone.p, .ip = "203.0.113.66", .helo = "mail.club.example",
		.mail_from = "alice@example.org",
	};
	struct verify *v = judge_message(&j, m->message);
	char *want = results(v);
	struct needed needed;
	struct limits limits;

	tap_begin("%s: it is judged, and its author is read", m->name);
	CHECK(v && strcmp(want, "no result") != 0 && v->author.n >= 1);
	note_needed(v, &needed);
	CHECK(needed.n > 0);
	tap_end();

	tap_begin("%s: the same in pieces of any size", m->name);
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++)
		same(m, want, pieces[i], NULL, NULL);
	tap_end();

	tap_begin("%s: the same in any order of arrival", m->name);
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct dns_script_settings s = { .one_at_a_time = true, .shuffle = seed, .latency_ms = 10 };
		same(m, want, 0, &s, NULL);
	}
	tap_end();

	tap_begin("%s: the same without the answers that were not needed", m->name);
	struct dns_script_settings only = { .answers = is_needed, .user = &needed, .latency_ms = 10 };
	same(m, want, 0, &only, NULL);
	tap_end();

	tap_begin("%s: the same without foresight", m->name);
	limits_init(&limits);
	limits.v[LIMIT_FORESEEN] = 0;
	same(m, want, 0, NULL, &limits);
	tap_end();
	free(want);
	judge_free(&j, v);
}

/* Six includes on one level, two signatures, DMARC at three labels: how many round trips? */
static void test_rounds(void)
{
	static const char zone[] =
		"a.b.mine.example. 60 TXT \"v=spf1 include:i1.mine.example include:i2.mine.example include:i3.mine.example "
		"include:i4.mine.example include:i5.mine.example include:i6.mine.example -all\"\n"
		"i1.mine.example. 60 TXT \"v=spf1 ip4:192.0.2.1 ?all\"\ni2.mine.example. 60 TXT \"v=spf1 ip4:192.0.2.2 ?all\"\n"
		"i3.mine.example. 60 TXT \"v=spf1 ip4:192.0.2.3 ?all\"\ni4.mine.example. 60 TXT \"v=spf1 ip4:192.0.2.4 ?all\"\n"
		"i5.mine.example. 60 TXT \"v=spf1 mx:mine.example ?all\"\ni6.mine.example. 60 TXT \"v=spf1 a:mine.example ?all\"\n"
		"mine.example. 60 MX 10 mx.mine.example.\nmx.mine.example. 60 A 192.0.2.9\nmine.example. 60 A 203.0.113.66\n"
		"_dmarc.mine.example. 60 TXT \"v=DMARC1; p=reject\"\n";
	static const char message[] =
		"DKIM-Signature: v=1; a=rsa-sha256; d=a.b.mine.example; s=k; h=from; bh=AAAA; b=AAAA\r\n"
		"DKIM-Signature: v=1; a=rsa-sha256; d=other.example; s=k; h=from; bh=AAAA; b=AAAA\r\n"
		"From: <a@a.b.mine.example>\r\n\r\nbody\r\n";
	struct dns_script_settings script = { .latency_ms = 50 };
	struct judge j = {
		.zone = zone, .ip = "203.0.113.66", .helo = "x.other.example", .mail_from = "a@a.b.mine.example",
		.script = &script,
	};
	struct verify *v = judge_message(&j, (struct bytes){ (const uint8_t *)message, sizeof(message) - 1 });

	tap_begin("six includes, two signatures, three labels: at most four round trips");
	CHECK(v && v->spf.result == SPF_PASS && v->dmarc.result == DMARC_PASS);
	CHECK_MSG(v && dns_book_rounds(v->book) <= 4, "%u round trips", v ? dns_book_rounds(v->book) : 0);
	tap_end();
	judge_free(&j, v);
}

/* What a stranger's slow DNS may do to the author's policy: nothing. */
static void test_slow_stranger(void)
{
	static const char zone[] =
		"_dmarc.mine.example. 60 TXT \"v=DMARC1; p=reject\"\n"
		";!fault thief.example. TXT timeout\n"
		";!fault k._domainkey.thief.example. TXT timeout\n"
		";!fault _dmarc.thief.example. TXT timeout\n"
		";!fault helo.thief.example. TXT timeout\n";
	static const char message[] =
		"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=thief.example; s=k; h=from; "
		"bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA\r\n" /* of an empty body */
		"From: <a@mine.example>\r\n\r\n";
	struct judge j = {
		.zone = zone, .ip = "203.0.113.66", .helo = "helo.thief.example", .mail_from = "a@thief.example",
	};
	struct verify *v = judge_message(&j, (struct bytes){ (const uint8_t *)message, sizeof(message) - 1 });

	tap_begin("a stranger's silent DNS changes nothing for the author's policy");
	CHECK(v && v->spf.result == SPF_TEMPERROR && v->dmarc.result == DMARC_FAIL);
	CHECK(v && v->dmarc.applied == DMARC_POLICY_REJECT);
	CHECK(v && v->dkim.n == 1 && v->dkim.results[0].result == DKIM_TEMPERROR);
	tap_end();
	judge_free(&j, v);
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(examples); i++) {
		char path[128];
		struct mail m;

		snprintf(m.name, sizeof(m.name), "%s", examples[i]);
		snprintf(path, sizeof(path), "../examples/%s/message.eml", examples[i]);
		m.message = read_file(test_path(path));
		snprintf(path, sizeof(path), "../examples/%s/dns.zone", examples[i]);
		m.zone = read_file(test_path(path));
		if (!m.message.p || !m.zone.p)
			return 1;
		((uint8_t *)(uintptr_t)m.zone.p)[m.zone.n] = 0; /* read_file leaves room for it */
		test_mail(&m);
		heap_free(m.message);
		heap_free(m.zone);
	}
	test_rounds();
	test_slow_stranger();
	return tap_done();
}
