/* part_reader.c - see part_reader.h */
#include "content/part_reader.h"

#include "content/file_type.h"

enum part_kind part_kind_of(const struct mime_part *p)
{
	static const char *const pages[] = { "text/html", "application/xhtml+xml", "text/x-amp-html" };
	bool attached = bytes_eq(p->disposition, "attachment") || p->name.n;
	enum file_name_kind named = file_name_read(p->name).kind;

	if (p->container || bytes_istarts(p->type, "multipart/"))
		return PART_NOTHING;
	for (size_t i = 0; i < ARRAY_LEN(pages); i++)
		if (bytes_eq(p->type, pages[i]))
			return attached && named != FILE_NAME_OTHER && named != FILE_NAME_PAGE ? PART_FILE : PART_PAGE;
	if (bytes_istarts(p->type, "text/") && !(attached && named != FILE_NAME_SAFE && named != FILE_NAME_OTHER))
		return PART_TEXT;
	return PART_FILE;
}

bool part_reader_start(struct part_reader *r, struct work *message)
{
	/* a page is held in five forms, its text in twelve bytes for one (text_fold.h); a file as it is, and
	 * unpacked names */
	size_t room = 32 * (size_t)work_limit(message, LIMIT_TEXT_BYTES) + 4 * (size_t)work_limit(message, LIMIT_FILE_BYTES);

	*r = (struct part_reader){ .w = *message, .message = message,
	                           .text_left = work_limit(message, LIMIT_TEXT_BYTES),
	                           .files_left = work_limit(message, LIMIT_CONTENT_BYTES) };
	r->w.arena = arena_new(room + (1 << 20));
	return r->w.arena != NULL;
}

bool part_reader_read(struct part_reader *r, const struct mime *m, size_t part, struct bytes *out)
{
	bool file = part_kind_of(&m->parts[part]) == PART_FILE, cut = false;
	size_t *left = file ? &r->files_left : &r->text_left, max = *left;
	enum limit_id id = file ? LIMIT_CONTENT_BYTES : LIMIT_TEXT_BYTES;

	if (file && max > work_limit(r->message, LIMIT_FILE_BYTES)) {
		max = work_limit(r->message, LIMIT_FILE_BYTES);
		id = LIMIT_FILE_BYTES;
	}
	r->message->reached |= r->w.reached;
	arena_reset(r->w.arena);
	struct bytes content = mime_content(&r->w, m, part, max, &cut);
	if (!content.p && m->parts[part].raw.n)
		return false;
	*left -= content.n < *left ? content.n : *left;
	if (cut)
		work_reached(r->message, id);
	*out = content;
	return true;
}

struct bytes part_reader_as_text(struct part_reader *r, struct bytes content)
{
	struct bytes text = bytes_sub(content, 0, r->text_left);

	if (text.n < content.n)
		work_reached(r->message, LIMIT_TEXT_BYTES);
	r->text_left -= text.n;
	return text;
}

void part_reader_end(struct part_reader *r)
{
	if (!r->w.arena)
		return;
	r->message->reached |= r->w.reached;
	arena_free(r->w.arena);
	r->w.arena = NULL;
}
