/* dns_script.h - a resolver that answers from a zone, with a clock of its own:
 * no sockets, no waiting, the same result each time. Time passes only in wait():
 * it jumps to the next answer that is due, or to the deadline. Questions that a
 * fault lets time out are never answered. */
#pragma once
#include "dns/dns_resolver.h"
#include "dns/dns_zone.h"

struct dns_script;

struct dns_script_settings {
	uint32_t latency_ms;   /* of each answer; the delay of a fault comes on top */
	bool one_at_a_time;    /* wait() brings one answer only */
	uint64_t shuffle;      /* not 0: answers due at the same instant come in an order that this seed
	                        * chooses, else as they were asked */
	int64_t start_ms;      /* what the clock shows at first */
	/* False: nobody will ever answer this question. NULL: each is treated as the zone says. */
	bool (*answers)(void *user, const struct dns_question *q);
	void *user;
};

struct dns_script_counts {
	uint32_t queries;   /* questions asked */
	uint32_t rounds;    /* times that time passed with new questions under way */
	uint32_t silent;    /* questions that will never be answered */
};

/* The zone is borrowed; it may serve many scripts at once. settings may be NULL: none of them.
 * NULL when out of memory. Free with dns_resolver_free(dns_script_resolver(s)). */
MUST_USE struct dns_script *dns_script_new(const struct dns_zone *zone,
                                           const struct dns_script_settings *settings);
struct dns_resolver *dns_script_resolver(struct dns_script *s);
struct dns_script_counts dns_script_counts(const struct dns_script *s);
/* Lets time pass without delivering anything, as if the program had been busy. */
void dns_script_sleep(struct dns_script *s, uint32_t ms);
