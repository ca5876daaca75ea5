/* session.c - see session.h */
#include "verify/session.h"

#include "mail/authres.h"
#include "mail/lex.h"
#include "mail/received_spf.h"

struct recovery {
	struct work *w;
	const struct header *h;
	const struct handover *ho;
	struct session s;
};

static void set(struct session_value *v, struct bytes text, const char *source, bool fact)
{
	if (!v->source)
		*v = (struct session_value){ text.p ? text : B(""), source, fact };
}

/* A path as it stands in a field: "<x@y> (remark)" without what is around it. What does not begin
 * with a bracket is taken whole, for the address parser to judge. */
static struct bytes path_text(struct recovery *r, struct bytes value)
{
	struct bytes text = field_unfold(r->w->arena, value);
	struct lex lx = lex_of(text);
	struct token t = lex_next_bare(&lx, "");

	if (t.kind == LEX_WORD && t.text.n >= 2 && t.text.p[0] == '<' && t.text.p[t.text.n - 1] == '>')
		return bytes_sub(t.text, 1, t.text.n - 2);
	return text;
}

static bool above(const struct recovery *r, const struct field *f)
{
	return r->ho->found && (size_t)(f - r->h->fields) < r->ho->field_index;
}

/* --- one function a source, the best first ------------------------------------------------- */

static void from_trace(struct recovery *r)
{
	const struct handover *ho = r->ho;
	size_t first = ho->spf_index < ho->n_lines ? ho->spf_index : ho->received_index;

	for (size_t i = first + 1; i > 0; i--) { /* the line itself, then those above it */
		const struct received *l = &ho->lines[i - 1];
		if (l->envelope_from.p)
			set(&r->s.mail_from, l->envelope_from,
			    "the envelope sender in a Received line of a trusted server", true);
		if (l->recipient.n)
			set(&r->s.rcpt_to, l->recipient,
			    "the recipient in a Received line of a trusted server", true);
	}
}

static void from_return_path(struct recovery *r)
{
	const struct field *f = header_find(r->h, FIELD_RETURN_PATH, 0);

	if (!f)
		return;
	if (above(r, f))
		set(&r->s.mail_from, path_text(r, f->value), "the Return-Path field, written at delivery", true);
}

static void from_received_spf(struct recovery *r)
{
	const struct field *f = header_find(r->h, FIELD_RECEIVED_SPF, 0);
	struct received_spf spf;

	if (!f || !above(r, f) || !received_spf_parse(r->w->arena, f->value, &spf))
		return;
	if (spf.envelope_from.p)
		set(&r->s.mail_from, spf.envelope_from, "the Received-SPF field of a trusted server", true);
}

static void from_authres(struct recovery *r)
{
	struct authres ar;

	for (size_t i = 0; i < r->ho->n_authres; i++) {
		const struct authres_result *spf;
		if (!authres_parse(r->w, r->h->fields[r->ho->authres[i]].value, &ar))
			continue;
		spf = authres_find(&ar, "spf", 0);
		struct bytes from = spf ? authres_value(spf, "smtp", "mailfrom") : (struct bytes){ NULL, 0 };
		if (bytes_eq(from, "<>"))
			from.n = 0;
		if (from.n && !bytes_has(from, '@')) /* a bare domain: as RFC 7208 section 4.3 completes it */
			from = arena_printf(r->w->arena, "postmaster@%.*s", BYTES_ARG(from));
		if (from.p)
			set(&r->s.mail_from, from,
			    "the Authentication-Results of a trusted server", true);
	}
}

/* What the sender may have typed: better than nothing, and said to be so. */
static void from_claims(struct recovery *r)
{
	const struct field *f = header_find(r->h, FIELD_RETURN_PATH, 0);

	if (f)
		set(&r->s.mail_from, path_text(r, f->value),
		    "a Return-Path field that anybody may have typed", false);
}

static void from_delivery(struct recovery *r)
{
	static const enum field_id where[] = { FIELD_X_ORIGINAL_TO, FIELD_DELIVERED_TO };

	for (size_t i = 0; i < ARRAY_LEN(where); i++) {
		const struct field *f = header_find(r->h, where[i], 0);
		if (f && above(r, f))
			set(&r->s.rcpt_to, path_text(r, f->value),
			    "the field that notes the delivery", true);
	}
}

static void from_client(struct recovery *r)
{
	static const char at_handover[] = "the Received line at the hand-over";
	static const char inside[] = "the Received line of the trusted server that took it from another one";
	const struct handover *ho = r->ho;
	const char *source = ho->spf_index == ho->received_index ? at_handover : inside;

	r->s.time = ho->time;
	r->s.tls = ho->lines[ho->received_index].tls;
	r->s.authenticated = ho->authenticated;
	if (ho->auth_user.n)
		set(&r->s.auth_user, ho->auth_user, at_handover, true);
	if (ho->spf_index == ho->n_lines)
		return;
	const struct received *l = &ho->lines[ho->spf_index];
	r->s.ip = (struct session_ip){ l->from_ip, source, true };
	if (l->rdns.n)
		set(&r->s.rdns, l->rdns, source, true);
	if (l->from_name.n)
		set(&r->s.helo, l->from_name, source, true);
}

void session_recover(struct work *w, const struct header *h, const struct handover *ho,
                     struct session *out)
{
	struct recovery r = { .w = w, .h = h, .ho = ho, .s = { .time = -1 } };

	if (ho->found) {
		from_client(&r);
		from_trace(&r);
		from_return_path(&r);
		from_received_spf(&r);
		from_authres(&r);
		from_delivery(&r);
	}
	from_claims(&r);
	*out = r.s;
}
