/* bounce_kind.c - see bounce_kind.h
 *
 * Half of all real bounces have no machine-readable part, and one in five has no null sender, so
 * that neither can be asked for. Signs are counted instead; an ordinary mail has too few of them, and
 * without one in the header the words alone never make a bounce: anybody may quote one. */
#include "bounce/bounce_kind.h"

#include "base/ascii.h"

#define ENOUGH 4         /* points of all signs together */
#define ENOUGH_HEADER 2  /* of those in the header */
#define SYSTEM 3         /* of an author that is a mail system for sure */
#define ANSWERED 4       /* points against it where a person seems to answer or to forward */
#define OPENING_LINES 14 /* in how many lines of text a system says what it is about */
#define FIRST_LINES 3

/* All in lower case. */
struct word {
	const char *text;
	int points;
};

/* in From: the address or the name */
static const struct word authors[] = {
	{ "mailer-daemon", 3 },   { "mailer daemon", 3 },      { "mailerdaemon", 3 },      { "mail-daemon", 3 },
	{ "maildaemon", 3 },      { "mdaemon", 3 },            { "mail delivery", 3 },     { "mail.delivery", 3 },
	{ "delivery subsystem", 3 }, { "postmaster", 2 },      { "post_master", 2 },       { "system administrator", 2 },
	{ "mail administrator", 2 }, { "mail system", 2 },     { "-admin@", 1 },           { "majordomo", 1 },
	{ "listserv", 1 },        { "no-reply@", 1 },          { "noreply@", 1 },
};

/* what Subject begins with */
static const struct word subjects[] = {
	{ "undeliver", 2 },              { "returned mail", 2 },          { "returned message", 2 },
	{ "mail delivery", 2 },          { "mail system error", 2 },      { "mail could not be delivered", 2 },
	{ "mail failed", 2 },            { "message delivery has failed", 2 }, { "message could not be delivered", 2 },
	{ "message delivery failure", 2 }, { "delivery status notification", 2 }, { "delivery notification", 2 },
	{ "delivery fail", 2 },          { "delivery has failed", 2 },    { "delivery report", 2 },
	{ "failed delivery", 2 },        { "failed mail", 2 },            { "failure notice", 2 },
	{ "failure delivery", 2 },       { "permanent delivery failure", 2 }, { "non delivery", 2 },
	{ "non-delivery", 2 },           { "nondeliver", 2 },             { "not delivered", 2 },
	{ "delayed mail", 2 },           { "delivery delayed", 2 },       { "warning: could not send", 2 },
	{ "warning: message", 2 },       { "there was an error sending your mail", 2 }, { "postmaster notify", 2 },
	{ "unable to deliver", 2 },      { "your message could not be delivered", 2 }, { "loop alert", 2 },
	{ "message status - undeliverable", 2 }, { "mail undeliverable", 2 }, { "could not send message", 2 },
};

/* what stands in the first lines of the text */
static const struct word openings[] = {
	{ "this message was created automatically by", 2 },
	{ "hi. this is the", 2 },
	{ "this is the mail system at host", 2 },
	{ "this is the postfix program at", 2 },
	{ "this is the mailer-daemon", 2 },
	{ "this is the dragonfly mail agent", 2 },
	{ "sorry to have to inform you that", 2 },
	{ "the original message was received at", 2 },
	{ "unable to deliver", 2 },
	{ "wasn't able to deliver", 2 },
	{ "delivery to the following recipient", 2 },
	{ "delivery has failed to these recipients", 2 },
	{ "delivery failed", 2 },
	{ "trying to deliver the mail", 2 },
	{ "trouble delivering your message", 2 },
	{ "error delivering your mail", 2 },
	{ "did not reach", 2 },
	{ "could not be delivered", 2 },
	{ "cannot be delivered", 2 },
	{ "was not delivered", 2 },
	{ "undeliverable to", 2 },
	{ "automatically generated delivery status notification", 2 },
	{ "transcript of session follows", 2 },
	{ "message log follows", 2 },
	{ "failure reasons", 2 },
	{ "this report relates to a message you sent", 2 },
	{ "error: invalid user address", 5 }, /* in what looks like a reply */
	{ "user mailbox exceeds", 2 },
	{ "duplicated message-id in", 2 },
	{ "was automatically rejected", 2 },
	{ "the group you tried to contact", 2 },
};

/* fields that only bounces have */
static const struct word fields[] = {
	{ "x-failed-recipients", 4 }, { "x-bounced-address", 3 }, { "x-mx-bounce", 3 },
};

static bool has(struct bytes text, const char *words)
{
	return text.n && memmem(text.p, text.n, words, strlen(words));
}

/* --- header --- */

struct bytes bounce_kind_field(struct arena *a, const struct header *h, const char *name)
{
	for (size_t i = 0; i < h->n; i++)
		if (bytes_ieq(h->fields[i].name, name))
			return field_unfold(a, h->fields[i].value);
	return (struct bytes){ NULL, 0 };
}

/* In lower case, its encoded words decoded; empty: no such field, or out of memory. */
static struct bytes field_words(struct arena *a, const struct header *h, const char *name)
{
	struct bytes value = bounce_kind_field(a, h, name);
	struct bytes words = value.p ? mime_words(a, bytes_sub(value, 0, 4096)) : value;

	return words.p ? arena_lower(a, words) : B("");
}

static int best_of(const struct word *list, size_t n, struct bytes text, bool at_start)
{
	int best = 0;

	for (size_t i = 0; i < n; i++)
		if (list[i].points > best && (at_start ? bytes_istarts(text, list[i].text) : has(text, list[i].text)))
			best = list[i].points;
	return best;
}

/* "<>", "", or the daemon itself */
static bool is_null_sender(struct arena *a, const struct header *h)
{
	struct bytes path = bounce_kind_field(a, h, "Return-Path");
	struct bytes lower = path.p ? arena_lower(a, bytes_trim(path)) : path;

	return lower.p && (lower.n == 0 || bytes_eq(lower, "<>") || has(lower, "mailer-daemon"));
}

static int points_of_fields(struct arena *a, const struct header *h)
{
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (bounce_kind_field(a, h, fields[i].text).p)
			return fields[i].points;
	return 0;
}

/* "auto-replied", "auto-generated"; without parameters and comments */
static struct bytes auto_submitted(struct arena *a, const struct header *h)
{
	struct bytes v = bytes_trim(field_words(a, h, "Auto-Submitted"));

	for (size_t i = 0; i < v.n; i++)
		if (!ascii_is_alpha(v.p[i]) && v.p[i] != '-')
			v.n = i;
	return v;
}

/* --- words --- */

static int points_of_opening(struct arena *a, struct bytes words)
{
	struct bytes line;
	int best = 0;

	for (int i = 0; i < OPENING_LINES && bytes_cut(&words, '\n', &line);) {
		struct bytes text = arena_lower(a, bytes_sub(bytes_trim(line), 0, 1000));
		if (text.n == 0)
			continue;
		int points = text.p[0] == '>' ? 0 : best_of(openings, ARRAY_LEN(openings), text, false);
		points += points && i < FIRST_LINES;
		best = points > best ? points : best;
		i++;
	}
	return best;
}

/* --- kinds --- */

/* The author is a mail system, by name or address. */
static int points_of_author(struct arena *a, const struct header *h)
{
	return best_of(authors, ARRAY_LEN(authors), field_words(a, h, "From"), false);
}

/* A person answers or forwards. */
static bool is_answer(struct bytes subject)
{
	static const char *const prefixes[] = { "re:", "fw:", "fwd:", "aw:", "wg:", "tr:", "rv:" };

	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++)
		if (bytes_istarts(subject, prefixes[i]))
			return true;
	return false;
}

/* It must say whom or which mail it is about, its header must have a sign, and all signs must be enough. */
static bool is_dsn(struct arena *a, const struct bounce_signs *s)
{
	int author = points_of_author(a, s->header), of_fields = points_of_fields(a, s->header);
	int header = author + of_fields + 2 * is_null_sender(a, s->header);
	int about = (s->named > 0) + s->returned + 3 * (s->status_part || s->status_fields);
	struct bytes subject = field_words(a, s->header, "Subject");

	if (about + of_fields == 0 || header + s->returned < ENOUGH_HEADER || header == 0)
		return false;
	int points = header + about + points_of_opening(a, s->words) + best_of(subjects, ARRAY_LEN(subjects), subject, true);
	return points >= ENOUGH + (is_answer(subject) && author < SYSTEM ? ANSWERED : 0);
}

/* Complaints by systems that do not follow RFC 5965: their type; empty: it is none. */
static struct bytes complaint_of(struct arena *a, const struct header *h)
{
	static const struct {
		const char *field, *has, *other, *other_has, *type;
	} rows[] = {
		{ "From", "staff@hotmail.com", "Subject", "complaint about message from", "abuse" },
		{ "X-Apple-Unsubscribe", "true", "Subject", "unsubscribe", "opt-out" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (has(field_words(a, h, rows[i].field), rows[i].has) && has(field_words(a, h, rows[i].other), rows[i].other_has))
			return bytes_of(rows[i].type);
	return B("");
}

/* What Subject of an automatic reply begins with, unless a mail system wrote it. */
static bool is_titled_auto_reply(struct arena *a, const struct header *h)
{
	static const char *const prefixes[] = {
		"automatic reply:", "auto reply:", "autoreply:", "auto-reply:", "auto response:", "autoresponse:",
		"out of office:", "out of office reply", "out of office autoreply", "out of the office:", "vacation reply",
		"automatische antwort:", "abwesenheitsnotiz:", "abwesend:", "r\xc3\xa9ponse automatique", "respuesta autom\xc3\xa1tica",
		"risposta automatica:", "automatisch antwoord:", "resposta autom\xc3\xa1tica",
		"\xe8\x87\xaa\xe5\x8b\x95\xe8\xbf\x94\xe4\xbf\xa1", "\xe8\x87\xaa\xe5\x8a\xa8\xe5\x9b\x9e\xe5\xa4\x8d",
	};
	struct bytes subject = field_words(a, h, "Subject");

	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++)
		if (bytes_istarts(subject, prefixes[i]))
			return points_of_author(a, h) < SYSTEM;
	return false;
}

/* RFC 3834 section 5, and what was there before it. */
static bool is_auto_reply(struct arena *a, const struct header *h)
{
	static const char *const marks[] = {
		"X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-AutoReply-From", "X-Mail-Autoreply",
	};
	struct bytes automatic = auto_submitted(a, h);

	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (bounce_kind_field(a, h, marks[i]).p)
			return true;
	return bytes_eq(automatic, "auto-replied") || has(field_words(a, h, "Precedence"), "auto_reply") ||
	       (bytes_eq(automatic, "auto-generated") && is_null_sender(a, h) && bounce_kind_field(a, h, "In-Reply-To").p);
}

bool bounce_kind_read(struct arena *a, const struct bounce_signs *s, enum bounce_kind *kind, const char **why,
                      struct bytes *complaint)
{
	struct bytes complains = complaint_of(a, s->header);
	const struct {
		bool fits;
		enum bounce_kind kind;
		const char *why;
	} rows[] = {
		{ s->feedback_part && s->is_report, BOUNCE_FEEDBACK, "a feedback report" },
		{ s->disposition_part && s->is_report, BOUNCE_RECEIPT, "a disposition notification" },
		{ s->status_part && s->is_report, BOUNCE_DSN, "a delivery status notification" },
		{ complains.n, BOUNCE_FEEDBACK, "a complaint in the form of one provider" },
		{ is_titled_auto_reply(a, s->header), BOUNCE_AUTO_REPLY, "its subject is that of an automatic reply" },
		{ is_dsn(a, s), BOUNCE_DSN, "it reads as mail systems write" },
		{ is_auto_reply(a, s->header), BOUNCE_AUTO_REPLY, "it says that it is an automatic reply" },
		{ true, BOUNCE_NONE, "nothing says that a machine wrote it about another mail" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].fits) {
			*kind = rows[i].kind;
			*why = rows[i].why;
			break;
		}
	*complaint = complains;
	return !arena_failed(a);
}
