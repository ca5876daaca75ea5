/* trail_facts.c - see trail_facts.h */
#include "explain/trail_facts.h"

#define FOUND_MAX 16u /* mails of one Message-ID that are looked at */

static struct bytes message_id(struct arena *a, const struct header *h)
{
	const struct field *f = header_find(h, FIELD_MESSAGE_ID, 0);
	struct bytes id = f ? bytes_trim(field_unfold(a, f->value)) : (struct bytes){ NULL, 0 };

	if (id.n > 2 && id.p[0] == '<' && id.p[id.n - 1] == '>')
		id = bytes_sub(id, 1, id.n - 2);
	return id;
}

static bool near(int64_t a, int64_t b)
{
	return a >= 0 && b >= 0 && (a > b ? a - b : b - a) <= TRAIL_MATCH;
}

/* The queue id that a trusted server wrote into its Received line is no stranger's word. */
static const struct maillog_mail *by_queue_id(const struct trail_input *in)
{
	const struct handover *h = in->handover;

	for (size_t i = 0; i < h->n_trusted; i++) {
		const struct received *line = &h->lines[i];
		if (!line->id.n || !(line->parsed & RECEIVED_HAS_DATE))
			continue; /* short queue ids come again: without an instant they name nothing */
		const struct maillog_mail *m = maillog_by_queue_id_near(in->log, line->id, line->date.at);
		if (m && near(m->time, line->date.at))
			return m;
	}
	return NULL;
}

bool trail_learn_zone(struct maillog *log, struct arena *a, const struct limits *limits, const struct trust *trust,
                      struct bytes message)
{
	struct work w = { .arena = a, .limits = limits };
	struct header header = { 0 };
	struct handover h;

	header_index(&w, &header, message);
	handover_find(&w, &header, trust, &h);
	for (size_t i = 0; !arena_failed(a) && i < h.n_trusted && maillog_counts(log).zoneless; i++) {
		const struct received *line = &h.lines[i];
		if (line->id.n && (line->parsed & RECEIVED_HAS_DATE) && !maillog_learn_zone(log, line->id, line->date.at))
			return false;
	}
	return !maillog_counts(log).zoneless;
}

/* A Message-ID can be copied: only a mail of the same minutes counts, one that was handed in first. */
static const struct maillog_mail *by_message_id(const struct trail_input *in, struct bytes id)
{
	const struct maillog_mail *found[FOUND_MAX], *best = NULL;
	size_t n = id.n ? maillog_find(in->log, id, found, FOUND_MAX) : 0;

	for (size_t i = 0; i < n && i < FOUND_MAX; i++)
		if (near(found[i]->time, in->handover->time) && (!best || (found[i]->submitted && !best->submitted)))
			best = found[i];
	return best;
}

static void about_login(const struct trail_input *in, struct trail_facts *out)
{
	struct ip none = { .family = 0 };
	const struct maillog_mail *m = out->mail_by_owner ? out->mail : NULL;
	int64_t at = m ? m->time : in->handover->time;

	if (m) {
		maillog_login(in->log, m->login, &m->client, at, &out->login);
		out->owner_seen = out->submitted_near = true;
		return;
	}
	for (size_t i = 0; i < in->owner->n && at >= 0; i++) {
		struct maillog_login login;
		maillog_login(in->log, in->owner->addresses[i], in->handover->has_ip ? &in->handover->ip : &none, at, &login);
		if (login.known && !out->login.known)
			out->login = login;
		out->owner_seen = out->owner_seen || login.known;
		out->submitted_near =
			out->submitted_near || maillog_submitted_near(in->log, in->owner->addresses[i], at, TRAIL_AROUND);
	}
}

static void about_mail(struct arena *a, const struct trail_input *in, struct trail_facts *out)
{
	out->counts = maillog_counts(in->log);
	out->covers = in->handover->time >= 0 && maillog_covers(in->log, in->handover->time, TRAIL_AROUND);
	out->mail = by_queue_id(in);
	if (!out->mail)
		out->mail = by_message_id(in, message_id(a, in->header));
	out->mail_by_owner = out->mail && out->mail->submitted && owner_login(in->owner, out->mail->login);
	out->mail_from_outside = out->mail && !out->mail->submitted && !out->mail->local && out->mail->client.family != 0 &&
	                         !ip_is_local(&out->mail->client);
	about_login(in, out);
}

static bool went_to_any(const struct trail_input *in, const struct maillog_mail *m)
{
	for (size_t i = 0; i < in->bounce->n; i++)
		if (maillog_went_to(in->log, m, in->bounce->recipients[i].address) ||
		    maillog_went_to(in->log, m, in->bounce->recipients[i].original))
			return true;
	return false;
}

static bool copy_went_to_any(const struct trail_input *in, const struct sent_mail *copy)
{
	for (size_t i = 0; i < in->bounce->n; i++)
		if (sent_went_to(copy, in->bounce->recipients[i].address) || sent_went_to(copy, in->bounce->recipients[i].original))
			return true;
	return false;
}

/* Did a mail of that identifier leave with our log, and to that recipient? */
static void about_bounce_log(const struct trail_input *in, struct trail_facts *out)
{
	const struct maillog_mail *found[FOUND_MAX];
	size_t n = in->bounce->message_id.n ? maillog_find(in->log, in->bounce->message_id, found, FOUND_MAX) : 0;
	int64_t sent_at = in->proof && in->proof->date >= 0 ? in->proof->date : in->handover->time;

	for (size_t i = 0; i < n && i < FOUND_MAX; i++) {
		if (!found[i]->submitted && !found[i]->local)
			continue; /* came in from outside: no mail of ours */
		bool there = went_to_any(in, found[i]);
		if (!out->about || (there && !out->about_went_there)) {
			out->about = found[i];
			out->about_went_there = there;
		}
	}
	for (size_t i = 0; out->mail && i < n && i < FOUND_MAX; i++)
		out->local_bounce = out->local_bounce || (found[i]->bounce_queue_id.n && bytes_same(found[i]->bounce_queue_id, out->mail->queue_id));
	out->about_covers = sent_at >= 0 && maillog_covers(in->log, sent_at, TRAIL_AROUND);
}

void trail_facts_gather(struct arena *a, const struct trail_input *in, struct trail_facts *out)
{
	*out = (struct trail_facts){ .has_log = in->log != NULL, .has_sent = in->sent != NULL };
	if (in->log)
		about_mail(a, in, out);
	if (in->sent)
		out->copy = sent_find(in->sent, message_id(a, in->header));
	if (!in->bounce || in->bounce->kind == BOUNCE_NONE)
		return;
	if (in->log)
		about_bounce_log(in, out);
	if (in->sent && in->bounce->message_id.n)
		out->about_copy = sent_find(in->sent, in->bounce->message_id);
	out->about_copy_went_there = out->about_copy && copy_went_to_any(in, out->about_copy);
}
