/* dns_resolver.h - the interface behind which all ways to ask the DNS stand:
 * the network (dns_unbound.h) and a script (dns_script.h). A resolver belongs
 * to one thread. */
#pragma once
#include "dns/dns_answer.h"

struct dns_resolver;

/* An answer has come: a reference that the callee takes over. May be called
 * from inside ask(). `user` is what was given to ask(). */
typedef void dns_on_answer(void *user, struct dns_answer *answer);

struct dns_resolver_ops {
	const char *name;
	/* Asks; calls back exactly once, unless forgotten before. False when out of memory (no call back). */
	bool (*ask)(struct dns_resolver *r, const struct dns_question *q, dns_on_answer *cb, void *user);
	/* No call back with this `user` will come any more. */
	void (*forget)(struct dns_resolver *r, void *user);
	/* Lets time pass until at least one call back was made or the deadline (in now_ms's time) came.
	 * For drivers without an event loop of their own. False: nothing is under way. */
	bool (*wait)(struct dns_resolver *r, int64_t deadline_ms);
	/* The resolver's time in milliseconds: a scripted one has a clock of its own. */
	int64_t (*now_ms)(struct dns_resolver *r);
	void (*free)(struct dns_resolver *r);
};

/* First member of each implementation. */
struct dns_resolver {
	const struct dns_resolver_ops *ops;
};

static inline void dns_resolver_free(struct dns_resolver *r)
{
	if (r)
		r->ops->free(r);
}
