#include "base/buf.h"
#include "dkim/dkim_canon.h"
#include "tap.h"

static struct limits limits;
static struct work work = { .limits = &limits };

static void take(void *user, struct bytes piece)
{
	buf_add(user, piece);
}

/* A field from its text as it stands in a header; name and value as header.h defines them. */
static struct field field_of(struct bytes raw)
{
	size_t colon = bytes_find(raw, ':', 0), end = raw.n;

	if (end && raw.p[end - 1] == '\n')
		end -= end > 1 && raw.p[end - 2] == '\r' ? 2 : 1;
	struct bytes name = bytes_trim_right(bytes_sub(raw, 0, colon));
	return (struct field){
		.raw = raw,
		.name = name,
		.value = bytes_sub(raw, colon + 1, end - colon - 1),
		.id = field_id_of(name),
	};
}

static const struct {
	const char *name, *raw, *simple, *relaxed;
	enum line_ends ends;
} fields[] = {
	{ "plain", "From: a@example.org\r\n", "From: a@example.org\r\n", "from:a@example.org\r\n",
	  LINES_CRLF },
	{ "case of the name", "SUBject: AbC\r\n", "SUBject: AbC\r\n", "subject:AbC\r\n", LINES_CRLF },
	{ "white space in runs", "B \t: Y\t\r\n\tZ  \r\n", "B \t: Y\t\r\n\tZ  \r\n", "b:Y Z\r\n",
	  LINES_CRLF },
	{ "nothing before the first word", "A:\r\n  x\r\n", "A:\r\n  x\r\n", "a:x\r\n", LINES_CRLF },
	{ "a fold without other space", "A: x\r\n y\r\n", "A: x\r\n y\r\n", "a:x y\r\n", LINES_CRLF },
	{ "a line of white space", "A: x\r\n \t\r\n y\r\n", "A: x\r\n \t\r\n y\r\n", "a:x y\r\n",
	  LINES_CRLF },
	{ "an empty value", "A:\r\n", "A:\r\n", "a:\r\n", LINES_CRLF },
	{ "a value of white space", "A: \t \r\n", "A: \t \r\n", "a:\r\n", LINES_CRLF },
	{ "no line end", "A: x", "A: x\r\n", "a:x\r\n", LINES_CRLF },
	{ "folded before the colon", "From\r\n : x\r\n", "From\r\n : x\r\n", "from:x\r\n", LINES_CRLF },
	{ "a line end that is no fold", "A: x\r\ny \r\n", "A: x\r\ny \r\n", "a:x\r\ny\r\n", LINES_CRLF },
	{ "a bare LF among CRLF lines", "A: x\n y\r\n", "A: x\n y\r\n", "a:x\n y\r\n", LINES_CRLF },
	{ "a bare CR", "A: x\ry\r z\r\n", "A: x\ry\r z\r\n", "a:x\ry\r z\r\n", LINES_CRLF },
	{ "8-bit and control bytes", "A: \x01\xc3\xbc \x7f\r\n", "A: \x01\xc3\xbc \x7f\r\n",
	  "a:\x01\xc3\xbc \x7f\r\n", LINES_CRLF },
	{ "LF lines", "A: x\n y\n", "A: x\r\n y\r\n", "a:x y\r\n", LINES_LF },
	{ "CRLF among LF lines", "A: x\r\n y\n", "A: x\r\n y\r\n", "a:x y\r\n", LINES_LF },
	{ "CRLF at the end among LF lines", "A: x\n y\r\n", "A: x\r\n y\r\n", "a:x y\r\n", LINES_LF },
};

static void check_field(struct bytes raw, enum dkim_canon canon, enum line_ends ends, const char *want)
{
	struct field f = field_of(raw);
	struct dkim_sink sink;
	struct buf out;

	buf_init(&out, 1 << 16);
	dkim_sink_init(&sink, take, &out);
	dkim_canon_field(&sink, canon, ends, &f);
	dkim_sink_flush(&sink);
	CHECK_BYTES(buf_bytes(&out), want);
	buf_free(&out);
}

static void test_fields(void)
{
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		struct bytes raw = heap_copy(fields[i].raw);

		tap_begin("field: %s", fields[i].name);
		check_field(raw, DKIM_SIMPLE, fields[i].ends, fields[i].simple);
		check_field(raw, DKIM_RELAXED, fields[i].ends, fields[i].relaxed);
		tap_end();
		heap_free(raw);
	}
}

static void test_nul_and_long(void)
{
	uint8_t raw[5000];
	struct dkim_sink sink;
	struct buf out;

	tap_begin("a field longer than the sink holds, with NULs");
	memset(raw, 'x', sizeof(raw));
	memcpy(raw, "A:\0", 3);
	struct field f = { .raw = { raw, sizeof(raw) }, .name = { raw, 1 }, .value = { raw + 2, sizeof(raw) - 2 } };
	for (int canon = DKIM_SIMPLE; canon <= DKIM_RELAXED; canon++) {
		buf_init(&out, 1 << 16);
		dkim_sink_init(&sink, take, &out);
		dkim_canon_field(&sink, (enum dkim_canon)canon, LINES_CRLF, &f);
		dkim_sink_flush(&sink);
		CHECK(out.n == sizeof(raw) + 2 && memcmp(out.p + 2, raw + 2, sizeof(raw) - 2) == 0);
		CHECK(out.p[0] == (canon == DKIM_RELAXED ? 'a' : 'A') && out.p[out.n - 1] == '\n');
		buf_free(&out);
	}
	tap_end();
}

static const struct {
	const char *name, *raw, *gone, *simple, *relaxed;
	enum line_ends ends;
} signatures[] = {
	{ "b= in the middle", "DKIM-Signature: v=1; b= QU\r\n\tJD; s=x\r\n", " QU\r\n\tJD",
	  "DKIM-Signature: v=1; b=; s=x", "dkim-signature:v=1; b=; s=x", LINES_CRLF },
	{ "b= at the end", "DKIM-Signature: v=1;\r\n b=QUJD\r\n", "QUJD", "DKIM-Signature: v=1;\r\n b=",
	  "dkim-signature:v=1; b=", LINES_CRLF },
	{ "b= at the end and a semicolon", "ARC-Seal: i=1; b =QUJD ;  \r\n", "QUJD ",
	  "ARC-Seal: i=1; b =;  ", "arc-seal:i=1; b =;", LINES_CRLF },
	{ "LF lines", "DKIM-Signature: v=1;\n b=QU\n JD;\n s=x\n", "QU\n JD",
	  "DKIM-Signature: v=1;\r\n b=;\r\n s=x", "dkim-signature:v=1; b=; s=x", LINES_LF },
	{ "an empty b=", "DKIM-Signature: b=; s=x\r\n", "", "DKIM-Signature: b=; s=x",
	  "dkim-signature:b=; s=x", LINES_CRLF },
};

static void test_signatures(void)
{
	for (size_t i = 0; i < ARRAY_LEN(signatures); i++) {
		struct bytes raw = heap_copy(signatures[i].raw), gone = bytes_of(signatures[i].gone);
		struct field f = field_of(raw);
		size_t at = bytes_search(raw, gone.n ? gone : B("; s"));
		struct dkim_sink sink;
		struct buf out;

		tap_begin("signature: %s", signatures[i].name);
		for (int canon = DKIM_SIMPLE; canon <= DKIM_RELAXED; canon++) {
			buf_init(&out, 1 << 16);
			dkim_sink_init(&sink, take, &out);
			dkim_canon_signature(&sink, (enum dkim_canon)canon, signatures[i].ends, &f,
			                     bytes_sub(raw, at, gone.n));
			dkim_sink_flush(&sink);
			CHECK_BYTES(buf_bytes(&out), canon == DKIM_SIMPLE ? signatures[i].simple : signatures[i].relaxed);
			buf_free(&out);
		}
		tap_end();
		heap_free(raw);
	}
}

static void test_choice(void)
{
	static const char *const raws[] = { "To: 1\r\n", "From: 2\r\n", "TO: 3\r\n", "X: 4\r\n", "to: 5\r\n", "Cc : 6\r\n", "y: 7\r\n", "x: 8\r\n" };
	struct field list[ARRAY_LEN(raws)];
	struct header h = { .fields = list, .n = ARRAY_LEN(raws) };
	struct dkim_fields x;
	size_t left;

	for (size_t i = 0; i < ARRAY_LEN(raws); i++)
		list[i] = field_of(bytes_of(raws[i]));
	tap_begin("names take fields from the bottom, whatever their case");
	CHECK(dkim_fields_init(&work, &h, &x));
	CHECK(dkim_fields_count(&x, FIELD_TO, &left) == 3 && left == 3);
	CHECK(dkim_fields_take(&x, B("tO"), NULL) == &list[4]);
	CHECK(dkim_fields_take(&x, B("to"), NULL) == &list[2]);
	CHECK(dkim_fields_count(&x, FIELD_TO, &left) == 3 && left == 1);
	CHECK(dkim_fields_take(&x, B("to"), NULL) == &list[0]);
	CHECK(dkim_fields_take(&x, B("to"), NULL) == NULL);
	CHECK(dkim_fields_count(&x, FIELD_TO, &left) == 3 && left == 0);
	CHECK(dkim_fields_take(&x, B("absent"), NULL) == NULL && dkim_fields_take(&x, B(""), NULL) == NULL);
	CHECK(dkim_fields_count(&x, FIELD_FROM, &left) == 1 && left == 1);
	CHECK(dkim_fields_count(&x, FIELD_SUBJECT, &left) == 0 && left == 0);
	CHECK(dkim_fields_take(&x, B("x"), NULL) == &list[7] && dkim_fields_take(&x, B("X"), NULL) == &list[3]);
	CHECK(dkim_fields_take(&x, B("Y"), NULL) == &list[6] && dkim_fields_take(&x, B("x"), NULL) == NULL);
	tap_end();
	tap_begin("each signature begins anew, and does not take itself");
	dkim_fields_restart(&x);
	CHECK(dkim_fields_take(&x, B("to"), &list[4]) == &list[2]);
	CHECK(dkim_fields_take(&x, B("cc"), &list[5]) == NULL);
	CHECK(dkim_fields_count(&x, FIELD_CC, &left) == 1 && left == 1);
	dkim_fields_restart(&x);
	CHECK(dkim_fields_take(&x, B("cc"), NULL) == &list[5]);
	tap_end();
}

static void test_many(void)
{
	enum { N = 20000 };
	struct field *list = calloc(N, sizeof(*list));
	struct header h = { .fields = list, .n = N };
	struct dkim_fields x;
	size_t taken = 0;

	assert(list);
	tap_begin("100 signatures over 20000 fields of one name");
	for (size_t i = 0; i < N; i++)
		list[i] = field_of(B("Received: x\r\n"));
	CHECK(dkim_fields_init(&work, &h, &x));
	for (int round = 0; round < 100; round++) {
		dkim_fields_restart(&x);
		while (dkim_fields_take(&x, B("received"), NULL))
			taken++;
	}
	CHECK(taken == 100u * N);
	tap_end();
	free(list);
}

int main(void)
{
	limits_init(&limits);
	work.arena = arena_new(1 << 24);
	test_fields();
	test_nul_and_long();
	test_signatures();
	test_choice();
	test_many();
	arena_free(work.arena);
	return tap_done();
}
