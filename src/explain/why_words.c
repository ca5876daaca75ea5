/* why_words.c - see why_words.h */
#include "explain/why_words.h"

#define SOURCES_MAX 8u
#define DIRECTORY "the directory of the Internet for what stands behind the @ of addresses"
#define SIDE(name) (1u << POINTS_##name)
#define INSIDE (SIDE(GENUINE) | SIDE(ACCOUNT) | SIDE(OWN_SYSTEMS) | SIDE(DEVICE))

/* --- which way an observation counts --- */

/* For each verdict and question: which sides speak for it and which against. Where the verdict is open, "for" is
 * the sender's side, or that of the mail being yours. Whether a notice itself is real decides nothing of the
 * mail that it is about. */
static const struct sides {
	unsigned in_favour, against; /* bits of enum points_to */
	unsigned decides;            /* of those in favour, the ones that tell it from its neighbours; 0: all */
	const char *title;           /* NULL: as for a verdict that is not open */
} sides[ADVICE_WHENS] = {
	[ADVICE_FORGED] = { SIDE(FORGED), INSIDE },
	[ADVICE_FORGED_OTHER] = { SIDE(FORGED), INSIDE },
	[ADVICE_THROUGH] = { SIDE(OWN_SYSTEMS) | SIDE(GENUINE), SIDE(FORGED) | SIDE(ACCOUNT) | SIDE(DEVICE),
	                     .decides = SIDE(OWN_SYSTEMS) },
	[ADVICE_ACCOUNT] = { SIDE(ACCOUNT) | SIDE(GENUINE), SIDE(FORGED) | SIDE(OWN_SYSTEMS) | SIDE(DEVICE),
	                     .decides = SIDE(ACCOUNT) },
	[ADVICE_DEVICE] = { SIDE(DEVICE) | SIDE(GENUINE), SIDE(FORGED) | SIDE(OWN_SYSTEMS) | SIDE(ACCOUNT),
	                    .decides = SIDE(DEVICE) },
	[ADVICE_GENUINE] = { SIDE(GENUINE), SIDE(FORGED) | SIDE(ACCOUNT) | SIDE(OWN_SYSTEMS) | SIDE(DEVICE) },
	[ADVICE_PROVEN] = { SIDE(GENUINE), SIDE(FORGED) | SIDE(LOOKALIKE) },
	[ADVICE_UNPROVEN] = { INSIDE, SIDE(FORGED) | SIDE(LOOKALIKE),
	                      .title = "What is known (+ for the sender, - against, o only worth knowing)" },
	[ADVICE_LOOKALIKE] = { SIDE(LOOKALIKE), 0 },
	[ADVICE_ABOUT] = { SIDE(ABOUT), SIDE(BACKSCATTER) },
	[ADVICE_BACKSCATTER] = { SIDE(BACKSCATTER), SIDE(ABOUT) },
	[ADVICE_OPEN] = { INSIDE, SIDE(FORGED), .title = "What is known (+ it is yours, - it is not, o only worth knowing)" },
	[ADVICE_OPEN_ABOUT] = { SIDE(ABOUT), SIDE(BACKSCATTER),
	                        .title = "What is known (+ that mail was yours, - it was not, o only worth knowing)" },
};

/* --- who says so --- */

static void add_sources(struct page *p, const struct evidence *list, size_t n)
{
	struct bytes seen[SOURCES_MAX], all = { NULL, 0 };
	size_t found = 0;

	for (size_t i = 0; i < n && found < SOURCES_MAX; i++) {
		size_t k = 0;
		while (k < found && !bytes_same(seen[k], list[i].source))
			k++;
		if (k < found)
			continue;
		seen[found++] = list[i].source;
		all = arena_printf(p->a, "%.*s%s%.*s", BYTES_ARG(all), found > 1 ? "; " : "",
		                   BYTES_ARG(page_safe(p, list[i].source)));
	}
	if (found == 0)
		return;
	struct bytes dns = B("DNS"), before = bytes_sub(all, 0, bytes_search(all, dns)); /* a term: its meaning with it */
	bool named = before.n < all.n;
	page_item(p, "  Who says so: ", "%.*s%s%.*s.", BYTES_ARG(before), named ? "DNS (" DIRECTORY ")" : "",
	          BYTES_ARG(bytes_from(all, before.n + dns.n)));
}

/* --- what could not be looked at --- */

#define WEAKER "So this rests on what stands in the mail, which is weaker."

static void add_silence(struct page *p, const struct explain *x)
{
	size_t at = 0, n = 0;

	if (x->settings.offline) {
		page_item(p, "  ", "Nothing was asked of the DNS (" DIRECTORY "), as you wished (--offline). " WEAKER);
	} else if (x->facts.offline) {
		page_item(p, "  ", "No answer came from the DNS (" DIRECTORY "). " WEAKER);
	} else {
		while (dns_book_next_failed(x->v->book, &at))
			n++;
		if (n)
			page_item(p, "  ", "%zu question%s to the DNS (" DIRECTORY ") got no answer; an answer might change this.",
			          n, n > 1 ? "s" : "");
	}
}

static void add_limits(struct page *p, const struct explain *x)
{
	struct bytes all = { NULL, 0 };

	for (size_t i = 0; i < LIMIT_COUNT; i++)
		if (x->v->work.reached >> i & 1)
			all = arena_printf(p->a, "%.*s%s%s", BYTES_ARG(all), all.n ? ", " : "", limit_rows[i].name);
	if (all.n)
		page_item(p, "  ", "The mail holds more than is looked at (limits reached: %.*s).", BYTES_ARG(all));
}

/* Those that count for or against, or those that are only worth knowing. */
static void add_marked(struct page *p, const struct explain *x, const struct sides *s, bool notes)
{
	for (size_t i = 0; i < x->n_evidence; i++) {
		const struct evidence *e = &x->evidence[i];
		enum points_to side = e->row->points_to;
		bool note = !((s->in_favour | s->against) >> side & 1);
		if (note == notes)
			page_item(p, note ? "  o " : s->in_favour >> side & 1 ? "  + " : "  - ", "%.*s (%s%s)",
			          BYTES_ARG(page_safe(p, e->text)), strength_name(e->strength),
			          e->frozen ? ", seen in the original of this redacted mail" : "");
	}
}

void why_words(struct page *p, const struct explain *x)
{
	const struct sides *s = &sides[advice_when(&x->verdict)];

	page_title(p, s->title ? s->title : "Why we say so (+ for it, - against it, o only worth knowing)");
	if (x->n_evidence == 0)
		page_item(p, "  o ", "Nothing in the mail speaks for or against its sender.");
	add_marked(p, x, s, false);
	add_marked(p, x, s, true);
	add_sources(p, x->evidence, x->n_evidence);
	add_silence(p, x);
	add_limits(p, x);
}

/* --- what is left open --- */

static const char *const not_proven[ADVICE_WHENS] = {
	[ADVICE_FORGED] = "It does not show that nobody was ever inside your mailbox: no mail can show that. It shows only that "
	                   "this one did not come from there.",
	[ADVICE_THROUGH] = "It does not show who did it, nor whether that system was changed in other ways.",
	[ADVICE_ACCOUNT] = "It does not show who it was, nor how they came in: by the password, or by one of your devices.",
	[ADVICE_DEVICE] = "It does not show which device it was, nor whether a stranger set it to work or you did, long ago.",
	[ADVICE_GENUINE] = "It does not show that it was you who wrote it: a stranger inside your account looks the same.",
	[ADVICE_PROVEN] = "It does not show that the sender means well, nor that it was the sender in person: accounts are used "
	                   "by strangers, too.",
	[ADVICE_UNPROVEN] = "It does not show that the mail is forged: much real mail carries no proof.",
	[ADVICE_LOOKALIKE] = "It does not show that harm is meant: names can be alike by chance.",
	[ADVICE_ABOUT] = "It does not show that you wrote that mail yourself, only that it went out through your "
	                            "systems.",
	[ADVICE_BACKSCATTER] = "It does not show that nobody was ever inside your mailbox; only that this notice is not about a "
	                        "mail from there.",
	[ADVICE_FORGED_OTHER] = "It does not show who wrote it; only that it was not the sender that it names.",
	[ADVICE_OPEN] = "It does not show that all is well, nor that anything is wrong.",
	[ADVICE_OPEN_ABOUT] = "It does not show that all is well, nor that anything is wrong.",
};

/* The strongest observation on the side of the verdict, which decided. */
static const struct evidence *deciding(const struct explain *x)
{
	const struct sides *s = &sides[advice_when(&x->verdict)];
	unsigned decides = s->decides ? s->decides : s->in_favour;

	for (size_t i = 0; i < x->n_evidence; i++)
		if (decides >> x->evidence[i].row->points_to & 1)
			return &x->evidence[i];
	return NULL;
}

void open_words(struct page *p, const struct explain *x)
{
	const struct verdict *v = &x->verdict;
	const struct evidence *e = deciding(x);
	bool is_open = v->kind == VERDICT_CANNOT_TELL || v->kind == VERDICT_UNPROVEN;

	page_title(p, "What this does not prove");
	page_item(p, "  ", "%s", not_proven[advice_when(v)]);
	if (e && !is_open)
		page_item(p, "  ", "What would look the same: %s.", e->row->fooled_by);
	bool ended = strchr(".?!", v->settle[strlen(v->settle) - 1]);
	page_item(p, "  ", "What would settle it: %s%s", v->settle, ended ? "" : ".");
}
