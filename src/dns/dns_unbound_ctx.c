/* dns_unbound_ctx.c - see dns_unbound_ctx.h */
#include "dns/dns_unbound_ctx.h"

#include <ldns/ldns.h>
#include <pthread.h>
#include <unbound.h>
#include <unbound-event.h>

#include "base/ip.h"

#define TYPE_A 1
#define CLASS_IN 1

/* The root's key signing keys of 2017 and 2024 (https://data.iana.org/root-anchors/). */
static const char *const root_anchors[] = {
	". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D",
	". IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16",
	NULL,
};

static const struct { const char *name, *value; } options[] = {
	{ "do-not-query-localhost:", "no" },  /* a resolver on this machine is the best there is */
	{ "unblock-lan-zones:", "yes" },      /* PTR of private networks is asked like any other */
	{ "insecure-lan-zones:", "yes" },
	{ "infra-keep-probing:", "yes" },     /* a forwarder that was down is noticed when it is back */
};

/* Making and freeing a context touches the library's log and random state, which all contexts
 * of a process share; asking does not. */
static pthread_mutex_t library_lock = PTHREAD_MUTEX_INITIALIZER;

static bool is_separator(char c)
{
	return c == ',' || c == ' ';
}

bool dns_unbound_ctx_recursive(const struct dns_unbound_settings *s)
{
	return s->servers && bytes_ieq(bytes_of(s->servers), "recursive");
}

/* "ADDRESS" or "ADDRESS@PORT" */
static bool is_server(struct bytes text)
{
	bool has_port = bytes_has(text, '@');
	struct bytes address;
	struct ip ip;
	uint64_t port = 53;

	bytes_cut(&text, '@', &address);
	if (has_port && !bytes_to_u64(text, &port))
		return false;
	return ip_parse(address, &ip) && port > 0 && port < 65536;
}

static bool add_server(struct ub_ctx *ctx, struct bytes text, const char **why)
{
	char server[IP_TEXT + 8];

	if (!is_server(text) || text.n >= sizeof(server)) {
		*why = "a DNS server is an address, such as 192.0.2.53 or 192.0.2.53@5353";
		return false;
	}
	snprintf(server, sizeof(server), "%.*s", BYTES_ARG(text));
	if (ub_ctx_set_fwd(ctx, server) == 0)
		return true;
	*why = "libunbound refuses this DNS server";
	return false;
}

static bool add_servers(struct ub_ctx *ctx, const char *list, const char **why)
{
	struct bytes rest = bytes_of(list);

	while (rest.n) {
		size_t n = 0;
		while (n < rest.n && !is_separator((char)rest.p[n]))
			n++;
		if (n > 0 && !add_server(ctx, bytes_sub(rest, 0, n), why))
			return false;
		rest = bytes_from(rest, n + 1);
	}
	return true;
}

static bool set_servers(struct ub_ctx *ctx, const struct dns_unbound_settings *s, const char **why)
{
	if (dns_unbound_ctx_recursive(s))
		return true;
	if (s->servers && s->servers[0])
		return add_servers(ctx, s->servers, why);
	if (ub_ctx_resolvconf(ctx, s->resolv_conf) == 0)
		return true;
	*why = "cannot read the DNS servers of this system (resolv.conf): name one";
	return false;
}

/* libunbound finds out late, and does not say what it dislikes. */
static bool is_anchor(const char *text)
{
	ldns_rr *rr = NULL;
	bool ok = ldns_rr_new_frm_str(&rr, text, 0, NULL, NULL) == LDNS_STATUS_OK &&
	          (ldns_rr_get_type(rr) == LDNS_RR_TYPE_DS || ldns_rr_get_type(rr) == LDNS_RR_TYPE_DNSKEY);

	ldns_rr_free(rr);
	return ok;
}

static bool set_anchors(struct ub_ctx *ctx, const struct dns_unbound_settings *s, const char **why)
{
	const char *const *anchor = s->anchors ? s->anchors : root_anchors;

	for (; *anchor; anchor++)
		if (!is_anchor(*anchor) || ub_ctx_add_ta(ctx, *anchor) != 0) {
			*why = "a trust anchor that is no DS or DNSKEY record";
			return false;
		}
	for (const char *const *name = s->insecure; name && *name; name++)
		if (ub_ctx_set_option(ctx, "domain-insecure:", *name) != 0) {
			*why = "libunbound refuses the name of a domain without DNSSEC";
			return false;
		}
	return true;
}

static bool set_options(struct ub_ctx *ctx, const char **why)
{
	ub_ctx_debugout(ctx, NULL); /* a library does not write to standard error */
	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		if (ub_ctx_set_option(ctx, options[i].name, options[i].value) != 0) {
			*why = "this libunbound lacks an option that is needed (1.9.5 or later has them)";
			return false;
		}
	return true;
}

static void ignore(void *user, int rcode, void *packet, int n, int sec, char *why_bogus, int limited)
{
}

/* The first question makes a context start for good; this one is answered by the library itself. */
static bool start(struct ub_ctx *ctx, const char **why)
{
	int error = ub_resolve_event(ctx, "localhost.", TYPE_A, CLASS_IN, NULL, ignore, NULL);

	if (error)
		*why = ub_strerror(error);
	return error == 0;
}

struct ub_ctx *dns_unbound_ctx_new(const struct dns_unbound_settings *s, struct event_base *loop,
                                   bool validate, const char **why)
{
	*why = "out of memory";
	pthread_mutex_lock(&library_lock);
	struct ub_ctx *ctx = ub_ctx_create_event(loop);
	bool ok = ctx && set_options(ctx, why) && set_servers(ctx, s, why) &&
	          (!validate || set_anchors(ctx, s, why)) && start(ctx, why);
	if (!ok && ctx) {
		ub_ctx_delete(ctx);
		ctx = NULL;
	}
	pthread_mutex_unlock(&library_lock);
	return ctx;
}

void dns_unbound_ctx_free(struct ub_ctx *ctx)
{
	if (!ctx)
		return;
	pthread_mutex_lock(&library_lock);
	ub_ctx_delete(ctx);
	pthread_mutex_unlock(&library_lock);
}
