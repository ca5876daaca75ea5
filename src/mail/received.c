/* received.c - see received.h
 *
 *   from NAME (peer) (remarks) by HOST (remarks) with PROTOCOL (remarks) id X for X (remarks); date
 *
 * The line is cut into words and comments; "by" parts what may hold a client's
 * words from what the server says of itself. A keyword counts once, the first
 * time, because the server wrote that one. */
#include "mail/received.h"

#include "base/ascii.h"
#include "mail/received_line.h"

static bool is_word(const struct received_line *l, size_t i, const char *word)
{
	return i < l->n && l->t[i].kind == LEX_WORD && bytes_ieq(l->t[i].text, word);
}

static bool is_comment(const struct received_line *l, size_t i)
{
	return i < l->n && l->t[i].kind == LEX_COMMENT;
}

/* Cuts the value into tokens; the date stands behind the last semicolon. Quotes
 * count in a recipient only: in a HELO they would swallow the server's words. */
static void cut_line(struct bytes value, struct received_line *l, struct received *r)
{
	struct lex lx = lex_of(value);
	struct token t;
	size_t before_date = SIZE_MAX;
	bool behind_by = false, endless = false, quotes;

	for (;;) {
		quotes = behind_by && !endless && is_word(l, l->n - 1, "for");
		lx.no_quotes = !quotes;
		if ((t = lex_next(&lx, ";")).kind == LEX_END)
			break;
		endless |= quotes && lx.no_quotes;
		behind_by |= l->n > 1 && is_word(l, l->n - 1, "by");
		if (t.kind == LEX_MARK) {
			before_date = l->n;
			r->date_text = bytes_trim(bytes_from(value, lx.at));
		}
		if (l->n < RECEIVED_TOKENS)
			l->t[l->n++] = t;
		else
			r->parsed |= RECEIVED_CUT;
	}
	if (before_date < l->n)
		l->n = before_date;
	if (r->date_text.n && date_parse(r->date_text, &r->date, NULL))
		r->parsed |= RECEIVED_HAS_DATE;
}

/* --- the client ---------------------------------------------------------------- */

static struct bytes after_at(struct bytes word)
{
	for (size_t i = word.n; i > 0; i--)
		if (word.p[i - 1] == '@')
			return bytes_from(word, i);
	return word;
}

/* A name by DNS as written: no final dot, "unknown" is none. */
static struct bytes clean_rdns(struct bytes name)
{
	name = after_at(name); /* "ident@name" */
	if (name.n && name.p[name.n - 1] == '.')
		name.n--;
	if (bytes_ieq(name, "unknown") || bytes_ieq(name, "<unknown>"))
		name.n = 0;
	return name;
}

/* An address as it stands bare: "ident@" before it, a zone ("%eth0") behind it. */
static bool bare_ip(struct bytes word, struct ip *out)
{
	word = after_at(word);
	return ip_parse_smtp(bytes_sub(word, 0, bytes_find(word, '%', 0)), out);
}

/* "[192.0.2.1]", "[192.0.2.1]:25", "name[192.0.2.1]": *name is what stands before the bracket. */
static bool bracket_ip(struct bytes word, struct bytes *name, struct ip *out)
{
	size_t open = bytes_find(word, '[', 0), close = bytes_find(word, ']', open);
	struct bytes inner = bytes_sub(word, open + 1, close - open - 1);
	size_t colon = bytes_find(inner, ':', 0);

	if (close >= word.n)
		return false;
	if (!bare_ip(inner, out) && !bare_ip(bytes_sub(inner, 0, colon), out)) /* "[192.0.2.1:25]" */
		return false;
	*name = bytes_sub(word, 0, open);
	return true;
}

static void read_peer_word(struct bytes word, struct received_peer *p)
{
	struct bytes name;
	struct ip ip;

	if (bracket_ip(word, &name, &ip)) {
		p->ip = ip;
		p->bracketed = true;
		if (name.n && !p->rdns.n)
			p->rdns = clean_rdns(name);
	} else if (!p->bracketed && bare_ip(word, &ip)) {
		p->ip = ip;
	} else if (!p->rdns.n && !bytes_has(word, '=')) { /* not "port=25", "ident=x" */
		p->rdns = clean_rdns(word);
	}
}

/* A comment as the client's address and names. What stands behind its HELO is the client's. */
static struct received_peer read_peer(struct bytes comment)
{
	struct received_peer p = { 0 };
	struct lex lx = lex_of(comment);
	struct token t;

	for (bool first = true; (t = lex_next(&lx, "")).kind != LEX_END; first = false) {
		if (t.kind == LEX_COMMENT) {
			p.forged |= bytes_istarts(t.text, "may be forged");
			continue;
		}
		if (first && (bytes_ieq(t.text, "HELO") || bytes_ieq(t.text, "EHLO"))) {
			p.helo = lex_next(&lx, "").text;
			break;
		}
		if (bytes_istarts(t.text, "helo=")) {
			p.helo = bytes_from(t.text, strlen("helo="));
			break;
		}
		read_peer_word(t.text, &p);
	}
	return p;
}

/* Index of the comment with the client's address between first and end; end: none. Servers
 * write it behind the client's words, so the last one counts, or with `take_first` the first. */
static size_t find_peer(const struct received_line *l, size_t first, size_t end, bool take_first,
                        struct received_peer *peer)
{
	struct received scratch = { 0 };
	size_t found = end;

	for (size_t i = first; i < end; i++) {
		if (!is_comment(l, i) || l->t[i].open || received_read_note(l->t[i].text, false, &scratch))
			continue;
		struct received_peer p = read_peer(l->t[i].text);
		if (p.ip.family == 0 && !(p.helo.n && found == end))
			continue;
		if (p.helo.n == 0)
			p.helo = peer->helo; /* of "(HELO x)" before it */
		*peer = p;
		if (p.ip.family == 0)
			continue;
		found = i;
		if (take_first)
			break;
	}
	return found;
}

/* Finds "by". A client may have written one in its HELO: if a second one stands
 * behind the server's comment with the address, that is the server's. */
static void find_by(struct received_line *l)
{
	size_t start = l->from < l->n ? l->from + 1 : 0, first, peer_at, second;
	struct received_peer peer = { 0 };

	if (start && start < l->n && !is_comment(l, start))
		start++; /* the name, even if it is "by" */
	for (first = start; first < l->n && !is_word(l, first, "by"); first++)
		;
	l->by = first;
	if (l->from == l->n || first == l->n || find_peer(l, start, first, true, &peer) < first)
		return;
	peer_at = find_peer(l, first, l->n, true, &peer);
	for (second = peer_at; second < l->n && !is_word(l, second, "by"); second++)
		;
	if (second < l->n)
		l->by = second;
}

/* --- behind "by" ------------------------------------------------------------------ */

static struct bytes strip_angle(struct bytes word)
{
	if (word.n >= 2 && word.p[0] == '<' && word.p[word.n - 1] == '>')
		return bytes_sub(word, 1, word.n - 2);
	return word;
}

static void set_by(struct bytes word, struct received *r)
{
	r->by = word;
	r->parsed |= RECEIVED_HAS_BY;
	r->has_by_ip = ip_parse_smtp(word, &r->by_ip);
}

static void set_with(struct bytes word, struct received *r)
{
	r->with = bytes_ieq(word, "Microsoft") ? B("Microsoft SMTP Server") : word;
	r->parsed |= RECEIVED_HAS_WITH;
	received_read_protocol(word, r);
}

static void set_id(struct bytes word, struct received *r)
{
	r->id = word;
	r->parsed |= RECEIVED_HAS_ID;
}

static void set_for(struct bytes word, struct received *r)
{
	r->recipient = strip_angle(word);
	r->parsed |= RECEIVED_HAS_FOR;
}

static void set_via(struct bytes word, struct received *r)
{
	if (!(r->parsed & RECEIVED_HAS_WITH) && bytes_istarts(word, "HTTP"))
		received_read_protocol(word, r);
}

static void set_envelope(struct bytes word, struct received *r)
{
	r->envelope_from = strip_angle(word);
}

static const struct clause {
	const char *keyword;
	void (*set)(struct bytes word, struct received *r);
} clauses[] = {
	{ "by", set_by },   { "with", set_with }, { "id", set_id },
	{ "for", set_for }, { "via", set_via },   { "envelope-from", set_envelope },
};

/* The words behind "by", each keyword the first time it comes. */
static void read_clauses(struct received_line *l, struct received *r)
{
	unsigned seen = 0;

	for (size_t i = l->by; i < l->n; i++) {
		for (size_t c = 0; c < ARRAY_LEN(clauses); c++) {
			size_t value = i + 1;
			if (!is_word(l, i, clauses[c].keyword) || (seen & 1u << c))
				continue;
			seen |= 1u << c;
			while (clauses[c].set == set_with && is_comment(l, value))
				value++; /* "with (AES256-SHA encrypted) ESMTPS" */
			if (value == l->n || is_comment(l, value))
				break;
			if (clauses[c].set == set_envelope && l->envelope > value)
				l->envelope = value;
			clauses[c].set(l->t[value].text, r);
			i = value;
			break;
		}
	}
}

/* The first comment "(envelope-from <x>)" from `first` on and before `end`; end: none. */
static size_t find_envelope(const struct received_line *l, size_t first, size_t end)
{
	size_t i = first;

	while (i < end && !(is_comment(l, i) && bytes_istarts(bytes_trim(l->t[i].text), "envelope-")))
		i++;
	return i;
}

/* "auth=yes user=x" of OpenSMTPD, before the recipient. */
static void read_auth_words(const struct received_line *l, struct received *r)
{
	for (size_t i = l->by; i < l->envelope && !is_word(l, i, "for"); i++) {
		if (is_word(l, i, "auth=yes"))
			r->auth = true;
		else if (r->auth && l->t[i].kind == LEX_WORD && bytes_istarts(l->t[i].text, "user="))
			r->auth_user = bytes_from(l->t[i].text, strlen("user="));
	}
}

/* Remarks of the whole line. Of a log-in the server speaks behind the client's
 * address and before the words of MAIL FROM; what else looks so was typed. */
static void read_notes(const struct received_line *l, size_t peer_at, struct received *r)
{
	for (size_t i = 0; i < l->n; i++) {
		bool believe = (i > peer_at || peer_at >= l->by) && i <= l->envelope;
		if (is_comment(l, i))
			received_read_note(l->t[i].text, believe, r);
	}
}

/* "by HOST (10.0.0.2)" of Exchange, "by localhost (HOST [127.0.0.1])" of amavis. */
static void read_by_address(const struct received_line *l, struct received *r)
{
	for (size_t i = l->by + 2; is_comment(l, i) && !r->has_by_ip; i++) {
		struct received_peer p = read_peer(l->t[i].text);
		if (p.ip.family == 0)
			continue;
		r->by_ip = p.ip;
		r->has_by_ip = true;
	}
}

static void set_peer(const struct received_peer *p, struct received *r)
{
	unsigned habits = received_habits(r->dialect);
	struct ip literal;
	bool is_literal = ip_parse_smtp(r->from_name, &literal);

	r->rdns = p->rdns;
	r->from_ip = p->ip;
	r->has_ip = p->ip.family != 0;
	if (!r->has_ip && is_literal &&
	    ((habits & HABIT_LITERAL_IS_PEER) || r->transport == RECEIVED_BY_HTTP)) {
		r->from_ip = literal;
		r->has_ip = true;
	}
	if (!is_literal && !r->rdns.n && r->has_ip && (p->helo.n || (habits & HABIT_FROM_IS_RDNS)))
		r->rdns = clean_rdns(r->from_name);
	if (p->helo.n)
		r->from_name = p->helo;
	r->rdns_checked = r->rdns.n && (habits & HABIT_RDNS_CHECKED) && !p->forged;
}

/* Fetchmail and some others write the address behind the name, without parentheses:
 * "from NAME [192.0.2.1] by". The last one, as the server writes it behind HELO. */
static void read_naked_address(const struct received_line *l, struct received_peer *p)
{
	struct bytes name;

	for (size_t i = l->by; i > l->from + 2 && p->ip.family == 0; i--)
		if (l->t[i - 1].kind == LEX_WORD && l->t[i - 1].text.p[0] == '[')
			p->bracketed = bracket_ip(l->t[i - 1].text, &name, &p->ip);
}

static size_t read_from(const struct received_line *l, struct received *r)
{
	struct received_peer peer = { 0 };
	bool take_first = received_habits(r->dialect) & HABIT_FIRST_ADDRESS;
	size_t name = l->from + 1, peer_at;

	r->parsed |= RECEIVED_HAS_FROM;
	if (name < l->by && l->t[name].kind == LEX_WORD)
		r->from_name = l->t[name].text;
	peer_at = find_peer(l, l->from, l->by, take_first, &peer);
	read_naked_address(l, &peer);
	if (r->dialect == RECEIVED_OTHER)
		r->dialect = received_dialect_of_shape(l, peer_at, &peer);
	set_peer(&peer, r);
	return peer_at;
}

void received_parse(struct bytes value, struct received *out)
{
	struct received r = { .envelope_from = { NULL, 0 } };
	struct received_line l;
	size_t peer_at;

	l.n = 0;
	cut_line(value, &l, &r);
	for (l.from = 0; is_comment(&l, l.from); l.from++)
		;
	if (!is_word(&l, l.from, "from"))
		l.from = l.n;
	find_by(&l);
	l.envelope = find_envelope(&l, l.by, l.n);
	read_clauses(&l, &r);
	read_by_address(&l, &r);
	struct bytes protocol = r.with;
	if (bytes_istarts(protocol, "Microsoft "))
		protocol.n = strlen("Microsoft");
	r.dialect = received_dialect_of_tail(&l, r.by, protocol, r.transport);
	peer_at = l.by;
	if (l.from < l.n)
		peer_at = read_from(&l, &r);
	else if (r.dialect == RECEIVED_OTHER)
		r.dialect = received_dialect_of_shape(&l, l.by, &(struct received_peer){ 0 });
	if (peer_at < l.by && find_envelope(&l, peer_at, l.by) < l.by)
		l.envelope = find_envelope(&l, peer_at, l.by);
	read_notes(&l, peer_at, &r);
	read_auth_words(&l, &r);
	if (r.tls == RECEIVED_TLS_UNKNOWN && r.transport == RECEIVED_BY_SMTP &&
	    (received_habits(r.dialect) & HABIT_SAYS_TLS))
		r.tls = RECEIVED_TLS_NO;
	*out = r;
}
