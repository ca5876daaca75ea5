/* test_sent.c - the index of a Sent folder: what stands in it, to whom it went, and when its silence proves nothing. */
#include "trail/sent.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "tap.h"

#define LINE "From ann@example.org Mon Nov 23 11:00:00 2026\n"
#define NOON 1795435200 /* 2026-11-23 12:00 */

static char home[64]; /* a folder of our own below /tmp */
static struct limits limits;

static const char *in_home(const char *name)
{
	static char path[1024];

	snprintf(path, sizeof(path), "%s/%s", home, name);
	return path;
}

static void write_file(const char *name, struct bytes text)
{
	FILE *f = fopen(in_home(name), "wb");

	if (!f || (text.n && fwrite(text.p, 1, text.n, f) != text.n) || fclose(f) != 0)
		abort();
}

static void make_folder(const char *name)
{
	if (mkdir(in_home(name), 0700) != 0)
		abort();
}

static void remove_all(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'/*", home);
	if (system(command) != 0) /* NOLINT: a path of our own */
		printf("# cannot empty %s\n", home);
}

static struct sent *read_sent(const char *name)
{
	char why[256] = "";
	struct sent *s = sent_read(in_home(name), &limits, why, sizeof(why));

	CHECK_MSG(s != NULL, "refused: %s", why);
	return s;
}

/* --- what is kept of a mail ------------------------------------------------------- */

#define FIRST \
	"Received: from laptop by mail.example.org; Mon, 23 Nov 2026 12:00:00 +0000\n" \
	"From: Ann <ann@example.org>\nTo: Bob <bob@example.net>,\n carol@example.net\nSubject: =?utf-8?q?L=C3=BCnch?=\n at noon\n" \
	"Cc: dan@example.com\nMIME-Version: 1.0\nBcc: eve@example.com\nDate: Mon, 23 Nov 2026 12:00:00 +0000\n" \
	"Message-ID: <1.a@example.org>\n"
#define FIRST_KEPT \
	"From: Ann <ann@example.org>\nTo: Bob <bob@example.net>,\n carol@example.net\nSubject: =?utf-8?q?L=C3=BCnch?=\n at noon\n" \
	"Cc: dan@example.com\nBcc: eve@example.com\nDate: Mon, 23 Nov 2026 12:00:00 +0000\nMessage-ID: <1.a@example.org>\n"
#define SECOND "Date: Sun, 22 Nov 2026 12:00:00 +0000\nmessage-id:\n  <2@example.org> (made by a program)\nTO: bob@example.net\n"
#define THIRD "Subject: no date, no recipient\nMessage-ID: 3@example.org\nDate: soon\n"
#define AGAIN "Message-ID: <1.a@example.org>\nSubject: a copy\n"
#define BARE "Subject: without an identifier\n"
#define BODY "\nMessage-ID: <body@example.org>\n\n"

static void check_mails(const struct sent *s)
{
	const struct sent_mail *m = sent_find(s, B("1.a@example.org"));

	CHECK(sent_count(s) == 5 && !sent_cut(s) && sent_oldest(s) == NOON - 86400);
	if (CHECK(m != NULL)) {
		CHECK_BYTES(m->message_id, "1.a@example.org");
		CHECK_BYTES(m->subject, "=?utf-8?q?L=C3=BCnch?= at noon");
		CHECK_BYTES(m->to, "Bob <bob@example.net>, carol@example.net, dan@example.com, eve@example.com");
		CHECK_BYTES(m->header, FIRST_KEPT);
		CHECK(m->date == NOON);
	}
	m = sent_find(s, B("2@example.org"));
	CHECK(m && m->date == NOON - 86400 && m->subject.n == 0 && bytes_eq(m->to, "bob@example.net"));
	m = sent_find(s, B("3@example.org"));
	CHECK(m && m->date == -1 && m->to.n == 0);
	CHECK(sent_find(s, B("<3@example.org>")) == m);
	CHECK(!sent_find(s, B("body@example.org")) && !sent_find(s, B("")) && !sent_find(s, B("<>")));
	CHECK(!sent_find(s, B("1.A@example.org")) && !sent_find(s, B("1.a@example.or")));
}

static void test_mails(void)
{
	struct sent *s;

	tap_begin("an mbox");
	write_file("mbox", B(LINE FIRST BODY LINE SECOND BODY LINE THIRD BODY LINE AGAIN BODY LINE BARE BODY));
	if ((s = read_sent("mbox")))
		check_mails(s);
	sent_free(s);
	tap_end();
	tap_begin("a Maildir");
	make_folder("Sent");
	make_folder("Sent/cur");
	make_folder("Sent/new");
	write_file("Sent/cur/1:2,S", B(FIRST BODY));
	write_file("Sent/cur/2:2,S", B(SECOND BODY));
	write_file("Sent/cur/3:2,S", B(THIRD BODY));
	write_file("Sent/cur/4:2,S", B(AGAIN BODY));
	write_file("Sent/cur/5:2,S", B(BARE BODY));
	if ((s = read_sent("Sent")))
		check_mails(s);
	sent_free(s);
	tap_end();
	tap_begin("one mail, cut within its last field");
	write_file("one.eml", B("Message-ID: <1@example.org>\r\nTo: bob@example.net"));
	if ((s = read_sent("one.eml"))) {
		const struct sent_mail *m = sent_find(s, B("1@example.org"));
		CHECK(m && bytes_eq(m->header, "Message-ID: <1@example.org>\nTo: bob@example.net\n") && m->date == -1);
		CHECK(sent_count(s) == 1 && sent_oldest(s) == -1);
	}
	sent_free(s);
	tap_end();
	tap_begin("an empty folder");
	write_file("empty", B(""));
	if ((s = read_sent("empty")))
		CHECK(sent_count(s) == 0 && sent_oldest(s) == -1 && !sent_cut(s) && !sent_find(s, B("1@example.org")));
	sent_free(s);
	tap_end();
	tap_begin("no folder");
	char why[256] = "";
	CHECK(!sent_read(in_home("none"), &limits, why, sizeof(why)) && why[0]);
	sent_free(NULL);
	tap_end();
	remove_all();
}

/* What a case keeps of a folder gives the same answers as the folder. */
static void check_replay(struct bytes folder)
{
	static const char *const ids[] = { "1.a@example.org", "2@example.org", "3@example.org" };
	struct buf kept;
	struct sent *s, *again;

	write_file("mbox", folder);
	s = read_sent("mbox");
	buf_init(&kept, 1 << 20);
	for (size_t i = 0; s && i < ARRAY_LEN(ids); i++) {
		buf_adds(&kept, LINE);
		buf_add(&kept, sent_find(s, bytes_of(ids[i]))->header);
		buf_adds(&kept, "\n\n");
	}
	write_file("kept", buf_bytes(&kept));
	again = read_sent("kept");
	for (size_t i = 0; s && again && i < ARRAY_LEN(ids); i++) {
		const struct sent_mail *a = sent_find(s, bytes_of(ids[i])), *b = sent_find(again, bytes_of(ids[i]));
		CHECK(a && b && bytes_same(a->subject, b->subject) && bytes_same(a->to, b->to) && a->date == b->date &&
		      bytes_same(a->header, b->header));
	}
	CHECK(again && sent_count(again) == 3);
	sent_free(s);
	sent_free(again);
	buf_free(&kept);
	remove_all();
}

static void test_replay(void)
{
	static const char mails[] = LINE FIRST BODY LINE SECOND BODY LINE THIRD BODY;
	struct bytes rest = bytes_of(mails), line;
	struct buf crlf;

	tap_begin("the fields that are kept, read again, give the same mails");
	check_replay(rest);
	tap_end();
	tap_begin("the same for lines that end in CRLF");
	buf_init(&crlf, 1 << 20);
	while (bytes_cut(&rest, '\n', &line))
		buf_addf(&crlf, "%.*s\r\n", BYTES_ARG(line));
	check_replay(buf_bytes(&crlf));
	buf_free(&crlf);
	tap_end();
}

/* --- to whom ------------------------------------------------------------------------ */

static const struct {
	const char *name, *to, *recipient;
	bool went;
} recipients[] = {
	{ "the only one", "bob@example.net", "bob@example.net", true },
	{ "the last of three", "a@example.net, \"b, c\" <b@example.net>, Bob <bob@example.net>", "bob@example.net", true },
	{ "in angle brackets, as a bounce has it", "bob@example.net", "<bob@example.net>", true },
	{ "in other letters", "Bob@Example.Net", "bob@eXample.net", true },
	{ "in a group", "friends: bob@example.net, carol@example.net;", "carol@example.net", true },
	{ "quoted", "\"bob smith\"@example.net", "\"bob smith\"@example.net", true },
	{ "another one", "bob@example.net", "eve@example.net" },
	{ "of another domain", "bob@example.net", "bob@example.com" },
	{ "a part of it", "bob@example.net", "ob@example.net" },
	{ "in the name shown", "\"bob@example.net\" <eve@example.net>", "bob@example.net" },
	{ "behind what cannot be read", "<<>>, @, bob@example.net", "bob@example.net", true },
	{ "nobody", "undisclosed-recipients:;", "bob@example.net" },
	{ "no list", "", "bob@example.net" },
	{ "no recipient", "bob@example.net", "" },
	{ "no address", "bob@example.net", "bob" },
	{ "no path", "bob@example.net", "bob@@example.net" },
};

static void test_recipients(void)
{
	for (size_t i = 0; i < ARRAY_LEN(recipients); i++) {
		struct sent_mail m = { .to = heap_copy(recipients[i].to) };
		struct bytes recipient = heap_copy(recipients[i].recipient);

		tap_begin("went to: %s", recipients[i].name);
		CHECK(sent_went_to(&m, recipient) == recipients[i].went);
		tap_end();
		heap_free(m.to);
		heap_free(recipient);
	}
}

/* --- when it is not all ---------------------------------------------------------------- */

static void test_limits(void)
{
	struct limits standard = limits;
	struct sent *s;

	write_file("mbox", B(LINE FIRST BODY LINE SECOND BODY LINE THIRD BODY));
	for (unsigned most = 1; most <= 3; most++) {
		tap_begin("three mails where %u are allowed", most);
		limits.v[LIMIT_SENT_MAILS] = most;
		if ((s = read_sent("mbox")))
			CHECK(sent_count(s) == most && sent_cut(s) == (most < 3) && !sent_find(s, B("3@example.org")) == (most < 3));
		sent_free(s);
		tap_end();
	}
	limits = standard;
	tap_begin("a mail with more fields than are read");
	limits.v[LIMIT_HEADER_FIELDS] = 3;
	if ((s = read_sent("mbox")))
		CHECK(sent_count(s) == 3 && sent_cut(s));
	sent_free(s);
	limits = standard;
	tap_end();
	tap_begin("a mail that cannot be read");
	make_folder("Sent");
	make_folder("Sent/cur");
	write_file("Sent/cur/1:2,S", B(FIRST BODY));
	char target[1100];
	snprintf(target, sizeof(target), "%s", in_home("Sent/cur/2:2,S"));
	if (symlink("/nowhere/at/all", target) != 0)
		abort();
	if ((s = read_sent("Sent")))
		CHECK(sent_count(s) == 1 && sent_cut(s) && sent_find(s, B("1.a@example.org")));
	sent_free(s);
	tap_end();
	remove_all();
}

/* More is written to many people than is kept. */
static void test_room(void)
{
	struct limits standard = limits;
	struct buf b;
	struct sent *s;

	tap_begin("more than there is room for: what fits is there");
	buf_init(&b, 64u << 20);
	for (int i = 0; i < 12; i++) {
		buf_addf(&b, LINE "Message-ID: <%d@example.org>\nTo: a@example.net", i);
		for (size_t n = 0; n < (900u << 10) / 16; n++)
			buf_adds(&b, ",\n b@example.net");
		buf_adds(&b, "\n\n\n");
	}
	buf_addf(&b, LINE "Message-ID: <last@example.org>\nTo: z@example.net\n\n\n");
	write_file("mbox", buf_bytes(&b));
	limits.v[LIMIT_SENT_MAILS] = 1000;
	if ((s = read_sent("mbox"))) {
		const struct sent_mail *m = sent_find(s, B("0@example.org"));
		CHECK_MSG(sent_count(s) == 10, "%zu are there", sent_count(s));
		CHECK(sent_cut(s) && sent_find(s, B("last@example.org")) && m);
		int64_t start = tap_cpu_ms();
		CHECK(m && sent_went_to(m, B("b@example.net")) && !sent_went_to(m, B("c@example.net")));
		CHECK_MSG(tap_cpu_ms() - start < 2000, "took %lld ms", (long long)(tap_cpu_ms() - start));
	}
	sent_free(s);
	buf_free(&b);
	limits = standard;
	remove_all();
	tap_end();
}

static void test_many(void)
{
	struct sent *s;
	struct buf b;
	char id[64];

	tap_begin("30000 mails");
	buf_init(&b, 64u << 20);
	for (int i = 0; i < 30000; i++)
		buf_addf(&b, LINE "Message-ID: <%d@example.org>\nDate: Mon, 23 Nov 2026 12:%02d:00 +0000\nTo: a@example.net\n\nx\n\n", i, i % 60);
	write_file("mbox", buf_bytes(&b));
	int64_t start = tap_cpu_ms();
	if ((s = read_sent("mbox"))) {
		CHECK(sent_count(s) == 30000 && sent_oldest(s) == NOON && !sent_cut(s));
		for (int i = 0; i < 31000; i++) {
			snprintf(id, sizeof(id), "%d@example.org", i);
			const struct sent_mail *m = sent_find(s, bytes_of(id));
			CHECK(i < 30000 ? m && m->date == NOON + i % 60 * 60 : !m);
		}
	}
	CHECK_MSG(tap_cpu_ms() - start < 5000, "took %lld ms", (long long)(tap_cpu_ms() - start));
	sent_free(s);
	buf_free(&b);
	remove_all();
	tap_end();
}

static void test_memory(void)
{
	struct sent *s = NULL;
	char why[256];
	long n = 0;

	tap_begin("no memory at each allocation in turn");
	write_file("mbox", B(LINE FIRST BODY LINE SECOND BODY));
	for (; n < 500 && (!s || sent_cut(s)); n++) { /* a mail that the folder had no memory for is left out, and said so */
		sent_free(s);
		mem_fail_after(n, false);
		mem_fail_arenas();
		why[0] = 0;
		s = sent_read(in_home("mbox"), &limits, why, sizeof(why));
		mem_fail_after(-1, false);
		CHECK(s || why[0]);
	}
	if (CHECK(s && n > 10)) {
		const struct sent_mail *m = sent_find(s, B("1.a@example.org"));
		CHECK(m && sent_count(s) == 2);
		for (long i = 0; m && i < 4; i++) {
			mem_fail_after(i, true);
			CHECK(!sent_went_to(m, B("nobody@example.net")));
			mem_fail_after(-1, false);
		}
	}
	sent_free(s);
	remove_all();
	tap_end();
}

int main(void)
{
	snprintf(home, sizeof(home), "/tmp/test_sent.XXXXXX");
	if (!mkdtemp(home))
		return 1;
	limits_init(&limits);
	test_mails();
	test_replay();
	test_recipients();
	test_limits();
	test_room();
	test_many();
	test_memory();
	if (rmdir(home) != 0)
		printf("# cannot remove %s\n", home);
	return tap_done();
}
