/* Which mails are one campaign, and what the summary says of it. */
#include "base/ip.h"
#include "base/mem.h"
#include "explain/campaign.h"
#include "tap.h"

#define NOON 1794830400 /* 2026-11-16T12:00:00Z */
#define HOUR 3600
#define DAY 86400

/* --- mails, as campaign_read leaves them --- */

struct spec {
	enum verdict_kind verdict;
	int64_t time;
	const char *subject, *body, *place; /* NULL: none */
	const char *ip;
	bool owner, bounce, own;
	uint64_t author;
	uint32_t asn;
};

static void add_key(struct campaign_mail *m, enum campaign_key_kind kind, const char *text)
{
	struct bytes t = bytes_of(text);

	if (!text)
		return;
	m->keys[m->n_keys] = (struct campaign_key){ .kind = kind, .hash = bytes_hash(t, kind), .n = (uint8_t)t.n };
	memcpy(m->keys[m->n_keys++].text, text, t.n);
}

static struct campaign_mail mail_of(const struct spec *s)
{
	struct campaign_mail m = {
		.verdict = s->verdict, .time = s->time, .in_owner_name = s->owner, .bounce = s->bounce, .own = s->own,
		.author = s->author, .asn = s->asn,
	};

	add_key(&m, CAMPAIGN_SUBJECT, s->subject);
	add_key(&m, CAMPAIGN_BODY, s->body);
	add_key(&m, CAMPAIGN_PLACE, s->place);
	if (s->ip && !ip_net_parse(bytes_of(s->ip), &m.net))
		assert(0);
	return m;
}

static void add(struct campaigns *c, struct spec s)
{
	struct campaign_mail m = mail_of(&s);

	CHECK(campaign_add(c, &m));
}

static struct campaigns *start(void)
{
	static struct limits limits;

	limits_init(&limits);
	struct campaigns *c = campaign_new(&limits);
	assert(c);
	return c;
}

static struct campaign_summary finish(struct campaigns *c)
{
	struct campaign_summary s = { 0 };

	CHECK(campaign_finish(c, &s));
	return s;
}

/* --- which mails belong together --- */

#define FORGED(...) { .owner = true, .verdict = VERDICT_FORGED, __VA_ARGS__ }

static const struct {
	const char *name;
	struct spec mails[6];
	size_t n, groups, largest;
} joins[] = {
	{ "the same subject", { FORGED(NOON, "one"), FORGED(NOON, "one"), FORGED(NOON, "one") }, 3, 1, 3 },
	{ "the same place, other subjects", { FORGED(NOON, "one", .place = "p"), FORGED(NOON, "two", .place = "p"),
	  FORGED(NOON, "three", .place = "p") }, 3, 1, 3 },
	{ "a chain of a text, a subject and a place", { FORGED(NOON, "one", "t"), FORGED(NOON, "two", "t"),
	  FORGED(NOON, "two", "u", "p"), FORGED(NOON, NULL, NULL, "p") }, 4, 1, 4 },
	{ "nothing in common", { FORGED(NOON, "one"), FORGED(NOON, "two"), FORGED(NOON, "three") }, 3, 0, 0 },
	{ "a subject and a place of the same letters are not the same", { FORGED(NOON, "one"), FORGED(NOON, NULL, "one"),
	  FORGED(NOON, .place = "one") }, 3, 0, 0 },
	{ "two are no campaign", { FORGED(NOON, "one"), FORGED(NOON, "one") }, 2, 0, 0 },
	{ "a week apart", { FORGED(NOON, "one"), FORGED(NOON + 7 * DAY, "one"), FORGED(NOON + 14 * DAY, "one") }, 3, 0, 0 },
	{ "two days apart, each", { FORGED(NOON, "one"), FORGED(NOON + 2 * DAY, "one"), FORGED(NOON + 4 * DAY, "one") }, 3, 1, 3 },
	{ "in any order", { FORGED(NOON + 4 * DAY, "one"), FORGED(NOON, "one"), FORGED(NOON + 2 * DAY, "one") }, 3, 1, 3 },
	{ "two waves of one subject", { FORGED(NOON, "one"), FORGED(NOON + 30 * DAY, "one"), FORGED(NOON, "one"),
	  FORGED(NOON + 30 * DAY, "one"), FORGED(NOON, "one"), FORGED(NOON + 30 * DAY, "one") }, 6, 2, 3 },
	{ "without a time they are of one time", { FORGED(-1, "one"), FORGED(-1, "one"), FORGED(-1, "one") }, 3, 1, 3 },
	{ "a place that proven mail of two authors has, too, joins nothing", { FORGED(NOON, "one", .place = "p"),
	  { VERDICT_PROVEN, NOON, "x", .place = "p", .author = 1 }, FORGED(NOON, "two", .place = "p"),
	  { VERDICT_PROVEN, NOON, "y", .place = "p", .author = 3 }, FORGED(NOON, "three", .place = "p") }, 5, 0, 0 },
	{ "one that proven mail of one author has does", { FORGED(NOON, "one", .place = "p"),
	  { VERDICT_PROVEN, NOON, "x", .place = "p", .author = 1 }, FORGED(NOON, "two", .place = "p"),
	  { VERDICT_PROVEN, NOON, "y", .place = "p", .author = 1 }, FORGED(NOON, "three", .place = "p") }, 5, 1, 3 },
	{ "proven mail of others is no campaign", { { VERDICT_PROVEN, NOON, "one" }, { VERDICT_PROVEN, NOON, "one" },
	  { VERDICT_PROVEN, NOON, "one" } }, 3, 0, 0 },
	{ "unproven mail of others is none either", { { VERDICT_UNPROVEN, NOON, "one" }, { VERDICT_UNPROVEN, NOON, "one" },
	  { VERDICT_UNPROVEN, NOON, "one" } }, 3, 0, 0 },
	{ "a few mails of the owner's own in one thread are none", { { VERDICT_GENUINE, NOON, "one", .owner = true },
	  { VERDICT_GENUINE, NOON, "one", .owner = true }, { VERDICT_GENUINE, NOON, "one", .owner = true } }, 3, 0, 0 },
};

static void test_joins(void)
{
	for (size_t i = 0; i < ARRAY_LEN(joins); i++) {
		struct campaigns *c = start();

		tap_begin("%s", joins[i].name);
		for (size_t k = 0; k < joins[i].n; k++)
			add(c, joins[i].mails[k]);
		struct campaign_summary s = finish(c);
		CHECK_MSG(s.n == joins[i].groups && s.more == 0, "%zu groups", s.n);
		CHECK(s.n == 0 || s.list[0].mails == joins[i].largest);
		CHECK(s.mails == joins[i].n);
		tap_end();
		campaign_free(c);
	}
}

/* --- what they are --- */

static const struct {
	const char *name;
	enum verdict_kind verdicts[3];
	const char *kind;
} kinds[] = {
	{ "forged", { VERDICT_FORGED, VERDICT_FORGED, VERDICT_CANNOT_TELL }, "forged" },
	{ "backscatter is about forged mail", { VERDICT_BACKSCATTER, VERDICT_BACKSCATTER, VERDICT_BACKSCATTER }, "forged" },
	{ "the account was used", { VERDICT_ACCOUNT_USED, VERDICT_GENUINE, VERDICT_CANNOT_TELL }, "hacked" },
	{ "a web form was used", { VERDICT_FORGED_THROUGH, VERDICT_GENUINE, VERDICT_GENUINE }, "hacked" },
	{ "an infected device", { VERDICT_OWN_DEVICE, VERDICT_OWN_DEVICE, VERDICT_OWN_DEVICE }, "hacked" },
	{ "forged and hacked", { VERDICT_FORGED, VERDICT_ACCOUNT_USED, VERDICT_GENUINE }, "both" },
	{ "a genuine one among forged ones is no intrusion", { VERDICT_FORGED, VERDICT_FORGED, VERDICT_GENUINE }, "forged" },
	{ "look-alikes", { VERDICT_LOOKALIKE, VERDICT_LOOKALIKE, VERDICT_UNPROVEN }, "lookalike" },
	{ "nothing of weight", { VERDICT_CANNOT_TELL, VERDICT_CANNOT_TELL, VERDICT_CANNOT_TELL }, "cannot_tell" },
};

static void test_kinds(void)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct campaigns *c = start();

		tap_begin("kind: %s", kinds[i].name);
		for (size_t k = 0; k < 3; k++)
			add(c, (struct spec){ kinds[i].verdicts[k], NOON, "one", .owner = true });
		struct campaign_summary s = finish(c);
		if (CHECK(s.n == 1))
			CHECK_BYTES(bytes_of(campaign_kind_name(s.list[0].kind)), kinds[i].kind);
		tap_end();
		campaign_free(c);
	}
	tap_begin("kind: many copies through the account, and nothing speaks of a stranger");
	struct campaigns *c = start();
	for (size_t k = 0; k < 20; k++)
		add(c, (struct spec){ VERDICT_GENUINE, NOON, "one", .owner = true });
	struct campaign_summary s = finish(c);
	CHECK(s.n == 1 && s.list[0].kind == CAMPAIGN_OWN && s.list[0].inside == 20);
	tap_end();
	campaign_free(c);
}

/* --- the numbers --- */

static void test_counts(void)
{
	static const char *const nets[] = { "192.0.2.0/24", "198.51.100.0/24", "2001:db8:1::/48", "203.0.113.0/24" };
	struct campaigns *c = start();

	tap_begin("times, networks, subjects and places are counted");
	for (size_t i = 0; i < 100; i++) {
		struct spec s = FORGED(NOON + (int64_t)i * 60, i % 4 ? "one" : "two", "text", "pay.example", .ip = nets[i % 3],
		                       .asn = 64500 + i % 2);
		add(c, s);
	}
	struct spec late = FORGED(NOON + 2 * DAY, "one", .ip = nets[3], .own = true);
	add(c, late);
	struct spec bounce = { VERDICT_BACKSCATTER, NOON + HOUR, "one", .bounce = true };
	add(c, bounce);
	struct campaign_summary s = finish(c);
	if (CHECK(s.n == 1)) {
		const struct campaign *g = &s.list[0];
		CHECK(g->mails == 102 && g->bounces == 1 && g->in_owner_name == 101 && g->number == 1);
		CHECK(g->verdicts[VERDICT_FORGED] == 101 && g->verdicts[VERDICT_BACKSCATTER] == 1);
		CHECK(g->first == NOON && g->last == NOON + 2 * DAY && g->busy_to - g->busy_from < 100 * 60);
		CHECK_MSG(g->networks == 4 && g->own_networks == 1 && g->systems == 2, "%zu %zu %zu", g->networks,
		          g->own_networks, g->systems);
		CHECK_BYTES(g->subject, "one");
		CHECK(g->subjects == 2);
		CHECK_BYTES(g->place, "pay.example");
	}
	CHECK(s.mails == 102 && s.verdicts[VERDICT_FORGED] == 101 && s.bounces == 1 && s.strange == 1 && s.wave == 0);
	tap_end();
	campaign_free(c);
}

static void test_wave(void)
{
	static const struct {
		const char *name;
		size_t bounces;
		int64_t every;
		enum verdict_kind verdict;
		size_t wave;
	} cases[] = {
		{ "a few bounces are no wave", 9, 60, VERDICT_BACKSCATTER, 0 },
		{ "ten in ten minutes are", 10, 60, VERDICT_BACKSCATTER, 10 },
		{ "the worst day counts", 60, HOUR, VERDICT_CANNOT_TELL, 24 },
		{ "one a day is no wave", 60, DAY, VERDICT_BACKSCATTER, 0 },
		{ "about the owner's own mail is none", 60, 60, VERDICT_ABOUT_YOUR_MAIL, 0 },
		{ "without a time nothing can be said", 60, 0, VERDICT_BACKSCATTER, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct campaigns *c = start();

		tap_begin("bounces: %s", cases[i].name);
		for (size_t k = 0; k < cases[i].bounces; k++)
			add(c, (struct spec){ cases[i].verdict, cases[i].every ? NOON + (int64_t)k * cases[i].every : -1, .bounce = true });
		struct campaign_summary s = finish(c);
		CHECK_MSG(s.wave == cases[i].wave, "%zu", s.wave);
		CHECK(s.wave == 0 || (s.wave_to >= s.wave_from && s.wave_to - s.wave_from < DAY));
		CHECK(s.bounces == cases[i].bounces && s.n == 0);
		tap_end();
		campaign_free(c);
	}
}

static void test_many(void)
{
	struct limits limits;

	limits_init(&limits);
	limits.v[LIMIT_CAMPAIGN_MAILS] = 50000;
	struct campaigns *c = campaign_new(&limits);
	tap_begin("60,000 mails in 10,000 campaigns: the largest are listed, the limit is said");
	assert(c);
	for (size_t i = 0; i < 60000; i++) {
		char subject[20];
		snprintf(subject, sizeof(subject), "subject %zu", i % 10000 < 5 ? 0 : i % 10000);
		struct spec s = FORGED(NOON + (int64_t)i, subject);
		add(c, s);
	}
	struct campaign_summary s = finish(c);
	CHECK(s.mails == 60000 && s.not_grouped == 10000 && s.n == CAMPAIGN_LISTED && s.n + s.more == 9996);
	CHECK(s.n && s.list[0].mails == 25 && s.list[1].mails == 5 && s.list[1].number < s.list[2].number);
	tap_end();
	campaign_free(c);
}

/* --- words --- */

static void check_words(const char *name, const struct campaign_summary *s, const char *const *want)
{
	struct buf page, flat;
	struct bytes rest, line;

	tap_begin("words: %s", name);
	buf_init(&page, 1 << 20);
	buf_init(&flat, 1 << 20);
	campaign_words(&page, s);
	CHECK(!page.failed);
	for (rest = buf_bytes(&page); bytes_cut(&rest, '\n', &line);) {
		CHECK_MSG(line.n <= 80, "a line of %zu: %.*s", line.n, BYTES_ARG(line));
		buf_add(&flat, bytes_trim(line));
		buf_add_byte(&flat, ' ');
	}
	for (size_t i = 0; want[i]; i++)
		CHECK_MSG(bytes_search(buf_bytes(&flat), bytes_of(want[i])) < flat.n, "\"%s\" is not in: %.*s", want[i],
		          BYTES_ARG(buf_bytes(&flat)));
	tap_end();
	buf_free(&page);
	buf_free(&flat);
}

static void test_words(void)
{
	struct campaign big = {
		.kind = CAMPAIGN_FORGED, .mails = 3412, .in_owner_name = 3412, .first = NOON - 9 * HOUR - 3000,
		.last = NOON - 6 * HOUR - 1200, .networks = 212, .subject = B("You \x1b[31mwere hacked"), .subjects = 3, .place = B("pay.example"),
	};
	big.busy_from = big.first;
	big.busy_to = big.last;
	struct campaign_summary s = { .mails = 4000, .list = &big, .n = 1 };
	s.verdicts[VERDICT_FORGED] = 3412;
	s.verdicts[VERDICT_CANNOT_TELL] = 588;

	check_words("the campaign of the manual", &s, (const char *const[]){
		"4,000 mails: 3,412 forged, 588 cannot tell",
		"1. FORGED: about 3,400 mails between 02:10 and 05:40 UTC on 16 Nov 2026, from 212 networks, none of them yours.",
		"Subject: \"You ?[31mwere hacked\" and 2 others; leads to pay.example.", "Nothing in these mails shows", NULL });
	big.busy_to = big.first + 600;
	big.last += 3 * DAY;
	big.bounces = 412;
	big.own_networks = 2;
	big.inside = 3;
	check_words("most of them in a short time, with bounces", &s, (const char *const[]){
		"3,000 mails and 412 bounces and replies to such, most of them between 02:10 and 02:20 UTC on 16 Nov 2026",
		"from 212 networks, 2 of which may send for you", "3 with the same marks came through your own account", NULL });
	big.kind = CAMPAIGN_BOTH;
	big.busy_to = big.last;
	big.networks = big.own_networks = 1;
	check_words("both, over days, from one network", &s, (const char *const[]){
		"1. FORGED AND HACKED:", "between 16 Nov 2026, 02:10 and 19 Nov 2026, 05:40 UTC, from one network, which may send for you.", NULL });
	big.kind = CAMPAIGN_FORGED;
	big.in_owner_name = big.bounces = 0;
	big.first = -1;
	big.mails = 123456;
	check_words("in the names of others, without a time", &s, (const char *const[]){
		"about 120,000 mails, from one network", "Somebody writes the addresses of others", NULL });
	s = (struct campaign_summary){ .mails = 1, .wave = 40, .wave_from = NOON, .wave_to = NOON + HOUR, .not_grouped = 7 };
	s.verdicts[VERDICT_ABOUT_YOUR_MAIL] = 1;
	check_words("a wave of bounces", &s, (const char *const[]){
		"1 mail: 1 about your mail", "Of the bounces and automatic replies 40 came within a day (between 12:00 and 13:00 UTC",
		"7 mails more were judged", NULL });
}

static void test_json(void)
{
	struct arena *a = arena_new(1 << 20);
	struct campaigns *c = start();

	tap_begin("JSON has every field");
	for (size_t i = 0; i < 4; i++) {
		struct spec s = FORGED(NOON, "on\xff", .place = "pay.example", .ip = "192.0.2.0/24");
		add(c, s);
	}
	struct campaign_summary s = finish(c);
	json_t *o = campaign_json(a, &s);
	char *text = json_dumps(o, JSON_COMPACT);
	CHECK(text && strcmp(text, "{\"mails\":4,\"verdicts\":{\"forged\":4},\"bounces\":0,\"strange_bounces\":0,\"wave\":null,"
		"\"campaigns\":[{\"kind\":\"forged\",\"mails\":4,\"bounces\":0,\"in_owner_name\":4,\"inside\":0,\"verdicts\":{\"forged\":4},"
		"\"first\":\"2026-11-16T12:00:00Z\",\"last\":\"2026-11-16T12:00:00Z\",\"busy_from\":\"2026-11-16T12:00:00Z\","
		"\"busy_to\":\"2026-11-16T12:00:00Z\",\"networks\":1,\"own_networks\":0,\"systems\":0,\"subject\":\"on\xef\xbf\xbd\","
		"\"subjects\":1,\"place\":\"pay.example\",\"first_mail\":1}],\"campaigns_not_listed\":0,\"not_compared\":0}") == 0);
	free(text);
	json_decref(o);
	tap_end();
	campaign_free(c);
	arena_free(a);
}

/* --- subjects --- */

static const struct { const char *subject, *left; } subjects[] = {
	{ "You were hacked", "you were hacked" },
	{ "Re: You were HACKED!!", "you were hacked" },
	{ "AW: Fwd: Re[2]: [list] You  were\r\n hacked", "you were hacked" },
	{ "Automatic reply: You were hacked", "you were hacked" },
	{ "Invoice 2026-1187 of 3 November", "invoice of november" },
	{ "Rechnung f\xc3\xbcr M\xc3\xa4rz", "rechnung f\xc3\xbcr m\xc3\xa4rz" },
	{ "Hi", "" }, { "", "" }, { "Re:", "" }, { "12345678", "" }, { "[", "" }, { "Re[", "" }, { "[a]", "" },
	{ "Regards: see below", "regards see below" },
	{ "Re: Re: Re: Re: Re: Re: Re: Re: Re: Re: endless", "re re endless" },
};

static void test_subjects(void)
{
	for (size_t i = 0; i < ARRAY_LEN(subjects); i++) {
		struct bytes subject = heap_copy(subjects[i].subject);
		struct arena *a = arena_new(1 << 20);

		tap_begin("subject: %.20s (%zu)", subjects[i].subject, i);
		CHECK_BYTES(campaign_subject(a, subject), subjects[i].left);
		tap_end();
		arena_free(a);
		heap_free(subject);
	}
}

/* --- memory --- */

/* False: an allocation failed somewhere. */
static bool whole_run(void)
{
	struct limits limits;
	struct campaign_summary s;

	limits_init(&limits);
	struct campaigns *c = campaign_new(&limits);
	bool ok = c != NULL;
	for (size_t i = 0; ok && i < 300; i++) {
		char subject[20];
		snprintf(subject, sizeof(subject), "s%zu", i / 4);
		struct campaign_mail m = mail_of(&(struct spec){ VERDICT_FORGED, NOON, subject, .owner = true });
		ok = campaign_add(c, &m);
	}
	ok = ok && campaign_finish(c, &s) && s.n == CAMPAIGN_LISTED;
	campaign_free(c);
	return ok;
}

static void test_memory(void)
{
	bool done = false;

	tap_begin("every allocation may fail");
	for (long n = 0; n < 10000 && !done; n++) {
		mem_fail_after(n, false);
		done = whole_run();
		if (n % 2)
			continue;
		mem_fail_after(n, true);
		CHECK(whole_run() == done);
	}
	mem_fail_after(-1, false);
	CHECK(done && whole_run());
	tap_end();
}

int main(void)
{
	test_joins();
	test_kinds();
	test_counts();
	test_wave();
	test_many();
	test_words();
	test_json();
	test_subjects();
	test_memory();
	return tap_done();
}
