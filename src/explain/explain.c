/* explain.c - see explain.h */
#include "explain/explain.h"

#include "explain/frozen.h"

#define SHOWN_MAX 4u   /* From, Sender, Reply-To: names that a person sees */

/* --- what SMTP knew --- */

/* The server that noted what is given: it wrote the line about that client, if there is one. */
static struct bytes server_of(const struct handover *h, const struct ip *client)
{
	for (size_t i = 0; i < h->n_lines; i++)
		if (h->lines[i].has_ip && ip_same(&h->lines[i].from_ip, client))
			return h->lines[i].by;
	return (struct bytes){ NULL, 0 };
}

/* A server of ours noted it when the mail came in: facts, whatever the trace says. */
static void take_given(struct explain *x)
{
	const struct case_session *g = x->settings.given;
	struct handover *h = &x->handover;

	h->found = g->ip.family != 0;
	h->inferred = h->internal = false;
	h->has_ip = h->found;
	h->ip = g->ip;
	h->by = server_of(h, &g->ip);
	h->helo = g->helo;
	h->rdns = g->rdns;
	h->auth_user = g->login;
	h->authenticated = g->login.n > 0;
	h->time = g->time;
	h->note = "what the server noted when the mail came in";
	x->v->session = (struct verify_session){
		.ip = g->ip, .helo = g->helo, .mail_from = g->mail_from, .has_mail_from = g->has_mail_from,
		.rcpt_to = g->n_rcpt_to ? g->rcpt_to[0] : (struct bytes){ NULL, 0 },
	};
	x->session.time = g->time;
	x->session.rcpt_to = (struct session_value){ x->v->session.rcpt_to, "the session", true };
}

/* The header is complete: what did SMTP know? Signatures are judged as of the hand-over. */
static void recover(void *user, struct verify *v)
{
	struct explain *x = user;

	handover_find(&v->work, &v->header, &x->settings.trust, &x->handover);
	session_recover(&v->work, &v->header, &x->handover, &x->session);
	v->session = (struct verify_session){
		.ip = x->session.ip.ip,
		.helo = x->session.helo.text,
		.mail_from = x->session.mail_from.text,
		.has_mail_from = x->session.mail_from.source != NULL,
		.rcpt_to = x->session.rcpt_to.text,
	};
	if (x->settings.given && !x->settings.given->recovered)
		take_given(x);
	if (x->handover.found && x->handover.time >= 0)
		v->work.now = x->handover.time;
}

/* --- what can be read without asking --- */

/* The address that a bounce was sent to: with its tag, which the To field shows where the envelope is lost. */
static struct bytes bounced_to(struct explain *x)
{
	static const enum field_id where[] = { FIELD_X_ORIGINAL_TO, FIELD_DELIVERED_TO, FIELD_TO };
	struct verify *v = x->v;

	if (x->session.rcpt_to.text.n)
		return x->session.rcpt_to.text;
	for (size_t i = 0; i < ARRAY_LEN(where); i++) {
		const struct field *f = header_find(&v->header, where[i], 0);
		struct mailbox *m = NULL;
		if (f && address_list_read(&v->work, f->value, 1, &m) == 1 && !dname_is_none(m->domain))
			return arena_printf(v->work.arena, "%.*s@%.*s", BYTES_ARG(m->local), BYTES_ARG(m->domain.text));
	}
	return x->owner.address;
}

static bool read_bounce(struct explain *x)
{
	struct work *w = &x->v->work;

	if (!bounce_read(w, &x->v->header, x->message, &x->mime, &x->bounce))
		return false;
	if (x->bounce.kind == BOUNCE_NONE)
		return true;
	struct bounce_proof_input in = {
		.bounce = &x->bounce, .recipient = bounced_to(x), .domains = x->owner.domains, .n_domains = x->owner.n,
		.tags = x->settings.sources.tags, .dns_time = x->settings.today,
	};
	return bounce_proof_begin(w, &in, &x->proof);
}

static void add_shown(struct explain *x, struct lookalike_shown *shown, size_t *n, const char *where, const struct mailbox *m)
{
	struct arena *a = x->v->work.arena;

	if (*n == SHOWN_MAX)
		return;
	shown[(*n)++] = (struct lookalike_shown){
		.where = where, .display_name = mime_words(a, m->display_name), .domain = m->domain,
		.address = arena_printf(a, "%.*s@%.*s", BYTES_ARG(m->local), BYTES_ARG(m->domain.text)),
	};
}

/* The names that a person sees, against those of the owner. */
static bool read_names(struct explain *x)
{
	static const struct { enum field_id field; const char *where; } others[] = {
		{ FIELD_SENDER, "Sender" }, { FIELD_REPLY_TO, "Reply-To" },
	};
	const struct explain_sources *s = &x->settings.sources;
	struct verify *v = x->v;
	struct lookalike_shown shown[SHOWN_MAX];
	struct lookalike_ours ours = {
		.domains = x->owner.domains, .n_domains = x->owner.n, .addresses = x->owner.addresses,
		.n_addresses = x->owner.n, .names = s->names, .n_names = s->n_names,
	};
	size_t n = 0;

	if (!s->looks)
		return true;
	if (v->author.n)
		add_shown(x, shown, &n, "From", &v->author.candidates[0]);
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		const struct field *f = header_find(&v->header, others[i].field, 0);
		struct mailbox *m = NULL;
		if (f && address_list_read(&v->work, f->value, 1, &m) == 1 && !dname_is_none(m->domain))
			add_shown(x, shown, &n, others[i].where, m);
	}
	return lookalike_find(s->looks, v->work.arena, &ours, shown, n, &x->looks, &x->n_looks);
}

static bool read_risks(struct explain *x)
{
	struct risk_input in = {
		.header = &x->v->header, .mime = &x->mime, .tables = x->settings.sources.looks,
		.domains = x->owner.domains, .n_domains = x->owner.n,
	};

	return risk_find(&x->v->work, &in, &x->risks, &x->n_risks);
}

/* Nothing is ever reported to the domain that was forged, nor to the owner himself. */
static bool list_never(struct explain *x)
{
	struct verify *v = x->v;
	size_t room = x->owner.n + v->author.n;

	x->never = arena_array(v->work.arena, struct dname, room);
	if (!x->never)
		return false;
	for (size_t i = 0; i < x->owner.n; i++)
		x->never[x->n_never++] = x->owner.domains[i];
	for (size_t i = 0; i < v->author.n; i++)
		x->never[x->n_never++] = v->author.candidates[i].domain;
	return true;
}

static void init_askers(struct explain *x)
{
	const struct work *w = &x->v->work;
	uint32_t spf = work_limit(w, LIMIT_SPF_QUESTIONS);
	uint32_t keys = work_limit(w, LIMIT_DKIM_SIGNATURES);

	dns_asker_init(&x->askers[EXPLAIN_BOUNCE], x->v->book, spf + keys, work_limit(w, LIMIT_FORESEEN));
	dns_asker_init(&x->askers[EXPLAIN_CLAIM], x->v->book, spf, work_limit(w, LIMIT_FORESEEN));
	dns_asker_init(&x->askers[EXPLAIN_ORIGIN], x->v->book, work_limit(w, LIMIT_ORIGIN_QUESTIONS), 0);
}

bool explain_begin(struct explain *x, const struct explain_settings *settings, struct bytes message)
{
	struct verify_session none = { .mail_from = { NULL, 0 } };
	struct verify_settings vs = {
		.limits = settings->limits,
		.now = settings->today,
		.dns_time = settings->today,
		.spf_of_author = true,
		.recover = recover,
		.user = x,
	};

	*x = (struct explain){ .settings = *settings, .message = message };
	x->v = verify_new(&vs, &none);
	if (!x->v || !verify_whole(x->v, message) || !owner_find(x->v, settings->owners, settings->n_owners, &x->owner))
		return false;
	init_askers(x);
	claim_begin(&x->handover, &x->claim);
	return mime_read(&x->v->work, message, &x->mime) && read_bounce(x) && read_names(x) && read_risks(x) && list_never(x);
}

/* --- asking --- */

static enum check_state run_bounce(struct explain *x)
{
	if (x->bounce.kind == BOUNCE_NONE)
		return CHECK_DONE;
	return bounce_proof_check(&x->v->work, &x->askers[EXPLAIN_BOUNCE], &x->proof);
}

static enum check_state run_claim(struct explain *x)
{
	struct dname author = verify_author_domain(x->v);

	if (dname_is_none(author))
		return CHECK_DONE;
	return claim_check(&x->v->work, &x->askers[EXPLAIN_CLAIM], author, x->v->author.candidates[0].local,
	                   x->settings.today, &x->claim);
}

static enum check_state run_origin(struct explain *x)
{
	struct origin_input in = { .never = x->never, .n_never = x->n_never };

	if (x->handover.has_ip && !ip_is_local(&x->handover.ip))
		in.ip = x->handover.ip;
	return origin_check(&x->v->work, &x->askers[EXPLAIN_ORIGIN], &in, &x->origin);
}

enum check_state explain_run(struct explain *x)
{
	static enum check_state (*const run[EXPLAIN_CHECKS])(struct explain *x) = {
		[EXPLAIN_BOUNCE] = run_bounce, [EXPLAIN_CLAIM] = run_claim, [EXPLAIN_ORIGIN] = run_origin,
	};
	enum check_state s = verify_run(x->v);
	bool all = s == CHECK_DONE;

	for (size_t i = 0; i < EXPLAIN_CHECKS && s != CHECK_NO_MEMORY; i++) {
		if (x->done[i])
			continue;
		s = run[i](x);
		x->done[i] = s == CHECK_DONE;
		all = all && x->done[i];
	}
	if (s == CHECK_NO_MEMORY || arena_failed(x->v->work.arena))
		return CHECK_NO_MEMORY;
	return all ? CHECK_DONE : CHECK_WAITING;
}

static enum check_state run_all(void *user)
{
	return explain_run(user);
}

#define ASKERS (VERIFY_CHECKS + EXPLAIN_CHECKS)

static struct dns_pump_settings pump_settings(struct explain *x, struct dns_pump_asker askers[ASKERS])
{
	static const enum limit_id time[EXPLAIN_CHECKS] = {
		[EXPLAIN_BOUNCE] = LIMIT_DKIM_TIME, [EXPLAIN_CLAIM] = LIMIT_SPF_TIME, [EXPLAIN_ORIGIN] = LIMIT_ORIGIN_TIME,
	};
	struct work *w = &x->v->work;

	lookups_askers(x->v, askers);
	for (size_t i = 0; i < EXPLAIN_CHECKS; i++)
		askers[VERIFY_CHECKS + i] =
			(struct dns_pump_asker){ &x->askers[i], work_limit(w, time[i]), UINT64_C(1) << time[i] };
	return (struct dns_pump_settings){
		.work = w, .book = x->v->book, .askers = askers, .n = ASKERS, .run = run_all, .user = x,
	};
}

enum check_state explain_ask(struct explain *x, struct lookups *l)
{
	struct dns_pump_asker askers[ASKERS];
	struct dns_pump_settings s = pump_settings(x, askers);

	return lookups_pump(l, &s);
}

enum check_state explain_drive(struct explain *x, struct dns_resolver *r)
{
	struct dns_pump_asker askers[ASKERS];
	struct dns_pump_settings s = pump_settings(x, askers);

	s.resolver = r;
	return dns_pump_finish(&s);
}

/* --- judging --- */

/* Questions about the author, not one of which a server answered: as good as offline. */
static bool dns_was_silent(const struct dns_book *book)
{
	size_t asked = 0;

	for (size_t i = 0; i < dns_book_count(book); i++) {
		const struct dns_entry *e = dns_book_entry(book, i);
		if (e->answer && !dns_status_is_error(dns_answer_view(e->answer)->status))
			return false;
		asked += e->needed_by != 0;
	}
	return asked > 0;
}

bool explain_judge(struct explain *x)
{
	const struct explain_settings *s = &x->settings;
	struct arena *a = x->v->work.arena;
	struct trail_input trail = {
		.log = s->sources.log, .sent = s->sources.sent, .header = &x->v->header, .handover = &x->handover,
		.owner = &x->owner, .bounce = &x->bounce, .proof = &x->proof,
	};
	struct findings is = {
		.handover = &x->handover, .owner = &x->owner, .claim = &x->claim, .bounce = &x->bounce, .proof = &x->proof,
		.trail = &x->trail, .looks = x->looks, .n_looks = x->n_looks, .risks = x->risks, .n_risks = x->n_risks,
		.tags = s->sources.tags,
	};
	struct facts_input in = {
		.v = x->v, .is = &is, .trust = &s->trust, .today = s->today, .not_mine = s->sources.not_mine,
		.offline = s->offline || dns_was_silent(x->v->book),
	};

	trail_facts_gather(a, &trail, &x->trail);
	if (arena_failed(a) || !facts_gather(&in, &x->facts) ||
	    !evidence_collect(&x->facts, a, &x->evidence, &x->n_evidence))
		return false;
	if (s->frozen)
		frozen_apply(s->frozen, x->evidence, &x->n_evidence);
	x->verdict = verdict_of(&x->facts, x->evidence, x->n_evidence);
	return true;
}

void explain_end(struct explain *x)
{
	mime_end(&x->mime);
	verify_free(x->v);
	x->v = NULL;
}
