/* explain.c - see explain.h */
#include "explain/explain.h"

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
	if (x->handover.found && x->handover.time >= 0)
		v->work.now = x->handover.time;
}

bool explain_begin(struct explain *x, const struct explain_settings *settings)
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

	*x = (struct explain){ .settings = *settings };
	x->v = verify_new(&vs, &none);
	return x->v != NULL;
}

bool explain_judge(struct explain *x)
{
	const struct explain_settings *s = &x->settings;
	struct facts_input in = {
		.v = x->v,
		.handover = &x->handover,
		.trust = &s->trust,
		.owners = s->owners,
		.n_owners = s->n_owners,
		.today = s->today,
		.offline = s->offline,
	};

	if (!facts_gather(&in, &x->facts) ||
	    !evidence_collect(&x->facts, x->v->work.arena, &x->evidence, &x->n_evidence))
		return false;
	x->verdict = verdict_of(&x->facts, x->evidence, x->n_evidence);
	return true;
}

void explain_end(struct explain *x)
{
	verify_free(x->v);
	x->v = NULL;
}
