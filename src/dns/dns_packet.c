/* dns_packet.c - see dns_packet.h */
#include "dns/dns_packet.h"

#include "base/ascii.h"

#define CHAIN_MAX 16u  /* CNAMEs that are followed; resolvers stop at 8 to 16 */
#define JUMPS_MAX 127u /* compression pointers in a name: each leads to at least one label */
#define CLASS_IN 1u
#define TYPE_SOA 6u
#define RCODE_NXDOMAIN 3u

struct packet {
	struct bytes b;
	size_t at;
	struct parse_err *err;
};

/* A domain name as text, lower case, labels ended by dots but for the last. */
struct wire_name {
	uint8_t text[DNAME_TEXT_MAX + 1];
	size_t n;
	bool odd; /* a label holds a dot or NUL: the text is not the name */
};

struct wire_record {
	struct wire_name owner;
	uint16_t type, class;
	uint32_t ttl;
	size_t data, data_end;
};

struct wire_head {
	unsigned rcode;
	bool answer, truncated;
	uint16_t questions, answers, authorities;
};

static bool bad(struct packet *p, const char *what)
{
	parse_fail_at(p->err, p->at, what);
	return false; /* said here, so that gcc sees that nothing is read after a failure */
}

/* --- pieces --- */

static bool read_u16(struct packet *p, uint16_t *out)
{
	if (p->b.n - p->at < 2)
		return bad(p, "the message ends inside of a number");
	*out = (uint16_t)(p->b.p[p->at] << 8 | p->b.p[p->at + 1]);
	p->at += 2;
	return true;
}

static bool read_u32(struct packet *p, uint32_t *out)
{
	uint16_t high, low;

	if (!read_u16(p, &high) || !read_u16(p, &low))
		return false;
	*out = (uint32_t)high << 16 | low;
	return true;
}

static bool add_label(struct packet *p, struct wire_name *name, size_t at, uint8_t len)
{
	if (p->b.n - at - 1 < len)
		return bad(p, "the message ends inside of a label");
	if (name->n + len + (name->n > 0) > DNAME_TEXT_MAX)
		return bad(p, "a name of over 255 bytes");
	if (name->n)
		name->text[name->n++] = '.';
	for (size_t i = 0; i < len; i++) {
		uint8_t c = p->b.p[at + 1 + i];
		name->odd |= c == '.' || c == 0;
		name->text[name->n++] = ascii_lower(c);
	}
	return true;
}

/* A name with compression (RFC 1035 section 4.1.4): pointers lead backwards only, so it ends. */
static bool read_name(struct packet *p, struct wire_name *name)
{
	size_t at = p->at, before = p->at, jumps = 0;

	name->n = 0;
	name->odd = false;
	for (;;) {
		if (at >= p->b.n)
			return bad(p, "the message ends inside of a name");
		uint8_t c = p->b.p[at];
		if (c == 0 && !jumps)
			p->at = at + 1;
		if (c == 0)
			return true;
		if (c < 64) {
			if (!add_label(p, name, at, c))
				return false;
			at += 1u + c;
			continue;
		}
		if (c < 192 || at + 1 >= p->b.n)
			return bad(p, "a label of an unknown kind");
		size_t target = (size_t)(c & 63) << 8 | p->b.p[at + 1];
		if (target >= before || ++jumps > JUMPS_MAX)
			return bad(p, "a name that points forwards");
		if (jumps == 1)
			p->at = at + 2;
		at = before = target;
	}
}

static bool read_head(struct packet *p, struct wire_head *head)
{
	uint16_t id, flags, extra;

	if (!read_u16(p, &id) || !read_u16(p, &flags) || !read_u16(p, &head->questions) ||
	    !read_u16(p, &head->answers) || !read_u16(p, &head->authorities) || !read_u16(p, &extra))
		return false;
	head->rcode = flags & 15;
	head->answer = flags & 0x8000;
	head->truncated = flags & 0x0200;
	return true;
}

static bool skip_questions(struct packet *p, unsigned n)
{
	struct wire_name name;
	uint32_t type_and_class;

	while (n--)
		if (!read_name(p, &name) || !read_u32(p, &type_and_class))
			return false;
	return true;
}

static bool read_record(struct packet *p, struct wire_record *r)
{
	uint16_t len;

	if (!read_name(p, &r->owner) || !read_u16(p, &r->type) || !read_u16(p, &r->class) ||
	    !read_u32(p, &r->ttl) || !read_u16(p, &len))
		return false;
	if (p->b.n - p->at < len)
		return bad(p, "the message ends inside of a record's data");
	if (r->ttl > INT32_MAX)
		r->ttl = 0; /* RFC 2181 section 8 */
	r->data = p->at;
	r->data_end = p->at += len;
	return true;
}

/* --- data --- */

/* The name that fills the data from `at` on. *odd: it cannot be told as text. */
static bool data_name(struct arena *a, struct packet *p, const struct wire_record *r, size_t at,
                      struct dname *out, bool *odd)
{
	struct packet inside = { { p->b.p, r->data_end }, at, p->err };
	struct wire_name name;

	if (!read_name(&inside, &name))
		return false;
	if (inside.at != r->data_end)
		return bad(&inside, "bytes after the name in a record's data");
	struct bytes copy = arena_copy(a, (struct bytes){ name.text, name.n });
	if (!copy.p)
		return bad(p, "out of memory");
	*out = (struct dname){ copy };
	*odd = name.odd;
	return true;
}

static bool data_mx(struct arena *a, struct packet *p, const struct wire_record *r,
                    struct dns_record *out, bool *odd)
{
	struct packet inside = { { p->b.p, r->data_end }, r->data, p->err };

	return read_u16(&inside, &out->preference) && data_name(a, p, r, inside.at, &out->name, odd);
}

static bool data_ip(struct packet *p, const struct wire_record *r, size_t size, struct dns_record *out)
{
	if (r->data_end - r->data != size)
		return bad(p, "an address of the wrong size");
	out->ip.family = size == 4 ? 4 : 6;
	memcpy(out->ip.b, p->b.p + r->data, size);
	return true;
}

/* Strings with a length byte each, joined with nothing between (RFC 7208 section 3.3). */
static bool data_txt(struct arena *a, struct packet *p, const struct wire_record *r,
                     struct dns_record *out, bool *odd)
{
	uint8_t *to = arena_alloc(a, r->data_end - r->data + 1);
	size_t n = 0, len;

	if (!to)
		return bad(p, "out of memory");
	for (size_t at = r->data; at < r->data_end; at += len + 1) {
		len = p->b.p[at];
		if (r->data_end - at - 1 < len)
			return bad(p, "a string that is longer than its record");
		memcpy(to + n, p->b.p + at + 1, len);
		n += len;
	}
	*odd = r->data == r->data_end;
	out->text = (struct bytes){ to, n };
	return true;
}

static bool read_data(struct arena *a, struct packet *p, const struct wire_record *r,
                      struct dns_record *out, bool *odd)
{
	*odd = false;
	*out = (struct dns_record){ .preference = 0 };
	switch ((enum dns_type)r->type) {
	case DNS_A: return data_ip(p, r, 4, out);
	case DNS_AAAA: return data_ip(p, r, 16, out);
	case DNS_MX: return data_mx(a, p, r, out, odd);
	case DNS_TXT: return data_txt(a, p, r, out, odd);
	case DNS_PTR:
	case DNS_CNAME: return data_name(a, p, r, r->data, &out->name, odd);
	}
	return bad(p, "a type that is never asked");
}

/* --- the answer section --- */

struct rr {
	struct dname owner;
	uint32_t ttl;
	struct dns_record data;
};

struct section { /* what matters of it: records of the type asked, and CNAMEs */
	struct rr *hits, *aliases;
	size_t hit_n, hit_cap, alias_n, alias_cap;
};

static bool keep_record(struct arena *a, struct packet *p, const struct wire_record *r,
                        enum dns_type type, struct section *s)
{
	bool hit = r->type == type, alias = r->type == DNS_CNAME && !hit, odd;
	struct rr rr = { .ttl = r->ttl };

	if (r->class != CLASS_IN || r->owner.odd || (!hit && !alias))
		return true;
	if (!read_data(a, p, r, &rr.data, &odd))
		return false;
	if (odd)
		return true;
	rr.owner.text = arena_copy(a, (struct bytes){ r->owner.text, r->owner.n });
	bool kept = rr.owner.text.p && (hit ? ARENA_PUSH(a, s->hits, s->hit_n, s->hit_cap, &rr) != NULL
	                                    : ARENA_PUSH(a, s->aliases, s->alias_n, s->alias_cap, &rr) != NULL);
	return kept ? true : bad(p, "out of memory");
}

static bool read_answers(struct arena *a, struct packet *p, unsigned n, enum dns_type type,
                         struct section *s)
{
	struct wire_record r;

	while (n--)
		if (!read_record(p, &r) || !keep_record(a, p, &r, type, s))
			return false;
	return true;
}

static const struct rr *alias_of(const struct section *s, struct dname name)
{
	for (size_t i = 0; i < s->alias_n; i++)
		if (dname_same(s->aliases[i].owner, name))
			return &s->aliases[i];
	return NULL;
}

/* The name at the end of the chain, and the smallest TTL on the way. */
static bool follow(struct packet *p, const struct section *s, struct dname *name, uint32_t *ttl)
{
	const struct rr *alias;
	unsigned steps = 0;

	while ((alias = alias_of(s, *name))) {
		if (++steps > CHAIN_MAX)
			return bad(p, "a chain of CNAMEs that is too long or a circle");
		*name = alias->data.name;
		*ttl = alias->ttl < *ttl ? alias->ttl : *ttl;
	}
	return true;
}

/* --- the authority section --- */

/* Seconds for which absence may be remembered: the SOA's last field or its TTL, the smaller one. */
static bool negative_ttl(struct packet *p, unsigned n, uint32_t *out)
{
	struct wire_record r;
	struct wire_name skipped;
	uint32_t fields[5];

	*out = 0;
	while (n--) {
		if (!read_record(p, &r))
			return false;
		if (r.type != TYPE_SOA || r.class != CLASS_IN)
			continue;
		struct packet inside = { { p->b.p, r.data_end }, r.data, p->err };
		for (size_t i = 0; i < 2; i++) /* the server and the mailbox */
			if (!read_name(&inside, &skipped))
				return false;
		for (size_t i = 0; i < ARRAY_LEN(fields); i++)
			if (!read_u32(&inside, &fields[i]))
				return false;
		*out = fields[4] < r.ttl ? fields[4] : r.ttl;
		return true;
	}
	return true;
}

static enum dns_status status_of(unsigned rcode, bool found)
{
	switch (rcode) {
	case 0: return found ? DNS_OK : DNS_NODATA;
	case RCODE_NXDOMAIN: return DNS_NXDOMAIN;
	case 5: return DNS_REFUSED;
	default: return DNS_SERVFAIL;
	}
}

/* Picks the records at the end of the chain. */
static bool collect(struct arena *a, struct packet *p, const struct section *s, struct dname owner,
                    struct dns_answer_view *v)
{
	struct dns_record *records = arena_array(a, struct dns_record, s->hit_n);

	if (!records)
		return bad(p, "out of memory");
	for (size_t i = 0; i < s->hit_n; i++) {
		if (!dname_same(s->hits[i].owner, owner))
			continue;
		records[v->n++] = s->hits[i].data;
		v->ttl = s->hits[i].ttl < v->ttl ? s->hits[i].ttl : v->ttl;
	}
	v->records = records;
	return true;
}

bool dns_packet_read(struct arena *a, struct bytes packet, const struct dns_question *q,
                     struct dns_answer_view *out, struct parse_err *err)
{
	struct dns_answer_view v = { .question = *q, .ttl = UINT32_MAX };
	struct packet p = { packet, 0, err };
	struct section s = { .hits = NULL };
	struct dname end = q->name;
	struct wire_head head;
	uint32_t absent;

	if (!read_head(&p, &head))
		return false;
	if (!head.answer || head.truncated)
		return bad(&p, "a message that is no whole answer");
	if (!skip_questions(&p, head.questions) || !read_answers(a, &p, head.answers, q->type, &s) ||
	    !follow(&p, &s, &end, &v.ttl) || !collect(a, &p, &s, end, &v))
		return false;
	v.status = status_of(head.rcode, v.n > 0);
	if (v.n > 0 && v.status == DNS_NXDOMAIN)
		return bad(&p, "a name that does not exist and has records");
	if (v.status == DNS_NODATA || v.status == DNS_NXDOMAIN) {
		if (!negative_ttl(&p, head.authorities, &absent))
			return false;
		v.ttl = absent < v.ttl ? absent : v.ttl;
	} else if (v.status != DNS_OK) {
		v.ttl = 0;
		v.n = 0;
	}
	*out = v;
	return true;
}

bool dns_packet_has_type(struct bytes packet, uint16_t type)
{
	struct packet p = { packet, 0, NULL };
	struct wire_record r;
	struct wire_head head;

	if (!read_head(&p, &head) || !skip_questions(&p, head.questions))
		return false;
	for (unsigned i = 0; i < head.answers && read_record(&p, &r); i++)
		if (r.type == type)
			return true;
	return false;
}
