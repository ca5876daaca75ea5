/* lookalike_name.c - see lookalike_name.h
 *
 * People's names are compared as they look, word by word, in the order given or with the
 * last word first. A letter more or less makes another name (Schmidt and Schmitt are two
 * people), so that is no imitation here, unlike in a domain. */
#include "lookalike/lookalike_name.h"

#include <unicode/uchar.h>

#include "base/idn.h"
#include "lookalike/lookalike_fold.h"

enum {
	TEXT_MAX = 1024,  /* bytes of a display name that are looked at: nobody reads more */
	WORDS_MAX = 64,
	LONE_MIN = 3,     /* letters of a name of one word */
};

struct words {
	struct bytes list[WORDS_MAX];
	size_t n;
};

struct owned {        /* an address of ours */
	struct bytes text, local;
	struct dname domain;
};

struct lookalike_folded {
	const struct lookalike_tables *t;
	const struct lookalike_ours *ours;
	const struct lookalike_shape *shapes; /* of the domains */
	struct words *names;
	struct owned *addresses;
};

/* --- words --- */

static bool is_word_part(uint32_t c)
{
	return u_isUAlphabetic((UChar32)c) || u_isdigit((UChar32)c) || (U_GET_GC_MASK((UChar32)c) & U_GC_M_MASK) ||
	       u_hasBinaryProperty((UChar32)c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

static void add_word(const struct lookalike_tables *t, struct arena *a, struct words *w, struct bytes word)
{
	if (word.n == 0 || w->n == WORDS_MAX)
		return;
	struct bytes folded = lookalike_fold(t, a, word);
	if (folded.n)
		w->list[w->n++] = folded;
}

static void split(const struct lookalike_tables *t, struct arena *a, struct bytes text, struct words *out)
{
	size_t start = 0, len;

	out->n = 0;
	text = bytes_sub(text, 0, TEXT_MAX);
	for (size_t i = 0; i < text.n; i += len) {
		uint32_t c = utf8_next(text, i, &len);
		if (is_word_part(c) || c == '\'' || c == 0x2019) /* O'Neill */
			continue;
		add_word(t, a, out, bytes_sub(text, start, i - start));
		start = i + len;
	}
	add_word(t, a, out, bytes_from(text, start));
}

/* Do ours stand in shown from `at` on, taken from the `first` of ours and round? */
static bool runs(const struct words *shown, size_t at, const struct words *ours, size_t first)
{
	for (size_t i = 0; i < ours->n; i++)
		if (!bytes_same(shown->list[at + i], ours->list[(first + i) % ours->n]))
			return false;
	return true;
}

/* "AliceExample" */
static bool runs_together(struct bytes word, const struct words *ours)
{
	for (size_t i = 0; i < ours->n; i++) {
		if (!bytes_same(bytes_sub(word, 0, ours->list[i].n), ours->list[i]))
			return false;
		word = bytes_from(word, ours->list[i].n);
	}
	return word.n == 0;
}

static bool all_lures(const struct lookalike_tables *t, const struct words *shown, size_t but)
{
	for (size_t i = 0; i < shown->n; i++)
		if (i != but && !lookalike_fold_lure(t, shown->list[i]))
			return false;
	return true;
}

/* A name of one word must be all there is, or stand beside words like "support": many people
 * are called Alice. */
static bool words_imitate(const struct lookalike_tables *t, const struct words *shown, const struct words *ours)
{
	if (ours->n == 0 || (ours->n == 1 && ours->list[0].n < LONE_MIN))
		return false;
	for (size_t at = 0; at + ours->n <= shown->n; at++)
		if (ours->n == 1 ? bytes_same(shown->list[at], ours->list[0]) && all_lures(t, shown, at)
		                 : runs(shown, at, ours, 0) || runs(shown, at, ours, ours->n - 1))
			return true;
	for (size_t at = 0; ours->n > 1 && at < shown->n; at++)
		if (runs_together(shown->list[at], ours))
			return true;
	return false;
}

/* --- addresses --- */

static bool read_address(struct arena *a, struct bytes text, struct owned *out)
{
	size_t at = text.n;

	while (at > 0 && text.p[at - 1] != '@')
		at--;
	if (at < 2)
		return false;
	*out = (struct owned){ .text = text, .local = bytes_sub(text, 0, at - 1) };
	return dname_parse(a, bytes_from(text, at), DNAME_HOST, &out->domain, NULL) && dname_labels(out->domain) > 1;
}

/* alice+news@... is alice@... */
static bool same_address(const struct owned *x, const struct owned *y)
{
	return dname_same(x->domain, y->domain) && bytes_isame(bytes_sub(x->local, 0, bytes_find(x->local, '+', 0)),
	                                                       bytes_sub(y->local, 0, bytes_find(y->local, '+', 0)));
}

static const struct owned *own_address(const struct lookalike_folded *f, const struct owned *address)
{
	for (size_t i = 0; i < f->ours->n_addresses; i++)
		if (f->addresses[i].local.n && same_address(&f->addresses[i], address))
			return &f->addresses[i];
	return NULL;
}

/* The one of our domains that the name is in, or imitates; NULL: none. Those of a provider
 * for everybody are nobody's. */
static const struct dname *own_domain(const struct lookalike_folded *f, const struct lookalike_shape *shape, bool alike)
{
	for (size_t i = 0; i < f->ours->n_domains; i++)
		if (!lookalike_domain_public(&f->shapes[i]) &&
		    (dname_within(shape->name, f->shapes[i].name) ||
		     (alike && lookalike_domain_compare(f->t, shape, &f->shapes[i]) != ALIKE_NOT)))
			return &f->ours->domains[i];
	return NULL;
}

const struct lookalike_folded *lookalike_name_ours(const struct lookalike_tables *t, struct arena *a,
                                                   const struct lookalike_ours *ours,
                                                   const struct lookalike_shape *shapes)
{
	struct lookalike_folded *f = arena_one(a, struct lookalike_folded);

	if (!f)
		return NULL;
	*f = (struct lookalike_folded){ .t = t, .ours = ours, .shapes = shapes };
	f->names = arena_array(a, struct words, ours->n_names);
	f->addresses = arena_array(a, struct owned, ours->n_addresses);
	if (!f->names || !f->addresses)
		return NULL;
	for (size_t i = 0; i < ours->n_names; i++)
		split(t, a, ours->names[i], &f->names[i]);
	for (size_t i = 0; i < ours->n_addresses; i++)
		if (!read_address(a, ours->addresses[i], &f->addresses[i]))
			f->addresses[i] = (struct owned){ .local = { NULL, 0 } };
	return arena_failed(a) ? NULL : f;
}

/* --- one name --- */

struct judge {
	const struct lookalike_folded *f;
	struct arena *a;
	const struct lookalike_shape *shape; /* of the sender's domain */
	struct owned sender;
	bool sender_ours;
	struct lookalike_name_found *out;
};

static void imitates(struct judge *j, struct bytes what)
{
	if (!j->sender_ours && !j->out->name) {
		j->out->name = true;
		j->out->imitates = what;
	}
}

/* Somebody else's address, as far as a reader can tell: a firm may show info@ and send from
 * noreply@ of the same domain, but at a provider for everybody that is another person. */
static bool is_another(const struct judge *j, const struct owned *shown, const struct lookalike_shape *shape)
{
	if (same_address(shown, &j->sender))
		return false;
	return !lookalike_domain_related(shape, j->shape) || lookalike_domain_public(shape);
}

static void judge_host(struct judge *j, struct dname host, const struct owned *address)
{
	struct lookalike_shape shape;
	const struct owned *own = address ? own_address(j->f, address) : NULL;

	if (!lookalike_shape_of(j->f->t, j->a, host, &shape))
		return;
	const struct dname *domain = own_domain(j->f, &shape, true);
	if (own)
		imitates(j, own->text);
	else if (domain)
		imitates(j, domain->text);
	if (address && !j->out->address && is_another(j, address, &shape)) {
		j->out->address = true;
		j->out->address_text = address->text;
	}
}

static void judge_token(struct judge *j, struct bytes token)
{
	struct owned address;
	struct dname host;

	while (token.n && strchr(".!?*-_~", token.p[token.n - 1]))
		token.n--;
	while (token.n && strchr(".!?*-~", token.p[0]))
		token = bytes_from(token, 1);
	if (bytes_has(token, '@')) {
		if (read_address(j->a, token, &address))
			judge_host(j, address.domain, &address);
	} else if (bytes_has(token, '.') && dname_parse(j->a, token, DNAME_HOST, &host, NULL) && dname_labels(host) > 1) {
		judge_host(j, host, NULL);
	}
}

static bool parts_tokens(uint32_t c)
{
	return (c < 0x80 && c > 0 && strchr("<>()[]{},;:\"'`|/\\=", (int)c)) || u_isUWhiteSpace((UChar32)c) ||
	       (c >= 0x80 && u_ispunct((UChar32)c));
}

/* Addresses and domains in the text, fullwidth and invisible characters undone. */
static void judge_tokens(struct judge *j, struct bytes display_name)
{
	struct bytes text = lookalike_plain(j->f->t, j->a, display_name, TEXT_MAX);
	size_t start = 0, len, n = 0;

	for (size_t i = 0; i <= text.n && n < WORDS_MAX; i += len) {
		len = 1;
		if (i < text.n && !parts_tokens(utf8_next(text, i, &len)))
			continue;
		if (i > start) {
			judge_token(j, bytes_sub(text, start, i - start));
			n++;
		}
		start = i + len;
	}
}

bool lookalike_name_judge(const struct lookalike_folded *f, struct arena *a, const struct lookalike_shown *shown,
                          const struct lookalike_shape *shape, struct lookalike_name_found *out)
{
	struct lookalike_name_found found = { 0 };
	struct judge j = { .f = f, .a = a, .shape = shape, .out = &found };
	struct words *words = arena_one(a, struct words);
	size_t at = shown->address.n;

	if (!words)
		return false;
	while (at > 0 && shown->address.p[at - 1] != '@')
		at--;
	j.sender = (struct owned){ .text = shown->address, .local = bytes_sub(shown->address, 0, at ? at - 1 : 0),
		                   .domain = shown->domain };
	j.sender_ours = own_address(f, &j.sender) || own_domain(f, shape, false);
	judge_tokens(&j, shown->display_name); /* an address says more than the name in it */
	split(f->t, a, shown->display_name, words);
	for (size_t i = 0; i < f->ours->n_names; i++)
		if (words_imitate(f->t, words, &f->names[i]))
			imitates(&j, f->ours->names[i]);
	if (arena_failed(a))
		return false;
	*out = found;
	return true;
}
