/* truefrom.h - verify the sender of a mail: SPF (RFC 7208), DKIM (RFC 6376),
 * ARC (RFC 8617) and DMARC (RFC 9989), from C.
 *
 *   struct tf_context *c = tf_context_new(NULL, NULL, 0);
 *   struct tf_message *m = tf_message_new(c, &session);
 *   while (...) tf_message_feed(m, piece, n);
 *   struct tf_result *r = tf_message_end(m);
 *   puts(tf_result_authentication_results(r));
 *
 * A context is made once and may be used by many threads at once; a message and
 * its result belong to one thread at a time. Strings that are given are copied;
 * strings that are returned live as long as the result. Nothing here writes to a
 * file, a log or a terminal. See libtruefrom(3). */
#ifndef TRUEFROM_H
#define TRUEFROM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TF_API __attribute__((visibility("default")))

struct tf_context;
struct tf_message;
struct tf_result;

/* Set what you need, zero the rest. */
struct tf_settings {
	const char *authserv_id; /* the name that stands for this host in results; NULL: the host's name */
	const char *dns;         /* NULL: the system's resolvers; "ADDRESS" or "ADDRESS@PORT"; "recursive" */
	const char *zone;        /* a master file (RFC 1035) to answer from instead of the network; NULL: none */
	int offline;             /* not 0: ask nobody */
	uint32_t timeout_ms;     /* for all look-ups of one message; 0: the standard */
	uint64_t dns_cache_bytes;/* memory for answers that all messages share; 0: the standard */
};

/* NULL when it cannot be made; then `error` (n bytes, may be NULL) holds a line that says why. */
TF_API struct tf_context *tf_context_new(const struct tf_settings *settings, char *error, size_t n);
TF_API void tf_context_free(struct tf_context *c); /* NULL does nothing */
/* Sets a limit by its name, before the first message. 0, or -1: no such name, out of its bounds, or one
 * of the cache (dns-...), which is made with the context. */
TF_API int tf_context_limit(struct tf_context *c, const char *name, uint64_t value);

/* What SMTP knew of the message. */
struct tf_session {
	const char *client_ip;   /* "192.0.2.1"; NULL: unknown, then SPF is not checked */
	const char *helo;        /* NULL: unknown */
	const char *mail_from;   /* NULL: unknown; "": the null sender */
	const char *rcpt_to;     /* NULL: unknown */
	int64_t received_at;     /* Unix time; 0: now */
};

/* NULL when out of memory or when the address cannot be read. */
TF_API struct tf_message *tf_message_new(struct tf_context *c, const struct tf_session *session);
/* The next bytes of the message, header first. 0, or -1: out of memory; then only free it. */
TF_API int tf_message_feed(struct tf_message *m, const void *bytes, size_t n);
/* No more bytes: waits for the look-ups, judges, frees m. NULL when out of memory. */
TF_API struct tf_result *tf_message_end(struct tf_message *m);
TF_API void tf_message_free(struct tf_message *m); /* instead of tf_message_end; NULL does nothing */

TF_API void tf_result_free(struct tf_result *r); /* NULL does nothing */
/* Results in the words of RFC 8601 ("pass", "fail", "none", ...). */
TF_API const char *tf_result_spf(const struct tf_result *r);
TF_API const char *tf_result_helo_spf(const struct tf_result *r);
TF_API const char *tf_result_arc(const struct tf_result *r);
TF_API const char *tf_result_dmarc(const struct tf_result *r);
/* What the author's domain wants done with mail that fails: "none", "quarantine", "reject"; "" without a policy. */
TF_API const char *tf_result_dmarc_policy(const struct tf_result *r);
/* The domain in From; NULL when there is no single one (see "defects" of the JSON). */
TF_API const char *tf_result_author_domain(const struct tf_result *r);
/* The signatures looked at, from the top; result and domain of number i ("" beyond the last). */
TF_API size_t tf_result_dkim_count(const struct tf_result *r);
TF_API const char *tf_result_dkim(const struct tf_result *r, size_t i);
TF_API const char *tf_result_dkim_domain(const struct tf_result *r, size_t i);
/* The Authentication-Results field (RFC 8601), folded with CRLF, without a final line end. */
TF_API const char *tf_result_authentication_results(const struct tf_result *r);
/* Everything, as JSON; the fields are those of truefrom-verify(1). */
TF_API const char *tf_result_json(const struct tf_result *r);

/* "0.1.0" */
TF_API const char *tf_version(void);

#ifdef __cplusplus
}
#endif
#endif
