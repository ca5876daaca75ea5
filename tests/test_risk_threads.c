/* Eight threads look at mails at once, with one set of tables: each finds what one alone finds. */
#include <pthread.h>

#include "content/risk.h"
#include "tap.h"

#define THREADS 8
#define ROUNDS 50

static const char message[] =
	"From: a@x.example\nTo: b@mine.example\nSubject: =?utf-8?b?SGVsbG8=?=\nContent-Type: multipart/mixed; boundary=b\n\n"
	"--b\nContent-Type: text/html; charset=iso-8859-1\n\n<style>.x{display:none}</style><a href=https://rnine.example/>https://a.example/</a>"
	"<p class=x>hidden words of a mail</p>I hacked your device, your password is Summer19.\n"
	"--b\nContent-Type: application/zip; name=a.pdf.exe\nContent-Transfer-Encoding: base64\n\n"
	"UEsDBAoAAAAAAAAAIQCMErUgAQAAAAEAAAAFAAAAYS5leGV4UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==\n--b--\n";

struct job {
	pthread_t thread;
	const struct lookalike_tables *tables;
	const struct limits *limits;
	size_t found, items, failures;
};

static void look(struct job *j)
{
	static const struct dname ours = { { (const uint8_t *)"mine.example", 12 } };
	struct arena *a = arena_new(16 << 20);
	struct work w = { .arena = a, .limits = j->limits };
	struct header h = { 0 };
	struct mime m = { 0 };
	struct risk *risks;
	struct content_payload p = { 0 };
	size_t n = 0;

	header_index(&w, &h, bytes_of(message));
	struct risk_input in = { .header = &h, .mime = &m, .tables = j->tables, .domains = &ours, .n_domains = 1 };
	bool ok = mime_read(&w, bytes_of(message), &m) && risk_find(&w, &in, &risks, &n) && content_payload(&w, &h, &m, &p);
	j->failures += !ok || (j->found && (n != j->found || p.n != j->items));
	j->found = n;
	j->items = p.n;
	mime_end(&m);
	arena_free(a);
}

static void *run(void *data)
{
	for (int i = 0; i < ROUNDS; i++)
		look(data);
	return NULL;
}

int main(void)
{
	struct limits limits;
	struct job jobs[THREADS];
	struct lookalike_tables *tables = lookalike_start();

	limits_init(&limits);
	mime_start();
	tap_begin("eight threads find the same");
	for (size_t i = 0; i < THREADS; i++) {
		jobs[i] = (struct job){ .tables = tables, .limits = &limits };
		if (pthread_create(&jobs[i].thread, NULL, run, &jobs[i]) != 0)
			abort();
	}
	for (size_t i = 0; i < THREADS; i++) {
		pthread_join(jobs[i].thread, NULL);
		CHECK_MSG(jobs[i].failures == 0 && jobs[i].found >= 5 && jobs[i].found == jobs[0].found, "%zu failures, %zu risks",
		          jobs[i].failures, jobs[i].found);
	}
	tap_end();
	lookalike_stop(tables);
	return tap_done();
}
