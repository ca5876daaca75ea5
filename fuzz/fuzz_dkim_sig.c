/* fuzz_dkim_sig.c - a header that has a signature field on top: read, hashed, and its promises kept. */
#include "dkim/dkim_sig.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static bool within(struct bytes part, struct bytes whole)
{
	return part.n == 0 || (part.p >= whole.p && part.p + part.n <= whole.p + whole.n);
}

static void check(struct work *w, const struct header *h, const struct field *f)
{
	struct dkim_sig sig;
	struct dkim_fields fields;
	struct digest *d = digest_new();

	must(d && dkim_sig_read(w, f, &sig) && dkim_fields_init(w, h, &fields));
	must(sig.err.at <= f->value.n && within(sig.err_about, f->value) && within(sig.b_span, f->value));
	must(within(sig.names, f->value) && within(sig.identity, f->value) && within(sig.selector, f->value));
	if (!sig.err.what) {
		must(!dname_is_none(sig.domain) && dname_within(sig.key_name, sig.domain));
		must(sig.algorithm <= DKIM_ED25519_SHA256 && sig.signature.n > 0 && sig.body_hash.n == DKIM_DIGEST);
		must(sig.expires < 0 || sig.expires > sig.signed_at);
		dkim_sig_hash(&sig, &fields, d);
	}
	digest_free(d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(1 << 27);
	struct limits limits;
	struct work w = { .arena = a, .limits = &limits };
	struct header h;

	must(a != NULL);
	limits_init(&limits);
	header_index(&w, &h, (struct bytes){ data, size });
	header_end(&w, &h);
	for (size_t i = 0; i < h.n && i < 20; i++)
		check(&w, &h, &h.fields[i]);
	arena_free(a);
	return 0;
}
