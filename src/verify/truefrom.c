/* truefrom.c - the public face of the library: include/truefrom/truefrom.h */
#include "truefrom/truefrom.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "verify/lookups.h"
#include "verify/verify_authres.h"
#include "verify/verify_json.h"

struct tf_context {
	struct limits limits;
	struct lookups *lookups;
	char authserv_id[256];
};

struct tf_message {
	struct tf_context *context;
	struct verify *v;
	struct arena *arena; /* of the session's strings */
};

struct tf_result {
	struct verify *v;
	struct arena *arena; /* of the session's strings, and of those that are handed out */
	const char *author, *authres, *json;
	const char **dkim_domains;
};

static struct tf_context *refuse(struct tf_context *c, char *error, size_t n, const char *why)
{
	if (error && n)
		snprintf(error, n, "%s", why);
	tf_context_free(c);
	return NULL;
}

struct tf_context *tf_context_new(const struct tf_settings *settings, char *error, size_t n)
{
	static const struct tf_settings standard;
	const struct tf_settings *s = settings ? settings : &standard;
	struct tf_context *c = mem_calloc(1, sizeof(*c));
	enum lookups_problem problem = LOOKUPS_OK;
	char why[512];

	if (!c)
		return refuse(NULL, error, n, "out of memory");
	limits_init(&c->limits);
	if (s->timeout_ms && !limits_set(&c->limits, B("total-time"), s->timeout_ms, NULL))
		return refuse(c, error, n, "timeout_ms must be from 100 to 300000");
	if (s->dns_cache_bytes && !limits_set(&c->limits, B("dns-cache-bytes"), s->dns_cache_bytes, NULL))
		return refuse(c, error, n, "dns_cache_bytes must be from 65536 to 4294967295");
	if (s->authserv_id && strlen(s->authserv_id) >= sizeof(c->authserv_id))
		return refuse(c, error, n, "authserv_id is longer than 255 bytes");
	if (s->authserv_id)
		snprintf(c->authserv_id, sizeof(c->authserv_id), "%s", s->authserv_id);
	else if (gethostname(c->authserv_id, sizeof(c->authserv_id) - 1) != 0)
		snprintf(c->authserv_id, sizeof(c->authserv_id), "localhost");
	struct lookups_settings ls = {
		.zone = s->zone, .dns = s->dns, .offline = s->offline != 0, .limits = &c->limits,
	};
	c->lookups = lookups_new(&ls, &problem, why, sizeof(why));
	return c->lookups ? c : refuse(c, error, n, why);
}

void tf_context_free(struct tf_context *c)
{
	if (!c)
		return;
	lookups_free(c->lookups);
	mem_free(c);
}

int tf_context_limit(struct tf_context *c, const char *name, uint64_t value)
{
	bool of_cache = bytes_istarts(bytes_of(name), "dns-");

	return !of_cache && limits_set(&c->limits, bytes_of(name), value, NULL) ? 0 : -1;
}

/* Copies the session's strings into m's arena. */
static bool copy_session(struct tf_message *m, const struct tf_session *from, struct verify_session *to)
{
	*to = (struct verify_session){
		.helo = arena_copy(m->arena, bytes_of(from->helo)),
		.mail_from = arena_copy(m->arena, bytes_of(from->mail_from)),
		.has_mail_from = from->mail_from != NULL,
		.rcpt_to = arena_copy(m->arena, bytes_of(from->rcpt_to)),
	};
	return !arena_failed(m->arena) && (!from->client_ip || ip_parse_smtp(bytes_of(from->client_ip), &to->ip));
}

struct tf_message *tf_message_new(struct tf_context *c, const struct tf_session *session)
{
	static const struct tf_session nothing;
	const struct tf_session *s = session ? session : &nothing;
	struct tf_message *m = mem_calloc(1, sizeof(*m));
	struct verify_session vs;

	if (!m)
		return NULL;
	m->context = c;
	m->arena = arena_new(16u << 20);
	int64_t now = clock_now();
	struct verify_settings settings = {
		.limits = &c->limits,
		.authserv_id = bytes_of(c->authserv_id),
		.now = s->received_at ? s->received_at : now,
		.dns_time = now,
		.explain = true,
	};
	if (m->arena && copy_session(m, s, &vs))
		m->v = verify_new(&settings, &vs);
	if (!m->v) {
		tf_message_free(m);
		return NULL;
	}
	return m;
}

int tf_message_feed(struct tf_message *m, const void *bytes, size_t n)
{
	return verify_feed(m->v, (struct bytes){ bytes, n }) ? 0 : -1;
}

void tf_message_free(struct tf_message *m)
{
	if (!m)
		return;
	verify_free(m->v);
	arena_free(m->arena);
	mem_free(m);
}

/* Makes the strings that are handed out, so that reading a result cannot fail. */
static bool finish(struct tf_result *r)
{
	struct arena *a = r->arena;
	struct dname author = verify_author_domain(r->v);
	struct buf field;
	json_t *json = verify_json(r->v);
	char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;

	json_decref(json);
	buf_init(&field, 1u << 20);
	verify_authres(&field, r->v, "\r\n");
	r->json = text ? arena_cstr(a, bytes_of(text)) : NULL;
	r->authres = field.failed ? NULL : arena_cstr(a, buf_bytes(&field));
	r->author = dname_is_none(author) ? NULL : arena_cstr(a, author.text);
	r->dkim_domains = arena_array(a, const char *, r->v->dkim.n);
	for (size_t i = 0; r->dkim_domains && i < r->v->dkim.n; i++)
		r->dkim_domains[i] = arena_cstr(a, r->v->dkim.results[i].domain.text);
	free(text);
	buf_free(&field);
	return r->json && r->authres && !arena_failed(a);
}

struct tf_result *tf_message_end(struct tf_message *m)
{
	struct tf_result *r = mem_calloc(1, sizeof(*r));

	if (!r || !verify_end(m->v) || lookups_finish(m->context->lookups, m->v) != CHECK_DONE) {
		mem_free(r);
		tf_message_free(m);
		return NULL;
	}
	*r = (struct tf_result){ .v = m->v, .arena = m->arena };
	mem_free(m);
	if (!finish(r)) {
		tf_result_free(r);
		return NULL;
	}
	return r;
}

void tf_result_free(struct tf_result *r)
{
	if (!r)
		return;
	verify_free(r->v);
	arena_free(r->arena);
	mem_free(r);
}

const char *tf_result_spf(const struct tf_result *r)
{
	return spf_outcome_name(r->v->spf.result);
}

const char *tf_result_helo_spf(const struct tf_result *r)
{
	return spf_outcome_name(r->v->helo_spf.result);
}

const char *tf_result_arc(const struct tf_result *r)
{
	return arc_outcome_name(r->v->arc.result);
}

const char *tf_result_dmarc(const struct tf_result *r)
{
	return dmarc_outcome_name(r->v->dmarc.result);
}

const char *tf_result_dmarc_policy(const struct tf_result *r)
{
	return dmarc_policy_name(r->v->dmarc.applied);
}

const char *tf_result_author_domain(const struct tf_result *r)
{
	return r->author;
}

size_t tf_result_dkim_count(const struct tf_result *r)
{
	return r->v->dkim.n;
}

const char *tf_result_dkim(const struct tf_result *r, size_t i)
{
	return i < r->v->dkim.n ? dkim_outcome_name(r->v->dkim.results[i].result) : "";
}

const char *tf_result_dkim_domain(const struct tf_result *r, size_t i)
{
	return i < r->v->dkim.n && r->dkim_domains[i] ? r->dkim_domains[i] : "";
}

const char *tf_result_authentication_results(const struct tf_result *r)
{
	return r->authres;
}

const char *tf_result_json(const struct tf_result *r)
{
	return r->json;
}

const char *tf_version(void)
{
	return TF_VERSION;
}
