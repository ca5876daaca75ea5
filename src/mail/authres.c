/* authres.c - see authres.h */
#include "mail/authres.h"

#include "base/dname.h"
#include "mail/lex.h"

struct reader {
	struct work *w;
	struct lex lx;
	struct authres ar;
	struct authres_result cur; /* the result being read */
};

/* The next token that is no comment; the first comment of a result is kept. */
static struct token next(struct reader *r, const char *marks)
{
	struct token t;

	while ((t = lex_next(&r->lx, marks)).kind == LEX_COMMENT) {
		if (!r->cur.comment.p)
			r->cur.comment = bytes_trim(t.text);
		r->ar.damaged |= t.open;
	}
	return t;
}

static bool is_mark(struct token t, char mark)
{
	return t.kind == LEX_MARK && t.text.p[0] == (uint8_t)mark;
}

static bool ends_result(struct token t)
{
	return t.kind == LEX_END || is_mark(t, ';');
}

static struct bytes unquote(struct reader *r, struct bytes word)
{
	return lex_unquote(r->w->arena, word);
}

/* The name of a property while its words come in. */
struct prop_name {
	struct bytes ptype, property, last;
	bool dot;
};

/* Takes one more word: "ptype.property", or a piece of it where white space parts them. False: it
 * does not continue what was there, so that was a word without "=". */
static bool add_word(struct prop_name *n, struct bytes word)
{
	bool goes_on = n->last.n == 0 || n->last.p[n->last.n - 1] == '.' || word.p[0] == '.';
	size_t dot = bytes_find(word, '.', 0);

	if (!goes_on)
		*n = (struct prop_name){ .dot = false };
	if (dot < word.n) {
		n->ptype = dot ? bytes_sub(word, 0, dot) : n->property;
		n->property = bytes_from(word, dot + 1);
		n->dot = true;
	} else {
		n->property = word;
	}
	n->last = word;
	return goes_on;
}

static void keep_prop(struct reader *r, const struct prop_name *name, struct bytes value)
{
	struct authres_prop p = { name->ptype, name->property, unquote(r, value) };

	if (!name->dot && bytes_ieq(name->property, "reason"))
		r->cur.reason = p.value;
	else if (r->cur.n >= work_limit(r->w, LIMIT_AUTHRES_RESULTS))
		work_reached(r->w, LIMIT_AUTHRES_RESULTS);
	else
		(void)!ARENA_PUSH(r->w->arena, r->cur.props, r->cur.n, r->cur.cap, &p);
}

/* "ptype . property = value" with white space and comments anywhere; t is its first
 * token. Returns the token that ended it: the value, or what stands in its place. */
static struct token read_prop(struct reader *r, struct token t)
{
	struct prop_name name = { .dot = false };

	for (; t.kind == LEX_WORD; t = next(r, ";="))
		r->ar.damaged |= !add_word(&name, t.text);
	if (!is_mark(t, '=') || name.last.n == 0) {
		r->ar.damaged = true;
		return t;
	}
	t = next(r, ";");
	keep_prop(r, &name, t.kind == LEX_WORD ? t.text : (struct bytes){ NULL, 0 });
	return t;
}

static void keep_result(struct reader *r)
{
	if (r->ar.n >= work_limit(r->w, LIMIT_AUTHRES_RESULTS))
		work_reached(r->w, LIMIT_AUTHRES_RESULTS);
	else
		(void)!ARENA_PUSH(r->w->arena, r->ar.results, r->ar.n, r->ar.cap, &r->cur);
}

/* A part without "=": "none", or the authserv-id in a strange place. */
static void read_lone_word(struct reader *r, struct bytes word)
{
	if (bytes_ieq(word, "none")) {
		r->ar.none = true;
	} else if (r->ar.id.n == 0) {
		r->ar.id = unquote(r, word);
		r->ar.id_late = true;
	} else {
		r->ar.damaged = true;
	}
}

static void skip_result(struct reader *r)
{
	r->ar.damaged = true;
	while (!ends_result(next(r, ";")))
		;
}

/* One part up to its semicolon: "method[/version] = result [reason=x] [properties]". */
static void read_result(struct reader *r)
{
	struct token t;

	r->cur = (struct authres_result){ .n = 0 };
	struct token method = next(r, ";=/");
	if (ends_result(method))
		return;
	t = next(r, ";=/");
	if (method.kind == LEX_WORD && ends_result(t)) {
		read_lone_word(r, method.text);
		return;
	}
	if (is_mark(t, '/')) {
		t = next(r, ";=/");
		if (t.kind == LEX_WORD) {
			r->cur.version = t.text;
			t = next(r, ";=/");
		}
	}
	if (method.kind != LEX_WORD || !is_mark(t, '=')) {
		if (!ends_result(t))
			skip_result(r);
		r->ar.damaged = true;
		return;
	}
	t = next(r, ";");
	if (t.kind != LEX_WORD) {
		r->ar.damaged = true;
		return;
	}
	r->cur.method = method.text;
	r->cur.result = unquote(r, t.text);
	t = next(r, ";=");
	while (!ends_result(t)) {
		t = read_prop(r, t);
		if (!ends_result(t))
			t = next(r, ";=");
	}
	keep_result(r);
}

/* The authserv-id and its version, unless the field begins with a result. */
static void read_id(struct reader *r)
{
	struct lex before = r->lx;
	struct token id = next(r, ";="), t = id;

	if (id.kind == LEX_WORD)
		t = next(r, ";=");
	if (t.kind == LEX_WORD) {
		r->ar.version = t.text;
		t = next(r, ";=");
	}
	if (is_mark(t, '=')) {
		r->ar.version.n = 0;
		r->lx = before;
		return;
	}
	if (id.kind == LEX_WORD)
		r->ar.id = unquote(r, id.text);
	if (!ends_result(t))
		skip_result(r);
}

static bool read_all(struct reader *r, struct authres *out)
{
	read_id(r);
	while (r->lx.at < r->lx.text.n)
		read_result(r);
	if (arena_failed(r->w->arena))
		return false;
	*out = r->ar;
	return true;
}

bool authres_parse(struct work *w, struct bytes value, struct authres *out)
{
	struct reader r = { .w = w, .lx = lex_of(value) };

	return read_all(&r, out);
}

bool authres_parse_arc(struct work *w, struct bytes value, unsigned *instance, struct authres *out)
{
	struct reader r = { .w = w, .lx = lex_of(value) };
	struct lex before = r.lx;
	uint64_t n = 0;

	if (bytes_ieq(next(&r, ";=").text, "i") && is_mark(next(&r, ";="), '=') &&
	    bytes_to_u64(next(&r, ";=").text, &n) && n <= 50 && ends_result(next(&r, ";=")))
		before = r.lx;
	else
		n = 0;
	r.lx = before;
	if (!read_all(&r, out))
		return false;
	*instance = (unsigned)n;
	return true;
}

const struct authres_result *authres_find(const struct authres *ar, const char *method, size_t from)
{
	for (size_t i = from; i < ar->n; i++)
		if (bytes_ieq(ar->results[i].method, method))
			return &ar->results[i];
	return NULL;
}

struct bytes authres_value(const struct authres_result *r, const char *ptype, const char *property)
{
	for (size_t i = 0; i < r->n; i++)
		if (bytes_ieq(r->props[i].ptype, ptype) && bytes_ieq(r->props[i].property, property))
			return r->props[i].value;
	return (struct bytes){ NULL, 0 };
}

struct bytes authres_dmarc_policy(const struct authres_result *r)
{
	struct bytes policy = authres_value(r, "policy", "published-domain-policy");
	struct lex lx = lex_of(r->comment);
	struct token t;

	if (policy.n)
		return policy;
	while ((t = lex_next_bare(&lx, ",;")).kind != LEX_END)
		if (t.kind == LEX_WORD && bytes_istarts(t.text, "p="))
			return bytes_from(t.text, 2);
	return (struct bytes){ NULL, 0 };
}

/* One spelling for all spellings of an id. */
static struct bytes canonical(struct arena *a, struct bytes id)
{
	struct dname name;

	if (dname_parse(a, id, DNAME_HOST, &name, NULL))
		return name.text;
	return arena_lower(a, id);
}

bool authres_id_same(struct arena *a, struct bytes x, struct bytes y)
{
	x = bytes_trim(x);
	y = bytes_trim(y);
	if (x.n == 0 || y.n == 0)
		return false;
	return bytes_isame(x, y) || bytes_same(canonical(a, x), canonical(a, y));
}
