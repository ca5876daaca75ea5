/* file_archive.c - see file_archive.h */
#include "content/file_archive.h"

#include "base/buf.h"
#include "content/file_rar.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#define PATH_BYTES 400u        /* of a member's name, and of those of the archives around it */
#define RATIO_FREE 65536u      /* so many bytes are unpacked of the smallest archive */

/* One attached archive with all that is in it. */
struct walk {
	struct work *w;
	struct file_archive *out;
	uint64_t ratio_left;   /* bytes that may be unpacked by the size of what is packed, all levels */
	unsigned level;
	bool failed;           /* out of memory */
};

static void reached(struct walk *k, enum limit_id id)
{
	work_reached(k->w, id);
	k->out->cut = true;
}

/* --- names --- */

static bool is_office_part(struct bytes name)
{
	return bytes_eq(name, "[Content_Types].xml") || bytes_eq(name, "mimetype");
}

/* Where documents keep their programs: Visual Basic, sheets of old macros, Basic of LibreOffice. */
static bool holds_macros(struct bytes name, bool office)
{
	static const char *const starts[] = { "xl/macrosheets/", "Basic/", "Scripts/" };

	for (size_t i = 0; i < ARRAY_LEN(starts); i++)
		if (office && bytes_istarts(name, starts[i]) && name.n > strlen(starts[i]))
			return true;
	return bytes_iends(name, "/vbaProject.bin");
}

static struct bytes path_of(struct work *w, struct bytes outer, struct bytes name)
{
	name = bytes_sub(name, 0, PATH_BYTES);
	outer = bytes_sub(outer, 0, PATH_BYTES);
	return outer.n && name.n ? arena_printf(w->arena, "%.*s/%.*s", BYTES_ARG(outer), BYTES_ARG(name))
	                         : arena_copy(w->arena, outer.n ? outer : name);
}

static void note(struct work *w, struct bytes *to, struct bytes outer, struct bytes name)
{
	if (!to->p)
		*to = path_of(w, outer, name);
}

/* One more member. */
static bool take_member(struct work *w, struct file_archive *f)
{
	if (f->budget->members == 0) {
		work_reached(w, LIMIT_ARCHIVE_MEMBERS);
		f->cut = true;
		return false;
	}
	f->budget->members--;
	return true;
}

bool file_archive_member(struct work *w, struct file_archive *f, struct bytes outer, struct bytes name)
{
	struct file_name said = file_name_read(name);

	if (!take_member(w, f))
		return false;
	f->office = f->office || is_office_part(name);
	if (said.kind == FILE_NAME_RUNS)
		note(w, &f->runs, outer, name);
	if ((said.kind == FILE_NAME_RUNS && said.before == FILE_NAME_SAFE) || file_name_is_turned(name))
		note(w, &f->hides, outer, name);
	if (said.kind == FILE_NAME_MACROS || holds_macros(name, f->office))
		note(w, &f->macros, outer, name);
	return true;
}

/* --- reading --- */

typedef int (*support)(struct archive *);

/* What may be read in which kind of file. A filter that would start another program is refused. */
static const struct reader {
	enum file_type type;
	bool walks;     /* members can be skipped without unpacking them */
	support formats[2], filters[4];
} readers[] = {
	{ FILE_TYPE_ZIP, true, { archive_read_support_format_zip_seekable }, { NULL } },
	{ FILE_TYPE_ZIP, false, { archive_read_support_format_zip_streamable }, { NULL } },
	{ FILE_TYPE_SEVENZIP, false, { archive_read_support_format_7zip }, { NULL } },
	{ FILE_TYPE_ARCHIVE, false, { archive_read_support_format_cab }, { NULL } },
	{ FILE_TYPE_ARCHIVE, false, { archive_read_support_format_tar }, { NULL } },
	{ FILE_TYPE_ARCHIVE, false, { archive_read_support_format_lha }, { NULL } },
	{ FILE_TYPE_PACKED, false, { archive_read_support_format_tar, archive_read_support_format_raw },
	  { archive_read_support_filter_gzip, archive_read_support_filter_bzip2, archive_read_support_filter_xz,
	    archive_read_support_filter_zstd } },
};

static struct archive *open_reader(const struct reader *r, struct bytes content)
{
	struct archive *a = archive_read_new();
	bool ok = a != NULL;

	for (size_t i = 0; ok && i < ARRAY_LEN(r->formats) && r->formats[i]; i++)
		ok = r->formats[i](a) == ARCHIVE_OK;
	for (size_t i = 0; ok && i < ARRAY_LEN(r->filters) && r->filters[i]; i++)
		ok = r->filters[i](a) == ARCHIVE_OK;
	if (ok && archive_read_open_memory(a, content.p, content.n) == ARCHIVE_OK)
		return a;
	archive_read_free(a);
	return NULL;
}

/* Unpacks the rest of a member, into `kept` (at most its cap) or, where that is NULL, into nothing. False when no
 * more may be unpacked. */
static bool unpack(struct walk *k, struct archive *a, struct buf *kept)
{
	const void *block;
	size_t n;
	int64_t offset;

	while (archive_read_data_block(a, &block, &n, &offset) == ARCHIVE_OK) {
		if (n > k->ratio_left || n > k->out->budget->bytes) {
			reached(k, n > k->ratio_left ? LIMIT_ARCHIVE_RATIO : LIMIT_ARCHIVE_BYTES);
			if (n > k->out->budget->bytes)
				k->out->budget->bytes = 0; /* opening the next one would cost as much again */
			return false;
		}
		k->ratio_left -= n;
		k->out->budget->bytes -= n;
		if (!kept)
			continue;
		buf_add(kept, bytes_sub((struct bytes){ block, n }, 0, kept->cap - kept->n));
		if (kept->failed || kept->n == kept->cap)
			break;
	}
	return true;
}

static void look(struct walk *k, struct bytes content, enum file_type type, struct bytes outer);

/* What was unpacked: a program, an archive, something else? */
static void look_at_member(struct walk *k, struct bytes content, struct bytes outer, struct bytes name)
{
	enum file_type type = file_type_of(content);

	if (file_type_runs(type))
		note(k->w, &k->out->runs, outer, name);
	if (!file_type_is_archive(type))
		return;
	if (k->level >= work_limit(k->w, LIMIT_ARCHIVE_DEPTH)) {
		reached(k, LIMIT_ARCHIVE_DEPTH);
		return;
	}
	k->level++;
	look(k, content, type, path_of(k->w, outer, name));
	k->level--;
}

/* An archive within the archive, or what a compressed file holds. False when no more may be unpacked. */
static bool look_inside(struct walk *k, struct archive *a, struct bytes outer, struct bytes name)
{
	struct buf content;

	buf_init(&content, work_limit(k->w, LIMIT_FILE_BYTES));
	bool ok = unpack(k, a, &content);
	if (content.n)
		look_at_member(k, buf_bytes(&content), outer, name);
	k->failed = k->failed || content.failed;
	buf_free(&content);
	return ok && !k->failed;
}

/* One member. False ends the walk. */
static bool look_at_entry(struct walk *k, struct archive *a, struct archive_entry *e, struct bytes outer, bool walks)
{
	const char *utf8 = archive_entry_pathname_utf8(e);
	struct bytes name = bytes_of(utf8 ? utf8 : archive_entry_pathname(e));
	bool single = archive_format(a) == ARCHIVE_FORMAT_RAW;

	if (single ? !take_member(k->w, k->out) : !file_archive_member(k->w, k->out, outer, name))
		return false;
	if (!single && !name.p) /* it says that it is UTF-8 and is not: nobody knows what some program makes of it */
		note(k->w, &k->out->hides, outer, B("?"));
	if (archive_entry_is_encrypted(e)) {
		k->out->locked = true;
		return true;
	}
	bool inner = single || file_name_read(name).kind == FILE_NAME_ARCHIVE;
	if (inner && !look_inside(k, a, outer, single ? B("") : name))
		return false;
	/* skipping would unpack as well, but without a cap */
	return walks || unpack(k, a, NULL);
}

/* False: this reader cannot make anything of it. */
static bool read_all(struct walk *k, const struct reader *r, struct bytes content, struct bytes outer)
{
	struct archive_entry *e;
	size_t n = 0;
	int rc = ARCHIVE_FATAL;

	if (!r->walks && k->out->budget->bytes == 0) {
		reached(k, LIMIT_ARCHIVE_BYTES);
		return true;
	}
	struct archive *a = open_reader(r, content);
	bool more = a != NULL;

	while (more && ((rc = archive_read_next_header(a, &e)) == ARCHIVE_OK || rc == ARCHIVE_WARN)) {
		more = look_at_entry(k, a, e, outer, r->walks);
		n++;
	}
	bool locked = a && archive_read_has_encrypted_entries(a) == 1;
	k->out->locked = k->out->locked || locked;
	k->out->cut = k->out->cut || (n && more && rc != ARCHIVE_EOF);
	archive_read_free(a); /* NULL does nothing */
	return n || locked;
}

static void look(struct walk *k, struct bytes content, enum file_type type, struct bytes outer)
{
	bool read = type == FILE_TYPE_RAR;

	if (read)
		file_rar_look(k->w, content, outer, k->out);
	for (size_t i = 0; i < ARRAY_LEN(readers) && !read && !k->failed; i++)
		read = readers[i].type == type && read_all(k, &readers[i], content, outer);
	k->out->cut = k->out->cut || !read;
}

/* libarchive gives names only in the thread's charset: that is to be UTF-8 meanwhile. */
static void look_in_utf8(struct walk *k, struct bytes content, enum file_type type)
{
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	locale_t before = utf8 ? uselocale(utf8) : (locale_t)0;

	look(k, content, type, (struct bytes){ NULL, 0 });
	if (before)
		uselocale(before);
	if (utf8)
		freelocale(utf8);
}

bool file_archive_look(struct work *w, struct bytes content, enum file_type type, struct file_budget *budget,
                       struct file_archive *out)
{
	struct file_archive found = { .budget = budget };
	struct walk k = { .w = w, .out = &found, .level = 1,
	                  .ratio_left = (uint64_t)content.n * work_limit(w, LIMIT_ARCHIVE_RATIO) + RATIO_FREE };

	look_in_utf8(&k, content, type);
	if (k.failed || arena_failed(w->arena))
		return false;
	*out = found;
	return true;
}
