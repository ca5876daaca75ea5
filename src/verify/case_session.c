/* case_session.c - session.ini of a case; see case.h */
#include "base/ascii.h"
#include "base/clock.h"
#include "verify/case.h"

#define TIME_LAST INT64_C(253402300799) /* the year 9999 ends */

enum kind { IP, TEXT, LIST, TIME, FLAG };

static const struct key {
	const char *name;
	enum kind kind;
	size_t offset;
	size_t also;     /* LIST: offset of the count; TEXT: of a flag that it was there; 0: none */
} keys[] = {
#define AT(m) offsetof(struct case_session, m)
	{ "about", TEXT, AT(about), 0 },
	{ "ip", IP, AT(ip), 0 },
	{ "helo", TEXT, AT(helo), 0 },
	{ "rdns", TEXT, AT(rdns), 0 },
	{ "mail-from", TEXT, AT(mail_from), AT(has_mail_from) },
	{ "rcpt-to", LIST, AT(rcpt_to), AT(n_rcpt_to) },
	{ "login", TEXT, AT(login), 0 },
	{ "at", TIME, AT(time), 0 },
	{ "recovered", FLAG, AT(recovered), 0 },
	{ "today", TIME, AT(today), 0 },
	{ "owner", LIST, AT(owner), AT(n_owner) },
	{ "trust", LIST, AT(trust), AT(n_trust) },
	{ "trust-authserv", LIST, AT(trust_authserv), AT(n_trust_authserv) },
	{ "name", LIST, AT(name), AT(n_name) },
	{ "limit", LIST, AT(limit), AT(n_limit) },
	{ "offline", FLAG, AT(offline), 0 },
	{ "not-mine", FLAG, AT(not_mine), 0 },
	{ "redacted", FLAG, AT(redacted), 0 },
#undef AT
};

void case_session_init(struct case_session *s)
{
	*s = (struct case_session){ .time = -1, .today = -1 };
}

/* --- reading --- */

struct reader {
	struct arena *arena;
	struct case_session s;
	size_t caps[ARRAY_LEN(keys)]; /* of the lists */
	bool seen[ARRAY_LEN(keys)];
	struct case_err err;
};

static bool refuse(struct reader *r, const char *what)
{
	r->err.what = arena_failed(r->arena) ? "out of memory" : what;
	return false;
}

/* "%41" and plain bytes; a % without two hexadecimal digits is refused. */
static bool decode(struct reader *r, struct bytes raw, struct bytes *out)
{
	uint8_t *to = arena_alloc(r->arena, raw.n + 1);
	size_t n = 0;

	if (!to)
		return refuse(r, "out of memory");
	for (size_t i = 0; i < raw.n; i++) {
		int high = i + 2 < raw.n ? ascii_hex(raw.p[i + 1]) : -1;
		int low = high >= 0 ? ascii_hex(raw.p[i + 2]) : -1;
		if (raw.p[i] != '%') {
			to[n++] = raw.p[i];
		} else if (low < 0) {
			return refuse(r, "a % is followed by two hexadecimal digits: write % itself as %25");
		} else {
			to[n++] = (uint8_t)(high << 4 | low);
			i += 2;
		}
	}
	*out = (struct bytes){ to, n };
	return true;
}

static bool read_ip(struct reader *r, const struct key *k, void *to, struct bytes value)
{
	return ip_parse_smtp(value, to) || refuse(r, "not an address: write it like 192.0.2.1 or 2001:db8::1");
}

static bool read_text(struct reader *r, const struct key *k, void *to, struct bytes value)
{
	if (k->also)
		*(bool *)((char *)&r->s + k->also) = true;
	*(struct bytes *)to = value;
	return true;
}

static bool read_list(struct reader *r, const struct key *k, void *to, struct bytes value)
{
	struct bytes **items = to;
	size_t *n = (size_t *)(void *)((char *)&r->s + k->also);

	return ARENA_PUSH(r->arena, *items, *n, r->caps[k - keys], &value) || refuse(r, "out of memory");
}

static bool read_time(struct reader *r, const struct key *k, void *to, struct bytes value)
{
	int64_t at;

	if (!clock_parse(value, &at) || at < 0 || at > TIME_LAST)
		return refuse(r, "not a time from 1970 to 9999: write it like 2026-11-23T19:00:00Z, or @ and Unix seconds");
	*(int64_t *)to = at;
	return true;
}

static bool read_flag(struct reader *r, const struct key *k, void *to, struct bytes value)
{
	*(bool *)to = bytes_ieq(value, "yes");
	return *(bool *)to || bytes_ieq(value, "no") || refuse(r, "write yes or no");
}

static bool (*const readers[])(struct reader *r, const struct key *k, void *to, struct bytes value) = {
	[IP] = read_ip, [TEXT] = read_text, [LIST] = read_list, [TIME] = read_time, [FLAG] = read_flag,
};

static const struct key *find_key(struct bytes name)
{
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (bytes_ieq(name, keys[i].name))
			return &keys[i];
	return NULL;
}

static bool read_line(struct reader *r, struct bytes line)
{
	size_t equals = bytes_find(line, '=', 0);
	const struct key *k = find_key(bytes_trim(bytes_sub(line, 0, equals)));
	struct bytes value;

	if (equals == line.n)
		return refuse(r, "a line is NAME = VALUE; comments begin with # or ;");
	if (!k)
		return refuse(r, "an unknown name: the names are about, ip, helo, rdns, mail-from, rcpt-to, login, at, "
		                 "recovered, today, owner, trust, trust-authserv, name, limit, offline, not-mine and "
		                 "redacted");
	if (r->seen[k - keys] && k->kind != LIST)
		return refuse(r, "a second line of this name: keep one");
	r->seen[k - keys] = true;
	return decode(r, bytes_trim(bytes_from(line, equals + 1)), &value) &&
	       readers[k->kind](r, k, (char *)&r->s + k->offset, value);
}

bool case_session_parse(struct arena *a, struct bytes text, struct case_session *out, struct case_err *err)
{
	struct reader r = { .arena = a };
	struct bytes line;

	case_session_init(&r.s);
	while (bytes_cut(&text, '\n', &line)) {
		r.err.line++;
		line = bytes_trim(line);
		if (line.n == 0 || line.p[0] == '#' || line.p[0] == ';')
			continue;
		if (!read_line(&r, line)) {
			if (err)
				*err = r.err;
			return false;
		}
	}
	*out = r.s;
	return true;
}

/* --- writing --- */

static void write_value(struct buf *out, const struct key *k, struct bytes value)
{
	buf_addf(out, "%s =%s", k->name, value.n ? " " : "");
	for (size_t i = 0; i < value.n; i++) {
		uint8_t c = value.p[i];
		bool outer_space = c == ' ' && (i == 0 || i + 1 == value.n);
		if ((ascii_is_vchar(c) || c == ' ') && c != '%' && !outer_space)
			buf_add_byte(out, c);
		else
			buf_addf(out, "%%%02X", c);
	}
	buf_add_byte(out, '\n');
}

static void write_ip(struct buf *out, const struct key *k, const struct case_session *s, const void *from)
{
	const struct ip *ip = from;
	char text[IP_TEXT];

	if (ip->family)
		write_value(out, k, bytes_of(ip_text(ip, text)));
}

static void write_text(struct buf *out, const struct key *k, const struct case_session *s, const void *from)
{
	const struct bytes *value = from;
	bool known = k->also ? *(const bool *)((const char *)s + k->also) : value->n > 0;

	if (known)
		write_value(out, k, *value);
}

static void write_list(struct buf *out, const struct key *k, const struct case_session *s, const void *from)
{
	const struct bytes *const *items = from;
	size_t n = *(const size_t *)(const void *)((const char *)s + k->also);

	for (size_t i = 0; i < n; i++)
		write_value(out, k, (*items)[i]);
}

static void write_time(struct buf *out, const struct key *k, const struct case_session *s, const void *from)
{
	int64_t at = *(const int64_t *)from;
	char text[CLOCK_TEXT];

	if (at >= 0)
		write_value(out, k, bytes_of(clock_rfc3339(at < TIME_LAST ? at : TIME_LAST, text)));
}

static void write_flag(struct buf *out, const struct key *k, const struct case_session *s, const void *from)
{
	if (*(const bool *)from)
		write_value(out, k, B("yes"));
}

static void (*const writers[])(struct buf *out, const struct key *k, const struct case_session *s,
                               const void *from) = {
	[IP] = write_ip, [TEXT] = write_text, [LIST] = write_list, [TIME] = write_time, [FLAG] = write_flag,
};

void case_session_write(struct buf *out, const struct case_session *s)
{
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		writers[keys[i].kind](out, &keys[i], s, (const char *)s + keys[i].offset);
}

/* --- limits --- */

bool case_session_take_limits(const struct case_session *s, struct limits *limits, size_t *bad)
{
	for (size_t i = 0; i < s->n_limit; i++) {
		struct bytes value = s->limit[i], name = { NULL, 0 };
		uint64_t v;
		if (!bytes_cut(&value, '=', &name) || !bytes_to_u64(value, &v) || !limits_set(limits, name, v, NULL)) {
			*bad = i;
			return false;
		}
	}
	return true;
}

bool case_session_put_limits(struct arena *a, const struct limits *limits, struct case_session *s)
{
	struct bytes *list = arena_array(a, struct bytes, LIMIT_COUNT);
	size_t n = 0;

	for (size_t i = 0; list && i < LIMIT_COUNT; i++)
		if (limits->v[i] != limit_rows[i].standard)
			list[n++] = arena_printf(a, "%s=%u", limit_rows[i].name, limits->v[i]);
	s->limit = list;
	s->n_limit = n;
	return !arena_failed(a);
}
