/* dns_helper.h - zones, names and questions in one line each, for tests. */
#pragma once
#include "dns/dns_master.h"
#include "dns/dns_script.h"
#include "tap.h"

/* A zone from a text that must be right; free with dns_zone_free. */
static inline struct dns_zone *zone_of(const char *text)
{
	struct dns_zone *z = dns_zone_new();
	struct dns_master_err err = { 0 };
	struct bytes copy = heap_copy(text);

	if (!z || !dns_master_read(z, copy, &err)) {
		fprintf(stderr, "zone_of: line %zu: %s\n", err.line, err.what ? err.what : "out of memory");
		abort();
	}
	heap_free(copy);
	return z;
}

/* A name that must be right. */
static inline struct dname name_of(struct arena *a, const char *text)
{
	struct dname d;

	if (!dname_parse(a, bytes_of(text), DNAME_WIRE, &d, NULL)) {
		fprintf(stderr, "name_of: \"%s\"\n", text);
		abort();
	}
	return d;
}

static inline struct dns_question question_of(struct arena *a, const char *name, enum dns_type type)
{
	return (struct dns_question){ name_of(a, name), type };
}
