#include "dns/dns_book.h"
#include "tap.h"

static struct dname name(struct arena *a, const char *text)
{
	struct dname d = { { NULL, 0 } };

	CHECK(dname_parse(a, bytes_of(text), DNAME_WIRE, &d, NULL));
	return d;
}

static struct dns_answer *txt(struct dns_question q, const char *text)
{
	struct dns_record r = { .text = bytes_of(text) };
	struct dns_answer_view v = { .question = q, .status = DNS_OK, .ttl = 60, .n = 1, .records = &r };

	return dns_answer_new(&v);
}

static void test_flow(struct arena *a)
{
	struct dns_book *book = dns_book_new(a, NULL);
	struct dns_asker k, other;
	struct dns_question q;

	dns_asker_init(&k, book, 10, 2);
	dns_asker_init(&other, book, 10, 2);
	tap_begin("a need without an answer is noted once and waited for");
	CHECK(!dns_need(&k, name(a, "a.example"), DNS_TXT) && k.waiting);
	CHECK(!dns_need(&k, name(a, "a.example"), DNS_TXT) && k.questions_left == 9);
	CHECK(!dns_foresee(&k, name(a, "b.example"), DNS_TXT));
	CHECK(!dns_foresee(&k, name(a, "c.example"), DNS_TXT));
	CHECK(!dns_foresee(&k, name(a, "d.example"), DNS_TXT)); /* over its cap: dropped */
	CHECK(dns_book_count(book) == 3);
	dns_book_begin_round(book);
	CHECK(dns_book_next(book, &q) && bytes_eq(q.name.text, "a.example"));
	CHECK(dns_book_next(book, &q) && dns_book_next(book, &q) && !dns_book_next(book, &q));
	tap_end();

	tap_begin("an answer ends the wait and stays the same for all");
	dns_book_bring(book, txt(dns_book_entry(book, 0)->question, "one"));
	CHECK(dns_book_version(book) == 1 && !dns_book_pending(book, &k));
	const struct dns_answer *got = dns_need(&other, name(a, "a.example"), DNS_TXT);
	CHECK(got && !other.waiting && dns_book_entry(book, 0)->needed_by == (k.id | other.id));
	dns_book_bring(book, txt(dns_book_entry(book, 0)->question, "two"));
	CHECK(dns_book_version(book) == 1);
	CHECK_BYTES(dns_answer_view(dns_need(&k, name(a, "a.example"), DNS_TXT))->records[0].text, "one");
	CHECK(dns_book_entry(book, 1)->needed_by == 0 && dns_book_rounds(book) == 1);
	tap_end();

	tap_begin("a check that is cut gets its status, and what is there");
	k.cut = DNS_TIMEOUT;
	CHECK(dns_answer_view(dns_need(&k, name(a, "z.example"), DNS_A))->status == DNS_TIMEOUT);
	CHECK(dns_answer_view(dns_need(&k, name(a, "a.example"), DNS_TXT))->status == DNS_OK);
	CHECK(!dns_need(&other, name(a, "z.example"), DNS_A) && other.waiting);
	CHECK(dns_book_entry(book, 0)->given_up_by == 0 && dns_book_entry(book, 3)->given_up_by == 0);
	(void)!dns_need(&k, name(a, "z.example"), DNS_A);
	CHECK(dns_book_entry(book, 3)->given_up_by == k.id); /* noted now: it will not come in time */
	tap_end();

	tap_begin("a check beyond its budget gets a time-out");
	struct dns_asker poor;
	dns_asker_init(&poor, book, 1, 0);
	CHECK(!dns_need(&poor, name(a, "p1.example"), DNS_A));
	CHECK(dns_answer_view(dns_need(&poor, name(a, "p2.example"), DNS_A))->status == DNS_TIMEOUT);
	CHECK(dns_answer_view(dns_need(&poor, name(a, "a.example"), DNS_TXT))->status == DNS_TIMEOUT);
	while (dns_book_next(book, &q))
		CHECK(!bytes_eq(q.name.text, "p2.example")); /* what it may not ask is not sent either */
	tap_end();

	tap_begin("what nobody could answer is listed");
	size_t at = 0;
	const struct dns_entry *failed = dns_book_next_failed(book, &at);
	CHECK(failed && bytes_eq(failed->question.name.text, "z.example"));
	failed = dns_book_next_failed(book, &at);
	CHECK(failed && bytes_eq(failed->question.name.text, "p1.example"));
	CHECK(!dns_book_next_failed(book, &at) && dns_book_queries(book) == 5);
	tap_end();

	tap_begin("beyond its budget, what is there by foresight does not help");
	CHECK(dns_answer_view(dns_need(&poor, name(a, "a.example"), DNS_TXT))->status == DNS_TIMEOUT);
	CHECK_MSG(dns_book_count(book) == 5, "%zu", dns_book_count(book));
	tap_end();

	tap_begin("a thousand questions");
	struct dns_asker rich;
	dns_asker_init(&rich, book, 2000, 0);
	for (int i = 0; i < 1000; i++) {
		struct bytes text = arena_printf(a, "n%d.example", i);
		CHECK(!dns_need(&rich, (struct dname){ text }, DNS_A));
	}
	CHECK(dns_book_count(book) == 1005);
	tap_end();
	dns_book_end(book);
}

static void free_parsed(struct dns_parsed *p)
{
	free(p);
}

static void test_answers(struct arena *a)
{
	struct dname mx[3] = { name(a, "c.example"), name(a, "a.example"), name(a, "b.example") };
	struct dns_record r[3] = { { .name = mx[0], .preference = 30 }, { .name = mx[1], .preference = 10 },
	                           { .name = mx[2], .preference = 10 } };
	struct dns_answer_view v = { { name(a, "example"), DNS_MX }, DNS_OK, DNSSEC_SECURE, 5, 3, r };
	struct dns_answer *answer = dns_answer_new(&v);
	static const int kind, other;
	struct dns_parsed *made = calloc(1, sizeof(*made)), *again = calloc(1, sizeof(*again));
	struct dname d;

	tap_begin("MX are sorted by preference, equal ones as they came");
	const struct dns_answer_view *view = dns_answer_view(answer);
	CHECK_BYTES(view->records[0].name.text, "a.example");
	CHECK_BYTES(view->records[1].name.text, "b.example");
	CHECK_BYTES(view->records[2].name.text, "c.example");
	tap_end();
	tap_begin("four thousand MX in the worst order, the root's name among them");
	struct dns_record *many = calloc(4000, sizeof(*many));
	for (size_t i = 0; i < 4000; i++)
		many[i] = (struct dns_record){ .name = i % 2 ? mx[0] : (struct dname){ B("") },
		                               .preference = (uint16_t)(1 - i / 2000) };
	struct dns_answer_view big = { v.question, DNS_OK, DNSSEC_SECURE, 5, 4000, many };
	struct dns_answer *sorted = dns_answer_new(&big);
	bool in_order = true;
	for (size_t i = 0; i < 4000; i++) {
		const struct dns_record *one = &dns_answer_view(sorted)->records[i];
		in_order &= one->preference == i / 2000 && (one->name.text.n > 0) == (i % 2);
	}
	CHECK(in_order);
	dns_answer_unref(sorted);
	free(many);
	tap_end();
	tap_begin("what was parsed once hangs on the answer");
	*made = (struct dns_parsed){ &kind, free_parsed, 100 };
	*again = *made;
	CHECK(dns_answer_attach(answer, made) == made && dns_answer_attach(answer, again) == made);
	CHECK(dns_answer_parsed(answer, &kind) == made && !dns_answer_parsed(answer, &other));
	tap_end();
	dns_answer_unref(answer);

	tap_begin("reverse names");
	struct ip ip = { 0 };
	CHECK(ip_parse(B("192.0.2.1"), &ip) && dns_reverse_name(a, &ip, &d));
	CHECK_BYTES(d.text, "1.2.0.192.in-addr.arpa");
	CHECK(ip_parse(B("2001:db8::1"), &ip) && dns_reverse_name(a, &ip, &d));
	CHECK_BYTES(d.text, "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
	tap_end();
}

int main(void)
{
	struct arena *a = arena_new(1 << 22);

	test_flow(a);
	test_answers(a);
	arena_free(a);
	return tap_done();
}
