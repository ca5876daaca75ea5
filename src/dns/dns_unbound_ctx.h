/* dns_unbound_ctx.h - makes libunbound's contexts as settings want them. */
#pragma once
#include "dns/dns_unbound.h"

struct ub_ctx;

/* What the settings say of servers. */
bool dns_unbound_ctx_recursive(const struct dns_unbound_settings *s);

/* A context on the loop, ready for questions. NULL: *why says what is wrong. `validate`: with trust
 * anchors. Free with dns_unbound_ctx_free, not from a call back. */
MUST_USE struct ub_ctx *dns_unbound_ctx_new(const struct dns_unbound_settings *s, struct event_base *loop,
                                            bool validate, const char **why);
void dns_unbound_ctx_free(struct ub_ctx *ctx); /* NULL does nothing; no call back comes any more */
