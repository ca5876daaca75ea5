/* A mail and its session by a NUL between them. Whatever they hold: names that stand only in our own From
 * field are nowhere in what comes out, and it comes out the same again. */
#include "base/ascii.h"
#include "explain/redact.h"
#include "mime/mime.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool has(struct bytes text, const char *what)
{
	for (size_t i = 0; i + strlen(what) <= text.n; i++)
		if (bytes_istarts(bytes_from(text, i), what))
			return true;
	return false;
}

static struct redact *run(const struct lookalike_tables *t, const struct bytes in[REDACT_TEXTS], struct bytes out[REDACT_TEXTS])
{
	struct redact *r = redact_new(t, &(struct redact_options){ .key = B("key") });

	if (!r || !redact_case(r, in, out))
		abort();
	return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char front[] = "From: Qzxname Qzxfamily <qzxlocal@qzxdomain.example>\n";
	static const char *const secrets[] = { "qzxname", "qzxfamily", "qzxlocal", "qzxdomain" };
	static struct lookalike_tables *t; /* made once: the fuzzer has one thread */
	struct bytes all = { data, size }, in[REDACT_TEXTS] = { { NULL, 0 } }, out[REDACT_TEXTS], again[REDACT_TEXTS];
	size_t nul = bytes_find(all, 0, 0);
	uint8_t *mail = malloc(sizeof(front) + nul);

	mime_start();
	t = t ? t : lookalike_start();
	if (!t || !mail)
		abort();
	memcpy(mail, front, sizeof(front) - 1);
	if (nul)
		memcpy(mail + sizeof(front) - 1, data, nul);
	in[REDACT_MESSAGE] = in[REDACT_SENT] = (struct bytes){ mail, sizeof(front) - 1 + nul };
	in[REDACT_SESSION] = bytes_from(all, nul + 1);
	in[REDACT_ZONE] = in[REDACT_LOG] = bytes_sub(all, 0, nul);
	struct redact *r = run(t, in, out), *second = run(t, in, again);
	for (size_t i = 0; i < REDACT_TEXTS; i++) {
		if (!bytes_same(out[i], again[i]))
			abort();
		for (size_t k = 0; k < ARRAY_LEN(secrets); k++)
			if (!has(all, "qzx") && has(out[i], secrets[k]))
				abort();
	}
	redact_free(r);
	redact_free(second);
	free(mail);
	return 0;
}
