/* Whose network it was, and who takes complaints: what the tables say, and what they say oddly. */
#include "base/mem.h"
#include "dns/dns_pump.h"
#include "dns_helper.h"
#include "explain/origin.h"

#define CYMRU "9.113.0.203.origin.asn.cymru.com TXT "
#define ABUSIX "9.113.0.203.abuse-contacts.abusix.zone TXT "
#define IP "203.0.113.9"
#define GOOD CYMRU "\"64500 | 203.0.113.0/24 | US | arin | 2001-02-03\"\n" \
	"as64500.asn.cymru.com TXT \"64500 | US | arin | 2001-02-03 | EXAMPLE-NET Example Inc., US\"\n"
#define EXAMPLE " asn=64500 prefix=203.0.113.0/24 country=US name=EXAMPLE-NET Example Inc., US"

struct check {
	struct work work;
	struct dns_asker asker;
	struct origin_input in;
	struct origin out;
	struct dns_book *book;
	unsigned runs;
};

static enum check_state run_once(void *user)
{
	struct check *c = user;

	c->runs++;
	return origin_check(&c->work, &c->asker, &c->in, &c->out);
}

/* Asks a zone to the end; zone NULL: nobody is there to be asked. c->book is to be ended. */
static enum check_state ask(struct check *c, struct arena *a, const struct dns_zone *zone, uint64_t shuffle,
                            const struct origin_input *in)
{
	static struct limits limits;
	struct dns_script_settings settings = { .one_at_a_time = shuffle != 0, .shuffle = shuffle };
	struct dns_script *s = zone ? dns_script_new(zone, &settings) : NULL;
	struct dns_pump_asker one = { &c->asker, 5000, 0 };

	limits_init(&limits);
	*c = (struct check){ .work = { .arena = a, .limits = &limits }, .in = *in };
	if (!(c->book = dns_book_new(a, NULL)))
		abort();
	dns_asker_init(&c->asker, c->book, ORIGIN_QUESTIONS, 0);
	struct dns_pump_settings set = {
		.work = &c->work, .book = c->book, .resolver = s ? dns_script_resolver(s) : NULL,
		.askers = &one, .n = 1, .run = run_once, .user = c,
	};
	struct dns_pump *p = dns_pump_new(&set);
	enum check_state state = p ? dns_pump_run(p) : CHECK_NO_MEMORY;
	dns_pump_end(p);
	if (s)
		dns_resolver_free(dns_script_resolver(s));
	return state;
}

/* "known asn= prefix= country= name= to=...", each only if there. Static buffer. */
static const char *describe(const struct origin *o)
{
	static char to[1024];
	int n = snprintf(to, sizeof(to), "%s", o->known ? "known" : "unknown");

	if (o->asn)
		n += snprintf(to + n, sizeof(to) - (size_t)n, " asn=%u", o->asn);
	const struct { const char *name; struct bytes v; } rows[] = {
		{ "prefix", o->prefix }, { "country", o->country }, { "name", o->as_name },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].v.n)
			n += snprintf(to + n, sizeof(to) - (size_t)n, " %s=%.*s", rows[i].name, BYTES_ARG(rows[i].v));
	for (size_t i = 0; i < o->n_contacts; i++)
		n += snprintf(to + n, sizeof(to) - (size_t)n, "%s%.*s", i ? "," : " to=", BYTES_ARG(o->contacts[i]));
	return to;
}

static const struct {
	const char *name, *ip, *zone, *want;
	size_t questions;
} cases[] = {
	{ "a network, its name, a contact", IP, GOOD ABUSIX "\"abuse@example.net\"\n",
	  "known" EXAMPLE " to=abuse@example.net", 3 },
	{ "IPv6, by its nibbles", "2001:db8::1",
	  "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.origin6.asn.cymru.com TXT "
	  "\"64501 | 2001:db8::/32 | DE | ripencc | 2002-01-01\"\n"
	  "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.abuse-contacts.abusix.zone TXT a@example.net\n",
	  "known asn=64501 prefix=2001:db8::/32 country=DE to=a@example.net", 3 },
	{ "the longest prefix counts, wherever it stands", IP,
	  CYMRU "\"64501 | 203.0.0.0/16 | DE | x | y\"\n" CYMRU "\"64500 | 203.0.113.0/24 | US | x | y\"\n"
	  CYMRU "\"64502 | 203.0.112.0/23 | FR | x | y\"\n", "known asn=64500 prefix=203.0.113.0/24 country=US", 3 },
	{ "of two equally long ones the first", IP,
	  CYMRU "\"64501 | 203.0.113.0/24 | DE | x | y\"\n" CYMRU "\"64500 | 203.0.113.0/24 | US | x | y\"\n",
	  "known asn=64501 prefix=203.0.113.0/24 country=DE", 3 },
	{ "several numbers of one network: the first", IP,
	  CYMRU "\"64500 64501 64502 | 203.0.113.0/24 | US | arin | 2001-02-03\"\n",
	  "known asn=64500 prefix=203.0.113.0/24 country=US", 3 },
	{ "empty fields", IP, CYMRU "\"64500 | 203.0.113.0/24 |  |  | \"\n"
	  "as64500.asn.cymru.com TXT \"64500 |  |  |  | \"\n", "known asn=64500 prefix=203.0.113.0/24", 3 },
	{ "a row that ends early", IP, CYMRU "\"64500 | 203.0.113.0/24\"\n", "known asn=64500 prefix=203.0.113.0/24", 3 },
	{ "a network that nobody announces", IP, CYMRU "\" | 203.0.113.0/24 | US | arin | 2001-02-03\"\n",
	  "known prefix=203.0.113.0/24 country=US", 2 },
	{ "a number without a prefix", IP, CYMRU "\"64500 | | US | arin | x\"\n", "known asn=64500 country=US", 3 },
	{ "a row with a prefix before one without", IP,
	  CYMRU "\"64501 | | DE | x | y\"\n" CYMRU "\"64500 | 0.0.0.0/0 | US | x | y\"\n",
	  "known asn=64500 prefix=0.0.0.0/0 country=US", 3 },
	{ "a prefix that does not hold the address", IP, CYMRU "\"64500 | 198.51.100.0/24 | US | arin | 2001-02-03\"\n",
	  "unknown", 2 },
	{ "a prefix that is none", IP, CYMRU "\"64500 | 203.0.113.0/33 | US | arin | 2001-02-03\"\n", "unknown", 2 },
	{ "an IPv6 prefix for an IPv4 address", IP, CYMRU "\"64500 | ::/0 | US | arin | 2001-02-03\"\n", "unknown", 2 },
	{ "a number that is none, a country that is none", IP, CYMRU "\"AS64500 | 203.0.113.0/24 | U1 | x | y\"\n",
	  "known prefix=203.0.113.0/24", 2 },
	{ "a number over 32 bits", IP, CYMRU "\"4294967296 | 203.0.113.0/24 | USA | x | y\"\n",
	  "known prefix=203.0.113.0/24", 2 },
	{ "rubbish in the table", IP, CYMRU "\"\"\n" CYMRU "\"|||||||\"\n" CYMRU "\"please register\"\n", "unknown", 2 },
	{ "a name for another number is no name of this one", IP,
	  CYMRU "\"64500 | 203.0.113.0/24 | US | x | y\"\nas64500.asn.cymru.com TXT \"64501 | US | x | y | OTHER\"\n",
	  "known asn=64500 prefix=203.0.113.0/24 country=US", 3 },
	{ "a name with bars in it", IP,
	  CYMRU "\"64500 | 203.0.113.0/24 | US | x | y\"\nas64500.asn.cymru.com TXT \"64500 | US | x | y | A | B\"\n",
	  "known asn=64500 prefix=203.0.113.0/24 country=US name=A | B", 3 },
	{ "contacts in one text and in several, none twice", IP,
	  ABUSIX "\"abuse@example.net, noc@example.net\"\n" ABUSIX "\"ABUSE@example.net,<security@example.com>\"\n",
	  "unknown to=abuse@example.net,noc@example.net,security@example.com", 2 },
	{ "texts that are no address", IP,
	  ABUSIX "\"this address has no contact\"\n" ABUSIX "\",, ,root@localhost,abuse@[192.0.2.1],postmaster,<>\"\n", "unknown", 2 },
	{ "a contact with control bytes is none", IP, ABUSIX "\"ab\\027use@example.net,a@example.net\\010\"\n",
	  "unknown to=a@example.net", 2 },
	{ "never the forged domain, nor what is below it", IP,
	  ABUSIX "\"abuse@victim.example,abuse@mail.Victim.example,abuse@owner.example,abuse@notvictim.example\"\n",
	  "unknown to=abuse@notvictim.example", 2 },
	{ "a handful is enough", IP, ABUSIX "\"a@b.example,b@b.example,c@b.example,d@b.example,e@b.example,f@b.example\"\n",
	  "unknown to=a@b.example,b@b.example,c@b.example,d@b.example,e@b.example", 2 },
	{ "a time-out, and a failure: not known", IP,
	  ";!fault " CYMRU "timeout\n;!fault " ABUSIX "servfail\n", "unknown", 2 },
	{ "one of them is silent: the other counts", IP, ";!fault " CYMRU "timeout\n" ABUSIX "a@example.net\n",
	  "unknown to=a@example.net", 2 },
	{ "the name is not told", IP, GOOD ";!fault as64500.asn.cymru.com TXT bogus\n",
	  "known asn=64500 prefix=203.0.113.0/24 country=US", 3 },
	{ "a local address: nothing is asked", "10.1.2.3", "", "unknown", 0 },
	{ "no address: nothing is asked", "", "", "unknown", 0 },
};

static const struct dname never[] = { { B("victim.example") }, { B("owner.example") } };

static struct origin_input input(const char *ip)
{
	struct origin_input in = { .never = never, .n_never = ARRAY_LEN(never) };

	if (ip[0] && !ip_parse(bytes_of(ip), &in.ip))
		abort();
	return in;
}

static void test_cases(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct dns_zone *z = zone_of(cases[i].zone);
		struct origin_input in = input(cases[i].ip);
		tap_begin("%s", cases[i].name);
		for (uint64_t order = 0; order < 4; order++) { /* together, and one at a time in three orders */
			struct arena *a = arena_new(1u << 20);
			struct check c;
			CHECK(ask(&c, a, z, order, &in) == CHECK_DONE);
			const char *got = describe(&c.out);
			CHECK_MSG(strcmp(got, cases[i].want) == 0, "\n#  got %s\n# want %s", got, cases[i].want);
			CHECK_MSG(dns_book_count(c.book) == cases[i].questions, "%zu questions", dns_book_count(c.book));
			CHECK(c.runs <= ORIGIN_QUESTIONS + 1 && (order || c.runs <= 3));
			dns_book_end(c.book);
			arena_free(a);
		}
		tap_end();
		dns_zone_free(z);
	}
}

static void test_trouble(void)
{
	struct dns_zone *z = zone_of(GOOD ABUSIX "a@example.net\n");
	struct origin_input in = input(IP);
	struct arena *a = arena_new(1u << 20);
	struct check c;
	long n = 0;

	tap_begin("nobody is asked: not known, at once");
	CHECK(ask(&c, a, NULL, 0, &in) == CHECK_DONE && c.runs == 1);
	CHECK(!c.out.known && c.out.n_contacts == 0);
	dns_book_end(c.book);
	tap_end();

	tap_begin("every allocation may fail");
	for (bool ok = false; !ok && n < 10000; n++) {
		arena_reset(a);
		CHECK(ask(&c, a, z, 0, &in) == CHECK_DONE); /* the answers are there */
		mem_fail_after(n, false);
		mem_fail_arenas();
		enum check_state state = run_once(&c);
		mem_fail_after(-1, false);
		ok = state == CHECK_DONE;
		CHECK(ok || state == CHECK_NO_MEMORY);
		CHECK(!ok || strcmp(describe(&c.out), "known" EXAMPLE " to=a@example.net") == 0);
		dns_book_end(c.book);
	}
	CHECK_MSG(n > 3 && n < 10000, "%ld", n);
	tap_end();
	arena_free(a);
	dns_zone_free(z);
}

int main(void)
{
	test_cases();
	test_trouble();
	return tap_done();
}
