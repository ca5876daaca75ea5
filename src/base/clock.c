/* clock.c - see clock.h */
#include "base/clock.h"

#include "base/ascii.h"

int64_t clock_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec;
}

int64_t clock_mono_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool clock_valid_date(int year, int month, int day)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return year >= 0 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
	       day <= lengths[month - 1] + (leap && month == 2);
}

int64_t clock_days(int year, int month, int day)
{
	/* years begin in March, so that the leap day is the last one */
	int64_t y = month <= 2 ? year - 1 : year, m = (month + 9) % 12;
	int64_t era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
	int64_t of_year = (153 * m + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static struct tm utc(int64_t at)
{
	struct tm tm = { 0 };
	time_t t = (time_t)at;

	if (!gmtime_r(&t, &tm))
		tm = (struct tm){ .tm_year = 70, .tm_mday = 1, .tm_wday = 4 };
	return tm;
}

const char *clock_rfc3339(int64_t at, char to[CLOCK_TEXT])
{
	struct tm tm = utc(at);

	strftime(to, CLOCK_TEXT, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return to;
}

const char *clock_rfc5322(int64_t at, char to[CLOCK_TEXT])
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
	                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct tm tm = utc(at); /* names by hand: strftime's follow the locale */

	snprintf(to, CLOCK_TEXT, "%s, %d %s %d %02d:%02d:%02d +0000", days[tm.tm_wday], tm.tm_mday,
	         months[tm.tm_mon], (int)((unsigned)tm.tm_year + 1900u), tm.tm_hour, tm.tm_min, tm.tm_sec);
	return to;
}

/* Takes exactly n digits off the front, then the byte `after` unless it is 0. */
static bool take(struct bytes *rest, size_t n, uint8_t after, int *out)
{
	uint64_t v;

	if (rest->n < n + (after != 0) || !bytes_to_u64(bytes_sub(*rest, 0, n), &v))
		return false;
	if (after && ascii_lower(rest->p[n]) != ascii_lower(after))
		return false;
	*out = (int)v;
	*rest = bytes_from(*rest, n + (after != 0));
	return true;
}

static bool take_zone(struct bytes rest, int *seconds)
{
	int hours, minutes;

	if (bytes_ieq(rest, "z")) {
		*seconds = 0;
		return true;
	}
	if (rest.n != 6 || (rest.p[0] != '+' && rest.p[0] != '-'))
		return false;
	int sign = rest.p[0] == '-' ? -1 : 1;
	rest = bytes_from(rest, 1);
	if (!take(&rest, 2, ':', &hours) || !take(&rest, 2, 0, &minutes) || hours > 23 || minutes > 59)
		return false;
	*seconds = sign * (hours * 3600 + minutes * 60);
	return true;
}

bool clock_parse(struct bytes text, int64_t *out)
{
	int y, mo, d, h, mi, s, zone;
	uint64_t seconds;

	if (text.n && text.p[0] == '@') {
		if (!bytes_to_u64(bytes_from(text, 1), &seconds) || seconds > INT64_C(253402300799))
			return false; /* the end of the year 9999 */
		*out = (int64_t)seconds;
		return true;
	}
	if (!take(&text, 4, '-', &y) || !take(&text, 2, '-', &mo) || !take(&text, 2, 'T', &d) ||
	    !take(&text, 2, ':', &h) || !take(&text, 2, ':', &mi) || !take(&text, 2, 0, &s))
		return false;
	if (text.n && text.p[0] == '.') {
		size_t i = 1;
		while (i < text.n && ascii_is_digit(text.p[i]))
			i++;
		if (i == 1)
			return false;
		text = bytes_from(text, i);
	}
	if (!take_zone(text, &zone) || !clock_valid_date(y, mo, d) || h > 23 || mi > 59 || s > 60)
		return false;
	*out = clock_days(y, mo, d) * 86400 + h * 3600 + mi * 60 + s - zone;
	return true;
}
