/* fuzz_origin - what the tables of networks and contacts may answer: texts, one a line. Lines that begin with
 * "c" are contacts, with "n" names of the AS, others rows of the table of networks. */
#include "explain/origin.h"

#define ROWS 16u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct dns_answer *answer_to(const struct dns_question *q, struct bytes text)
{
	uint8_t kind = bytes_istarts(q->name.text, "as") ? 'n' : bytes_iends(q->name.text, "abusix.zone") ? 'c' : 0;
	struct dns_record records[ROWS] = { 0 };
	struct dns_answer_view v = { .question = *q, .records = records };
	struct bytes line;

	while (v.n < ROWS && bytes_cut(&text, '\n', &line)) {
		uint8_t first = line.n ? line.p[0] : 0;
		if (kind ? first == kind : first != 'c' && first != 'n')
			records[v.n++].text = bytes_from(line, kind ? 1 : 0);
	}
	v.status = v.n ? DNS_OK : DNS_NXDOMAIN;
	return dns_answer_new(&v);
}

static void check(const struct origin *o, const struct origin_input *in)
{
	struct ip_net net;

	if (o->prefix.n && (!ip_net_parse(o->prefix, &net) || !ip_in(&in->ip, &net)))
		abort();
	if ((o->country.n && o->country.n != 2) || o->n_contacts > 5 || (!o->known && (o->asn || o->prefix.n)))
		abort();
	for (size_t i = 0; i < o->n_contacts; i++)
		if (!bytes_has(o->contacts[i], '@') || bytes_iends(o->contacts[i], "@victim.example") ||
		    bytes_iends(o->contacts[i], ".victim.example"))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct dname never = { B("victim.example") };
	struct origin_input in = { .ip = { 4, { 203, 0, 113, 9 } }, .never = &never, .n_never = 1 };
	struct arena *a = arena_new(8u << 20);
	struct dns_book *book = a ? dns_book_new(a, NULL) : NULL;
	struct work w = { .arena = a };
	struct dns_asker asker;
	struct dns_question q;
	struct origin out;
	enum check_state state = CHECK_DONE;

	if (book) {
		dns_asker_init(&asker, book, ORIGIN_QUESTIONS, 0);
		while ((state = origin_check(&w, &asker, &in, &out)) == CHECK_WAITING)
			while (dns_book_next(book, &q)) {
				struct dns_answer *answer = answer_to(&q, (struct bytes){ data, size });
				if (!answer)
					return 0;
				dns_book_bring(book, answer);
			}
		if (state == CHECK_DONE)
			check(&out, &in);
	}
	dns_book_end(book);
	arena_free(a);
	return 0;
}
