/* verdict.c - see verdict.h */
#include "explain/verdict.h"

static const struct {
	const char *name;
	int status;
} kinds[VERDICT_KINDS] = {
	[VERDICT_FORGED] = { "forged", 1 },
	[VERDICT_FORGED_THROUGH] = { "forged_through_own_systems", 1 },
	[VERDICT_ACCOUNT_USED] = { "account_used", 3 },
	[VERDICT_OWN_DEVICE] = { "own_device", 3 },
	[VERDICT_GENUINE] = { "genuine", 0 },
	[VERDICT_PROVEN] = { "proven", 0 },
	[VERDICT_UNPROVEN] = { "unproven", 2 },
	[VERDICT_LOOKALIKE] = { "lookalike", 1 },
	[VERDICT_ABOUT_YOUR_MAIL] = { "about_your_mail", 0 },
	[VERDICT_BACKSCATTER] = { "backscatter", 1 },
	[VERDICT_CANNOT_TELL] = { "cannot_tell", 2 },
};

const char *verdict_name(enum verdict_kind k)
{
	return kinds[k].name;
}

int verdict_status(enum verdict_kind k)
{
	return kinds[k].status;
}

enum lean { LEAN_OPEN, LEAN_AGAINST, LEAN_FOR, LEANS };

/* What two sides of a given strength come to: the first row that fits. A proof decides, unless the
 * other side has one too; a strong against a strong, or a fair against a fair, is open; the weaker
 * side lowers the stronger. */
static const struct rule {
	enum strength against;          /* at least */
	enum strength for_min, for_max; /* within */
	enum lean lean;
	enum strength confidence;
	const char *text;
} rules[] = {
	{ STRENGTH_PROOF, STRENGTH_PROOF, STRENGTH_PROOF, LEAN_OPEN, STRENGTH_WEAK, "proofs on both sides" },
	{ STRENGTH_PROOF, STRENGTH_NONE, STRENGTH_STRONG, LEAN_AGAINST, STRENGTH_PROOF, "a proof against it" },
	{ STRENGTH_NONE, STRENGTH_PROOF, STRENGTH_PROOF, LEAN_FOR, STRENGTH_PROOF, "a proof of it" },
	{ STRENGTH_STRONG, STRENGTH_NONE, STRENGTH_WEAK, LEAN_AGAINST, STRENGTH_STRONG,
	  "a strong sign against it and nothing of weight for it" },
	{ STRENGTH_STRONG, STRENGTH_FAIR, STRENGTH_FAIR, LEAN_AGAINST, STRENGTH_FAIR,
	  "a strong sign against it, a fair one for it" },
	{ STRENGTH_STRONG, STRENGTH_STRONG, STRENGTH_STRONG, LEAN_OPEN, STRENGTH_WEAK, "strong signs on both sides" },
	{ STRENGTH_FAIR, STRENGTH_NONE, STRENGTH_WEAK, LEAN_AGAINST, STRENGTH_FAIR,
	  "a fair sign against it and nothing of weight for it" },
	{ STRENGTH_FAIR, STRENGTH_FAIR, STRENGTH_FAIR, LEAN_OPEN, STRENGTH_WEAK, "fair signs on both sides" },
	{ STRENGTH_FAIR, STRENGTH_STRONG, STRENGTH_STRONG, LEAN_FOR, STRENGTH_FAIR,
	  "a strong sign for it, a fair one against it" },
	{ STRENGTH_NONE, STRENGTH_STRONG, STRENGTH_STRONG, LEAN_FOR, STRENGTH_STRONG,
	  "a strong sign for it and nothing of weight against it" },
	{ STRENGTH_NONE, STRENGTH_FAIR, STRENGTH_FAIR, LEAN_FOR, STRENGTH_FAIR,
	  "a fair sign for it and nothing of weight against it" },
	{ STRENGTH_WEAK, STRENGTH_NONE, STRENGTH_NONE, LEAN_OPEN, STRENGTH_WEAK, "only a weak sign against it" },
	{ STRENGTH_NONE, STRENGTH_NONE, STRENGTH_WEAK, LEAN_OPEN, STRENGTH_WEAK, "no sign of weight on either side" },
};

static const struct rule *join(enum strength against, enum strength in_favour)
{
	const struct rule *r = rules;

	while (against < r->against || in_favour < r->for_min || in_favour > r->for_max)
		r++; /* the last rows take whatever is left */
	assert(r < rules + ARRAY_LEN(rules));
	return r;
}

/* The question depends on whose mail it is; each answer has its verdict and what would settle the rest. */
enum question { ASK_OTHER, ASK_OWNER, ASK_ABOUT, QUESTIONS };

static const struct outcome {
	enum verdict_kind kind;
	const char *settle;
} outcomes[QUESTIONS][LEANS] = {
	[ASK_OTHER] = {
		[LEAN_AGAINST] = { VERDICT_FORGED, "a call to the person named as sender, on a number that you already had" },
		[LEAN_FOR] = { VERDICT_PROVEN, "whether you know and expect this sender: proof of origin says nothing "
		                               "about good intentions" },
		[LEAN_OPEN] = { VERDICT_UNPROVEN, "a call to the person named as sender, on a number that you already had" },
	},
	[ASK_OWNER] = {
		[LEAN_AGAINST] = { VERDICT_FORGED, "the log of your mail server or provider: was there a log-in of yours at "
		                                   "that minute?" },
		[LEAN_FOR] = { VERDICT_GENUINE, "your own memory and your Sent folder: did you write it? If not, somebody "
		                                "used your account." },
		[LEAN_OPEN] = { VERDICT_CANNOT_TELL, "your own memory, and your provider's list of log-ins for that minute" },
	},
	[ASK_ABOUT] = {
		[LEAN_AGAINST] = { VERDICT_BACKSCATTER, "the log of your mail server: did the mail that this notice is about go out?" },
		[LEAN_FOR] = { VERDICT_ABOUT_YOUR_MAIL, "your Sent folder: is the mail that it is about there, to that "
		                                        "recipient?" },
		[LEAN_OPEN] = { VERDICT_CANNOT_TELL, "your Sent folder or the log of your server: is the mail that it is about "
		                                     "there? Look at the text that it quotes: did you write that?" },
	},
};

/* Mail that came through something of the owner's: through what? The first row whose side is the
 * strongest, and fair at least. */
static const struct within {
	enum points_to side;
	enum verdict_kind kind;
	const char *rule, *settle;
} withins[] = {
	{ POINTS_ACCOUNT, VERDICT_ACCOUNT_USED, "it came through your account, and signs of a stranger in it",
	  "your own memory: did you write it, or were you at that place? Your provider's list of devices shows who was" },
	{ POINTS_OWN_SYSTEMS, VERDICT_FORGED_THROUGH, "it came through a system of yours that strangers can make send mail",
	  "the log of your web server at that minute: which page was called, and by whom?" },
	{ POINTS_DEVICE, VERDICT_OWN_DEVICE, "it came through your account from your usual place, and not as a person writes",
	  "a look at your devices: which one was on at that minute, and which programs send mail from it?" },
};

static const struct within *through_what(const struct evidence *list, size_t n)
{
	const struct within *best = NULL;

	for (size_t i = 0; i < ARRAY_LEN(withins); i++) {
		enum strength s = evidence_strongest(list, n, withins[i].side);
		if (s >= STRENGTH_FAIR && (!best || s > evidence_strongest(list, n, best->side)))
			best = &withins[i];
	}
	return best;
}

static enum strength stronger(enum strength a, enum strength b)
{
	return a > b ? a : b;
}

/* Everything that says "inside", whoever it was. */
static enum strength inside(const struct evidence *list, size_t n)
{
	enum strength s = evidence_strongest(list, n, POINTS_GENUINE);

	for (size_t i = 0; i < ARRAY_LEN(withins); i++)
		s = stronger(s, evidence_strongest(list, n, withins[i].side));
	return s;
}

/* A stranger inside the account looks the same as its owner: what the mail alone shows is at most fair,
 * and a log or a copy in Sent shows whose log-in it was, not whose hand. */
static enum strength surest_genuine(const struct evidence *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		enum evidence_needs needs = list[i].row->needs;
		if (list[i].row->points_to == POINTS_GENUINE && list[i].strength >= STRENGTH_STRONG &&
		    (needs == NEEDS_LOG || needs == NEEDS_SENT))
			return STRENGTH_STRONG;
	}
	return STRENGTH_FAIR;
}

static struct verdict owner_verdict(struct verdict v, const struct evidence *list, size_t n)
{
	const struct within *w = through_what(list, n);
	enum strength most = surest_genuine(list, n);

	if (v.kind != VERDICT_GENUINE)
		return v;
	if (w) {
		v.kind = w->kind;
		v.rule = w->rule;
		v.settle = w->settle;
		v.confidence = evidence_strongest(list, n, w->side);
	} else if (v.confidence > most) {
		v.confidence = most;
	}
	return v;
}

static struct verdict other_verdict(struct verdict v, const struct evidence *list, size_t n)
{
	enum strength looks = evidence_strongest(list, n, POINTS_LOOKALIKE);

	if (looks < STRENGTH_FAIR)
		return v;
	v.kind = VERDICT_LOOKALIKE;
	v.confidence = looks;
	v.rule = "the sender shows a name that can be taken for yours";
	v.settle = "a call to the person whom you took for the sender, on a number that you already had";
	return v;
}

/* A notice that is forged itself (a lure that looks like a bounce) and about no mail that can be
 * judged is looked at like any other mail. */
static enum question question_of(const struct facts *f, const struct evidence *list, size_t n)
{
	if (f->in_owner_name)
		return ASK_OWNER;
	if (!f->about_a_mail)
		return ASK_OTHER;
	bool told = evidence_strongest(list, n, POINTS_ABOUT) >= STRENGTH_FAIR ||
	            evidence_strongest(list, n, POINTS_BACKSCATTER) >= STRENGTH_FAIR;
	return !told && evidence_strongest(list, n, POINTS_FORGED) >= STRENGTH_FAIR ? ASK_OTHER : ASK_ABOUT;
}

struct verdict verdict_of(const struct facts *f, const struct evidence *list, size_t n)
{
	enum question q = question_of(f, list, n);
	enum strength against = evidence_strongest(list, n, q == ASK_ABOUT ? POINTS_BACKSCATTER : POINTS_FORGED);
	const struct rule *r =
		join(against, q == ASK_ABOUT ? evidence_strongest(list, n, POINTS_ABOUT) : inside(list, n));
	const struct outcome *o = &outcomes[q][r->lean];
	struct verdict v = {
		.kind = o->kind,
		.confidence = r->confidence,
		.in_owner_name = f->in_owner_name,
		.rule = r->text,
		.settle = o->settle,
	};

	return q == ASK_OWNER ? owner_verdict(v, list, n) : q == ASK_OTHER ? other_verdict(v, list, n) : v;
}
