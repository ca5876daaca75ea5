/* explain_case.c - see explain_case.h */
#include "explain/explain_case.h"

#include "explain/frozen.h"

#define TEXT_MAX (256u << 20) /* bytes of one text of a case */

/* --- from a session to settings --- */

static bool refuse(struct explain_case_err *err, const char *what, struct bytes text, const char *remedy)
{
	*err = (struct explain_case_err){ what, text, remedy };
	return false;
}

static bool read_trust(struct arena *a, const struct case_session *s, struct trust *out, struct explain_case_err *err)
{
	struct ip_net *nets = arena_array(a, struct ip_net, s->n_trust);
	struct dname *hosts = arena_array(a, struct dname, s->n_trust);

	if (!nets || !hosts)
		return refuse(err, NULL, (struct bytes){ NULL, 0 }, NULL);
	*out = (struct trust){ .networks = nets, .hosts = hosts, .authserv_ids = s->trust_authserv,
	                       .n_authserv_ids = s->n_trust_authserv };
	for (size_t i = 0; i < s->n_trust; i++) {
		if (ip_net_parse(s->trust[i], &nets[out->n_networks]))
			out->n_networks++;
		else if (dname_parse(a, s->trust[i], DNAME_HOST, &hosts[out->n_hosts], NULL))
			out->n_hosts++;
		else
			return refuse(err, "trust", s->trust[i],
			              "it takes a name like mx.example.net, an address or a network like 192.0.2.0/24");
	}
	return true;
}

static bool read_owners(struct arena *a, const struct case_session *s, struct explain_case_err *err)
{
	struct path path;

	for (size_t i = 0; i < s->n_owner; i++)
		if (!path_parse(a, s->owner[i], &path, NULL) || dname_is_none(path.domain))
			return refuse(err, "owner", s->owner[i], "write it like alice@example.org");
	return true;
}

static bool read_limits(const struct case_session *s, struct limits *limits, struct explain_case_err *err)
{
	size_t bad;

	return case_session_take_limits(s, limits, &bad) ||
	       refuse(err, "limit", s->limit[bad], "write NAME=N; truefrom(1) lists names and bounds");
}

bool explain_case_settings(struct arena *a, const struct case_session *s, struct limits *limits,
                           struct explain_settings *out, struct explain_case_err *err)
{
	struct explain_settings settings = {
		.limits = limits, .owners = s->owner, .n_owners = s->n_owner, .offline = s->offline,
		.today = s->today >= 0 ? s->today : s->time,
		.sources = { .names = s->name, .n_names = s->n_name, .not_mine = s->not_mine },
		.given = s->ip.family && !s->recovered ? s : NULL,
	};

	if (!read_trust(a, s, &settings.trust, err) || !read_owners(a, s, err) || !read_limits(s, limits, err))
		return false;
	*out = settings;
	return true;
}

/* --- from a judged message to a case --- */

static bool trust_words(struct arena *a, const struct trust *t, struct case_session *s)
{
	char text[IP_TEXT];

	s->trust = arena_array(a, struct bytes, t->n_networks + t->n_hosts);
	if (!s->trust)
		return false;
	for (size_t i = 0; i < t->n_networks; i++)
		s->trust[s->n_trust++] = arena_printf(a, "%s/%u", ip_text(&t->networks[i].ip, text), t->networks[i].bits);
	for (size_t i = 0; i < t->n_hosts; i++)
		s->trust[s->n_trust++] = t->hosts[i].text;
	return true;
}

/* A list that is only read, as the session's own lists are not. */
static struct bytes *list_of(const struct bytes *items)
{
	return (struct bytes *)(uintptr_t)items;
}

static bool make_session(struct explain *x, struct case_session *out)
{
	const struct explain_settings *set = &x->settings;
	struct arena *a = x->v->work.arena;
	struct bytes *rcpt = arena_one(a, struct bytes);
	bool given = set->given != NULL;

	if (!rcpt)
		return false;
	*rcpt = x->v->session.rcpt_to;
	struct case_session s = {
		.ip = x->v->session.ip, .helo = x->v->session.helo, .rdns = x->handover.rdns, .login = x->handover.auth_user,
		.mail_from = x->v->session.mail_from, .has_mail_from = x->v->session.has_mail_from,
		.rcpt_to = rcpt, .n_rcpt_to = rcpt->n > 0, .time = x->handover.time, .recovered = !given, .today = set->today,
		.owner = list_of(set->owners), .n_owner = set->n_owners,
		.trust_authserv = list_of(set->trust.authserv_ids), .n_trust_authserv = set->trust.n_authserv_ids,
		.name = list_of(set->sources.names), .n_name = set->sources.n_names,
		.offline = set->offline, .not_mine = set->sources.not_mine,
	};
	if (!trust_words(a, &set->trust, &s) || !case_session_put_limits(a, set->limits, &s))
		return false;
	*out = s;
	return true;
}

/* The lines that were used: of this mail and of the one that a bounce is about, and of the owner's log-ins. */
static bool add_logs(struct explain *x, const char *const *logs, size_t n_logs, struct buf *out, char *why, size_t size)
{
	struct arena *a = x->v->work.arena;
	struct bytes ids[4], *logins = arena_array(a, struct bytes, 2 * x->owner.n + 1);
	size_t n_ids = 0, n_logins = 0;

	if (!logins)
		return false;
	if (x->trail.mail) {
		ids[n_ids++] = x->trail.mail->message_id;
		ids[n_ids++] = x->trail.mail->queue_id;
	}
	if (x->trail.about)
		ids[n_ids++] = x->trail.about->message_id;
	for (size_t i = 0; i < x->owner.n; i++) {
		logins[n_logins++] = x->owner.addresses[i];
		logins[n_logins++] = bytes_sub(x->owner.addresses[i], 0, bytes_find(x->owner.addresses[i], '@', 0));
	}
	if (x->trail.mail && x->trail.mail->login.n)
		logins[n_logins++] = x->trail.mail->login;
	for (size_t i = 0; i < n_logs; i++)
		if (!maillog_excerpt_of(x->settings.sources.log, logs[i], ids, n_ids, logins, n_logins, out, why, size))
			return false;
	return true;
}

static void add_sent(const struct sent_mail *m, struct buf *out)
{
	if (!m)
		return;
	buf_adds(out, "From MAILER-DAEMON Thu Jan  1 00:00:00 1970\n");
	buf_add(out, m->header);
	if (m->header.n && m->header.p[m->header.n - 1] != '\n')
		buf_adds(out, "\n");
	buf_adds(out, "\n\n");
}

/* What the keys showed, for a replay that does not have them. */
static void freeze_tags(const struct explain *x, struct buf *out)
{
	for (size_t i = 0; i < x->n_evidence; i++)
		if (x->evidence[i].row->needs == NEEDS_TAGS)
			frozen_write(out, &x->evidence[i], 1, NULL, 0);
}

static struct bytes text_if(const struct buf *b, bool there)
{
	return there ? (struct bytes){ b->n ? b->p : (const uint8_t *)"", b->n } : (struct bytes){ NULL, 0 };
}

bool explain_case_make(struct explain *x, const char *const *logs, size_t n_logs, struct explain_case_texts *texts,
                       struct case_folder *out, char *why, size_t size)
{
	struct case_folder c = { .message = x->message };

	buf_init(&texts->zone, TEXT_MAX);
	buf_init(&texts->log, TEXT_MAX);
	buf_init(&texts->sent, TEXT_MAX);
	buf_init(&texts->frozen, TEXT_MAX);
	snprintf(why, size, "out of memory");
	if (!make_session(x, &c.session) || !case_zone_write(&texts->zone, x->v->book) ||
	    !add_logs(x, logs, n_logs, &texts->log, why, size))
		return false;
	add_sent(x->trail.copy, &texts->sent);
	add_sent(x->trail.about_copy, &texts->sent);
	freeze_tags(x, &texts->frozen);
	if (texts->sent.failed || texts->frozen.failed || arena_failed(x->v->work.arena))
		return false;
	c.zone = text_if(&texts->zone, true);
	c.log = text_if(&texts->log, n_logs > 0);
	c.sent = text_if(&texts->sent, x->settings.sources.sent != NULL);
	c.frozen = text_if(&texts->frozen, texts->frozen.n > 0);
	*out = c;
	return true;
}

void explain_case_end(struct explain_case_texts *texts)
{
	buf_free(&texts->zone);
	buf_free(&texts->log);
	buf_free(&texts->sent);
	buf_free(&texts->frozen);
}
