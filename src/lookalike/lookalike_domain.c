/* lookalike_domain.c - see lookalike_domain.h
 *
 * Thresholds. Short words are close to each other by chance (mail and mall, letter
 * and better), so the shorter a name, the more exact an imitation must be:
 *
 *  letters   what counts as an imitation of it
 *  3 and up  the same to the eye (examp1e, exarnple, Cyrillic letters); as a piece between
 *            hyphens beside nothing but words like login and support
 *  6 and up  two neighbours swapped, a letter more or less, or a letter for one of its shape, behind the
 *            first letter; the same name under another top-level domain; a piece between hyphens;
 *            run together with login, support, ... or with its own top-level domain
 *  8 and up  any letter for another, also the first
 *
 * Names that differ in a number only (region24, region25) are a series, no imitation. */
#include "lookalike/lookalike_domain.h"

#include "base/ascii.h"
#include "base/idn.h"
#include "lookalike/lookalike_fold.h"

enum {
	EYE_MIN = 3,      /* letters, see above */
	NEAR_MIN = 6,
	ANY_LETTER_MIN = 8,
	LABEL_LETTERS = 64,
};

static bool listed(struct bytes label, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (bytes_eq(label, list[i]))
			return true;
	return false;
}

/* --- taking a name apart --- */

/* Labels that stand for a kind of owner below a country: example.co.uk, example.com.au. */
static bool is_category(struct bytes label)
{
	static const char *const list[] = { "ac",  "ad",  "asn", "asso", "co",   "com", "ed",  "edu", "firm", "gen", "go",
		                            "gob", "gouv", "gov", "govt", "gv",   "id",  "idv", "info", "int", "ltd", "me",
		                            "mil", "muni", "ne",  "net",  "nhs",  "nic", "nom", "or",   "org", "plc", "police",
		                            "priv", "pro", "sch", "school", "web" };
	return listed(label, list, ARRAY_LEN(list));
}

bool lookalike_shape_of(const struct lookalike_tables *t, struct arena *a, struct dname name,
                        struct lookalike_shape *out)
{
	size_t n = dname_labels(name);
	struct lookalike_shape s = { .name = name };
	struct bytes rest = name.text, label;

	s.plain = arena_array(a, struct bytes, n);
	s.folded = arena_array(a, struct bytes, n);
	if (!s.plain || !s.folded)
		return false;
	for (; s.n < n && bytes_cut(&rest, '.', &label); s.n++) {
		s.plain[s.n] = idn_to_unicode(a, label); /* each for itself: a bad one does not hide the others */
		s.folded[s.n] = lookalike_fold(t, a, s.plain[s.n]);
	}
	s.core = s.n > 1 ? s.n - 2 : 0;
	if (s.n > 2 && s.plain[s.n - 1].n == 2 && is_category(s.plain[s.n - 2]))
		s.core = s.n - 3;
	*out = s;
	return !arena_failed(a);
}

static bool same_labels(const struct bytes *x, const struct bytes *y, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!bytes_same(x[i], y[i]))
			return false;
	return true;
}

/* The number of labels from the registered one on. */
static size_t tail(const struct lookalike_shape *s)
{
	return s->n - s->core;
}

bool lookalike_domain_related(const struct lookalike_shape *x, const struct lookalike_shape *y)
{
	return x->n && y->n && tail(x) == tail(y) && same_labels(x->plain + x->core, y->plain + y->core, tail(x));
}

bool lookalike_domain_public(const struct lookalike_shape *s)
{
	static const char *const cores[] = {
		"aol",       "bigpond",  "bluewin", "btinternet", "comcast", "daum",   "fastmail",   "foxmail",    "freenet",
		"gmail",     "gmx",      "googlemail", "hanmail", "hotmail", "icloud", "interia",    "laposte",    "libero",
		"msn",       "naver",    "orange",  "outlook",    "proton",  "protonmail", "qq",     "rambler",    "rediffmail",
		"rocketmail", "seznam",  "sfr",     "t-online",   "tutanota", "verizon", "virgilio", "wanadoo",    "windowslive",
		"yahoo",     "yandex",   "ymail",   "zoho",
	};
	static const char *const names[] = { "att.net", "free.fr", "inbox.lv", "live.com", "mac.com", "mail.com", "mail.ru",
		                             "me.com",  "pm.me",   "sina.com", "tuta.com", "ukr.net", "web.de",   "wp.pl" };

	return s->n && (listed(s->plain[s->core], cores, ARRAY_LEN(cores)) || listed(s->name.text, names, ARRAY_LEN(names)));
}

/* --- one letter --- */

struct letters {
	uint32_t c[LABEL_LETTERS];
	size_t n;
};

static struct letters letters_of(struct bytes label)
{
	struct letters l = { .n = 0 };
	size_t len;

	for (size_t i = 0; i < label.n && l.n < LABEL_LETTERS; i += len)
		l.c[l.n++] = utf8_next(label, i, &len);
	return l;
}

static bool is_digit(uint32_t c)
{
	return c < 0x80 && ascii_is_digit((uint8_t)c);
}

static bool near_shape(uint32_t x, uint32_t y)
{
	static const char pairs[] = "mn uv ec gq hb ij ft vy nh oe oa";

	for (const char *p = pairs; p + 1 < pairs + sizeof(pairs); p += 3)
		if ((x == (uint32_t)p[0] && y == (uint32_t)p[1]) || (x == (uint32_t)p[1] && y == (uint32_t)p[0]))
			return true;
	return false;
}

/* The letter at `at` of the longer is the one too many: is it more than the next of a number? */
static bool extra_counts(const struct letters *longer, size_t at)
{
	return !is_digit(longer->c[at]) || !((at > 0 && is_digit(longer->c[at - 1])) ||
	                                     (at + 1 < longer->n && is_digit(longer->c[at + 1])));
}

/* One letter more, less, swapped with its neighbour, or another one: a distance of 1 by
 * Damerau and Levenshtein. Then what is left between a common head and a common tail is at most two letters. */
static bool is_typo_of(struct bytes shown, struct bytes ours)
{
	struct letters x = letters_of(shown), y = letters_of(ours);
	const struct letters *longer = x.n >= y.n ? &x : &y, *shorter = x.n >= y.n ? &y : &x;
	size_t head = 0, end = 0, least = shorter->n;

	if (least < NEAR_MIN || longer->n > least + 1)
		return false;
	while (head < least && x.c[head] == y.c[head])
		head++;
	while (end < least - head && x.c[x.n - 1 - end] == y.c[y.n - 1 - end])
		end++;
	size_t left = longer->n - head - end;
	if (head == 0 && least < ANY_LETTER_MIN)
		return false; /* nobody overlooks the first letter of a short word */
	if (longer->n > least)
		return left == 1 && extra_counts(longer, head);
	if (left == 2)
		return x.c[head] == y.c[head + 1] && x.c[head + 1] == y.c[head] && !(is_digit(x.c[head]) && is_digit(y.c[head]));
	return left == 1 && !(is_digit(x.c[head]) && is_digit(y.c[head])) &&
	       (least >= ANY_LETTER_MIN || near_shape(x.c[head], y.c[head]));
}

/* --- the whole name --- */

static size_t count_letters(struct bytes label)
{
	size_t n = 0;

	for (size_t i = 0; i < label.n; i++)
		n += (label.p[i] & 0xc0) != 0x80;
	return n;
}

static bool is_ascii(struct bytes b)
{
	for (size_t i = 0; i < b.n; i++)
		if (b.p[i] >= 0x80)
			return false;
	return true;
}

static bool written_alike(const struct lookalike_shape *s, const struct lookalike_shape *o)
{
	struct bytes shown = s->plain[s->core], ours = o->plain[o->core];
	size_t n_suffix = tail(o) - 1;
	bool same_suffix = tail(s) == tail(o) &&
	                   same_labels(s->folded + s->core + 1, o->folded + o->core + 1, n_suffix);
	bool same_core = bytes_same(s->folded[s->core], o->folded[o->core]);
	bool long_enough = count_letters(ours) >= EYE_MIN || !is_ascii(shown) || !is_ascii(ours);

	if (same_core && same_suffix)
		return long_enough;
	if (same_core) /* another top-level domain */
		return count_letters(ours) >= NEAR_MIN && !(lookalike_domain_public(s) && bytes_same(shown, ours));
	return same_suffix && is_typo_of(shown, ours);
}

/* --- ours within a longer one --- */

/* Does `piece` stand in `label` between hyphens or ends? *rest_lures: all other pieces are words like "login". */
static bool has_piece(const struct lookalike_tables *t, struct bytes label, struct bytes piece, bool *rest_lures)
{
	for (size_t at = 0; piece.n && at + piece.n <= label.n; at = bytes_find(label, '-', at) + 1) {
		if (!bytes_same(bytes_sub(label, at, piece.n), piece) ||
		    (at + piece.n < label.n && label.p[at + piece.n] != '-'))
			continue;
		struct bytes rests[2] = { bytes_sub(label, 0, at), bytes_from(label, at + piece.n) }, word;
		*rest_lures = true;
		for (size_t i = 0; i < 2; i++)
			while (bytes_cut(&rests[i], '-', &word))
				*rest_lures = *rest_lures && (word.n == 0 || lookalike_fold_lure(t, word));
		return true;
	}
	return false;
}

/* The registered name and its suffix in one label, with `between` as the dots. */
static struct bytes in_one_label(const struct lookalike_shape *o, const char *between, uint8_t *to, size_t size)
{
	size_t n = 0;

	for (size_t i = o->core; i < o->n; i++) {
		struct bytes parts[2] = { bytes_of(i > o->core ? between : ""), o->folded[i] };
		for (size_t k = 0; k < 2; k++) {
			if (n + parts[k].n > size)
				return (struct bytes){ to, 0 };
			memcpy(to + n, parts[k].p, parts[k].n);
			n += parts[k].n;
		}
	}
	return (struct bytes){ to, n };
}

/* "example-org", "login-example-org", "exampleorg" */
static bool spells_ours(const struct lookalike_tables *t, struct bytes label, const struct lookalike_shape *o)
{
	uint8_t text[2 * DNAME_TEXT_MAX];
	bool rest_lures;
	struct bytes spelled = in_one_label(o, "-", text, sizeof(text));

	if (spelled.n && has_piece(t, label, spelled, &rest_lures) &&
	    (rest_lures || count_letters(o->plain[o->core]) >= NEAR_MIN))
		return true;
	spelled = in_one_label(o, "", text, sizeof(text));
	return spelled.n && count_letters(o->plain[o->core]) >= NEAR_MIN && has_piece(t, label, spelled, &rest_lures);
}

/* "mail-example", "example-login", "examplelogin": what was registered for the purpose. */
static bool decorates_ours(const struct lookalike_tables *t, struct bytes label, const struct lookalike_shape *o)
{
	struct bytes core = o->folded[o->core];
	size_t letters = count_letters(o->plain[o->core]);
	bool rest_lures = false;

	if (label.n <= core.n || letters < EYE_MIN)
		return false;
	if (has_piece(t, label, core, &rest_lures) && (rest_lures || letters >= NEAR_MIN))
		return true;
	if (letters < NEAR_MIN)
		return false;
	return (bytes_same(bytes_sub(label, 0, core.n), core) && lookalike_fold_lure(t, bytes_from(label, core.n))) ||
	       (bytes_same(bytes_from(label, label.n - core.n), core) &&
	        lookalike_fold_lure(t, bytes_sub(label, 0, label.n - core.n)));
}

/* Services that write the domain of a customer into a name of their own. */
static bool is_honest_service(struct dname d)
{
	static const char *const list[] = { "mail.protection.outlook.com", "mail.eo.outlook.com", "translate.goog",
		                            "cdn.ampproject.org", "mail.onmicrosoft.com" };

	for (size_t i = 0; i < ARRAY_LEN(list); i++)
		if (dname_within(d, (struct dname){ bytes_of(list[i]) }))
			return true;
	return false;
}

/* "example.org.evil.example" by label, the others within one. A label "example" alone is not
 * enough: customers of a service have such names. */
static bool stands_inside(const struct lookalike_tables *t, const struct lookalike_shape *s,
                          const struct lookalike_shape *o)
{
	if (is_honest_service(s->name))
		return false;
	for (size_t i = 0; i <= s->core; i++) {
		if (i + tail(o) <= s->core && same_labels(s->folded + i, o->folded + o->core, tail(o)))
			return true;
		if (spells_ours(t, s->folded[i], o))
			return true;
	}
	return decorates_ours(t, s->folded[s->core], o);
}

enum lookalike_alike lookalike_domain_compare(const struct lookalike_tables *t, const struct lookalike_shape *shown,
                                              const struct lookalike_shape *ours)
{
	if (shown->n < 2 || ours->n < 2 || dname_within(shown->name, ours->name) || dname_within(ours->name, shown->name))
		return ALIKE_NOT;
	if (lookalike_domain_related(shown, ours)) /* or the suffix is longer than guessed: then only the eye counts */
		return shown->n == ours->n && count_letters(ours->plain[0]) >= NEAR_MIN &&
		                       same_labels(shown->folded, ours->folded, shown->n)
		               ? ALIKE_DOMAIN
		               : ALIKE_NOT;
	if (written_alike(shown, ours))
		return ALIKE_DOMAIN;
	return stands_inside(t, shown, ours) ? ALIKE_INSIDE : ALIKE_NOT;
}
