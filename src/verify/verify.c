/* verify.c - see verify.h */
#include "verify/verify.h"

#include "base/mem.h"
#include "dmarc/dmarc_words.h"
#include "mail/authres.h"
#include "mail/date.h"
#include "spf/spf_words.h"

struct verify *verify_new(const struct verify_settings *settings, const struct verify_session *session)
{
	struct verify *v = mem_calloc(1, sizeof(*v));
	struct arena *a = arena_new(settings->limits->v[LIMIT_ARENA_BYTES]);

	if (!v || !a || !(v->book = dns_book_new(a, NULL))) {
		mem_free(v);
		arena_free(a);
		return NULL;
	}
	v->work = (struct work){ .arena = a, .limits = settings->limits, .now = settings->now };
	v->settings = *settings;
	v->session = *session;
	return v;
}

void verify_free(struct verify *v)
{
	if (!v)
		return;
	dkim_bodies_free(v->bodies);
	dns_book_end(v->book);
	arena_free(v->work.arena);
	mem_free(v);
}

/* --- the session: what SPF is asked about --- */

static void read_mail_from(struct verify *v)
{
	struct parse_err err = { 0 };

	if (!v->session.has_mail_from)
		return;
	v->mail_from_ok = path_parse(v->work.arena, v->session.mail_from, &v->mail_from, &err);
	if (!v->mail_from_ok) /* never taken for the null sender: attack class 5 */
		defects_add(&v->work, &v->header.defects, DEFECT_MAIL_FROM_MALFORMED, err.at);
}

static void read_helo(struct verify *v)
{
	struct dname helo;
	struct ip literal;

	if (ip_parse_smtp(v->session.helo, &literal))
		return;
	if (dname_parse(v->work.arena, v->session.helo, DNAME_HOST, &helo, NULL) && dname_labels(helo) > 1)
		v->helo = helo;
}

/* --- starting the checks, once the header is complete --- */

static void give_budgets(struct verify *v)
{
	static const struct { enum limit_id time; enum limit_id questions; uint32_t each; } rows[VERIFY_CHECKS] = {
		[VERIFY_DMARC] = { LIMIT_DMARC_TIME, LIMIT_DMARC_WALKS, 9 }, /* 8 names and one for existence */
		[VERIFY_SPF] = { LIMIT_SPF_TIME, LIMIT_SPF_QUESTIONS, 1 },
		[VERIFY_HELO] = { LIMIT_SPF_TIME, LIMIT_SPF_QUESTIONS, 1 },
		[VERIFY_DKIM] = { LIMIT_DKIM_TIME, LIMIT_DKIM_SIGNATURES, 1 },
		[VERIFY_ARC] = { LIMIT_ARC_TIME, LIMIT_ARC_SETS, 2 },
		[VERIFY_AUTHOR_SPF] = { LIMIT_SPF_TIME, LIMIT_SPF_QUESTIONS, 1 },
	};

	for (size_t i = 0; i < VERIFY_CHECKS; i++) {
		v->time_limit[i] = rows[i].time;
		dns_asker_init(&v->askers[i], v->book, work_limit(&v->work, rows[i].questions) * rows[i].each,
		               work_limit(&v->work, LIMIT_FORESEEN));
	}
}

/* A field that carries our name, in any spelling, or none at all: readers may take it for ours. */
static bool claims_us(struct verify *v, const struct field *f)
{
	struct authres results;

	return authres_parse(&v->work, f->value, &results) &&
	       (results.id.n == 0 || authres_id_same(v->work.arena, results.id, v->settings.authserv_id));
}

/* Fields with our own name that came from outside: attack class 6. */
static void find_forged_authres(struct verify *v)
{
	const struct header *h = &v->header;

	if (v->settings.authserv_id.n == 0)
		return;
	for (const struct field *f = header_find(h, FIELD_AUTHENTICATION_RESULTS, 0); f;
	     f = header_find(h, FIELD_AUTHENTICATION_RESULTS, (size_t)(f - h->fields) + 1))
		if (claims_us(v, f))
			defects_add(&v->work, &v->header.defects, DEFECT_FORGED_AUTHRES, f->offset);
}

static void check_date(struct verify *v)
{
	const struct field *f = header_find(&v->header, FIELD_DATE, 0);
	struct date date;

	if (f && !date_parse(f->value, &date, NULL))
		defects_add(&v->work, &v->header.defects, DEFECT_DATE_MALFORMED, f->offset);
}

static bool begin(struct verify *v)
{
	struct arena *a = v->work.arena;

	v->begun = true;
	if (v->settings.recover)
		v->settings.recover(v->settings.user, v);
	give_budgets(v);
	read_mail_from(v);
	read_helo(v);
	author_read(&v->work, &v->header, &v->author);
	find_forged_authres(v);
	check_date(v);
	v->authors = arena_array(a, struct dname, v->author.n);
	v->bodies = dkim_bodies_new(&v->work, v->header.ends);
	body_scan_begin(&v->scan, &v->work, &v->header.defects, v->header.ends, v->header.body_at);
	if (!v->authors || !v->bodies)
		return false;
	for (size_t i = 0; i < v->author.n; i++)
		v->authors[i] = v->author.candidates[i].domain;
	if (!dkim_begin(&v->work, &v->header, v->authors, v->author.n, v->bodies, &v->dkim) ||
	    !arc_begin(&v->work, &v->header, v->bodies, &v->chain))
		return false;
	v->idents = arena_array(a, struct dmarc_ident, v->dkim.n);
	return v->idents && !arena_failed(a);
}

static void feed_body(struct verify *v, struct bytes piece)
{
	v->body_bytes += piece.n;
	dkim_bodies_update(v->bodies, piece);
	body_scan_update(&v->scan, piece);
}

bool verify_feed(struct verify *v, struct bytes piece)
{
	assert(!v->ended);
	if (v->header.complete) {
		feed_body(v, piece);
		return !arena_failed(v->work.arena);
	}
	size_t used = header_feed(&v->work, &v->header, piece);
	if (!v->header.complete)
		return !arena_failed(v->work.arena);
	if (!begin(v))
		return false;
	if (used < piece.n)
		feed_body(v, bytes_from(piece, used));
	return !arena_failed(v->work.arena);
}

bool verify_whole(struct verify *v, struct bytes message)
{
	header_index(&v->work, &v->header, message);
	if (!begin(v))
		return false;
	feed_body(v, bytes_from(message, v->header.body_at));
	return verify_end(v);
}

bool verify_end(struct verify *v)
{
	if (!v->header.complete) {
		header_end(&v->work, &v->header);
		if (!begin(v))
			return false;
	}
	dkim_bodies_end(v->bodies);
	body_scan_end(&v->scan);
	v->ended = true;
	return !arena_failed(v->work.arena) && !dkim_bodies_failed(v->bodies);
}

/* --- the checks, each as one function of the same shape --- */

static enum check_state run_spf_of(struct verify *v, enum verify_check check, enum spf_identity identity,
                                   struct dname domain, struct bytes local, struct spf_result *out)
{
	struct spf_input in = {
		.identity = identity,
		.client = v->session.ip,
		.domain = domain,
		.local = local,
		.helo = v->session.helo,
		.receiver = v->settings.authserv_id,
		.time = v->settings.dns_time,
		.explain = v->settings.explain && check != VERIFY_AUTHOR_SPF,
		.trace = v->settings.trace && check != VERIFY_AUTHOR_SPF,
	};

	return spf_check(&v->work, &v->askers[check], &in, out);
}

static enum check_state run_spf(struct verify *v)
{
	struct dname none = { { NULL, 0 } };
	bool known = v->mail_from_ok && !v->mail_from.null;

	return run_spf_of(v, VERIFY_SPF, SPF_MAILFROM, known ? v->mail_from.domain : none,
	                  known ? v->mail_from.local : none.text, &v->spf);
}

static enum check_state run_helo(struct verify *v)
{
	return run_spf_of(v, VERIFY_HELO, SPF_HELO, v->helo, B(""), &v->helo_spf);
}

static enum check_state run_author_spf(struct verify *v)
{
	struct dname author = verify_author_domain(v);

	return run_spf_of(v, VERIFY_AUTHOR_SPF, SPF_MAILFROM, author,
	                  dname_is_none(author) ? author.text : v->author.candidates[0].local, &v->author_spf);
}

static enum check_state run_dkim(struct verify *v)
{
	return dkim_check(&v->work, &v->askers[VERIFY_DKIM], &v->dkim);
}

static enum check_state run_arc(struct verify *v)
{
	return arc_check(&v->work, &v->askers[VERIFY_ARC], v->chain, &v->arc);
}

static enum dmarc_ident_state spf_state(const struct verify *v, const struct spf_result *r, bool done)
{
	if (!done)
		return DMARC_IDENT_WAITING;
	return r->result == SPF_PASS        ? DMARC_IDENT_PASS
	       : r->result == SPF_TEMPERROR ? DMARC_IDENT_TEMPERROR
	                                    : DMARC_IDENT_FAIL;
}

/* The envelope identity that DMARC may use: MAIL FROM, and HELO only where MAIL
 * FROM is null, never because it did not parse (attack class 5). */
static struct dmarc_ident envelope_ident(const struct verify *v)
{
	struct dmarc_ident none = { .state = DMARC_IDENT_FAIL };

	if (v->session.ip.family == 0 || !v->mail_from_ok)
		return none;
	if (v->mail_from.null)
		return (struct dmarc_ident){ v->helo, spf_state(v, &v->helo_spf, v->done[VERIFY_HELO]) };
	return (struct dmarc_ident){ v->mail_from.domain, spf_state(v, &v->spf, v->done[VERIFY_SPF]) };
}

static enum dmarc_ident_state dkim_state(const struct verify *v, const struct dkim_result *r)
{
	if (!r->decided)
		return DMARC_IDENT_WAITING;
	if (r->result == DKIM_PASS && r->counts)
		return DMARC_IDENT_PASS;
	return r->result == DKIM_TEMPERROR ? DMARC_IDENT_TEMPERROR : DMARC_IDENT_FAIL;
}

static enum check_state run_dmarc(struct verify *v)
{
	for (size_t i = 0; i < v->dkim.n; i++)
		v->idents[i] = (struct dmarc_ident){ v->dkim.results[i].domain, dkim_state(v, &v->dkim.results[i]) };
	v->dmarc_input = (struct dmarc_input){
		.authors = v->authors,
		.n_authors = v->author.n,
		.ambiguous = v->author.ambiguous || defects_ambiguous(&v->header.defects),
		.spf = envelope_ident(v),
		.dkim = v->idents,
		.n_dkim = v->dkim.n,
	};
	return dmarc_check(&v->work, &v->askers[VERIFY_DMARC], &v->dmarc_input, &v->dmarc);
}

static void skip_spf(struct verify *v)
{
	static const struct spf_result none = { .result = SPF_NONE, .error = "no_session" };

	v->no_session = v->session.ip.family == 0;
	if (v->no_session) {
		v->spf = v->helo_spf = v->author_spf = none;
		v->helo_spf.identity = SPF_HELO;
		v->done[VERIFY_SPF] = v->done[VERIFY_HELO] = v->done[VERIFY_AUTHOR_SPF] = true;
	}
	if (!v->settings.spf_of_author)
		v->done[VERIFY_AUTHOR_SPF] = true;
}

/* An early answer of DMARC is final in its outcome, but which identifiers are aligned is known
 * only when all of them are decided: until then it is run again. */
static bool is_final(const struct verify *v, enum verify_check check)
{
	return check != VERIFY_DMARC || (v->done[VERIFY_SPF] && v->done[VERIFY_HELO] && v->done[VERIFY_DKIM]);
}

enum check_state verify_run(struct verify *v)
{
	static enum check_state (*const run[VERIFY_CHECKS])(struct verify *v) = {
		[VERIFY_DMARC] = run_dmarc, [VERIFY_SPF] = run_spf,           [VERIFY_HELO] = run_helo,
		[VERIFY_DKIM] = run_dkim,   [VERIFY_ARC] = run_arc,
		[VERIFY_AUTHOR_SPF] = run_author_spf,
	};
	bool all = true;

	if (!v->begun)
		return CHECK_WAITING;
	skip_spf(v);
	/* twice at most: DMARC runs first, to ask first, and again when what it waited for was decided */
	for (int pass = 0; pass < 2; pass++) {
		all = true;
		for (size_t i = 0; i < VERIFY_CHECKS; i++) {
			if (v->done[i])
				continue;
			enum check_state s = run[i](v);
			if (s == CHECK_NO_MEMORY || arena_failed(v->work.arena))
				return CHECK_NO_MEMORY;
			v->done[i] = s == CHECK_DONE && is_final(v, i);
			all = all && v->done[i];
		}
		if (all || v->done[VERIFY_DMARC])
			break;
	}
	return all && v->ended ? CHECK_DONE : CHECK_WAITING;
}

/* --- reading the results --- */

struct dname verify_author_domain(const struct verify *v)
{
	bool one = v->author.n == 1 && !v->author.ambiguous && !defects_ambiguous(&v->header.defects);

	return one ? v->author.candidates[0].domain : (struct dname){ { NULL, 0 } };
}

const struct spf_result *verify_envelope_spf(const struct verify *v)
{
	return v->mail_from_ok && v->mail_from.null ? &v->helo_spf : &v->spf;
}

void verify_spf_words(const struct verify *v, const struct spf_result *r, struct buf *out)
{
	spf_words(&v->session.ip, r, out);
}

void verify_dmarc_words(const struct verify *v, struct buf *out)
{
	dmarc_words(&v->dmarc_input, &v->dmarc, out);
}

bool verify_dkim_aligned(const struct verify *v, size_t i)
{
	return i < 64 && (v->dmarc.dkim_aligned_bits >> i & 1);
}
