/* dns_cache.c - see dns_cache.h */
#include "dns/dns_cache.h"

#include <pthread.h>

#include "base/mem.h"
#include "dns/dns_seed.h"

#define SHARDS 16u         /* a power of two; threads meet at one lock in 16 */
#define BUCKETS_FIRST 64u  /* a power of two */
#define HEAP_OVERHEAD 32u  /* of the two allocations of an entry, about */

struct entry {
	struct entry *chain;           /* of the bucket, or of entries to be freed */
	struct entry *older, *newer;   /* in the order of use */
	struct dns_answer *answer;
	uint64_t hash;
	int64_t expires_ms;
	size_t bytes;                  /* as accounted; what is parsed of it may have grown since */
};

struct shard {
	pthread_mutex_t lock;
	struct entry **buckets;
	size_t bucket_count, cap;
	struct entry ring;             /* .older: last used; .newer: longest unused */
	struct dns_cache_counts counts;
	uint8_t apart[64];             /* no two locks in one line of the processor's cache */
};

struct dns_cache {
	struct shard shards[SHARDS];
	struct limits limits;
	uint64_t seed;
	size_t ready;                  /* shards that were set up */
};

/* --- life --- */

static bool shard_init(struct shard *s, size_t cap)
{
	s->buckets = mem_calloc(BUCKETS_FIRST, sizeof(struct entry *));
	if (!s->buckets || pthread_mutex_init(&s->lock, NULL) != 0) {
		mem_free(s->buckets);
		return false;
	}
	s->bucket_count = BUCKETS_FIRST;
	s->cap = cap;
	s->ring.older = s->ring.newer = &s->ring;
	return true;
}

static void free_entries(struct entry *e)
{
	while (e) {
		struct entry *next = e->chain;
		dns_answer_unref(e->answer);
		mem_free(e);
		e = next;
	}
}

static void shard_end(struct shard *s)
{
	for (size_t i = 0; i < s->bucket_count; i++)
		free_entries(s->buckets[i]);
	mem_free(s->buckets);
	pthread_mutex_destroy(&s->lock);
}

struct dns_cache *dns_cache_new(const struct limits *limits)
{
	struct dns_cache *c = mem_calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	if (limits)
		c->limits = *limits;
	else
		limits_init(&c->limits);
	c->seed = dns_seed();
	for (; c->ready < SHARDS; c->ready++)
		if (!shard_init(&c->shards[c->ready], c->limits.v[LIMIT_DNS_CACHE_BYTES] / SHARDS)) {
			dns_cache_free(c);
			return NULL;
		}
	return c;
}

void dns_cache_free(struct dns_cache *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->ready; i++)
		shard_end(&c->shards[i]);
	mem_free(c);
}

/* --- one shard, locked --- */

static struct entry **bucket_of(struct shard *s, uint64_t hash)
{
	return &s->buckets[hash & (s->bucket_count - 1)];
}

static void ring_remove(struct entry *e)
{
	e->older->newer = e->newer;
	e->newer->older = e->older;
}

static void ring_add(struct shard *s, struct entry *e) /* as the last used */
{
	e->older = s->ring.older;
	e->newer = &s->ring;
	e->older->newer = e;
	s->ring.older = e;
}

static struct entry *lookup(struct shard *s, const struct dns_question *q, uint64_t hash)
{
	struct entry *e = *bucket_of(s, hash);

	while (e && (e->hash != hash || !dns_question_same(&dns_answer_view(e->answer)->question, q)))
		e = e->chain;
	return e;
}

/* Takes it out and puts it in front of *dead: freed when the lock is open again. */
static void take_out(struct shard *s, struct entry *e, struct entry **dead)
{
	struct entry **at = bucket_of(s, e->hash);

	while (*at != e)
		at = &(*at)->chain;
	*at = e->chain;
	ring_remove(e);
	s->counts.bytes -= e->bytes;
	s->counts.entries--;
	e->chain = *dead;
	*dead = e;
}

static void account(struct shard *s, struct entry *e)
{
	size_t bytes = sizeof(*e) + HEAP_OVERHEAD + dns_answer_bytes(e->answer);

	s->counts.bytes += bytes - e->bytes;
	e->bytes = bytes;
}

static void make_room(struct shard *s, struct entry **dead)
{
	while (s->counts.bytes > s->cap) { /* an entry that is over the cap alone goes too */
		take_out(s, s->ring.newer, dead);
		s->counts.evicted++;
	}
}

static void grow_buckets(struct shard *s)
{
	size_t old = s->bucket_count;
	struct entry **grown = mem_calloc(old * 2, sizeof(struct entry *));

	if (!grown)
		return; /* longer chains, but all works */
	struct entry **from = s->buckets;
	s->buckets = grown;
	s->bucket_count = old * 2;
	for (size_t i = 0; i < old; i++)
		for (struct entry *e = from[i], *next; e; e = next) {
			next = e->chain;
			e->chain = *bucket_of(s, e->hash);
			*bucket_of(s, e->hash) = e;
		}
	mem_free(from);
}

/* --- all of them --- */

static struct shard *lock_shard(struct dns_cache *c, uint64_t hash)
{
	struct shard *s = &c->shards[hash >> 60 & (SHARDS - 1)]; /* the buckets use the low bits */

	pthread_mutex_lock(&s->lock);
	return s;
}

static void unlock_shard(struct shard *s, struct entry *dead)
{
	pthread_mutex_unlock(&s->lock);
	free_entries(dead);
}

struct dns_answer *dns_cache_find(struct dns_cache *c, const struct dns_question *q, int64_t now_ms)
{
	uint64_t hash = dns_question_hash(q, c->seed);
	struct shard *s = lock_shard(c, hash);
	struct entry *e = lookup(s, q, hash), *dead = NULL;
	struct dns_answer *answer = NULL;

	if (e && e->expires_ms <= now_ms) {
		take_out(s, e, &dead);
	} else if (e) {
		answer = dns_answer_ref(e->answer);
		ring_remove(e);
		ring_add(s, e);
		account(s, e);
		make_room(s, &dead);
	}
	s->counts.hits += answer != NULL;
	s->counts.misses += answer == NULL;
	unlock_shard(s, dead);
	return answer;
}

static uint64_t clamp(uint64_t v, uint64_t floor, uint64_t ceiling)
{
	v = v < floor ? floor : v;
	return v > ceiling ? ceiling : v;
}

/* In milliseconds; 0: not to be kept. */
static int64_t lifetime(const struct dns_cache *c, const struct dns_answer_view *v)
{
	const uint32_t *limit = c->limits.v;
	uint64_t seconds;

	if (v->status == DNS_OFFLINE)
		return 0;
	if (dns_status_is_error(v->status))
		seconds = limit[LIMIT_DNS_ERROR_TTL];
	else
		seconds = clamp(v->ttl, limit[LIMIT_DNS_TTL_FLOOR],
		                limit[v->status == DNS_OK ? LIMIT_DNS_TTL_CEILING : LIMIT_DNS_NEGATIVE_CEILING]);
	return (int64_t)seconds * 1000;
}

/* Is what is there worth more than an error? */
static bool outranks(const struct entry *there, const struct dns_answer_view *v, int64_t now_ms)
{
	return dns_status_is_error(v->status) && there->expires_ms > now_ms &&
	       !dns_status_is_error(dns_answer_view(there->answer)->status);
}

void dns_cache_store(struct dns_cache *c, const struct dns_answer *answer, int64_t now_ms)
{
	const struct dns_answer_view *v = dns_answer_view(answer);
	int64_t keep_ms = lifetime(c, v);
	struct entry *fresh = keep_ms > 0 ? mem_calloc(1, sizeof(*fresh)) : NULL, *dead = NULL;

	if (!fresh)
		return;
	fresh->hash = dns_question_hash(&v->question, c->seed);
	fresh->expires_ms = now_ms + keep_ms;
	fresh->answer = dns_answer_ref(answer);
	struct shard *s = lock_shard(c, fresh->hash);
	struct entry *there = lookup(s, &v->question, fresh->hash);
	if (there && outranks(there, v, now_ms)) {
		dead = fresh;
	} else {
		if (there)
			take_out(s, there, &dead);
		if (s->counts.entries >= s->bucket_count)
			grow_buckets(s);
		fresh->chain = *bucket_of(s, fresh->hash);
		*bucket_of(s, fresh->hash) = fresh;
		ring_add(s, fresh);
		s->counts.entries++;
		s->counts.stored++;
		account(s, fresh);
		make_room(s, &dead);
	}
	unlock_shard(s, dead);
}

uint32_t dns_cache_ttl_left(struct dns_cache *c, const struct dns_question *q, int64_t now_ms)
{
	uint64_t hash = dns_question_hash(q, c->seed);
	struct shard *s = lock_shard(c, hash);
	const struct entry *e = lookup(s, q, hash);
	int64_t left = e ? e->expires_ms - now_ms : 0;

	unlock_shard(s, NULL);
	return left > 0 ? (uint32_t)((left + 999) / 1000) : 0;
}

struct dns_cache_counts dns_cache_counts(struct dns_cache *c)
{
	struct dns_cache_counts sum = { 0 };

	for (size_t i = 0; i < SHARDS; i++) {
		struct shard *s = &c->shards[i];
		pthread_mutex_lock(&s->lock);
		sum.hits += s->counts.hits;
		sum.misses += s->counts.misses;
		sum.stored += s->counts.stored;
		sum.evicted += s->counts.evicted;
		sum.entries += s->counts.entries;
		sum.bytes += s->counts.bytes;
		pthread_mutex_unlock(&s->lock);
	}
	return sum;
}
