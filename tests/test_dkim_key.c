#include "base/mem.h"
#include "dkim/dkim_key.h"
#include "tap.h"

/* the public half of the key in RFC 8463 appendix A */
#define ED_RECORD "k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

static struct limits limits;
static struct work work = { .limits = &limits };

static const struct {
	const char *name, *txt, *data; /* data NULL: refused */
	size_t refused_at;
	enum crypto_type type;
	unsigned flags;
} cases[] = {
	{ "only p: rsa by default", "p=QUJD", .data = "ABC" },
	{ "all tags", "v=DKIM1; h=sha1:sha256; k=rsa; n=a=20note; s=email; t=y:s; p=QUJD", .data = "ABC",
	  .flags = DKIM_KEY_TEST | DKIM_KEY_STRICT },
	{ "a final semicolon", "v=DKIM1; k=rsa; p=QUJD;", .data = "ABC" },
	{ "white space inside p=", "v=DKIM1; p=QU \tJD\r\n RA= =", .data = "ABCD" },
	{ "p= without padding", "p=QUI", .data = "AB" },
	{ "an empty p=: revoked", "v=DKIM1; p=", .data = "" },
	{ "a revoked key without v=", "k=rsa; t=y; p=", .data = "", .flags = DKIM_KEY_TEST },
	{ "ed25519", "v=DKIM1; k=ed25519; p=QUJD", .data = "ABC", .type = CRYPTO_ED25519 },
	{ "g= and unknown tags are skipped", "v=DKIM1; g=nobody; x1 = extra ; p=QUJD", .data = "ABC" },
	{ "unknown flags are skipped", "t = y:n:extra ; p=QUJD", .data = "ABC", .flags = DKIM_KEY_TEST },
	{ "an empty t=", "t=; p=QUJD", .data = "ABC" },
	{ "any service", "s=*; p=QUJD", .data = "ABC" },
	{ "another service and any", "s=tlsrpt:*; p=QUJD", .data = "ABC" },
	{ "another service alone", "s=tlsrpt; p=QUJD", .data = "ABC", .flags = DKIM_KEY_NO_EMAIL },
	{ "other hashes alone", "h=md5:sha1; p=QUJD", .data = "ABC", .flags = DKIM_KEY_NO_SHA256 },
	{ "white space in lists", "h=sha1 : sha256; s= other : email; p=QUJD", .data = "ABC" },
	{ "v= behind another tag", "k=rsa; v=DKIM1; p=QUJD", .refused_at = 7 },
	{ "another version", "v=DKIM3; p=QUJD", .refused_at = 2 },
	{ "the version in lower case", "v=dkim1; p=QUJD", .refused_at = 2 },
	{ "a colon for a semicolon", "v=DKIM1: k=rsa; p=QUJD", .refused_at = 2 },
	{ "an SPF record", "v=spf1 -all", .refused_at = 2 },
	{ "any text", "hello world", .refused_at = 0 },
	{ "nothing", "", .refused_at = 0 },
	{ "no p=", "v=DKIM1; k=rsa", .refused_at = 14 },
	{ "a second p=", "p=QUJD; p=QUJD", .refused_at = 8 },
	{ "p= is not base64", "p=QU-D", .refused_at = 2 },
	{ "an unknown type", "k=ed25519-sha256; p=QUJD", .refused_at = 2 },
	{ "values have a case", "k=RSA; p=QUJD", .refused_at = 2 },
	{ "an empty h=", "h=; p=QUJD", .refused_at = 2 },
	{ "an empty s=", "s= ; p=QUJD", .refused_at = 3 },
};

static void test_records(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes txt = heap_copy(cases[i].txt);
		struct dkim_key key = { .flags = 99 };
		struct parse_err err = { 0 };

		tap_begin("%s", cases[i].name);
		if (dkim_key_parse(work.arena, txt, &key, &err))
			CHECK_MSG(cases[i].data && bytes_eq(key.data, cases[i].data) && key.type == cases[i].type &&
			          key.flags == cases[i].flags,
			          "read as type %d, flags %u, %zu bytes", (int)key.type, key.flags, key.data.n);
		else
			CHECK_MSG(!cases[i].data && err.at == cases[i].refused_at && key.flags == 99, "%s at %zu", err.what,
			          err.at);
		tap_end();
		heap_free(txt);
	}
}

static struct dns_answer *answer_of(const char *const *txts, size_t n)
{
	struct dns_record records[16];

	for (size_t i = 0; i < n; i++)
		records[i] = (struct dns_record){ .text = bytes_of(txts[i]) };
	return dns_answer_new(&(struct dns_answer_view){
		.question = { { B("s._domainkey.example.org") }, DNS_TXT }, .status = DNS_OK, .n = n, .records = records });
}

static void test_names(void)
{
	static const char *const several[] = { "v=spf1 -all", "v=DKIM1; p=", ED_RECORD, "p=QUJD" };
	static const char *const none[] = { "hello", "v=spf1 -all" };
	static const char *const many[] = { "p=", "p=", "noise", "p=", "p=", "p=" };
	struct dkim_keys *own = NULL;

	tap_begin("several records at a name: each that is a key, with why it cannot be used");
	struct dns_answer *a = answer_of(several, ARRAY_LEN(several));
	const struct dkim_keys *keys = dkim_keys_get(&work, a, &own);
	CHECK(keys && !own && keys->n == 3 && !keys->cut);
	CHECK(!keys->list[0].pub && bytes_eq(B("the key is revoked (p= is empty)"), keys->list[0].refusal));
	CHECK(keys->list[1].pub && !keys->list[1].refusal && pubkey_type(keys->list[1].pub) == CRYPTO_ED25519);
	CHECK(!keys->list[2].pub && keys->list[2].refusal);
	tap_end();
	tap_begin("read once: the second time it hangs on the answer, and counts in its size");
	CHECK(dkim_keys_get(&work, a, &own) == keys && !own);
	CHECK(keys->head.bytes > sizeof(*keys) + pubkey_bytes(keys->list[1].pub));
	CHECK(dns_answer_bytes(a) > keys->head.bytes);
	dns_answer_unref(a);
	tap_end();
	tap_begin("no key among the records");
	a = answer_of(none, ARRAY_LEN(none));
	keys = dkim_keys_get(&work, a, &own);
	CHECK(keys && keys->n == 0 && keys->why_none && bytes_eq(B("a tag has no \"=\""), keys->why_none));
	dns_answer_unref(a);
	tap_end();
	tap_begin("more keys than the limit: cut, each time visible");
	a = answer_of(many, ARRAY_LEN(many));
	for (int i = 0; i < 2; i++) {
		work.reached = 0;
		keys = dkim_keys_get(&work, a, &own);
		CHECK(keys && keys->n == 4 && keys->cut && work.reached == UINT64_C(1) << LIMIT_DKIM_KEYS_PER_NAME);
	}
	dns_answer_unref(a);
	tap_end();
}

static void free_other(struct dns_parsed *self)
{
	free(self);
}

static void test_taken(void)
{
	static const char other_kind;
	static const char *const txt[] = { ED_RECORD };
	struct dns_answer *a = answer_of(txt, 1);
	struct dns_parsed *other = calloc(1, sizeof(*other));
	struct dkim_keys *own = NULL;

	assert(other);
	tap_begin("something else hangs on the answer: the keys are the caller's");
	*other = (struct dns_parsed){ .kind = &other_kind, .free = free_other };
	CHECK(dns_answer_attach(a, other) == other);
	const struct dkim_keys *keys = dkim_keys_get(&work, a, &own);
	CHECK(keys && keys == own && keys->n == 1 && keys->list[0].pub);
	dkim_keys_free(own);
	dkim_keys_free(NULL);
	dns_answer_unref(a);
	tap_end();
}

static void test_memory(void)
{
	static const char *const txt[] = { ED_RECORD, "p=" };
	bool done = false;

	tap_begin("no memory at each allocation in turn: no leak, nothing hung on the answer");
	for (long n = 0; n < 50 && !done; n++) {
		struct dns_answer *a = answer_of(txt, 2);
		struct dkim_keys *own = NULL;
		arena_reset(work.arena);
		mem_fail_after(n, true);
		const struct dkim_keys *keys = dkim_keys_get(&work, a, &own);
		mem_fail_after(-1, false);
		done = keys != NULL;
		CHECK(done || !own);
		dns_answer_unref(a);
	}
	CHECK(done);
	tap_end();
}

int main(void)
{
	limits_init(&limits);
	work.arena = arena_new(1 << 24);
	test_records();
	test_names();
	test_taken();
	test_memory();
	arena_free(work.arena);
	return tap_done();
}
