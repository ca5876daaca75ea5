/* fuzz_spf_record.c - any text behind "v=spf1": read, and each name in it expanded. */
#include "spf/spf_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expand(struct arena *a, const struct spf_input *in, const struct spf_spec *spec)
{
	struct spf_values v = { .arena = a, .in = in, .domain = in->domain };
	uint8_t room[DNAME_TEXT_MAX];
	struct dname name;
	struct bytes text;

	if (spec->pieces && spf_macro_name(spec->pieces, spec->n, &v, room, &name))
		assert(name.text.n > 0 && name.text.n <= DNAME_TEXT_MAX);
	if (spec->pieces && spf_macro_text(spec->pieces, spec->n, &v, 600, &text))
		assert(text.n <= 600);
}

static void check_term(struct arena *a, const struct spf_input *in, const struct spf_record *r,
                       const struct spf_term *t)
{
	struct bytes text = spf_term_text(r, t);

	assert(text.n == t->n && t->n > 0 && !bytes_has(text, ' '));
	if (spf_kind_counts(t->kind) || t->kind == SPF_TERM_EXP)
		expand(a, in, &t->spec);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(1 << 20);
	struct bytes text = a ? arena_join(a, B("v=spf1 "), (struct bytes){ data, size }) : B("");
	struct spf_input in = { .local = B("a.b-c+d"), .helo = { data, size }, .client.family = size & 1 ? 6 : 4 };
	struct parse_err err;

	if (text.n && dname_parse(a, B("mail.example.com"), DNAME_HOST, &in.domain, NULL)) {
		struct spf_record *r = spf_record_parse(text, &err);
		assert(r || !err.what || err.at <= text.n);
		for (size_t i = 0; r && i < r->n; i++)
			check_term(a, &in, r, &r->terms[i]);
		if (r && r->redirect)
			check_term(a, &in, r, r->redirect);
		if (r && r->exp)
			check_term(a, &in, r, r->exp);
		spf_record_free(r);
	}
	arena_free(a);
	return 0;
}
