/* What a person reads: for every verdict a page with reasons, limits, numbered actions, within 80 columns, and no
 * term without its meaning. */
#include "base/columns.h"
#include "base/mem.h"
#include "explain/explain_words.h"
#include "stranger.h"
#include "terms.h"

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

/* One observation of each row. */
static void see_all(struct explain *x)
{
	struct evidence *list = arena_array(x->v->work.arena, struct evidence, evidence_row_count);

	for (size_t i = 0; list && i < evidence_row_count; i++)
		list[i] = (struct evidence){
			.row = &evidence_rows[i], .strength = evidence_rows[i].most, .source = B("what is published in the DNS"),
			.text = arena_printf(x->v->work.arena, "It looks like %s.", evidence_rows[i].id),
		};
	if (CHECK(list)) {
		evidence_sort(list, evidence_row_count);
		x->evidence = list;
		x->n_evidence = evidence_row_count;
	}
}

static void test_pages(struct explain *x)
{
	static struct bounce_recipient recipients[5] = {
		{ .address = S("bob@example.net"), .action = BOUNCE_FAILED, .hard = true, .status = S("5.1.1"),
		  .diagnostic = S("550 5.1.1 no such user; see https://example.net/help") },
		{ .address = S("eve@example.net"), .original = S("eva@example.net"), .action = BOUNCE_DELAYED },
		{ .original = S("x@example.net"), .action = BOUNCE_FAILED },
	};
	struct bytes contact = B("abuse@carrier.example");

	stranger_lines(x);
	x->origin = (struct origin){
		.known = true, .asn = 64500, .prefix = B("203.0.113.0/24"), .country = B("NL"),
		.as_name = B("EXAMPLE-NET"), .contacts = &contact, .n_contacts = 1,
	};
	x->bounce = (struct bounce){ .kind = BOUNCE_DSN, .recipients = recipients, .n = 5, .message_id = B("a@mine.example") };
	x->proof = (struct bounce_proof){ .author = B("alice@mine.example"), .date = 1794820505 };
	see_all(x);
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

#define WIDE "\xe6\xbc\xa2"

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
		explain_line(&out, x, "a/very/long/name/of/a/folder/with/" WIDE WIDE WIDE WIDE WIDE WIDE WIDE WIDE);
		CHECK_MSG(columns_of(buf_bytes(&out)) <= 81 && bytes_find(buf_bytes(&out), '\n', 0) == out.n - 1, "%.*s",
		          BYTES_ARG(buf_bytes(&out)));
		CHECK(strlen(explain_line_word(k)) <= 12);
	}
	tap_end();
	buf_free(&out);
}

static void test_odd_line(void)
{
	static const char odd[] =
		"From: =?utf-8?B?5ryi5ryi?= <a@thief.example>\r\n"
		"Subject: " WIDE WIDE WIDE WIDE WIDE WIDE WIDE WIDE WIDE WIDE WIDE WIDE WIDE WIDE WIDE "\x1b[31m\r\n\r\nbody\r\n";
	struct explain_world w;
	struct buf out;

	buf_init(&out, 1 << 16);
	tap_begin("one line: wide letters, escape sequences, no date");
	if (CHECK(explain_world_make(&w, STRANGER_ZONE, odd, NULL))) {
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
	bool made = explain_world_make(&w, STRANGER_ZONE, STRANGER_MAIL, "alice@mine.example");

	buf_init(&page, 1 << 20);
	if (CHECK(made)) {
		stranger_lines(&w.x);
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
		n++;
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
	struct explain_world w;

	if (!explain_world_make(&w, STRANGER_ZONE, STRANGER_MAIL, "alice@mine.example"))
		return 1;
	stranger_lines(&w.x);
	test_names(&w.x);
	test_pages(&w.x);
	test_parts(&w.x);
	test_line(&w.x);
	explain_world_free(&w);
	test_odd_line();
	test_memory();
	return tap_done();
}
