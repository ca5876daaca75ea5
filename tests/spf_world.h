/* spf_world.h - what SPF tests hold a check against: the promises of a pure
 * check, and answers written down as a text. */
#pragma once
#include "spf_drive.h"
#include "tap.h"

/* Another driver's answers, but only what `book` needed. */
struct drive_needed_only {
	const struct drive *inner;
	const struct dns_book *book;
};

static inline struct dns_answer *drive_answer_needed(void *user, const struct dns_question *q)
{
	const struct drive_needed_only *only = user;

	return drive_was_needed(only->book, q) ? only->inner->answer(only->inner->user, q) : NULL;
}

/* The promises of design.md about a pure check, held against a result that *d
 * has reached: nothing that was not needed changes it, nor does any order of
 * arrival, nor does foresight. */
static inline void drive_check_promises(const struct drive *d, const struct spf_input *in,
                                        const struct spf_result *want)
{
	struct drive_needed_only only = { d, d->book };
	struct drive other = *d;
	struct spf_result got;

	other.sequential = true;
	other.seed = 0;
	CHECK(drive_spf(&other, in, &got) == CHECK_DONE && drive_same_result(want, &got));
	CHECK_MSG(drive_same_needs(d->book, other.book), "%zu needed, sequentially %zu", drive_needed(d->book),
	          drive_needed(other.book));
	CHECK(other.work.reached == d->work.reached);
	dns_book_end(other.book);

	other = *d;
	other.answer = drive_answer_needed;
	other.user = &only;
	CHECK(drive_spf(&other, in, &got) == CHECK_DONE && drive_same_result(want, &got));
	dns_book_end(other.book);

	for (unsigned seed = 1; seed <= 5; seed++) {
		other = *d;
		other.seed = seed * 2654435761u;
		CHECK(drive_spf(&other, in, &got) == CHECK_DONE && drive_same_result(want, &got));
		CHECK(drive_same_needs(d->book, other.book) && other.work.reached == d->work.reached);
		dns_book_end(other.book);
	}
}

/* --- answers from a text: lines of "name TYPE value" --- */

struct world {
	struct arena *arena;
	const char *zone;
};

static const struct {
	const char *word;
	enum dns_type type;
} world_types[] = { { "A", DNS_A }, { "AAAA", DNS_AAAA }, { "MX", DNS_MX }, { "PTR", DNS_PTR }, { "TXT", DNS_TXT } };

static inline bool world_type(struct bytes word, enum dns_type *out)
{
	for (size_t i = 0; i < ARRAY_LEN(world_types); i++)
		if (bytes_eq(word, world_types[i].word)) {
			*out = world_types[i].type;
			return true;
		}
	return false;
}

static inline void world_record(struct arena *a, enum dns_type type, struct bytes value, struct dns_record *r)
{
	bool ok = true;

	*r = (struct dns_record){ 0 };
	if (type == DNS_TXT)
		r->text = value;
	else if (type == DNS_A || type == DNS_AAAA)
		ok = ip_parse(value, &r->ip);
	else if (!bytes_eq(value, ".")) /* MX without a preference: 0 */
		ok = dname_parse(a, value, DNAME_WIRE, &r->name, NULL);
	CHECK_MSG(ok, "a test's zone: \"%.*s\"", BYTES_ARG(value));
}

/* Values that begin with an exclamation mark are faults: !timeout, !servfail, !nodata, !never. */
static inline bool world_fault(struct bytes value, enum dns_status *out, bool *never)
{
	static const enum dns_status all[] = { DNS_SERVFAIL, DNS_REFUSED, DNS_TIMEOUT, DNS_BOGUS, DNS_NODATA, DNS_OFFLINE };

	if (value.n == 0 || value.p[0] != '!')
		return false;
	*never |= bytes_eq(value, "!never");
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (bytes_eq(bytes_from(value, 1), dns_status_name(all[i])))
			*out = all[i];
	return true;
}

static inline struct dns_answer *world_answer(void *user, const struct dns_question *q)
{
	struct world *w = user;
	struct bytes rest = bytes_of(w->zone), line, name, word;
	struct dns_record records[64];
	struct dns_answer_view v = { .question = *q, .status = DNS_NXDOMAIN, .ttl = 60, .records = records };
	enum dns_type type;
	bool never = false, fault = false;

	while (bytes_cut(&rest, '\n', &line)) {
		struct dname owner;
		if (!bytes_cut(&line, ' ', &name) || !bytes_cut(&line, ' ', &word) || !world_type(word, &type) ||
		    !dname_parse(w->arena, name, DNAME_WIRE, &owner, NULL))
			continue;
		if (dname_within(owner, q->name) && v.status == DNS_NXDOMAIN)
			v.status = DNS_NODATA;
		if (!dname_same(owner, q->name) || type != q->type)
			continue;
		if (world_fault(line, &v.status, &never)) {
			fault = true;
			continue;
		}
		if (v.n < ARRAY_LEN(records))
			world_record(w->arena, type, line, &records[v.n++]);
	}
	if (v.n && !fault)
		v.status = DNS_OK;
	return never ? NULL : dns_answer_new(&v);
}
