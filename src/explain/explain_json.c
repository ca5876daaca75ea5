/* explain_json.c - the verdict as JSON; see explain.h and truefrom-explain(1) */
#include "base/clock.h"
#include "explain/advice_list.h"
#include "verify/verify_json.h"

static json_t *author(struct explain *x)
{
	const struct mailbox *m = x->facts.author;
	struct arena *a = x->v->work.arena;

	if (!m)
		return json_null();
	struct bytes address = arena_printf(a, "%.*s@%.*s", BYTES_ARG(m->local), BYTES_ARG(m->domain.text));
	return json_pack("{s:o, s:o, s:o}", "address", verify_json_text(a, address), "domain",
	                 verify_json_name(m->domain), "display_name",
	                 verify_json_text(a, mime_words(a, m->display_name)));
}

static json_t *handover(struct explain *x)
{
	const struct handover *h = &x->handover;
	struct arena *a = x->v->work.arena;
	char text[IP_TEXT], when[CLOCK_TEXT];

	if (!h->found)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:b}",
	                 "ip", h->has_ip ? json_string(ip_text(&h->ip, text)) : json_null(),
	                 "helo", verify_json_text(a, h->helo),
	                 "rdns", verify_json_text(a, h->rdns),
	                 "by", verify_json_text(a, h->by),
	                 "time", h->time >= 0 ? json_string(clock_rfc3339(h->time, when)) : json_null(),
	                 "inferred", (int)h->inferred);
}

static json_t *evidence(struct explain *x)
{
	struct arena *a = x->v->work.arena;
	json_t *out = json_array();

	for (size_t i = 0; i < x->n_evidence; i++) {
		const struct evidence *e = &x->evidence[i];
		json_array_append_new(out, json_pack("{s:s, s:s, s:s, s:o, s:o, s:s, s:b}", "id", e->row->id, "points_to",
		                                     points_to_name(e->row->points_to), "strength",
		                                     strength_name(e->strength), "source", verify_json_text(a, e->source),
		                                     "text", verify_json_text(a, e->text), "fooled_by", e->row->fooled_by,
		                                     "frozen", (int)e->frozen));
	}
	return out;
}

/* What passing signatures leave open, once each, over all of them. */
static json_t *weaknesses(struct explain *x)
{
	const struct dkim_set *set = &x->v->dkim;
	json_t *out = json_array();

	for (size_t w = 0; w < DKIM_WEAKNESSES; w++)
		for (size_t i = 0; i < set->n; i++)
			if (set->results[i].weaknesses >> w & 1) {
				json_array_append_new(out, json_pack("{s:s, s:s}", "name", dkim_weakness_rows[w].name, "text",
				                                     dkim_weakness_rows[w].text));
				break;
			}
	return out;
}

static json_t *lookalikes(struct explain *x)
{
	struct arena *a = x->v->work.arena;
	json_t *out = json_array();

	for (size_t i = 0; i < x->n_looks; i++) {
		const struct lookalike *l = &x->looks[i];
		json_array_append_new(out, json_pack("{s:s, s:o, s:o, s:o}", "kind", lookalike_kind_name(l->kind), "where",
		                                     verify_json_text(a, l->where), "shown", verify_json_text(a, l->shown),
		                                     "imitates", l->imitates.n ? verify_json_text(a, l->imitates) : json_null()));
	}
	return out;
}

static json_t *risks(struct explain *x)
{
	struct arena *a = x->v->work.arena;
	json_t *out = json_array();

	for (size_t i = 0; i < x->n_risks; i++) {
		const struct risk *r = &x->risks[i];
		json_array_append_new(out, json_pack("{s:s, s:s, s:o, s:o, s:i}", "kind", risk_rows[r->kind].name, "meaning",
		                                     risk_rows[r->kind].meaning, "what", verify_json_text(a, r->what), "target",
		                                     r->target.n ? verify_json_text(a, r->target) : json_null(), "more",
		                                     (int)r->more));
	}
	return out;
}

static json_t *text_or_null(struct arena *a, struct bytes b)
{
	return b.n ? verify_json_text(a, b) : json_null();
}

static json_t *recipients(struct explain *x)
{
	struct arena *a = x->v->work.arena;
	json_t *out = json_array();

	for (size_t i = 0; i < x->bounce.n; i++) {
		const struct bounce_recipient *r = &x->bounce.recipients[i];
		json_array_append_new(out, json_pack("{s:o, s:o, s:s, s:o, s:i, s:b, s:o}", "address", text_or_null(a, r->address),
		                                     "original", text_or_null(a, r->original), "action",
		                                     bounce_action_name(r->action), "status", text_or_null(a, r->status),
		                                     "reply_code", (int)r->reply_code, "hard", (int)r->hard, "diagnostic",
		                                     text_or_null(a, r->diagnostic)));
	}
	return out;
}

/* null for an ordinary mail. */
static json_t *bounce(struct explain *x)
{
	struct arena *a = x->v->work.arena;
	const struct bounce *b = &x->bounce;

	if (b->kind == BOUNCE_NONE)
		return json_null();
	return json_pack("{s:s, s:o, s:b, s:o, s:o, s:o, s:o, s:o}", "kind", bounce_kind_name(b->kind),
	                 "why", verify_json_word(b->why), "machine", (int)b->machine,
	                 "reporting_mta", text_or_null(a, b->reporting_mta), "message_id", text_or_null(a, b->message_id),
	                 "feedback_type", text_or_null(a, b->feedback_type), "author", text_or_null(a, x->proof.author),
	                 "recipients", recipients(x));
}

/* null where the tables did not answer. */
static json_t *origin(struct explain *x)
{
	struct arena *a = x->v->work.arena;
	const struct origin *o = &x->origin;
	json_t *contacts = json_array();

	for (size_t i = 0; i < o->n_contacts; i++)
		json_array_append_new(contacts, verify_json_text(a, o->contacts[i]));
	if (!o->known && o->n_contacts == 0) {
		json_decref(contacts);
		return json_null();
	}
	return json_pack("{s:I, s:o, s:o, s:o, s:o}", "asn", (json_int_t)o->asn, "prefix", text_or_null(a, o->prefix),
	                 "country", text_or_null(a, o->country), "as_name", text_or_null(a, o->as_name), "contacts", contacts);
}

static json_t *actions(struct explain *x)
{
	struct arena *a = x->v->work.arena;
	json_t *out = json_array();
	struct advice *list;
	size_t n;

	advice_list(x, &list, &n);
	for (size_t i = 0; i < n; i++)
		json_array_append_new(out, json_pack("{s:s, s:o}", "id", list[i].row->id, "text",
		                                     verify_json_text(a, list[i].text)));
	return out;
}

json_t *explain_json(struct explain *x)
{
	struct arena *a = x->v->work.arena;
	json_t *checks = verify_json(x->v);
	json_t *o = json_pack("{s:s, s:s, s:s, s:o, s:b, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
	                      "verdict", verdict_name(x->verdict.kind),
	                      "confidence", strength_name(x->verdict.confidence),
	                      "rule", x->verdict.rule,
	                      "owner", x->facts.owner.n ? verify_json_text(a, x->facts.owner) : json_null(),
	                      "owner_guessed", (int)x->facts.owner_guessed,
	                      "author", author(x),
	                      "handover", handover(x),
	                      "evidence", evidence(x),
	                      "settle", x->verdict.settle,
	                      "actions", actions(x),
	                      "weaknesses", weaknesses(x),
	                      "lookalikes", lookalikes(x),
	                      "risks", risks(x),
	                      "bounce", bounce(x),
	                      "origin", origin(x),
	                      "age_days", x->facts.age_days >= 0 ? json_integer(x->facts.age_days) : json_null());

	if (!o || !checks || json_object_update(o, checks) != 0) {
		json_decref(o);
		o = NULL;
	}
	json_decref(checks);
	return o;
}
