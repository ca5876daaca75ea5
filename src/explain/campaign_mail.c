/* campaign_mail.c - what is kept of one mail, so that it can be found to be of a campaign; see campaign.h */
#include "base/ascii.h"
#include "base/idn.h"
#include "content/risk.h"
#include "dmarc/psl.h"
#include "explain/campaign.h"
#include "mail/date.h"

#define SUBJECT_LETTERS 6u /* a subject with less says too little */
#define SUBJECT_BYTES 200u /* of it are compared */
#define PREFIXES_MAX 8u    /* "Re: Fwd: Re:" */

/* --- the subject --- */

/* What mail programs and automatic replies put in front of the subject that they answer. */
static const char *const prefixes[] = {
	"re", "aw", "antw", "antwort", "sv", "vs", "ref", "rif", "res", "odp", "fw", "fwd", "wg", "tr", "rv", "enc", "doorst",
	"auto", "automatic reply", "autoreply", "auto-reply", "automatische antwort", "out of office", "out of office reply",
	"abwesend", "abwesenheitsnotiz", "absence", "undeliverable", "undelivered", "unzustellbar",
};

/* "Re: x" gives "x", "[list] x" too. False: there is nothing in front. */
static bool drop_prefix(struct bytes *subject)
{
	struct bytes s = bytes_trim_left(*subject);
	size_t colon = bytes_find(s, ':', 0), bracket = bytes_find(s, ']', 0);

	if (s.n && s.p[0] == '[' && bracket < s.n) {
		*subject = bytes_from(s, bracket + 1);
		return true;
	}
	struct bytes word = bytes_trim_right(bytes_sub(s, 0, colon));
	size_t counter = bytes_find(word, '[', 0); /* "Re[2]:" */
	for (size_t i = 0; colon < s.n && i < ARRAY_LEN(prefixes); i++)
		if (bytes_ieq(word, prefixes[i]) || bytes_ieq(bytes_sub(word, 0, counter), prefixes[i])) {
			*subject = bytes_from(s, colon + 1);
			return true;
		}
	return false;
}

struct bytes campaign_subject(struct arena *a, struct bytes subject)
{
	size_t letters = 0, n = 0;

	for (size_t i = 0; i < PREFIXES_MAX && drop_prefix(&subject); i++)
		;
	subject = bytes_sub(subject, 0, SUBJECT_BYTES);
	uint8_t *to = arena_alloc(a, subject.n + 1);
	for (size_t i = 0; to && i < subject.n; i++) {
		uint8_t c = ascii_lower(subject.p[i]);
		bool letter = (c >= 'a' && c <= 'z') || c >= 0x80;
		letters += letter;
		if (letter)
			to[n++] = c;
		else if (n && to[n - 1] != ' ' && (c < '0' || c > '9'))
			to[n++] = ' '; /* of signs and blanks one blank is left, of numbers nothing */
	}
	if (!to || letters < SUBJECT_LETTERS)
		return (struct bytes){ NULL, 0 };
	return bytes_trim_right((struct bytes){ to, n });
}

/* --- keys --- */

/* The head of a text that fits, no character cut in two. */
static struct bytes head(struct bytes text)
{
	size_t at = 0, len;

	while (at < text.n && (utf8_next(text, at, &len), at + len <= CAMPAIGN_TEXT))
		at += len;
	return bytes_sub(text, 0, at);
}

static void add_key(struct campaign_mail *m, enum campaign_key_kind kind, struct bytes compared, struct bytes shown)
{
	if (m->n_keys == CAMPAIGN_KEYS || compared.n == 0)
		return;
	struct campaign_key *k = &m->keys[m->n_keys++];
	*k = (struct campaign_key){ .kind = kind, .hash = bytes_hash(compared, kind) };
	shown = head(shown);
	k->n = (uint8_t)shown.n;
	if (shown.n)
		memcpy(k->text, shown.p, shown.n);
}

static void add_subject(struct campaign_mail *m, struct arena *a, const struct header *h)
{
	const struct field *f = header_find(h, FIELD_SUBJECT, 0);

	if (!f)
		return;
	struct bytes subject = bytes_trim(mime_words(a, field_unfold(a, f->value)));
	add_key(m, CAMPAIGN_SUBJECT, campaign_subject(a, subject), subject);
}

/* A host of the owner's or of the author whose name was used says nothing: it stands in their own
 * mail and in what copies that. A look-alike's host is his own. */
static bool is_known(const struct explain *x, struct bytes place)
{
	size_t n = x->verdict.kind == VERDICT_LOOKALIKE ? x->owner.n : x->n_never; /* owners first */
	struct dname host;

	if (!dname_parse(x->v->work.arena, place, DNAME_HOST, &host, NULL))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!dname_is_none(x->never[i]) && dname_within(host, x->never[i]))
			return true;
	return false;
}

static bool add_payload(struct campaign_mail *m, struct explain *x)
{
	struct content_payload p;

	if (!content_payload(&x->v->work, &x->v->header, &x->mime, &p))
		return false;
	if (p.text_hash)
		add_key(m, CAMPAIGN_BODY, (struct bytes){ (const uint8_t *)&p.text_hash, sizeof(p.text_hash) }, B(""));
	if (x->verdict.kind == VERDICT_LOOKALIKE)
		add_key(m, CAMPAIGN_PLACE, verify_author_domain(x->v).text, verify_author_domain(x->v).text);
	for (size_t i = 0; i < p.n; i++)
		if (!is_known(x, p.items[i]))
			add_key(m, CAMPAIGN_PLACE, p.items[i], p.items[i]);
	return true;
}

/* --- the way --- */

static struct ip_net net_of(const struct ip *ip)
{
	struct ip_net net = { .ip = *ip, .bits = ip->family == 4 ? 24 : 48 };

	memset(net.ip.b + net.bits / 8, 0, sizeof(net.ip.b) - net.bits / 8);
	return net;
}

/* From where a mail came; of a bounce, from where its writer got the mail that it is about. */
static void read_way(struct campaign_mail *m, const struct explain *x)
{
	const struct handover *h = &x->handover;
	const struct facts *f = &x->facts;

	if (m->bounce) {
		if (x->proof.has_ip && !ip_is_local(&x->proof.ip))
			m->net = net_of(&x->proof.ip);
		m->own = x->proof.has_ip && x->proof.spf.result == SPF_PASS;
		return;
	}
	if (h->found && h->has_ip && !ip_is_local(&h->ip)) {
		m->net = net_of(&h->ip);
		m->asn = x->origin.asn;
	}
	m->own = f->ip_trusted || f->logged_in_as_author || (h->found && h->internal) || (f->in_owner_name && f->ip_listed);
}

static int64_t read_time(const struct explain *x)
{
	const struct field *f = header_find(&x->v->header, FIELD_DATE, 0);
	struct date date;

	if (x->handover.found && x->handover.time >= 0)
		return x->handover.time;
	return f && date_parse(f->value, &date, NULL) && date.at >= 0 ? date.at : -1;
}

static uint64_t read_author(const struct explain *x)
{
	struct dname author = verify_author_domain(x->v);
	struct dname org = psl_registrable(psl_list_builtin(), author);

	if (dname_is_none(author))
		return 0;
	return bytes_hash(dname_is_none(org) ? author.text : org.text, 0) | 1;
}

bool campaign_read(struct explain *x, struct campaign_mail *out)
{
	struct arena *a = x->v->work.arena;

	*out = (struct campaign_mail){
		.verdict = x->verdict.kind, .in_owner_name = x->verdict.in_owner_name, .bounce = x->facts.about_a_mail,
		.time = read_time(x), .author = read_author(x),
	};
	read_way(out, x);
	if (!out->bounce) {
		add_subject(out, a, &x->v->header);
		return add_payload(out, x) && !arena_failed(a);
	}
	/* what it is about; an automatic reply often has nothing but the subject, behind a prefix */
	if (x->proof.has_header)
		add_subject(out, a, &x->proof.header);
	else if (x->bounce.kind == BOUNCE_AUTO_REPLY)
		add_subject(out, a, &x->v->header);
	return !arena_failed(a);
}
