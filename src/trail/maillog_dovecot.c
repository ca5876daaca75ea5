/* maillog_dovecot.c - what Dovecot's lines say, from 1.x to 2.4; see maillog_line.h.
 * A user's name is what the client typed; everything else in these lines is Dovecot's. */
#include "base/ascii.h"
#include "trail/maillog_line.h"

static bool is_method(struct bytes b)
{
	for (size_t i = 0; i < b.n; i++)
		if (!ascii_is_alnum(b.p[i]) && b.p[i] != '-' && b.p[i] != '_')
			return false;
	return true;
}

/* "user=<U>, method=M, rip=A, lip=B, ...": U may hold all of that, so it is read from its end. */
static bool read_session(struct bytes b, struct maillog_event *ev)
{
	static const char method[] = ">, method=", address[] = ", rip=";
	size_t rip = maillog_last(b, address), at;

	if (rip == b.n)
		return false;
	struct bytes ip = bytes_from(b, rip + sizeof(address) - 1);
	b = bytes_sub(b, 0, rip);
	if (!ip_parse(bytes_sub(ip, 0, bytes_find(ip, ',', 0)), &ev->client) || !maillog_skip(&b, "user=<"))
		return false;
	at = maillog_last(b, method);
	if (at < b.n && is_method(bytes_from(b, at + sizeof(method) - 1)))
		b = bytes_sub(b, 0, at + 1);
	if (b.n == 0 || b.p[b.n - 1] != '>')
		return false;
	ev->login = bytes_sub(b, 0, b.n - 1);
	return true;
}

/* "Aborted login (auth failed, 3 attempts in 10 secs): user=<...": older, newer, with reasons and without. */
static bool read_failed_login(struct bytes text, struct maillog_event *ev)
{
	size_t user = bytes_search(text, B("user=<"));
	struct bytes said = bytes_sub(text, 0, user);
	size_t at = bytes_search(said, B("(auth failed, "));

	if (user == text.n || at == said.n)
		return false;
	struct bytes count = bytes_from(said, at + sizeof("(auth failed, ") - 1);
	count = bytes_sub(count, 0, bytes_find(count, ' ', 0));
	ev->kind = MAILLOG_REFUSED;
	return maillog_number(count, &ev->number) && read_session(bytes_from(text, user), ev);
}

static bool login_service(struct bytes text, struct maillog_event *ev)
{
	static const char *const accepted[] = { "Login: ", "Logged in: " };

	for (size_t i = 0; i < ARRAY_LEN(accepted); i++)
		if (maillog_skip(&text, accepted[i])) {
			ev->kind = MAILLOG_ACCEPTED;
			return read_session(text, ev) && ev->login.n;
		}
	return read_failed_login(text, ev);
}

/* --- the service that checks passwords ------------------------------------------------ */

/* Why a password was refused. */
static const char *const refusals[] = {
	"pam_authenticate() failed: ", "Password mismatch", "password mismatch", "unknown user", "Unknown user",
	"Invalid credentials", "invalid credentials",
};

/* From the refusal back to the parenthesis: "): ", ")<session>: ", with the driver's name behind or without. */
static bool only_frame(struct bytes b)
{
	if (b.n && b.p[0] == '<')
		b = bytes_from(b, bytes_find(b, '>', 0) + 1);
	if (!maillog_skip(&b, ": "))
		return false;
	maillog_skip(&b, "Info: ");
	if (b.n == 0)
		return true;
	for (size_t i = 0; i + 2 < b.n; i++)
		if (!ascii_is_alnum(b.p[i]) && b.p[i] != '-')
			return false;
	return b.n > 2 && b.p[b.n - 2] == ':' && b.p[b.n - 1] == ' ';
}

/* "USER,ADDRESS,<session>", "USER,ADDRESS,sasl:plain": the address is the first from the end that is one. */
static bool read_user(struct bytes b, struct maillog_event *ev)
{
	for (int i = 0; i < 4; i++) {
		size_t comma = maillog_last(b, ",");
		if (comma == b.n)
			return false;
		bool is_ip = ip_parse(bytes_from(b, comma + 1), &ev->client);
		b = bytes_sub(b, 0, comma);
		if (is_ip) {
			ev->login = b;
			return true;
		}
	}
	return false;
}

/* "sql(U,A,<s>): Password mismatch", "auth(U,A,sasl:plain)<s>: sql: Password mismatch". Behind it the password
 * that was typed may stand, if the administrator wanted that. */
static bool auth_service(struct bytes text, struct maillog_event *ev)
{
	size_t at, open = bytes_find(text, '(', 0);

	text = bytes_sub(text, 0, bytes_search(text, B(" (given password: ")));
	text = bytes_sub(text, 0, bytes_search(text, B(" (SHA1 of given password: ")));
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		if ((at = maillog_last(text, refusals[i])) == text.n || bytes_has(bytes_from(text, at), ','))
			continue; /* a comma follows U: what stands before one may be part of the name */
		struct bytes head = bytes_sub(text, 0, at);
		size_t close = maillog_last(head, ")");
		if (open >= close || close == head.n || !only_frame(bytes_from(head, close + 1)))
			continue;
		ev->kind = MAILLOG_REFUSED_BY_AUTH;
		ev->number = 1;
		return read_user(bytes_sub(head, open + 1, close - open - 1), ev);
	}
	return false;
}

/* "conn unix:auth-worker (pid=1,uid=2): auth-worker<3>: " stands before it in 2.3.x */
static struct bytes without_connection(struct bytes text)
{
	if (maillog_skip(&text, "conn ")) {
		text = bytes_from(text, bytes_search(text, B("): ")));
		maillog_skip(&text, "): ");
		if (bytes_istarts(text, "auth")) {
			text = bytes_from(text, bytes_search(text, B(">: ")));
			maillog_skip(&text, ">: ");
		}
	}
	return text;
}

/* --- mailboxes -------------------------------------------------------------------------- */

/* Behind "lmtp": "(U)<pid><session>: msgid=<M>: saved mail to INBOX", "(pid, U): session: sieve: msgid=..." */
static bool delivery_service(struct bytes text, struct maillog_event *ev)
{
	static const char *const stored[] = { ": saved mail to ", ": stored mail into " };
	size_t close = bytes_find(text, ')', 0), at = bytes_search(text, B("msgid=<"));
	uint32_t pid;

	if (close == text.n || at == text.n || close > at)
		return false;
	struct bytes user = bytes_sub(text, 1, close ? close - 1 : 0);
	size_t comma = bytes_search(user, B(", "));
	if (comma < user.n && maillog_number(bytes_sub(user, 0, comma), &pid))
		user = bytes_from(user, comma + 2);
	text = bytes_from(text, at + sizeof("msgid=<") - 1);
	size_t end = bytes_find(text, '>', 0);
	struct bytes behind = bytes_from(text, end + 1);
	for (size_t i = 0; i < ARRAY_LEN(stored); i++) {
		if (!maillog_skip(&behind, stored[i]))
			continue;
		ev->kind = MAILLOG_SAVED;
		ev->login = user;
		ev->message_id = bytes_sub(text, 0, end);
		return user.n && end;
	}
	return false;
}

/* --- by service --------------------------------------------------------------------------- */

static bool auth_line(struct bytes text, struct maillog_event *ev)
{
	maillog_skip(&text, "Info: ");
	return auth_service(without_connection(text), ev);
}

/* "(123): sql(U,A): ...", or as 2.4 does it without a process number */
static bool worker_line(struct bytes text, struct maillog_event *ev)
{
	size_t end = bytes_search(text, B("): "));
	uint32_t pid;

	if (end < text.n && maillog_number(bytes_sub(text, 1, end ? end - 1 : 0), &pid))
		return auth_line(bytes_from(text, end + 3), ev);
	return auth_service(text, ev);
}

static bool login_line(struct bytes text, struct maillog_event *ev)
{
	maillog_skip(&text, "Info: ");
	return login_service(text, ev);
}

static bool submission_line(struct bytes text, struct maillog_event *ev)
{
	ev->submission = true;
	return login_line(text, ev);
}

static const struct {
	const char *starts;
	bool (*read)(struct bytes rest, struct maillog_event *ev);
} services[] = {
	{ "imap-login: ", login_line },
	{ "pop3-login: ", login_line },
	{ "submission-login: ", submission_line },
	{ "managesieve-login: ", login_line },
	{ "auth-worker: ", auth_line },
	{ "auth-worker", worker_line },
	{ "auth: ", auth_line },
	{ "auth", auth_service }, /* 2.4: "auth(U,A,sasl:plain)<session>: " */
	{ "lmtp", delivery_service },
	{ "lda", delivery_service },
	{ "deliver", delivery_service },
};

bool maillog_dovecot_parse(struct bytes text, struct maillog_event *out)
{
	for (size_t i = 0; i < ARRAY_LEN(services); i++) {
		struct maillog_event ev = { .times = 1 };
		struct bytes rest = text;
		if (!maillog_skip(&rest, services[i].starts))
			continue;
		if (!services[i].read(rest, &ev))
			return false;
		*out = ev;
		return true;
	}
	return false;
}
