/* maillog_add.c - what each kind of line adds to the index; see maillog_index.h */
#include "trail/maillog_index.h"

#define RECIPIENTS_A_MAIL 4u /* on average, for the cap */

struct step {
	struct maillog *l;
	struct maillog_section *section;
	const struct maillog_frame *f;
	const struct maillog_event *ev;
	struct maillog_entry *e; /* for lines with a queue id */
};

static bool note_login(struct step *s, int which, uint32_t number)
{
	struct maillog *l = s->l;
	struct maillog_tally *t = &l->tallies[which];
	uint64_t times = (uint64_t)number * s->ev->times;
	struct maillog_tally_row row = {
		.at = s->f->time, .net = maillog_net(&s->ev->client), .zoned = s->f->zoned,
		.count = times > UINT32_MAX ? UINT32_MAX : (uint32_t)times,
	};

	bool refused = which == MAILLOG_TALLY_REFUSED || which == MAILLOG_TALLY_BY_AUTH;

	if (refused && t->full)
		return true; /* guessers may type any number of names: they shall not fill the memory */
	if (!maillog_intern(l, s->ev->login, &row.name) || !maillog_count(l, t, row))
		return false;
	l->cut |= !refused && t->full;
	if (refused) {
		l->refused.tally = which;
		l->refused.name = row.name;
		l->refused.net = row.net;
		l->refused.at = row.at;
		l->refused.zoned = row.zoned;
		l->refused.set = true;
	}
	return true;
}

static bool on_client(struct step *s)
{
	struct maillog_entry *e = s->e;

	if (s->ev->login.n && !s->section->stated)
		s->section->submissions++;
	if (e && !e->origin) {
		e->origin = true;
		e->m.time = s->f->time;
		e->m.client = s->ev->client;
		e->m.client_name = maillog_keep(s->l, s->ev->client_name);
		e->m.submitted = s->ev->login.n > 0;
		e->m.login = maillog_keep(s->l, s->ev->login);
		if (!maillog_intern(s->l, s->ev->login, &e->login_id))
			return false;
	}
	return !s->ev->login.n || note_login(s, MAILLOG_TALLY_ACCEPTED, 1);
}

static bool on_pickup(struct step *s)
{
	struct maillog_entry *e = s->e;

	if (e && !e->origin) {
		e->origin = true;
		e->m.time = s->f->time;
		e->m.local = true;
		e->m.uid = s->ev->number;
		e->m.from = maillog_keep(s->l, s->ev->from);
	}
	return true;
}

static bool on_message_id(struct step *s)
{
	if (s->e && s->e->m.message_id.n == 0)
		s->e->m.message_id = maillog_keep(s->l, s->ev->message_id);
	return true;
}

static bool on_queued(struct step *s)
{
	struct maillog_entry *e = s->e;

	if (e && e->m.recipients == 0)
		e->m.from = maillog_keep(s->l, s->ev->from);
	if (e && s->ev->recipients > e->m.recipients) /* of those that wait, only the rest is told again */
		e->m.recipients = s->ev->recipients;
	return true;
}

static bool on_removed(struct step *s)
{
	if (s->e)
		s->e->removed = true;
	return true;
}

static bool add_recipient(struct maillog *l, const struct maillog_entry *e, struct bytes address)
{
	uint64_t key = maillog_recipient_key((uint32_t)(e - maillog_at(l, 0)), maillog_address_hash(l, address));

	if (address.n == 0)
		return true;
	if (l->recipients.n >= (size_t)l->limits.v[LIMIT_LOG_MAILS] * RECIPIENTS_A_MAIL) {
		l->cut = true;
		return true;
	}
	return maillog_push(&l->recipients, &key, sizeof(key));
}

static bool on_delivery(struct step *s)
{
	struct maillog_entry *e = s->e;

	if (!e)
		return true;
	e->m.sent += s->ev->status == MAILLOG_SENT;
	e->m.bounced += s->ev->status == MAILLOG_BOUNCED;
	e->m.deferred += s->ev->status == MAILLOG_DEFERRED;
	return add_recipient(s->l, e, s->ev->to) && add_recipient(s->l, e, s->ev->orig_to);
}

static bool on_notice(struct step *s)
{
	if (s->e)
		s->e->m.bounce_queue_id = maillog_keep(s->l, s->ev->other_id);
	return true;
}

static bool on_accepted(struct step *s)
{
	if (s->ev->submission && !s->section->stated)
		s->section->submissions++;
	return note_login(s, MAILLOG_TALLY_ACCEPTED, 1) &&
	       (!s->ev->submission || note_login(s, MAILLOG_TALLY_HANDED_IN, 1));
}

static bool on_refused(struct step *s)
{
	return note_login(s, MAILLOG_TALLY_REFUSED, s->ev->number);
}

static bool on_refused_by_auth(struct step *s)
{
	return note_login(s, MAILLOG_TALLY_BY_AUTH, s->ev->number);
}

static bool on_unknown_user(struct step *s)
{
	if (!s->section->stated)
		s->section->backscatter += s->ev->times;
	return true;
}

static bool on_saved(struct step *s)
{
	struct maillog *l = s->l;
	struct maillog_saved saved = {
		.id = bytes_hash(bytes_sub(s->ev->message_id, 0, MAILLOG_TEXT_MAX), l->seed),
		.recipient = maillog_address_hash(l, s->ev->login), .at = s->f->time,
	};

	if (l->saved.n >= l->limits.v[LIMIT_LOG_MAILS]) {
		l->cut = true;
		return true;
	}
	return maillog_push(&l->saved, &saved, sizeof(saved));
}

/* The time is that of the line before: between its first and last time nothing more is known. */
static bool on_again(struct step *s)
{
	struct maillog *l = s->l;

	if (!l->refused.set)
		return true;
	l->refused.set = false;
	return maillog_count(l, &l->tallies[l->refused.tally],
	             (struct maillog_tally_row){ .at = l->refused.at, .net = l->refused.net, .name = l->refused.name,
	                                         .count = s->ev->times, .zoned = l->refused.zoned });
}

static const struct {
	bool (*on)(struct step *s);
	bool has_entry, origin; /* the line is of a mail; it begins one */
} steps[MAILLOG_KINDS] = {
	[MAILLOG_CLIENT] = { on_client, true, true },
	[MAILLOG_PICKUP] = { on_pickup, true, true },
	[MAILLOG_MESSAGE_ID] = { on_message_id, true },
	[MAILLOG_QUEUED] = { on_queued, true },
	[MAILLOG_REMOVED] = { on_removed, true },
	[MAILLOG_DELIVERY] = { on_delivery, true },
	[MAILLOG_NOTICE] = { on_notice, true },
	[MAILLOG_ACCEPTED] = { on_accepted },
	[MAILLOG_REFUSED] = { on_refused },
	[MAILLOG_REFUSED_BY_AUTH] = { on_refused_by_auth },
	[MAILLOG_UNKNOWN_USER] = { on_unknown_user },
	[MAILLOG_SAVED] = { on_saved },
	[MAILLOG_AGAIN] = { on_again },
};

bool maillog_index_add(struct maillog *l, const struct maillog_frame *frame, const struct maillog_event *ev)
{
	struct step s = { .l = l, .f = frame, .ev = ev };

	assert(l->sections.n);
	s.section = (struct maillog_section *)l->sections.items + (l->sections.n - 1);
	if (ev->kind != MAILLOG_AGAIN)
		l->refused.set = false;
	if (steps[ev->kind].has_entry) {
		if (!maillog_entry_for(l, frame, ev, steps[ev->kind].origin, &s.e))
			return false;
		if (s.e && frame->time < s.e->first)
			s.e->first = frame->time;
		if (s.e && frame->time > s.e->last)
			s.e->last = frame->time;
		if (s.e && !s.e->origin)
			s.e->m.time = s.e->first;
	}
	return steps[ev->kind].on(&s);
}
