/* verify_json.c - see verify_json.h */
#include "verify/verify_json.h"

#include "base/clock.h"
#include "base/idn.h"

json_t *verify_json_text(struct arena *a, struct bytes b)
{
	if (!b.p)
		return json_null();
	struct bytes clean = utf8_clean(a, b);
	return clean.p ? json_stringn((const char *)clean.p, clean.n) : NULL;
}

json_t *verify_json_word(const char *word)
{
	return word ? json_string(word) : json_null();
}

json_t *verify_json_name(struct dname d)
{
	static const char unknown[] = "\xef\xbf\xbd"; /* U+FFFD */
	char text[3 * DNAME_TEXT_MAX];
	size_t n = 0;

	if (dname_is_none(d))
		return json_null();
	for (size_t i = 0; i < d.text.n; i++) { /* a name may hold any byte but NUL (DNAME_WIRE) */
		uint8_t c = d.text.p[i];
		memcpy(text + n, c < 0x80 ? (const char *)&c : unknown, c < 0x80 ? 1 : 3);
		n += c < 0x80 ? 1 : 3;
	}
	return json_stringn(text, n);
}

static json_t *names(const struct dname *list, size_t n)
{
	json_t *out = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(out, verify_json_name(list[i]));
	return out;
}

static json_t *instant(int64_t t)
{
	char text[CLOCK_TEXT];

	return t < 0 ? json_null() : json_string(clock_rfc3339(t, text));
}

static json_t *spf_steps(struct arena *a, const struct spf_result *r)
{
	json_t *out = json_array();

	for (size_t i = 0; i < r->step_n; i++) {
		const struct spf_step *s = &r->steps[i];
		json_array_append_new(out, json_pack("{s:i, s:o, s:o, s:s, s:i, s:I}", "depth", (int)s->depth, "domain",
		                                     verify_json_name(s->domain), "term", verify_json_text(a, s->term),
		                                     "what", s->what, "lookups", (int)s->lookups, "offset",
		                                     (json_int_t)s->offset));
	}
	return out;
}

json_t *verify_json_spf(struct arena *a, const struct spf_result *r, bool no_session)
{
	bool matched = r->term.n > 0;
	json_t *o = json_pack("{s:s, s:o, s:o, s:o, s:i, s:i, s:o, s:o, s:o, s:o}",
	                      "result", spf_outcome_name(r->result),
	                      "domain", verify_json_name(r->domain),
	                      "term", matched ? verify_json_text(a, r->term) : json_null(),
	                      "path", names(r->path, r->path_n),
	                      "lookups", (int)r->lookups,
	                      "void_lookups", (int)r->void_lookups,
	                      "explanation", r->explanation.n ? verify_json_text(a, r->explanation) : json_null(),
	                      "error", no_session ? json_null() : verify_json_word(r->error),
	                      "error_at", r->error_at.n ? verify_json_text(a, r->error_at) : json_null(),
	                      "record", r->record.n ? verify_json_text(a, r->record) : json_null());

	if (o && no_session)
		json_object_set_new(o, "reason", json_string("no_session"));
	if (o && r->step_n)
		json_object_set_new(o, "steps", spf_steps(a, r));
	return o;
}

static json_t *weaknesses(uint32_t bits)
{
	json_t *out = json_array();

	for (size_t i = 0; i < DKIM_WEAKNESSES; i++)
		if (bits >> i & 1)
			json_array_append_new(out, json_string(dkim_weakness_rows[i].name));
	return out;
}

static json_t *dkim(struct verify *v)
{
	struct arena *a = v->work.arena;
	json_t *out = json_array();

	for (size_t i = 0; i < v->dkim.n; i++) {
		const struct dkim_result *r = &v->dkim.results[i];
		json_t *o = json_pack(
			"{s:s, s:o, s:o, s:s, s:i, s:o, s:o, s:o, s:b, s:b, s:b, s:o, s:o, s:s, s:I}",
			"result", dkim_outcome_name(r->result),
			"domain", verify_json_name(r->domain),
			"selector", verify_json_text(a, r->selector),
			"algorithm", dkim_algorithm_name(r->algorithm),
			"bits", (int)r->bits,
			"identity", verify_json_text(a, r->identity),
			"reason", verify_json_word(r->reason),
			"weaknesses", weaknesses(r->weaknesses),
			"aligned", (int)verify_dkim_aligned(v, i),
			"header_ok", (int)r->header_ok,
			"body_ok", (int)r->body_ok,
			"signed_at", instant(r->signed_at),
			"expires", instant(r->expires),
			"dnssec", dnssec_state_name(r->security),
			"offset", (json_int_t)(r->field ? r->field->offset : 0));
		json_array_append_new(out, o);
	}
	return out;
}

static json_t *arc(struct verify *v)
{
	const struct arc_result *r = &v->arc;
	json_t *sealers = json_array();

	for (size_t i = 0; i < r->n; i++) {
		const struct arc_set_result *s = &r->sets[i];
		json_array_append_new(sealers, json_pack("{s:i, s:o, s:o, s:o, s:b, s:b}", "instance", (int)s->instance,
		                                         "domain", verify_json_name(s->sealer), "selector",
		                                         verify_json_text(v->work.arena, s->selector), "results",
		                                         verify_json_text(v->work.arena, s->authres), "seal_ok",
		                                         (int)s->seal_ok, "message_ok", (int)s->message_ok));
	}
	return json_pack("{s:s, s:i, s:i, s:o, s:o, s:o}", "result", arc_outcome_name(r->result), "instance",
	                 (int)r->instance, "oldest_pass", (int)r->oldest_pass, "reason", verify_json_word(r->reason),
	                 "reason_instance", r->reason_instance ? json_integer(r->reason_instance) : json_null(),
	                 "sealers", sealers);
}

static json_t *policy(enum dmarc_policy p)
{
	return p == DMARC_POLICY_ABSENT ? json_null() : json_string(dmarc_policy_name(p));
}

static json_t *dmarc(struct verify *v)
{
	const struct dmarc_result *r = &v->dmarc;

	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:b, s:b, s:s, s:b, s:o, s:o, s:o, s:s}",
	                 "result", dmarc_outcome_name(r->result),
	                 "domain", verify_json_name(r->domain),
	                 "org_domain", verify_json_name(r->org_domain),
	                 "policy_domain", verify_json_name(r->policy_domain),
	                 "policy", policy(r->policy),
	                 "applied", policy(r->applied),
	                 "policy_tag", verify_json_word(r->policy_tag),
	                 "testing", (int)r->testing,
	                 "spf_aligned", (int)r->spf_aligned,
	                 "dkim_aligned", (int)r->dkim_aligned,
	                 "discovery", dmarc_discovery_name(r->discovery),
	                 "psl_differs", (int)dmarc_psl_differs(&v->dmarc_input, r),
	                 "psl_org_domain", verify_json_name(dmarc_psl_org(&v->dmarc_input, r)),
	                 "reason", verify_json_word(r->reason),
	                 "record", r->record.n ? verify_json_text(v->work.arena, r->record) : json_null(),
	                 "dnssec", dnssec_state_name(r->security));
}

static json_t *defects(const struct verify *v)
{
	const struct defects *d = &v->header.defects;
	json_t *out = json_array();

	for (size_t i = 0; i < d->n; i++) {
		const struct defect_row *row = &defect_rows[d->list[i].kind];
		json_array_append_new(out, json_pack("{s:s, s:I, s:s, s:b}", "name", row->name, "offset",
		                                     (json_int_t)d->list[i].offset, "text", row->text, "ambiguous",
		                                     (int)row->ambiguous));
	}
	return out;
}

static json_t *limits(const struct verify *v)
{
	json_t *out = json_array();

	for (size_t i = 0; i < LIMIT_COUNT; i++)
		if (v->work.reached >> i & 1)
			json_array_append_new(out, json_string(limit_rows[i].name));
	return out;
}

static json_t *dns(const struct verify *v)
{
	json_t *failed = json_array();
	json_int_t queries = 0;

	for (size_t i = 0; i < dns_book_count(v->book); i++) {
		const struct dns_entry *e = dns_book_entry(v->book, i);
		enum dns_status status = e->answer ? dns_answer_view(e->answer)->status : DNS_TIMEOUT;
		queries += e->sent;
		if (e->needed_by && dns_status_is_error(status))
			json_array_append_new(failed, json_pack("{s:o, s:s, s:s}", "name", verify_json_name(e->question.name),
			                                        "type", dns_type_name(e->question.type), "status",
			                                        dns_status_name(status)));
	}
	return json_pack("{s:I, s:i, s:o}", "queries", queries, "round_trips", (int)dns_book_rounds(v->book), "failed",
	                 failed);
}

json_t *verify_json(struct verify *v)
{
	struct arena *a = v->work.arena;
	struct dname author = verify_author_domain(v);
	json_t *o = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
	                      "author_domain", verify_json_name(author),
	                      "spf", verify_json_spf(a, &v->spf, v->no_session),
	                      "helo_spf", verify_json_spf(a, &v->helo_spf, v->no_session),
	                      "dkim", dkim(v),
	                      "arc", arc(v),
	                      "dmarc", dmarc(v),
	                      "defects", defects(v),
	                      "limits_reached", limits(v),
	                      "dns", dns(v));

	if (o && dname_is_none(author))
		json_object_set_new(o, "author_domains", names(v->authors, v->author.n));
	return o;
}
