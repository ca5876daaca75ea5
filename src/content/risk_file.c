/* risk_file.c - see risk_file.h */
#include "content/risk_file.h"

#include "content/file_document.h"

/* Does the mail call it a picture, sound or a document? Text is what mail programs call scripts, too. */
static bool declared_safe(struct bytes type)
{
	static const char *const starts[] = { "image/", "audio/", "video/", "application/pdf", "application/msword",
	                                      "application/rtf", "application/vnd.openxmlformats-",
	                                      "application/vnd.oasis." };

	for (size_t i = 0; i < ARRAY_LEN(starts); i++)
		if (bytes_istarts(type, starts[i]))
			return !bytes_istarts(type, "image/svg");
	return false;
}

/* Do the bytes show something else than the name, or the declared type, promises? */
static bool content_differs(const struct risk_file_input *in, const struct file_name *said, enum file_type type)
{
	if (type == FILE_TYPE_UNKNOWN)
		return false;
	if (said->types)
		return !(said->types >> type & 1);
	if (said->kind == FILE_NAME_OTHER && !in->name.n) /* nothing but the declared type speaks */
		return (declared_safe(in->type) || bytes_istarts(in->type, "text/")) &&
		       (file_type_runs(type) || file_type_is_archive(type)) && !bytes_istarts(in->type, "application/vnd.o");
	return false;
}

static bool hides(const struct risk_file_input *in, const struct file_name *said, enum file_type type)
{
	bool runs = said->kind == FILE_NAME_RUNS, page = said->kind == FILE_NAME_PAGE;

	return ((runs || page) && said->before == FILE_NAME_SAFE) || /* x.pdf.exe, x.pdf.html */
	       (runs && declared_safe(in->type)) || file_name_is_turned(in->name) || content_differs(in, said, type);
}

static struct bytes inside(struct work *w, struct bytes name, struct bytes member)
{
	return name.n && member.n ? arena_printf(w->arena, "%.*s/%.*s", BYTES_ARG(name), BYTES_ARG(member))
	                          : arena_copy(w->arena, name.n ? name : member);
}

/* What stands in an archive counts for the file; a document that is an archive inside is none for people. */
static bool look_inside(struct work *w, const struct risk_file_input *in, struct bytes name, struct risk_file *out)
{
	struct file_archive a;

	if (!file_archive_look(w, in->content, out->type, in->budget, &a))
		return false;
	if (a.locked)
		out->locked = name;
	if (a.runs.p && !out->runs.p)
		out->runs = inside(w, name, a.runs);
	if (a.hides.p && !out->hides.p)
		out->hides = inside(w, name, a.hides);
	if (a.macros.p && !out->may_run.p)
		out->may_run = a.office ? name : inside(w, name, a.macros);
	return true;
}

bool risk_file_look(struct work *w, const struct risk_file_input *in, struct risk_file *out)
{
	struct file_name said = file_name_read(in->name);
	struct risk_file found = { .type = file_type_of(in->content) };
	struct file_document document = { .macros = false };
	struct bytes name = arena_copy(w->arena, in->name);

	file_document_look(in->content, found.type, &document);
	if (said.kind == FILE_NAME_RUNS || file_type_runs(found.type) || document.installs)
		found.runs = name;
	if (hides(in, &said, found.type))
		found.hides = name;
	if (document.locked)
		found.locked = name;
	if (document.macros || said.kind == FILE_NAME_MACROS)
		found.may_run = name;
	if (file_type_is_archive(found.type) && !look_inside(w, in, name, &found))
		return false;
	if (arena_failed(w->arena))
		return false;
	*out = found;
	return true;
}
