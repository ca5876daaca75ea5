/* der.c - see der.h */
#include "crypto/der.h"

enum {
	TAG_INTEGER = 0x02,
	TAG_BIT_STRING = 0x03,
	TAG_NULL = 0x05,
	TAG_OID = 0x06,
	TAG_SEQUENCE = 0x30
};

/* 1.2.840.113549.1.1.1 (RFC 3279 section 2.3.1) */
static const uint8_t rsa_encryption[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01 };

/* The length octets at the front of *rest (X.690 section 8.1.3, 10.1). */
static bool take_length(struct bytes *rest, size_t *length)
{
	if (rest->n == 0)
		return false;
	size_t octets = rest->p[0] & 0x7f, n = 0;

	if (rest->p[0] < 0x80) {
		*length = rest->p[0];
		*rest = bytes_from(*rest, 1);
		return true;
	}
	/* 0x80 is BER's open end; three octets count far beyond any key */
	if (octets == 0 || octets > 3 || rest->n <= octets || rest->p[1] == 0)
		return false;
	for (size_t i = 1; i <= octets; i++)
		n = n << 8 | rest->p[i];
	if (n < 0x80)
		return false; /* the short form would do */
	*length = n;
	*rest = bytes_from(*rest, octets + 1);
	return true;
}

bool der_take(struct bytes *rest, uint8_t tag, struct bytes *content)
{
	struct bytes after = bytes_from(*rest, 1);
	size_t length;

	if (rest->n == 0 || rest->p[0] != tag || !take_length(&after, &length) || length > after.n)
		return false;
	*content = bytes_sub(after, 0, length);
	*rest = bytes_from(after, length);
	return true;
}

bool der_take_uint(struct bytes *rest, struct bytes *magnitude)
{
	struct bytes after = *rest, v;

	if (!der_take(&after, TAG_INTEGER, &v) || v.n == 0 || v.p[0] & 0x80)
		return false;
	if (v.p[0] == 0 && v.n > 1 && !(v.p[1] & 0x80))
		return false; /* not the shortest form (X.690 section 8.3.2) */
	*magnitude = v.p[0] == 0 ? bytes_from(v, 1) : v;
	*rest = after;
	return true;
}

/* The BIT STRING's content inside of the SubjectPublicKeyInfo whose content is `info`. */
static bool open_info(struct bytes data, struct bytes info, struct bytes *key,
                      struct parse_err *err)
{
	static const struct bytes oid = { rsa_encryption, sizeof(rsa_encryption) };
	struct bytes algorithm, id, none, bits;

	if (!der_take(&info, TAG_SEQUENCE, &algorithm))
		return parse_fail(err, data, info, "neither an algorithm nor a modulus");
	if (!der_take(&algorithm, TAG_OID, &id))
		return parse_fail(err, data, algorithm, "the algorithm has no identifier");
	if (!bytes_same(id, oid))
		return parse_fail(err, data, id, "the key is not an RSA key");
	if (algorithm.n && (!der_take(&algorithm, TAG_NULL, &none) || none.n || algorithm.n))
		return parse_fail(err, data, algorithm, "the algorithm has parameters");
	if (!der_take(&info, TAG_BIT_STRING, &bits) || info.n)
		return parse_fail(err, data, info, "no bit string, or bytes after it");
	if (bits.n == 0 || bits.p[0] != 0)
		return parse_fail(err, data, bits, "the bit string does not hold whole bytes");
	bits = bytes_from(bits, 1);
	if (!der_take(&bits, TAG_SEQUENCE, key) || bits.n)
		return parse_fail(err, data, bits, "the bit string is not one sequence");
	return true;
}

bool der_rsa_public(struct bytes data, struct der_rsa *out, struct parse_err *err)
{
	struct bytes rest = data, key;
	struct der_rsa rsa;

	if (!der_take(&rest, TAG_SEQUENCE, &key))
		return parse_fail_at(err, 0, "not a sequence of DER");
	if (rest.n)
		return parse_fail(err, data, rest, "bytes after the key");
	if (key.n && key.p[0] == TAG_SEQUENCE && !open_info(data, key, &key, err))
		return false;
	if (!der_take_uint(&key, &rsa.modulus))
		return parse_fail(err, data, key, "the modulus is not a positive integer");
	if (!der_take_uint(&key, &rsa.exponent))
		return parse_fail(err, data, key, "the exponent is not a positive integer");
	if (key.n)
		return parse_fail(err, data, key, "bytes after the exponent");
	*out = rsa;
	return true;
}
