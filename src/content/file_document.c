/* file_document.c - see file_document.h */
#include "content/file_document.h"

#include "base/ascii.h"

/* --- OLE (compound files): a small file system, its directory entries are 128 bytes each --- */

#define OLE_SECTOR 512u
#define OLE_ENTRY 128u

enum { OLE_STORAGE = 1, OLE_STREAM = 2, OLE_ROOT = 5 };

/* Is the name, in UTF-16 with a NUL behind, this one? */
static bool is_named(const uint8_t *entry, const char *name)
{
	size_t n = strlen(name), bytes = (size_t)(entry[64] | entry[65] << 8);

	if (bytes != 2 * n + 2)
		return false;
	for (size_t i = 0; i < n; i++)
		if (ascii_lower(entry[2 * i]) != ascii_lower((uint8_t)name[i]) || entry[2 * i + 1] != 0)
			return false;
	return true;
}

static void look_at_entry(const uint8_t *entry, struct file_document *out)
{
	static const char *const macros[] = { "VBA", "Macros", "_VBA_PROJECT", "_VBA_PROJECT_CUR", "\1Ole10Native" };
	static const uint8_t installer[16] = { 0x84, 0x10, 0x0c, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46 };
	uint8_t type = entry[66];

	if (type != OLE_STORAGE && type != OLE_STREAM && type != OLE_ROOT)
		return;
	for (size_t i = 0; i < ARRAY_LEN(macros); i++)
		out->macros = out->macros || is_named(entry, macros[i]);
	out->locked = out->locked || is_named(entry, "EncryptedPackage");
	out->installs = out->installs || (type == OLE_ROOT && memcmp(entry + 80, installer, sizeof(installer)) == 0);
}

/* Each place where an entry may stand is looked at: that needs no chain of sectors, which may be broken. */
static void look_at_ole(struct bytes b, struct file_document *out)
{
	for (size_t at = OLE_SECTOR; at + OLE_ENTRY <= b.n; at += OLE_ENTRY)
		look_at_entry(b.p + at, out);
}

/* --- RTF --- */

static void look_at_rtf(struct bytes b, struct file_document *out)
{
	static const char *const words[] = { "\\objdata", "\\objupdate", "\\objocx", "\\objautlink" };

	for (size_t at = 0; (at = bytes_find(b, '\\', at)) < b.n; at++)
		for (size_t i = 0; i < ARRAY_LEN(words); i++)
			out->macros = out->macros || bytes_istarts(bytes_sub(b, at, 16), words[i]);
}

/* --- PDF: names such as /JavaScript, of which any letter may be written as #4A --- */

static bool names(struct bytes b, const char *name)
{
	size_t at = 0;

	for (; *name; name++) {
		uint8_t c = at < b.n ? b.p[at] : 0;
		if (c == '#' && b.n - at > 2 && ascii_hex(b.p[at + 1]) >= 0 && ascii_hex(b.p[at + 2]) >= 0) {
			c = (uint8_t)(ascii_hex(b.p[at + 1]) << 4 | ascii_hex(b.p[at + 2]));
			at += 2;
		}
		at++;
		if (c != (uint8_t)*name)
			return false;
	}
	return at >= b.n || !ascii_is_alnum(b.p[at]);
}

static void look_at_pdf(struct bytes b, struct file_document *out)
{
	static const char *const words[] = { "/JavaScript", "/Launch" };

	for (size_t at = 0; (at = bytes_find(b, '/', at)) < b.n; at++)
		for (size_t i = 0; i < ARRAY_LEN(words); i++)
			out->macros = out->macros || names(bytes_sub(b, at, 64), words[i]);
}

void file_document_look(struct bytes content, enum file_type type, struct file_document *out)
{
	if (type == FILE_TYPE_OLE)
		look_at_ole(content, out);
	else if (type == FILE_TYPE_RTF)
		look_at_rtf(content, out);
	else if (type == FILE_TYPE_PDF)
		look_at_pdf(content, out);
}
