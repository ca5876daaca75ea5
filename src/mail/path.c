/* path.c - envelope paths: path_parse of address.h (RFC 5321 section 4.1.2,
 * 4.1.3; RFC 6531 section 3.3). Unlike From, nothing is read that the grammar
 * does not have: what is refused gets no SPF look-up. */
#include "base/ascii.h"
#include "base/idn.h"
#include "base/ip.h"
#include "mail/address_parse.h"

struct reader {
	struct arena *arena;
	struct bytes text;
	size_t at, end; /* what is left, without brackets */
	struct parse_err *err;
};

static bool refuse(const struct reader *r, size_t at, const char *what)
{
	return parse_fail_at(r->err, at, what);
}

static bool at_byte(const struct reader *r, char c)
{
	return r->at < r->end && r->text.p[r->at] == (uint8_t)c;
}

static struct bytes text_to(const struct reader *r, size_t from, size_t to)
{
	return bytes_sub(r->text, from, to - from);
}

/* The domain at r->at, up to `to`. */
static bool read_domain(struct reader *r, size_t to, struct dname *out)
{
	struct bytes text = text_to(r, r->at, to);
	struct parse_err err = { 0 };
	size_t hidden = address_token_hidden(text);

	if (text.n > ADDRESS_DOMAIN_MAX)
		return refuse(r, r->at, "a domain name is too long");
	if (hidden < text.n)
		return refuse(r, r->at + hidden, "a character that does not show in a domain name");
	if (!dname_parse(r->arena, text, DNAME_HOST, out, &err))
		return refuse(r, r->at + err.at, err.what);
	if (text.p[text.n - 1] == '.')
		return refuse(r, to - 1, "a final dot in a domain name");
	r->at = to;
	return true;
}

/* "@a.example,@b.example:" is checked and dropped (appendix C). */
static bool skip_route(struct reader *r)
{
	struct dname hop;

	while (at_byte(r, '@')) {
		size_t stop = ++r->at;
		while (stop < r->end && r->text.p[stop] != ',' && r->text.p[stop] != ':')
			stop++;
		if (stop == r->end)
			return refuse(r, stop, "a source route without an address");
		if (!read_domain(r, stop, &hop))
			return false;
		r->at++;
		if (r->text.p[stop] == ':')
			return true;
		if (!at_byte(r, '@'))
			return refuse(r, r->at, "a source route without an address");
	}
	return true;
}

/* --- the local part --------------------------------------------------------- */

static bool skip_atoms(struct reader *r)
{
	size_t start = r->at, atom = start;

	for (; r->at < r->end && r->text.p[r->at] != '@'; r->at++) {
		uint8_t c = r->text.p[r->at];
		if (c == '.') {
			if (r->at == atom)
				return refuse(r, r->at, "a dot at no place for one in a local part");
			atom = r->at + 1;
		} else if (c < 0x80 && !ascii_is_atext(c)) {
			return refuse(r, r->at, "a byte that no local part has without quotes");
		}
	}
	return r->at > atom || refuse(r, r->at, r->at > start ? "a local part ends in a dot" : "no local part");
}

/* qtextSMTP and quoted pairs: printable, blanks included, and UTF-8 */
static bool skip_quoted(struct reader *r)
{
	size_t start = r->at;

	for (r->at++; r->at < r->end; r->at++) {
		uint8_t c = r->text.p[r->at];
		if (c == '"') {
			r->at++;
			return true;
		}
		if (c == '\\' && r->at + 1 < r->end) {
			c = r->text.p[++r->at];
			if (c >= 0x80)
				return refuse(r, r->at, "a byte in quotes that no path has");
		}
		if (ascii_is_ctl(c))
			return refuse(r, r->at, "a byte in quotes that no path has");
	}
	return refuse(r, start, "a quote without end");
}

static bool read_local(struct reader *r, struct bytes *out)
{
	size_t start = r->at, bad;

	if (!(at_byte(r, '"') ? skip_quoted(r) : skip_atoms(r)))
		return false;
	struct bytes written = text_to(r, start, r->at);
	if (!utf8_valid(written, &bad))
		return refuse(r, start + bad, "bytes that are not UTF-8");
	if (written.n > ADDRESS_LOCAL_MAX)
		return refuse(r, start, "a local part is too long");
	*out = written;
	return true;
}

/* --- the whole -------------------------------------------------------------- */

static bool read_literal(struct reader *r)
{
	struct ip ip;
	struct bytes text = text_to(r, r->at, r->end);

	if (text.p[text.n - 1] != ']' || !ip_parse_smtp(text, &ip))
		return refuse(r, r->at, "an address literal that is none");
	r->at = r->end;
	return true;
}

/* Behind the local part, which is `local` as it was written. */
static bool read_rest(struct reader *r, struct bytes local, struct path *path)
{
	struct bytes domain = { NULL, 0 };

	if (r->at == r->end) {
		if (!bytes_ieq(local, "postmaster"))
			return refuse(r, r->at, "no domain");
	} else if (!at_byte(r, '@')) {
		return refuse(r, r->at, "text behind the quotes of a local part");
	} else {
		size_t start = r->at++;
		if (!(at_byte(r, '[') ? read_literal(r) : read_domain(r, r->end, &path->domain)))
			return false;
		domain = dname_is_none(path->domain) ? text_to(r, start + 1, r->end) : path->domain.text;
		local = text_to(r, (size_t)(local.p - r->text.p), start + 1); /* with its "@" */
	}
	path->text = arena_join(r->arena, local, domain);
	return path->text.p || refuse(r, 0, "out of memory");
}

static bool take_brackets(struct reader *r)
{
	r->end = r->text.n;
	if (!at_byte(r, '<'))
		return true;
	if (r->end < 2 || r->text.p[r->end - 1] != '>')
		return refuse(r, r->end, "a bracket without end");
	r->at++;
	r->end--;
	return true;
}

bool path_parse(struct arena *a, struct bytes text, struct path *out, struct parse_err *err)
{
	struct reader r = { .arena = a, .text = text, .err = err };
	struct path path = { .null = false };
	struct bytes local = { NULL, 0 };

	if (text.n == 0 || bytes_eq(text, "<>")) {
		path.null = true;
		*out = path;
		return true;
	}
	if (!take_brackets(&r) || !skip_route(&r) || !read_local(&r, &local) || !read_rest(&r, local, &path))
		return false;
	uint8_t *to = arena_array(a, uint8_t, local.n);
	if (!to)
		return refuse(&r, 0, "out of memory");
	path.local = (struct bytes){ to, address_token_unquote(local, to) };
	*out = path;
	return true;
}
