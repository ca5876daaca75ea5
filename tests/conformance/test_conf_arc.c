/* The ARC suites: every validation case of arc-valimail, and the real chains of
 * mailauth and mail-auth. Each case also with its answers in other orders, with
 * the body last, and without the answers that were not needed. */
#include <jansson.h>

#include "../arc_case.h"

struct suite {
	const char *name;
	int passed, failed;
};

static const char *folder;

static const char *path_of(const char *file)
{
	static char path[1024];

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	return path;
}

static struct bytes with_crlf(struct bytes text)
{
	uint8_t *p = malloc(text.n * 2 + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\n' && (i == 0 || text.p[i - 1] != '\r'))
			p[n++] = '\r';
		p[n++] = text.p[i];
	}
	struct bytes exact = heap_bytes((struct bytes){ p, n });
	free(p);
	return exact;
}

static void run_case(struct suite *suite, struct arc_case *c, const char *want)
{
	struct arc_outcome_seen seen = arc_case_run(c, NULL);
	struct arc_case crlf = *c;
	bool ok = CHECK(seen.state == CHECK_DONE);

	ok &= CHECK_MSG(want && !strcmp(arc_outcome_name(seen.r.result), want), "%s, not %s: %s",
	                arc_outcome_name(seen.r.result), want, seen.r.reason ? seen.r.reason : "");
	ok &= CHECK_MSG(seen.rounds <= 1, "%u round trips", seen.rounds);
	ok &= arc_case_stable(c, &seen);
	crlf.message = with_crlf(c->message);
	struct arc_outcome_seen other = arc_case_run(&crlf, NULL);
	ok &= CHECK_MSG(arc_case_same(&other, &seen), "with CRLF: %s",
	                arc_outcome_name(other.r.result));
	heap_free(crlf.message);
	*(ok ? &suite->passed : &suite->failed) += 1;
}

static void suite_end(const struct suite *s)
{
	printf("# suite %s: %d passed, %d failed\n", s->name, s->passed, s->failed);
}

static void zone_of(json_t *txt, struct txt_zone *z)
{
	const char *name;
	json_t *text;

	json_object_foreach(txt, name, text)
		txt_zone_add(z, name, bytes_of(json_string_value(text)));
}

static void test_valimail(void)
{
	json_t *suite =
	        json_load_file(path_of("arc-valimail/arc-draft-validation-tests.json"), 0, NULL);
	struct suite counts = { .name = "arc-valimail-validate" };
	json_t *scenario, *test;
	size_t i, k;

	if (!suite) {
		tap_begin("arc-valimail can be read");
		CHECK(false);
		tap_end();
		return;
	}
	json_array_foreach(json_object_get(suite, "scenarios"), i, scenario) {
		json_array_foreach(json_object_get(scenario, "tests"), k, test) {
			struct bytes message =
			        heap_copy(json_string_value(json_object_get(test, "message")));
			struct arc_case c = { .message = message, .now = 1484000000 };
			zone_of(json_object_get(scenario, "txt"), &c.zone);
			tap_begin("%s: %s", json_string_value(json_object_get(test, "id")),
			          json_string_value(json_object_get(test, "description")));
			run_case(&counts, &c, json_string_value(json_object_get(test, "cv")));
			tap_end();
			heap_free(message);
		}
	}
	json_decref(suite);
	suite_end(&counts);
}

/* Suites whose expected.json maps files to results; the keys stand there too. */
static void test_real(const char *suite, const char *title, const char *file, bool keys_on_top)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/expected.json", suite);
	json_t *expected = json_load_file(path_of(path), 0, NULL),
	       *one = json_object_get(expected, file);
	snprintf(path, sizeof(path), "%s/%s", suite, file);
	struct bytes text = read_file(path_of(path));
	size_t top = keys_on_top ? bytes_search(text, B("\n\n")) + 2 : 0;
	struct bytes message = heap_bytes(bytes_from(text, top));
	struct arc_case c = { .message = message, .now = 1668000000 };
	struct suite counts = { .name = title };

	tap_begin("%s", path);
	CHECK_MSG(one && text.p, "cannot read %s", path);
	zone_of(json_object_get(one, "dns"), &c.zone);
	run_case(&counts, &c,
	         json_string_value(json_object_get(json_object_get(one, "expect"), "arc")));
	tap_end();
	heap_free(message);
	heap_free(text);
	json_decref(expected);
	suite_end(&counts);
}

int main(void)
{
	folder = getenv("CONFORMANCE_DIR");
	if (!folder || !*folder) {
		tap_skip("CONFORMANCE_DIR is not set", "the ARC suites");
		return tap_done();
	}
	test_valimail();
	test_real("mailauth", "mailauth-arc", "arc-pass2.eml", false);
	test_real("mail-auth", "mail-auth-arc", "arc/001.txt", true);
	return tap_done();
}
