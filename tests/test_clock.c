#include "base/clock.h"
#include "tap.h"

static const struct { const char *text; bool ok; int64_t at; } cases[] = {
	{ "1970-01-01T00:00:00Z", true, 0 },
	{ "2000-02-29T12:00:00+01:00", true, 951822000 },
	{ "2026-11-23T19:00:00.25z", true, 1795460400 },
	{ "@1795460400", true, 1795460400 },
	{ "2023-02-29T00:00:00Z", false, 0 },
	{ "2026-13-01T00:00:00Z", false, 0 },
	{ "2026-11-23 19:00:00Z", false, 0 },
	{ "2026-11-23T19:00:00", false, 0 },
	{ "2026-11-23T19:00:00.Z", false, 0 },
	{ "@", false, 0 },
	{ "@999999999999999", false, 0 },
	{ "", false, 0 },
};

int main(void)
{
	char text[CLOCK_TEXT];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int64_t at = 0;

		tap_begin("reads \"%s\"", cases[i].text);
		CHECK(clock_parse(bytes_of(cases[i].text), &at) == cases[i].ok);
		CHECK_MSG(at == cases[i].at, "%lld", (long long)at);
		tap_end();
	}
	tap_begin("writes RFC 3339 and RFC 5322");
	CHECK(strcmp(clock_rfc3339(1795460400, text), "2026-11-23T19:00:00Z") == 0);
	CHECK(strcmp(clock_rfc5322(1795460400, text), "Mon, 23 Nov 2026 19:00:00 +0000") == 0);
	tap_end();
	tap_begin("each day from 1900 to 2100 follows the last");
	int64_t day = clock_days(1900, 1, 1);
	for (int y = 1900; y <= 2100; y++)
		for (int m = 1; m <= 12; m++)
			for (int d = 1; clock_valid_date(y, m, d); d++)
				CHECK(clock_days(y, m, d) == day++);
	tap_end();
	return tap_done();
}
