/* The DKIM verification cases of Mail::DKIM, dkimpy, mailauth and mail-auth (signing has a test of
 * its own). Each case runs several times: the body in other pieces, before or after the keys, the
 * answers in other orders; the results must be the same. */
#include <jansson.h>

#include "dkim_helper.h"

#define NOW 1795435200 /* x= of these old mails is judged now, not then */

static struct limits limits;
static struct arena *arena;
static const char *root;
static int passed, failed;

/* --- files, zones --- */

static struct bytes file_of(const char *suite, const char *name)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s/%s", root, suite, name);
	struct bytes text = read_file(path);
	if (!text.p)
		printf("# cannot read %s\n", path);
	return text;
}

static json_t *json_of(const char *suite, const char *name)
{
	struct bytes text = file_of(suite, name);
	json_t *j = text.p ? json_loadb((const char *)text.p, text.n, 0, NULL) : NULL;

	heap_free(text);
	return j;
}

/* name -> "TXT", or name -> { "txt": "TXT" }; names without either do not exist. */
static struct dns_zone *zone_of_json(json_t *names)
{
	struct dns_zone *z = dns_zone_new();
	const char *name;
	json_t *value;

	json_object_foreach(names, name, value) {
		const char *txt = json_string_value(json_is_object(value) ? json_object_get(value, "txt") : value);
		if (txt)
			CHECK(dns_zone_put(z, bytes_of(name), DNS_TXT, 300, bytes_of(txt)));
	}
	return z;
}

/* --- one message --- */

struct outcome {
	size_t n;
	enum dkim_outcome results[16];
	bool header_ok[16], body_ok[16];
};

static struct outcome verify(const struct dns_zone *zone, struct bytes mail, int64_t now, unsigned variant)
{
	struct outcome o = { .n = 0 };

	arena_reset(arena);
	struct dkim_run r = {
		.work = { .arena = arena, .limits = &limits, .now = now }, .zone = zone,
		.body_first = variant & 1, .piece = variant * 7, .shuffle = variant,
	};
	dkim_run(&r, mail);
	CHECK(r.state == CHECK_DONE && dns_book_rounds(r.book) <= 1);
	for (size_t i = 0; i < r.set.n && i < ARRAY_LEN(o.results); i++) {
		struct dkim_result *d = &r.set.results[i];
		CHECK(d->decided && (d->result == DKIM_PASS || d->reason));
		o.results[o.n] = d->result;
		o.header_ok[o.n] = d->header_ok;
		o.body_ok[o.n++] = d->body_ok;
	}
	for (size_t i = 0; i < dns_book_count(r.book); i++)
		CHECK(dns_book_entry(r.book, i)->needed_by); /* nothing is asked that is not needed */
	dkim_run_end(&r);
	return o;
}

static struct outcome verify_in_all_ways(const struct dns_zone *zone, struct bytes mail, int64_t now)
{
	struct outcome first = verify(zone, mail, now, 0);

	for (unsigned variant = 1; variant < 6; variant++) {
		struct outcome other = verify(zone, mail, now, variant);
		CHECK_MSG(memcmp(&first, &other, sizeof(first)) == 0, "variant %u has another result", variant);
	}
	return first;
}

static bool named(json_t *list, const char *word)
{
	size_t i;
	json_t *v;

	json_array_foreach(list, i, v)
		if (strcmp(json_string_value(v), word) == 0)
			return true;
	return false;
}

static void begin(const char *suite, const char *name)
{
	tap_begin("%s: %s", suite, name);
}

static void end(bool ok)
{
	ok ? passed++ : failed++;
	tap_end();
}

static void suite_done(const char *name)
{
	printf("# suite %s: %d passed, %d failed\n", name, passed, failed);
	passed = failed = 0;
}

/* --- the suites --- */

static void test_mail_dkim(void)
{
	json_t *cases = json_of("mail-dkim", "expected.json"), *dns = json_of("mail-dkim", "dns.json"), *want;
	struct dns_zone *zone = zone_of_json(dns);
	const char *name;

	json_object_foreach(cases, name, want) {
		char path[256];
		snprintf(path, sizeof(path), "corpus/%s", name);
		struct bytes mail = file_of("mail-dkim", path);
		begin("mail-dkim", name);
		struct outcome o = verify_in_all_ways(zone, mail, NOW);
		const char *got = dkim_outcome_name(o.n ? o.results[0] : DKIM_NONE);
		bool ok = o.n <= 1 && named(json_object_get(want, "current_any_of"), got);
		CHECK_MSG(ok, "%zu signatures, %s", o.n, got);
		end(ok);
		heap_free(mail);
	}
	dns_zone_free(zone);
	json_decref(cases);
	json_decref(dns);
	suite_done("mail-dkim");
}

/* Compares with a list of results, one a signature. */
static bool are(const struct outcome *o, json_t *want)
{
	bool ok = o->n == json_array_size(want);

	for (size_t i = 0; ok && i < o->n; i++)
		ok = strcmp(json_string_value(json_array_get(want, i)), dkim_outcome_name(o->results[i])) == 0;
	return CHECK_MSG(ok, "%zu signatures, the first is %s", o->n,
	                 dkim_outcome_name(o->n ? o->results[0] : DKIM_NONE));
}

static void test_dkimpy(void)
{
	json_t *cases = json_of("dkimpy", "expected.json"), *c;
	size_t i;

	json_array_foreach(cases, i, c) {
		if (strcmp(json_string_value(json_object_get(c, "do")), "verify") != 0)
			continue; /* signing: test_conf_sign */
		struct dns_zone *zone = zone_of_json(json_object_get(c, "dns"));
		struct bytes mail = file_of("dkimpy", json_string_value(json_object_get(c, "file")));
		begin("dkimpy", json_string_value(json_object_get(c, "id")));
		struct outcome o = verify_in_all_ways(zone, mail, NOW);
		end(are(&o, json_object_get(c, "expect")));
		heap_free(mail);
		dns_zone_free(zone);
	}
	json_decref(cases);
	suite_done("dkimpy-verify");
}

/* `what` is one of "simple sha256", "either with l=0, sha256", "an empty body, simple sha256", ... */
static bool body_hash_is(struct bytes body, enum line_ends ends, const char *what, const char *want)
{
	struct work w = { .arena = arena, .limits = &limits };
	bool ok = true;

	for (int canon = DKIM_SIMPLE; canon <= DKIM_RELAXED; canon++) {
		const char *other = canon == DKIM_SIMPLE ? "relaxed" : "simple";
		if (bytes_search(bytes_of(what), bytes_of(other)) < strlen(what))
			continue;
		for (size_t piece = 1; piece < 100; piece += 3) {
			arena_reset(arena);
			struct dkim_bodies *b = dkim_bodies_new(&w, ends);
			bool none = bytes_istarts(bytes_of(what), "either with l=0");
			struct bytes rest = bytes_istarts(bytes_of(what), "an empty body") ? B("") : body;
			int at = dkim_bodies_want(b, (enum dkim_canon)canon, none ? 0 : DKIM_BODY_ALL);
			for (; rest.n; rest = bytes_from(rest, piece))
				dkim_bodies_update(b, bytes_sub(rest, 0, piece));
			dkim_bodies_end(b);
			struct bytes digest = { dkim_bodies_digest(b, at), DKIM_DIGEST };
			ok &= bytes_eq(base64_encode(arena, digest), want);
			dkim_bodies_free(b);
		}
	}
	return CHECK_MSG(ok, "another hash than %s", want);
}

static void test_body_hashes(json_t *hashes, struct bytes mail)
{
	struct work w = { .arena = arena, .limits = &limits };
	struct header h;
	const char *what;
	json_t *want;

	header_index(&w, &h, mail);
	struct bytes body = bytes_from(mail, h.body_at);
	enum line_ends ends = h.ends;
	json_object_foreach(hashes, what, want) {
		if (bytes_iends(bytes_of(what), "sha1")) {
			tap_skip("no SHA-1 is computed (RFC 8301 section 3.1)", "mailauth: message1.eml: %s", what);
			continue;
		}
		tap_begin("mailauth: message1.eml: %s", what);
		end(body_hash_is(body, ends, what, json_string_value(want)));
	}
}

static void test_mailauth(void)
{
	json_t *cases = json_of("mailauth", "expected.json"), *c;
	const char *name;

	json_object_foreach(cases, name, c) {
		json_t *expect = json_object_get(c, "expect");
		struct dns_zone *zone = zone_of_json(json_object_get(c, "dns"));
		struct bytes mail = file_of("mailauth", name);
		if (json_object_get(expect, "body_hash"))
			test_body_hashes(json_object_get(expect, "body_hash"), mail);
		if (json_object_get(expect, "dkim_signatures")) {
			begin("mailauth", name);
			struct outcome o = verify_in_all_ways(zone, mail, NOW);
			end(are(&o, json_object_get(expect, "dkim_signatures")));
		}
		heap_free(mail);
		dns_zone_free(zone);
	}
	json_decref(cases);
	suite_done("mailauth-dkim");
}

/* `dkimpy` has a result for each signature: "pass", or why not. */
static bool agrees_with_dkimpy(const struct outcome *o, json_t *want)
{
	bool ok = o->n == json_array_size(want);

	for (size_t i = 0; ok && i < o->n; i++) {
		const char *word = json_string_value(json_array_get(want, i));
		bool body_only = strstr(word, "body hash mismatch") != NULL;
		ok = (o->results[i] == DKIM_PASS) == (strcmp(word, "pass") == 0) && (!body_only || !o->body_ok[i]);
		CHECK_MSG(ok, "signature %zu: %s, dkimpy: %s", i, dkim_outcome_name(o->results[i]), word);
	}
	return CHECK_MSG(ok, "%zu signatures", o->n);
}

static void test_mail_auth(void)
{
	json_t *cases = json_of("mail-auth", "expected.json"), *c;
	const char *name;

	json_object_foreach(cases, name, c) {
		json_t *expect = json_object_get(c, "expect");
		json_t *any = json_object_get(expect, "dkim_any_signature");
		json_t *last = json_object_get(expect, "dkim_last_signature");
		json_t *at = json_object_get(expect, "verify_time");
		if (!any && !last)
			continue; /* reports */
		struct dns_zone *zone = zone_of_json(json_object_get(c, "dns"));
		struct bytes file = file_of("mail-auth", name);
		/* the first lines are the zone */
		struct bytes mail = bytes_from(file, bytes_search(file, B("\n\n")) + 2);
		begin("mail-auth", name);
		struct outcome o = verify_in_all_ways(zone, mail, at ? json_integer_value(at) : NOW);
		bool ok = o.n == (size_t)json_integer_value(json_object_get(c, "dkim_signatures"));
		bool any_passes = false;
		for (size_t i = 0; i < o.n; i++)
			any_passes |= o.results[i] == DKIM_PASS;
		ok &= any ? any_passes : o.n > 0 && o.results[o.n - 1] == DKIM_PASS;
		ok &= agrees_with_dkimpy(&o, json_object_get(c, "dkimpy"));
		CHECK(ok);
		end(ok);
		heap_free(file);
		dns_zone_free(zone);
	}
	json_decref(cases);
	suite_done("mail-auth-dkim");
}

int main(void)
{
	root = getenv("CONFORMANCE_DIR");
	if (!root || !*root) {
		tap_skip("CONFORMANCE_DIR is not set", "DKIM suites");
		return tap_done();
	}
	limits_init(&limits);
	arena = arena_new(1 << 24);
	test_mail_dkim();
	test_dkimpy();
	test_mailauth();
	test_mail_auth();
	arena_free(arena);
	return tap_done();
}
