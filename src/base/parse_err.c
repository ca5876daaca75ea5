/* parse_err.c - see parse_err.h */
#include "base/parse_err.h"

bool parse_fail_at(struct parse_err *err, size_t at, const char *what)
{
	if (err)
		*err = (struct parse_err){ at, what };
	return false;
}

bool parse_fail(struct parse_err *err, struct bytes text, struct bytes where, const char *what)
{
	bool inside = where.p && where.p >= text.p && where.p <= text.p + text.n;

	return parse_fail_at(err, inside ? (size_t)(where.p - text.p) : text.n, what);
}
