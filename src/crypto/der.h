/* der.h - the few forms of DER (ITU-T X.690 section 10) that public keys use.
 * Strict: lengths in their shortest form, integers too, nothing left over. */
#pragma once
#include "base/parse_err.h"

/* The numbers of an RSA public key as big-endian magnitudes without leading
 * zeros; slices of what was read. */
struct der_rsa {
	struct bytes modulus, exponent;
};

/* Takes one element with this tag (one byte, low tag numbers only) off the
 * front of *rest. False leaves both untouched. */
MUST_USE bool der_take(struct bytes *rest, uint8_t tag, struct bytes *content);

/* Takes an INTEGER that is not negative; *magnitude has no leading zero, and is
 * empty for the number 0. */
MUST_USE bool der_take_uint(struct bytes *rest, struct bytes *magnitude);

/* Reads an RSA public key in either form that p= has in DNS: SubjectPublicKeyInfo
 * (RFC 5280 section 4.1.2.7 with the rsaEncryption OID; its NULL parameters may be
 * missing) or the bare RSAPublicKey inside of it (RFC 8017 appendix A.1.1). Judges
 * the form, not the size of the numbers. False: *err, if not NULL, says where. */
MUST_USE bool der_rsa_public(struct bytes data, struct der_rsa *out, struct parse_err *err);
