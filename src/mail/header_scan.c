/* header_scan.c - see header_scan.h
 *
 * Readers differ in what ends a line: some take a lone LF or CR, a few also
 * other control bytes. Whatever follows such a byte may be a field to them. */
#include "mail/header_scan.h"

#include "base/ascii.h"
#include "base/idn.h"
#include "base/scan.h"

#define LINE_MAX_BYTES 998u /* RFC 5322 section 2.1.1, without the line end */

void header_scan_note(struct work *w, struct header *h, enum defect_kind kind, size_t offset)
{
	if (!defects_have(&h->defects, kind))
		defects_add(w, &h->defects, kind, offset);
}

size_t header_scan_line_end(const struct header *h, struct bytes t, size_t at)
{
	if (at >= t.n)
		return 0;
	if (t.p[at] == '\r')
		return at + 1 < t.n && t.p[at + 1] == '\n' ? 2 : 0;
	return t.p[at] == '\n' && h->ends == LINES_LF;
}

static bool is_overlooked(uint8_t c)
{
	return (ascii_is_ctl(c) && c != '\t') || c >= 0x80;
}

static size_t skip_overlooked(struct bytes t, size_t at)
{
	while (at < t.n && is_overlooked(t.p[at]))
		at++;
	return at;
}

/* The offset behind "From" and its colon, with overlooked bytes anywhere and
 * blanks before the colon; 0 when something else stands at `at`. */
static size_t from_and_colon(struct bytes t, size_t at)
{
	static const char letters[] = "from";

	for (size_t i = 0; letters[i]; i++) {
		at = skip_overlooked(t, at);
		if (at >= t.n || ascii_lower(t.p[at]) != (uint8_t)letters[i])
			return 0;
		at++;
	}
	while (at < t.n && (ascii_is_wsp(t.p[at]) || is_overlooked(t.p[at])))
		at++;
	return at < t.n && t.p[at] == ':' ? at + 1 : 0;
}

static bool is_break(uint8_t c)
{
	return c == '\r' || c == '\n';
}

/* Where a value that begins at `at` ends for readers of any line end: before
 * the first break that no blank follows. */
static size_t value_end(struct bytes t, size_t at)
{
	for (; at < t.n; at++) {
		size_t end = at;
		while (at < t.n && is_break(t.p[at]))
			at++;
		if (at > end && (at == t.n || !ascii_is_wsp(t.p[at])))
			return end;
	}
	return t.n;
}

void header_scan_from(struct work *w, struct header *h, struct bytes block, size_t at, size_t offset)
{
	size_t value = from_and_colon(block, at = skip_overlooked(block, at));

	if (!value || (h->hidden_n && h->hidden[h->hidden_n - 1].offset == offset + at))
		return; /* nothing, or found already */
	if (h->hidden_n >= work_limit(w, LIMIT_FROM_MAILBOXES)) {
		work_reached(w, LIMIT_FROM_MAILBOXES); /* also bounds what value_end costs */
		return;
	}
	size_t end = value_end(block, value);
	struct field f = {
		.raw = bytes_sub(block, at, end - at),
		.name = bytes_sub(block, at, value - 1 - at),
		.value = bytes_sub(block, value, end - value),
		.offset = offset + at,
		.id = FIELD_FROM,
	};
	(void)!ARENA_PUSH(w->arena, h->hidden, h->hidden_n, h->hidden_cap, &f);
	defects_add(w, &h->defects, DEFECT_HIDDEN_FROM, offset + at);
}

static enum defect_kind kind_of_control(uint8_t c)
{
	switch (c) {
	case '\n':
		return DEFECT_BARE_LF;
	case '\r':
		return DEFECT_BARE_CR;
	case 0:
		return DEFECT_NUL_BYTE;
	default:
		return DEFECT_CONTROL_BYTE;
	}
}

struct scan {
	struct work *w;
	struct header *h;
	struct bytes block;
	size_t offset;    /* of the block */
	size_t tried;     /* behind a run of overlooked bytes: a From was looked for here */
};

static void note(struct scan *s, enum defect_kind kind, size_t at)
{
	header_scan_note(s->w, s->h, kind, s->offset + at);
}

/* A byte that is not plain and ends no line. Returns where to go on. */
static size_t odd_byte(struct scan *s, size_t at)
{
	struct bytes t = s->block;
	uint8_t c = t.p[at];
	size_t next = at + 1;

	if (c == '\t')
		return next;
	if (c >= 0x80) {
		if (utf8_next(t, at, &next) == 0xfffd && next == 1)
			note(s, DEFECT_EIGHT_BIT, at);
		return at + next;
	}
	note(s, kind_of_control(c), at);
	if (is_break(c) && (at == 0 || (next < t.n && is_break(t.p[next]))))
		s->h->ended_for_some = true;
	if (next > s->tried) { /* once behind each run, however long */
		s->tried = skip_overlooked(t, next);
		header_scan_from(s->w, s->h, t, s->tried, s->offset);
	}
	return next;
}

static void check_line_length(struct scan *s, size_t line, size_t end)
{
	if (end - line > LINE_MAX_BYTES)
		note(s, DEFECT_LONG_LINE, line);
}

void header_scan_bytes(struct work *w, struct header *h, struct bytes block, size_t offset)
{
	struct scan s = { w, h, block, offset, 0 };
	size_t line = 0, at = 0, end;

	while ((at = scan_printable(block, at)) < block.n) {
		end = header_scan_line_end(h, block, at);
		if (!end) {
			at = odd_byte(&s, at);
			continue;
		}
		check_line_length(&s, line, at);
		if (end == 2 && h->ends == LINES_LF)
			note(&s, DEFECT_MIXED_LINE_ENDS, at);
		line = at += end;
		if (at < block.n && !ascii_is_wsp(block.p[at])) { /* only header_add can bring it */
			note(&s, DEFECT_NOT_A_FIELD, at);
			header_scan_from(w, h, block, at, offset);
		}
	}
	check_line_length(&s, line, block.n);
}
