/* Text as the eye takes it. */
#include "content/text_fold.h"
#include "tap.h"

static const struct { const char *what, *text, *letters, *clean; size_t disguised; } cases[] = {
	{ "plain", "Hello, World!  42", "hello world 42 ", NULL, 0 },
	{ "accents", "\xc3\x9c" "berweisen S\xc3\xaf\xc3\xa9 na\xc3\xafve \xc5\x81\xc3\xb3" "d\xc5\xba", "uberweisen sie naive lodz ", NULL, 0 },
	{ "accents that stand apart", "u\xcc\x88" "ber cafe\xcc\x81", "uber cafe ", NULL, 0 },
	{ "accents of Vietnam", "Vi\xe1\xbb\x87t \xe1\xba\xa1\xe1\xbb\xb3 \xe1\xb8\x85\xe1\xbb\x8btcoin", "viet ay bitcoin ", NULL, 0 },
	{ "signs among the accents", "3\xc3\x97" "4 \xc9\x90", "3 4 ~ ", NULL, 0 },
	{ "Cyrillic among Latin", "bit\xd1\x81\xd0\xbein p\xd0\xb0yp\xd0\xb0l", "bitcoin paypal ", NULL, 2 },
	{ "Greek among Latin", "b\xce\xb9tcoin passw\xce\xbfrd", "bitcoin password ", NULL, 2 },
	{ "Cyrillic alone is no disguise", "\xd1\x81\xd0\xbe\xd1\x80\xd0\xb0 \xd0\xb8 \xd0\xb6\xd1\x83\xd0\xba", "copa u ~yk ", NULL, 0 },
	{ "a Russian ending", "SMS\xd0\xba\xd0\xb0 iPhone\xd1\x83", "smska iphoney ", NULL, 0 },
	{ "units", "5 k\xce\xa9 3 \xce\xbcm", "5 k~ 3 um ", NULL, 0 },
	{ "wide letters", "\xef\xbd\x82\xef\xbd\x89\xef\xbd\x94\xef\xbc\xa3oin", "bitcoin ", NULL, 0 },
	{ "letters of mathematics", "\xf0\x9d\x90\x9b\xf0\x9d\x92\x8a\xf0\x9d\x93\xbd\xf0\x9d\x9f\x97", "bit9 ", NULL, 0 },
	{ "small capitals", "\xe1\xb4\x98\xe1\xb4\x80\xca\x8f", "pay ", NULL, 0 },
	{ "circles", "\xe2\x93\x9f\xe2\x93\x90\xe2\x93\xa8", "pay ", NULL, 0 },
	{ "an invisible blank within", "bit\xe2\x80\x8b" "coin", "bitcoin ", "bitcoin", 1 },
	{ "invisible joiners within", "pass\xe2\x80\x8c\xe2\x80\x8dword", "password ", "password", 1 },
	{ "a soft hyphen is honest", "bit\xc2\xad" "coin", "bitcoin ", "bitcoin", 0 },
	{ "invisible between words", "pay \xe2\x80\x8b\xe2\x80\x8b me\xe2\x80\x8b.", "pay me ", "pay  me.", 0 },
	{ "marks of direction within", "pass\xe2\x80\x8eword", "password ", "password", 1 },
	{ "letters of a tag", "pass\xf3\xa0\x81\xa1word", "password ", "password", 1 },
	{ "Persian joiners", "\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xae\xd9\x88\xd8\xa7\xd9\x87\xd9\x85", "~~~~~~~ ",
	  "\xd9\x85\xdb\x8c\xd8\xae\xd9\x88\xd8\xa7\xd9\x87\xd9\x85", 0 },
	{ "digits for letters", "p4ssw0rd b1tc0in 48 4ever", "password bitcoin 48 aever ", NULL, 0 },
	{ "signs for letters", "p@$sword a @b $5", "password a b 5 ", NULL, 0 },
	{ "Chinese", "\xe4\xbd\xa0\xe5\xa5\xbd\xe3\x80\x82hi", "~~ hi ", NULL, 0 },
	{ "pictures", "pay\xf0\x9f\x98\x80me", "pay me ", NULL, 0 },
	{ "bytes that are no UTF-8", "pay\xff" "me", "pay me ", NULL, 0 },
	{ "nothing", "", "", "", 0 },
	{ "only invisible", "\xe2\x80\x8b", "", "", 0 },
};

int main(void)
{
	struct arena *a = arena_new(64 << 20);
	struct text_fold f;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes text = heap_copy(cases[i].text);
		tap_begin("%s", cases[i].what);
		if (CHECK(text_fold_read(a, text, &f))) {
			CHECK_BYTES(f.letters, cases[i].letters);
			CHECK_BYTES(f.clean, cases[i].clean ? cases[i].clean : cases[i].text);
			CHECK_MSG(f.disguised == cases[i].disguised, "%zu words", f.disguised);
			for (size_t k = 0; k < f.letters.n; k++)
				CHECK(f.at[k] <= f.clean.n && (k == 0 || f.at[k] >= f.at[k - 1]));
		}
		tap_end();
		heap_free(text);
	}

	tap_begin("what is marked");
	CHECK(text_fold_read(a, B("a\xd0\xb0 b\xe2\x80\x8b" "b c0de \xc3\xa9"), &f));
	const uint8_t want[] = { 0, FOLD_LOOKALIKE, 0, 0, FOLD_INVISIBLE, 0, 0, FOLD_LOOKALIKE, 0, 0, 0, 0, 0 };
	CHECK(f.letters.n == sizeof(want) && memcmp(f.marks, want, sizeof(want)) == 0);
	tap_end();
	arena_free(a);
	return tap_done();
}
