/* dns_unbound.h - the network: libunbound through its event interface, on a
 * libevent loop of one thread. It validates DNSSEC where that can work:
 *
 *   recursive              always, from the root's anchor
 *   forwarders, system     where they hand DNSSEC data through. That is found out
 *                          once, with the first question: the root's DNSKEY is
 *                          asked, and questions wait until that answer came
 *                          (one round trip; 1.5 s at most). Behind others every
 *                          signed answer would look forged, so there the state
 *                          is DNSSEC_UNKNOWN and the data is used
 *   with trust anchors     always, and only below these anchors
 *
 * Each question has a deadline of its own: libunbound gives a dead server a long
 * time. Special-use names (.test, .invalid, .localhost, RFC 6761) are answered
 * inside of libunbound; reverse names of private networks are asked. */
#pragma once
#include "dns/dns_resolver.h"

struct event_base; /* libevent's */
struct dns_unbound;

struct dns_unbound_settings {
	const char *servers;        /* NULL or "": those of resolv.conf; "recursive": none, ask the authorities;
	                             * else ADDRESS[@PORT], several separated by commas or spaces */
	const char *resolv_conf;    /* NULL: /etc/resolv.conf */
	const char *const *anchors; /* DS or DNSKEY records as text, NULL at the end; NULL: the root's */
	const char *const *insecure;/* names below which nothing is validated, NULL at the end; may be NULL */
	bool no_dnssec;             /* never validate, never ask whether it could be */
	uint32_t timeout_ms;        /* for one question; 0: 10 s */
	struct event_base *loop;    /* borrowed; NULL: one of its own, which wait() runs */
};

/* settings may be NULL; what they point to is borrowed until the resolver is freed. NULL: *why
 * (static) says what is wrong with the settings, or that memory ended. Free with
 * dns_resolver_free(dns_unbound_resolver(u)), not from a call back. */
MUST_USE struct dns_unbound *dns_unbound_new(const struct dns_unbound_settings *settings, const char **why);
struct dns_resolver *dns_unbound_resolver(struct dns_unbound *u);

/* Is DNSSEC validated? Known once the first answer has come. */
bool dns_unbound_validates(const struct dns_unbound *u);
