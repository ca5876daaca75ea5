#include "base/mem.h"
#include "lookalike/lookalike.h"
#include "tap.h"

static struct lookalike_tables *tables;
static struct arena *arena;

static struct dname name_of(const char *text)
{
	struct dname d = { { NULL, 0 } };

	if (!dname_parse(arena, bytes_of(text), DNAME_HOST, &d, NULL))
		tap_check(false, __FILE__, __LINE__, "\"%s\" is no domain", text);
	return d;
}

/* --- domains --- */

static const struct {
	const char *shown, *ours;
	bool alike;
} domains[] = {
	/* the same to the eye */
	{ "examp1e.org", "example.org", true },
	{ "exarnple.org", "example.org", true },
	{ "exampie.org", "example.org", true }, /* typed as exampIe.org */
	{ "xn--exmple-4nf.org", "example.org", true }, /* Cyrillic a */
	{ "ехаmрlе.org", "example.org", true },
	{ "exämple.org", "example.org", true },
	{ "exampłe.org", "example.org", true },
	{ "3xampl3.org", "example.org", true },
	{ "g00dfirm.example", "goodfirm.example", true },
	{ "vvorkshop.example", "workshop.example", true },
	{ "cloudhost.example", "doudhost.example", true },
	{ "c1oudhost.example", "cloudhost.example", true },
	{ "mail.examp1e.org", "example.org", true },
	{ "examp1e.org", "mail.example.org", true },
	{ "examp1e.co.uk", "example.co.uk", true },
	{ "dh1.example", "dhl.example", true },
	{ "xn--e1awd7f.com", "epic.com", true },
	{ "аррlе.example", "apple.example", true },
	{ "xn--80ak6aa92e.com", "apple.com", true },
	{ "mueller.example", "muller.example", true },
	{ "müller.example", "muller.example", true },
	{ "exam-ple.org", "example.org", true },
	/* one letter */
	{ "exmaple.org", "example.org", true },
	{ "exampel.org", "example.org", true },
	{ "exxample.org", "example.org", true },
	{ "exmple.org", "example.org", true },
	{ "examples.org", "example.org", true },
	{ "exanple.org", "example.org", true }, /* n for m */
	{ "university-hospltal.example", "university-hospital.example", true },
	{ "greengracers.example", "greengrocers.example", true },
	{ "treengrocers.example", "greengrocers.example", true },
	{ "example2.org", "example.org", true },
	/* another top-level domain */
	{ "example.net", "example.org", true },
	{ "example.co.uk", "example.org", true },
	{ "www.example.net", "example.org", true },
	{ "examp1e.net", "example.org", true },

	/* ours inside */
	{ "example.org.evil.example", "example.org", true },
	{ "login.example.org.evil.example", "example.org", true },
	{ "example-org.evil.example", "example.org", true },
	{ "exampleorg.evil.example", "example.org", true },
	{ "example-org.com", "example.org", true },
	{ "mail-example.org", "example.org", true },
	{ "mail-example.com", "example.org", true },
	{ "mailexample.com", "example.org", true },
	{ "example-login.com", "example.org", true },
	{ "examp1e-login.com", "example.org", true },
	{ "examplesupport.com", "example.org", true },
	{ "secure-login-example.com", "example.org", true },
	{ "bmw-support.com", "bmw.example", true },
	{ "login-example-org.evil.example", "example.org", true },
	{ "example-co-uk.evil.example", "example.co.uk", true },
	{ "example.co.uk.evil.example", "mail.example.co.uk", true },
	{ "xn--exmple-4nf.org.evil.example", "example.org", true },

	/* ours, and what belongs to it */
	{ "example.org", "example.org", false },
	{ "mail.example.org", "example.org", false },
	{ "a.b.example.org", "example.org", false },
	{ "example.org", "mail.example.org", false },
	{ "news.example.org", "mail.example.org", false },
	{ "mx1.example.org", "mxl.example.org", false },
	{ "a.example.co.uk", "b.example.co.uk", false },
	{ "example.com", "com", false },
	/* strangers */
	{ "shop.example", "example.org", false }, /* the top-level name is no piece of it */
	{ "other.net", "example.org", false },
	{ "sample.org", "example.org", false },
	{ "exam.org", "example.org", false },
	{ "mall.example", "mail.example", true }, /* the same to the eye as mAIL */
	{ "mild.example", "mill.example", false },
	{ "better.example", "letter.example", false },
	{ "market.example", "marked.example", false },
	{ "master.example", "faster.example", false },
	{ "wealth.example", "health.example", false },
	{ "region24.example", "region25.example", false },
	{ "region2.example", "region25.example", false },
	{ "bmw.net", "bmw.com", false },        /* a short name under another top-level domain */
	{ "io.example", "lo.example", false },
	{ "example.sharepoint.example", "example.org", false }, /* a customer of a service */
	{ "example-my.sharepoint.example", "example.org", false },
	{ "example-org.mail.protection.outlook.com", "example.org", false },
	{ "orange-county.example", "blue.example", false },
	{ "blue-bird.example", "blue.example", false },
	{ "work-in-progress.example", "work.in", false },
	{ "planet.example", "plan.et", false },
	{ "bmw.com.au", "bmw.com", false },
	{ "ac.uk", "example.co.uk", false },
	{ "outlook.fr", "outlook.com", false },
	{ "hotmail.co.uk", "hotmail.com", false },
	{ "0utlook.com", "outlook.com", true },
	{ "s3.example", "se.example", false },
	{ "2024.example", "zoza.example", false },
	{ "1234.example", "l234.example", true },
	{ "bücher.example", "tücher.example", false },
	{ "пример.example", "премьер.example", false },
	{ "日本.example", "日木.example", false },
	{ "例え.example", "例.example", false },
};

static void test_domains(void)
{
	for (size_t i = 0; i < ARRAY_LEN(domains); i++) {
		tap_begin("%s for %s: %s", domains[i].shown, domains[i].ours, domains[i].alike ? "alike" : "not alike");
		CHECK(lookalike_domains(tables, arena, name_of(domains[i].shown), name_of(domains[i].ours)) ==
		      domains[i].alike);
		tap_end();
		arena_reset(arena);
	}
}

/* --- letters --- */

static const struct {
	const char *name, *text, *want; /* NULL: nothing odd */
} odds[] = {
	{ "nothing", "", NULL },
	{ "plain", "Alice Example", NULL },
	{ "a Cyrillic letter in a Latin word", "Аlice Example", "mixed_script" },
	{ "a Latin letter in a Cyrillic word", "Сбербaнк", "mixed_script" },
	{ "a Greek letter in a Latin word", "Αpple", "mixed_script" },
	{ "an Armenian letter in a Latin word", "Goօgle", "mixed_script" },
	{ "in the last word", "Your friend Pауpal", "mixed_script" },
	{ "in a domain", "www.exаmple.org", "mixed_script" },
	{ "words of two alphabets", "Москва Moscow Αθήνα", NULL },
	{ "joined by a hyphen", "SMS-сообщение", NULL },
	{ "a delta is no disguise", "Δt", NULL },
	{ "a Hebrew article before a Latin word", "הSMS", NULL },
	{ "Japanese", "Tシャツ専門店", NULL },
	{ "Korean", "LG전자", NULL },
	{ "an override", "invoice\u202efdp.exe", "bidi" },
	{ "an override among Hebrew", "שלום\u202eabc", "bidi" },
	{ "an embedding without a cause", "example\u202borg", "bidi" },
	{ "marks in Hebrew", "\u200fשלום (Alice)\u200f", NULL },
	{ "isolates around a name", "\u2068Alice\u2069 wrote", NULL },
	{ "a mark in a word", "Pay\u200epal", "invisible" },
	{ "zero width space", "Pay\u200bpal", "invisible" },
	{ "zero width joiner between letters", "Pay\u200dpal", "invisible" },
	{ "soft hyphen", "Pay\u00adpal", "invisible" },
	{ "word joiner", "Pay\u2060pal", "invisible" },
	{ "Hangul filler", "\u3164", "invisible" },
	{ "tags", "Alice\U000e0041\U000e0042", "invisible" },
	{ "variation selector behind a letter", "Pa\ufe0fypal", "invisible" },
	{ "a control byte", "Pay\001pal", "invisible" },
	{ "joiners in a family", "👩‍👩‍👧‍👦 Family", NULL },
	{ "a profession with a skin colour", "👩🏽‍🚀", NULL },
	{ "a heart on fire", "❤️‍🔥 Sale", NULL },
	{ "keycaps", "1️⃣ first", NULL },
	{ "the flag of Scotland", "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", NULL },
	{ "tags behind a flag that has ended", "🏴\U000e0067\U000e007f x\U000e0041", "invisible" },
	{ "Persian", "می‌خواهم", NULL },
	{ "Sinhala", "ශ්‍රී ලංකා", NULL },
	{ "Khmer with zero width spaces", "ភាសា\u200bខ្មែរ", NULL },
	{ "a name with its own form of a letter", "葛\U000e0100城", NULL },
	{ "a byte order mark in front", "\ufeff" "Alice", NULL },
	{ "a byte order mark within", "Ali\ufeff" "ce", "invisible" },
	{ "not UTF-8", "Al\xff\xfe ice\xc3", NULL },
};

static void test_odd(void)
{
	for (size_t i = 0; i < ARRAY_LEN(odds); i++) {
		struct bytes text = heap_copy(odds[i].text);
		enum lookalike_kind kind = LOOKALIKE_KINDS;

		tap_begin("odd: %s", odds[i].name);
		bool odd = lookalike_odd(tables, text, &kind);
		const char *got = odd ? lookalike_kind_name(kind) : "nothing";
		CHECK_MSG(odd == (odds[i].want != NULL) && (!odd || strcmp(got, odds[i].want) == 0), "got %s, want %s", got,
		          odds[i].want ? odds[i].want : "nothing");
		tap_end();
		heap_free(text);
	}
}

/* --- names --- */

static struct lookalike_ours ours(void)
{
	static const char *const own_domains[] = { "example.org", "gmail.com", "xn--mller-kva.example" };
	static const struct bytes addresses[] = { B("Alice@example.org"), B("alice.example@gmail.com"), B("no address") };
	static const struct bytes names[] = { B("Alice Example"), B("Contoso"), B("Jürgen von der Heide"), B("山田太郎") };
	struct dname *d = arena_array(arena, struct dname, ARRAY_LEN(own_domains));

	assert(d);
	for (size_t i = 0; i < ARRAY_LEN(own_domains); i++)
		d[i] = name_of(own_domains[i]);
	return (struct lookalike_ours){ d, ARRAY_LEN(own_domains), addresses, ARRAY_LEN(addresses), names, ARRAY_LEN(names) };
}

/* What was found, "kind<imitates" joined by blanks. */
static const char *find(const char *where, struct bytes display, const char *address)
{
	static char to[1024];
	struct lookalike_ours o = ours();
	const char *at = strrchr(address, '@');
	struct lookalike_shown shown = { .where = where, .display_name = display, .address = bytes_of(address) };
	struct lookalike *found = NULL;
	size_t n = 0, used = 0;

	if (at)
		shown.domain = name_of(at + 1);
	to[0] = '\0';
	if (!lookalike_find(tables, arena, &o, &shown, 1, &found, &n))
		return "out of memory";
	for (size_t i = 0; i < n; i++)
		used += (size_t)snprintf(to + used, sizeof(to) - used, "%s%s%s%.*s", i ? " " : "",
		                         lookalike_kind_name(found[i].kind), found[i].imitates.n ? "<" : "",
		                         BYTES_ARG(found[i].imitates));
	return to;
}

static const struct {
	const char *name, *display, *address, *want;
} shown_names[] = {
	{ "ours", "Alice Example", "alice@example.org", "" },
	{ "ours with another local part", "Alice Example", "alice.work@mail.example.org", "" },
	{ "our name, a stranger's address", "Alice Example", "x@evil.example", "name<Alice Example" },
	{ "no address at all", "Alice Example", "", "name<Alice Example" },
	{ "in capitals", "ALICE EXAMPLE", "x@evil.example", "name<Alice Example" },
	{ "last name first", "Example, Alice", "x@evil.example", "name<Alice Example" },
	{ "with more around", "Dr. Alice Example (CEO)", "x@evil.example", "name<Alice Example" },
	{ "run together", "AliceExample", "x@evil.example", "name<Alice Example" },
	{ "digits for letters", "A1ice Examp1e", "x@evil.example", "name<Alice Example" },
	{ "Cyrillic letters", "Аlice Ехаmрle", "x@evil.example", "name<Alice Example mixed_script" },
	{ "wide letters", "Ａｌｉｃｅ Ｅｘａｍｐｌｅ", "x@evil.example", "name<Alice Example" },
	{ "ornate letters", "𝓐𝓵𝓲𝓬𝓮 𝓔𝔁𝓪𝓶𝓹𝓵𝓮", "x@evil.example", "name<Alice Example" },
	{ "a joiner within", "Ali\u200dce Example", "x@evil.example", "name<Alice Example invisible" },
	{ "an accent more", "Alicé Example", "x@evil.example", "name<Alice Example" },
	{ "an accent less", "Jurgen von der Heide", "x@evil.example", "name<Jürgen von der Heide" },
	{ "last name first, four words", "Heide, Jürgen von der", "x@evil.example", "name<Jürgen von der Heide" },
	{ "Japanese", "山田太郎", "x@evil.example", "name<山田太郎" },
	{ "a firm", "Contoso", "x@evil.example", "name<Contoso" },
	{ "a firm and its support", "Contoso Support Team", "x@evil.example", "name<Contoso" },
	{ "a firm's name within another", "Friends of Contoso Valley", "x@evil.example", "" },
	{ "another person of that first name", "Alice Miller", "x@other.example", "" },
	{ "a person of a name that is close", "Alicia Example", "x@other.example", "" },
	{ "our name at the same provider", "Alice Example", "mallory@gmail.com", "name<Alice Example" },
	{ "our own address at a provider", "Alice Example", "alice.example@gmail.com", "" },
	{ "our own address at a provider, with a tag", "Alice Example", "alice.example+x@gmail.com", "" },

	{ "our address for a name", "alice@example.org", "x@evil.example", "name<Alice@example.org name_address<alice@example.org" },
	{ "quoted", "'alice@example.org'", "x@evil.example", "name<Alice@example.org name_address<alice@example.org" },
	{ "our address within the name", "Alice (alice@example.org)", "x@evil.example",
	  "name<Alice@example.org name_address<alice@example.org" },
	{ "a wide at sign", "alice＠example．org", "x@evil.example", "name<Alice@example.org name_address<alice@example.org" },
	{ "an address of our domain", "billing@mail.example.org", "x@evil.example",
	  "name<example.org name_address<billing@mail.example.org" },
	{ "an address that imitates ours", "alice@examp1e.org", "x@evil.example",
	  "name<example.org name_address<alice@examp1e.org" },
	{ "our domain", "example.org support", "x@evil.example", "name<example.org" },
	{ "our domain with a dot behind", "This is EXAMPLE.ORG.", "x@evil.example", "name<example.org" },
	{ "what imitates our domain", "examp1e.org support", "x@evil.example", "name<example.org" },
	{ "our international domain", "müller.example", "x@evil.example", "name<xn--mller-kva.example" },
	{ "the provider's domain is not ours", "gmail.com Team", "x@evil.example", "" },
	{ "a stranger's address, not the sender's", "service@shop.example", "x@evil.example",
	  "name_address<service@shop.example" },
	{ "the sender's own address", "bob@shop.example", "bob@shop.example", "" },
	{ "the sender's own, in capitals", "BOB@Shop.Example", "bob@shop.example", "" },
	{ "another address of the same firm", "info@shop.example", "noreply@mail.shop.example", "" },
	{ "another address at a provider", "bob@gmail.com", "mallory@gmail.com", "name_address<bob@gmail.com" },
	{ "our address shown by another at that provider", "alice.example@gmail.com", "mallory@gmail.com",
	  "name<alice.example@gmail.com name_address<alice.example@gmail.com" },
	{ "a stranger's address over ours", "x@evil.example", "alice@example.org", "name_address<x@evil.example" },
	{ "an at sign that is none", "Alice @ Work", "x@evil.example", "" },
	{ "titles with dots", "Dr.med. B. Miller M.Sc.", "x@evil.example", "" },

	{ "a domain", "Bob", "bob@examp1e.org", "domain<example.org" },
	{ "a domain with ours inside", "Bob", "bob@example.org.evil.example", "domain_inside<example.org" },
	{ "a mixed domain of nobody's", "Bob", "bob@shоp.example", "mixed_script" },
	{ "a mixed local part", "Bob", "bоb@shop.example", "mixed_script" },
	{ "all at once", "Аlice\u202e", "bob@examp1e.org", "domain<example.org mixed_script bidi" },
	{ "no name", "", "bob@shop.example", "" },
};

/* Real-looking senders that have nothing to do with us. */
static const char *const harmless[] = {
	"Anna Schmidt", "Jörg Müller", "François Lefèvre", "Zoë Brontë", "Øystein Ångström", "Łukasz Żółć", "Jiří Dvořák",
	"Çağla Şahin", "Ioana Țăran", "Đỗ Thị Hồng", "Nguyễn Văn An", "Þórdís Guðmundsdóttir", "Ásgeir Ólafsson",
	"Siân Llŷr", "Seán Ó Briain", "Conchúir O’Néill", "Maria José García-López", "João da Conceição", "Ñusta Quispe",
	"Kęstutis Žemaitis", "Jānis Bērziņš", "Õnne Põldmäe", "Győző Szűcs", "Đorđe Petrović", "Ђорђе Петровић", "Иван Иванов",
	"Анна-Мария Щербакова", "Олександр Їжак", "Ўладзімір Кавалёў", "Георги Димитров", "Ѓорѓи Ќосев", "Нұрсұлтан Әбіш",
	"Γιώργος Παπαδόπουλος", "Ελένη Ιωάννου (Athens)", "Αθήνα Travel", "Արմեն Պետրոսյան", "ნინო ბერიძე", "דוד כהן",
	"שָׂרָה לֵוִי", "\u200fמשה (Moshe)\u200f", "محمد عبد الله", "فاطمة الزهراء", "علی‌رضا محمدی", "بینظیر بھٹو", "شركة ABC",
	"अनिल कुमार", "श्री राम क्षत्रिय", "ক্ষুদিরাম বসু", "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ", "જયેશ પટેલ", "கார்த்திக் ராஜா", "శ్రీనివాస్ రావు",
	"ಶ್ರೀಕಾಂತ್ ಗೌಡ", "ലക്ഷ്മി നായർ", "ක්‍රිෂාන්ත පෙරේරා", "สมชาย ใจดี", "ທ້າວ ສົມພອນ", "ဦးသန့်စင်", "សុខ ដារ៉ា", "བསྟན་འཛིན་",
	"王小明", "陳大文 (David Chan)", "张伟 Zhang Wei", "佐藤 花子", "株式会社サンプル", "サポートセンター", "Tシャツ屋さん", "渡邉\U000e0100 誠", "葛󠄀城 一郎",
	"김민준", "(주)한국전자", "LG전자 고객센터", "ᠮᠣᠩᠭᠣᠯ ᠪᠢᠴᠢᠭ᠌", "አበበ በቀለ", "ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ", "ᐃᓄᒃᑎᑐᑦ", "Kamehameha Kalākaua", "Olúwaṣeun Adébáyọ̀",
	"ǃNǀuu Khoisan", "M. Le Goff, PhD", "Dr.-Ing. K. Groß", "D'Artagnan, Charles", "J.R.R. Writer", "Team @ Work", "Bob via Forum",
	"Café ☕ Newsletter", "🎉 Party 🎉", "👩‍🚀 Space Club", "❤️ Charity", "R&D / Q&A", "C++ Users", "50% Sale!", "24/7 Help", "№1 Магазин",
	"Яндекс Go", "SMS-центр", "Ελλάδα-Greece", "Ernst & Söhne GmbH", "Société Générale d’Eau", "Smith-Jones, Alex (they/them)",
	"no-reply", "GitHub Enterprise", "Mr. Ⅷ", "µTorrent", "Ångström Å", "ﬁnance ﬂow", "½ Price", "Miloš Ðukić", "AT&T", "E.ON", "Node.js Weekly",
};

static void test_names(void)
{
	for (size_t i = 0; i < ARRAY_LEN(shown_names); i++) {
		struct bytes display = heap_copy(shown_names[i].display);

		tap_begin("name: %s", shown_names[i].name);
		const char *got = find("From", display, shown_names[i].address);
		CHECK_MSG(strcmp(got, shown_names[i].want) == 0, "got \"%s\", want \"%s\"", got, shown_names[i].want);
		tap_end();
		heap_free(display);
		arena_reset(arena);
	}
	for (size_t i = 0; i < ARRAY_LEN(harmless); i++) {
		struct bytes display = heap_copy(harmless[i]);

		tap_begin("harmless: %s", harmless[i]);
		const char *got = find("From", display, "someone@elsewhere.example");
		CHECK_MSG(got[0] == '\0', "got \"%s\"", got);
		tap_end();
		heap_free(display);
		arena_reset(arena);
	}
}

/* --- the whole of a mail --- */

static void test_several(void)
{
	struct lookalike_ours o = ours();
	struct lookalike_shown shown[] = {
		{ "From", B("Alice Example"), B("alice@examp1e.org"), name_of("examp1e.org") },
		{ "Reply-To", B("Alice Example"), B("alice@examp1e.org"), name_of("examp1e.org") },
		{ "Sender", B(""), B("x@other.example"), name_of("other.example") },
	};
	struct lookalike *found = NULL;
	size_t n = 0;

	tap_begin("each field's domain, a name that two share once");
	CHECK(lookalike_find(tables, arena, &o, shown, ARRAY_LEN(shown), &found, &n) && n == 3);
	if (n == 3) {
		CHECK_BYTES(found[0].where, "From");
		CHECK_BYTES(found[0].shown, "examp1e.org");
		CHECK_BYTES(found[0].imitates, "example.org");
		CHECK_BYTES(found[1].where, "display name");
		CHECK_BYTES(found[1].shown, "Alice Example");
		CHECK_BYTES(found[2].where, "Reply-To");
		CHECK(found[2].kind == LOOKALIKE_DOMAIN && found[1].kind == LOOKALIKE_NAME);
	}
	tap_end();

	tap_begin("a domain is shown in its own letters, also beside a label that is damaged");
	shown[0].domain = name_of("xn--999999b.xn--exmple-4nf.org");
	CHECK(lookalike_find(tables, arena, &o, shown, 1, &found, &n) && n >= 1 && found[0].kind == LOOKALIKE_DOMAIN);
	CHECK_MSG(n && bytes_search(found[0].shown, B("exаmple.org")) < found[0].shown.n, "shown as %.*s",
	          BYTES_ARG(found[0].shown));
	tap_end();

	tap_begin("nothing of ours: only what is odd in itself");
	o = (struct lookalike_ours){ 0 };
	shown[0].domain = name_of("example.org");
	shown[0].address = B("alice@example.org");
	CHECK(lookalike_find(tables, arena, &o, shown, 1, &found, &n) && n == 0);
	tap_end();
	arena_reset(arena);
}

static void test_large(void)
{
	static const char *const seeds[] = { "а", "Аa ", "\u200d", "\u202a", "a@b.c ", "@", "x.y ", "\xff", "é" };
	size_t size = 1 << 20;
	uint8_t *p = malloc(size);
	enum lookalike_kind kind;

	assert(p);
	tap_begin("a megabyte of anything is read once");
	for (size_t s = 0; s < ARRAY_LEN(seeds); s++) {
		struct lookalike_ours o = ours();
		struct lookalike_shown shown = { "From", { p, size }, { p, size }, name_of("shop.example") };
		struct lookalike *found;
		size_t n;

		for (size_t i = 0; i < size; i++)
			p[i] = (uint8_t)seeds[s][i % strlen(seeds[s])];
		int64_t start = tap_cpu_ms();
		(void)lookalike_odd(tables, (struct bytes){ p, size }, &kind);
		CHECK(lookalike_find(tables, arena, &o, &shown, 1, &found, &n));
		CHECK_MSG(tap_cpu_ms() - start < 8000, "%s: %d ms", seeds[s], (int)(tap_cpu_ms() - start));
		arena_reset(arena);
	}
	tap_end();
	tap_begin("a thousand domains and names of ours");
	struct dname *many = calloc(1000, sizeof(*many));
	struct bytes *names = calloc(1000, sizeof(*names));
	assert(many && names);
	for (size_t i = 0; i < 1000; i++) {
		char text[64];
		snprintf(text, sizeof(text), "firm%zu-of-ours.example", i);
		many[i] = name_of(text);
		names[i] = many[i].text;
	}
	struct lookalike_ours o = { many, 1000, names, 1000, names, 1000 };
	struct lookalike_shown shown = { "From", B("Bob"), B("b@firm7-of-0urs.example"), name_of("firm7-of-0urs.example") };
	struct lookalike *found = NULL;
	size_t n = 0;
	CHECK(lookalike_find(tables, arena, &o, &shown, 1, &found, &n) && n == 1);
	CHECK(n == 1 && bytes_eq(found[0].imitates, "firm7-of-ours.example"));
	tap_end();
	free(many);
	free(names);
	free(p);
	arena_reset(arena);
}

static void test_memory(void)
{
	long n = 0;
	bool whole = false;

	tap_begin("every allocation may fail");
	for (; !whole && n < 5000; n++) {
		struct lookalike_ours o = ours();
		struct lookalike_shown shown = { "From", B("Аlice alice@example.org"), B("x@examp1e.org"), name_of("examp1e.org") };
		struct lookalike *found = NULL;
		size_t many = 0;

		mem_fail_arenas();
		mem_fail_after(n, false);
		whole = lookalike_find(tables, arena, &o, &shown, 1, &found, &many);
		mem_fail_after(-1, false);
		CHECK(whole ? many == 4 : !found);
		arena_reset(arena);
	}
	CHECK_MSG(whole && n > 10, "after %ld", n);
	whole = false;
	for (n = 0; !whole && n < 5000; n++) {
		mem_fail_arenas();
		mem_fail_after(n, false);
		struct lookalike_tables *t = lookalike_start();
		mem_fail_after(-1, false);
		whole = t != NULL;
		lookalike_stop(t);
	}
	CHECK_MSG(whole && n > 10, "after %ld", n);
	lookalike_stop(NULL);
	tap_end();
}

int main(void)
{
	arena = arena_new(1 << 26);
	tables = lookalike_start();
	if (!tables || !arena)
		return 1;
	test_domains();
	test_odd();
	test_names();
	test_several();
	test_large();
	test_memory();
	lookalike_stop(tables);
	arena_free(arena);
	return tap_done();
}
