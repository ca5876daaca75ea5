/* folder_mbox.c - see folder_mbox.h */
#include "folder/folder_mbox.h"

#include "base/ascii.h"

#define LINE_MAX_BYTES 1024u /* no "From " line is longer */
#define FIELD_MAX_BYTES 64u  /* "Content-Length:" and its number */
#define NAME_MAX_BYTES 80u   /* a field's name and its colon */

/* --- the "From " line ------------------------------------------------------- */

enum { MAX_TOKENS = 14 };

static const char days[] = "MonTueWedThuFriSatSun", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

/* Is it one of the three-letter names in `all`? */
static bool one_of(struct bytes t, const char *all)
{
	if (t.n != 3)
		return false;
	for (; *all; all += 3)
		if (bytes_isame(t, (struct bytes){ (const uint8_t *)all, 3 }))
			return true;
	return false;
}

static bool is_number(struct bytes t, size_t min, size_t max, uint64_t lowest, uint64_t highest)
{
	uint64_t v;

	return t.n >= min && t.n <= max && bytes_to_u64(t, &v) && v >= lowest && v <= highest;
}

/* "9:05", "20:00:05" */
static bool is_time(struct bytes t)
{
	struct bytes hour, minute, second;

	return bytes_cut(&t, ':', &hour) && is_number(hour, 1, 2, 0, 23) && bytes_cut(&t, ':', &minute) &&
	       is_number(minute, 2, 2, 0, 59) && (!bytes_cut(&t, ':', &second) || is_number(second, 2, 2, 0, 60)) &&
	       t.n == 0;
}

/* "+0100", "CET", "(CET)" */
static bool is_zone(struct bytes t)
{
	if (t.n == 5 && (t.p[0] == '+' || t.p[0] == '-'))
		return is_number(bytes_from(t, 1), 4, 4, 0, 9999);
	if (t.n > 2 && t.p[0] == '(' && t.p[t.n - 1] == ')')
		t = bytes_sub(t, 1, t.n - 2);
	for (size_t i = 0; i < t.n; i++)
		if (t.p[i] < 'A' || t.p[i] > 'Z') /* in small letters it is prose */
			return false;
	return t.n >= 1 && t.n <= 5;
}

/* One token against one letter of a shape. */
static bool fits(struct bytes t, char letter)
{
	switch (letter) {
	case 'W': return one_of(t, days);
	case ',': return t.n == 4 && t.p[3] == ',' && one_of(bytes_sub(t, 0, 3), days);
	case 'M': return one_of(t, months);
	case 'D': return is_number(t, 1, 2, 1, 31);
	case 'T': return is_time(t);
	case 'Z': return is_zone(t);
	case 'Y': return is_number(t, 4, 4, 1970, 9999);
	case 'r': return bytes_eq(t, "remote");
	case 'f': return bytes_eq(t, "from");
	default: return true; /* 'x': anything */
	}
}

/* What may follow the sender: as asctime writes it, with zones where programs put them; as in a Date field; by UUCP. */
static const char *const shapes[] = {
	"WMDTY", "WMDTZY", "WMDTZZY", "WMDTYZ", "WMDTYZZ", ",DMYT", ",DMYTZ", ",DMYTZZ", "WMDTYrfx", "WMDTZYrfx",
};

static bool is_date(const struct bytes *tokens, size_t n)
{
	for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
		size_t at = 0;
		if (strlen(shapes[i]) != n)
			continue;
		while (at < n && fits(tokens[at], shapes[i][at]))
			at++;
		if (at == n)
			return true;
	}
	return false;
}

/* Cuts at blanks; a quoted local part may hold some. MAX_TOKENS + 1: too many. */
static size_t cut_tokens(struct bytes line, struct bytes *tokens)
{
	size_t n = 0, at = 0;

	for (;;) {
		while (at < line.n && ascii_is_wsp(line.p[at]))
			at++;
		if (at == line.n)
			return n;
		if (n == MAX_TOKENS)
			return MAX_TOKENS + 1;
		size_t from = at;
		for (bool quoted = false; at < line.n && (quoted || !ascii_is_wsp(line.p[at])); at++)
			if (line.p[at] == '"')
				quoted = !quoted;
		tokens[n++] = bytes_sub(line, from, at - from);
	}
}

bool folder_mbox_from_line(struct bytes line)
{
	struct bytes t[MAX_TOKENS];

	if (line.n < 5 || memcmp(line.p, "From ", 5) != 0)
		return false;
	for (size_t i = 0; i < line.n; i++)
		if (ascii_is_ctl(line.p[i]) && line.p[i] != '\t')
			return false;
	size_t n = cut_tokens(bytes_from(line, 5), t);
	if (n > MAX_TOKENS)
		return false;
	return (n > 1 && is_date(t + 1, n - 1)) ||
	       (n > 3 && bytes_eq(t[1], "at") && is_date(t + 3, n - 3)); /* archives of lists: ann at example.com */
}

/* "From" and blanks, and nothing else. */
static bool is_bare(struct bytes line)
{
	return line.n >= 5 && memcmp(line.p, "From ", 5) == 0 && bytes_trim(line).n == 4;
}

static struct bytes first_line(struct bytes text)
{
	text = bytes_sub(text, 0, bytes_find(text, '\n', 0));
	if (text.n && text.p[text.n - 1] == '\r')
		text.n--;
	return text;
}

bool folder_mbox_starts(struct bytes text)
{
	struct bytes line = first_line(text);

	if (line.n < 5 || memcmp(line.p, "From ", 5) != 0)
		return false;
	line = bytes_trim_left(bytes_from(line, 5));
	return line.n == 0 || line.p[0] != ':';
}

bool folder_mbox_is_mozilla(struct bytes text)
{
	struct bytes line = first_line(text);

	return is_bare(line) || (line.n > 7 && memcmp(line.p, "From - ", 7) == 0 && folder_mbox_from_line(line));
}

/* --- where a message ends --------------------------------------------------- */

/* Does a line begin as a field of a header does? */
static bool field_at(struct folder_source *s, uint64_t at)
{
	uint8_t text[NAME_MAX_BYTES];
	size_t n = folder_source_peek(s, at, text, sizeof(text)), i = 0;

	while (i < n && ascii_is_vchar(text[i]) && text[i] != ':')
		i++;
	return i > 0 && i < n && text[i] == ':';
}

/* Does a message begin with the line at `at`? */
static bool separates(struct folder_source *s, uint64_t at, bool mozilla, bool after_empty)
{
	uint8_t text[LINE_MAX_BYTES];
	struct bytes line = { text, folder_source_peek(s, at, text, 5) };

	if (!bytes_eq(line, "From "))
		return false;
	line.n = folder_source_peek(s, at, text, sizeof(text));
	size_t end = bytes_find(line, '\n', 0);
	if (end == sizeof(text))
		return false;
	line = first_line(line);
	if (after_empty && folder_mbox_from_line(line))
		return true;
	return mozilla && folder_mbox_is_mozilla(line) && field_at(s, at + end + 1);
}

/* Behind the next line feed at or after `at`; the end of the file when there is none. */
static uint64_t after_line(struct folder_source *s, uint64_t at)
{
	uint64_t lf = folder_source_find(s, at, B("\n"));

	return lf < s->size ? lf + 1 : lf;
}

/* How long the line end before `at` is, down to `least`: 0, 1 or 2. */
static unsigned line_end_before(struct folder_source *s, uint64_t least, uint64_t at)
{
	uint8_t c[2];
	unsigned n = at - least < 2 ? (unsigned)(at - least) : 2;

	if (n == 0 || folder_source_peek(s, at - n, c, n) != n || c[n - 1] != '\n')
		return 0;
	return n == 2 && c[0] == '\r' ? 2 : 1;
}

static unsigned line_end_at(struct folder_source *s, uint64_t at)
{
	uint8_t c[2];
	size_t n = folder_source_peek(s, at, c, 2);

	if (n && c[0] == '\n')
		return 1;
	return n == 2 && c[0] == '\r' && c[1] == '\n' ? 2 : 0;
}

/* The one Content-Length of the header at `at`; false: there is none, or they contradict each
 * other. *body is where the body begins. */
static bool content_length(struct folder_source *s, uint64_t at, uint64_t *body, uint64_t *length)
{
	static const char name[] = "content-length:";
	bool found = false, bad = false;

	for (uint64_t next; at < s->size && !line_end_at(s, at); at = next) {
		uint8_t text[FIELD_MAX_BYTES];
		struct bytes line = { text, folder_source_peek(s, at, text, sizeof(text)) };
		uint64_t v;

		next = after_line(s, at);
		if (!bytes_istarts(line, name))
			continue;
		size_t end = bytes_find(line, '\n', 0);
		line = bytes_sub(line, 0, end);
		if (end == sizeof(text) || !bytes_to_u64(bytes_trim(bytes_from(line, sizeof(name) - 1)), &v) ||
		    (found && v != *length))
			bad = true;
		else
			*length = v;
		found = true;
	}
	*body = at + line_end_at(s, at);
	return found && !bad;
}

/* Does a message of that length end where the next one begins, or the file does? Then *span is
 * filled in. Anybody may write a Content-Length: alone it proves nothing. */
static bool ends_by_length(struct folder_source *s, uint64_t body, uint64_t length, bool mozilla,
                           struct folder_mbox_span *span)
{
	if (body > s->size || length > s->size - body)
		return false;
	uint64_t end = body + length, next = end;
	bool at_line = line_end_before(s, span->at, end) > 0;
	for (int i = 0; i < 2; i++) {
		unsigned skip = line_end_at(s, next);
		next += skip;
		at_line |= skip > 0;
		if (next == s->size || (at_line && separates(s, next, mozilla, true))) {
			span->n = end - span->at;
			span->next = next;
			span->by_length = true;
			return true;
		}
	}
	return false;
}

/* Is the line end before `end`, of so many bytes, an empty line, be it the first of the message? */
static bool closes(struct folder_source *s, const struct folder_mbox_span *span, uint64_t end, uint64_t line_end)
{
	return line_end && (end - line_end == span->at || line_end_before(s, span->at, end - line_end));
}

static void find_separator(struct folder_source *s, bool mozilla, struct folder_mbox_span *span)
{
	uint64_t at = span->at, closing = 0;

	for (;;) {
		uint64_t lf = folder_source_find(s, at, B("\nFrom "));
		if (lf >= s->size) {
			/* the last one may be cut off: then nothing closes it */
			span->next = s->size;
			closing = line_end_before(s, span->at, s->size);
			if (!closes(s, span, s->size, closing))
				closing = 0;
			break;
		}
		at = lf + 1;
		closing = line_end_before(s, span->at, at);
		bool after_empty = closes(s, span, at, closing);
		if (separates(s, at, mozilla, after_empty)) {
			span->next = at;
			closing = after_empty ? closing : 0;
			break;
		}
	}
	span->n = span->next - closing - span->at;
}

struct folder_mbox_span folder_mbox_span(struct folder_source *s, uint64_t at, bool mozilla)
{
	struct folder_mbox_span span = { .at = after_line(s, at) };
	uint64_t body, length = 0;

	if (!content_length(s, span.at, &body, &length) || !ends_by_length(s, body, length, mozilla, &span))
		find_separator(s, mozilla, &span);
	return span;
}

/* --- quoting ------------------------------------------------------------------ */

static struct bytes body_of(struct bytes message)
{
	for (size_t at = 0; at < message.n;) {
		size_t lf = bytes_find(message, '\n', at);
		if (lf == at || (lf == at + 1 && message.p[at] == '\r'))
			return bytes_from(message, lf + 1);
		at = lf + 1;
	}
	return bytes_from(message, message.n);
}

/* Is a line quoted: one ">" or more, then "From "? */
static bool is_quoted(struct bytes line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] == '>')
		n++;
	return n && line.n - n >= 5 && memcmp(line.p + n, "From ", 5) == 0;
}

size_t folder_mbox_quoted(struct bytes message)
{
	struct bytes rest = body_of(message), line;
	size_t n = 0;

	for (bool after_empty = true; bytes_cut(&rest, '\n', &line);) {
		if (after_empty && line.n >= 5 && memcmp(line.p, "From ", 5) == 0)
			return 0;
		after_empty = line.n == 0 || (line.n == 1 && line.p[0] == '\r');
		n += line.n && line.p[0] == '>' && is_quoted(line);
	}
	return n;
}

void folder_mbox_unquote(struct bytes message, uint8_t *to)
{
	struct bytes rest = body_of(message), line;
	size_t header = message.n - rest.n;

	memcpy(to, message.p, header);
	to += header;
	while (rest.n) {
		line = bytes_sub(rest, 0, bytes_find(rest, '\n', 0) + 1);
		rest = bytes_from(rest, line.n);
		if (line.p[0] == '>' && is_quoted(line))
			line = bytes_from(line, 1);
		memcpy(to, line.p, line.n);
		to += line.n;
	}
}
