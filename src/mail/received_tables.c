/* received_tables.c - what is known of the servers that write Received: the
 * marks they leave, their habits, their remarks, their protocol words. A new
 * server is a row here. */
#include "mail/received_line.h"

#include "base/ascii.h"

static const struct dialect_row {
	const char *name;
	unsigned habits;
} dialects[RECEIVED_DIALECTS] = {
#define X(id, name) [RECEIVED_##id] = { name, 0 },
	RECEIVED_DIALECT_TABLE(X)
#undef X
};

static const struct habit_row {
	enum received_dialect dialect;
	unsigned habits;
} habits[] = {
	{ RECEIVED_POSTFIX,     HABIT_RDNS_CHECKED | HABIT_SAYS_TLS },
	{ RECEIVED_EXIM,        HABIT_FROM_IS_RDNS | HABIT_RDNS_CHECKED | HABIT_SAYS_TLS |
	                        HABIT_FIRST_ADDRESS | HABIT_LITERAL_IS_PEER },
	{ RECEIVED_EXIM_LIKE,   HABIT_FROM_IS_RDNS | HABIT_SAYS_TLS | HABIT_LITERAL_IS_PEER },
	{ RECEIVED_SENDMAIL,    HABIT_RDNS_CHECKED | HABIT_SAYS_TLS },
	{ RECEIVED_QMAIL,       HABIT_FROM_IS_RDNS },
	{ RECEIVED_IRONPORT,    HABIT_FROM_IS_RDNS },
	{ RECEIVED_YAHOO,       HABIT_FROM_IS_RDNS },
	{ RECEIVED_GMAIL,       HABIT_SAYS_TLS },
	{ RECEIVED_DOVECOT,     HABIT_SAYS_TLS },
	{ RECEIVED_OPENSMTPD,   HABIT_SAYS_TLS },
	{ RECEIVED_HARAKA,      HABIT_SAYS_TLS },
	{ RECEIVED_MESSAGELABS, HABIT_LITERAL_IS_PEER },
	{ RECEIVED_COMMUNIGATE, HABIT_LITERAL_IS_PEER },
	{ RECEIVED_WEBMAIL,     HABIT_LITERAL_IS_PEER },
	{ RECEIVED_FETCHMAIL,   HABIT_LITERAL_IS_PEER },
};

const char *received_dialect_name(enum received_dialect d)
{
	return dialects[d].name;
}

unsigned received_habits(enum received_dialect d)
{
	for (size_t i = 0; i < ARRAY_LEN(habits); i++)
		if (habits[i].dialect == d)
			return habits[i].habits;
	return 0;
}

/* --- marks behind "by" ------------------------------------------------------ */

enum mark_place {
	MARK_BY_BELOW,  /* the host after "by" is this name or below it */
	MARK_BY_NET,    /* it is an address of this network */
	MARK_COMMENT,   /* a comment behind "by" starts so */
	MARK_WITH,      /* the word after "with" is this */
	MARK_WITH_CASE, /* it starts so, letter case and all */
};

/* The first row that fits wins: hosts of large providers, then programs that say
 * their names, then words that only few use. */
static const struct mark {
	enum received_dialect dialect;
	enum mark_place place;
	const char *text;
} marks[] = {
	{ RECEIVED_GMAIL,       MARK_BY_BELOW,  "google.com" },
	{ RECEIVED_GMAIL,       MARK_BY_BELOW,  "gmail.com" },
	{ RECEIVED_GMAIL,       MARK_BY_NET,    "2002:a00::/24" }, /* 10.0.0.0/8 as 6to4 writes it */
	{ RECEIVED_YAHOO,       MARK_BY_BELOW,  "yahoo.com" },
	{ RECEIVED_YAHOO,       MARK_COMMENT,   "Yahoo Inc" },
	{ RECEIVED_SES,         MARK_BY_BELOW,  "amazonaws.com" },
	{ RECEIVED_SES,         MARK_BY_BELOW,  "amazonses.com" },
	{ RECEIVED_MICROSOFT,   MARK_BY_BELOW,  "outlook.com" },
	{ RECEIVED_MICROSOFT,   MARK_BY_BELOW,  "office365.com" },
	{ RECEIVED_MICROSOFT,   MARK_BY_BELOW,  "exchangelabs.com" },
	{ RECEIVED_MIMECAST,    MARK_BY_BELOW,  "mimecast.com" },
	{ RECEIVED_MESSAGELABS, MARK_BY_BELOW,  "messagelabs.com" },
	{ RECEIVED_AMAVIS,      MARK_COMMENT,   "amavis" },
	{ RECEIVED_POSTFIX,     MARK_COMMENT,   "Postfix" },
	{ RECEIVED_EXIM,        MARK_COMMENT,   "Exim" },
	{ RECEIVED_OPENSMTPD,   MARK_COMMENT,   "OpenSMTPD" },
	{ RECEIVED_HARAKA,      MARK_COMMENT,   "Haraka" },
	{ RECEIVED_CYRUS,       MARK_COMMENT,   "Cyrus" },
	{ RECEIVED_DOVECOT,     MARK_COMMENT,   "Dovecot" },
	{ RECEIVED_MDAEMON,     MARK_COMMENT,   "MDaemon" },
	{ RECEIVED_COMMUNIGATE, MARK_COMMENT,   "CommuniGate" },
	{ RECEIVED_FETCHMAIL,   MARK_COMMENT,   "fetchmail" },
	{ RECEIVED_SENDMAIL,    MARK_COMMENT,   "8." },
	{ RECEIVED_EXCHANGE,    MARK_WITH,      "Microsoft" },
	{ RECEIVED_EXCHANGE,    MARK_WITH,      "mapi" },
	{ RECEIVED_EXIM_LIKE,   MARK_WITH_CASE, "esmtp" }, /* without its name; others write capitals */
};

static bool host_below(struct bytes host, const char *top)
{
	size_t n = strlen(top);

	return bytes_iends(host, top) && (host.n == n || host.p[host.n - n - 1] == '.');
}

static bool has_comment(const struct received_line *l, const char *start)
{
	for (size_t i = l->by; i < l->envelope; i++)
		if (l->t[i].kind == LEX_COMMENT && bytes_istarts(bytes_trim(l->t[i].text), start))
			return true;
	return false;
}

static bool mark_fits(const struct mark *m, const struct received_line *l, struct bytes by,
                      struct bytes with)
{
	struct ip_net net;
	struct ip ip;

	switch (m->place) {
	case MARK_BY_BELOW:
		return host_below(by, m->text);
	case MARK_BY_NET:
		return ip_net_parse(bytes_of(m->text), &net) && ip_parse(by, &ip) && ip_in(&ip, &net);
	case MARK_COMMENT:
		return has_comment(l, m->text);
	case MARK_WITH:
		return bytes_ieq(with, m->text);
	case MARK_WITH_CASE:
		return bytes_same(bytes_sub(with, 0, strlen(m->text)), bytes_of(m->text));
	}
	return false;
}

enum received_dialect received_dialect_of_tail(const struct received_line *l, struct bytes by,
                                               struct bytes with, enum received_transport transport)
{
	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (mark_fits(&marks[i], l, by, with))
			return marks[i].dialect;
	if (transport == RECEIVED_BY_LMTP)
		return RECEIVED_DOVECOT;
	return transport == RECEIVED_BY_HTTP ? RECEIVED_WEBMAIL : RECEIVED_OTHER;
}

/* --- shapes before "by" ------------------------------------------------------ */

/* Comments behind the address that only one kind of server writes. */
static const struct mark shape_marks[] = {
	{ RECEIVED_COURIER,   MARK_COMMENT, "AUTH: " },
	{ RECEIVED_COURIER,   MARK_COMMENT, "TLS: " },
	{ RECEIVED_FORTIMAIL, MARK_COMMENT, "user=" },
	{ RECEIVED_POSTFIX,   MARK_COMMENT, "Authenticated sender" },
	{ RECEIVED_POSTFIX,   MARK_COMMENT, "using TLS" },
};

static bool is_helo_comment(struct bytes comment)
{
	return bytes_istarts(comment, "HELO ") || bytes_istarts(comment, "EHLO ");
}

enum received_dialect received_dialect_of_shape(const struct received_line *l, size_t peer_at,
                                                const struct received_peer *peer)
{
	bool helo_comment = false;

	if (l->n && l->t[0].kind == LEX_COMMENT && bytes_istarts(l->t[0].text, "qmail "))
		return RECEIVED_QMAIL;
	for (size_t i = l->from; i < l->by; i++) {
		if (l->t[i].kind != LEX_COMMENT)
			continue;
		helo_comment |= i < peer_at && is_helo_comment(l->t[i].text);
		for (size_t m = 0; m < ARRAY_LEN(shape_marks) && i > peer_at; m++)
			if (bytes_istarts(l->t[i].text, shape_marks[m].text))
				return shape_marks[m].dialect;
	}
	if (peer->ip.family == 0)
		return RECEIVED_OTHER;
	if (helo_comment && peer->bracketed)
		return RECEIVED_IRONPORT;
	return peer->bracketed ? RECEIVED_OTHER : RECEIVED_QMAIL;
}

/* --- remarks ------------------------------------------------------------------ */

static bool note_nothing(struct bytes rest, bool believe, struct received *out)
{
	(void)rest, (void)believe, (void)out;
	return true;
}

static bool note_tls(struct bytes rest, bool believe, struct received *out)
{
	(void)rest, (void)believe;
	out->tls = RECEIVED_TLS_YES;
	return true;
}

static bool note_local(struct bytes rest, bool believe, struct received *out)
{
	(void)rest, (void)believe;
	out->transport = RECEIVED_BY_LOCAL;
	return true;
}

static bool note_auth(struct bytes rest, bool believe, struct received *out)
{
	(void)rest;
	out->auth |= believe;
	return true;
}

/* The rest, up to a comma, is the name that logged in. */
static bool note_user(struct bytes rest, bool believe, struct received *out)
{
	struct bytes user = bytes_trim(bytes_sub(rest, 0, bytes_find(rest, ',', 0)));

	if (!believe || out->auth_user.n)
		return true;
	out->auth = true;
	out->auth_user = user;
	return true;
}

/* The next word is. */
static bool note_user_word(struct bytes rest, bool believe, struct received *out)
{
	struct lex lx = lex_of(rest);

	return note_user(lex_next(&lx, ",").text, believe, out);
}

/* "AUTH: LOGIN user, TLS: ..." */
static bool note_courier(struct bytes rest, bool believe, struct received *out)
{
	struct lex lx = lex_of(rest);

	if (bytes_search(rest, B("TLS:")) < rest.n)
		out->tls = RECEIVED_TLS_YES;
	lex_next(&lx, ","); /* the mechanism */
	return note_user(lex_next(&lx, ",").text, believe, out);
}

/* "qmail 4711 invoked by uid 1000" and "... invoked from network" */
static bool note_qmail(struct bytes rest, bool believe, struct received *out)
{
	return bytes_search(rest, B(" by uid ")) < rest.n ? note_local(rest, believe, out) : true;
}

static bool note_envelope(struct bytes rest, bool believe, struct received *out)
{
	size_t end;

	rest = bytes_trim(rest);
	if (out->envelope_from.p || !believe)
		return true;
	if (rest.n && rest.p[0] == '<') {
		for (end = rest.n; end > 1 && rest.p[end - 1] != '>'; end--)
			;
		rest = bytes_sub(rest, 1, (end > 1 ? end - 1 : rest.n) - 1);
	}
	out->envelope_from = rest;
	return true;
}

/* The first row that fits wins. */
static const struct note {
	const char *text;
	bool at_end; /* the comment ends so, instead of starting so */
	bool (*read)(struct bytes rest, bool believe, struct received *out);
} notes[] = {
	{ "Authenticated sender:", false, note_user },
	{ "Authenticated sender", false, note_auth },
	{ "authenticated user ", false, note_user_word },
	{ "authenticated as ", false, note_user_word },
	{ "SquirrelMail authenticated user ", false, note_user_word },
	{ "authenticated", false, note_auth },
	{ "AUTH: ", false, note_courier },
	{ "account ", false, note_user_word },
	{ "user=", false, note_user_word },
	{ "envelope-from ", false, note_envelope },
	{ "envelope-sender ", false, note_envelope },
	{ "using TLS", false, note_tls },
	{ "using SSL", false, note_tls },
	{ "version=TLS", false, note_tls },
	{ "version=SSL", false, note_tls },
	{ "TLS", false, note_tls },
	{ " encrypted", true, note_tls },
	{ "Google Transport Security", false, note_tls },
	{ "Client CN ", false, note_nothing },
	{ "Client did not present", false, note_nothing },
	{ "No client certificate", false, note_nothing },
	{ "Postfix, from userid", false, note_local },
	{ "/Submit", true, note_local },
	{ "qmail ", false, note_qmail },
};

bool received_read_note(struct bytes comment, bool believe, struct received *out)
{
	comment = bytes_trim(comment);
	for (size_t i = 0; i < ARRAY_LEN(notes); i++) {
		const struct note *note = &notes[i];
		if (note->at_end ? bytes_iends(comment, note->text) : bytes_istarts(comment, note->text))
			return note->read(bytes_from(comment, strlen(note->text)), believe, out);
	}
	return false;
}

/* --- protocol words ------------------------------------------------------------ */

/* RFC 3848, RFC 6531 and what is written beside them. */
static const struct protocol {
	const char *stem;
	enum received_transport transport;
	bool suffixes;  /* S, A and SA may follow: TLS, log-in, both */
	bool tls, auth;
} protocols[] = {
	{ "smtp", RECEIVED_BY_SMTP, true },
	{ "esmtp", RECEIVED_BY_SMTP, true },
	{ "asmtp", RECEIVED_BY_SMTP, true, .auth = true },
	{ "utf8smtp", RECEIVED_BY_SMTP, true },
	{ "utf8esmtp", RECEIVED_BY_SMTP, true },
	{ "microsoft", RECEIVED_BY_SMTP },
	{ "lmtp", RECEIVED_BY_LMTP, true },
	{ "utf8lmtp", RECEIVED_BY_LMTP, true },
	{ "pop3", RECEIVED_BY_FETCHING, true },
	{ "imap", RECEIVED_BY_FETCHING, true },
	{ "http", RECEIVED_BY_HTTP },
	{ "https", RECEIVED_BY_HTTP, .tls = true },
	{ "httprest", RECEIVED_BY_HTTP },
	{ "mapi", RECEIVED_BY_HTTP },
	{ "local", RECEIVED_BY_LOCAL },
	{ "local-smtp", RECEIVED_BY_LOCAL },
	{ "local-esmtp", RECEIVED_BY_LOCAL },
};

static const struct {
	const char *text;
	bool tls, auth;
} suffixes[] = {
	{ "", false, false },
	{ "s", true, false },
	{ "a", false, true },
	{ "sa", true, true },
};

void received_read_protocol(struct bytes word, struct received *out)
{
	size_t slash = bytes_find(word, '/', 0);
	struct bytes name = bytes_sub(word, 0, slash);

	for (size_t i = 0; i < ARRAY_LEN(protocols); i++) {
		const struct protocol *p = &protocols[i];
		if (!bytes_istarts(name, p->stem))
			continue;
		for (size_t s = 0; s < (p->suffixes ? ARRAY_LEN(suffixes) : 1); s++) {
			if (!bytes_ieq(bytes_from(name, strlen(p->stem)), suffixes[s].text))
				continue;
			out->transport = p->transport;
			if (p->tls || suffixes[s].tls || bytes_istarts(bytes_from(word, slash), "/TLS"))
				out->tls = RECEIVED_TLS_YES;
			/* servers log in to a mail store as themselves: that tells nothing of a person */
			out->auth = (p->auth || suffixes[s].auth) && p->transport == RECEIVED_BY_SMTP;
			return;
		}
	}
}
