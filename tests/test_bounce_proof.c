/* test_bounce_proof.c - each kind of bounce with and without each proof: nothing else differs. */
#include "bounce/bounce_proof.h"

#include "base/mem.h"
#include "dkim_helper.h"
#include "dns_helper.h"

#define NOW 1795435200 /* 2026-11-23 12:00 */
#define DAY 86400
#define OUR_IP "192.0.2.25"
#define THEIR_IP "203.0.113.66"

#define HEAD \
	"From: Ann <ann@example.org>\r\nTo: bob@example.net\r\nSubject: Lunch\r\n" \
	"Date: Mon, 23 Nov 2026 11:00:00 +0000\r\nMessage-ID: <1@example.org>\r\n"
#define BODY "\r\nAt noon?\r\n\r\nAnn\r\n"
#define BY(d, s) "v=1; a=rsa-sha256; c=relaxed/relaxed; d=" d "; s=" s "; h=from:to:subject:date"
#define PLAIN "ann@example.org"

static struct arena *arena;
static struct limits limits;
static struct privkey *key;
static struct dns_zone *zone;
static struct dname ours[1];

static const struct tag_key tag_key = { TAG_BATV, 0, B("secret") };
static const struct tag_keys tags = { &tag_key, 1, 7, 21, -1 };

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
	static const char *const with_key[] = {
		"s1._domainkey.example.org", "s1._domainkey.sub.example.org", "s1._domainkey.evil.example", "s1._domainkey.org",
		"s1._domainkey.a.example.org",
	};
	struct bytes p = public_of(arena, key);

	zone = dns_zone_new();
	for (size_t i = 0; i < ARRAY_LEN(with_key); i++)
		publish(with_key[i], "v=DKIM1; p=%.*s", p);
	publish("gone._domainkey.example.org", "v=DKIM1; p=%.0s", B(""));
	publish("example.org", "v=spf1 ip4:" OUR_IP " -all%.0s", B(""));
	publish("bounces.example.org", "v=spf1 ip4:" THEIR_IP " -all%.0s", B(""));
	publish("by-name.example.org", "v=spf1 ptr -all%.0s", B(""));
	publish("by-user.example.org", "v=spf1 exists:%%{l}.u.by-user.example.org -all%.0s", B(""));
	if (!dns_zone_put(zone, B("ann.u.by-user.example.org"), DNS_A, 60, B("192.0.2.1")) ||
	    !dns_zone_put(zone, B("66.113.0.203.in-addr.arpa"), DNS_PTR, 60, B("mail.by-name.example.org")) ||
	    !dns_zone_fault(zone, name_of(arena, "slow._domainkey.example.org"), DNS_TXT,
	                    &(struct dns_fault){ .forced = true, .status = DNS_TIMEOUT }))
		abort();
}

/* --- one check, driven to its end --- */

struct run {
	struct work work;
	struct bounce bounce;
	const char *recipient, *domain; /* NULL: ann@example.org, example.org */
	const struct tag_keys *tags;
	bool offline;
	bool one_by_one;                /* answers come singly, the last question's first */
	/* set by run */
	struct bounce_proof proof;
	struct dns_book *book;
	struct dns_question open[20];
	size_t n_open;
	enum check_state state;
	unsigned checks;
};

static bool is_ours(struct dname d)
{
	return dname_within(d, (struct dname){ B("example.org") });
}

/* Answers the open questions. False: there was no answer. */
static bool answer(struct run *r)
{
	struct dns_zone_reply reply;
	bool some = false;

	dns_book_begin_round(r->book);
	while (r->n_open < ARRAY_LEN(r->open) && dns_book_next(r->book, &r->open[r->n_open])) {
		struct dname name = r->open[r->n_open++].name;
		CHECK_MSG(is_ours(name), "asked for %.*s", BYTES_ARG(name.text));
	}
	while (r->n_open && !(some && r->one_by_one)) {
		if (!dns_zone_ask(zone, &r->open[--r->n_open], &reply))
			abort();
		if (reply.answer)
			dns_book_bring(r->book, reply.answer);
		some |= reply.answer != NULL;
	}
	return some;
}

static void run(struct run *r)
{
	const char *recipient = r->recipient ? r->recipient : PLAIN;
	struct bounce_proof_input in = {
		.bounce = &r->bounce, .recipient = bytes_of(recipient), .domains = ours, .n_domains = 1, .tags = r->tags,
		.dns_time = NOW,
	};
	struct dns_asker asker;

	ours[0] = name_of(r->work.arena, r->domain ? r->domain : "example.org");
	r->book = dns_book_new(r->work.arena, NULL);
	dns_asker_init(&asker, r->book, 50, 50);
	asker.cut = r->offline ? DNS_OFFLINE : DNS_OK;
	if (!bounce_proof_begin(&r->work, &in, &r->proof))
		abort();
	do {
		asker.waiting = false;
		r->checks++;
		r->state = bounce_proof_check(&r->work, &asker, &r->proof);
		CHECK((r->state == CHECK_WAITING) == asker.waiting);
		if (r->state == CHECK_WAITING && !answer(r))
			asker.cut = DNS_TIMEOUT;
	} while (r->state == CHECK_WAITING && r->checks < 20);
	CHECK(r->state == CHECK_DONE);
}

static void run_end(struct run *r)
{
	dns_book_end(r->book);
}

/* --- what came back, in all the ways in which it does --- */

enum form { WHOLE, HEADER_ALONE, LINES_OF_LF, LINES_OF_CR, QUOTED, QUOTED_TWICE, INDENTED, BEHIND_A_LINE, NOTHING };

static struct bytes in_form(struct arena *a, struct bytes mail, enum form form)
{
	static const char *const marks[] = { [QUOTED] = "> ", [QUOTED_TWICE] = ">> ", [INDENTED] = "    ",
	                                     [BEHIND_A_LINE] = "> ", [NOTHING] = NULL };
	const char *end = form == LINES_OF_CR ? "\r" : "\n";
	struct buf out;
	struct bytes line;

	if (form == WHOLE || form == NOTHING)
		return form == WHOLE ? mail : (struct bytes){ NULL, 0 };
	if (form == HEADER_ALONE)
		return bytes_sub(mail, 0, bytes_search(mail, B("\r\n\r\n")) + 2);
	buf_init(&out, 1 << 20);
	if (form == BEHIND_A_LINE)
		buf_adds(&out, "Bob wrote:\n\n");
	while (bytes_cut(&mail, '\n', &line))
		buf_addf(&out, "%s%.*s%s", marks[form] ? marks[form] : "", BYTES_ARG(bytes_trim_right(line)), end);
	struct bytes made = arena_copy(a, buf_bytes(&out));
	buf_free(&out);
	return made;
}

/* Ann's mail as it came to a server of the recipient's. Not signed: a word of it is another one. */
static struct bytes returned(struct arena *a, bool is_signed, bool from_us, enum form form)
{
	struct work w = { .arena = a, .limits = &limits, .now = NOW };
	struct bytes mail = signed_by(&w, BY("example.org", "s1"), key, B(HEAD BODY));
	struct bytes trace = arena_printf(a, "Return-Path: <ann@example.org>\r\n"
	                                     "Received: from mail.example.org (unknown [%s])\r\n"
	                                     "\tby mx.example.net (Postfix) with ESMTP id 4ZXY\r\n"
	                                     "\tfor <bob@example.net>; Mon, 23 Nov 2026 11:00:05 +0000 (UTC)\r\n",
	                                  from_us ? OUR_IP : THEIR_IP);
	size_t subject = bytes_search(mail, B("Lunch"));

	if (!is_signed)
		mail = arena_join(a, arena_join(a, bytes_sub(mail, 0, subject), B("Money")), bytes_from(mail, subject + 5));
	return in_form(a, arena_join(a, trace, mail), form);
}

static const struct {
	const char *name;
	enum bounce_kind kind;
	enum form form;
} kinds[] = {
	{ "a notice with the whole mail", BOUNCE_DSN, WHOLE },
	{ "a notice with the header alone", BOUNCE_DSN, HEADER_ALONE },
	{ "a notice with the mail in its text", BOUNCE_DSN, LINES_OF_LF },
	{ "a notice with lines that end in CR", BOUNCE_DSN, LINES_OF_CR },
	{ "a notice with the mail quoted", BOUNCE_DSN, QUOTED },
	{ "a notice with the mail indented", BOUNCE_DSN, INDENTED },
	{ "a notice without the mail", BOUNCE_DSN, NOTHING },
	{ "an automatic reply that quotes the mail", BOUNCE_AUTO_REPLY, QUOTED_TWICE },
	{ "an automatic reply that quotes it below a line", BOUNCE_AUTO_REPLY, BEHIND_A_LINE },
	{ "an automatic reply without it", BOUNCE_AUTO_REPLY, NOTHING },
	{ "a receipt with the header", BOUNCE_RECEIPT, HEADER_ALONE },
	{ "a receipt without it", BOUNCE_RECEIPT, NOTHING },
	{ "a complaint with the mail", BOUNCE_FEEDBACK, WHOLE },
};

static void check_pair(enum bounce_kind kind, enum form form, bool is_signed, bool is_tagged, bool from_us)
{
	struct run r = { .work = new_work(), .bounce = { .kind = kind }, .tags = &tags };
	struct bytes tagged = tag_batv_make(arena, B(PLAIN), &tag_key, NOW + 5 * DAY);
	bool back = form != NOTHING;

	r.bounce.returned = heap_bytes(returned(arena, is_signed, from_us, form));
	r.recipient = is_tagged ? arena_cstr(arena, tagged) : PLAIN;
	run(&r);
	const struct bounce_proof *p = &r.proof;
	CHECK(p->has_header == back && p->has_ip == back && p->name_of_ours == back);
	CHECK_MSG(p->own_signature == (back && is_signed), "signature %d", p->own_signature);
	CHECK(p->own_signature_broken == (back && !is_signed));
	CHECK(p->tag.state == (is_tagged ? TAG_VALID : TAG_ABSENT));
	CHECK_BYTES(p->tag.original, PLAIN);
	CHECK_BYTES(p->author, back ? PLAIN : "");
	CHECK(p->author_ours == back && p->date == (back ? NOW - 3600 : -1));
	if (p->own_signature)
		CHECK_BYTES(p->own_signature_domain.text, "example.org");
	if (back)
		CHECK_MSG(p->spf.result == (from_us ? SPF_PASS : SPF_FAIL), "spf %s", spf_outcome_name(p->spf.result));
	CHECK(dns_book_rounds(r.book) <= 1); /* the key and the record are asked for together */
	run_end(&r);
	heap_free(r.bounce.returned);
}

static void test_pairs(void)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		for (unsigned proofs = 0; proofs < 8; proofs++) {
			tap_begin("%s: signature %s, tag %s, address %s", kinds[i].name, proofs & 1 ? "good" : "broken",
			          proofs & 2 ? "good" : "missing", proofs & 4 ? "ours" : "another");
			check_pair(kinds[i].kind, kinds[i].form, proofs & 1, proofs & 2, proofs & 4);
			tap_end();
		}
}

/* --- signatures --- */

static const struct {
	const char *name, *tags; /* of the signature */
	const char *domain;      /* ours; NULL: example.org */
	const char *above;       /* fields that stand above */
	bool good, broken;
	size_t asked;
} signatures[] = {
	{ "of our domain", BY("example.org", "s1"), .good = true, .asked = 1 },
	{ "of a name below it", BY("sub.example.org", "s1"), .good = true, .asked = 1 },
	{ "of the name above it", BY("example.org", "s1"), "mail.example.org", .good = true, .asked = 1 },
	{ "of a sister", BY("sub.example.org", "s1"), "mail.example.org" },
	{ "of all of org", BY("org", "s1") },
	{ "of a stranger", BY("evil.example", "s1") },
	{ "of a name that only ends alike", BY("example.org", "s1"), "an-example.org" },
	{ "of a name below one under which anybody has names", BY("evil.example", "s1"), "example" },
	{ "whose key is revoked: nothing is known", BY("example.org", "gone"), .asked = 1 },
	{ "whose key is no longer there", BY("example.org", "old"), .asked = 1 },
	{ "whose key nobody tells", BY("example.org", "slow"), .asked = 1 },
	{ "that cannot be read", "v=1; a=rsa-sha256; d=example.org; s=s1; h=to:subject" },
	{ "beside a second Subject", BY("example.org", "s1"), .above = "Subject: Money\r\n", .broken = true, .asked = 1 },
	{ "beside fields that may stand again", BY("example.org", "s1"), .above = "X-Spam: no\r\n", .good = true, .asked = 1 },
};

static void test_signatures(void)
{
	for (size_t i = 0; i < ARRAY_LEN(signatures); i++) {
		struct run r = { .work = new_work(), .bounce = { .kind = BOUNCE_DSN }, .domain = signatures[i].domain };
		struct bytes mail = signed_by(&r.work, signatures[i].tags, key, B(HEAD BODY));

		tap_begin("a signature %s", signatures[i].name);
		r.bounce.returned = arena_join(arena, bytes_of(signatures[i].above), mail);
		run(&r);
		CHECK(r.proof.own_signature == signatures[i].good && r.proof.own_signature_broken == signatures[i].broken);
		CHECK_MSG(dns_book_count(r.book) == signatures[i].asked, "%zu asked", dns_book_count(r.book));
		CHECK(r.proof.dkim.n == 1 && r.proof.dkim.results[0].decided && r.proof.dkim.results[0].reason);
		run_end(&r);
		tap_end();
	}
}

static void test_many_signatures(void)
{
	struct run r = { .work = new_work(), .bounce = { .kind = BOUNCE_DSN } };
	struct bytes mail = signed_by(&r.work, BY("example.org", "s1"), key, B(HEAD BODY));

	tap_begin("ours below twelve of strangers is found, and they are not asked about");
	for (int i = 0; i < 12; i++)
		mail = signed_by(&r.work, BY("evil.example", "s1"), key, mail);
	r.bounce.returned = mail;
	run(&r);
	CHECK(r.proof.own_signature && dns_book_count(r.book) == 1 && r.proof.dkim.n == 10 && r.proof.dkim.skipped == 3);
	run_end(&r);
	tap_end();
	for (int singly = 0; singly < 2; singly++) {
		tap_begin("two of ours: the upper one is named, %s", singly ? "answers singly" : "answers at once");
		r = (struct run){ .work = new_work(), .bounce = { .kind = BOUNCE_DSN }, .one_by_one = singly };
		mail = signed_by(&r.work, BY("example.org", "s1"), key, B(HEAD BODY));
		mail = signed_by(&r.work, BY("sub.example.org", "s1"), key, mail);
		r.bounce.returned = arena_join(arena, B("Received: from a ([" OUR_IP "]) by mx.example.net with ESMTP id 1\r\n"), mail);
		run(&r);
		CHECK(r.proof.own_signature && r.proof.spf.result == SPF_PASS && r.checks == (singly ? 4 : 2));
		CHECK_BYTES(r.proof.own_signature_domain.text, "sub.example.org");
		run_end(&r);
		tap_end();
	}
	tap_begin("cut in the middle of what was signed");
	r = (struct run){ .work = new_work(), .bounce = { .kind = BOUNCE_DSN } };
	mail = signed_by(&r.work, BY("example.org", "s1"), key, B(HEAD BODY));
	r.bounce.returned = heap_bytes(bytes_sub(mail, 0, bytes_search(mail, B("Lunch"))));
	run(&r);
	CHECK(!r.proof.own_signature && r.proof.own_signature_broken && r.proof.has_header && r.proof.date == -1);
	CHECK_BYTES(r.proof.author, PLAIN);
	run_end(&r);
	heap_free(r.bounce.returned);
	tap_end();
	tap_begin("without DNS nothing is known");
	r = (struct run){ .work = new_work(), .bounce = { .kind = BOUNCE_DSN }, .offline = true };
	r.bounce.returned = returned(arena, true, true, WHOLE);
	run(&r);
	CHECK(r.checks == 1 && !r.proof.own_signature && !r.proof.own_signature_broken && r.proof.has_ip);
	CHECK(r.proof.spf.result == SPF_TEMPERROR);
	run_end(&r);
	tap_end();
}

/* --- from where it came --- */

#define FROM(helo, rdns, ip) "Received: from " helo " (" rdns " [" ip "])\r\n\t"
#define AT "; Mon, 23 Nov 2026 11:00:05 +0000\r\n"

static const struct {
	const char *name, *trace;
	const char *ip;          /* NULL: not known */
	enum spf_outcome spf;
	bool name_of_ours;
	enum bounce_kind kind;   /* BOUNCE_NONE: a notice */
	const char *source_ip, *recipient, *domain;
} traces[] = {
	{ "the topmost line", FROM("x.example", "unknown", THEIR_IP) "by mx.example.net (Postfix) with ESMTP id 1" AT
	  FROM("y.example", "unknown", OUR_IP) "by x.example (Postfix) with ESMTP id 2" AT, THEIR_IP, SPF_FAIL },
	{ "below a hop inside", FROM("mx.example.net", "mx.example.net", "10.0.0.1") "by store.example.net with LMTP id 1" AT
	  FROM("x.example", "unknown", OUR_IP) "by mx.example.net (Postfix) with ESMTP id 2" AT, OUR_IP, SPF_PASS },
	{ "below a hop inside over public addresses",
	  FROM("mx.example.net", "mx.example.net", "198.51.100.7") "by store.example.net (Postfix) with ESMTP id 1" AT
	  FROM("x.example", "unknown", OUR_IP) "by mx.example.net (Postfix) with ESMTP id 2" AT, OUR_IP, SPF_PASS },
	{ "a line that a stranger typed below the hand-over",
	  FROM("mx.example.net", "unknown", THEIR_IP) "by store.example.net (Postfix) with ESMTP id 1" AT
	  FROM("x.example", "unknown", OUR_IP) "by mx.example.net (Postfix) with ESMTP id 2" AT, THEIR_IP, SPF_FAIL },
	{ "our name typed in HELO", FROM("mail.example.org", "unknown", THEIR_IP) "by mx.example.net (Postfix) with ESMTP id 1" AT,
	  THEIR_IP, SPF_FAIL, true },
	{ "a name that only ends alike", FROM("an-example.org", "unknown", THEIR_IP) "by mx.example.net (Postfix) with ESMTP id 1" AT,
	  THEIR_IP, SPF_FAIL },
	{ "a program that logged in: SPF is not about it",
	  FROM("laptop", "dsl.example", THEIR_IP) "by mail.example.net (Postfix) with ESMTPSA id 1" AT },
	{ "a program that logged in at a server without a name",
	  FROM("laptop", "dsl.example", THEIR_IP) "by [198.51.100.1] with ESMTPSA id 1" AT },
	{ "a program on the server itself", FROM("x", "dsl.example", THEIR_IP) "by mx.example.net with local id 1" AT },
	{ "only hops inside: no client outside is told",
	  FROM("mx.example.net", "mx.example.net", "198.51.100.7") "by store.example.net (Postfix) with ESMTP id 1" AT },
	{ "a page that a person wrote in", "Received: from [" THEIR_IP "] by web.example.net with HTTP" AT },
	{ "our own server's line: its client is a machine of ours, or nobody knows",
	  FROM("laptop", "dsl.example", THEIR_IP) "by mail.example.org (Postfix) with ESMTP id 1" AT, .name_of_ours = true },
	{ "a local address alone", FROM("a", "unknown", "192.168.1.2") "by mx.example.net (Postfix) with ESMTP id 1" AT },
	{ "a server without a name", FROM("a", "unknown", THEIR_IP) "by [198.51.100.1] with ESMTP id 1" AT, THEIR_IP, SPF_FAIL },
	{ "no line", "X-Other: 1\r\n" },
	{ "a line that tells no address", "Received: from mail.example.org by mx.example.net with SMTP" AT, .name_of_ours = true },
	{ "a complaint with the address in its own field", "X-Other: 1\r\n", THEIR_IP, SPF_FAIL, .kind = BOUNCE_FEEDBACK,
	  .source_ip = " " THEIR_IP " (host.example)" },
	{ "a complaint: its own field counts more", FROM("a", "unknown", THEIR_IP) "by mx.example.net (Postfix) with ESMTP id 1" AT,
	  OUR_IP, SPF_PASS, .kind = BOUNCE_FEEDBACK, .source_ip = OUR_IP },
	{ "a complaint with an unreadable address", FROM("a", "unknown", THEIR_IP) "by mx.example.net (Postfix) with ESMTP id 1" AT,
	  THEIR_IP, SPF_FAIL, .kind = BOUNCE_FEEDBACK, .source_ip = "hidden" },
	{ "a complaint with a local address", "X-Other: 1\r\n", .kind = BOUNCE_FEEDBACK, .source_ip = "10.0.0.1" },
	{ "a notice has no such field", "X-Other: 1\r\n", .source_ip = THEIR_IP },
	{ "a record that asks who sends: it is the name without its tag",
	  FROM("a", "unknown", THEIR_IP) "by mx.example.net (Postfix) with ESMTP id 1" AT, THEIR_IP, SPF_PASS,
	  .recipient = "prvs=0042d9e3aa=ann@by-user.example.org" },
	{ "the record of the address that it came to", FROM("a", "unknown", THEIR_IP) "by mx.example.net (Postfix) with ESMTP id 1" AT,
	  THEIR_IP, SPF_PASS, .recipient = "ann-7@bounces.example.org" },
	{ "an address of somebody else: the author's", FROM("a", "unknown", THEIR_IP) "by mx.example.net (Postfix) with ESMTP id 1" AT,
	  THEIR_IP, SPF_FAIL, .recipient = "ann@evil.example" },
	{ "no address at all", FROM("a", "unknown", OUR_IP) "by mx.example.net (Postfix) with ESMTP id 1" AT,
	  OUR_IP, SPF_PASS, .recipient = "" },
	{ "an author of another domain: the first of ours",
	  FROM("a", "unknown", THEIR_IP) "by mx.example.net (Postfix) with ESMTP id 1" AT, THEIR_IP, SPF_PASS,
	  .recipient = "", .domain = "bounces.example.org" },
	{ "a record that asks for the client's names: they are not asked for",
	  FROM("a", "unknown", THEIR_IP) "by mx.example.net (Postfix) with ESMTP id 1" AT, THEIR_IP, SPF_TEMPERROR,
	  .recipient = "ann@by-name.example.org" },
};

static void test_traces(void)
{
	char text[IP_TEXT];

	for (size_t i = 0; i < ARRAY_LEN(traces); i++) {
		struct run r = { .work = new_work(), .recipient = traces[i].recipient, .domain = traces[i].domain };

		tap_begin("from where: %s", traces[i].name);
		r.bounce.kind = traces[i].kind ? traces[i].kind : BOUNCE_DSN;
		r.bounce.source_ip = bytes_of(traces[i].source_ip);
		r.bounce.returned = arena_printf(arena, "%s" HEAD, traces[i].trace);
		run(&r);
		CHECK(r.proof.has_ip == (traces[i].ip != NULL) && r.proof.name_of_ours == traces[i].name_of_ours);
		if (r.proof.has_ip && traces[i].ip) {
			CHECK_BYTES(bytes_of(ip_text(&r.proof.ip, text)), traces[i].ip);
			CHECK_MSG(r.proof.spf.result == traces[i].spf, "%s", spf_outcome_name(r.proof.spf.result));
		}
		CHECK(r.proof.has_ip || dns_book_count(r.book) == 0);
		run_end(&r);
		tap_end();
	}
}

/* --- author and date --- */

static const struct {
	const char *name, *returned, *author;
	bool is_ours, has_header;
	int64_t date;
} mails[] = {
	{ "one author", HEAD, PLAIN, true, true, NOW - 3600 },
	{ "an author below our domain", "From: x@mail.example.org\n", "x@mail.example.org", true, true, -1 },
	{ "an author of another domain", "From: x@example.com\n", "x@example.com", false, true, -1 },
	{ "an author of a name that ends alike", "From: x@an-example.org\n", "x@an-example.org", false, true, -1 },
	{ "two authors: none", "From: a@example.org, b@example.org\n", "", false, true, -1 },
	{ "two From fields: none", "From: a@example.org\nFrom: b@example.com\n", "", false, true, -1 },
	{ "no Date: the oldest trace line",
	  "Received: from a by b.example.net; Mon, 23 Nov 2026 11:00:05 +0000\n"
	  "Received: from c by d.example.net; Mon, 23 Nov 2026 11:00:02 +0000\nReceived: (qmail 1)\n",
	  "", false, true, NOW - 3598 },
	{ "an unreadable Date: the same", "Received: from a by b.example.net; Mon, 23 Nov 2026 11:00:05 +0000\nDate: soon\n",
	  "", false, true, NOW - 3595 },
	{ "empty lines first", "\r\n\r\nFrom: ann@example.org\r\n", PLAIN, true, true, -1 },
	{ "an mbox line first", "From a@b Mon Nov 23 11:00:00 2026\nFrom: ann@example.org\n", PLAIN, true, true, -1 },
	{ "a quoted mbox line first", ">From a@b Mon Nov 23 11:00:00 2026\nFrom: ann@example.org\n", PLAIN, true, true, -1 },
	{ "a fold first", "\tfor <x@example.net>\nFrom: ann@example.org\n", PLAIN, true, true, -1 },
	{ "quoted by bars, an empty line ends it", "| From: ann@example.org\n|\n| Date: Mon, 23 Nov 2026 11:00:00 +0000\n",
	  PLAIN, true, true, -1 },
	{ "the quote ends before the header does", "> From: ann@example.org\nDate: Mon, 23 Nov 2026 11:00:00 +0000\n",
	  PLAIN, true, true, -1 },
	{ "words", "Hello,\n\nI am away.\n", "", false, false, -1 },
	{ "words with a colon", "> Note: I am away.\n", "", false, false, -1 },
	{ "nothing but a mark", "> \n>\n> ", "", false, false, -1 },
	{ "nothing", "", "", false, false, -1 },
};

static void test_mails(void)
{
	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		struct run r = { .work = new_work(), .bounce = { .kind = BOUNCE_DSN } };

		tap_begin("the mail: %s", mails[i].name);
		r.bounce.returned = heap_copy(mails[i].returned);
		run(&r);
		CHECK_BYTES(r.proof.author, mails[i].author);
		CHECK(r.proof.author_ours == mails[i].is_ours && r.proof.has_header == mails[i].has_header);
		CHECK_MSG(r.proof.date == mails[i].date, "date %lld", (long long)r.proof.date);
		CHECK(!r.proof.has_ip && !r.proof.own_signature && !r.proof.own_signature_broken);
		run_end(&r);
		heap_free(r.bounce.returned);
		tap_end();
	}
}

static void test_nobody(void)
{
	struct work w = new_work();
	struct bounce b = { .kind = BOUNCE_DSN, .returned = returned(arena, true, true, WHOLE) };
	struct bounce_proof_input in = { .bounce = &b };
	struct bounce_proof p;
	struct dns_asker asker;

	tap_begin("no domain of ours, no recipient, no keys: nothing is asked, nothing is found");
	struct dns_book *book = dns_book_new(arena, NULL);
	dns_asker_init(&asker, book, 50, 50);
	CHECK(bounce_proof_begin(&w, &in, &p) && bounce_proof_check(&w, &asker, &p) == CHECK_DONE);
	CHECK(p.has_ip && p.spf.result == SPF_NONE && !p.own_signature && !p.name_of_ours && !p.author_ours);
	CHECK(p.tag.kind == TAG_NONE && dns_book_count(book) == 0);
	dns_book_end(book);
	tap_end();
}

/* --- much --- */

static void test_large(void)
{
	static const struct { const char *name, *line; } fill[] = {
		{ "a body", "some words of a body, as they often are\r\n" },
		{ "a quoted body", "> some words of a body, as they often are\n" },
		{ "no line end", "some words: of a body, as they often are " },
		{ "CR", "some words: of a body, as they often are\r" },
		{ "empty lines", "\n" },
		{ "quotes of nothing", "> \n" },
		{ "trace lines", "Received: from a.example.org ([203.0.113.66]) by b.example.net; Mon, 23 Nov 2026 11:00:05 +0000\n" },
		{ "signatures", "DKIM-Signature: v=1; d=example.org; s=s1; a=rsa-sha256; h=from; bh=QUJD; b=QUJD\n" },
	};

	for (size_t i = 0; i < ARRAY_LEN(fill); i++) {
		struct run r = { .work = new_work(), .bounce = { .kind = BOUNCE_DSN } };
		struct buf b;

		tap_begin("15 MB of %s", fill[i].name);
		buf_init(&b, 16 << 20);
		if (i < 2)
			buf_adds(&b, i ? "> From: ann@example.org\n>\n" : "From: ann@example.org\r\n\r\n");
		while (b.n < 15 << 20)
			buf_adds(&b, fill[i].line);
		r.bounce.returned = buf_bytes(&b);
		int64_t start = tap_cpu_ms();
		run(&r);
		CHECK_MSG(tap_cpu_ms() - start < 1000, "took %lld ms", (long long)(tap_cpu_ms() - start));
		CHECK_BYTES(r.proof.author, i < 2 ? PLAIN : "");
		run_end(&r);
		buf_free(&b);
		tap_end();
	}
}

/* --- memory --- */

static void test_memory(void)
{
	struct work w = new_work();
	struct bytes mail = heap_bytes(returned(w.arena, true, true, QUOTED));
	struct bounce bounce = { .kind = BOUNCE_DSN, .returned = mail };
	bool done = false;
	long n;

	tap_begin("no memory at each allocation in turn");
	for (n = 0; n < 3000 && !done; n++) {
		struct arena *own = arena_new(1 << 22);
		struct run r = { .work = { .arena = own, .limits = &limits, .now = NOW } };
		struct bounce_proof_input in = { .bounce = &bounce, .recipient = B(PLAIN), .domains = ours, .n_domains = 1,
		                                 .tags = &tags };
		struct dns_asker asker;

		assert(own);
		ours[0] = name_of(own, "example.org");
		r.book = dns_book_new(own, NULL);
		dns_asker_init(&asker, r.book, 50, 50);
		/* the answers are made before: they are the resolver's memory */
		static const char *const names[] = { "s1._domainkey.example.org", "example.org" };
		for (size_t i = 0; i < ARRAY_LEN(names); i++)
			(void)!dns_need(&asker, name_of(own, names[i]), DNS_TXT);
		CHECK(answer(&r));
		mem_fail_after(n, false);
		mem_fail_arenas();
		r.state = CHECK_NO_MEMORY;
		if (bounce_proof_begin(&r.work, &in, &r.proof))
			r.state = bounce_proof_check(&r.work, &asker, &r.proof);
		mem_fail_after(-1, false);
		CHECK(r.state != CHECK_WAITING);
		done = r.state == CHECK_DONE && !arena_failed(own);
		CHECK(!done || (r.proof.own_signature && r.proof.spf.result == SPF_PASS));
		run_end(&r);
		arena_free(own);
	}
	CHECK_MSG(done && n > 20, "%ld", n);
	heap_free(mail);
	tap_end();
}

int main(void)
{
	limits_init(&limits);
	arena = arena_new(1 << 26);
	key = key_of("rsa2048.pem");
	make_zone();
	test_pairs();
	test_signatures();
	test_many_signatures();
	test_traces();
	test_mails();
	test_nobody();
	test_large();
	test_memory();
	dns_zone_free(zone);
	privkey_free(key);
	arena_free(arena);
	return tap_done();
}
