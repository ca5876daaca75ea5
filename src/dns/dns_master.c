/* dns_master.c - see dns_master.h. Entries and directives are read here, with
 * offsets; the escapes and lengths of names and strings, and the names of types,
 * are libldns's. (Its reader of whole records gives no offsets, and refuses owners
 * that are long only for their escapes.) */
#include "dns/dns_master.h"

#include <ldns/ldns.h>

#include "base/ascii.h"
#include "dns/dns_master_entry.h"

#define DEFAULT_TTL 3600u
#define TTL_MAX 2147483647u   /* RFC 2181 section 8 */
#define DELAY_MAX 86400000u   /* ms: a day of virtual time */
#define FIRST_QTYPE 249       /* TKEY to ANY: types of questions, not of records (RFC 6895) */
#define LAST_QTYPE 255
#define SCRATCH_BYTES (64u << 20)

struct reader {
	struct dns_zone *zone;
	struct dns_master_entry e;  /* the record, directive or fault at hand */
	struct dname origin, owner;
	uint8_t origin_text[DNAME_TEXT_MAX], owner_text[DNAME_TEXT_MAX];
	bool have_owner;
	uint32_t ttl;
	struct parse_err err;
};

static bool fail_at(struct reader *r, size_t at, const char *what)
{
	parse_fail_at(&r->err, at, what);
	return false;
}

static bool fail_token(struct reader *r, const struct dns_master_token *t, const char *what)
{
	return fail_at(r, (size_t)(t->raw.p - r->e.text.p), what);
}

static bool fail_memory(struct reader *r)
{
	return fail_at(r, r->e.at, "out of memory");
}

/* --- fields --- */

/* Reads \DDD and \X. A name comes in wire format, a string with its length. False: ldns refuses it. */
static bool unescape(struct reader *r, ldns_rdf_type kind, struct bytes raw, struct bytes *out)
{
	char *text = arena_cstr(r->e.scratch, raw);
	ldns_rdf *rdf = text ? ldns_rdf_new_frm_str(kind, text) : NULL;

	if (!rdf)
		return false;
	*out = arena_copy(r->e.scratch, (struct bytes){ ldns_rdf_data(rdf), ldns_rdf_size(rdf) });
	ldns_rdf_deep_free(rdf);
	return out->p != NULL;
}

/* Labels in wire format as text; false where a label holds a dot or NUL, which this text cannot say. */
static bool labels_text(struct bytes wire, uint8_t to[DNAME_TEXT_MAX + 2], size_t *n)
{
	*n = 0;
	for (size_t at = 0; at < wire.n && wire.p[at]; at += 1u + wire.p[at]) {
		struct bytes label = bytes_sub(wire, at + 1, wire.p[at]);
		if (bytes_has(label, '.') || bytes_has(label, 0) || *n + label.n + 1 > DNAME_TEXT_MAX + 1)
			return false;
		memcpy(to + *n, label.p, label.n);
		*n += label.n;
		to[(*n)++] = '.';
	}
	return true;
}

static bool is_absolute(struct bytes raw)
{
	size_t slashes = 0;

	if (raw.n == 0 || raw.p[raw.n - 1] != '.')
		return false;
	while (slashes + 1 < raw.n && raw.p[raw.n - 2 - slashes] == '\\')
		slashes++;
	return slashes % 2 == 0;
}

/* A name as it is written, made complete by the origin. The root is a name of no labels. */
static bool read_name(struct reader *r, const struct dns_master_token *t, struct dname *out)
{
	uint8_t text[2 * (DNAME_TEXT_MAX + 2)];
	struct bytes wire;
	size_t n;

	if (t->quoted)
		return fail_token(r, t, "a name in quotes: write it without; odd bytes as \\DDD");
	if (bytes_eq(t->raw, "@")) {
		*out = r->origin;
		return true;
	}
	if (!unescape(r, LDNS_RDF_TYPE_DNAME, t->raw, &wire))
		return arena_failed(r->e.scratch) ? fail_memory(r)
		                                : fail_token(r, t, "not a domain name: labels have 1 to 63 bytes, "
		                                                   "names up to 253");
	if (!labels_text(wire, text, &n))
		return fail_token(r, t, "a label with a dot or NUL in it: such names are never asked");
	if (!is_absolute(t->raw) && r->origin.text.n) {
		memcpy(text + n, r->origin.text.p, r->origin.text.n);
		n += r->origin.text.n;
	}
	if (n == 0) {
		*out = (struct dname){ B("") };
		return true;
	}
	if (dname_parse(r->e.scratch, (struct bytes){ text, n }, DNAME_WIRE, out, NULL))
		return true;
	return arena_failed(r->e.scratch) ? fail_memory(r)
	                                : fail_token(r, t, "a name that is over 253 bytes with its origin");
}

/* Names of the scratch arena end with their entry; these two stay. */
static struct dname keep_name(struct dname from, uint8_t to[DNAME_TEXT_MAX])
{
	if (from.text.n)
		memmove(to, from.text.p, from.text.n);
	return (struct dname){ { to, from.text.n } };
}

/* Seconds: "3600", "1h30m". */
static bool read_ttl(struct bytes raw, uint32_t *out)
{
	static const struct { uint8_t unit; uint32_t seconds; } units[] = {
		{ 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }, { 'w', 604800 },
	};
	uint64_t sum = 0, number = 0;
	bool digits = false, any = false;

	for (size_t i = 0; i < raw.n; i++) {
		uint8_t c = raw.p[i];
		size_t u = 0;
		if (ascii_is_digit(c)) {
			number = number * 10 + (c - '0');
			digits = any = true;
		} else {
			while (u < ARRAY_LEN(units) && units[u].unit != ascii_lower(c))
				u++;
			if (!digits || u == ARRAY_LEN(units))
				return false;
			sum += number * units[u].seconds;
			number = 0;
			digits = false;
		}
		if (sum + number > TTL_MAX)
			return false;
	}
	*out = (uint32_t)(sum + number);
	return any;
}

static bool read_u32(struct bytes raw, uint32_t max, uint32_t *out)
{
	uint64_t v;

	if (!bytes_to_u64(raw, &v) || v > max)
		return false;
	*out = (uint32_t)v;
	return true;
}

/* --- data of records --- */

static bool read_ip(struct reader *r, const struct dns_master_token *t, bool v6, struct dns_record *out)
{
	if (!ip_parse(t->raw, &out->ip) || bytes_has(t->raw, ':') != v6)
		return fail_token(r, t, v6 ? "not an IPv6 address such as 2001:db8::1"
		                           : "not an IPv4 address such as 192.0.2.1");
	if (v6 && out->ip.family == 4) { /* ip_parse folds; an AAAA is what it is, as from the network */
		struct ip mapped = { .family = 6, .b = { [10] = 0xff, [11] = 0xff } };
		memcpy(mapped.b + 12, out->ip.b, 4);
		out->ip = mapped;
	}
	return true;
}

static bool read_a(struct reader *r, const struct dns_master_token *t, size_t n, struct dns_record *out)
{
	return read_ip(r, t, false, out);
}

static bool read_aaaa(struct reader *r, const struct dns_master_token *t, size_t n, struct dns_record *out)
{
	return read_ip(r, t, true, out);
}

static bool read_target(struct reader *r, const struct dns_master_token *t, size_t n,
                        struct dns_record *out)
{
	return read_name(r, t, &out->name);
}

static bool read_mx(struct reader *r, const struct dns_master_token *t, size_t n, struct dns_record *out)
{
	uint32_t preference = 0;

	if (!read_u32(t->raw, UINT16_MAX, &preference))
		return fail_token(r, t, "the preference of an MX is a number from 0 to 65535: write "
		                        "\"MX 10 mail.example.com.\"");
	out->preference = (uint16_t)preference;
	return read_name(r, t + 1, &out->name);
}

static bool read_txt(struct reader *r, const struct dns_master_token *t, size_t n, struct dns_record *out)
{
	struct bytes string;
	size_t len = 0, most = 0;

	for (size_t i = 0; i < n; i++)
		most += t[i].raw.n;
	uint8_t *joined = arena_alloc(r->e.scratch, most);
	for (size_t i = 0; joined && i < n; i++) {
		if (!unescape(r, LDNS_RDF_TYPE_STR, t[i].raw, &string))
			return arena_failed(r->e.scratch)
			               ? fail_memory(r)
			               : fail_token(r, &t[i], "a string over 255 bytes, or a wrong escape: split "
			                                      "it into several quoted strings; bytes are \\DDD");
		memcpy(joined + len, string.p + 1, string.n - 1); /* the first byte is the length */
		len += string.n - 1;
	}
	out->text = (struct bytes){ joined, len };
	return joined ? true : fail_memory(r);
}

static const struct form {
	enum dns_type type;
	size_t min, max; /* tokens of data */
	bool (*read)(struct reader *r, const struct dns_master_token *t, size_t n, struct dns_record *out);
	const char *shape;
} forms[] = {
	{ DNS_A, 1, 1, read_a, "an A record is NAME A ADDRESS" },
	{ DNS_AAAA, 1, 1, read_aaaa, "an AAAA record is NAME AAAA ADDRESS" },
	{ DNS_CNAME, 1, 1, read_target, "a CNAME record is NAME CNAME TARGET" },
	{ DNS_PTR, 1, 1, read_target, "a PTR record is NAME PTR TARGET" },
	{ DNS_MX, 2, 2, read_mx, "an MX record is NAME MX PREFERENCE TARGET" },
	{ DNS_TXT, 1, SIZE_MAX, read_txt, "a TXT record is NAME TXT \"STRING\" ..." },
};

/* NULL: a type whose data is not read. */
static const struct form *form_of(uint16_t type)
{
	for (size_t i = 0; i < ARRAY_LEN(forms); i++)
		if (forms[i].type == type)
			return &forms[i];
	return NULL;
}

static bool read_type(struct reader *r, const struct dns_master_token *t, uint16_t *out)
{
	char name[32];
	int found = 0;

	if (!t->quoted && t->raw.n < sizeof(name)) {
		snprintf(name, sizeof(name), "%.*s", BYTES_ARG(t->raw));
		found = (int)ldns_get_rr_type_by_name(name);
	}
	if (found <= 0 || found > UINT16_MAX || (found >= FIRST_QTYPE && found <= LAST_QTYPE))
		return fail_token(r, t, "not a type of record: write NAME [TTL] [IN] TYPE DATA");
	*out = (uint16_t)found;
	return true;
}

/* An SOA's last field bounds how long absence is remembered, and so does its own TTL. */
static bool take_soa(struct reader *r, const struct dns_master_token *t, size_t n, uint32_t ttl)
{
	uint32_t minimum;

	if (n != 7 || !read_ttl(t[6].raw, &minimum))
		return fail_token(r, t - 1, "an SOA record is NAME SOA SERVER MAILBOX SERIAL REFRESH RETRY "
		                            "EXPIRE MINIMUM");
	return dns_zone_set_negative_ttl(r->zone, r->owner, ttl < minimum ? ttl : minimum) ? true
	                                                                                  : fail_memory(r);
}

static bool take_data(struct reader *r, const struct dns_master_token *type_token, size_t n,
                      uint16_t type, uint32_t ttl)
{
	const struct form *form = form_of(type);
	const struct dns_master_token *data = type_token + 1;
	struct dns_record record = { .preference = 0 };
	const char *why = NULL;

	if (type == LDNS_RR_TYPE_DNAME)
		return fail_token(r, type_token, "DNAME is not followed here: write the CNAMEs that it stands for");
	if (type == LDNS_RR_TYPE_SOA && !take_soa(r, data, n, ttl))
		return false;
	if (form && n > 0 && bytes_eq(data[0].raw, "\\#"))
		return fail_token(r, data, "data in hexadecimal (RFC 3597): write it in the type's own form");
	if (form && (n < form->min || n > form->max))
		return fail_token(r, type_token, form->shape);
	if (form && !form->read(r, data, n, &record))
		return false;
	if (!dns_zone_add(r->zone, r->owner, type, ttl, &record, &why))
		return fail_token(r, type_token, why);
	return true;
}

/* --- entries --- */

static bool is_class(struct bytes raw)
{
	return bytes_ieq(raw, "CH") || bytes_ieq(raw, "HS") || bytes_ieq(raw, "CS");
}

/* [TTL] [CLASS] TYPE DATA, TTL and class in either order (RFC 1035 section 5.1). */
static bool take_record(struct reader *r)
{
	const struct dns_master_token *t = r->e.tokens, *end = t + r->e.n;
	uint32_t ttl = r->ttl;
	uint16_t type;
	struct dname owner;

	if (!r->e.indented) {
		if (!read_name(r, t, &owner))
			return false;
		r->owner = keep_name(owner, r->owner_text);
		r->have_owner = true;
		t++;
	} else if (!r->have_owner) {
		return fail_token(r, t, "a line that begins with white space continues a name, and there is "
		                        "none above");
	}
	for (bool had_ttl = false, had_class = false; t < end && !t->quoted; t++) {
		if (is_class(t->raw))
			return fail_token(r, t, "a class other than IN: leave it out");
		if (!had_class && bytes_ieq(t->raw, "IN"))
			had_class = true;
		else if (!had_ttl && t->raw.n && ascii_is_digit(t->raw.p[0]) && read_ttl(t->raw, &ttl))
			had_ttl = true;
		else
			break;
	}
	if (t == end)
		return fail_token(r, end - 1, "a record without type and data: write NAME [TTL] [IN] TYPE DATA");
	return read_type(r, t, &type) && take_data(r, t, (size_t)(end - t) - 1, type, ttl);
}

static bool take_origin(struct reader *r)
{
	struct dname name;

	if (!read_name(r, &r->e.tokens[1], &name))
		return false;
	r->origin = keep_name(name, r->origin_text);
	return true;
}

static bool take_ttl(struct reader *r)
{
	return read_ttl(r->e.tokens[1].raw, &r->ttl)
	               ? true
	               : fail_token(r, &r->e.tokens[1], "not a TTL: write seconds, or a time such as 1h30m");
}

static bool take_directive(struct reader *r)
{
	static const struct { const char *name; bool (*take)(struct reader *r); } known[] = {
		{ "$ORIGIN", take_origin }, { "$TTL", take_ttl },
	};
	const struct dns_master_token *t = r->e.tokens;

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (bytes_ieq(t->raw, known[i].name))
			return r->e.n == 2 ? known[i].take(r)
			                 : fail_token(r, t, "$ORIGIN and $TTL take one value each");
	return fail_token(r, t, "only $ORIGIN and $TTL are known: put all records into this one file");
}

/* --- faults --- */

static const struct { const char *word; struct dns_fault means; } fault_words[] = {
	{ "timeout", { true, DNS_TIMEOUT, DNSSEC_UNKNOWN, 0 } },
	{ "servfail", { true, DNS_SERVFAIL, DNSSEC_UNKNOWN, 0 } },
	{ "refused", { true, DNS_REFUSED, DNSSEC_UNKNOWN, 0 } },
	{ "nodata", { true, DNS_NODATA, DNSSEC_UNKNOWN, 0 } },
	{ "nxdomain", { true, DNS_NXDOMAIN, DNSSEC_UNKNOWN, 0 } },
	{ "bogus", { true, DNS_BOGUS, DNSSEC_BOGUS, 0 } },
	{ "secure", { false, DNS_OK, DNSSEC_SECURE, 0 } },
	{ "insecure", { false, DNS_OK, DNSSEC_INSECURE, 0 } },
};

static bool read_fault_word(struct reader *r, const struct dns_master_token *t, struct dns_fault *out)
{
	for (size_t i = 0; i < ARRAY_LEN(fault_words); i++)
		if (bytes_ieq(t->raw, fault_words[i].word)) {
			*out = fault_words[i].means;
			return true;
		}
	*out = (struct dns_fault){ .forced = false };
	if (bytes_istarts(t->raw, "delay=") && read_u32(bytes_from(t->raw, 6), DELAY_MAX, &out->delay_ms))
		return true;
	out->has_ttl = bytes_istarts(t->raw, "ttl=") && read_ttl(bytes_from(t->raw, 4), &out->negative_ttl);
	if (out->has_ttl)
		return true;
	return fail_token(r, t, "a fault is timeout, servfail, refused, nodata, nxdomain, bogus, secure, "
	                        "insecure, delay=MILLISECONDS or ttl=SECONDS");
}

static bool read_fault_type(struct reader *r, const struct dns_master_token *t, uint16_t *out)
{
	*out = DNS_ZONE_ANY_TYPE;
	if (bytes_eq(t->raw, "*") || bytes_ieq(t->raw, "ANY"))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(forms); i++)
		if (bytes_ieq(t->raw, dns_type_name(forms[i].type))) {
			*out = (uint16_t)forms[i].type;
			return true;
		}
	return fail_token(r, t, "a fault is for A, AAAA, MX, TXT, PTR, CNAME, or * for all");
}

/* The tokens after ";!": fault NAME TYPE WORD... */
static bool take_fault(struct reader *r)
{
	struct dns_fault fault;
	struct dname name;
	uint16_t type;

	if (r->e.n == 0)
		return fail_at(r, r->e.at - 1, "a \";!\" line is \";!fault NAME TYPE WORD...\"");
	if (r->e.n < 4 || !bytes_eq(r->e.tokens[0].raw, "fault"))
		return fail_token(r, r->e.tokens, "a \";!\" line is \";!fault NAME TYPE WORD...\"");
	if (!read_name(r, &r->e.tokens[1], &name) || !read_fault_type(r, &r->e.tokens[2], &type))
		return false;
	for (size_t i = 3; i < r->e.n; i++) {
		if (!read_fault_word(r, &r->e.tokens[i], &fault))
			return false;
		if (!dns_zone_fault(r->zone, name, type, &fault))
			return fail_memory(r);
	}
	return true;
}

static bool is_fault_line(const struct reader *r)
{
	return bytes_istarts(bytes_sub(r->e.text, r->e.at, 2), ";!");
}

static bool is_directive(const struct reader *r)
{
	return !r->e.indented && !r->e.tokens[0].quoted && bytes_istarts(r->e.tokens[0].raw, "$");
}

static bool take_entry(struct reader *r, bool fault)
{
	if (fault)
		return take_fault(r);
	if (r->e.n == 0)
		return true; /* an empty line, or a comment */
	return is_directive(r) ? take_directive(r) : take_record(r);
}

static bool read_all(struct reader *r)
{
	while (r->e.at < r->e.text.n) {
		bool fault = is_fault_line(r);
		r->e.at += fault ? 2 : 0;
		if (!dns_master_entry_read(&r->e, &r->err) || !take_entry(r, fault))
			return false;
	}
	return true;
}

static size_t line_of(struct bytes text, size_t at)
{
	size_t line = 1;

	for (size_t i = 0; i < at && i < text.n; i++)
		line += text.p[i] == '\n';
	return line;
}

bool dns_master_read(struct dns_zone *z, struct bytes text, struct dns_master_err *err)
{
	struct reader r = {
		.zone = z,
		.e = { .text = text, .scratch = arena_new(SCRATCH_BYTES) },
		.ttl = DEFAULT_TTL,
		.origin = { B("") },
	};
	bool ok = r.e.scratch ? read_all(&r) : fail_memory(&r);

	arena_free(r.e.scratch);
	if (!ok && err)
		*err = (struct dns_master_err){ line_of(text, r.err.at), r.err.at, r.err.what };
	return ok;
}
