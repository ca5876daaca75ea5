/* explain_line.c - see explain_line.h */
#include "explain/explain_line.h"

#include "base/clock.h"
#include "base/columns.h"
#include "base/idn.h"
#include "base/wrap.h"
#include "explain/page.h"
#include "mail/date.h"

/* Columns: name, verdict, confidence, date, sender; the subject takes what is left. */
enum { NAME = 14, VERDICT = 12, CONFIDENCE = 6, DATE = 10, FROM = 22 };

const char *explain_line_word(enum verdict_kind k)
{
	static const char *const words[VERDICT_KINDS] = {
		[VERDICT_FORGED] = "FORGED",         [VERDICT_FORGED_THROUGH] = "THROUGH YOU", [VERDICT_ACCOUNT_USED] = "ACCOUNT USED",
		[VERDICT_OWN_DEVICE] = "OWN DEVICE", [VERDICT_GENUINE] = "GENUINE",            [VERDICT_PROVEN] = "PROVEN",
		[VERDICT_UNPROVEN] = "UNPROVEN",     [VERDICT_LOOKALIKE] = "LOOK-ALIKE",       [VERDICT_ABOUT_YOUR_MAIL] = "YOUR MAIL",
		[VERDICT_BACKSCATTER] = "BACKSCATTER", [VERDICT_CANNOT_TELL] = "CANNOT TELL",
	};

	return words[k];
}

/* A stranger's text made safe for one line, not yet cut. */
static struct bytes safe(struct arena *a, struct bytes text)
{
	struct buf unlinked, out;

	buf_init(&unlinked, 65536);
	buf_init(&out, 3 * 65536);
	page_unlink(&unlinked, bytes_sub(text, 0, 4096)); /* far more than a line */
	wrap_safe(&out, buf_bytes(&unlinked));
	if (unlinked.failed || out.failed)
		arena_fail(a);
	struct bytes copy = arena_copy(a, buf_bytes(&out));
	buf_free(&out);
	buf_free(&unlinked);
	return copy;
}

/* At most n columns, with dots where something is missing; filled up with spaces if there comes more. */
static void add_cell(struct buf *out, struct bytes text, size_t n, bool fill)
{
	size_t used = columns_of(text);

	if (used > n) {
		text = columns_head(text, n - 2);
		used = columns_of(text) + 2;
		buf_add(out, text);
		buf_adds(out, "..");
	} else {
		buf_add(out, text);
	}
	for (; fill && used <= n; used++) /* and one between the cells */
		buf_add_byte(out, ' ');
}

/* Names of files differ at their end. */
static void add_name(struct buf *out, struct arena *a, const char *name)
{
	struct bytes text = safe(a, bytes_of(name));
	size_t n = columns_of(text), at = 0, len;

	if (n <= NAME) {
		add_cell(out, text, NAME, true);
		return;
	}
	for (n += 2; at < text.n && n > NAME; at += len)
		n -= columns_of_char(utf8_next(text, at, &len));
	add_cell(out, arena_join(a, B(".."), bytes_from(text, at)), NAME, true);
}

/* Of the hand-over; where that is not known, what the mail says itself. */
static int64_t time_of(const struct explain *x)
{
	const struct field *f = header_find(&x->v->header, FIELD_DATE, 0);
	struct date date;

	if (x->handover.found && x->handover.time >= 0)
		return x->handover.time;
	return f && date_parse(f->value, &date, NULL) ? date.at : -1;
}

static struct bytes from_of(const struct explain *x, struct arena *a)
{
	const struct author *author = &x->v->author;

	if (author->n == 0)
		return B("-");
	const struct mailbox *m = &author->candidates[0];
	return safe(a, arena_printf(a, "%.*s@%.*s%s", BYTES_ARG(m->local), BYTES_ARG(idn_to_unicode(a, m->domain.text)),
	                            author->n > 1 ? " and others" : ""));
}

static struct bytes subject_of(const struct explain *x, struct arena *a)
{
	const struct field *f = header_find(&x->v->header, FIELD_SUBJECT, 0);

	return f ? safe(a, mime_words(a, field_unfold(a, f->value))) : B("");
}

void explain_line(struct buf *out, const struct explain *x, const char *name)
{
	const struct verdict *v = &x->verdict;
	bool is_open = v->kind == VERDICT_CANNOT_TELL || v->kind == VERDICT_UNPROVEN;
	struct arena *a = x->v->work.arena;
	int64_t at = time_of(x);
	char date[CLOCK_TEXT];
	size_t left = WRAP_COLUMNS - (VERDICT + 1 + CONFIDENCE + 1 + DATE + 1 + FROM + 1);

	if (name && *name) {
		add_name(out, a, name);
		left -= NAME + 1;
	}
	add_cell(out, bytes_of(explain_line_word(v->kind)), VERDICT, true);
	add_cell(out, is_open ? B("-") : bytes_of(strength_name(v->confidence)), CONFIDENCE, true);
	add_cell(out, at >= 0 ? bytes_sub(bytes_of(clock_rfc3339(at, date)), 0, DATE) : B("-"), DATE, true);
	add_cell(out, from_of(x, a), FROM, true);
	add_cell(out, subject_of(x, a), left, false);
	buf_adds(out, "\n");
	out->failed |= arena_failed(a);
}
