/* date.h - date-time of header fields (RFC 5322 sections 3.3 and 4.3). */
#pragma once
#include "base/parse_err.h"

struct date {
	int64_t at;       /* Unix seconds, UTC */
	int zone;         /* minutes east of UTC, -5999 to 5999 */
	bool zone_known;  /* false: "-0000", a zone that tells nothing, or none; then UTC is assumed */
};

/* Reads a date with all that is obsolete but occurs: years of two and three
 * digits, named zones, comments and folds between any two words, no day name, no
 * seconds. Beyond the RFC: no zone, a zone name after the offset, "+01:00", UTC,
 * hours of one digit, any day name (it says nothing new and is not compared).
 * Years 1900 to 9999. On failure *out is untouched; err may be NULL. */
MUST_USE bool date_parse(struct bytes text, struct date *out, struct parse_err *err);
