/* Folders in all their dialects; what is no mail; files that change meanwhile; want of memory; threads. */
#include "folder/folder.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "folder/folder_mbox.h"
#include "folder/folder_source.h"
#include "tap.h"

static char home[64]; /* a folder of our own below /tmp */

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

static void clean(const char *name)
{
	char command[256];

	snprintf(command, sizeof(command), "rm -rf '%s/%s'", home, name);
	if (system(command) != 0) /* NOLINT: a path of our own */
		printf("# cannot remove %s/%s\n", home, name);
}

/* All that the folder gives: each message in brackets, "!" for one that could not be read. */
static void read_all(struct folder *f, struct buf *out, bool stored)
{
	struct folder_item item;
	enum folder_got got;
	char why[256];
	size_t number = 0;

	while ((got = folder_next(f, &item, why, sizeof(why))) != FOLDER_END) {
		number++;
		if (got == FOLDER_TROUBLE) {
			buf_adds(out, "!");
			continue;
		}
		CHECK(item.number == number && item.name[0]);
		buf_addf(out, "[");
		buf_add(out, stored ? item.stored : item.message);
		buf_addf(out, "]");
		folder_let_go(f, &item);
	}
}

static struct buf read_path(const char *path, enum folder_kind kind, bool stored)
{
	char why[256] = "";
	struct buf got;

	buf_init(&got, 1u << 24);
	struct folder *f = folder_open(path, 1u << 20, why, sizeof(why));
	if (CHECK_MSG(f, "refused: %s", why)) {
		CHECK_MSG(folder_kind_of(f) == kind, "kind %d", folder_kind_of(f));
		read_all(f, &got, stored);
		uint64_t done, all;
		folder_progress(f, &done, &all);
		CHECK(done == all);
	}
	folder_close(f);
	return got;
}

/* --- "From " lines ----------------------------------------------------------- */

static const struct { const char *line; bool is; } from_lines[] = {
	{ "From ann@example.com Mon Nov 23 20:00:05 2026", true },
	{ "From ann@example.com  Mon Nov  2 20:00:05 2026", true },
	{ "From - Mon Nov 23 20:00:05 2026", true },
	{ "From MAILER-DAEMON Mon Nov 23 20:00:05 2026", true },
	{ "From <> Mon Nov 23 9:00 2026", true },
	{ "From \"ann b\"@example.com Mon Nov 23 20:00:05 2026", true },
	{ "From ann at example.com  Mon Nov 23 20:00:05 2026", true },
	{ "From 1234567@xxx Mon Nov 23 20:00:05 +0000 2026", true },
	{ "From ann@example.com Mon Nov 23 20:00 CET 2026", true },
	{ "From ann@example.com Mon Nov 23 20:00:05 MET DST 2026", true },
	{ "From ann@example.com Mon Nov 23 20:00:05 2026 +0100", true },
	{ "From ann@example.com Mon, 23 Nov 2026 20:00:05 +0100 (CET)", true },
	{ "From ann Mon Nov 23 20:00 2026 remote from hosta", true },
	{ "From ann@example.com Mon Nov 23 20:00:05 2026 and then", false },
	{ "From what I saw on Mon Nov 23 20:00:05 2026", false },
	{ "From Mon Nov 23 20:00:05 2026", false },
	{ "From here we went home", false },
	{ "From ann@example.com Mon Nov 23 25:00:05 2026", false },
	{ "From ann@example.com Mon Nov 32 20:00:05 2026", false },
	{ "From ann@example.com Mon Now 23 20:00:05 2026", false },
	{ "From ann@example.com Mon Nov 23 20:00:05 26", false },
	{ "From ann@example.com Mon Nov 23 2026", false },
	{ "From a\x01n Mon Nov 23 20:00:05 2026", false },
	{ "From: ann@example.com Mon Nov 23 20:00:05 2026", false },
	{ ">From ann@example.com Mon Nov 23 20:00:05 2026", false },
	{ "from ann@example.com Mon Nov 23 20:00:05 2026", false },
	{ "From ", false },
	{ "", false },
};

static void test_from_lines(void)
{
	for (size_t i = 0; i < ARRAY_LEN(from_lines); i++) {
		struct bytes line = heap_copy(from_lines[i].line);
		tap_begin("from line: %s", from_lines[i].line);
		CHECK(folder_mbox_from_line(line) == from_lines[i].is);
		tap_end();
		heap_free(line);
	}
}

/* --- files --------------------------------------------------------------------- */

#define FROM "From ann@example.com Mon Nov 23 20:00:05 2026\n"
#define FROM_CRLF "From ann@example.com Mon Nov 23 20:00:05 2026\r\n"

static const struct {
	const char *name, *file, *want;
	enum folder_kind kind;
	const char *stored; /* NULL: as want */
} files[] = {
	{ "one mail", "Subject: a\n\nbody\n", "[Subject: a\n\nbody\n]", FOLDER_MESSAGE },
	{ "one mail with an mbox line", FROM "Subject: a\n\nbody\n", "[Subject: a\n\nbody\n]", FOLDER_MESSAGE },
	{ "one mail with an odd mbox line", "From nobody knows\nSubject: a\n\nb\n", "[Subject: a\n\nb\n]", FOLDER_MESSAGE },
	{ "a field with an obsolete space is no mbox line", "From : a@example.com\n\nb\n", "[From : a@example.com\n\nb\n]",
	  FOLDER_MESSAGE },
	{ "empty", "", "", FOLDER_MBOX },
	{ "two", FROM "A: 1\n\nx\n\n" FROM "A: 2\n\ny\n\n", "[A: 1\n\nx\n][A: 2\n\ny\n]", FOLDER_MBOX },
	{ "CRLF", FROM_CRLF "A: 1\r\n\r\nx\r\n\r\n" FROM_CRLF "A: 2\r\n\r\ny\r\n\r\n",
	  "[A: 1\r\n\r\nx\r\n][A: 2\r\n\r\ny\r\n]", FOLDER_MBOX },
	{ "line ends differ between messages", FROM_CRLF "A: 1\r\n\r\nx\r\n\r\n" FROM "A: 2\n\ny\n\n" FROM_CRLF "A: 3\r\n\r\nz",
	  "[A: 1\r\n\r\nx\r\n][A: 2\n\ny\n][A: 3\r\n\r\nz]", FOLDER_MBOX },
	{ "empty lines in front", "\n\n" FROM "A: 1\n\nx\n\n" FROM "A: 2\n\ny\n", "[A: 1\n\nx\n][A: 2\n\ny\n]", FOLDER_MBOX },
	{ "no body", FROM "A: 1\n\n" FROM "A: 2\n\n\n", "[A: 1\n][A: 2\n\n]", FOLDER_MBOX },
	{ "empty messages", FROM "\n" FROM "A: 2\n\ny\n\n" FROM "\n", "[][A: 2\n\ny\n][]", FOLDER_MBOX },
	{ "nothing behind the last From line", FROM "A: 1\n\nx\n\n" FROM, "[A: 1\n\nx\n][]", FOLDER_MBOX },
	{ "a From line that is cut off is body", FROM "A: 1\n\nx\n\n" FROM "A: 2\n\ny\n\nFrom ann@exa",
	  "[A: 1\n\nx\n][A: 2\n\ny\n\nFrom ann@exa]", FOLDER_MBOX },
	{ "the last is cut off", FROM "A: 1\n\nx\n\n" FROM "A: 2\nB: tr", "[A: 1\n\nx\n][A: 2\nB: tr]", FOLDER_MBOX },
	{ "From in prose, behind an empty line", FROM "A: 1\n\nx\n\nFrom here on, all is well\n\n" FROM "A: 2\n\ny\n",
	  "[A: 1\n\nx\n\nFrom here on, all is well\n][A: 2\n\ny\n]", FOLDER_MBOX },
	{ "From line with no empty line before it", FROM "A: 1\n\nx\n" FROM "z\n\n" FROM "A: 2\n\ny\n",
	  "[A: 1\n\nx\n" FROM "z\n][A: 2\n\ny\n]", FOLDER_MBOX },
	{ "prose with From twice is one mail", "From my home\nA: 1\n\nFrom there\n\nFrom me\n",
	  "[A: 1\n\nFrom there\n\nFrom me\n]", FOLDER_MESSAGE },

	/* Thunderbird */
	{ "Thunderbird: bare From lines", "From \r\nA: 1\r\n\r\nx\r\n\r\nFrom \r\nA: 2\r\n\r\n>From me\r\n\r\n",
	  "[A: 1\r\n\r\nx\r\n][A: 2\r\n\r\nFrom me\r\n]", FOLDER_MBOX, "[A: 1\r\n\r\nx\r\n][A: 2\r\n\r\n>From me\r\n]" },
	{ "Thunderbird: older and newer ones, no empty lines between", "From - Mon Nov 23 20:00:05 2026\nA: 1\n\nx\nFrom \nA: 2\n\ny\n"
	  "From - Mon Nov 23 20:00:05 2026\nA: 3\n\nz\n", "[A: 1\n\nx\n][A: 2\n\ny\n][A: 3\n\nz\n]", FOLDER_MBOX },
	{ "Thunderbird: a bare From without a field behind it is body", "From \nA: 1\n\nFrom \nhere on\n\nFrom \nA: 2\n\n",
	  "[A: 1\n\nFrom \nhere on\n][A: 2\n]", FOLDER_MBOX },
	{ "Thunderbird: one mail", "From \r\nA: 1\r\n\r\nx\r\n\r\n", "[A: 1\r\n\r\nx\r\n]", FOLDER_MESSAGE },
	{ "a bare From in a file of others is body", FROM "A: 1\n\nx\n\nFrom \nB: 2\n\n" FROM "A: 2\n\n",
	  "[A: 1\n\nx\n\nFrom \nB: 2\n][A: 2\n]", FOLDER_MBOX },

	/* what the writer quoted */
	{ "mboxo: as it was before", FROM "A: 1\n\n>From me\nx\n\n" FROM "A: 2\n\ny\n",
	  "[A: 1\n\nFrom me\nx\n][A: 2\n\ny\n]", FOLDER_MBOX, "[A: 1\n\n>From me\nx\n][A: 2\n\ny\n]" },
	{ "mboxrd: one sign of each", FROM "A: 1\n\n>>From me\n>From you\n>>>From\n > From\n>from\n\n" FROM "A: 2\n\n",
	  "[A: 1\n\n>From me\nFrom you\n>>>From\n > From\n>from\n][A: 2\n]", FOLDER_MBOX,
	  "[A: 1\n\n>>From me\n>From you\n>>>From\n > From\n>from\n][A: 2\n]" },
	{ "quoted with CRLF", FROM_CRLF "A: 1\r\n\r\n>From me\r\n\r\n" FROM_CRLF "A: 2\r\n\r\n",
	  "[A: 1\r\n\r\nFrom me\r\n][A: 2\r\n]", FOLDER_MBOX, "[A: 1\r\n\r\n>From me\r\n][A: 2\r\n]" },
	{ "the header is not unquoted", FROM "A: 1\n>From x\n\n>From y", "[A: 1\n>From x\n\nFrom y]", FOLDER_MESSAGE,
	  "[A: 1\n>From x\n\n>From y]" },
	{ "a writer that quotes nothing", FROM "A: 1\n\n>From me\n\nFrom you\n\n" FROM "A: 2\n\ny\n",
	  "[A: 1\n\n>From me\n\nFrom you\n][A: 2\n\ny\n]", FOLDER_MBOX },
	{ "outside an mbox nothing is quoted", "A: 1\n\n>From me\n", "[A: 1\n\n>From me\n]", FOLDER_MESSAGE },

	/* Content-Length */
	{ "mboxcl2: a whole From line in a body", FROM "A: 1\nContent-Length: 49\n\nx\n\n" FROM "\n" FROM "A: 2\n\ny\n",
	  "[A: 1\nContent-Length: 49\n\nx\n\n" FROM "][A: 2\n\ny\n]", FOLDER_MBOX },
	{ "mboxcl2: no line end behind the body", FROM "content-length:  3\n\nabc\n\n" FROM "A: 2\n\ny\n",
	  "[content-length:  3\n\nabc][A: 2\n\ny\n]", FOLDER_MBOX },
	{ "mboxcl2: up to the end of the file", FROM "A: 1\n\n\n" FROM "Content-Length: 47\n\n\n" FROM "\n",
	  "[A: 1\n\n][Content-Length: 47\n\n\n" FROM "]", FOLDER_MBOX },
	{ "Content-Length too long", FROM "A: 1\nContent-Length: 9999\n\nx\n\n" FROM "A: 2\n\ny\n",
	  "[A: 1\nContent-Length: 9999\n\nx\n][A: 2\n\ny\n]", FOLDER_MBOX },
	{ "Content-Length that leads into the middle of the next", FROM "Content-Length: 20\n\nx\n\n" FROM "A: 2\n\ny\n",
	  "[Content-Length: 20\n\nx\n][A: 2\n\ny\n]", FOLDER_MBOX },
	{ "Content-Length too short", FROM "Content-Length: 1\n\nxyz\n\n" FROM "A: 2\n\ny\n",
	  "[Content-Length: 1\n\nxyz\n][A: 2\n\ny\n]", FOLDER_MBOX },
	{ "Content-Length does not fit a number", FROM "Content-Length: 99999999999999999999999\n\nx\n\n" FROM "A: 2\n\ny\n",
	  "[Content-Length: 99999999999999999999999\n\nx\n][A: 2\n\ny\n]", FOLDER_MBOX },
	{ "Content-Length just below 2^64", FROM "Content-Length: 18446744073709551615\n\nx\n\n" FROM "A: 2\n\ny\n",
	  "[Content-Length: 18446744073709551615\n\nx\n][A: 2\n\ny\n]", FOLDER_MBOX },
	{ "two that contradict", FROM "Content-Length: 49\nContent-Length: 50\n\nx\n\n" FROM "\n" FROM "A: 2\n\ny\n",
	  "[Content-Length: 49\nContent-Length: 50\n\nx\n][][A: 2\n\ny\n]", FOLDER_MBOX },
	{ "Content-Length in the body is nothing", FROM "A: 1\n\nContent-Length: 50\n\n" FROM "A: 2\n\ny\n",
	  "[A: 1\n\nContent-Length: 50\n][A: 2\n\ny\n]", FOLDER_MBOX },

	/* Apple Mail */
	{ "emlx", "12\nA: 1\n\nbody\n\n<?xml version=\"1.0\"?><plist/>", "[A: 1\n\nbody\n\n]", FOLDER_MESSAGE },
	{ "emlx with blanks behind the count", "12        \nA: 1\n\nbody\n\n", "[A: 1\n\nbody\n\n]", FOLDER_MESSAGE },
	{ "a count, and something else behind it", "12\nA: 1\n\nbody\n\nmore", "[12\nA: 1\n\nbody\n\nmore]", FOLDER_MESSAGE },
	{ "a number that is no count", "5\nA: 1\n\nbody\n", "[5\nA: 1\n\nbody\n]", FOLDER_MESSAGE },
};

static void test_files(void)
{
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		tap_begin("%s", files[i].name);
		write_file("mail", bytes_of(files[i].file));
		struct buf got = read_path(in_home("mail"), files[i].kind, false);
		CHECK_BYTES(buf_bytes(&got), files[i].want);
		buf_free(&got);
		got = read_path(in_home("mail"), files[i].kind, true);
		CHECK_BYTES(buf_bytes(&got), files[i].stored ? files[i].stored : files[i].want);
		buf_free(&got);
		tap_end();
		clean("mail");
	}
	tap_begin("emlx that is cut off is known by its name");
	write_file("1.emlx", B("400\nA: 1\n\nbo"));
	struct buf got = read_path(in_home("1.emlx"), FOLDER_MESSAGE, false);
	CHECK_BYTES(buf_bytes(&got), "[A: 1\n\nbo]");
	buf_free(&got);
	tap_end();
	clean("1.emlx");
}

/* --- refusals -------------------------------------------------------------------- */

static const struct { const char *name; struct bytes file; const char *says; } refusals[] = {
	{ "Outlook's .msg", { (const uint8_t *)"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", 12 }, "save the mail as .eml" },
	{ "a .pst", { (const uint8_t *)"!BDN....", 8 }, "save the mail as .eml" },
	{ "a .zip", { (const uint8_t *)"PK\x03\x04....", 8 }, "unpack it and give the .eml" },
	{ "gzip", { (const uint8_t *)"\x1f\x8b\x08....", 7 }, "gunzip" },
	{ "xz", { (const uint8_t *)"\xfd" "7zXZ\0..", 8 }, "unxz" },
	{ "a PDF", { (const uint8_t *)"%PDF-1.7\n", 9 }, "save the mail as .eml" },
	{ "PNG", { (const uint8_t *)"\x89PNG\r\n\x1a\n", 8 }, "a picture" },
	{ "JPEG", { (const uint8_t *)"\xff\xd8\xff\xe0..JFIF", 10 }, "a picture" },
	{ "HEIC", { (const uint8_t *)"\0\0\0\x18" "ftypheic", 12 }, "a picture" },
	{ "HTML", { (const uint8_t *)"\n <!DOCTYPE html><html>", 23 }, "save the mail as .eml" },
	{ "UTF-16", { (const uint8_t *)"\xff\xfe" "F\0r\0", 6 }, "save the mail as .eml" },
	{ "an index of Thunderbird", { (const uint8_t *)"// <!-- <mdb:mork:z v=\"1.4\"/> -->", 33 }, ".msf" },
};

static void refused(const char *name, const char *path, const char *says)
{
	char why[256] = "";

	tap_begin("refused: %s", name);
	struct folder *f = folder_open(path, 1u << 20, why, sizeof(why));
	CHECK(!f);
	CHECK_MSG(strstr(why, says), "it says: %s", why);
	folder_close(f);
	tap_end();
}

static void test_refusals(void)
{
	char tar[512] = "Received: from x";

	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		write_file("mail", refusals[i].file);
		refused(refusals[i].name, in_home("mail"), refusals[i].says);
	}
	memcpy(tar + 257, "ustar", 6);
	write_file("mail", (struct bytes){ (uint8_t *)tar, sizeof(tar) });
	refused("a .tar", in_home("mail"), ".tar");
	clean("mail");
	refused("nothing there", in_home("nothing"), "No such file");
	mkdir(in_home("empty"), 0700);
	refused("a folder without mail", in_home("empty"), ".eml");
	clean("empty");

	tap_begin("a HELO at the place of tar's mark is no archive");
	memset(tar, 'a', sizeof(tar));
	memcpy(tar, "Received: ", 10);
	memcpy(tar + 257, "ustar", 5);
	write_file("mail", (struct bytes){ (uint8_t *)tar, sizeof(tar) });
	struct buf got = read_path(in_home("mail"), FOLDER_MESSAGE, false);
	CHECK(got.n == sizeof(tar) + 2);
	buf_free(&got);
	tap_end();
	clean("mail");
}

/* --- Maildir ---------------------------------------------------------------------- */

static void make_maildir(void)
{
	static const char *const dirs[] = { "M", "M/cur", "M/new", "M/tmp", "M/.Sent", "M/.Sent/cur", "M/cur/sub" };

	for (size_t i = 0; i < ARRAY_LEN(dirs); i++)
		mkdir(in_home(dirs[i]), 0700);
	write_file("M/cur/1002.b.host:2,S", B("A: 2\n\n>From x\n"));
	write_file("M/new/1003.c.host", B("A: 3\n"));
	write_file("M/cur/1001.a.host:2,", B(FROM "A: 1\n"));
	write_file("M/cur/.hidden", B("A: 9\n"));
	write_file("M/tmp/1000.t.host", B("A: 9\n"));
	write_file("M/.Sent/cur/1.s.host", B("A: 9\n"));
}

static void test_maildir(void)
{
	make_maildir();
	tap_begin("Maildir: sorted by name, without sub-folders");
	struct buf got = read_path(in_home("M"), FOLDER_MAILDIR, false);
	CHECK_BYTES(buf_bytes(&got), "[A: 1\n][A: 2\n\n>From x\n][A: 3\n]");
	buf_free(&got);
	tap_end();

	tap_begin("Maildir: cur itself");
	got = read_path(in_home("M/cur/"), FOLDER_MAILDIR, false);
	CHECK_BYTES(buf_bytes(&got), "[A: 1\n][A: 2\n\n>From x\n]");
	buf_free(&got);
	tap_end();

	tap_begin("Maildir: marked, deleted and turned into a pipe while reading");
	char why[256] = "", from[1024];
	struct folder *f = folder_open(in_home("M"), 1u << 20, why, sizeof(why));
	CHECK(f);
	snprintf(from, sizeof(from), "%s", in_home("M/new/1003.c.host"));
	CHECK(rename(from, in_home("M/cur/1003.c.host:2,RS")) == 0);
	CHECK(unlink(in_home("M/cur/1002.b.host:2,S")) == 0);
	CHECK(unlink(in_home("M/cur/1001.a.host:2,")) == 0 && mkfifo(in_home("M/cur/1001.a.host:2,"), 0600) == 0);
	buf_init(&got, 4096);
	if (f)
		read_all(f, &got, false);
	CHECK_BYTES(buf_bytes(&got), "!![A: 3\n]");
	buf_free(&got);
	folder_close(f);
	tap_end();
	clean("M");

	mkdir(in_home("d"), 0700);
	write_file("d/b.eml", B("A: 2\n"));
	write_file("d/a.EML", B(FROM "A: 1\n\n>From x"));
	write_file("d/7", B("A: 0\n"));
	write_file("d/c.eml", B("PK\x03\x04"));
	write_file("d/notes.txt", B("A: 9\n"));
	tap_begin("a folder of .eml files; one is no mail");
	got = read_path(in_home("d"), FOLDER_MAILDIR, false);
	CHECK_BYTES(buf_bytes(&got), "[A: 0\n][A: 1\n\nFrom x][A: 2\n]!");
	buf_free(&got);
	tap_end();

	tap_begin("what could not be read is named, without control bytes");
	clean("d");
	mkdir(in_home("d"), 0700);
	write_file("d/x\x1b[1m.eml", B("PK\x03\x04"));
	f = folder_open(in_home("d"), 1u << 20, why, sizeof(why));
	struct folder_item item;
	CHECK(f && folder_next(f, &item, why, sizeof(why)) == FOLDER_TROUBLE);
	CHECK_MSG(strstr(why, "x?[1m.eml: this is a .zip"), "it says: %s", why);
	folder_close(f);
	tap_end();
	clean("d");

	mkdir(in_home("E"), 0700);
	mkdir(in_home("E/cur"), 0700);
	tap_begin("an empty Maildir has no messages");
	got = read_path(in_home("E"), FOLDER_MAILDIR, false);
	CHECK(got.n == 0);
	buf_free(&got);
	tap_end();
	clean("E");
}

static void test_unreadable(void)
{
	bool root = geteuid() == 0; /* who may read everything: for this test somebody else */

	mkdir(in_home("d"), 0755);
	write_file("d/1.eml", B("A: 1\n"));
	write_file("d/2.eml", B("A: 2\n"));
	chmod(in_home("d/1.eml"), 0);
	chmod(in_home("d/2.eml"), 0644);
	chmod(home, 0755);
	if (root && seteuid(65534) != 0) {
		tap_skip("root may read everything", "a file that may not be read");
		clean("d");
		return;
	}
	tap_begin("a file that may not be read");
	struct buf got = read_path(in_home("d"), FOLDER_MAILDIR, false);
	CHECK_BYTES(buf_bytes(&got), "![A: 2\n]");
	buf_free(&got);
	tap_end();
	refused("a file that may not be read", in_home("d/1.eml"), "Permission denied");
	if (root && seteuid(0) != 0)
		abort();
	clean("d");
}

/* --- standard input, files that shrink ----------------------------------------------- */

/* Lets standard input be what a child writes into a pipe. */
static struct buf read_stdin(struct bytes text, size_t max_bytes, enum folder_kind kind)
{
	int ends[2], keep = dup(STDIN_FILENO);
	struct buf got;
	char why[256] = "";

	buf_init(&got, 1u << 28);
	if (keep < 0 || pipe(ends) != 0)
		abort();
	pid_t child = fork();
	if (child == 0) {
		close(ends[0]);
		for (size_t at = 0; at < text.n;) {
			ssize_t put = write(ends[1], text.p + at, text.n - at);
			if (put <= 0)
				_exit(1);
			at += (size_t)put;
		}
		_exit(0);
	}
	close(ends[1]);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	struct folder *f = folder_open("-", max_bytes, why, sizeof(why));
	if (CHECK_MSG(f, "refused: %s", why)) {
		CHECK(folder_kind_of(f) == kind);
		read_all(f, &got, false);
	}
	folder_close(f);
	dup2(keep, STDIN_FILENO);
	close(keep);
	return got;
}

static struct bytes large_mail(size_t n)
{
	uint8_t *p = malloc(n);

	if (!p)
		abort();
	memset(p, 'x', n);
	memcpy(p, "A: 1\n\n", 6);
	return (struct bytes){ p, n };
}

static void test_stdin(void)
{
	struct bytes two = B(FROM "A: 1\n\nx\n\n" FROM "A: 2\n\ny\n");
	static const size_t caps[] = { 1u << 20, 60, 1 };

	for (size_t i = 0; i < ARRAY_LEN(caps); i++) {
		tap_begin("standard input, %zu bytes in memory", caps[i]);
		struct buf got = read_stdin(two, caps[i], FOLDER_MBOX);
		CHECK_BYTES(buf_bytes(&got), "[A: 1\n\nx\n][A: 2\n\ny\n]");
		buf_free(&got);
		tap_end();
	}
	tap_begin("standard input: nothing");
	struct buf got = read_stdin(B(""), 4096, FOLDER_MBOX);
	CHECK(got.n == 0);
	buf_free(&got);
	tap_end();

	tap_begin("standard input: a mail larger than what is read into memory");
	struct bytes large = large_mail(FOLDER_READ_MAX + 5000);
	got = read_stdin(large, 1u << 20, FOLDER_MESSAGE);
	CHECK(got.n == large.n + 2 && memcmp(got.p + 1, large.p, large.n) == 0);
	buf_free(&got);
	tap_end();

	tap_begin("a file larger than what is read into memory may be cut short");
	write_file("mail", large);
	char why[256] = "";
	struct folder *f = folder_open(in_home("mail"), 4096, why, sizeof(why));
	struct folder_item item;
	CHECK(f && folder_next(f, &item, why, sizeof(why)) == FOLDER_ITEM);
	CHECK(truncate(in_home("mail"), 10) == 0);
	CHECK(f && item.message.n == large.n && memcmp(item.message.p, large.p, large.n) == 0); /* no SIGBUS */
	if (f)
		folder_let_go(f, &item);
	folder_close(f);
	heap_free(large);
	tap_end();
	clean("mail");
}

static void test_shrink(void)
{
	char why[256] = "";
	struct folder_item item;
	struct bytes filling = large_mail(600000); /* more than one window */

	write_file("mail", B(FROM "A: 1\n\nx\n\n" FROM));
	FILE *file = fopen(in_home("mail"), "ab");
	CHECK(file && fwrite(filling.p, 1, filling.n, file) == filling.n && fclose(file) == 0);
	tap_begin("an mbox is cut short between two messages");
	struct folder *f = folder_open(in_home("mail"), 4096, why, sizeof(why));
	CHECK(f && folder_next(f, &item, why, sizeof(why)) == FOLDER_ITEM);
	if (f)
		folder_let_go(f, &item);
	CHECK(truncate(in_home("mail"), 200) == 0);
	CHECK(f && folder_next(f, &item, why, sizeof(why)) == FOLDER_TROUBLE);
	CHECK_MSG(strstr(why, "message 2: it became shorter"), "it says: %s", why);
	CHECK(f && folder_next(f, &item, why, sizeof(why)) == FOLDER_END);
	folder_close(f);
	tap_end();
	heap_free(filling);
	clean("mail");
}

/* --- memory, threads, size -------------------------------------------------------------- */

/* False when it failed for want of memory. */
static bool run_once(const char *path)
{
	char why[256] = "";
	struct folder_item item;
	enum folder_got got;
	bool whole = true;
	struct folder *f = folder_open(path, 40, why, sizeof(why));

	if (!f)
		return false;
	while ((got = folder_next(f, &item, why, sizeof(why))) != FOLDER_END) {
		whole &= got == FOLDER_ITEM;
		if (got == FOLDER_ITEM)
			folder_let_go(f, &item);
	}
	folder_close(f);
	return whole;
}

static void test_memory(void)
{
	make_maildir();
	write_file("mail", B(FROM "A: 1\n\n>From x\n\n" FROM "A: 2\n\ny\n"));
	static const char *const names[] = { "mail", "M" };
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		bool whole = false;
		long n = 0, failures = 0;
		tap_begin("want of memory: %s", names[i]);
		for (; n < 200; n++) {
			mem_fail_after(n, false);
			mem_fail_arenas();
			whole = run_once(in_home(names[i]));
			long made = mem_count();
			mem_fail_after(-1, false);
			failures += !whole;
			if (made <= n)
				break;
		}
		CHECK_MSG(whole && n == failures && n > 5, "%ld allocations, %ld failures", n, failures);
		tap_end();
	}
	clean("mail");
	clean("M");
}

#define MANY 2000u

struct job {
	struct folder *f;
	size_t items, numbers;
};

static void *take_some(void *user)
{
	struct job *job = user;
	struct folder_item item;
	char why[256], want[64];

	while (folder_next(job->f, &item, why, sizeof(why)) == FOLDER_ITEM) {
		int n = snprintf(want, sizeof(want), "A: %zu\n\nbody\n", item.number);
		if (bytes_same(item.message, (struct bytes){ (const uint8_t *)want, (size_t)n }))
			job->items++;
		job->numbers += item.number;
		folder_let_go(job->f, &item);
	}
	return NULL;
}

static void test_threads(void)
{
	struct buf text;
	pthread_t threads[4];
	struct job jobs[ARRAY_LEN(threads)];
	size_t items = 0, numbers = 0;
	char why[256];

	buf_init(&text, 1u << 24);
	for (size_t i = 1; i <= MANY; i++)
		buf_addf(&text, FROM "A: %zu\n\nbody\n\n", i);
	write_file("mail", buf_bytes(&text));
	buf_free(&text);
	tap_begin("four threads take each message once");
	struct folder *f = folder_open(in_home("mail"), 4096, why, sizeof(why));
	CHECK(f);
	for (size_t i = 0; f && i < ARRAY_LEN(threads); i++) {
		jobs[i] = (struct job){ .f = f };
		CHECK(pthread_create(&threads[i], NULL, take_some, &jobs[i]) == 0);
	}
	for (size_t i = 0; f && i < ARRAY_LEN(threads); i++) {
		pthread_join(threads[i], NULL);
		items += jobs[i].items;
		numbers += jobs[i].numbers;
	}
	CHECK_MSG(items == MANY && numbers == (size_t)MANY * (MANY + 1) / 2, "%zu items", items);
	folder_close(f);
	tap_end();
	clean("mail");
}

/* Whatever a stranger sends, the work grows with the size of the file: each case is 8 MB of it. */
static void test_worst_cases(void)
{
	static const struct { const char *name, *unit; } cases[] = {
		{ "From lines that are none", "\nFrom x\n" },
		{ "Content-Length far ahead", FROM "Content-Length: 4000000\n\nx\n\n" },
		{ "signs of quoting", ">>>>>>>>>>>>>>>>" },
		{ "quoted lines", "\n>From x" },
		{ "empty lines", "\n" },
		{ "header without end", "a: b\n" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf text;
		tap_begin("in time: %s", cases[i].name);
		buf_init(&text, 1u << 24);
		buf_adds(&text, FROM "A: 1\n\n" FROM);
		while (text.n < 8u << 20)
			buf_adds(&text, cases[i].unit);
		write_file("mail", buf_bytes(&text));
		buf_free(&text);
		CHECK(run_once(in_home("mail")));
		tap_end();
		clean("mail");
	}
}

int main(void)
{
	snprintf(home, sizeof(home), "/tmp/test_folder.XXXXXX");
	if (!mkdtemp(home))
		return 1;
	test_from_lines();
	test_files();
	test_refusals();
	test_maildir();
	test_unreadable();
	test_stdin();
	test_shrink();
	test_memory();
	test_threads();
	test_worst_cases();
	rmdir(home);
	return tap_done();
}
