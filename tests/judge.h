/* judge.h - for tests: a message, a session and a zone in, a finished
 * verification out. No network, no clock. */
#pragma once
#include "dns/dns_script.h"
#include "verify/verify.h"

#define JUDGE_NOW 1794823200 /* 2026-11-16T10:00:00Z */

struct judge {
	const char *zone;              /* master file text; NULL: nothing exists */
	const char *ip;                /* NULL: unknown */
	const char *helo, *mail_from;  /* NULL: unknown; mail_from "": the null sender */
	const char *authserv_id;       /* NULL: mx.example.net */
	int64_t now;                   /* 0: JUDGE_NOW */
	size_t piece;                  /* feed in pieces of this size; 0: whole */
	struct limits *limits;         /* NULL: the standard ones */
	const struct dns_script_settings *script; /* how answers come; NULL: at once */
	/* private */
	struct limits standard;
	struct dns_zone *records;
	struct dns_resolver *resolver;
};

/* NULL only when memory was made to fail. */
struct verify *judge_message(struct judge *j, struct bytes message);
/* Both may be NULL inside; frees what judge_message made. */
void judge_free(struct judge *j, struct verify *v);
bool judge_has_defect(const struct verify *v, const char *name);
