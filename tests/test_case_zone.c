/* Cases: the DNS of a book as a zone that gives the same answers. */
#include "base/mem.h"
#include "dns_helper.h"
#include "verify/case.h"

#define CAP (8u << 20)

/* --- particular books --- */

/* A book that was filled from a zone: each question asked and, but for silence, answered. */
struct filled {
	struct dns_book *book;
	struct dns_asker asker;
};

static void fill(struct filled *f, struct arena *a)
{
	f->book = dns_book_new(a, NULL);
	dns_asker_init(&f->asker, f->book, UINT32_MAX, UINT32_MAX);
}

static void bring(struct filled *f, const struct dns_answer_view *view)
{
	(void)!dns_need(&f->asker, view->question.name, view->question.type);
	dns_book_bring(f->book, dns_answer_new(view));
}

static void bring_from(struct filled *f, const struct dns_zone *z, struct dns_question q)
{
	struct dns_zone_reply reply;

	(void)!dns_need(&f->asker, q.name, q.type);
	if (!dns_zone_ask(z, &q, &reply))
		abort();
	if (reply.answer)
		dns_book_bring(f->book, reply.answer);
}

static const char world[] =
	"$TTL 300\n"
	"example.org. TXT \"v=spf1 mx -all\"\n"
	"example.org. MX 20 b.example.org.\n"
	"example.org. MX 10 a.example.org.\n"
	"a.example.org. A 192.0.2.2\n"
	"a.example.org. A 192.0.2.1\n"
	"_dmarc.example.org. CNAME policy.example.net.\n"
	"policy.example.net. 60 TXT \"v=DMARC1; p=none; \" \"rua=mailto:a@example.net\"\n"
	"*.wild.example.org. TXT \"a \\\"quote\\\" \\000\\255\"\n"
	"1.2.0.192.in-addr.arpa. PTR odd\\032name.example.org.\n"
	"null.example.org. MX 0 .\n"
	";!fault slow.example.org. TXT timeout\n"
	";!fault gone.example.org. TXT timeout delay=10000\n"
	";!fault broken.example.org. TXT servfail\n"
	";!fault refuses.example.org. TXT refused\n"
	";!fault lies.example.org. TXT bogus\n"
	";!fault a.example.org. A secure\n"
	";!fault example.org. A nodata secure ttl=900\n"
	";!fault nowhere.example.org. TXT nxdomain ttl=60\n"
	";!fault deep.example.org. TXT nxdomain\n";

static const struct {
	const char *name;
	enum dns_type type;
	const char *want; /* lines of the zone that the answer is; "": none needed */
} written[] = {
	{ "example.org", DNS_TXT, "example.org. 300 TXT \"v=spf1 mx -all\"\n" },
	{ "example.org", DNS_MX, "example.org. 300 MX 10 a.example.org.\nexample.org. 300 MX 20 b.example.org.\n" },
	{ "a.example.org", DNS_A, "a.example.org. 300 A 192.0.2.2\na.example.org. 300 A 192.0.2.1\n"
	                          ";!fault a.example.org. A secure\n" },
	{ "_dmarc.example.org", DNS_TXT, "_dmarc.example.org. 60 TXT \"v=DMARC1; p=none; rua=mailto:a@example.net\"\n" },
	{ "_dmarc.example.org", DNS_CNAME, "_dmarc.example.org. 300 CNAME policy.example.net.\n" },
	{ "x.wild.example.org", DNS_TXT, "x.wild.example.org. 300 TXT \"a \\\"quote\\\" \\000\\255\"\n" },
	{ "1.2.0.192.in-addr.arpa", DNS_PTR, "1.2.0.192.in-addr.arpa. 300 PTR odd\\032name.example.org.\n" },
	{ "null.example.org", DNS_MX, "null.example.org. 300 MX 0 .\n" },
	{ "slow.example.org", DNS_TXT, ";!fault slow.example.org. TXT timeout\n" },
	{ "gone.example.org", DNS_TXT, ";!fault gone.example.org. TXT timeout delay=1\n" },
	{ "broken.example.org", DNS_TXT, ";!fault broken.example.org. TXT servfail\n" },
	{ "refuses.example.org", DNS_TXT, ";!fault refuses.example.org. TXT refused\n" },
	{ "lies.example.org", DNS_TXT, ";!fault lies.example.org. TXT bogus\n" },
	{ "example.org", DNS_A, ";!fault example.org. A nodata secure ttl=900\n" },
	{ "nowhere.example.org", DNS_TXT, ";!fault nowhere.example.org. TXT nxdomain ttl=60\n" },
	{ "deep.example.org", DNS_TXT, "" },
	{ "wild.example.org", DNS_A, ";!fault wild.example.org. A nodata\n" },
};

static void test_written(struct arena *a)
{
	struct dns_zone *z = zone_of(world);

	for (size_t i = 0; i < ARRAY_LEN(written); i++) {
		struct filled f;
		struct buf out;
		tap_begin("%s %s alone", written[i].name, dns_type_name(written[i].type));
		fill(&f, a);
		bring_from(&f, z, question_of(a, written[i].name, written[i].type));
		buf_init(&out, CAP);
		CHECK(case_zone_write(&out, f.book));
		CHECK_BYTES(buf_bytes(&out), written[i].want);
		tap_end();
		buf_free(&out);
		dns_book_end(f.book);
	}
	dns_zone_free(z);
}

static struct dns_answer_view absent(struct dname name, enum dns_type type, enum dns_status status)
{
	return (struct dns_answer_view){ .question = { name, type }, .status = status };
}

static struct dns_answer_view one_text(struct dname name, const char *text, struct dns_record *r)
{
	*r = (struct dns_record){ .text = bytes_of(text) };
	return (struct dns_answer_view){ .question = { name, DNS_TXT }, .status = DNS_OK, .ttl = 5, .n = 1, .records = r };
}

static void check_written(const struct dns_book *const *books, size_t n, const char *want)
{
	struct buf out;

	buf_init(&out, CAP);
	CHECK(case_zone_write_books(&out, books, n));
	CHECK_BYTES(buf_bytes(&out), want);
	buf_free(&out);
}

static void test_neighbours(struct arena *a)
{
	struct dname top = name_of(a, "b.example"), below = name_of(a, "a.b.example"), star = name_of(a, "*.b.example");
	struct dns_answer_view none = absent(top, DNS_TXT, DNS_NXDOMAIN), empty = absent(top, DNS_A, DNS_NODATA), r;
	struct dns_record record;
	struct filled f;

	tap_begin("a name that a recorded one below makes exist: NODATA is said by that, NXDOMAIN by a fault");
	fill(&f, a);
	bring(&f, &none);
	bring(&f, &empty);
	r = one_text(below, "t", &record);
	bring(&f, &r);
	check_written((const struct dns_book *const[]){ f.book }, 1,
	              ";!fault b.example. TXT nxdomain\na.b.example. 5 TXT \"t\"\n");
	dns_book_end(f.book);
	tap_end();

	tap_begin("a wildcard that was asked for by its own name makes no others");
	fill(&f, a);
	r = one_text(star, "t", &record);
	bring(&f, &r);
	none = absent(below, DNS_TXT, DNS_NXDOMAIN);
	bring(&f, &none);
	check_written((const struct dns_book *const[]){ f.book }, 1,
	              "*.b.example. 5 TXT \"t\"\n;!fault a.b.example. TXT nxdomain\n");
	dns_book_end(f.book);
	tap_end();

	tap_begin("a fault at a wildcard does not reach names that were looked at before it");
	fill(&f, a);
	record = (struct dns_record){ .ip = { 4, { 192, 0, 2, 1 } } };
	r = (struct dns_answer_view){ .question = { star, DNS_A }, .n = 1, .records = &record };
	bring(&f, &r);
	none = absent(star, DNS_TXT, DNS_SERVFAIL);
	bring(&f, &none);
	none = absent(name_of(a, "!.b.example"), DNS_TXT, DNS_NODATA); /* sorts before the wildcard */
	bring(&f, &none);
	check_written((const struct dns_book *const[]){ f.book }, 1,
	              ";!fault \\033.b.example. TXT nodata\n*.b.example. 0 A 192.0.2.1\n"
	              ";!fault *.b.example. TXT servfail\n");
	dns_book_end(f.book);
	tap_end();

	tap_begin("a CNAME beside other records is left out, a CNAME alone leads nobody astray");
	fill(&f, a);
	r = one_text(top, "t", &record);
	bring(&f, &r);
	record = (struct dns_record){ .name = below };
	r = (struct dns_answer_view){ .question = { top, DNS_CNAME }, .n = 1, .records = &record };
	bring(&f, &r);
	r.question.name = star;
	bring(&f, &r);
	r = one_text(below, "t", &record);
	bring(&f, &r);
	none = absent(star, DNS_TXT, DNS_NODATA);
	bring(&f, &none);
	check_written((const struct dns_book *const[]){ f.book }, 1,
	              "b.example. 5 TXT \"t\"\n*.b.example. 0 CNAME a.b.example.\n;!fault *.b.example. TXT nodata\n"
	              "a.b.example. 5 TXT \"t\"\n");
	dns_book_end(f.book);
	tap_end();
}

static void test_no_answer(struct arena *a)
{
	struct dname name = name_of(a, "late.example");
	struct dns_answer_view r;
	struct dns_record record;
	struct filled f, other;

	tap_begin("needed and never answered: silence; foreseen and never answered: nothing");
	fill(&f, a);
	(void)!dns_need(&f.asker, name, DNS_TXT);
	(void)!dns_foresee(&f.asker, name_of(a, "foreseen.example"), DNS_TXT);
	check_written((const struct dns_book *const[]){ f.book }, 1, ";!fault late.example. TXT timeout\n");
	tap_end();

	tap_begin("an answer that came after the check had given up is silence as well");
	f.asker.cut = DNS_TIMEOUT;
	(void)!dns_need(&f.asker, name, DNS_TXT);
	r = one_text(name, "late", &record);
	dns_book_bring(f.book, dns_answer_new(&r));
	check_written((const struct dns_book *const[]){ f.book }, 1, ";!fault late.example. TXT timeout\n");
	tap_end();

	tap_begin("of two books the first that has an answer counts");
	fill(&other, a);
	bring(&other, &r);
	check_written((const struct dns_book *const[]){ f.book, other.book }, 2, "late.example. 5 TXT \"late\"\n");
	dns_book_end(other.book);
	fill(&other, a);
	check_written((const struct dns_book *const[]){ other.book, f.book, other.book }, 3,
	              ";!fault late.example. TXT timeout\n");
	dns_book_end(other.book);
	dns_book_end(f.book);
	tap_end();

	tap_begin("nobody was asked: nothing is written");
	fill(&f, a);
	r = absent(name, DNS_TXT, DNS_OFFLINE);
	bring(&f, &r);
	check_written((const struct dns_book *const[]){ f.book }, 1, "");
	dns_book_end(f.book);
	tap_end();
}

/* --- random books --- */

static uint64_t dice = 1;

static uint32_t roll(uint32_t below)
{
	dice += UINT64_C(0x9e3779b97f4a7c15);
	uint64_t x = (dice ^ (dice >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((x ^ (x >> 31)) % below);
}

static const enum dns_type types[] = { DNS_A, DNS_AAAA, DNS_CNAME, DNS_MX, DNS_PTR, DNS_TXT };

/* Few labels, so that names lie above and below each other; some of any bytes, some wildcards. */
static struct dname random_name(struct arena *a)
{
	static const char *const labels[] = { "a", "b", "*", "_dmarc", "example" };
	uint8_t text[DNAME_TEXT_MAX];
	struct dname out;
	size_t n = 0;

	for (uint32_t k = 1 + roll(4); k > 0; k--) {
		if (n)
			text[n++] = '.';
		if (roll(8)) {
			struct bytes label = bytes_of(labels[roll(ARRAY_LEN(labels))]);
			memcpy(text + n, label.p, label.n);
			n += label.n;
			continue;
		}
		for (uint32_t bytes = 1 + roll(roll(10) ? 6 : 62); bytes > 0; bytes--) {
			uint8_t c = (uint8_t)(1 + roll(255));
			text[n++] = c == '.' ? '@' : c;
		}
	}
	if (!dname_parse(a, (struct bytes){ text, n }, DNAME_WIRE, &out, NULL))
		abort();
	return out;
}

static struct bytes random_text(struct arena *a)
{
	size_t n = roll(4) ? roll(40) : roll(700);
	uint8_t *p = arena_alloc(a, n + 1);

	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(roll(3) ? ' ' + roll(95) : roll(256));
	return (struct bytes){ p, n };
}

static struct dns_record random_record(struct arena *a, enum dns_type type)
{
	struct dns_record r = { .preference = 0 };

	if (type == DNS_A || type == DNS_AAAA) {
		r.ip.family = type == DNS_A ? 4 : 6;
		for (size_t i = 0; i < (type == DNS_A ? 4u : 16u); i++)
			r.ip.b[i] = (uint8_t)roll(256);
	} else if (type == DNS_TXT) {
		r.text = random_text(a);
	} else {
		r.name = roll(10) ? random_name(a) : (struct dname){ { NULL, 0 } };
		r.preference = type == DNS_MX ? (uint16_t)roll(65536) : 0;
	}
	return r;
}

static struct dns_answer_view random_answer(struct arena *a)
{
	static const enum dns_status statuses[] = { DNS_OK, DNS_OK, DNS_OK, DNS_NODATA, DNS_NXDOMAIN,
	                                            DNS_SERVFAIL, DNS_REFUSED, DNS_TIMEOUT, DNS_BOGUS };
	struct dns_answer_view v = {
		.question = { random_name(a), types[roll(ARRAY_LEN(types))] },
		.status = statuses[roll(ARRAY_LEN(statuses))],
	};

	if (!dns_status_is_error(v.status)) {
		v.security = (enum dnssec_state)roll(3);
		v.ttl = roll(2) ? roll(100000) : 0;
	}
	v.n = v.status != DNS_OK ? 0 : v.question.type == DNS_CNAME ? 1 : 1 + roll(4);
	struct dns_record *records = arena_array(a, struct dns_record, v.n);
	for (size_t i = 0; i < v.n; i++)
		records[i] = random_record(a, v.question.type);
	v.records = records;
	return v;
}

static bool same_record(enum dns_type type, const struct dns_record *x, const struct dns_record *y)
{
	if (type == DNS_A || type == DNS_AAAA)
		return ip_same(&x->ip, &y->ip);
	return type == DNS_TXT ? bytes_same(x->text, y->text)
	                       : dname_same(x->name, y->name) && x->preference == y->preference;
}

static bool same_view(const struct dns_answer_view *x, const struct dns_answer_view *y)
{
	bool same = x->status == y->status && x->n == y->n;

	if (same && !dns_status_is_error(x->status))
		same = x->ttl == y->ttl && x->security == y->security;
	for (size_t i = 0; same && i < x->n; i++)
		same = same_record(x->question.type, &x->records[i], &y->records[i]);
	return same;
}

/* No zone can say that there is a CNAME and something else. */
static bool beside_cname(const struct dns_book *book, const struct dns_question *q)
{
	for (size_t i = 0; q->type == DNS_CNAME && i < dns_book_count(book); i++) {
		const struct dns_entry *e = dns_book_entry(book, i);
		if (e->question.type != DNS_CNAME && dname_same(e->question.name, q->name) && e->answer &&
		    dns_answer_view(e->answer)->status == DNS_OK)
			return true;
	}
	return false;
}

static void take(void *user, struct dns_answer *answer)
{
	*(struct dns_answer **)user = answer;
}

/* Asks the question of one entry through a script, and compares. */
static bool replays(struct dns_resolver *r, const struct dns_book *book, const struct dns_entry *e)
{
	struct dns_answer *answer = NULL;

	if (!r->ops->ask(r, &e->question, take, &answer))
		abort();
	(void)!r->ops->wait(r, r->ops->now_ms(r) + 100000);
	r->ops->forget(r, &answer);
	bool same = e->answer && answer ? same_view(dns_answer_view(e->answer), dns_answer_view(answer))
	                                : !e->answer && !answer;
	dns_answer_unref(answer);
	return same || beside_cname(book, &e->question);
}

static void check_replay(const struct dns_book *book, struct bytes text)
{
	struct bytes copy = heap_bytes(text);
	struct dns_zone *z = dns_zone_new();
	struct dns_script *s = dns_script_new(z, NULL);
	struct dns_master_err err = { .what = "" };

	if (CHECK_MSG(dns_master_read(z, copy, &err), "line %zu: %s\n%.*s", err.line, err.what, BYTES_ARG(text)))
		for (size_t i = 0; i < dns_book_count(book); i++) {
			const struct dns_entry *e = dns_book_entry(book, i);
			if (!replays(dns_script_resolver(s), book, e)) {
				CHECK_MSG(false, "%.*s %s\n%.*s", BYTES_ARG(e->question.name.text),
				          dns_type_name(e->question.type), BYTES_ARG(text));
				break;
			}
		}
	dns_resolver_free(dns_script_resolver(s));
	dns_zone_free(z);
	heap_free(copy);
}

static void test_random_books(void)
{
	tap_begin("random books: the zone that is written gives every answer again, in any order of asking");
	for (unsigned k = 0; k < 1500; k++) {
		struct arena *a = arena_new(CAP);
		struct filled f, back;
		struct buf out, again;
		fill(&f, a);
		fill(&back, a);
		for (uint32_t n = roll(25); n > 0; n--) {
			struct dns_answer_view v = random_answer(a);
			if (roll(12))
				bring(&f, &v);
			else
				(void)!dns_need(&f.asker, v.question.name, v.question.type);
		}
		for (size_t i = dns_book_count(f.book); i > 0; i--) {
			const struct dns_entry *e = dns_book_entry(f.book, i - 1);
			(void)!dns_need(&back.asker, e->question.name, e->question.type);
			if (e->answer)
				dns_book_bring(back.book, dns_answer_ref(e->answer));
		}
		buf_init(&out, CAP);
		buf_init(&again, CAP);
		CHECK(case_zone_write(&out, f.book) && case_zone_write(&again, back.book));
		CHECK(bytes_same(buf_bytes(&out), buf_bytes(&again)));
		check_replay(f.book, buf_bytes(&out));
		buf_free(&out);
		buf_free(&again);
		dns_book_end(f.book);
		dns_book_end(back.book);
		arena_free(a);
	}
	tap_end();
}

/* --- memory --- */

static void test_memory(struct arena *a)
{
	struct dns_zone *z = zone_of(world);
	struct filled f;
	struct buf out;
	long n = 0;

	fill(&f, a);
	for (size_t i = 0; i < ARRAY_LEN(written); i++)
		bring_from(&f, z, question_of(a, written[i].name, written[i].type));
	tap_begin("every allocation of the writer may fail");
	buf_init(&out, CAP);
	for (bool ok = false; !ok && n < 100000; n++) {
		mem_fail_after(n, false);
		ok = case_zone_write(&out, f.book);
		mem_fail_after(-1, false);
		buf_free(&out);
		buf_init(&out, CAP);
	}
	CHECK_MSG(n > 3 && n < 100000, "%ld", n);
	tap_end();
	dns_book_end(f.book);
	dns_zone_free(z);
}

int main(void)
{
	struct arena *a = arena_new(CAP);

	test_written(a);
	test_neighbours(a);
	test_no_answer(a);
	test_random_books();
	test_memory(a);
	arena_free(a);
	return tap_done();
}
