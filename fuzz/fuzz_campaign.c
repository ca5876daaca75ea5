/* Any mails: groups hold no mail twice, their numbers fit, and what is said of them is safe for a
 * terminal and at most 80 columns wide. A record is 8 bytes (verdict, flags, time, network, what
 * follows) and a subject up to the next line end. */
#include "base/columns.h"
#include "base/idn.h"
#include "explain/campaign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RECORD 8u

static struct campaign_mail mail_of(struct arena *a, const uint8_t *r, struct bytes subject)
{
	struct bytes left = campaign_subject(a, subject);
	struct campaign_mail m = {
		.verdict = r[0] % VERDICT_KINDS, .in_owner_name = r[1] & 1, .bounce = r[1] & 2, .own = r[1] & 4, .author = r[1] >> 4,
		.time = r[2] == 255 ? -1 : (int64_t)r[2] * 7200, .net = { { .family = r[3] & 1 ? 4 : 0, .b = { r[3] } }, 24 }, .asn = r[4],
	};

	if (left.n > subject.n || (left.n && left.p[left.n - 1] == ' '))
		abort();
	for (size_t i = 5; i < RECORD && r[i]; i++) { /* a place each */
		m.keys[m.n_keys++] = (struct campaign_key){ .kind = CAMPAIGN_PLACE, .hash = r[i], .n = 1, .text = { (char)r[i] } };
	}
	if (left.n) {
		struct campaign_key k = { .kind = CAMPAIGN_SUBJECT, .hash = bytes_hash(left, CAMPAIGN_SUBJECT) };
		k.n = (uint8_t)(subject.n < CAMPAIGN_TEXT ? subject.n : CAMPAIGN_TEXT);
		memcpy(k.text, subject.p, k.n);
		m.keys[m.n_keys++] = k;
	}
	return m;
}

static void check(const struct campaign_summary *s, size_t added)
{
	size_t mails = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct campaign *c = &s->list[i];
		mails += c->mails;
		if (c->number < 1 || c->number > added || c->bounces > c->mails || c->inside > c->mails || c->first > c->last ||
		    c->busy_from < c->first || c->busy_to > c->last || c->own_networks > c->networks || c->networks > c->mails)
			abort();
	}
	if (mails > added || s->mails != added || s->wave > s->strange)
		abort();
}

static void check_words(const struct campaign_summary *s)
{
	struct buf out;
	struct bytes rest, line;

	buf_init(&out, 1u << 22);
	campaign_words(&out, s);
	for (rest = buf_bytes(&out); bytes_cut(&rest, '\n', &line);)
		if (columns_of(line) > 80 || !utf8_valid(line, NULL) || bytes_has(line, 27))
			abort();
	if (out.failed)
		abort();
	buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = { data, size }, subject;
	struct arena *a = arena_new(64 << 20);
	struct campaign_summary s;
	struct limits limits;
	size_t n = 0;

	limits_init(&limits);
	struct campaigns *c = campaign_new(&limits);
	while (a && c && rest.n > RECORD) {
		const uint8_t *r = rest.p;
		rest = bytes_from(rest, RECORD);
		if (!bytes_cut(&rest, '\n', &subject))
			break;
		struct campaign_mail m = mail_of(a, r, subject);
		if (campaign_add(c, &m))
			n++;
	}
	if (a && c && campaign_finish(c, &s)) {
		json_t *o = campaign_json(a, &s);
		check(&s, n);
		check_words(&s);
		json_decref(o);
	}
	campaign_free(c);
	arena_free(a);
	return 0;
}
