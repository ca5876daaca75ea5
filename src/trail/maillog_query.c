/* maillog_query.c - see maillog.h: questions about mails and log-ins. */
#include "trail/maillog_index.h"

#define DAY 86400
#define HALF_HOUR 1800
#define DAYS_BACK 100 /* from which the usual is learned */
#define AROUND 7200   /* seconds: of the same time of day */
#define CHAIN_LOOK 64 /* entries of one queue id that are looked at */

/* --- mails ----------------------------------------------------------------------------- */

/* First place whose hash is not below (or, with `above`, is above) the one given. */
static size_t id_bound(const struct maillog *l, uint64_t hash, bool above)
{
	size_t lo = 0, hi = l->n_ids;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (l->ids[mid].hash < hash || (above && l->ids[mid].hash == hash))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

size_t maillog_find(const struct maillog *l, struct bytes message_id, const struct maillog_mail **out, size_t max)
{
	message_id = bytes_sub(message_id, 0, MAILLOG_TEXT_MAX);
	uint64_t hash = bytes_hash(message_id, l->seed);
	size_t from = id_bound(l, hash, false), to = id_bound(l, hash, true), n = 0;
	size_t skip = to - from > max ? to - from - max : 0;

	if (message_id.n == 0)
		return 0;
	for (size_t i = from + skip; i < to; i++) {
		const struct maillog_entry *e = maillog_at(l, l->ids[i].entry);
		if (bytes_same(e->m.message_id, message_id))
			out[n++] = &e->m;
	}
	return n + skip;
}

const struct maillog_mail *maillog_by_queue_id_near(const struct maillog *l, struct bytes queue_id, int64_t at)
{
	const struct maillog_entry *best = NULL, *e = maillog_chain(l, queue_id);
	uint64_t nearest = UINT64_MAX;

	for (size_t n = 0; e && n < CHAIN_LOOK; n++, e = e->older ? maillog_at(l, e->older - 1) : NULL) {
		uint64_t away = e->m.time > at ? (uint64_t)e->m.time - (uint64_t)at : (uint64_t)at - (uint64_t)e->m.time;
		if (away >= nearest)
			continue;
		nearest = away;
		best = e;
	}
	return best ? &best->m : NULL;
}

const struct maillog_mail *maillog_by_queue_id(const struct maillog *l, struct bytes queue_id)
{
	return maillog_by_queue_id_near(l, queue_id, INT64_MAX);
}

bool maillog_went_to(const struct maillog *l, const struct maillog_mail *m, struct bytes recipient)
{
	const struct maillog_entry *e = (const struct maillog_entry *)(const void *)m;
	uint64_t key = maillog_recipient_key((uint32_t)(e - maillog_at(l, 0)), maillog_address_hash(l, recipient));
	const uint64_t *keys = l->recipients.items;
	size_t lo = 0, hi = l->recipients.n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (keys[mid] < key)
			lo = mid + 1;
		else
			hi = mid;
	}
	return recipient.n && lo < l->recipients.n && keys[lo] == key;
}

/* --- log-ins ------------------------------------------------------------------------------ */

/* Numbers of the names that are this log-in: as it stands, and without its domain. */
static size_t numbers_of(const struct maillog *l, struct bytes login, uint32_t out[2])
{
	struct bytes local = bytes_sub(login, 0, bytes_find(login, '@', 0));
	size_t n = 0;

	if ((out[n] = maillog_name(l, login)))
		n++;
	if (local.n < login.n && (out[n] = maillog_name(l, local)))
		n++;
	return n;
}

static size_t point_bound(const struct maillog_point *p, size_t n, uint32_t name, uint64_t net, int64_t at)
{
	size_t lo = 0, hi = n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct maillog_point *m = &p[mid];
		if (m->name < name || (m->name == name && (m->net < net || (m->net == net && m->at < at))))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

struct span {
	int64_t from, to; /* from <= time < to */
};

static uint64_t sum(const struct maillog_point *p, size_t n, uint32_t name, uint64_t net, struct span when)
{
	if (!p || when.from >= when.to)
		return 0;
	return p[point_bound(p, n, name, net, when.to)].before - p[point_bound(p, n, name, net, when.from)].before;
}

static uint64_t anywhere(const struct maillog *l, int which, uint32_t name, struct span when)
{
	const struct maillog_tally *t = &l->tallies[which];

	return sum(t->by_name, t->rows.n, name, 0, when);
}

static uint64_t from_net(const struct maillog *l, int which, uint32_t name, uint64_t net, struct span when)
{
	const struct maillog_tally *t = &l->tallies[which];

	return net ? sum(t->by_net, t->rows.n, name, net, when) : 0;
}

static size_t handed_in_bound(const struct maillog *l, uint32_t name, int64_t at)
{
	size_t lo = 0, hi = l->n_handed_in;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct maillog_handed_in *h = &l->handed_in[mid];
		if (h->login_id < name || (h->login_id == name && h->at < at))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static size_t mails_of(const struct maillog *l, uint32_t name, struct span when)
{
	return l->handed_in ? handed_in_bound(l, name, when.to) - handed_in_bound(l, name, when.from) : 0;
}

static uint32_t clip(uint64_t n)
{
	return n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

/* --- what is known of one ------------------------------------------------------------------ */

struct question {
	const struct maillog *l;
	uint32_t names[2];
	size_t n;
	uint64_t net;
	int64_t at, first; /* the instant; that of the log's first line */
};

static void ask_accepted(const struct question *q, struct maillog_login *out)
{
	const struct span ever = { INT64_MIN, INT64_MAX }, before = { INT64_MIN, q->at }, day_ago = { INT64_MIN, q->at - DAY };
	uint64_t any = 0, earlier = 0, older = 0, same = 0, same_older = 0;

	for (size_t i = 0; i < q->n; i++) {
		any += anywhere(q->l, MAILLOG_TALLY_ACCEPTED, q->names[i], ever);
		earlier += anywhere(q->l, MAILLOG_TALLY_ACCEPTED, q->names[i], before);
		older += anywhere(q->l, MAILLOG_TALLY_ACCEPTED, q->names[i], day_ago);
		same += from_net(q->l, MAILLOG_TALLY_ACCEPTED, q->names[i], q->net, before);
		same_older += from_net(q->l, MAILLOG_TALLY_ACCEPTED, q->names[i], q->net, day_ago);
	}
	out->known = any > 0;
	out->earlier_logins = clip(earlier);
	/* an intruder's log-ins of today make no place familiar to who was here before */
	out->earlier_same_net = older && !same_older ? 0 : clip(same);
}

/* The login service and the service behind it both tell of the same refusal, each in its own
 * way and not always: the larger number is the better one. */
static void ask_refused(const struct question *q, struct maillog_login *out)
{
	static const int sources[] = { MAILLOG_TALLY_REFUSED, MAILLOG_TALLY_BY_AUTH };
	const struct span day = { q->at - DAY, q->at + 1 };

	for (size_t s = 0; s < ARRAY_LEN(sources); s++) {
		uint64_t all = 0, same = from_net(q->l, sources[s], 0, q->net, day);
		for (size_t i = 0; i < q->n; i++) {
			all += anywhere(q->l, sources[s], q->names[i], day);
			same += from_net(q->l, sources[s], q->names[i], q->net, day);
		}
		if (clip(all) > out->failures)
			out->failures = clip(all);
		if (clip(same) > out->failures_same_net)
			out->failures_same_net = clip(same);
	}
}

static int by_number(const void *x, const void *y)
{
	uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;

	return (a > b) - (a < b);
}

static void ask_mails(const struct question *q, struct maillog_login *out)
{
	const struct span hour = { q->at - HALF_HOUR, q->at + HALF_HOUR + 1 };
	uint64_t days[DAYS_BACK], mails = 0, recipients = 0, bounced = 0;
	size_t n = 0;

	for (size_t i = 0; q->l->handed_in && i < q->n; i++) {
		size_t from = handed_in_bound(q->l, q->names[i], hour.from), to = handed_in_bound(q->l, q->names[i], hour.to);
		mails += to - from;
		recipients += q->l->handed_in[to].recipients_before - q->l->handed_in[from].recipients_before;
		bounced += q->l->handed_in[to].bounced_before - q->l->handed_in[from].bounced_before;
	}
	out->mails_hour = clip(mails);
	out->recipients_hour = clip(recipients);
	out->bounced_hour = clip(bounced);
	for (int64_t k = 1; k <= DAYS_BACK && q->first >= 0 && q->at - (k + 1) * DAY >= q->first; k++, n++) {
		days[n] = 0;
		for (size_t i = 0; i < q->n; i++)
			days[n] += mails_of(q->l, q->names[i], (struct span){ q->at - (k + 1) * DAY, q->at - k * DAY });
	}
	if (n)
		qsort(days, n, sizeof(*days), by_number);
	out->mails_day_usual = n ? clip(days[(n - 1) / 2]) : 0;
}

static void ask_hour(const struct question *q, struct maillog_login *out)
{
	uint64_t earlier_days = 0, at_this_hour = 0;

	for (size_t i = 0; i < q->n; i++)
		earlier_days += anywhere(q->l, MAILLOG_TALLY_ACCEPTED, q->names[i],
		                         (struct span){ INT64_MIN, q->at - DAY + AROUND });
	for (int64_t k = 1; k <= DAYS_BACK && !at_this_hour && earlier_days; k++)
		for (size_t i = 0; i < q->n; i++)
			at_this_hour += anywhere(q->l, MAILLOG_TALLY_ACCEPTED, q->names[i],
			                         (struct span){ q->at - k * DAY - AROUND, q->at - k * DAY + AROUND + 1 });
	out->unusual_hour = earlier_days && !at_this_hour;
}

void maillog_login(const struct maillog *l, struct bytes login, const struct ip *client, int64_t at,
                   struct maillog_login *out)
{
	struct question q = { .l = l, .net = maillog_net(client), .at = at, .first = maillog_counts(l).first };
	struct maillog_login login_is = { 0 };

	q.n = numbers_of(l, login, q.names);
	if (at >= 0) {
		ask_accepted(&q, &login_is);
		ask_refused(&q, &login_is);
		ask_mails(&q, &login_is);
		ask_hour(&q, &login_is);
	}
	*out = login_is;
}

bool maillog_submitted_near(const struct maillog *l, struct bytes login, int64_t at, int64_t seconds)
{
	uint32_t names[2];
	size_t n = numbers_of(l, login, names);

	/* a row of a tally may hold several log-ins, and names the time of the first */
	const struct span near = { at - seconds, at + seconds + 1 }, rows = { near.from - MAILLOG_BUCKET, near.to };

	for (size_t i = 0; i < n && at >= 0; i++)
		if (mails_of(l, names[i], near) || anywhere(l, MAILLOG_TALLY_HANDED_IN, names[i], rows))
			return true;
	return false;
}
