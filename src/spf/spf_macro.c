/* spf_macro.c - see spf_macro.h
 *
 * An expansion is written from its end to its start. A name keeps only its last
 * 253 bytes, so the work is bounded by what is kept, however long a stranger's
 * HELO is; and the right-hand parts that a transformer keeps come first. */
#include "spf/spf_macro.h"

#include "base/ascii.h"

static const char delimiters[] = ".-+,/_=";
#define SPLIT_AT_DOTS 1u /* bit of the first delimiter */

static unsigned delimiter_bit(uint8_t c)
{
	const char *hit = c ? strchr(delimiters, c) : NULL;

	return hit ? 1u << (hit - delimiters) : 0;
}

/* --- cutting a macro string into pieces --- */

/* The letters and where they may stand (sections 7.2 and 7.3). */
static bool letter_fits(uint8_t letter, enum spf_macro_use use, const char **why)
{
	if (!letter || !strchr("slodiphvcrt", letter)) {
		*why = "there is no such macro letter";
		return false;
	}
	*why = "this macro letter belongs in explanations only";
	return use != SPF_MACRO_NAME || !strchr("crt", letter);
}

/* The number of parts to keep, from the digits at *at on. */
static bool read_digits(struct bytes text, size_t *at, uint8_t *keep)
{
	unsigned n = 0;
	size_t from = *at;

	for (; *at < text.n && ascii_is_digit(text.p[*at]); (*at)++)
		n = n * 10 + text.p[*at] - '0' > UINT8_MAX ? UINT8_MAX : n * 10 + text.p[*at] - '0';
	*keep = (uint8_t)n;
	return *at == from || n > 0;
}

/* "%{" letter [digits] ["r"] delimiters "}" at *at; moves *at behind it. */
static bool read_braces(struct bytes text, enum spf_macro_use use, size_t *at, struct spf_piece *out,
                        struct parse_err *err)
{
	size_t i = *at + 2;
	const char *why;
	struct spf_piece p = { 0 };

	if (i >= text.n)
		return parse_fail_at(err, *at, "a macro is not closed");
	p.letter = (char)ascii_lower(text.p[i]);
	p.escape = p.letter != (char)text.p[i];
	if (!letter_fits((uint8_t)p.letter, use, &why))
		return parse_fail_at(err, i, why);
	i++;
	if (!read_digits(text, &i, &p.keep))
		return parse_fail_at(err, i - 1, "a macro that keeps no part of its value");
	p.reverse = i < text.n && ascii_lower(text.p[i]) == 'r';
	i += p.reverse;
	for (; i < text.n && delimiter_bit(text.p[i]); i++)
		p.delimiters |= (uint8_t)delimiter_bit(text.p[i]);
	if (i >= text.n)
		return parse_fail_at(err, *at, "a macro is not closed");
	if (text.p[i] != '}')
		return parse_fail_at(err, i, "a byte that no macro has");
	if (!p.delimiters && (p.keep || p.reverse))
		p.delimiters = SPLIT_AT_DOTS;
	*out = p;
	*at = i + 1;
	return true;
}

/* What begins with a percent sign at *at. */
static bool read_percent(struct bytes text, enum spf_macro_use use, size_t *at, struct spf_piece *out,
                         struct parse_err *err)
{
	switch (*at + 1 < text.n ? text.p[*at + 1] : 0) {
	case '{':
		return read_braces(text, use, at, out, err);
	case '%':
		*out = (struct spf_piece){ .text = B("%") };
		break;
	case '_':
		*out = (struct spf_piece){ .text = B(" ") };
		break;
	case '-':
		*out = (struct spf_piece){ .text = B("%20") };
		break;
	default:
		return parse_fail_at(err, *at, "a percent sign that begins no macro");
	}
	*at += 2;
	return true;
}

static bool is_literal(uint8_t c, enum spf_macro_use use)
{
	return c != '%' && (ascii_is_vchar(c) || (c == ' ' && use == SPF_MACRO_TEXT));
}

bool spf_macro_split(struct bytes text, enum spf_macro_use use, struct spf_piece *to,
                     struct spf_split *out, struct parse_err *err)
{
	struct spf_split split = { 0 };

	for (size_t at = 0; at < text.n; split.n++) {
		struct spf_piece p = { 0 };
		size_t from = at;

		while (at < text.n && is_literal(text.p[at], use))
			at++;
		split.end = p.text = bytes_sub(text, from, at - from);
		if (at == from) {
			if (text.p[at] != '%')
				return parse_fail_at(err, at, "a byte that no macro string has");
			if (!read_percent(text, use, &at, &p, err))
				return false;
		}
		split.uses_p |= p.letter == 'p';
		if (to)
			to[split.n] = p;
	}
	*out = split;
	return true;
}

/* --- writing from the end to the start --- */

struct tail {
	uint8_t *room;
	size_t at;  /* what is written begins here */
	bool full;  /* bytes at the left were lost */
};

static void put(struct tail *t, struct bytes b)
{
	if (b.n > t->at) {
		b = bytes_from(b, b.n - t->at);
		t->full = true;
	}
	t->at -= b.n;
	if (b.n)
		memcpy(t->room + t->at, b.p, b.n);
}

static bool is_unreserved(uint8_t c) /* RFC 3986 section 2.3 */
{
	return ascii_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

static void put_value(struct tail *t, struct bytes b, bool escape)
{
	static const char hex[] = "0123456789ABCDEF";

	if (!escape) {
		put(t, b);
		return;
	}
	for (size_t i = b.n; i-- > 0 && !t->full;) {
		uint8_t c = b.p[i], code[3] = { '%', (uint8_t)hex[c >> 4], (uint8_t)hex[c & 15] };
		put(t, is_unreserved(c) ? (struct bytes){ &c, 1 } : (struct bytes){ code, 3 });
	}
}

/* Takes the first part off the front of *rest; false: it was the last. */
static bool take_first(struct bytes *rest, unsigned split, struct bytes *part)
{
	size_t i = 0;

	while (i < rest->n && !(delimiter_bit(rest->p[i]) & split))
		i++;
	*part = bytes_sub(*rest, 0, i);
	bool more = i < rest->n;
	*rest = bytes_from(*rest, i + 1);
	return more;
}

/* Takes the last part off the end of *rest; false: it was the first. */
static bool take_last(struct bytes *rest, unsigned split, struct bytes *part)
{
	size_t i = rest->n;

	while (i > 0 && !(delimiter_bit(rest->p[i - 1]) & split))
		i--;
	*part = bytes_from(*rest, i);
	rest->n = i ? i - 1 : 0;
	return i > 0;
}

/* The value split, reversed, cut to its right-hand parts, joined by dots. The
 * right-most part of the outcome is taken first: after a reversal that is the
 * left-most of the value. */
static void put_parts(struct tail *t, const struct spf_piece *p, struct bytes value)
{
	struct bytes part;
	bool more = true;

	for (unsigned kept = 0; more && !t->full && (p->keep == 0 || kept < p->keep); kept++) {
		if (kept > 0)
			put(t, B("."));
		more = p->reverse ? take_first(&value, p->delimiters, &part)
		                  : take_last(&value, p->delimiters, &part);
		put_value(t, part, p->escape);
	}
}

/* --- what the letters stand for --- */

#define SCRATCH 64 /* the longest: 32 nibbles with dots between */

static struct bytes dotted(const struct ip *ip, char to[SCRATCH])
{
	static const char hex[] = "0123456789ABCDEF";
	size_t n = 0;

	if (ip->family != 6)
		return bytes_of(ip_text(ip, to));
	for (size_t i = 0; i < 32; i++) {
		uint8_t nibble = i % 2 ? ip->b[i / 2] & 15 : ip->b[i / 2] >> 4;
		to[n++] = hex[nibble];
		to[n++] = '.';
	}
	return (struct bytes){ (uint8_t *)to, n - 1 };
}

static struct bytes local_part(const struct spf_input *in)
{
	return in->local.n ? in->local : B("postmaster"); /* section 4.3 */
}

static struct bytes sender(const struct spf_values *v)
{
	struct bytes at_domain = arena_join(v->arena, B("@"), v->in->domain.text);

	return arena_join(v->arena, local_part(v->in), at_domain);
}

static struct bytes value_of(char letter, const struct spf_values *v, char to[SCRATCH])
{
	const struct spf_input *in = v->in;

	switch (letter) {
	case 's': return sender(v);
	case 'l': return local_part(in);
	case 'o': return in->domain.text;
	case 'd': return v->domain.text;
	case 'i': return dotted(&in->client, to);
	case 'c': return bytes_of(ip_text(&in->client, to));
	case 'h': return in->helo;
	case 'v': return in->client.family == 6 ? B("ip6") : B("in-addr");
	case 'p': return v->validated.n ? v->validated : B("unknown");
	case 'r': return in->receiver.n ? in->receiver : B("unknown");
	default: /* 't': the split lets no other through */
		return (struct bytes){ (uint8_t *)to, (size_t)snprintf(to, SCRATCH, "%lld", (long long)in->time) };
	}
}

static void expand(struct tail *t, const struct spf_piece *pieces, size_t n, const struct spf_values *v)
{
	char scratch[SCRATCH];

	for (size_t i = n; i-- > 0 && !t->full;) {
		const struct spf_piece *p = &pieces[i];
		if (!p->letter) {
			put(t, p->text);
			continue;
		}
		struct bytes value = value_of(p->letter, v, scratch);
		if (p->delimiters)
			put_parts(t, p, value);
		else
			put_value(t, value, p->escape);
	}
}

bool spf_macro_name(const struct spf_piece *pieces, size_t n, const struct spf_values *v,
                    uint8_t to[DNAME_TEXT_MAX], struct dname *out)
{
	/* one byte for a final dot, one to be over the limit when something was lost */
	uint8_t room[DNAME_TEXT_MAX + 2];
	struct tail t = { room, sizeof(room), false };

	expand(&t, pieces, n, v);
	struct bytes name = { room + t.at, sizeof(room) - t.at };
	if (name.n && name.p[name.n - 1] == '.')
		name.n--;
	while (name.n > DNAME_TEXT_MAX)
		name = bytes_from(name, bytes_find(name, '.', 0) + 1);
	return dname_write(name, to, out);
}

bool spf_macro_text(const struct spf_piece *pieces, size_t n, const struct spf_values *v, size_t max,
                    struct bytes *out)
{
	uint8_t *room = arena_alloc(v->arena, max);
	struct tail t = { room, max, false };

	if (!room)
		return false;
	expand(&t, pieces, n, v);
	if (t.full || arena_failed(v->arena))
		return false;
	for (size_t i = t.at; i < max; i++)
		if (room[i] != ' ' && !ascii_is_vchar(room[i]))
			room[i] = '?';
	*out = (struct bytes){ room + t.at, max - t.at };
	return true;
}
