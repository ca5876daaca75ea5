/* bounce_recipient.c - see bounce_recipient.h */
#include "bounce/bounce_recipient.h"

#include "base/ascii.h"
#include "bounce/bounce_answer.h"
#include "bounce/bounce_kind.h"
#include "bounce/bounce_quote.h"

#define LINE_MAX_BYTES 1000u  /* of a diagnostic */
#define AROUND_MAX_BYTES 4096u /* of what is said of one recipient */

/* What is known of one recipient. */
struct about {
	struct bytes diagnostic; /* of the machine-readable part */
	struct bytes status;     /* likewise */
	struct bytes words;      /* what is said of it */
	bool alone;              /* ... and of no other */
};

struct builder {
	struct work *w;
	const struct bounce_known *k;
	struct bounce *out;
	size_t cap;
};

static bool push(struct builder *b, const struct bounce_recipient *r)
{
	if (b->out->n >= work_limit(b->w, LIMIT_BOUNCE_RECIPIENTS)) {
		work_reached(b->w, LIMIT_BOUNCE_RECIPIENTS);
		return true;
	}
	return ARENA_PUSH(b->w->arena, b->out->recipients, b->out->n, b->cap, r);
}

/* --- what was answered --- */

/* More than numbers and marks. */
static bool has_words(struct bytes text)
{
	size_t letters = 0;

	for (size_t i = 0; i < text.n && letters < 4; i++)
		letters += ascii_is_alpha(text.p[i]);
	return letters == 4;
}

/* A code without a detail ("5.0.0") says no more than that it failed. */
static bool is_vague(struct bytes status)
{
	return !status.n || bytes_iends(status, ".0.0");
}

/* The code of the server that refused is better than the one its client made of it. */
static void choose_status(struct bounce_recipient *r, const struct about *k, struct bytes answered, struct bytes said)
{
	r->status = k->status;
	if (answered.n && !(is_vague(answered) && k->status.n)) {
		r->status = answered;
	} else if (is_vague(k->status) && said.n) {
		r->status = said;
		r->status_from_text = true;
	}
}

/* What the server said, as near as can be told: the answer, what stands behind the address, all words. */
static struct bytes said_by_server(const struct about *k, const struct bounce_answer *said)
{
	struct bytes text = bytes_trim_left(said->text);
	size_t end = 0;

	if (has_words(k->diagnostic))
		return k->diagnostic;
	if (!said->reply && !k->alone)
		return k->words;
	if (bounce_text_address(text, &end).n && has_words(bytes_from(text, end)))
		text = bytes_from(text, end);
	while (text.n && (ascii_is_space(text.p[0]) || text.p[0] == ':' || text.p[0] == '"'))
		text = bytes_from(text, 1);
	return has_words(text) ? text : k->words;
}

/* In lower case, as one line. */
static struct bytes lower_line(struct arena *a, struct bytes words, size_t max)
{
	struct bytes line = bounce_answer_line(a, words, max);

	return line.p ? arena_lower(a, line) : line;
}

static bool judge(struct arena *a, const struct about *k, struct bounce_recipient *r)
{
	struct bounce_answer answered = bounce_answer_read(k->diagnostic), said = bounce_answer_read(k->words);
	struct bytes line = lower_line(a, has_words(k->diagnostic) ? k->diagnostic : k->words, LINE_MAX_BYTES);
	struct bytes around = lower_line(a, k->words, AROUND_MAX_BYTES);

	choose_status(r, k, answered.status, said.status);
	r->reply_code = answered.reply ? answered.reply : said.reply;
	r->diagnostic = bounce_answer_line(a, said_by_server(k, &said), LINE_MAX_BYTES);
	bool failed = r->action == BOUNCE_FAILED || r->action == BOUNCE_ACTION_UNKNOWN;
	bool by_server = r->status_from_text || (answered.status.n && r->status.p == answered.status.p);
	r->hard = failed && bounce_answer_hard(line, around, r->status, by_server);
	return line.p && around.p && r->diagnostic.p;
}

/* What is said of it; all that is said where that is nothing. *original is what the sender wrote, as far as told. */
static void find_words(const struct bounce_known *k, struct bytes address, struct about *out, struct bytes *original)
{
	out->words = bytes_sub(k->words, 0, 2 * AROUND_MAX_BYTES);
	for (size_t i = 0; i < k->n_said; i++) {
		struct bytes said = k->said[i].words;
		if (!bytes_isame(k->said[i].address, address))
			continue;
		/* the address itself says nothing */
		size_t at = (size_t)(k->said[i].address.p - said.p);
		out->alone = has_words(bytes_sub(said, 0, at)) || has_words(bytes_from(said, at + address.n));
		if (out->alone)
			out->words = bytes_sub(said, 0, 2 * AROUND_MAX_BYTES);
		if (original)
			*original = k->said[i].original;
		return;
	}
}

/* --- from the machine-readable part --- */

static enum bounce_action action_of(struct bytes word)
{
	static const struct {
		const char *word;
		enum bounce_action action;
	} rows[] = {
		{ "failed", BOUNCE_FAILED }, { "failure", BOUNCE_FAILED }, { "delayed", BOUNCE_DELAYED },
		{ "delivered", BOUNCE_DELIVERED }, { "deliverable", BOUNCE_DELIVERED }, { "relayed", BOUNCE_RELAYED },
		{ "expanded", BOUNCE_EXPANDED },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (bytes_ieq(word, rows[i].word))
			return rows[i].action;
	return BOUNCE_ACTION_UNKNOWN;
}

static bool read_groups(struct builder *b)
{
	for (size_t i = 0; i < b->k->dsn->n; i++) {
		const struct bounce_dsn_group *g = &b->k->dsn->groups[i];
		struct bounce_recipient r = {
			.address = g->final.n ? g->final : g->original, .original = g->original, .action = action_of(g->action),
			.remote_mta = g->remote_mta,
		};
		struct about about = { .diagnostic = g->diagnostic, .status = g->status };
		find_words(b->k, r.address, &about, NULL);
		if (b->out->kind == BOUNCE_DSN && !judge(b->w->arena, &about, &r))
			return false;
		if (!push(b, &r))
			return false;
	}
	return true;
}

/* Whom the mail was sent to that is complained of: a field that may stand more than once (RFC 5965 section 3.2). */
static bool read_complaint(struct builder *b)
{
	struct bytes rest = b->k->feedback, value;

	while ((value = bounce_quote_field(rest, "Original-Rcpt-To")).p) {
		struct bounce_recipient r = { .address = bounce_dsn_value(value), .original = bounce_dsn_value(value) };
		if (!push(b, &r))
			return false;
		rest = bytes_from(rest, (size_t)(value.p + value.n - rest.p) + 1);
	}
	return true;
}

/* --- from words --- */

/* What systems without a machine-readable part call a notice that does not mean failure. In lower case. */
static enum bounce_action action_in_words(struct bytes text)
{
	static const struct {
		const char *words;
		enum bounce_action action;
	} rows[] = {
		{ "permanent", BOUNCE_FAILED }, { "given up", BOUNCE_FAILED }, { "giving up", BOUNCE_FAILED },
		{ "delayed", BOUNCE_DELAYED }, { "not yet been delivered", BOUNCE_DELAYED }, { "will be retried", BOUNCE_DELAYED },
		{ "still being retried", BOUNCE_DELAYED }, { "warning message only", BOUNCE_DELAYED },
		{ "successfully delivered", BOUNCE_DELIVERED }, { "was delivered to", BOUNCE_DELIVERED },
		{ "successfully relayed", BOUNCE_RELAYED },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (text.n && memmem(text.p, text.n, rows[i].words, strlen(rows[i].words)))
			return rows[i].action;
	return BOUNCE_FAILED;
}

static bool find_action(struct builder *b, enum bounce_action *out)
{
	struct bytes subject = bounce_kind_field(b->w->arena, b->k->header, "Subject");
	struct bytes all = arena_join(b->w->arena, subject.p ? subject : B(""), bytes_sub(b->k->words, 0, 2 * AROUND_MAX_BYTES));
	struct bytes lower = all.p ? arena_lower(b->w->arena, all) : all;

	*out = lower.p ? action_in_words(lower) : BOUNCE_FAILED;
	return lower.p;
}

static bool add_said(struct builder *b, struct bytes address, enum bounce_action action)
{
	struct about about = { .diagnostic = B(""), .status = B("") };
	struct bounce_recipient r = { .address = address, .original = B(""), .action = action };

	find_words(b->k, address, &about, &r.original);
	return judge(b->w->arena, &about, &r) && push(b, &r);
}

/* Each address in a field's value, as a recipient; at most max. */
static bool add_addresses(struct builder *b, struct bytes value, size_t max, enum bounce_action action)
{
	struct bytes address;

	for (size_t i = 0; i < max && bounce_text_next(&value, &address); i++)
		if (!add_said(b, address, action))
			return false;
	return true;
}

/* Who the header says has failed; else whom the words name; else whom the returned mail was written to. */
static bool read_words(struct builder *b)
{
	static const char *const failed[] = { "X-Failed-Recipients", "X-Bounced-Address" };
	size_t most = work_limit(b->w, LIMIT_BOUNCE_RECIPIENTS) + 1u; /* the one that shows that there are more */
	enum bounce_action action;

	if (!find_action(b, &action))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(failed) && b->out->n == 0; i++)
		if (!add_addresses(b, bounce_kind_field(b->w->arena, b->k->header, failed[i]), most, action))
			return false;
	for (size_t i = 0; i < b->k->n_said && b->out->n == i; i++)
		if (!add_said(b, b->k->said[i].address, action))
			return false;
	if (b->out->n == 0 && !add_addresses(b, bounce_quote_field(b->k->returned, "To"), 1, action))
		return false;
	return b->out->n || add_said(b, B(""), action);
}

/* Whoever answers is the one that the mail went to; a complaint without fields is about whom the mail names. */
static bool read_person(struct builder *b)
{
	struct bytes value = b->out->kind == BOUNCE_FEEDBACK ? bounce_quote_field(b->k->returned, "To")
	                                                     : bounce_kind_field(b->w->arena, b->k->header, "From");
	struct bounce_recipient r = { .address = B(""), .action = BOUNCE_ACTION_UNKNOWN };

	(void)bounce_text_next(&value, &r.address);
	return push(b, &r);
}

bool bounce_recipient_read(struct work *w, const struct bounce_known *k, struct bounce *out)
{
	struct builder b = { .w = w, .k = k, .out = out };

	if (out->kind == BOUNCE_FEEDBACK ? !read_complaint(&b) : !read_groups(&b))
		return false;
	if (out->n == 0)
		return out->kind == BOUNCE_DSN ? read_words(&b) : read_person(&b);
	return true;
}
