/* dns_answer.c - see dns_answer.h */
#include "dns/dns_answer.h"

#include <stdatomic.h>

#include "base/mem.h"

struct dns_answer {
	struct dns_answer_view view;
	atomic_uint refs;
	_Atomic(struct dns_parsed *) parsed;
	size_t bytes;
	/* records, then the bytes they point at, follow in the same allocation */
};

static bool holds_name(enum dns_type t)
{
	return t == DNS_PTR || t == DNS_MX || t == DNS_CNAME;
}

static struct bytes payload(enum dns_type t, const struct dns_record *r)
{
	if (t == DNS_TXT)
		return r->text;
	return holds_name(t) ? r->name.text : (struct bytes){ NULL, 0 };
}

static struct bytes put(uint8_t **at, struct bytes from)
{
	struct bytes copy = { *at, from.n };

	if (from.n)
		memcpy(*at, from.p, from.n);
	*at += from.n;
	return copy;
}

/* Equal preferences stay as they came: their names lie in that order in one allocation. (Of two
 * names at one place the first is the root, without bytes.) */
static int compare_mx(const void *x, const void *y)
{
	const struct dns_record *a = x, *b = y;

	if (a->preference != b->preference)
		return a->preference < b->preference ? -1 : 1;
	if (a->name.text.p != b->name.text.p)
		return a->name.text.p < b->name.text.p ? -1 : 1;
	return (a->name.text.n > b->name.text.n) - (a->name.text.n < b->name.text.n);
}

struct dns_answer *dns_answer_new(const struct dns_answer_view *from)
{
	enum dns_type t = from->question.type;
	size_t n = from->status == DNS_OK ? from->n : 0;
	size_t bytes = sizeof(struct dns_answer) + n * sizeof(struct dns_record) + from->question.name.text.n;

	for (size_t i = 0; i < n; i++)
		bytes += payload(t, &from->records[i]).n;
	struct dns_answer *a = mem_calloc(1, bytes);
	if (!a)
		return NULL;
	struct dns_record *records = (struct dns_record *)(a + 1);
	uint8_t *at = (uint8_t *)(records + n);
	a->view = *from;
	a->view.n = n;
	a->view.records = records;
	a->view.question.name.text = put(&at, from->question.name.text);
	for (size_t i = 0; i < n; i++) {
		records[i] = from->records[i];
		if (t == DNS_TXT)
			records[i].text = put(&at, from->records[i].text);
		else if (holds_name(t))
			records[i].name.text = put(&at, from->records[i].name.text);
	}
	if (t == DNS_MX && n)
		qsort(records, n, sizeof(*records), compare_mx);
	atomic_init(&a->refs, 1);
	a->bytes = bytes;
	return a;
}

struct dns_answer *dns_answer_ref(const struct dns_answer *a)
{
	struct dns_answer *own = (struct dns_answer *)(uintptr_t)a; /* the count is not part of the value */

	atomic_fetch_add_explicit(&own->refs, 1, memory_order_relaxed);
	return own;
}

void dns_answer_unref(const struct dns_answer *a)
{
	struct dns_answer *own = (struct dns_answer *)(uintptr_t)a;

	if (!own || atomic_fetch_sub_explicit(&own->refs, 1, memory_order_acq_rel) != 1)
		return;
	struct dns_parsed *parsed = atomic_load(&own->parsed);
	if (parsed)
		parsed->free(parsed);
	mem_free(own);
}

const struct dns_answer_view *dns_answer_view(const struct dns_answer *a)
{
	return &a->view;
}

size_t dns_answer_bytes(const struct dns_answer *a)
{
	const struct dns_parsed *parsed = atomic_load(&((struct dns_answer *)(uintptr_t)a)->parsed);

	return a->bytes + (parsed ? parsed->bytes : 0);
}

const struct dns_parsed *dns_answer_parsed(const struct dns_answer *a, const void *kind)
{
	const struct dns_parsed *parsed = atomic_load(&((struct dns_answer *)(uintptr_t)a)->parsed);

	return parsed && parsed->kind == kind ? parsed : NULL;
}

const struct dns_parsed *dns_answer_attach(const struct dns_answer *a, struct dns_parsed *made)
{
	struct dns_answer *own = (struct dns_answer *)(uintptr_t)a;
	struct dns_parsed *there = NULL;

	if (atomic_compare_exchange_strong(&own->parsed, &there, made))
		return made;
	if (there->kind != made->kind)
		return NULL;
	made->free(made);
	return there;
}

bool dns_status_is_error(enum dns_status s)
{
	return s != DNS_OK && s != DNS_NODATA && s != DNS_NXDOMAIN;
}

const char *dns_status_name(enum dns_status s)
{
	static const char *const names[DNS_STATUSES] = {
		[DNS_OK] = "ok",           [DNS_NODATA] = "nodata",   [DNS_NXDOMAIN] = "nxdomain",
		[DNS_SERVFAIL] = "servfail", [DNS_REFUSED] = "refused", [DNS_TIMEOUT] = "timeout",
		[DNS_BOGUS] = "bogus",     [DNS_OFFLINE] = "offline",
	};
	return names[s];
}

const char *dnssec_state_name(enum dnssec_state s)
{
	static const char *const names[] = { "unknown", "insecure", "secure", "bogus" };

	return names[s];
}

const char *dns_type_name(enum dns_type t)
{
	switch (t) {
	case DNS_A: return "A";
	case DNS_CNAME: return "CNAME";
	case DNS_PTR: return "PTR";
	case DNS_MX: return "MX";
	case DNS_TXT: return "TXT";
	case DNS_AAAA: return "AAAA";
	}
	return "?";
}

bool dns_question_same(const struct dns_question *a, const struct dns_question *b)
{
	return a->type == b->type && dname_same(a->name, b->name);
}

uint64_t dns_question_hash(const struct dns_question *q, uint64_t seed)
{
	return bytes_hash(q->name.text, seed ^ ((uint64_t)q->type << 32));
}

bool dns_reverse_name(struct arena *a, const struct ip *ip, struct dname *out)
{
	char text[DNAME_TEXT_MAX];
	size_t n = 0;

	for (int i = ip->family == 4 ? 3 : 15; i >= 0; i--)
		n += (size_t)(ip->family == 4
		                      ? snprintf(text + n, sizeof(text) - n, "%u.", ip->b[i])
		                      : snprintf(text + n, sizeof(text) - n, "%x.%x.", ip->b[i] & 15, ip->b[i] >> 4));
	n += (size_t)snprintf(text + n, sizeof(text) - n, "%s", ip->family == 4 ? "in-addr.arpa" : "ip6.arpa");
	return dname_parse(a, (struct bytes){ (uint8_t *)text, n }, DNAME_WIRE, out, NULL);
}
