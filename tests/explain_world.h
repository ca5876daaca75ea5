/* explain_world.h - for tests: one message, a zone and the owner's address in, a judged message out. */
#pragma once
#include "dns/dns_master.h"
#include "dns/dns_script.h"
#include "explain/explain.h"
#include "tap.h"

#define WORLD_TODAY 1794996000 /* 2026-11-18T10:00:00Z */

struct explain_world {
	struct explain x;
	/* private */
	struct limits limits;
	struct bytes message, owner, id;
	struct dname host;
	struct dns_zone *zone;
	struct dns_resolver *resolver;
};

/* mx.example.net is trusted. owner NULL: not known. False: out of memory, or the zone cannot be read. */
static inline bool explain_world_make(struct explain_world *w, const char *zone, const char *message, const char *owner)
{
	*w = (struct explain_world){
		.owner = bytes_of(owner), .id = B("mx.example.net"), .host = { B("mx.example.net") }, .zone = dns_zone_new(),
		.message = heap_copy(message),
	};
	limits_init(&w->limits);
	struct explain_settings settings = {
		.limits = &w->limits, .owners = &w->owner, .n_owners = owner != NULL, .today = WORLD_TODAY,
		.trust = { .hosts = &w->host, .n_hosts = 1, .authserv_ids = &w->id, .n_authserv_ids = 1 },
	};
	if (!w->zone || !dns_master_read(w->zone, bytes_of(zone), NULL))
		return false;
	struct dns_script *script = dns_script_new(w->zone, NULL);
	w->resolver = script ? dns_script_resolver(script) : NULL;
	return w->resolver && explain_begin(&w->x, &settings, w->message) &&
	       explain_drive(&w->x, w->resolver) == CHECK_DONE && explain_judge(&w->x);
}

static inline void explain_world_free(struct explain_world *w)
{
	explain_end(&w->x);
	dns_resolver_free(w->resolver);
	dns_zone_free(w->zone);
	heap_free(w->message);
}
