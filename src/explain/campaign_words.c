/* campaign_words.c - the summary of many mails for people and as JSON; see campaign.h */
#include "base/clock.h"
#include "base/wrap.h"
#include "explain/campaign.h"
#include "verify/verify_json.h"

#define INDENT 4u

static const char *const kind_names[CAMPAIGN_KINDS] = {
	[CAMPAIGN_FORGED] = "forged", [CAMPAIGN_HACKED] = "hacked", [CAMPAIGN_BOTH] = "both",
	[CAMPAIGN_LOOKALIKE] = "lookalike", [CAMPAIGN_OWN] = "own", [CAMPAIGN_OPEN] = "cannot_tell",
};

const char *campaign_kind_name(enum campaign_kind k)
{
	return kind_names[k];
}

/* --- numbers and times --- */

/* "3,400" */
static void add_grouped(struct buf *out, size_t n)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%zu", n);

	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			buf_add_byte(out, ',');
		buf_add_byte(out, (uint8_t)digits[i]);
	}
}

/* Of large numbers two digits count: "about 3,400". */
static void add_about(struct buf *out, size_t n)
{
	size_t unit = 1;

	while (n / unit >= 1000)
		unit *= 10;
	if (n < 1000) {
		add_grouped(out, n);
		return;
	}
	unit *= 10; /* n / unit has two digits */
	buf_adds(out, n % unit ? "about " : "");
	add_grouped(out, (n + unit / 2) / unit * unit);
}

/* "16 Nov 2026" and "09:15" */
static void split_time(int64_t at, char text[CLOCK_TEXT], struct bytes *date, struct bytes *minute)
{
	struct bytes all = bytes_of(clock_rfc5322(at, text)); /* "Mon, 16 Nov 2026 09:15:00 +0000" */
	size_t time = all.n - 14;

	*date = bytes_trim(bytes_sub(all, 5, time - 5));
	*minute = bytes_sub(all, time, 5);
}

static void add_span(struct buf *out, int64_t from, int64_t to)
{
	char a[CLOCK_TEXT], b[CLOCK_TEXT];
	struct bytes date_a, date_b, min_a, min_b;

	split_time(from, a, &date_a, &min_a);
	split_time(to, b, &date_b, &min_b);
	if (bytes_same(date_a, date_b) && bytes_same(min_a, min_b))
		buf_addf(out, "at %.*s UTC on %.*s", BYTES_ARG(min_a), BYTES_ARG(date_a));
	else if (bytes_same(date_a, date_b))
		buf_addf(out, "between %.*s and %.*s UTC on %.*s", BYTES_ARG(min_a), BYTES_ARG(min_b), BYTES_ARG(date_a));
	else
		buf_addf(out, "between %.*s, %.*s and %.*s, %.*s UTC", BYTES_ARG(date_a), BYTES_ARG(min_a), BYTES_ARG(date_b),
		         BYTES_ARG(min_b));
}

/* --- one campaign --- */

static const char *const headlines[CAMPAIGN_KINDS] = {
	[CAMPAIGN_FORGED] = "FORGED", [CAMPAIGN_HACKED] = "HACKED", [CAMPAIGN_BOTH] = "FORGED AND HACKED",
	[CAMPAIGN_LOOKALIKE] = "LOOK-ALIKE", [CAMPAIGN_OWN] = "FROM YOUR ACCOUNT", [CAMPAIGN_OPEN] = "CANNOT TELL",
};

/* What it means; of the first kind there are two: in the owner's name, and in others'. */
static const char *const meanings[CAMPAIGN_KINDS] = {
	[CAMPAIGN_FORGED] = "Somebody outside writes your address on mail. Nothing in these mails shows that anybody was "
	                    "inside your mailbox; the log of your server could.",
	[CAMPAIGN_HACKED] = "They went out through your own account or systems, and by a stranger's hand. Stop that first: a "
	                    "new password from a clean device, and all sessions signed out.",
	[CAMPAIGN_BOTH] = "Both at once: somebody outside writes your address on mail, and some of these went out through "
	                  "your own account or systems. Stop the second first: a new password from a clean device, and all "
	                  "sessions signed out.",
	[CAMPAIGN_LOOKALIKE] = "Somebody sends under a name that can be taken for yours.",
	[CAMPAIGN_OWN] = "If you did not send them, somebody else uses your account: set a new password from a clean device, "
	                 "and sign out all sessions.",
	[CAMPAIGN_OPEN] = "Nothing in them shows whether they came from you.",
};
static const char others_forged[] = "Somebody writes the addresses of others on mail.";

static void add_networks(struct buf *out, const struct campaign *c)
{
	bool told = c->kind != CAMPAIGN_OWN || c->own_networks; /* else it came by way of a forwarder */

	if (c->networks == 0)
		return;
	if (c->networks == 1) {
		buf_adds(out, ", from one network");
		buf_adds(out, c->own_networks ? ", which may send for you" : told ? ", which is not yours" : "");
		return;
	}
	buf_adds(out, ", from ");
	add_grouped(out, c->networks);
	buf_adds(out, " networks");
	if (c->own_networks == 0)
		buf_adds(out, told ? ", none of them yours" : "");
	else if (c->own_networks == c->networks)
		buf_adds(out, ", all of which may send for you");
	else
		buf_addf(out, ", %zu of which may send for you", c->own_networks);
}

/* The whole time, or where most of it lies if that is much shorter. */
static void add_when(struct buf *out, const struct campaign *c)
{
	if (c->first < 0)
		return;
	bool dense = (c->last - c->first) / 2 > c->busy_to - c->busy_from;
	buf_adds(out, dense ? ", most of them " : " ");
	add_span(out, dense ? c->busy_from : c->first, dense ? c->busy_to : c->last);
}

/* "about 3,400 mails between ..., from 212 networks, none of them yours" */
static void add_count(struct buf *out, const struct campaign *c)
{
	size_t bounces = c->bounces, mails = c->mails - bounces;

	if (mails) {
		add_about(out, mails);
		buf_adds(out, mails == 1 ? " mail" : " mails");
	}
	if (bounces) {
		buf_adds(out, mails ? " and " : "");
		add_about(out, bounces);
		buf_adds(out, mails ? bounces == 1 ? " bounce or reply to such" : " bounces and replies to such"
		                    : " bounces and replies to such mails");
	}
	add_when(out, c);
	add_networks(out, c);
	buf_add_byte(out, '.');
}

static void add_shared(struct buf *out, const struct campaign *c)
{
	struct buf line;

	if (c->subject.n == 0 && c->place.n == 0 && c->subjects < 2)
		return;
	buf_init(&line, 1u << 12);
	if (c->subject.n)
		buf_addf(&line, "Subject: \"%.*s\"", BYTES_ARG(c->subject));
	if (c->subject.n && c->subjects > 1)
		buf_addf(&line, " and %zu other%s", c->subjects - 1, c->subjects == 2 ? "" : "s");
	else if (c->subjects > 1)
		buf_addf(&line, "%zu different subjects", c->subjects);
	if (c->place.n)
		buf_addf(&line, "%s %.*s", line.n ? "; leads to" : "They lead to", BYTES_ARG(c->place));
	buf_add_byte(&line, '.');
	wrap_add(out, "    ", INDENT, buf_bytes(&line));
	out->failed |= line.failed;
	buf_free(&line);
}

static void add_campaign(struct buf *out, const struct campaign *c, size_t number)
{
	bool others = c->kind == CAMPAIGN_FORGED && c->in_owner_name == 0 && c->bounces == 0;
	struct buf line;
	char first[32];

	buf_init(&line, 1u << 12);
	buf_addf(&line, "%s: ", headlines[c->kind]);
	add_count(&line, c);
	snprintf(first, sizeof(first), "%2zu. ", number);
	buf_adds(out, "\n");
	wrap_add(out, first, INDENT, buf_bytes(&line));
	out->failed |= line.failed;
	buf_free(&line);
	add_shared(out, c);
	wrap_add(out, "    ", INDENT, bytes_of(others ? others_forged : meanings[c->kind]));
	if (c->kind == CAMPAIGN_FORGED && c->inside)
		wrap_addf(out, "    ", INDENT, "%zu with the same marks came through your own account. If you did not send those, "
		          "somebody uses it as well.", c->inside);
}

/* --- the summary --- */

static void add_verdicts(struct buf *out, const struct campaign_summary *s)
{
	struct buf line;
	bool any = false;

	buf_init(&line, 1u << 12);
	add_grouped(&line, s->mails);
	buf_adds(&line, s->mails == 1 ? " mail" : " mails");
	for (size_t i = 0; i < VERDICT_KINDS; i++) {
		char word[40];
		if (!s->verdicts[i])
			continue;
		snprintf(word, sizeof(word), "%s", verdict_name((enum verdict_kind)i));
		for (char *c = word; *c; c++)
			if (*c == '_')
				*c = ' ';
		buf_adds(&line, any ? ", " : ": ");
		add_grouped(&line, s->verdicts[i]);
		buf_addf(&line, " %s", word);
		any = true;
	}
	wrap_add(out, "", 0, buf_bytes(&line));
	out->failed |= line.failed;
	buf_free(&line);
}

/* Evidence row 23: many answers to mail that is not known to be the owner's. */
static void add_wave(struct buf *out, const struct campaign_summary *s)
{
	struct buf line;

	if (s->wave == 0)
		return;
	buf_init(&line, 1u << 12);
	buf_addf(&line, "Of the bounces and automatic replies ");
	add_about(&line, s->wave);
	buf_adds(&line, " came within a day (");
	add_span(&line, s->wave_from, s->wave_to);
	buf_adds(&line, "), and nothing shows that you sent what they answer. Somebody sends many mails with your address on "
	                "them, from outside or through your account: the log of your server tells which. It would look the "
	                "same if you had sent out a newsletter of your own.");
	buf_adds(out, "\n");
	wrap_add(out, "", 0, buf_bytes(&line));
	out->failed |= line.failed;
	buf_free(&line);
}

void campaign_words(struct buf *out, const struct campaign_summary *s)
{
	buf_adds(out, "\n");
	add_verdicts(out, s);
	for (size_t i = 0; i < s->n; i++)
		add_campaign(out, &s->list[i], i + 1);
	if (s->more)
		wrap_addf(out, "\n", 0, "There are %zu smaller groups more.", s->more);
	add_wave(out, s);
	if (s->not_grouped)
		wrap_addf(out, "\n", 0, "%zu mails more were judged, but not compared with the others (--limit campaign-mails).",
		          s->not_grouped);
}

/* --- JSON --- */

static json_t *time_json(int64_t at)
{
	char text[CLOCK_TEXT];

	return at < 0 ? json_null() : json_string(clock_rfc3339(at, text));
}

static json_t *verdicts_json(const size_t *verdicts)
{
	json_t *o = json_object();

	for (size_t i = 0; i < VERDICT_KINDS; i++)
		if (verdicts[i])
			json_object_set_new(o, verdict_name((enum verdict_kind)i), json_integer((json_int_t)verdicts[i]));
	return o;
}

static json_t *text_json(struct arena *a, struct bytes text)
{
	return text.n ? verify_json_text(a, text) : json_null();
}

static json_t *one_json(struct arena *a, const struct campaign *c)
{
	return json_pack("{s:s, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:o, s:I, s:o, s:I}",
	                 "kind", campaign_kind_name(c->kind),
	                 "mails", (json_int_t)c->mails,
	                 "bounces", (json_int_t)c->bounces,
	                 "in_owner_name", (json_int_t)c->in_owner_name,
	                 "inside", (json_int_t)c->inside,
	                 "verdicts", verdicts_json(c->verdicts),
	                 "first", time_json(c->first),
	                 "last", time_json(c->last),
	                 "busy_from", time_json(c->busy_from),
	                 "busy_to", time_json(c->busy_to),
	                 "networks", (json_int_t)c->networks,
	                 "own_networks", (json_int_t)c->own_networks,
	                 "systems", (json_int_t)c->systems,
	                 "subject", text_json(a, c->subject),
	                 "subjects", (json_int_t)c->subjects,
	                 "place", text_json(a, c->place),
	                 "first_mail", (json_int_t)c->number);
}

static json_t *wave_json(const struct campaign_summary *s)
{
	if (s->wave == 0)
		return json_null();
	return json_pack("{s:I, s:o, s:o}", "bounces", (json_int_t)s->wave, "from", time_json(s->wave_from), "to",
	                 time_json(s->wave_to));
}

json_t *campaign_json(struct arena *a, const struct campaign_summary *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->n; i++)
		json_array_append_new(list, one_json(a, &s->list[i]));
	return json_pack("{s:I, s:o, s:I, s:I, s:o, s:o, s:I, s:I}",
	                 "mails", (json_int_t)s->mails,
	                 "verdicts", verdicts_json(s->verdicts),
	                 "bounces", (json_int_t)s->bounces,
	                 "strange_bounces", (json_int_t)s->strange,
	                 "wave", wave_json(s),
	                 "campaigns", list,
	                 "campaigns_not_listed", (json_int_t)s->more,
	                 "not_compared", (json_int_t)s->not_grouped);
}
