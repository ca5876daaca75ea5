/* folder.c - see folder.h */
#include "folder/folder.h"

#include <errno.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "folder/folder_maildir.h"
#include "folder/folder_mbox.h"
#include "folder/folder_source.h"

#define HEAD_BYTES 512u     /* enough to tell a kind of file by how it begins */
#define ENTRY_WINDOW 4096u  /* of a Maildir's files only the first line is looked at */

struct folder {
	enum folder_kind kind;
	char *path;                 /* as given; "standard input" for "-" */
	pthread_mutex_t lock;       /* over all that follows and changes: next, number, done, source */
	struct folder_source source;/* not for a Maildir */
	uint64_t next, end;         /* bytes of the source that are still to come; entries of a Maildir */
	bool mbox_line, mozilla;    /* a "From " line stands at the beginning; as Thunderbird writes it */
	struct folder_maildir maildir;
	size_t number;
	uint64_t done, all;
};

/* What an item lives in. */
struct folder_held {
	struct folder_piece piece;
	uint8_t *unquoted;
	char name[];
};

/* --- what a file is ------------------------------------------------------------ */

#define MAGIC(text) text, sizeof(text) - 1
#define SAVE_AS "; open it in the mail program and save the mail as .eml"

/* Files that people hand over instead of a mail, by how they begin. (What stands further in is only
 * looked at with a NUL: a stranger's HELO may stand there.) */
static const struct {
	size_t at;
	const char *magic;
	size_t n;
	const char *is; /* and what to do */
} no_mails[] = {
	{ 0, MAGIC("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "this is Outlook's own format (.msg), which does not keep the mail as it came" SAVE_AS },
	{ 0, MAGIC("!BDN"), "this is Outlook's store (.pst, .ost), not a mail; open it in Outlook and save the mail as .eml" },
	{ 0, MAGIC("\x78\x9f\x3e\x22"), "this is Outlook's attachment (winmail.dat), not a mail; save the mail that it came with as .eml" },
	{ 0, MAGIC("PK\x03\x04"), "this is a .zip archive; unpack it and give the .eml inside" },
	{ 0, MAGIC("7z\xbc\xaf\x27\x1c"), "this is a .7z archive; unpack it and give the .eml inside" },
	{ 0, MAGIC("Rar!\x1a\x07"), "this is a .rar archive; unpack it and give the .eml inside" },
	{ 257, MAGIC("ustar\0"), "this is a .tar archive; unpack it and give the .eml inside" },
	{ 257, MAGIC("ustar  \0"), "this is a .tar archive; unpack it and give the .eml inside" },
	{ 0, MAGIC("\x1f\x8b"), "this is compressed (gzip); unpack it with gunzip first" },
	{ 0, MAGIC("BZh"), "this is compressed (bzip2); unpack it with bunzip2 first" },
	{ 0, MAGIC("\xfd" "7zXZ\0"), "this is compressed (xz); unpack it with unxz first" },
	{ 0, MAGIC("\x28\xb5\x2f\xfd"), "this is compressed (zstd); unpack it with unzstd first" },
	{ 0, MAGIC("%PDF"), "this is a PDF: a print-out has no headers, and they are the evidence" SAVE_AS },
	{ 0, MAGIC("\x89PNG"), "this is a picture: it has no headers, and they are the evidence" SAVE_AS },
	{ 0, MAGIC("\xff\xd8\xff"), "this is a picture: it has no headers, and they are the evidence" SAVE_AS },
	{ 0, MAGIC("GIF8"), "this is a picture: it has no headers, and they are the evidence" SAVE_AS },
	{ 0, MAGIC("RIFF"), "this is a picture: it has no headers, and they are the evidence" SAVE_AS },
	{ 4, MAGIC("ftyp"), "this is a picture or a film: it has no headers, and they are the evidence" SAVE_AS },
	{ 0, MAGIC("{\\rtf"), "this is a text document (.rtf): it has no headers, and they are the evidence" SAVE_AS },
	{ 0, MAGIC("// <!-- <mdb:mork"), "this is an index of Thunderbird (.msf); give the file beside it whose name does not end in .msf" },
	{ 0, MAGIC("SQLite format 3"), "this is a database of a program, not a mail" SAVE_AS },
	{ 0, MAGIC("\xff\xfe"), "this is text in UTF-16: a mail is not" SAVE_AS },
	{ 0, MAGIC("\xfe\xff"), "this is text in UTF-16: a mail is not" SAVE_AS },
	{ 0, MAGIC("\x01\x01\x01\x01\n"), "this is an MMDF folder; convert it to mbox first" },
};

static const char *what_else(struct bytes head)
{
	struct bytes text = bytes_trim_left(head);

	for (size_t i = 0; i < ARRAY_LEN(no_mails); i++) {
		struct bytes magic = { (const uint8_t *)no_mails[i].magic, no_mails[i].n };
		if (bytes_same(bytes_sub(head, no_mails[i].at, magic.n), magic))
			return no_mails[i].is;
	}
	if (bytes_istarts(text, "<!doctype html") || bytes_istarts(text, "<html"))
		return "this is a web page: it has no headers, and they are the evidence" SAVE_AS;
	return NULL;
}

/* The bytes of a file that are mail. */
struct range {
	uint64_t at, end;
};

/* Apple Mail's file: a line with the length of the mail, the mail, a property list. False: it is none. */
static bool emlx(struct folder_source *source, const char *name, struct bytes head, struct range *out)
{
	uint8_t behind[5];
	uint64_t n;
	size_t lf = bytes_find(head, '\n', 0);

	if (lf == head.n || !bytes_to_u64(bytes_trim(bytes_sub(head, 0, lf)), &n))
		return false;
	uint64_t at = lf + 1;
	if (n > source->size - at) { /* cut off: only its name says what it was */
		if (!bytes_iends(bytes_of(name), ".emlx"))
			return false;
		n = source->size - at;
	}
	size_t m = folder_source_peek(source, at + n, behind, sizeof(behind));
	if (m && !bytes_eq((struct bytes){ behind, m }, "<?xml"))
		return false;
	*out = (struct range){ at, at + n };
	return true;
}

/* Sets kind, and what of the source is mail. */
static void tell_kind(struct folder *f, struct bytes head)
{
	struct range range;
	size_t at = 0;

	f->kind = head.n ? FOLDER_MESSAGE : FOLDER_MBOX;
	f->end = f->source.size;
	if (emlx(&f->source, f->path, head, &range)) {
		f->next = range.at;
		f->end = range.end;
		return;
	}
	while (at < head.n && (head.p[at] == '\r' || head.p[at] == '\n'))
		at++;
	if (!folder_mbox_starts(bytes_from(head, at)))
		return;
	f->mbox_line = true;
	f->mozilla = folder_mbox_is_mozilla(bytes_from(head, at));
	f->next = at;
	if (folder_mbox_span(&f->source, f->next, f->mozilla).next < f->source.size)
		f->kind = FOLDER_MBOX;
}

static bool open_file(struct folder *f, const char *path, size_t max_bytes, char *why, size_t size)
{
	uint8_t text[HEAD_BYTES];
	struct bytes head = { text, 0 };

	if (!folder_source_open(path, max_bytes, &f->source, why, size))
		return false;
	head.n = folder_source_peek(&f->source, 0, text, sizeof(text));
	const char *is = what_else(head);
	if (is)
		return folder_say(why, size, "%s", is);
	tell_kind(f, head);
	f->all = f->end;
	f->done = 0;
	return f->source.trouble ? folder_say(why, size, "%s", f->source.trouble) : true;
}

static bool open_folder(struct folder *f, const char *path, char *why, size_t size)
{
	f->kind = FOLDER_MAILDIR;
	if (!folder_maildir_open(path, &f->maildir, why, size))
		return false;
	f->end = f->maildir.n;
	for (size_t i = 0; i < f->maildir.n; i++)
		f->all += f->maildir.entries[i].bytes;
	return true;
}

struct folder *folder_open(const char *path, size_t max_bytes, char *why, size_t size)
{
	struct bytes name = bytes_of(strcmp(path, "-") == 0 ? "standard input" : path);
	struct folder *f = mem_calloc(1, sizeof(*f));
	struct stat st;

	if (!f || !(f->path = mem_alloc(name.n + 1))) {
		mem_free(f);
		folder_say(why, size, "not enough memory");
		return NULL;
	}
	memcpy(f->path, name.p, name.n);
	f->path[name.n] = '\0';
	pthread_mutex_init(&f->lock, NULL);
	f->source.fd = f->maildir.fd = -1;
	bool is_dir = strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
	if (is_dir ? open_folder(f, path, why, size) : open_file(f, path, max_bytes, why, size))
		return f;
	folder_close(f);
	return NULL;
}

void folder_close(struct folder *f)
{
	if (!f)
		return;
	folder_source_close(&f->source);
	folder_maildir_close(&f->maildir);
	pthread_mutex_destroy(&f->lock);
	mem_free(f->path);
	mem_free(f);
}

enum folder_kind folder_kind_of(const struct folder *f)
{
	return f->kind;
}

/* --- the next message ------------------------------------------------------------ */

/* One message that was chosen under the lock, to be read outside of it. */
struct choice {
	enum folder_got got;
	size_t number;
	uint64_t at, n;
	bool quoted;                /* an mbox may have quoted it */
	const struct folder_entry *entry;
	const char *trouble;
};

static void choose_from_source(struct folder *f, struct choice *c)
{
	struct folder_mbox_span span = { .at = f->next, .n = f->end - f->next, .next = f->end };

	if (f->mbox_line)
		span = folder_mbox_span(&f->source, f->next, f->mozilla);
	if (f->source.trouble) { /* there is no finding the next one */
		c->trouble = f->source.trouble;
		span.next = f->end;
	}
	c->at = span.at;
	c->n = span.n;
	c->quoted = f->mbox_line;
	f->next = span.next;
	f->done = f->next;
}

static struct choice choose(struct folder *f)
{
	struct choice c = { .got = FOLDER_END };

	pthread_mutex_lock(&f->lock);
	if (f->next < f->end) {
		c.got = FOLDER_ITEM;
		c.number = ++f->number;
		if (f->kind == FOLDER_MAILDIR) {
			c.entry = &f->maildir.entries[f->next++];
			f->done += c.entry->bytes;
		} else {
			choose_from_source(f, &c);
		}
	}
	pthread_mutex_unlock(&f->lock);
	return c;
}

static struct folder_held *new_held(const struct folder *f, const struct choice *c)
{
	struct bytes path = bytes_of(f->path), dir = { 0 }, name = { 0 };

	if (c->entry) {
		dir = bytes_of(c->entry->dir);
		name = bytes_of(c->entry->name);
	}
	size_t size = path.n + dir.n + name.n + 40;
	struct folder_held *h = mem_calloc(1, sizeof(*h) + size);
	if (!h)
		return NULL;
	if (!c->entry)
		snprintf(h->name, size, f->kind == FOLDER_MBOX ? "%s, message %zu" : "%s", f->path, c->number);
	else if (bytes_eq(dir, "."))
		snprintf(h->name, size, "%s", c->entry->name);
	else
		snprintf(h->name, size, "%s/%s", c->entry->dir, c->entry->name);
	return h;
}

/* A file of a Maildir, whole; it may be .emlx or begin with a "From " line. */
static bool read_opened(struct folder_source *source, struct choice *c, struct folder_held *h, char *why, size_t size)
{
	uint8_t text[HEAD_BYTES];
	struct bytes head = { text, folder_source_peek(source, 0, text, sizeof(text)) };
	const char *is = what_else(head);
	struct range range = { 0, source->size };

	if (is)
		return folder_say(why, size, "%s", is);
	if (!emlx(source, h->name, head, &range) && folder_mbox_starts(head)) {
		uint64_t lf = folder_source_find(source, 0, B("\n"));
		range.at = lf < range.end ? lf + 1 : lf;
		c->quoted = true;
	}
	return folder_source_take(source, range.at, range.end - range.at, &h->piece, why, size);
}

static bool read_entry(const struct folder *f, struct choice *c, struct folder_held *h, char *why, size_t size)
{
	struct folder_source source;
	int fd = folder_maildir_open_entry(&f->maildir, c->entry);

	if (fd < 0)
		return folder_say(why, size, "%s", errno == ENOENT ? "it was moved or deleted meanwhile" : strerrordesc_np(errno));
	if (!folder_source_of(fd, ENTRY_WINDOW, &source, why, size))
		return false;
	bool ok = read_opened(&source, c, h, why, size);
	folder_source_close(&source);
	return ok;
}

static bool unquote(struct folder_held *h, struct folder_item *item, char *why, size_t size)
{
	size_t quoted = folder_mbox_quoted(item->stored);

	if (!quoted)
		return true;
	size_t n = item->stored.n - quoted;
	h->unquoted = mem_alloc(n ? n : 1);
	if (!h->unquoted)
		return folder_say(why, size, "not enough memory");
	folder_mbox_unquote(item->stored, h->unquoted);
	item->message = (struct bytes){ h->unquoted, n };
	return true;
}

static void free_held(struct folder_held *h)
{
	if (!h)
		return;
	folder_piece_free(&h->piece);
	mem_free(h->unquoted);
	mem_free(h);
}

static bool read_message(const struct folder *f, struct choice *c, struct folder_item *item, char *why, size_t size)
{
	struct folder_held *h = item->held;

	if (c->trouble)
		return folder_say(why, size, "%s", c->trouble);
	if (c->entry ? !read_entry(f, c, h, why, size) : !folder_source_take(&f->source, c->at, c->n, &h->piece, why, size))
		return false;
	item->message = item->stored = h->piece.bytes;
	return !c->quoted || unquote(h, item, why, size);
}

enum folder_got folder_next(struct folder *f, struct folder_item *out, char *why, size_t size)
{
	struct choice c = choose(f);
	char trouble[256] = "not enough memory";

	if (c.got == FOLDER_END)
		return FOLDER_END;
	struct folder_item item = { .number = c.number, .held = new_held(f, &c) };
	if (item.held && read_message(f, &c, &item, trouble, sizeof(trouble))) {
		item.name = item.held->name;
		*out = item;
		return FOLDER_ITEM;
	}
	folder_say(why, size, "%s: %s", item.held ? item.held->name : f->path, trouble);
	free_held(item.held);
	return FOLDER_TROUBLE;
}

void folder_let_go(struct folder *f, struct folder_item *item)
{
	free_held(item->held);
	*item = (struct folder_item){ 0 };
}

void folder_progress(struct folder *f, uint64_t *done, uint64_t *all)
{
	pthread_mutex_lock(&f->lock);
	*done = f->done;
	*all = f->all;
	pthread_mutex_unlock(&f->lock);
}
