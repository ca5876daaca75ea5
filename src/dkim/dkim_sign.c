/* dkim_sign.c - see dkim_sign.h */
#include "dkim/dkim_sign.h"

#include "base/ascii.h"
#include "base/base64.h"
#include "dkim/dkim_write.h"

/* A field is at most its names and a signature of SIGNATURE_MAX bytes. */
#define FIELD_BYTES 1048576u

static const char no_memory[] = "out of memory";

struct dkim_signing {
	struct dkim_sign_options options;
	const struct header *header;
	const struct dkim_bodies *bodies;
	int body;              /* index of the body's digest */
	struct bytes *names;   /* of h= */
	size_t n_names;
	struct bytes identity; /* i= as it is written */
};

void dkim_sign_options_init(struct dkim_sign_options *o, struct dname domain, struct bytes selector,
                            enum crypto_type key)
{
	/* Without Sender and the List fields of RFC 6376 section 5.4.1: what mailing lists add
	 * would break what could otherwise survive. */
	static const struct bytes fields[] = {
		B("From"), B("Reply-To"), B("Subject"), B("Date"), B("To"), B("Cc"),
		B("Message-ID"), B("In-Reply-To"), B("References"),
		B("MIME-Version"), B("Content-Type"), B("Content-Transfer-Encoding"),
	};

	*o = (struct dkim_sign_options){
		.domain = domain,
		.selector = selector,
		.key = key,
		.header = DKIM_RELAXED,
		.body = DKIM_RELAXED,
		.fields = fields,
		.n_fields = ARRAY_LEN(fields),
		.signed_at = -1,
		.expires = -1,
	};
}

/* A name that can stand in h=: RFC 5322 section 3.6.8 without ";", which ends a tag. */
static bool is_field_name(struct bytes b)
{
	for (size_t i = 0; i < b.n; i++)
		if (!ascii_is_vchar(b.p[i]) || b.p[i] == ':' || b.p[i] == ';')
			return false;
	return b.n > 0;
}

/* Was listed[i] listed before? Lists are short and the caller's own. */
static bool is_repeated(const struct bytes *listed, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (bytes_isame(listed[k], listed[i]))
			return true;
	return false;
}

struct choice {
	struct work *w;
	struct dkim_fields fields;
	struct bytes *names;
	size_t n, cap;
};

/* Adds a name as often as there are fields, and `more` times. */
static const char *choose(struct choice *c, struct bytes name, size_t more)
{
	uint32_t limit = work_limit(c->w, LIMIT_DKIM_SIGNED_FIELDS);

	if (!is_field_name(name))
		return "the name of a field cannot stand in h=";
	while (dkim_fields_take(&c->fields, name, NULL) || more-- > 0) {
		if (c->n == limit) {
			work_reached(c->w, LIMIT_DKIM_SIGNED_FIELDS);
			return "there are too many fields to sign";
		}
		if (!ARENA_PUSH(c->w->arena, c->names, c->n, c->cap, &name))
			return no_memory;
	}
	return NULL;
}

bool dkim_sign_choose(struct work *w, const struct header *h, const struct bytes *listed,
                      size_t n_listed, bool oversign, struct bytes **names, size_t *n,
                      const char **why)
{
	struct choice c = { .w = w };
	const char *bad = dkim_fields_init(w, h, &c.fields) ? NULL : no_memory;
	bool from = !oversign;

	for (size_t i = 0; i < n_listed && !bad; i++) {
		enum field_id id = field_id_of(listed[i]);
		from |= id == FIELD_FROM;
		if (!is_repeated(listed, i))
			bad = choose(&c, listed[i], oversign && field_rows[id].once);
	}
	if (!bad && !from)
		bad = choose(&c, B("From"), 1);
	if (bad) {
		*why = bad;
		return false;
	}
	*names = c.names;
	*n = c.n;
	return true;
}

bool dkim_sign_hash(struct work *w, const struct header *h, const struct bytes *names, size_t n,
                    enum dkim_canon canon, struct bytes text, size_t b_at, size_t b_n,
                    uint8_t digest[DKIM_DIGEST])
{
	struct field self = dkim_write_field(text);
	struct digest *d = digest_new();
	struct dkim_fields fields;
	struct dkim_sink sink;

	if (!d || !dkim_fields_init(w, h, &fields)) {
		digest_free(d);
		return false;
	}
	dkim_sink_to_digest(&sink, d);
	for (size_t i = 0; i < n; i++) {
		const struct field *f = dkim_fields_take(&fields, names[i], NULL);
		if (f)
			dkim_canon_field(&sink, canon, h->ends, f);
	}
	dkim_canon_signature(&sink, canon, LINES_CRLF, &self, bytes_sub(text, b_at, b_n));
	dkim_sink_flush(&sink);
	bool ok = digest_end(d, digest);
	digest_free(d);
	return ok;
}

/* i= is written as quoted-printable of RFC 6376 section 2.11. */
static struct bytes quote_identity(struct arena *a, struct bytes identity)
{
	uint8_t *p = arena_alloc(a, identity.n * 3 + 1);
	size_t n = 0;

	if (!p)
		return (struct bytes){ NULL, 0 };
	for (size_t i = 0; i < identity.n; i++) {
		uint8_t c = identity.p[i];
		if (ascii_is_vchar(c) && c != ';' && c != '=')
			p[n++] = c;
		else
			n += (size_t)snprintf((char *)p + n, 4, "=%02X", c);
	}
	return (struct bytes){ p, n };
}

/* Is i= at d= or below it (RFC 6376 section 3.5)? */
static bool identity_fits(struct arena *a, struct bytes identity, struct dname domain)
{
	size_t at = identity.n;
	struct dname under;

	while (at > 0 && identity.p[at - 1] != '@')
		at--;
	return at > 0 && dname_parse(a, bytes_from(identity, at), DNAME_HOST, &under, NULL) &&
	       dname_within(under, domain);
}

/* NULL: the options can be used, and *selector is checked. */
static const char *check_options(struct work *w, const struct header *h,
                                 const struct dkim_sign_options *o, struct dname *selector)
{
	if (dname_is_none(o->domain))
		return "there is no domain to sign for";
	if (!dname_parse(w->arena, o->selector, DNAME_HOST, selector, NULL))
		return "the selector is not a name";
	if (o->expires >= 0 && o->signed_at >= 0 && o->expires <= o->signed_at)
		return "the signature would expire before it is made";
	if (o->identity.n && !identity_fits(w->arena, o->identity, o->domain))
		return "the identity is not at the domain or below it";
	if (header_count(h, FIELD_FROM) == 0)
		return "there is no From field to sign";
	return NULL;
}

bool dkim_sign_begin(struct work *w, const struct header *h, struct dkim_bodies *bodies,
                     const struct dkim_sign_options *o, struct dkim_signing **out, const char **why)
{
	struct dname selector;
	const char *bad = check_options(w, h, o, &selector);
	struct dkim_signing *s = arena_one(w->arena, struct dkim_signing);

	if (bad || !s) {
		*why = bad ? bad : no_memory;
		return false;
	}
	s->options = *o;
	s->options.selector = selector.text;
	s->header = h;
	s->bodies = bodies;
	s->identity = quote_identity(w->arena, o->identity);
	if (!dkim_sign_choose(w, h, o->fields, o->n_fields, true, &s->names, &s->n_names, why))
		return false;
	s->body = dkim_bodies_want(bodies, o->body, DKIM_BODY_ALL);
	if (s->body < 0 || !s->identity.p) {
		*why = no_memory;
		return false;
	}
	*out = s;
	return true;
}

static void write_field(const struct dkim_signing *s, struct bytes bh, struct bytes b,
                        struct dkim_writer *x, struct buf *to)
{
	static const char *const canons[] = {[DKIM_SIMPLE] = "simple", [DKIM_RELAXED] = "relaxed"};
	const struct dkim_sign_options *o = &s->options;
	char canon[sizeof("relaxed/relaxed")];

	dkim_write_begin(x, to, "DKIM-Signature");
	dkim_write_number(x, "v", 1);
	dkim_write_algorithm(x, o->key);
	snprintf(canon, sizeof(canon), "%s/%s", canons[o->header], canons[o->body]);
	dkim_write_tag(x, "c", bytes_of(canon));
	dkim_write_tag(x, "d", o->domain.text);
	dkim_write_tag(x, "s", o->selector);
	if (s->identity.n)
		dkim_write_tag(x, "i", s->identity);
	if (o->signed_at >= 0)
		dkim_write_number(x, "t", (uint64_t)o->signed_at);
	if (o->expires >= 0)
		dkim_write_number(x, "x", (uint64_t)o->expires);
	if (o->body_length)
		dkim_write_number(x, "l", dkim_bodies_length(s->bodies, s->body));
	dkim_write_list(x, "h", s->names, s->n_names);
	dkim_write_tag(x, "bh", bh);
	dkim_write_b(x, b); /* last: the folds behind it would depend on it */
	dkim_write_end(x);
}

/* The field with this b= (base64, may be empty), in the arena. */
static bool make_field(struct work *w, const struct dkim_signing *s, struct bytes b,
                       struct dkim_writer *x, struct bytes *text)
{
	struct bytes hash = { dkim_bodies_digest(s->bodies, s->body), DKIM_DIGEST };
	struct bytes bh = base64_encode(w->arena, hash);
	struct buf to;

	if (!bh.p || dkim_bodies_failed(s->bodies))
		return false;
	buf_init(&to, FIELD_BYTES);
	write_field(s, bh, b, x, &to);
	*text = to.failed ? (struct bytes){ NULL, 0 } : arena_copy(w->arena, buf_bytes(&to));
	buf_free(&to);
	return text->p != NULL;
}

bool dkim_sign_digest(struct work *w, struct dkim_signing *s, uint8_t digest[DKIM_DIGEST])
{
	struct dkim_writer x;
	struct bytes text;

	assert(dkim_bodies_ended(s->bodies));
	return make_field(w, s, B(""), &x, &text) &&
	       dkim_sign_hash(w, s->header, s->names, s->n_names, s->options.header, text, x.b_at,
	                      x.b_n, digest);
}

bool dkim_sign_finish(struct work *w, struct dkim_signing *s, struct bytes signature,
                      struct bytes *field)
{
	struct bytes b = base64_encode(w->arena, signature), text;
	struct dkim_writer x;

	assert(dkim_bodies_ended(s->bodies));
	if (!b.p || !make_field(w, s, b, &x, &text))
		return false;
	*field = text;
	return true;
}

bool dkim_sign_with(struct work *w, struct dkim_signing *s, const struct privkey *key,
                    struct bytes *field)
{
	uint8_t digest[DKIM_DIGEST], signature[SIGNATURE_MAX];
	size_t n;

	assert(privkey_type(key) == s->options.key);
	return dkim_sign_digest(w, s, digest) && privkey_sign(key, digest, signature, &n) &&
	       dkim_sign_finish(w, s, (struct bytes){ signature, n }, field);
}
