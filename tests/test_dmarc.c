/* DMARC as a whole: a world of DNS, an author, what SPF and DKIM found, and the
 * result as dmarc_helper.h says it:
 *
 *   result tag=policy>applied @policy-domain by discovery org=domain spf dkim:bits
 *
 * ">applied" where t=y makes it milder; "(spf)" and "(dkim:bits)" are aligned in
 * domain but do not pass; "waiting" is no result yet. Each case is run in many
 * ways, and must come out the same. */
#include "base/mem.h"
#include "dmarc_helper.h"

#define ORG "_dmarc.example.com. TXT \"v=DMARC1; p=reject; sp=quarantine; np=none\"\n"
#define PLAIN "_dmarc.example.com. TXT \"v=DMARC1; p=reject\"\nexample.com. A 192.0.2.1\n"
#define RUA " rua=mailto:a@example.com"

static const struct {
	const char *name, *zone, *authors, *idents, *want;
} cases[] = {
	/* five different outcomes */
	{ "no record anywhere is none", "example.com. A 192.0.2.1\n", "example.com", "spf=pass:example.com dkim=pass:example.com",
	  "none org=example.com spf dkim:1" },
	{ "an aligned SPF pass is pass", PLAIN, "example.com", "spf=pass:example.com", "pass p=reject @example.com by author org=example.com spf" },
	{ "nothing that passes is fail", PLAIN, "example.com", "spf=fail:example.com", "fail p=reject @example.com by author org=example.com (spf)" },
	{ "a policy that cannot be asked for is temperror", ";!fault _dmarc.example.com TXT servfail\n", "example.com", "spf=pass:example.com",
	  "temperror org= spf" },
	{ "a record that cannot be used is permerror", "_dmarc.example.com. TXT \"v=DMARC1; p=oops\"\n", "example.com", "spf=pass:example.com",
	  "permerror @example.com by author org=example.com spf" },
	{ "fail under p=none is fail", "_dmarc.example.com. TXT \"v=DMARC1; p=none\"\n", "example.com", "",
	  "fail p=none @example.com by author org=example.com" },

	/* identifiers */
	{ "no identifier at all", PLAIN, "example.com", "", "fail p=reject @example.com by author org=example.com" },
	{ "an aligned DKIM pass", PLAIN, "example.com", "spf=fail:example.org dkim=pass:example.com",
	  "pass p=reject @example.com by author org=example.com dkim:1" },
	{ "the one good signature of three", PLAIN, "example.com", "dkim=fail:example.com dkim=pass:example.org dkim=pass:mail.example.com",
	  "pass p=reject @example.com by author org=example.com dkim:5" },
	{ "a stranger's pass is fail", PLAIN, "example.com", "spf=pass:example.org dkim=pass:example.net",
	  "fail p=reject @example.com by author org=example.com" },
	{ "a name that only ends alike is a stranger", PLAIN, "example.com", "spf=pass:notexample.com dkim=pass:com",
	  "fail p=reject @example.com by author org=example.com" },
	{ "relaxed: an identifier below the author", PLAIN, "example.com", "spf=pass:bounce.example.com",
	  "pass p=reject @example.com by author org=example.com spf" },
	{ "relaxed: an identifier above the author", PLAIN "mail.example.com. A 192.0.2.1\n", "mail.example.com", "dkim=pass:example.com",
	  "pass p=reject @example.com by organization org=example.com dkim:1" },
	{ "relaxed: a cousin", PLAIN, "a.example.com", "spf=pass:b.example.com",
	  "pass p=reject @example.com by organization org=example.com spf" },
	{ "strict: the same name", "_dmarc.example.com. TXT \"v=DMARC1; p=reject; aspf=s; adkim=s\"\n", "example.com",
	  "spf=pass:example.com dkim=pass:example.com", "pass p=reject @example.com by author org=example.com spf dkim:1" },
	{ "strict: a name below", "_dmarc.example.com. TXT \"v=DMARC1; p=reject; aspf=s; adkim=s\"\n", "example.com",
	  "spf=pass:a.example.com dkim=pass:a.example.com", "fail p=reject @example.com by author org=example.com" },
	{ "strict for SPF only", "_dmarc.example.com. TXT \"v=DMARC1; p=reject; aspf=s\"\n", "example.com",
	  "spf=pass:a.example.com dkim=pass:a.example.com", "pass p=reject @example.com by author org=example.com dkim:1" },
	{ "strict for DKIM only", "_dmarc.example.com. TXT \"v=DMARC1; p=reject; adkim=s\"\n", "example.com",
	  "spf=fail:a.example.com dkim=pass:a.example.com", "fail p=reject @example.com by author org=example.com (spf)" },
	{ "an identifier under its own psd=n is a stranger", PLAIN "_dmarc.dep.example.com. TXT \"v=DMARC1; p=none; psd=n\"\n", "example.com",
	  "dkim=pass:dep.example.com dkim=pass:x.dep.example.com", "fail p=reject @example.com by author org=example.com" },
	{ "an author under its own psd=n does not align with the parent",
	  PLAIN "_dmarc.dep.example.com. TXT \"v=DMARC1; p=none; psd=n\"\n", "x.dep.example.com", "dkim=pass:example.com dkim=pass:dep.example.com",
	  "pass p=none @dep.example.com by organization org=dep.example.com dkim:2" },
	{ "an identifier below a public suffix of the author's own tree is a stranger",
	  PLAIN "_dmarc.host.example.com. TXT \"v=DMARC1; p=none; psd=y\"\n", "example.com", "dkim=pass:evil.host.example.com",
	  "fail p=reject @example.com by author org=example.com" },

	/* policies */
	{ "sp for a sub-domain that exists", ORG "a.example.com. A 192.0.2.1\n", "a.example.com", "",
	  "fail sp=quarantine @example.com by organization org=example.com" },
	{ "np for a sub-domain that does not", ORG, "a.example.com", "", "fail np=none @example.com by organization org=example.com" },
	{ "np is not for the domain itself", ORG, "example.com", "", "fail p=reject @example.com by author org=example.com" },
	{ "p where there is no sp", PLAIN, "a.example.com", "", "fail p=reject @example.com by organization org=example.com" },
	{ "sp where there is no np", "_dmarc.example.com. TXT \"v=DMARC1; p=none; sp=reject\"\n", "a.example.com", "",
	  "fail sp=reject @example.com by organization org=example.com" },
	{ "an own record speaks with its p", ORG "_dmarc.a.example.com. TXT \"v=DMARC1; p=none; sp=reject; np=reject\"\n", "a.example.com", "",
	  "fail p=none @a.example.com by author org=example.com" },
	{ "the record of the organization, not one between", ORG "_dmarc.b.example.com. TXT \"v=DMARC1; p=none\"\na.b.example.com. A 192.0.2.1\n",
	  "a.b.example.com", "", "fail sp=quarantine @example.com by organization org=example.com" },
	{ "t=y: reject becomes quarantine", "_dmarc.example.com. TXT \"v=DMARC1; p=reject; t=y\"\n", "example.com", "",
	  "fail p=reject>quarantine @example.com by author org=example.com" },
	{ "t=y: quarantine becomes none", "_dmarc.example.com. TXT \"v=DMARC1; p=quarantine; t=y\"\n", "example.com", "",
	  "fail p=quarantine>none @example.com by author org=example.com" },
	{ "t=y: none stays", "_dmarc.example.com. TXT \"v=DMARC1; p=none; t=y\"\n", "example.com", "",
	  "fail p=none @example.com by author org=example.com" },
	{ "t=y goes for sp", "_dmarc.example.com. TXT \"v=DMARC1; p=none; sp=reject; t=y\"\n", "a.example.com", "",
	  "fail sp=reject>quarantine @example.com by organization org=example.com" },
	{ "a bad sp with rua: none", "_dmarc.example.com. TXT \"v=DMARC1; p=reject; sp=x;" RUA "\"\n", "example.com", "",
	  "fail p=none @example.com by author org=example.com" },
	{ "a bad sp without rua: no processing", "_dmarc.example.com. TXT \"v=DMARC1; p=reject; sp=x\"\n", "example.com", "dkim=pass:example.com",
	  "permerror @example.com by author org=example.com dkim:1" },
	{ "an unusable record of the author hides the organization's", PLAIN "_dmarc.a.example.com. TXT \"v=DMARC1\"\n", "a.example.com", "",
	  "permerror @a.example.com by author org=example.com" },

	/* the traps of dmarc.md 4.2 */
	{ "trap 1: psd=y at the start itself", "_dmarc.bank.example. TXT \"v=DMARC1; p=reject; sp=none; psd=y\"\n", "bank.example",
	  "dkim=pass:a.bank.example", "fail p=reject @bank.example by author org=bank.example" },
	{ "trap 1: the public suffix aligns with itself", "_dmarc.bank.example. TXT \"v=DMARC1; p=reject; sp=none; psd=y\"\n", "bank.example",
	  "dkim=pass:bank.example", "pass p=reject @bank.example by author org=bank.example dkim:1" },
	{ "trap 2: the policy of the public suffix, not of a name between",
	  "_dmarc.mail.example.com. TXT \"v=DMARC1; p=none\"\n_dmarc.com. TXT \"v=DMARC1; p=none; sp=reject; psd=y\"\n", "a.mail.example.com",
	  "dkim=fail:mail.example.com dkim=pass:other.com", "fail sp=reject @com by public_suffix org=example.com (dkim:1)" },
	{ "trap 3: exactly 8 labels, found at 7", "_dmarc.b.c.d.e.f.example.com. TXT \"v=DMARC1; p=reject\"\n", "a.b.c.d.e.f.example.com", "",
	  "fail p=reject @b.c.d.e.f.example.com by organization org=b.c.d.e.f.example.com" },
	{ "trap 3: more than 8 labels jump over the eighth", "_dmarc.b.c.d.e.f.g.example.com. TXT \"v=DMARC1; p=reject\"\n",
	  "a.b.c.d.e.f.g.example.com", "", "none org=a.b.c.d.e.f.g.example.com" },
	{ "trap 3: the own name is asked however long", "_dmarc.1.2.3.4.5.6.7.8.9.example.com. TXT \"v=DMARC1; p=reject\"\n",
	  "1.2.3.4.5.6.7.8.9.example.com", "", "fail p=reject @1.2.3.4.5.6.7.8.9.example.com by author org=1.2.3.4.5.6.7.8.9.example.com" },
	{ "trap 4: one below is counted from the start", "_dmarc.example.com. TXT \"v=DMARC1; p=none; sp=reject; psd=y\"\n",
	  "a.b.c.example.com", "dkim=pass:x.c.example.com dkim=fail:d.example.com",
	  "pass sp=reject @example.com by public_suffix org=c.example.com dkim:1" },
	{ "trap 4: one below the seven labels of a long name", "_dmarc.4.5.6.7.8.example.com. TXT \"v=DMARC1; p=reject; psd=y\"\n",
	  "1.2.3.4.5.6.7.8.example.com", "dkim=pass:3.4.5.6.7.8.example.com dkim=pass:x.3.4.5.6.7.8.example.com dkim=pass:2.4.5.6.7.8.example.com",
	  "pass p=reject @4.5.6.7.8.example.com by public_suffix org=3.4.5.6.7.8.example.com dkim:3" },
	{ "trap 5: two records are none, and the walk goes on",
	  "_dmarc.a.example.com. TXT \"v=DMARC1; p=none\"\n_dmarc.a.example.com. TXT \"v=DMARC1; p=reject\"\n" PLAIN, "a.example.com", "",
	  "fail p=reject @example.com by organization org=example.com" },
	{ "trap 5: two records do not stop a walk",
	  "_dmarc.a.example.com. TXT \"v=DMARC1; psd=n; p=none\"\n_dmarc.a.example.com. TXT \"v=DMARC1; psd=n; p=reject\"\n" PLAIN, "a.example.com",
	  "dkim=pass:example.com", "pass p=reject @example.com by organization org=example.com dkim:1" },
	{ "trap 6: lower-case dmarc1 is no record", "_dmarc.example.com. TXT \"v=dmarc1; p=reject\"\n", "example.com", "", "none org=example.com" },
	{ "trap 6: another first tag is no record", "_dmarc.example.com. TXT \"p=reject; v=DMARC1\"\n", "example.com", "", "none org=example.com" },
	{ "trap 6: what is no record does not count as a second one",
	  "_dmarc.example.com. TXT \"v=dmarc1; p=reject\"\n_dmarc.example.com. TXT \"v=DMARC1; p=none\"\n_dmarc.example.com. TXT \"hello\"\n",
	  "example.com", "", "fail p=none @example.com by author org=example.com" },
	{ "trap 7: a record without p counts for the walk", "_dmarc.example.com. TXT \"v=DMARC1;" RUA "\"\n", "a.example.com", "dkim=pass:b.example.com",
	  "pass p=none @example.com by organization org=example.com dkim:1" },
	{ "trap 7: even one that cannot be used", "_dmarc.example.com. TXT \"v=DMARC1; psd=n\"\n_dmarc.a.example.com. TXT \"v=DMARC1; p=reject\"\n",
	  "a.example.com", "dkim=pass:b.example.com", "pass p=reject @a.example.com by author org=example.com dkim:1" },
	{ "trap 8: one label", "_dmarc.localhost. TXT \"v=DMARC1; p=reject\"\n", "localhost", "spf=pass:localhost",
	  "pass p=reject @localhost by author org=localhost spf" },
	{ "trap 8: one label without a record", "", "localhost", "spf=pass:localhost", "none org=localhost spf" },
	{ "trap 9: U-labels are A-labels", "_dmarc.xn--bcher-kva.example. TXT \"v=DMARC1; p=reject\"\n", "shop.b\xc3\xbc" "cher.example",
	  "dkim=pass:xn--bcher-kva.example", "pass p=reject @xn--bcher-kva.example by organization org=xn--bcher-kva.example dkim:1" },
	{ "trap 10: NODATA is there", ORG ";!fault a.example.com A nodata\n", "a.example.com", "",
	  "fail sp=quarantine @example.com by organization org=example.com" },
	{ "trap 10: any other record will do", ORG "a.example.com. TXT \"hello\"\n", "a.example.com", "",
	  "fail sp=quarantine @example.com by organization org=example.com" },
	{ "trap 10: a child makes it exist", ORG "x.a.example.com. A 192.0.2.1\n", "a.example.com", "",
	  "fail sp=quarantine @example.com by organization org=example.com" },
	{ "trap 10: so does its own _dmarc", ORG "_dmarc.a.example.com. A 192.0.2.1\n;!fault a.example.com A servfail\n", "a.example.com", "",
	  "fail sp=quarantine @example.com by organization org=example.com" },
	{ "trap 10: a wildcard makes it exist", ORG "*.example.com. A 192.0.2.1\n", "a.example.com", "",
	  "fail sp=quarantine @example.com by organization org=example.com" },
	{ "trap 11: a public suffix with reject, sp=none and np=reject: a name that exists",
	  "_dmarc.gov. TXT \"v=DMARC1; p=reject; sp=none; np=reject; psd=y\"\nagency.gov. A 192.0.2.1\n", "agency.gov", "",
	  "fail sp=none @gov by public_suffix org=agency.gov" },
	{ "trap 11: and one that does not", "_dmarc.gov. TXT \"v=DMARC1; p=reject; sp=none; np=reject; psd=y\"\n", "agency.gov", "",
	  "fail np=reject @gov by public_suffix org=agency.gov" },
	{ "trap 11: not for an organization with a record of its own",
	  "_dmarc.gov. TXT \"v=DMARC1; p=reject; sp=none; np=reject; psd=y\"\n_dmarc.agency.gov. TXT \"v=DMARC1; p=quarantine\"\n", "x.agency.gov", "",
	  "fail p=quarantine @agency.gov by organization org=agency.gov" },
	{ "trap 12: a public suffix is said to be one", "_dmarc.gov. TXT \"v=DMARC1; p=reject; psd=y; ruf=mailto:a@example.com\"\n", "x.agency.gov", "",
	  "fail p=reject @gov by public_suffix org=agency.gov" },

	/* the examples of the draft, B.4 */
	{ "B.4.1", PLAIN "_dmarc.signing.example.com. TXT \"v=DMARC1; p=none\"\n", "example.com", "spf=pass:example.com dkim=pass:signing.example.com",
	  "pass p=reject @example.com by author org=example.com spf dkim:1" },
	{ "B.4.2", PLAIN "_dmarc.signing.example.com. TXT \"v=DMARC1; p=none\"\n", "a.b.c.d.e.f.g.h.i.j.k.example.com",
	  "spf=pass:example.com dkim=pass:signing.example.com", "pass p=reject @example.com by organization org=example.com spf dkim:1" },
	{ "B.4.3", "_dmarc.bank.example. TXT \"v=DMARC1; p=none; psd=y\"\n_dmarc.giant.bank.example. TXT \"v=DMARC1; p=reject\"\n", "giant.bank.example",
	  "spf=pass:mail.giant.bank.example dkim=pass:mail.mega.bank.example", "pass p=reject @giant.bank.example by author org=giant.bank.example spf" },
	{ "section 11.8: an organization too high lets a cousin pass", PLAIN "_dmarc.mail.example.com. TXT \"v=DMARC1; p=reject\"\n",
	  "evil.example.com", "dkim=pass:mail.example.com", "pass p=reject @example.com by organization org=example.com dkim:1" },

	/* where the DNS fails */
	{ "a time-out below the stop", "_dmarc.example.com. TXT \"v=DMARC1; p=reject; psd=n\"\n;!fault _dmarc.com TXT timeout\n", "a.example.com",
	  "dkim=pass:example.com", "pass p=reject @example.com by organization org=example.com dkim:1" },
	{ "a time-out before the stop", PLAIN ";!fault _dmarc.a.example.com TXT timeout\n", "a.example.com", "dkim=pass:a.example.com",
	  "temperror org= dkim:1" },
	{ "a time-out between", PLAIN ";!fault _dmarc.b.example.com TXT timeout\n", "a.b.example.com", "dkim=pass:a.b.example.com",
	  "temperror org= dkim:1" },
	{ "nothing found, but not all was asked: not none", ";!fault _dmarc.com TXT timeout\n", "example.com", "spf=pass:example.com",
	  "temperror org= spf" },
	{ "REFUSED and bogus are no answers", ";!fault _dmarc.example.com TXT bogus\n;!fault _dmarc.com TXT refused\n", "example.com", "", "temperror org=" },
	{ "the top fails: the author's record stands, and nothing passes", PLAIN ";!fault _dmarc.com TXT servfail\n", "example.com", "spf=fail:example.com",
	  "fail p=reject @example.com by author org= (spf)" },
	{ "the top fails: the same name is aligned", PLAIN ";!fault _dmarc.com TXT servfail\n", "example.com", "dkim=pass:example.com",
	  "pass p=reject @example.com by author org= dkim:1" },
	{ "the top fails: whatever it says, a name below the record is aligned", PLAIN ";!fault _dmarc.com TXT servfail\n", "example.com",
	  "dkim=pass:a.example.com", "pass p=reject @example.com by author org= dkim:1" },
	{ "the top fails: a passing stranger may belong to it", PLAIN ";!fault _dmarc.com TXT servfail\n", "example.com", "dkim=pass:example-2.com",
	  "temperror p=reject @example.com by author org=" },
	{ "the top fails: a stranger elsewhere cannot", PLAIN ";!fault _dmarc.com TXT servfail\n", "example.com", "dkim=pass:example.org spf=temperror:example.net",
	  "fail p=reject @example.com by author org=" },
	{ "a name between fails, but the top says no: a stranger is a stranger",
	  "_dmarc.a.b.example.com. TXT \"v=DMARC1; p=reject\"\n;!fault _dmarc.b.example.com TXT servfail\n", "a.b.example.com", "dkim=pass:example-2.com",
	  "fail p=reject @a.b.example.com by author org=" },
	{ "a name between fails: the organization may be there or above",
	  "_dmarc.a.b.example.com. TXT \"v=DMARC1; p=reject\"\n" PLAIN ";!fault _dmarc.b.example.com TXT servfail\n", "a.b.example.com",
	  "dkim=pass:example.com", "temperror p=reject @a.b.example.com by author org=" },
	{ "an identifier's own name fails", PLAIN ";!fault _dmarc.m.example.com TXT timeout\n", "example.com", "dkim=pass:m.example.com",
	  "temperror p=reject @example.com by author org=example.com" },
	{ "an identifier's own name fails, but another passes", PLAIN ";!fault _dmarc.m.example.com TXT timeout\n", "example.com",
	  "dkim=pass:m.example.com spf=pass:example.com", "pass p=reject @example.com by author org=example.com spf" },
	{ "an identifier's own name fails, and it does not pass anyway", PLAIN ";!fault _dmarc.m.example.com TXT timeout\n", "example.com",
	  "dkim=fail:m.example.com", "fail p=reject @example.com by author org=example.com" },
	{ "an identifier's own name fails below a public suffix, which aligns with nothing",
	  "_dmarc.bank.example. TXT \"v=DMARC1; p=reject; psd=y\"\n;!fault _dmarc.m.bank.example TXT timeout\n", "bank.example", "dkim=pass:m.bank.example",
	  "fail p=reject @bank.example by author org=bank.example" },
	{ "existence cannot be asked for, and makes a difference", ORG ";!fault a.example.com A timeout\n", "a.example.com", "",
	  "temperror sp=quarantine @example.com by organization org=example.com" },
	{ "existence cannot be asked for, but a pass is a pass", ORG ";!fault a.example.com A timeout\n", "a.example.com", "dkim=pass:a.example.com",
	  "pass sp=quarantine @example.com by organization org=example.com dkim:1" },
	{ "existence cannot be asked for, and makes no difference",
	  "_dmarc.example.com. TXT \"v=DMARC1; p=none; sp=reject; np=reject\"\n;!fault a.example.com A timeout\n", "a.example.com", "",
	  "fail sp=reject @example.com by organization org=example.com" },
	{ "an aligned identifier that is temperror", PLAIN, "example.com", "spf=temperror:example.com dkim=fail:example.com",
	  "temperror p=reject @example.com by author org=example.com (spf) (dkim:1)" },
	{ "an aligned identifier that is temperror beside a pass", PLAIN, "example.com", "spf=temperror:example.com dkim=pass:a.example.com",
	  "pass p=reject @example.com by author org=example.com (spf) dkim:1" },

	/* attack class 10: a stranger's slow DNS buys nothing */
	{ "a stranger's temperror changes nothing", PLAIN, "example.com", "spf=temperror:evil.example dkim=temperror:evil.example",
	  "fail p=reject @example.com by author org=example.com" },
	{ "a stranger is not waited for", PLAIN, "example.com", "spf=waiting:evil.example dkim=waiting:evil.example dkim=fail:example.com",
	  "fail p=reject @example.com by author org=example.com (dkim:2)" },
	{ "a stranger's walk is never made", PLAIN ";!fault _dmarc.slow.evil.example TXT timeout\n;!fault _dmarc.evil.example TXT timeout\n", "example.com",
	  "spf=pass:slow.evil.example dkim=pass:evil.example", "fail p=reject @example.com by author org=example.com" },
	{ "strict: a name below is not waited for", "_dmarc.example.com. TXT \"v=DMARC1; p=reject; adkim=s\"\n", "example.com", "dkim=waiting:a.example.com",
	  "fail p=reject @example.com by author org=example.com" },
	{ "no policy: nothing is waited for", "", "example.com", "spf=waiting:example.com dkim=waiting:a.example.com", "none org=example.com (spf)" },
	{ "an unusable record: nothing is waited for", "_dmarc.example.com. TXT \"v=DMARC1\"\n", "example.com", "spf=waiting:example.com",
	  "permerror @example.com by author org=example.com (spf)" },
	{ "an aligned pass decides while another waits", PLAIN, "example.com", "spf=waiting:example.com dkim=pass:example.com dkim=waiting:b.example.com",
	  "pass p=reject @example.com by author org=example.com (spf) dkim:3" },
	{ "an aligned identifier is waited for", PLAIN, "example.com", "spf=waiting:a.example.com dkim=fail:example.com", "waiting" },
	{ "a temperror waits too: what is open may pass", PLAIN, "example.com", "spf=waiting:a.example.com dkim=temperror:example.com", "waiting" },

	/* attack class 1 and 11: an ambiguous author never passes, and is never none */
	{ "no author", PLAIN, "", "spf=pass:example.com", "permerror" },
	{ "one ambiguous author that passes", PLAIN, "?example.com", "spf=pass:example.com", "permerror" },
	{ "one ambiguous author that fails", PLAIN, "?example.com", "spf=pass:example.org", "fail p=reject @example.com by author org=example.com" },
	{ "one ambiguous author without a policy", "", "?example.com", "spf=pass:example.com", "permerror" },
	{ "two authors: the attacker's passes, the victim's fails", PLAIN "_dmarc.evil.example. TXT \"v=DMARC1; p=none\"\n", "evil.example,example.com",
	  "spf=pass:evil.example dkim=pass:evil.example", "fail p=reject @example.com by author org=example.com" },
	{ "two authors: the attacker has no policy", PLAIN, "evil.example,example.com", "spf=pass:evil.example",
	  "fail p=reject @example.com by author org=example.com" },
	{ "two authors: both pass", PLAIN, "example.com,a.example.com", "dkim=pass:example.com", "permerror" },
	{ "two authors: neither has a policy", "", "example.com,example.org", "", "permerror" },
	{ "two authors: the strictest that fails", PLAIN "_dmarc.example.org. TXT \"v=DMARC1; p=quarantine\"\n_dmarc.example.net. TXT \"v=DMARC1; p=none\"\n",
	  "example.net,example.org,example.com", "", "fail p=reject @example.com by author org=example.com" },
	{ "two authors: a test makes it milder", "_dmarc.example.org. TXT \"v=DMARC1; p=quarantine\"\n_dmarc.example.com. TXT \"v=DMARC1; p=quarantine; t=y\"\n",
	  "example.com,example.org", "", "fail p=quarantine @example.org by author org=example.org" },
	{ "two authors: of equals the first", PLAIN "_dmarc.example.org. TXT \"v=DMARC1; p=reject\"\n", "example.org,example.com", "",
	  "fail p=reject @example.org by author org=example.org" },
	{ "two authors: one could not be looked up, the other fails", PLAIN ";!fault _dmarc.evil.example TXT timeout\n", "evil.example,example.com",
	  "spf=pass:evil.example", "fail p=reject @example.com by author org=example.com" },
	{ "two authors: one could not be looked up, the other passes", PLAIN ";!fault _dmarc.evil.example TXT timeout\n", "evil.example,example.com",
	  "spf=pass:example.com", "permerror" },
	{ "two authors: a reject of the first needs nothing of the second", PLAIN, "example.com,evil.example", "spf=waiting:evil.example",
	  "fail p=reject @example.com by author org=example.com" },
};

static const struct way ways[] = {
	{ "all at once", .foreseen = 40 },
	{ "nothing foreseen", .foreseen = 0 },
	{ "one at a time", .foreseen = 40, .batch = 1 },
	{ "one at a time, last first", .foreseen = 40, .batch = 1, .last_first = true },
	{ "a few foreseen, one at a time", .foreseen = 2, .batch = 1, .last_first = true },
	{ "shuffled", .foreseen = 40, .batch = 1, .shuffle = 1 },
	{ "shuffled again", .foreseen = 40, .batch = 2, .shuffle = 77 },
	{ "and again", .foreseen = 5, .batch = 1, .shuffle = 4711 },
};

/* Judges one case in one way; fills *r, which the caller ends. */
static const char *judge(struct run *r, size_t i, const struct way *way)
{
	struct dns_zone *zone = zone_of(cases[i].zone);

	run_begin(r);
	struct dmarc_input in = input_of(r->arena, cases[i].authors, cases[i].idents);
	run_dmarc(r, zone, &in, way);
	dns_zone_free(zone);
	return run_line(r);
}

static void test_cases(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct run r;

		tap_begin("%s", cases[i].name);
		const char *got = judge(&r, i, &ways[0]);
		CHECK_MSG(bytes_eq(bytes_of(got), cases[i].want), "\"%s\", not \"%s\"", got, cases[i].want);
		if (r.state == CHECK_DONE)
			CHECK((r.result.reason == NULL) == (r.result.result == DMARC_PASS));
		CHECK(r.work.reached == 0);
		run_end(&r);
		tap_end();
	}
}

/* design.md, "Rules for pure checks": the same result in any order of arrival, whatever was
 * foreseen, and without the answers that were not needed. */
static void test_ways(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct run first, r;

		tap_begin("in any way: %s", cases[i].name);
		judge(&first, i, &ways[0]);
		for (size_t k = 1; k < ARRAY_LEN(ways); k++) {
			const char *got = judge(&r, i, &ways[k]);
			CHECK_MSG(bytes_eq(bytes_of(got), cases[i].want), "%s: \"%s\"", ways[k].name, got);
			run_end(&r);
			struct way poor = ways[k];
			poor.only_needed = first.book;
			got = judge(&r, i, &poor);
			CHECK_MSG(bytes_eq(bytes_of(got), cases[i].want), "%s, only what is needed: \"%s\"", ways[k].name, got);
			run_end(&r);
		}
		run_end(&first);
		tap_end();
	}
}

/* What is said while some identifiers are still open stands when they are not. */
static void test_early(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct dns_zone *zone = zone_of(cases[i].zone);
		struct run final;

		tap_begin("said early, it stands: %s", cases[i].name);
		run_begin(&final);
		struct dmarc_input in = input_of(final.arena, cases[i].authors, cases[i].idents);
		run_dmarc(&final, zone, &in, &ways[0]);
		for (size_t mask = 1; mask < (size_t)2 << in.n_dkim; mask++) {
			struct run r;
			run_begin(&r);
			struct dmarc_input early = input_of(r.arena, cases[i].authors, cases[i].idents);
			struct dmarc_ident *dkim = arena_array(r.arena, struct dmarc_ident, early.n_dkim + 1);
			memcpy(dkim, early.dkim, early.n_dkim * sizeof(*dkim));
			early.dkim = dkim;
			for (size_t k = 0; k < early.n_dkim; k++)
				if (mask & (size_t)2 << k)
					dkim[k].state = DMARC_IDENT_WAITING;
			if (mask & 1)
				early.spf.state = DMARC_IDENT_WAITING;
			run_dmarc(&r, zone, &early, &ways[0]);
			if (r.state == CHECK_DONE && final.state == CHECK_DONE)
				CHECK_MSG(r.result.result == final.result.result && r.result.policy == final.result.policy &&
				          r.result.applied == final.result.applied &&
				          dname_same(r.result.domain, final.result.domain),
				          "with %zx open: %s", mask, run_line(&r));
			run_end(&r);
		}
		run_end(&final);
		dns_zone_free(zone);
		tap_end();
	}
}

static void test_offline(void)
{
	static const struct way offline = { "offline", .cut = DNS_OFFLINE };

	tap_begin("offline is temperror with a reason of its own, for every author");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct run r;
		const char *got = judge(&r, i, &offline);
		if (r.result.domain.text.n == 0)
			CHECK_MSG(r.result.result == DMARC_PERMERROR, "%s: %s", cases[i].name, got);
		else
			CHECK_MSG(r.result.result == DMARC_TEMPERROR &&
			          bytes_eq(bytes_of(r.result.reason), "the DNS was not asked: offline"),
			          "%s: %s", cases[i].name, got);
		run_end(&r);
	}
	tap_end();
}

/* --- rounds, and who is asked --- */

static const struct {
	const char *name, *zone, *authors, *idents;
	uint32_t rounds, most; /* rounds with foresight; questions sent */
} costs[] = {
	{ "an author with a record", PLAIN, "example.com", "spf=pass:example.com dkim=pass:example.com", 1, 2 },
	{ "identifiers below the author", PLAIN, "example.com", "spf=pass:a.b.example.com dkim=pass:m.example.com", 1, 5 },
	{ "a sub-domain, np, cousins", ORG, "a.example.com", "spf=pass:b.example.com dkim=pass:c.example.com", 1, 6 },
	{ "a long name", PLAIN, "1.2.3.4.5.6.7.8.9.example.com", "", 1, 9 },
	{ "strangers", PLAIN, "example.com", "spf=pass:a.example-2.com dkim=pass:evil.example dkim=fail:a.b.c.d.evil.example", 1, 2 },
};

static void test_cost(void)
{
	for (size_t i = 0; i < ARRAY_LEN(costs); i++) {
		struct dns_zone *zone = zone_of(costs[i].zone);
		struct run r;

		tap_begin("cost: %s", costs[i].name);
		run_begin(&r);
		struct dmarc_input in = input_of(r.arena, costs[i].authors, costs[i].idents);
		run_dmarc(&r, zone, &in, &ways[0]);
		CHECK(r.state == CHECK_DONE);
		CHECK_MSG(r.rounds == costs[i].rounds, "%u rounds", r.rounds);
		CHECK_MSG(dns_book_count(r.book) <= costs[i].most, "%zu questions", dns_book_count(r.book));
		run_end(&r);
		dns_zone_free(zone);
		tap_end();
	}
}

static void test_slow_stranger(void)
{
	static const char world[] = PLAIN ";!fault slow.evil.example * timeout\n;!fault _dmarc.slow.evil.example * timeout\n"
	                                  ";!fault _dmarc.evil.example * timeout\n;!fault _dmarc.example * timeout\n";
	struct dns_zone *zone = zone_of(world);

	tap_begin("a slow stranger changes neither result nor rounds nor questions");
	struct run with, without;
	run_begin(&with);
	run_begin(&without);
	struct dmarc_input in = input_of(with.arena, "example.com", "spf=waiting:slow.evil.example dkim=fail:example.com dkim=waiting:evil.example");
	run_dmarc(&with, zone, &in, &ways[0]);
	in = input_of(without.arena, "example.com", "dkim=fail:example.com");
	run_dmarc(&without, zone, &in, &ways[0]);
	CHECK_BYTES(bytes_of(run_line(&with)), run_line(&without));
	CHECK(with.rounds == without.rounds && with.rounds == 1);
	CHECK(dns_book_count(with.book) == dns_book_count(without.book));
	for (size_t i = 0; i < dns_book_count(with.book); i++)
		CHECK(!bytes_iends(dns_book_entry(with.book, i)->question.name.text, "evil.example"));
	run_end(&with);
	run_end(&without);
	dns_zone_free(zone);
	tap_end();
}

/* --- limits --- */

static void test_limits(void)
{
	struct dns_zone *zone = zone_of(PLAIN);
	struct run r;

	tap_begin("walks are bounded, and the bound is said");
	run_begin(&r);
	CHECK(limits_set(&r.limits, B("dmarc-walks"), 3, NULL));
	struct dmarc_input in = input_of(r.arena, "example.com", "spf=fail:a.example.com dkim=fail:b.example.com dkim=pass:c.example.com");
	run_dmarc(&r, zone, &in, &ways[0]);
	CHECK_BYTES(bytes_of(run_line(&r)), "fail p=reject @example.com by author org=example.com (spf) (dkim:1)");
	CHECK(r.work.reached == UINT64_C(1) << LIMIT_DMARC_WALKS);
	run_end(&r);
	tap_end();

	tap_begin("names that need no walk are not counted");
	run_begin(&r);
	CHECK(limits_set(&r.limits, B("dmarc-walks"), 2, NULL));
	in = input_of(r.arena, "example.com", "spf=pass:a.example.org dkim=fail:b.example.org dkim=pass:example.com");
	run_dmarc(&r, zone, &in, &ways[0]);
	CHECK(r.result.result == DMARC_PASS && r.work.reached == 0);
	run_end(&r);
	tap_end();

	tap_begin("signatures cannot starve a candidate: their walks come after all authors'");
	run_begin(&r);
	CHECK(limits_set(&r.limits, B("dmarc-walks"), 3, NULL));
	in = input_of(r.arena, "evil.example,evil2.example,example.com", "dkim=pass:a.evil.example dkim=pass:b.evil.example dkim=pass:c.evil.example");
	run_dmarc(&r, zone, &in, &ways[0]);
	CHECK_BYTES(bytes_of(run_line(&r)), "fail p=reject @example.com by author org=example.com");
	run_end(&r);
	tap_end();

	tap_begin("candidates beyond the bound are not judged, and that is said");
	run_begin(&r);
	CHECK(limits_set(&r.limits, B("dmarc-walks"), 2, NULL));
	in = input_of(r.arena, "evil.example,evil2.example,example.com", "");
	run_dmarc(&r, zone, &in, &ways[0]);
	CHECK_BYTES(bytes_of(run_line(&r)), "permerror");
	CHECK(r.work.reached == UINT64_C(1) << LIMIT_DMARC_WALKS);
	run_end(&r);
	tap_end();
	dns_zone_free(zone);
}

/* --- what else the result says --- */

static void test_fields(void)
{
	struct dns_zone *zone = zone_of("_dmarc.mail.example.com. 300 TXT \"v=DMARC1; p=reject; \" \"t=y; aspf=s; psd=n\"\n"
	                                ";!fault _dmarc.mail.example.com TXT secure\n");
	struct run r;

	tap_begin("the record as published, its TTL and DNSSEC state, and where the list differs");
	run_begin(&r);
	struct dmarc_input in = input_of(r.arena, "mail.example.com", "");
	run_dmarc(&r, zone, &in, &ways[0]);
	CHECK_BYTES(r.result.record, "v=DMARC1; p=reject; t=y; aspf=s; psd=n");
	CHECK(r.result.ttl == 300 && r.result.security == DNSSEC_SECURE && r.result.queries == 1);
	CHECK(r.result.testing && r.result.strict_spf && !r.result.strict_dkim);
	CHECK_BYTES(dmarc_psl_org(&in, &r.result).text, "example.com");
	CHECK(dmarc_psl_differs(&in, &r.result) && r.result.author_exists);
	run_end(&r);
	dns_zone_free(zone);
	tap_end();

	zone = zone_of(PLAIN);
	tap_begin("both ways find the same");
	run_begin(&r);
	in = input_of(r.arena, "mail.example.com", "");
	run_dmarc(&r, zone, &in, &ways[0]);
	CHECK(!dmarc_psl_differs(&in, &r.result) && r.result.queries == 3);
	run_end(&r);
	tap_end();

	tap_begin("a public suffix has no registrable domain, and nothing differs");
	run_begin(&r);
	in = input_of(r.arena, "com", "");
	run_dmarc(&r, zone, &in, &ways[0]);
	CHECK(dname_is_none(dmarc_psl_org(&in, &r.result)) && !dmarc_psl_differs(&in, &r.result));
	run_end(&r);
	dns_zone_free(zone);
	tap_end();

	zone = zone_of("_dmarc.example.com. TXT \"v=DMARC1; p=none; np=reject\"\n");
	tap_begin("an author domain that does not exist");
	run_begin(&r);
	in = input_of(r.arena, "nothing.example.com", "");
	run_dmarc(&r, zone, &in, &ways[0]);
	CHECK(!r.result.author_exists && r.result.policy == DMARC_POLICY_REJECT);
	run_end(&r);
	dns_zone_free(zone);
	tap_end();

	zone = zone_of("");
	tap_begin("a name too long for _dmarc. before it has no record, and is not asked");
	run_begin(&r);
	char name[254];
	memset(name, 'a', sizeof(name));
	for (size_t i = 49; i < 250; i += 50)
		name[i] = '.';
	name[253] = '\0';
	in = input_of(r.arena, name, "");
	run_dmarc(&r, zone, &in, &ways[0]);
	CHECK(r.state == CHECK_DONE && r.result.result == DMARC_NONE);
	run_end(&r);
	dns_zone_free(zone);
	tap_end();
}

/* --- memory --- */

/* Every allocation fails once; then all from some point on. No crash, no leak, and never a wrong result. */
static void test_memory(void)
{
	static const char world[] = ORG "_dmarc.b.example.com. TXT \"v=DMARC1;" RUA "\"\n_dmarc.evil.example. TXT \"v=DMARC1; p=none\"\n";

	for (int forever = 0; forever < 2; forever++) {
		tap_begin("the Nth allocation fails%s", forever ? ", and all after it" : "");
		struct dns_zone *zone = zone_of(world);
		for (long n = 0;; n++) {
			struct run r;
			run_begin(&r);
			struct dmarc_input in = input_of(r.arena, "a.example.com,evil.example", "spf=pass:b.example.com dkim=fail:c.example.com");
			r.book = dns_book_new(r.arena, NULL);
			dns_asker_init(&r.asker, r.book, 100, 40);
			r.work = (struct work){ .arena = r.arena, .limits = &r.limits };
			long tries = 0;
			bool failed = false;
			do {
				r.asker.waiting = false;
				mem_fail_after(n, forever);
				r.state = dmarc_check(&r.work, &r.asker, &in, &r.result);
				failed |= mem_count() > n;
				mem_fail_after(-1, false);
				struct dns_question q;
				struct dns_zone_reply reply;
				dns_book_begin_round(r.book);
				while (r.state == CHECK_WAITING && dns_book_next(r.book, &q))
					if (dns_zone_ask(zone, &q, &reply))
						dns_book_bring(r.book, reply.answer);
			} while (r.state == CHECK_WAITING && ++tries < 10);
			CHECK_MSG(r.state == CHECK_NO_MEMORY || (r.state == CHECK_DONE && r.result.result == DMARC_FAIL),
			          "after %ld: %s", n, run_line(&r));
			run_end(&r);
			if (!failed)
				break;
		}
		dns_zone_free(zone);
		tap_end();
	}
}

int main(void)
{
	test_cases();
	test_ways();
	test_early();
	test_offline();
	test_cost();
	test_slow_stranger();
	test_limits();
	test_fields();
	test_memory();
	return tap_done();
}
