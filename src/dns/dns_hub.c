/* dns_hub.c - see dns_hub.h */
#include "dns/dns_hub.h"

#include "base/mem.h"
#include "dns/dns_seed.h"

#define BUCKETS 1024u       /* a power of two */
#define FLIGHTS_MAX 20000u  /* under way at once; what comes beyond fails at once, and briefly */

struct waiter {
	struct waiter *next;
	dns_on_answer *cb;
	void *user;
};

struct flight {
	struct flight *next;    /* of the bucket, or of those being delivered */
	struct dns_hub *hub;
	struct waiter *waiters; /* in no order of meaning */
	struct dns_question question;
	uint64_t hash;
	uint8_t name[];         /* of the question */
};

struct dns_hub {
	struct dns_resolver base;
	struct dns_resolver *below;
	struct dns_cache *cache;
	uint64_t seed;
	struct flight *buckets[BUCKETS];
	struct flight *landing; /* being delivered: call backs may ask and forget meanwhile */
	size_t flights;
	struct dns_hub_counts counts;
};

static struct dns_hub *hub_of(struct dns_resolver *r)
{
	return (struct dns_hub *)r; /* base comes first */
}

static int64_t hub_now(struct dns_resolver *r)
{
	struct dns_hub *hub = hub_of(r);

	return hub->below->ops->now_ms(hub->below);
}

/* --- flights --- */

static struct flight **flight_at(struct dns_hub *hub, const struct dns_question *q, uint64_t hash)
{
	struct flight **at = &hub->buckets[hash & (BUCKETS - 1)];

	while (*at && ((*at)->hash != hash || !dns_question_same(&(*at)->question, q)))
		at = &(*at)->next;
	return at;
}

static bool add_waiter(struct flight *f, dns_on_answer *cb, void *user)
{
	struct waiter *w = mem_calloc(1, sizeof(*w));

	if (!w)
		return false;
	*w = (struct waiter){ f->waiters, cb, user };
	f->waiters = w;
	return true;
}

static void drop_waiters(struct flight *f, const void *user, bool all)
{
	for (struct waiter **at = &f->waiters; *at;) {
		struct waiter *w = *at;
		if (all || w->user == user) {
			*at = w->next;
			mem_free(w);
		} else {
			at = &w->next;
		}
	}
}

static void flight_free(struct flight *f)
{
	drop_waiters(f, NULL, true);
	mem_free(f);
}

static struct flight *flight_new(struct dns_hub *hub, const struct dns_question *q, uint64_t hash)
{
	struct flight *f = mem_calloc(1, sizeof(*f) + q->name.text.n);

	if (!f)
		return NULL;
	if (q->name.text.n)
		memcpy(f->name, q->name.text.p, q->name.text.n);
	f->hub = hub;
	f->hash = hash;
	f->question = (struct dns_question){ { { f->name, q->name.text.n } }, q->type };
	return f;
}

static void take_off(struct dns_hub *hub, struct flight *f) /* into the bucket */
{
	struct flight **at = flight_at(hub, &f->question, f->hash);

	f->next = *at;
	*at = f;
	hub->flights++;
}

static void leave(struct dns_hub *hub, struct flight *f) /* out of the bucket */
{
	*flight_at(hub, &f->question, f->hash) = f->next;
	hub->flights--;
}

static void on_answer(void *user, struct dns_answer *answer)
{
	struct flight *f = user;
	struct dns_hub *hub = f->hub;

	dns_cache_store(hub->cache, answer, hub_now(&hub->base));
	leave(hub, f);
	f->next = hub->landing;
	hub->landing = f;
	while (f->waiters) { /* a call back may forget others of them */
		struct waiter w = *f->waiters;
		mem_free(f->waiters);
		f->waiters = w.next;
		w.cb(w.user, dns_answer_ref(answer));
	}
	hub->landing = f->next; /* flights that landed inside of call backs are gone already */
	flight_free(f);
	dns_answer_unref(answer);
}

/* --- as a resolver --- */

static bool answer_failure(const struct dns_question *q, dns_on_answer *cb, void *user)
{
	struct dns_answer_view view = { .question = *q, .status = DNS_SERVFAIL };
	struct dns_answer *answer = dns_answer_new(&view);

	if (answer)
		cb(user, answer);
	return answer != NULL;
}

static bool send_question(struct dns_hub *hub, const struct dns_question *q, uint64_t hash,
                          dns_on_answer *cb, void *user)
{
	struct flight *f = flight_new(hub, q, hash);

	if (!f || !add_waiter(f, cb, user)) {
		mem_free(f);
		return false;
	}
	take_off(hub, f);
	hub->counts.sent++;
	if (hub->below->ops->ask(hub->below, &f->question, on_answer, f))
		return true; /* the flight may have landed already */
	leave(hub, f);
	flight_free(f);
	return false;
}

static bool hub_ask(struct dns_resolver *r, const struct dns_question *q, dns_on_answer *cb, void *user)
{
	struct dns_hub *hub = hub_of(r);
	uint64_t hash = dns_question_hash(q, hub->seed);
	struct dns_answer *known = dns_cache_find(hub->cache, q, hub_now(r));
	struct flight *there = known ? NULL : *flight_at(hub, q, hash);

	hub->counts.asked++;
	if (known) {
		hub->counts.cached++;
		cb(user, known);
		return true;
	}
	if (there) {
		hub->counts.joined++;
		return add_waiter(there, cb, user);
	}
	if (hub->flights >= FLIGHTS_MAX) {
		hub->counts.refused++;
		return answer_failure(q, cb, user);
	}
	return send_question(hub, q, hash, cb, user);
}

static void hub_forget(struct dns_resolver *r, void *user)
{
	struct dns_hub *hub = hub_of(r);

	for (struct flight *f = hub->landing; f; f = f->next)
		drop_waiters(f, user, false);
	for (size_t i = 0; hub->flights && i < BUCKETS; i++)
		for (struct flight *f = hub->buckets[i]; f; f = f->next)
			drop_waiters(f, user, false);
}

static bool hub_wait(struct dns_resolver *r, int64_t deadline_ms)
{
	struct dns_hub *hub = hub_of(r);

	return hub->below->ops->wait(hub->below, deadline_ms);
}

static void hub_free(struct dns_resolver *r)
{
	struct dns_hub *hub = hub_of(r);

	dns_resolver_free(hub->below); /* no call backs from here on */
	for (size_t i = 0; i < BUCKETS; i++)
		for (struct flight *f = hub->buckets[i], *next; f; f = next) {
			next = f->next;
			flight_free(f);
		}
	mem_free(hub);
}

struct dns_hub *dns_hub_new(struct dns_cache *cache, struct dns_resolver *below)
{
	static const struct dns_resolver_ops ops = {
		.name = "hub",
		.ask = hub_ask,
		.forget = hub_forget,
		.wait = hub_wait,
		.now_ms = hub_now,
		.free = hub_free,
	};
	struct dns_hub *hub = mem_calloc(1, sizeof(*hub));

	if (!hub) {
		dns_resolver_free(below);
		return NULL;
	}
	hub->base.ops = &ops;
	hub->below = below;
	hub->cache = cache;
	hub->seed = dns_seed();
	return hub;
}

struct dns_resolver *dns_hub_resolver(struct dns_hub *hub)
{
	return &hub->base;
}

struct dns_hub_counts dns_hub_counts(const struct dns_hub *hub)
{
	return hub->counts;
}

/* --- as a source of books --- */

static struct dns_answer *find_cached(void *user, const struct dns_question *q)
{
	struct dns_hub *hub = user;

	return dns_cache_find(hub->cache, q, hub_now(&hub->base));
}

struct dns_source dns_hub_source(struct dns_hub *hub)
{
	return (struct dns_source){ find_cached, hub };
}
