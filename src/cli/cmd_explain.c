/* cmd_explain.c - `truefrom explain FILE`: was this mail forged? For a person
 * who knows nothing of mail. A program of its own (see main.c). */
#include <errno.h>

#include "base/mem.h"
#include "cli/check.h"
#include "cli/commands.h"
#include "explain/explain_words.h"
#include "explain/explain.h"

#define STANDARD_SECONDS 5 /* a person waits in front of it */

struct options {
	struct check_options check;
	struct option_list owners, trust, trust_authserv;
};

static const struct option_row rows[] = {
	{ "owner", OPTION_LIST, offsetof(struct options, owners), "ADDRESS", "your own address (may be given several times)" },
	{ "trust", OPTION_LIST, offsetof(struct options, trust), "HOST|NET", "a mail server or network of yours or of your provider" },
	{ "trust-authserv", OPTION_LIST, offsetof(struct options, trust_authserv), "ID", "the name your provider signs its results with" },
	{ "at", OPTION_TIME, offsetof(struct options, check.at), "TIME", "judge as if today were then" },
	CHECK_OPTION_ROWS(struct options, check),
};

/* --trust: networks and host names; --trust-authserv: identifiers. 0 or a status. */
static int read_trust(const struct command *self, const struct options *o, struct arena *a, struct trust *out)
{
	struct ip_net *nets = arena_array(a, struct ip_net, o->trust.n);
	struct dname *hosts = arena_array(a, struct dname, o->trust.n);
	struct bytes *ids = arena_array(a, struct bytes, o->trust_authserv.n);

	if (!nets || !hosts || !ids)
		return check_no_memory(self);
	*out = (struct trust){ .networks = nets, .hosts = hosts, .authserv_ids = ids };
	for (size_t i = 0; i < o->trust.n; i++) {
		struct bytes text = bytes_of(o->trust.items[i]);
		if (ip_net_parse(text, &nets[out->n_networks]))
			out->n_networks++;
		else if (dname_parse(a, text, DNAME_HOST, &hosts[out->n_hosts], NULL))
			out->n_hosts++;
		else
			return complain(self, EXIT_USAGE, "it takes a name like mx.example.net, an address or a network like 192.0.2.0/24",
			                "--trust cannot be \"%s\"", o->trust.items[i]);
	}
	for (size_t i = 0; i < o->trust_authserv.n; i++)
		ids[out->n_authserv_ids++] = bytes_of(o->trust_authserv.items[i]);
	return 0;
}

static int read_owners(const struct command *self, const struct options *o, struct arena *a,
                       struct explain_settings *out)
{
	struct bytes *owners = arena_array(a, struct bytes, o->owners.n);
	struct parse_err err = { 0 };
	struct path path;

	if (!owners)
		return check_no_memory(self);
	for (size_t i = 0; i < o->owners.n; i++) {
		owners[i] = bytes_of(o->owners.items[i]);
		if (!path_parse(a, owners[i], &path, &err) || dname_is_none(path.domain))
			return complain(self, EXIT_USAGE, "write it like alice@example.org", "--owner cannot be \"%s\"",
			                o->owners.items[i]);
	}
	out->owners = owners;
	out->n_owners = o->owners.n;
	return 0;
}

static int print(const struct command *self, const struct options *o, struct explain *x)
{
	struct buf page;

	if (o->check.json)
		return check_print_json(self, explain_json(x));
	buf_init(&page, 1u << 20);
	explain_words(&page, x, (struct words_style){ .colour = false });
	bool ok = !page.failed && fwrite(page.p, 1, page.n, stdout) == page.n;
	buf_free(&page);
	return ok ? 0 : complain(self, EXIT_INTERNAL, NULL, "the page could not be written");
}

/* The whole file in memory (mem_free). 0 or a status. */
static int read_file(const struct command *self, const char *path, struct bytes *out)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
	struct buf text;
	uint8_t piece[65536];
	size_t n;

	if (!f)
		return complain(self, EXIT_NO_INPUT, "it should be a mail saved with all its headers (.eml), or - for standard input",
		                "cannot read \"%s\": %s", path, strerrordesc_np(errno));
	buf_init(&text, 1u << 30);
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_add(&text, (struct bytes){ piece, n });
	int status = ferror(f)    ? complain(self, EXIT_NO_INPUT, NULL, "cannot read \"%s\": %s", path, strerrordesc_np(errno))
	             : text.failed ? check_no_memory(self)
	             : text.n == 0 ? complain(self, EXIT_NO_INPUT, "it should be a mail saved with all its headers (.eml)",
	                                      "\"%s\" is empty", path)
	                           : 0;
	if (f != stdin)
		fclose(f);
	*out = buf_bytes(&text);
	return status;
}

static int judge(const struct command *self, const struct options *o, const char *path,
                 const struct explain_settings *settings, struct lookups *lookups)
{
	struct bytes message = { NULL, 0 };
	struct explain x;
	int status = read_file(self, path, &message);

	if (status) {
		mem_free((void *)(uintptr_t)message.p);
		return status;
	}
	if (!explain_begin(&x, settings, message) || explain_ask(&x, lookups) != CHECK_DONE || !explain_judge(&x))
		status = check_no_memory(self);
	else
		status = print(self, o, &x);
	explain_end(&x);
	mem_free((void *)(uintptr_t)message.p);
	return status;
}

static int run(const struct command *self, int argc, char **argv)
{
	struct options o = { 0 };
	struct arguments args;
	struct lookups *lookups = NULL;
	struct arena *a = arena_new(1u << 20);
	int status;

	if (!a)
		return check_no_memory(self);
	check_options_init(&o.check);
	o.check.timeout_standard = STANDARD_SECONDS;
	struct explain_settings settings = { .limits = &o.check.limits };
	if (options_parse(self, argc, argv, &o, &args, &status) && !(status = read_trust(self, &o, a, &settings.trust)) &&
	    !(status = read_owners(self, &o, a, &settings)) && !(status = check_lookups(self, &o.check, &lookups))) {
		settings.today = check_now(&o.check);
		settings.offline = o.check.offline;
		status = judge(self, &o, args.items[0], &settings, lookups);
	}
	lookups_free(lookups);
	arena_free(a);
	return status;
}

const struct command cmd_explain = {
	.name = "explain",
	.summary = "was this mail forged? A verdict in plain words",
	.arguments = "FILE",
	.arguments_min = 1,
	.arguments_max = 1,
	.rows = rows,
	.n_rows = ARRAY_LEN(rows),
	.more = "FILE is the mail, saved with all its headers (\"view source\", then save as .eml;\n"
	        "- for standard input). Says whether it really came from whom it names, how that\n"
	        "is known, and what to do.\n\n"
	        "What leaves this machine: questions to the DNS, and through it to the domains\n"
	        "named in the mail. --offline asks nothing.\n\n"
	        "Exit status: 0 judged, whatever the verdict; 64 wrong usage; 66 FILE cannot be\n"
	        "read.\n",
	.run = run,
};

int main(int argc, char **argv)
{
	return cmd_explain.run(&cmd_explain, argc, argv);
}
