/* floor.c - see floor.h */
#include "floor.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/ascii.h"
#include "base/base64.h"
#include "bench.h"

#define ED25519_KEY 32u
#define TAG_MAX 4096u

struct floor {
	struct bytes header, body;      /* canonical */
	struct bytes signature, body_hash;
	bool rsa;
	EVP_MD *sha256;
	EVP_MD_CTX *digest;
	EVP_PKEY *key;
	EVP_PKEY_CTX *verify;           /* RSA */
	EVP_MD_CTX *message;            /* Ed25519 */
	struct arena *arena;
};

/* --- canonical bytes, one after the other --- */

struct text { uint8_t *p; size_t n; };

static void put(struct text *t, uint8_t c)
{
	t->p[t->n++] = c;
}

static void trim(struct text *t, size_t from)
{
	while (t->n > from && ascii_is_wsp(t->p[t->n - 1]))
		t->n--;
}

/* RFC 6376 section 3.4.2, without the last CRLF. A span may be left out: the value of b=. */
static void relaxed_field(struct text *t, struct bytes field, struct bytes gone)
{
	size_t colon = bytes_find(field, ':', 0);

	for (size_t i = 0; i < colon; i++)
		put(t, ascii_lower(field.p[i]));
	trim(t, 0);
	put(t, ':');
	size_t start = t->n;
	bool blank = false;
	for (const uint8_t *c = field.p + colon + 1; c < field.p + field.n; c++) {
		if (gone.p && c >= gone.p && c < gone.p + gone.n)
			continue;
		if (ascii_is_space(*c)) {
			blank = true;
			continue;
		}
		if (blank && t->n > start)
			put(t, ' ');
		blank = false;
		put(t, *c);
	}
}

/* RFC 6376 section 3.4.4 */
static struct bytes relaxed_body(struct arena *a, struct bytes body)
{
	struct text t = { arena_alloc(a, body.n + 2), 0 };
	size_t kept = 0, line;

	BENCH_NEED(t.p);
	for (size_t at = 0; at < body.n; at = line + 1) {
		line = bytes_find(body, '\n', at);
		size_t start = t.n, end = line > at && body.p[line - 1] == '\r' ? line - 1 : line;
		for (size_t i = at; i < end; i++)
			if (!ascii_is_wsp(body.p[i]) || t.n == start || t.p[t.n - 1] != ' ')
				put(&t, ascii_is_wsp(body.p[i]) ? ' ' : body.p[i]);
		trim(&t, start);
		bool empty = t.n == start;
		put(&t, '\r');
		put(&t, '\n');
		kept = empty ? kept : t.n;
	}
	return (struct bytes){ t.p, kept };
}

/* --- the signature --- */

/* The field that begins at *rest, its last line end included; taken off *rest. */
static struct bytes next_field(struct bytes *rest)
{
	size_t end = 0;

	do
		end = bytes_find(*rest, '\n', end) + 1;
	while (end < rest->n && ascii_is_wsp(rest->p[end]));
	struct bytes field = bytes_sub(*rest, 0, end);
	*rest = bytes_from(*rest, end);
	return field;
}

/* The value of a tag as it stands in the field; the tags of our own signatures only. */
static struct bytes tag_value(struct bytes field, const char *name)
{
	struct bytes rest = bytes_from(field, bytes_find(field, ':', 0) + 1), tag;

	while (bytes_cut(&rest, ';', &tag)) {
		size_t equals = bytes_find(tag, '=', 0);
		if (bytes_eq(bytes_trim(bytes_sub(tag, 0, equals)), name))
			return bytes_from(tag, equals + 1);
	}
	bench_fail("the signature has all its tags");
}

static struct bytes decoded(struct arena *a, struct bytes value)
{
	struct bytes out;

	BENCH_NEED(base64_decode(a, value, false, &out, NULL));
	return out;
}

/* The lowest field of that name that is not taken yet (section 5.4.2). */
static struct bytes take(struct bytes *fields, size_t n, struct bytes name)
{
	while (n-- > 0) {
		struct bytes field = fields[n];
		if (!bytes_isame(bytes_trim(bytes_sub(field, 0, bytes_find(field, ':', 0))), name))
			continue;
		fields[n].n = 0;
		return field;
	}
	return (struct bytes){ NULL, 0 };
}

static struct bytes signed_header(struct arena *a, struct bytes mail, struct bytes signature)
{
	struct bytes fields[256], names = tag_value(signature, "h"), name;
	struct text t = { arena_alloc(a, mail.n), 0 };
	size_t n = 0;

	BENCH_NEED(t.p);
	for (struct bytes rest = mail; rest.n && rest.p[0] != '\r' && n < ARRAY_LEN(fields);)
		fields[n++] = next_field(&rest);
	while (bytes_cut(&names, ':', &name)) {
		struct bytes field = take(fields, n, bytes_trim(name));
		if (!field.n)
			continue;
		relaxed_field(&t, field, (struct bytes){ NULL, 0 });
		put(&t, '\r');
		put(&t, '\n');
	}
	relaxed_field(&t, signature, tag_value(signature, "b"));
	return (struct bytes){ t.p, t.n };
}

/* --- EVP --- */

static void load_key(struct floor *f, struct bytes spki)
{
	const uint8_t *p = spki.p;

	f->rsa = spki.n != ED25519_KEY;
	f->key = f->rsa ? d2i_PUBKEY(NULL, &p, (long)spki.n)
	                : EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, spki.p, spki.n);
	BENCH_NEED(f->key);
	if (f->rsa) {
		f->verify = EVP_PKEY_CTX_new(f->key, NULL);
		BENCH_NEED(f->verify && EVP_PKEY_verify_init(f->verify) == 1 &&
		           EVP_PKEY_CTX_set_rsa_padding(f->verify, RSA_PKCS1_PADDING) == 1 &&
		           EVP_PKEY_CTX_set_signature_md(f->verify, f->sha256) == 1);
	} else {
		f->message = EVP_MD_CTX_new();
		BENCH_NEED(f->message);
	}
}

struct floor *floor_new(struct bytes mail, struct bytes spki)
{
	struct floor *f = calloc(1, sizeof(*f));
	struct bytes rest = mail, signature = next_field(&rest);

	BENCH_NEED(f && (f->arena = arena_new(SIZE_MAX)));
	f->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	f->digest = EVP_MD_CTX_new();
	BENCH_NEED(f->sha256 && f->digest);
	f->header = signed_header(f->arena, mail, signature);
	f->body = relaxed_body(f->arena, bytes_from(mail, bytes_search(mail, B("\r\n\r\n")) + 4));
	f->signature = decoded(f->arena, tag_value(signature, "b"));
	f->body_hash = decoded(f->arena, tag_value(signature, "bh"));
	load_key(f, spki);
	floor_verify(f);
	return f;
}

void floor_free(struct floor *f)
{
	if (!f)
		return;
	EVP_PKEY_CTX_free(f->verify);
	EVP_MD_CTX_free(f->message);
	EVP_PKEY_free(f->key);
	EVP_MD_CTX_free(f->digest);
	EVP_MD_free(f->sha256);
	arena_free(f->arena);
	free(f);
}

size_t floor_bytes(const struct floor *f)
{
	return f->header.n + f->body.n;
}

static void sha256(struct floor *f, struct bytes data, uint8_t sum[32])
{
	BENCH_NEED(EVP_DigestInit_ex2(f->digest, f->sha256, NULL) == 1 &&
	           EVP_DigestUpdate(f->digest, data.p, data.n) == 1 && EVP_DigestFinal_ex(f->digest, sum, NULL) == 1);
}

void floor_hash(void *floor)
{
	struct floor *f = floor;
	uint8_t sum[32];

	floor_hash_body(floor);
	sha256(f, f->header, sum);
}

void floor_hash_body(void *floor)
{
	struct floor *f = floor;
	uint8_t sum[32];

	sha256(f, f->body, sum);
	BENCH_NEED(memcmp(sum, f->body_hash.p, sizeof(sum)) == 0);
}

void floor_verify(void *floor)
{
	struct floor *f = floor;
	uint8_t sum[32];

	floor_hash_body(floor);
	sha256(f, f->header, sum);
	if (f->rsa)
		BENCH_NEED(EVP_PKEY_verify(f->verify, f->signature.p, f->signature.n, sum, sizeof(sum)) == 1);
	else
		BENCH_NEED(EVP_DigestVerifyInit(f->message, NULL, NULL, NULL, f->key) == 1 &&
		           EVP_DigestVerify(f->message, f->signature.p, f->signature.n, sum, sizeof(sum)) == 1);
}
