/* lookalike.c - see lookalike.h */
#include "lookalike/lookalike.h"

#include "base/idn.h"
#include "lookalike/lookalike_domain.h"
#include "lookalike/lookalike_fold.h"
#include "lookalike/lookalike_name.h"
#include "lookalike/lookalike_script.h"

enum { FOUND_MAX = 64 }; /* of one mail: the first few tell the story */

struct finder {
	const struct lookalike_tables *t;
	struct arena *a;
	const struct lookalike_ours *ours;
	struct lookalike_shape *shapes;       /* of ours->domains */
	const struct lookalike_folded *folded;
	struct lookalike *found;
	size_t n, cap;
};

/* A display name that two fields share is told once. */
static void add(struct finder *f, enum lookalike_kind kind, const char *where, struct bytes shown,
                struct bytes imitates)
{
	struct lookalike one = { .kind = kind, .where = bytes_of(where), .shown = shown, .imitates = imitates };

	for (size_t i = 0; i < f->n; i++)
		if (f->found[i].kind == kind && bytes_same(f->found[i].where, one.where) &&
		    bytes_same(f->found[i].shown, shown))
			return;
	if (f->n < FOUND_MAX)
		(void)!ARENA_PUSH(f->a, f->found, f->n, f->cap, &one); /* failure: arena_failed tells */
}

static void add_kinds(struct finder *f, unsigned kinds, const char *where, struct bytes shown)
{
	for (enum lookalike_kind k = 0; k < LOOKALIKE_KINDS; k++)
		if (kinds & 1u << k)
			add(f, k, where, shown, (struct bytes){ NULL, 0 });
}

/* The name of ours that it is closest to; one is enough. */
static void find_domain(struct finder *f, const struct lookalike_shown *shown, const struct lookalike_shape *shape,
                        struct bytes text)
{
	enum lookalike_alike best = ALIKE_NOT;
	const struct dname *of = NULL;

	for (size_t i = 0; i < f->ours->n_domains; i++) {
		if (dname_within(shape->name, f->shapes[i].name))
			return; /* it is ours */
		enum lookalike_alike alike = lookalike_domain_compare(f->t, shape, &f->shapes[i]);
		if (alike > best) {
			best = alike;
			of = &f->ours->domains[i];
		}
	}
	if (of)
		add(f, best == ALIKE_DOMAIN ? LOOKALIKE_DOMAIN : LOOKALIKE_DOMAIN_INSIDE, shown->where, text, of->text);
}

static struct bytes local_of(struct bytes address)
{
	size_t at = address.n;

	while (at > 0 && address.p[at - 1] != '@')
		at--;
	return bytes_sub(address, 0, at ? at - 1 : 0);
}

/* Labels joined again: each was decoded for itself. */
static struct bytes shown_domain(struct arena *a, const struct lookalike_shape *s)
{
	struct bytes text = s->n ? s->plain[0] : (struct bytes){ NULL, 0 };

	for (size_t i = 1; i < s->n; i++)
		text = arena_join(a, arena_join(a, text, B(".")), s->plain[i]);
	return text;
}

static bool find_one(struct finder *f, const struct lookalike_shown *shown)
{
	struct lookalike_shape shape = { .n = 0 };
	struct lookalike_name_found name;

	if (!dname_is_none(shown->domain)) {
		if (!lookalike_shape_of(f->t, f->a, shown->domain, &shape))
			return false;
		struct bytes text = shown_domain(f->a, &shape);
		find_domain(f, shown, &shape, text);
		add_kinds(f, lookalike_script_kinds(f->t, text), shown->where, text);
	}
	add_kinds(f, lookalike_script_kinds(f->t, local_of(shown->address)), shown->where, shown->address);
	if (shown->display_name.n == 0)
		return !arena_failed(f->a);
	if (!lookalike_name_judge(f->folded, f->a, shown, &shape, &name))
		return false;
	if (name.name)
		add(f, LOOKALIKE_NAME, "display name", shown->display_name, name.imitates);
	if (name.address)
		add(f, LOOKALIKE_NAME_ADDRESS, "display name", shown->display_name, name.address_text);
	add_kinds(f, lookalike_script_kinds(f->t, shown->display_name), "display name", shown->display_name);
	return !arena_failed(f->a);
}

bool lookalike_find(const struct lookalike_tables *t, struct arena *a, const struct lookalike_ours *ours,
                    const struct lookalike_shown *shown, size_t n_shown, struct lookalike **out, size_t *n)
{
	struct finder f = { .t = t, .a = a, .ours = ours };

	f.shapes = arena_array(a, struct lookalike_shape, ours->n_domains);
	if (!f.shapes)
		return false;
	for (size_t i = 0; i < ours->n_domains; i++)
		if (!lookalike_shape_of(t, a, ours->domains[i], &f.shapes[i]))
			return false;
	f.folded = lookalike_name_ours(t, a, ours, f.shapes);
	if (!f.folded)
		return false;
	for (size_t i = 0; i < n_shown; i++)
		if (!find_one(&f, &shown[i]))
			return false;
	*out = f.found;
	*n = f.n;
	return true;
}

bool lookalike_domains(const struct lookalike_tables *t, struct arena *a, struct dname shown, struct dname ours)
{
	struct lookalike_shape s, o;

	return lookalike_shape_of(t, a, shown, &s) && lookalike_shape_of(t, a, ours, &o) &&
	       lookalike_domain_compare(t, &s, &o) != ALIKE_NOT;
}

bool lookalike_odd(const struct lookalike_tables *t, struct bytes text, enum lookalike_kind *kind)
{
	/* the worst first */
	static const enum lookalike_kind order[] = { LOOKALIKE_BIDI, LOOKALIKE_MIXED_SCRIPT, LOOKALIKE_INVISIBLE };
	unsigned kinds = lookalike_script_kinds(t, text);

	for (size_t i = 0; i < ARRAY_LEN(order); i++)
		if (kinds & 1u << order[i]) {
			*kind = order[i];
			return true;
		}
	return false;
}

struct bytes lookalike_looks(const struct lookalike_tables *t, struct arena *a, struct bytes word)
{
	return lookalike_fold(t, a, word);
}

const char *lookalike_kind_name(enum lookalike_kind k)
{
	static const char *const names[LOOKALIKE_KINDS] = {
		[LOOKALIKE_DOMAIN] = "domain",
		[LOOKALIKE_DOMAIN_INSIDE] = "domain_inside",
		[LOOKALIKE_NAME] = "name",
		[LOOKALIKE_NAME_ADDRESS] = "name_address",
		[LOOKALIKE_MIXED_SCRIPT] = "mixed_script",
		[LOOKALIKE_BIDI] = "bidi",
		[LOOKALIKE_INVISIBLE] = "invisible",
	};
	return names[k];
}
