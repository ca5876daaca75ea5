/* ossl.h - what the files of src/crypto share of OpenSSL. Private to this room. */
#pragma once
#include <openssl/evp.h>

#include "base/bytes.h"

/* SHA-256, fetched once a process: asking for it by name with each use costs
 * as much as hashing a short text. NULL: out of memory; a later call tries again. */
MUST_USE const EVP_MD *ossl_sha256(void);

/* Takes all errors off OpenSSL's queue of this thread (which was empty, by
 * ERR_clear_error): was running out of memory among them? */
MUST_USE bool ossl_no_memory(void);
