/* Eight threads verify from one context; run under ThreadSanitizer as well. */
#include <pthread.h>

#include "tap.h"
#include "truefrom/truefrom.h"

#define THREADS 8
#define MESSAGES 25

static const char message[] =
	"From: Alice <alice@mine.example>\r\nTo: b@example.net\r\nSubject: x\r\n"
	"Date: Mon, 16 Nov 2026 09:00:00 +0000\r\n\r\nbody\r\n";

struct job {
	struct tf_context *context;
	unsigned good;
};

static bool verify_one(struct tf_context *c, bool forged)
{
	struct tf_session session = {
		.client_ip = forged ? "203.0.113.66" : "192.0.2.10",
		.helo = "mail.mine.example",
		.mail_from = "alice@mine.example",
	};
	struct tf_message *m = tf_message_new(c, &session);

	if (!m || tf_message_feed(m, message, sizeof(message) - 1) != 0)
		return false;
	struct tf_result *r = tf_message_end(m);
	bool ok = r && strcmp(tf_result_dmarc(r), forged ? "fail" : "pass") == 0 &&
	          strcmp(tf_result_author_domain(r), "mine.example") == 0 && strlen(tf_result_json(r)) > 200 &&
	          strstr(tf_result_authentication_results(r), "mx.example.net");
	tf_result_free(r);
	return ok;
}

static void *work(void *user)
{
	struct job *job = user;

	for (unsigned i = 0; i < MESSAGES; i++)
		job->good += verify_one(job->context, i % 2);
	return NULL;
}

int main(void)
{
	struct tf_settings settings = { .authserv_id = "mx.example.net", .zone = test_path("vectors/threads.zone") };
	char error[256] = "";
	struct tf_context *c = tf_context_new(&settings, error, sizeof(error));
	pthread_t threads[THREADS];
	struct job jobs[THREADS];

	tap_begin("a context is made");
	CHECK_MSG(c, "%s", error);
	tap_end();
	tap_begin("8 threads verify 25 messages each from one context");
	for (size_t i = 0; c && i < THREADS; i++) {
		jobs[i] = (struct job){ .context = c };
		CHECK(pthread_create(&threads[i], NULL, work, &jobs[i]) == 0);
	}
	for (size_t i = 0; c && i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		CHECK_MSG(jobs[i].good == MESSAGES, "thread %zu: %u of %u", i, jobs[i].good, MESSAGES);
	}
	tap_end();

	tap_begin("bad settings and sessions are refused with a reason");
	struct tf_settings bad = { .zone = "/nonexistent/zone" }, small = { .offline = 1, .dns_cache_bytes = 1 };
	CHECK(!tf_context_new(&bad, error, sizeof(error)) && error[0]);
	CHECK(!tf_context_new(&small, error, sizeof(error)) && strstr(error, "dns_cache_bytes"));
	struct tf_session session = { .client_ip = "not an address" };
	CHECK(!tf_message_new(c, &session));
	CHECK(tf_context_limit(c, "spf-terms", 11) == -1 && tf_context_limit(c, "nothing", 1) == -1);
	CHECK(tf_context_limit(c, "spf-terms", 5) == 0 && tf_context_limit(c, "dns-ttl-floor", 5) == -1);
	tap_end();
	tf_context_free(c);
	return tap_done();
}
