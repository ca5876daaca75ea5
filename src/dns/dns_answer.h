/* dns_answer.h - one question to the DNS and the answer to it, as data.
 * Answers never change once made, are counted, and are shared by threads. */
#pragma once
#include "base/dname.h"
#include "base/ip.h"

enum dns_type { /* RFC 1035 section 3.2.2, RFC 3596 */
	DNS_A = 1,
	DNS_CNAME = 5,
	DNS_PTR = 12,
	DNS_MX = 15,
	DNS_TXT = 16,
	DNS_AAAA = 28,
};

struct dns_question {
	struct dname name;
	enum dns_type type;
};

enum dns_status {
	DNS_OK,       /* there is at least one record of that type */
	DNS_NODATA,   /* the name exists, without such records (RFC 2308 section 2.2) */
	DNS_NXDOMAIN, /* the name does not exist, nor anything below it (RFC 8020) */
	DNS_SERVFAIL,
	DNS_REFUSED,
	DNS_TIMEOUT,  /* nobody answered in time, or the time for it was used up */
	DNS_BOGUS,    /* DNSSEC says that the answer was tampered with; its data is not here */
	DNS_OFFLINE,  /* nobody was asked: there is no network, or the user wants none */
	DNS_STATUSES
};

enum dnssec_state { DNSSEC_UNKNOWN, DNSSEC_INSECURE, DNSSEC_SECURE, DNSSEC_BOGUS };

struct dns_record {
	union {
		struct ip ip;        /* A, AAAA */
		struct dname name;   /* PTR, MX, CNAME; none: the root (a null MX, RFC 7505) */
		struct bytes text;   /* TXT: all strings joined with nothing between (RFC 7208 3.3) */
	};
	uint16_t preference;     /* MX */
};

/* What was made of an answer once, to be used for every message after: an SPF
 * program, a DKIM key, a DMARC record. */
struct dns_parsed {
	const void *kind;                       /* the address of a static of the module that made it */
	void (*free)(struct dns_parsed *self);
	size_t bytes;                           /* memory, for the cache's bound */
};

struct dns_answer; /* opaque but for the fields below, which dns_answer_view shows */

struct dns_answer_view {
	struct dns_question question;
	enum dns_status status;
	enum dnssec_state security;
	uint32_t ttl;                           /* seconds; negative answers: RFC 2308 section 5 */
	size_t n;
	const struct dns_record *records;       /* MX in order of preference, else as they came */
};

/* Makes an answer with one reference. Everything is copied. MX are sorted by
 * preference. NULL when out of memory. With a status other than DNS_OK, n is 0. */
MUST_USE struct dns_answer *dns_answer_new(const struct dns_answer_view *from);
struct dns_answer *dns_answer_ref(const struct dns_answer *a);
void dns_answer_unref(const struct dns_answer *a); /* NULL does nothing */
const struct dns_answer_view *dns_answer_view(const struct dns_answer *a);
size_t dns_answer_bytes(const struct dns_answer *a); /* memory held, parsed part included */

/* What hangs on the answer under `kind`, or NULL. Borrowed: lives as long as the answer. */
const struct dns_parsed *dns_answer_parsed(const struct dns_answer *a, const void *kind);
/* Hangs `made` on the answer, which then owns it. When another thread (or kind)
 * was first, `made` is freed; returns what hangs there under the kind, or NULL
 * when the place is taken by another kind (then `made` is not taken over). */
const struct dns_parsed *dns_answer_attach(const struct dns_answer *a, struct dns_parsed *made);

/* Nobody knows: asking again later may help (SERVFAIL, REFUSED, TIMEOUT, BOGUS, OFFLINE). */
bool dns_status_is_error(enum dns_status s);
const char *dns_status_name(enum dns_status s);   /* "ok", "nodata", "nxdomain", ... */
const char *dnssec_state_name(enum dnssec_state s);
const char *dns_type_name(enum dns_type t);       /* "A", "TXT", ... */
bool dns_question_same(const struct dns_question *a, const struct dns_question *b);
uint64_t dns_question_hash(const struct dns_question *q, uint64_t seed);

/* The name below which addresses are turned into names: "1.2.0.192.in-addr.arpa". */
MUST_USE bool dns_reverse_name(struct arena *a, const struct ip *ip, struct dname *out);
