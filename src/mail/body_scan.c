/* body_scan.c - see body_scan.h
 *
 * Any of CR, LF and CRLF ends a line here, as it does for the servers that can
 * be fooled. Nearly all lines are as they should be: body_run passes over those. */
#include "mail/body_scan.h"

#include "base/ascii.h"
#include "mail/body_run.h"

#define SUSPECT_LINES 100u /* behind a lone dot: an envelope is a few lines, with room for junk between */

static void add_defect(struct body_scan *s, enum defect_kind kind, size_t offset)
{
	if (!defects_have(s->defects, kind))
		defects_add(s->w, s->defects, kind, offset);
}

/* Notes the first NUL of the chunk, if there is one: before what else is found in it. */
static void note_nul(struct body_scan *s)
{
	size_t nul = s->nul_noted ? s->chunk.n : bytes_find(s->chunk, 0, 0);

	s->nul_noted = true;
	if (nul < s->chunk.n)
		add_defect(s, DEFECT_BODY_NUL, s->at + nul);
}

static void note(struct body_scan *s, enum defect_kind kind, size_t offset)
{
	note_nul(s);
	add_defect(s, kind, offset);
}

/* --- commands ---------------------------------------------------------------- */

static const struct {
	const char *word;
	bool alone; /* nothing stands behind it */
} commands[] = {
	{ "mail from:", false }, { "rcpt to:", false }, { "ehlo ", false }, { "helo ", false },
	{ "lhlo ", false },      { "bdat ", false },    { "data", true },   { "rset", true },
	{ "quit", true },        { "starttls", true },
};

static bool is_command(struct bytes line)
{
	struct bytes whole = bytes_trim(line);

	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		if (commands[i].alone ? bytes_ieq(whole, commands[i].word) : bytes_istarts(line, commands[i].word))
			return true;
	return false;
}

/* --- lines ------------------------------------------------------------------- */

/* A lone dot is a line of any text where its two ends are those of the file. */
static bool ends_are_odd(const struct body_scan *s, enum body_break after)
{
	if (after == BODY_BREAK_CR || (after == BODY_BREAK_LF && s->ends == LINES_CRLF))
		return true;
	return s->before != BODY_BREAK_START && s->before != after;
}

static void start_line(struct body_scan *s, enum body_break before, size_t at)
{
	s->before = before;
	s->line_at = at;
	s->dot = s->nul = s->other = false;
	s->head_n = 0;
}

/* Looks at the line that ends; its break is at `at`, the next line at `next`. */
static void end_line(struct body_scan *s, enum body_break by, size_t at, size_t next)
{
	if (by == BODY_BREAK_CR)
		note(s, DEFECT_BODY_BARE_CR, at);
	if (by == BODY_BREAK_LF && s->ends == LINES_CRLF)
		note(s, DEFECT_BODY_BARE_LF, at);
	if (s->dot && !s->other && (s->nul || ends_are_odd(s, by))) {
		note(s, DEFECT_SMUGGLED_END, s->line_at);
		s->suspect = SUSPECT_LINES + 1;
	}
	if (s->suspect && is_command((struct bytes){ s->head, s->head_n }))
		note(s, DEFECT_SMUGGLED_COMMANDS, s->line_at);
	s->suspect -= s->suspect > 0;
	start_line(s, by, next);
}

static void take_text(struct body_scan *s, struct bytes text)
{
	if (s->suspect) {
		size_t room = sizeof(s->head) - s->head_n, n = text.n < room ? text.n : room;
		if (n)
			memcpy(s->head + s->head_n, text.p, n);
		s->head_n += n;
	}
	if (bytes_has(text, 0))
		note_nul(s);
	for (size_t i = 0; i < text.n && !s->other; i++) { /* nearly always one byte */
		if (text.p[i] == 0)
			s->nul = true;
		else if (text.p[i] == '.' && !s->dot)
			s->dot = true;
		else
			s->other = true;
	}
}

/* --- chunks ------------------------------------------------------------------ */

void body_scan_begin(struct body_scan *s, struct work *w, struct defects *defects, enum line_ends ends,
                     size_t body_at)
{
	*s = (struct body_scan){ .w = w, .defects = defects, .ends = ends, .at = body_at };
	start_line(s, BODY_BREAK_START, body_at);
}

/* The CR that ended the chunk before: returns how many bytes of this one belong to it. */
static size_t resolve_cr(struct body_scan *s, struct bytes chunk)
{
	bool crlf = chunk.n && chunk.p[0] == '\n';

	s->cr = false;
	s->nul_noted = true; /* what is noted here comes before the chunk */
	end_line(s, crlf ? BODY_BREAK_CRLF : BODY_BREAK_CR, s->at - 1, s->at + crlf);
	return crlf;
}

/* At the start of a line, behind its break: passes over ordinary lines as far as they go, and into the one
 * that follows them. Returns where it stopped. */
static size_t pass_ordinary(struct body_scan *s, size_t at)
{
	struct bytes run = bytes_from(s->chunk, at);

	run.n = body_run(run.p, run.n, s->ends);
	const uint8_t *lf = run.n ? memrchr(run.p, '\n', run.n) : NULL;
	size_t last = lf ? (size_t)(lf - run.p) + 1 : 0;
	if (lf)
		start_line(s, lf[-1] == '\r' ? BODY_BREAK_CRLF : BODY_BREAK_LF, s->at + at + last);
	take_text(s, bytes_from(run, last));
	return at + run.n;
}

void body_scan_update(struct body_scan *s, struct bytes chunk)
{
	if (chunk.n == 0)
		return;
	s->chunk = chunk;
	size_t at = s->cr ? resolve_cr(s, chunk) : 0;
	size_t cr = bytes_find(chunk, '\r', at), lf = bytes_find(chunk, '\n', at);

	s->nul_noted = false;
	for (;;) {
		size_t stop = cr < lf ? cr : lf;
		take_text(s, bytes_sub(chunk, at, stop - at));
		if (stop >= chunk.n)
			break;
		if (cr < lf && cr + 1 == chunk.n) {
			s->cr = true;
			break;
		}
		bool crlf = cr + 1 == lf;
		at = stop + 1 + crlf;
		end_line(s, crlf ? BODY_BREAK_CRLF : cr < lf ? BODY_BREAK_CR : BODY_BREAK_LF, s->at + stop, s->at + at);
		if (!s->suspect && chunk.p[at - 1] == '\n')
			at = pass_ordinary(s, at);
		if (cr < at)
			cr = bytes_find(chunk, '\r', at);
		if (lf < at)
			lf = bytes_find(chunk, '\n', at);
	}
	s->at += chunk.n;
}

void body_scan_end(struct body_scan *s)
{
	s->chunk = (struct bytes){ NULL, 0 };
	if (s->cr)
		resolve_cr(s, s->chunk);
	if (s->suspect && is_command((struct bytes){ s->head, s->head_n }))
		note(s, DEFECT_SMUGGLED_COMMANDS, s->line_at);
}
