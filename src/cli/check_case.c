/* check_case.c - see check_case.h */
#include "cli/check_case.h"

#include "base/clock.h"

#define MESSAGE_BYTES (256u << 20) /* as case_folder.c reads */
#define ZONE_BYTES (64u << 20)

static const char shape[] = "a case is a folder with message.eml, session.ini and dns.zone, as --record writes it";

/* --- --case --- */

/* Limits of the case hold where no option set another. */
static int take_limits(const struct command *cmd, const struct check_case *k, struct limits *limits)
{
	const struct case_session *s = &k->loaded.session;
	struct limits own = *limits;
	size_t bad;

	if (!case_session_take_limits(s, &own, &bad))
		return complain(cmd, EXIT_NO_INPUT, "write limit = NAME=VALUE; truefrom(1) lists the names and bounds",
		                "\"%s/session.ini\": limit number %zu is none", k->from, bad + 1);
	for (size_t i = 0; i < LIMIT_COUNT; i++)
		if (limits->v[i] == limit_rows[i].standard)
			limits->v[i] = own.v[i];
	return 0;
}

static int load(const struct command *cmd, struct check_case *k)
{
	char why[512];

	switch (case_load(k->from, &k->loaded, why, sizeof(why))) {
	case CASE_OK:
		return 0;
	case CASE_NO_MEMORY:
		return check_no_memory(cmd);
	case CASE_REFUSED:
		break;
	}
	return complain(cmd, EXIT_NO_INPUT, shape, "%s", why);
}

int check_case_open(const struct command *cmd, struct check_case *k, struct check_options *o,
                    const struct arguments *args)
{
	static const char zone_name[] = "dns.zone of the case";
	int status;

	buf_init(&k->message, MESSAGE_BYTES);
	case_session_init(&k->loaded.session);
	if (!k->from && args && args->n == 0)
		return complain(cmd, EXIT_USAGE, "see: truefrom COMMAND --help", "FILE is missing");
	if (k->from && args && args->n > 0)
		return complain(cmd, EXIT_USAGE, "leave out FILE, or --case", "--case brings a message of its own");
	if (!k->from)
		return 0;
	if ((status = load(cmd, k)) || (status = take_limits(cmd, k, &o->limits)))
		return status;
	if (o->zone || o->dns || o->offline)
		return 0;
	o->offline = k->loaded.session.offline;
	o->zone = zone_name;
	o->zone_text = k->loaded.zone.p ? k->loaded.zone : B("");
	return 0;
}

void check_case_end(struct check_case *k)
{
	case_folder_end(&k->loaded);
	buf_free(&k->message);
}

void check_case_session(const struct check_case *k, struct verify_session *s)
{
	const struct case_session *from = &k->loaded.session;

	if (!s->ip.family)
		s->ip = from->ip;
	if (!s->helo.n)
		s->helo = from->helo;
	if (!s->has_mail_from) {
		s->mail_from = from->mail_from;
		s->has_mail_from = from->has_mail_from;
	}
	if (!s->rcpt_to.n && from->n_rcpt_to)
		s->rcpt_to = from->rcpt_to[0];
}

/* The first that is known, else now. */
static int64_t first_known(int64_t a, int64_t b, int64_t c)
{
	return a >= 0 ? a : b >= 0 ? b : c >= 0 ? c : clock_now();
}

int64_t check_case_time(const struct check_case *k, const struct check_options *o)
{
	return first_known(o->at, k->loaded.session.time, k->loaded.session.today);
}

int64_t check_case_today(const struct check_case *k, const struct check_options *o)
{
	return first_known(o->at, k->loaded.session.today, k->loaded.session.time);
}

/* --- the message --- */

struct bytes check_case_message(const struct check_case *k)
{
	return k->from ? k->loaded.message : buf_bytes(&k->message);
}

int check_case_feed(const struct command *cmd, struct check_case *k, const char *path, struct verify *v)
{
	int status = 0;

	if (!k->from && !k->record)
		return check_feed(cmd, path, v);
	if (!k->from)
		status = check_read(cmd, path, &k->message);
	if (!status && (!verify_feed(v, check_case_message(k)) || !verify_end(v)))
		status = check_no_memory(cmd);
	return status;
}

/* --- --record --- */

struct case_folder check_case_start(const struct check_case *k)
{
	struct case_folder c = k->loaded;

	c.arena = NULL; /* it stays k's */
	return c;
}

int check_case_save(const struct command *cmd, const struct check_case *k, const struct case_folder *c)
{
	char why[512];

	switch (case_save(k->record, c, why, sizeof(why))) {
	case CASE_OK:
		return 0;
	case CASE_NO_MEMORY:
		return check_no_memory(cmd);
	case CASE_REFUSED:
		break;
	}
	return complain(cmd, EXIT_NO_OUTPUT, "--record takes a new folder, an empty one, or one with an older case", "%s", why);
}

int check_case_record(const struct command *cmd, const struct check_case *k, const struct check_options *o,
                      struct arena *a, struct case_folder *c, const struct dns_book *const *books, size_t n)
{
	struct buf zone;
	int status;

	if (!k->record)
		return 0;
	buf_init(&zone, ZONE_BYTES);
	c->message = check_case_message(k);
	c->session.offline = o->offline;
	if (!case_session_put_limits(a, &o->limits, &c->session) || !case_zone_write_books(&zone, books, n)) {
		status = check_no_memory(cmd);
	} else {
		c->zone = o->offline ? (struct bytes){ NULL, 0 } : buf_bytes(&zone);
		status = check_case_save(cmd, k, c);
	}
	buf_free(&zone);
	return status;
}
