/* frozen.c - see frozen.h */
#include "explain/frozen.h"

static bool parse_line(struct bytes line, struct frozen_row *out)
{
	struct bytes rest = line, id, strength;

	if (!bytes_cut(&rest, ' ', &id) || !bytes_cut(&rest, ' ', &strength))
		return false;
	*out = (struct frozen_row){ evidence_find(id), strength_of_name(strength), rest };
	return out->row && (out->strength != STRENGTH_NONE || bytes_eq(strength, "none")) && out->strength <= out->row->most;
}

bool frozen_parse(struct arena *a, struct bytes text, struct frozen *out, size_t *line)
{
	struct frozen_row *rows = arena_array(a, struct frozen_row, evidence_row_count);
	struct bytes rest = text, one;
	size_t n = 0;

	*line = 0;
	if (!rows)
		return false;
	while (bytes_cut(&rest, '\n', &one)) {
		++*line;
		one = bytes_trim(one);
		if (one.n == 0 || one.p[0] == '#')
			continue;
		if (n == evidence_row_count || !parse_line(one, &rows[n++]))
			return false;
	}
	*out = (struct frozen){ rows, n };
	return true;
}

static const struct evidence *find(const struct evidence *list, size_t n, const struct evidence_row *row)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].row == row)
			return &list[i];
	return NULL;
}

void frozen_write(struct buf *out, const struct evidence *original, size_t n, const struct evidence *redacted, size_t m)
{
	for (size_t i = 0; i < evidence_row_count; i++) {
		const struct evidence *before = find(original, n, &evidence_rows[i]), *after = find(redacted, m, &evidence_rows[i]);
		enum strength was = before ? before->strength : STRENGTH_NONE, is = after ? after->strength : STRENGTH_NONE;
		if (was != is)
			buf_addf(out, "%s %s %.*s\n", evidence_rows[i].id, strength_name(was),
			         BYTES_ARG(before ? before->text : B("not seen in the original")));
	}
}

void frozen_apply(const struct frozen *f, struct evidence *list, size_t *n)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct frozen_row *r = &f->rows[i];
		size_t at = 0;
		while (at < *n && list[at].row != r->row)
			at++;
		if (at < *n) /* seen now: it gives way */
			list[at] = list[--*n];
		if (r->strength != STRENGTH_NONE)
			list[(*n)++] = (struct evidence){ r->row, r->strength, r->text, B("the original of this redacted mail"), true };
	}
	evidence_sort(list, *n);
}
