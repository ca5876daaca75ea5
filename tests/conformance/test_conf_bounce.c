/* Sisimai's set of bounces, feedback reports and automatic replies; and the feedback reports of
 * mail-auth, which are no bounces. Where the set is not followed, docs/rfc-notes/bounce.md says why:
 * such a case counts as failed in the table of suites, and must come out otherwise as long as it is listed. */
#include <jansson.h>

#include "base/ascii.h"
#include "bounce/bounce.h"
#include "tap.h"

static struct limits limits;
static struct arena *arena;
static const char *root;
static int passed, failed;

static struct bytes file_of(const char *suite, const char *name)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s/%s", root, suite, name);
	struct bytes text = read_file(path);
	if (!text.p)
		printf("# cannot read %s\n", path);
	return text;
}

static json_t *json_of(const char *suite, const char *name)
{
	struct bytes text = file_of(suite, name);
	json_t *j = text.p ? json_loadb((const char *)text.p, text.n, 0, NULL) : NULL;

	heap_free(text);
	return j;
}

/* --- one file --- */

/* What all messages of a file come to: a file that begins with a "From " line is an mbox and may hold more. */
struct outcome {
	enum bounce_kind kind;
	struct bounce_recipient list[16];
	size_t n;
	struct bytes feedback_type;
};

static bool read_one(struct bytes message, struct outcome *o, struct bounce *b)
{
	struct work w = { .arena = arena, .limits = &limits };
	struct header h;
	struct mime m;

	header_index(&w, &h, message);
	if (!CHECK(mime_read(&w, message, &m)) || !CHECK(bounce_read(&w, &h, message, &m, b)))
		return false;
	o->kind = b->kind;
	o->feedback_type = b->feedback_type;
	for (size_t i = 0; i < b->n && o->n < ARRAY_LEN(o->list); i++)
		o->list[o->n++] = b->recipients[i];
	mime_end(&m);
	return CHECK(b->kind == BOUNCE_NONE ? b->n == 0 : b->n > 0);
}

/* Where the next mail of an mbox begins: "From a@b.example Thu Jul  2 12:05:05 2020". */
static size_t next_of_mbox(struct bytes text)
{
	for (size_t at = 1; (at = at + bytes_search(bytes_from(text, at), B("\nFrom "))) < text.n; at++) {
		struct bytes line = bytes_sub(text, at + 1, bytes_find(text, '\n', at + 1) - at - 1);
		uint64_t year;
		if (bytes_has(line, ':') && line.n > 24 && bytes_to_u64(bytes_from(line, line.n - 4), &year))
			return at + 1;
	}
	return text.n;
}

static struct outcome read_all(struct bytes text)
{
	struct outcome o = { .n = 0 };
	struct bounce b;

	arena_reset(arena);
	while (text.n) {
		size_t end = bytes_istarts(text, "From ") ? next_of_mbox(text) : text.n;
		if (!read_one(bytes_sub(text, 0, end), &o, &b))
			break;
		text = bytes_from(text, end);
	}
	return o;
}

/* --- what is right --- */

static const char *text_in(json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* The value of the authors, or of their other edition. */
static bool is_value(struct bytes got, json_t *want, const char *key)
{
	char also[64];

	snprintf(also, sizeof(also), "%s_also", key);
	json_t *other = json_object_get(want, also);
	return bytes_eq(got, text_in(want, key)) || (other && bytes_eq(got, json_string_value(other)));
}

static enum bounce_kind kind_of(json_t *results)
{
	const char *reason = text_in(json_array_get(results, 0), "reason");

	if (json_array_size(results) == 0)
		return BOUNCE_NONE;
	return strcmp(reason, "feedback") == 0 ? BOUNCE_FEEDBACK : strcmp(reason, "vacation") == 0 ? BOUNCE_AUTO_REPLY : BOUNCE_DSN;
}

/* A made-up code is compared by its first digit, and only where the message has one at all. */
static bool status_fits(const struct bounce_recipient *r, json_t *want)
{
	if (!json_is_true(json_object_get(want, "status_synthetic")))
		return is_value(r->status, want, "status");
	return r->status.n == 0 || r->status.p[0] == (uint8_t)text_in(want, "status")[0];
}

static bool action_fits(const struct bounce_recipient *r, json_t *want)
{
	bool delivered = strcmp(text_in(want, "reason"), "delivered") == 0;

	return delivered == (r->action == BOUNCE_DELIVERED || r->action == BOUNCE_RELAYED || r->action == BOUNCE_EXPANDED);
}

/* The fields of its group in the machine-readable part, where there are as many as recipients. */
static bool fields_fit(const struct bounce_recipient *r, json_t *group)
{
	static const char *const deliverable = "deliverable"; /* what Postfix calls it when it was only asked */
	struct bytes final = bytes_of(text_in(group, "final_recipient")), action = bytes_of(text_in(group, "action"));

	return (!final.n || bytes_search(final, r->address) < final.n) &&
	       (!action.n || bytes_ieq(action, bounce_action_name(r->action)) || bytes_ieq(action, deliverable));
}

static const char *recipient_misfits(const struct bounce_recipient *r, json_t *want, json_t *group)
{
	const struct {
		bool fits;
		const char *what;
	} rows[] = {
		{ r->hard == json_is_true(json_object_get(want, "hardbounce")), r->hard ? "not hard" : "hard" },
		{ status_fits(r, want), text_in(want, "status") },
		{ action_fits(r, want), "another action" },
		{ !group || fields_fit(r, group), "what the notification says" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (!rows[i].fits)
			return rows[i].what;
	return NULL;
}

/* Loud: what is wrong fails the test. */
static bool outcome_fits(const struct outcome *o, json_t *want, bool loud)
{
	json_t *results = json_object_get(want, "results"), *groups = json_object_get(want, "delivery_status_fields");
	enum bounce_kind kind = kind_of(results);
	bool ok = o->kind == kind && o->n == json_array_size(results);

	if (!ok && loud)
		CHECK_MSG(false, "it is %s of %zu recipients, not %s of %zu", bounce_kind_name(o->kind), o->n,
		          bounce_kind_name(kind), json_array_size(results));
	for (size_t i = 0; ok && kind == BOUNCE_DSN && i < o->n; i++) {
		const struct bounce_recipient *r = &o->list[i];
		json_t *group = json_array_size(groups) == o->n ? json_array_get(groups, i) : NULL;
		const char *wrong = recipient_misfits(r, json_array_get(results, i), group);
		ok = !wrong;
		if (wrong && loud)
			CHECK_MSG(false, "%.*s is %s, %s, \"%.*s\": should be %s", BYTES_ARG(r->address), bounce_action_name(r->action),
			          r->hard ? "hard" : "not hard", BYTES_ARG(r->diagnostic), wrong);
	}
	if (ok && kind == BOUNCE_FEEDBACK)
		ok = CHECK_BYTES(o->feedback_type, text_in(json_array_get(results, 0), "feedback_type"));
	return ok;
}

/* --- the suites --- */

static void suite_done(const char *name)
{
	printf("# suite %s: %d passed, %d failed\n", name, passed, failed);
	passed = failed = 0;
}

static const struct {
	const char *file, *why;
} not_followed[] = {
	{ "lhost-exchange2007-05.eml", "Status and Diagnostic-Code both say 4.4.7: RFC 3464 section 2.3.4" },
	{ "lhost-opensmtpd-06.eml", "delayed, 4.4.7 says the notification: RFC 3464 section 2.3.3" },
	{ "lhost-opensmtpd-12.eml", "delayed, 4.0.0 says the notification: RFC 3464 section 2.3.3" },
	{ "lhost-opensmtpd-15.eml", "delayed, 4.4.7 says the notification: RFC 3464 section 2.3.3" },
	{ "rfc3464-01.eml", "the notification names one recipient, unknown: RFC 3464 section 2.3" },
	{ "lhost-gmx-03.eml", "5.2.1 is about a mailbox that exists: RFC 3463 section 3.3" },
	{ "lhost-mailru-03.eml", "5.2.1 is about a mailbox that exists: RFC 3463 section 3.3" },
	{ "lhost-postfix-57.eml", "5.2.1 is about a mailbox that exists: RFC 3463 section 3.3" },
	{ "lhost-exim-37.eml", "refused after the data, for the sender's domain: RFC 5321 section 4.2.5" },
	{ "lhost-amazonses-02.eml", "the answer is that the user is unknown" },
	{ "lhost-mxlogic-03.eml", "the answer is that the user is unknown" },
	{ "lhost-ezweb-02.eml", "the answer to RCPT is that the user is unknown" },
	{ "lhost-sendmail-14.eml", "a person forwards a bounce" },
	{ "lhost-amazonses-10.eml", "a notice of a web service in JSON" },
};

/* NULL: the set is followed. */
static const char *why_not_followed(const char *file)
{
	for (size_t i = 0; i < ARRAY_LEN(not_followed); i++)
		if (strcmp(not_followed[i].file, file) == 0)
			return not_followed[i].why;
	return NULL;
}

static void test_sisimai(void)
{
	json_t *cases = json_of("sisimai", "expected.json"), *want;
	size_t listed = 0;
	const char *name;

	json_object_foreach(cases, name, want) {
		struct bytes text = file_of("sisimai", name);
		const char *why = why_not_followed(name);
		struct outcome o = read_all(text);
		tap_begin("sisimai: %s%s%s", name, why ? ": not followed, " : "", why ? why : "");
		if (why) {
			listed++;
			CHECK(!outcome_fits(&o, want, false));
		}
		!why && outcome_fits(&o, want, true) ? passed++ : failed++;
		tap_end();
		heap_free(text);
	}
	json_decref(cases);
	tap_begin("sisimai: every case that is listed is there");
	CHECK(listed == ARRAY_LEN(not_followed));
	tap_end();
	suite_done("sisimai");
}

/* --- feedback reports --- */

static uint8_t next_letter(struct bytes t, size_t *at)
{
	while (*at < t.n && !ascii_is_alpha(t.p[*at]))
		++*at;
	return *at < t.n ? ascii_lower(t.p[(*at)++]) : 0;
}

/* "AuthFailure" and "auth-failure" */
static bool same_letters(struct bytes a, struct bytes b)
{
	size_t i = 0, k = 0;
	uint8_t x, y;

	do {
		x = next_letter(a, &i);
		y = next_letter(b, &k);
	} while (x && x == y);
	return x == y;
}

static bool report_fits(const struct bounce *b, json_t *want)
{
	struct bytes ip = bytes_of(text_in(want, "source_ip")), to = bytes_of(text_in(want, "original_rcpt_to"));
	json_t *arrived = json_object_get(want, "arrival_date");
	bool ok = CHECK_MSG(b->kind == BOUNCE_FEEDBACK && b->machine, "it is %s", bounce_kind_name(b->kind));

	ok &= CHECK(same_letters(b->feedback_type, bytes_of(text_in(want, "feedback_type"))));
	ok &= CHECK(bytes_same(bytes_sub(b->source_ip, 0, ip.n), ip));
	ok &= CHECK_BYTES(b->reporting_mta, text_in(want, "reporting_mta"));
	ok &= CHECK_BYTES(b->envelope_id, text_in(want, "original_envelope_id"));
	ok &= CHECK(b->arrived == (json_is_integer(arrived) ? json_integer_value(arrived) : -1));
	ok &= CHECK(b->n == 1 && (!to.n || bytes_search(to, b->recipients[0].address) < to.n));
	ok &= CHECK(b->returned.n > 0 && !b->recipients[0].hard && b->recipients[0].action == BOUNCE_ACTION_UNKNOWN);
	return ok;
}

static void test_mail_auth(void)
{
	json_t *cases = json_of("mail-auth", "expected.json"), *c;
	const char *name;

	json_object_foreach(cases, name, c) {
		if (strncmp(name, "arf/", 4) != 0)
			continue;
		struct bytes text = file_of("mail-auth", name);
		json_t *want = json_of("mail-auth", text_in(c, "expected_file"));
		struct outcome o = { .n = 0 };
		struct bounce b;
		tap_begin("mail-auth: %s", name);
		arena_reset(arena);
		read_one(text, &o, &b) && report_fits(&b, want) ? passed++ : failed++;
		tap_end();
		json_decref(want);
		heap_free(text);
	}
	json_decref(cases);
	suite_done("mail-auth-arf");
}

int main(void)
{
	limits_init(&limits);
	mime_start();
	root = getenv("CONFORMANCE_DIR");
	if (!root || !*root) {
		tap_skip("CONFORMANCE_DIR is not set", "conformance of bounces");
		return tap_done();
	}
	arena = arena_new(1u << 26);
	assert(arena);
	test_sisimai();
	test_mail_auth();
	arena_free(arena);
	return tap_done();
}
