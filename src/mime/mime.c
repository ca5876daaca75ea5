/* mime.c - where the parts of a message begin and end; see mime.h
 *
 * GMime 3.2.13 has a parser for this, too. It is safe (it gives up below 1024 levels),
 * but compares each line that begins with two dashes with every boundary that is open (5 MB
 * of such lines under 1024 levels take 6 seconds), makes an object for each of 100,000 parts, and
 * does not tell where a container stands. One pass over the lines that looks for boundaries, with no
 * recursion and with the limits of this program, is less code than to guard it. */
#include "mime/mime.h"

#include <gmime/gmime.h>

#include "base/ascii.h"
#include "mime/mime_field.h"

struct open_part {
	size_t index;
	struct bytes boundary; /* empty: no part can begin in it (any more) */
};

struct scan {
	struct work *w;
	struct bytes text;
	struct mime *m;
	size_t cap;              /* of m->parts */
	struct open_part *open;  /* from the message itself down to the part that is being read */
	size_t n_open, open_max;
	size_t boundaries;       /* how many of the open parts have one */
};

/* A line that is a boundary of an open part. */
struct mark {
	size_t at, next; /* of the line, and of the one after it */
	size_t owner;    /* index into scan.open */
	bool close;      /* "--boundary--" */
};

void mime_start(void)
{
	g_mime_init();
}

static size_t line_end(struct bytes t, size_t at)
{
	size_t lf = bytes_find(t, '\n', at);

	return lf < t.n ? lf + 1 : t.n;
}

/* --- boundaries --- */

/* Is the line at `at` a boundary? The innermost part that it fits is meant. Blanks at its end do
 * not count (RFC 2046 section 5.1.1). */
static bool is_mark(const struct scan *s, size_t at, struct mark *out)
{
	if (s->boundaries == 0 || s->text.n - at < 3 || s->text.p[at] != '-' || s->text.p[at + 1] != '-')
		return false;
	size_t next = line_end(s->text, at);
	struct bytes line = bytes_trim_right(bytes_sub(s->text, at + 2, next - at - 2));
	for (size_t i = s->n_open; i-- > 0;) {
		struct bytes b = s->open[i].boundary;
		if (b.n == 0 || line.n < b.n || line.n - b.n > 2 || !bytes_same(bytes_sub(line, 0, b.n), b))
			continue;
		struct bytes tail = bytes_from(line, b.n);
		if (tail.n && !bytes_eq(tail, "--"))
			continue;
		*out = (struct mark){ at, next, i, tail.n > 0 };
		return true;
	}
	return false;
}

/* The next boundary line at or after `from`, which is the start of a line. */
static bool next_mark(const struct scan *s, size_t from, struct mark *out)
{
	if (s->boundaries == 0)
		return false;
	for (size_t at = from; at < s->text.n;) {
		if (is_mark(s, at, out))
			return true;
		const uint8_t *hit = memmem(s->text.p + at, s->text.n - at, "\n--", 3);
		if (!hit)
			return false;
		at = (size_t)(hit - s->text.p) + 1;
	}
	return false;
}

/* --- the header of a part --- */

/* The name of a field, or { NULL, 0 }. */
static struct bytes field_name(struct bytes line)
{
	size_t n = 0;

	while (n < line.n && ascii_is_vchar(line.p[n]) && line.p[n] != ':')
		n++;
	struct bytes rest = bytes_from(line, n);
	while (rest.n && ascii_is_wsp(rest.p[0]))
		rest = bytes_from(rest, 1);
	return n && rest.n && rest.p[0] == ':' ? bytes_sub(line, 0, n) : (struct bytes){ NULL, 0 };
}

/* Reads the header at *at, and moves *at to the content: behind the empty line; at a boundary,
 * where the part has no content; at once, where a part begins with a line that is no field (the
 * empty line was forgotten). Other lines that are none are passed over. */
static void read_header(const struct scan *s, size_t *at, struct mime_part *p, struct mime_fields *fields)
{
	size_t start = *at, pos = start, next, stop;
	struct mark mark;

	for (;; pos = next) {
		stop = next = pos;
		if (pos >= s->text.n || is_mark(s, pos, &mark))
			break;
		next = line_end(s->text, pos);
		struct bytes line = bytes_sub(s->text, pos, next - pos);
		if (line.p[0] == '\n' || bytes_eq(line, "\r\n"))
			break;
		struct bytes name = field_name(line);
		if (!name.p && pos == start && p->depth > 0) {
			next = pos;
			break;
		}
		while (next < s->text.n && ascii_is_wsp(s->text.p[next]))
			next = line_end(s->text, next);
		if (name.p) {
			struct bytes field = bytes_sub(s->text, pos, next - pos);
			mime_field_note(fields, name, bytes_from(field, bytes_find(field, ':', 0) + 1));
		}
	}
	p->header = bytes_sub(s->text, start, stop - start);
	*at = next;
}

/* A line that an mbox or a mail system put in front of a message. */
static size_t skip_from_line(struct bytes t, size_t at)
{
	struct bytes rest = bytes_from(t, at);

	return bytes_istarts(rest, "From ") || bytes_istarts(rest, ">From ") ? line_end(t, at) : at;
}

/* --- parts --- */

static bool is_multipart(const struct mime_part *p)
{
	return bytes_istarts(p->type, "multipart/");
}

/* A whole mail stands in it, and not encoded: RFC 2046 section 5.2.1 forbids that, RFC 6532
 * section 3.5 allows it for message/global. */
static bool holds_mail(const struct mime_part *p)
{
	static const char *const types[] = { "message/rfc822", "message/global", "message/news" };

	if (bytes_eq(p->encoding, "base64") || bytes_eq(p->encoding, "quoted-printable"))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (bytes_eq(p->type, types[i]))
			return true;
	return false;
}

static bool limit_here(const struct scan *s, enum limit_id id)
{
	work_reached(s->w, id);
	s->m->cut = true;
	return true;
}

/* Opens a part whose header begins at *at, moves *at to its content, and says whether parts may
 * stand in it. False: out of memory. */
static bool open_part(struct scan *s, size_t *at, bool *looked_into)
{
	size_t index = s->m->n, parent = s->n_open ? s->open[s->n_open - 1].index : MIME_NO_PART;
	struct mime_part p = { .parent = parent, .depth = (unsigned)s->n_open };
	struct mime_fields fields = { { NULL, 0 } };
	struct bytes boundary, standard = B("text/plain");

	if (parent == MIME_NO_PART || holds_mail(&s->m->parts[parent]))
		*at = skip_from_line(s->text, *at);
	else if (bytes_eq(s->m->parts[parent].type, "multipart/digest"))
		standard = B("message/rfc822"); /* RFC 2046 section 5.1.5 */
	read_header(s, at, &p, &fields);
	if (!mime_field_read(s->w->arena, &fields, standard, &p, &boundary))
		return false;
	*looked_into = is_multipart(&p) ? boundary.n > 0 : holds_mail(&p);
	if (*looked_into && s->n_open + 1 >= s->open_max)
		*looked_into = !limit_here(s, LIMIT_MIME_DEPTH);
	if (*looked_into && index + 2 >= work_limit(s->w, LIMIT_MIME_PARTS))
		*looked_into = !limit_here(s, LIMIT_MIME_PARTS);
	p.raw = bytes_from(s->text, *at);
	if (!ARENA_PUSH(s->w->arena, s->m->parts, s->m->n, s->cap, &p))
		return false;
	bool has_boundary = *looked_into && is_multipart(&p);
	s->open[s->n_open++] = (struct open_part){ index, has_boundary ? boundary : B("") };
	s->boundaries += has_boundary;
	return true;
}

/* Ends all open parts but the first `keep`; their content ends at `end`. */
static void close_parts(struct scan *s, size_t keep, size_t end)
{
	while (s->n_open > keep) {
		struct open_part *o = &s->open[--s->n_open];
		struct mime_part *p = &s->m->parts[o->index];
		size_t header = (size_t)(p->header.p - s->text.p), content = (size_t)(p->raw.p - s->text.p);
		if (content > end) /* it ended within its header */
			content = end;
		if (header > end)
			header = end;
		p->header = bytes_sub(s->text, header, p->header.n < content - header ? p->header.n : content - header);
		p->raw = bytes_sub(s->text, content, end - content);
		s->boundaries -= o->boundary.n > 0;
	}
}

/* The line end before a boundary belongs to the boundary. */
static size_t content_end(struct bytes t, size_t at)
{
	if (at && t.p[at - 1] == '\n')
		at--;
	if (at && t.p[at - 1] == '\r')
		at--;
	return at;
}

/* Reads a part and, where one mail holds the next, all of these. */
static bool open_parts(struct scan *s, size_t *at)
{
	bool looked_into;

	do {
		if (!open_part(s, at, &looked_into))
			return false;
		struct mime_part *p = &s->m->parts[s->m->n - 1];
		looked_into = looked_into && !is_multipart(p);
		p->container = looked_into;
	} while (looked_into);
	return true;
}

/* What lies beyond the limit of parts. */
static bool push_rest(struct scan *s, size_t at)
{
	struct mime_part p = {
		.parent = s->open[s->n_open - 1].index, .depth = (unsigned)s->n_open, .type = B("application/octet-stream"),
		.header = bytes_sub(s->text, at, 0), .raw = bytes_from(s->text, at),
	};

	limit_here(s, LIMIT_MIME_PARTS);
	return ARENA_PUSH(s->w->arena, s->m->parts, s->m->n, s->cap, &p);
}

static bool read_parts(struct scan *s)
{
	struct mark mark;
	size_t at = 0;

	if (!open_parts(s, &at))
		return false;
	while (next_mark(s, at, &mark)) {
		struct open_part *owner = &s->open[mark.owner];
		close_parts(s, mark.owner + 1, content_end(s->text, mark.at));
		at = mark.next;
		if (mark.close) {
			owner->boundary = B("");
			s->boundaries--;
			continue;
		}
		s->m->parts[owner->index].container = true;
		bool last = s->m->n + 1 >= work_limit(s->w, LIMIT_MIME_PARTS);
		if (last ? !push_rest(s, at) : !open_parts(s, &at))
			return false;
		if (last)
			break;
	}
	close_parts(s, 0, s->text.n);
	return true;
}

bool mime_read(struct work *w, struct bytes message, struct mime *out)
{
	struct scan s = { .w = w, .text = message, .m = out, .open_max = work_limit(w, LIMIT_MIME_DEPTH) };

	*out = (struct mime){ .n = 0 };
	if (!message.p)
		s.text = B("");
	s.open = arena_array(w->arena, struct open_part, s.open_max);
	if (s.open && read_parts(&s))
		return true;
	*out = (struct mime){ .n = 0 };
	return false;
}

void mime_end(struct mime *m)
{
	*m = (struct mime){ .n = 0 };
}

size_t mime_find(const struct mime *m, const char *type, size_t from)
{
	for (size_t i = from; i < m->n; i++)
		if (bytes_eq(m->parts[i].type, type))
			return i;
	return MIME_NO_PART;
}
