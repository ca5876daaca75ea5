/* dns_unbound.c - see dns_unbound.h */
#include "dns/dns_unbound.h"

#include <event2/event.h>
#include <unbound.h>
#include <unbound-event.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/mem.h"
#include "dns/dns_packet.h"
#include "dns/dns_unbound_ctx.h"

#define TIMEOUT_MS 10000u
#define PROBE_MS 1500          /* how long the first questions wait for the probe */
#define SCRATCH_BYTES (4u << 20) /* for one answer: 64 KiB of packet and its fields */
#define NAME_TEXT (4u * DNAME_TEXT_MAX + 2u) /* with each byte escaped, dot and NUL */
#define TYPE_DNSKEY 48
#define TYPE_RRSIG 46
#define CLASS_IN 1

struct query { /* a question under way */
	struct query *older, *newer; /* a ring through dns_unbound.ring, in the order of asking */
	struct dns_unbound *owner;
	struct dns_answer *silence;  /* what is answered when nothing comes, or memory ends */
	int64_t deadline_ms;
	dns_on_answer *cb;
	void *user;
	int id;                      /* libunbound's */
	bool sent;
	bool in_call;                /* ub_resolve_event has not returned: it may call back from there */
	bool done;                   /* it did */
	bool dropped;                /* it was forgotten while in_call */
};

enum probe { PROBE_DUE, PROBE_UNDER_WAY, PROBE_OVER };

struct dns_unbound {
	struct dns_resolver base;
	struct dns_unbound_settings set;
	struct event_base *loop;
	bool own_loop, validates, probe_found;
	struct ub_ctx *ctx;
	enum probe probe;
	int probe_id;
	struct query ring;           /* .newer: the oldest query */
	struct query *cursor;        /* the next one for on_settle, while it runs */
	size_t pending;
	uint64_t delivered;
	struct event *expire;        /* at the deadline of the oldest query */
	struct event *settle;        /* the probe is over, or took too long */
	struct event *alarm;         /* ends wait() */
	struct arena *scratch;
};

static struct dns_unbound *unbound_of(struct dns_resolver *r)
{
	return (struct dns_unbound *)r; /* base comes first */
}

static void arm(struct event *e, int64_t ms)
{
	int64_t wait = ms > 0 ? ms : 0;
	struct timeval t = { .tv_sec = (time_t)(wait / 1000), .tv_usec = (suseconds_t)(wait % 1000 * 1000) };

	evtimer_add(e, &t);
}

/* --- queries --- */

static struct query *query_new(struct dns_unbound *u, const struct dns_question *q, dns_on_answer *cb,
                               void *user)
{
	struct dns_answer_view view = { .question = *q, .status = DNS_TIMEOUT };
	struct query *query = mem_calloc(1, sizeof(*query));

	if (!query || !(query->silence = dns_answer_new(&view))) {
		mem_free(query);
		return NULL;
	}
	query->owner = u;
	query->cb = cb;
	query->user = user;
	query->deadline_ms = clock_mono_ms() + u->set.timeout_ms;
	query->newer = &u->ring;
	query->older = u->ring.older;
	query->older->newer = query;
	u->ring.older = query;
	if (u->pending++ == 0)
		arm(u->expire, u->set.timeout_ms);
	return query;
}

static void query_unlink(struct query *query)
{
	if (query->owner->cursor == query)
		query->owner->cursor = query->newer;
	query->older->newer = query->newer;
	query->newer->older = query->older;
	query->owner->pending--;
}

static void query_free(struct query *query)
{
	dns_answer_unref(query->silence);
	mem_free(query);
}

/* Ends a query from our side: libunbound will not call back for it. */
static void query_cancel(struct query *query)
{
	query_unlink(query);
	if (query->sent && !query->in_call)
		ub_cancel(query->owner->ctx, query->id);
}

/* Hands the answer over (the reference too) and ends the query; NULL: silence. */
static void deliver(struct query *query, struct dns_answer *answer)
{
	dns_on_answer *cb = query->cb;
	void *user = query->user;
	struct dns_answer *given = answer ? answer : dns_answer_ref(query->silence);

	query->owner->delivered++;
	query->done = true;
	if (!query->in_call)
		query_free(query);
	cb(user, given);
}

/* --- answers --- */

static enum dnssec_state security_of(const struct dns_unbound *u, int sec)
{
	if (!u->validates)
		return DNSSEC_UNKNOWN;
	return sec == 2 ? DNSSEC_SECURE : sec == 1 ? DNSSEC_BOGUS : DNSSEC_INSECURE;
}

static struct dns_answer *answer_of(struct dns_unbound *u, const struct dns_question *q, int rcode,
                                    struct bytes packet, int sec)
{
	struct dns_answer_view view = { .question = *q, .status = DNS_SERVFAIL };

	arena_reset(u->scratch);
	view.security = security_of(u, sec);
	if (view.security == DNSSEC_BOGUS) { /* first of all: such an answer may carry its data */
		view.status = DNS_BOGUS;
	} else if (rcode == 0 && dns_packet_read(u->scratch, packet, q, &view, NULL)) {
		/* the true code is in the packet: `rcode` is 0 for a name that does not exist, too */
		view.security = dns_status_is_error(view.status) ? DNSSEC_UNKNOWN : security_of(u, sec);
	} else {
		view.security = DNSSEC_UNKNOWN;
	}
	return dns_answer_new(&view);
}

static void on_resolved(void *user, int rcode, void *packet, int n, int sec, char *why_bogus, int limited)
{
	struct query *query = user;
	struct dns_unbound *u = query->owner;
	const struct dns_question *q = &dns_answer_view(query->silence)->question;
	struct bytes bytes = { packet, packet && n > 0 ? (size_t)n : 0 };

	if (query->dropped) {
		query->done = true;
		return;
	}
	query_unlink(query);
	deliver(query, answer_of(u, q, rcode, bytes, sec));
}

/* The name as libunbound reads it: a master file's text. Anything but host names' bytes is escaped. */
static void name_text(struct dname name, char to[NAME_TEXT])
{
	size_t n = 0;

	for (size_t i = 0; i < name.text.n; i++) {
		uint8_t c = name.text.p[i];
		if (ascii_is_alnum(c) || c == '-' || c == '_' || c == '.')
			to[n++] = (char)c;
		else
			n += (size_t)snprintf(to + n, NAME_TEXT - n, "\\%03u", c);
	}
	snprintf(to + n, NAME_TEXT - n, ".");
}

static struct dns_answer *failure(const struct dns_question *q)
{
	struct dns_answer_view view = { .question = *q, .status = DNS_SERVFAIL };

	return dns_answer_new(&view);
}

/* Sends it on. A question that libunbound does not take at all is a failure. */
static void query_send(struct query *query)
{
	const struct dns_question *q = &dns_answer_view(query->silence)->question;
	char name[NAME_TEXT];

	name_text(q->name, name);
	query->sent = query->in_call = true;
	int error = ub_resolve_event(query->owner->ctx, name, (int)q->type, CLASS_IN, query, on_resolved,
	                             &query->id);
	query->in_call = false;
	if (query->dropped && !query->done && !error)
		ub_cancel(query->owner->ctx, query->id);
	if (query->done || query->dropped) {
		query_free(query);
	} else if (error) {
		query_unlink(query);
		deliver(query, failure(q));
	}
}

static void on_expire(evutil_socket_t fd, short what, void *user)
{
	struct dns_unbound *u = user;
	int64_t now = clock_mono_ms();

	/* all have the same time, so the oldest is due first */
	while (u->pending && u->ring.newer->deadline_ms <= now) {
		struct query *query = u->ring.newer;
		query_cancel(query);
		deliver(query, NULL);
	}
	if (u->pending)
		arm(u->expire, u->ring.newer->deadline_ms - now);
}

/* --- the probe: do forwarders hand DNSSEC data through? --- */

static void on_probe(void *user, int rcode, void *packet, int n, int sec, char *why_bogus, int limited)
{
	struct dns_unbound *u = user;

	u->probe_found = rcode == 0 && packet && n > 0 &&
	                 dns_packet_has_type((struct bytes){ packet, (size_t)n }, TYPE_RRSIG);
	u->probe_id = 0;
	arm(u->settle, 0); /* a context cannot be freed from its own call back */
}

static void begin_probe(struct dns_unbound *u)
{
	int id = 0;

	u->probe = PROBE_UNDER_WAY;
	u->probe_id = -1;
	arm(u->settle, PROBE_MS);
	if (ub_resolve_event(u->ctx, ".", TYPE_DNSKEY, CLASS_IN, u, on_probe, &id) != 0)
		arm(u->settle, 0);
	else if (u->probe_id == -1) /* it did not call back already */
		u->probe_id = id;
}

/* The probe is over: what waited for it is sent, through a context that validates where that works. */
static void on_settle(evutil_socket_t fd, short what, void *user)
{
	struct dns_unbound *u = user;
	const char *why;
	struct ub_ctx *validating = u->probe_found ? dns_unbound_ctx_new(&u->set, u->loop, true, &why) : NULL;

	u->probe = PROBE_OVER;
	if (u->probe_id > 0)
		ub_cancel(u->ctx, u->probe_id);
	u->probe_id = 0;
	if (validating) {
		dns_unbound_ctx_free(u->ctx);
		u->ctx = validating;
		u->validates = true;
	}
	u->cursor = u->ring.newer;
	while (u->cursor != &u->ring) { /* call backs may ask and forget: query_unlink minds the cursor */
		struct query *query = u->cursor;
		u->cursor = query->newer;
		if (!query->sent)
			query_send(query);
	}
	u->cursor = NULL;
}

/* --- as a resolver --- */

static bool unbound_ask(struct dns_resolver *r, const struct dns_question *q, dns_on_answer *cb, void *user)
{
	struct dns_unbound *u = unbound_of(r);
	struct query *query = query_new(u, q, cb, user);

	if (!query)
		return false;
	if (u->probe == PROBE_DUE)
		begin_probe(u);
	if (u->probe == PROBE_OVER)
		query_send(query);
	return true;
}

static void unbound_forget(struct dns_resolver *r, void *user)
{
	struct dns_unbound *u = unbound_of(r);

	for (struct query *query = u->ring.newer, *next; query != &u->ring; query = next) {
		next = query->newer;
		if (query->user != user)
			continue;
		query_cancel(query);
		query->dropped = query->in_call;
		if (!query->in_call)
			query_free(query);
	}
}

static void on_alarm(evutil_socket_t fd, short what, void *user)
{
}

static bool unbound_wait(struct dns_resolver *r, int64_t deadline_ms)
{
	struct dns_unbound *u = unbound_of(r);
	uint64_t before = u->delivered;
	int64_t left = deadline_ms - clock_mono_ms();

	if (u->pending == 0)
		return false;
	if (left <= 0)
		event_base_loop(u->loop, EVLOOP_NONBLOCK);
	while (left > 0 && u->delivered == before) {
		arm(u->alarm, left);
		if (event_base_loop(u->loop, EVLOOP_ONCE) != 0)
			break;
		left = deadline_ms - clock_mono_ms();
	}
	evtimer_del(u->alarm);
	return true;
}

static int64_t unbound_now(struct dns_resolver *r)
{
	return clock_mono_ms();
}

static void free_event(struct event *e)
{
	if (e)
		event_free(e);
}

static void unbound_free(struct dns_resolver *r)
{
	struct dns_unbound *u = unbound_of(r);

	/* a context that goes calls back for what is under way, unless it is cancelled */
	for (struct query *query = u->ring.newer, *next; query != &u->ring; query = next) {
		next = query->newer;
		query_cancel(query);
		query_free(query);
	}
	if (u->probe_id > 0)
		ub_cancel(u->ctx, u->probe_id);
	dns_unbound_ctx_free(u->ctx);
	free_event(u->expire);
	free_event(u->settle);
	free_event(u->alarm);
	if (u->own_loop)
		event_base_free(u->loop);
	arena_free(u->scratch);
	mem_free(u);
}

/* --- setting up --- */

static bool set_up(struct dns_unbound *u, const char **why)
{
	bool recursive = dns_unbound_ctx_recursive(&u->set);

	*why = "out of memory";
	if (!u->loop) {
		u->loop = event_base_new();
		u->own_loop = u->loop != NULL;
	}
	u->scratch = arena_new(SCRATCH_BYTES);
	if (!u->loop || !u->scratch || !(u->expire = evtimer_new(u->loop, on_expire, u)) ||
	    !(u->settle = evtimer_new(u->loop, on_settle, u)) ||
	    !(u->alarm = evtimer_new(u->loop, on_alarm, u)))
		return false;
	u->validates = !u->set.no_dnssec && (recursive || u->set.anchors);
	u->probe = u->validates || u->set.no_dnssec ? PROBE_OVER : PROBE_DUE;
	u->ctx = dns_unbound_ctx_new(&u->set, u->loop, u->validates, why);
	return u->ctx != NULL;
}

struct dns_unbound *dns_unbound_new(const struct dns_unbound_settings *settings, const char **why)
{
	static const struct dns_resolver_ops ops = {
		.name = "unbound",
		.ask = unbound_ask,
		.forget = unbound_forget,
		.wait = unbound_wait,
		.now_ms = unbound_now,
		.free = unbound_free,
	};
	struct dns_unbound *u = mem_calloc(1, sizeof(*u));

	*why = "out of memory";
	if (!u)
		return NULL;
	u->base.ops = &ops;
	u->ring.older = u->ring.newer = &u->ring;
	if (settings)
		u->set = *settings;
	if (u->set.timeout_ms == 0)
		u->set.timeout_ms = TIMEOUT_MS;
	u->loop = u->set.loop;
	if (set_up(u, why))
		return u;
	unbound_free(&u->base);
	return NULL;
}

struct dns_resolver *dns_unbound_resolver(struct dns_unbound *u)
{
	return &u->base;
}

bool dns_unbound_validates(const struct dns_unbound *u)
{
	return u->validates;
}
