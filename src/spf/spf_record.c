/* spf_record.c - see spf_record.h
 *
 * The reader runs twice over the text: once to check and to count, once to fill
 * the one block that is then known to be large enough. */
#include "spf/spf_record.h"

#include "base/ascii.h"
#include "base/mem.h"

static const char version[] = "v=spf1";

struct reader {
	struct bytes text;           /* the whole record */
	struct parse_err *err;
	struct spf_term *terms;      /* NULL: only count */
	struct spf_piece *pieces;
	uint8_t *names;
	size_t n_terms, n_pieces, n_names; /* used so far; n_names in bytes */
	struct spf_term redirect, exp;     /* n == 0: not seen */
};

static bool fail(struct reader *r, struct bytes where, const char *what)
{
	return parse_fail(r->err, r->text, where, what);
}

/* --- domain-spec --- */

/* toplabel: letters, digits, inner hyphens; not digits alone (section 7.1) */
static bool is_toplabel(struct bytes label)
{
	bool only_digits = true;

	for (size_t i = 0; i < label.n; i++) {
		if (!ascii_is_alnum(label.p[i]) && label.p[i] != '-')
			return false;
		only_digits &= ascii_is_digit(label.p[i]);
	}
	return label.n && !only_digits && label.p[0] != '-' && label.p[label.n - 1] != '-';
}

/* domain-end: a literal that ends a domain-spec ends in "." toplabel ["."]. */
static bool check_end(struct reader *r, struct bytes spec, struct bytes literal)
{
	struct ip ip;

	if (literal.n && literal.p[literal.n - 1] == '.')
		literal.n--;
	size_t dot = literal.n;
	while (dot > 0 && literal.p[dot - 1] != '.')
		dot--;
	struct bytes label = bytes_from(literal, dot);
	if (dot > 0 && is_toplabel(label))
		return true;
	if (ip_parse(spec, &ip))
		return fail(r, spec, "an address where a name belongs; ip4: and ip6: take addresses");
	if (dot == 0)
		return fail(r, literal, "a name needs at least two labels, or ends in a macro");
	return fail(r, label, "no top-level domain has such a label");
}

static bool read_spec(struct reader *r, struct bytes text, struct spf_spec *out)
{
	bool plain = !bytes_has(text, '%'); /* then the name is kept, and no pieces */
	struct spf_piece *to = r->pieces && !plain ? r->pieces + r->n_pieces : NULL;
	struct spf_spec spec = { .given = true };
	struct spf_split split;
	struct parse_err err;

	if (text.n == 0)
		return fail(r, text, "a name is missing");
	if (!spf_macro_split(text, SPF_MACRO_NAME, to, &split, &err))
		return fail(r, bytes_from(text, err.at), err.what);
	if (split.end.n && !check_end(r, text, split.end))
		return false;
	if (plain) {
		if (r->names && !dname_write(text, r->names + r->n_names, &spec.name))
			spec.name = (struct dname){ { NULL, 0 } };
		r->n_names += text.n;
	} else {
		spec.pieces = to;
		spec.n = (uint16_t)split.n;
		spec.uses_p = split.uses_p;
		r->n_pieces += split.n;
	}
	*out = spec;
	return true;
}

/* --- what follows the name of a mechanism --- */

/* Digits without a leading zero, at most `max`. */
static bool read_bits(struct reader *r, struct bytes digits, unsigned max, uint8_t *out)
{
	uint64_t bits;

	if (!bytes_to_u64(digits, &bits) || (digits.n > 1 && digits.p[0] == '0'))
		return fail(r, digits, "a network's length is a number without leading zeros");
	if (bits > max)
		return fail(r, digits, "a network's length is out of range");
	*out = (uint8_t)bits;
	return true;
}

/* Takes "/digits" off the end of *text, with `slashes` slashes; nothing there: unchanged. */
static bool take_bits(struct reader *r, size_t slashes, unsigned max, struct bytes *text, uint8_t *out)
{
	size_t from = text->n;

	while (from > 0 && ascii_is_digit(text->p[from - 1]))
		from--;
	if (from < slashes || text->p[from - 1] != '/' || (slashes == 2 && text->p[from - 2] != '/'))
		return true;
	if (!read_bits(r, bytes_from(*text, from), max, out))
		return false;
	text->n = from - slashes;
	return true;
}

static bool read_nothing(struct reader *r, struct bytes arg, struct spf_term *t)
{
	return arg.n == 0 || fail(r, arg, "this mechanism takes nothing behind its name");
}

static bool read_name(struct reader *r, struct bytes arg, struct spf_term *t)
{
	if (arg.n == 0 || arg.p[0] != ':')
		return fail(r, arg, "this mechanism needs a colon and a name");
	return read_spec(r, bytes_from(arg, 1), &t->spec);
}

static bool read_optional_name(struct reader *r, struct bytes arg, struct spf_term *t)
{
	return arg.n == 0 || read_name(r, arg, t);
}

/* [":" domain-spec] ["/" bits] ["//" bits] */
static bool read_hosts(struct reader *r, struct bytes arg, struct spf_term *t)
{
	t->bits4 = 32;
	t->bits6 = 128;
	if (!take_bits(r, 2, 128, &arg, &t->bits6) || !take_bits(r, 1, 32, &arg, &t->bits4))
		return false;
	return read_optional_name(r, arg, t);
}

static bool read_net(struct reader *r, struct bytes arg, unsigned max, struct spf_term *t)
{
	struct bytes address = bytes_sub(arg, 1, bytes_find(arg, '/', 0) - 1);
	struct ip ip;
	bool wants6 = max == 128;

	if (arg.n == 0 || arg.p[0] != ':' || address.n == 0)
		return fail(r, arg, "an address is missing");
	if (bytes_has(address, ':') != wants6 || !ip_parse(address, &ip))
		return fail(r, address, wants6 ? "this is no IPv6 address" : "this is no IPv4 address");
	if (wants6 && ip.family == 4) { /* IPv4-mapped: a client never is, but its network may hold others */
		memcpy(ip.b + 12, ip.b, 4);
		memset(ip.b, 0, 10);
		ip.b[10] = ip.b[11] = 0xff;
		ip.family = 6;
	}
	t->net = (struct ip_net){ ip, (uint8_t)max };
	struct bytes rest = bytes_from(arg, 1 + address.n);
	return rest.n == 0 || read_bits(r, bytes_from(rest, 1), max, &t->net.bits);
}

static bool read_net4(struct reader *r, struct bytes arg, struct spf_term *t)
{
	return read_net(r, arg, 32, t);
}

static bool read_net6(struct reader *r, struct bytes arg, struct spf_term *t)
{
	return read_net(r, arg, 128, t);
}

static const struct mechanism {
	const char *name;
	enum spf_kind kind;
	bool (*read)(struct reader *r, struct bytes arg, struct spf_term *t);
} mechanisms[] = {
	{ "ip4",     SPF_TERM_IP4,     read_net4 },
	{ "include", SPF_TERM_INCLUDE, read_name },
	{ "ip6",     SPF_TERM_IP6,     read_net6 },
	{ "all",     SPF_TERM_ALL,     read_nothing },
	{ "a",       SPF_TERM_A,       read_hosts },
	{ "mx",      SPF_TERM_MX,      read_hosts },
	{ "ptr",     SPF_TERM_PTR,     read_optional_name },
	{ "exists",  SPF_TERM_EXISTS,  read_name },
};

/* --- terms --- */

static const struct {
	uint8_t sign;
	enum spf_outcome outcome;
} qualifiers[] = { { '+', SPF_PASS }, { '-', SPF_FAIL }, { '~', SPF_SOFTFAIL }, { '?', SPF_NEUTRAL } };

static bool read_directive(struct reader *r, struct bytes word, struct spf_term *t)
{
	struct bytes rest = word;
	size_t end = 0;

	t->outcome = SPF_PASS;
	for (size_t i = 0; i < ARRAY_LEN(qualifiers); i++)
		if (word.p[0] == qualifiers[i].sign) {
			t->outcome = (uint8_t)qualifiers[i].outcome;
			rest = bytes_from(word, 1);
		}
	while (end < rest.n && rest.p[end] != ':' && rest.p[end] != '/')
		end++;
	struct bytes name = bytes_sub(rest, 0, end);
	for (size_t i = 0; i < ARRAY_LEN(mechanisms); i++)
		if (bytes_ieq(name, mechanisms[i].name)) {
			t->kind = (uint8_t)mechanisms[i].kind;
			if (!mechanisms[i].read(r, bytes_from(rest, end), t))
				return false;
			if (r->terms)
				r->terms[r->n_terms] = *t;
			r->n_terms++;
			return true;
		}
	return fail(r, name, "there is no such mechanism");
}

/* The length of a modifier's name with an equals sign behind it; 0: it is none. */
static size_t modifier_name(struct bytes word)
{
	size_t i = 0;

	while (i < word.n && (ascii_is_alnum(word.p[i]) || strchr("-_.", word.p[i])) && word.p[i])
		i++;
	return i < word.n && word.p[i] == '=' && ascii_is_alpha(word.p[0]) ? i : 0;
}

static bool read_modifier(struct reader *r, struct bytes word, size_t name_n, struct spf_term *t)
{
	struct bytes name = bytes_sub(word, 0, name_n), value = bytes_from(word, name_n + 1);
	struct spf_term *slot = bytes_ieq(name, "redirect") ? &r->redirect
	                        : bytes_ieq(name, "exp")    ? &r->exp
	                                                    : NULL;
	struct spf_split split;
	struct parse_err err;

	if (!slot) /* not ours, but its syntax counts (section 6) */
		return spf_macro_split(value, SPF_MACRO_MODIFIER, NULL, &split, &err) ||
		       fail(r, bytes_from(value, err.at), err.what);
	if (slot->n)
		return fail(r, word, "a second modifier of this name");
	t->kind = slot == &r->exp ? SPF_TERM_EXP : SPF_TERM_REDIRECT;
	if (!read_spec(r, value, &t->spec))
		return false;
	*slot = *t;
	return true;
}

static bool read_terms(struct reader *r)
{
	struct bytes rest = bytes_from(r->text, sizeof(version) - 1), word;

	while (bytes_cut(&rest, ' ', &word)) {
		if (word.n == 0)
			continue;
		struct spf_term t = { .at = (uint16_t)(word.p - r->text.p), .n = (uint16_t)word.n };
		size_t name_n = modifier_name(word);
		if (name_n ? !read_modifier(r, word, name_n, &t) : !read_directive(r, word, &t))
			return false;
	}
	return true;
}

bool spf_record_is(struct bytes text)
{
	size_t n = sizeof(version) - 1;

	return bytes_istarts(text, version) && (text.n == n || text.p[n] == ' ');
}

/* Fills a block of `bytes` for what was counted. */
static void fill_record(struct spf_record *out, size_t bytes, const struct reader *count)
{
	size_t n_terms = count->n_terms + (count->redirect.n > 0) + (count->exp.n > 0);
	struct spf_term *terms = (struct spf_term *)(out + 1);
	struct spf_piece *pieces = (struct spf_piece *)(terms + n_terms);
	struct reader fill = { .text = count->text, .terms = terms, .pieces = pieces,
	                       .names = (uint8_t *)(pieces + count->n_pieces) };
	bool same = read_terms(&fill);

	assert(same && fill.n_terms == count->n_terms && fill.n_pieces == count->n_pieces &&
	       fill.n_names == count->n_names);
	(void)same;
	*out = (struct spf_record){ .text = fill.text, .terms = terms, .n = fill.n_terms, .bytes = bytes };
	struct spf_term *at = terms + fill.n_terms;
	if (fill.redirect.n) {
		*at = fill.redirect;
		out->redirect = at++;
	}
	if (fill.exp.n) {
		*at = fill.exp;
		out->exp = at;
	}
}

struct spf_record *spf_record_parse(struct bytes text, struct parse_err *err)
{
	struct reader count = { .text = text, .err = err };

	assert(spf_record_is(text));
	*err = (struct parse_err){ 0 };
	if (text.n > SPF_RECORD_MAX) {
		parse_fail_at(err, SPF_RECORD_MAX, "the record is over 65535 bytes");
		return NULL;
	}
	if (!read_terms(&count))
		return NULL;
	size_t bytes = sizeof(struct spf_record) + (count.n_terms + 2) * sizeof(struct spf_term) +
	               count.n_pieces * sizeof(struct spf_piece) + count.n_names;
	struct spf_record *out = mem_calloc(1, bytes);
	if (out)
		fill_record(out, bytes, &count);
	return out;
}

void spf_record_free(struct spf_record *r)
{
	mem_free(r);
}

bool spf_kind_counts(enum spf_kind kind)
{
	static const bool counts[SPF_TERM_KINDS] = {
		[SPF_TERM_INCLUDE] = true, [SPF_TERM_A] = true,      [SPF_TERM_MX] = true,
		[SPF_TERM_PTR] = true,     [SPF_TERM_EXISTS] = true, [SPF_TERM_REDIRECT] = true,
	};
	return counts[kind];
}
