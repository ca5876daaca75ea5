/* test_spf_shared.c - checks over answers that are there already, as from the
 * shared cache: without memory, and in eight threads at once. */
#include <pthread.h>

#include "base/mem.h"
#include "spf_world.h"

#define RICH "example.com TXT v=spf1 a mx include:i.example exists:%{l}.%{p}.example redirect=r.example\nexample.com A 192.0.2.9\n" \
	"example.com MX m.example.com\nm.example.com A 192.0.2.9\ni.example TXT v=spf1 exists:%{s}.example -all\n" \
	"r.example TXT v=spf1 ptr -all exp=e.%{d}\ne.r.example TXT %{s} is not from %{p}\n1.2.0.192.in-addr.arpa PTR m.example.com"

struct shelf {
	struct dns_answer *answers[64];
	size_t n;
};

static struct dns_answer *find_on_shelf(void *user, const struct dns_question *q)
{
	const struct shelf *shelf = user;

	for (size_t i = 0; i < shelf->n; i++)
		if (dns_question_same(&dns_answer_view(shelf->answers[i])->question, q))
			return dns_answer_ref(shelf->answers[i]);
	return NULL;
}

/* New answers, with nothing hung on them, to all that a book asked. */
static void fill_shelf(struct shelf *shelf, const struct dns_book *book)
{
	shelf->n = 0;
	for (size_t i = 0; i < dns_book_count(book); i++)
		shelf->answers[shelf->n++] = dns_answer_new(dns_answer_view(dns_book_entry(book, i)->answer));
}

static void empty_shelf(struct shelf *shelf)
{
	while (shelf->n)
		dns_answer_unref(shelf->answers[--shelf->n]);
}

static enum check_state check_from_shelf(struct shelf *shelf, struct arena *a, const struct spf_input *in, struct spf_result *out)
{
	struct dns_source source = { find_on_shelf, shelf };
	struct limits limits;
	struct dns_asker k;

	limits_init(&limits);
	struct work w = { .arena = a, .limits = &limits };
	struct dns_book *book = dns_book_new(a, &source);
	if (!book)
		return CHECK_NO_MEMORY;
	dns_asker_init(&k, book, 111, 40);
	enum check_state state = spf_check(&w, &k, in, out);
	if (state == CHECK_DONE) { /* what it points to ends with the book: keep the words */
		out->explanation = arena_copy(a, out->explanation);
		out->term = arena_copy(a, out->term);
	}
	dns_book_end(book);
	return arena_failed(a) ? CHECK_NO_MEMORY : state;
}

static void check_rich(const struct spf_result *r)
{
	CHECK_MSG(r->result == SPF_FAIL, "%s %s", spf_outcome_name(r->result), r->error ? r->error : "");
	CHECK_BYTES(r->term, "-all");
	CHECK_BYTES(r->explanation, "user@example.com is not from unknown");
	CHECK(r->lookups == 7 && r->void_lookups == 2);
}

static void test_memory(struct shelf *shelf, const struct dns_book *book, const struct spf_input *in)
{
	long failures = 0;
	bool more = true;

	tap_begin("the Nth allocation fails");
	for (long n = 0; more && n < 1000; n++)
		for (int forever = 0; forever < 2; forever++) {
			struct spf_result r = { .result = SPF_OUTCOMES };
			fill_shelf(shelf, book);
			mem_fail_after(n, forever);
			struct arena *a = arena_new(1 << 20);
			enum check_state state = a ? check_from_shelf(shelf, a, in, &r) : CHECK_NO_MEMORY;
			more = mem_count() > n;
			mem_fail_after(-1, false);
			failures += state == CHECK_NO_MEMORY;
			CHECK(state == (more ? CHECK_NO_MEMORY : CHECK_DONE));
			if (state == CHECK_DONE)
				check_rich(&r);
			arena_free(a);
			empty_shelf(shelf);
		}
	CHECK_MSG(failures > 10, "%ld failures", failures);
	tap_end();
}

struct thread {
	pthread_t id;
	struct shelf *shelf;
	const struct spf_input *in;
	struct arena *arena;
	unsigned right;
};

static void *check_often(void *user)
{
	struct thread *t = user;

	for (int i = 0; i < 100; i++) {
		struct spf_result r;
		t->right += check_from_shelf(t->shelf, t->arena, t->in, &r) == CHECK_DONE && r.result == SPF_FAIL &&
		            bytes_eq(r.explanation, "user@example.com is not from unknown");
		arena_reset(t->arena);
	}
	return NULL;
}

static void test_threads(struct shelf *shelf, const struct dns_book *book, const struct spf_input *in)
{
	struct thread threads[8];

	tap_begin("eight threads parse and use the same answers");
	fill_shelf(shelf, book);
	for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
		threads[i] = (struct thread){ .shelf = shelf, .in = in, .arena = arena_new(1 << 20) };
		CHECK(pthread_create(&threads[i].id, NULL, check_often, &threads[i]) == 0);
	}
	for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
		pthread_join(threads[i].id, NULL);
		CHECK_MSG(threads[i].right == 100, "thread %zu: %u right", i, threads[i].right);
		arena_free(threads[i].arena);
	}
	empty_shelf(shelf);
	tap_end();
}

int main(void)
{
	struct arena *a = arena_new(1 << 24);
	struct world world = { a, RICH };
	struct drive d = { .arena = a, .answer = world_answer, .user = &world };
	struct spf_input in = { .local = B("user"), .helo = B("helo.example.net"), .explain = true };
	struct spf_result r;
	static struct shelf shelf;

	tap_begin("a policy of every kind of term");
	CHECK(ip_parse(B("192.0.2.1"), &in.client) && dname_parse(a, B("example.com"), DNAME_HOST, &in.domain, NULL));
	CHECK(drive_spf(&d, &in, &r) == CHECK_DONE);
	check_rich(&r);
	tap_end();
	test_memory(&shelf, d.book, &in);
	test_threads(&shelf, d.book, &in);
	dns_book_end(d.book);
	arena_free(a);
	return tap_done();
}
