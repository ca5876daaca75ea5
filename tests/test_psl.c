/* Registrable domains, by the built-in list and by a small one of our own. */
#include <unistd.h>

#include "dmarc/psl.h"
#include "tap.h"

static const char own_list[] =
	"// a list\n"
	"example\n"
	"com\n"
	"co.example\n"
	"*.wild.example\n"
	"!city.wild.example\n"
	"// ===BEGIN PRIVATE DOMAINS===\n"
	"hosting.com\n";

static const struct {
	const char *name, *asked, *want; /* want NULL: there is none */
} cases[] = {
	{ "one label over the suffix", "shop.example", "shop.example" },
	{ "more labels", "a.b.shop.example", "shop.example" },
	{ "a suffix of two labels", "a.shop.co.example", "shop.co.example" },
	{ "the suffix itself", "co.example", NULL },
	{ "a top-level name", "example", NULL },
	{ "a top-level name that the list does not have", "unlisted", NULL },
	{ "below a top-level name that the list does not have", "a.b.unlisted", "b.unlisted" },
	{ "below a wildcard", "a.b.c.wild.example", "b.c.wild.example" },
	{ "the wildcard's own match", "c.wild.example", NULL },
	{ "an exception", "a.city.wild.example", "city.wild.example" },
	{ "the private section", "a.b.hosting.com", "b.hosting.com" },
	{ "upper case", "A.SHOP.EXAMPLE", "shop.example" },
	{ "an underscore", "_x.shop.example", "shop.example" },
};

static struct psl_list *load(const char *text)
{
	char path[] = "/tmp/test_psl.XXXXXX";
	int fd = mkstemp(path);

	if (!CHECK(fd >= 0) || !CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text)))
		return NULL;
	close(fd);
	struct psl_list *list = psl_list_load(path);
	unlink(path);
	return list;
}

int main(void)
{
	struct arena *a = arena_new(1 << 16);
	struct psl_list *list = load(own_list);
	struct dname d, none = { { NULL, 0 } };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes text = heap_copy(cases[i].asked);
		tap_begin("%s", cases[i].name);
		if (CHECK(dname_parse(a, text, DNAME_HOST, &d, NULL)))
			CHECK_BYTES(psl_registrable(list, d).text, cases[i].want ? cases[i].want : "");
		tap_end();
		heap_free(text);
	}
	tap_begin("no list, no name, no file");
	CHECK(dname_parse(a, B("a.shop.example"), DNAME_HOST, &d, NULL));
	CHECK(dname_is_none(psl_registrable(NULL, d)));
	CHECK(dname_is_none(psl_registrable(list, none)));
	CHECK(!psl_list_load("/nonexistent/list"));
	tap_end();
	tap_begin("the built-in list");
	if (CHECK(psl_list_builtin() != NULL)) {
		CHECK(dname_parse(a, B("www.example.com"), DNAME_HOST, &d, NULL));
		CHECK_BYTES(psl_registrable(psl_list_builtin(), d).text, "example.com");
	}
	tap_end();
	psl_list_free(list);
	psl_list_free(NULL);
	arena_free(a);
	return tap_done();
}
