/* received_spf.c - see received_spf.h */
#include "mail/received_spf.h"

#include "mail/lex.h"

static void set_ip(struct received_spf *r, struct bytes v)
{
	struct ip ip;

	if (r->has_ip)
		return;
	if (!ip_parse_smtp(v, &ip)) {
		r->damaged = true;
		return;
	}
	r->client_ip = ip;
	r->has_ip = true;
}

static void set_once(struct bytes *field, struct bytes v)
{
	if (!field->p)
		*field = v.p ? v : B("");
}

static void set_envelope_from(struct received_spf *r, struct bytes v)
{
	if (v.n >= 2 && v.p[0] == '<' && v.p[v.n - 1] == '>')
		v = bytes_sub(v, 1, v.n - 2);
	set_once(&r->envelope_from, v);
}

static void set_helo(struct received_spf *r, struct bytes v)
{
	set_once(&r->helo, v);
}

static void set_receiver(struct received_spf *r, struct bytes v)
{
	set_once(&r->receiver, v);
}

static void set_identity(struct received_spf *r, struct bytes v)
{
	set_once(&r->identity, v);
}

static void set_mechanism(struct received_spf *r, struct bytes v)
{
	set_once(&r->mechanism, v);
}

static const struct key {
	const char *name;
	void (*set)(struct received_spf *r, struct bytes value);
} keys[] = {
	{ "client-ip", set_ip },         { "envelope-from", set_envelope_from },
	{ "helo", set_helo },            { "receiver", set_receiver },
	{ "identity", set_identity },    { "mechanism", set_mechanism },
};

static struct token next(struct lex *lx, const char *marks, struct received_spf *r)
{
	struct token t;

	while ((t = lex_next(lx, marks)).kind == LEX_COMMENT) {
		set_once(&r->comment, bytes_trim(t.text));
		r->damaged |= t.open;
	}
	return t;
}

bool received_spf_parse(struct arena *a, struct bytes value, struct received_spf *out)
{
	struct received_spf r = { .has_ip = false };
	struct lex lx = lex_of(value);
	struct token t = next(&lx, ";=", &r), name = { .kind = LEX_END };

	if (t.kind == LEX_WORD)
		r.result = t.text;
	while ((t = next(&lx, ";=", &r)).kind != LEX_END) {
		if (t.kind == LEX_WORD) {
			r.damaged |= name.kind == LEX_WORD; /* a word without "=" before it */
			name = t;
			continue;
		}
		if (t.text.p[0] == '=' && name.kind == LEX_WORD) {
			t = next(&lx, ";", &r);
			struct bytes v = t.kind == LEX_WORD ? lex_unquote(a, t.text) : B("");
			for (size_t i = 0; i < ARRAY_LEN(keys); i++)
				if (bytes_ieq(name.text, keys[i].name))
					keys[i].set(&r, v);
		} else {
			r.damaged |= name.kind == LEX_WORD || t.text.p[0] == '=';
		}
		name.kind = LEX_END;
	}
	r.damaged |= name.kind == LEX_WORD;
	if (arena_failed(a))
		return false;
	*out = r;
	return true;
}
