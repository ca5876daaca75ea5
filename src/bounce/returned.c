/* returned.c - see returned.h */
#include "bounce/returned.h"

#include "base/ascii.h"

#define LOOK_LINES 10 /* lines that are not empty, among which one should be a field */

/* Length of what quoting and indenting put in front of a line. */
static size_t mark_length(struct bytes line)
{
	size_t n = 0;

	while (n < line.n && (ascii_is_wsp(line.p[n]) || line.p[n] == '>' || line.p[n] == '|'))
		n++;
	return n;
}

static bool begins_field(struct bytes line)
{
	size_t n = 0;

	while (n < line.n && (ascii_is_alnum(line.p[n]) || line.p[n] == '-' || line.p[n] == '_'))
		n++;
	return n > 0 && n < line.n && line.p[n] == ':';
}

/* Where the header begins, and what stands in front of each of its lines. White space alone is such a
 * mark only on the first line; further down it is a fold. What comes before the first field is an
 * introduction, or the end of one that was cut. False: nothing looks like a field. */
static bool find_start(struct bytes text, struct bytes *from, struct bytes *mark)
{
	struct bytes rest = text, line;

	for (unsigned seen = 0; seen < LOOK_LINES; text = rest) {
		if (!bytes_cut(&rest, '\n', &line))
			break;
		struct bytes front = bytes_sub(line, 0, mark_length(line));
		bool typed = bytes_has(front, '>') || bytes_has(front, '|');
		if (begins_field(bytes_from(line, front.n)) && (typed || front.n == 0 || seen == 0)) {
			*from = text;
			*mark = front;
			return true;
		}
		seen += bytes_trim(line).n > bytes_trim(front).n; /* empty lines do not count */
	}
	return false;
}

/* Takes the mark off each line, up to the first line without it. */
static struct bytes without_mark(struct arena *a, struct bytes text, struct bytes mark)
{
	uint8_t *to = arena_alloc(a, text.n + 1);
	size_t bare = bytes_trim_right(mark).n, n = 0;
	struct bytes line;

	while (to && bytes_cut(&text, '\n', &line)) {
		bool marked = line.n >= mark.n && memcmp(line.p, mark.p, mark.n) == 0;
		if (!marked && !bytes_same(bytes_trim_right(line), bytes_sub(mark, 0, bare)))
			break;
		line = bytes_from(line, marked ? mark.n : bytes_trim_right(line).n);
		memcpy(to + n, line.p, line.n);
		n += line.n;
		to[n++] = '\n';
	}
	return (struct bytes){ to, to ? n : 0 };
}

/* Lines that end in CR alone, as very old systems write them. */
static bool has_bare_cr_only(struct bytes text)
{
	return !bytes_has(text, '\n') && bytes_has(text, '\r');
}

static struct bytes with_lf(struct arena *a, struct bytes text)
{
	uint8_t *to = arena_alloc(a, text.n);

	for (size_t i = 0; to && i < text.n; i++)
		to[i] = text.p[i] == '\r' ? '\n' : text.p[i];
	return (struct bytes){ to, to ? text.n : 0 };
}

bool returned_index(struct work *w, struct bytes text, struct header *out)
{
	struct bytes mark = { NULL, 0 };

	text = bytes_sub(text, 0, (size_t)work_limit(w, LIMIT_HEADER_BYTES) + 1);
	if (has_bare_cr_only(text))
		text = with_lf(w->arena, text);
	if (find_start(text, &text, &mark) && mark.n)
		text = without_mark(w->arena, text, mark);
	if (arena_failed(w->arena))
		return false;
	header_index(w, out, text);
	return !arena_failed(w->arena);
}
