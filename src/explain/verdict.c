/* verdict.c - see verdict.h */
#include "explain/verdict.h"

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

enum lean { LEAN_OPEN, LEAN_FORGED, LEAN_GENUINE, LEANS };

/* What two sides of a given strength come to: the first row that fits. A strong
 * against a strong, or a fair against a fair, is open; the weaker side lowers
 * the stronger. */
static const struct rule {
	enum strength forged;                   /* at least */
	enum strength genuine_min, genuine_max;
	enum lean lean;
	enum strength confidence;
	const char *text;
} rules[] = {
	{ STRENGTH_STRONG, STRENGTH_NONE, STRENGTH_WEAK, LEAN_FORGED, STRENGTH_STRONG,
	  "a strong sign of forgery and nothing of weight against it" },
	{ STRENGTH_STRONG, STRENGTH_FAIR, STRENGTH_FAIR, LEAN_FORGED, STRENGTH_FAIR,
	  "a strong sign of forgery, a fair one against it" },
	{ STRENGTH_STRONG, STRENGTH_STRONG, STRENGTH_PROOF, LEAN_OPEN, STRENGTH_WEAK, "strong signs on both sides" },
	{ STRENGTH_FAIR, STRENGTH_NONE, STRENGTH_WEAK, LEAN_FORGED, STRENGTH_FAIR,
	  "a fair sign of forgery and nothing of weight against it" },
	{ STRENGTH_FAIR, STRENGTH_FAIR, STRENGTH_FAIR, LEAN_OPEN, STRENGTH_WEAK, "fair signs on both sides" },
	{ STRENGTH_FAIR, STRENGTH_STRONG, STRENGTH_PROOF, LEAN_GENUINE, STRENGTH_FAIR,
	  "a strong proof of origin, a fair sign against it" },
	{ STRENGTH_NONE, STRENGTH_STRONG, STRENGTH_PROOF, LEAN_GENUINE, STRENGTH_STRONG,
	  "a strong proof of origin and nothing of weight against it" },
	{ STRENGTH_NONE, STRENGTH_FAIR, STRENGTH_FAIR, LEAN_GENUINE, STRENGTH_FAIR,
	  "a fair proof of origin and nothing of weight against it" },
	{ STRENGTH_WEAK, STRENGTH_NONE, STRENGTH_NONE, LEAN_OPEN, STRENGTH_WEAK, "only a weak sign of forgery" },
	{ STRENGTH_NONE, STRENGTH_NONE, STRENGTH_WEAK, LEAN_OPEN, STRENGTH_WEAK, "no sign of weight on either side" },
};

static const struct rule *join(enum strength forged, enum strength genuine)
{
	const struct rule *r = rules;

	while (forged < r->forged || genuine < r->genuine_min || genuine > r->genuine_max)
		r++; /* the last rows take whatever is left */
	assert(r < rules + ARRAY_LEN(rules));
	return r;
}

/* What each lean comes to, in another's name and in the owner's. */
static const struct outcome {
	enum verdict_kind kind;
	const char *settle;
} outcomes[2][LEANS] = {
	{
		[LEAN_FORGED] = { VERDICT_FORGED, "a call to the person named as sender, on a number that you already had" },
		[LEAN_GENUINE] = { VERDICT_PROVEN, "whether you know and expect this sender: proof of origin says nothing "
		                                   "about good intentions" },
		[LEAN_OPEN] = { VERDICT_UNPROVEN, "a call to the person named as sender, on a number that you already had" },
	},
	{
		[LEAN_FORGED] = { VERDICT_FORGED, "the log of your mail server or provider: was there a log-in of yours at "
		                                  "that minute?" },
		[LEAN_GENUINE] = { VERDICT_GENUINE, "your own memory and your Sent folder: did you write it? If not, somebody "
		                                    "used your account." },
		[LEAN_OPEN] = { VERDICT_CANNOT_TELL, "your own memory, and your provider's list of log-ins for that minute" },
	},
};

struct verdict verdict_of(const struct facts *f, const struct evidence *list, size_t n)
{
	const struct rule *r = join(strongest(list, n, POINTS_FORGED), strongest(list, n, POINTS_GENUINE));
	const struct outcome *o = &outcomes[f->in_owner_name][r->lean];
	struct verdict v = {
		.kind = o->kind,
		.confidence = r->confidence,
		.in_owner_name = f->in_owner_name,
		.rule = r->text,
		.settle = o->settle,
	};

	if (v.kind == VERDICT_GENUINE && v.confidence > STRENGTH_FAIR)
		v.confidence = STRENGTH_FAIR; /* a stranger inside the account looks the same */
	return v;
}
