/* bounce.c - see bounce.h
 *
 * First the parts of the message are sorted (bounce_parts), then the machine-readable part
 * (bounce_dsn) and the words (bounce_text) are read, the kind is told (bounce_kind), and what all of
 * them say of each recipient is brought together (bounce_recipient). */
#include "bounce/bounce.h"

#include "bounce/bounce_kind.h"
#include "bounce/bounce_parts.h"
#include "bounce/bounce_recipient.h"
#include "bounce/bounce_quote.h"
#include "mail/date.h"

/* "<id@host>" without brackets; of several the last, which is the nearest. */
static struct bytes id_of(struct bytes value)
{
	struct bytes id = bytes_trim(value);

	for (size_t next; (next = bytes_find(id, '<', 1)) < id.n;)
		id = bytes_from(id, next);
	if (id.n && id.p[0] == '<')
		return bytes_trim(bytes_sub(id, 1, bytes_find(id, '>', 0) - 1));
	for (size_t i = 0; i < id.n; i++)
		if (memchr(" \t\r\n", id.p[i], 4))
			id.n = i;
	return id;
}

/* The returned mail knows its own name; a receipt tells it (RFC 8098 section 3.2.5), a reply refers to it. */
static struct bytes find_message_id(struct arena *a, const struct bounce_parts *parts, const struct header *h)
{
	static const char *const names[] = { "Original-Message-ID", "X-Original-Message-ID", "In-Reply-To", "References" };
	struct bytes id = id_of(bounce_quote_field(parts->returned, "Message-ID"));

	if (!id.n)
		id = id_of(bounce_quote_field(parts->disposition, "Original-Message-ID"));
	for (size_t i = 0; i < ARRAY_LEN(names) && !id.n; i++)
		id = id_of(bounce_kind_field(a, h, names[i]));
	return id;
}

static int64_t date_of(struct bytes text)
{
	struct date d;

	return text.n && date_parse(text, &d, NULL) ? d.at : -1;
}

/* RFC 5965 sections 3.1 and 3.2 */
static void fill_from_feedback(struct bytes report, struct bounce *out)
{
	struct bytes arrival = bounce_quote_field(report, "Arrival-Date");

	if (!report.p)
		return;
	out->feedback_type = bytes_trim(bounce_quote_field(report, "Feedback-Type"));
	out->source_ip = bytes_trim(bounce_quote_field(report, "Source-IP"));
	out->reporting_mta = bounce_dsn_value(bounce_quote_field(report, "Reporting-MTA"));
	out->envelope_id = bytes_trim(bounce_quote_field(report, "Original-Envelope-Id"));
	out->arrived = date_of(arrival.p ? arrival : bounce_quote_field(report, "Received-Date"));
}

static void fill_from_dsn(const struct bounce_dsn *dsn, struct bounce *out)
{
	out->reporting_mta = dsn->reporting_mta;
	out->envelope_id = dsn->envelope_id;
	out->queue_id = dsn->queue_id;
	out->arrived = date_of(dsn->arrival);
}

/* The fields of a notification stand in a part of their own, in that of a receipt, or among the words. */
static bool read_fields(struct work *w, const struct bounce_parts *parts, struct bounce_dsn *out)
{
	const struct bytes places[] = { parts->status, parts->disposition, bounce_dsn_has(parts->words) ? parts->words : B("") };

	*out = (struct bounce_dsn){ .n = 0 };
	for (size_t i = 0; i < ARRAY_LEN(places) && out->n == 0; i++)
		if (places[i].n && !bounce_dsn_read(w, places[i], out))
			return false;
	return true;
}

bool bounce_read(struct work *w, const struct header *header, struct bytes message, const struct mime *m, struct bounce *out)
{
	struct bounce b = { .arrived = -1 };
	struct bounce_known known = { .header = header };
	struct bounce_parts parts;
	struct bounce_dsn dsn;
	struct bounce_said *said;

	(void)message; /* header and m point into it */
	if (!bounce_parts_read(w, m, &parts) || !read_fields(w, &parts, &dsn) ||
	    !bounce_text_read(w, parts.words, &said, &known.n_said))
		return false;
	struct bounce_signs signs = {
		.header = header, .is_report = bytes_eq(m->parts[0].type, "multipart/report"), .status_part = parts.status.p,
		.feedback_part = parts.feedback.p, .disposition_part = parts.disposition.p, .status_fields = dsn.n > 0,
		.returned = parts.returned.n > 0, .named = known.n_said, .words = parts.words,
	};
	if (!bounce_kind_read(w->arena, &signs, &b.kind, &b.why, &b.feedback_type))
		return false;
	if (b.kind == BOUNCE_NONE) {
		*out = b;
		return true;
	}
	b.machine = parts.status.p || parts.feedback.p || parts.disposition.p || dsn.n;
	b.returned = parts.returned;
	b.returned_has_body = bounce_quote_has_body(parts.returned);
	b.message_id = find_message_id(w->arena, &parts, header);
	fill_from_dsn(&dsn, &b);
	if (b.kind == BOUNCE_FEEDBACK)
		fill_from_feedback(parts.feedback, &b);
	known.dsn = &dsn;
	known.said = said;
	known.words = parts.words;
	known.feedback = parts.feedback;
	known.returned = parts.returned;
	if (!bounce_recipient_read(w, &known, &b))
		return false;
	*out = b;
	return true;
}

const char *bounce_kind_name(enum bounce_kind k)
{
	static const char *const names[BOUNCE_KINDS] = { "none", "dsn", "auto_reply", "receipt", "feedback" };

	return names[k];
}

const char *bounce_action_name(enum bounce_action a)
{
	static const char *const names[] = { "unknown", "failed", "delayed", "delivered", "relayed", "expanded" };

	return names[a];
}
