#include "crypto/digest.h"
#include "dkim/dkim_sig.h"
#include "tap.h"

#define BH "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; " /* of nothing */
#define REST "v=1; a=rsa-sha256; h=from; b=QUJD; " BH
#define A60 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
#define WHO "d=example.org; s=sel; "

static struct limits limits;
static struct work work = { .limits = &limits };

/* --- what is refused, why, and what it is about --- */

static const struct {
	const char *name, *value, *why, *about; /* why NULL: nothing is wrong */
} cases[] = {
	{ "the least", WHO REST, NULL, NULL },
	{ "all tags",
	  "v=1; a=ed25519-sha256; c=relaxed/simple; d=example.org; i=a@b.example.org; l=10; q=dns/txt;\r\n"
	  " s=sel.a; t=10; x=11; z=From:a; h=From : To;\r\n\tb=QU\r\n JD; " BH, NULL, NULL },
	{ "unknown tags", WHO REST "foo=bar", NULL, NULL },
	{ "no tag list", "v=1; junk; " WHO, "a tag has no \"=\"", "junk; d=example.org; s=sel; " },
	{ "a tag twice", "d=a.example; " WHO REST, "a tag stands twice",
	  "d=example.org; s=sel; v=1; a=rsa" },
	{ "no d=", "s=sel; " REST, "d= is missing", "" },
	{ "no s=", "d=example.org; " REST, "s= is missing", "" },
	{ "no v=", WHO "a=rsa-sha256; h=from; b=QUJD; " BH, "v= is missing", "" },
	{ "no a=", WHO "v=1; h=from; b=QUJD; " BH, "a= is missing", "" },
	{ "no b=", WHO "v=1; a=rsa-sha256; h=from; " BH, "b= is missing", "" },
	{ "no bh=", WHO "v=1; a=rsa-sha256; h=from; b=QUJD; ", "bh= is missing", "" },
	{ "no h=", WHO "v=1; a=rsa-sha256; b=QUJD; " BH, "h= is missing", "" },
	{ "a draft's version", WHO "v=0.5; a=rsa-sha256; h=from; b=QUJD; " BH, "v= is not 1", "v=0.5" },
	{ "version 01", WHO "v=01; a=rsa-sha256; h=from; b=QUJD; " BH, "v= is not 1", "v=01" },
	{ "rsa-sha1", WHO "v=1; a=rsa-sha1; h=from; b=QUJD; bh=uoq1oCgLlTqpdDX/iUbLy7J1Wic=",
	  "rsa-sha1 must not be accepted (RFC 8301)", "a=rsa-sha1" },
	{ "an unknown algorithm", WHO "v=1; a=dsa-sha256; h=from; b=QUJD; " BH,
	  "a= is an unknown algorithm", "a=dsa-sha256" },
	{ "the name of no algorithm", WHO "v=1; a=unknown; h=from; b=QUJD; " BH,
	  "a= is an unknown algorithm", "a=unknown" },
	{ "values have a case", WHO "v=1; a=RSA-SHA256; h=from; b=QUJD; " BH,
	  "a= is an unknown algorithm", "a=RSA-SHA256" },
	{ "b= is no base64", WHO "v=1; a=rsa-sha256; h=from; b=QU!D; " BH, "b= is not base64",
	  "b=QU!D" },
	{ "b= is empty", WHO "v=1; a=rsa-sha256; h=from; b= ; " BH, "b= is empty", "b= " },
	{ "bh= is no base64", WHO "v=1; a=rsa-sha256; h=from; b=QUJD; bh=?", "bh= is not base64",
	  "bh=?" },
	{ "bh= is too short", WHO "v=1; a=rsa-sha256; h=from; b=QUJD; bh=QUJD",
	  "bh= has not the length of a hash", "bh=QUJD" },
	{ "bh= is empty", WHO "v=1; a=rsa-sha256; h=from; b=QUJD; bh=",
	  "bh= has not the length of a hash", "bh=" },
	{ "an unknown canonicalization", WHO REST "c=nowsp", "c= is an unknown canonicalization",
	  "c=nowsp" },
	{ "an empty canonicalization", WHO REST "c=", "c= is an unknown canonicalization", "c=" },
	{ "half a canonicalization", WHO REST "c=relaxed/", "c= is an unknown canonicalization",
	  "c=relaxed/" },
	{ "three canonicalizations", WHO REST "c=relaxed/simple/simple",
	  "c= is an unknown canonicalization", "c=relaxed/simple/simple" },
	{ "From is not in h=", WHO "v=1; a=rsa-sha256; h=to:xfrom; b=QUJD; " BH,
	  "h= does not name From", "h=to:xfrom" },
	{ "h= is empty", WHO "v=1; a=rsa-sha256; h=; b=QUJD; " BH, "h= does not name From", "h=" },
	{ "an empty name in h=", WHO "v=1; a=rsa-sha256; h=to::from:; b=QUJD; " BH, NULL, NULL },
	{ "a space in a name of h=", WHO "v=1; a=rsa-sha256; h=from:a b; b=QUJD; " BH,
	  "h= has what is not the name of a field", "h=from:a b" },
	{ "8-bit in h=", WHO "v=1; a=rsa-sha256; h=from:\xc3\xbc; b=QUJD; " BH,
	  "h= has what is not the name of a field", "h=from:\xc3\xbc" },
	{ "i= of the same domain", WHO REST "i=@example.org", NULL, NULL },
	{ "i= of the same domain in capitals", WHO REST "i=@Example.ORG", NULL, NULL },
	{ "i= of a parent", "d=a.example.org; s=sel; " REST "i=@example.org",
	  "the domain of i= is not d= or below it", "i=@example.org" },
	{ "i= ends like d=", WHO REST "i=@badexample.org", "the domain of i= is not d= or below it",
	  "i=@badexample.org" },
	{ "i= without @", WHO REST "i=example.org", "i= is not an address", "i=example.org" },
	{ "i= is empty", WHO REST "i=", "i= is not an address", "i=" },
	{ "i= in brackets", WHO REST "i=<a@example.org>", "i= is not an address", "i=<a@example.org>" },
	{ "i= with two @", WHO REST "i=a@evil.example@example.org", "i= is not an address",
	  "i=a@evil.example@example.org" },
	{ "i= with a route", WHO REST "i=@evil.example:a@example.org", "a byte that no domain name has",
	  "i=@evil.example:a@example.org" },
	{ "i= encoded", WHO REST "i=a=2Bb@example.org", NULL, NULL },
	{ "i= with a NUL inside the encoding", WHO REST "i=@example.org=00.x",
	  "a byte that no domain name has", "i=@example.org=00.x" },
	{ "i= wrongly encoded", WHO REST "i=a=2@example.org", "i= is wrongly encoded",
	  "i=a=2@example.org" },
	{ "l= is no number", WHO REST "l=1k", "l= is not a number", "l=1k" },
	{ "l= is negative", WHO REST "l=-1", "l= is not a number", "l=-1" },
	{ "l= is empty", WHO REST "l=", "l= is not a number of 1 to 76 digits", "l=" },
	{ "q= of another kind", WHO REST "q=http", "q= knows no way to the key but unknown ones",
	  "q=http" },
	{ "q= of another kind and ours", WHO REST "q=http : dns/txt", NULL, NULL },
	{ "t= is no number", WHO REST "t=yesterday", "t= is not a time", "t=yesterday" },
	{ "t= has white space inside", WHO REST "t=1 2", "t= is not a time", "t=1 2" },
	{ "t= of 13 digits", WHO REST "t=1000000000000", "t= is not a time", "t=1000000000000" },
	{ "x= is no number", WHO REST "x=", "x= is not a time", "x=" },
	{ "x= equals t=", WHO REST "t=10; x=10", "x= is not after t=", "x=10" },
	{ "x= before t=, which stands behind", WHO REST "x=9; t=10", "x= is not after t=", "x=9" },
	{ "x= alone", WHO REST "x=0", NULL, NULL },
	{ "d= of one label", "d=org; s=sel; " REST, "d= is a name of one label", "d=org" },
	{ "d= ends in a dot", "d=example.org.; s=sel; " REST, "a domain name ends in a dot",
	  "d=example.org." },
	{ "d= with an empty label", "d=a..org; s=sel; " REST, "an empty label in a domain name",
	  "d=a..org" },
	{ "d= with a parenthesis", "d=example.org(x.example; s=sel; " REST,
	  "a byte that no domain name has", "d=example.org(x.example" },
	{ "d= with a fold inside", "d=exam\r\n ple.org; s=sel; " REST, "a byte that no domain name has",
	  "d=exam\r\n ple.org" },
	{ "d= is an address", "d=a@example.org; s=sel; " REST, "a byte that no domain name has",
	  "d=a@example.org" },
	{ "s= with a slash", "d=example.org; s=a/b; " REST, "a byte that no domain name has", "s=a/b" },
	{ "s= is empty", "d=example.org; s=; " REST, "an empty label in a domain name", "s=" },
	{ "s= ends in a dot", "d=example.org; s=sel.; " REST, "a domain name ends in a dot", "s=sel." },
	{ "s= in UTF-8 that IDNA refuses", "d=example.org; s=\xe2\x80\xae" "a; " REST,
	  "an international domain name that IDNA refuses", "s=\xe2\x80\xae" "a" },
};

static struct field field_of(struct bytes value)
{
	/* the value alone matters here */
	return (struct field){
		.raw = value, .name = B("DKIM-Signature"), .value = value, .id = FIELD_DKIM_SIGNATURE
	};
}

static void test_cases(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes value = heap_copy(cases[i].value);
		struct field f = field_of(value);
		struct dkim_sig sig;

		tap_begin("%s", cases[i].name);
		CHECK(dkim_sig_read(&work, &f, &sig));
		if (cases[i].why) {
			CHECK_BYTES(bytes_of(sig.err.what), cases[i].why);
			CHECK_BYTES(sig.err_about, cases[i].about);
		} else {
			CHECK_MSG(sig.err.what == NULL, "%s at %zu", sig.err.what, sig.err.at);
		}
		tap_end();
		heap_free(value);
	}
}

static void read_good(const char *value, struct field *f, struct dkim_sig *sig)
{
	*f = field_of(bytes_of(value));
	CHECK(dkim_sig_read(&work, f, sig));
	CHECK_MSG(sig->err.what == NULL, "%s at %zu", sig->err.what, sig->err.at);
}

static void test_values(void)
{
	struct dkim_sig sig;
	struct field f;

	tap_begin("values of all tags");
	read_good("v=1; a=ed25519-sha256; c=relaxed; d=Example.ORG; i=Joe=2Ex@Sub.example.org; l=0012; s=Sel.A;\r\n"
	          " t=999999999999; h=From : To; b=QUJ\r\n D RUZHSElK; " BH "i2=x", &f, &sig);
	CHECK(sig.algorithm == DKIM_ED25519_SHA256);
	CHECK(sig.header_canon == DKIM_RELAXED && sig.body_canon == DKIM_SIMPLE);
	CHECK_BYTES(sig.domain.text, "example.org");
	CHECK_BYTES(sig.selector, "Sel.A");
	CHECK_BYTES(sig.key_name.text, "sel.a._domainkey.example.org");
	CHECK_BYTES(sig.names, "From : To");
	CHECK_BYTES(sig.signature, "ABCEFGHIJ");
	CHECK_BYTES(sig.b_start, "QUJDRUZH");
	CHECK_BYTES(sig.b_span, "QUJ\r\n D RUZHSElK");
	CHECK(sig.length == 12 && sig.signed_at == 999999999999 && sig.expires == -1);
	CHECK(sig.identity_below);
	tap_end();
	tap_begin("values where tags are not there");
	read_good(WHO REST, &f, &sig);
	CHECK(sig.header_canon == DKIM_SIMPLE && sig.body_canon == DKIM_SIMPLE && sig.length == DKIM_BODY_ALL);
	CHECK(sig.signed_at == -1 && sig.expires == -1 && sig.identity.n == 0 && !sig.identity_below);
	tap_end();
	tap_begin("l= of more than 64 bits is a number all the same, and not \"all\"");
	read_good(WHO REST "l=1234567890123456789012345678901234567890", &f, &sig);
	CHECK(sig.length == DKIM_BODY_ALL - 1);
	read_good(WHO REST "l=18446744073709551615", &f, &sig);
	CHECK(sig.length == DKIM_BODY_ALL - 1);
	read_good(WHO REST "l=000000000000000000000000000000000007", &f, &sig);
	CHECK(sig.length == 7);
	tap_end();
	tap_begin("international names (RFC 8616)");
	read_good("d=b\xc3\xbc" "cher.example; s=k\xc3\xb6; i=@a.b\xc3\xbc" "cher.example; " REST, &f, &sig);
	CHECK_BYTES(sig.domain.text, "xn--bcher-kva.example");
	CHECK_BYTES(sig.key_name.text, "xn--k-1ga._domainkey.xn--bcher-kva.example");
	tap_end();
}

static void test_attacks(void)
{
	struct dkim_sig sig;
	struct field f = field_of(B("s=sel._domainkey.t.example.\0.x; d=example.org; " REST));

	tap_begin("a selector with a NUL names no key");
	CHECK(dkim_sig_read(&work, &f, &sig));
	CHECK(sig.err.what && dname_is_none(sig.key_name));
	tap_end();
	tap_begin("what can be read is told even where the rest is broken");
	f = field_of(B(WHO "v=1; a=rsa-sha1; b=QUJDREVG; i=@a.example.org"));
	CHECK(dkim_sig_read(&work, &f, &sig) && sig.err.what);
	CHECK_BYTES(sig.domain.text, "example.org");
	CHECK_BYTES(sig.selector, "sel");
	CHECK_BYTES(sig.b_start, "QUJDREVG");
	CHECK_BYTES(sig.identity, "@a.example.org");
	CHECK(sig.algorithm == DKIM_RSA_SHA1);
	tap_end();
	tap_begin("s= and d= together are longer than a name");
	f = field_of(B(REST "d=" A60 A60 "example; s=" A60 A60 "a"));
	CHECK(dkim_sig_read(&work, &f, &sig));
	CHECK_BYTES(bytes_of(sig.err.what), "s= and d= make a name over 253 bytes");
	tap_end();
}

static void test_many_names(void)
{
	enum { NAMES = 501 };
	char text[NAMES * 8 + 400];
	struct dkim_sig sig;

	for (int n = NAMES - 1; n <= NAMES; n++) {
		int at = snprintf(text, sizeof(text), "%sv=1; a=rsa-sha256; b=QUJD; %sh=from", WHO, BH);
		for (int i = 1; i < n; i++)
			at += snprintf(text + at, sizeof(text) - (size_t)at, ":x%d", i);
		struct field f = field_of((struct bytes){ (uint8_t *)text, (size_t)at });
		tap_begin("%d names in h=", n);
		work.reached = 0;
		CHECK(dkim_sig_read(&work, &f, &sig));
		CHECK((sig.err.what != NULL) == (n == NAMES));
		CHECK((work.reached != 0) == (n == NAMES));
		tap_end();
	}
}

/* A domain name of a megabyte must cost nothing: neither IDNA nor the arena sees it. */
static void test_long_name(void)
{
	enum { N = 1000000 };
	uint8_t *text = malloc(N);
	struct dkim_sig sig;

	assert(text);
	tap_begin("a domain of a megabyte");
	for (size_t i = 0; i < N; i += 2)
		memcpy(text + i, "\xc3\xbc", 2);
	memcpy(text, "d=", 2);
	size_t before = arena_used(work.arena);
	struct field f = field_of((struct bytes){ text, N });
	CHECK(dkim_sig_read(&work, &f, &sig) && sig.err.what && dname_is_none(sig.domain));
	CHECK(arena_used(work.arena) - before < 10000);
	tap_end();
	free(text);
}

static void test_hash(void)
{
	static const char text[] = "To: second\r\nFROM : a@example.org\r\nTo:  first\r\n"
	                           "DKIM-Signature: " WHO REST "c=relaxed/simple;"
	                           " h=To:from:to:to:dkim-signature; b=QU JD\r\n";
	struct bytes raw = heap_copy(text);
	struct header h;
	struct dkim_sig sig;
	struct dkim_fields fields;
	struct digest *d = digest_new();
	uint8_t got[SHA256_BYTES], want[SHA256_BYTES];
	size_t left;

	tap_begin("what is hashed: the fields in the order of h=, then the signature without b=");
	/* h= and b= twice are refused above; here they are cut out of the text */
	size_t cut = bytes_search(raw, B("h=from; b=QUJD; "));
	memmove((uint8_t *)(uintptr_t)raw.p + cut, raw.p + cut + 16, raw.n - cut - 16);
	header_index(&work, &h, bytes_sub(raw, 0, raw.n - 16));
	header_end(&work, &h);
	CHECK(h.n == 4 && dkim_fields_init(&work, &h, &fields) && dkim_sig_read(&work, &h.fields[3], &sig));
	CHECK_MSG(sig.err.what == NULL, "%s", sig.err.what);
	dkim_sig_hash(&sig, &fields, d);
	CHECK(digest_peek(d, got));
	CHECK(digest_sha256(B("to:first\r\nfrom:a@example.org\r\nto:second\r\n"
	                      "dkim-signature:" WHO "v=1; a=rsa-sha256; " BH
	                      "c=relaxed/simple; h=To:from:to:to:dkim-signature; b="), want));
	CHECK(memcmp(got, want, sizeof(want)) == 0);
	CHECK(dkim_fields_count(&fields, FIELD_TO, &left) == 2 && left == 0);
	tap_end();
	digest_free(d);
	heap_free(raw);
}

int main(void)
{
	limits_init(&limits);
	work.arena = arena_new(1 << 24);
	test_cases();
	test_values();
	test_attacks();
	test_many_names();
	test_long_name();
	test_hash();
	arena_free(work.arena);
	return tap_done();
}
