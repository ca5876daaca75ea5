/* dkim_sig.c - see dkim_sig.h */
#include "dkim/dkim_sig.h"

#include "base/ascii.h"
#include "base/base64.h"
#include "dkim/dkim_tags.h"
#include "mail/address.h"

/* Readers of values: NULL when it is good, else what is wrong. */
typedef const char *reader(struct work *w, struct bytes v, struct dkim_sig *sig);

static const char no_memory[] = "out of memory";

/* UTF-8 of a name takes at most four bytes where its A-labels take one. */
#define NAME_TEXT_MAX (4u * DNAME_TEXT_MAX)

static const char *read_name(struct work *w, struct bytes v, struct dname *out)
{
	struct parse_err err;

	if (v.n > NAME_TEXT_MAX)
		return "a domain name is over 253 bytes";
	if (v.n && v.p[v.n - 1] == '.')
		return "a domain name ends in a dot";
	return dname_parse(w->arena, v, DNAME_HOST, out, &err) ? NULL : err.what;
}

static const char *read_domain(struct work *w, struct bytes v, struct dkim_sig *sig)
{
	struct dname d;
	const char *why = read_name(w, v, &d);

	if (!why && dname_labels(d) < 2)
		why = "d= is a name of one label";
	if (!why)
		sig->domain = d;
	return why;
}

/* After d=: the two make the name of the key. */
static const char *read_selector(struct work *w, struct bytes v, struct dkim_sig *sig)
{
	struct dname s;
	const char *why = read_name(w, v, &s);

	if (why)
		return why;
	sig->selector = v;
	if (dname_is_none(sig->domain))
		return NULL;
	struct bytes prefix = arena_join(w->arena, s.text, B("._domainkey"));
	if (!prefix.p)
		return no_memory;
	if (!dname_prepend(w->arena, prefix, sig->domain, &sig->key_name))
		return "s= and d= make a name over 253 bytes";
	return NULL;
}

static const char *read_version(struct work *w, struct bytes v, struct dkim_sig *sig)
{
	return bytes_eq(v, "1") ? NULL : "v= is not 1";
}

static const char *read_algorithm(struct work *w, struct bytes v, struct dkim_sig *sig)
{
	sig->algorithm = DKIM_ALGORITHM_UNKNOWN;
	for (int a = 0; a < DKIM_ALGORITHM_UNKNOWN; a++)
		if (bytes_eq(v, dkim_algorithm_name((enum dkim_algorithm)a)))
			sig->algorithm = (enum dkim_algorithm)a;
	if (sig->algorithm == DKIM_RSA_SHA1)
		return "rsa-sha1 must not be accepted (RFC 8301)";
	return sig->algorithm == DKIM_ALGORITHM_UNKNOWN ? "a= is an unknown algorithm" : NULL;
}

static const char *read_signature(struct work *w, struct bytes v, struct dkim_sig *sig)
{
	uint8_t start[8];
	size_t n = 0;

	for (size_t i = 0; i < v.n && n < sizeof(start); i++)
		if (!ascii_is_space(v.p[i]))
			start[n++] = v.p[i];
	sig->b_start = arena_copy(w->arena, (struct bytes){ start, n });
	if (!base64_decode(w->arena, v, true, &sig->signature, NULL))
		return "b= is not base64";
	return sig->signature.n ? NULL : "b= is empty";
}

static const char *read_body_hash(struct work *w, struct bytes v, struct dkim_sig *sig)
{
	if (!base64_decode(w->arena, v, true, &sig->body_hash, NULL))
		return "bh= is not base64";
	return sig->body_hash.n == DKIM_DIGEST ? NULL : "bh= has not the length of a hash";
}

static bool canon_of(struct bytes v, enum dkim_canon *out)
{
	*out = bytes_eq(v, "relaxed") ? DKIM_RELAXED : DKIM_SIMPLE;
	return *out == DKIM_RELAXED || bytes_eq(v, "simple");
}

static const char *read_canon(struct work *w, struct bytes v, struct dkim_sig *sig)
{
	size_t slash = bytes_find(v, '/', 0);

	if (!canon_of(bytes_sub(v, 0, slash), &sig->header_canon) ||
	    (slash < v.n && !canon_of(bytes_from(v, slash + 1), &sig->body_canon)))
		return "c= is an unknown canonicalization";
	return NULL;
}

/* A field name: printable ASCII but the colon, which has ended the item (RFC 5322 section 3.6.8). */
static bool is_field_name(struct bytes b)
{
	for (size_t i = 0; i < b.n; i++)
		if (!ascii_is_vchar(b.p[i]))
			return false;
	return true;
}

/* *from: is From among them? */
static const char *check_names(struct work *w, struct bytes v, struct dkim_sig *sig, bool *from)
{
	struct bytes rest = v, item;
	uint32_t n = 0;

	*from = false;
	sig->names = v;
	while (dkim_tags_item(&rest, &item)) {
		*from |= item.n == 4 && bytes_ieq(item, "From");
		if (!is_field_name(item)) /* an empty one names nothing and is let through */
			return "h= has what is not the name of a field";
		if (++n > work_limit(w, LIMIT_DKIM_SIGNED_FIELDS)) {
			work_reached(w, LIMIT_DKIM_SIGNED_FIELDS);
			return "h= has too many names (limit dkim-signed-fields)";
		}
	}
	return NULL;
}

static const char *read_names(struct work *w, struct bytes v, struct dkim_sig *sig)
{
	bool from;

	return check_names(w, v, sig, &from);
}

static const char *read_names_with_from(struct work *w, struct bytes v, struct dkim_sig *sig)
{
	bool from;
	const char *why = check_names(w, v, sig, &from);

	return why || from ? why : "h= does not name From";
}

/* Undoes the encoding of section 2.11. */
static const char *decode_qp(struct work *w, struct bytes v, struct bytes *out)
{
	uint8_t *to = arena_array(w->arena, uint8_t, v.n);
	size_t n = 0;

	if (!to)
		return no_memory;
	for (size_t i = 0; i < v.n; i++) {
		if (ascii_is_space(v.p[i]))
			continue;
		if (v.p[i] != '=') {
			to[n++] = v.p[i];
			continue;
		}
		int high = i + 1 < v.n ? ascii_hex(v.p[i + 1]) : -1, low = i + 2 < v.n ? ascii_hex(v.p[i + 2]) : -1;
		if (high < 0 || low < 0)
			return "i= is wrongly encoded";
		to[n++] = (uint8_t)(high << 4 | low);
		i += 2;
	}
	*out = (struct bytes){ to, n };
	return NULL;
}

/* An identity is "@domain" or a mailbox as in the envelope (RFC 5321 section 4.1.2). */
static const char *read_identity(struct work *w, struct bytes v, struct dkim_sig *sig)
{
	struct bytes text;
	struct path path;
	const char *why = decode_qp(w, v, &text);

	if (why)
		return why;
	if (text.n && text.p[0] == '@') {
		why = read_name(w, bytes_from(text, 1), &path.domain);
		if (why)
			return why;
	} else if (text.n == 0 || text.p[0] == '<' ||
	           !path_parse(w->arena, text, &path, NULL) || dname_is_none(path.domain)) {
		return "i= is not an address";
	}
	if (!dname_is_none(sig->domain) && !dname_within(path.domain, sig->domain))
		return "the domain of i= is not d= or below it";
	sig->identity = v;
	sig->identity_below = !dname_same(path.domain, sig->domain);
	return NULL;
}

static const char *read_length(struct work *w, struct bytes v, struct dkim_sig *sig)
{
	const uint64_t huge = DKIM_BODY_ALL - 1; /* longer than any body, and not "all" */

	for (size_t i = 0; i < v.n; i++)
		if (!ascii_is_digit(v.p[i]))
			return "l= is not a number";
	if (v.n == 0 || v.n > 76)
		return "l= is not a number of 1 to 76 digits";
	while (v.n > 1 && v.p[0] == '0')
		v = bytes_from(v, 1);
	if (!bytes_to_u64(v, &sig->length) || sig->length > huge)
		sig->length = huge;
	return NULL;
}

static const char *read_methods(struct work *w, struct bytes v, struct dkim_sig *sig)
{
	struct bytes item;

	while (dkim_tags_item(&v, &item))
		if (bytes_eq(item, "dns/txt"))
			return NULL;
	return "q= knows no way to the key but unknown ones";
}

static bool read_time(struct bytes v, int64_t *out)
{
	uint64_t seconds;

	if (v.n > 12 || !bytes_to_u64(v, &seconds))
		return false;
	*out = (int64_t)seconds;
	return true;
}

static const char *read_signed_at(struct work *w, struct bytes v, struct dkim_sig *sig)
{
	return read_time(v, &sig->signed_at) ? NULL : "t= is not a time";
}

/* After t=. */
static const char *read_expires(struct work *w, struct bytes v, struct dkim_sig *sig)
{
	if (!read_time(v, &sig->expires))
		return "x= is not a time";
	return sig->expires > sig->signed_at ? NULL : "x= is not after t=";
}

enum { D = DKIM_SIG_DKIM, M = DKIM_SIG_ARC_MESSAGE, S = DKIM_SIG_ARC_SEAL };

/* In the order of reading: first what later ones need, and what is told of a broken signature. */
static const struct rule {
	const char *tag;
	reader *read;
	unsigned kinds;      /* of fields that have the tag */
	const char *missing; /* NULL: it may be */
} rules[] = {
	{ "d",  read_domain,    D | M | S, "d= is missing" },
	{ "s",  read_selector,  D | M | S, "s= is missing" },
	{ "v",  read_version,   D,         "v= is missing" },
	{ "a",  read_algorithm, D | M | S, "a= is missing" },
	{ "b",  read_signature, D | M | S, "b= is missing" },
	{ "bh", read_body_hash, D | M,     "bh= is missing" },
	{ "c",  read_canon,     D | M,     NULL },
	{ "h",  read_names_with_from, D,   "h= is missing" },
	{ "h",  read_names,     M,         "h= is missing" },
	{ "i",  read_identity,  D,         NULL },
	{ "l",  read_length,    D | M,     NULL },
	{ "q",  read_methods,   D | M,     NULL },
	{ "t",  read_signed_at, D | M | S, NULL },
	{ "x",  read_expires,   D | M,     NULL },
};

static void note(struct dkim_sig *sig, const struct dkim_tag *tag, const char *what)
{
	struct bytes value = sig->field->value;

	if (!what || sig->err.what)
		return;
	if (!tag) {
		parse_fail_at(&sig->err, value.n, what);
		return;
	}
	parse_fail(&sig->err, value, tag->value, what);
	sig->err_about = bytes_sub(value, (size_t)(tag->name.p - value.p),
	                           (size_t)(tag->value.p + tag->value.n - tag->name.p));
}

bool dkim_sig_read_as(struct work *w, enum dkim_sig_kind kind, const struct field *f,
                      struct dkim_tags *tags, struct dkim_sig *out)
{
	*out = (struct dkim_sig){
		.field = f, .algorithm = DKIM_ALGORITHM_UNKNOWN, .length = DKIM_BODY_ALL,
		.signed_at = -1, .expires = -1,
	};
	tags->n = 0;
	if (!dkim_tags_parse(f->value, tags, &out->err)) {
		out->err_about = bytes_sub(f->value, out->err.at, 32);
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		const struct dkim_tag *tag = dkim_tags_find(tags, rules[i].tag);
		if (rules[i].kinds & kind)
			note(out, tag, tag ? rules[i].read(w, tag->value, out) : rules[i].missing);
	}
	const struct dkim_tag *b = dkim_tags_find(tags, "b");
	if (b)
		out->b_span = b->span;
	return !arena_failed(w->arena);
}

bool dkim_sig_read(struct work *w, const struct field *f, struct dkim_sig *out)
{
	struct dkim_tags tags;

	return dkim_sig_read_as(w, DKIM_SIG_DKIM, f, &tags, out);
}

void dkim_sig_hash(const struct dkim_sig *sig, struct dkim_fields *fields, struct digest *d)
{
	enum line_ends ends = fields->header->ends;
	struct bytes rest = sig->names, name;
	struct dkim_sink sink;

	dkim_sink_to_digest(&sink, d);
	dkim_fields_restart(fields);
	while (dkim_tags_item(&rest, &name)) {
		const struct field *f = dkim_fields_take(fields, name, sig->field);
		if (f)
			dkim_canon_field(&sink, sig->header_canon, ends, f);
	}
	dkim_canon_signature(&sink, sig->header_canon, ends, sig->field, sig->b_span);
	dkim_sink_flush(&sink);
}
