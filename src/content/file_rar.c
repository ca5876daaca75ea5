/* file_rar.c - see file_rar.h
 *
 * Version 4: blocks of CRC (2 bytes), type, flags (2), size (2), little-endian, each followed by its data. Version
 * 5: CRC (4), then numbers of seven bits a byte: size of the header, type, flags, ... */
#include "content/file_rar.h"

/* A cursor over one header. Reading past its end gives 0 and sets `bad`. */
struct cursor {
	struct bytes b;
	size_t at;
	bool bad;
};

static uint64_t number(struct cursor *c, size_t n)
{
	uint64_t v = 0;

	if (c->at > c->b.n || c->b.n - c->at < n) {
		c->bad = true;
		return 0;
	}
	for (size_t i = 0; i < n; i++)
		v |= (uint64_t)c->b.p[c->at + i] << (8 * i);
	c->at += n;
	return v;
}

/* seven bits a byte, the lowest first; the eighth says that there are more */
static uint64_t sevens(struct cursor *c)
{
	uint64_t v = 0;

	for (unsigned shift = 0; shift < 63; shift += 7) {
		uint64_t byte = number(c, 1);
		v |= (byte & 127) << shift;
		if (!(byte & 128))
			return v;
	}
	c->bad = true;
	return 0;
}

/* --- version 4 --- */

enum { OLD_MAIN = 0x73, OLD_FILE = 0x74, OLD_END = 0x7b };
enum { OLD_MAIN_LOCKED = 0x80, OLD_FILE_LOCKED = 0x04, OLD_FILE_LARGE = 0x100, OLD_HAS_DATA = 0x8000 };

/* False: enough members. */
static bool old_file(struct work *w, struct bytes header, unsigned flags, struct bytes outer,
                     struct file_archive *out)
{
	struct cursor c = { .b = header, .at = 26 };
	size_t n = number(&c, 2), at = flags & OLD_FILE_LARGE ? 40 : 32;
	struct bytes name = bytes_sub(header, at, n);

	out->locked = out->locked || (flags & OLD_FILE_LOCKED);
	name = bytes_sub(name, 0, bytes_find(name, 0, 0)); /* behind the NUL the same in UTF-16 */
	return file_archive_member(w, out, outer, name);
}

static void walk_old(struct work *w, struct bytes b, struct bytes outer, struct file_archive *out)
{
	size_t at = 7;

	while (at < b.n) {
		struct cursor c = { .b = bytes_from(b, at), .at = 2 };
		unsigned type = (unsigned)number(&c, 1), flags = (unsigned)number(&c, 2);
		uint64_t size = number(&c, 2), data = type == OLD_FILE || (flags & OLD_HAS_DATA) ? number(&c, 4) : 0;
		if (c.bad || size < 7 || size > c.b.n) {
			out->cut = true;
			return;
		}
		if (type == OLD_MAIN && (flags & OLD_MAIN_LOCKED)) {
			out->locked = true;
			return;
		}
		if (type == OLD_END || (type == OLD_FILE && !old_file(w, bytes_sub(c.b, 0, size), flags, outer, out)))
			return;
		if (data > b.n - at - size) {
			out->cut = true;
			return;
		}
		at += size + data;
	}
}

/* --- version 5 --- */

enum { NEW_FILE = 2, NEW_LOCKED = 4, NEW_END = 5 };
enum { NEW_HAS_EXTRA = 1, NEW_HAS_DATA = 2, NEW_FILE_TIME = 2, NEW_FILE_CRC = 4, NEW_EXTRA_LOCKED = 1 };

/* The records behind the name: one of them says that the data is encrypted. */
static bool extra_locked(struct bytes extra)
{
	while (extra.n) {
		struct cursor c = { .b = extra };
		uint64_t size = sevens(&c), start = c.at;
		uint64_t type = sevens(&c);
		if (c.bad || size == 0 || size > extra.n - start)
			return false;
		if (type == NEW_EXTRA_LOCKED)
			return true;
		extra = bytes_from(extra, start + size);
	}
	return false;
}

static bool new_file(struct work *w, struct cursor *c, uint64_t extra, struct bytes outer, struct file_archive *out)
{
	uint64_t flags = sevens(c);

	sevens(c); /* size unpacked */
	sevens(c); /* attributes */
	number(c, (flags & NEW_FILE_TIME ? 4 : 0) + (flags & NEW_FILE_CRC ? 4 : 0));
	sevens(c); /* how it is packed */
	sevens(c); /* the system it comes from */
	uint64_t n = sevens(c);
	if (c->bad || n > c->b.n - c->at) {
		out->cut = true;
		return false;
	}
	if (extra <= c->b.n && extra_locked(bytes_from(c->b, c->b.n - extra)))
		out->locked = true;
	return file_archive_member(w, out, outer, bytes_sub(c->b, c->at, n));
}

static void walk_new(struct work *w, struct bytes b, struct bytes outer, struct file_archive *out)
{
	size_t at = 8;

	while (at < b.n) {
		struct cursor c = { .b = bytes_from(b, at), .at = 4 };
		uint64_t size = sevens(&c), start = c.at;
		if (c.bad || size == 0 || size > c.b.n - start) {
			out->cut = true;
			return;
		}
		c.b = bytes_sub(c.b, 0, start + size);
		uint64_t type = sevens(&c), flags = sevens(&c);
		uint64_t extra = flags & NEW_HAS_EXTRA ? sevens(&c) : 0, data = flags & NEW_HAS_DATA ? sevens(&c) : 0;
		if (type == NEW_LOCKED)
			out->locked = true;
		if (type == NEW_LOCKED || type == NEW_END)
			return; /* what follows is encrypted, or nothing */
		if (type == NEW_FILE && !new_file(w, &c, extra, outer, out))
			return;
		if (c.bad || data > b.n - at - c.b.n) {
			out->cut = true;
			return;
		}
		at += c.b.n + data;
	}
}

void file_rar_look(struct work *w, struct bytes content, struct bytes outer, struct file_archive *out)
{
	if (content.n > 6 && content.p[6] == 0)
		walk_old(w, content, outer, out);
	else if (content.n > 7 && content.p[6] == 1 && content.p[7] == 0)
		walk_new(w, content, outer, out);
	else
		out->cut = true;
}
