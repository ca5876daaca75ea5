#include "dkim/dkim_tags.h"
#include "tap.h"

/* "name=value|name=value|" of what was read, for comparing */
static const char *shown(const struct dkim_tags *tags)
{
	static char text[4096];
	size_t n = 0;

	text[0] = 0;
	for (size_t i = 0; i < tags->n; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%.*s=%.*s|", BYTES_ARG(tags->list[i].name),
		                      BYTES_ARG(tags->list[i].value));
	return text;
}

static const struct {
	const char *name, *text, *want; /* want NULL: refused */
	size_t refused_at;
} cases[] = {
	{ "two tags", "v=1;a=b", "v=1|a=b|" },
	{ "a final semicolon", "v=1; a=b;", "v=1|a=b|" },
	{ "white space behind the final semicolon", "v=1; a=b;\r\n ", "v=1|a=b|" },
	{ "white space everywhere", " v\t= 1 ;\r\n a =\r\n\t b ", "v=1|a=b|" },
	{ "folds of LF lines", " v=1;\n a=b", "v=1|a=b|" },
	{ "folds of white space alone", " v=1;\r\n \r\n a=b", "v=1|a=b|" },
	{ "a fold inside a value is kept", "b=QU\r\n JD", "b=QU\r\n JD|" },
	{ "an empty value", "p=;n=", "p=|n=|" },
	{ "equals signs in a value", "b=QQ==; c=d=e", "b=QQ==|c=d=e|" },
	{ "names differ by case", "d=x; D=y", "d=x|D=y|" },
	{ "digits and underscores in a name", "x1_y=z", "x1_y=z|" },
	{ "UTF-8 in a value (RFC 8616)", "d=b\xc3\xbc" "cher.example", "d=b\xc3\xbc" "cher.example|" },
	{ "nothing", "", NULL, 0 },
	{ "white space alone", " \r\n ", NULL, 0 },
	{ "a semicolon alone", ";", NULL, 0 },
	{ "two semicolons", "v=1;;a=b", NULL, 4 },
	{ "two final semicolons", "v=1;;", NULL, 4 },
	{ "a piece of white space", "v=1; ;a=b", NULL, 4 },
	{ "no equals sign", "v=1; junk; a=b", NULL, 5 },
	{ "no name", "v=1; =b", NULL, 5 },
	{ "two equals signs alone", "v=1; ==; t=1", NULL, 5 },
	{ "a name with a hyphen", "v=1; a-b=c", NULL, 5 },
	{ "a name with a space inside", "v=1; a b=c", NULL, 5 },
	{ "a name that begins with a digit", "1v=1", NULL, 0 },
	{ "a tag twice", "d=a.example; s=x; d=b.example", NULL, 18 },
	{ "a tag twice with the same value", "t=1; t=1", NULL, 5 },
	{ "a bare CR", "v=1;\ra=b", NULL, 4 },
	{ "a line end that is no fold", "v=1;\r\na=b", NULL, 4 },
	{ "a line end at the end", "v=1\r\n", NULL, 3 },
	{ "a control byte", "s=a\x01" "b", NULL, 3 },
	{ "DEL", "s=a\x7f", NULL, 3 },
	{ "8-bit that is not UTF-8", "v=1; d=b\xfc" "cher.example", NULL, 8 },
};

static void test_cases(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes text = heap_copy(cases[i].text);
		struct dkim_tags tags = { .n = 77 };
		struct parse_err err = { 0 };

		tap_begin("%s", cases[i].name);
		if (dkim_tags_parse(text, &tags, &err))
			CHECK_MSG(cases[i].want && strcmp(shown(&tags), cases[i].want) == 0, "read as %s", shown(&tags));
		else
			CHECK_MSG(!cases[i].want && err.at == cases[i].refused_at && tags.n == 77, "%s at %zu", err.what, err.at);
		tap_end();
		heap_free(text);
	}
}

static void test_nul(void)
{
	struct dkim_tags tags;
	struct parse_err err;

	tap_begin("a NUL ends nothing and is refused");
	CHECK(!dkim_tags_parse(B("s=sel._domainkey.t.example.\0.x"), &tags, &err) && err.at == 27);
	tap_end();
}

static void test_count(void)
{
	char text[16 * (DKIM_TAGS_MAX + 1)];
	size_t n = 0;
	struct dkim_tags tags;

	tap_begin("as many tags as fit, and one more");
	for (size_t i = 0; i < DKIM_TAGS_MAX; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "t%zu=%zu;", i, i);
	CHECK(dkim_tags_parse((struct bytes){ (uint8_t *)text, n }, &tags, NULL) && tags.n == DKIM_TAGS_MAX);
	n += (size_t)snprintf(text + n, sizeof(text) - n, "more=1");
	CHECK(!dkim_tags_parse((struct bytes){ (uint8_t *)text, n }, &tags, NULL));
	tap_end();
}

static void test_find(void)
{
	struct dkim_tags tags;
	struct bytes text = B("bh=x; b =\r\n QU JD ;t=1"), rest, item;

	tap_begin("find by exact name; the span has the white space");
	CHECK(dkim_tags_parse(text, &tags, NULL));
	CHECK(dkim_tags_find(&tags, "b") && !dkim_tags_find(&tags, "B") && !dkim_tags_find(&tags, "x"));
	CHECK_BYTES(dkim_tags_find(&tags, "b")->value, "QU JD");
	CHECK_BYTES(dkim_tags_find(&tags, "b")->span, "\r\n QU JD ");
	CHECK(dkim_tags_find(&tags, "b")->span.p == text.p + 9);
	tap_end();
	tap_begin("items of a colon-separated value");
	rest = B("from :\r\n to::y");
	CHECK(dkim_tags_item(&rest, &item) && bytes_eq(item, "from"));
	CHECK(dkim_tags_item(&rest, &item) && bytes_eq(item, "to"));
	CHECK(dkim_tags_item(&rest, &item) && item.n == 0);
	CHECK(dkim_tags_item(&rest, &item) && bytes_eq(item, "y"));
	CHECK(!dkim_tags_item(&rest, &item));
	tap_end();
}

int main(void)
{
	test_cases();
	test_nul();
	test_count();
	test_find();
	return tap_done();
}
