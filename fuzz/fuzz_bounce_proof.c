/* fuzz_bounce_proof.c - any bytes as what came back in a bounce: only names of ours are asked
 * for, and without a key nothing is proven. */
#include "bounce/bounce_proof.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void run(struct work *w, const struct bounce *b)
{
	const struct dname ours = { B("example.org") };
	struct bounce_proof_input in = { .bounce = b, .recipient = B("ann@example.org"), .domains = &ours, .n_domains = 1 };
	struct bounce_proof p;
	struct dns_question q;
	struct dns_asker asker;
	struct dns_book *book = dns_book_new(w->arena, NULL);

	must(book != NULL);
	dns_asker_init(&asker, book, 50, 50);
	if (bounce_proof_begin(w, &in, &p)) {
		enum check_state state = bounce_proof_check(w, &asker, &p);
		must(state != CHECK_NO_MEMORY);
		must((state == CHECK_WAITING) == dns_book_next(book, &q));
		for (size_t i = 0; i < dns_book_count(book); i++)
			must(dname_within(dns_book_entry(book, i)->question.name, ours));
		asker.cut = DNS_TIMEOUT;
		must(bounce_proof_check(w, &asker, &p) == CHECK_DONE);
		must(!p.own_signature && !p.own_signature_broken && p.tag.state == TAG_ABSENT);
		must(!p.has_ip || (!ip_is_local(&p.ip) && p.spf.result == SPF_TEMPERROR));
		must(p.has_header || (!p.author.n && p.date == -1));
	} else {
		must(arena_failed(w->arena));
	}
	dns_book_end(book);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct limits limits;
	struct work w = { .arena = arena_new(16 << 20), .limits = &limits };
	struct bounce b = { .kind = BOUNCE_DSN, .returned = { data, size } };

	limits_init(&limits);
	if (!w.arena)
		return 0;
	run(&w, &b);
	arena_free(w.arena);
	return 0;
}
