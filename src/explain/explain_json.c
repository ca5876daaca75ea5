/* explain_json.c - the verdict as JSON; see explain.h and truefrom-explain(1) */
#include "base/clock.h"
#include "explain/explain.h"
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
	                 verify_json_text(a, display_name_decode(a, m->display_name)));
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
		json_array_append_new(out, json_pack("{s:s, s:s, s:s, s:o, s:o, s:s}", "id", e->row->id, "points_to",
		                                     points_to_name(e->row->points_to), "strength",
		                                     strength_name(e->strength), "source", verify_json_text(a, e->source),
		                                     "text", verify_json_text(a, e->text), "fooled_by", e->row->fooled_by));
	}
	return out;
}

static json_t *actions(struct explain *x)
{
	json_t *out = json_array();

	for (size_t i = 0; i < advice_row_count; i++)
		if (advice_applies(i, &x->verdict, &x->facts))
			json_array_append_new(out, json_pack("{s:s, s:s}", "id", advice_rows[i].id, "text", advice_rows[i].text));
	return out;
}

json_t *explain_json(struct explain *x)
{
	struct arena *a = x->v->work.arena;
	json_t *o = json_pack("{s:s, s:s, s:s, s:o, s:b, s:o, s:o, s:o, s:s, s:o, s:o}",
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
	                      "age_days", x->facts.age_days >= 0 ? json_integer(x->facts.age_days) : json_null());
	json_t *checks = verify_json(x->v);

	if (!o || !checks || json_object_update_new(o, checks) != 0) {
		json_decref(o);
		return NULL;
	}
	return o;
}
