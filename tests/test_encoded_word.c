#include "mail/address.h"
#include "mail/encoded_word.h"
#include "tap.h"

#define FFFD "\xef\xbf\xbd"

static const struct {
	const char *what, *name, *want;
} cases[] = {
	{ "nothing to decode", "A Person", "A Person" },
	{ "nothing", "", "" },
	{ "UTF-8 as it is", "J\xc3\xb6rg", "J\xc3\xb6rg" },
	{ "bytes that are not UTF-8", "J\xf6rg", "J" FFFD "rg" },
	{ "Q", "=?utf-8?Q?J=C3=B6rg_X?=", "J\xc3\xb6rg X" },
	{ "q in lower case, hex too", "=?UTF-8?q?J=c3=b6rg?=", "J\xc3\xb6rg" },
	{ "B", "=?utf-8?B?SsO2cmc=?=", "J\xc3\xb6rg" },
	{ "B without padding", "=?utf-8?b?SsO2cmc?=", "J\xc3\xb6rg" },
	{ "B with foreign bytes", "=?utf-8?b?Ss O2\tcmc?=", "J\xc3\xb6rg" },
	{ "text around", "a =?utf-8?Q?b?= c", "a b c" },
	{ "words next to each other are joined",
	  "=?utf-8?Q?a?=  =?utf-8?Q?b?=\r\n =?us-ascii?Q?c?=", "abc" },
	{ "a character cut in two", "=?utf-8?Q?J=C3?= =?utf-8?Q?=B6rg?=", "J\xc3\xb6rg" },
	{ "cut in two by charsets", "=?utf-8?Q?J=C3?= =?us-ascii?Q?=B6rg?=", "J" FFFD FFFD "rg" },
	{ "text between", "=?utf-8?Q?a?= x =?utf-8?Q?b?=", "a x b" },
	{ "without white space", "x=?utf-8?Q?a?==?utf-8?Q?b?=y", "xaby" },
	{ "ISO-8859-1", "=?ISO-8859-1?Q?J=F6rg?=", "J\xc3\xb6rg" },
	{ "ISO-8859-1, as its writers mean it", "=?iso-8859-1?Q?=80=A0?=", "\xe2\x82\xac\xc2\xa0" },
	{ "windows-1252", "=?windows-1252?Q?=93a=94=81?=", "\xe2\x80\x9c" "a\xe2\x80\x9d" FFFD },
	{ "ASCII with other bytes", "=?us-ascii?Q?a=E4?=", "a" FFFD },
	{ "a charset that is not known", "=?koi8-r?Q?a=E4=E4?=", "a" FFFD FFFD },
	{ "a charset that is not even ASCII", "=?iso-2022-jp?B?GyRCJCIbKEI=?=", FFFD },
	{ "UTF-8 that is none", "=?utf-8?Q?=E4a?=", FFFD "a" },
	{ "a language", "=?utf-8*de?Q?a?=", "a" },
	{ "empty text", "x =?utf-8?Q?\?= y", "x  y" },
	{ "blanks within", "=?utf-8?Q?a b?=", "a b" },
	{ "a bare equals sign in Q", "=?utf-8?Q?a=zz=4?=", "a=zz=4" },
	{ "controls and addresses come as they are", "=?utf-8?Q?<a=40b.example>=0A?=",
	  "<a@b.example>\n" },
	{ "right-to-left override comes as it is", "=?utf-8?Q?=E2=80=AE?=", "\xe2\x80\xae" },
	{ "no charset", "=??Q?a?=", "=??Q?a?=" },
	{ "no such encoding", "=?utf-8?X?a?=", "=?utf-8?X?a?=" },
	{ "no end", "=?utf-8?Q?a", "=?utf-8?Q?a" },
	{ "no end, then a word", "=?utf-8?Q?a =?utf-8?Q?b?=", "a =?utf-8?Q?b" },
	{ "cut short", "=?utf-8?Q?", "=?utf-8?Q?" },
	{ "cut shorter", "=?", "=?" },
	{ "decoded once only", "=?utf-8?Q?=3D=3Futf-8=3FQ=3Fa=3F=3D?=", "=?utf-8?Q?a?=" },
};

static const struct {
	const char *text;
	size_t at; /* SIZE_MAX: none */
} found[] = {
	{ "=?utf-8?Q?a?=", 0 },          { "a=b =?x?b?\?= c", 4 },       { "=?utf-8?Q?a",
	  SIZE_MAX }, { "", SIZE_MAX },
	{ "===?u?q?a?=", 2 },            { "SRS0=x=?=y", SIZE_MAX },
};

int main(void)
{
	struct arena *a = arena_new(1 << 26);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes name = heap_copy(cases[i].name);

		tap_begin("%s", cases[i].what);
		CHECK_BYTES(display_name_decode(a, name), cases[i].want);
		tap_end();
		heap_free(name);
	}
	tap_begin("a NUL comes as it is");
	CHECK(bytes_same(display_name_decode(a, B("=?utf-8?Q?a=00b?=")), B("a\0b")));
	tap_end();
	for (size_t i = 0; i < ARRAY_LEN(found); i++) {
		struct bytes text = heap_copy(found[i].text);

		tap_begin("found in: %s", found[i].text);
		CHECK(encoded_word_find(text, 0) == (found[i].at == SIZE_MAX ? text.n : found[i].at));
		tap_end();
		heap_free(text);
	}
	tap_begin("a million bytes of beginnings");
	uint8_t *text = malloc(1000000);
	for (size_t at = 0; at < 1000000; at++)
		text[at] = (uint8_t)"=?a?q?x"[at % 7];
	int64_t start = tap_cpu_ms();
	CHECK(display_name_decode(a, (struct bytes){ text, 1000000 }).n == 1000000);
	CHECK(tap_cpu_ms() - start < 5000);
	free(text);
	tap_end();
	arena_free(a);
	return tap_done();
}
