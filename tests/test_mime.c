/* Which parts a message has, where they stand, what is in them; and that nothing which a stranger
 * can write costs more than time in proportion to its length. */
#include "base/buf.h"
#include "base/mem.h"
#include "mime/mime.h"
#include "tap.h"

static struct limits limits;
static struct work work;

/* "type@depth[flags]=raw" of each part, separated by blanks; flags: "c" container, "u" undeclared.
 * Line ends of raw are shown as "/". */
static struct bytes describe(const struct mime *m)
{
	static char to[8192];
	size_t n = 0;

	to[0] = '\0';
	for (size_t i = 0; i < m->n; i++) {
		const struct mime_part *p = &m->parts[i];
		n += (size_t)snprintf(to + n, sizeof(to) - n, "%s%.*s@%u%s%s", i ? " " : "", BYTES_ARG(p->type), p->depth,
		                      p->container ? "c" : "", p->declared ? "" : "u");
		if (!p->container)
			n += (size_t)snprintf(to + n, sizeof(to) - n, "=%.*s", BYTES_ARG(p->raw));
	}
	for (size_t i = 0; i < n; i++)
		if (to[i] == '\n' || to[i] == '\r')
			to[i] = to[i] == '\n' ? '/' : '~';
	return (struct bytes){ (const uint8_t *)to, n };
}

static void check_slices(const struct mime *m, struct bytes message)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct mime_part *p = &m->parts[i];
		CHECK(p->header.p >= message.p && p->header.p + p->header.n <= p->raw.p);
		CHECK(p->raw.p + p->raw.n <= message.p + message.n);
		CHECK(i == 0 ? p->parent == MIME_NO_PART : p->parent < i && m->parts[p->parent].container);
		CHECK(i == 0 || p->depth == m->parts[p->parent].depth + 1);
	}
}

#define MIXED "Content-Type: multipart/mixed; boundary=b\n\n"

static const struct {
	const char *name, *message, *want;
} structures[] = {
	{ "no header at all", "", "text/plain@0u=" },
	{ "only a header", "Subject: x\n", "text/plain@0u=" },
	{ "no type", "Subject: x\n\nhello\n", "text/plain@0u=hello/" },
	{ "a type, upper case, blanks, CRLF", "Content-type : TEXT / Html\r\n\r\nhello\r\n", "text/html@0=hello~/" },
	{ "a type folded", "Content-Type:\n text/html;\n\tcharset=utf-8\n\nx", "text/html@0=x" },
	{ "a type that is none", "Content-Type: text\n\nx", "text/plain@0u=x" },
	{ "an empty type", "Content-Type:\n\nx", "text/plain@0u=x" },
	{ "two types: the first", "Content-Type: text/html\nContent-Type: text/plain\n\nx", "text/html@0=x" },
	{ "an mbox line in front", "From a@example.org Mon Nov 23 2026\nContent-Type: text/html\n\nx", "text/html@0=x" },
	{ "two parts, text before and after",
	  MIXED "before\n--b\n\none\n--b\nContent-Type: text/html\n\ntwo\n--b--\nafter\n",
	  "multipart/mixed@0c text/plain@1u=one text/html@1=two" },
	{ "the line end before a boundary belongs to it", MIXED "--b\r\n\r\none\r\n\r\n--b--\r\n",
	  "multipart/mixed@0c text/plain@1u=one~/" },
	{ "blanks behind a boundary", MIXED "--b \t\n\none\n--b-- \n", "multipart/mixed@0c text/plain@1u=one" },
	{ "no last boundary", MIXED "--b\n\none\n--b\n\ntwo\n", "multipart/mixed@0c text/plain@1u=one text/plain@1u=two/" },
	{ "no boundary in the text: not looked into", MIXED "one\n", "multipart/mixed@0=one/" },
	{ "no boundary declared: not looked into", "Content-Type: multipart/mixed\n\n--b\n\none\n", "multipart/mixed@0=--b//one/" },
	{ "a boundary in quotes", "Content-Type: multipart/mixed; boundary=\"b c\"\n\n--b c\n\none\n--b c--",
	  "multipart/mixed@0c text/plain@1u=one" },
	{ "a boundary like an encoded word",
	  "Content-Type: multipart/mixed; boundary=\"=?utf-8?q?b?=\"\n\n--=?utf-8?q?b?=\n\none\n--=?utf-8?q?b?=--",
	  "multipart/mixed@0c text/plain@1u=one" },
	{ "a longer line is no boundary", MIXED "--b\n\none\n--bb\n--b---\n--b--",
	  "multipart/mixed@0c text/plain@1u=one/--bb/--b---" },
	{ "a part without an empty line", MIXED "--b\nContent-Type: text/html\n--b\nno field\n\nx\n--b--",
	  "multipart/mixed@0c text/html@1= text/plain@1u=no field//x" },
	{ "a part without anything", MIXED "--b\n--b--\n", "multipart/mixed@0c text/plain@1u=" },
	{ "one in another",
	  MIXED "--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\none\n--c--\nx\n--b\n\ntwo\n--b--",
	  "multipart/mixed@0c multipart/alternative@1c text/plain@2u=one text/plain@1u=two" },
	{ "the inner one is not closed",
	  MIXED "--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\none\n--b\n\ntwo\n--b--",
	  "multipart/mixed@0c multipart/alternative@1c text/plain@2u=one text/plain@1u=two" },
	{ "the same boundary twice: the inner one",
	  MIXED "--b\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\none\n--b--\n--b\n\ntwo\n--b--\n",
	  "multipart/mixed@0c multipart/alternative@1c text/plain@2u=one text/plain@1u=two" },
	{ "a mail in a mail",
	  MIXED "--b\nContent-Type: message/rfc822\n\nSubject: x\nContent-Type: text/html\n\nhello\n--b--",
	  "multipart/mixed@0c message/rfc822@1c text/html@2=hello" },
	{ "a mail in a mail, with an mbox line",
	  "Content-Type: message/rfc822\n\n>From a@example.org Mon\nContent-Type: text/html\n\nhello",
	  "message/rfc822@0c text/html@1=hello" },
	{ "a mail with parts in a mail", "Content-Type: message/rfc822\n\n" MIXED "--b\n\none\n--b--\n",
	  "message/rfc822@0c multipart/mixed@1c text/plain@2u=one" },
	{ "an encoded mail is not looked into",
	  "Content-Type: message/rfc822\nContent-Transfer-Encoding: BASE64 (x)\n\neA==\n", "message/rfc822@0=eA==/" },
	{ "mails are what a digest holds",
	  "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\nhello\n--b--",
	  "multipart/digest@0c message/rfc822@1cu text/plain@2u=hello" },
	{ "a report",
	  "Content-Type: multipart/report; report-type=\"Delivery-Status\"; boundary=b\n\n--b\n\nfailed\n--b\n"
	  "Content-Type: message/delivery-status\n\nReporting-MTA: dns; a.example\n\nAction: failed\n\n--b\n"
	  "Content-Type: text/rfc822-headers\n\nSubject: x\n--b--\n",
	  "multipart/report@0c text/plain@1u=failed message/delivery-status@1=Reporting-MTA: dns; a.example//Action: failed/ "
	  "text/rfc822-headers@1=Subject: x" },
};

static void test_structures(void)
{
	for (size_t i = 0; i < ARRAY_LEN(structures); i++) {
		struct bytes message = heap_copy(structures[i].message);
		struct mime m;

		tap_begin("structure: %s", structures[i].name);
		arena_reset(work.arena);
		CHECK(mime_read(&work, message, &m) && !m.cut);
		CHECK_BYTES(describe(&m), structures[i].want);
		check_slices(&m, message);
		mime_end(&m);
		CHECK(m.n == 0);
		tap_end();
		heap_free(message);
	}
}

/* What the header of the only part says. */
static const struct {
	const char *name, *header, *charset, *disposition, *file, *encoding, *report;
} fields[] = {
	{ "nothing said", "Subject: x\n", "", "", "", "", "" },
	{ "charset in upper case and quotes", "Content-Type: text/plain; charset=\"ISO-8859-1\"\n", "iso-8859-1", "", "", "", "" },
	{ "a name with the type", "Content-Type: application/zip; name=a.zip\n", "", "", "a.zip", "", "" },
	{ "a name with the disposition goes first",
	  "Content-Disposition: Attachment;\n filename=\"b c.exe\"\nContent-Type: application/zip; name=a.zip\n",
	  "", "attachment", "b c.exe", "", "" },
	{ "a name in pieces (RFC 2231)",
	  "Content-Disposition: attachment; filename*0*=utf-8''%e2%82%ac; filename*1=.exe\n", "", "attachment",
	  "\xe2\x82\xac.exe", "", "" },
	{ "a name as an encoded word", "Content-Disposition: inline; filename=\"=?iso-8859-1?q?=e9=2Eexe?=\"\n", "", "inline",
	  "\xc3\xa9.exe", "", "" },
	{ "encoding in upper case, with a comment", "Content-Transfer-Encoding: Quoted-Printable (x)\n", "", "", "",
	  "quoted-printable", "" },
	{ "report-type in upper case", "Content-Type: multipart/report; report-type=\"Feedback-Report\"\n", "", "", "", "",
	  "feedback-report" },
};

static void test_fields(void)
{
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		struct bytes message = heap_copy(fields[i].header);
		struct mime m;

		tap_begin("fields: %s", fields[i].name);
		arena_reset(work.arena);
		CHECK(mime_read(&work, message, &m) && m.n == 1);
		CHECK_BYTES(m.parts[0].charset, fields[i].charset);
		CHECK_BYTES(m.parts[0].disposition, fields[i].disposition);
		CHECK_BYTES(m.parts[0].name, fields[i].file);
		CHECK_BYTES(m.parts[0].encoding, fields[i].encoding);
		CHECK_BYTES(m.parts[0].report_type, fields[i].report);
		CHECK(bytes_same(m.parts[0].header, message));
		tap_end();
		heap_free(message);
	}
}

#define TYPE(t, e) "Content-Type: " t "\nContent-Transfer-Encoding: " e "\n\n"

static const struct {
	const char *name, *message;
	size_t max;
	const char *want;
	bool cut, slice; /* slice: nothing was copied */
} contents[] = {
	{ "plain", "\nhello", 100, "hello", .slice = true },
	{ "plain, cut", "\nhello", 4, "hell", .cut = true, .slice = true },
	{ "plain, of exactly that length", "\nhello", 5, "hello", .slice = true },
	{ "nothing", "\n", 5, "" },
	{ "no room", "\nhello", 0, "", .cut = true },
	{ "8 bits of an unsaid charset", "\na\xe9z", 100, "a\xef\xbf\xbdz" },
	{ "UTF-8 that was not said", "\na\xc3\xa9z", 100, "a\xc3\xa9z", .slice = true },
	{ "no half characters", "\na\xc3\xa9z", 2, "a", .cut = true, .slice = true },
	{ "a character cut by the end", TYPE("text/plain; charset=utf-8", "8bit") "a\xc3", 100, "a\xef\xbf\xbd" },
	{ "something that is no text stays as it is", TYPE("application/x", "8bit") "a\xe9", 100, "a\xe9", .slice = true },
	{ "base64", TYPE("text/plain", "base64") "aGVs\nbG8=\n", 100, "hello" },
	{ "base64, cut", TYPE("text/plain", "base64") "aGVsbG8=", 3, "hel", .cut = true },
	{ "base64, no text", TYPE("application/x", "base64") "6emr", 100, "\xe9\xe9\xab" },
	{ "base64 that is none", TYPE("application/x", "base64") "!?", 100, "" },
	{ "quoted-printable", TYPE("text/plain", "quoted-printable") "a=3D=\nb =C3=A9", 100, "a=b \xc3\xa9" },
	{ "quoted-printable, wrong", TYPE("text/plain", "quoted-printable") "a=XYb", 100, "a=XYb" },
	{ "latin1", TYPE("text/plain; charset=iso-8859-1", "quoted-printable") "=E9", 100, "\xc3\xa9" },
	{ "windows-1251", TYPE("text/plain; charset=windows-1251", "8bit") "\xcf", 100, "\xd0\x9f" },
	{ "ISO-2022-JP", TYPE("text/plain; charset=iso-2022-jp", "7bit") "\x1b$B$\"\x1b(B!", 100, "\xe3\x81\x82!" },
	{ "Big5 with a wrong byte", TYPE("text/plain; charset=big5", "8bit") "\xa4\xa4\xff!", 100, "\xe4\xb8\xad\xef\xbf\xbd!" },
	{ "UTF-16, a half character at the end", TYPE("text/plain; charset=utf-16be", "base64") "AGEAYgA=", 100, "ab\xef\xbf\xbd" },
	{ "a charset of nowhere", TYPE("text/plain; charset=x-unheard-of", "8bit") "a\xc3\xa9\xe9", 100, "a\xc3\xa9\xef\xbf\xbd" },
	{ "a charset that is an order", TYPE("text/plain; charset=\"ascii//TRANSLIT\"", "8bit") "a", 100, "a" },
	{ "uuencode", TYPE("application/x", "x-uuencode") "begin 644 a\n%:&5L;&\\`\n`\nend\n", 100, "hello" },
	{ "an encoding of nowhere", TYPE("text/plain", "x-rot13") "uryyb", 100, "uryyb", .slice = true },
	{ "a container as it stands", TYPE("message/rfc822", "8bit") "Subject: x\n\ny", 100, "Subject: x\n\ny", .slice = true },
};

static void test_contents(void)
{
	for (size_t i = 0; i < ARRAY_LEN(contents); i++) {
		struct bytes message = heap_copy(contents[i].message);
		struct mime m;
		bool cut = !contents[i].cut;

		tap_begin("content: %s", contents[i].name);
		arena_reset(work.arena);
		CHECK(mime_read(&work, message, &m));
		struct bytes got = mime_content(&work, &m, 0, contents[i].max, &cut);
		CHECK_BYTES(got, contents[i].want);
		CHECK(cut == contents[i].cut && got.n <= contents[i].max);
		CHECK(!contents[i].slice || (got.p >= message.p && got.p + got.n <= message.p + message.n));
		tap_end();
		heap_free(message);
	}
}

static void test_octets(void)
{
	struct bytes message = heap_copy(TYPE("text/plain; charset=iso-8859-1", "quoted-printable") "=E9=80 a");
	struct mime m;
	bool cut = false;

	tap_begin("octets: decoded, not converted");
	arena_reset(work.arena);
	CHECK(mime_read(&work, message, &m));
	CHECK_BYTES(mime_octets(&work, &m, 0, 100, &cut), "\xe9\x80 a");
	CHECK(!cut);
	CHECK_BYTES(mime_octets(&work, &m, 0, 1, &cut), "\xe9");
	CHECK(cut);
	tap_end();
	heap_free(message);
}

/* However the pieces of the decoder fall: a character of each width, many times. */
static void test_pieces(void)
{
	static const struct {
		const char *charset;
		struct bytes unit;
		const char *want;
	} rows[] = {
		{ "utf-8", B("a\xe2\x82\xac"), "a\xe2\x82\xac" },
		{ "utf-16le", B("a\0\xac\x20\x3d\xd8\x00\xde"), "a\xe2\x82\xac\xf0\x9f\x98\x80" },
		{ "iso-2022-jp", B("\x1b$B$\"\x1b(B!"), "\xe3\x81\x82!" },
		{ "gb18030", B("a\xd6\xd0\x94\x39\xda\x33"), "a\xe4\xb8\xad\xf0\x9f\x92\xa9" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf b;
		struct mime m;
		bool cut = true, same = true;

		tap_begin("content: %s in pieces", rows[i].charset);
		arena_reset(work.arena);
		buf_init(&b, 1u << 20);
		buf_addf(&b, "Content-Type: text/plain; charset=%s\n\n", rows[i].charset);
		for (size_t n = 0; n < 5000; n++)
			buf_add(&b, rows[i].unit);
		struct bytes message = heap_bytes(buf_bytes(&b)), want = bytes_of(rows[i].want);
		CHECK(mime_read(&work, message, &m));
		struct bytes got = mime_content(&work, &m, 0, SIZE_MAX, &cut);
		CHECK(!cut && got.n == 5000 * want.n);
		for (size_t at = 0; at < got.n && same; at += want.n)
			same = CHECK(bytes_same(bytes_sub(got, at, want.n), want));
		got = mime_content(&work, &m, 0, 7777, &cut);
		CHECK(cut && got.n <= 7777 && got.n > 7773);
		tap_end();
		buf_free(&b);
		heap_free(message);
	}
}

static const struct {
	const char *name, *value, *want;
} words[] = {
	{ "nothing", "", "" },
	{ "no words", " hello", "hello" },
	{ "a fold", " hello\r\n\tthere\n you", "hello\tthere you" },
	{ "Q", "=?utf-8?q?a_=C3=A9?= b", "a \xc3\xa9 b" },
	{ "padding between neighbours", "=?utf-8?b?YQ==?=\n =?UTF-8?B?Yg==?= c", "ab c" },
	{ "a character cut between words", "=?utf-8?b?4oI=?= =?utf-8?q?=AC?=", "\xe2\x82\xac" },
	{ "two charsets", "=?iso-8859-1?q?=E9?= =?utf-8?q?=C3=A9?=", "\xc3\xa9\xc3\xa9" },
	{ "a charset of states", "=?iso-2022-jp?b?GyRCJCIbKEI=?= =?iso-2022-jp?b?GyRCJCIbKEI=?=", "\xe3\x81\x82\xe3\x81\x82" },
	{ "Cyrillic", "=?koi8-r?b?zw==?=", "\xd0\xbe" },
	{ "in the middle of a word", "a=?utf-8?q?b?=c", "abc" },
	{ "half a word", "=?utf-8?q?abc", "=?utf-8?q?abc" },
	{ "wrong bytes", "\xe9 =?utf-8?q?=E9?=", "\xef\xbf\xbd \xef\xbf\xbd" },
	{ "a charset of nowhere", "=?x-unheard-of?q?a?=", "a" },
};

static void test_words(void)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		struct bytes value = heap_copy(words[i].value);

		tap_begin("words: %s", words[i].name);
		arena_reset(work.arena);
		CHECK_BYTES(mime_words(work.arena, value), words[i].want);
		tap_end();
		heap_free(value);
	}
}

/* --- large and hostile ---------------------------------------------------- */

static const struct {
	const char *name, *head, *unit; /* unit: may hold %u, twice: its number */
	unsigned times;
	size_t parts; /* 0: not more than the limit */
	bool cut;
} hostile[] = {
	{ "multiparts, 200 deep", "", "Content-Type: multipart/mixed; boundary=b%u\n\n--b%u\n", 200, 50, true },
	{ "20,000 mails in mails", "", "Content-Type: message/rfc822\n\n", 20000, 50, true },
	{ "100,000 parts", MIXED, "--b\n\nx\n", 100000, 2000, true },
	{ "100,000 empty mails in a digest", "Content-Type: multipart/digest; boundary=b\n\n", "--b\n\n\n\n", 100000, 2000, true },
	{ "10,000 fields", "", "X-%u: x\n", 10000, 1, false },
	{ "10,000 types", "", "Content-Type: text/plain; x=%u\n", 10000, 1, false },
	{ "100,000 parameters", "Content-Type: text/plain", ";\n a%u=%u", 100000, 1, false },
	{ "100,000 pieces of a name", "Content-Type: text/plain", ";\n name*%u=%u", 100000, 1, false },
	{ "megabytes of one boundary", MIXED, "--b--\n", 500000, 1, false },
	{ "megabytes of two dashes", MIXED "--b\n", "--\n", 1000000, 2, false },
	{ "megabytes of line ends", MIXED "--b\n\n", "\n", 3000000, 2, false },
	{ "a line of megabytes of dashes", MIXED "--b\n\n", "--", 1000000, 2, false },
	{ "a fold of megabytes", "Content-Type: multipart/mixed;\n", " \n", 1000000, 1, false },
	{ "mails that each have an mbox line", "", "From x\nContent-Type: message/rfc822\n\n", 10000, 50, true },
};

static void test_hostile(void)
{
	for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
		struct mime m;
		struct buf b;
		clock_t start = clock();

		tap_begin("hostile: %s", hostile[i].name);
		arena_reset(work.arena);
		work.reached = 0;
		buf_init(&b, 1u << 26);
		buf_adds(&b, hostile[i].head);
		for (unsigned n = 0; n < hostile[i].times; n++)
			buf_addf(&b, hostile[i].unit, n, n);
		struct bytes message = heap_bytes(buf_bytes(&b));
		CHECK(mime_read(&work, message, &m));
		CHECK_MSG(m.n == hostile[i].parts && m.cut == hostile[i].cut, "%zu parts%s", m.n, m.cut ? ", cut" : "");
		CHECK(m.cut == (work.reached != 0));
		check_slices(&m, message);
		for (size_t p = 0; p < m.n; p += 1 + m.n / 20)
			CHECK(mime_content(&work, &m, p, 1000, NULL).n <= 1000);
		CHECK_MSG(clock() - start < 10 * CLOCKS_PER_SEC, "it took too long"); /* sanitizers, a busy machine */
		tap_end();
		buf_free(&b);
		heap_free(message);
	}
}

/* 50 open boundaries, and lines that begin like each of them. */
static void test_open_boundaries(void)
{
	struct buf b;
	struct mime m;

	tap_begin("hostile: a million lines against fifty boundaries");
	arena_reset(work.arena);
	buf_init(&b, 1u << 26);
	for (int i = 10; i < 58; i++)
		buf_addf(&b, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
	buf_adds(&b, "\n");
	for (int i = 0; i < 1000000; i++)
		buf_adds(&b, "--b99\n");
	struct bytes message = heap_bytes(buf_bytes(&b));
	CHECK(mime_read(&work, message, &m) && m.n == 49 && !m.cut);
	CHECK(m.parts[48].depth == 48 && m.parts[48].raw.n == 6000000);
	tap_end();
	buf_free(&b);
	heap_free(message);
}

/* What lies beyond a limit is there, as one part. */
static void test_rest(void)
{
	struct bytes message = heap_copy(MIXED "--b\n\n1\n--b\n\n2\n--b\n\n3\n--b\n\n4\n--b--\n");
	struct bytes nested = heap_copy("Content-Type: message/rfc822\n\nContent-Type: message/rfc822\n\n"
	                                "Content-Type: message/rfc822\n\nContent-Type: message/rfc822\n\nSubject: x\n\ny");
	struct mime m;

	tap_begin("limits: the parts that are too many");
	arena_reset(work.arena);
	limits.v[LIMIT_MIME_PARTS] = 4;
	CHECK(mime_read(&work, message, &m) && m.cut);
	CHECK_BYTES(describe(&m),
	            "multipart/mixed@0c text/plain@1u=1 text/plain@1u=2 application/octet-stream@1u=/3/--b//4/--b--/");
	check_slices(&m, message);
	limits.v[LIMIT_MIME_PARTS] = 5;
	CHECK(mime_read(&work, message, &m) && m.cut && m.n == 5);
	limits.v[LIMIT_MIME_PARTS] = 6;
	CHECK(mime_read(&work, message, &m) && !m.cut && m.n == 5);
	tap_end();

	tap_begin("limits: the parts that are too deep");
	limits_init(&limits);
	limits.v[LIMIT_MIME_DEPTH] = 4;
	CHECK(mime_read(&work, nested, &m) && m.cut && m.n == 4 && !m.parts[3].container);
	CHECK_BYTES(m.parts[3].raw, "Subject: x\n\ny");
	limits_init(&limits);
	CHECK(mime_read(&work, nested, &m) && !m.cut && m.n == 5);
	tap_end();
	heap_free(message);
	heap_free(nested);
}

static void test_find(void)
{
	struct mime m;

	tap_begin("finding a part by its type");
	arena_reset(work.arena);
	CHECK(mime_read(&work, B(MIXED "--b\n\n1\n--b\nContent-Type: text/html\n\n2\n--b\n\n3\n--b--"), &m));
	CHECK(mime_find(&m, "text/plain", 0) == 1 && mime_find(&m, "text/plain", 2) == 3);
	CHECK(mime_find(&m, "text/plain", 4) == MIME_NO_PART && mime_find(&m, "text/x", 0) == MIME_NO_PART);
	tap_end();
}

/* Every allocation fails once: no crash, no leak, and it is said. */
static void test_memory(void)
{
	static const char text[] = MIXED "--b\nContent-Type: text/plain; charset=big5; name=x\nContent-Disposition: inline\n"
	                                 "Content-Transfer-Encoding: base64\n\npKQ=\n--b\nContent-Type: message/rfc822\n\n\nx\n--b--";
	long n = 0, failures = 0;

	tap_begin("each allocation fails once");
	for (bool whole = false; !whole && n < 1000; n++) {
		struct mime m;
		arena_reset(work.arena);
		mem_fail_after(n, false);
		mem_fail_arenas();
		bool ok = mime_read(&work, bytes_of(text), &m);
		struct bytes content = ok ? mime_content(&work, &m, 1, 100, NULL) : (struct bytes){ NULL, 0 };
		struct bytes subject = mime_words(work.arena, B("=?big5?b?pKQ=?="));
		mem_fail_after(-1, false);
		whole = ok && content.p && subject.p;
		CHECK(ok || m.n == 0);
		CHECK(whole || arena_failed(work.arena));
		failures += !whole;
	}
	CHECK_MSG(n > 10 && n < 1000 && failures == n - 1, "%ld allocations, %ld failures", n, failures);
	tap_end();
	arena_reset(work.arena);
}

int main(void)
{
	limits_init(&limits);
	mime_start();
	work = (struct work){ .arena = arena_new(1u << 26), .limits = &limits };
	assert(work.arena);
	test_structures();
	test_fields();
	test_contents();
	test_octets();
	test_pieces();
	test_words();
	test_hostile();
	test_open_boundaries();
	test_rest();
	test_find();
	test_memory();
	arena_free(work.arena);
	return tap_done();
}
