/* explain_words.c - see explain_words.h. The order is fixed: the verdict; who and where from; why; what is left
 * open; what to do; what is in the mail. */
#include "explain/explain_words.h"

#include "explain/advice_list.h"
#include "explain/bounce_words.h"
#include "explain/risk_words.h"
#include "explain/who_words.h"
#include "explain/why_words.h"

/* --- the verdict --- */

struct headline {
	const char *word, *sentence;
	enum page_colour colour;
};

static const struct headline headlines[ADVICE_WHENS] = {
	[ADVICE_FORGED] = { "FORGED",
		"Somebody else put your address on this mail. Anyone can write any sender, as on a paper envelope; it does not "
		"mean that somebody was inside your mailbox.", PAGE_BAD },
	[ADVICE_FORGED_OTHER] = { "FORGED",
		"Somebody else put this sender's address on the mail. It did not come from the sender that it names.", PAGE_BAD },
	[ADVICE_THROUGH] = { "FORGED THROUGH A SYSTEM OF YOURS",
		"A stranger made a program on a system of yours, such as a form on your web site, send this mail in your name. "
		"It does not mean that somebody was inside your mailbox.", PAGE_BAD },
	[ADVICE_ACCOUNT] = { "ACCOUNT USED",
		"This mail was sent from your own account, and the signs are that somebody else did it, who has your password "
		"or another way in.", PAGE_BAD },
	[ADVICE_DEVICE] = { "OWN DEVICE",
		"This mail was sent with your log-in from your usual place, but not as a person writes: one of your own devices "
		"seems to send by itself.", PAGE_BAD },
	[ADVICE_GENUINE] = { "GENUINE", "This mail came from your own account or your own mail system.", PAGE_GOOD },
	[ADVICE_PROVEN] = { "PROVEN",
		"This mail really came from the place that its sender's address names (what stands behind the @).", PAGE_GOOD },
	[ADVICE_UNPROVEN] = { "UNPROVEN",
		"This mail carries no proof that it comes from the sender that it names. It may be real, or it may not.",
		PAGE_OPEN },
	[ADVICE_LOOKALIKE] = { "LOOK-ALIKE",
		"The sender of this mail shows a name that can be taken for one of yours, and is somebody else.", PAGE_BAD },
	[ADVICE_ABOUT] = { "ABOUT YOUR MAIL",
		"A machine tells you about a mail that went out through your own systems.", PAGE_GOOD },
	[ADVICE_BACKSCATTER] = { "BACKSCATTER",
		"A machine tells you about a mail that is not yours: somebody else wrote your address on that mail, so the "
		"answers to it come to you.", PAGE_BAD },
	[ADVICE_OPEN] = { "CANNOT TELL",
		"What there is does not show whether this mail came from you or from somebody who wrote your address on it.",
		PAGE_OPEN },
	[ADVICE_OPEN_ABOUT] = { "CANNOT TELL",
		"A machine tells you about a mail, and what there is does not show whether that mail was yours.", PAGE_OPEN },
};

static void add_headline(struct page *p, const struct verdict *v)
{
	static const char *const how_sure[] = { "", "a weak guess", "fairly sure", "very sure", "certain" };
	const struct headline *h = &headlines[advice_when(v)];

	/* where nothing is claimed, there is nothing to be sure of */
	page_headline(p, h->colour, h->word, h->colour == PAGE_OPEN ? "" : how_sure[v->confidence]);
	page_item(p, "", "%s", h->sentence);
}

/* --- what to do --- */

/* The first paragraph of an action is numbered, the others stand below it. */
static void add_action(struct page *p, size_t number, struct bytes text)
{
	struct bytes paragraph;
	char first[32];

	snprintf(first, sizeof(first), " %2zu. ", number);
	for (const char *mark = first; bytes_cut(&text, '\n', &paragraph); mark = "     ")
		page_text(p, mark, paragraph);
}

static void add_domain_title(struct page *p, const struct facts *f)
{
	struct bytes domain = bytes_from(f->owner, bytes_find(f->owner, '@', 0));

	buf_adds(p->out, "\n");
	page_item(p, "  ", "If you look after the domain %.*s (what stands behind the @ of your address):",
	          BYTES_ARG(page_safe(p, bytes_from(domain, 1))));
}

static void add_advice(struct page *p, const struct explain *x)
{
	enum advice_for whom = ADVICE_FOR_ALL;
	struct advice *list = NULL;
	size_t n = 0;

	advice_list(x, &list, &n);
	page_title(p, "What to do");
	for (size_t i = 0; i < n; i++) {
		if (list[i].row->whom != whom)
			add_domain_title(p, &x->facts);
		whom = list[i].row->whom;
		add_action(p, i + 1, list[i].text);
	}
}

void explain_words(struct buf *out, const struct explain *x, struct words_style style)
{
	struct page p = { .out = out, .a = x->v->work.arena, .colour = style.colour };

	add_headline(&p, &x->verdict);
	buf_adds(out, "\n");
	who_words(&p, x);
	bounce_words(&p, x);
	why_words(&p, x);
	open_words(&p, x);
	add_advice(&p, x);
	risk_words(&p, x);
	lookalike_words(&p, x);
	out->failed |= arena_failed(p.a);
}
