/* advice_list.c - see advice_list.h */
#include "explain/advice_list.h"

#include "base/wrap.h"
#include "explain/complaint.h"
#include "explain/remedy.h"

#define FILLED_MAX 16384u /* bytes of a text with its places filled in */

static void fill_contacts(const struct explain *x, struct buf *out)
{
	struct bytes contacts[COMPLAINT_MAX];
	size_t n = complaint_contacts(x, contacts);

	for (size_t i = 0; i < n; i++) {
		buf_adds(out, i ? "\n" : "");
		wrap_safe(out, contacts[i]);
	}
}

/* As a line of a zone file. */
static void fill_records(const struct explain *x, struct buf *out)
{
	struct remedy remedies[REMEDY_MAX];
	size_t n = remedy_find(&x->facts, remedies);

	for (size_t i = 0; i < n; i++) {
		buf_adds(out, i ? "\n" : "");
		wrap_safe(out, remedies[i].name);
		buf_adds(out, ". TXT \"");
		wrap_safe(out, remedies[i].value);
		buf_addf(out, "\"%s", remedies[i].replaces ? " (in place of the one that is there)" : "");
		if (remedies[i].note)
			buf_addf(out, "\n(%s)", remedies[i].note);
	}
}

static const struct place {
	const char *name;
	void (*fill)(const struct explain *x, struct buf *out);
} places[] = {
	{ ADVICE_CONTACTS, fill_contacts },
	{ ADVICE_RECORDS, fill_records },
};

/* Writes the text with its place filled; false: there is nothing to fill it with. */
static bool fill(const struct explain *x, struct bytes text, struct buf *out)
{
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		size_t at = bytes_search(text, bytes_of(places[i].name));
		if (at == text.n)
			continue;
		buf_add(out, bytes_sub(text, 0, at));
		size_t before = out->n;
		places[i].fill(x, out);
		if (out->n == before)
			return false;
		buf_add(out, bytes_from(text, at + strlen(places[i].name)));
		return true;
	}
	buf_add(out, text);
	return true;
}

static bool text_of(const struct explain *x, const struct advice_row *row, struct bytes *out)
{
	struct arena *a = x->v->work.arena;
	struct buf text;

	buf_init(&text, FILLED_MAX);
	bool ok = fill(x, bytes_of(row->text), &text);
	if (text.failed)
		arena_fail(a);
	else if (ok)
		*out = arena_copy(a, buf_bytes(&text));
	buf_free(&text);
	return ok && !arena_failed(a);
}

void advice_list(const struct explain *x, struct advice **out, size_t *n)
{
	struct arena *a = x->v->work.arena;
	struct advice *list = arena_array(a, struct advice, advice_row_count);
	size_t found = 0;

	*out = list;
	for (size_t i = 0; list && i < advice_row_count; i++) {
		if (!advice_applies(i, &x->verdict, &x->facts))
			continue;
		list[found].row = &advice_rows[i];
		found += text_of(x, &advice_rows[i], &list[found].text);
	}
	*n = arena_failed(a) ? 0 : found;
}
