/* bounce_proof.c - see bounce_proof.h
 *
 * Everything but keys and SPF is known at once, so it is read at the beginning.
 * What a bounce holds is text that anybody can have written: it decides which of
 * our own names are asked for, never that another's is. */
#include "bounce/bounce_proof.h"

#include "bounce/returned.h"
#include "dmarc/psl.h"
#include "mail/address.h"
#include "verify/handover.h"

struct proof_state {
	struct spf_input spf;
	bool spf_done;
	bool *ours; /* parallel to the signatures: of a domain of ours */
};

static const char reason_stranger[] = "a signature of somebody else's domain: its key is not asked for";

/* --- names of ours ------------------------------------------------------------ */

static bool is_ours(const struct bounce_proof_input *in, struct dname d)
{
	for (size_t i = 0; i < in->n_domains; i++)
		if (dname_within(d, in->domains[i]))
			return true;
	return false;
}

/* One of ours, or above or below it in the same organization: those sign for each other. */
static bool signs_for_us(const struct bounce_proof_input *in, struct dname d)
{
	struct dname org = psl_registrable(psl_list_builtin(), d);

	for (size_t i = 0; i < in->n_domains; i++) {
		struct dname own = in->domains[i];
		if (dname_same(d, own))
			return true;
		bool line = dname_within(d, own) || dname_within(own, d);
		if (line && !dname_is_none(org) && dname_same(org, psl_registrable(psl_list_builtin(), own)))
			return true;
	}
	return false;
}

/* The same for a name as a Received line has it, unchecked. */
static bool names_ours(const struct bounce_proof_input *in, struct bytes host)
{
	for (size_t i = 0; i < in->n_domains; i++) {
		struct bytes own = in->domains[i].text;
		if (own.n == 0 || host.n < own.n || !bytes_isame(bytes_from(host, host.n - own.n), own))
			continue;
		if (host.n == own.n || host.p[host.n - own.n - 1] == '.')
			return true;
	}
	return false;
}

/* --- what came back --------------------------------------------------------------- */

static bool has_known_field(const struct header *h)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->fields[i].id != FIELD_OTHER)
			return true;
	return false;
}

/* *domain: of the author; none where there is no single one. */
static void read_author(struct work *w, const struct bounce_proof_input *in, struct bounce_proof *p, struct dname *domain)
{
	struct author author = { 0 };

	author_read(w, &p->header, &author);
	if (author.n != 1 || author.ambiguous || dname_is_none(author.candidates[0].domain))
		return;
	const struct mailbox *m = &author.candidates[0];
	p->author = arena_join(w->arena, arena_join(w->arena, m->local, B("@")), m->domain.text);
	p->author_ours = is_ours(in, m->domain);
	*domain = m->domain;
}

static void read_date(const struct handover *trace, struct bounce_proof *p)
{
	const struct field *f = header_find(&p->header, FIELD_DATE, 0);
	struct date date;

	if (f && date_parse(f->value, &date, NULL)) {
		p->date = date.at;
		return;
	}
	for (size_t i = trace->n_lines; i > 0 && p->date < 0; i--)
		if (trace->lines[i - 1].parsed & RECEIVED_HAS_DATE)
			p->date = trace->lines[i - 1].date.at;
}

/* --- from where the bouncing system got it ------------------------------------------ */

static bool is_public(const struct received *r)
{
	return r->has_ip && !ip_is_local(&r->from_ip);
}

/* The line about the system that handed the mail to the bouncing one. Its own servers pass mail
 * on among themselves, so that is not always the topmost. NULL: none tells. */
static const struct received *find_line(const struct handover *trace)
{
	if (trace->found)
		return !trace->internal && trace->spf_index < trace->n_lines ? &trace->lines[trace->spf_index] : NULL;
	for (size_t i = 0; i < trace->n_lines; i++)
		if (is_public(&trace->lines[i]))
			return &trace->lines[i];
	return NULL;
}

/* SPF speaks of servers: not of a program that logged in or wrote through a web page. Under a name
 * of ours the client is one of our own machines, or nobody knows. */
static bool is_from_server(const struct bounce_proof_input *in, const struct received *r)
{
	return is_public(r) && !r->auth && r->transport != RECEIVED_BY_HTTP && r->transport != RECEIVED_BY_LOCAL &&
	       !names_ours(in, r->by);
}

/* A complaint says it in a field of its own: "192.0.2.1", also with a remark behind it. */
static bool read_source_ip(const struct bounce *b, struct ip *out)
{
	struct bytes text = bytes_trim(b->source_ip);
	size_t n = 0;
	struct ip ip;

	while (n < text.n && text.p[n] != ' ' && text.p[n] != '\t')
		n++;
	if (b->kind != BOUNCE_FEEDBACK || !ip_parse_smtp(bytes_sub(text, 0, n), &ip) || ip_is_local(&ip))
		return false;
	*out = ip;
	return true;
}

static void find_client(const struct bounce_proof_input *in, const struct handover *trace, struct bounce_proof *p)
{
	const struct received *line = find_line(trace);

	for (size_t i = 0; i < trace->n_lines; i++) {
		const struct received *r = &trace->lines[i];
		p->name_of_ours |= names_ours(in, r->from_name) || names_ours(in, r->rdns) || names_ours(in, r->by);
	}
	if (read_source_ip(in->bounce, &p->ip)) {
		p->has_ip = true;
	} else if (line && is_from_server(in, line)) {
		p->has_ip = true;
		p->ip = line->from_ip;
	}
}

/* The envelope sender was the address that the bounce came to; where that is unknown, or of a name that is
 * not ours, the author's domain, and then the first of ours, is the best that we know. */
static struct spf_input spf_question(struct work *w, const struct bounce_proof_input *in, const struct bounce_proof *p,
                                     struct dname author)
{
	struct bytes sender = p->tag.kind == TAG_BATV ? p->tag.original : in->recipient;
	struct spf_input spf = { .identity = SPF_MAILFROM, .client = p->ip, .time = in->dns_time, .no_ptr = true };
	struct path path;

	if (sender.n && path_parse(w->arena, sender, &path, NULL) && is_ours(in, path.domain)) {
		spf.domain = path.domain;
		spf.local = path.local;
	} else if (p->author_ours) {
		spf.domain = author;
	} else if (in->n_domains) {
		spf.domain = in->domains[0];
	}
	return spf;
}

/* --- signatures ------------------------------------------------------------------------ */

/* Reads all, and closes those whose key is not for us to ask. False: out of memory. */
static bool begin_signatures(struct work *w, const struct bounce_proof_input *in, struct bounce_proof *p,
                             struct proof_state *state)
{
	if (!dkim_begin(w, &p->header, in->domains, in->n_domains, NULL, &p->dkim))
		return false;
	state->ours = arena_array(w->arena, bool, p->dkim.n);
	for (size_t i = 0; state->ours && i < p->dkim.n; i++) {
		struct dkim_result *r = &p->dkim.results[i];
		state->ours[i] = !dname_is_none(r->domain) && signs_for_us(in, r->domain);
		if (state->ours[i] || r->decided)
			continue;
		r->decided = true;
		r->reason = reason_stranger;
	}
	return state->ours != NULL;
}

/* A field that stands again beside the one that was signed is a stranger's addition: then what came
 * back is not what we signed. Without a key nothing is known either way. Judged anew with each
 * run, so that the order of answers decides nothing. */
static void judge_signatures(struct bounce_proof *p, const struct proof_state *state)
{
	p->own_signature = p->own_signature_broken = false;
	p->own_signature_domain = (struct dname){ { NULL, 0 } };
	for (size_t i = 0; i < p->dkim.n; i++) {
		const struct dkim_result *r = &p->dkim.results[i];
		bool added = r->weaknesses >> DKIM_WEAK_DUPLICATE_FIELD & 1;
		if (!state->ours[i] || !r->decided)
			continue;
		if (r->header_ok && !added && !p->own_signature) {
			p->own_signature = true;
			p->own_signature_domain = r->domain;
		}
		p->own_signature_broken |= r->result == DKIM_FAIL || (r->header_ok && added);
	}
}

/* --- the check --------------------------------------------------------------------------- */

bool bounce_proof_begin(struct work *w, const struct bounce_proof_input *in, struct bounce_proof *out)
{
	static const struct trust nobody;
	struct bounce_proof p = { .date = -1 };
	struct proof_state *state = arena_one(w->arena, struct proof_state);
	struct dname author = { { NULL, 0 } };
	struct handover trace;

	if (!state || !returned_index(w, in->bounce->returned, &p.header) ||
	    !tag_read(w->arena, in->recipient, in->tags, w->now, &p.tag) || !begin_signatures(w, in, &p, state))
		return false;
	p.has_header = has_known_field(&p.header);
	handover_find(w, &p.header, &nobody, &trace);
	if (arena_failed(w->arena))
		return false;
	read_author(w, in, &p, &author);
	read_date(&trace, &p);
	find_client(in, &trace, &p);
	state->spf = spf_question(w, in, &p, author);
	p.state = state;
	if (arena_failed(w->arena))
		return false;
	*out = p;
	return true;
}

enum check_state bounce_proof_check(struct work *w, struct dns_asker *dns, struct bounce_proof *p)
{
	struct proof_state *state = p->state;
	enum check_state dkim = dkim_check(w, dns, &p->dkim), spf = CHECK_DONE;

	if (dkim == CHECK_NO_MEMORY)
		return dkim;
	if (p->has_ip && !state->spf_done) {
		spf = spf_check(w, dns, &state->spf, &p->spf);
		state->spf_done = spf == CHECK_DONE;
	}
	judge_signatures(p, state);
	return spf == CHECK_DONE ? dkim : spf;
}
