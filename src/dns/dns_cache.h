/* dns_cache.h - answers that are still good, shared by all threads, with what was
 * parsed out of them (dns_answer_attach): a warm check asks nothing and parses
 * nothing. Bounded in bytes; the ones that were not used for longest go first.
 *
 * Time comes from the caller, in milliseconds of one clock for all threads (the
 * resolvers' now_ms). Answers keep the TTL with which they came;
 * dns_cache_ttl_left tells what is left of it. */
#pragma once
#include "base/limits.h"
#include "dns/dns_answer.h"

struct dns_cache;

/* Its bounds are LIMIT_DNS_* (copied; NULL: the standard ones). NULL when out of memory. */
MUST_USE struct dns_cache *dns_cache_new(const struct limits *limits);
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
