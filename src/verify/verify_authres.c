/* verify_authres.c - see verify_authres.h */
#include "verify/verify_authres.h"

#include "mail/authres_write.h"

#define WORDS_MAX 1024u /* bytes of one comment */

static void add_reason(struct authres_writer *w, const char *reason)
{
	if (reason)
		authres_write_reason(w, bytes_of(reason));
}

/* The words of a result as a comment; without them where they would be too long or memory ended. */
static void add_words(struct authres_writer *w, struct buf *words)
{
	if (!words->failed && words->n)
		authres_write_comment(w, buf_bytes(words));
	buf_free(words);
}

static void add_spf_words(struct authres_writer *w, const struct verify *v, const struct spf_result *r)
{
	struct buf words;

	buf_init(&words, WORDS_MAX);
	if (!v->no_session)
		verify_spf_words(v, r, &words);
	add_words(w, &words);
}

static void add_spf(struct authres_writer *w, const struct verify *v)
{
	if (!v->session.has_mail_from || v->mail_from.null)
		return;
	authres_write_result(w, "spf", spf_outcome_name(v->spf.result));
	add_spf_words(w, v, &v->spf);
	if (v->no_session || !v->mail_from_ok)
		add_reason(w, v->no_session ? v->spf.error : "the envelope sender is not an address");
	authres_write_prop(w, "smtp", "mailfrom", v->mail_from_ok ? v->mail_from.text : v->session.mail_from);
}

static void add_helo(struct authres_writer *w, const struct verify *v)
{
	if (v->session.helo.n == 0)
		return;
	authres_write_result(w, "spf", spf_outcome_name(v->helo_spf.result));
	add_spf_words(w, v, &v->helo_spf);
	if (v->no_session)
		add_reason(w, v->helo_spf.error);
	authres_write_prop(w, "smtp", "helo", v->session.helo);
}

static void add_signature(struct authres_writer *w, const struct dkim_result *r)
{
	authres_write_result(w, "dkim", dkim_outcome_name(r->result));
	add_reason(w, r->reason);
	if (!dname_is_none(r->domain))
		authres_write_prop(w, "header", "d", r->domain.text);
	if (r->identity.n)
		authres_write_prop(w, "header", "i", r->identity);
	if (r->selector.n)
		authres_write_prop(w, "header", "s", r->selector);
	if (r->algorithm != DKIM_ALGORITHM_UNKNOWN)
		authres_write_prop(w, "header", "a", bytes_of(dkim_algorithm_name(r->algorithm)));
	if (r->b.n)
		authres_write_prop(w, "header", "b", r->b); /* RFC 6008 */
}

static void add_dkim(struct authres_writer *w, const struct verify *v)
{
	for (size_t i = 0; i < v->dkim.n; i++)
		add_signature(w, &v->dkim.results[i]);
	if (v->dkim.n == 0)
		authres_write_result(w, "dkim", "none");
}

static void add_arc(struct authres_writer *w, const struct verify *v)
{
	const struct arc_result *r = &v->arc;
	char number[16];

	authres_write_result(w, "arc", arc_outcome_name(r->result));
	add_reason(w, r->reason);
	if (r->result == ARC_PASS) {
		snprintf(number, sizeof(number), "%u", r->oldest_pass);
		authres_write_prop(w, "header", "oldest-pass", bytes_of(number)); /* RFC 8617 section 10.2 */
	}
}

static void add_dmarc(struct authres_writer *w, const struct verify *v)
{
	const struct dmarc_result *r = &v->dmarc;
	struct buf words;

	authres_write_result(w, "dmarc", dmarc_outcome_name(r->result));
	buf_init(&words, WORDS_MAX);
	verify_dmarc_words(v, &words);
	add_words(w, &words);
	if (!dname_is_none(r->domain))
		authres_write_prop(w, "header", "from", r->domain.text);
	if (r->applied != DMARC_POLICY_ABSENT)
		authres_write_prop(w, "policy", "dmarc", bytes_of(dmarc_policy_name(r->applied)));
}

void verify_authres(struct buf *out, const struct verify *v, const char *line_end)
{
	static const char name[] = "Authentication-Results: ";
	struct authres_writer w;

	buf_adds(out, name);
	authres_write_begin(&w, out, line_end, sizeof(name) - 1, v->settings.authserv_id);
	add_spf(&w, v);
	add_helo(&w, v);
	add_dkim(&w, v);
	add_arc(&w, v);
	add_dmarc(&w, v);
	authres_write_end(&w);
}
