/* maillog_line.c - what Postfix's lines say; see maillog_line.h */
#include "trail/maillog_line.h"

#include "base/ascii.h"

/* --- small readers ------------------------------------------------------------- */

size_t maillog_last(struct bytes b, const char *needle)
{
	struct bytes want = bytes_of(needle);

	for (size_t at = b.n < want.n ? 0 : b.n - want.n + 1; at-- > 0;)
		if (b.p[at] == want.p[0] && memcmp(b.p + at, want.p, want.n) == 0)
			return at;
	return b.n;
}

bool maillog_skip(struct bytes *b, const char *prefix)
{
	size_t n = strlen(prefix);

	if (b->n < n || memcmp(b->p, prefix, n) != 0)
		return false;
	*b = bytes_from(*b, n);
	return true;
}

bool maillog_number(struct bytes text, uint32_t *out)
{
	uint64_t v;

	if (text.n > 20 || !bytes_to_u64(text, &v))
		return false;
	*out = v > UINT32_MAX ? UINT32_MAX : (uint32_t)v;
	return true;
}

/* What stands between two texts, both at their first place; empty when one is not there. */
static struct bytes between(struct bytes b, const char *before, const char *after)
{
	size_t at = bytes_search(b, bytes_of(before));

	if (at == b.n)
		return (struct bytes){ NULL, 0 };
	b = bytes_from(b, at + strlen(before));
	return bytes_sub(b, 0, bytes_search(b, bytes_of(after)));
}

/* --- shapes ---------------------------------------------------------------------- */

/* A shape is text with places:
 *   %q %Q  a queue id (Q: a second one)
 *   %n %r  a number, a number of recipients
 *   %c     a client: "name[address]", with ":port" or without
 *   %w     a word without blanks, not kept
 *   %t     up to the first place where what follows in the shape stands
 *   %f     up to the last such place: a stranger's text that the server's own words follow
 *   %*     the rest, for the function of the row */
static size_t queue_id(struct bytes b)
{
	size_t n = 0;

	while (n < b.n && n < 32 && ascii_is_alnum(b.p[n]))
		n++;
	return n >= 5 ? n : 0;
}

static size_t client(struct bytes b, struct maillog_event *ev)
{
	size_t open = bytes_find(b, '[', 0), close = bytes_find(b, ']', open);

	if (close == b.n)
		return 0;
	if (!ip_parse_smtp(bytes_sub(b, open + 1, close - open - 1), &ev->client))
		ev->client = (struct ip){ 0 }; /* "unknown": it was gone too soon */
	ev->client_name = bytes_sub(b, 0, open);
	if (bytes_eq(ev->client_name, "unknown"))
		ev->client_name.n = 0;
	size_t n = close + 1;
	if (n < b.n && b.p[n] == ':' && n + 1 < b.n && ascii_is_digit(b.p[n + 1]))
		for (n++; n < b.n && ascii_is_digit(b.p[n]); n++)
			;
	return n;
}

static size_t word(struct bytes b)
{
	return bytes_find(b, ' ', 0);
}

static size_t digits(struct bytes b)
{
	size_t n = 0;

	while (n < b.n && ascii_is_digit(b.p[n]))
		n++;
	return n;
}

/* How many bytes the place takes; 0: it does not fit (no place is empty but %t, %f and %*). */
static bool fill(char place, struct bytes b, const char *after, size_t after_n, struct maillog_event *ev, size_t *n)
{
	struct bytes want = { (const uint8_t *)after, after_n };
	char literal[64];

	switch (place) {
	case 'q':
	case 'Q':
		*n = queue_id(b);
		*(place == 'q' ? &ev->queue_id : &ev->other_id) = bytes_sub(b, 0, *n);
		return *n > 0;
	case 'n':
	case 'r':
		*n = digits(b);
		return *n && maillog_number(bytes_sub(b, 0, *n), place == 'n' ? &ev->number : &ev->recipients);
	case 'c':
		*n = client(b, ev);
		return *n > 0;
	case 'w':
		*n = word(b);
		return *n > 0;
	case 't':
		*n = bytes_search(b, want);
		ev->to = bytes_sub(b, 0, *n);
		return *n < b.n;
	case 'f':
		assert(after_n < sizeof(literal));
		memcpy(literal, after, after_n);
		literal[after_n] = '\0';
		*n = maillog_last(b, literal);
		ev->from = bytes_sub(b, 0, *n);
		return *n < b.n;
	default:
		*n = b.n;
		ev->rest = b;
		return true;
	}
}

static bool fits(const char *shape, struct bytes text, struct maillog_event *ev)
{
	while (*shape) {
		size_t n = strcspn(shape, "%");
		if (n) {
			if (text.n < n || memcmp(text.p, shape, n) != 0)
				return false;
			shape += n;
		} else {
			if (!fill(shape[1], text, shape + 2, strcspn(shape + 2, "%"), ev, &n))
				return false;
			shape += 2;
		}
		text = bytes_from(text, n);
	}
	return text.n == 0;
}

/* --- what is behind a shape ---------------------------------------------------------- */

/* ", sasl_method=M, sasl_username=U, sasl_sender=S, orig_queue_id=Q, orig_client=C": each if there,
 * in this order. The sender is what the client claims (AUTH= of MAIL FROM), so nothing behind it counts. */
static bool read_client(struct maillog_event *ev)
{
	static const char *const ends[] = { ", sasl_sender=", ", orig_queue_id=", ", orig_client=" };
	struct bytes rest = ev->rest;

	if (maillog_skip(&rest, ", sasl_method=")) {
		rest = bytes_from(rest, bytes_search(rest, B(", sasl_username=")));
		if (maillog_skip(&rest, ", sasl_username=")) {
			ev->login = rest;
			for (size_t i = 0; i < ARRAY_LEN(ends); i++)
				ev->login = bytes_sub(ev->login, 0, bytes_search(ev->login, bytes_of(ends[i])));
		}
	} else if (!maillog_skip(&rest, ", sasl_")) {
		struct bytes behind = bytes_from(rest, bytes_search(rest, B(", orig_client=")));
		struct maillog_event first = { 0 };
		if (maillog_skip(&behind, ", orig_client=") && client(behind, &first) && first.client.family) {
			ev->client = first.client; /* a content filter passes on who it was */
			ev->client_name = first.client_name;
		}
	}
	if (!bytes_eq(ev->queue_id, "NOQUEUE"))
		return true;
	ev->kind = MAILLOG_ACCEPTED; /* a filter takes the mail on: it has no queue id here */
	ev->submission = true;
	return ev->login.n > 0;
}

/* ": REASON", newer versions: ": REASON, sasl_username=U". The name is what the client typed: all of the rest. */
static bool read_refused(struct maillog_event *ev)
{
	struct bytes name = bytes_from(ev->rest, bytes_search(ev->rest, B(", sasl_username=")));

	ev->number = 1;
	if (maillog_skip(&name, ", sasl_username=") && !bytes_eq(name, "(unavailable)"))
		ev->login = name;
	return ev->rest.n && ev->rest.p[0] == ':';
}

static bool read_message_id(struct maillog_event *ev)
{
	struct bytes id = bytes_trim(ev->rest);

	if (id.n && id.p[0] == '<') {
		size_t end = bytes_find(id, '>', 0);
		if (end == id.n)
			return false; /* the line was cut */
		id = bytes_sub(id, 1, end - 1);
	}
	ev->message_id = id;
	return id.n > 0;
}

/* "to=<T>, relay=R, ..., dsn=D, status=S (TEXT)", with ", orig_to=<O>" behind T where an alias led there.
 * The text is the other server's. */
static bool read_delivery(struct maillog_event *ev)
{
	static const struct { const char *word; enum maillog_status status; } words[] = {
		{ "sent", MAILLOG_SENT }, { "bounced", MAILLOG_BOUNCED }, { "expired", MAILLOG_BOUNCED },
		{ "deferred", MAILLOG_DEFERRED },
	};
	static const char alias[] = ">, orig_to=<";
	struct bytes status = between(ev->rest, ", status=", " ");
	size_t at = bytes_search(ev->to, bytes_of(alias));

	if (at < ev->to.n) {
		ev->orig_to = bytes_from(ev->to, at + sizeof(alias) - 1);
		ev->to = bytes_sub(ev->to, 0, at);
	}
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (bytes_eq(status, words[i].word))
			ev->status = words[i].status;
	return ev->status != MAILLOG_STATUS_OTHER; /* "deliverable": it was only asked */
}

/* "User unknown in ..." of any table, for a null sender. Behind the first "from=<" HELO may say the same. */
static bool read_reject(struct maillog_event *ev)
{
	return maillog_skip(&ev->rest, "> to=<") && bytes_search(ev->to, B("ser unknown")) < ev->to.n;
}

static const struct shape {
	const char *daemon; /* the last part of the program's name */
	enum maillog_kind kind;
	const char *shape;
	bool (*read)(struct maillog_event *ev); /* NULL: the shape says it all */
} shapes[] = {
	{ "smtpd", MAILLOG_CLIENT, "%q: client=%c%*", read_client },
	{ "smtpd", MAILLOG_REFUSED, "warning: %c: SASL %w authentication failed%*", read_refused },
	{ "smtpd", MAILLOG_UNKNOWN_USER, "NOQUEUE: reject: RCPT from %t; from=<%*", read_reject },
	{ "cleanup", MAILLOG_MESSAGE_ID, "%q: message-id=%*", read_message_id },
	{ "qmgr", MAILLOG_QUEUED, "%q: from=<%f>, size=%n, nrcpt=%r (queue active)", NULL },
	{ "qmgr", MAILLOG_REMOVED, "%q: removed", NULL },
	{ "pickup", MAILLOG_PICKUP, "%q: uid=%n from=<%f>", NULL },
	{ "bounce", MAILLOG_NOTICE, "%q: sender non-delivery notification: %Q", NULL },
	{ "smtp", MAILLOG_DELIVERY, "%q: to=<%t>, relay=%*", read_delivery },
};

/* Daemons that write as another does. */
static const struct { const char *name, *as; } aliases[] = {
	{ "nqmgr", "qmgr" }, { "lmtp", "smtp" }, { "local", "smtp" }, { "virtual", "smtp" }, { "pipe", "smtp" },
	{ "error", "smtp" }, { "retry", "smtp" }, { "discard", "smtp" }, { "relay", "smtp" },
};

static bool postfix(struct bytes daemon, struct bytes text, struct maillog_event *out)
{
	for (size_t i = 0; i < ARRAY_LEN(aliases); i++)
		if (bytes_eq(daemon, aliases[i].name))
			daemon = bytes_of(aliases[i].as);
	for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
		struct maillog_event ev = { .kind = shapes[i].kind, .times = 1 };
		if (!bytes_eq(daemon, shapes[i].daemon) || !fits(shapes[i].shape, text, &ev) ||
		    (shapes[i].read && !shapes[i].read(&ev)))
			continue;
		*out = ev;
		return true;
	}
	return false;
}

static bool by_program(const struct maillog_frame *f, struct bytes text, struct maillog_event *out)
{
	size_t slash = maillog_last(f->program, "/");

	if (slash < f->program.n)
		return postfix(bytes_from(f->program, slash + 1), text, out);
	return bytes_eq(f->program, "dovecot") && maillog_dovecot_parse(text, out);
}

bool maillog_line_parse(const struct maillog_frame *f, struct maillog_event *out)
{
	struct bytes rest = f->text;
	uint32_t times;

	if (maillog_skip(&rest, "last message repeated ")) {
		if (!maillog_number(bytes_sub(rest, 0, digits(rest)), &times))
			return false;
		*out = (struct maillog_event){ .kind = MAILLOG_AGAIN, .times = times };
		return true;
	}
	if (!maillog_skip(&rest, "message repeated "))
		return by_program(f, f->text, out);
	size_t n = digits(rest);
	bool numbered = maillog_number(bytes_sub(rest, 0, n), &times);
	rest = bytes_from(rest, n);
	if (!numbered || !maillog_skip(&rest, " times: ["))
		return false;
	rest = bytes_trim(bytes_sub(rest, 0, maillog_last(rest, "]")));
	if (!by_program(f, rest, out))
		return false;
	out->times = times;
	return true;
}
