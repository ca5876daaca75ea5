#include "explain/verdict.h"
#include "tap.h"

static const struct evidence_row forged_row = { "f", POINTS_FORGED, STRENGTH_PROOF, NEEDS_DNS, "x", NULL };
static const struct evidence_row genuine_row = { "g", POINTS_GENUINE, STRENGTH_PROOF, NEEDS_DNS, "x", NULL };

#define NO STRENGTH_NONE
#define WEAK STRENGTH_WEAK
#define FAIR STRENGTH_FAIR
#define STRONG STRENGTH_STRONG

static const struct {
	const char *name;
	enum strength forged, genuine;
	enum verdict_kind owner; enum strength owner_sure;   /* mail in the owner's name */
	enum verdict_kind other; enum strength other_sure;   /* mail in another's */
} cases[] = {
	{ "nothing at all", NO, NO, VERDICT_CANNOT_TELL, WEAK, VERDICT_UNPROVEN, WEAK },
	{ "only a weak sign of forgery", WEAK, NO, VERDICT_CANNOT_TELL, WEAK, VERDICT_UNPROVEN, WEAK },
	{ "a fair sign of forgery", FAIR, NO, VERDICT_FORGED, FAIR, VERDICT_FORGED, FAIR },
	{ "a strong sign of forgery", STRONG, NO, VERDICT_FORGED, STRONG, VERDICT_FORGED, STRONG },
	{ "strong against weak", STRONG, WEAK, VERDICT_FORGED, STRONG, VERDICT_FORGED, STRONG },
	{ "strong against fair", STRONG, FAIR, VERDICT_FORGED, FAIR, VERDICT_FORGED, FAIR },
	{ "strong against strong", STRONG, STRONG, VERDICT_CANNOT_TELL, WEAK, VERDICT_UNPROVEN, WEAK },
	{ "fair against fair", FAIR, FAIR, VERDICT_CANNOT_TELL, WEAK, VERDICT_UNPROVEN, WEAK },
	{ "weak against weak", WEAK, WEAK, VERDICT_CANNOT_TELL, WEAK, VERDICT_UNPROVEN, WEAK },
	{ "a fair proof", NO, FAIR, VERDICT_GENUINE, FAIR, VERDICT_PROVEN, FAIR },
	{ "a strong proof is at most fair for the owner's name", NO, STRONG, VERDICT_GENUINE, FAIR, VERDICT_PROVEN, STRONG },
	{ "a strong proof against a fair sign of forgery", FAIR, STRONG, VERDICT_GENUINE, FAIR, VERDICT_PROVEN, FAIR },
	{ "a weak proof is none", NO, WEAK, VERDICT_CANNOT_TELL, WEAK, VERDICT_UNPROVEN, WEAK },
};

static size_t list_of(enum strength forged, enum strength genuine, struct evidence list[2])
{
	struct evidence f = { &forged_row, forged, B("f"), B(""), false }, g = { &genuine_row, genuine, B("g"), B(""), false };
	size_t n = 0;

	if (forged >= genuine && forged)
		list[n++] = f;
	if (genuine)
		list[n++] = g;
	if (forged < genuine && forged)
		list[n++] = f;
	return n;
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct evidence list[2];
		size_t n = list_of(cases[i].forged, cases[i].genuine, list);
		struct facts owner = { .in_owner_name = true }, other = { .in_owner_name = false };

		tap_begin("%s", cases[i].name);
		struct verdict v = verdict_of(&owner, list, n);
		CHECK_MSG(v.kind == cases[i].owner && v.confidence == cases[i].owner_sure, "owner: %s, %s",
		          verdict_name(v.kind), strength_name(v.confidence));
		CHECK(v.rule && v.settle);
		v = verdict_of(&other, list, n);
		CHECK_MSG(v.kind == cases[i].other && v.confidence == cases[i].other_sure, "other: %s, %s",
		          verdict_name(v.kind), strength_name(v.confidence));
		tap_end();
	}
	tap_begin("headers alone never end higher than strong, and never genuine above fair");
	for (enum strength f = NO; f <= STRONG; f++)
		for (enum strength g = NO; g <= STRONG; g++) {
			struct evidence list[2];
			struct facts owner = { .in_owner_name = true };
			struct verdict v = verdict_of(&owner, list, list_of(f, g, list));
			CHECK(v.confidence <= STRONG && (v.kind != VERDICT_GENUINE || v.confidence <= FAIR));
		}
	tap_end();
	tap_begin("no row that the mail and the DNS alone can show is a proof about the author");
	for (size_t i = 0; i < evidence_row_count; i++) {
		const struct evidence_row *r = &evidence_rows[i];
		bool alone = r->needs == NEEDS_MAIL || r->needs == NEEDS_DNS;
		CHECK_MSG(!alone || r->most < STRENGTH_PROOF || r->points_to == POINTS_ABOUT, "%s", r->id);
	}
	tap_end();
	return tap_done();
}
