/* dns_script.c - see dns_script.h */
#include "dns/dns_script.h"

#include "base/mem.h"

#define NEVER INT64_MAX

struct flight { /* a question under way */
	struct dns_answer *answer; /* NULL: never comes */
	int64_t due_ms;            /* NEVER: as above */
	uint64_t number;           /* in the order of asking */
	dns_on_answer *cb;
	void *user;
};

struct dns_script {
	struct dns_resolver base;
	const struct dns_zone *zone;
	struct dns_script_settings set;
	struct dns_script_counts counts;
	int64_t now_ms;
	uint64_t asked, dice;
	bool asked_since_wait;
	struct flight *flights;
	size_t n, cap;
};

static struct dns_script *script_of(struct dns_resolver *r)
{
	return (struct dns_script *)r; /* base comes first */
}

/* The next number of a fixed sequence (splitmix64). */
static uint64_t roll(struct dns_script *s)
{
	uint64_t x = s->dice += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

static bool grow(struct dns_script *s)
{
	size_t more = s->cap ? s->cap * 2 : 16;
	struct flight *grown;

	if (s->n < s->cap)
		return true;
	grown = mem_realloc(s->flights, more * sizeof(*grown));
	if (!grown)
		return false;
	s->flights = grown;
	s->cap = more;
	return true;
}

static bool script_ask(struct dns_resolver *r, const struct dns_question *q, dns_on_answer *cb, void *user)
{
	struct dns_script *s = script_of(r);
	struct dns_zone_reply reply = { NULL, 0 };
	bool answers = !s->set.answers || s->set.answers(s->set.user, q);

	if (!grow(s) || (answers && !dns_zone_ask(s->zone, q, &reply)))
		return false;
	s->flights[s->n++] = (struct flight){
		.answer = reply.answer,
		.due_ms = reply.answer ? s->now_ms + s->set.latency_ms + reply.delay_ms : NEVER,
		.number = s->asked++,
		.cb = cb,
		.user = user,
	};
	s->counts.queries++;
	s->counts.silent += !reply.answer;
	s->asked_since_wait = true;
	return true;
}

/* Takes one out, keeping the order of the others. */
static struct flight take(struct dns_script *s, size_t i)
{
	struct flight f = s->flights[i];

	s->n--;
	memmove(&s->flights[i], &s->flights[i + 1], (s->n - i) * sizeof(f));
	return f;
}

static void script_forget(struct dns_resolver *r, void *user)
{
	struct dns_script *s = script_of(r);

	for (size_t i = 0; i < s->n;)
		if (s->flights[i].user == user)
			dns_answer_unref(take(s, i).answer);
		else
			i++;
}

/* One of those due that were asked before `number`; s->n when there is none. */
static size_t pick(struct dns_script *s, uint64_t number)
{
	size_t chosen = s->n, seen = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct flight *f = &s->flights[i];
		if (f->due_ms > s->now_ms || f->number >= number)
			continue;
		seen++;
		/* each of the k seen so far is the chosen one with probability 1/k */
		if (chosen == s->n || (s->set.shuffle && roll(s) % seen == 0))
			chosen = i;
	}
	return chosen;
}

static int64_t next_due(const struct dns_script *s)
{
	int64_t due = NEVER;

	for (size_t i = 0; i < s->n; i++)
		if (s->flights[i].due_ms < due)
			due = s->flights[i].due_ms;
	return due;
}

static void pass_time(struct dns_script *s, int64_t until)
{
	if (until > s->now_ms)
		s->now_ms = until;
}

static bool script_wait(struct dns_resolver *r, int64_t deadline_ms)
{
	struct dns_script *s = script_of(r);
	uint64_t number = s->asked; /* what a call back asks comes in the next round */
	int64_t due = next_due(s);
	size_t i;

	if (s->n == 0)
		return false;
	s->counts.rounds += s->asked_since_wait;
	s->asked_since_wait = false;
	pass_time(s, due < deadline_ms ? due : deadline_ms);
	while ((i = pick(s, number)) < s->n) {
		struct flight f = take(s, i);
		f.cb(f.user, f.answer);
		if (s->set.one_at_a_time)
			break;
	}
	return true;
}

static int64_t script_now(struct dns_resolver *r)
{
	return script_of(r)->now_ms;
}

static void script_free(struct dns_resolver *r)
{
	struct dns_script *s = script_of(r);

	for (size_t i = 0; i < s->n; i++)
		dns_answer_unref(s->flights[i].answer);
	mem_free(s->flights);
	mem_free(s);
}

struct dns_script *dns_script_new(const struct dns_zone *zone, const struct dns_script_settings *settings)
{
	static const struct dns_resolver_ops ops = {
		.name = "script",
		.ask = script_ask,
		.forget = script_forget,
		.wait = script_wait,
		.now_ms = script_now,
		.free = script_free,
	};
	struct dns_script *s = mem_calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->base.ops = &ops;
	s->zone = zone;
	if (settings)
		s->set = *settings;
	s->now_ms = s->set.start_ms;
	s->dice = s->set.shuffle;
	return s;
}

struct dns_resolver *dns_script_resolver(struct dns_script *s)
{
	return &s->base;
}

struct dns_script_counts dns_script_counts(const struct dns_script *s)
{
	return s->counts;
}

void dns_script_sleep(struct dns_script *s, uint32_t ms)
{
	s->now_ms += ms;
}
