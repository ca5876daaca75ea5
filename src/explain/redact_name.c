/* redact_name.c - see redact_name.h
 *
 * A registrable domain becomes a word below .example, whatever its public suffix was; the
 * labels below it become words each for itself, so that names below and beside each other stay
 * so. A domain that imitates the owner's becomes one that imitates what the owner's has become. */
#include "explain/redact_name.h"

#include "base/ascii.h"
#include "base/idn.h"
#include "dmarc/psl.h"
#include "explain/redact_host.h"
#include "explain/redact_vocabulary.h"

enum {
	DOMAIN_LETTERS = 10, /* 30 bits: two of a case are not the same */
	LOCAL_LETTERS = 10,
	LABEL_LETTERS = 8,
	ID_BYTES = 20,       /* what was longer than ID_MIN, or full of digits */
	ID_MIN = 17,
	VARIANTS = 64,       /* ways to write a domain alike that are tried */
	NAME_MAX_BYTES = 1024, /* of a name as written, U-labels among them */
};

static struct arena *arena_of(const struct redact *r)
{
	return r->work.arena;
}

/* Names of top-level domains that mean something to checks; all others become "example". */
static bool is_special(struct bytes top)
{
	static const char *const list[] = { "local", "internal", "lan", "home", "localdomain", "localhost", "invalid",
		                            "test",  "arpa",     "corp", "intranet", "onion" };

	for (size_t i = 0; i < ARRAY_LEN(list); i++)
		if (bytes_ieq(top, list[i]))
			return true;
	return false;
}

/* "_dmarc", "s1._domainkey": labels in front that belong to no host. */
static struct dname without_service_labels(struct dname d)
{
	struct dname at = d;

	for (; !dname_is_none(at); at = dname_parent(at))
		if (at.text.p[0] == '_')
			d = dname_parent(at);
	return d;
}

static struct dname registrable_of(struct dname d)
{
	return psl_registrable(psl_list_builtin(), without_service_labels(d));
}

/* A firm's servers may stand under its other top-level domain, which then tells its name. */
static bool is_noted(const struct redact *r, struct dname d)
{
	struct dname top = without_service_labels(d), registrable = registrable_of(d);
	struct bytes core = bytes_sub(registrable.text, 0, bytes_find(registrable.text, '.', 0));

	return redact_map_find(&r->suffixes, top.text) ||
	       (!dname_is_none(registrable) &&
	        (redact_map_find(&r->domains, registrable.text) || redact_map_find(&r->spelled, core)));
}

/* "example-org.mail.protection.outlook.com", "exampleorg.onmicrosoft.com", "example.helpdesk.example": a name in
 * somebody else's domain that tells ours. */
static void note_spelled(struct redact *r, struct dname registrable)
{
	enum { CORE_MIN = 5 }; /* a shorter label may stand there by chance */
	struct arena *a = arena_of(r);
	struct bytes core = bytes_sub(registrable.text, 0, bytes_find(registrable.text, '.', 0));
	uint8_t hyphens[DNAME_TEXT_MAX], joined[DNAME_TEXT_MAX];
	size_t n = 0;

	if (redact_map_find(&r->domains, registrable.text))
		return;
	struct bytes name = arena_copy(a, registrable.text);
	for (size_t i = 0; i < name.n; i++) {
		hyphens[i] = name.p[i] == '.' ? '-' : name.p[i];
		if (name.p[i] != '.')
			joined[n++] = name.p[i];
	}
	redact_map_put(a, &r->spelled, arena_copy(a, (struct bytes){ hyphens, name.n }), name);
	redact_map_put(a, &r->spelled, arena_copy(a, (struct bytes){ joined, n }), name);
	if (core.n >= CORE_MIN && !redact_common_label(core) && !redact_vocabulary(core))
		redact_map_put(a, &r->spelled, arena_copy(a, core), name);
}

void redact_name_note(struct redact *r, struct bytes domain, bool owner)
{
	struct dname d;

	if (!dname_parse(arena_of(r), domain, DNAME_HOST, &d, NULL))
		return;
	struct dname registrable = registrable_of(d);
	if (dname_is_none(registrable))
		return;
	note_spelled(r, registrable);
	redact_map_add(arena_of(r), &r->domains, registrable.text);
	struct dname suffix = dname_parent(registrable);
	if (!dname_is_none(suffix) && !is_special(suffix.text))
		redact_map_add(arena_of(r), &r->suffixes, suffix.text);
	for (size_t i = 0; i < r->n_owners; i++)
		owner = owner && !dname_same(r->owners[i], registrable);
	if (owner && r->n_owners < REDACT_OWNERS_MAX)
		r->owners[r->n_owners++] = registrable;
}

void redact_name_note_local(struct redact *r, struct bytes local)
{
	struct bytes lower = arena_lower(arena_of(r), local);
	bool letter = false;

	for (size_t i = 0; i < lower.n; i++)
		letter = letter || ascii_is_alpha(lower.p[i]);
	if (letter && lower.n > 2 && lower.n <= 64 && !redact_role(lower) && !redact_vocabulary(lower))
		redact_map_add(arena_of(r), &r->locals, lower);
}

/* --- registrable domains --- */

static struct bytes top_of(struct dname registrable)
{
	struct bytes suffix = dname_parent(registrable).text;

	return is_special(suffix) ? suffix : B("example");
}

/* How the domain imitates that of the owner, if it does. */
static bool relation(const struct redact *r, struct dname name, struct dname owner, bool *inside, bool *mixed)
{
	struct lookalike_ours ours = { .domains = &owner, .n_domains = 1 };
	struct lookalike_shown shown = { .where = "", .domain = name };
	struct lookalike *found;
	bool any = false;
	size_t n;

	*mixed = *inside = false;
	if (!r->tables || !lookalike_find(r->tables, arena_of(r), &ours, &shown, 1, &found, &n))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (found[i].kind == LOOKALIKE_DOMAIN || found[i].kind == LOOKALIKE_DOMAIN_INSIDE) {
			*inside = found[i].kind == LOOKALIKE_DOMAIN_INSIDE;
			any = true;
		}
		*mixed = *mixed || found[i].kind == LOOKALIKE_MIXED_SCRIPT;
	}
	return any;
}

/* The vowels of the bits in `which`, as something that looks like them. */
static struct bytes disguise(struct arena *a, struct bytes word, unsigned which, bool cyrillic)
{
	static const struct { char plain; const char *digit, *cyrillic; } rows[] = {
		{ 'a', "4", "а" }, { 'e', "3", "е" }, { 'i', "1", "і" }, { 'o', "0", "о" },
	};
	struct bytes out = { (const uint8_t *)"", 0 };

	for (size_t i = 0; i < word.n; i++) {
		struct bytes letter = bytes_sub(word, i, 1);
		for (size_t k = 0; k < ARRAY_LEN(rows) && (which >> i / 2 & 1); k++)
			if (word.p[i] == (uint8_t)rows[k].plain)
				letter = bytes_of(cyrillic ? rows[k].cyrillic : rows[k].digit);
		out = arena_join(a, out, letter);
	}
	return out;
}

/* The nth way to imitate `word`.example. */
static struct bytes variant(struct arena *a, struct bytes word, unsigned n, bool inside, bool mixed, bool other_top)
{
	static const char *const fronts[] = { "mail-", "login-", "support-", "secure-", "account-", "service-", "help-",
		                              "my-" };
	unsigned which = 1 + n % 31;

	if (inside)
		return arena_printf(a, "%s%.*s%s.example", fronts[n % ARRAY_LEN(fronts)], BYTES_ARG(word),
		                    n < ARRAY_LEN(fronts) ? "" : "-online");
	if (other_top && n < 2)
		return arena_printf(a, "%.*s.%s", BYTES_ARG(word), n ? "invalid" : "test");
	word = disguise(a, word, which, mixed);
	struct bytes made = arena_join(a, word, B(".example")), ascii;
	return mixed && idn_to_ascii(a, made, &ascii) ? ascii : made;
}

static bool imitate(struct redact *r, struct dname registrable, struct dname owner, struct bytes owner_becomes,
                    struct bytes *out)
{
	struct bytes word = bytes_sub(owner_becomes, 0, bytes_find(owner_becomes, '.', 0));
	struct bytes core = bytes_sub(registrable.text, 0, bytes_find(registrable.text, '.', 0));
	bool other_top = bytes_same(core, bytes_sub(owner.text, 0, bytes_find(owner.text, '.', 0)));
	bool inside, mixed, now_inside, now_mixed;
	uint8_t start;

	if (!relation(r, registrable, owner, &inside, &mixed))
		return false;
	redact_hash_fill(&r->hash, REDACT_DOMAIN, registrable.text, &start, 1);
	for (unsigned i = 0; i < VARIANTS; i++) {
		unsigned n = other_top && i < 2 ? i : (start + i) % VARIANTS;
		struct bytes made = variant(arena_of(r), word, n, inside, mixed, other_top);
		if (!made.p || redact_map_find(&r->taken, made))
			continue;
		if (relation(r, (struct dname){ made }, (struct dname){ owner_becomes }, &now_inside, &now_mixed) &&
		    now_inside == inside && now_mixed == mixed) {
			*out = made;
			return true;
		}
	}
	return false;
}

static struct bytes plain_core(struct redact *r, struct dname registrable)
{
	char word[DOMAIN_LETTERS];

	redact_hash_word(&r->hash, REDACT_DOMAIN, registrable.text, sizeof(word), word);
	return arena_printf(arena_of(r), "%.*s.%.*s", DOMAIN_LETTERS, word, BYTES_ARG(top_of(registrable)));
}

static struct bytes core_of(struct redact *r, struct dname registrable)
{
	const struct bytes *known = redact_map_find(&r->cores, registrable.text);

	if (known)
		return *known;
	struct bytes out = plain_core(r, registrable);
	for (size_t i = 0; i < r->n_owners; i++) /* of the owner's own, a later one may imitate an earlier one */
		if (dname_same(r->owners[i], registrable) ||
		    imitate(r, registrable, r->owners[i], core_of(r, r->owners[i]), &out))
			break;
	redact_map_put(arena_of(r), &r->cores, registrable.text, out);
	redact_map_put(arena_of(r), &r->taken, out, registrable.text);
	return out;
}

/* --- whole names --- */

static void write_label(struct redact *r, struct bytes label, bool selector, struct buf *out)
{
	char word[LABEL_LETTERS];

	if (selector || label.p[0] == '_' || label.p[0] == '*' || bytes_has(label, '%') || redact_common_label(label)) {
		buf_add(out, label);
		return;
	}
	redact_hash_word(&r->hash, REDACT_LABEL, label, sizeof(word), word);
	buf_add(out, (struct bytes){ (const uint8_t *)word, sizeof(word) });
}

/* The labels in front of the registrable domain, each with a dot behind it. */
static void write_labels(struct redact *r, struct bytes front, struct buf *out)
{
	while (front.n) {
		size_t address = redact_host_labels(r, front, out);
		struct bytes label;
		if (address) {
			front = bytes_from(front, address);
			continue;
		}
		bytes_cut(&front, '.', &label);
		write_label(r, label, bytes_istarts(front, "_domainkey."), out);
		buf_add_byte(out, '.');
	}
}

/* "example.org.evil.example" is an imitation only as a whole: ours is put in front again. */
static void keep_inside(struct redact *r, struct dname name, struct dname registrable, struct bytes *out)
{
	bool inside, mixed;

	for (size_t i = 0; i < r->n_owners; i++) {
		struct bytes ours = core_of(r, r->owners[i]), core = core_of(r, registrable);
		if (dname_same(r->owners[i], registrable) || !relation(r, name, r->owners[i], &inside, &mixed) || !inside ||
		    relation(r, (struct dname){ *out }, (struct dname){ ours }, &inside, &mixed))
			continue;
		*out = arena_printf(arena_of(r), "%.*s.%.*s", BYTES_ARG(ours), BYTES_ARG(core));
		return;
	}
}

static struct bytes rename_host(struct redact *r, struct dname name)
{
	struct dname top = without_service_labels(name), registrable = registrable_of(name);
	struct buf made;

	buf_init(&made, 4 * DNAME_TEXT_MAX);
	if (dname_is_none(registrable)) { /* a public suffix, or one label */
		write_labels(r, bytes_sub(name.text, 0, name.text.n - top.text.n), &made);
		if (redact_map_find(&r->suffixes, top.text))
			buf_adds(&made, "example");
		else if (dname_labels(top) > 1 || is_special(top.text))
			buf_add(&made, top.text);
		else
			redact_name_bare(r, top.text, &made);
	} else {
		write_labels(r, bytes_sub(name.text, 0, name.text.n - registrable.text.n), &made);
		buf_add(&made, core_of(r, registrable));
	}
	struct bytes out = arena_copy(arena_of(r), buf_bytes(&made));
	if (made.failed)
		arena_fail(arena_of(r));
	buf_free(&made);
	if (!dname_is_none(registrable) && out.n)
		keep_inside(r, name, registrable, &out);
	return out;
}

/* The labels at the front of `rest` that are a noted domain; 0: they are none. */
static size_t noted_labels(const struct redact *r, struct bytes rest)
{
	size_t end = bytes_find(rest, '.', 0);

	for (size_t labels = 2; labels <= 4 && end < rest.n; labels++) {
		end = bytes_find(rest, '.', end + 1);
		if (redact_map_find(&r->domains, bytes_sub(rest, 0, end)))
			return end;
	}
	return 0;
}

static void write_spelled(struct redact *r, struct bytes label, struct bytes domain, struct buf *out)
{
	struct bytes made = core_of(r, (struct dname){ domain });
	bool whole = label.n + 1 >= domain.n, hyphens = label.n == domain.n;

	for (size_t i = 0; i < made.n && (whole || made.p[i] != '.'); i++)
		if (made.p[i] != '.' || hyphens)
			buf_add_byte(out, made.p[i] == '.' ? '-' : made.p[i]);
}

/* A name that is nobody's, with labels in it that tell somebody's; false: there are none. */
static bool spells(struct redact *r, struct bytes name, struct buf *out)
{
	struct dname d = { name };
	struct dname registrable = registrable_of(d);
	size_t end = name.n - (dname_is_none(registrable) ? name.n : registrable.text.n), kept = 0;
	bool any = false;

	for (size_t at = 0; at < end;) {
		struct bytes label = bytes_sub(name, at, bytes_find(name, '.', at) - at);
		const struct bytes *domain = redact_map_find(&r->spelled, label);
		size_t n = noted_labels(r, bytes_sub(name, at, end - at));
		if (n || domain) {
			any = true;
			buf_add(out, bytes_sub(name, kept, at - kept));
			if (n)
				buf_add(out, core_of(r, (struct dname){ bytes_sub(name, at, n) }));
			else
				write_spelled(r, label, *domain, out);
			kept = at + (n ? n : label.n);
		}
		at += (n ? n : label.n) + 1;
	}
	if (any)
		buf_add(out, bytes_from(name, kept));
	return any;
}

static bool is_ascii(struct bytes b)
{
	for (size_t i = 0; i < b.n; i++)
		if (b.p[i] >= 0x80)
			return false;
	return true;
}

bool redact_name_domain(struct redact *r, struct bytes name, bool always, struct buf *out)
{
	struct dname d;
	const struct bytes *known;
	struct bytes made, bare = name;

	if (name.n == 0 || name.n > NAME_MAX_BYTES)
		return false;
	if (bare.n > 1 && bare.p[bare.n - 1] == '.')
		bare.n--;
	if (bytes_istarts(bare, "*."))
		bare = bytes_from(bare, 2);
	if (!dname_parse(arena_of(r), bare, DNAME_HOST, &d, NULL)) {
		if (always)
			redact_name_bare(r, name, out);
		return always;
	}
	if (!always && !is_noted(r, d)) {
		if (!spells(r, d.text, out))
			return redact_host_within(r, name, out);
		if (name.p[name.n - 1] == '.')
			buf_add_byte(out, '.');
		return true;
	}
	known = redact_map_find(&r->names, d.text);
	made = known ? *known : rename_host(r, d);
	if (!known)
		redact_map_put(arena_of(r), &r->names, d.text, made);
	if (bare.p != name.p)
		buf_adds(out, "*.");
	buf_add(out, is_ascii(bare) ? made : idn_to_unicode(arena_of(r), made));
	if (name.p[name.n - 1] == '.')
		buf_add_byte(out, '.');
	return true;
}

void redact_name_bare(struct redact *r, struct bytes name, struct buf *out)
{
	struct bytes lower = arena_lower(arena_of(r), name);
	char word[LABEL_LETTERS];

	if (lower.n == 0 || redact_common_label(lower) || redact_role(lower) || redact_vocabulary(lower)) {
		buf_add(out, name);
		return;
	}
	redact_hash_word(&r->hash, REDACT_LABEL, lower, sizeof(word), word);
	buf_add(out, (struct bytes){ (const uint8_t *)word, sizeof(word) });
}

/* --- mailboxes --- */

/* Something that a machine counted up, not a name. */
static bool is_id(struct bytes piece)
{
	size_t digits = 0;

	for (size_t i = 0; i < piece.n; i++)
		digits += ascii_is_digit(piece.p[i]);
	return piece.n >= ID_MIN || digits >= 5;
}

/* "owner-x", "x-bounces": what a list's addresses add to its name. */
static struct bytes list_name(struct bytes piece)
{
	static const char *const fronts[] = { "owner-", "bounce-", "bounces-", "return-", "request-" };
	static const char *const ends[] = { "-bounces", "-bounce", "-request", "-owner", "-admin", "-return", "-confirm",
		                            "-subscribe", "-unsubscribe", "-noreply", "-help" };

	for (size_t i = 0; i < ARRAY_LEN(fronts); i++)
		if (bytes_istarts(piece, fronts[i]) && piece.n > strlen(fronts[i]))
			piece = bytes_from(piece, strlen(fronts[i]));
	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (bytes_iends(piece, ends[i]) && piece.n > strlen(ends[i]))
			piece = bytes_sub(piece, 0, piece.n - strlen(ends[i]));
	return piece;
}

static void write_name(struct redact *r, struct bytes name, struct buf *out)
{
	struct bytes lower = arena_lower(arena_of(r), name);
	char word[LOCAL_LETTERS];
	uint8_t random[ID_BYTES];

	if (redact_role(lower) || lower.n == 0) {
		buf_add(out, name);
	} else if (!is_id(lower)) {
		redact_hash_word(&r->hash, REDACT_LOCAL, lower, sizeof(word), word);
		buf_add(out, (struct bytes){ (const uint8_t *)word, sizeof(word) });
	} else {
		redact_hash_fill(&r->hash, REDACT_LOCAL, lower, random, sizeof(random));
		for (size_t i = 0; i < sizeof(random); i++)
			buf_add_byte(out, (uint8_t)"abcdefghjkmnpqrstuvwxyz23456789xy"[random[i] % (i ? 32 : 23)]);
	}
}

static void write_piece(struct redact *r, struct bytes piece, bool may_be_domain, struct buf *out)
{
	struct bytes name = list_name(piece);
	size_t front = (size_t)(name.p - piece.p);

	if (may_be_domain && bytes_has(piece, '.') && redact_name_domain(r, piece, false, out))
		return;
	buf_add(out, bytes_sub(piece, 0, front));
	write_name(r, name, out);
	buf_add(out, bytes_from(piece, front + name.n));
}

/* How a local part begins that carries another address: its pieces are a hash, a date, a domain and,
 * at the end, a name (bounce/tag.h). */
static bool is_scheme(struct bytes piece)
{
	static const char *const list[] = { "SRS0", "SRS1", "prvs", "msprvs1", "btv1" };

	for (size_t i = 0; i < ARRAY_LEN(list); i++)
		if (bytes_ieq(piece, list[i]))
			return true;
	return false;
}

/* The hash or date of such a scheme, which nobody can read. */
static bool is_code(struct bytes piece)
{
	for (size_t i = 0; i < piece.n; i++)
		if (piece.n > 4 ? ascii_hex(piece.p[i]) < 0 : !ascii_is_alnum(piece.p[i]))
			return false;
	return piece.n <= 4 || piece.n == 10;
}

void redact_name_local(struct redact *r, struct bytes local, struct buf *out)
{
	size_t from = 0;
	bool scheme = false, whole = !bytes_has(local, '+') && !bytes_has(local, '=');

	for (size_t i = 0; i <= local.n; i++) {
		if (i < local.n && local.p[i] != '+' && local.p[i] != '=')
			continue;
		struct bytes piece = bytes_sub(local, from, i - from);
		bool front = from == 0 && is_scheme(piece);
		scheme = scheme || front;
		if (front || (scheme && is_code(piece) && (i < local.n || piece.n > 4)))
			buf_add(out, piece);
		else if (!scheme || i == local.n || !bytes_has(piece, '.') || !redact_name_domain(r, piece, true, out))
			write_piece(r, piece, !whole, out);
		buf_add(out, bytes_sub(local, i, 1));
		from = i + 1;
	}
}

void redact_name_address(struct redact *r, struct bytes address, struct buf *out)
{
	size_t at = address.n;
	struct ip ip;

	while (at > 0 && address.p[at - 1] != '@')
		at--;
	if (at == 0) {
		redact_name_local(r, address, out);
		return;
	}
	struct bytes domain = bytes_from(address, at);
	redact_name_local(r, bytes_sub(address, 0, at - 1), out);
	buf_add_byte(out, '@');
	if (ip_parse_smtp(domain, &ip)) {
		buf_adds(out, ip.family == 6 ? "[IPv6:" : "[");
		redact_host_ip(r, ip, B(""), out);
		buf_adds(out, "]");
	} else if (domain.n) {
		redact_name_domain(r, domain, true, out);
	}
}
