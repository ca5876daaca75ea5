/* Forgeries around a signature: a mail that the victim's domain really signed is
 * changed, extended or sent again by a stranger, through the whole verification. */
#include "dkim/dkim_sign.h"
#include "judge.h"
#include "sign_keys.h"
#include "tap.h"

#define HEADER \
	"From: <ceo@forged.example>\r\nTo: <b@example.net>\r\nSubject: hello\r\n" \
	"Date: Mon, 16 Nov 2026 09:00:00 +0000\r\nContent-Type: text/plain\r\n"
#define BODY "the text\r\n"
#define STRANGER \
	"DKIM-Signature: v=1; a=rsa-sha256; d=thief.example; s=s; h=from; " \
	"bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA\r\n"
#define FIVE STRANGER STRANGER STRANGER STRANGER STRANGER

enum { ONLY_FROM = 1, LENGTH = 2, BY_THIEF = 4 };

static const struct {
	const char *name;
	unsigned sign;               /* ONLY_FROM: nothing else is signed; LENGTH: l=; BY_THIEF: d= of the thief */
	const char *on_top, *behind; /* what the stranger adds */
	const char *dkim;            /* of the signature that was made */
	bool counts;
	enum dkim_weakness weakness; /* DKIM_WEAKNESSES: none looked for */
	const char *dmarc, *defect;  /* defect NULL: not looked at */
	const char *limit;
} cases[] = {
	{ "sent again as it was", 0, "", "", "pass", true, DKIM_WEAKNESSES, "pass" },
	{ "a second Subject on top of an oversigned one", 0, "Subject: buy\r\n", "", "fail", false, DKIM_WEAKNESSES, "fail",
	  "duplicate_field" },
	{ "a Subject on top of one that was not signed", ONLY_FROM, "Subject: buy\r\n", "", "pass", true,
	  DKIM_WEAK_DUPLICATE_FIELD, "pass", "duplicate_field" },
	{ "fields that were not signed are named", ONLY_FROM, "", "", "pass", true, DKIM_WEAK_UNSIGNED_SUBJECT, "pass" },
	{ "a second From on top", 0, "From: <a@thief.example>\r\n", "", "fail", false, DKIM_WEAKNESSES, "fail",
	  "several_from" },
	{ "a second From on top, folded before its colon", ONLY_FROM, "FROM\r\n : <a@thief.example>\r\n", "", "fail", false,
	  DKIM_WEAKNESSES, "fail", "several_from" },
	{ "a body appended behind l=", LENGTH, "", "buy\r\n", "pass", false, DKIM_WEAK_UNCOVERED_BODY, "fail" },
	{ "l= and nothing appended", LENGTH, "", "", "pass", true, DKIM_WEAK_BODY_LENGTH, "pass" },
	{ "a new Content-Type and a body behind l=", LENGTH | ONLY_FROM, "Content-Type: multipart/mixed; boundary=x\r\n",
	  "--x\r\n\r\nbuy\r\n--x--\r\n", "pass", false, DKIM_WEAK_UNCOVERED_BODY, "fail", "duplicate_field" },
	{ "a body appended without l=", 0, "", "buy\r\n", "fail", false, DKIM_WEAKNESSES, "fail" },
	{ "signed by the thief's own domain", BY_THIEF, "", "", "pass", true, DKIM_WEAKNESSES, "fail" },
	{ "fifteen signatures of a stranger on top: the author's is looked at first", 0, FIVE FIVE FIVE, "", "pass", true,
	  DKIM_WEAKNESSES, "pass", NULL, "dkim-signatures" },
};

static void add_key(struct buf *zone, const char *domain, struct bytes record)
{
	struct bytes head = bytes_sub(record, 0, 200);

	buf_addf(zone, "s._domainkey.%s. 60 TXT \"%.*s\" \"%.*s\"\n", domain, BYTES_ARG(head),
	         BYTES_ARG(bytes_from(record, head.n)));
}

/* The DKIM-Signature of HEADER and BODY, in the arena. */
static struct bytes sign(struct work *w, unsigned how, const struct test_keys *keys)
{
	struct bytes from = B("From"), field = { NULL, 0 };
	struct dname domain = { how & BY_THIEF ? B("thief.example") : B("forged.example") };
	struct dkim_sign_options o;
	struct dkim_signing *signing = NULL;
	struct header h = { 0 };
	const char *why = "";

	header_index(w, &h, B(HEADER "\r\n"));
	struct dkim_bodies *bodies = dkim_bodies_new(w, LINES_CRLF);
	dkim_sign_options_init(&o, domain, B("s"), CRYPTO_RSA);
	o.body_length = how & LENGTH;
	if (how & ONLY_FROM) {
		o.fields = &from;
		o.n_fields = 1;
	}
	CHECK_MSG(bodies && dkim_sign_begin(w, &h, bodies, &o, &signing, &why), "%s", why);
	dkim_bodies_update(bodies, B(BODY));
	dkim_bodies_end(bodies);
	CHECK(dkim_sign_with(w, signing, keys->key[KEY_RSA2048], &field));
	dkim_bodies_free(bodies);
	return field;
}

static const struct dkim_result *made_by(const struct verify *v, const char *domain)
{
	for (size_t i = 0; i < v->dkim.n; i++)
		if (bytes_eq(v->dkim.results[i].domain.text, domain) && v->dkim.results[i].b.n >= 8)
			return &v->dkim.results[i];
	return NULL;
}

static bool reached(const struct verify *v, const char *limit)
{
	for (size_t i = 0; i < LIMIT_COUNT; i++)
		if (strcmp(limit_rows[i].name, limit) == 0)
			return v->work.reached >> i & 1;
	return false;
}

static void run(size_t i, const char *zone, struct work *w, const struct test_keys *keys)
{
	struct judge j = {
		.zone = zone, .ip = "203.0.113.66", .helo = "thief.example", .mail_from = "a@thief.example",
	};
	struct bytes field;

	tap_begin("%s", cases[i].name);
	field = sign(w, cases[i].sign, keys);
	struct bytes message = arena_printf(w->arena, "%s%.*s" HEADER "\r\n" BODY "%s", cases[i].on_top, BYTES_ARG(field),
	                                    cases[i].behind);
	struct verify *v = judge_message(&j, message);
	const struct dkim_result *r = v ? made_by(v, cases[i].sign & BY_THIEF ? "thief.example" : "forged.example") : NULL;
	if (CHECK(r)) {
		CHECK_MSG(strcmp(dkim_outcome_name(r->result), cases[i].dkim) == 0, "dkim %s", dkim_outcome_name(r->result));
		CHECK(r->counts == cases[i].counts || r->result != DKIM_PASS);
		CHECK(cases[i].weakness == DKIM_WEAKNESSES || (r->weaknesses >> cases[i].weakness & 1));
	}
	if (v) {
		const char *dmarc = dmarc_outcome_name(v->dmarc.result);
		CHECK_MSG(strcmp(dmarc, cases[i].dmarc) == 0, "dmarc %s", dmarc);
		CHECK(!cases[i].defect || judge_has_defect(v, cases[i].defect));
		CHECK(!cases[i].limit || reached(v, cases[i].limit));
	}
	tap_end();
	judge_free(&j, v);
}

int main(void)
{
	struct arena *a = arena_new(16u << 20);
	struct limits limits;
	struct work w = { .arena = a, .limits = &limits, .now = JUDGE_NOW };
	struct test_keys keys;
	struct buf zone;

	limits_init(&limits);
	test_keys_load(&keys, a);
	buf_init(&zone, 1u << 16);
	buf_adds(&zone, "_dmarc.forged.example. 60 TXT \"v=DMARC1; p=reject\"\n"
	                "forged.example. 60 TXT \"v=spf1 ip4:192.0.2.10 -all\"\n"
	                "thief.example. 60 TXT \"v=spf1 ip4:203.0.113.66 -all\"\n");
	add_key(&zone, "forged.example", keys.record[KEY_RSA2048]);
	add_key(&zone, "thief.example", keys.record[KEY_RSA2048]);
	buf_add_byte(&zone, 0);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		run(i, (const char *)zone.p, &w, &keys);
	buf_free(&zone);
	test_keys_free(&keys);
	arena_free(a);
	return tap_done();
}
