/* arc_seal.c - see arc_seal.h */
#include "arc/arc_seal.h"

#include "arc/arc_set.h"
#include "base/ascii.h"
#include "base/base64.h"
#include "dkim/dkim_sign.h"
#include "dkim/dkim_write.h"

#define FIELD_BYTES 1048576u

static const char no_memory[] = "out of memory";

struct arc_sealing {
	struct arc_seal_options options;
	const struct header *header;
	const struct dkim_bodies *bodies;
	struct arc_sets sets;        /* that are there; sealed too, unless the chain failed */
	unsigned instance;           /* of the set to be made */
	int body;
	struct bytes *names;         /* of the message signature's h= */
	size_t n_names;
	struct bytes results, message;
};

void arc_seal_options_init(struct arc_seal_options *o, struct dname domain, struct bytes selector,
                           enum crypto_type key, struct bytes authres)
{
	static const struct bytes fields[] = {
		B("From"), B("Reply-To"), B("Subject"), B("Date"), B("To"), B("Cc"),
		B("Message-ID"), B("In-Reply-To"), B("References"),
		B("MIME-Version"), B("Content-Type"), B("Content-Transfer-Encoding"),
		B("DKIM-Signature"),
	};

	*o = (struct arc_seal_options){
		.domain = domain,
		.selector = selector,
		.key = key,
		.authres = authres,
		.fields = fields,
		.n_fields = ARRAY_LEN(fields),
		.signed_at = -1,
	};
}

/* --- what may be sealed --- */

/* The status of the chain against what is there; NULL: it can be, and a set may be added. */
static const char *check_chain(struct work *w, const struct arc_sets *sets, enum arc_outcome status)
{
	if (sets->ended)
		return "the chain has ended (cv=fail, or too many fields)";
	if (sets->highest >= work_limit(w, LIMIT_ARC_SETS)) {
		work_reached(w, LIMIT_ARC_SETS);
		return "the chain has no room for another set";
	}
	if (status == ARC_TEMPERROR)
		return "the chain could not be checked for now";
	if ((status == ARC_NONE) == sets->any || (status == ARC_PASS && sets->broken))
		return "the status is not that of the chain";
	return NULL;
}

static const char *check_options(struct work *w, const struct arc_seal_options *o,
                                 struct dname *selector)
{
	if (dname_is_none(o->domain))
		return "there is no domain to seal for";
	if (!dname_parse(w->arena, o->selector, DNAME_HOST, selector, NULL))
		return "the selector is not a name";
	for (size_t i = 0; i < o->n_fields; i++)
		if (field_id_of(o->fields[i]) == FIELD_ARC_SEAL)
			return "ARC-Seal cannot be signed by a message signature";
	return NULL;
}

/* One line of text without control bytes, or { NULL, 0 }. */
static struct bytes clean_authres(struct arena *a, struct bytes text)
{
	struct bytes flat = field_unfold(a, text);

	for (size_t i = 0; i < flat.n; i++)
		if (ascii_is_ctl(flat.p[i]) && flat.p[i] != '\t')
			return (struct bytes){ NULL, 0 };
	return flat.n ? flat : (struct bytes){ NULL, 0 };
}

/* --- the three fields --- */

/* Moves what was written into the arena. */
static struct bytes keep(struct work *w, struct buf *to)
{
	struct bytes none = { NULL, 0 };
	struct bytes text = to->failed ? none : arena_copy(w->arena, buf_bytes(to));

	buf_free(to);
	return text;
}

/* ARC-Authentication-Results, folded before white space, which undoing the folds gives back. */
static struct bytes write_results(struct work *w, const struct arc_sealing *s, struct bytes authres)
{
	size_t columns = s->options.unfolded ? SIZE_MAX : DKIM_WRITE_COLUMNS;
	struct buf to;

	buf_init(&to, FIELD_BYTES);
	buf_addf(&to, "ARC-Authentication-Results: i=%u; ", s->instance);
	size_t column = to.n;
	while (authres.n) {
		size_t end = 0; /* a piece: perhaps white space, then all up to the next */
		while (end < authres.n && ascii_is_wsp(authres.p[end]))
			end++;
		while (end < authres.n && !ascii_is_wsp(authres.p[end]))
			end++;
		if (ascii_is_wsp(authres.p[0]) && column + end > columns) {
			buf_adds(&to, "\r\n");
			column = 0;
		}
		buf_add(&to, bytes_sub(authres, 0, end));
		column += end;
		authres = bytes_from(authres, end);
	}
	buf_adds(&to, "\r\n");
	return keep(w, &to);
}

static void begin_field(struct dkim_writer *x, const struct arc_sealing *s, struct buf *to,
                        const char *name)
{
	buf_init(to, FIELD_BYTES);
	dkim_write_begin(x, to, name);
	if (s->options.unfolded)
		x->columns = SIZE_MAX;
}

/* Tags in the order of the alphabet, as the suite of ARC fixes it; b= stands inside, so the form is
 * always relaxed. */
static struct bytes write_message(struct work *w, const struct arc_sealing *s, struct bytes b,
                                  struct dkim_writer *x)
{
	struct bytes hash = { dkim_bodies_digest(s->bodies, s->body), DKIM_DIGEST };
	struct bytes bh = base64_encode(w->arena, hash);
	struct buf to;

	if (!bh.p)
		return (struct bytes){ NULL, 0 };
	begin_field(x, s, &to, "ARC-Message-Signature");
	dkim_write_algorithm(x, s->options.key);
	dkim_write_b(x, b);
	dkim_write_tag(x, "bh", bh);
	dkim_write_tag(x, "c", B("relaxed/relaxed"));
	dkim_write_tag(x, "d", s->options.domain.text);
	dkim_write_list(x, "h", s->names, s->n_names);
	dkim_write_number(x, "i", s->instance);
	dkim_write_tag(x, "s", s->options.selector);
	if (s->options.signed_at >= 0)
		dkim_write_number(x, "t", (uint64_t)s->options.signed_at);
	dkim_write_end(x);
	return keep(w, &to);
}

static struct bytes write_seal(struct work *w, const struct arc_sealing *s, struct bytes b,
                               struct dkim_writer *x)
{
	struct buf to;

	begin_field(x, s, &to, "ARC-Seal");
	dkim_write_algorithm(x, s->options.key);
	dkim_write_b(x, b);
	dkim_write_tag(x, "cv", bytes_of(arc_outcome_name(s->options.status)));
	dkim_write_tag(x, "d", s->options.domain.text);
	dkim_write_number(x, "i", s->instance);
	dkim_write_tag(x, "s", s->options.selector);
	if (s->options.signed_at >= 0)
		dkim_write_number(x, "t", (uint64_t)s->options.signed_at);
	dkim_write_end(x);
	return keep(w, &to);
}

/* --- the steps --- */

bool arc_seal_begin(struct work *w, const struct header *h, struct dkim_bodies *bodies,
                    const struct arc_seal_options *o, struct arc_sealing **out, const char **why)
{
	struct arc_sealing *s = arena_one(w->arena, struct arc_sealing);
	struct dname selector;

	*why = no_memory;
	if (!s || !arc_sets_read(w, h, &s->sets))
		return false;
	const char *bad = check_options(w, o, &selector);
	bad = bad ? bad : check_chain(w, &s->sets, o->status);
	struct bytes authres = clean_authres(w->arena, o->authres);
	if (!bad && !authres.p)
		bad = "the results are empty or hold control bytes";
	if (bad) {
		*why = arena_failed(w->arena) ? no_memory : bad;
		return false;
	}
	s->options = *o;
	s->options.selector = selector.text;
	s->header = h;
	s->bodies = bodies;
	s->instance = s->sets.highest + 1;
	if (!dkim_sign_choose(w, h, o->fields, o->n_fields, false, &s->names, &s->n_names, why))
		return false;
	s->results = write_results(w, s, authres);
	s->body = dkim_bodies_want(bodies, DKIM_RELAXED, DKIM_BODY_ALL);
	if (!s->results.p || s->body < 0) {
		*why = no_memory;
		return false;
	}
	*out = s;
	return true;
}

bool arc_seal_message(struct work *w, struct arc_sealing *s, uint8_t digest[DKIM_DIGEST])
{
	struct dkim_writer x;

	assert(dkim_bodies_ended(s->bodies));
	struct bytes text = write_message(w, s, B(""), &x);
	return text.p && !dkim_bodies_failed(s->bodies) &&
	       dkim_sign_hash(w, s->header, s->names, s->n_names, DKIM_RELAXED, text, x.b_at, x.b_n,
	                      digest);
}

/* RFC 8617 section 5.1.1; of a failed chain only the new set is sealed (section 5.1.2). */
static bool hash_seal(struct arc_sealing *s, struct bytes text, const struct dkim_writer *x,
                      uint8_t digest[DKIM_DIGEST])
{
	struct field results = dkim_write_field(s->results), message = dkim_write_field(s->message);
	struct field seal = dkim_write_field(text);
	size_t n = s->options.status == ARC_FAIL ? 0 : s->sets.n;
	struct digest *d = digest_new();
	struct dkim_sink sink;

	if (!d)
		return false;
	dkim_sink_to_digest(&sink, d);
	for (size_t i = 0; i < n; i++)
		arc_set_canon(&sink, s->header->ends, &s->sets.list[i]);
	dkim_canon_field(&sink, DKIM_RELAXED, LINES_CRLF, &results);
	dkim_canon_field(&sink, DKIM_RELAXED, LINES_CRLF, &message);
	dkim_canon_signature(&sink, DKIM_RELAXED, LINES_CRLF, &seal,
	                     bytes_sub(text, x->b_at, x->b_n));
	dkim_sink_flush(&sink);
	bool ok = digest_end(d, digest);
	digest_free(d);
	return ok;
}

bool arc_seal_chain(struct work *w, struct arc_sealing *s, struct bytes signature,
                    uint8_t digest[DKIM_DIGEST])
{
	struct bytes b = base64_encode(w->arena, signature);
	struct dkim_writer x;

	s->message = b.p ? write_message(w, s, b, &x) : (struct bytes){ NULL, 0 };
	struct bytes text = write_seal(w, s, B(""), &x);
	return s->message.p && text.p && hash_seal(s, text, &x, digest);
}

bool arc_seal_finish(struct work *w, struct arc_sealing *s, struct bytes signature,
                     struct arc_sealed *out)
{
	struct bytes b = base64_encode(w->arena, signature);
	struct arc_sealed sealed = { .message = s->message, .results = s->results };
	struct dkim_writer x;

	if (!b.p || !(sealed.seal = write_seal(w, s, b, &x)).p)
		return false;
	struct bytes two = arena_join(w->arena, sealed.seal, sealed.message);
	sealed.all = two.p ? arena_join(w->arena, two, sealed.results) : two;
	if (!sealed.all.p)
		return false;
	*out = sealed;
	return true;
}

bool arc_seal_with(struct work *w, struct arc_sealing *s, const struct privkey *key,
                   struct arc_sealed *out)
{
	uint8_t digest[DKIM_DIGEST], signature[SIGNATURE_MAX];
	size_t n;

	assert(privkey_type(key) == s->options.key);
	return arc_seal_message(w, s, digest) && privkey_sign(key, digest, signature, &n) &&
	       arc_seal_chain(w, s, (struct bytes){ signature, n }, digest) &&
	       privkey_sign(key, digest, signature, &n) &&
	       arc_seal_finish(w, s, (struct bytes){ signature, n }, out);
}
