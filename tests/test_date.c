#include "base/clock.h"
#include "mail/date.h"
#include "tap.h"

static const struct {
	const char *name, *text, *utc; /* utc NULL: refused */
	int zone;
	bool zone_unknown;
	size_t refused_at;
} cases[] = {
	{ "as RFC 5322 wants it", "Mon, 23 Nov 2026 20:00:05 +0100", "2026-11-23T19:00:05Z", 60 },
	{ "west of UTC", "23 Nov 2026 20:00:05 -0530", "2026-11-24T01:30:05Z", -330 },
	{ "a comment with the zone's name", " Fri, 1 Mar 2024 00:30:00 +0200 (CEST)\r\n", "2024-02-29T22:30:00Z", 120 },
	{ "no day name", "1 Jan 1970 00:00:00 +0000", "1970-01-01T00:00:00Z" },
	{ "before 1970", "Wed, 31 Dec 1969 23:59:59 +0000", "1969-12-31T23:59:59Z" },
	{ "no seconds", "Thu, 4 Jul 2024 08:15 EDT", "2024-07-04T12:15:00Z", -240 },
	{ "a leap second", "Sat, 31 Dec 2016 23:59:60 +0000", "2017-01-01T00:00:00Z" },
	{ "year 49 is 2049", "1 Jan 49 00:00:00 +0000", "2049-01-01T00:00:00Z" },
	{ "year 50 is 1950", "1 Jan 50 00:00:00 +0000", "1950-01-01T00:00:00Z" },
	{ "year 99 is 1999", "Fri, 31 Dec 99 12:00:00 GMT", "1999-12-31T12:00:00Z" },
	{ "year 104 is 2004", "Sun, 29 Feb 104 12:00:00 UT", "2004-02-29T12:00:00Z" },
	{ "folds and comments wherever CFWS may stand",
	  "(a)Tue(b (c\\)) d)\r\n , (e)2\t(f)\r\n\tApr (g) 2024 (h) 09 (i) : (j) 08 (k):\r\n 07 (l) +0000 (m)(n)",
	  "2024-04-02T09:08:07Z" },
	{ "EST", "1 Jan 2024 00:00:00 EST", "2024-01-01T05:00:00Z", -300 },
	{ "CST", "1 Jan 2024 00:00:00 CST", "2024-01-01T06:00:00Z", -360 },
	{ "CDT", "1 Jan 2024 00:00:00 CDT", "2024-01-01T05:00:00Z", -300 },
	{ "MST", "1 Jan 2024 00:00:00 MST", "2024-01-01T07:00:00Z", -420 },
	{ "MDT", "1 Jan 2024 00:00:00 MDT", "2024-01-01T06:00:00Z", -360 },
	{ "PST", "1 Jan 2024 00:00:00 PST", "2024-01-01T08:00:00Z", -480 },
	{ "PDT in small letters", "1 Jan 2024 00:00:00 pdt", "2024-01-01T07:00:00Z", -420 },
	{ "a military letter says nothing", "1 Jan 2024 00:00:00 K", "2024-01-01T00:00:00Z", 0, true },
	{ "an unknown name says nothing", "1 Jan 2024 00:00:00 CEST", "2024-01-01T00:00:00Z", 0, true },
	{ "-0000 says nothing", "1 Jan 2024 00:00:00 -0000", "2024-01-01T00:00:00Z", 0, true },
	{ "no zone", "Mon, 1 Jan 2024 00:00:00", "2024-01-01T00:00:00Z", 0, true },
	{ "offset, then a bare name", "Mon, 1 Jan 2024 00:00:00 -0700 MST", "2024-01-01T07:00:00Z", -420 },
	{ "name and offset in one", "Mon, 1 Jan 2024 00:00:00 GMT+0100", "2023-12-31T23:00:00Z", 60 },
	{ "an offset with a colon", "Mon, 1 Jan 2024 00:00:00 +01:00", "2023-12-31T23:00:00Z", 60 },
	{ "the zone glued to the time", "Mon, 1 Jan 2024 00:00:00+0100", "2023-12-31T23:00:00Z", 60 },
	{ "one digit for the hour", "Mon, 1 Jan 2024 7:00:00 +0000", "2024-01-01T07:00:00Z" },
	{ "the wrong day name", "Tue, 1 Jan 2024 07:00:00 +0000", "2024-01-01T07:00:00Z" },
	{ "a day name of another language", "s\xc3\xb8n., 7 Jan 2024 07:00:00 +0000", "2024-01-07T07:00:00Z" },
	{ "no comma after the day name", "Mon 1 Jan 2024 07:00:00 +0000", "2024-01-01T07:00:00Z" },
	{ "the last second there is", "31 Dec 9999 23:59:59 +0000", "9999-12-31T23:59:59Z" },
	{ "the widest zone", "1 Jan 2024 00:00:00 -9959", "2024-01-05T03:59:00Z", -5999 },

	{ "nothing", "", .refused_at = 0 },
	{ "a day name alone", "Mon, ", .refused_at = 5 },
	{ "no month", "Mon, 1 Foo 2024 00:00:00 +0000", .refused_at = 7 },
	{ "a month too long", "Mon, 1 January 2024 00:00:00 +0000", .refused_at = 7 },
	{ "30 February", "30 Feb 2024 00:00:00 +0000", .refused_at = 2 },
	{ "29 February 2023", "29 Feb 2023 00:00:00 +0000", .refused_at = 2 },
	{ "day 0", "0 Jan 2024 00:00:00 +0000", .refused_at = 1 },
	{ "a day of three digits", "001 Jan 2024 00:00:00 +0000", .refused_at = 0 },
	{ "a year of one digit", "1 Jan 4 00:00:00 +0000", .refused_at = 6 },
	{ "a year of five digits", "1 Jan 02024 00:00:00 +0000", .refused_at = 6 },
	{ "a year before 1900", "1 Jan 1899 00:00:00 +0000", .refused_at = 6 },
	{ "no time", "1 Jan 2024", .refused_at = 10 },
	{ "hour 24", "1 Jan 2024 24:00:00 +0000", .refused_at = 13 },
	{ "no minutes", "1 Jan 2024 12 +0000", .refused_at = 14 },
	{ "minute 60", "1 Jan 2024 12:60:00 +0000", .refused_at = 16 },
	{ "second 61", "1 Jan 2024 12:00:61 +0000", .refused_at = 19 },
	{ "a zone of three digits", "1 Jan 2024 12:00:00 +000", .refused_at = 21 },
	{ "a zone of 60 minutes", "1 Jan 2024 12:00:00 +0060", .refused_at = 23 },
	{ "a sign alone", "1 Jan 2024 12:00:00 +", .refused_at = 21 },
	{ "text behind", "1 Jan 2024 12:00:00 +0000 x y", .refused_at = 28 },
	{ "a comment without end", "1 Jan 2024 12:00:00 +0000 (CET", .refused_at = 26 },
	{ "a huge number", "99999999999999999999999999 Jan 2024 12:00:00 +0000", .refused_at = 0 },
};

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes text = heap_copy(cases[i].text);
		struct date d = { .at = -1, .zone = 7777 };
		struct parse_err err = { 0 };
		char utc[CLOCK_TEXT];

		tap_begin("%s", cases[i].name);
		if (date_parse(text, &d, &err)) {
			clock_rfc3339(d.at, utc);
			CHECK_MSG(cases[i].utc && strcmp(utc, cases[i].utc) == 0, "read as %s", utc);
			CHECK_MSG(d.zone == cases[i].zone, "zone %d", d.zone);
			CHECK(d.zone_known == !cases[i].zone_unknown);
		} else {
			CHECK_MSG(!cases[i].utc && err.at == cases[i].refused_at, "%s at %zu", err.what, err.at);
			CHECK(d.at == -1 && d.zone == 7777);
		}
		tap_end();
		heap_free(text);
	}
	tap_begin("a NUL ends nothing");
	struct date d;
	CHECK(!date_parse(B("1 Jan 2024 12:00:00 +0000\0"), &d, NULL));
	CHECK(!date_parse(B("1 Jan 2024 12:00\0:00 +0000"), &d, NULL));
	tap_end();
	tap_begin("every day of two centuries is the day after the one before");
	int64_t last = INT64_MIN;
	static const char *const names[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
	                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	for (int year = 1900; year < 2100; year++)
		for (int month = 1; month <= 12; month++)
			for (int day = 1; day <= 31; day++) {
				char text[64];
				snprintf(text, sizeof(text), "%d %s %d 12:00 +0000", day, names[month - 1], year);
				if (!date_parse(bytes_of(text), &d, NULL)) {
					CHECK(!clock_valid_date(year, month, day));
					continue;
				}
				CHECK_MSG(last == INT64_MIN || d.at == last + 86400, "%s", text);
				last = d.at;
			}
	tap_end();
	return tap_done();
}
