/* dkim_key.c - see dkim_key.h */
#include "dkim/dkim_key.h"

#include "base/base64.h"
#include "base/mem.h"
#include "dkim/dkim_tags.h"

/* --- one record --- */

static bool has_item(struct bytes list, const char *wanted)
{
	struct bytes item;

	while (dkim_tags_item(&list, &item))
		if (bytes_eq(item, wanted))
			return true;
	return false;
}

static bool set_type(struct arena *a, struct bytes v, struct dkim_key *key)
{
	key->type = bytes_eq(v, "ed25519") ? CRYPTO_ED25519 : CRYPTO_RSA;
	return key->type == CRYPTO_ED25519 || bytes_eq(v, "rsa");
}

static bool set_hashes(struct arena *a, struct bytes v, struct dkim_key *key)
{
	key->flags |= has_item(v, "sha256") ? 0 : DKIM_KEY_NO_SHA256;
	return v.n > 0;
}

static bool set_services(struct arena *a, struct bytes v, struct dkim_key *key)
{
	key->flags |= has_item(v, "email") || has_item(v, "*") ? 0 : DKIM_KEY_NO_EMAIL;
	return v.n > 0;
}

static bool set_flags(struct arena *a, struct bytes v, struct dkim_key *key)
{
	key->flags |= (has_item(v, "y") ? DKIM_KEY_TEST : 0) | (has_item(v, "s") ? DKIM_KEY_STRICT : 0);
	return true;
}

static bool set_data(struct arena *a, struct bytes v, struct dkim_key *key)
{
	return base64_decode(a, v, true, &key->data, NULL);
}

static const struct rule {
	const char *tag;
	bool (*set)(struct arena *a, struct bytes value, struct dkim_key *key);
	const char *refusal;
} rules[] = {
	{ "h", set_hashes,   "h= of the key names no hash" },
	{ "k", set_type,     "the key is of an unknown type" },
	{ "p", set_data,     "p= of the key is not base64" },
	{ "s", set_services, "s= of the key names no service" },
	{ "t", set_flags,    "" },
};

bool dkim_key_parse(struct arena *a, struct bytes txt, struct dkim_key *out, struct parse_err *err)
{
	struct dkim_key key = { .type = CRYPTO_RSA };
	struct dkim_tags tags;

	if (!dkim_tags_parse(txt, &tags, err))
		return false;
	const struct dkim_tag *v = dkim_tags_find(&tags, "v");
	if (v && !bytes_eq(v->value, "DKIM1"))
		return parse_fail(err, txt, v->value, "v= of the key is not DKIM1");
	if (v && v != &tags.list[0])
		return parse_fail(err, txt, v->name, "v= of the key does not come first");
	if (!dkim_tags_find(&tags, "p"))
		return parse_fail_at(err, txt.n, "the key has no p=");
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		const struct dkim_tag *tag = dkim_tags_find(&tags, rules[i].tag);
		if (tag && !rules[i].set(a, tag->value, &key))
			return parse_fail(err, txt, tag->value, arena_failed(a) ? "out of memory" : rules[i].refusal);
	}
	*out = key;
	return true;
}

/* --- all records of an answer --- */

static const char kind; /* its address says what hangs on an answer */

void dkim_keys_free(struct dkim_keys *keys)
{
	if (!keys)
		return;
	for (size_t i = 0; i < keys->n; i++)
		pubkey_free(keys->list[i].pub);
	mem_free(keys);
}

static void free_parsed(struct dns_parsed *self)
{
	dkim_keys_free((struct dkim_keys *)self); /* head is its first member */
}

/* False: out of memory. */
static bool add_key(const struct dkim_key *key, struct dkim_keys *keys)
{
	struct dkim_key_entry *e = &keys->list[keys->n];

	*e = (struct dkim_key_entry){ .flags = key->flags };
	if (key->data.n == 0)
		e->refusal = "the key is revoked (p= is empty)";
	else if (!(e->pub = pubkey_new(key->type, key->data, &e->refusal)) &&
	         bytes_eq(B("out of memory"), e->refusal))
		return false;
	if (e->pub) {
		e->refusal = NULL;
		keys->head.bytes += pubkey_bytes(e->pub);
	}
	keys->n++;
	return true;
}

static struct dkim_keys *read_keys(struct work *w, const struct dns_answer_view *answer)
{
	size_t most = work_limit(w, LIMIT_DKIM_KEYS_PER_NAME);
	size_t size = sizeof(struct dkim_keys) + most * sizeof(struct dkim_key_entry);
	struct dkim_keys *keys = mem_calloc(1, size);

	if (!keys)
		return NULL;
	keys->head = (struct dns_parsed){ .kind = &kind, .free = free_parsed, .bytes = size };
	for (size_t i = 0; i < answer->n && !keys->cut; i++) {
		struct dkim_key key = { .flags = 0 };
		struct parse_err err = { 0 };
		bool ok = true;

		if (!dkim_key_parse(w->arena, answer->records[i].text, &key, &err)) {
			ok = !arena_failed(w->arena);
			keys->why_none = keys->why_none ? keys->why_none : err.what;
		} else if (keys->n == most) {
			keys->cut = true;
		} else {
			ok = add_key(&key, keys);
		}
		if (!ok) {
			dkim_keys_free(keys);
			return NULL;
		}
	}
	return keys;
}

const struct dkim_keys *dkim_keys_get(struct work *w, const struct dns_answer *answer,
                                      struct dkim_keys **own)
{
	const struct dns_parsed *there = dns_answer_parsed(answer, &kind);

	if (!there) {
		struct dkim_keys *made = read_keys(w, dns_answer_view(answer));
		if (!made)
			return NULL;
		there = dns_answer_attach(answer, &made->head);
		if (!there)
			*own = made;
		there = there ? there : &made->head;
	}
	const struct dkim_keys *keys = (const struct dkim_keys *)there;
	if (keys->cut)
		work_reached(w, LIMIT_DKIM_KEYS_PER_NAME);
	return keys;
}
