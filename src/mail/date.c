/* date.c - see date.h */
#include "mail/date.h"

#include "base/ascii.h"
#include "base/clock.h"
#include "mail/lex.h"

struct reader {
	struct lex lx;
	struct parse_err *err;
	int year, month, day, hour, minute, second;
	int zone;
	bool zone_known;
};

static const char *const months[] = { "jan", "feb", "mar", "apr", "may", "jun",
                                      "jul", "aug", "sep", "oct", "nov", "dec" };

/* RFC 5322 section 4.3, and UTC: every other name tells nothing. */
static const struct zone_name {
	const char *name;
	int minutes;
} zone_names[] = {
	{ "ut", 0 },      { "gmt", 0 },     { "utc", 0 },     { "est", -300 },
	{ "edt", -240 },  { "cst", -360 },  { "cdt", -300 },  { "mst", -420 },
	{ "mdt", -360 },  { "pst", -480 },  { "pdt", -420 },
};

static bool fail(struct reader *r, const char *what)
{
	return parse_fail_at(r->err, r->lx.at, what);
}

/* The byte that comes next, 0 at the end. */
static uint8_t peek(const struct reader *r)
{
	return r->lx.at < r->lx.text.n ? r->lx.text.p[r->lx.at] : 0;
}

static bool skip(struct reader *r)
{
	return lex_skip(&r->lx) || fail(r, "a comment does not end");
}

/* How many bytes from here on are digits, or letters. Day names in other
 * languages come with bytes of UTF-8: they count as letters. */
static size_t run_of_digits(const struct reader *r)
{
	size_t i = r->lx.at;

	while (i < r->lx.text.n && ascii_is_digit(r->lx.text.p[i]))
		i++;
	return i - r->lx.at;
}

static struct bytes letters(const struct reader *r)
{
	size_t i = r->lx.at;

	while (i < r->lx.text.n && (ascii_is_alpha(r->lx.text.p[i]) || r->lx.text.p[i] >= 128))
		i++;
	return bytes_sub(r->lx.text, r->lx.at, i - r->lx.at);
}

/* A number of min to max digits. */
static bool number(struct reader *r, size_t min, size_t max, int *out, const char *what)
{
	uint64_t v;

	if (!skip(r))
		return false;
	size_t n = run_of_digits(r);
	if (n < min || n > max || !bytes_to_u64(bytes_sub(r->lx.text, r->lx.at, n), &v))
		return fail(r, what);
	r->lx.at += n;
	*out = (int)v;
	return true;
}

static bool read_day_name(struct reader *r)
{
	if (!skip(r))
		return false;
	size_t n = letters(r).n;
	r->lx.at += n;
	if (n && peek(r) == '.') /* "lun., 8 ..." */
		r->lx.at++;
	if (!skip(r))
		return false;
	if (n && peek(r) == ',')
		r->lx.at++;
	return true;
}

static bool read_month(struct reader *r)
{
	if (!skip(r))
		return false;
	struct bytes name = letters(r);
	for (size_t i = 0; i < ARRAY_LEN(months); i++) {
		if (!bytes_ieq(name, months[i]))
			continue;
		r->month = (int)i + 1;
		r->lx.at += name.n;
		return true;
	}
	return fail(r, "not a month");
}

static bool read_date(struct reader *r)
{
	if (!number(r, 1, 2, &r->day, "the day is not a number of one or two digits"))
		return false;
	size_t day_at = r->lx.at;
	if (!read_month(r) || !skip(r))
		return false;
	size_t digits = run_of_digits(r), year_at = r->lx.at;
	if (!number(r, 2, 4, &r->year, "the year is not a number of two to four digits"))
		return false;
	if (digits == 2 && r->year < 50)
		r->year += 2000;
	else if (digits < 4)
		r->year += 1900;
	if (r->year < 1900)
		return parse_fail_at(r->err, year_at, "the year is before 1900");
	if (!clock_valid_date(r->year, r->month, r->day))
		return parse_fail_at(r->err, day_at, "no such day in that month");
	return true;
}

static bool read_time(struct reader *r)
{
	if (!number(r, 1, 2, &r->hour, "the hour is missing") || !skip(r))
		return false;
	if (r->hour > 23)
		return fail(r, "the hour is above 23");
	if (peek(r) != ':')
		return fail(r, "no minutes after the hour");
	r->lx.at++;
	if (!number(r, 2, 2, &r->minute, "minutes are not two digits") || !skip(r))
		return false;
	if (r->minute > 59)
		return fail(r, "the minute is above 59");
	if (peek(r) != ':')
		return true;
	r->lx.at++;
	if (!number(r, 2, 2, &r->second, "seconds are not two digits"))
		return false;
	return r->second <= 60 || fail(r, "the second is above 60"); /* 60: a leap second */
}

static bool read_offset(struct reader *r)
{
	bool minus = peek(r) == '-';
	int hours, minutes;

	r->lx.at++;
	size_t digits = run_of_digits(r);
	if (digits != 4 && digits != 2)
		return fail(r, "the zone is not four digits");
	hours = (r->lx.text.p[r->lx.at] - '0') * 10 + r->lx.text.p[r->lx.at + 1] - '0';
	r->lx.at += 2;
	if (digits == 2) {
		if (peek(r) != ':')
			return fail(r, "the zone is not four digits");
		r->lx.at++;
	}
	if (run_of_digits(r) != 2)
		return fail(r, "the zone is not four digits");
	minutes = (r->lx.text.p[r->lx.at] - '0') * 10 + r->lx.text.p[r->lx.at + 1] - '0';
	if (minutes > 59)
		return fail(r, "the zone has more than 59 minutes");
	r->lx.at += 2;
	r->zone = (minus ? -1 : 1) * (hours * 60 + minutes);
	r->zone_known = !minus || r->zone != 0; /* "-0000": RFC 5322 section 3.3 */
	return true;
}

static void set_named_zone(struct reader *r, struct bytes name)
{
	for (size_t i = 0; i < ARRAY_LEN(zone_names); i++) {
		if (!bytes_ieq(name, zone_names[i].name))
			continue;
		r->zone = zone_names[i].minutes;
		r->zone_known = true;
	}
}

static bool at_sign(const struct reader *r)
{
	return peek(r) == '+' || peek(r) == '-';
}

static bool read_zone(struct reader *r)
{
	if (!skip(r))
		return false;
	struct bytes name = letters(r);
	r->lx.at += name.n;
	if (name.n)
		set_named_zone(r, name);
	if (at_sign(r)) { /* also "GMT+0100" */
		if (!read_offset(r) || !skip(r))
			return false;
		if (name.n == 0)
			r->lx.at += letters(r).n; /* "-0700 PDT" */
	}
	if (!skip(r))
		return false;
	return r->lx.at == r->lx.text.n || fail(r, "text after the zone");
}

bool date_parse(struct bytes text, struct date *out, struct parse_err *err)
{
	struct reader r = { .lx = lex_of(text), .err = err };

	if (!read_day_name(&r) || !read_date(&r) || !read_time(&r) || !read_zone(&r))
		return false;
	out->at = clock_days(r.year, r.month, r.day) * 86400 + r.hour * 3600 + r.minute * 60 +
	          r.second - r.zone * 60;
	out->zone = r.zone;
	out->zone_known = r.zone_known;
	return true;
}
