#include "base/mem.h"
#include "mail/address.h"
#include "tap.h"

#define M(lit) lit, sizeof(lit) - 1

/* Each From value: what the author comes out as. Candidates are written
 * "local@domain" each ended by a blank, or "name|local@domain " where there is a display
 * name; defects as "name@offset" within the value. */
static const struct {
	const char *name, *value;
	size_t n;
	const char *candidates, *defects;
} cases[] = {
	{ "a bare address", M(" a@b.example"), "a@b.example ", "" },
	{ "no blank", M("a@b.example"), "a@b.example ", "" },
	{ "tabs", M("\ta@b.example\t"), "a@b.example ", "" },
	{ "brackets", M(" <a@b.example>"), "a@b.example ", "" },
	{ "a name", M(" A Person <a@b.example>"), "A Person|a@b.example ", "" },
	{ "no blank before the bracket", M("A<a@b.example>"), "A|a@b.example ", "" },
	{ "a quoted name", M(" \"Person, A\" <a@b.example>"), "Person, A|a@b.example ", "" },
	{ "quoted pairs in a name", M("\"A \\\"B\\\" \\\\C\" <a@b.example>"),
	  "A \"B\" \\C|a@b.example ", "" },
	{ "words and quotes", M(" A  \"B  C\"\tD. E <a@b.example>"), "A B  C D. E|a@b.example ", "" },
	{ "folds", M(" \"A\r\n B\"\r\n\t<a@b.example>\r\n "), "A B|a@b.example ", "" },
	{ "folds of LF", M(" A\n <a@b.example>"), "A|a@b.example ", "" },
	{ "blanks within the brackets", M(" < a@b.example\t>"), "a@b.example ", "" },
	{ "an initial with a dot", M("John Q. Public <a@b.example>"), "John Q. Public|a@b.example ",
	  "" },
	{ "8-bit bytes in a name", M("J\xf6rg <a@b.example>"), "J\xf6rg|a@b.example ", "" },
	{ "a comma in an encoded word that should be encoded too",
	  M("=?utf-8?Q?Doe,_J?= <a@b.example>"), "=?utf-8?Q?Doe@ _J?=|a@b.example ",
	  "from_no_domain@0 several_mailboxes@20" },
	{ "an encoded word for a name", M("=?utf-8?Q?J=2C_D?=\r\n =?utf-8?Q?_X?= <a@b.example>"),
	  "=?utf-8?Q?J=2C_D?= =?utf-8?Q?_X?=|a@b.example ", "" },
	{ "upper case in the domain", M("A@B.Example"), "A@b.example ", "" },
	{ "a local part of all atext", M("!#$%&'*+-/=?^_`{|}~@b.example"),
	  "!#$%&'*+-/=?^_`{|}~@b.example ", "" },
	{ "a quoted local part", M("<\"a b\"@c.example>"), "a b@c.example ", "" },
	{ "a quoted local part with a pair", M("\"a\\\"b\"@c.example"), "a\"b@c.example ", "" },
	{ "a local part in UTF-8", M("<j\xc3\xb6rg@b.example>"), "j\xc3\xb6rg@b.example ", "" },
	{ "an international domain", M("a@b\xc3\xbc" "cher.example"), "a@xn--bcher-kva.example ", "" },
	{ "a domain of one label", M("a@localhost"), "a@localhost ", "" },

	{ "a comment behind", M(" a@b.example (A Person)"), "A Person|a@b.example ",
	  "from_comment@13" },
	{ "a comment behind the brackets", M("A <a@b.example> (x (y) \\) z)"), "A|a@b.example ",
	  "from_comment@16" },
	{ "a comment before", M("(x) a@b.example"), "x|a@b.example ", "from_comment@0" },
	{ "a comment in the name", M("A (x) B <a@b.example>"), "A B|a@b.example ", "from_comment@2" },
	{ "a comment in the brackets: some readers would stop there", M("<a@b.example(.x.example)>"),
	  "a@b.example ", "from_malformed@0 from_comment@12" },
	{ "an address in the comment", M("a@b.example (c@d.example)"), "c@d.example|a@b.example ",
	  "from_address_in_name@0 from_comment@12" },

	{ "an address in the name", M("\"ceo@c.example\" <a@b.example>"), "ceo@c.example|a@b.example ",
	  "from_address_in_name@17" },
	{ "an address in the name, encoded", M("=?utf-8?B?Y2VvQGMuZXhhbXBsZQ==?= <a@b.example>"),
	  "=?utf-8?B?Y2VvQGMuZXhhbXBsZQ==?=|a@b.example ", "from_address_in_name@34" },
	{ "its own address in the name", M("\"a@b.example\" <a@b.example>"),
	  "a@b.example|a@b.example ", "" },
	{ "an address of a domain above in the name", M("\"x@b.example\" <a@mail.b.example>"),
	  "x@b.example|a@mail.b.example ", "" },
	{ "no address in the name", M("\"me @ home\" <a@b.example>"), "me @ home|a@b.example ", "" },
	{ "its own address without quotes", M("a@b.example <a@b.example>"), "a@b.example|a@b.example ",
	  "from_name_unquoted@0" },
	{ "its own address and a word", M("My a@b.example X <a@b.example>"),
	  "My a@b.example X|a@b.example ",
	  "from_name_unquoted@0" },
	{ "another address without quotes", M("c@d.example <a@b.example>"),
	  "c@d.example c@d.example|a@b.example ",
	  "from_malformed@0 from_address_in_name@13" },
	{ "brackets in the name", M("[list] A <a@b.example>"), "[list] A|a@b.example ",
	  "from_name_unquoted@0" },
	{ "an address in brackets in the name", M("[c@d.example] <a@b.example>"),
	  "c@d.example [c@d.example]|a@b.example ", "from_malformed@0 from_address_in_name@15" },

	{ "dots where none belong", M("a..b@c.example"), "a..b@c.example ", "from_dots@1" },
	{ "a dot at the start", M("<.a@c.example>"), ".a@c.example ", "from_dots@1" },
	{ "a dot at the end of the local part", M("a.@c.example"), "a.@c.example ", "from_dots@1" },
	{ "a dot at the end of the domain", M("a@c.example."), "a@c.example ", "from_dots@11" },

	{ "nothing", M(""), "", "from_empty@0" },
	{ "only white space", M(" \r\n "), "", "from_empty@0" },
	{ "only a comment", M(" (a@b.example)"), "a@b.example ", "from_empty@0 from_comment@1" },
	{ "empty brackets", M("A <>"), "", "from_empty@2" },
	{ "an empty group", M("undisclosed:;"), "", "from_group@0" },
	{ "a group", M("A: a@b.example;"), "a@b.example ", "from_group@0" },
	{ "a group of two", M("A: a@b.example, <c@d.example>;"), "a@b.example c@d.example ",
	  "from_group@0 several_mailboxes@17" },
	{ "a group without end", M("A: a@b.example"), "a@b.example ",
	  "from_group@0 from_unbalanced@14" },
	{ "a group in a group", M("A: B: a@b.example;;"), "a@b.example ",
	  "from_group@0 from_malformed@4" },
	{ "text behind a group", M("A:a@b.example; x"), "a@b.example x@ ", 
	  "from_group@0 several_mailboxes@15 from_after_address@15 from_no_domain@15" },
	{ "two mailboxes", M("a@b.example, C <c@d.example>"), "a@b.example C|c@d.example ",
	  "several_mailboxes@16" },
	{ "twice the same", M("a@b.example,a@B.example"), "a@b.example ", "several_mailboxes@12" },
	{ "a comma too many", M("a@b.example,"), "a@b.example ", "from_malformed@11" },
	{ "a comma first", M(",a@b.example"), "a@b.example ", "from_malformed@0" },
	{ "two commas", M("a@b.example,,c@d.example"), "a@b.example c@d.example ",
	  "from_malformed@11 several_mailboxes@13" },
	{ "a semicolon", M("a@b.example;"), "a@b.example ", "from_malformed@11" },
	{ "a name with a comma", M("Doe, J <a@b.example>"), "Doe@ J|a@b.example ",
	  "from_no_domain@0 several_mailboxes@8" },

	{ "no domain", M("root"), "root@ ", "from_no_domain@0" },
	{ "no domain, in brackets", M("A <root>"), "A|root@ ", "from_no_domain@3" },
	{ "a name alone", M("A Person"), "", "from_malformed@0" },
	{ "an address literal", M("<a@[192.0.2.1]>"), "a@ ", "from_no_domain@3" },
	{ "nothing behind the at", M("<a@>"), "a@ ", "from_no_domain@3" },
	{ "nothing before the at", M("<@b.example>"), "@b.example ", "from_malformed@1" },
	{ "nothing before the at, no brackets", M("@b.example"), "@b.example ", "from_malformed@0" },
	{ "a bad domain", M("a@b_-.example"), "a@ ", "from_bad_domain@2" },
	{ "an empty label", M("a@b..example"), "a@ ", "from_bad_domain@4" },
	{ "an underscore", M("a@b_c.example"), "a@b_c.example ", "" },
	{ "a byte that no domain has", M("<a@b!c.example>"), "a@ a@b ", "from_bad_domain@4" },
	{ "two at signs", M("<a@b@c.example>"), "a@b @c.example ", "from_malformed@4" },
	{ "two at signs, no brackets", M("a@b@c.example"), "a@b @c.example ", "from_after_address@3" },
	{ "a blank before the at", M("a @b.example"), "a@b.example @b.example ", "from_malformed@2" },
	{ "a blank behind the at", M("<a@ b.example>"), "a@b.example ", "from_malformed@4" },
	{ "a blank in the domain: some readers would stop there", M("<a@b.example .c.example>"),
	  "a@b.example.c.example a@b.example ", "from_malformed@13" },
	{ "a fold in the domain", M("<a@b.example.\r\n c.example>"),
	  "a@b.example.c.example a@b.example ",
	  "from_malformed@16" },
	{ "a comment in the domain", M("a@b.example.(x)c.example"),
	  "x|a@b.example.c.example a@b.example ",
	  "from_comment@12 from_malformed@15" },
	{ "two words in brackets", M("<a b@c.example>"), "b@c.example ", "from_malformed@1" },
	{ "two addresses in brackets", M("<a@b.example, c@d.example>"), "a@b.example c@d.example ",
	  "from_malformed@12" },
	{ "brackets in brackets", M("<<a@b.example>>"), "a@b.example ",
	  "from_malformed@0 from_after_address@14" },
	{ "a word before an address", M("A a@b.example"), "a@b.example ", "from_malformed@0" },
	{ "a word behind an address", M("a@b.example A"), "a@b.example ", "from_after_address@12" },
	{ "an address in quotes for a local part", M("\"c@d.example\"@b.example"),
	  "c@d.example@b.example c@d.example @b.example ",
	  "from_malformed@0" },
	{ "quotes in the midst of a local part", M("a\"b\"@c.example"),
	  "a\"b\"@c.example b@c.example ", "from_malformed@0" },
	{ "two quoted strings", M("\"a\".\"b\"@c.example"), "\"a\".\"b\"@c.example b@c.example ",
	  "from_malformed@0" },
	{ "a route", M("<@c.example,@d.example:a@b.example>"), "@c.example @d.example a@b.example ",
	  "from_route@1" },

	{ "text behind the brackets", M("<any@t.example>admin@l.example"),
	  "any@t.example admin@l.example ",
	  "from_after_address@15" },
	{ "text behind the brackets, with a blank", M("A <any@t.example> admin"),
	  "A|any@t.example ", "from_after_address@18" },
	{ "a backslash outside quotes", M("<admin@l.example>\\,<second@t.example>"),
	  "admin@l.example second@t.example ", "from_backslash@17 several_mailboxes@20" },
	{ "a backslash in the name", M("A\\B <a@b.example>"), "A\\B|a@b.example ", "from_backslash@1" },
	{ "an encoded word and a second address",
	  M("=?utf-8?B?PGFkbWluQGwuZXhhbXBsZT4=?=,<second@t.example>"),
	  "second@t.example ", "from_encoded_address@0" },
	{ "an encoded word in plain sight", M("=?utf-8?Q?<admin@l.example>?=,<second@t.example>"),
	  "=?utf-8?Q?|admin@l.example second@t.example ",
	  "from_after_address@27 several_mailboxes@31" },
	{ "an encoded word for the address", M("<=?utf-8?Q?admin=40l.example?=>"), "",
	  "from_encoded_address@1" },
	{ "an encoded word for the local part", M("<=?utf-8?Q?admin?=@t.example>"),
	  "=?utf-8?Q?admin?=@t.example ",
	  "from_encoded_address@1" },
	{ "an encoded word in quotes for the local part", M("\"=?utf-8?Q?admin?=\"@t.example"),
	  "=?utf-8?Q?admin?=@t.example ", "from_encoded_address@0" },
	{ "an encoded word for the domain", M("a@=?utf-8?Q?l.example?="), "a@ ",
	  "from_encoded_address@2" },

	{ "a quote without end", M("\"A <a@b.example>"), "a@b.example ",
	  "from_malformed@0 from_unbalanced@0" },
	{ "a bracket without end", M("A <a@b.example"), "A|a@b.example ", "from_unbalanced@2" },
	{ "a comment without end", M("any@l.example(a.t.example"), "a.t.example|any@l.example ",
	  "from_unbalanced@13 from_comment@13" },
	{ "a closing bracket alone", M("a@b.example>"), "a@b.example ", "from_after_address@11" },
	{ "a closing bracket first", M("> a@b.example"), "a@b.example ",
	  "from_after_address@0 from_unbalanced@0" },
	{ "a closing parenthesis alone", M("a@b.example )"), "a@b.example ", "from_unbalanced@12" },
	{ "a square bracket without end", M("[A <a@b.example>"), "a@b.example ",
	  "from_malformed@0 from_unbalanced@0" },

	{ "NUL behind the address", M("a@b.example\0.c.example"), "a@b.example.c.example a@b.example ",
	  "from_control@11 from_malformed@12" },
	{ "NUL in a name", M("A\0B <a@b.example>"), "AB|a@b.example ", "from_control@1" },
	{ "a control byte in quotes", M("\"A\001\" <a@b.example>"), "A\001|a@b.example ",
	  "from_control@0" },
	{ "a lone CR", M("a@b.example\r <c@d.example>"), "a@b.example a@b.example|c@d.example ",
	  "from_malformed@0 from_control@11 from_address_in_name@14" },
	{ "bytes that are not UTF-8 in the local part", M("<\xff" "a@b.example>"),
	  "\xff" "a@b.example ", "from_bad_utf8@1" },
	{ "bytes that are not UTF-8 in the domain", M("<a@b\xff.example>"), "a@ a@b ",
	  "from_bad_domain@3 from_bad_utf8@4" },
	{ "right-to-left override in the domain", M("<a@b.\xe2\x80\xae" "example>"), "a@ a@b ",
	  "from_bad_domain@3 from_hidden_characters@5" },
	{ "zero width in the domain", M("<a@exam\xe2\x80\x8bple.example>"), "a@example.example ",
	  "from_hidden_characters@7" },
	{ "zero width in the local part", M("<a\xe2\x80\x8b@b.example>"),
	  "a\xe2\x80\x8b@b.example ", "from_hidden_characters@2" },
	{ "an ideographic full stop", M("<a@b\xe3\x80\x82" "example>"), "a@b.example ",
	  "from_hidden_characters@4" },
};

/* --- what an author is, as text ---------------------------------------------- */

struct dump {
	char text[8192];
	size_t n;
};

static void put(struct dump *d, struct bytes b)
{
	for (size_t i = 0; i < b.n && d->n + 1 < sizeof(d->text); i++)
		d->text[d->n++] = b.p[i] ? (char)b.p[i] : '0';
	d->text[d->n] = 0;
}

static void dump_author(const struct author *author, struct dump *d)
{
	*d = (struct dump){ 0 };
	for (size_t i = 0; i < author->n; i++) {
		const struct mailbox *m = &author->candidates[i];
		put(d, m->display_name);
		if (m->display_name.n)
			put(d, B("|"));
		put(d, m->local);
		put(d, B("@"));
		put(d, m->domain.text);
		put(d, B(" "));
	}
}

static int by_offset(const void *a, const void *b)
{
	const struct defect *x = a, *y = b;

	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	return x->kind < y->kind ? -1 : x->kind > y->kind;
}

/* Those that author_read found: the ones of the header alone are left out. */
static void dump_defects(struct defects *defects, size_t base, struct dump *d)
{
	char one[128];

	*d = (struct dump){ 0 };
	if (defects->n)
		qsort(defects->list, defects->n, sizeof(*defects->list), by_offset);
	for (size_t i = 0; i < defects->n; i++) {
		struct defect x = defects->list[i];
		if (x.kind < DEFECT_HIDDEN_FROM)
			continue;
		snprintf(one, sizeof(one), "%s%s@%zu", d->n ? " " : "", defect_rows[x.kind].name, x.offset - base);
		put(d, bytes_of(one));
	}
}

static struct limits limits;
static struct work work;

static void test_cases(void)
{
	struct dump d;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes value = heap_bytes((struct bytes){ (const uint8_t *)cases[i].value, cases[i].n });
		struct header h = { 0 };
		struct author author;

		arena_reset(work.arena);
		tap_begin("%s", cases[i].name);
		header_add(&work, &h, B("From"), value);
		header_end(&work, &h);
		author_read(&work, &h, &author);
		dump_author(&author, &d);
		CHECK_BYTES(bytes_of(d.text), cases[i].candidates);
		dump_defects(&h.defects, 5, &d);
		CHECK_BYTES(bytes_of(d.text), cases[i].defects);
		CHECK(author.ambiguous == (defects_ambiguous(&h.defects) || author.n != 1));
		tap_end();
		heap_free(value);
	}
}

/* --- whole headers ----------------------------------------------------------- */

static const struct {
	const char *name, *message;
	size_t n;
	const char *candidates, *defects; /* offsets from the start of the message */
} headers[] = {
	{ "no From", M("To: a@b.example\r\n\r\n"), "", "no_from@0" },
	{ "Sender and Resent-From are no From",
	  M("Sender: a@b.example\r\nResent-From: c@d.example\r\n\r\n"), "",
	  "no_from@0" },
	{ "two From fields", M("From: c@d.example\r\nX: y\r\nfrom : <a@b.example>\r\n\r\n"),
	  "c@d.example a@b.example ",
	  "several_from@25" },
	{ "two From fields of one address", M("From: a@b.example\r\nFrom: A <a@b.example>\r\n\r\n"),
	  "a@b.example ",
	  "several_from@19" },
	{ "two From fields, one of two", M("From: a@b.example\nFrom: c@d.example, e@f.example\n\n"),
	  "a@b.example c@d.example e@f.example ", "several_from@18 several_mailboxes@37" },
	{ "a From field and a hidden one before it",
	  M("X: y\r\nZ: z\rFrom: A <c@d.example>\r\nFrom: a@b.example\r\n\r\n"),
	  "A|c@d.example a@b.example ", "hidden_from@11" },
	{ "only a hidden From", M("X: y\r\nZ: z\nFrom: c@d.example\r\n\r\n"), "c@d.example ",
	  "no_from@0 hidden_from@11" },
	{ "a leading blank", M(" From: <a@t.example>\r\nFrom: <b@l.example>\r\n\r\n"),
	  "a@t.example b@l.example ",
	  "hidden_from@1" },
	{ "a line that is no field makes the one author doubtful",
	  M("From: a@b.example\r\nfoo\r\n\r\n"), "a@b.example ", "" },
	{ "so does a fold before its colon", M("From\r\n : a@b.example\r\n\r\n"), "a@b.example ",
	  "hidden_from@0" },
	{ "a blank before the colon does not", M("From : a@b.example\r\n\r\n"), "a@b.example ", "" },
};

static void test_headers(void)
{
	struct dump d;

	for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
		struct bytes message = heap_bytes((struct bytes){ (const uint8_t *)headers[i].message, headers[i].n });
		struct header h;
		struct author author;

		arena_reset(work.arena);
		tap_begin("%s", headers[i].name);
		header_index(&work, &h, message);
		author_read(&work, &h, &author);
		dump_author(&author, &d);
		CHECK_BYTES(bytes_of(d.text), headers[i].candidates);
		dump_defects(&h.defects, 0, &d);
		CHECK_BYTES(bytes_of(d.text), headers[i].defects);
		CHECK(author.ambiguous == (defects_ambiguous(&h.defects) || author.n != 1));
		for (size_t k = 0; k < author.n; k++) /* the offset is that of the address */
			CHECK(bytes_same(bytes_sub(message, author.candidates[k].offset, author.candidates[k].local.n),
			                 author.candidates[k].local));
		tap_end();
		heap_free(message);
	}
	tap_begin("ambiguous is what the table of defects says");
	struct header h;
	struct author author;
	header_index(&work, &h, B("From: a@b.example\r\nfoo\r\n\r\n"));
	author_read(&work, &h, &author);
	CHECK(author.ambiguous && author.n == 1);
	header_index(&work, &h, B("From : A \xff (x) <a@b.example>\r\nTo: a\r\nTo: b\r\n\r\n"));
	author_read(&work, &h, &author);
	CHECK(!author.ambiguous && author.n == 1 && h.defects.n == 4);
	tap_end();
}

/* --- other lists -------------------------------------------------------------- */

static const struct {
	const char *value, *want;
} lists[] = {
	{ "a@b.example, C D <c@d.example>", "a@b.example C D|c@d.example " },
	{ "undisclosed-recipients:;", "" },
	{ "G: a@b.example, c@d.example; e@f.example", "a@b.example c@d.example e@f.example " },
	{ "root, a@, b@[192.0.2.1], <>, ,, c@d.example", "c@d.example " },
	{ "\"Doe, J\" <a@b.example>,\r\n <c@d.example>(x)", "Doe, J|a@b.example c@d.example " },
	{ "a@b.example, a@b.example", "a@b.example a@b.example " },
	{ "<a@b.example> junk, c@d.example", "a@b.example c@d.example " },
	{ "\"a@b.example, c@d.example", "" },
	{ "a@1.example,a@2.example,a@3.example,a@4.example,a@5.example",
	  "a@1.example a@2.example a@3.example a@4.example " },
	{ "", "" },
};

static void test_lists(void)
{
	struct dump d;

	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		struct bytes value = heap_copy(lists[i].value);
		struct author list = { 0 };

		tap_begin("list: %s", lists[i].value);
		list.n = address_list_read(&work, value, 4, &list.candidates);
		dump_author(&list, &d);
		CHECK_BYTES(bytes_of(d.text), lists[i].want);
		tap_end();
		heap_free(value);
	}
}

/* --- limits, floods, memory ---------------------------------------------------- */

static void read_from(struct bytes value, struct header *h, struct author *author)
{
	*h = (struct header){ 0 };
	header_add(&work, h, B("From"), value);
	header_end(&work, h);
	author_read(&work, h, author);
}

static void test_limit(void)
{
	char text[2000];
	size_t n = 0;
	struct header h;
	struct author author;

	tap_begin("more mailboxes than the cap");
	for (int i = 0; i < 40; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "a@%d.example,", i);
	work.reached = 0;
	read_from((struct bytes){ (uint8_t *)text, n - 1 }, &h, &author);
	CHECK(author.n == 16 && author.ambiguous && defects_have(&h.defects, DEFECT_SEVERAL_MAILBOXES));
	CHECK(work.reached == UINT64_C(1) << LIMIT_FROM_MAILBOXES);
	CHECK_BYTES(author.candidates[15].domain.text, "15.example");
	work.reached = 0;
	read_from((struct bytes){ (uint8_t *)text, (size_t)(strstr(text, ",a@16") - text) }, &h, &author);
	CHECK(author.n == 16 && author.ambiguous && work.reached == 0);
	tap_end();
	tap_begin("a cap of one");
	limits.v[LIMIT_FROM_MAILBOXES] = 1;
	read_from(B("a@b.example"), &h, &author);
	CHECK(author.n == 1 && !author.ambiguous);
	read_from(B("a@b.example, c@d.example"), &h, &author);
	CHECK(author.n == 1 && author.ambiguous);
	limits_init(&limits);
	tap_end();
}

static const struct {
	const char *piece;
	size_t n;
} floods[] = {
	{ M("a@b.example,") }, { M("a,") }, { M("@") }, { M("\"@") }, { M("a\"@") }, { M("(") }, { M("()") }, { M("\"") },
	{ M("[") }, { M("<") }, { M("<>,") }, { M("a@\xc3\xa9,") }, { M("\xc3\xa9@") }, { M(".") }, { M("a ") }, { M("\\") },
	{ M("=?a?q?") }, { M("=?a?q?\?=") }, { M("@ ") }, { M(" ") }, { M("a:") }, { M(";") }, { M("a") }, { M("\xff") },
	{ M("a@b.example ") }, { M("\nFrom:") }, { M("\0From:@") },
};

/* Work that grows with the square would take minutes here, and memory must do. */
static void test_floods(void)
{
	static const char *const leads[] = { "", "<a@b.example> ", "\"x\" <", "\"" };
	const size_t size = 1000000;
	uint8_t *text = malloc(size);

	for (size_t i = 0; i < ARRAY_LEN(floods); i++) {
		int64_t start = tap_cpu_ms();

		tap_begin("a From of a million bytes, %zu", i);
		for (size_t k = 0; k < ARRAY_LEN(leads); k++) {
			struct arena *old = work.arena;
			struct header h;
			struct author author;
			struct mailbox *list;

			work.arena = arena_new(limits.v[LIMIT_ARENA_BYTES]);
			for (size_t at = 0; at < size; at++)
				text[at] = (uint8_t)floods[i].piece[at % floods[i].n];
			memcpy(text, leads[k], strlen(leads[k]));
			read_from((struct bytes){ text, size }, &h, &author);
			CHECK(author.n <= 16);
			address_list_read(&work, (struct bytes){ text, size }, 100, &list);
			CHECK(!arena_failed(work.arena));
			arena_free(work.arena);
			work.arena = old;
		}
		CHECK_MSG(tap_cpu_ms() - start < 20000, "took %lld ms", (long long)(tap_cpu_ms() - start));
		tap_end();
	}
	free(text);
}

static void test_memory(void)
{
	tap_begin("every allocation may fail");
	for (size_t cap = 64; cap < 60000; cap += cap / 8 + 64) {
		struct header h;
		struct author author;
		struct mailbox *list = NULL;

		work.arena = arena_new(cap);
		read_from(B("=?utf-8?q?x=40y?= \"z\" <a@b\xc3\xa9.example>, c@d.example (x), \"e\"@f.example <g>"), &h, &author);
		CHECK(author.ambiguous);
		(void)address_list_read(&work, B("a@b.example, c@d\xc3\xa9.example"), 50, &list);
		(void)display_name_decode(work.arena, B("=?utf-8?q?x=40y?="));
		arena_free(work.arena);
	}
	for (long n = 0; n < 4; n++) {
		struct header h;
		struct author author;

		mem_fail_after(n, true);
		work.arena = arena_new(1 << 20);
		if (work.arena) {
			read_from(B("A <a@b.example>"), &h, &author);
			CHECK(author.ambiguous == arena_failed(work.arena));
		}
		mem_fail_after(-1, false);
		arena_free(work.arena);
	}
	tap_end();
}

int main(void)
{
	limits_init(&limits);
	work = (struct work){ .arena = arena_new(1 << 26), .limits = &limits };
	test_cases();
	test_headers();
	test_lists();
	test_limit();
	test_floods();
	arena_free(work.arena);
	test_memory();
	return tap_done();
}
