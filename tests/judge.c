/* judge.c - see judge.h */
#include "judge.h"

#include "dns/dns_master.h"
#include "verify/lookups.h"

static bool feed(struct judge *j, struct verify *v, struct bytes message)
{
	if (j->piece == 0)
		return verify_whole(v, message);
	for (struct bytes rest = message; rest.n;) {
		struct bytes piece = bytes_sub(rest, 0, j->piece);
		if (!verify_feed(v, piece))
			return false;
		rest = bytes_from(rest, piece.n);
	}
	return verify_end(v);
}

static struct verify *start(struct judge *j)
{
	struct verify_settings settings = {
		.limits = j->limits ? j->limits : &j->standard,
		.authserv_id = bytes_of(j->authserv_id ? j->authserv_id : "mx.example.net"),
		.now = j->now ? j->now : JUDGE_NOW,
		.dns_time = j->now ? j->now : JUDGE_NOW,
		.explain = true,
	};
	struct verify_session session = {
		.helo = bytes_of(j->helo),
		.mail_from = bytes_of(j->mail_from),
		.has_mail_from = j->mail_from != NULL,
	};

	if (j->ip && !ip_parse(bytes_of(j->ip), &session.ip))
		abort();
	return verify_new(&settings, &session);
}

struct verify *judge_message(struct judge *j, struct bytes message)
{
	limits_init(&j->standard);
	if (!j->records) {
		struct dns_master_err err = { 0, 0, "out of memory" };
		j->records = dns_zone_new();
		if (!j->records || !dns_master_read(j->records, bytes_of(j->zone ? j->zone : ""), &err)) {
			if (j->records && strcmp(err.what, "out of memory") != 0)
				printf("# the zone, line %zu: %s\n", err.line, err.what);
			return NULL;
		}
	}
	struct dns_script *script = j->resolver ? NULL : dns_script_new(j->records, j->script);
	if (script)
		j->resolver = dns_script_resolver(script);
	struct verify *v = j->resolver ? start(j) : NULL;
	if (v && feed(j, v, message) && lookups_drive(j->resolver, v) == CHECK_DONE)
		return v;
	verify_free(v);
	return NULL;
}

void judge_free(struct judge *j, struct verify *v)
{
	verify_free(v);
	dns_resolver_free(j->resolver);
	dns_zone_free(j->records);
	j->resolver = NULL;
	j->records = NULL;
}

bool judge_has_defect(const struct verify *v, const char *name)
{
	for (size_t i = 0; i < DEFECT_KINDS; i++)
		if (strcmp(defect_rows[i].name, name) == 0)
			return defects_have(&v->header.defects, i);
	return false;
}
