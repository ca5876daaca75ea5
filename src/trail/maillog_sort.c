/* maillog_sort.c - what was filled in any order becomes what can be searched; see maillog_index.h */
#include "base/mem.h"
#include "trail/maillog_index.h"

#define SAVED_SLACK 120 /* seconds between Dovecot's line and Postfix's of the same delivery */
#define QUIET 3600      /* seconds: no server is watched more closely than that */
#define SAVED_LOOK 16   /* entries of one Message-ID that are looked at */

static int order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int order_time(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* --- Message-IDs, recipients ------------------------------------------------------- */

static int by_id(const void *x, const void *y)
{
	const struct maillog_id_ref *a = x, *b = y;
	int c = order(a->hash, b->hash);

	if (!c)
		c = order_time(a->at, b->at);
	return c ? c : order(a->entry, b->entry);
}

static bool sort_ids(struct maillog *l)
{
	l->ids = mem_alloc((l->entries.n + 1) * sizeof(*l->ids));
	if (!l->ids)
		return false;
	l->n_ids = 0;
	for (size_t i = 0; i < l->entries.n; i++) {
		const struct maillog_mail *m = &maillog_at(l, i)->m;
		if (m->message_id.n)
			l->ids[l->n_ids++] =
				(struct maillog_id_ref){ bytes_hash(m->message_id, l->seed), m->time, (uint32_t)i };
	}
	qsort(l->ids, l->n_ids, sizeof(*l->ids), by_id);
	return true;
}

/* Dovecot names a mail by its Message-ID only, which anybody can copy: it is the one that was under way then. */
static bool join_saved(struct maillog *l, const struct maillog_saved *s)
{
	size_t lo = 0, hi = l->n_ids;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct maillog_id_ref *r = &l->ids[mid];
		if (r->hash < s->id || (r->hash == s->id && r->at <= s->at + SAVED_SLACK))
			lo = mid + 1;
		else
			hi = mid;
	}
	for (size_t n = 0; lo > 0 && n < SAVED_LOOK && l->ids[lo - 1].hash == s->id; n++) {
		const struct maillog_id_ref *r = &l->ids[--lo];
		const struct maillog_entry *e = maillog_at(l, r->entry);
		if (s->at > e->last + SAVED_SLACK || s->at < e->first - SAVED_SLACK)
			continue;
		uint64_t key = maillog_recipient_key(r->entry, s->recipient);
		if (!maillog_push(&l->recipients, &key, sizeof(key)))
			return false;
	}
	return true;
}

static int by_key(const void *x, const void *y)
{
	return order(*(const uint64_t *)x, *(const uint64_t *)y);
}

static bool sort_recipients(struct maillog *l)
{
	const struct maillog_saved *saved = l->saved.items;
	uint64_t *keys;
	size_t n = 0;

	for (size_t i = 0; i < l->saved.n; i++)
		if (!join_saved(l, &saved[i]))
			return false;
	keys = l->recipients.items;
	if (l->recipients.n)
		qsort(keys, l->recipients.n, sizeof(*keys), by_key);
	for (size_t i = 0; i < l->recipients.n; i++)
		if (n == 0 || keys[n - 1] != keys[i])
			keys[n++] = keys[i];
	l->recipients.n = n;
	return true;
}

/* --- log-ins ------------------------------------------------------------------------- */

static int by_point(const void *x, const void *y)
{
	const struct maillog_point *a = x, *b = y;
	int c = order(a->name, b->name);

	if (!c)
		c = order(a->net, b->net);
	return c ? c : order_time(a->at, b->at);
}

/* The rows in order, with or without regard to networks; one more behind them holds the whole sum. */
static struct maillog_point *sort_points(const struct maillog_tally *t, bool nets)
{
	const struct maillog_tally_row *rows = t->rows.items;
	struct maillog_point *points = mem_alloc((t->rows.n + 1) * sizeof(*points));
	uint64_t sum = 0;

	if (!points)
		return NULL;
	for (size_t i = 0; i < t->rows.n; i++)
		points[i] = (struct maillog_point){ .at = rows[i].at, .net = nets ? rows[i].net : 0, .name = rows[i].name,
		                                    .before = rows[i].count };
	qsort(points, t->rows.n, sizeof(*points), by_point);
	for (size_t i = 0; i < t->rows.n; i++) {
		uint64_t here = points[i].before;
		points[i].before = sum;
		sum += here;
	}
	points[t->rows.n] = (struct maillog_point){ .at = INT64_MAX, .net = UINT64_MAX, .name = UINT32_MAX, .before = sum };
	return points;
}

static int by_handed_in(const void *x, const void *y)
{
	const struct maillog_handed_in *a = x, *b = y;
	int c = order(a->login_id, b->login_id);

	if (!c)
		c = order_time(a->at, b->at);
	return c ? c : order(a->entry, b->entry);
}

static bool sort_handed_in(struct maillog *l)
{
	uint64_t recipients = 0, bounced = 0;
	size_t n = 0;
	struct maillog_handed_in *h = mem_alloc((l->entries.n + 1) * sizeof(*h));

	if (!h)
		return false;
	for (size_t i = 0; i < l->entries.n; i++)
		if (maillog_at(l, i)->login_id)
			h[n++] = (struct maillog_handed_in){ .at = maillog_at(l, i)->m.time, .entry = (uint32_t)i,
			                                     .login_id = maillog_at(l, i)->login_id };
	qsort(h, n, sizeof(*h), by_handed_in);
	for (size_t i = 0; i < n; i++) {
		const struct maillog_mail *m = &maillog_at(l, h[i].entry)->m;
		h[i].recipients_before = recipients;
		h[i].bounced_before = bounced;
		recipients += m->recipients;
		bounced += m->bounced;
	}
	h[n] = (struct maillog_handed_in){ .at = INT64_MAX, .login_id = UINT32_MAX, .recipients_before = recipients,
	                                   .bounced_before = bounced };
	l->handed_in = h;
	l->n_handed_in = n;
	return true;
}

/* --- times ----------------------------------------------------------------------------- */

static int by_first(const void *x, const void *y)
{
	const struct maillog_interval *a = x, *b = y;
	int c = order_time(a->first, b->first);

	return c ? c : order_time(a->last, b->last);
}

/* Files follow each other; between them it may be as quiet as it is within them. */
static bool sort_covered(struct maillog *l)
{
	const struct maillog_section *s = l->sections.items;
	struct maillog_interval *in = mem_alloc((l->sections.n + 1) * sizeof(*in));
	int64_t quiet = QUIET;
	size_t n = 0, merged = 0;

	if (!in)
		return false;
	for (size_t i = 0; i < l->sections.n; i++) {
		if (s[i].first >= 0)
			in[n++] = (struct maillog_interval){ s[i].first, s[i].last };
		if (s[i].silence > quiet)
			quiet = s[i].silence;
	}
	qsort(in, n, sizeof(*in), by_first);
	for (size_t i = 0; i < n; i++) {
		if (merged && in[i].first - in[merged - 1].last <= quiet) {
			if (in[i].last > in[merged - 1].last)
				in[merged - 1].last = in[i].last;
		} else {
			in[merged++] = in[i];
		}
	}
	l->covered = in;
	l->n_covered = merged;
	return true;
}

void maillog_index_unsort(struct maillog *l)
{
	mem_free(l->ids);
	mem_free(l->handed_in);
	mem_free(l->covered);
	l->ids = NULL;
	l->handed_in = NULL;
	l->covered = NULL;
	l->n_ids = l->n_handed_in = l->n_covered = 0;
	for (size_t i = 0; i < MAILLOG_TALLIES; i++) {
		mem_free(l->tallies[i].by_name);
		mem_free(l->tallies[i].by_net);
		l->tallies[i].by_name = l->tallies[i].by_net = NULL;
	}
}

bool maillog_index_sort(struct maillog *l)
{
	maillog_index_unsort(l);
	if (!sort_ids(l) || !sort_recipients(l) || !sort_handed_in(l) || !sort_covered(l))
		return false;
	for (size_t i = 0; i < MAILLOG_TALLIES; i++) {
		struct maillog_tally *t = &l->tallies[i];
		if (!(t->by_name = sort_points(t, false)) || !(t->by_net = sort_points(t, true)))
			return false;
	}
	return true;
}
