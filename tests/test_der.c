#include "crypto/der.h"

#include "tap.h"

/* rsaEncryption with NULL parameters; the same without */
#define ALGORITHM "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00"
#define ALGORITHM_BARE "\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"
#define KEY "\x30\x07\x02\x02\x00\xf1\x02\x01\x03" /* modulus 0xf1, exponent 3 */

#define CASE(name, text, refused_at) { name, { (const uint8_t *)(text), sizeof(text) - 1 }, refused_at }
#define GOOD SIZE_MAX

static const struct {
	const char *name;
	struct bytes der;
	size_t refused_at; /* GOOD: read, with modulus 0xf1 and exponent 3 */
} cases[] = {
	CASE("the bare key", KEY, GOOD),
	CASE("with its algorithm", "\x30\x1b" ALGORITHM "\x03\x0a\x00" KEY, GOOD),
	CASE("the algorithm without parameters", "\x30\x19" ALGORITHM_BARE "\x03\x0a\x00" KEY, GOOD),
	CASE("nothing", "", 0),
	CASE("a tag alone", "\x30", 0),
	CASE("an empty sequence", "\x30\x00", 2),
	CASE("a byte after the bare key", KEY "\x00", 9),
	CASE("a byte after the whole", "\x30\x1b" ALGORITHM "\x03\x0a\x00" KEY "\x00", 29),
	CASE("cut short", "\x30\x07\x02\x02\x00\xf1\x02\x01", 0),
	CASE("a long form where the short would do", "\x30\x81\x07\x02\x02\x00\xf1\x02\x01\x03", 0),
	CASE("a length with a leading zero", "\x30\x82\x00\x07\x02\x02\x00\xf1\x02\x01\x03", 0),
	CASE("an open end", "\x30\x80\x02\x02\x00\xf1\x02\x01\x03\x00\x00", 0),
	CASE("a length of 2^31", "\x30\x84\x80\x00\x00\x00\x02\x01\x03", 0),
	CASE("a length whose octets are missing", "\x30\x82\x01", 0),
	CASE("a negative modulus", "\x30\x06\x02\x01\xf1\x02\x01\x03", 2),
	CASE("a modulus with too many zeros", "\x30\x08\x02\x03\x00\x00\xf1\x02\x01\x03", 2),
	CASE("an empty integer", "\x30\x05\x02\x00\x02\x01\x03", 2),
	CASE("no exponent", "\x30\x04\x02\x02\x00\xf1", 6),
	CASE("a third number", "\x30\x0a\x02\x02\x00\xf1\x02\x01\x03\x02\x01\x03", 9),
	CASE("a bit string with unused bits", "\x30\x1b" ALGORITHM "\x03\x0a\x01" KEY, 19),
	CASE("an empty bit string", "\x30\x11" ALGORITHM "\x03\x00", 19),
	CASE("a byte after the key in the bit string", "\x30\x1c" ALGORITHM "\x03\x0b\x00" KEY "\x00", 29),
	CASE("something after the bit string", "\x30\x1d" ALGORITHM "\x03\x0a\x00" KEY "\x05\x00", 29),
	CASE("no bit string", "\x30\x0f" ALGORITHM, 17),
	CASE("another algorithm",
	     "\x30\x1b\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a\x05\x00\x03\x0a\x00" KEY, 6),
	CASE("parameters that are not NULL",
	     "\x30\x1b\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x04\x00\x03\x0a\x00" KEY, 15),
	CASE("a NULL with content",
	     "\x30\x1c\x30\x0e\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x01\x00\x03\x0a\x00" KEY, 18),
	CASE("an algorithm without identifier", "\x30\x0e\x30\x00\x03\x0a\x00" KEY, 4),
};

int main(void)
{
	struct bytes rest, content;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes der = heap_bytes(cases[i].der);
		struct der_rsa rsa = { 0 };
		struct parse_err err = { 0 };

		tap_begin("%s", cases[i].name);
		if (der_rsa_public(der, &rsa, &err)) {
			CHECK(cases[i].refused_at == GOOD);
			CHECK_BYTES(rsa.modulus, "\xf1");
			CHECK_BYTES(rsa.exponent, "\x03");
		} else {
			CHECK_MSG(err.at == cases[i].refused_at, "%s at %zu", err.what, err.at);
			CHECK(err.what && !rsa.modulus.p);
		}
		tap_end();
		heap_free(der);
	}
	tap_begin("each prefix of a key is refused");
	for (size_t n = 0; n < sizeof(KEY) - 1; n++) {
		struct bytes der = heap_bytes((struct bytes){ (const uint8_t *)KEY, n });
		struct der_rsa rsa;
		CHECK(!der_rsa_public(der, &rsa, NULL));
		heap_free(der);
	}
	tap_end();
	tap_begin("zero has an empty magnitude; an element of another tag stays");
	rest = B("\x02\x01\x00");
	CHECK(!der_take(&rest, 0x04, &content) && rest.n == 3);
	CHECK(der_take_uint(&rest, &content) && content.n == 0 && rest.n == 0);
	tap_end();
	return tap_done();
}
