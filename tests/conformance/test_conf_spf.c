/* test_conf_spf.c - the RFC 7208 test suite of the SPF project: each case, and
 * for each the promises of a pure check. */
#include <jansson.h>

#include "spf_world.h"

struct scenario {
	struct arena *arena;
	json_t *zone;
};

static struct bytes text_of(json_t *object, const char *key)
{
	return bytes_of(json_string_value(json_object_get(object, key)));
}

/* Names of the zone that no DNS can hold are asked by nobody. */
static bool name_of(struct arena *a, struct bytes text, struct dname *out)
{
	*out = (struct dname){ { NULL, 0 } };
	return text.n == 0 || dname_parse(a, text, DNAME_WIRE, out, NULL);
}

static json_t *entry_of(struct scenario *s, struct dname name)
{
	size_t i;
	json_t *entry;
	struct dname owner;

	json_array_foreach(s->zone, i, entry)
		if (name_of(s->arena, text_of(entry, "name"), &owner) && dname_same(owner, name))
			return entry;
	return NULL;
}

static bool read_record(struct arena *a, json_t *from, enum dns_type type, struct dns_record *r)
{
	struct bytes joined = { NULL, 0 };
	json_t *strings = json_object_get(from, "strings"), *piece;
	size_t i;

	*r = (struct dns_record){ 0 };
	switch (type) {
	case DNS_TXT:
		json_array_foreach(strings, i, piece)
			joined = arena_join(a, joined, (struct bytes){ (const uint8_t *)json_string_value(piece), json_string_length(piece) });
		r->text = joined;
		return i > 0; /* a TXT of no strings cannot be sent: SOURCE.md */
	case DNS_MX:
		r->preference = (uint16_t)json_integer_value(json_object_get(from, "preference"));
		return name_of(a, text_of(from, "exchange"), &r->name);
	case DNS_A:
	case DNS_AAAA:
		return ip_parse(text_of(from, "data"), &r->ip);
	default:
		return name_of(a, text_of(from, "data"), &r->name);
	}
}

/* The records of one name and type; CNAMEs are followed a few steps, a loop is a failure. */
static struct dns_answer *answer(void *user, const struct dns_question *q)
{
	struct scenario *s = user;
	struct dns_record records[64];
	struct dns_answer_view v = { .question = *q, .status = DNS_NXDOMAIN, .ttl = 60, .records = records };
	struct dname name = q->name, alias;
	size_t i;
	json_t *entry, *record;

	for (int steps = 0; steps < 8; steps++) {
		bool aliased = false;
		if (!(entry = entry_of(s, name)))
			return dns_answer_new(&v);
		v.status = DNS_NODATA;
		json_array_foreach(json_object_get(entry, "records"), i, record) {
			struct bytes type = text_of(record, "type");
			if (bytes_eq(type, "CNAME"))
				aliased = name_of(s->arena, text_of(record, "data"), &alias);
			else if (bytes_eq(type, dns_type_name(q->type)) && v.n < ARRAY_LEN(records))
				v.n += read_record(s->arena, record, q->type, &records[v.n]);
		}
		if (v.n)
			v.status = DNS_OK;
		else if (json_object_get(entry, "other_types"))
			v.status = DNS_TIMEOUT;
		if (!aliased)
			return dns_answer_new(&v);
		name = alias;
	}
	v.status = DNS_SERVFAIL;
	return dns_answer_new(&v);
}

/* The identity that section 2.4 checks. */
static struct spf_input input_of(struct arena *a, json_t *test)
{
	struct bytes from = text_of(test, "mailfrom"), domain;
	struct spf_input in = { .helo = text_of(test, "helo"), .explain = true, .trace = true };
	size_t at = from.n;

	while (at > 0 && from.p[at - 1] != '@')
		at--;
	in.local = bytes_sub(from, 0, at ? at - 1 : 0);
	in.identity = from.n ? SPF_MAILFROM : SPF_HELO;
	domain = from.n ? bytes_from(from, at) : in.helo;
	if (!dname_parse(a, domain, DNAME_HOST, &in.domain, NULL))
		in.domain = (struct dname){ { NULL, 0 } };
	CHECK(ip_parse(text_of(test, "ip"), &in.client));
	return in;
}

static bool is_one_of(json_t *list, const char *word)
{
	size_t i;
	json_t *item;

	json_array_foreach(list, i, item)
		if (strcmp(json_string_value(item), word) == 0)
			return true;
	return false;
}

static bool run_case(struct arena *a, json_t *scenario, json_t *test)
{
	struct scenario s = { a, json_object_get(scenario, "zone") };
	struct drive d = { .arena = a, .answer = answer, .user = &s };
	struct spf_input in = input_of(a, test);
	const char *explanation = json_string_value(json_object_get(test, "explanation"));
	struct spf_result r = { 0 };
	bool ok = CHECK(drive_spf(&d, &in, &r) == CHECK_DONE);

	ok = CHECK_MSG(is_one_of(json_object_get(test, "result_any_of"), spf_outcome_name(r.result)), "%s: %s",
	               spf_outcome_name(r.result), r.error ? r.error : "") && ok;
	if (explanation)
		ok = CHECK_BYTES(r.explanation, strcmp(explanation, "DEFAULT") == 0 ? "" : explanation) && ok;
	drive_check_promises(&d, &in, &r);
	dns_book_end(d.book);
	return ok;
}

int main(void)
{
	const char *folder = getenv("CONFORMANCE_DIR");
	char path[4096];
	size_t i, k, passed = 0, failed = 0;
	json_t *scenario, *test;

	if (!folder || !*folder) {
		tap_skip("CONFORMANCE_DIR is not set", "spf-rfc7208");
		return tap_done();
	}
	snprintf(path, sizeof(path), "%s/spf-rfc7208/rfc7208-tests.json", folder);
	json_t *suite = json_load_file(path, JSON_ALLOW_NUL, NULL);
	struct arena *a = arena_new(1 << 26);
	json_array_foreach(json_object_get(suite, "scenarios"), i, scenario)
		json_array_foreach(json_object_get(scenario, "tests"), k, test) {
			tap_begin("%s: %s", json_string_value(json_object_get(scenario, "description")),
			          json_string_value(json_object_get(test, "id")));
			run_case(a, scenario, test) ? passed++ : failed++;
			tap_end();
			arena_reset(a);
		}
	tap_begin("the whole suite was read");
	CHECK_MSG(passed + failed == (size_t)json_integer_value(json_object_get(suite, "count")) && passed + failed > 0,
	          "%zu cases in %s", passed + failed, path);
	tap_end();
	json_decref(suite);
	arena_free(a);
	printf("# suite spf-rfc7208: %zu passed, %zu failed\n", passed, failed);
	return tap_done();
}
