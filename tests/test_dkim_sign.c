#include "dkim/dkim_sign.h"

#include "base/mem.h"
#include "dkim_helper.h"

#define NOW 1795435200 /* 2026-11-23 12:00 */

static const char mail[] =
	"Received: from a.example by b.example; Mon, 23 Nov 2026 12:00:00 +0000\r\n"
	"From: Ann <ann@example.org>\r\n"
	"To: bob@example.net,\r\n\tcarol@example.net\r\n"
	"Subject:  Lunch  \r\n"
	"Date: Mon, 23 Nov 2026 12:00:00 +0000\r\n"
	"Message-ID: <1@example.org>\r\n"
	"List-Id: <x.example>\r\n"
	"\r\n"
	"At  noon? \r\n\r\nAnn\r\n\r\n";

static struct limits limits;
static struct privkey *rsa1024, *rsa2048, *ed25519;
static struct dns_zone *zone;

static const struct key_row {
	const char *name, *selector;
	struct privkey **key;
} key_rows[] = {
	{ "RSA of 1024 bits", "small", &rsa1024 },
	{ "RSA of 2048 bits", "s1", &rsa2048 },
	{ "Ed25519", "ed", &ed25519 },
};

static void make_zone(struct arena *a)
{
	zone = dns_zone_new();
	for (size_t i = 0; i < ARRAY_LEN(key_rows); i++) {
		const struct key_row *k = &key_rows[i];
		bool ed = privkey_type(*k->key) == CRYPTO_ED25519;
		struct bytes name = arena_printf(a, "%s._domainkey.example.org", k->selector);
		struct bytes txt = arena_printf(a, "v=DKIM1; k=%s; p=%.*s", ed ? "ed25519" : "rsa",
		                                BYTES_ARG(public_of(a, *k->key)));
		CHECK(dns_zone_put(zone, name, DNS_TXT, 3600, txt));
	}
}

static struct work new_work(void)
{
	return (struct work){ .arena = arena_new(4 << 20), .limits = &limits, .now = NOW };
}

static struct dkim_sign_options options_of(struct work *w, const struct key_row *k)
{
	struct dkim_sign_options o;
	struct dname d = { 0 };

	(void)!dname_parse(w->arena, B("example.org"), DNAME_HOST, &d, NULL);
	dkim_sign_options_init(&o, d, bytes_of(k->selector), privkey_type(*k->key));
	o.signed_at = NOW;
	return o;
}

/* The field; p NULL: refused with the reason, or out of memory. */
static struct bytes sign(struct work *w, const struct dkim_sign_options *o,
                         const struct privkey *key, struct bytes message, const char **why)
{
	struct bytes field = { NULL, 0 };
	struct dkim_signing *s;
	struct header h;

	header_index(w, &h, message);
	struct dkim_bodies *bodies = dkim_bodies_new(w, h.ends);
	*why = "out of memory";
	if (bodies && dkim_sign_begin(w, &h, bodies, o, &s, why)) {
		dkim_bodies_update(bodies, bytes_from(message, h.body_at));
		dkim_bodies_end(bodies);
		*why = "out of memory";
		if (!dkim_sign_with(w, s, key, &field))
			field = (struct bytes){ NULL, 0 };
	}
	dkim_bodies_free(bodies);
	return field;
}

/* The result of the only signature, "" where there is not one. */
static const char *verify(struct bytes message, uint32_t *weaknesses, const char **reason)
{
	struct bytes exact = heap_bytes(message);
	struct dkim_run r = { .work = new_work(), .zone = zone };
	const char *result = "";

	*weaknesses = 0;
	*reason = "";
	dkim_run(&r, exact);
	if (r.state == CHECK_DONE && r.set.n == 1) {
		result = dkim_outcome_name(r.set.results[0].result);
		*weaknesses = r.set.results[0].weaknesses;
		*reason = r.set.results[0].reason ? r.set.results[0].reason : "";
	}
	dkim_run_end(&r);
	arena_free(r.work.arena);
	heap_free(exact);
	return result;
}

static struct bytes without_cr(struct arena *a, struct bytes text)
{
	uint8_t *p = arena_alloc(a, text.n);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] != '\r')
			p[n++] = text.p[i];
	return (struct bytes){ p, n };
}

static void check_pair(struct work *w, const struct key_row *k, unsigned pair)
{
	struct dkim_sign_options o = options_of(w, k);
	struct bytes crlf = bytes_of(mail), lf = without_cr(w->arena, crlf);
	uint32_t weak, expected = k->key == &rsa1024 ? UINT32_C(1) << DKIM_WEAK_SHORT_KEY : 0;
	const char *why, *reason;

	o.header = pair & 1 ? DKIM_RELAXED : DKIM_SIMPLE;
	o.body = pair & 2 ? DKIM_RELAXED : DKIM_SIMPLE;
	tap_begin("%s, %s/%s: what is signed verifies", k->name, pair & 1 ? "relaxed" : "simple",
	          pair & 2 ? "relaxed" : "simple");
	struct bytes field = sign(w, &o, *k->key, crlf, &why),
	             same = sign(w, &o, *k->key, lf, &why);
	CHECK_MSG(field.p != NULL, "%s", why);
	CHECK_MSG(bytes_same(field, same), "stored with LF it is another signature:\n%.*s%.*s",
	          BYTES_ARG(field), BYTES_ARG(same));
	const char *result = verify(arena_join(w->arena, field, crlf), &weak, &reason);
	CHECK_MSG(!strcmp(result, "pass") && weak == expected, "%s: %s, weaknesses %x", result,
	          reason, weak);
	result = verify(arena_join(w->arena, without_cr(w->arena, field), lf), &weak, &reason);
	CHECK_MSG(!strcmp(result, "pass"), "with LF: %s: %s", result, reason);
	tap_end();
}

/* What is done to the message on its way: the first `from` becomes `to`. */
static const struct {
	const char *name, *from, *to, *relaxed, *simple; /* results */
} changes[] = {
	{ "a word of the body", "noon", "nine", "fail", "fail" },
	{ "white space inside a line of the body", "At  noon", "At noon", "pass", "fail" },
	{ "white space at the end of a line", "noon? \r\n", "noon?\r\n", "pass", "fail" },
	{ "empty lines at the end", "Ann\r\n\r\n", "Ann\r\n\r\n\r\n\r\n", "pass", "pass" },
	{ "a line at the end", "Ann\r\n\r\n", "Ann\r\n\r\nP.S.\r\n", "fail", "fail" },
	{ "the name of a field in capitals", "Subject:", "SUBJECT:", "pass", "fail" },
	{ "a folded To", "bob@example.net,\r\n\tcarol", "bob@example.net, carol", "pass", "fail" },
	{ "the subject", "Lunch", "Dinner", "fail", "fail" },
	{ "a second From above", "Received:", "From: eve@example.com\r\nReceived:", "fail", "fail" },
	{ "a second From below", "List-Id:", "From: eve@example.com\r\nList-Id:", "fail", "fail" },
	{ "a second Subject", "List-Id:", "Subject: other\r\nList-Id:", "fail", "fail" },
	{ "a Content-Type where there was none", "List-Id:", "Content-Type: text/html\r\nList-Id:", "fail", "fail" },
	{ "a Reply-To where there was none", "List-Id:", "Reply-To: eve@example.com\r\nList-Id:", "fail", "fail" },
	{ "a field that is not signed", "List-Id: <x.example>", "List-Id: <y.example>", "pass", "pass" },
	{ "an unsigned field added", "Received:", "X-Spam: no\r\nReceived:", "pass", "pass" },
};

static struct bytes change(struct arena *a, struct bytes text, const char *from, const char *to)
{
	size_t at = bytes_search(text, bytes_of(from));

	CHECK_MSG(at < text.n, "\"%s\" is not in the message", from);
	return arena_join(a, arena_join(a, bytes_sub(text, 0, at), bytes_of(to)),
	                  bytes_from(text, at + strlen(from)));
}

static void test_changes(void)
{
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		struct work w = new_work();
		const char *why, *reason;
		uint32_t weak;

		tap_begin("changed on the way: %s", changes[i].name);
		for (int relaxed = 0; relaxed < 2; relaxed++) {
			struct dkim_sign_options o = options_of(&w, &key_rows[2]);
			const char *want = relaxed ? changes[i].relaxed : changes[i].simple;
			o.header = o.body = relaxed ? DKIM_RELAXED : DKIM_SIMPLE;
			struct bytes field = sign(&w, &o, ed25519, bytes_of(mail), &why);
			struct bytes other =
			        change(w.arena, bytes_of(mail), changes[i].from, changes[i].to);
			const char *result =
			        verify(arena_join(w.arena, field, other), &weak, &reason);
			CHECK_MSG(!strcmp(result, want), "%s: %s, not %s: %s",
			          relaxed ? "relaxed" : "simple", result, want, reason);
		}
		tap_end();
		arena_free(w.arena);
	}
}

static void test_form(void)
{
	struct work w = new_work();
	struct dkim_sign_options o = options_of(&w, &key_rows[2]);
	const char *why, *reason;
	uint32_t weak;

	tap_begin("the field: tags, oversigned names, folds");
	o.identity = B("a;b=c d@sub.example.org");
	o.expires = NOW + 86400;
	struct bytes field = sign(&w, &o, ed25519, bytes_of(mail), &why);
	CHECK_MSG(bytes_istarts(field,
		"DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=example.org; s=ed;\r\n"
		" i=a=3Bb=3Dc=20d@sub.example.org; t=1795435200; x=1795521600;\r\n"
		" h=From:From:Reply-To:Subject:Subject:Date:Date:To:To:Cc:Message-ID:\r\n"
		" Message-ID:In-Reply-To:References:MIME-Version:Content-Type:\r\n"
		" Content-Transfer-Encoding; bh="), "%s\n%.*s", why, BYTES_ARG(field));
	o.identity = B("@sub.example.org");
	field = sign(&w, &o, ed25519, bytes_of(mail), &why);
	const char *result = verify(arena_join(w.arena, field, bytes_of(mail)), &weak, &reason);
	CHECK_MSG(!strcmp(result, "pass") && weak == 0, "%s: %s, weaknesses %x", result, reason,
	          weak);
	tap_end();

	tap_begin("From is signed even if it is not listed; a name listed twice counts once");
	struct bytes names[] = { B("subject"), B("List-Id"), B("SUBJECT"), B("Absent") };
	o.fields = names;
	o.n_fields = ARRAY_LEN(names);
	o.identity = (struct bytes){ NULL, 0 };
	field = sign(&w, &o, ed25519, bytes_of(mail), &why);
	CHECK(bytes_search(field, B(" h=subject:subject:List-Id:From:From;")) < field.n);
	result = verify(arena_join(w.arena, field, bytes_of(mail)), &weak, &reason);
	CHECK_MSG(!strcmp(result, "pass"), "%s: %s", result, reason);
	tap_end();

	tap_begin("l= lets the end grow, and the verifier says so");
	o.body_length = true;
	field = sign(&w, &o, ed25519, bytes_of(mail), &why);
	CHECK(bytes_search(field, B(" l=17;")) < field.n);
	struct bytes longer = change(w.arena, bytes_of(mail), "Ann\r\n\r\n", "Ann\r\nP.S.\r\n");
	result = verify(arena_join(w.arena, field, longer), &weak, &reason);
	CHECK_MSG(!strcmp(result, "pass") && (weak >> DKIM_WEAK_UNCOVERED_BODY & 1), "%s: %s",
	          result, reason);
	tap_end();
	arena_free(w.arena);
}

static const struct {
	const char *name, *selector, *identity, *field, *mail, *why;
	int64_t expires;
	bool no_domain;
} refusals[] = {
	{ "no domain", "s1", "", "To", mail, "there is no domain to sign for", -1, true },
	{ "a selector that is no name", "s 1", "", "To", mail, "the selector is not a name", -1, false },
	{ "no selector", "", "", "To", mail, "the selector is not a name", -1, false },
	{ "an identity elsewhere", "s1", "ann@example.com", "To", mail,
	  "the identity is not at the domain or below it", -1, false },
	{ "an identity above", "s1", "ann@org", "To", mail, "the identity is not at the domain or below it", -1, false },
	{ "an identity without @", "s1", "example.org", "To", mail, "the identity is not at the domain or below it", -1,
	  false },
	{ "a name with a colon", "s1", "", "To:Cc", mail, "the name of a field cannot stand in h=", -1, false },
	{ "a name that ends the tag", "s1", "", "To;", mail, "the name of a field cannot stand in h=", -1, false },
	{ "an empty name", "s1", "", "", mail, "the name of a field cannot stand in h=", -1, false },
	{ "a signature that is over at once", "s1", "", "To", mail, "the signature would expire before it is made", NOW,
	  false },
	{ "no From", "s1", "", "To", "To: a@example.com\r\n\r\nx\r\n", "there is no From field to sign", -1, false },
};

static void test_refusals(void)
{
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		struct work w = new_work();
		struct dkim_sign_options o = options_of(&w, &key_rows[1]);
		struct bytes name = bytes_of(refusals[i].field);
		const char *why = NULL;

		tap_begin("refused: %s", refusals[i].name);
		o.selector = bytes_of(refusals[i].selector);
		o.identity = bytes_of(refusals[i].identity);
		o.fields = &name;
		o.n_fields = 1;
		o.expires = refusals[i].expires;
		if (refusals[i].no_domain)
			o.domain = (struct dname){ 0 };
		CHECK(!sign(&w, &o, rsa2048, bytes_of(refusals[i].mail), &why).p);
		CHECK_MSG(!strcmp(why, refusals[i].why), "%s", why);
		tap_end();
		arena_free(w.arena);
	}
	struct work w = new_work();
	struct dkim_sign_options o = options_of(&w, &key_rows[1]);
	struct bytes name = B("X"), many = bytes_of(mail);
	const char *why = NULL;
	tap_begin("refused: more fields than the limit");
	for (int i = 0; i < 501; i++)
		many = arena_join(w.arena, B("X: y\r\n"), many);
	o.fields = &name;
	o.n_fields = 1;
	CHECK(!sign(&w, &o, rsa2048, many, &why).p &&
	      !strcmp(why, "there are too many fields to sign"));
	CHECK(w.reached >> LIMIT_DKIM_SIGNED_FIELDS & 1);
	tap_end();
	arena_free(w.arena);
}

static void test_memory(void)
{
	int made = 0, not = 0;

	tap_begin("memory ends at any point: no field, or the right one");
	struct work w = new_work();
	struct dkim_sign_options o = options_of(&w, &key_rows[2]);
	const char *why = NULL;
	struct bytes want = sign(&w, &o, ed25519, bytes_of(mail), &why);
	for (long n = 0; n < 40; n++) {
		struct work other = new_work();
		mem_fail_after(n, true);
		struct bytes field = sign(&other, &o, ed25519, bytes_of(mail), &why);
		mem_fail_after(-1, false);
		CHECK(!field.p || bytes_same(field, want));
		CHECK(field.p || !strcmp(why, "out of memory"));
		*(field.p ? &made : &not) += 1;
		arena_free(other.arena);
	}
	CHECK_MSG(made > 5 && not > 5, "%d made, %d not", made, not);
	tap_end();
	arena_free(w.arena);
}

int main(void)
{
	struct arena *a = arena_new(1 << 20);

	limits_init(&limits);
	rsa1024 = key_of("rsa1024.pem");
	rsa2048 = key_of("rsa2048.pem");
	ed25519 = key_of("ed25519.pem");
	make_zone(a);
	for (size_t k = 0; k < ARRAY_LEN(key_rows); k++) {
		for (unsigned pair = 0; pair < 4; pair++) {
			struct work w = new_work();
			check_pair(&w, &key_rows[k], pair);
			arena_free(w.arena);
		}
	}
	test_changes();
	test_form();
	test_refusals();
	test_memory();
	dns_zone_free(zone);
	for (size_t k = 0; k < ARRAY_LEN(key_rows); k++)
		privkey_free(*key_rows[k].key);
	arena_free(a);
	return tap_done();
}
