/* clock.h - instants as Unix seconds in UTC, and text of them. */
#pragma once
#include "base/bytes.h"

#define CLOCK_TEXT 32

int64_t clock_now(void);    /* Unix seconds */
int64_t clock_mono_ms(void);/* milliseconds since some start; never goes back */

/* Days since 1970-01-01 in the proleptic Gregorian calendar; month 1..12. Years 0 to 9999. */
int64_t clock_days(int year, int month, int day);
/* Is it a date of the calendar? */
bool clock_valid_date(int year, int month, int day);
/* "2026-11-23T19:00:00Z" (RFC 3339). Returns `to`. */
const char *clock_rfc3339(int64_t at, char to[CLOCK_TEXT]);
/* "Mon, 23 Nov 2026 19:00:00 +0000" (RFC 5322). Returns `to`. */
const char *clock_rfc5322(int64_t at, char to[CLOCK_TEXT]);
/* Reads RFC 3339 ("2026-11-23T19:00:00Z", "+01:00", fractions dropped) or "@SECONDS". */
MUST_USE bool clock_parse(struct bytes text, int64_t *out);
