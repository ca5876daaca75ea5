/* dns_hub.h - what one worker thread asks through: the shared cache first, then
 * one flight for equal questions of however many messages, then a resolver. It
 * is a resolver itself. A flight that everybody forgot goes on, for the cache. */
#pragma once
#include "dns/dns_book.h"
#include "dns/dns_cache.h"
#include "dns/dns_resolver.h"

struct dns_hub;

/* The cache is borrowed; the resolver below is taken over (freed with the hub,
 * also where this fails). NULL when out of memory. Free with
 * dns_resolver_free(dns_hub_resolver(hub)). */
MUST_USE struct dns_hub *dns_hub_new(struct dns_cache *cache, struct dns_resolver *below);
struct dns_resolver *dns_hub_resolver(struct dns_hub *hub);

/* For books of messages of this thread: what the cache holds never becomes a question. */
struct dns_source dns_hub_source(struct dns_hub *hub);

struct dns_hub_counts {
	uint64_t asked;   /* questions that came */
	uint64_t cached;  /* answered from the cache */
	uint64_t joined;  /* joined a flight of another */
	uint64_t sent;    /* went to the resolver below */
	uint64_t refused; /* answered SERVFAIL as too many were under way */
};

struct dns_hub_counts dns_hub_counts(const struct dns_hub *hub);
