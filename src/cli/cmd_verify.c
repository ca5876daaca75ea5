/* cmd_verify.c - `truefrom verify FILE`: all checks of one message, for scripts
 * and mail experts. */
#include <unistd.h>

#include "cli/check.h"
#include "cli/commands.h"
#include "verify/verify_authres.h"
#include "verify/verify_json.h"

struct options {
	struct check_options check;
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

static int run(const struct command *self, int argc, char **argv)
{
	struct options o = { 0 };
	struct arguments args;
	char host[256] = "localhost";
	struct lookups *lookups = NULL;
	int status;

	check_options_init(&o.check);
	if (!options_parse(self, argc, argv, &o, &args, &status))
		return status;
	gethostname(host, sizeof(host) - 1);
	if ((status = check_lookups(self, &o.check, &lookups)))
		return status;
	struct verify_settings settings = {
		.limits = &o.check.limits,
		.authserv_id = bytes_of(o.authserv_id ? o.authserv_id : host),
		.now = check_now(&o.check),
		.dns_time = check_now(&o.check),
		.explain = true,
		.trace = o.trace,
	};
	struct verify_session session = {
		.ip = o.ip,
		.helo = bytes_of(o.helo),
		.mail_from = bytes_of(o.mail_from),
		.has_mail_from = o.mail_from != NULL,
		.rcpt_to = bytes_of(o.rcpt_to),
	};
	struct verify *v = verify_new(&settings, &session);
	status = v ? check_feed(self, args.items[0], v) : check_no_memory(self);
	if (!status)
		status = check_finish(self, &o.check, v, lookups);
	if (!status)
		status = print(self, &o, v);
	verify_free(v);
	lookups_free(lookups);
	return status;
}

const struct command cmd_verify = {
	.name = "verify",
	.summary = "check SPF, DKIM, ARC and DMARC of one message",
	.arguments = "FILE",
	.arguments_min = 1,
	.arguments_max = 1,
	.rows = rows,
	.n_rows = ARRAY_LEN(rows),
	.more = "FILE is a message as it came (.eml, or - for standard input). Prints an\n"
	        "Authentication-Results field (RFC 8601), or JSON.\n\n"
	        "Exit status: 0 checked, whatever the result; 64 wrong usage; 66 FILE cannot\n"
	        "be read; 75 the DNS could not be asked at all.\n",
	.run = run,
};
