/* redact.c - see redact.h
 *
 * Twice over the texts: first whose domains, names and hosts occur is noted, then everything
 * is written anew. So what a word becomes does not depend on where it stands. */
#include "explain/redact.h"

#include <sys/random.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "explain/redact_body.h"
#include "explain/redact_header.h"
#include "explain/redact_name.h"
#include "explain/redact_text.h"
#include "explain/redact_word.h"

enum {
	KEY_BYTES = 32,
	MEMORY_LEAST = 16 << 20, MEMORY_FACTOR = 64, /* of an arena: what a text of addresses alone would need */
};

struct redact *redact_new(const struct lookalike_tables *tables, const struct redact_options *o)
{
	struct redact *r = mem_calloc(1, sizeof(*r));
	uint8_t key[KEY_BYTES];
	struct bytes use = o->key;

	if (r && use.n == 0) {
		use = (struct bytes){ key, sizeof(key) };
		if (getentropy(key, sizeof(key)) != 0)
			use.n = 0;
	}
	if (!r || use.n == 0 || !redact_hash_begin(&r->hash, use)) {
		mem_free(r);
		r = NULL;
	}
	explicit_bzero(key, sizeof(key));
	if (r) {
		r->tables = tables;
		r->keep_hosts = o->keep_hosts;
		limits_init(&r->limits);
	}
	return r;
}

static void forget(struct redact *r)
{
	for (size_t i = 0; i < REDACT_TEXTS; i++)
		buf_free(&r->out[i]);
}

void redact_free(struct redact *r)
{
	if (!r)
		return;
	forget(r);
	redact_hash_end(&r->hash);
	mem_free(r);
}

/* The next line of a text with its end. */
static bool next_line(struct bytes *rest, struct bytes *line)
{
	if (rest->n == 0)
		return false;
	*line = bytes_sub(*rest, 0, bytes_find(*rest, '\n', 0) + 1);
	*rest = bytes_from(*rest, line->n);
	return true;
}

/* --- session.ini --- */

static struct bytes decode_percent(struct arena *a, struct bytes raw)
{
	uint8_t *to = arena_array(a, uint8_t, raw.n + 1);
	size_t n = 0;

	for (size_t i = 0; to && i < raw.n; i++) {
		int high = i + 2 < raw.n && raw.p[i] == '%' ? ascii_hex(raw.p[i + 1]) : -1;
		int low = high >= 0 ? ascii_hex(raw.p[i + 2]) : -1;
		to[n++] = low >= 0 ? (uint8_t)(high << 4 | low) : raw.p[i];
		i += low >= 0 ? 2 : 0;
	}
	return (struct bytes){ to, n };
}

static void encode_percent(struct bytes text, struct buf *out)
{
	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = text.p[i];
		bool edge = c == ' ' && (i == 0 || i + 1 == text.n);
		buf_addf(out, (ascii_is_vchar(c) && c != '%') || (c == ' ' && !edge) ? "%c" : "%%%02X", c);
	}
}

/* A value that is one address, with or without brackets; else its text. */
static void session_address(struct redact *r, struct bytes value, struct buf *out)
{
	bool brackets = value.n > 1 && value.p[0] == '<' && value.p[value.n - 1] == '>';

	buf_adds(out, brackets ? "<" : "");
	redact_name_address(r, brackets ? bytes_sub(value, 1, value.n - 2) : value, out);
	buf_adds(out, brackets ? ">" : "");
}

static void session_host(struct redact *r, struct bytes value, struct buf *out)
{
	if (bytes_has(value, '.') || bytes_has(value, ':') || bytes_has(value, '['))
		redact_text(r, value, 0, out);
	else
		redact_name_bare(r, value, out);
}

static void session_plain(struct redact *r, struct bytes value, struct buf *out)
{
	redact_text(r, value, 0, out);
}

static void session_text(struct redact *r, struct bytes value, struct buf *out)
{
	redact_text(r, value, REDACT_PROSE, out);
}

static void session_name(struct redact *r, struct bytes value, struct buf *out)
{
	if (bytes_has(value, ' ') || !redact_name_domain(r, value, false, out))
		session_text(r, value, out);
}

static const struct session_key {
	const char *name;
	void (*rewrite)(struct redact *r, struct bytes value, struct buf *out);
	bool address, owner;
} session_keys[] = {
	{ "about", session_text, false, false },      { "ip", session_plain, false, false },
	{ "helo", session_host, false, false },       { "rdns", session_host, false, false },
	{ "mail-from", session_address, true, false }, { "rcpt-to", session_address, true, false },
	{ "login", session_address, true, false },    { "owner", session_address, true, true },
	{ "trust", session_host, false, false },      { "trust-authserv", session_host, false, false },
	{ "name", session_name, false, true },
};

static const struct session_key *session_key_of(struct bytes line)
{
	struct bytes name = bytes_trim(bytes_sub(line, 0, bytes_find(line, '=', 0)));

	for (size_t i = 0; i < ARRAY_LEN(session_keys); i++)
		if (bytes_ieq(name, session_keys[i].name))
			return &session_keys[i];
	return NULL;
}

static struct bytes session_value(struct redact *r, struct bytes line)
{
	return decode_percent(r->work.arena, bytes_trim(bytes_from(line, bytes_find(line, '=', 0) + 1)));
}

static void session_note(struct redact *r, struct bytes text)
{
	struct bytes line;

	while (next_line(&text, &line)) {
		const struct session_key *k = session_key_of(line);
		struct bytes value = k ? session_value(r, line) : line;
		if (!k)
			continue;
		unsigned flags = REDACT_NOTE | (k->owner ? REDACT_OWNER : 0);
		if (k->owner && !k->address && !bytes_has(value, '@') && !bytes_has(value, ' '))
			redact_name_note(r, value, true); /* a domain that others may imitate */
		if (k->address && !bytes_has(value, '@'))
			redact_name_note_local(r, value); /* a log-in */
		redact_text(r, value, flags, NULL);
	}
}

static void session_write(struct redact *r, struct bytes text, struct buf *out)
{
	struct bytes line;
	struct buf value;

	while (next_line(&text, &line)) {
		const struct session_key *k = session_key_of(line);
		size_t equals = bytes_find(line, '=', 0);
		bool comment = line.p[0] == '#' || line.p[0] == ';';
		if (bytes_ieq(bytes_trim(bytes_sub(line, 0, equals)), "redacted"))
			continue;
		if (comment || !k) {
			buf_add(out, comment ? B("") : line);
			continue;
		}
		buf_init(&value, 64 * line.n + 4096);
		k->rewrite(r, session_value(r, line), &value);
		buf_addf(out, "%.*s = ", BYTES_ARG(bytes_trim(bytes_sub(line, 0, equals))));
		encode_percent(buf_bytes(&value), out);
		buf_add_byte(out, '\n');
		if (value.failed)
			arena_fail(r->work.arena);
		buf_free(&value);
	}
	if (out->n && out->p[out->n - 1] != '\n')
		buf_add_byte(out, '\n');
	buf_adds(out, "redacted = yes\n");
}

/* --- dns.zone --- */

/* "p=" of a DKIM key: whose it is can be looked up. What a key begins with stays (SubjectPublicKeyInfo), and
 * the exponent at its end. */
static bool zone_key(struct redact *r, struct bytes line, struct buf *out)
{
	enum { RSA_FRONT = 46, SMALL_FRONT = 41, SMALL = 240, RSA_BACK = 12, ED25519 = 48, BACK = 4 };
	size_t at = bytes_search(line, B("p=")), n = 0, end;

	if (at == line.n || (at && ascii_is_alnum(line.p[at - 1])))
		return false;
	for (end = at + 2; end < line.n && line.p[end] != ';' && line.p[end] != ')' && line.p[end] != '\\'; end++)
		n += ascii_is_alnum(line.p[end]) || line.p[end] == '+' || line.p[end] == '/' || line.p[end] == '=';
	if (n < 40)
		return false;
	redact_text(r, bytes_sub(line, 0, at), 0, out);
	buf_adds(out, "p=");
	bool rsa = n > ED25519;
	redact_header_secret(r, bytes_sub(line, at + 2, end - at - 2), !rsa ? 0 : n < SMALL ? SMALL_FRONT : RSA_FRONT,
	                     rsa ? RSA_BACK : BACK, out);
	redact_text(r, bytes_from(line, end), 0, out);
	return true;
}

/* A name of one label is looked up when a client said so; such a name is no host of a domain. */
static bool zone_bare(struct redact *r, struct bytes line, struct buf *out)
{
	size_t at = bytes_istarts(line, ";!fault ") ? strlen(";!fault ") : 0, end = at;

	while (end < line.n && (ascii_is_alnum(line.p[end]) || line.p[end] == '-'))
		end++;
	if (end == at || (end < line.n && !ascii_is_space(line.p[end]) && line.p[end] != '.') ||
	    (end + 1 < line.n && line.p[end] == '.' && !ascii_is_space(line.p[end + 1])))
		return false;
	buf_add(out, bytes_sub(line, 0, at));
	redact_name_bare(r, bytes_sub(line, at, end - at), out);
	redact_text(r, bytes_from(line, end), 0, out);
	return true;
}

static void zone_write(struct redact *r, struct bytes text, struct buf *out)
{
	struct bytes line;

	while (next_line(&text, &line)) {
		struct bytes trimmed = bytes_trim(line);
		if (trimmed.n && trimmed.p[0] == ';' && !bytes_istarts(trimmed, ";!"))
			continue;
		if (!zone_key(r, line, out) && !zone_bare(r, line, out))
			redact_text(r, line, 0, out);
	}
}

/* --- log.txt --- */

static void log_line(struct redact *r, struct bytes line, unsigned flags, struct buf *out)
{
	size_t subject = bytes_search(line, B("header Subject: "));

	redact_text(r, bytes_sub(line, 0, subject), flags | REDACT_TRACE, out);
	redact_text(r, bytes_from(line, subject), flags | REDACT_PROSE | REDACT_ENCODED, out);
}

static void log_write(struct redact *r, struct bytes text, unsigned flags, struct buf *out)
{
	struct bytes line;

	while (next_line(&text, &line) && !arena_failed(r->work.arena))
		log_line(r, line, flags, out);
}

/* --- sent.mbox --- */

/* The next message, with its "From " line in *from. */
static bool next_message(struct bytes *rest, struct bytes *from, struct bytes *message)
{
	size_t end = 0;

	if (rest->n == 0)
		return false;
	*from = bytes_sub(*rest, 0, bytes_istarts(*rest, "From ") ? bytes_find(*rest, '\n', 0) + 1 : 0);
	for (end = from->n; end < rest->n; end = bytes_find(*rest, '\n', end) + 1)
		if (end > from->n && bytes_istarts(bytes_from(*rest, end), "From "))
			break;
	*message = bytes_sub(*rest, from->n, end - from->n);
	*rest = bytes_from(*rest, end);
	return true;
}

static bool sent_note(struct redact *r, struct bytes text)
{
	struct bytes from, message;

	while (next_message(&text, &from, &message)) {
		redact_text(r, from, REDACT_NOTE, NULL);
		if (!redact_body_note(r, message))
			return false;
	}
	return true;
}

static bool sent_write(struct redact *r, struct bytes text, struct buf *out)
{
	struct bytes from, message;

	while (next_message(&text, &from, &message)) {
		redact_text(r, from, 0, out);
		if (!redact_body_message(r, message, out))
			return false;
	}
	return true;
}

/* --- the case --- */

static void note_all(struct redact *r, const struct bytes in[REDACT_TEXTS])
{
	session_note(r, in[REDACT_SESSION]); /* first: it says who the owner is */
	if ((in[REDACT_MESSAGE].n && !redact_body_note(r, in[REDACT_MESSAGE])) || !sent_note(r, in[REDACT_SENT]))
		arena_fail(r->work.arena);
	log_write(r, in[REDACT_LOG], REDACT_NOTE, NULL);
}

static void write_all(struct redact *r, const struct bytes in[REDACT_TEXTS])
{
	session_write(r, in[REDACT_SESSION], &r->out[REDACT_SESSION]);
	zone_write(r, in[REDACT_ZONE], &r->out[REDACT_ZONE]);
	log_write(r, in[REDACT_LOG], 0, &r->out[REDACT_LOG]);
	if ((in[REDACT_MESSAGE].n && !redact_body_message(r, in[REDACT_MESSAGE], &r->out[REDACT_MESSAGE])) ||
	    !sent_write(r, in[REDACT_SENT], &r->out[REDACT_SENT]))
		arena_fail(r->work.arena);
}

static void begin(struct redact *r, struct arena *a)
{
	static const struct redact_map none;

	r->work = (struct work){ .arena = a, .limits = &r->limits };
	r->domains = r->suffixes = r->spelled = r->locals = r->people = r->hosts = r->cores = r->taken = r->names = r->words = r->phrases = none;
	r->n_owners = 0;
	r->hash.failed = false;
	for (size_t i = 0; i < REDACT_TEXTS; i++)
		buf_init(&r->out[i], SIZE_MAX / 2);
	redact_word_begin(r);
}

bool redact_case(struct redact *r, const struct bytes in[REDACT_TEXTS], struct bytes out[REDACT_TEXTS])
{
	size_t all = MEMORY_LEAST;

	for (size_t i = 0; i < REDACT_TEXTS; i++)
		all += in[i].n < SIZE_MAX / 2 / MEMORY_FACTOR / REDACT_TEXTS ? MEMORY_FACTOR * in[i].n : 0;
	struct arena *a = arena_new(all);
	if (!a)
		return false;
	forget(r);
	begin(r, a);
	note_all(r, in);
	if (!arena_failed(a))
		write_all(r, in);
	bool ok = !arena_failed(a) && !r->hash.failed;
	for (size_t i = 0; i < REDACT_TEXTS; i++)
		ok = ok && !r->out[i].failed;
	for (size_t i = 0; ok && i < REDACT_TEXTS; i++)
		out[i] = in[i].p ? (struct bytes){ r->out[i].p ? r->out[i].p : (const uint8_t *)"", r->out[i].n }
		                 : (struct bytes){ NULL, 0 };
	r->work = (struct work){ .arena = NULL };
	arena_free(a);
	return ok;
}
