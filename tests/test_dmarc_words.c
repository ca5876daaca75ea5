/* Results in words: one sentence for each kind of result. */
#include "dmarc/dmarc_words.h"
#include "dmarc_helper.h"

static const struct {
	const char *name, *zone, *authors, *idents, *want;
} cases[] = {
	{ "no policy", "", "example.com", "", "example.com has published no DMARC policy" },
	{ "a pass", "_dmarc.example.com. TXT \"v=DMARC1; p=none\"\n", "example.com", "spf=pass:example.org dkim=pass:m.example.com dkim=pass:m.example.com",
	  "example.com stands behind this mail: DKIM of m.example.com passes" },
	{ "a pass of both", "_dmarc.example.com. TXT \"v=DMARC1; p=none\"\n", "example.com", "spf=pass:example.com dkim=pass:m.example.com",
	  "example.com stands behind this mail: SPF of example.com and DKIM of m.example.com pass" },
	{ "a fail of its own identifiers", "_dmarc.example.com. TXT \"v=DMARC1; p=reject\"\n", "example.com", "spf=fail:example.com dkim=pass:example.org",
	  "example.com does not stand behind this mail: SPF of example.com does not pass, and the policy asks to reject it "
	  "(p=reject at _dmarc.example.com)" },
	{ "a fail with strangers", "_dmarc.example.com. TXT \"v=DMARC1; p=quarantine\"\n", "a.example.com",
	  "spf=pass:example.org dkim=pass:example.net dkim=pass:a.example dkim=pass:b.example dkim=pass:c.example",
	  "a.example.com does not stand behind this mail: SPF of example.org, DKIM of example.net, DKIM of a.example and others "
	  "pass, but speak for other domains, and the policy asks to treat it as suspicious (p=quarantine at _dmarc.example.com)" },
	{ "a fail of a name that does not exist, in a test", "_dmarc.example.com. TXT \"v=DMARC1; p=none; np=reject; t=y\"\n", "a.example.com", "",
	  "a.example.com does not stand behind this mail: neither SPF nor DKIM passes for it; the domain does not even exist, "
	  "and the policy asks to treat it as suspicious (np=reject at _dmarc.example.com, softened by t=y)" },
	{ "a fail under p=none", "_dmarc.example.com. TXT \"v=DMARC1; p=none\"\n", "example.com", "spf=pass:example.org",
	  "example.com does not stand behind this mail: SPF of example.org passes, but speaks for another domain, and the policy "
	  "asks for nothing to be done about it (p=none at _dmarc.example.com)" },
	{ "a failing candidate", "_dmarc.example.com. TXT \"v=DMARC1; p=reject\"\n", "evil.example,example.com", "spf=pass:evil.example",
	  "several domains may be meant as the author, and of them example.com does not stand behind this mail: SPF of evil.example "
	  "passes, but speaks for another domain, and the policy asks to reject it (p=reject at _dmarc.example.com)" },
	{ "an ambiguous author", "", "evil.example,example.com", "",
	  "the author domain is ambiguous, so that DMARC cannot say who stands behind this mail" },
	{ "the DNS fails", ";!fault _dmarc.example.com TXT servfail\n", "example.com", "",
	  "it could not be found out whether example.com stands behind this mail: the policy record could not be looked up" },
	{ "a record that cannot be used", "_dmarc.example.com. TXT \"v=DMARC1\"\n", "a.example.com", "",
	  "it cannot be found out whether a.example.com stands behind this mail: the policy record has no valid policy and no valid "
	  "report address (at _dmarc.example.com)" },
};

int main(void)
{
	static const struct way way = { "all at once", .foreseen = 40 };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct dns_zone *zone = zone_of(cases[i].zone);
		struct run r;
		struct buf b;

		tap_begin("%s", cases[i].name);
		run_begin(&r);
		struct dmarc_input in = input_of(r.arena, cases[i].authors, cases[i].idents);
		run_dmarc(&r, zone, &in, &way);
		buf_init(&b, 4096);
		dmarc_words(&in, &r.result, &b);
		CHECK_BYTES(buf_bytes(&b), cases[i].want);
		buf_free(&b);
		run_end(&r);
		dns_zone_free(zone);
		tap_end();
	}
	return tap_done();
}
