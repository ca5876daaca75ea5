/* Threats in plain text: what fires, what must not, and what fools a search for words. */
#include "content/risk_text.h"
#include "tap.h"

#define BTC "16L5yRNPTuciSgXGHqYwn9N6NeoKqopAu"
#define BTC2 "bc1qqypqxpq9qcrsszg2pvxq6rs0zqg3yyc5fcj4z3"

static const struct {
	const char *what, *text;
	const char *want; /* letters: m money, p password, d disguised */
	const char *password;
} cases[] = {
	/* threats */
	{ "English", "Hello! I am a professional hacker and have hacked your operating system. I recorded you through your "
	  "webcam. Transfer $950 in Bitcoin to my wallet: " BTC " You have 48 hours.", "m", NULL },
	{ "English, without an address", "I installed my malware on your device. I recorded you through your camera. You have to pay. "
	  "I accept bitcoin only, I will write you the address.", "m", NULL },
	{ "English, a bomb", "There is an explosive device in your building. Send 20000 USD in BTC to " BTC2, "m", NULL },
	{ "German", "Hallo! Ich habe Ihr System gehackt und hatte vollen Zugriff auf Ihre Dateien. \xc3\x9c" "ber Ihre Kamera habe ich Sie "
	  "aufgenommen. \xc3\x9c" "berweisen Sie 500 Euro in Bitcoin an diese Adresse: " BTC, "m", NULL },
	{ "German, without an address", "Ich habe Ihren Computer mit einem Trojaner infiziert und Ihre Webcam benutzt. Sie m\xc3\xbcssen "
	  "mir 800 Euro in Bitcoin zahlen.", "m", NULL },
	{ "French", "J'ai pirat\xc3\xa9 votre appareil et je vous ai film\xc3\xa9. Envoyez-moi 400 euros en bitcoins : " BTC, "m", NULL },
	{ "Spanish", "He hackeado su dispositivo. Su c\xc3\xa1mara web me mostr\xc3\xb3 todo. Transfiera 600 USD en Bitcoin a mi "
	  "billetera " BTC ". Tiene 48 horas.", "m", NULL },
	{ "Italian", "Ho violato il tuo dispositivo e ti ho registrato con la tua webcam. Trasferisci 500 euro in Bitcoin: " BTC,
	  "m", NULL },
	{ "Dutch", "Ik heb uw computer gehackt en heb toegang tot uw webcam. Stuur 500 euro in Bitcoin naar mijn wallet: " BTC "\n",
	  "m", NULL },
	{ "Monero", "I hacked your phone, pay me in Monero: 41d8krkiLid4Xe7L4ZMgTB8ZPDCDZMnobCb8K4NZMuA1GcsQvXZN1WRLecWngZN7rqQgMceqZ"
	  "NEDFUi6iWzZNLZfNQrQkbz", "m", NULL },
	{ "across lines", "I have\r\naccess to\r\nyour files. Send\nbitcoin\nto\n" BTC, "m", NULL },
	{ "invisible letters", "I ha\xe2\x80\x8b" "cked yo\xe2\x80\x8bur device. Send bit\xe2\x80\x8d" "coin to 16L5yRNP\xe2\x80\x8bTuciSgXGHqYwn9N6NeoKqopAu",
	  "md", NULL },
	{ "Cyrillic letters", "I h\xd0\xb0" "cked y\xd0\xbeur d\xd0\xb5vice. S\xd0\xb5nd m\xd0\xb5 bit\xd1\x81oin: " BTC, "md", NULL },
	{ "letters of mathematics", "\xf0\x9d\x97\x9c \xf0\x9d\x97\xb5\xf0\x9d\x97\xae\xf0\x9d\x97\xb0\xf0\x9d\x97\xb8\xf0\x9d\x97\xb2\xf0\x9d\x97\xb1 your device. Send me bitcoin: " BTC, "md", NULL },
	{ "digits for letters", "I hack3d y0ur device. Send me b1tcoin: " BTC, "md", NULL },

	/* what is not a threat */
	{ "a shop that takes Bitcoin", "Thank you for your order. Send 0.01 bitcoin to " BTC " and make the payment within a day.", "", NULL },
	{ "an exchange's news", "Bitcoin rose by five percent. Never send bitcoin to strangers.", "", NULL },
	{ "a notice of a break-in", "Your account has been hacked. We have reset it. Please choose a new password.", "", NULL },
	{ "an article on such mails", "In these mails criminals claim that a camera recorded their victims and ask for bitcoin. Never pay.", "", NULL },
	{ "an address with a wrong checksum", "I hacked your device. Write to 16L5yRNPTuciSgXGHqYwn9N6NeoKqopAv", "", NULL },
	{ "a threat without money", "I hacked your device. I recorded you through your webcam.", "", NULL },
	{ "a friend's joke", "I have access to your garden, send me the key.", "", NULL },
	{ "nothing", "", "", NULL },

	/* passwords */
	{ "a password behind", "I hacked your mailbox. Your password is Summer2019!", "p", "S***9" },
	{ "a password behind, a plain word", "I hacked your mailbox, your password is sunshine.\n", "p", "s***e" },
	{ "a password before", "I have access to your devices. hunter22 is one of your passwords.", "p", "h***2" },
	{ "a password in quotes", "I hacked your device, your password: \"q1w2\"", "p", "q***" },
	{ "German", "Ich habe Ihr Konto gehackt. Ihr Passwort lautet: Geheim99", "p", "G***9" },
	{ "French", "J'ai pirat\xc3\xa9 votre compte. Votre mot de passe est Soleil1.", "p", "S***1" },
	{ "Spanish", "He hackeado su cuenta. Su contrase\xc3\xb1" "a es Verano7x", "p", "V***x" },
	{ "Italian", "Ho violato il tuo account. La tua password \xc3\xa8 Estate77", "p", "E***7" },
	{ "Dutch", "Ik heb uw account gehackt. Uw wachtwoord is Zomer123", "p", "Z***3" },
	{ "an honest one: no threat", "Welcome! Your password is Start1234", "", NULL },
	{ "it has expired", "I hacked your account, they wrote, and your password is expired.", "", NULL },
	{ "is stored", "I hacked your account! Not really: your password is stored safely.", "", NULL },
	{ "change it", "I hacked your account, said the mail. Change your password\n\nRegards", "", NULL },
	{ "what is it", "I hacked your account. What is your password?", "", NULL },

	/* disguise alone */
	{ "three disguised words", "Y\xd0\xbeur p\xd0\xb0yment w\xd0\xb0s refused by the b\xd0\xb0nk: l\xd0\xbeg in", "d", NULL },
	{ "two are an accident", "The p\xd0\xb0yment of the b\xd0\xb0nk", "", NULL },
	{ "Russian with English words", "\xd0\x9d\xd0\xbe\xd0\xb2\xd1\x8b\xd0\xb9 iPhone\xd1\x83 \xd0\xb8 SMS\xd0\xba\xd0\xb0 Windows\xd0\xb0 email\xd1\x8b", "", NULL },
	{ "soft hyphens", "Zahlungs\xc2\xad" "auf\xc2\xad" "for\xc2\xad" "derung Kun\xc2\xad" "den\xc2\xad" "num\xc2\xad" "mer Rech\xc2\xad" "nungs\xc2\xad" "be\xc2\xadtrag", "", NULL },
	{ "a preview's padding", "News \xe2\x80\x8c \xc2\xa0\xe2\x80\x8c \xc2\xa0\xe2\x80\x8c \xc2\xa0", "", NULL },
};

static struct work *work_of(struct arena *a)
{
	static struct limits limits;
	static struct work w;

	limits_init(&limits);
	w = (struct work){ .arena = a, .limits = &limits };
	return &w;
}

static void check(const struct risk_text *t, const char *want, const char *password)
{
	char got[4];
	size_t n = 0;

	if (risk_text_asks_for_money(t))
		got[n++] = 'm';
	if (risk_text_names_password(t))
		got[n++] = 'p';
	if (risk_text_is_disguised(t))
		got[n++] = 'd';
	got[n] = 0;
	CHECK_MSG(strcmp(got, want) == 0, "got \"%s\", want \"%s\" (threats %zu, demands %zu, coins %zu, wallet %.*s, password %.*s, disguised %.*s)",
	          got, want, t->signs[PHRASE_THREAT], t->signs[PHRASE_DEMAND], t->signs[PHRASE_COIN], BYTES_ARG(t->wallet),
	          BYTES_ARG(t->password), BYTES_ARG(t->disguised));
	if (password)
		CHECK_BYTES(t->password, password);
}

static void long_one(const char *seed)
{
	struct arena *a = arena_new(256 << 20), *keep = arena_new(1 << 20);
	size_t n = 1 << 20;
	uint8_t *p = malloc(n);
	struct risk_text t;

	assert(a && keep && p);
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)seed[i % strlen(seed)];
	int64_t began = tap_cpu_ms();
	CHECK(risk_text_start(keep, &t) && risk_text_read(work_of(a), (struct bytes){ p, n }, 0, &t));
	CHECK_MSG(tap_cpu_ms() - began < 2000, "%s: %d ms", seed, (int)(tap_cpu_ms() - began));
	free(p);
	arena_free(a);
	arena_free(keep);
}

int main(void)
{
	static const char *const seeds[] = { "i i i i ", "i full full full access ", "your ", "1", "1234567890abcdefghijkmnopq ",
	                                     "\xe2\x80\x8b", "\xd0\xb0", "is your password ", "your password is ", "a1" };
	struct risk_text t;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new(1 << 22), *keep = arena_new(1 << 20);
		struct bytes text = heap_copy(cases[i].text);
		tap_begin("%s", cases[i].what);
		if (CHECK(risk_text_start(keep, &t) && risk_text_read(work_of(a), text, 0, &t))) {
			heap_free(text); /* what is kept is a copy */
			arena_free(a);
			check(&t, cases[i].want, cases[i].password);
		}
		tap_end();
		arena_free(keep);
	}

	tap_begin("the threat in one part, the address in another");
	struct arena *a = arena_new(1 << 22);
	CHECK(risk_text_start(a, &t) && risk_text_read(work_of(a), B("See below. Bitcoin"), 2, &t));
	CHECK(risk_text_read(work_of(a), B("I have access to your camera"), 3, &t));
	CHECK(risk_text_read(work_of(a), B(BTC), 4, &t));
	check(&t, "m", NULL);
	CHECK(t.threat_part == 3 && bytes_eq(t.wallet, BTC));
	tap_end();
	arena_free(a);

	tap_begin("the rows are written as text is folded");
	for (size_t i = 0; i < phrase_rows_n; i++) {
		struct bytes row = bytes_of(phrase_rows[i].text);
		for (size_t k = 0; k < row.n; k++)
			CHECK_MSG((row.p[k] >= 'a' && row.p[k] <= 'z') || (row.p[k] >= '0' && row.p[k] <= '9') || row.p[k] == ' ' ||
			                  (row.p[k] == '*' && k > 0), "%s", phrase_rows[i].text);
		for (size_t k = 0; k < i; k++)
			CHECK_MSG(strcmp(phrase_rows[i].text, phrase_rows[k].text) != 0, "twice: %s", phrase_rows[i].text);
	}
	tap_end();

	tap_begin("a megabyte of anything is read once");
	for (size_t i = 0; i < ARRAY_LEN(seeds); i++)
		long_one(seeds[i]);
	tap_end();
	return tap_done();
}
