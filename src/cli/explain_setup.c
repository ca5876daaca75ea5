/* explain_setup.c - see explain_setup.h */
#include "cli/explain_setup.h"

#include "explain/explain_case.h"

#define SETTINGS_MEMORY (16u << 20)
#define TAG_KEYS_BYTES (1u << 20)
#define WHY_MAX 512u

/* A list option goes before what a case says. False: out of memory. */
static bool override(struct arena *a, const struct option_list *given, struct bytes **list, size_t *n)
{
	struct bytes *items;

	if (given->n == 0)
		return true;
	items = arena_array(a, struct bytes, given->n);
	if (!items)
		return false;
	for (size_t i = 0; i < given->n; i++)
		items[i] = bytes_of(given->items[i]);
	*list = items;
	*n = given->n;
	return true;
}

/* What the options say is put into a session, which is read as that of a case is. */
static int read_session(const struct command *cmd, struct explain_options *o, struct explain_setup *s)
{
	struct explain_case_err err = { 0 };

	s->session = o->kase.loaded.session;
	s->session.n_limit = 0; /* check_case_open has read them */
	s->session.offline = o->check.offline;
	s->session.not_mine |= o->not_mine;
	s->session.today = check_case_today(&o->kase, &o->check);
	if (!override(s->arena, &o->owners, &s->session.owner, &s->session.n_owner) ||
	    !override(s->arena, &o->names, &s->session.name, &s->session.n_name) ||
	    !override(s->arena, &o->trust, &s->session.trust, &s->session.n_trust) ||
	    !override(s->arena, &o->trust_authserv, &s->session.trust_authserv, &s->session.n_trust_authserv))
		return check_no_memory(cmd);
	if (explain_case_settings(s->arena, &s->session, &o->check.limits, &s->settings, &err))
		return 0;
	if (!err.what)
		return check_no_memory(cmd);
	return complain(cmd, EXIT_USAGE, err.remedy, "--%s cannot be \"%.*s\"", err.what, BYTES_ARG(err.text));
}

/* --- files --- */

/* The files of --log, or that of the case. */
static int list_logs(const struct command *cmd, const struct explain_options *o, struct explain_setup *s)
{
	bool from_case = o->logs.n == 0 && o->kase.loaded.log.p;

	s->n_logs = from_case ? 1 : o->logs.n;
	s->logs = arena_array(s->arena, const char *, s->n_logs);
	if (!s->logs)
		return check_no_memory(cmd);
	for (size_t i = 0; i < o->logs.n; i++)
		s->logs[i] = o->logs.items[i];
	if (from_case)
		s->logs[0] = (const char *)arena_printf(s->arena, "%s/log.txt", o->kase.from).p;
	return arena_failed(s->arena) ? check_no_memory(cmd) : 0;
}

static int read_logs(const struct command *cmd, struct explain_options *o, struct explain_setup *s)
{
	char why[WHY_MAX];
	int status = list_logs(cmd, o, s);

	if (status || s->n_logs == 0)
		return status;
	s->log = maillog_new(s->settings.limits, s->settings.today);
	if (!s->log)
		return check_no_memory(cmd);
	for (size_t i = 0; i < s->n_logs; i++)
		if (!maillog_read(s->log, s->logs[i], why, sizeof(why)))
			return complain(cmd, EXIT_NO_INPUT, "--log takes the log of a mail server, plain or gzip",
			                "cannot read the log \"%s\": %s", s->logs[i], why);
	if (!maillog_ready(s->log))
		return check_no_memory(cmd);
	if (maillog_counts(s->log).understood == 0 && o->logs.n)
		return complain(cmd, EXIT_NO_INPUT, "it reads lines of Postfix and Dovecot, from files of syslog or the text of journalctl",
		                "no line of the log is of a mail server that is known");
	s->settings.sources.log = s->log;
	return 0;
}

static int read_sent(const struct command *cmd, struct explain_options *o, struct explain_setup *s)
{
	bool from_case = !o->sent && o->kase.loaded.sent.p;
	const char *path = from_case ? (const char *)arena_printf(s->arena, "%s/sent.mbox", o->kase.from).p : o->sent;
	char why[WHY_MAX];

	if (arena_failed(s->arena))
		return check_no_memory(cmd);
	if (!path)
		return 0;
	s->sent = sent_read(path, s->settings.limits, why, sizeof(why));
	if (!s->sent)
		return complain(cmd, EXIT_NO_INPUT, "--sent takes a Maildir or an mbox", "cannot read the Sent folder \"%s\": %s",
		                path, why);
	s->settings.sources.sent = s->sent;
	return 0;
}

/* Evidence that a case keeps, because what showed it is not in it. */
static int read_frozen(const struct command *cmd, struct explain_options *o, struct explain_setup *s)
{
	size_t line = 0;

	if (!o->kase.loaded.frozen.p)
		return 0;
	if (!frozen_parse(s->arena, o->kase.loaded.frozen, &s->frozen, &line))
		return line ? complain(cmd, EXIT_NO_INPUT, "lines are \"ID STRENGTH TEXT\"", "\"%s/frozen.ini\", line %zu cannot be read",
		                       o->kase.from, line)
		            : check_no_memory(cmd);
	s->settings.frozen = &s->frozen;
	return 0;
}

static int read_tag_keys(const struct command *cmd, struct explain_options *o, struct explain_setup *s)
{
	struct buf text;
	char why[WHY_MAX];

	if (!o->tag_keys)
		return 0;
	buf_init(&text, TAG_KEYS_BYTES);
	int status = check_read(cmd, o->tag_keys, &text);
	struct bytes kept = status ? (struct bytes){ NULL, 0 } : arena_copy(s->arena, buf_bytes(&text));
	buf_free(&text);
	if (status)
		return status;
	if (!tag_keys_parse(s->arena, kept, &s->tags, why, sizeof(why)))
		return complain(cmd, EXIT_NO_INPUT, "lines are \"batv NUMBER SECRET\", \"srs SECRET\" or \"since TIME\"; see the manual",
		                "the keys \"%s\": %s", o->tag_keys, why);
	s->settings.sources.tags = &s->tags;
	return 0;
}

/* --- all together --- */

/* A run is short: a server that did not answer for one mail is not waited for with each. Only the
 * cache is to know this, not a case that is recorded. */
static int open_lookups(const struct command *cmd, struct explain_options *o, struct explain_setup *out)
{
	uint32_t *ttl = &o->check.limits.v[LIMIT_DNS_ERROR_TTL], given = *ttl;

	if (given == limit_rows[LIMIT_DNS_ERROR_TTL].standard)
		*ttl = limit_rows[LIMIT_DNS_ERROR_TTL].max;
	int status = check_lookups(cmd, &o->check, &out->lookups);
	*ttl = given;
	return status;
}

int explain_setup(const struct command *cmd, struct explain_options *o, const struct arguments *args,
                  struct explain_setup *out)
{
	static int (*const readers[])(const struct command *, struct explain_options *, struct explain_setup *) = {
		read_session, read_logs, read_sent, read_tag_keys, read_frozen,
	};
	int status = check_case_open(cmd, &o->kase, &o->check, args);

	if (status)
		return status;
	out->arena = arena_new(SETTINGS_MEMORY);
	if (!out->arena)
		return check_no_memory(cmd);
	for (size_t i = 0; i < ARRAY_LEN(readers); i++)
		if ((status = readers[i](cmd, o, out)))
			return status;
	mime_start();
	out->looks = lookalike_start();
	out->settings.sources.looks = out->looks;
	out->network = !o->check.offline && !o->check.zone;
	return open_lookups(cmd, o, out);
}

void explain_setup_end(struct explain_setup *s)
{
	lookups_free(s->lookups);
	lookalike_stop(s->looks);
	sent_free(s->sent);
	maillog_free(s->log);
	arena_free(s->arena);
}
