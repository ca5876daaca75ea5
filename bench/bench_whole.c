/* bench_message.c - whole messages through the library as a program uses it,
 * with all answers known after the first: examples/forwarded (SPF, DKIM, ARC,
 * DMARC) and examples/forged (nothing to verify). */
#include "bench.h"
#include "truefrom/truefrom.h"

#define MAIL_MAX 65536u

static struct mail {
	struct tf_context *context;
	struct tf_session session;
	char text[MAIL_MAX];
	size_t n;
	const char *want; /* of DMARC */
} mail;

static void judge(void *user)
{
	struct mail *m = user;
	struct tf_message *message = tf_message_new(m->context, &m->session);

	if (!message || tf_message_feed(message, m->text, m->n) != 0)
		abort();
	struct tf_result *result = tf_message_end(message);
	if (!result || strcmp(tf_result_dmarc(result), m->want) != 0)
		abort();
	tf_result_free(result);
}

static void bench_case(const char *title, const char *name, const char *want, const struct tf_session *session)
{
	char path[4096], why[256];
	FILE *f;

	snprintf(path, sizeof(path), EXAMPLES "/%s/dns.zone", name);
	struct tf_settings settings = { .authserv_id = "mx.example.net", .zone = path };
	mail.context = tf_context_new(&settings, why, sizeof(why));
	snprintf(path, sizeof(path), EXAMPLES "/%s/message.eml", name);
	f = fopen(path, "rb");
	if (!mail.context || !f)
		abort();
	mail.n = fread(mail.text, 1, sizeof(mail.text), f);
	fclose(f);
	mail.session = *session;
	mail.want = want;
	bench_print(title, judge, &mail, 0);
	tf_context_free(mail.context);
}

int main(void)
{
	int64_t at = 1794820344; /* 16 Nov 2026 */

	bench_case("forwarded: DKIM, 2 ARC signatures, SPF, DMARC", "forwarded", "pass",
	           &(struct tf_session){ "198.51.100.40", "mail.club.example", "x@club.example", NULL, at });
	bench_case("genuine: DKIM, SPF, DMARC", "genuine", "pass",
	           &(struct tf_session){ "192.0.2.25", "out1.provider.example", "alice@example.org", NULL, at });
	bench_case("forged: SPF, DMARC", "forged", "fail",
	           &(struct tf_session){ "203.0.113.66", "desktop-4qk7", "alice@example.org", NULL, at });
	return 0;
}
