/* url.h - a link as a browser reads it, not as it is written: the host that a
 * click really leads to (RFC 3986; where browsers differ, as they do: slashes of both kinds, line
 * ends within, hosts in percent signs, numbers in base 8, 10 and 16). */
#pragma once
#include "base/dname.h"
#include "base/ip.h"

struct url {
	struct bytes text;    /* the link without white space around and line ends within */
	struct bytes scheme;  /* lower case; empty: a relative link */
	struct bytes user;    /* what stands in front of the host and its '@'; empty: nothing */
	struct bytes shown;   /* the host as written, without port and brackets; may be UTF-8 */
	struct dname host;    /* none: a number, or no host */
	struct ip ip;         /* family 0: not a number */
	bool odd_number;      /* the number is not written as four decimals */
	bool encoded;         /* letters of the host are written as %41 */
	struct bytes rest;    /* from the path on; of mailto: and the like everything behind the colon */
};

/* Reads a link; `base` (may be NULL) is what a relative one starts from. Slices live in the arena or
 * in base. False: no link (an empty text, a host that cannot be), or out of memory. */
MUST_USE bool url_parse(struct arena *a, struct bytes text, const struct url *base, struct url *out);

/* Has it a host, by name or by number? */
static inline bool url_has_host(const struct url *u)
{
	return u->ip.family || !dname_is_none(u->host);
}

/* The next link that stands in plain text at or after *at: what a program that shows text makes clickable
 * ("https://...", "www...."). *at moves behind it. All calls over one text together are linear. */
bool url_next(struct bytes text, size_t *at, struct bytes *link);

/* The value of a query's parameter ("url" of "?url=x&..."), its percent signs decoded; empty: not there. */
struct bytes url_parameter(struct arena *a, const struct url *u, const char *name);

/* text with %41 turned into A; { NULL, 0 } when out of memory. */
struct bytes url_decode(struct arena *a, struct bytes text);
