/* cmd_spf.c - `truefrom spf`: the SPF check alone. */
#include "cli/check_case.h"
#include "cli/commands.h"
#include "mail/address.h"
#include "verify/verify_json.h"

struct options {
	struct check_options check;
	struct check_case kase;
	struct ip ip;
	const char *helo, *mail_from;
	bool trace;
};

static const struct option_row rows[] = {
	{ "ip", OPTION_IP, offsetof(struct options, ip), "ADDRESS", "the client's address" },
	{ "mail-from", OPTION_TEXT, offsetof(struct options, mail_from), "ADDRESS", "the envelope sender; '' or none: HELO is checked" },
	{ "helo", OPTION_TEXT, offsetof(struct options, helo), "NAME", "what the client said in HELO or EHLO" },
	{ "at", OPTION_TIME, offsetof(struct options, check.at), "TIME", "the time for the macro %{t}" },
	{ "trace", OPTION_FLAG, offsetof(struct options, trace), NULL, "print each step" },
	CHECK_CASE_ROW(struct options, kase),
	CHECK_OPTION_ROWS(struct options, check),
};

/* One check with all that it needs, for lookups_finish_one. */
struct job {
	struct work work;
	struct dns_asker asker;
	struct spf_input in;
	struct spf_result result;
};

static enum check_state run_once(void *user)
{
	struct job *job = user;

	return spf_check(&job->work, &job->asker, &job->in, &job->result);
}

/* Who is asked about: MAIL FROM, or HELO where that is null or was not given. 0 or a status. */
static int read_identity(const struct command *self, const struct verify_session *s, struct job *job)
{
	struct parse_err err = { 0 };
	struct path path = { .null = true };
	struct ip literal;

	if (s->has_mail_from && !path_parse(job->work.arena, s->mail_from, &path, &err))
		return complain(self, EXIT_USAGE, "write it like sender@example.org, or '' for the null sender",
		                "the envelope sender: %s at byte %zu", err.what, err.at);
	job->in.client = s->ip;
	job->in.helo = s->helo;
	if (!path.null) {
		job->in.identity = SPF_MAILFROM;
		job->in.domain = path.domain;
		job->in.local = path.local;
		return 0;
	}
	job->in.identity = SPF_HELO;
	if (!ip_parse_smtp(job->in.helo, &literal))
		(void)!dname_parse(job->work.arena, job->in.helo, DNAME_HOST, &job->in.domain, NULL);
	if (dname_labels(job->in.domain) < 2)
		job->in.domain = (struct dname){ { NULL, 0 } }; /* RFC 7208 section 2.3: the result is none */
	return 0;
}

static void print_words(const struct job *job)
{
	const struct spf_result *r = &job->result;

	printf("%s\n", spf_outcome_name(r->result));
	for (size_t i = 0; i < r->step_n; i++) {
		const struct spf_step *s = &r->steps[i];
		printf("%*s%.*s: %.*s%s%s (%u)\n", (int)(2 * s->depth + 2), "", BYTES_ARG(s->domain.text), BYTES_ARG(s->term),
		       s->term.n ? " " : "", s->what, s->lookups);
	}
	if (r->term.n)
		printf("term: %.*s\n", BYTES_ARG(r->term));
	if (r->path_n) {
		printf("path:");
		for (size_t i = 0; i < r->path_n; i++)
			printf("%s%.*s", i ? " > " : " ", BYTES_ARG(r->path[i].text));
		printf("\n");
	}
	printf("lookups: %u, void: %u\n", r->lookups, r->void_lookups);
	if (r->error)
		printf("error: %s%s%.*s\n", r->error, r->error_at.n ? ": " : "", BYTES_ARG(r->error_at));
	if (r->explanation.n)
		printf("explanation: %.*s\n", BYTES_ARG(r->explanation));
}

static int judge(const struct command *self, const struct options *o, const struct verify_session *session,
                 struct lookups *lookups, struct job *job)
{
	const struct limits *limits = &o->check.limits;
	struct dns_book *book = dns_book_new(job->work.arena, NULL);
	int status = book ? read_identity(self, session, job) : check_no_memory(self);

	if (!status) {
		dns_asker_init(&job->asker, book, limits->v[LIMIT_SPF_QUESTIONS], limits->v[LIMIT_FORESEEN]);
		struct dns_pump_asker one = { &job->asker, limits->v[LIMIT_SPF_TIME],
		                              UINT64_C(1) << LIMIT_SPF_TIME };
		struct dns_pump_settings settings = {
			.work = &job->work, .book = book, .askers = &one, .n = 1, .run = run_once, .user = job,
		};
		if (lookups_pump(lookups, &settings) != CHECK_DONE)
			status = check_no_memory(self);
	}
	if (!status && !o->check.offline && !o->check.zone && check_dns_failed(book))
		status = complain(self, EXIT_NO_DNS, "check the network, or name a server with --dns ADDRESS",
		                  "the DNS could not be asked");
	if (!status && o->check.json)
		status = check_print_json(self, verify_json_spf(job->work.arena, &job->result, false));
	else if (!status)
		print_words(job);
	dns_book_end(book);
	return status;
}

/* Who handed what over: options, and what the case knows beside. 0 or a status. */
static int read_session(const struct command *self, const struct options *o, struct verify_session *out)
{
	*out = (struct verify_session){
		.ip = o->ip,
		.helo = bytes_of(o->helo),
		.mail_from = bytes_of(o->mail_from),
		.has_mail_from = o->mail_from != NULL,
	};
	check_case_session(&o->kase, out);
	if (!out->ip.family)
		return complain(self, EXIT_USAGE, "see: truefrom spf --help", "--ip ADDRESS is missing");
	if (!out->has_mail_from && !out->helo.n)
		return complain(self, EXIT_USAGE, "see: truefrom spf --help", "--mail-from or --helo is missing");
	return 0;
}

static int check(const struct command *self, struct options *o)
{
	struct verify_session session;
	struct lookups *lookups = NULL;
	int status = read_session(self, o, &session);

	if (status || (status = check_lookups(self, &o->check, &lookups)))
		return status;
	struct job job = {
		.work = { arena_new(o->check.limits.v[LIMIT_ARENA_BYTES]), &o->check.limits,
		          check_case_time(&o->kase, &o->check), 0 },
		.in = { .time = check_case_today(&o->kase, &o->check), .explain = true, .trace = o->trace },
	};
	status = job.work.arena ? judge(self, o, &session, lookups, &job) : check_no_memory(self);
	arena_free(job.work.arena);
	lookups_free(lookups);
	return status;
}

static int run(const struct command *self, int argc, char **argv)
{
	struct options o = { 0 };
	struct arguments args;
	int status;

	check_options_init(&o.check);
	if (options_parse(self, argc, argv, &o, &args, &status) &&
	    !(status = check_case_open(self, &o.kase, &o.check, NULL)))
		status = check(self, &o);
	check_case_end(&o.kase);
	return status;
}

const struct command cmd_spf = {
	.name = "spf",
	.summary = "check SPF alone",
	.arguments = "",
	.rows = rows,
	.n_rows = ARRAY_LEN(rows),
	.more = "Says whether the client at --ip may send mail for the domain of --mail-from\n"
	        "(RFC 7208). With the null sender, or without --mail-from, --helo is checked.\n"
	        "--case takes all of them, and the DNS, from a case that was recorded.\n\n"
	        "Exit status: 0 checked, whatever the result; 64 wrong usage; 66 the zone file\n"
	        "or the case cannot be read; 75 the DNS could not be asked at all.\n",
	.run = run,
};
