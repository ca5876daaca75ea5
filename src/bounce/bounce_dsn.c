/* bounce_dsn.c - see bounce_dsn.h */
#include "bounce/bounce_dsn.h"

#include "base/ascii.h"

/* --- values --- */

static struct bytes without_type(struct bytes value)
{
	size_t at = bytes_find(value, ';', 0);

	return bytes_trim(at < value.n ? bytes_from(value, at + 1) : value);
}

static struct bytes take_plain(struct bytes value)
{
	return bytes_trim(value);
}

struct bytes bounce_dsn_value(struct bytes value)
{
	struct bytes v = without_type(value);
	size_t open = bytes_find(v, '<', 0), close = bytes_find(v, '>', open);

	if (close < v.n)
		v = bytes_trim(bytes_sub(v, open + 1, close - open - 1));
	else if (v.n && v.p[0] != '"') /* a comment, or what a machine added */
		for (size_t i = 0; i < v.n; i++)
			if (ascii_is_space(v.p[i]) || v.p[i] == '(')
				v.n = i;
	if (v.n && v.p[0] == '@' && bytes_has(v, ':')) /* a route (RFC 5321 appendix C) */
		v = bytes_from(v, bytes_find(v, ':', 0) + 1);
	return v;
}

static struct bytes take_word(struct bytes value)
{
	struct bytes v = bytes_trim(value);

	for (size_t i = 0; i < v.n; i++)
		if (!ascii_is_alpha(v.p[i]) && v.p[i] != '-')
			v.n = i;
	return v;
}

/* "5.0.0 (permanent failure)", "4.4.7;" */
static struct bytes take_status(struct bytes value)
{
	struct bytes v = bytes_trim(value);
	size_t n = 0, dots = 0;

	while (n < v.n && (ascii_is_digit(v.p[n]) || v.p[n] == '.'))
		dots += v.p[n++] == '.';
	return dots == 2 && v.p[0] >= '2' && v.p[0] <= '5' && v.p[n - 1] != '.' ? bytes_sub(v, 0, n) : B("");
}

/* --- fields --- */

enum { OF_MESSAGE = 1, IDENTIFIES = 2 };

static const struct {
	const char *name;
	struct bytes (*take)(struct bytes value);
	size_t offset;
	unsigned flags; /* OF_MESSAGE: offset is into bounce_dsn; IDENTIFIES: a group needs one of these */
} fields[] = {
	{ "Final-Recipient", bounce_dsn_value, offsetof(struct bounce_dsn_group, final), IDENTIFIES },
	{ "Original-Recipient", bounce_dsn_value, offsetof(struct bounce_dsn_group, original), 0 },
	{ "Action", take_word, offsetof(struct bounce_dsn_group, action), 0 },
	{ "Status", take_status, offsetof(struct bounce_dsn_group, status), 0 },
	{ "Diagnostic-Code", without_type, offsetof(struct bounce_dsn_group, diagnostic), 0 },
	{ "Remote-MTA", bounce_dsn_value, offsetof(struct bounce_dsn_group, remote_mta), 0 },
	{ "Reporting-MTA", bounce_dsn_value, offsetof(struct bounce_dsn, reporting_mta), OF_MESSAGE },
	{ "Original-Envelope-Id", take_plain, offsetof(struct bounce_dsn, envelope_id), OF_MESSAGE },
	{ "Arrival-Date", take_plain, offsetof(struct bounce_dsn, arrival), OF_MESSAGE },
	{ "X-Postfix-Queue-ID", take_plain, offsetof(struct bounce_dsn, queue_id), OF_MESSAGE },
	{ "X-Queue-ID", take_plain, offsetof(struct bounce_dsn, queue_id), OF_MESSAGE },
};

struct reader {
	struct work *w;
	struct bounce_dsn *out;
	struct bounce_dsn_group group;
	bool open; /* the group has a field that identifies it */
	size_t cap;
};

/* A field name may be followed by blanks; the index into fields, or ARRAY_LEN(fields). */
static size_t field_of(struct bytes line)
{
	size_t colon = bytes_find(line, ':', 0), i = 0;
	struct bytes name = bytes_trim_right(bytes_sub(line, 0, colon));

	while (i < ARRAY_LEN(fields) && (colon == line.n || !bytes_ieq(name, fields[i].name)))
		i++;
	return i;
}

static bool close_group(struct reader *r)
{
	struct bounce_dsn *out = r->out;

	if (!r->open)
		return true;
	if (out->n >= work_limit(r->w, LIMIT_BOUNCE_RECIPIENTS)) {
		work_reached(r->w, LIMIT_BOUNCE_RECIPIENTS);
		return true;
	}
	if (!ARENA_PUSH(r->w->arena, out->groups, out->n, r->cap, &r->group))
		return false;
	r->group = (struct bounce_dsn_group){ .final = { NULL, 0 } };
	r->open = false;
	return true;
}

/* A field that the group has already begins the next one. */
static bool put(struct reader *r, size_t field, struct bytes value)
{
	bool of_message = fields[field].flags & OF_MESSAGE;
	uint8_t *base = of_message ? (uint8_t *)r->out : (uint8_t *)&r->group;
	struct bytes *slot = (struct bytes *)(void *)(base + fields[field].offset);

	if (of_message) {
		if (!slot->p)
			*slot = fields[field].take(value);
		return true;
	}
	if (slot->p && (fields[field].flags & IDENTIFIES || field == 1) && !close_group(r))
		return false;
	if (!slot->p)
		*slot = fields[field].take(value);
	r->open |= fields[field].flags & IDENTIFIES;
	return true;
}

/* A blank line ends a group, but not one that has only begun. */
static bool is_whole(const struct reader *r)
{
	return r->open && (r->group.status.p || r->group.action.p);
}

bool bounce_dsn_read(struct work *w, struct bytes text, struct bounce_dsn *out)
{
	struct reader r = { .w = w, .out = out };
	struct bytes rest = text, line;

	*out = (struct bounce_dsn){ .n = 0 };
	while (bytes_cut(&rest, '\n', &line)) {
		if (bytes_trim(line).n == 0) {
			if (is_whole(&r) && !close_group(&r))
				return false;
			continue;
		}
		size_t field = field_of(line);
		if (field == ARRAY_LEN(fields))
			continue;
		struct bytes value = bytes_from(line, bytes_find(line, ':', 0) + 1), fold;
		while (rest.n && ascii_is_wsp(rest.p[0])) { /* the folds of its value */
			struct bytes after = rest;
			bytes_cut(&after, '\n', &fold);
			if (bytes_trim(fold).n == 0)
				break; /* a blank line */
			value.n = (size_t)(fold.p + fold.n - value.p);
			rest = after;
		}
		if (!put(&r, field, value))
			return false;
	}
	return close_group(&r);
}

bool bounce_dsn_has(struct bytes text)
{
	struct bytes line;

	while (bytes_cut(&text, '\n', &line)) {
		size_t field = field_of(line);
		if (field < ARRAY_LEN(fields) && fields[field].flags & IDENTIFIES)
			return true;
	}
	return false;
}
