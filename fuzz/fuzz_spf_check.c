/* fuzz_spf_check.c - hostile policies that point at each other. Each line of the
 * input is the text at one name: the first at a.example, the second at b.example
 * and so on, by the first letter of the name that is asked. What other types hold
 * is drawn from a hash of the name. A check of it must end within its limits, and
 * must come to the same result with foresight, without, and in another order. */
#include "../tests/spf_drive.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct hostile {
	struct arena *arena;
	struct bytes text;
	struct ip client;
};

static struct bytes line_of(struct bytes text, unsigned n)
{
	struct bytes line = { NULL, 0 };

	while (bytes_cut(&text, '\n', &line) && n > 0)
		n--;
	return n ? (struct bytes){ NULL, 0 } : line;
}

/* Names below a few letters, so that they meet the texts again. */
static struct dname drawn_name(struct arena *a, uint64_t draw)
{
	struct bytes text = draw % 11 == 0 ? (struct bytes){ NULL, 0 }
	                                   : arena_printf(a, "%c.example", (int)('a' + draw % 7));
	return (struct dname){ text };
}

static void draw_record(struct hostile *h, enum dns_type type, uint64_t draw, struct dns_record *r)
{
	*r = (struct dns_record){ .preference = (uint16_t)draw };
	if (type == DNS_MX || type == DNS_PTR) {
		r->name = drawn_name(h->arena, draw);
		return;
	}
	r->ip = h->client;
	r->ip.b[3] ^= (uint8_t)(draw % 3);
	r->ip.family = type == DNS_A ? 4 : 6;
}

static struct dns_answer *answer(void *user, const struct dns_question *q)
{
	static const enum dns_status faults[] = { DNS_NXDOMAIN, DNS_NODATA, DNS_SERVFAIL, DNS_TIMEOUT, DNS_BOGUS };
	struct hostile *h = user;
	struct dns_record records[13];
	struct dns_answer_view v = { .question = *q, .status = DNS_OK, .ttl = 1, .records = records };
	uint64_t draw = dns_question_hash(q, h->text.n);

	if (q->type == DNS_TXT) {
		records[0].text = line_of(h->text, q->name.text.p[0] - (unsigned)'a');
		v.n = records[0].text.n > 0;
		records[1].text = B("v=spf1 -all");
		v.n += draw % 97 == 0;
	} else if (draw % 4 != 0) {
		v.n = draw / 4 % (ARRAY_LEN(records) + 1);
		for (size_t i = 0; i < v.n; i++)
			draw_record(h, q->type, draw / 64 + i * 0x9e3779b97f4a7c15u / 3, &records[i]);
	}
	if (v.n == 0)
		v.status = faults[draw / 8 % ARRAY_LEN(faults)];
	return dns_answer_new(&v);
}

static void check_bounds(const struct drive *d, const struct spf_result *r)
{
	const struct limits *l = d->work.limits;

	assert(r->lookups <= l->v[LIMIT_SPF_TERMS] && r->void_lookups <= l->v[LIMIT_SPF_VOID] + 1);
	assert(r->path_n <= l->v[LIMIT_SPF_TERMS] + 1 && drive_needed(d->book) <= l->v[LIMIT_SPF_QUESTIONS]);
	assert(r->explanation.n <= l->v[LIMIT_SPF_EXPLANATION]);
	assert((r->result == SPF_PERMERROR || r->result == SPF_TEMPERROR || r->result == SPF_NONE) == (r->error != NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hostile h = { .arena = arena_new(1 << 24), .text = { data, size } };
	struct drive d = { .answer = answer, .user = &h, .arena = h.arena }, other;
	struct spf_input in = { .local = B("a-b"), .helo = line_of(h.text, 1), .explain = true };
	struct spf_result want, got;

	if (!h.arena)
		return 0;
	bool ready = ip_parse(size & 1 ? B("192.0.2.1") : B("2001:db8::1"), &in.client) &&
	             dname_parse(h.arena, B("a.example"), DNAME_HOST, &in.domain, NULL);
	h.client = in.client;
	in.trace = true;
	if (ready && drive_spf(&d, &in, &want) == CHECK_DONE) {
		check_bounds(&d, &want);
		other = d;
		other.sequential = true;
		if (drive_spf(&other, &in, &got) != CHECK_DONE || !drive_same_result(&want, &got))
			abort();
		dns_book_end(other.book);
		other = d;
		other.seed = (unsigned)size + 1;
		if (drive_spf(&other, &in, &got) != CHECK_DONE || !drive_same_result(&want, &got) ||
		    !drive_same_needs(d.book, other.book))
			abort();
		dns_book_end(other.book);
	}
	dns_book_end(d.book);
	arena_free(h.arena);
	return 0;
}
