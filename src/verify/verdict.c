/* verdict.c - see verdict.h */
#include "verify/verdict.h"

const char *verdict_name(enum verdict_kind k)
{
	static const char *const names[VERDICT_KINDS] = {
		[VERDICT_FORGED] = "forged",     [VERDICT_GENUINE] = "genuine",   [VERDICT_CANNOT_TELL] = "cannot_tell",
		[VERDICT_PROVEN] = "proven",     [VERDICT_UNPROVEN] = "unproven",
	};
	return names[k];
}

static enum strength strongest(const struct evidence *list, size_t n, enum points_to side)
{
	for (size_t i = 0; i < n; i++) /* the list is sorted */
		if (list[i].row->points_to == side)
			return list[i].strength;
	return STRENGTH_NONE;
}

enum lean { LEAN_NONE, LEAN_FORGED, LEAN_GENUINE, LEAN_SPLIT };

/* What two sides of a given strength come to. A strong against a strong, or a
 * fair against a fair, is "cannot tell"; the weaker side lowers the stronger. */
static const struct rule {
	enum strength forged_min, genuine_max;
	enum lean lean;
	enum strength confidence;
	const char *text;
} rules[] = {
	/* the first row that fits: forged >= forged_min and genuine <= genuine_max */
	{ STRENGTH_STRONG, STRENGTH_WEAK, LEAN_FORGED, STRENGTH_STRONG, "a strong sign of forgery and nothing against it" },
	{ STRENGTH_STRONG, STRENGTH_FAIR, LEAN_FORGED, STRENGTH_FAIR, "a strong sign of forgery, a fair one against it" },
	{ STRENGTH_STRONG, STRENGTH_PROOF, LEAN_SPLIT, STRENGTH_WEAK, "strong signs on both sides" },
	{ STRENGTH_FAIR, STRENGTH_WEAK, LEAN_FORGED, STRENGTH_FAIR, "a fair sign of forgery and nothing against it" },
	{ STRENGTH_FAIR, STRENGTH_FAIR, LEAN_SPLIT, STRENGTH_WEAK, "fair signs on both sides" },
};

static const struct rule *join(enum strength forged, enum strength genuine)
{
	static const struct rule
		strong = { 0, 0, LEAN_GENUINE, STRENGTH_STRONG, "a strong proof of origin and nothing of weight against it" },
		fair = { 0, 0, LEAN_GENUINE, STRENGTH_FAIR, "a fair proof of origin and nothing of weight against it" },
		weak = { 0, 0, LEAN_FORGED, STRENGTH_WEAK, "only a weak sign of forgery" },
		nothing = { 0, 0, LEAN_NONE, STRENGTH_WEAK, "no sign of weight on either side" };

	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		if (forged >= rules[i].forged_min && genuine <= rules[i].genuine_max)
			return &rules[i];
	if (genuine >= STRENGTH_STRONG)
		return forged >= STRENGTH_FAIR ? &fair : &strong;
	if (genuine == STRENGTH_FAIR)
		return &fair;
	return forged == STRENGTH_WEAK && genuine == STRENGTH_NONE ? &weak : &nothing;
}

static struct verdict for_owner(const struct rule *r)
{
	struct verdict v = { .in_owner_name = true, .rule = r->text, .confidence = r->confidence };

	switch (r->lean) {
	case LEAN_FORGED:
		v.kind = r->confidence >= STRENGTH_FAIR ? VERDICT_FORGED : VERDICT_CANNOT_TELL;
		v.settle = "the log of your mail server or provider: was there a log-in of yours at that minute?";
		break;
	case LEAN_GENUINE:
		/* never more than fair: a stranger inside the account looks the same */
		v.kind = VERDICT_GENUINE;
		v.confidence = STRENGTH_FAIR;
		v.settle = "your own memory and your Sent folder: did you write it? If not, somebody used your account.";
		break;
	case LEAN_NONE:
	case LEAN_SPLIT:
		v.kind = VERDICT_CANNOT_TELL;
		v.settle = "your own memory, and your provider's list of log-ins for that minute";
		break;
	}
	return v;
}

static struct verdict for_others(const struct rule *r)
{
	struct verdict v = { .rule = r->text, .confidence = r->confidence };

	switch (r->lean) {
	case LEAN_FORGED:
		v.kind = r->confidence >= STRENGTH_FAIR ? VERDICT_FORGED : VERDICT_UNPROVEN;
		v.settle = "a call to the person named as sender, on a number that you already had";
		break;
	case LEAN_GENUINE:
		v.kind = VERDICT_PROVEN;
		v.settle = "whether you know and expect this sender: proof of origin says nothing about good intentions";
		break;
	case LEAN_NONE:
	case LEAN_SPLIT:
		v.kind = VERDICT_UNPROVEN;
		v.settle = "a call to the person named as sender, on a number that you already had";
		break;
	}
	return v;
}

struct verdict verdict_of(const struct facts *f, const struct evidence *list, size_t n)
{
	const struct rule *r = join(strongest(list, n, POINTS_FORGED), strongest(list, n, POINTS_GENUINE));

	return f->in_owner_name ? for_owner(r) : for_others(r);
}
