/* why_words.c - see why_words.h */
#include "explain/why_words.h"

#define SOURCES_MAX 8u
#define DIRECTORY "the directory of the Internet for what stands behind the @ of addresses"
#define SIDE(name) (1u << POINTS_##name)
#define INSIDE (SIDE(GENUINE) | SIDE(ACCOUNT) | SIDE(OWN_SYSTEMS) | SIDE(DEVICE))

/* --- which way an observation counts --- */

/* For each verdict: which sides speak for it and which against. Where the verdict is open, "for" is the
 * sender's side, or that of the mail being yours. */
static const struct sides {
	unsigned in_favour, against; /* bits of enum points_to */
	unsigned decides;            /* of those in favour, the ones that tell it from its neighbours; 0: all */
	const char *title;
} sides[VERDICT_KINDS] = {
	[VERDICT_FORGED] = { SIDE(FORGED), INSIDE },
	[VERDICT_FORGED_THROUGH] = { SIDE(OWN_SYSTEMS) | SIDE(GENUINE), SIDE(FORGED) | SIDE(ACCOUNT) | SIDE(DEVICE),
	                             .decides = SIDE(OWN_SYSTEMS) },
	[VERDICT_ACCOUNT_USED] = { SIDE(ACCOUNT) | SIDE(GENUINE), SIDE(FORGED) | SIDE(OWN_SYSTEMS) | SIDE(DEVICE),
	                           .decides = SIDE(ACCOUNT) },
	[VERDICT_OWN_DEVICE] = { SIDE(DEVICE) | SIDE(GENUINE), SIDE(FORGED) | SIDE(OWN_SYSTEMS) | SIDE(ACCOUNT),
	                         .decides = SIDE(DEVICE) },
	[VERDICT_GENUINE] = { SIDE(GENUINE), SIDE(FORGED) | SIDE(ACCOUNT) | SIDE(OWN_SYSTEMS) | SIDE(DEVICE) },
	[VERDICT_PROVEN] = { SIDE(GENUINE), SIDE(FORGED) | SIDE(LOOKALIKE) },
	[VERDICT_UNPROVEN] = { INSIDE, SIDE(FORGED) | SIDE(LOOKALIKE),
	                       .title = "What is known (+ for the sender, - against, o only worth knowing)" },
	[VERDICT_LOOKALIKE] = { SIDE(LOOKALIKE), 0 },
	[VERDICT_ABOUT_YOUR_MAIL] = { SIDE(ABOUT), SIDE(BACKSCATTER) },
	[VERDICT_BACKSCATTER] = { SIDE(BACKSCATTER), SIDE(ABOUT) },
	[VERDICT_CANNOT_TELL] = { INSIDE | SIDE(ABOUT), SIDE(FORGED) | SIDE(BACKSCATTER),
	                          .title = "What is known (+ it is yours, - it is not, o only worth knowing)" },
};

static const char *mark_of(const struct sides *s, enum points_to side)
{
	return s->in_favour >> side & 1 ? "  + " : s->against >> side & 1 ? "  - " : "  o ";
}

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

static void add_silence(struct page *p, const struct explain *x)
{
	const struct dns_entry *e;
	size_t at = 0, n = 0;

	if (x->settings.offline) {
		page_item(p, "  ", "Nothing was asked of the DNS (" DIRECTORY "), as you wished (--offline). So this rests on what stands "
		                   "in the mail, which is weaker.");
	} else if (x->facts.offline) {
		page_item(p, "  ", "No answer came from the DNS (" DIRECTORY "). So this rests on what stands in the mail, which is weaker.");
	} else {
		while ((e = dns_book_next_failed(x->v->book, &at)) != NULL)
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

void why_words(struct page *p, const struct explain *x)
{
	const struct sides *s = &sides[x->verdict.kind];

	page_title(p, s->title ? s->title : "Why we say so (+ for it, - against it, o only worth knowing)");
	if (x->n_evidence == 0)
		page_item(p, "  o ", "Nothing in the mail speaks for or against its sender.");
	for (size_t i = 0; i < x->n_evidence; i++) {
		const struct evidence *e = &x->evidence[i];
		page_item(p, mark_of(s, e->row->points_to), "%.*s (%s%s)", BYTES_ARG(page_safe(p, e->text)),
		          strength_name(e->strength), e->frozen ? ", seen in the original of this redacted mail" : "");
	}
	add_sources(p, x->evidence, x->n_evidence);
	add_silence(p, x);
	add_limits(p, x);
}

/* --- what is left open --- */

static const char *const not_proven[VERDICT_KINDS] = {
	[VERDICT_FORGED] = "It does not show that nobody was ever inside your mailbox: no mail can show that. It shows only that "
	                   "this one did not come from there.",
	[VERDICT_FORGED_THROUGH] = "It does not show who did it, nor whether that system was changed in other ways.",
	[VERDICT_ACCOUNT_USED] = "It does not show who it was, nor how they came in: by the password, or by one of your devices.",
	[VERDICT_OWN_DEVICE] = "It does not show which device it was, nor whether a stranger set it to work or you did, long ago.",
	[VERDICT_GENUINE] = "It does not show that it was you who wrote it: a stranger inside your account looks the same.",
	[VERDICT_PROVEN] = "It does not show that the sender means well, nor that it was the sender in person: accounts are used "
	                   "by strangers, too.",
	[VERDICT_UNPROVEN] = "It does not show that the mail is forged: much real mail carries no proof.",
	[VERDICT_LOOKALIKE] = "It does not show that harm is meant: names can be alike by chance.",
	[VERDICT_ABOUT_YOUR_MAIL] = "It does not show that you wrote that mail yourself, only that it went out through your "
	                            "systems.",
	[VERDICT_BACKSCATTER] = "It does not show that nobody was ever inside your mailbox; only that this notice is not about a "
	                        "mail from there.",
	[VERDICT_CANNOT_TELL] = "It does not show that all is well, nor that anything is wrong.",
};

#define NOT_PROVEN_OTHER "It does not show who wrote it; only that it was not the sender that it names."

/* The strongest observation on the side of the verdict, which decided. */
static const struct evidence *deciding(const struct explain *x)
{
	const struct sides *s = &sides[x->verdict.kind];
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
	page_item(p, "  ", "%s", v->kind == VERDICT_FORGED && !v->in_owner_name ? NOT_PROVEN_OTHER : not_proven[v->kind]);
	if (e && !is_open)
		page_item(p, "  ", "What would look the same: %s.", e->row->fooled_by);
	bool ended = strchr(".?!", v->settle[strlen(v->settle) - 1]);
	page_item(p, "  ", "What would settle it: %s%s", v->settle, ended ? "" : ".");
}
