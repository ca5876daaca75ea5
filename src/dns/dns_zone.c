/* dns_zone.c - see dns_zone.h */
#include "dns/dns_zone.h"

#include "base/ascii.h"
#include "base/mem.h"
#include "dns/dns_seed.h"

#define ZONE_BYTES (256u << 20) /* memory; a case has a few KB, a test of speed some MB */
#define SLOTS_FIRST 256u        /* a power of two */
#define CHAIN_MAX 11u           /* CNAMEs that are followed; libunbound's own cap */
#define ANSWER_BYTES 65535u     /* what one DNS message can carry */
#define RECORD_BYTES 12u        /* the least that a record takes of it */

struct set { /* the records of one type at one name */
	uint16_t type;
	uint32_t ttl;
	struct dns_record *records;
	size_t n, cap, bytes;
};

struct typed_fault {
	uint16_t type;
	struct dns_fault fault;
};

struct node {
	struct dname name;
	bool exists;        /* false: only a fault is known of it */
	bool has_soa;
	uint32_t negative_ttl;
	struct set *sets;
	size_t n, cap;
	struct typed_fault *faults;
	size_t fault_n, fault_cap;
};

struct dns_zone {
	struct arena *arena;
	struct node *nodes;
	size_t n, cap, records;
	uint32_t *slots;    /* indices of nodes + 1 */
	size_t slot_count;
	uint64_t seed;
};

/* --- names --- */

static uint32_t *slot_of(const struct dns_zone *z, struct dname name)
{
	size_t mask = z->slot_count - 1, at = bytes_hash(name.text, z->seed) & mask;

	while (z->slots[at] && !dname_same(z->nodes[z->slots[at] - 1].name, name))
		at = (at + 1) & mask;
	return &z->slots[at];
}

static struct node *find_node(const struct dns_zone *z, struct dname name)
{
	uint32_t at = *slot_of(z, name);

	return at ? &z->nodes[at - 1] : NULL;
}

static struct node *find_existing(const struct dns_zone *z, struct dname name)
{
	struct node *node = find_node(z, name);

	return node && node->exists ? node : NULL;
}

static bool grow_slots(struct dns_zone *z)
{
	uint32_t *slots = arena_array(z->arena, uint32_t, z->slot_count * 2);

	if (!slots)
		return false;
	assert(z->nodes); /* the root is always there */
	z->slots = slots;
	z->slot_count *= 2;
	for (size_t i = 0; i < z->n; i++)
		*slot_of(z, z->nodes[i].name) = (uint32_t)i + 1;
	return true;
}

/* Finds or makes; the name must live as long as the zone. */
static struct node *node_of(struct dns_zone *z, struct dname name)
{
	struct node *there = find_node(z, name), fresh = { .name = name };

	if (there)
		return there;
	if (z->n * 2 >= z->slot_count && !grow_slots(z))
		return NULL;
	uint32_t *slot = slot_of(z, name);
	there = ARENA_PUSH(z->arena, z->nodes, z->n, z->cap, &fresh);
	if (there)
		*slot = (uint32_t)z->n;
	return there;
}

static struct node *node_of_copy(struct dns_zone *z, struct dname name)
{
	struct node *there = find_node(z, name);

	if (there)
		return there;
	struct dname own = { arena_copy(z->arena, name.text) };
	return own.text.p ? node_of(z, own) : NULL;
}

/* The node of a name that now exists, and with it all names above (empty non-terminals). */
static struct node *existing_node(struct dns_zone *z, struct dname name)
{
	struct node *node = node_of_copy(z, name);

	if (!node || node->exists)
		return node;
	size_t at = (size_t)(node - z->nodes); /* nodes may move while more are made */
	for (struct dname above = node->name; !dname_is_none(above);) {
		above = dname_parent(above);
		struct node *parent = node_of(z, above);
		if (!parent)
			return NULL;
		if (parent->exists)
			break;
		parent->exists = true;
	}
	z->nodes[at].exists = true;
	return &z->nodes[at];
}

struct dns_zone *dns_zone_new(void)
{
	struct dns_zone *z = mem_calloc(1, sizeof(*z));

	if (!z)
		return NULL;
	z->arena = arena_new(ZONE_BYTES);
	z->slots = z->arena ? arena_array(z->arena, uint32_t, SLOTS_FIRST) : NULL;
	z->slot_count = SLOTS_FIRST;
	z->seed = dns_seed();
	struct node *root = z->slots ? node_of(z, (struct dname){ B("") }) : NULL;
	if (!root) {
		dns_zone_free(z);
		return NULL;
	}
	root->exists = true;
	return z;
}

void dns_zone_free(struct dns_zone *z)
{
	if (!z)
		return;
	arena_free(z->arena);
	mem_free(z);
}

size_t dns_zone_records(const struct dns_zone *z)
{
	return z->records;
}

/* --- building --- */

static struct set *find_set(const struct node *node, uint16_t type)
{
	for (size_t i = 0; i < node->n; i++)
		if (node->sets[i].type == type)
			return &node->sets[i];
	return NULL;
}

static bool refuse(const char **why, const char *what)
{
	if (why)
		*why = what;
	return false;
}

static bool copy_record(struct dns_zone *z, uint16_t type, const struct dns_record *r,
                        struct dns_record *out, size_t *bytes)
{
	struct bytes *text = type == DNS_TXT ? &out->text : &out->name.text;

	*out = *r;
	*bytes = RECORD_BYTES;
	if (type == DNS_A || type == DNS_AAAA)
		return true;
	*bytes += type == DNS_TXT ? text->n : 0; /* a name may be a pointer to an earlier one */
	*text = arena_copy(z->arena, *text);
	return text->p != NULL;
}

static bool is_known(uint16_t type)
{
	return type == DNS_A || type == DNS_AAAA || type == DNS_CNAME || type == DNS_PTR ||
	       type == DNS_MX || type == DNS_TXT;
}

bool dns_zone_add(struct dns_zone *z, struct dname owner, uint16_t type, uint32_t ttl,
                  const struct dns_record *r, const char **why)
{
	struct node *node = existing_node(z, owner);
	struct dns_record copy;
	size_t bytes = 0;

	if (!node)
		return refuse(why, "out of memory");
	struct set *set = find_set(node, type), fresh = { .type = type, .ttl = ttl };
	if (type == DNS_CNAME ? node->n > 0 : find_set(node, DNS_CNAME) != NULL)
		return refuse(why, "a CNAME stands beside no other record of its name (RFC 1034 section "
		                   "3.6.2): remove one");
	if (!set && !(set = ARENA_PUSH(z->arena, node->sets, node->n, node->cap, &fresh)))
		return refuse(why, "out of memory");
	z->records++;
	if (!is_known(type))
		return true;
	if (!copy_record(z, type, r, &copy, &bytes))
		return refuse(why, "out of memory");
	if (set->bytes + bytes > ANSWER_BYTES)
		return refuse(why, "records of one name and type are over 64 KiB together: no DNS message "
		                   "can carry them");
	if (!ARENA_PUSH(z->arena, set->records, set->n, set->cap, &copy))
		return refuse(why, "out of memory");
	set->bytes += bytes;
	if (ttl < set->ttl)
		set->ttl = ttl; /* one TTL a set: RFC 2181 section 5.2 */
	return true;
}

static bool read_target(struct dns_zone *z, struct bytes text, struct dname *out)
{
	*out = (struct dname){ { NULL, 0 } };
	return text.n == 0 || bytes_eq(text, ".") || dname_parse(z->arena, text, DNAME_WIRE, out, NULL);
}

bool dns_zone_put(struct dns_zone *z, struct bytes owner, enum dns_type type, uint32_t ttl,
                  struct bytes data)
{
	struct dns_record r = { .preference = 0 };
	struct dname name;
	bool ok;

	if (type == DNS_A || type == DNS_AAAA)
		ok = ip_parse(data, &r.ip) && bytes_has(data, ':') == (type == DNS_AAAA);
	else if (type == DNS_TXT)
		ok = (r.text = data, true);
	else
		ok = read_target(z, data, &r.name);
	return ok && dname_parse(z->arena, owner, DNAME_WIRE, &name, NULL) &&
	       dns_zone_add(z, name, (uint16_t)type, ttl, &r, NULL);
}

bool dns_zone_put_mx(struct dns_zone *z, struct bytes owner, uint32_t ttl, uint16_t preference,
                     struct bytes exchange)
{
	struct dns_record r = { .preference = preference };
	struct dname name;

	return read_target(z, exchange, &r.name) && dname_parse(z->arena, owner, DNAME_WIRE, &name, NULL) &&
	       dns_zone_add(z, name, DNS_MX, ttl, &r, NULL);
}

bool dns_zone_set_negative_ttl(struct dns_zone *z, struct dname owner, uint32_t ttl)
{
	struct node *node = existing_node(z, owner);

	if (!node)
		return false;
	node->has_soa = true;
	node->negative_ttl = ttl;
	return true;
}

static void join_fault(struct dns_fault *into, const struct dns_fault *more)
{
	if (more->forced) {
		into->forced = true;
		into->status = more->status;
	}
	if (more->security != DNSSEC_UNKNOWN)
		into->security = more->security;
	if (more->delay_ms)
		into->delay_ms = more->delay_ms;
	if (more->has_ttl) {
		into->has_ttl = true;
		into->negative_ttl = more->negative_ttl;
	}
}

bool dns_zone_fault(struct dns_zone *z, struct dname owner, uint16_t type, const struct dns_fault *fault)
{
	struct node *node = node_of_copy(z, owner);
	struct typed_fault fresh = { type, *fault };

	if (!node)
		return false;
	for (size_t i = 0; i < node->fault_n; i++)
		if (node->faults[i].type == type) {
			join_fault(&node->faults[i].fault, fault);
			return true;
		}
	return ARENA_PUSH(z->arena, node->faults, node->fault_n, node->fault_cap, &fresh) != NULL;
}

/* --- asking --- */

/* What is known so far along a chain of CNAMEs. */
struct walk {
	enum dns_status status;
	enum dnssec_state security; /* of the weakest step */
	uint32_t ttl, delay_ms;
	bool gives_up;              /* a time-out that the resolver reports */
	const struct set *found;
};

static struct dns_fault fault_of(const struct node *node, uint16_t type)
{
	static const uint16_t any = DNS_ZONE_ANY_TYPE;
	const uint16_t order[] = { any, type }; /* the particular one has the last word */
	struct dns_fault joined = { .security = DNSSEC_UNKNOWN };

	for (size_t k = 0; node && k < ARRAY_LEN(order); k++)
		for (size_t i = 0; i < node->fault_n; i++)
			if (node->faults[i].type == order[k])
				join_fault(&joined, &node->faults[i].fault);
	return joined;
}

/* The wildcard that makes the name, which itself does not exist: "*" below its closest encloser
 * (RFC 4592 section 3.3.1). NULL: none. */
static struct node *wildcard_for(const struct dns_zone *z, struct dname name)
{
	uint8_t text[DNAME_TEXT_MAX + 2] = { '*', '.' };

	do
		name = dname_parent(name);
	while (!find_existing(z, name)); /* the root exists */
	if (name.text.n)
		memcpy(text + 2, name.text.p, name.text.n);
	struct dname star = { { text, name.text.n ? name.text.n + 2 : 1 } };
	return find_existing(z, star);
}

static uint32_t negative_ttl(const struct dns_zone *z, struct dname name)
{
	for (;; name = dname_parent(name)) {
		const struct node *node = find_node(z, name);
		if (node && node->has_soa)
			return node->negative_ttl;
		if (dname_is_none(name))
			return 0;
	}
}

static uint32_t min_u32(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* The order of strength is that of the enum but for BOGUS, which is no state of a zone. */
static enum dnssec_state weaker(enum dnssec_state a, enum dnssec_state b)
{
	return a < b ? a : b;
}

/* One name of the chain. True: *name is now the target of a CNAME. */
static bool step(const struct dns_zone *z, struct dname *name, uint16_t type, struct walk *w)
{
	const struct node *exact = find_node(z, *name);
	const struct node *node = exact && exact->exists ? exact : wildcard_for(z, *name);
	struct dns_fault fault = fault_of(exact && exact->fault_n ? exact : node, type);
	const struct set *alias = node && type != DNS_CNAME ? find_set(node, DNS_CNAME) : NULL;

	w->security = weaker(w->security, fault.security);
	w->delay_ms += fault.delay_ms;
	w->found = NULL;
	if (fault.forced) {
		w->status = fault.status;
		w->gives_up = fault.delay_ms > 0;
	} else if (alias) {
		w->ttl = min_u32(w->ttl, alias->ttl);
		*name = alias->records[0].name;
		return true;
	} else {
		w->found = node ? find_set(node, type) : NULL;
		w->status = w->found ? DNS_OK : node ? DNS_NODATA : DNS_NXDOMAIN;
	}
	w->ttl = min_u32(w->ttl, w->found        ? w->found->ttl
	                         : fault.has_ttl ? fault.negative_ttl
	                                         : negative_ttl(z, *name));
	return false;
}

static bool make_reply(const struct dns_question *q, const struct walk *w, struct dns_zone_reply *out)
{
	struct dns_answer_view view = {
		.question = *q,
		.status = w->status,
		.security = w->security,
		.ttl = dns_status_is_error(w->status) ? 0 : w->ttl,
		.n = w->found ? w->found->n : 0,
		.records = w->found ? w->found->records : NULL,
	};
	struct dns_zone_reply reply = { NULL, w->delay_ms };

	if (w->status == DNS_BOGUS)
		view.security = DNSSEC_BOGUS;
	else if (dns_status_is_error(w->status))
		view.security = DNSSEC_UNKNOWN;
	bool silent = w->status == DNS_TIMEOUT && !w->gives_up;
	if (!silent && !(reply.answer = dns_answer_new(&view)))
		return false;
	*out = reply;
	return true;
}

bool dns_zone_ask(const struct dns_zone *z, const struct dns_question *q, struct dns_zone_reply *out)
{
	struct walk w = { .security = DNSSEC_SECURE, .ttl = UINT32_MAX };
	struct dname name = q->name;
	unsigned aliases = 0;

	while (step(z, &name, (uint16_t)q->type, &w))
		if (++aliases > CHAIN_MAX) {
			w.status = DNS_SERVFAIL;
			break;
		}
	return make_reply(q, &w, out);
}
