/* mime_field.c - see mime_field.h */
#include "mime/mime_field.h"

#include <gmime/gmime.h>

#include "base/idn.h"

/* A field beyond this is read up to here: real ones have under 1,000 bytes, and GMime takes copies. */
#define FIELD_MAX 16384u

void mime_field_note(struct mime_fields *f, struct bytes name, struct bytes value)
{
	const struct {
		const char *name;
		struct bytes *to;
	} rows[] = {
		{ "Content-Type", &f->type },
		{ "Content-Disposition", &f->disposition },
		{ "Content-Transfer-Encoding", &f->encoding },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (!rows[i].to->p && bytes_ieq(name, rows[i].name))
			*rows[i].to = value;
}

/* Unfolded, cut, without NUL, as GMime wants it. The values live as long as `to`. */
static const char *text_of(struct bytes value, char to[FIELD_MAX + 1])
{
	size_t n = 0;

	for (size_t i = 0; i < value.n && n < FIELD_MAX; i++)
		if (value.p[i] && value.p[i] != '\r' && value.p[i] != '\n')
			to[n++] = (char)value.p[i];
	to[n] = '\0';
	return to;
}

/* NULL: not said, which is empty and not out of memory. */
static bool keep(struct arena *a, const char *text, bool lower, struct bytes *to)
{
	if (!text)
		return true;
	struct bytes copy = lower ? arena_lower(a, bytes_of(text)) : arena_copy(a, bytes_of(text));
	*to = copy.p ? utf8_clean(a, copy) : copy;
	return to->p;
}

/* GMime decodes encoded words in all parameters. In a boundary nobody else does: "=?" is hidden from it. */
static bool read_boundary(struct arena *a, char *text, struct bytes *boundary)
{
	for (char *at = text; (at = strstr(at, "=?")); at++)
		at[1] = '\1';
	GMimeContentType *t = g_mime_content_type_parse(NULL, text);
	const char *raw = g_mime_content_type_get_parameter(t, "boundary");
	char *copy = raw ? arena_cstr(a, bytes_of(raw)) : NULL;
	bool ok = !raw || copy;

	for (char *at = copy; at && (at = strchr(at, '\1')); at++)
		*at = '?';
	if (copy)
		*boundary = bytes_of(copy);
	g_object_unref(t);
	return ok;
}

/* "TEXT / Plain" is read as text/plain; without both halves a type says nothing. */
static bool read_type(struct arena *a, struct bytes value, struct mime_part *p, struct bytes *boundary)
{
	char text[FIELD_MAX + 1];
	GMimeContentType *t = g_mime_content_type_parse(NULL, text_of(value, text));
	const char *type = g_mime_content_type_get_media_type(t);
	const char *subtype = g_mime_content_type_get_media_subtype(t);
	struct bytes whole = { NULL, 0 };
	bool ok = true;

	/* what GMime cannot read it calls application/octet-stream */
	p->declared = type && *type && subtype && *subtype &&
	              (!bytes_ieq(bytes_of(subtype), "octet-stream") || strchr(text, '/'));
	if (p->declared) {
		whole = arena_printf(a, "%s/%s", type, subtype);
		p->type = whole.p ? arena_lower(a, whole) : whole;
		ok = p->type.p;
	}
	ok = ok && keep(a, g_mime_content_type_get_parameter(t, "charset"), true, &p->charset) &&
	     keep(a, g_mime_content_type_get_parameter(t, "report-type"), true, &p->report_type) &&
	     keep(a, g_mime_content_type_get_parameter(t, "name"), false, &p->name) &&
	     (!bytes_istarts(p->type, "multipart/") || read_boundary(a, text, boundary));
	g_object_unref(t);
	return ok;
}

static bool read_disposition(struct arena *a, struct bytes value, struct mime_part *p)
{
	char text[FIELD_MAX + 1];
	GMimeContentDisposition *d = g_mime_content_disposition_parse(NULL, text_of(value, text));
	bool ok = keep(a, g_mime_content_disposition_get_disposition(d), true, &p->disposition) &&
	          keep(a, g_mime_content_disposition_get_parameter(d, "filename"), false, &p->name);

	g_object_unref(d);
	return ok;
}

/* The word before a comment or parameters that do not belong there. */
static bool read_encoding(struct arena *a, struct bytes value, struct mime_part *p)
{
	struct bytes word = bytes_trim(value);

	for (size_t i = 0; i < word.n; i++)
		if (memchr(" \t\r\n(;", word.p[i], 6))
			word.n = i;
	p->encoding = arena_lower(a, bytes_sub(word, 0, FIELD_MAX));
	return p->encoding.p;
}

bool mime_field_read(struct arena *a, const struct mime_fields *f, struct bytes standard,
                     struct mime_part *p, struct bytes *boundary)
{
	p->type = standard;
	*boundary = B("");
	return (!f->type.p || read_type(a, f->type, p, boundary)) &&
	       (!f->disposition.p || read_disposition(a, f->disposition, p)) &&
	       (!f->encoding.p || read_encoding(a, f->encoding, p));
}
