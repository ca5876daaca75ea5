/* dkimpy's cases of signing: each message is signed here in all four
 * canonicalizations, changed as the case says, and verified here. */
#include <jansson.h>

#include "../dkim_helper.h"
#include "dkim/dkim_sign.h"

#define NOW 1795435200

static struct limits limits;
static const char *folder;

static const char *text_of(json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static struct bytes file_of(const char *name)
{
	char path[1024];

	snprintf(path, sizeof(path), "%s/dkimpy/%s", folder, name);
	struct bytes text = read_file(path);
	CHECK_MSG(text.p != NULL, "cannot read %s", path);
	return text;
}

static struct bytes with_crlf(struct arena *a, struct bytes text)
{
	uint8_t *p = arena_alloc(a, text.n * 2 + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\n' && (i == 0 || text.p[i - 1] != '\r'))
			p[n++] = '\r';
		p[n++] = text.p[i];
	}
	return (struct bytes){ p, n };
}

/* --- what is done to a message between the two --- */

static struct bytes append(struct arena *a, struct bytes m, const char *text)
{
	return arena_join(a, m, bytes_of(text));
}

static struct bytes append_more(struct arena *a, struct bytes m)
{
	return append(a, m, "added more text\r\n");
}

static struct bytes append_foo(struct arena *a, struct bytes m)
{
	return append(a, m, "foo");
}

static struct bytes insert(struct arena *a, struct bytes m, size_t at, const char *text)
{
	return arena_join(a, append(a, bytes_sub(m, 0, at), text), bytes_from(m, at));
}

#define OTHER_FROM "From: \"Other\" <other@example.org>\r\n"

static struct bytes from_below(struct arena *a, struct bytes m)
{
	return insert(a, m, bytes_search(m, B("\r\n\r\n")) + 2, OTHER_FROM);
}

static struct bytes from_above(struct arena *a, struct bytes m)
{
	return insert(a, m, 0, OTHER_FROM);
}

static struct bytes unknown_field(struct arena *a, struct bytes m)
{
	return insert(a, m, 0, "X-Foo: bar\r\n");
}

static const struct change {
	const char *words; /* in the case */
	struct bytes (*make)(struct arena *a, struct bytes m);
	bool length;       /* signed with l= */
} changes[] = {
	{ "append \"added more text", append_more, true },
	{ "append \"foo\"", append_foo, false },
	{ "add a second From after", from_below, false },
	{ "add a second From before", from_above, false },
	{ "add \"X-Foo: bar\"", unknown_field, false },
};

static const struct change *change_of(json_t *test)
{
	const char *words = text_of(test, "change");

	for (size_t i = 0; i < ARRAY_LEN(changes); i++)
		if (bytes_istarts(bytes_of(words), changes[i].words))
			return &changes[i];
	CHECK_MSG(!*words, "what is \"%s\"?", words);
	return NULL;
}

/* --- one case --- */

static bool as_expected(const char *expect, enum dkim_outcome got)
{
	if (!strcmp(expect, "not pass"))
		return got != DKIM_PASS;
	if (bytes_istarts(bytes_of(expect), "pass"))
		return got == DKIM_PASS;
	return !strcmp(expect, dkim_outcome_name(got));
}

static bool verify(struct work *w, json_t *test, struct bytes mail)
{
	struct bytes name = arena_printf(w->arena, "%s._domainkey.%s",
	                                 text_of(json_object_get(test, "sign"), "selector"),
	                                 text_of(json_object_get(test, "sign"), "domain"));
	struct dns_zone *zone = dns_zone_new();
	struct dkim_run r = { .work = *w, .zone = zone };
	bool ok = CHECK(dns_zone_put(zone, name, DNS_TXT, 300, bytes_of(text_of(test, "record"))));

	dkim_run(&r, mail);
	ok = ok && CHECK(r.state == CHECK_DONE && r.set.n == 1);
	if (ok)
		ok = CHECK_MSG(as_expected(text_of(test, "expect"), r.set.results[0].result),
		               "%s (%s), not \"%s\"", dkim_outcome_name(r.set.results[0].result),
		               r.set.results[0].reason ? r.set.results[0].reason : "",
		               text_of(test, "expect"));
	dkim_run_end(&r);
	dns_zone_free(zone);
	return ok;
}

/* The signature field; p NULL: refused, with the reason. */
static struct bytes sign(struct work *w, json_t *how, const struct privkey *key, unsigned pair,
                         bool length, struct bytes mail, const char **why)
{
	struct bytes field = { NULL, 0 };
	struct dkim_sign_options o;
	struct dkim_signing *s;
	struct dname domain;
	struct header h;

	header_index(w, &h, mail);
	struct dkim_bodies *bodies = dkim_bodies_new(w, h.ends);
	CHECK(dname_parse(w->arena, bytes_of(text_of(how, "domain")), DNAME_HOST, &domain, NULL));
	dkim_sign_options_init(&o, domain, bytes_of(text_of(how, "selector")), privkey_type(key));
	o.header = pair & 1 ? DKIM_RELAXED : DKIM_SIMPLE;
	o.body = pair & 2 ? DKIM_RELAXED : DKIM_SIMPLE;
	o.body_length = length;
	if (dkim_sign_begin(w, &h, bodies, &o, &s, why)) {
		dkim_bodies_update(bodies, bytes_from(mail, h.body_at));
		dkim_bodies_end(bodies);
		CHECK(dkim_sign_with(w, s, key, &field));
	}
	dkim_bodies_free(bodies);
	return field;
}

static bool run_case(json_t *test)
{
	json_t *how = json_object_get(test, "sign");
	struct bytes text = file_of(text_of(test, "file")), secret = file_of(text_of(how, "key"));
	const struct change *change = change_of(test);
	const char *why = "";
	struct privkey *key = privkey_new(secret, &why);
	bool refuse = !strcmp(text_of(test, "do"), "sign"), ok = CHECK_MSG(key != NULL, "%s", why);

	for (unsigned pair = 0; pair < 4 && ok; pair++) {
		struct work w = { .arena = arena_new(4 << 20), .limits = &limits, .now = NOW };
		struct bytes mail = with_crlf(w.arena, text);
		struct bytes field = sign(&w, how, key, pair, change && change->length, mail, &why);
		ok = CHECK_MSG(refuse == !field.p, "signed: %d, %s", field.p != NULL, why);
		if (field.p && ok) {
			struct bytes changed = change ? change->make(w.arena, mail) : mail;
			ok = verify(&w, test, arena_join(w.arena, field, changed));
		}
		arena_free(w.arena);
	}
	privkey_free(key);
	heap_free(secret);
	heap_free(text);
	return ok;
}

int main(void)
{
	char path[1024];
	json_t *test;
	size_t i;
	int passed = 0, failed = 0;

	folder = getenv("CONFORMANCE_DIR");
	if (!folder || !*folder) {
		tap_skip("CONFORMANCE_DIR is not set", "dkimpy's signing cases");
		return tap_done();
	}
	limits_init(&limits);
	snprintf(path, sizeof(path), "%s/dkimpy/expected.json", folder);
	json_t *suite = json_load_file(path, 0, NULL);
	tap_begin("the suite can be read");
	CHECK(suite != NULL);
	tap_end();
	json_array_foreach(suite, i, test) {
		if (!bytes_istarts(bytes_of(text_of(test, "do")), "sign"))
			continue; /* test_conf_dkim has those to verify */
		tap_begin("%s", text_of(test, "id"));
		*(run_case(test) ? &passed : &failed) += 1;
		tap_end();
	}
	json_decref(suite);
	printf("# suite dkimpy-sign: %d passed, %d failed\n", passed, failed);
	return tap_done();
}
