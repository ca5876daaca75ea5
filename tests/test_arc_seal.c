#include "arc/arc_seal.h"

#include "base/mem.h"
#include "sign_keys.h"

#define NOW 1795000000
#define W50 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const char message[] =
	"From: a@example.com\r\nSubject: x\r\nSubject: y\r\nX-Z: z\r\n\r\nbody\r\n";
static struct limits limits;
static struct test_keys keys;

/* Seals; false: refused. What comes out lives in w's arena. */
static bool seal(struct work *w, struct arc_seal_options *o, struct arc_sealed *out,
                 const char **why)
{
	struct arc_sealing *s;
	struct header h;

	header_index(w, &h, bytes_of(message));
	struct dkim_bodies *bodies = dkim_bodies_new(w, h.ends);
	bool ok = bodies && arc_seal_begin(w, &h, bodies, o, &s, why);
	if (ok) {
		dkim_bodies_update(bodies, bytes_from(bytes_of(message), h.body_at));
		dkim_bodies_end(bodies);
		*why = "out of memory later";
		ok = arc_seal_with(w, s, keys.key[KEY_RSA1024], out);
	}
	dkim_bodies_free(bodies);
	return ok;
}

static struct arc_seal_options standard(struct work *w)
{
	struct arc_seal_options o;
	struct dname d;

	if (!dname_parse(w->arena, B("example.org"), DNAME_HOST, &d, NULL))
		d = (struct dname){ 0 };
	arc_seal_options_init(&o, d, B("sel"), CRYPTO_RSA,
	                      B("mx.example; spf=pass smtp.mailfrom=example.com"));
	return o;
}

static const struct {
	const char *name, *selector, *authres, *field, *why;
	bool no_domain;
} refusals[] = {
	{ "no domain", "sel", "mx.example; none", "From", "there is no domain to seal for", true },
	{ "a selector with a semicolon", "a;b", "mx.example; none", "From", "the selector is not a name", false },
	{ "no selector", "", "mx.example; none", "From", "the selector is not a name", false },
	{ "no results", "sel", " \t", "From", "the results are empty or hold control bytes", false },
	{ "results that begin another field", "sel", "mx.example; none\r\nBcc: x@example.net", "From", NULL, false },
	{ "a NUL in the results", "sel", "mx\x01.example; none", "From",
	  "the results are empty or hold control bytes", false },
	{ "a line feed alone", "sel", "mx.example; none\nBcc: x", "From", NULL, false },
	{ "a field that no message signature covers", "sel", "mx.example; none", "arc-SEAL",
	  "ARC-Seal cannot be signed by a message signature", false },
	{ "a name that is none", "sel", "mx.example; none", "a b", "the name of a field cannot stand in h=", false },
	{ "a name that ends the tag", "sel", "mx.example; none", "a;b", "the name of a field cannot stand in h=", false },
};

static void test_refusals(void)
{
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		struct work w = { .arena = arena_new(1 << 20), .limits = &limits, .now = NOW };
		struct arc_seal_options o = standard(&w);
		struct arc_sealed out = { .all = { NULL, 0 } };
		struct bytes field = bytes_of(refusals[i].field);
		const char *why = NULL;

		tap_begin("refused: %s", refusals[i].name);
		o.selector = bytes_of(refusals[i].selector);
		o.authres = bytes_of(refusals[i].authres);
		o.fields = &field;
		o.n_fields = 1;
		if (refusals[i].no_domain)
			o.domain = (struct dname){ 0 };
		if (refusals[i].why) {
			CHECK(!seal(&w, &o, &out, &why));
			CHECK_MSG(why && !strcmp(why, refusals[i].why), "%s", why);
		} else { /* a fold at most: never a field of its own */
			CHECK(!seal(&w, &o, &out, &why) ||
			      bytes_search(out.all, B("\nBcc")) == out.all.n);
		}
		tap_end();
		arena_free(w.arena);
	}
}

static size_t longest_line(struct bytes text)
{
	size_t longest = 0;
	struct bytes line;

	while (bytes_cut(&text, '\n', &line))
		longest = line.n > longest + 1 ? line.n - 1 : longest;
	return longest;
}

static void test_form(void)
{
	struct work w = { .arena = arena_new(1 << 20), .limits = &limits, .now = NOW };
	struct arc_seal_options o = standard(&w);
	struct arc_sealed out;
	const char *why = NULL;

	tap_begin("three fields in their order, lines of 78 columns");
	o.authres = B("mx.example; spf=pass  smtp.mailfrom=" W50
	              ".example;\r\n\tdkim=pass header.d=example.com");
	o.signed_at = NOW;
	CHECK_MSG(seal(&w, &o, &out, &why), "%s", why);
	CHECK(bytes_istarts(out.seal, "ARC-Seal: a=rsa-sha256; b="));
	CHECK(bytes_istarts(out.message, "ARC-Message-Signature: a=rsa-sha256; b="));
	CHECK_BYTES(out.results,
	            "ARC-Authentication-Results: i=1; mx.example; spf=pass\r\n  smtp.mailfrom=" W50
	            ".example;\r\n\tdkim=pass header.d=example.com\r\n");
	CHECK(bytes_same(out.all, arena_join(w.arena, arena_join(w.arena, out.seal, out.message),
	                                     out.results)));
	CHECK_MSG(longest_line(out.all) <= 78, "%zu columns", longest_line(out.all));
	CHECK(bytes_search(out.message, B("h=From:Subject:Subject;")) < out.message.n);
	CHECK(bytes_search(out.seal, B(" cv=none;")) < out.seal.n &&
	      bytes_search(out.seal, B(" i=1;")) < out.seal.n);
	tap_end();
	tap_begin("on one line each");
	o.unfolded = true;
	CHECK(seal(&w, &o, &out, &why));
	CHECK(bytes_find(out.seal, '\n', 0) == out.seal.n - 1 &&
	      bytes_find(out.message, '\n', 0) == out.message.n - 1);
	CHECK(bytes_find(out.results, '\n', 0) == out.results.n - 1);
	tap_end();
	arena_free(w.arena);
}

static void test_memory(void)
{
	int sealed = 0, refused = 0;

	tap_begin("memory ends at any point: refused, or sealed");
	for (long n = 0; n < 40; n++) {
		struct work w = { .arena = arena_new(1 << 20), .limits = &limits, .now = NOW };
		struct arc_seal_options o = standard(&w);
		struct arc_sealed out = { .all = { NULL, 0 } };
		const char *why = NULL;

		mem_fail_after(n, true);
		bool ok = seal(&w, &o, &out, &why);
		mem_fail_after(-1, false);
		CHECK(ok == (out.all.p != NULL));
		sealed += ok;
		refused += !ok;
		arena_free(w.arena);
	}
	CHECK_MSG(sealed > 5 && refused > 5, "%d sealed, %d refused", sealed, refused);
	tap_end();
}

int main(void)
{
	struct arena *a = arena_new(1 << 20);

	limits_init(&limits);
	test_keys_load(&keys, a);
	test_refusals();
	test_form();
	test_memory();
	test_keys_free(&keys);
	arena_free(a);
	return tap_done();
}
