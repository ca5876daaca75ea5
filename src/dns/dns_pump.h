/* dns_pump.h - drives the pure checks of one message: runs them, sends what they
 * ask, brings what comes, and runs them again, until all are decided or their
 * time is over. Each check (asker) has a time budget that only its own waiting
 * uses up, so that a stranger's slow DNS costs nobody else anything; a budget
 * for all together and a cap on rounds end the rest.
 *
 * Two ways to use it: dns_pump_run blocks (command line, tests); an event loop
 * calls dns_pump_step whenever `wake` was called or the deadline came. */
#pragma once
#include "dns/dns_book.h"
#include "dns/dns_resolver.h"

struct dns_pump;

struct dns_pump_asker {
	struct dns_asker *asker;
	uint32_t budget_ms;  /* how long it may wait for answers, in all */
	uint64_t reached;    /* bits to set in work->reached when that is over: the limit it came from */
};

struct dns_pump_settings {
	struct work *work;               /* its arena, LIMIT_ROUNDS and LIMIT_TOTAL_TIME; `reached` is marked */
	struct dns_book *book;
	struct dns_resolver *resolver;   /* NULL: nobody is asked; open questions get DNS_OFFLINE at once */
	const struct dns_pump_asker *askers;
	size_t n;
	/* Runs every check that is not decided; CHECK_DONE when all are. */
	enum check_state (*run)(void *user);
	void *user;                      /* for run and wake */
	void (*wake)(void *user);        /* an answer has come: call dns_pump_step soon, not from here.
	                                  * NULL when the driver blocks */
};

/* Lives in the work's arena; settings are copied, what they point to is borrowed.
 * NULL when out of memory. dns_pump_end before the resolver, the book or the arena end. */
MUST_USE struct dns_pump *dns_pump_new(const struct dns_pump_settings *settings);

/* Runs the checks as far as they get. CHECK_WAITING: come back when `wake` was
 * called, and at *deadline_ms of the resolver's clock at the latest. */
MUST_USE enum check_state dns_pump_step(struct dns_pump *p, int64_t *deadline_ms);

/* The same, waiting through the resolver until all is decided: CHECK_DONE or CHECK_NO_MEMORY. */
MUST_USE enum check_state dns_pump_run(struct dns_pump *p);

/* Makes a pump, runs it to its end, and lets it go. */
MUST_USE enum check_state dns_pump_finish(const struct dns_pump_settings *settings);

/* The checks were given more to judge (a milter got the header, the body): they are to be run
 * again, also where all were decided before. Time in between is charged to nobody. */
void dns_pump_more(struct dns_pump *p);

/* Forgets questions still under way; NULL does nothing. May be called early. */
void dns_pump_end(struct dns_pump *p);

/* How often the checks were run. */
uint32_t dns_pump_runs(const struct dns_pump *p);
