/* A stranger's world: authors, identifiers and records of any shape. The check
 * must come to the same end in whatever order it is answered, and keep its word
 * about ambiguous authors. One line of the input is one fact:
 *
 *   F name        a possible author      A name        the name exists
 *   P name        SPF passes             T name text   a TXT record at _dmarc.name
 *   p name        a signature passes     X name        _dmarc.name cannot be asked for
 *   f name        a signature fails      x name        neither can the name
 *   t name        one is temperror       w name        one is not decided
 */
#include "dmarc/dmarc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MOST_FACTS 96u
#define MOST_IDENTS 32u

struct world {
	struct arena *arena;
	size_t n, authors_n;
	struct fact { uint8_t kind; struct dname name; struct bytes text; } facts[MOST_FACTS];
	struct dname authors[MOST_IDENTS];
	struct dmarc_ident dkim[MOST_IDENTS];
	struct dmarc_input in;
};

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void add_ident(struct world *w, uint8_t kind, struct dname name)
{
	static const char kinds[] = "wpft"; /* in the order of enum dmarc_ident_state */
	const char *at = strchr(kinds, kind);

	if (kind == 'P')
		w->in.spf = (struct dmarc_ident){ name, DMARC_IDENT_PASS };
	else if (kind == 'F' && w->authors_n < MOST_IDENTS)
		w->authors[w->authors_n++] = name;
	else if (at && w->in.n_dkim < MOST_IDENTS)
		w->dkim[w->in.n_dkim++] = (struct dmarc_ident){ name, (enum dmarc_ident_state)(at - kinds) };
}

static void read_world(struct world *w, struct bytes rest)
{
	struct bytes line, name;

	while (bytes_cut(&rest, '\n', &line) && w->n < MOST_FACTS) {
		if (line.n < 3 || line.p[1] != ' ' || line.p[0] == 0)
			continue;
		struct fact f = { .kind = line.p[0] };
		f.text = bytes_from(line, 2);
		bytes_cut(&f.text, ' ', &name);
		if (!dname_parse(w->arena, name, DNAME_HOST, &f.name, NULL))
			continue;
		w->facts[w->n++] = f;
		add_ident(w, f.kind, f.name);
	}
	w->in.authors = w->authors;
	w->in.n_authors = w->authors_n;
	w->in.ambiguous = w->authors_n != 1;
	w->in.dkim = w->dkim;
}

static struct dns_answer *answer(const struct world *w, const struct dns_question *q)
{
	struct dns_record records[8];
	struct dns_answer_view v = { .question = *q, .status = DNS_NXDOMAIN, .records = records };
	bool policy = q->type == DNS_TXT && bytes_istarts(q->name.text, "_dmarc.");
	struct dname name = { bytes_from(q->name.text, policy ? strlen("_dmarc.") : 0) };

	for (size_t i = 0; i < w->n; i++) {
		const struct fact *f = &w->facts[i];
		if (!dname_same(f->name, name))
			continue;
		if (f->kind == (policy ? 'X' : 'x'))
			v.status = DNS_SERVFAIL;
		else if (v.status == DNS_SERVFAIL)
			continue;
		else if (policy && f->kind == 'T' && v.n < 8)
			v.status = DNS_OK, records[v.n++] = (struct dns_record){ .text = f->text };
		else if (!policy && f->kind == 'A')
			v.status = DNS_NODATA;
	}
	return dns_answer_new(&v);
}

static enum check_state run(const struct world *world, uint32_t foreseen, bool slowly, struct work *w,
                            struct dns_book *book, struct dmarc_result *out)
{
	struct dns_asker k;
	struct dns_question open[512];
	size_t n = 0;
	enum check_state state;

	dns_asker_init(&k, book, 1000, foreseen);
	while ((state = dmarc_check(w, &k, &world->in, out)) == CHECK_WAITING) {
		while (n < 512 && dns_book_next(book, &open[n]))
			n++;
		if (n == 0)
			break; /* it waits for an identifier */
		do
			dns_book_bring(book, answer(world, &open[--n]));
		while (n > 0 && !slowly);
		k.waiting = false;
	}
	return state;
}

static void look_at(const struct world *w, const struct dmarc_result *r)
{
	if (w->in.ambiguous)
		must(r->result == DMARC_FAIL || r->result == DMARC_PERMERROR);
	if (r->result == DMARC_PASS)
		must((r->spf_aligned || r->dkim_aligned) && !r->reason);
	else
		must(r->reason != NULL);
	if (r->result == DMARC_FAIL || r->result == DMARC_PASS)
		must(r->policy != DMARC_POLICY_ABSENT && r->policy_tag && r->record.n > 0);
	if (r->result == DMARC_FAIL)
		must(!r->spf_aligned && !r->dkim_aligned);
	must(r->applied <= r->policy);
	must(dname_is_none(r->policy_domain) || dname_within(r->domain, r->policy_domain));
	must(dname_is_none(r->org_domain) || dname_within(r->domain, r->org_domain));
	must(r->queries <= 8);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world *world = calloc(1, sizeof(*world));
	struct limits limits;
	struct dmarc_result one = { 0 }, two = { 0 };

	if (!world || size > 65535 || !(world->arena = arena_new(16u << 20))) {
		free(world);
		return 0;
	}
	limits_init(&limits);
	struct work w = { .arena = world->arena, .limits = &limits };
	read_world(world, (struct bytes){ data, size });
	struct dns_book *fast = dns_book_new(world->arena, NULL), *slow = dns_book_new(world->arena, NULL);
	if (fast && slow) {
		enum check_state a = run(world, 40, false, &w, fast, &one), b = run(world, 0, true, &w, slow, &two);
		must(a == b || arena_failed(world->arena));
		if (a == CHECK_DONE && b == CHECK_DONE) {
			look_at(world, &one);
			must(one.result == two.result && one.policy == two.policy && one.applied == two.applied);
			must(one.reason == two.reason && one.author_exists == two.author_exists);
			must(dname_same(one.domain, two.domain) && dname_same(one.org_domain, two.org_domain));
			must(one.spf_aligned == two.spf_aligned && one.dkim_aligned_bits == two.dkim_aligned_bits);
		}
	}
	dns_book_end(fast);
	dns_book_end(slow);
	arena_free(world->arena);
	free(world);
	return 0;
}
