/* lookups.h - where answers come from, for a program and all its threads: one
 * cache shared by all, and a resolver for each thread that is at work. */
#pragma once
#include "dns/dns_pump.h"
#include "verify/verify.h"

struct lookups_settings {
	const char *zone;    /* a master file to answer from; NULL: the network */
	struct bytes zone_text; /* its text, where that is in memory already; p NULL: it is read */
	const char *dns;     /* NULL: the system's resolvers; "ADDRESS[@PORT]"; "recursive" */
	bool offline;        /* ask nobody */
	const struct limits *limits; /* of the cache; copied. NULL: the standard ones */
};

struct lookups;          /* may be used by several threads at once */

enum lookups_problem { LOOKUPS_OK, LOOKUPS_NO_MEMORY, LOOKUPS_BAD_ZONE, LOOKUPS_BAD_SERVER };

/* NULL: could not be made; `why` (size bytes) is then a line for people, *problem the kind. */
MUST_USE struct lookups *lookups_new(const struct lookups_settings *settings, enum lookups_problem *problem,
                                     char *why, size_t size);
void lookups_free(struct lookups *l); /* NULL does nothing */

/* Runs v, which was fed and ended, until it is decided: asks, waits, runs again.
 * Blocks for at most LIMIT_TOTAL_TIME. CHECK_DONE or CHECK_NO_MEMORY. */
MUST_USE enum check_state lookups_finish(struct lookups *l, struct verify *v);
/* The same with a resolver of the caller's (NULL: nobody is asked). */
MUST_USE enum check_state lookups_drive(struct dns_resolver *r, struct verify *v);

/* The askers of v's checks, for a pump that drives others with them. */
void lookups_askers(struct verify *v, struct dns_pump_asker askers[VERIFY_CHECKS]);

/* The same for a check that stands alone; settings without a resolver. */
MUST_USE enum check_state lookups_pump(struct lookups *l, const struct dns_pump_settings *settings);
