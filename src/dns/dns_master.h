/* dns_master.h - reads a master file (RFC 1035 section 5) into a zone. Names may
 * be of any domain; without $ORIGIN they are all taken as complete. Besides:
 *
 *   ;!fault NAME TYPE WORD...   what NAME meets when it is asked for TYPE
 *
 * TYPE is A, AAAA, MX, TXT, PTR, CNAME, or * (also ANY) for all of them; WORDs
 * are timeout, servfail, refused, nodata, nxdomain, bogus, secure, insecure,
 * delay=MS, ttl=SECONDS (of an absence), and may be combined ("secure delay=20").
 * "timeout" alone is silence; "timeout delay=MS" a resolver that gives up then.
 * Such a line begins with ";!" and is a comment for everybody else.
 *
 * $ORIGIN and $TTL are known, $INCLUDE is not: a case is one file. Of types that
 * the checks never ask (NS, SRV, ...) the data is not read, only that the name
 * exists; an SOA says how long absence may be remembered (RFC 2308). */
#pragma once
#include "base/parse_err.h"
#include "dns/dns_zone.h"

struct dns_master_err {
	size_t line;      /* from 1 */
	size_t at;        /* byte offset into the text */
	const char *what; /* static: what is wrong and what to write instead */
};

/* Adds what the text says to the zone. False: *err (if not NULL) says where it
 * ends to be a master file; the zone then holds what stood before that. */
MUST_USE bool dns_master_read(struct dns_zone *z, struct bytes text, struct dns_master_err *err);
