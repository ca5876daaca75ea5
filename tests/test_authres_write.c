#include "base/ascii.h"
#include "base/idn.h"
#include "mail/authres.h"
#include "mail/authres_write.h"
#include "tap.h"

static struct work w;
static struct limits limits;

static const struct {
	const char *name, *value, *want; /* of "smtp.mailfrom=" */
} values[] = {
	{ "an address stays bare", "bob@example.org", "bob@example.org" },
	{ "a domain stays bare", "example.org", "example.org" },
	{ "a domain behind @", "@example.org", "@example.org" },
	{ "nothing is quoted", "", "\"\"" },
	{ "the null sender", "<>", "\"<>\"" },
	{ "an IPv6 address", "2001:db8::1", "\"2001:db8::1\"" },
	{ "base64", "Ab/c+d=", "\"Ab/c+d=\"" },
	{ "a parenthesis opens nothing", "any@l.example(a.evil.example", "\"any@l.example(a.evil.example\"" },
	{ "a semicolon ends nothing", "a@x.example; dmarc=pass", "\"a@x.example; dmarc=pass\"" },
	{ "quotes and backslashes", "\"a\\b\"@x.example", "\"\\\"a\\\\b\\\"@x.example\"" },
	{ "an equals sign in the local part", "a=b@x.example", "\"a=b@x.example\"" },
	{ "two signs @", "a@b@x.example", "\"a@b@x.example\"" },
	{ "line ends", "a\r\nX-Evil: b", "\"a??X-Evil: b\"" },
	{ "TAB is a space", "a\tb", "\"a b\"" },
	{ "DEL and ESC", "a\x7f\x1b[31mb", "\"a??[31mb\"" },
	{ "UTF-8 is kept", "b\xc3\xbc" "cher@x.example", "\"b\xc3\xbc" "cher@x.example\"" },
	{ "bytes that are not UTF-8", "a\xff\xc3(b", "\"a\xef\xbf\xbd\xef\xbf\xbd(b\"" },
	{ "a line separator", "a\xe2\x80\xa8" "b", "\"a\xef\xbf\xbd" "b\"" },
	{ "text turned around", "\xe2\x80\xae" "elpmaxe", "\"\xef\xbf\xbd" "elpmaxe\"" },
	{ "a C1 control", "a\xc2\x85" "b", "\"a\xef\xbf\xbd" "b\"" },
	{ "nothing to see", "a\xe2\x80\x8b@x.example", "\"a\xef\xbf\xbd@x.example\"" },
};

static void run_values(void)
{
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		struct bytes value = heap_copy(values[i].value);
		struct authres_writer aw;
		struct buf out;
		char want[512];

		tap_begin("%s", values[i].name);
		buf_init(&out, 65536);
		authres_write_begin(&aw, &out, "\r\n", 0, B("mx.example.com"));
		authres_write_result(&aw, "spf", "pass");
		authres_write_prop(&aw, "smtp", "mailfrom", value);
		authres_write_end(&aw);
		snprintf(want, sizeof(want), "mx.example.com;\r\n\tspf=pass smtp.mailfrom=%s", values[i].want);
		CHECK_BYTES(buf_bytes(&out), want);
		tap_end();
		buf_free(&out);
		heap_free(value);
	}
	tap_begin("NUL ends nothing");
	struct authres_writer aw;
	struct buf out;
	buf_init(&out, 65536);
	authres_write_begin(&aw, &out, "\n", 0, B("x.example"));
	authres_write_result(&aw, "dkim", "pass");
	authres_write_prop(&aw, "header", "s", B("sel\0.evil.example"));
	CHECK_BYTES(buf_bytes(&out), "x.example;\n\tdkim=pass header.s=\"sel?.evil.example\"");
	buf_free(&out);
	tap_end();
}

static void run_fields(void)
{
	struct authres_writer aw;
	struct buf out;

	tap_begin("a whole field, folded");
	buf_init(&out, 65536);
	authres_write_begin(&aw, &out, "\r\n", strlen("Authentication-Results: "), B("mx.example.com"));
	authres_write_result(&aw, "dkim", "fail");
	authres_write_comment(&aw, B("the body (as it came) was \"changed\"; see \\x"));
	authres_write_reason(&aw, B("body hash did not verify"));
	authres_write_prop(&aw, "header", "d", B("example.org"));
	authres_write_prop(&aw, "header", "s", B("sel-2026"));
	authres_write_result(&aw, "dmarc", "none");
	authres_write_prop(&aw, "header", "from", B("example.org"));
	authres_write_end(&aw);
	CHECK_BYTES(buf_bytes(&out), "mx.example.com;\r\n"
	            "\tdkim=fail (the body [as it came] was 'changed', see /x)\r\n"
	            "\treason=\"body hash did not verify\" header.d=example.org\r\n"
	            "\theader.s=sel-2026;\r\n"
	            "\tdmarc=none header.from=example.org");
	buf_free(&out);
	tap_end();

	tap_begin("no results: none");
	buf_init(&out, 65536);
	authres_write_begin(&aw, &out, "\n", 24, B("mx example"));
	authres_write_end(&aw);
	CHECK_BYTES(buf_bytes(&out), "\"mx example\"; none");
	buf_free(&out);
	tap_end();

	tap_begin("an ARC set");
	buf_init(&out, 65536);
	authres_write_begin_arc(&aw, &out, "\r\n", 28, 3, B("mx.example.com"));
	authres_write_result(&aw, "arc", "pass");
	authres_write_end(&aw);
	CHECK_BYTES(buf_bytes(&out), "i=3; mx.example.com;\r\n\tarc=pass");
	buf_free(&out);
	tap_end();

	tap_begin("a value too long is cut, and cannot be taken for another");
	struct bytes read = { NULL, 0 };
	struct authres ar;
	char text[2000];
	memset(text, 'a', sizeof(text));
	buf_init(&out, 65536);
	authres_write_begin(&aw, &out, "\r\n", 0, B("x.example"));
	authres_write_result(&aw, "spf", "pass");
	authres_write_prop(&aw, "smtp", "mailfrom", (struct bytes){ (uint8_t *)text, sizeof(text) });
	CHECK(authres_parse(&w, buf_bytes(&out), &ar) && ar.n == 1);
	if (ar.n == 1)
		read = authres_value(&ar.results[0], "smtp", "mailfrom");
	CHECK(read.n < 450 && bytes_iends(read, "[cut]"));
	buf_free(&out);
	tap_end();

	tap_begin("a full buffer is remembered");
	buf_init(&out, 10);
	authres_write_begin(&aw, &out, "\r\n", 0, B("mx.example.com"));
	authres_write_result(&aw, "spf", "pass");
	authres_write_end(&aw);
	CHECK(out.failed && out.n <= 10);
	buf_free(&out);
	tap_end();
}

/* --- a property: what goes in is read back, whatever it is ----------------------- */

static uint64_t state = 88172645463325252u;

static uint32_t random_below(uint32_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 33) % n;
}

/* Bytes that hurt, more often than others. */
static size_t random_value(uint8_t *p, size_t max)
{
	static const char *const hurts[] = { "\"", "\\", "(", ")", ";", "=", "@", "\r\n", "\n\t", " ", "  ", "\0", "\xff", "\xc3\xbc",
	                                     "/", ".", "a", "b", "example", "; dmarc=pass", "\xe2\x80\xae", "                              " };
	size_t n = 0, want = random_below((uint32_t)max);

	while (n < want) {
		const char *h = hurts[random_below(ARRAY_LEN(hurts))];
		size_t len = *h ? strlen(h) : 1;
		if (n + len > max)
			break;
		memcpy(p + n, h, len);
		n += len;
	}
	return n;
}

static bool is_clean(struct bytes v)
{
	for (size_t i = 0; i < v.n; i++)
		if (ascii_is_ctl(v.p[i]))
			return false;
	return utf8_valid(v, NULL) && bytes_search(v, B("\xe2\x80\xae")) == v.n && v.n <= 390;
}

static bool lines_are_fine(struct bytes text)
{
	struct bytes line, rest = text;

	while (bytes_cut(&rest, '\n', &line)) {
		bool first = line.p == text.p, last = rest.n == 0;
		if (!last && (line.n == 0 || line.p[line.n - 1] != '\r'))
			return false;
		line.n -= !last;
		if (!first && (line.n == 0 || !ascii_is_wsp(line.p[0]) || bytes_trim(line).n == 0))
			return false;
		if (line.n > 998)
			return false;
		for (size_t i = 0; i < line.n; i++)
			if (ascii_is_ctl(line.p[i]) && line.p[i] != '\t')
				return false;
	}
	return true;
}

static void run_property(void)
{
	enum { PROPS = 3 };
	uint8_t raw[PROPS + 3][512];
	struct bytes v[PROPS + 3];
	struct authres_writer aw;
	struct authres ar;
	struct buf out;

	tap_begin("20000 hostile fields are read back as they were meant");
	for (int round = 0; round < 20000; round++) {
		arena_reset(w.arena);
		buf_init(&out, 1 << 20);
		for (size_t i = 0; i < ARRAY_LEN(v); i++)
			v[i] = (struct bytes){ raw[i], random_value(raw[i], round % 2 ? 40 : 512) };
		authres_write_begin(&aw, &out, "\r\n", 24, v[PROPS]);
		authres_write_result(&aw, "spf", "fail");
		authres_write_comment(&aw, v[PROPS + 1]);
		authres_write_reason(&aw, v[PROPS + 2]);
		for (size_t i = 0; i < PROPS; i++)
			authres_write_prop(&aw, "header", i ? i == 1 ? "b" : "c" : "a", v[i]);
		authres_write_result(&aw, "dkim", "pass");
		authres_write_end(&aw);
		bool ok = CHECK(!out.failed && lines_are_fine(buf_bytes(&out)));
		ok &= CHECK(authres_parse(&w, buf_bytes(&out), &ar) && !ar.damaged && ar.n == 2 && ar.results[0].n == PROPS);
		ok = ok && CHECK(bytes_eq(ar.results[0].result, "fail") && bytes_eq(ar.results[1].method, "dkim"));
		ok = ok && CHECK(!is_clean(v[PROPS]) || bytes_same(ar.id, v[PROPS]));
		ok = ok && CHECK(!is_clean(v[PROPS + 2]) || bytes_same(ar.results[0].reason, v[PROPS + 2]));
		for (size_t i = 0; ok && i < PROPS; i++)
			ok = CHECK(!is_clean(v[i]) || bytes_same(ar.results[0].props[i].value, v[i]));
		if (!ok) {
			printf("# %.*s\n", BYTES_ARG(buf_bytes(&out)));
			buf_free(&out);
			break;
		}
		buf_free(&out);
	}
	tap_end();
}

int main(void)
{
	limits_init(&limits);
	w = (struct work){ .arena = arena_new(16 << 20), .limits = &limits };
	run_values();
	run_fields();
	run_property();
	arena_free(w.arena);
	return tap_done();
}
