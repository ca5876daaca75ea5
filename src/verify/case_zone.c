/* case_zone.c - dns.zone of a case, written from the book of a message; see case.h.
 * The zone itself says what needs a ";!fault" line: what was written so far is asked, and
 * where its answer is not the recorded one, a line is added. */
#include "base/ascii.h"
#include "dns/dns_zone.h"
#include "verify/case.h"

#define SCRATCH_BYTES (64u << 20)
#define TTL_MAX 2147483647u   /* RFC 2181 section 8; dns_master.h refuses more */
#define STRING_BYTES 255u     /* of a TXT, each behind its length byte (RFC 1035 section 3.3) */
#define GIVES_UP_MS 1u        /* any delay: that the resolver told of the time-out is what matters */

struct entry {
	struct dns_question question;
	const struct dns_answer_view *view; /* NULL: silence */
	size_t order;                       /* of books and their entries */
	bool unsayable;                     /* a CNAME beside other records: no zone can hold both */
	bool faulty;                        /* gets a fault line */
};

struct writer {
	struct arena *arena;
	struct dns_zone *zone;              /* what the text says so far */
	struct entry *entries;
	size_t n, cap;
};

/* --- what is to be written --- */

/* Silence for those who needed it; an answer that came after they had given up is none. */
static bool is_silent(const struct dns_entry *e)
{
	return e->needed_by && (!e->answer || e->needed_by == e->given_up_by);
}

static bool collect(struct writer *w, const struct dns_book *const *books, size_t n)
{
	for (size_t b = 0; b < n; b++)
		for (size_t i = 0; i < dns_book_count(books[b]); i++) {
			const struct dns_entry *e = dns_book_entry(books[b], i);
			struct entry entry = { .question = e->question, .order = w->n };
			if (!is_silent(e) && !e->answer)
				continue;
			if (!is_silent(e))
				entry.view = dns_answer_view(e->answer);
			if (entry.view && entry.view->status == DNS_OFFLINE)
				continue;
			if (!ARENA_PUSH(w->arena, w->entries, w->n, w->cap, &entry))
				return false;
		}
	return true;
}

/* From the last label on, so that a domain stands before what is below it. */
static int compare_names(struct dname a, struct dname b)
{
	size_t na = dname_labels(a), nb = dname_labels(b);

	for (size_t k = 1; k <= na && k <= nb; k++) {
		struct bytes x = dname_last(a, k).text, y = dname_last(b, k).text;
		int c = bytes_compare(bytes_sub(x, 0, bytes_find(x, '.', 0)), bytes_sub(y, 0, bytes_find(y, '.', 0)));
		if (c)
			return c;
	}
	return (na > nb) - (na < nb);
}

static int compare_entries(const void *x, const void *y)
{
	const struct entry *a = x, *b = y;
	int c = compare_names(a->question.name, b->question.name);

	if (c == 0)
		c = (a->question.type > b->question.type) - (a->question.type < b->question.type);
	if (c == 0)
		c = !a->view - !b->view; /* an answer before silence */
	return c ? c : (a->order > b->order) - (a->order < b->order);
}

static void sort_and_join(struct writer *w)
{
	size_t kept = 0;

	if (w->n)
		qsort(w->entries, w->n, sizeof(*w->entries), compare_entries);
	for (size_t i = 0; i < w->n; i++)
		if (kept == 0 || !dns_question_same(&w->entries[kept - 1].question, &w->entries[i].question))
			w->entries[kept++] = w->entries[i];
	w->n = kept;
}

/* --- the records --- */

static bool is_positive(const struct entry *e)
{
	return e->view && e->view->status == DNS_OK;
}

static uint32_t ttl_of(const struct entry *e)
{
	return e->view->ttl < TTL_MAX ? e->view->ttl : TTL_MAX;
}

/* Are there records of another type at the name? Those of one name stand together. */
static bool has_company(const struct writer *w, size_t i)
{
	struct dname name = w->entries[i].question.name;
	size_t first = i;

	while (first > 0 && dname_same(w->entries[first - 1].question.name, name))
		first--;
	for (size_t k = first; k < w->n && dname_same(w->entries[k].question.name, name); k++)
		if (k != i && is_positive(&w->entries[k]))
			return true;
	return false;
}

static bool add_records(struct writer *w)
{
	for (size_t i = 0; i < w->n; i++) {
		struct entry *e = &w->entries[i];
		e->unsayable = is_positive(e) && e->question.type == DNS_CNAME && has_company(w, i);
		for (size_t k = 0; is_positive(e) && !e->unsayable && k < e->view->n; k++)
			if (!dns_zone_add(w->zone, e->question.name, (uint16_t)e->question.type, ttl_of(e),
			                  &e->view->records[k], NULL))
				return false;
	}
	return true;
}

/* --- the faults --- */

static struct dns_fault fault_of(const struct entry *e)
{
	struct dns_fault fault = { .forced = true, .status = DNS_TIMEOUT };

	if (!e->view)
		return fault;
	fault.status = e->view->status;
	fault.forced = fault.status != DNS_OK;
	if (fault.status == DNS_TIMEOUT)
		fault.delay_ms = GIVES_UP_MS;
	if (dns_status_is_error(fault.status))
		return fault;
	fault.security = e->view->security;
	fault.has_ttl = fault.forced && e->view->ttl > 0;
	fault.negative_ttl = fault.has_ttl ? ttl_of(e) : 0;
	return fault;
}

static bool same_answer(const struct entry *e, const struct dns_answer *answer)
{
	if (!e->view || !answer)
		return !e->view && !answer;
	const struct dns_answer_view *got = dns_answer_view(answer);
	if (got->status != e->view->status)
		return false;
	return dns_status_is_error(got->status) || (got->ttl == ttl_of(e) && got->security == e->view->security);
}

/* Goes over all entries once; *added: some got a fault. False: no memory. */
static bool add_faults(struct writer *w, bool *added)
{
	*added = false;
	for (size_t i = 0; i < w->n; i++) {
		struct entry *e = &w->entries[i];
		struct dns_zone_reply reply;
		if (e->faulty || e->unsayable)
			continue;
		if (!dns_zone_ask(w->zone, &e->question, &reply))
			return false;
		e->faulty = !same_answer(e, reply.answer);
		dns_answer_unref(reply.answer);
		if (!e->faulty)
			continue;
		struct dns_fault fault = fault_of(e);
		if (!dns_zone_fault(w->zone, e->question.name, (uint16_t)e->question.type, &fault))
			return false;
		*added = true;
	}
	return true;
}

/* A fault at a wildcard holds for the names that it makes as well: those are looked at again. */
static bool add_all_faults(struct writer *w)
{
	bool added = true;

	while (added)
		if (!add_faults(w, &added))
			return false;
	return true;
}

/* --- text --- */

static void write_name(struct buf *out, struct dname name)
{
	for (size_t i = 0; i < name.text.n; i++) {
		uint8_t c = name.text.p[i];
		if (ascii_is_alnum(c) || (c && strchr("-_.*=+/", c)))
			buf_add_byte(out, c);
		else
			buf_addf(out, "\\%03u", c);
	}
	buf_add_byte(out, '.');
}

static void write_string(struct buf *out, struct bytes text)
{
	buf_add_byte(out, '"');
	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = text.p[i];
		if (c == '"' || c == '\\')
			buf_addf(out, "\\%c", c);
		else if (c < ' ' || c >= 127)
			buf_addf(out, "\\%03u", c);
		else
			buf_add_byte(out, c);
	}
	buf_add_byte(out, '"');
}

static void write_text(struct buf *out, struct bytes text)
{
	size_t at = 0;

	do {
		buf_adds(out, at ? " " : "");
		write_string(out, bytes_sub(text, at, STRING_BYTES));
		at += STRING_BYTES;
	} while (at < text.n);
}

static void write_record(struct buf *out, const struct entry *e, const struct dns_record *r)
{
	char ip[IP_TEXT];

	write_name(out, e->question.name);
	buf_addf(out, " %u %s ", ttl_of(e), dns_type_name(e->question.type));
	switch (e->question.type) {
	case DNS_A:
	case DNS_AAAA:
		buf_adds(out, ip_text(&r->ip, ip));
		break;
	case DNS_TXT:
		write_text(out, r->text);
		break;
	case DNS_MX:
		buf_addf(out, "%u ", r->preference);
		write_name(out, r->name);
		break;
	case DNS_CNAME:
	case DNS_PTR:
		write_name(out, r->name);
		break;
	}
	buf_add_byte(out, '\n');
}

static void write_fault(struct buf *out, const struct entry *e)
{
	struct dns_fault fault = fault_of(e);

	buf_adds(out, ";!fault ");
	write_name(out, e->question.name);
	buf_addf(out, " %s", dns_type_name(e->question.type));
	if (fault.forced)
		buf_addf(out, " %s", dns_status_name(fault.status));
	if (fault.security != DNSSEC_UNKNOWN)
		buf_addf(out, " %s", dnssec_state_name(fault.security));
	if (fault.delay_ms)
		buf_addf(out, " delay=%u", fault.delay_ms);
	if (fault.has_ttl)
		buf_addf(out, " ttl=%u", fault.negative_ttl);
	buf_add_byte(out, '\n');
}

static bool write_all(struct buf *out, const struct writer *w)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct entry *e = &w->entries[i];
		for (size_t k = 0; is_positive(e) && !e->unsayable && k < e->view->n; k++)
			write_record(out, e, &e->view->records[k]);
		if (e->faulty)
			write_fault(out, e);
	}
	return !out->failed;
}

bool case_zone_write_books(struct buf *out, const struct dns_book *const *books, size_t n)
{
	struct writer w = { .arena = arena_new(SCRATCH_BYTES), .zone = dns_zone_new() };
	bool ok = w.arena && w.zone && collect(&w, books, n);

	if (ok)
		sort_and_join(&w);
	ok = ok && add_records(&w) && add_all_faults(&w) && write_all(out, &w);
	dns_zone_free(w.zone);
	arena_free(w.arena);
	return ok;
}

bool case_zone_write(struct buf *out, const struct dns_book *book)
{
	return case_zone_write_books(out, &book, 1);
}
