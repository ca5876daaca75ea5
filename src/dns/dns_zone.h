/* dns_zone.h - a small world of DNS in memory: what a scripted resolver
 * (dns_script.h) answers from. Names of any domain; wildcards (RFC 4592),
 * CNAMEs, empty non-terminals as in DNS; a name that is not there is NXDOMAIN;
 * and the faults that a master file cannot say. Built by one thread, then only
 * read: any number of threads may ask it at once. */
#pragma once
#include "dns/dns_answer.h"

struct dns_zone;

/* NULL when out of memory. */
MUST_USE struct dns_zone *dns_zone_new(void);
void dns_zone_free(struct dns_zone *z); /* NULL does nothing */

/* Adds one record; everything is copied. `type` may be any type of RFC 1035 and
 * later: of types that enum dns_type does not have only their being there
 * counts, so that the name exists, and r may be NULL. Equal records are kept:
 * the zone answers what was written. On false *why (if not NULL) is a static
 * message: a CNAME beside other records, an answer over 64 KiB, no memory. */
MUST_USE bool dns_zone_add(struct dns_zone *z, struct dname owner, uint16_t type, uint32_t ttl,
                           const struct dns_record *r, const char **why);

/* Short forms for tests: the owner's bytes as they are (no escapes, DNAME_WIRE)
 * and data as text: an address, a name ("" or ".": the root), or the bytes of
 * a TXT. False also where name or data are not well-formed. */
MUST_USE bool dns_zone_put(struct dns_zone *z, struct bytes owner, enum dns_type type, uint32_t ttl,
                           struct bytes data);
MUST_USE bool dns_zone_put_mx(struct dns_zone *z, struct bytes owner, uint32_t ttl,
                              uint16_t preference, struct bytes exchange);

/* For how long the absence of names at and below `owner` may be remembered: what its SOA says
 * (RFC 2308 section 5), in seconds. Without one it is 0. */
MUST_USE bool dns_zone_set_negative_ttl(struct dns_zone *z, struct dname owner, uint32_t ttl);

/* What a question about a name meets instead of, or beside, its records. */
struct dns_fault {
	bool forced;                 /* `status` is the answer, whatever the records say */
	enum dns_status status;      /* DNS_TIMEOUT: there never is an answer; with a delay, the resolver gives
	                              * up when that is over, and says so */
	enum dnssec_state security;  /* DNSSEC_UNKNOWN: not said */
	uint32_t delay_ms;           /* added to the resolver's own latency; 0: not said */
	bool has_ttl;
	uint32_t negative_ttl;       /* for how long an absence may be remembered, whatever an SOA says */
};

#define DNS_ZONE_ANY_TYPE 0u

/* Faults of one name and type (DNS_ZONE_ANY_TYPE: of each type that has no fault
 * of its own in that respect). What is said in several calls is joined, the
 * later one wins. A fault does not make a name exist; a fault of "*.x" holds
 * for the names that this wildcard makes. False: no memory. */
MUST_USE bool dns_zone_fault(struct dns_zone *z, struct dname owner, uint16_t type,
                             const struct dns_fault *fault);

struct dns_zone_reply {
	struct dns_answer *answer; /* a reference for the caller; NULL: there is never an answer */
	uint32_t delay_ms;
};

/* Answers a question, following CNAMEs; a chain that is too long is SERVFAIL.
 * Faults of each name of the chain hold; the answer is secure when each step is.
 * False: no memory, *out is untouched. */
MUST_USE bool dns_zone_ask(const struct dns_zone *z, const struct dns_question *q,
                           struct dns_zone_reply *out);

/* How many records it holds. */
size_t dns_zone_records(const struct dns_zone *z);
