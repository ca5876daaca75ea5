/* check.c - see check.h */
#include "cli/check.h"

#include <errno.h>

#include "base/clock.h"

void check_options_init(struct check_options *o)
{
	*o = (struct check_options){ .at = -1 };
	limits_init(&o->limits);
}

int64_t check_now(const struct check_options *o)
{
	return o->at >= 0 ? o->at : clock_now();
}

int check_lookups(const struct command *cmd, struct check_options *o, struct lookups **out)
{
	static const struct { int status; const char *remedy; } words[] = {
		[LOOKUPS_NO_MEMORY] = { EXIT_INTERNAL, NULL },
		[LOOKUPS_BAD_ZONE] = { EXIT_NO_INPUT, "it should be a master file as in RFC 1035, section 5" },
		[LOOKUPS_BAD_SERVER] = { EXIT_USAGE, "write --dns 192.0.2.53, --dns 192.0.2.53@5353 or --dns recursive" },
	};
	struct lookups_settings settings = {
		.zone = o->zone, .zone_text = o->zone_text, .dns = o->dns, .offline = o->offline, .limits = &o->limits,
	};
	enum lookups_problem problem = LOOKUPS_OK;
	char why[512];

	if (!o->timeout && o->limits.v[LIMIT_TOTAL_TIME] == limit_rows[LIMIT_TOTAL_TIME].standard)
		o->timeout = o->timeout_standard;
	if (o->timeout)
		o->limits.v[LIMIT_TOTAL_TIME] = (uint32_t)o->timeout * 1000;
	*out = lookups_new(&settings, &problem, why, sizeof(why));
	return *out ? 0 : complain(cmd, words[problem].status, words[problem].remedy, "%s", why);
}

/* Hands a file on in pieces until `take` wants no more. 0 or a status; empty files are refused. */
static int read_pieces(const struct command *cmd, const char *path, bool (*take)(void *user, struct bytes piece),
                       void *user)
{
	static const char remedy[] = "it should be a mail saved with all its headers (.eml), or - for standard input";
	bool from_stdin = strcmp(path, "-") == 0, more = true;
	FILE *f = from_stdin ? stdin : fopen(path, "rb");
	uint8_t piece[65536];
	size_t n, all = 0;
	int status = 0;

	if (!f)
		return complain(cmd, EXIT_NO_INPUT, remedy, "cannot read \"%s\": %s", path, strerrordesc_np(errno));
	while (more && (n = fread(piece, 1, sizeof(piece), f)) > 0) {
		more = take(user, (struct bytes){ piece, n });
		all += n;
	}
	if (ferror(f))
		status = complain(cmd, EXIT_NO_INPUT, remedy, "cannot read \"%s\": %s", path, strerrordesc_np(errno));
	else if (all == 0)
		status = complain(cmd, EXIT_NO_INPUT, remedy, "\"%s\" is empty", path);
	else if (!more)
		status = check_no_memory(cmd);
	if (!from_stdin)
		fclose(f);
	return status;
}

static bool feed_piece(void *user, struct bytes piece)
{
	return verify_feed(user, piece);
}

int check_feed(const struct command *cmd, const char *path, struct verify *v)
{
	int status = read_pieces(cmd, path, feed_piece, v);

	return status || verify_end(v) ? status : check_no_memory(cmd);
}

static bool add_piece(void *user, struct bytes piece)
{
	struct buf *out = user;

	if (piece.n > out->cap - out->n)
		return false;
	buf_add(out, piece);
	return !out->failed;
}

int check_read(const struct command *cmd, const char *path, struct buf *out)
{
	return read_pieces(cmd, path, add_piece, out);
}

int check_no_memory(const struct command *cmd)
{
	return complain(cmd, EXIT_INTERNAL, "--limit message-memory=N allows one message more",
	                "out of memory, or over the limit message-memory");
}

bool check_dns_failed(const struct dns_book *book)
{
	size_t asked = 0;

	for (size_t i = 0; i < dns_book_count(book); i++) {
		const struct dns_entry *e = dns_book_entry(book, i);
		if (e->answer && !dns_status_is_error(dns_answer_view(e->answer)->status))
			return false;
		asked += e->needed_by != 0;
	}
	return asked > 0;
}

int check_finish(const struct command *cmd, const struct check_options *o, struct verify *v, struct lookups *l)
{
	if (lookups_finish(l, v) != CHECK_DONE)
		return check_no_memory(cmd);
	if (!o->offline && !o->zone && check_dns_failed(v->book))
		return complain(cmd, EXIT_NO_DNS, "check the network, name a server with --dns ADDRESS, or use --offline",
		                "the DNS could not be asked");
	return 0;
}

int check_print_json(const struct command *cmd, json_t *o)
{
	bool ok = o && json_dumpf(o, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER) == 0 && putchar('\n') != EOF;

	json_decref(o);
	return ok ? 0 : complain(cmd, EXIT_INTERNAL, NULL, "the JSON could not be written");
}
