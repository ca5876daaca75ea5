/* cmd_verify.c - `truefrom verify FILE`: all checks of one message, for scripts
 * and mail experts. */
#include <unistd.h>

#include "cli/check_case.h"
#include "cli/commands.h"
#include "verify/verify_authres.h"
#include "verify/verify_json.h"

struct options {
	struct check_options check;
	struct check_case kase;
	struct ip ip;
	const char *helo, *mail_from, *rcpt_to, *authserv_id;
	bool trace;
};

static const struct option_row rows[] = {
	{ "ip", OPTION_IP, offsetof(struct options, ip), "ADDRESS", "the client's address; without it SPF is not checked" },
	{ "helo", OPTION_TEXT, offsetof(struct options, helo), "NAME", "what the client said in HELO or EHLO" },
	{ "mail-from", OPTION_TEXT, offsetof(struct options, mail_from), "ADDRESS", "the envelope sender; '' is the null sender" },
	{ "rcpt-to", OPTION_TEXT, offsetof(struct options, rcpt_to), "ADDRESS", "the envelope recipient" },
	{ "at", OPTION_TIME, offsetof(struct options, check.at), "TIME", "judge as of then: 2026-11-23T19:00:00Z or @SECONDS" },
	{ "authserv-id", OPTION_TEXT, offsetof(struct options, authserv_id), "NAME", "the name that signs the results; else this host's" },
	{ "trace", OPTION_FLAG, offsetof(struct options, trace), NULL, "with --json: each step of SPF" },
	CHECK_CASE_ROW(struct options, kase),
	CHECK_RECORD_ROW(struct options, kase),
	CHECK_OPTION_ROWS(struct options, check),
};

static int print(const struct command *self, const struct options *o, struct verify *v)
{
	struct buf out;

	if (o->check.json)
		return check_print_json(self, verify_json(v));
	buf_init(&out, 1u << 20);
	verify_authres(&out, v, "\n");
	bool ok = !out.failed && printf("%.*s\n", BYTES_ARG(buf_bytes(&out))) > 0;
	buf_free(&out);
	return ok ? EXIT_CHECKED : complain(self, EXIT_INTERNAL, NULL, "the results could not be written");
}

/* Saves what was used, as facts that a server knew. */
static int record(const struct command *self, const struct options *o, struct verify *v)
{
	struct case_folder c = check_case_start(&o->kase);
	const struct dns_book *book = v->book;
	struct bytes rcpt_to = v->session.rcpt_to;

	c.session.ip = v->session.ip;
	c.session.helo = v->session.helo;
	c.session.mail_from = v->session.mail_from;
	c.session.has_mail_from = v->session.has_mail_from;
	c.session.rcpt_to = &rcpt_to;
	c.session.n_rcpt_to = rcpt_to.n > 0;
	c.session.time = v->settings.now;
	c.session.today = v->settings.dns_time == v->settings.now ? -1 : v->settings.dns_time;
	return check_case_record(self, &o->kase, &o->check, v->work.arena, &c, &book, 1);
}

static struct verify *begin(const struct options *o, const char *host)
{
	struct verify_settings settings = {
		.limits = &o->check.limits,
		.authserv_id = bytes_of(o->authserv_id ? o->authserv_id : host),
		.now = check_case_time(&o->kase, &o->check),
		.dns_time = check_case_today(&o->kase, &o->check),
		.explain = true,
		.trace = o->trace,
	};
	struct verify_session session = {
		.ip = o->ip,
		.helo = bytes_of(o->helo),
		.mail_from = bytes_of(o->mail_from),
		.has_mail_from = o->mail_from != NULL,
		.rcpt_to = bytes_of(o->rcpt_to),
	};

	check_case_session(&o->kase, &session);
	return verify_new(&settings, &session);
}

static int judge(const struct command *self, struct options *o, const char *path, struct lookups *lookups)
{
	char host[256] = "localhost";
	int status;

	gethostname(host, sizeof(host) - 1);
	struct verify *v = begin(o, host);
	if (!v)
		return check_no_memory(self);
	status = check_case_feed(self, &o->kase, path, v);
	if (!status)
		status = check_finish(self, &o->check, v, lookups);
	if (!status)
		status = print(self, o, v);
	if (!status)
		status = record(self, o, v);
	verify_free(v);
	return status;
}

static int run(const struct command *self, int argc, char **argv)
{
	struct options o = { 0 };
	struct arguments args;
	struct lookups *lookups = NULL;
	int status;

	check_options_init(&o.check);
	if (options_parse(self, argc, argv, &o, &args, &status) &&
	    !(status = check_case_open(self, &o.kase, &o.check, &args)) &&
	    !(status = check_lookups(self, &o.check, &lookups)))
		status = judge(self, &o, args.n ? args.items[0] : NULL, lookups);
	lookups_free(lookups);
	check_case_end(&o.kase);
	return status;
}

const struct command cmd_verify = {
	.name = "verify",
	.summary = "check SPF, DKIM, ARC and DMARC of one message",
	.arguments = "FILE | --case DIR",
	.arguments_max = 1,
	.rows = rows,
	.n_rows = ARRAY_LEN(rows),
	.more = "FILE is a message as it came (.eml, or - for standard input). Prints an\n"
	        "Authentication-Results field (RFC 8601), or JSON. DIR is a case that --record\n"
	        "saved: it gives the same result on any machine, at any time.\n\n"
	        "Exit status: 0 checked, whatever the result; 64 wrong usage; 66 FILE or DIR\n"
	        "cannot be read; 73 DIR cannot be written; 75 the DNS could not be asked at all.\n",
	.run = run,
};
