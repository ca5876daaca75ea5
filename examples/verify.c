/* verify.c - the smallest use of libtruefrom: judge the mail in a file.
 *   cc verify.c $(pkg-config --cflags --libs truefrom) -o verify
 *   ./verify mail.eml 192.0.2.1 sender@example.org [ZONE-FILE] */
#include <stdio.h>
#include <truefrom/truefrom.h>

static struct tf_result *judge(struct tf_context *context, FILE *mail, const struct tf_session *session)
{
	struct tf_message *message = tf_message_new(context, session);
	char piece[65536];
	size_t n;

	while (message && (n = fread(piece, 1, sizeof(piece), mail)) > 0)
		if (tf_message_feed(message, piece, n) != 0) {
			tf_message_free(message);
			return NULL;
		}
	return message ? tf_message_end(message) : NULL;
}

int main(int argc, char **argv)
{
	char error[256] = "";
	FILE *mail = argc >= 4 ? fopen(argv[1], "rb") : NULL;

	if (!mail) {
		fprintf(stderr, "usage: %s FILE CLIENT-ADDRESS MAIL-FROM [ZONE-FILE]\n", argv[0]);
		return 64;
	}
	struct tf_settings settings = { .authserv_id = "mx.example.net", .zone = argc > 4 ? argv[4] : NULL };
	struct tf_session session = { .client_ip = argv[2], .mail_from = argv[3] };
	struct tf_context *context = tf_context_new(&settings, error, sizeof(error));
	struct tf_result *result = context ? judge(context, mail, &session) : NULL;
	if (result) {
		const char *author = tf_result_author_domain(result);
		printf("author domain: %s\n", author ? author : "(not one)");
		printf("dmarc: %s, policy: %s\n", tf_result_dmarc(result), tf_result_dmarc_policy(result));
		printf("%s\n", tf_result_authentication_results(result));
	} else {
		fprintf(stderr, "cannot judge the mail: %s\n", error[0] ? error : "out of memory");
	}
	tf_result_free(result);
	tf_context_free(context);
	fclose(mail);
	return result ? 0 : 70;
}
