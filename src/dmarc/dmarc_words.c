/* dmarc_words.c - see dmarc_words.h */
#include "dmarc/dmarc_words.h"

#define NAMES_SHOWN 3u /* identifiers named one by one; the others are "others" */

/* Which identifiers a list is about. */
struct choice {
	bool aligned, passes;
};

/* Identifier i: 0 is SPF, then the signatures. */
static const struct dmarc_ident *ident_at(const struct dmarc_input *in, size_t i)
{
	return i == 0 ? &in->spf : &in->dkim[i - 1];
}

static bool is_aligned(const struct dmarc_result *r, size_t i)
{
	if (i == 0)
		return r->spf_domain_aligned;
	return i <= 64 && (r->dkim_aligned_bits >> (i - 1) & 1);
}

static bool is_chosen(const struct dmarc_input *in, const struct dmarc_result *r, size_t i, struct choice c)
{
	const struct dmarc_ident *ident = ident_at(in, i);

	return !dname_is_none(ident->domain) && is_aligned(r, i) == c.aligned &&
	       (ident->state == DMARC_IDENT_PASS) == c.passes;
}

/* Is a signature of the same domain in the list already? */
static bool is_repeated(const struct dmarc_input *in, const struct dmarc_result *r, size_t i, struct choice c)
{
	for (size_t k = 1; k < i; k++)
		if (is_chosen(in, r, k, c) && dname_same(ident_at(in, k)->domain, ident_at(in, i)->domain))
			return true;
	return false;
}

/* "SPF of a.example, DKIM of b.example and c.example"; returns how many there are, at most one more
 * than are shown. out may be NULL: only counts. */
static size_t list(const struct dmarc_input *in, const struct dmarc_result *r, struct choice c, struct buf *out)
{
	size_t n = 0, all = out ? list(in, r, c, NULL) : 0;

	for (size_t i = 0; i <= in->n_dkim && n <= NAMES_SHOWN; i++) {
		if (!is_chosen(in, r, i, c) || is_repeated(in, r, i, c))
			continue;
		n++;
		if (!out)
			continue;
		if (n > 1)
			buf_adds(out, n == all ? " and " : ", ");
		if (n > NAMES_SHOWN)
			buf_adds(out, "others");
		else
			buf_addf(out, "%s of %.*s", i == 0 ? "SPF" : "DKIM", BYTES_ARG(ident_at(in, i)->domain.text));
	}
	return n;
}

static void add_author(const struct dmarc_result *r, struct buf *out)
{
	buf_addf(out, "%.*s", BYTES_ARG(r->domain.text));
}

static void add_policy(const struct dmarc_result *r, struct buf *out)
{
	static const char *const asks[] = {
		[DMARC_POLICY_NONE] = "asks for nothing to be done about it",
		[DMARC_POLICY_QUARANTINE] = "asks to treat it as suspicious",
		[DMARC_POLICY_REJECT] = "asks to reject it",
	};

	if (r->policy == DMARC_POLICY_ABSENT)
		return;
	buf_addf(out, ", and the policy %s (%s=%s at _dmarc.%.*s", asks[r->applied], r->policy_tag,
	         dmarc_policy_name(r->policy), BYTES_ARG(r->policy_domain.text));
	buf_adds(out, r->testing && r->applied != r->policy ? ", softened by t=y)" : ")");
}

static void say_none(const struct dmarc_input *in, const struct dmarc_result *r, struct buf *out)
{
	add_author(r, out);
	buf_adds(out, " has published no DMARC policy");
}

static void say_pass(const struct dmarc_input *in, const struct dmarc_result *r, struct buf *out)
{
	struct choice good = { .aligned = true, .passes = true };

	add_author(r, out);
	buf_adds(out, " stands behind this mail: ");
	buf_adds(out, list(in, r, good, out) == 1 ? " passes" : " pass");
}

static void say_fail(const struct dmarc_input *in, const struct dmarc_result *r, struct buf *out)
{
	struct choice own = { .aligned = true }, strangers = { .passes = true };
	size_t n;

	add_author(r, out);
	buf_adds(out, " does not stand behind this mail: ");
	if (list(in, r, own, NULL)) {
		n = list(in, r, own, out);
		buf_adds(out, n == 1 ? " does not pass" : " do not pass");
	} else if (list(in, r, strangers, NULL)) {
		n = list(in, r, strangers, out);
		buf_adds(out, n == 1 ? " passes, but speaks for another domain" : " pass, but speak for other domains");
	} else {
		buf_adds(out, "neither SPF nor DKIM passes for it");
	}
	if (!r->author_exists)
		buf_adds(out, "; the domain does not even exist");
	add_policy(r, out);
}

static void say_temperror(const struct dmarc_input *in, const struct dmarc_result *r, struct buf *out)
{
	buf_adds(out, "it could not be found out whether ");
	add_author(r, out);
	buf_addf(out, " stands behind this mail: %s", r->reason);
}

static void say_permerror(const struct dmarc_input *in, const struct dmarc_result *r, struct buf *out)
{
	if (dname_is_none(r->domain)) {
		buf_addf(out, "%s, so that DMARC cannot say who stands behind this mail", r->reason);
		return;
	}
	buf_adds(out, "it cannot be found out whether ");
	add_author(r, out);
	buf_addf(out, " stands behind this mail: %s (at _dmarc.%.*s)", r->reason, BYTES_ARG(r->policy_domain.text));
}

void dmarc_words(const struct dmarc_input *in, const struct dmarc_result *r, struct buf *out)
{
	static void (*const says[DMARC_OUTCOMES])(const struct dmarc_input *in, const struct dmarc_result *r,
	                                          struct buf *out) = {
		[DMARC_NONE] = say_none,           [DMARC_PASS] = say_pass,           [DMARC_FAIL] = say_fail,
		[DMARC_TEMPERROR] = say_temperror, [DMARC_PERMERROR] = say_permerror,
	};

	if (r->result == DMARC_FAIL && (in->ambiguous || in->n_authors != 1))
		buf_adds(out, "several domains may be meant as the author, and of them ");
	says[r->result](in, r, out);
}
