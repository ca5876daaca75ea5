/* owner.c - see owner.h */
#include "explain/owner.h"

/* The address that the mail was delivered to, else the first in To. */
static struct bytes guess(struct verify *v)
{
	static const enum field_id where[] = { FIELD_DELIVERED_TO, FIELD_X_ORIGINAL_TO, FIELD_TO };
	struct arena *a = v->work.arena;

	for (size_t i = 0; i < ARRAY_LEN(where); i++) {
		const struct field *f = header_find(&v->header, where[i], 0);
		struct mailbox *m = NULL;
		if (f && address_list_read(&v->work, f->value, 1, &m) == 1 && !dname_is_none(m->domain))
			return arena_printf(a, "%.*s@%.*s", BYTES_ARG(m->local), BYTES_ARG(m->domain.text));
	}
	return (struct bytes){ NULL, 0 };
}

static bool same_mailbox(struct arena *a, struct bytes address, const struct mailbox *m)
{
	struct path path;

	return path_parse(a, address, &path, NULL) && dname_same(path.domain, m->domain) &&
	       bytes_isame(path.local, m->local);
}

bool owner_is(const struct owner *o, struct arena *a, const struct mailbox *m)
{
	for (size_t i = 0; i < o->n; i++)
		if (same_mailbox(a, o->addresses[i], m))
			return true;
	return false;
}

bool owner_login(const struct owner *o, struct bytes login)
{
	for (size_t i = 0; i < o->n && login.n; i++) {
		struct bytes local = bytes_sub(o->addresses[i], 0, bytes_find(o->addresses[i], '@', 0));
		if (bytes_isame(login, o->addresses[i]) || bytes_isame(login, local))
			return true;
	}
	return false;
}

/* The address that the mail is about: the author's own where it is one of ours. */
static void choose(struct verify *v, struct owner *o)
{
	struct arena *a = v->work.arena;

	for (size_t i = o->n; i-- > 0;) {
		bool author = false;
		for (size_t k = 0; k < v->author.n; k++)
			author = author || same_mailbox(a, o->addresses[i], &v->author.candidates[k]);
		if (author || (i == 0 && !o->is_author))
			o->address = o->addresses[i];
		o->is_author = o->is_author || author;
	}
}

bool owner_find(struct verify *v, const struct bytes *given, size_t n_given, struct owner *out)
{
	struct arena *a = v->work.arena;
	struct owner o = { .addresses = given, .n = n_given };

	if (n_given == 0) {
		struct bytes *one = arena_one(a, struct bytes);
		if (!one)
			return false;
		*one = guess(v);
		o = (struct owner){ .addresses = one, .n = one->n > 0, .guessed = one->n > 0 };
	}
	struct dname *domains = arena_array(a, struct dname, o.n);
	if (!domains)
		return false;
	for (size_t i = 0; i < o.n; i++) {
		struct path path;
		if (path_parse(a, o.addresses[i], &path, NULL))
			domains[i] = path.domain;
	}
	o.domains = domains;
	choose(v, &o);
	if (arena_failed(a))
		return false;
	*out = o;
	return true;
}
