/* dns_cache.h - answers that are still good, shared by all threads, with what was
 * parsed out of them (dns_answer_attach): a warm check asks nothing and parses
 * nothing. Bounded in bytes; the ones that were not used for longest go first.
 *
 * Time comes from the caller, in milliseconds of one clock for all threads (the
 * resolvers' now_ms). Answers keep the TTL with which they came;
 * dns_cache_ttl_left tells what is left of it. */
#pragma once
#include "dns/dns_answer.h"

/*    id                name                    default       min   max           unit       why */
#define DNS_CACHE_TABLE(X) \
	X(BYTES,            "dns-cache-bytes",      67108864,   65536,  68719476736,  "bytes",   "memory for answers and what was parsed of them") \
	X(TTL_FLOOR,        "dns-ttl-floor",               5,       0,  3600,         "seconds", "a burst of mail asks once even where the TTL is 0") \
	X(TTL_CEILING,      "dns-ttl-ceiling",         86400,       1,  604800,       "seconds", "no answer is believed for longer") \
	X(NEGATIVE_CEILING, "dns-negative-ceiling",      900,       0,  86400,        "seconds", "a record that was just published is soon seen; RFC 2308 section 5") \
	X(ERROR_TTL,        "dns-error-ttl",               5,       1,  300,          "seconds", "a broken server is not asked for each mail; RFC 9520 section 3.2")

enum dns_cache_setting {
#define X(id, ...) DNS_CACHE_##id,
	DNS_CACHE_TABLE(X)
#undef X
	DNS_CACHE_SETTINGS
};

struct dns_cache_row {
	const char *name;
	uint64_t standard, min, max;
	const char *unit, *why;
};

/* One row a setting, indexed by enum dns_cache_setting. */
extern const struct dns_cache_row dns_cache_rows[DNS_CACHE_SETTINGS];

struct dns_cache_settings {
	uint64_t v[DNS_CACHE_SETTINGS];
};

void dns_cache_settings_init(struct dns_cache_settings *s); /* all defaults */
/* As limits_set: false when there is no such name or the value is out of bounds. */
MUST_USE bool dns_cache_settings_set(struct dns_cache_settings *s, struct bytes name, uint64_t value,
                                     const struct dns_cache_row **row);

struct dns_cache;

/* settings NULL: all defaults. NULL when out of memory. */
MUST_USE struct dns_cache *dns_cache_new(const struct dns_cache_settings *settings);
void dns_cache_free(struct dns_cache *c); /* no other thread uses it any more; NULL does nothing */

/* A reference for the caller, or NULL. */
MUST_USE struct dns_answer *dns_cache_find(struct dns_cache *c, const struct dns_question *q, int64_t now_ms);

/* Keeps a reference of its own for as long as TTL, floor and ceilings allow; answers of DNS_OFFLINE
 * are not kept. An error does not push out a good answer that is still valid. Where memory ends
 * nothing is kept. */
void dns_cache_store(struct dns_cache *c, const struct dns_answer *answer, int64_t now_ms);

/* For how many seconds more it holds the answer to q, rounded up; 0: it has none. */
uint32_t dns_cache_ttl_left(struct dns_cache *c, const struct dns_question *q, int64_t now_ms);

struct dns_cache_counts {
	uint64_t hits, misses, stored, evicted; /* evicted: for space, not for age */
	size_t entries, bytes;
};

struct dns_cache_counts dns_cache_counts(struct dns_cache *c);
