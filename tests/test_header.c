#include "base/mem.h"
#include "mail/header.h"
#include "tap.h"

#define M(lit) lit, sizeof(lit) - 1
#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define L990 HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED \
	TEN TEN TEN TEN TEN TEN TEN TEN TEN

static const struct {
	const char *name, *message;
	size_t n;
	const char *fields;  /* "offset name|value" each, ended by "; "; NULL: not compared */
	const char *defects; /* "name@offset" each, separated by a blank, in order of offset */
	size_t body_at;
} cases[] = {
	{ "two fields and a body", M("From: a@b.example\r\nTo: c\r\n\r\nbody"),
	  "0 From| a@b.example; 19 To| c; ", "", 28 },
	{ "line feeds only", M("From: a\nTo: c\n\nbody\n"), "0 From| a; 8 To| c; ", "", 15 },
	{ "the end of the input right behind the empty line", M("A: b\r\n\r\n"), "0 A| b; ", "", 8 },
	{ "folds stay in the value", M("A: b\r\n\tc\r\n d\r\nB:\r\n\r\n"),
	  "0 A| b\r\n\tc\r\n d; 14 B|; ", "", 20 },
	{ "a fold of blanks only ends nothing", M("A: b\r\n  \r\n c\r\n\r\n"),
	  "0 A| b\r\n  \r\n c; ", "", 16 },
	{ "UTF-8 is no defect", M("S: \xc3\xa9\r\n\r\n"), "0 S| \xc3\xa9; ", "", 9 },

	{ "nothing at all", M(""), "", "no_header@0 header_not_ended@0", 0 },
	{ "only an empty line", M("\r\nFrom: a\r\n"), "", "no_header@0", 2 },
	{ "only an empty line of LF", M("\nbody"), "", "no_header@0", 1 },
	{ "no empty line", M("A: b\r\n"), "0 A| b; ", "header_not_ended@6", 6 },
	{ "no line end at all", M("A: b"), "0 A| b; ", "header_not_ended@4", 4 },
	{ "cut within a line end", M("A: b\r\nB: c\r"), "0 A| b; 6 B| c\r; ",
	  "bare_cr@10 header_not_ended@11", 11 },

	{ "mbox line", M("From a@b Mon Jan  1 00:00:00 2026\nA: b\n\nx"), "34 A| b; ",
	  "mbox_from_line@0", 40 },
	{ "the line behind the mbox line decides what ends lines",
	  M("From a@b Mon Jan  1 00:00:00 2026\nA: b\r\nB: c\r\n\r\nx"), "34 A| b; 40 B| c; ",
	  "mbox_from_line@0", 48 },
	{ "an mbox line alone", M("From a"), "", "no_header@0 mbox_from_line@0 header_not_ended@6", 6 },
	{ "From with a blank before the colon is no mbox line", M("From : a\r\n\r\n"), "0 From| a; ",
	  "space_before_colon@4", 12 },
	{ "From folded before the colon is no mbox line", M("From \r\n : a\r\n\r\n"), "0 From| a; ",
	  "hidden_from@0 fold_before_colon@4", 15 },
	{ "an mbox line adopts nothing", M("From a@b\n From: c\nA: b\n\n"), "18 A| b; ",
	  "mbox_from_line@0 leading_space@9 hidden_from@10", 24 },
	{ "an mbox line later on is no field", M("A: b\nFrom a@b\nC: d\n\n"), "0 A| b; 14 C| d; ",
	  "not_a_field@5", 20 },

	{ "tabs and blanks before the colon", M("A \t: b\r\n\r\n"), "0 A| b; ",
	  "space_before_colon@1", 10 },
	{ "several folds before the colon", M("From\r\n \r\n\t: a\r\n\r\n"), "0 From| a; ",
	  "hidden_from@0 fold_before_colon@4", 17 },
	{ "a bare LF before the colon is no fold", M("A: b\r\nFrom\n : a\r\n\r\n"), "0 A| b; ",
	  "not_a_field@6 hidden_from@6 bare_lf@10", 19 },
	{ "leading space", M(" From: a\r\nFrom: b\r\n\r\n"), "10 From| b; ",
	  "leading_space@0 hidden_from@1", 21 },
	{ "leading space over several lines", M("\tX\r\n y\r\nFrom: b\r\n\r\n"), "8 From| b; ",
	  "leading_space@0", 19 },
	{ "a line that is no field, with its continuation",
	  M("A: b\r\nfoo bar\r\n baz\r\nC: d\r\n\r\n"),
	  "0 A| b; 21 C| d; ", "not_a_field@6", 29 },
	{ "a colon without a name", M(": b\r\nC: d\r\n\r\n"), "5 C| d; ", "not_a_field@0", 13 },
	{ "an 8-bit byte in a name", M("\xef\xbb\xbf" "From: b\r\nC: d\r\n\r\n"), "12 C| d; ",
	  "not_a_field@0 hidden_from@3", 20 },

	{ "a file of LF lines whose other lines are CRLF", M("A: b\nFrom: a\r\n\r\nx"),
	  "0 A| b; 5 From| a; ",
	  "mixed_line_ends@12", 16 },
	{ "bare LF hides a From", M("X: y\r\nA: b\nFrom: a\r\n\r\nx"), "0 X| y; 6 A| b\nFrom: a; ",
	  "bare_lf@10 hidden_from@11", 22 },
	{ "bare CR hides a From", M("X: y\r\nA: b\rfROM\t: a\r\n\r\nx"), "0 X| y; 6 A| b\rfROM\t: a; ",
	  "bare_cr@10 hidden_from@11", 23 },
	{ "bare CR in a file of LFs hides a From", M("A: b\rFrom: a\n\nx"), "0 A| b\rFrom: a; ",
	  "bare_cr@4 hidden_from@5", 14 },
	{ "bare LF before a continuation hides nothing", M("X: y\r\nA: b\n From: a\r\n\r\n"),
	  "0 X| y; 6 A| b\n From: a; ", "bare_lf@10", 23 },
	{ "bare LF and another field", M("X: y\r\nA: b\nFromage: a\r\n\r\n"),
	  "0 X| y; 6 A| b\nFromage: a; ", "bare_lf@10", 25 },
	{ "NUL before From", M("X: y\r\n\0From: a\r\n\r\n"), "0 X| y; ",
	  "not_a_field@6 nul_byte@6 hidden_from@7", 18 },
	{ "NUL within From", M("X: y\r\nFr\0om: a\r\n\r\n"), "0 X| y; ",
	  "not_a_field@6 hidden_from@6 nul_byte@8", 18 },
	{ "a form feed before From, as some split lines", M("X: y\fFrom: a\r\n\r\n"),
	  "0 X| y\fFrom: a; ",
	  "control_byte@4 hidden_from@5", 16 },
	{ "an empty line of bare LFs before From", M("X: y\r\nA: b\n\r\nFrom: a\r\n\r\n"),
	  "0 X| y; 6 A| b\n; 13 From| a; ", "bare_lf@10 hidden_from@13", 24 },
	{ "an empty line of bare CRs before From", M("X: y\r\r\nFrom: a\r\n\r\n"),
	  "0 X| y\r; 7 From| a; ",
	  "bare_cr@4 hidden_from@7", 18 },
	{ "a CRLF line among LF lines", M("A: b\nB: c\r\nC: d\n\r\nx"), "0 A| b; 5 B| c; 11 C| d; ",
	  "mixed_line_ends@9", 18 },
	{ "NUL, DEL and a byte that is not UTF-8, each once", M("A: \0\0\x7f\x7f\xff\xff\r\n\r\n"),
	  "0 A| \\0\\0\x7f\x7f\xff\xff; ", "nul_byte@3 control_byte@5 eight_bit@7", 13 },
	{ "a line of 998", M("A: " L990 "01234\r\n\r\n"), NULL, "", 1002 },
	{ "a line of 999", M("B: c\r\nA: " L990 "012345\r\n\r\n"), NULL, "long_line@6", 1009 },
	{ "998 a line, folded", M("A: " L990 "01234\r\n " L990 "01234\r\n\r\n"), NULL, "", 2000 },

	{ "two From fields", M("From: a\r\nfrom: b\r\nFROM : c\r\n\r\n"),
	  "0 From| a; 9 from| b; 18 FROM| c; ",
	  "several_from@9 space_before_colon@22", 30 },
	{ "two Subjects and three Tos",
	  M("To: a\nSubject: b\nTo: c\nSubject: d\nTo: e\nX: 1\nX: 2\n\n"), NULL,
	  "duplicate_field@17 duplicate_field@23", 51 },
};

/* --- what a header is, as text --------------------------------------------- */

struct dump {
	char text[8192];
	size_t n;
};

static void put(struct dump *d, struct bytes b)
{
	for (size_t i = 0; i < b.n && d->n + 3 < sizeof(d->text); i++) {
		if (b.p[i] == 0)
			d->text[d->n++] = '\\';
		d->text[d->n++] = b.p[i] ? (char)b.p[i] : '0';
	}
	d->text[d->n] = 0;
}

static void dump_fields(const struct header *h, struct dump *d)
{
	char number[32];

	*d = (struct dump){ 0 };
	for (size_t i = 0; i < h->n; i++) {
		snprintf(number, sizeof(number), "%zu ", h->fields[i].offset);
		put(d, bytes_of(number));
		put(d, h->fields[i].name);
		put(d, B("|"));
		put(d, h->fields[i].value);
		put(d, B("; "));
	}
}

static int by_offset(const void *a, const void *b)
{
	const struct defect *x = a, *y = b;

	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	return x->kind < y->kind ? -1 : x->kind > y->kind;
}

static void dump_defects(struct header *h, struct dump *d)
{
	char one[128];

	*d = (struct dump){ 0 };
	if (h->defects.n)
		qsort(h->defects.list, h->defects.n, sizeof(*h->defects.list), by_offset);
	for (size_t i = 0; i < h->defects.n; i++) {
		snprintf(one, sizeof(one), "%s%s@%zu", i ? " " : "",
		         defect_rows[h->defects.list[i].kind].name, h->defects.list[i].offset);
		put(d, bytes_of(one));
	}
}

/* --- ways in ---------------------------------------------------------------- */

static struct limits limits;
static struct work work;

static void feed(struct header *h, struct bytes message, size_t size)
{
	size_t at = 0;

	*h = (struct header){ 0 };
	while (at < message.n) {
		struct bytes chunk = heap_bytes(bytes_sub(message, at, size));
		size_t used = header_feed(&work, h, chunk), had = chunk.n;
		heap_free(chunk); /* what is kept was copied */
		at += used;
		if (used < had)
			break;
	}
	header_end(&work, h);
}

static bool same_field(const struct field *a, const struct field *b)
{
	return bytes_same(a->raw, b->raw) && bytes_same(a->name, b->name) && bytes_same(a->value, b->value) &&
	       a->offset == b->offset && a->id == b->id;
}

static bool same_header(const struct header *a, const struct header *b)
{
	if (a->n != b->n || a->hidden_n != b->hidden_n || a->ends != b->ends || a->body_at != b->body_at ||
	    a->defects.n != b->defects.n || a->defects.seen != b->defects.seen || !a->complete || !b->complete)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!same_field(&a->fields[i], &b->fields[i]))
			return false;
	for (size_t i = 0; i < a->hidden_n; i++)
		if (!same_field(&a->hidden[i], &b->hidden[i]))
			return false;
	for (size_t i = 0; i < a->defects.n; i++)
		if (a->defects.list[i].kind != b->defects.list[i].kind ||
		    a->defects.list[i].offset != b->defects.list[i].offset)
			return false;
	return true;
}

static bool feeds_alike(struct bytes message, const struct header *want, size_t size)
{
	struct header h;
	uint64_t reached = work.reached;

	work.reached = 0;
	feed(&h, message, size);
	return same_header(&h, want) && work.reached == reached;
}

static void test_cases(void)
{
	struct dump d;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes message = heap_bytes((struct bytes){ (const uint8_t *)cases[i].message, cases[i].n });
		struct header h;

		arena_reset(work.arena);
		tap_begin("%s", cases[i].name);
		header_index(&work, &h, message);
		for (size_t size = 1; size <= message.n + 1; size += size < 64 ? 1 : 61)
			CHECK_MSG(feeds_alike(message, &h, size), "chunks of %zu differ", size);
		if (cases[i].fields) {
			dump_fields(&h, &d);
			CHECK_BYTES(bytes_of(d.text), cases[i].fields);
		}
		CHECK_MSG(h.body_at == cases[i].body_at, "the body is at %zu", h.body_at);
		dump_defects(&h, &d);
		CHECK_BYTES(bytes_of(d.text), cases[i].defects);
		tap_end();
		heap_free(message);
	}
}


/* --- the same by header_add ------------------------------------------------- */

/* The text between the name's first byte and the colon: what a milter calls the name. */
static struct bytes name_with_blanks(const struct field *f)
{
	return bytes_sub(f->raw, 0, (size_t)(f->value.p - f->raw.p) - 1);
}

static const char *const clean_messages[] = {
	"From: a@b.example\r\nTo:c\r\n\r\n",
	"A: b\r\n\tc\r\n d\r\nB:\r\nC : d\r\n\r\n",
	"X: y\r\nA: b\nFrom: a\r\nfrom: c\r\nX: \xff\r\n z\x01\r\n\r\n",
	"A: b\r\n \r\n\r\n",
};

/* LF at the folds, as Sendmail's and Postfix's milter protocol has it */
static struct bytes with_lf_folds(struct bytes value)
{
	uint8_t *to = malloc(value.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] != '\r' || i + 1 == value.n || value.p[i + 1] != '\n')
			to[n++] = value.p[i];
	return (struct bytes){ to, n };
}

static void test_add(void)
{
	for (size_t i = 0; i < ARRAY_LEN(clean_messages); i++) {
		struct header want, added = { 0 }, lf = { 0 };

		tap_begin("field by field gives the same index, %zu", i);
		header_index(&work, &want, bytes_of(clean_messages[i]));
		for (size_t k = 0; k < want.n; k++) {
			struct bytes name = heap_bytes(name_with_blanks(&want.fields[k]));
			struct bytes value = heap_bytes(want.fields[k].value);
			struct bytes lf_value = with_lf_folds(value);
			header_add(&work, &added, name, value);
			header_add(&work, &lf, name, lf_value);
			heap_free(name);
			heap_free(value);
			heap_free(lf_value);
		}
		header_end(&work, &added);
		header_end(&work, &lf);
		want.body_at -= 2; /* no empty line came */
		CHECK(same_header(&added, &want));
		CHECK(same_header(&lf, &want));
		tap_end();
	}
	tap_begin("a value with a second line is no second field");
	struct header h = { 0 };
	header_add(&work, &h, B("A"), B(" b\r\nFrom: c\r\n d"));
	header_end(&work, &h);
	CHECK(h.n == 1 && h.hidden_n == 1 && h.complete);
	CHECK(defects_have(&h.defects, DEFECT_NOT_A_FIELD) && defects_have(&h.defects, DEFECT_HIDDEN_FROM));
	CHECK_BYTES(h.hidden[0].value, " c\r\n d");
	tap_end();
	tap_begin("a name that begins with a blank");
	h = (struct header){ 0 };
	header_add(&work, &h, B(" From"), B(" a"));
	header_add(&work, &h, B("To"), B(" a"));
	header_add(&work, &h, B(" From"), B(" a"));
	header_add(&work, &h, B(""), B(""));
	header_end(&work, &h);
	CHECK(h.n == 1 && h.hidden_n == 2);
	CHECK(defects_have(&h.defects, DEFECT_NOT_A_FIELD) && defects_have(&h.defects, DEFECT_LEADING_SPACE));
	tap_end();
	tap_begin("no field at all");
	h = (struct header){ 0 };
	header_end(&work, &h);
	CHECK(h.complete && defects_have(&h.defects, DEFECT_NO_HEADER));
	tap_end();
}

static void test_lookup(void)
{
	struct header h;
	const struct field *f;

	tap_begin("find and count");
	header_index(&work, &h, B("Received: 1\r\nFROM: a\r\nreceived: 2\r\nX-Other: 3\r\n\r\n"));
	CHECK(header_count(&h, FIELD_RECEIVED) == 2 && header_count(&h, FIELD_TO) == 0);
	CHECK((f = header_find(&h, FIELD_RECEIVED, 1)) && f - h.fields == 2);
	CHECK(!header_find(&h, FIELD_RECEIVED, 3) && !header_find(&h, FIELD_TO, 0));
	CHECK(header_find(&h, FIELD_OTHER, 0) == &h.fields[3]);
	CHECK_BYTES(header_find(&h, FIELD_FROM, 0)->raw, "FROM: a\r\n");
	tap_end();
	tap_begin("names of fields");
	for (size_t i = FIELD_OTHER + 1; i < FIELD_IDS; i++)
		CHECK(field_id_of(bytes_of(field_rows[i].name)) == i);
	CHECK(field_id_of(B("dkim-SIGNATURE")) == FIELD_DKIM_SIGNATURE);
	CHECK(field_id_of(B("")) == FIELD_OTHER && field_id_of(B("Fro")) == FIELD_OTHER);
	CHECK(field_rows[FIELD_FROM].once && !field_rows[FIELD_RECEIVED].once);
	tap_end();
}

static const struct {
	const char *value, *want;
	bool borrows;
} unfolds[] = {
	{ " a b ", "a b", true },
	{ "", "", true },
	{ " \r\n ", "", true },
	{ " a\r\n b\r\n\tc", "a b\tc", false },
	{ "a\n b", "a b", false },
	{ "a\r\n \r\n b", "a  b", false },
	{ "a\nb\r\nc\r d", "a\nb\r\nc\r d", false },
	{ "a\n\r\n b\r\r\n c", "a\n b\r c", false },
};

static void test_unfold(void)
{
	tap_begin("unfold");
	for (size_t i = 0; i < ARRAY_LEN(unfolds); i++) {
		struct bytes value = heap_copy(unfolds[i].value), got = field_unfold(work.arena, value);
		CHECK_BYTES(got, unfolds[i].want);
		if (unfolds[i].borrows)
			CHECK(got.p >= value.p && got.p <= value.p + value.n);
		heap_free(value);
	}
	tap_end();
}

/* --- limits, memory, chance ------------------------------------------------- */

static void test_limits(void)
{
	char text[5000];
	size_t n = 0;
	struct header h;

	tap_begin("more fields than the cap");
	limits.v[LIMIT_HEADER_FIELDS] = 16;
	while (n < 20 * 6) {
		memcpy(text + n, "A: b\r\n", 6);
		n += 6;
	}
	memcpy(text + n, "\r\n", 2);
	struct bytes message = { (uint8_t *)text, n + 2 };
	work.reached = 0;
	header_index(&work, &h, message);
	CHECK(h.n == 16 && h.body_at == message.n && defects_have(&h.defects, DEFECT_TOO_MANY_FIELDS));
	CHECK(h.defects.n == 1 && h.defects.list[0].offset == 96);
	CHECK(work.reached == UINT64_C(1) << LIMIT_HEADER_FIELDS);
	CHECK(feeds_alike(message, &h, 1) && feeds_alike(message, &h, 50) && feeds_alike(message, &h, 500));
	struct header added = { 0 };
	for (size_t i = 0; i < 20; i++)
		header_add(&work, &added, B("A"), B(" b"));
	header_end(&work, &added);
	CHECK(added.n == 16 && added.defects.n == 1 && added.defects.list[0].offset == 96);
	limits_init(&limits);
	tap_end();

	tap_begin("more bytes than the cap: the end is found all the same");
	limits.v[LIMIT_HEADER_BYTES] = 1024;
	memset(text, 'x', sizeof(text));
	memcpy(text, "A: b\r\nB: ", 9);
	memcpy(text + 1000, "\r\nC: ", 5);
	memcpy(text + 4000, "\r\n\r\nbody", 8);
	message.n = sizeof(text);
	work.reached = 0;
	header_index(&work, &h, message);
	CHECK(h.n == 2 && h.body_at == 4004 && h.defects.n == 1);
	CHECK(h.defects.list[0].kind == DEFECT_HEADER_TOO_LARGE && h.defects.list[0].offset == 1024);
	CHECK(work.reached == UINT64_C(1) << LIMIT_HEADER_BYTES);
	for (size_t size = 1; size < 6000; size += 333)
		CHECK(feeds_alike(message, &h, size));
	tap_end();

	tap_begin("a header of exactly the cap");
	memcpy(text + 1002, "C:", 2);
	memcpy(text + 1020, "\r\n\r\n", 4);
	work.reached = 0;
	header_index(&work, &h, message);
	CHECK(h.n == 3 && h.body_at == 1024 && h.defects.n == 0 && work.reached == 0);
	CHECK(feeds_alike(message, &h, 1000));
	tap_end();

	tap_begin("more bytes than the cap, field by field");
	h = (struct header){ 0 };
	for (size_t i = 0; i < 3; i++)
		header_add(&work, &h, B("A"), (struct bytes){ (uint8_t *)text + 9, 500 });
	header_end(&work, &h);
	CHECK(h.n == 2 && h.defects.n == 1 && defects_have(&h.defects, DEFECT_HEADER_TOO_LARGE));
	limits_init(&limits);
	tap_end();
}

/* A small generator of numbers that are the same everywhere. */
static uint32_t chance(uint32_t below)
{
	static uint64_t state = 2026;

	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 33) % below;
}

static struct bytes random_message(uint8_t *to, size_t room)
{
	static const struct bytes pieces[] = {
		{ (const uint8_t *)"From", 4 }, { (const uint8_t *)"From ", 5 }, { (const uint8_t *)":", 1 },
		{ (const uint8_t *)"\r\n", 2 }, { (const uint8_t *)"\r\n", 2 }, { (const uint8_t *)"\r", 1 },
		{ (const uint8_t *)"\n", 1 }, { (const uint8_t *)" ", 1 }, { (const uint8_t *)"\t", 1 },
		{ (const uint8_t *)"\0", 1 }, { (const uint8_t *)"A: b\r\n", 6 }, { (const uint8_t *)"A: b\n", 5 },
		{ (const uint8_t *)"\xc3\xa9", 2 }, { (const uint8_t *)"\xff", 1 }, { (const uint8_t *)"\f", 1 },
		{ (const uint8_t *)"Subject: c\r\n", 12 }, { (const uint8_t *)"To", 2 },
	};
	size_t n = 0;

	for (uint32_t k = chance(24); k; k--) {
		struct bytes piece = pieces[chance(ARRAY_LEN(pieces))];
		if (piece.n > room - n)
			break;
		memcpy(to + n, piece.p, piece.n);
		n += piece.n;
	}
	return (struct bytes){ to, n };
}

/* Fields lie in order, do not overlap, and each is its name, its colon and its value. */
static bool well_formed(const struct header *h, struct bytes message)
{
	size_t last = 0;

	for (size_t i = 0; i < h->n; i++) {
		const struct field *f = &h->fields[i];
		bool good = f->offset >= last && f->offset + f->raw.n <= h->body_at &&
		            f->raw.p == message.p + f->offset && f->name.p == f->raw.p && f->name.n > 0 &&
		            f->value.p[-1] == ':' && f->value.p + f->value.n <= f->raw.p + f->raw.n;
		if (!good)
			return false;
		last = f->offset + f->raw.n;
	}
	return h->body_at <= message.n;
}

static void test_random(void)
{
	uint8_t text[512];
	bool good = true;

	tap_begin("any bytes: the same in one piece and in any pieces");
	for (int i = 0; i < 20000 && good; i++) {
		struct bytes message = heap_bytes(random_message(text, sizeof(text)));
		struct header h;

		arena_reset(work.arena);
		work.reached = 0;
		header_index(&work, &h, message);
		good = CHECK_MSG(feeds_alike(message, &h, 1) && feeds_alike(message, &h, 1 + chance(40)),
		                 "round %d: chunks differ", i) &&
		       CHECK_MSG(well_formed(&h, message), "round %d: fields overlap", i);
		heap_free(message);
	}
	tap_end();
}

static const struct {
	const char *piece;
	size_t n;
} floods[] = {
	{ M("\x01\x80") }, { M("From:\0") }, { M("\0From:\r ") }, { M(" ") }, { M("f") }, { M("\r") }, { M("\n") },
	{ M("\r\n ") }, { M("A: b\n") }, { M("F\x80\x01") }, { M("A:\r\n") }, { M(":") }, { M("From\n :") },
};

/* Work that grows with the square would take minutes here. */
static void test_floods(void)
{
	const size_t size = 1 << 20;
	uint8_t *text = malloc(size);
	struct header h;

	for (size_t i = 0; i < ARRAY_LEN(floods); i++) {
		int64_t start = tap_cpu_ms();

		tap_begin("a header of a million bytes, %zu", i);
		work.reached = 0;
		for (size_t at = 0; at < size; at++)
			text[at] = (uint8_t)floods[i].piece[at % floods[i].n];
		memcpy(text, "X: y\r\n", 6);
		arena_reset(work.arena);
		header_index(&work, &h, (struct bytes){ text, size });
		CHECK(feeds_alike((struct bytes){ text, size }, &h, 4096));
		h = (struct header){ 0 };
		header_add(&work, &h, B("X"), (struct bytes){ text, size / 2 });
		CHECK_MSG(tap_cpu_ms() - start < 10000, "took %lld ms", (long long)(tap_cpu_ms() - start));
		tap_end();
	}
	free(text);
}

/* Each of a header's ways in, with the arena's memory running out somewhere. */
static void test_memory(void)
{
	uint8_t text[16 * 1024];
	struct bytes message = { text, sizeof(text) };

	for (size_t i = 0; i < sizeof(text); i += 8)
		memcpy(text + i, "To:\001\nx\r\n", 8);
	tap_begin("every allocation may fail");
	for (long n = 0; n < 12; n++) {
		struct header h = { 0 };
		struct arena *a;

		mem_fail_after(-1, false);
		a = arena_new(1 << 20);
		work.arena = a;
		mem_fail_after(n, true);
		header_index(&work, &h, message);
		feed(&h, message, 700);
		h = (struct header){ 0 };
		for (size_t i = 0; i < 50; i++)
			header_add(&work, &h, B("From"), (struct bytes){ text, 300 });
		header_end(&work, &h);
		(void)field_unfold(a, B("a\r\n b"));
		CHECK(n > 0 || arena_failed(a));
		mem_fail_after(-1, false);
		arena_free(a);
	}
	tap_end();
}

int main(void)
{
	limits_init(&limits);
	work = (struct work){ .arena = arena_new(1 << 26), .limits = &limits };
	test_cases();
	test_add();
	test_lookup();
	test_unfold();
	test_limits();
	test_random();
	test_floods();
	arena_free(work.arena);
	test_memory();
	return tap_done();
}
