/* maillog_frame.c - the frame of a log line: date, host, program. See maillog_line.h */
#include "base/ascii.h"
#include "base/clock.h"
#include "trail/maillog_line.h"

#define DAY 86400
#define TOKENS_BEFORE_PROGRAM 3 /* a host, and what some daemons write beside it */

/* --- small readers; each takes what it reads off the front of *rest ------------ */

static bool digits(struct bytes *rest, size_t min, size_t max, int *out)
{
	size_t n = 0;
	int v = 0;

	while (n < rest->n && n < max && ascii_is_digit(rest->p[n]))
		v = v * 10 + (rest->p[n++] - '0');
	if (n < min)
		return false;
	*rest = bytes_from(*rest, n);
	*out = v;
	return true;
}

static bool byte(struct bytes *rest, uint8_t c)
{
	if (rest->n == 0 || rest->p[0] != c)
		return false;
	*rest = bytes_from(*rest, 1);
	return true;
}

static bool blanks(struct bytes *rest)
{
	size_t n = 0;

	while (n < rest->n && rest->p[n] == ' ')
		n++;
	*rest = bytes_from(*rest, n);
	return n > 0;
}

static struct bytes token(struct bytes *rest)
{
	size_t n = bytes_find(*rest, ' ', 0);
	struct bytes t = bytes_sub(*rest, 0, n);

	*rest = bytes_from(*rest, n);
	blanks(rest);
	return t;
}

/* One of the three-letter names in `all`; 1 for the first, 0 for none. */
static int name_of(struct bytes rest, const char *all)
{
	for (int i = 1; rest.n >= 3 && *all; all += 3, i++)
		if (memcmp(rest.p, all, 3) == 0)
			return i;
	return 0;
}

/* "20:00:05", "20:00:05.123456": seconds of the day. */
static bool time_of_day(struct bytes *rest, int64_t *out)
{
	int h, m, s, fraction;

	if (!digits(rest, 2, 2, &h) || !byte(rest, ':') || !digits(rest, 2, 2, &m) || !byte(rest, ':') ||
	    !digits(rest, 2, 2, &s) || h > 23 || m > 59 || s > 60)
		return false;
	if (rest->n > 1 && (rest->p[0] == '.' || rest->p[0] == ',') && ascii_is_digit(rest->p[1])) {
		*rest = bytes_from(*rest, 1);
		while (digits(rest, 1, 9, &fraction))
			;
	}
	*out = h * 3600 + m * 60 + s;
	return true;
}

/* "Z", "+01:00", "+0100", "+01"; nothing: false. */
static bool offset(struct bytes *rest, int64_t *out)
{
	int h, m = 0;

	if (byte(rest, 'Z')) {
		*out = 0;
		return true;
	}
	if (rest->n < 3 || (rest->p[0] != '+' && rest->p[0] != '-'))
		return false;
	int sign = rest->p[0] == '-' ? -1 : 1;
	struct bytes r = bytes_from(*rest, 1);
	if (!digits(&r, 2, 2, &h))
		return false;
	byte(&r, ':');
	digits(&r, 2, 2, &m);
	*out = sign * (h * 3600 + m * 60);
	*rest = r;
	return true;
}

/* --- dates ----------------------------------------------------------------------- */

struct when {
	int64_t at;
	bool zoned;
};

static int64_t year_of(int64_t at)
{
	int64_t y = 1970 + at / (366 * (int64_t)DAY);

	while (y < 9999 && clock_days((int)y + 1, 1, 1) * DAY <= at)
		y++;
	return y;
}

/* "Nov 23 20:00:05": in the twelve months before now; clocks and zones may be a day ahead. */
static bool date_rfc3164(struct bytes *rest, int64_t now, struct when *out)
{
	struct bytes r = *rest;
	int month = name_of(r, "JanFebMarAprMayJunJulAugSepOctNovDec"), day;
	int64_t seconds;

	if (!month)
		return false;
	r = bytes_from(r, 3);
	if (!blanks(&r) || !digits(&r, 1, 2, &day) || !blanks(&r) || !time_of_day(&r, &seconds))
		return false;
	int64_t year = year_of(now < 0 ? 0 : now);
	for (int tries = 0; tries < 9; tries++, year--) { /* a leap day may be eight years ago */
		if (!clock_valid_date((int)year, month, day))
			continue;
		int64_t at = clock_days((int)year, month, day) * DAY + seconds;
		if (at > now + DAY)
			continue;
		*out = (struct when){ at, false };
		*rest = r;
		return true;
	}
	return false;
}

/* "2026-11-23T20:00:05.123456+01:00", "2026-11-23 20:00:05 CET", with journalctl's day name in front. */
static bool date_iso(struct bytes *rest, int64_t now, struct when *out)
{
	struct bytes r = *rest;
	int year, month, day;
	int64_t seconds, east = 0;
	bool named = name_of(r, "MonTueWedThuFriSatSun") > 0;

	if (named) {
		r = bytes_from(r, 3);
		if (!blanks(&r))
			return false;
	}
	if (!digits(&r, 4, 4, &year) || !byte(&r, '-') || !digits(&r, 2, 2, &month) || !byte(&r, '-') ||
	    !digits(&r, 2, 2, &day) || !clock_valid_date(year, month, day) || !(byte(&r, 'T') || byte(&r, ' ')) ||
	    !time_of_day(&r, &seconds))
		return false;
	bool zoned = offset(&r, &east);
	if (named && !zoned) { /* a zone's name follows; only that of UTC is one everywhere */
		blanks(&r);
		struct bytes zone = bytes_sub(r, 0, bytes_find(r, ' ', 0));
		r = bytes_from(r, zone.n);
		zoned = bytes_eq(zone, "UTC") || bytes_eq(zone, "GMT");
		if (!zoned && offset(&zone, &east))
			zoned = true;
	}
	*out = (struct when){ clock_days(year, month, day) * DAY + seconds - east, zoned };
	*rest = r;
	return true;
}

/* "1795464005.123456" */
static bool date_unix(struct bytes *rest, int64_t now, struct when *out)
{
	size_t dot = bytes_find(*rest, '.', 0), end = bytes_find(*rest, ' ', 0);
	uint64_t at;

	if (dot < 9 || dot > 10 || dot > end || !bytes_to_u64(bytes_sub(*rest, 0, dot), &at))
		return false;
	*out = (struct when){ (int64_t)at, true };
	*rest = bytes_from(*rest, end);
	return true;
}

static bool any_date(struct bytes *rest, int64_t now, struct when *out)
{
	if (rest->n == 0)
		return false;
	if (!ascii_is_digit(rest->p[0]))
		return date_rfc3164(rest, now, out) || date_iso(rest, now, out);
	return date_iso(rest, now, out) || date_unix(rest, now, out);
}

/* --- host and program -------------------------------------------------------------- */

/* "postfix/smtpd[123]:" without what is behind the name. */
static struct bytes program_name(struct bytes t)
{
	if (t.n && t.p[t.n - 1] == ':')
		t.n--;
	return bytes_sub(t, 0, bytes_find(t, '[', 0));
}

/* Dovecot's own log file names neither host nor program. */
static bool starts_as_dovecot(struct bytes text)
{
	static const char *const services[] = {
		"imap-login: ", "pop3-login: ", "submission-login: ", "managesieve-login: ", "auth: ", "auth(", "auth-worker(",
		"auth-worker: ", "lda(", "lmtp(", "deliver(",
	};

	for (size_t i = 0; i < ARRAY_LEN(services); i++) {
		struct bytes service = bytes_of(services[i]);
		if (bytes_same(bytes_sub(text, 0, service.n), service))
			return true;
	}
	return false;
}

static bool read_program(struct bytes rest, struct maillog_frame *out)
{
	if (starts_as_dovecot(rest)) {
		out->program = B("dovecot");
		out->text = rest;
		return true;
	}
	for (int i = 0; i <= TOKENS_BEFORE_PROGRAM && rest.n; i++) {
		struct bytes before = rest, t = token(&rest);
		if (t.n && t.p[t.n - 1] == ':') {
			out->program = program_name(t);
			out->text = rest;
			return true;
		}
		if (i == 0)
			out->host = t;
		if (i == 1 && bytes_istarts(before, "last message repeated ")) {
			out->text = before;
			return true;
		}
	}
	return false;
}

/* Skips the structured data of RFC 5424 section 6.3: "-", or elements in brackets with quoted values. */
static void skip_data(struct bytes *rest)
{
	size_t at = 0;
	bool quoted = false;

	if (byte(rest, '-'))
		return;
	while (at < rest->n && (rest->p[at] == '[' || quoted)) {
		for (; at < rest->n && (quoted || rest->p[at] != ']'); at++) {
			if (quoted && rest->p[at] == '\\')
				at++;
			else if (rest->p[at] == '"')
				quoted = !quoted;
		}
		if (at < rest->n)
			at++;
	}
	*rest = bytes_from(*rest, at);
}

/* "HOST PROGRAM PID ID DATA TEXT" of RFC 5424 section 6. */
static bool read_rfc5424(struct bytes rest, struct maillog_frame *out)
{
	out->host = token(&rest);
	out->program = token(&rest);
	token(&rest);
	token(&rest);
	skip_data(&rest);
	byte(&rest, ' ');
	maillog_skip(&rest, "\xef\xbb\xbf");
	out->text = rest;
	return out->program.n > 0;
}

bool maillog_frame_parse(struct bytes line, int64_t now, struct maillog_frame *out)
{
	struct maillog_frame f = { .time = -1 };
	struct when when;
	struct bytes rest = line, r = line;
	int priority;
	bool rfc5424 = false;

	if (byte(&r, '<') && digits(&r, 1, 3, &priority) && byte(&r, '>')) {
		rest = r;
		rfc5424 = r.n > 2 && r.p[0] == '1' && r.p[1] == ' ';
		if (rfc5424)
			rest = bytes_from(r, 2);
	}
	struct bytes date = rest;
	if (!any_date(&rest, now, &when) || when.at < 0)
		return false;
	f.time = when.at;
	f.zoned = when.zoned;
	f.date = bytes_sub(date, 0, date.n - rest.n);
	byte(&rest, ':'); /* some write "Nov 23 20:00:05: " */
	if (!blanks(&rest))
		return false;
	if (rfc5424 ? !read_rfc5424(rest, &f) : any_date(&rest, now, &when) && !blanks(&rest))
		return false; /* a container's log has the time of its own, then that of the line */
	if (!rfc5424 && !read_program(rest, &f))
		return false;
	f.text = bytes_trim_right(f.text);
	*out = f;
	return true;
}
