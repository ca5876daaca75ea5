/* arc-valimail's signing cases, byte for byte: our fields have the form that the
 * suite fixes (tags in the order of the alphabet, relaxed). Each is then put on
 * its message and validated. */
#include <jansson.h>

#include "../arc_case.h"
#include "arc/arc_seal.h"
#include "dkim/dkim_write.h"

#define NOW 1484000000

struct signing {
	struct work w;
	struct header h;
	struct bytes message, authserv_id;
};

static const char *text_of(json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* White space as relaxed canonicalization leaves it; without any where `all`. */
static struct bytes flat(struct arena *a, struct bytes text, bool all)
{
	uint8_t *p = arena_alloc(a, text.n + 1);
	size_t n = 0;

	text = bytes_trim(text);
	for (size_t i = 0; i < text.n; i++) {
		bool space = strchr(" \t\r\n", text.p[i]) != NULL;
		if (!space || (!all && n && p[n - 1] != ' '))
			p[n++] = space ? ' ' : text.p[i];
	}
	return (struct bytes){ p, n };
}

/* The value of a field, with b= free of white space: what the suite compares. */
static struct bytes comparable(struct arena *a, struct bytes field)
{
	struct bytes value = flat(a, dkim_write_field(field).value, false);
	size_t b = bytes_search(value, B(" b=")) + 3, end = bytes_find(value, ';', b);

	if (b > value.n)
		return value;
	return arena_join(
	        a,
	        arena_join(a, bytes_sub(value, 0, b), flat(a, bytes_sub(value, b, end - b), true)),
	        bytes_from(value, end));
}

/* All results of the authserv-id in the order of the message, as the suite merges them. */
static struct bytes merge(struct signing *s)
{
	struct bytes merged = arena_copy(s->w.arena, s->authserv_id), rest, id;

	for (const struct field *f = header_find(&s->h, FIELD_AUTHENTICATION_RESULTS, 0); f;
	     f = header_find(&s->h, FIELD_AUTHENTICATION_RESULTS, (size_t)(f - s->h.fields) + 1)) {
		rest = flat(s->w.arena, f->value, false);
		if (bytes_cut(&rest, ';', &id) && bytes_same(bytes_trim(id), s->authserv_id))
			merged = arena_printf(s->w.arena, "%.*s;%.*s", BYTES_ARG(merged),
			                      BYTES_ARG(rest));
	}
	return merged;
}

static enum arc_outcome status_in(struct bytes results)
{
	struct bytes rest = bytes_from(results, bytes_search(results, B("arc=")) + 4);

	for (int r = ARC_NONE; r < ARC_OUTCOMES; r++)
		if (bytes_istarts(rest, arc_outcome_name((enum arc_outcome)r)))
			return (enum arc_outcome)r;
	return ARC_FAIL; /* it is not said: only in the case where nothing may be sealed */
}

static bool check_field(struct arena *a, struct bytes field, const char *want)
{
	struct bytes got = comparable(a, field);

	return CHECK_MSG(bytes_eq(got, want), "got  %.*s\n# want %s", BYTES_ARG(got), want);
}

static bool check_validates(struct signing *s, const struct arc_sealed *sealed, json_t *txt,
                            enum arc_outcome want)
{
	struct bytes whole = heap_bytes(arena_join(s->w.arena, sealed->all, s->message));
	struct arc_case c = { .message = whole, .now = NOW };
	const char *name;
	json_t *text;

	json_object_foreach(txt, name, text)
		txt_zone_add(&c.zone, name, bytes_of(json_string_value(text)));
	struct arc_outcome_seen seen = arc_case_run(&c, NULL);
	heap_free(whole);
	return CHECK_MSG(seen.state == CHECK_DONE && seen.r.result == want,
	                 "the sealed message: %s, %s", arc_outcome_name(seen.r.result),
	                 seen.r.reason ? seen.r.reason : "");
}

/* Seals with these options. On one line each, the fields are compared: a seal covers the white space in the
 * message signature's b=, and the suite has none. */
static bool run_options(struct signing *s, struct arc_seal_options *o, const struct privkey *key,
                        json_t *scenario, json_t *test)
{
	struct dkim_bodies *bodies = dkim_bodies_new(&s->w, s->h.ends);
	struct arc_sealing *sealing;
	struct arc_sealed sealed;
	const char *why = "";
	bool begun = arc_seal_begin(&s->w, &s->h, bodies, o, &sealing, &why);
	bool ok = CHECK_MSG(begun == (*text_of(test, "AS") != '\0'), "%s", why);

	if (begun) {
		dkim_bodies_update(bodies, bytes_from(s->message, s->h.body_at));
		dkim_bodies_end(bodies);
		ok &= CHECK(arc_seal_with(&s->w, sealing, key, &sealed));
		if (o->unfolded) {
			ok &= check_field(s->w.arena, sealed.results, text_of(test, "AAR"));
			ok &= check_field(s->w.arena, sealed.message, text_of(test, "AMS"));
			ok &= check_field(s->w.arena, sealed.seal, text_of(test, "AS"));
		}
		ok &= check_validates(s, &sealed, json_object_get(scenario, "txt"),
		                      o->status == ARC_FAIL ? ARC_FAIL : ARC_PASS);
	}
	dkim_bodies_free(bodies);
	return ok;
}

static bool run_case(struct signing *s, json_t *scenario, json_t *test)
{
	struct bytes list = bytes_of(text_of(test, "sig-headers")), name, fields[16];
	struct arc_seal_options o;
	struct dname domain;
	const char *why = "";
	struct privkey *key = privkey_new(bytes_of(text_of(scenario, "privatekey")), &why);

	if (!CHECK_MSG(key != NULL, "%s", why) ||
	    !CHECK(dname_parse(s->w.arena, bytes_of(text_of(scenario, "domain")), DNAME_HOST,
	                       &domain, NULL)))
		return false;
	struct bytes results = merge(s);
	arc_seal_options_init(&o, domain, bytes_of(text_of(scenario, "selector")), CRYPTO_RSA,
	                      results);
	for (o.n_fields = 0, o.fields = fields;
	     o.n_fields < ARRAY_LEN(fields) && bytes_cut(&list, ':', &name);)
		fields[o.n_fields++] = name;
	o.status = status_in(results);
	o.signed_at = json_integer_value(json_object_get(test, "t"));
	bool ok = run_options(s, &o, key, scenario, test);
	o.unfolded = true;
	ok &= run_options(s, &o, key, scenario, test);
	privkey_free(key);
	return ok;
}

static struct bytes with_crlf(struct arena *a, struct bytes text)
{
	uint8_t *p = arena_alloc(a, text.n * 2 + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\n')
			p[n++] = '\r';
		p[n++] = text.p[i];
	}
	return (struct bytes){ p, n };
}

int main(void)
{
	const char *folder = getenv("CONFORMANCE_DIR");
	char path[1024];
	json_t *scenario, *test;
	struct limits limits;
	int passed = 0, failed = 0;
	size_t i, k;

	if (!folder || !*folder) {
		tap_skip("CONFORMANCE_DIR is not set", "arc-valimail's signing cases");
		return tap_done();
	}
	limits_init(&limits);
	snprintf(path, sizeof(path), "%s/arc-valimail/arc-draft-sign-tests.json", folder);
	json_t *suite = json_load_file(path, 0, NULL);
	tap_begin("the suite can be read");
	CHECK(suite != NULL);
	tap_end();
	json_array_foreach(json_object_get(suite, "scenarios"), i, scenario) {
		json_array_foreach(json_object_get(scenario, "tests"), k, test) {
			struct signing s = {
				.w = { .arena = arena_new(1 << 22), .limits = &limits, .now = NOW },
			};
			s.message = with_crlf(s.w.arena, bytes_of(text_of(test, "message")));
			s.authserv_id = bytes_of(text_of(test, "srv-id"));
			header_index(&s.w, &s.h, s.message);
			tap_begin("%s: %s", text_of(test, "id"), text_of(test, "description"));
			*(run_case(&s, scenario, test) ? &passed : &failed) += 1;
			tap_end();
			arena_free(s.w.arena);
		}
	}
	json_decref(suite);
	printf("# suite arc-valimail-sign: %d passed, %d failed\n", passed, failed);
	return tap_done();
}
