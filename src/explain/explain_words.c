/* explain_words.c - see explain_words.h */
#include "explain/explain_words.h"

#include "base/clock.h"
#include "base/idn.h"
#include "base/wrap.h"

#define INDENT 4u

static const struct headline {
	enum verdict_kind kind;
	bool owner;
	const char *word, *sentence;
} headlines[] = {
	{ VERDICT_FORGED, true, "FORGED",
	  "Somebody else put your address on this mail. Anyone can write any sender, as on a paper envelope; it does "
	  "not mean that somebody was inside your mailbox." },
	{ VERDICT_GENUINE, true, "GENUINE", "This mail came from your own account or your own mail system." },
	{ VERDICT_CANNOT_TELL, true, "CANNOT TELL",
	  "This mail alone does not show whether it came from you or from somebody who wrote your address on it." },
	{ VERDICT_FORGED, false, "FORGED",
	  "Somebody else put this sender's address on the mail. It did not come from the sender that it names." },
	{ VERDICT_PROVEN, false, "PROVEN", "The mail really came from the domain that it names as its sender." },
	{ VERDICT_UNPROVEN, false, "UNPROVEN",
	  "The mail carries no proof of coming from the sender that it names. It may be real, or it may not." },
};

static const char *how_sure(enum strength s)
{
	static const char *const words[] = { "", "a weak guess", "fairly sure", "very sure", "proof" };

	return words[s];
}

static void add_headline(struct buf *out, const struct verdict *v)
{
	for (size_t i = 0; i < ARRAY_LEN(headlines); i++) {
		const struct headline *h = &headlines[i];
		if (h->kind != v->kind || h->owner != v->in_owner_name)
			continue;
		bool open = v->kind == VERDICT_CANNOT_TELL || v->kind == VERDICT_UNPROVEN;
		if (open) /* nothing is claimed, so there is nothing to be sure of */
			buf_addf(out, "%s\n", h->word);
		else
			buf_addf(out, "%s (%s)\n", h->word, how_sure(v->confidence));
		wrap_add(out, "", 0, bytes_of(h->sentence));
	}
}

static void add_author(struct buf *out, const struct facts *f, struct arena *a)
{
	const struct author *author = &f->v->author;

	if (f->author) {
		struct bytes name = display_name_decode(a, f->author->display_name);
		wrap_addf(out, "  Says it is from   ", 20, "%.*s%s%.*s@%.*s%s", BYTES_ARG(name), name.n ? " <" : "",
		          BYTES_ARG(f->author->local), BYTES_ARG(idn_to_unicode(a, f->author->domain.text)),
		          name.n ? ">" : "");
		return;
	}
	if (author->n == 0) {
		buf_adds(out, "  Says it is from   nobody that can be read\n");
		return;
	}
	for (size_t i = 0; i < author->n; i++)
		wrap_addf(out, i ? "              or    " : "  Says it is from   ", 20, "%.*s@%.*s",
		          BYTES_ARG(author->candidates[i].local),
		          BYTES_ARG(idn_to_unicode(a, author->candidates[i].domain.text)));
}

/* "16 Nov 2026 at 09:15 UTC" */
static void add_time(struct buf *out, int64_t at)
{
	char text[CLOCK_TEXT];
	struct bytes date = bytes_of(clock_rfc5322(at, text)); /* "Mon, 16 Nov 2026 09:15:00 +0000" */
	size_t time = date.n - 14;                             /* "09:15:00 +0000" */

	buf_addf(out, "%.*s at %.*s UTC", BYTES_ARG(bytes_trim(bytes_sub(date, 5, time - 5))),
	         BYTES_ARG(bytes_sub(date, time, 5)));
}

static void add_origin(struct buf *out, const struct facts *f)
{
	const struct handover *h = f->handover;
	struct buf line;
	char ip[IP_TEXT];

	if (!h->found) {
		wrap_add(out, "  Really came from  ", 20,
		         bytes_of("unknown: the mail has no trace of its way (no Received lines that can be read)"));
		return;
	}
	buf_init(&line, 4096);
	buf_addf(&line, "%s", h->has_ip ? ip_text(&h->ip, ip) : "an address that was not written down");
	if (h->helo.n)
		buf_addf(&line, ", which called itself \"%.*s\"", BYTES_ARG(h->helo));
	wrap_add(out, "  Really came from  ", 20, buf_bytes(&line));
	line.n = 0;
	buf_addf(&line, "%.*s", BYTES_ARG(h->by.n ? h->by : B("a system that gave no name")));
	if (h->time >= 0) {
		buf_adds(&line, ", ");
		add_time(&line, h->time);
	}
	wrap_add(out, "  Handed over to    ", 20, buf_bytes(&line));
	if (h->inferred)
		wrap_add(out, "                    ", 20,
		         bytes_of("(guessed from the trace; --trust HOST makes it certain)"));
	out->failed |= line.failed;
	buf_free(&line);
}

static void add_evidence(struct buf *out, const struct facts *f, const struct verdict *v,
                         const struct evidence *list, size_t n)
{
	enum points_to against = v->kind == VERDICT_GENUINE || v->kind == VERDICT_PROVEN ? POINTS_FORGED : POINTS_GENUINE;

	buf_adds(out, "\nWhy we say so\n");
	if (n == 0)
		wrap_add(out, "  ", INDENT, bytes_of("- Nothing in the mail speaks for or against its sender."));
	for (size_t i = 0; i < n; i++) {
		enum points_to side = list[i].row->points_to;
		const char *mark = side == POINTS_NOTHING ? "  o note: " : side == against ? "  - but: " : "  + ";
		wrap_addf(out, mark, INDENT, "%.*s (%s)", BYTES_ARG(list[i].text), strength_name(list[i].strength));
	}
	wrap_addf(out, "  Source: ", 10, "%.*s.", BYTES_ARG(f->auth.source));
	if (f->offline)
		wrap_add(out, "  ", 2, bytes_of("The DNS could not be asked; this rests on what is written in the mail."));
}

static void add_limits_of_proof(struct buf *out, const struct verdict *v, const struct evidence *list, size_t n)
{
	buf_adds(out, "\nWhat could still be different\n");
	for (size_t i = 0; i < n; i++) /* the strongest observation that decided */
		if (list[i].row->points_to != POINTS_NOTHING) {
			wrap_addf(out, "  ", 2, "This would look the same: %s.", list[i].row->fooled_by);
			break;
		}
	wrap_addf(out, "  ", 2, "What would settle it: %s", v->settle);
}

static void add_advice(struct buf *out, const struct facts *f, const struct verdict *v)
{
	unsigned number = 0;
	char first[16];

	buf_adds(out, "\nWhat to do\n");
	for (size_t i = 0; i < advice_row_count; i++) {
		if (!advice_applies(i, v, f))
			continue;
		snprintf(first, sizeof(first), "  %u. ", ++number);
		wrap_add(out, first, 5, bytes_of(advice_rows[i].text));
	}
}

void explain_words(struct buf *out, const struct explain *x)
{
	const struct facts *f = &x->facts;
	const struct verdict *v = &x->verdict;
	const struct evidence *list = x->evidence;
	size_t n = x->n_evidence;
	struct arena *a = f->v->work.arena;

	add_headline(out, v);
	buf_adds(out, "\n");
	add_author(out, f, a);
	add_origin(out, f);
	if (f->owner.n)
		wrap_addf(out, "  Your address      ", 20, "%.*s%s", BYTES_ARG(f->owner),
		          f->owner_guessed ? " (taken from the mail; --owner names another)" : "");
	else
		wrap_add(out, "  Your address      ", 20, bytes_of("not known (--owner ADDRESS names it)"));
	add_evidence(out, f, v, list, n);
	add_limits_of_proof(out, v, list, n);
	add_advice(out, f, v);
}
