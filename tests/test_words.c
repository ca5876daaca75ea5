/* What a person reads: for every verdict a page with reasons, limits, numbered actions, within 80 columns; no term
 * without its meaning; every observation in a whole sentence. */
#include "base/ascii.h"
#include "base/columns.h"
#include "base/mem.h"
#include "explain/explain_words.h"
#include "explain_world.h"

#define ZONE \
	"mine.example. 60 TXT \"v=spf1 ip4:192.0.2.10 -all\"\n_dmarc.mine.example. 60 TXT \"v=DMARC1; p=none\"\n"
#define MAIL \
	"Return-Path: <x@thief.example>\r\n" \
	"Received: from h.thief.example (h.thief.example [203.0.113.66])\r\n\tby mx.example.net (Postfix) with ESMTP id 4X\r\n" \
	"\tfor <alice@mine.example>; Mon, 16 Nov 2026 09:15:00 +0000 (UTC)\r\n" \
	"From: Alice <alice@mine.example>\r\nTo: alice@mine.example\r\nSubject: hello\r\n" \
	"Date: Mon, 16 Nov 2026 09:14:00 +0000\r\n\r\nbody\r\n"

/* --- terms --- */

/* A term of the trade, and what must stand before it, or directly behind it; "" : it is not used at all. */
static const struct {
	const char *term, *meanings[3];
} terms[] = {
	{ "SPF", { "list of the systems that send", "list of systems that may send" } },
	{ "DKIM", { "electronic signature", "the signature that they put on it" } },
	{ "DMARC", { "carries no proof", "request about mail that carries no proof" } },
	{ "ARC", { "chain of seals" } },
	{ "DNS", { "directory of the Internet" } },
	{ "BATV", { "secret mark" } },
	{ "VPN", { "private tunnel" } },
	{ "UTC", { "world time" } },
	{ "header", { "lines above the text", "technical lines above the text" } },
	{ "phishing", { "fishes for passwords" } },
	{ "macros", { "small programs" } },
	{ "IP", { "" } },
	{ "MX", { "" } },
	{ "envelope", { "paper envelope" } },
	{ "hand-over", { "" } },
	{ "SMTP", { "" } },
	{ "MTA", { "" } },
	{ "Message-ID", { "" } },
	{ "authentication", { "" } },
	{ "identifier", { "" } },
	{ "aligned", { "" } },
};

static bool is_letter(struct bytes t, size_t at)
{
	return at < t.n && (ascii_is_alnum(t.p[at]) || t.p[at] == '_');
}

/* The term as a word of its own. */
static size_t find_term(struct bytes text, const char *term)
{
	struct bytes word = bytes_of(term);

	for (size_t at = 0; at + word.n <= text.n; at++)
		if (bytes_same(bytes_sub(text, at, word.n), word) && !(at && is_letter(text, at - 1)) && !is_letter(text, at + word.n))
			return at;
	return text.n;
}

/* Lines joined, so that a meaning that is broken over two is found. */
static struct bytes unwrap(struct arena *a, struct bytes page)
{
	struct bytes out = { arena_copy(a, page).p, 0 };
	uint8_t *to = (uint8_t *)(uintptr_t)out.p;

	for (size_t i = 0; i < page.n; i++) {
		uint8_t c = page.p[i] == '\n' ? ' ' : page.p[i];
		if (c != ' ' || !out.n || to[out.n - 1] != ' ')
			to[out.n++] = c;
	}
	return out;
}

static void check_terms(struct bytes text, const char *what)
{
	for (size_t i = 0; i < ARRAY_LEN(terms); i++) {
		size_t at = find_term(text, terms[i].term), end = at + strlen(terms[i].term) + 40;
		bool explained = at == text.n;
		for (size_t k = 0; !explained && k < 3 && terms[i].meanings[k] && *terms[i].meanings[k]; k++) {
			struct bytes until = bytes_sub(text, 0, end + strlen(terms[i].meanings[k]));
			explained = bytes_search(until, bytes_of(terms[i].meanings[k])) < until.n;
		}
		CHECK_MSG(explained, "%s: \"%s\" without its meaning: ...%.*s...", what, terms[i].term,
		          BYTES_ARG(bytes_sub(text, at > 60 ? at - 60 : 0, 120)));
	}
}

/* --- every observation, in worlds in which it is seen --- */

struct seen {
	struct evidence list[64];
	size_t n;
};

#define S(lit) { (const uint8_t *)("" lit ""), sizeof(lit) - 1 } /* B() as a constant, for gcc */

static struct lookalike looks[] = {
	{ LOOKALIKE_DOMAIN, S("From"), S("m\xd1\x96ne.example"), S("mine.example") },
	{ LOOKALIKE_DOMAIN_INSIDE, S("Reply-To"), S("mine.example.thief.example"), S("mine.example") },
	{ LOOKALIKE_NAME, S("display name"), S("Alice Example"), S("Alice Example") },
	{ LOOKALIKE_NAME_ADDRESS, S("display name"), S("alice@mine.example"), S("alice@mine.example") },
	{ LOOKALIKE_MIXED_SCRIPT, S("display name"), S("Al\xd1\x96" "ce"), { NULL, 0 } },
	{ LOOKALIKE_BIDI, S("display name"), S("a\xe2\x80\xae" "b"), { NULL, 0 } },
	{ LOOKALIKE_INVISIBLE, S("display name"), S("a\xe2\x80\x8b" "b"), { NULL, 0 } },
};
static struct risk risks[RISK_KINDS];

static struct maillog_mail in_log = { .login = S("alice"), .client = { 4, { 203, 0, 113, 7 } }, .submitted = true, .uid = 33 };
static struct sent_mail in_sent = { .message_id = S("a@mine.example") };
static struct arc_set_result arc_set;
static struct claim claim = { .found = true, .ip = { 4, { 192, 0, 2, 10 } }, .by = S("mail.club.example") };
static struct tag_keys tags = { .since = 0 };

static void lines_of_stranger(struct explain *x)
{
	for (size_t i = 0; i < RISK_KINDS; i++)
		risks[i] = (struct risk){ .kind = i, .what = B("https://thief.example/?x=1"),
		                          .target = i % 2 ? B("http://www.thief.example/") : B(""), .more = i % 3 };
	x->risks = risks;
	x->n_risks = RISK_KINDS;
	x->looks = looks;
	x->n_looks = ARRAY_LEN(looks);
	x->facts.is.risks = risks;
	x->facts.is.n_risks = RISK_KINDS;
	x->facts.is.looks = looks;
	x->facts.is.n_looks = ARRAY_LEN(looks);
}

static void against(struct facts *f, struct trail_facts *t, struct bounce_proof *p)
{
	f->auth = (struct facts_auth){ .known = true, .spf_fail = true, .dmarc_fail = true, .policy = DMARC_POLICY_REJECT };
	f->author_missing = f->old = true;
	f->age_days = 40;
	t->has_log = t->covers = t->owner_seen = t->mail_from_outside = true;
	t->mail = &in_log;
	in_log.submitted = false;
	t->login.failures = 7;
	t->has_sent = true;
}

static void softly(struct facts *f, struct trail_facts *t, struct bounce_proof *p)
{
	f->auth = (struct facts_auth){ .known = true, .spf_softfail = true, .dmarc_fail = true, .policy = DMARC_POLICY_NONE };
	f->ambiguous = true;
}

static void nothing(struct facts *f, struct trail_facts *t, struct bounce_proof *p)
{
	f->auth = (struct facts_auth){ .known = true };
	f->from_outside = true;
}

static void passing(struct facts *f, struct trail_facts *t, struct bounce_proof *p)
{
	f->auth = (struct facts_auth){ .known = true, .dkim_pass = true, .spf_pass = true };
	f->logged_in = f->logged_in_as_author = f->not_mine = true;
	f->script = B("/form.php");
	t->has_log = t->mail_by_owner = true;
	in_log.submitted = true;
	t->mail = &in_log;
	t->copy = &in_sent;
	t->login = (struct maillog_login){ .known = true, .earlier_logins = 12, .failures_same_net = 9 };
}

static void passed_on(struct facts *f, struct trail_facts *t, struct bounce_proof *p)
{
	f->auth = (struct facts_auth){ .known = true };
	f->own.dkim_changed = f->arc_vouches = f->claim_fits = f->service_vouches = f->ip_listed = true;
}

static void by_program(struct facts *f, struct trail_facts *t, struct bounce_proof *p)
{
	t->has_log = true;
	t->mail = &in_log;
	in_log.local = true;
}

static void burst(struct facts *f, struct trail_facts *t, struct bounce_proof *p)
{
	t->has_log = t->mail_by_owner = true;
	t->mail = &in_log;
	t->login = (struct maillog_login){ .known = true, .earlier_same_net = 9, .mails_hour = 200, .recipients_hour = 900,
	                                   .bounced_hour = 90, .unusual_hour = true };
}

static void notice_of_mine(struct facts *f, struct trail_facts *t, struct bounce_proof *p)
{
	f->about_a_mail = true;
	p->tag.state = TAG_VALID;
	p->own_signature = p->has_ip = true;
	p->own_signature_domain = p->spf.domain = (struct dname){ B("mine.example") };
	p->spf.result = SPF_PASS;
	p->ip = (struct ip){ 4, { 192, 0, 2, 10 } };
	t->about = &in_log;
	t->about_went_there = t->local_bounce = true;
}

static void notice_of_others(struct facts *f, struct trail_facts *t, struct bounce_proof *p)
{
	f->about_a_mail = true;
	f->is.tags = &tags;
	p->has_ip = p->name_of_ours = true;
	p->spf.domain = (struct dname){ B("mine.example") };
	p->spf.result = SPF_FAIL;
	p->ip = (struct ip){ 4, { 203, 0, 113, 66 } };
	p->author = B("bob@example.com");
	t->has_log = t->about_covers = t->owner_seen = true;
}

static void notice_wrong_tag(struct facts *f, struct trail_facts *t, struct bounce_proof *p)
{
	f->about_a_mail = true;
	f->is.tags = &tags;
	p->tag.state = TAG_WRONG;
	t->about_copy = &in_sent;
}

static void notice_stale_tag(struct facts *f, struct trail_facts *t, struct bounce_proof *p)
{
	notice_wrong_tag(f, t, p);
	p->tag.state = TAG_STALE;
}

static void notice_bare(struct facts *f, struct trail_facts *t, struct bounce_proof *p)
{
	f->about_a_mail = true;
}

static const struct {
	const char *name;
	void (*make)(struct facts *f, struct trail_facts *t, struct bounce_proof *p);
	bool named; /* the notice names the mail */
} worlds[] = {
	{ "against", against, false },           { "softly against", softly, false },  { "nothing", nothing, false },
	{ "passing", passing, false },           { "passed on", passed_on, false },    { "by a program", by_program, false },
	{ "a burst", burst, false },             { "a notice of mine", notice_of_mine, true },
	{ "a notice of others", notice_of_others, true }, { "a wrong tag", notice_wrong_tag, true },
	{ "a stale tag", notice_stale_tag, true }, { "a bare notice", notice_bare, false },
};

static void check_sentence(const struct evidence_row *row, struct bytes text)
{
	CHECK_MSG(text.n > 20 && text.n < 330, "%s: %zu bytes", row->id, text.n);
	CHECK_MSG(text.p[text.n - 1] == '.', "%s: no full stop: %.*s", row->id, BYTES_ARG(text));
	CHECK_MSG(bytes_search(text, B("  ")) == text.n, "%s: two spaces: %.*s", row->id, BYTES_ARG(text));
	CHECK_MSG(bytes_search(text, B("(null)")) == text.n, "%s: %.*s", row->id, BYTES_ARG(text));
	check_terms(text, row->id);
	check_terms(bytes_of(row->fooled_by), row->id);
}

static void look(struct explain *x, size_t world, struct seen *seen)
{
	struct facts before = x->facts;
	struct trail_facts trail = { .has_log = false };
	struct bounce_proof proof = { .date = WORLD_TODAY - 86400 };
	struct bounce bounce = { .message_id = worlds[world].named ? B("a@mine.example") : B("") };
	struct handover handover = *before.handover;
	struct facts *f = &x->facts;

	handover.n_forged_authres = 1;
	handover.auth_user = B("alice@mine.example");
	f->handover = &handover;
	f->in_owner_name = true;
	f->is.claim = &claim;
	f->is.trail = &trail;
	f->is.proof = &proof;
	f->is.bounce = &bounce;
	worlds[world].make(f, &trail, &proof);
	if (f->about_a_mail)
		f->in_owner_name = false;
	tap_begin("observations are whole sentences without unexplained terms: %s", worlds[world].name);
	for (int owner = 0; owner < 2; owner++, f->in_owner_name = false)
		for (size_t i = 0; i < evidence_row_count; i++) {
			struct evidence e = { .row = &evidence_rows[i], .source = B("the mail itself") };
			e.strength = e.row->judge(f, x->v->work.arena, &e.text);
			if (e.strength == STRENGTH_NONE)
				continue;
			check_sentence(e.row, e.text);
			size_t k = 0;
			while (k < seen->n && seen->list[k].row != e.row)
				k++;
			seen->list[k] = e;
			seen->n += k == seen->n;
		}
	tap_end();
	x->facts = before;
}

static void test_evidence(struct explain *x, struct seen *seen)
{
	arc_set.sealer = (struct dname){ B("club.example") };
	x->v->arc.sets = &arc_set;
	for (size_t w = 0; w < ARRAY_LEN(worlds); w++)
		look(x, w, seen);
	tap_begin("each row of the table was seen");
	for (size_t i = 0; i < evidence_row_count; i++) {
		size_t k = 0;
		while (k < seen->n && seen->list[k].row != &evidence_rows[i])
			k++;
		CHECK_MSG(k < seen->n, "%s", evidence_rows[i].id);
	}
	tap_end();
	evidence_sort(seen->list, seen->n);
}

/* --- pages --- */

static const struct {
	enum verdict_kind kind;
	bool owner;
	const char *word;
	const char *must_not; /* words that would contradict it */
} pages[] = {
	{ VERDICT_FORGED, true, "FORGED", "signs are that somebody else did it" },
	{ VERDICT_FORGED, false, "FORGED", "your address on this mail" },
	{ VERDICT_FORGED_THROUGH, true, "FORGED THROUGH A SYSTEM OF YOURS", "there is nothing to mend" },
	{ VERDICT_ACCOUNT_USED, true, "ACCOUNT USED", "there is nothing to mend" },
	{ VERDICT_OWN_DEVICE, true, "OWN DEVICE", "there is nothing to mend" },
	{ VERDICT_GENUINE, true, "GENUINE", "Mark it as spam" },
	{ VERDICT_PROVEN, false, "PROVEN", "Mark it as spam" },
	{ VERDICT_UNPROVEN, false, "UNPROVEN", "Mark it as spam" },
	{ VERDICT_LOOKALIKE, false, "LOOK-ALIKE", "carries no proof that it comes" },
	{ VERDICT_ABOUT_YOUR_MAIL, false, "ABOUT YOUR MAIL", "Put it in the bin" },
	{ VERDICT_BACKSCATTER, false, "BACKSCATTER", "Report it to the network" },
	{ VERDICT_CANNOT_TELL, true, "CANNOT TELL", "Mark it as spam" },
	{ VERDICT_CANNOT_TELL, false, "CANNOT TELL", "Report it to the network" },
};

static bool has(struct bytes page, const char *text)
{
	return bytes_search(page, bytes_of(text)) < page.n;
}

/* Sections stand in the order that was promised. */
static void check_order(struct bytes page, bool is_open)
{
	const char *const titles[] = {
		"Says it is from", "Really came from", "Handed over to", is_open ? "What is known" : "Why we say so",
		"What this does not prove", "What would settle it: ", "What to do\n  1. ",
		"What is in it that you should know of", "Names that are not what they seem",
	};
	size_t last = 0;

	for (size_t i = 0; i < ARRAY_LEN(titles); i++) {
		size_t at = bytes_search(page, bytes_of(titles[i]));
		CHECK_MSG(at < page.n && at >= last, "\"%s\" is missing or out of order", titles[i]);
		last = at;
	}
}

static void check_lines(struct bytes page)
{
	struct bytes rest = page, line;
	size_t lines = 0;

	for (; bytes_cut(&rest, '\n', &line); lines++) {
		CHECK_MSG(columns_of(line) <= 80, "%zu columns: %.*s", columns_of(line), BYTES_ARG(line));
		CHECK_MSG(line.n == 0 || line.p[line.n - 1] != ' ', "ends in a space: %.*s", BYTES_ARG(line));
	}
	CHECK(lines > 15);
}

/* With colour the page says the same. */
static void check_colour(const struct explain *x, struct bytes page)
{
	struct buf coloured, stripped;

	buf_init(&coloured, 1 << 20);
	buf_init(&stripped, 1 << 20);
	explain_words(&coloured, x, (struct words_style){ true });
	for (size_t i = 0; i < coloured.n; i++) {
		if (coloured.p[i] == 033)
			while (coloured.p[i] != 'm')
				i++;
		else
			buf_add_byte(&stripped, coloured.p[i]);
	}
	CHECK(coloured.n > stripped.n && bytes_same(buf_bytes(&stripped), page));
	buf_free(&stripped);
	buf_free(&coloured);
}

static void check_page(struct explain *x, size_t i)
{
	bool is_open = pages[i].kind == VERDICT_CANNOT_TELL || pages[i].kind == VERDICT_UNPROVEN;
	struct buf page;

	buf_init(&page, 1 << 20);
	explain_words(&page, x, (struct words_style){ false });
	struct bytes text = buf_bytes(&page);
	CHECK(!page.failed && bytes_same(bytes_sub(text, 0, strlen(pages[i].word)), bytes_of(pages[i].word)));
	check_lines(text);
	check_order(text, is_open);
	check_colour(x, text);
	check_terms(unwrap(x->v->work.arena, text), pages[i].word);
	CHECK_MSG(is_open || pages[i].kind == VERDICT_LOOKALIKE || has(text, "\n  + "), "no reason");
	CHECK(!has(unwrap(x->v->work.arena, text), pages[i].must_not));
	CHECK_MSG(!has(text, "http:") && !has(text, "https:") && !has(text, "www."), "something to click");
	CHECK(!bytes_has(text, 033) && !has(text, "\xe2\x80\xae") && !has(text, "\xe2\x80\x8b"));
	CHECK(has(unwrap(x->v->work.arena, text), "spelled m{U+0456}ne.example"));
	buf_free(&page);
}

static void test_pages(struct explain *x, struct seen *seen)
{
	static struct bounce_recipient recipients[5] = {
		{ .address = S("bob@example.net"), .action = BOUNCE_FAILED, .hard = true, .status = S("5.1.1"),
		  .diagnostic = S("550 5.1.1 no such user; see https://example.net/help") },
		{ .address = S("eve@example.net"), .original = S("eva@example.net"), .action = BOUNCE_DELAYED },
		{ .original = S("x@example.net"), .action = BOUNCE_FAILED },
	};
	struct bytes contact = B("abuse@carrier.example");

	lines_of_stranger(x);
	x->origin = (struct origin){
		.known = true, .asn = 64500, .prefix = B("203.0.113.0/24"), .country = B("NL"),
		.as_name = B("EXAMPLE-NET"), .contacts = &contact, .n_contacts = 1,
	};
	x->bounce = (struct bounce){ .kind = BOUNCE_DSN, .recipients = recipients, .n = 5, .message_id = B("a@mine.example") };
	x->proof = (struct bounce_proof){ .author = B("alice@mine.example"), .date = 1794820505 };
	x->evidence = seen->list;
	x->n_evidence = seen->n;
	for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
		x->verdict.kind = pages[i].kind;
		x->verdict.in_owner_name = x->facts.in_owner_name = pages[i].owner;
		x->verdict.confidence = STRENGTH_FAIR;
		tap_begin("a page: %s, in %s name", verdict_name(pages[i].kind), pages[i].owner ? "the owner's" : "another's");
		check_page(x, i);
		tap_end();
	}
}

static void test_parts(struct explain *x)
{
	struct buf page;

	buf_init(&page, 1 << 20);
	explain_words(&page, x, (struct words_style){ false });
	struct bytes text = unwrap(x->v->work.arena, buf_bytes(&page));

	tap_begin("where it came from, and that a registry says so");
	CHECK(has(text, "203.0.113.66, known as h.thief.example"));
	CHECK(has(text, "EXAMPLE-NET (AS64500, 203.0.113.0/24), registered in NL (Netherlands); the sender may sit elsewhere"));
	CHECK(has(text, "mx.example.net, 16 Nov 2026 at 09:15 UTC (world time)") && !has(text, "sent from"));
	tap_end();
	tap_begin("a notice: its kind, three recipients, the mail that it is about");
	CHECK(has(text, "a notice of a mail system about the delivery of another mail"));
	CHECK(has(text, "bob@example.net: it was refused for good (code 5.1.1)"));
	CHECK(has(text, "Reason given: \"550 5.1.1 no such user; see hxxps://example.net/help\""));
	CHECK(has(text, "eve@example.net (written to as eva@example.net): it waits"));
	CHECK(has(text, "and x@example.net: it was not delivered") && has(text, "and 2 more"));
	CHECK(has(text, "from alice@mine.example, 16 Nov 2026 at 09:15 UTC") && has(text, "Its own number: a@mine.example"));
	tap_end();
	tap_begin("risks: what, where to, and how many more");
	CHECK(has(text, "! a link shows one address and leads to another hxxps://thief.example/?x=1"));
	CHECK(has(text, "shows: hxxps://thief.example/?x=1 leads to: hxxp://www[.]thief.example/ and 1 more"));
	tap_end();
	tap_begin("evidence of a redacted mail's original is marked");
	x->evidence[0].frozen = true;
	page.n = 0;
	explain_words(&page, x, (struct words_style){ false });
	CHECK(has(unwrap(x->v->work.arena, buf_bytes(&page)), ", seen in the original of this redacted mail)"));
	tap_end();
	buf_free(&page);
}

/* --- one line --- */

static void test_line(struct explain *x)
{
	static const struct { const char *name, *line; } lines[] = {
		{ NULL, "FORGED       fair   2026-11-16 alice@mine.example     hello\n" },
		{ "12", "12             FORGED       fair   2026-11-16 alice@mine.example     hello\n" },
		{ "mails/cur/1794820505.M1.host:2,S", "..05.M1.host:2,S" },
	};
	struct buf out;

	x->verdict = (struct verdict){ .kind = VERDICT_FORGED, .confidence = STRENGTH_FAIR, .in_owner_name = true };
	buf_init(&out, 1 << 16);
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		out.n = 0;
		tap_begin("one line: %s", lines[i].name ? lines[i].name : "no name");
		explain_line(&out, x, lines[i].name);
		CHECK_MSG(i == 2 ? out.n < 82 : bytes_eq(buf_bytes(&out), lines[i].line), "%.*s", BYTES_ARG(buf_bytes(&out)));
		tap_end();
	}
	tap_begin("one line for every verdict, at most 80 columns, with a word that fits");
	for (enum verdict_kind k = 0; k < VERDICT_KINDS; k++) {
		out.n = 0;
		x->verdict.kind = k;
		explain_line(&out, x, "a/very/long/name/of/a/folder/with/\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2");
		CHECK_MSG(columns_of(buf_bytes(&out)) <= 81 && out.p[out.n - 1] == '\n' && bytes_find(buf_bytes(&out), '\n', 0) == out.n - 1,
		          "%.*s", BYTES_ARG(buf_bytes(&out)));
		CHECK(strlen(explain_line_word(k)) <= 12);
	}
	tap_end();
	buf_free(&out);
}

static void test_odd_line(void)
{
	static const char odd[] =
		"From: =?utf-8?B?5ryi5ryi?= <a@thief.example>\r\n"
		"Subject: =?utf-8?B?5ryi5ryi5ryi5ryi5ryi5ryi5ryi5ryi5ryi5ryi5ryi5ryi5ryi5ryi5ryi5ryi5ryi5ryi?=\x1b[31m\r\n\r\nbody\r\n";
	struct explain_world w;
	struct buf out;

	buf_init(&out, 1 << 16);
	tap_begin("one line: wide letters, escape sequences, no date");
	if (CHECK(explain_world_make(&w, ZONE, odd, NULL))) {
		explain_line(&out, &w.x, NULL);
		CHECK_MSG(columns_of(buf_bytes(&out)) <= 81 && columns_of(buf_bytes(&out)) >= 79 && !bytes_has(buf_bytes(&out), 033),
		          "%zu: %.*s", columns_of(buf_bytes(&out)), BYTES_ARG(buf_bytes(&out)));
		CHECK(has(buf_bytes(&out), "UNPROVEN     -      -          a@thief.example"));
	}
	tap_end();
	explain_world_free(&w);
	buf_free(&out);
}

/* --- memory --- */

/* Lets the nth allocation fail while the words are written. False: all went well, there are no more. */
static bool fails_at(long n)
{
	struct explain_world w;
	struct buf page;
	bool made = explain_world_make(&w, ZONE, MAIL, "alice@mine.example");

	buf_init(&page, 1 << 20);
	if (CHECK(made)) {
		lines_of_stranger(&w.x);
		w.x.bounce = (struct bounce){ .kind = BOUNCE_DSN, .message_id = B("a@mine.example") };
		w.x.proof = (struct bounce_proof){ .date = WORLD_TODAY };
		mem_fail_after(n, false);
		mem_fail_arenas();
		explain_words(&page, &w.x, (struct words_style){ false });
		explain_line(&page, &w.x, "name");
		long made_now = mem_count();
		mem_fail_after(-1, false);
		CHECK_MSG(page.failed == (made_now > n), "allocation %ld of %ld failed unseen", n, made_now);
	}
	bool failed = page.failed;
	explain_world_free(&w);
	buf_free(&page);
	return failed;
}

static void test_memory(void)
{
	long n = 0;

	tap_begin("each allocation that fails is seen");
	while (fails_at(n))
		n += n < 100 ? 1 : 11;
	CHECK_MSG(n > 300, "%ld", n);
	tap_end();
}

/* --- */

static void test_names(struct explain *x)
{
	tap_begin("what is said of the terms: settle, actions, risks");
	for (size_t i = 0; i < advice_row_count; i++) {
		struct bytes text = bytes_of(advice_rows[i].text);
		check_terms(text, advice_rows[i].id);
		CHECK_MSG(text.n > 20 && strchr(".\"?}", text.p[text.n - 1]), "%s", advice_rows[i].id);
	}
	for (size_t i = 0; i < RISK_KINDS; i++)
		check_terms(bytes_of(risk_rows[i].meaning), risk_rows[i].name);
	check_terms(bytes_of(x->verdict.settle), "settle");
	tap_end();
}

int main(void)
{
	static struct seen seen;
	struct explain_world w;

	if (!explain_world_make(&w, ZONE, MAIL, "alice@mine.example"))
		return 1;
	lines_of_stranger(&w.x);
	test_names(&w.x);
	test_evidence(&w.x, &seen);
	test_pages(&w.x, &seen);
	test_parts(&w.x);
	test_line(&w.x);
	explain_world_free(&w);
	test_odd_line();
	test_memory();
	return tap_done();
}
