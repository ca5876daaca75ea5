/* The tests of publicsuffix.org with the list they belong to: lines
 * checkPublicSuffix('name', 'registrable domain'), or null where there is none.
 * The domain is expected in the form that was asked: as many of the last labels
 * of the question as the answer has. */
#include "dmarc/psl.h"
#include "tap.h"

/* Takes the next argument off *rest: 'text', or null (then empty). */
static bool argument(struct bytes *rest, struct bytes *out)
{
	*rest = bytes_trim_left(*rest);
	if (bytes_istarts(*rest, "null")) {
		*out = bytes_sub(*rest, 0, 0);
		*rest = bytes_from(*rest, 4);
		return true;
	}
	if (rest->n == 0 || rest->p[0] != '\'')
		return false;
	size_t end = bytes_find(*rest, '\'', 1);
	if (end == rest->n)
		return false;
	*out = bytes_sub(*rest, 1, end - 1);
	*rest = bytes_from(*rest, end + 1);
	return true;
}

static bool read_case(struct bytes line, struct bytes *asked, struct bytes *want)
{
	static const char call[] = "checkPublicSuffix(";
	struct bytes rest, comma;

	if (!bytes_istarts(line, call))
		return false;
	rest = bytes_from(line, strlen(call));
	return argument(&rest, asked) && bytes_cut(&rest, ',', &comma) && argument(&rest, want);
}

/* The last n labels of a text, as they were written. */
static struct bytes last_labels(struct bytes text, size_t n)
{
	size_t at = text.n;

	while (at > 0 && (text.p[at - 1] != '.' || --n > 0))
		at--;
	return bytes_from(text, at);
}

static bool run(struct arena *a, const struct psl_list *list, struct bytes asked, struct bytes want)
{
	struct dname name, found = { { NULL, 0 } };

	tap_begin("%.*s -> %.*s", BYTES_ARG(asked), BYTES_ARG(want));
	if (dname_parse(a, asked, DNAME_HOST, &name, NULL)) /* refuses a leading dot and the empty name */
		found = psl_registrable(list, name);
	struct bytes got = dname_is_none(found) ? found.text : last_labels(asked, dname_labels(found));
	bool ok = CHECK_MSG(bytes_isame(got, want), "found \"%.*s\"", BYTES_ARG(got));
	tap_end();
	return ok;
}

int main(void)
{
	const char *dir = getenv("CONFORMANCE_DIR");
	char path[4096];

	if (!dir || !*dir) {
		tap_skip("CONFORMANCE_DIR is not set", "public suffix list");
		return tap_done();
	}
	snprintf(path, sizeof(path), "%s/psl/public_suffix_list.dat", dir);
	struct psl_list *list = psl_list_load(path);
	snprintf(path, sizeof(path), "%s/psl/test_psl.txt", dir);
	struct bytes text = read_file(path), rest = text, line, asked, want;
	struct arena *a = arena_new(1 << 20);
	int n = 0, passed = 0;

	while (bytes_cut(&rest, '\n', &line)) {
		if (read_case(line, &asked, &want)) {
			passed += run(a, list, asked, want);
			n++;
		}
	}
	tap_begin("the suite was found, and is whole");
	CHECK(list && n >= 78);
	tap_end();
	printf("# suite psl: %d passed, %d failed\n", passed, n - passed);
	arena_free(a);
	heap_free(text);
	psl_list_free(list);
	return tap_done();
}
