#include "arc/arc.h"

#include "arc/arc_seal.h"
#include "arc/arc_set.h"
#include "arc_case.h"
#include "base/mem.h"
#include "dkim/dkim_sign.h"
#include "dkim/dkim_write.h"
#include "sign_keys.h"

#define NOW 1795000000

static const char plain[] =
	"From: Alice <alice@example.com>\r\n"
	"To: list@lists.example\r\n"
	"Subject: minutes\r\n"
	"Date: Mon, 23 Nov 2026 19:00:00 +0000\r\n"
	"\r\n"
	"The minutes are  attached. \r\n";

static struct arena *arena; /* of the messages */
static struct limits limits;
static struct test_keys keys;

static struct txt_zone all_keys(void)
{
	struct txt_zone z = { .n = 0 };

	txt_zone_add(&z, "rsa._domainkey.hop1.example", keys.record[KEY_RSA2048]);
	txt_zone_add(&z, "ed._domainkey.hop2.example", keys.record[KEY_ED25519]);
	txt_zone_add(&z, "old._domainkey.hop3.example", keys.record[KEY_RSA1024]);
	return z;
}

static const struct hop {
	const char *domain, *selector;
	enum test_key key;
} hops[] = {
	{ "hop1.example", "rsa", KEY_RSA2048 },
	{ "hop2.example", "ed", KEY_ED25519 },
	{ "hop3.example", "old", KEY_RSA1024 },
};

/* The message with one more set; p NULL: refused, with the reason. */
static struct bytes seal(struct bytes message, const struct hop *hop, enum arc_outcome status,
                         const char **why)
{
	struct work w = { .arena = arena_new(4 << 20), .limits = &limits, .now = NOW };
	struct bytes out = { NULL, 0 };
	struct arc_seal_options o;
	struct arc_sealing *s;
	struct arc_sealed sealed;
	struct header h;
	struct dname domain;

	header_index(&w, &h, message);
	struct dkim_bodies *bodies = dkim_bodies_new(&w, h.ends);
	CHECK(dname_parse(w.arena, bytes_of(hop->domain), DNAME_HOST, &domain, NULL));
	arc_seal_options_init(&o, domain, bytes_of(hop->selector), privkey_type(keys.key[hop->key]),
	                      arena_printf(w.arena,
	                                   "%s; spf=pass smtp.mailfrom=example.com;\r\n\tdkim=pass "
	                                   "header.d=example.com header.s=sel header.b=AbCdEfGh",
	                                   hop->domain));
	o.status = status;
	o.signed_at = NOW - 100;
	if (arc_seal_begin(&w, &h, bodies, &o, &s, why)) {
		dkim_bodies_update(bodies, bytes_from(message, h.body_at));
		dkim_bodies_end(bodies);
		CHECK(arc_seal_with(&w, s, keys.key[hop->key], &sealed));
		out = arena_join(arena, sealed.all, message);
	}
	dkim_bodies_free(bodies);
	arena_free(w.arena);
	return out;
}

/* `text` with the first `from` replaced. */
static struct bytes change(struct bytes text, const char *from, const char *to)
{
	size_t at = bytes_search(text, bytes_of(from));

	CHECK_MSG(at < text.n, "\"%s\" is not in the message", from);
	return arena_join(arena, arena_join(arena, bytes_sub(text, 0, at), bytes_of(to)),
	                  bytes_from(text, at + strlen(from)));
}

static struct bytes chain_of(size_t n)
{
	struct bytes m = arena_copy(arena, bytes_of(plain));
	const char *why = NULL;

	for (size_t i = 0; i < n; i++) {
		m = seal(m, &hops[i % 3], i ? ARC_PASS : ARC_NONE, &why);
		CHECK_MSG(m.p != NULL, "%s", why);
	}
	return m;
}

static struct arc_outcome_seen check(struct bytes message, struct txt_zone zone)
{
	struct bytes exact = heap_bytes(message);
	struct arc_case c = { .message = exact, .zone = zone, .now = NOW };
	struct arc_outcome_seen seen = arc_case_run(&c, NULL);

	CHECK(seen.state == CHECK_DONE);
	arc_case_stable(&c, &seen);
	heap_free(exact);
	return seen;
}

static void expect(const char *name, struct bytes message, struct txt_zone zone,
                   enum arc_outcome want, unsigned oldest_pass, const char *reason,
                   enum field_id field, unsigned instance)
{
	tap_begin("%s", name);
	struct arc_outcome_seen s = check(message, zone);
	CHECK_MSG(s.r.result == want && s.r.oldest_pass == oldest_pass,
	          "%s, oldest pass %u, not %u", arc_outcome_name(s.r.result), s.r.oldest_pass,
	          oldest_pass);
	CHECK_MSG(reason ? s.r.reason && !strcmp(s.r.reason, reason) : !s.r.reason, "%s",
	          s.r.reason);
	CHECK_MSG(s.r.reason_field == field && s.r.reason_instance == instance,
	          "field %d, instance %u", s.r.reason_field, s.r.reason_instance);
	tap_end();
}

#define UNFIT "the signature does not fit the signed fields and the key"

static void test_chains(void)
{
	struct bytes one = chain_of(1), three = chain_of(3);

	expect("no chain", bytes_of(plain), all_keys(), ARC_NONE, 0, NULL, FIELD_OTHER, 0);
	expect("one set", one, all_keys(), ARC_PASS, 0, NULL, FIELD_OTHER, 0);
	expect("three sets, three kinds of keys", three, all_keys(), ARC_PASS, 0, NULL, FIELD_OTHER,
	       0);
	expect("the newest set taken away: what is left is whole",
	       bytes_from(three, three.n - chain_of(2).n), all_keys(), ARC_PASS, 0, NULL,
	       FIELD_OTHER, 0);
	expect("a changed body", change(three, "attached", "ATTACHED"), all_keys(), ARC_FAIL, 0,
	       "the body was changed after signing", FIELD_ARC_MESSAGE_SIGNATURE, 3);
	expect("a changed subject", change(three, "Subject: minutes", "Subject: Minutes"),
	       all_keys(), ARC_FAIL, 0, UNFIT, FIELD_ARC_MESSAGE_SIGNATURE, 3);
	expect("an unsigned field added", change(three, "From: Alice", "X-Y: z\r\nFrom: Alice"),
	       all_keys(), ARC_PASS, 0, NULL, FIELD_OTHER, 0);
	expect("changed results of the first hop", change(three, "i=1; hop1.example; spf=pass",
	       "i=1; hop1.example; spf=fail"), all_keys(), ARC_FAIL, 0, UNFIT, FIELD_ARC_SEAL, 3);
	expect("white space changed as relays do",
	       change(change(three, "i=1; hop1.example; spf=pass",
	                     "i=1;   hop1.example;\r\n  spf=pass"),
	              "are  attached. ", "are attached."),
	       all_keys(), ARC_PASS, 0, NULL, FIELD_OTHER, 0);

	tap_begin("sealer and results of the newest set");
	struct arc_outcome_seen s = check(three, all_keys());
	CHECK(!strcmp(s.sealer, "hop3.example") && s.seals_ok == 3 && s.messages_ok == 3 &&
	      s.r.instance == 3);
	CHECK_MSG(!strcmp(s.authres, "hop3.example; spf=pass smtp.mailfrom=example.com;\tdkim=pass "
	                             "header.d=example.com header.s=sel header.b=AbCdEfGh"), "%s", s.authres);
	CHECK_MSG(s.rounds == 1, "%u round trips", s.rounds);
	tap_end();
}

static void test_oldest_pass(void)
{
	const char *why = NULL;
	struct bytes m = change(chain_of(1), "attached", "ATTACHED");

	m = seal(m, &hops[1], ARC_PASS, &why);
	m = seal(m, &hops[2], ARC_PASS, &why);
	expect("the body was changed after the first hop", m, all_keys(), ARC_PASS, 2, NULL,
	       FIELD_OTHER, 0);
	m = change(chain_of(2), "Subject: minutes", "Subject: [list] minutes");
	m = seal(m, &hops[2], ARC_PASS, &why);
	expect("the subject was changed after the second hop", m, all_keys(), ARC_PASS, 3, NULL,
	       FIELD_OTHER, 0);
}

static void test_failed(void)
{
	const char *why = NULL;
	struct bytes broken = change(chain_of(2), "attached", "ATTACHED");
	struct bytes m = seal(broken, &hops[2], ARC_FAIL, &why);

	tap_begin("a failed chain is sealed with cv=fail, over the new set alone");
	CHECK_MSG(m.p && bytes_search(m, B("cv=fail")) < m.n, "%s", why);
	tap_end();
	expect("a chain that had failed stays failed", m, all_keys(), ARC_FAIL, 0,
	       "the newest seal says that the chain had failed before (cv=fail)", FIELD_OTHER, 3);
	tap_begin("nothing is added after cv=fail");
	CHECK(!seal(m, &hops[0], ARC_FAIL, &why).p &&
	      !strcmp(why, "the chain has ended (cv=fail, or too many fields)"));
	tap_end();
	tap_begin("a status that is not that of the chain is refused");
	CHECK(!seal(broken, &hops[0], ARC_NONE, &why).p);
	CHECK(!seal(bytes_of(plain), &hops[0], ARC_PASS, &why).p);
	CHECK(!seal(bytes_of(plain), &hops[0], ARC_FAIL, &why).p);
	CHECK(!seal(change(broken, "ARC-Seal:", "X-Seal:"), &hops[0], ARC_PASS, &why).p);
	CHECK(!strcmp(why, "the status is not that of the chain"));
	CHECK(!seal(broken, &hops[0], ARC_TEMPERROR, &why).p &&
	      !strcmp(why, "the chain could not be checked for now"));
	tap_end();
}

static struct txt_zone with_status(const char *name, enum dns_status status)
{
	struct txt_zone z = all_keys();

	for (size_t i = 0; i < z.n; i++)
		if (!strcmp(z.records[i].name, name))
			z.records[i].status = status;
	return z;
}

static void test_dns(void)
{
	struct bytes three = chain_of(3);
	struct txt_zone two = all_keys();

	expect("no key of the newest hop", three,
	       with_status("old._domainkey.hop3.example", DNS_NXDOMAIN), ARC_FAIL, 0,
	       "there is no key at the selector", FIELD_ARC_MESSAGE_SIGNATURE, 3);
	expect("the newest hop's name server is down", three,
	       with_status("old._domainkey.hop3.example", DNS_TIMEOUT), ARC_TEMPERROR, 0,
	       "the key could not be fetched in time", FIELD_ARC_MESSAGE_SIGNATURE, 3);
	expect("the newest hop's name server is down, and the body was changed",
	       change(three, "attached", "ATTACHED"),
	       with_status("old._domainkey.hop3.example", DNS_TIMEOUT), ARC_FAIL, 0,
	       "the body was changed after signing", FIELD_ARC_MESSAGE_SIGNATURE, 3);
	expect("the first hop's name server fails", three,
	       with_status("rsa._domainkey.hop1.example", DNS_SERVFAIL), ARC_TEMPERROR, 0,
	       "the key could not be fetched: the name server failed", FIELD_ARC_SEAL, 1);
	expect("no key of the first hop", three,
	       with_status("rsa._domainkey.hop1.example", DNS_NODATA), ARC_FAIL, 0,
	       "there is no key at the selector", FIELD_ARC_SEAL, 1);
	two.records[1].text = keys.record[KEY_RSA2048];
	expect("the key of another type", three, two, ARC_FAIL, 0,
	       "the key is not of the type that a= asks for", FIELD_ARC_SEAL, 2);
	two = all_keys();
	txt_zone_add(&two, "rsa._domainkey.hop1.example", keys.record[KEY_RSA1024]);
	expect("a second key at the same name", three, two, ARC_PASS, 0, NULL, FIELD_OTHER, 0);
}

/* A set made by hand, for tags that the sealer never writes. It goes above what is there. */
struct by_hand {
	const char *selector;  /* of the message signature; the seal has "rsa" */
	const char *tags;      /* of the message signature, with a final ";" */
	enum dkim_canon canon; /* of header and body */
	uint64_t length;
};

static struct bytes sign_field(struct work *w, const uint8_t digest[DKIM_DIGEST], struct bytes text)
{
	uint8_t signature[SIGNATURE_MAX];
	size_t n = 0;

	CHECK(privkey_sign(keys.key[KEY_RSA2048], digest, signature, &n));
	struct bytes b = base64_encode(w->arena, (struct bytes){ signature, n });
	return arena_printf(w->arena, "%.*s%.*s\r\n", BYTES_ARG(bytes_sub(text, 0, text.n - 2)),
	                    BYTES_ARG(b));
}

static struct bytes make_set(struct bytes message, unsigned instance, const struct by_hand *hand)
{
	struct work w = { .arena = arena_new(4 << 20), .limits = &limits, .now = NOW };
	struct bytes names[] = { B("From"), B("Subject") };
	uint8_t digest[DKIM_DIGEST];
	struct arc_sets sets;
	struct dkim_sink sink;
	struct header h;

	header_index(&w, &h, message);
	CHECK(arc_sets_read(&w, &h, &sets));
	struct dkim_bodies *bodies = dkim_bodies_new(&w, h.ends);
	int body = dkim_bodies_want(bodies, hand->canon, hand->length);
	dkim_bodies_update(bodies, bytes_from(message, h.body_at));
	dkim_bodies_end(bodies);
	struct bytes bh = base64_encode(
	        w.arena, (struct bytes){ dkim_bodies_digest(bodies, body), DKIM_DIGEST });
	struct bytes results = arena_printf(
	        w.arena, "ARC-Authentication-Results: i=%u; hop1.example; none\r\n", instance);
	struct bytes ams =
	        arena_printf(w.arena,
	                     "ARC-Message-Signature: i=%u; a=rsa-sha256; d=hop1.example; s=%s; %s "
	                     "h=From:Subject; bh=%.*s; b=\r\n",
	                     instance, hand->selector, hand->tags, BYTES_ARG(bh));
	CHECK(dkim_sign_hash(&w, &h, names, 2, hand->canon, ams, ams.n - 2, 0, digest));
	ams = sign_field(&w, digest, ams);
	struct bytes as = arena_printf(
	        w.arena, "ARC-Seal: i=%u; a=rsa-sha256; d=hop1.example; s=rsa; cv=%s; b=\r\n",
	        instance, instance == 1 ? "none" : "pass");
	struct field fields[] = {
		dkim_write_field(results), dkim_write_field(ams), dkim_write_field(as),
	};
	struct digest *d = digest_new();
	dkim_sink_to_digest(&sink, d);
	for (size_t i = 0; i < sets.n; i++)
		arc_set_canon(&sink, h.ends, &sets.list[i]);
	dkim_canon_field(&sink, DKIM_RELAXED, LINES_CRLF, &fields[0]);
	dkim_canon_field(&sink, DKIM_RELAXED, LINES_CRLF, &fields[1]);
	dkim_canon_signature(&sink, DKIM_RELAXED, LINES_CRLF, &fields[2],
	                     bytes_sub(as, as.n - 2, 0));
	dkim_sink_flush(&sink);
	CHECK(digest_peek(d, digest));
	digest_free(d);
	as = sign_field(&w, digest, as);
	struct bytes out = arena_printf(arena, "%.*s%.*s%.*s%.*s", BYTES_ARG(as), BYTES_ARG(ams),
	                                BYTES_ARG(results), BYTES_ARG(message));
	dkim_bodies_free(bodies);
	arena_free(w.arena);
	return out;
}

static void test_by_hand(void)
{
	static const struct {
		const char *name;
		struct by_hand hand;
		enum arc_outcome want;
		const char *reason;
	} cases[] = {
		{ "relaxed, said", { "rsa", "c=relaxed/relaxed;", DKIM_RELAXED, DKIM_BODY_ALL }, ARC_PASS, NULL },
		{ "simple, said", { "rsa", "c=simple;", DKIM_SIMPLE, DKIM_BODY_ALL }, ARC_PASS, NULL },
		{ "simple, unsaid", { "rsa", "", DKIM_SIMPLE, DKIM_BODY_ALL }, ARC_PASS, NULL },
		{ "relaxed, unsaid, as drafts had it", { "rsa", "", DKIM_RELAXED, DKIM_BODY_ALL }, ARC_PASS, NULL },
		{ "relaxed, said to be simple", { "rsa", "c=simple/simple;", DKIM_RELAXED, DKIM_BODY_ALL }, ARC_FAIL, UNFIT },
		{ "l= is the length of the body", { "rsa", "c=relaxed/relaxed; l=27;", DKIM_RELAXED, 27 }, ARC_PASS, NULL },
		{ "l= leaves bytes unsigned", { "rsa", "c=relaxed/relaxed; l=10;", DKIM_RELAXED, 10 }, ARC_FAIL,
		  "l= is not the length of the body" },
		{ "l= is longer than the body", { "rsa", "c=relaxed/relaxed; l=28;", DKIM_RELAXED, 28 }, ARC_FAIL,
		  "l= is not the length of the body" },
		{ "expired at hand-over", { "rsa", "c=relaxed/relaxed; t=1; x=1794999999;", DKIM_RELAXED, DKIM_BODY_ALL },
		  ARC_FAIL, "the signature has expired (x=)" },
		{ "not yet expired", { "rsa", "c=relaxed/relaxed; t=1; x=1795000000;", DKIM_RELAXED, DKIM_BODY_ALL },
		  ARC_PASS, NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		expect(cases[i].name, make_set(bytes_of(plain), 1, &cases[i].hand), all_keys(),
		       cases[i].want, 0, cases[i].reason,
		       cases[i].reason ? FIELD_ARC_MESSAGE_SIGNATURE : FIELD_OTHER,
		       cases[i].reason ? 1 : 0);

	struct by_hand other = { "other", "c=relaxed/relaxed;", DKIM_RELAXED, DKIM_BODY_ALL };
	struct txt_zone z = all_keys();
	const char *why = NULL;
	struct bytes m = seal(make_set(bytes_of(plain), 1, &other), &hops[1], ARC_PASS, &why);
	txt_zone_add(&z, "other._domainkey.hop1.example", keys.record[KEY_RSA2048]);
	expect("a selector of its own for the message signature", m, z, ARC_PASS, 0, NULL,
	       FIELD_OTHER, 0);
	z.records[z.n - 1].status = DNS_TIMEOUT;
	expect("a time-out for an older message signature only ends the search", m, z, ARC_PASS, 2,
	       NULL, FIELD_OTHER, 0);
}

static void test_edges(void)
{
	struct bytes three = heap_bytes(chain_of(3)), exact;
	struct arc_case c = { .message = three, .zone = all_keys(), .now = NOW, .no_body = true };
	const char *why = NULL;
	struct bytes m;

	tap_begin("without a body nothing passes");
	struct arc_outcome_seen s = arc_case_run(&c, NULL);
	CHECK(s.r.result == ARC_FAIL && s.r.reason &&
	      !strcmp(s.r.reason, "the body is not at hand"));
	tap_end();

	tap_begin("memory ends at any point: no result, or the right one");
	c.no_body = false;
	struct arc_outcome_seen want = arc_case_run(&c, NULL);
	int without = 0, right = 0;
	for (long n = 0; n < 80; n++) {
		mem_fail_after(n, true);
		s = arc_case_run(&c, NULL);
		mem_fail_after(-1, false);
		without += s.state != CHECK_DONE;
		right += s.state == CHECK_DONE && arc_case_same(&s, &want);
	}
	CHECK_MSG(without > 10 && right > 10 && without + right == 80, "%d without, %d right",
	          without, right);
	tap_end();
	heap_free(three);

	tap_begin("fifty sets pass, a fifty-first is not added");
	m = bytes_of(plain);
	for (int i = 0; i < 50; i++)
		m = seal(m, &hops[1], i ? ARC_PASS : ARC_NONE, &why);
	exact = heap_bytes(m);
	c = (struct arc_case){ .message = exact, .zone = all_keys(), .now = NOW };
	s = arc_case_run(&c, NULL);
	CHECK_MSG(s.r.result == ARC_PASS && s.r.instance == 50 && s.seals_ok == 50 &&
	                  s.r.oldest_pass == 0,
	          "%s, %s", arc_outcome_name(s.r.result), s.r.reason);
	CHECK(!seal(m, &hops[1], ARC_PASS, &why).p &&
	      !strcmp(why, "the chain has no room for another set"));
	heap_free(exact);
	tap_end();
}

int main(void)
{
	limits_init(&limits);
	arena = arena_new(64 << 20);
	test_keys_load(&keys, arena);
	test_chains();
	test_oldest_pass();
	test_failed();
	test_dns();
	test_by_hand();
	test_edges();
	test_keys_free(&keys);
	arena_free(arena);
	return tap_done();
}
