/* risk_words.c - see risk_words.h */
#include "explain/risk_words.h"

#include "base/idn.h"

static void add_risk(struct page *p, const struct risk *r)
{
	struct bytes what = page_safe(p, r->what), target = page_safe(p, r->target);

	if (what.n)
		page_item(p, target.n ? "      shows:    " : "      ", "%.*s", BYTES_ARG(what));
	if (target.n)
		page_item(p, "      leads to: ", "%.*s", BYTES_ARG(target));
}

void risk_words(struct page *p, const struct explain *x)
{
	uint32_t more = 0;

	if (x->n_risks == 0)
		return;
	page_title(p, "What is in it that you should know of (nothing was opened or fetched)");
	for (size_t i = 0; i < x->n_risks; i++) { /* those of one kind stand together */
		const struct risk *r = &x->risks[i];
		bool last = i + 1 == x->n_risks || x->risks[i + 1].kind != r->kind;
		if (i == 0 || x->risks[i - 1].kind != r->kind) {
			page_item(p, "  ! ", "%s", risk_rows[r->kind].meaning);
			more = 0;
		}
		add_risk(p, r);
		more += r->more;
		if (last && more)
			page_item(p, "      ", "and %u more", more);
	}
}

/* --- names --- */

static const char *const alike[LOOKALIKE_KINDS] = {
	[LOOKALIKE_DOMAIN] = "can be taken for",
	[LOOKALIKE_DOMAIN_INSIDE] = "is another place than the name that stands inside it,",
	[LOOKALIKE_NAME] = "is shown as the sender's name, which is or imitates",
	[LOOKALIKE_NAME_ADDRESS] = "is shown as the sender's name, but it is an address, and the mail is not from it",
	[LOOKALIKE_MIXED_SCRIPT] = "mixes letters of several alphabets, some of which look alike",
	[LOOKALIKE_BIDI] = "holds characters that turn the direction of text (\"?\" here)",
	[LOOKALIKE_INVISIBLE] = "holds characters that cannot be seen (\"?\" here)",
};

#define SPELLED_EACH 11u   /* bytes that a byte may become: "{U+FFFFFF}" and the NUL behind it while it is written */
#define SPELLED_MAX 65536u /* a longer text is not spelled */

/* Letters that are not plain ones, as numbers in braces; empty: there are none, or nearly all are, so that it is
 * simply written in another alphabet. */
static struct bytes spell(struct page *p, struct bytes text)
{
	size_t foreign = 0, plain = 0, len;
	struct buf out;

	buf_init(&out, SPELLED_EACH * text.n + 1); /* it fails for memory alone */
	for (size_t i = 0; i < text.n; i += len) {
		uint32_t c = utf8_next(text, i, &len);
		if (c < 0x80) {
			plain++;
			buf_add_byte(&out, text.p[i]);
		} else {
			foreign++;
			buf_addf(&out, "{U+%04X}", c);
		}
	}
	struct bytes spelled = { NULL, 0 };
	if (out.failed)
		arena_fail(p->a);
	else if (foreign && plain && out.n <= SPELLED_MAX)
		spelled = page_safe(p, buf_bytes(&out));
	buf_free(&out);
	return spelled;
}

void lookalike_words(struct page *p, const struct explain *x)
{
	if (x->n_looks)
		page_title(p, "Names that are not what they seem");
	for (size_t i = 0; i < x->n_looks; i++) {
		const struct lookalike *l = &x->looks[i];
		struct bytes shown = page_safe(p, l->shown), imitates = page_safe(p, l->imitates), spelled = spell(p, l->shown);
		bool whose = imitates.n && l->kind != LOOKALIKE_NAME_ADDRESS;
		page_item(p, "  ! ", "\"%.*s\" (%.*s) %s%s%.*s%s%s%.*s%s", BYTES_ARG(shown), BYTES_ARG(l->where), alike[l->kind],
		          whose ? " \"" : "", BYTES_ARG(whose ? imitates : B("")), whose ? "\"" : "",
		          spelled.n ? "; spelled " : "", BYTES_ARG(spelled), "");
	}
}
