/* Attached files: names, types and bytes that agree or do not, programs, macros, archives. Archives are
 * made here by libarchive; those that it cannot make stand as bytes. */
#include "base/ascii.h"
#include "content/file_archive.h"
#include "content/risk_file.h"
#include "tap.h"

#include <archive.h>
#include <archive_entry.h>

/* Made by hand: an archive of RAR 4, RAR 5 and 7z each, with a locked member, with locked names. */
static const char hex_rar4[] =
	"526172211a0700cf907300000d00000000000000ad637400802f000400000004000000006afe2990000000001d300f0020000000"
	"696e766f6963652e7064662e6578654d5a78786e727400802500020000000200000000ac2a93d8000000001d3005002000000062"
	"2e7478746869c43d7b00400700";
static const char hex_rar4_locked[] =
	"526172211a0700cf907300000d00000000000000f6fb7404802500060000000600000000e5e8a25c000000001d30050020000000"
	"612e747874736563726574c43d7b00400700";
static const char hex_rar4_names[] =
	"526172211a0700ce997380000d00000000000000000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	"202122232425262728292a2b2c2d2e2f";
static const char hex_rar5[] =
	"526172211a070100c51a333203010000a554747b17020202040220ac2a93d800010a726561646d652e74787468697218bd761302"
	"02010401208316dc8c00010672756e2e6a737819b23a3503050000";
static const char hex_rar5_locked[] =
	"526172211a070100c51a333203010000057972613802032506040620e5e8a25c000105612e747874240100000f00000000000000"
	"0000000000000000000000000000000000000000000000000073656372657419b23a3503050000";
static const char hex_rar5_names[] =
	"526172211a070100d29259bc15040000000f000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f1011"
	"12131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f";
static const char hex_sevenzip[] =
	"377abcaf271c000408ddc32f10000000000000002c0000000000000071b3cec4000102030405060708090a0b0c0d0e0f01040600"
	"01091000070b01000101000c10000800000501111100720075006e002e0076006200730000000000";
static const char hex_sevenzip_locked[] =
	"377abcaf271c0004297a4f8510000000000000002e000000000000008f8c2d4f000102030405060708090a0b0c0d0e0f01040600"
	"01091000070b0100012406f107010213000c10000800000501110d0061002e0074007800740000000000";
static const char hex_sevenzip_names[] =
	"377abcaf271c00040d61c63b10000000000000001a0000000000000048c3b1c3000102030405060708090a0b0c0d0e0f17060001"
	"091000070b0100012406f107010213000c0a00080000";

#define PE "MZ\220\0\3\0\0\0\4\0\0\0\377\377\0\0\270\0\0\0\0\0\0\0@\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" \
	"\0\0\0\0\0\0\0\0\0\0\0\0@\0\0\0PE\0\0"
#define OLE "\320\317\21\340\241\261\32\341"
#define PNG "\211PNG\r\n\32\n"
#define RLO "\xe2\x80\xae"

#define C(text) text, sizeof(text) - 1

static const struct {
	const char *what, *name, *type, *content;
	size_t n;
	const char *want; /* letters: r runs, h hides its type, l locked, m may run */
} cases[] = {
	/* harmless */
	{ "a PDF", "invoice.pdf", "application/pdf", C("%PDF-1.4\n1 0 obj"), "" },
	{ "a PDF as octets", "invoice.pdf", "application/octet-stream", C("%PDF-1.4\n1 0 obj"), "" },
	{ "a PDF with rubbish in front", "invoice.pdf", "application/pdf", C("\r\n\r\n%PDF-1.4\n"), "" },
	{ "a name with dots", "report.v1.2.2023.pdf", "application/pdf", C("%PDF-1.4"), "" },
	{ "a picture with another picture's name", "a.jpg", "image/jpeg", C(PNG), "" },
	{ "a page in a .doc", "export.doc", "application/msword", C("<html><body>"), "" },
	{ "a table of text in a .xls", "export.xls", "application/vnd.ms-excel", C("a\tb\n"), "" },
	{ "text", "a.txt", "text/plain", C("hello"), "" },
	{ "text that begins with MZ", "a.txt", "text/plain", C("MZ is how programs begin, and this text is long enough to "
	  "be taken for one by those who look at two bytes only."), "" },
	{ "a patch", "0001-x.patch", "text/x-diff", C("From 1\n"), "" },
	{ "text with a script's first line", "how.txt", "text/plain", C("#!/bin/sh is the first line\n"), "" },
	{ "a page", "page.html", "text/html", C("<html>"), "" },
	{ "an archive of archives", "src.tar.gz", "application/gzip", C("not gzip at all"), "" },
	{ "no name, no content", "", "application/octet-stream", C(""), "" },
	{ "a key", "smime.p7s", "application/pkcs7-signature", C("0\202"), "" },
	{ "a name in Hebrew, said so", "\xe2\x81\xa7\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d\xe2\x81\xa9.pdf", "application/pdf", C("%PDF-1.4"), "" },
	{ "a person's card", "joe@example.com.vcf", "text/vcard", C("BEGIN:VCARD"), "" },

	/* runs */
	{ "a program", "setup.exe", "application/octet-stream", C(PE), "r" },
	{ "a program without a name", "", "application/octet-stream", C(PE), "r" },
	{ "a program with no extension", "setup", "application/octet-stream", C(PE), "r" },
	{ "a program for Linux", "x", "application/octet-stream", C("\177ELF\2\1\1"), "r" },
	{ "a script for Windows", "a.js", "text/javascript", C("var a"), "r" },
	{ "a script declared as text", "a.vbs", "text/plain", C("x"), "r" },
	{ "capitals", "A.SCR", "application/octet-stream", C("x"), "r" },
	{ "a dot and blanks behind", "a.exe. . ", "application/octet-stream", C("x"), "r" },
	{ "the oldest kind of program", "www.example.com", "application/octet-stream", C("x"), "r" },
	{ "a shortcut", "a.lnk", "application/octet-stream", C("L\0\0\0\1\24\2\0"), "r" },
	{ "a shortcut by its bytes", "a.dat", "application/octet-stream", C("L\0\0\0\1\24\2\0"), "r" },
	{ "a disk", "a.iso", "application/octet-stream", C(""), "r" },
	{ "a notebook", "a.one", "application/onenote", C(""), "r" },
	{ "an installer in old clothes", "", "application/octet-stream",
	  C(OLE "MSI"), "r" /* content is made below */ },

	/* hides its type */
	{ "two extensions", "invoice.pdf.exe", "application/octet-stream", C("x"), "rh" },
	{ "blanks between them", "invoice.pdf            .scr", "application/octet-stream", C("x"), "rh" },
	{ "underscores between them", "invoice.pdf______.js", "application/octet-stream", C("x"), "rh" },
	{ "a page that poses as a PDF", "invoice.pdf.html", "text/html", C("<html>"), "h" },
	{ "turned round", "invoice" RLO "fdp.exe", "application/octet-stream", C("x"), "rh" },
	{ "turned round, harmless all the same", "gnp" RLO "x.png", "image/png", C(PNG), "h" },
	{ "embedded the wrong way round", "x\xe2\x80\xab" "fdp.exe", "application/octet-stream", C("x"), "rh" },
	{ "a program named as a picture", "a.jpg", "image/jpeg", C(PE), "rh" },
	{ "an archive named as a PDF", "a.pdf", "application/pdf", C("PK\3\4"), "h" },
	{ "a page named as a PDF", "a.pdf", "application/pdf", C("<!DOCTYPE html><html>"), "h" },
	{ "RTF named as new Word", "a.docx", "application/octet-stream", C("{\\rtf1 x}"), "h" },
	{ "a program declared as a picture", "x.exe", "image/png", C("x"), "rh" },
	{ "a program declared as a picture, no name", "", "image/png", C(PE), "rh" },
	{ "an archive declared as text, no name", "", "text/plain", C("Rar!\32\7\1\0"), "h" },

	/* programs in documents */
	{ "by its name", "a.docm", "application/octet-stream", C("x"), "m" },
	{ "a PDF with a program", "a.pdf", "application/pdf", C("%PDF-1.4 <</S /JavaScript /JS (x)>>"), "m" },
	{ "a PDF with a hidden program", "a.pdf", "application/pdf", C("%PDF-1.4 <</S/J#61vaScr#69pt>>"), "m" },
	{ "a PDF that starts a program", "a.pdf", "application/pdf", C("%PDF-1.4 <</S /Launch>>"), "m" },
	{ "a PDF that speaks of it", "a.pdf", "application/pdf", C("%PDF-1.4 (JavaScript /JavaScripts /Launched)"), "" },
	{ "RTF with an object", "a.rtf", "application/rtf", C("{\\rtf1{\\object{\\*\\objdata 01}}}"), "m" },
	{ "RTF without one", "a.rtf", "application/rtf", C("{\\rtf1 objdata \\par}"), "" },
	{ "RTF named as old Word, with an object", "a.doc", "application/msword", C("{\\rt{\\*\\OBJDATA 01}}"), "m" },
};

static void describe(const struct risk_file *r, char to[5])
{
	size_t n = 0;

	if (r->runs.p)
		to[n++] = 'r';
	if (r->hides.p)
		to[n++] = 'h';
	if (r->locked.p)
		to[n++] = 'l';
	if (r->may_run.p)
		to[n++] = 'm';
	to[n] = 0;
}

static struct work *work_of(struct arena *a)
{
	static struct limits limits;
	static struct work w;

	limits_init(&limits);
	w = (struct work){ .arena = a, .limits = &limits };
	return &w;
}

/* --- making files --- */

struct member { const char *name, *data; size_t n; };

/* An archive in the arena. `options` of libarchive, or NULL. */
static struct bytes make(struct arena *arena, int format, int filter, const char *options, const struct member *m, size_t n)
{
	size_t used = 0, size = 1 << 16;
	for (size_t i = 0; i < n; i++)
		size += m[i].n + 1024;
	void *p = arena_alloc(arena, size);
	struct archive *a = archive_write_new();

	assert(p && a);
	archive_write_set_format(a, format);
	if (filter)
		archive_write_add_filter(a, filter);
	if (options)
		assert(archive_write_set_options(a, options) == ARCHIVE_OK);
	archive_write_set_passphrase(a, "infected");
	archive_write_set_bytes_in_last_block(a, 1);
	if (archive_write_open_memory(a, p, size, &used) != ARCHIVE_OK)
		abort();
	for (size_t i = 0; i < n; i++) {
		struct archive_entry *e = archive_entry_new();
		archive_entry_set_pathname(e, m[i].name);
		archive_entry_set_size(e, (int64_t)m[i].n);
		archive_entry_set_filetype(e, AE_IFREG);
		archive_entry_set_perm(e, 0644);
		if (archive_write_header(a, e) != ARCHIVE_OK)
			abort();
		archive_write_data(a, m[i].data, m[i].n);
		archive_entry_free(e);
	}
	archive_write_close(a);
	archive_write_free(a);
	return (struct bytes){ p, used };
}

#define MAKE(arena, format, filter, options, ...) \
	make(arena, format, filter, options, (const struct member[]){ __VA_ARGS__ }, \
	     sizeof((const struct member[]){ __VA_ARGS__ }) / sizeof(struct member))
#define ZIP(arena, ...) MAKE(arena, ARCHIVE_FORMAT_ZIP, 0, NULL, __VA_ARGS__)

static struct bytes from_hex(struct arena *a, const char *hex)
{
	size_t n = strlen(hex) / 2;
	uint8_t *p = arena_alloc(a, n + 1);

	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(ascii_hex((uint8_t)hex[2 * i]) << 4 | ascii_hex((uint8_t)hex[2 * i + 1]));
	return (struct bytes){ p, n };
}

/* A compound file with one directory entry of that name, in its second sector. */
static struct bytes ole(struct arena *a, const char *name, uint8_t type, const char *class_id)
{
	uint8_t *p = arena_alloc(a, 2048), *entry = p + 1024 + 128;

	memcpy(p, OLE, 8);
	for (size_t i = 0; i < strlen(name); i++)
		entry[2 * i] = (uint8_t)name[i];
	entry[64] = (uint8_t)(2 * strlen(name) + 2);
	entry[66] = type;
	if (class_id)
		memcpy(entry + 80, from_hex(a, class_id).p, 16);
	return (struct bytes){ p, 2048 };
}

/* --- the cases that need a file made --- */

static void expect(struct arena *a, const char *what, const char *name, const char *type, struct bytes content,
                   const char *want, const char *path)
{
	struct bytes copy = heap_bytes(content);
	struct file_budget budget = file_budget_of(work_of(a));
	struct risk_file_input in = { bytes_of(name), bytes_of(type), copy, &budget };
	struct risk_file r;
	char got[5];

	tap_begin("%s", what);
	if (CHECK(risk_file_look(work_of(a), &in, &r))) {
		describe(&r, got);
		CHECK_MSG(strcmp(got, want) == 0, "got \"%s\", want \"%s\"", got, want);
		if (path)
			CHECK_BYTES(r.runs.p ? r.runs : r.may_run, path);
	}
	tap_end();
	heap_free(copy);
}

static void documents(struct arena *a)
{
	struct bytes docx = ZIP(a, { "[Content_Types].xml", C("<x/>") }, { "word/document.xml", C("<x/>") });
	struct bytes docm = ZIP(a, { "[Content_Types].xml", C("<x/>") }, { "word/vbaProject.bin", C("x") });
	struct bytes late = ZIP(a, { "xl/vbaProject.bin", C("x") }, { "[Content_Types].xml", C("<x/>") });
	struct bytes sheets = ZIP(a, { "[Content_Types].xml", C("<x/>") }, { "xl/macrosheets/sheet1.xml", C("x") });
	struct bytes odt = ZIP(a, { "mimetype", C("application/x") }, { "Basic/Standard/Module1.xml", C("x") });

	expect(a, "new Word", "a.docx", "application/octet-stream", docx, "", NULL);
	expect(a, "new Word with macros", "a.docx", "application/octet-stream", docm, "m", "a.docx");
	expect(a, "new Excel with macros in front", "a.xlsx", "application/octet-stream", late, "m", "a.xlsx");
	expect(a, "new Excel with old macros", "a.xlsx", "application/octet-stream", sheets, "m", "a.xlsx");
	expect(a, "LibreOffice with Basic", "a.odt", "application/octet-stream", odt, "m", "a.odt");
	expect(a, "an archive with a folder named Basic", "a.zip", "application/zip",
	       ZIP(a, { "Basic/readme.txt", C("x") }), "", NULL);
	expect(a, "old Word", "a.doc", "application/msword", ole(a, "WordDocument", 2, NULL), "", NULL);
	expect(a, "old Word with macros", "a.doc", "application/msword", ole(a, "VBA", 1, NULL), "m", "a.doc");
	expect(a, "old Excel with macros", "a.xls", "application/octet-stream", ole(a, "_VBA_PROJECT_CUR", 1, NULL), "m", NULL);
	expect(a, "old Word with a file in it", "a.doc", "application/octet-stream", ole(a, "\1Ole10Native", 2, NULL), "m", NULL);
	expect(a, "the word VBA somewhere else", "a.doc", "application/msword", ole(a, "VBAx", 1, NULL), "", NULL);
	expect(a, "VBA in a free entry", "a.doc", "application/msword", ole(a, "VBA", 0, NULL), "", NULL);
	expect(a, "new Word, encrypted", "a.docx", "application/octet-stream", ole(a, "EncryptedPackage", 2, NULL), "l", NULL);
	expect(a, "an installer without its name", "a.dat", "application/octet-stream",
	       ole(a, "Root Entry", 5, "84100c0000000000c000000000000046"), "r", "a.dat");
}

/* A ZIP archive whose one member's name begins with these two bytes, in both places where a name stands. */
static struct bytes renamed(struct arena *a, const char *two, bool utf8)
{
	struct bytes zip = ZIP(a, { "qq.exe", C("x") });
	uint8_t *p = (uint8_t *)(uintptr_t)zip.p;

	for (size_t i = 0; i + 4 < zip.n; i++) {
		if (memcmp(p + i, "qq.e", 4) == 0)
			memcpy(p + i, two, 2);
		if (utf8 && memcmp(p + i, "PK\3\4", 4) == 0)
			p[i + 7] |= 8;
		if (utf8 && memcmp(p + i, "PK\1\2", 4) == 0)
			p[i + 9] |= 8;
	}
	return zip;
}

static void archives(struct arena *a)
{
	const int zip = ARCHIVE_FORMAT_ZIP, tar = ARCHIVE_FORMAT_TAR_USTAR, gz = ARCHIVE_FILTER_GZIP;
	struct bytes inner = ZIP(a, { "invoice.pdf.exe", C(PE) });
	struct bytes middle = ZIP(a, { "inner.zip", (const char *)inner.p, inner.n });
	struct bytes locked = MAKE(a, zip, 0, "zip:encryption=zipcrypt", { "a.txt", C("hello") });

	expect(a, "ZIP of text", "a.zip", "application/zip", ZIP(a, { "a.txt", C("hello") }, { "b/c.pdf", C("%PDF-") }), "", NULL);
	expect(a, "ZIP with a program", "a.zip", "application/zip", ZIP(a, { "b.txt", C("x") }, { "x/b.exe", C(PE) }), "r",
	       "a.zip/x/b.exe");
	expect(a, "ZIP with a program that hides", "a.zip", "application/zip", inner, "rh", "a.zip/invoice.pdf.exe");
	expect(a, "ZIP with a shortcut among folders", "a.zip", "application/zip", ZIP(a, { "Docs/a.pdf.lnk", C("x") }), "rh", NULL);
	expect(a, "ZIP with a document with macros", "a.zip", "application/zip", ZIP(a, { "b.xlsm", C("x") }), "m", "a.zip/b.xlsm");
	expect(a, "ZIP in ZIP", "a.zip", "application/zip", middle, "rh", "a.zip/inner.zip/invoice.pdf.exe");
	expect(a, "locked ZIP", "a.zip", "application/zip", locked, "l", NULL);
	expect(a, "ZIP locked with AES", "a.zip", "application/zip",
	       MAKE(a, zip, 0, "zip:encryption=aes256", { "a.js", C("hello") }), "rl", "a.zip/a.js");
	expect(a, "locked ZIP in ZIP", "a.zip", "application/zip", ZIP(a, { "b.zip", (const char *)locked.p, locked.n }), "l", NULL);
	expect(a, "ZIP named otherwise", "a.dat", "application/octet-stream", locked, "l", NULL);
	expect(a, "ZIP without its end", "a.zip", "application/zip", bytes_sub(inner, 0, inner.n - 60), "rh", NULL);
	expect(a, "a name in UTF-8", "a.zip", "application/zip", renamed(a, "\xc3\xa4", true), "r", "a.zip/\xc3\xa4.exe");
	expect(a, "a name in bytes that are no UTF-8", "a.zip", "application/zip", renamed(a, "\x84\xff", false), "r", NULL);
	expect(a, "a name that says it is UTF-8 and is not", "a.zip", "application/zip", renamed(a, "\xff\xfe", true), "h", NULL);
	expect(a, "tar", "a.tar", "application/x-tar", MAKE(a, tar, 0, NULL, { "b.txt", C("x") }, { "c.bat", C("x") }), "r",
	       "a.tar/c.bat");
	expect(a, "tar.gz", "a.tgz", "application/gzip", MAKE(a, tar, gz, NULL, { "b.txt", C("x") }, { "c.bat", C("x") }), "r",
	       "a.tgz/c.bat");
	expect(a, "a program, compressed", "a.gz", "application/gzip",
	       MAKE(a, ARCHIVE_FORMAT_RAW, gz, NULL, { "x", C(PE) }), "r", "a.gz");
	expect(a, "text, compressed", "a.txt.gz", "application/gzip", MAKE(a, ARCHIVE_FORMAT_RAW, gz, NULL, { "x", C("hello") }), "",
	       NULL);
	expect(a, "7z", "a.7z", "application/x-7z-compressed", MAKE(a, ARCHIVE_FORMAT_7ZIP, 0, NULL, { "b.txt", C("x") },
	       { "c.hta", C("x") }), "r", "a.7z/c.hta");
	expect(a, "7z by hand", "a.7z", "application/x-7z-compressed", from_hex(a, hex_sevenzip), "r", "a.7z/run.vbs");
	expect(a, "7z, locked", "a.7z", "application/x-7z-compressed", from_hex(a, hex_sevenzip_locked), "l", NULL);
	expect(a, "7z, names locked", "a.7z", "application/x-7z-compressed", from_hex(a, hex_sevenzip_names), "l", NULL);
	expect(a, "RAR 4", "a.rar", "application/x-rar", from_hex(a, hex_rar4), "rh", "a.rar/invoice.pdf.exe");
	expect(a, "RAR 4, locked", "a.rar", "application/x-rar", from_hex(a, hex_rar4_locked), "l", NULL);
	expect(a, "RAR 4, names locked", "a.rar", "application/x-rar", from_hex(a, hex_rar4_names), "l", NULL);
	expect(a, "RAR 5", "a.rar", "application/x-rar", from_hex(a, hex_rar5), "r", "a.rar/run.js");
	expect(a, "RAR 5, locked", "a.rar", "application/x-rar", from_hex(a, hex_rar5_locked), "l", NULL);
	expect(a, "RAR 5, names locked", "a.rar", "application/x-rar", from_hex(a, hex_rar5_names), "l", NULL);
	struct bytes rar = from_hex(a, hex_rar5_locked);
	expect(a, "RAR 5 locked, in ZIP", "a.zip", "application/zip", ZIP(a, { "b.rar", (const char *)rar.p, rar.n }), "l", NULL);
}

/* --- limits --- */

static void limits_case(struct arena *a, const char *what, enum file_type type, struct bytes content, enum limit_id id,
                        uint32_t value)
{
	struct work *w = work_of(a);
	struct limits small = *w->limits;
	struct file_archive f;
	int64_t began = tap_cpu_ms();

	small.v[id] = value;
	w->limits = &small;
	tap_begin("%s", what);
	struct file_budget budget = file_budget_of(w);
	CHECK(file_archive_look(w, content, type, &budget, &f));
	CHECK_MSG(f.cut && w->reached & UINT64_C(1) << id, "cut %d reached %llx", f.cut, (unsigned long long)w->reached);
	CHECK_MSG(tap_cpu_ms() - began < 2000, "%d ms", (int)(tap_cpu_ms() - began));
	tap_end();
}

static void limits(struct arena *a)
{
	struct member many[200];
	size_t big = 30 << 20;
	char *zeros = calloc(1, big);
	struct bytes nest = ZIP(a, { "a.txt", C("x") });

	assert(zeros);
	for (size_t i = 0; i < ARRAY_LEN(many); i++)
		many[i] = (struct member){ (const char *)arena_printf(a, "f%zu.txt", i).p, C("x") };
	limits_case(a, "members", FILE_TYPE_ZIP, make(a, ARCHIVE_FORMAT_ZIP, 0, NULL, many, ARRAY_LEN(many)),
	            LIMIT_ARCHIVE_MEMBERS, 100);
	for (int i = 0; i < 10; i++)
		nest = ZIP(a, { "n.zip", (const char *)nest.p, nest.n });
	limits_case(a, "levels", FILE_TYPE_ZIP, nest, LIMIT_ARCHIVE_DEPTH, 3);
	struct bytes bomb = MAKE(a, ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_GZIP, NULL, { "zeros", zeros, big });
	limits_case(a, "ratio", FILE_TYPE_PACKED, bomb, LIMIT_ARCHIVE_RATIO, 20);
	limits_case(a, "bytes", FILE_TYPE_PACKED, bomb, LIMIT_ARCHIVE_BYTES, 1 << 20);
	struct bytes zip_bomb = MAKE(a, ARCHIVE_FORMAT_ZIP, 0, NULL, { "x.zip", zeros, big });
	limits_case(a, "bytes of a ZIP within", FILE_TYPE_ZIP, zip_bomb, LIMIT_ARCHIVE_BYTES, 1 << 20);
	limits_case(a, "bytes of a ZIP without its end", FILE_TYPE_ZIP, bytes_sub(zip_bomb, 0, zip_bomb.n - 60), LIMIT_ARCHIVE_BYTES,
	            1 << 20);
	struct bytes solid = MAKE(a, ARCHIVE_FORMAT_7ZIP, 0, NULL, { "zeros", zeros, big }, { "b.exe", C("x") });
	limits_case(a, "bytes of a 7z", FILE_TYPE_SEVENZIP, solid, LIMIT_ARCHIVE_BYTES, 1 << 17);
	free(zeros);
}

static void every_cut(struct arena *a)
{
	static const char *const hex[] = { hex_rar4, hex_rar4_locked, hex_rar4_names, hex_rar5, hex_rar5_locked,
	                                   hex_rar5_names, hex_sevenzip, hex_sevenzip_locked, hex_sevenzip_names };

	tap_begin("every cut and every changed byte can be read");
	for (size_t i = 0; i < ARRAY_LEN(hex); i++) {
		struct arena *own = arena_new(64 << 20);
		struct bytes b = from_hex(a, hex[i]);
		for (size_t n = 0; n < b.n; n++) {
			struct bytes cut = heap_bytes(bytes_sub(b, 0, n)), bent = heap_bytes(b);
			struct risk_file r;
			struct file_budget budget = file_budget_of(work_of(own));
			*(uint8_t *)(uintptr_t)&bent.p[n] ^= 0x81;
			CHECK(risk_file_look(work_of(own), &(struct risk_file_input){ B("a"), B(""), cut, &budget }, &r));
			CHECK(risk_file_look(work_of(own), &(struct risk_file_input){ B("a"), B(""), bent, &budget }, &r));
			heap_free(cut);
			heap_free(bent);
			arena_reset(own);
		}
		arena_free(own);
	}
	tap_end();
}

/* Four megabytes of each nasty thing are read in a moment. */
static void long_ones(struct arena *a)
{
	static const struct { const char *what, *start, *seed; size_t n; } seeds[] = {
		{ "slashes in a PDF", "%PDF-1.4", C("/#4a") }, { "backslashes in RTF", "{\\rtf", C("\\obj") },
		{ "entries of a compound file", OLE, C("V\0B\0A\0\0\0") }, { "blocks of RAR 4", "Rar!\x1a\7", C("\0\0\0t\0\0\7\0\0\0\0\0") },
		{ "ends of ZIP", "PK\3\4", C("PK\5\6") }, { "heads of ZIP", "PK\3\4", C("PK\3\4\24\0\0\0") },
		{ "entries of ZIP", "PK\3\4", C("PK\1\2\24\0\0\0") }, { "numbers of 7z", "7z\xbc\xaf\x27\x1c", C("\1\x17") },
		{ "comments before a page", "<!--", C("--><!--") }, { "bytes of gzip", "\x1f\x8b\x08", C("\0\1") },
	};
	size_t n = 4 << 20;
	uint8_t *p = malloc(n);

	assert(p);
	for (size_t s = 0; s < ARRAY_LEN(seeds); s++) {
		struct risk_file r;
		struct file_budget budget = file_budget_of(work_of(a));
		for (size_t i = 0; i < n; i++)
			p[i] = (uint8_t)seeds[s].seed[i % seeds[s].n];
		memcpy(p, seeds[s].start, strlen(seeds[s].start));
		tap_begin("four megabytes of %s", seeds[s].what);
		int64_t began = tap_cpu_ms();
		CHECK(risk_file_look(work_of(a), &(struct risk_file_input){ B("a.bin"), B(""), { p, n }, &budget }, &r));
		CHECK_MSG(tap_cpu_ms() - began < 2000, "%d ms", (int)(tap_cpu_ms() - began));
		tap_end();
	}
	free(p);
}

int main(void)
{
	struct arena *a = arena_new(256 << 20);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes content = { (const uint8_t *)cases[i].content, cases[i].n };
		if (bytes_eq(content, OLE "MSI"))
			content = ole(a, "Root Entry", 5, "84100c0000000000c000000000000046");
		expect(a, cases[i].what, cases[i].name, cases[i].type, content, cases[i].want, NULL);
	}
	documents(a);
	archives(a);
	limits(a);
	every_cut(a);
	long_ones(a);
	arena_free(a);
	return tap_done();
}
