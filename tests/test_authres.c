#include "mail/authres.h"
#include "tap.h"

static struct work w;
static struct limits limits;

/* What was read, in one line: "id[/version] [late] [none] [damaged] | method[/v]=result [reason=] [(comment)]
 * [ptype.property=value] | ..." */
static struct bytes describe(struct arena *a, const struct authres *ar)
{
	struct bytes to = arena_printf(a, "%.*s%s%.*s%s%s%s", BYTES_ARG(ar->id), ar->version.n ? "/" : "",
	                               BYTES_ARG(ar->version), ar->id_late ? " late" : "",
	                               ar->none ? " none" : "", ar->damaged ? " damaged" : "");

	for (size_t i = 0; i < ar->n; i++) {
		const struct authres_result *r = &ar->results[i];
		to = arena_printf(a, "%.*s | %.*s%s%.*s=%.*s", BYTES_ARG(to), BYTES_ARG(r->method),
		                  r->version.n ? "/" : "", BYTES_ARG(r->version), BYTES_ARG(r->result));
		if (r->reason.n)
			to = arena_printf(a, "%.*s reason=%.*s", BYTES_ARG(to), BYTES_ARG(r->reason));
		if (r->comment.n)
			to = arena_printf(a, "%.*s (%.*s)", BYTES_ARG(to), BYTES_ARG(r->comment));
		for (size_t p = 0; p < r->n; p++)
			to = arena_printf(a, "%.*s %.*s%s%.*s=%.*s", BYTES_ARG(to), BYTES_ARG(r->props[p].ptype),
			                  r->props[p].ptype.n ? "." : "", BYTES_ARG(r->props[p].property),
			                  BYTES_ARG(r->props[p].value));
	}
	return to;
}

static const struct {
	const char *name, *value, *want;
} cases[] = {
	/* as RFC 8601 has it */
	{ "no checks", " example.org 1; none", "example.org/1 none" },
	{ "one check", " example.com;\r\n          spf=pass smtp.mailfrom=example.net",
	  "example.com | spf=pass smtp.mailfrom=example.net" },
	{ "several, with a version and a reason",
	  "example.com; auth=pass (cram-md5) smtp.auth=sender@example.net; dkim/1=fail reason=\"bad signature\" header.d=a.example",
	  "example.com | auth=pass (cram-md5) smtp.auth=sender@example.net | "
	  "dkim/1=fail reason=bad signature header.d=a.example" },
	{ "comments and folds wherever CFWS may stand",
	  "(a) foo.example (b) (c (d)) 1 (e);\r\n\tdkim (f) / (g) 1 (h) = (i) pass (j)\r\n\tpolicy (k) . (l) expired (m) = (n) x(o) ;(p)",
	  "foo.example/1 | dkim/1=pass (f) policy.expired=x" },
	{ "a quoted id, quoted values", "\"mx.example\\.org\"; spf=pass smtp.mailfrom=\"a\\\"b; c\"@example.net reason=\"x\r\n y\"",
	  "mx.example.org | spf=pass reason=x y smtp.mailfrom=a\"b; c@example.net" },
	{ "no results at all", "example.org", "example.org" },
	{ "letter case is kept", "MX.Example.ORG; DKIM=Pass Header.D=Example.Net",
	  "MX.Example.ORG | DKIM=Pass Header.D=Example.Net" },
	{ "an empty value", "example.org; spf=pass smtp.mailfrom=; dkim=none", "example.org | spf=pass smtp.mailfrom= | dkim=none" },
	{ "a null sender in quotes", "example.org; spf=none smtp.mailfrom=\"<>\"", "example.org | spf=none smtp.mailfrom=<>" },

	/* as providers have it */
	{ "gmail",
	  " mx.google.com;\r\n       dkim=pass header.i=@example.org header.s=s1 header.b=\"Ab/c+d=\";\r\n"
	  "       dkim=pass header.i=@example.net header.s=s2 header.b=Q/S+O8z=;\r\n"
	  "       arc=pass (i=1 spf=pass spfdomain=example.org dkim=pass dkdomain=example.org dmarc=pass fromdomain=example.org);\r\n"
	  "       spf=pass (google.com: domain of bob@example.org designates 192.0.2.1 as permitted sender) "
	  "smtp.mailfrom=bob@example.org;\r\n       dmarc=pass (p=REJECT sp=NONE dis=NONE) header.from=example.org",
	  "mx.google.com | dkim=pass header.i=@example.org header.s=s1 header.b=Ab/c+d= | dkim=pass header.i=@example.net "
	  "header.s=s2 header.b=Q/S+O8z= | arc=pass (i=1 spf=pass spfdomain=example.org dkim=pass dkdomain=example.org "
	  "dmarc=pass fromdomain=example.org) | spf=pass (google.com: domain of bob@example.org designates 192.0.2.1 as permitted "
	  "sender) smtp.mailfrom=bob@example.org | dmarc=pass (p=REJECT sp=NONE dis=NONE) header.from=example.org" },
	{ "microsoft 365: no id",
	  " spf=pass (sender IP is 192.0.2.1)\r\n smtp.mailfrom=example.org; dkim=pass (signature was verified)\r\n"
	  " header.d=example.org;dmarc=pass action=none\r\n header.from=example.org;compauth=pass reason=100",
	  " | spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=example.org | dkim=pass (signature was verified) "
	  "header.d=example.org | dmarc=pass action=none header.from=example.org | compauth=pass reason=100" },
	{ "microsoft 365 of old: the id behind the first result",
	  "spf=fail (sender IP is 203.0.113.5) smtp.mailfrom=example.org; example.com; dkim=none (message not signed) header.d=none",
	  "example.com late | spf=fail (sender IP is 203.0.113.5) smtp.mailfrom=example.org | dkim=none (message not signed) "
	  "header.d=none" },
	{ "yahoo: a comment glued to the result",
	  "atlas-production.v2.omega.yahoo.com; dkim=pass header.i=@example.org header.s=s1; spf=pass smtp.mailfrom=example.org; "
	  "dmarc=pass(p=REJECT) header.from=example.org;",
	  "atlas-production.v2.omega.yahoo.com | dkim=pass header.i=@example.org header.s=s1 | spf=pass "
	  "smtp.mailfrom=example.org | dmarc=pass (p=REJECT) header.from=example.org" },
	{ "amazon: properties that are parts of their own",
	  "amazonses.com; spf=pass (spfCheck: domain of example.org designates 192.0.2.1 as permitted sender) "
	  "client-ip=192.0.2.1; envelope-from=bob@example.org; helo=mail.example.org; dkim=pass header.i=@example.org;",
	  "amazonses.com | spf=pass (spfCheck: domain of example.org designates 192.0.2.1 as permitted sender) "
	  "client-ip=192.0.2.1 | envelope-from=bob@example.org | helo=mail.example.org | dkim=pass header.i=@example.org" },
	{ "opendkim: reason before the comment",
	  "mx.example.com;\n\tdkim=fail reason=\"signature verification failed\" (2048-bit key; unprotected) header.d=example.org "
	  "header.i=@example.org header.b=\"PrsT/nuH\";\n\tdkim-atps=neutral",
	  "mx.example.com | dkim=fail reason=signature verification failed (2048-bit key; unprotected) header.d=example.org "
	  "header.i=@example.org header.b=PrsT/nuH | dkim-atps=neutral" },
	{ "amavis: a comment behind the id", "mx.example.com (amavisd-new); dkim=pass (2048-bit key)\n header.d=example.org",
	  "mx.example.com | dkim=pass (2048-bit key) header.d=example.org" },

	/* what is not quite right */
	{ "trap: a parenthesis in an identity opens a comment", "mx.example.com; spf=pass smtp.mailfrom=any@l.example(a.evil.example; "
	  "dmarc=pass header.from=l.example",
	  "mx.example.com damaged | spf=pass (a.evil.example; dmarc=pass header.from=l.example) smtp.mailfrom=any@l.example" },
	{ "a word without =", "mx.example.com; spf=pass well header.from=x", "mx.example.com damaged | spf=pass header.from=x" },
	{ "a second lone word", "mx.example.com; what; spf=pass", "mx.example.com damaged | spf=pass" },
	{ "no method", "mx.example.com; =pass; spf=pass", "mx.example.com damaged | spf=pass" },
	{ "no result", "mx.example.com; spf=; dkim=pass", "mx.example.com damaged | dkim=pass" },
	{ "three words for an id", "mx example com; spf=pass", "mx/example damaged | spf=pass" },
	{ "an empty id", "; spf=pass", " | spf=pass" },
	{ "nothing", "", "" },
	{ "two equal signs", "mx.example.com; spf==pass; dkim=pass a==b c=d",
	  "mx.example.com | spf==pass | dkim=pass a==b c=d" },
	{ "dots alone", "mx.example.com; spf=pass . . . . . . . .", "mx.example.com damaged | spf=pass" },
};

static void run_cases(void)
{
	struct authres ar;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes value = heap_copy(cases[i].value);

		tap_begin("%s", cases[i].name);
		arena_reset(w.arena);
		CHECK(authres_parse(&w, value, &ar));
		struct bytes got = describe(w.arena, &ar);
		CHECK_MSG(bytes_eq(got, cases[i].want), "\n#  got %.*s\n# want %s", BYTES_ARG(got), cases[i].want);
		tap_end();
		heap_free(value);
	}
}

static void run_arc(void)
{
	struct authres ar;
	unsigned instance = 99;

	tap_begin("the value of an ARC set");
	CHECK(authres_parse_arc(&w, B(" i=2; mx.google.com;\r\n dkim=pass header.i=@example.org"), &instance, &ar));
	CHECK(instance == 2 && ar.n == 1 && bytes_eq(ar.id, "mx.google.com"));
	CHECK(authres_parse_arc(&w, B("(c) I (c) = 1 ; x.example; none"), &instance, &ar));
	CHECK(instance == 1 && ar.none && bytes_eq(ar.id, "x.example"));
	CHECK(authres_parse_arc(&w, B("mx.google.com; dkim=pass"), &instance, &ar));
	CHECK(instance == 0 && bytes_eq(ar.id, "mx.google.com"));
	CHECK(authres_parse_arc(&w, B("i=51; x.example; none"), &instance, &ar) && instance == 0);
	CHECK(authres_parse_arc(&w, B("i=1x; x.example; none"), &instance, &ar) && instance == 0);
	tap_end();
}

static void run_look_ups(void)
{
	struct authres ar;
	const struct authres_result *r;

	tap_begin("find results, values and policies");
	CHECK(authres_parse(&w, B("x.example; dkim=fail header.d=a.example; DKIM=pass HEADER.D=b.example; dmarc=fail (x, P=quarantine) "
	                          "header.from=c.example; dmarc=pass policy.published-domain-policy=none; dmarc=none"), &ar));
	r = authres_find(&ar, "dkim", 0);
	CHECK(r && bytes_eq(authres_value(r, "header", "d"), "a.example"));
	CHECK(r && !authres_value(r, "header", "i").p);
	r = authres_find(&ar, "dkim", (size_t)(r - ar.results) + 1);
	CHECK(r && bytes_eq(authres_value(r, "header", "d"), "b.example"));
	CHECK(!authres_find(&ar, "spf", 0));
	CHECK_BYTES(authres_dmarc_policy(&ar.results[2]), "quarantine");
	CHECK_BYTES(authres_dmarc_policy(&ar.results[3]), "none");
	CHECK(authres_dmarc_policy(&ar.results[4]).n == 0);
	tap_end();
}

static const struct {
	const char *x, *y;
	bool same;
} ids[] = {
	{ "mx.example.org", "MX.Example.ORG", true },
	{ "mx.example.org", "mx.example.org.", true },
	{ "mx.example.org", " mx.example.org\r\n ", true },
	{ "b\xc3\xbc" "cher.example", "xn--bcher-kva.example", true },
	{ "mail gateway 1", "MAIL Gateway 1", true },
	{ "mx.example.org", "mx2.example.org", false },
	{ "example.org", "mx.example.org", false },
	{ "mx.example.org", "mx.example.org.evil.example", false },
	{ "", "", false },
	{ "mx.example.org", "", false },
};

static void run_ids(void)
{
	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		tap_begin("id \"%s\" and \"%s\"", ids[i].x, ids[i].y);
		CHECK(authres_id_same(w.arena, bytes_of(ids[i].x), bytes_of(ids[i].y)) == ids[i].same);
		CHECK(authres_id_same(w.arena, bytes_of(ids[i].y), bytes_of(ids[i].x)) == ids[i].same);
		tap_end();
	}
}

static const char *const same_id[] = {
	"mx.example.org; none", "MX.EXAMPLE.ORG 1; none", "\"mx.example.org\"; none", "(c)\r\n\tmx.example.org (c); none",
	"mx.example.org.; none", "\"mx\".example.org 2; none",
};

static void run_disguises(void)
{
	struct authres ar;

	for (size_t i = 0; i < ARRAY_LEN(same_id); i++) {
		tap_begin("disguise %zu of an id is seen through", i);
		CHECK(authres_parse(&w, bytes_of(same_id[i]), &ar));
		CHECK(authres_id_same(w.arena, ar.id, B("mx.example.org")));
		tap_end();
	}
}

static void run_floods(void)
{
	static const char *const seeds[] = { "a=b;", "a.b=c ", ". ", "(", "\"\\", "a=\"", ";=", "a " };
	struct authres ar;

	tap_begin("a megabyte of results, properties, dots is bounded");
	for (size_t s = 0; s < ARRAY_LEN(seeds); s++) {
		size_t n = 1 << 20, seed_n = strlen(seeds[s]);
		uint8_t *p = malloc(n);
		assert(p);
		for (size_t i = 0; i < n; i++)
			p[i] = (uint8_t)seeds[s][i % seed_n];
		memcpy(p, "x;a=b ", 6);
		arena_reset(w.arena);
		w.reached = 0;
		CHECK(authres_parse(&w, (struct bytes){ p, n }, &ar));
		CHECK_MSG(arena_used(w.arena) < 4 << 20, "%s takes %zu bytes", seeds[s], arena_used(w.arena));
		CHECK(s > 1 || w.reached == UINT64_C(1) << LIMIT_AUTHRES_RESULTS);
		free(p);
	}
	tap_end();
}

int main(void)
{
	limits_init(&limits);
	w = (struct work){ .arena = arena_new(16 << 20), .limits = &limits };
	run_cases();
	run_arc();
	run_look_ups();
	run_ids();
	run_disguises();
	run_floods();
	arena_free(w.arena);
	return tap_done();
}
