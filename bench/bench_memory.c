/* bench_memory.c - what memory a mail of any size needs: signed by a child, verified as it
 * streams, by pieces that are made when they are needed and forgotten.
 *
 *   bench_memory peak BYTES   the peak of anonymous memory for one mail, in KiB
 *   bench_memory many N       how much that grows from the 100th to the Nth mail of 10 KB
 *
 * Each prints a line as in bench.h. A process for each size: a peak never goes down. */
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "dkim/dkim_sign.h"
#include "kit.h"

#define PIECE 65536u
#define SMALL 10000u
#define WARM_UP 100u

static struct kit kit;

/* The body: the same lines over and over. Calls take for each piece. */
static void stream(size_t bytes, void (*take)(void *user, struct bytes piece), void *user)
{
	static struct buf lines;

	if (!lines.n) {
		struct mail m = { .from = "a@perf.example", .to = "b@example.org", .body = PIECE };
		buf_init(&lines, PIECE * 2);
		mail_body(&lines, &m);
		BENCH_NEED(lines.n == PIECE);
	}
	for (size_t at = 0; at < bytes; at += PIECE)
		take(user, bytes_sub(buf_bytes(&lines), 0, bytes - at));
}

static struct bytes header_of(struct buf *to)
{
	struct mail m = { .from = "alice@perf.example", .to = "bob@example.org", .seed = 7 };

	buf_init(to, 65536);
	mail_header(to, &m);
	buf_adds(to, "\r\n");
	return buf_bytes(to);
}

static void hash_piece(void *user, struct bytes piece)
{
	dkim_bodies_update(user, piece);
}

/* The signature field, to a file descriptor. */
static void sign(size_t bytes, int to)
{
	struct work w = kit_work(&kit, kit.arena);
	struct header h = { 0 };
	struct buf text;
	struct dkim_sign_options o;
	struct dkim_signing *s;
	struct bytes field;
	const char *why;

	header_index(&w, &h, header_of(&text));
	struct dkim_bodies *bodies = dkim_bodies_new(&w, h.ends);
	dkim_sign_options_init(&o, kit_name(&kit, "perf.example"), B("rsa"), CRYPTO_RSA);
	BENCH_NEED(bodies && dkim_sign_begin(&w, &h, bodies, &o, &s, &why));
	stream(bytes, hash_piece, bodies);
	dkim_bodies_end(bodies);
	BENCH_NEED(dkim_sign_with(&w, s, kit.keys[KIT_RSA2048], &field));
	BENCH_NEED(write(to, field.p, field.n) == (ssize_t)field.n);
	dkim_bodies_free(bodies);
	buf_free(&text);
}

static struct bytes signed_by_child(size_t bytes)
{
	static uint8_t field[8192];
	int ends[2];
	size_t n = 0;
	ssize_t got;

	BENCH_NEED(pipe(ends) == 0);
	pid_t child = fork();
	BENCH_NEED(child >= 0);
	if (child == 0) {
		sign(bytes, ends[1]);
		_exit(0);
	}
	close(ends[1]);
	while ((got = read(ends[0], field + n, sizeof(field) - n)) > 0)
		n += (size_t)got;
	close(ends[0]);
	BENCH_NEED(waitpid(child, NULL, 0) == child && n > 0);
	return (struct bytes){ field, n };
}

/* Of /proc/self/status, in KiB. */
static unsigned long status_of(const char *name)
{
	char line[256];
	unsigned long kib = 0;
	FILE *f = fopen("/proc/self/status", "r");

	BENCH_NEED(f);
	while (fgets(line, sizeof(line), f))
		if (strncmp(line, name, strlen(name)) == 0)
			kib = strtoul(line + strlen(name) + 1, NULL, 10);
	fclose(f);
	BENCH_NEED(kib > 0);
	return kib;
}

struct feed {
	struct tf_message *m;
	unsigned long peak;
};

static void feed_piece(void *user, struct bytes piece)
{
	struct feed *f = user;

	BENCH_NEED(tf_message_feed(f->m, piece.p, piece.n) == 0);
	unsigned long now = status_of("RssAnon:");
	f->peak = now > f->peak ? now : f->peak;
}

/* The peak of anonymous memory while it is verified. */
static unsigned long verify(struct tf_context *c, size_t bytes, struct bytes field)
{
	static const struct tf_session from = { "192.0.2.25", "out.perf.example", "alice@perf.example", NULL, KIT_NOW };
	struct buf text;
	struct bytes header = header_of(&text);
	struct feed f = { tf_message_new(c, &from), 0 };

	BENCH_NEED(f.m && tf_message_feed(f.m, field.p, field.n) == 0 && tf_message_feed(f.m, header.p, header.n) == 0);
	stream(bytes, feed_piece, &f);
	struct tf_result *r = tf_message_end(f.m);
	BENCH_NEED(r && strcmp(tf_result_dkim(r, 0), "pass") == 0);
	unsigned long now = status_of("RssAnon:");
	f.peak = now > f.peak ? now : f.peak;
	tf_result_free(r);
	buf_free(&text);
	return f.peak;
}

int main(int argc, char **argv)
{
	uint64_t n = 0;
	char name[64];

	if (argc != 3 || !bytes_to_u64(bytes_of(argv[2]), &n))
		bench_fail("usage: bench_memory peak BYTES | many N");
	bool many = strcmp(argv[1], "many") == 0;
	kit_begin(&kit);
	struct bytes field = signed_by_child(many ? SMALL : n);
	struct tf_context *c = kit_context(&kit, "perf.example. TXT \"v=spf1 ip4:192.0.2.0/24 -all\"\n");
	unsigned long peak = 0, before = 0;
	for (uint64_t i = 0; i < (many ? n : 1); i++) {
		if (i == WARM_UP)
			before = status_of("RssAnon:");
		peak = verify(c, many ? SMALL : n, field);
	}
	if (many) {
		snprintf(name, sizeof(name), "growth over %u mails", (unsigned)(n - WARM_UP));
		bench_figure("memory", name, "KiB", 0, (double)status_of("RssAnon:") - (double)before);
	} else {
		snprintf(name, sizeof(name), "peak, a mail of %zu bytes", (size_t)n);
		bench_figure("memory", name, "KiB", 0, (double)peak);
		snprintf(name, sizeof(name), "peak, resident in all, %zu bytes", (size_t)n);
		bench_figure("memory", name, "KiB", 0, (double)status_of("VmHWM:"));
	}
	tf_context_free(c);
	kit_end(&kit);
	return 0;
}
