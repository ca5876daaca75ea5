/* peer_opendkim.c - libopendkim beside us. Its best fair setting: one library handle for all
 * mails; the key record handed over by a call back, so that it never asks the DNS; the header field
 * by field, as a milter gives it, and the body at once (the whole mail in one piece, or in pieces
 * of 64 KiB, took it up to 4 % longer); no flags, no statistics, no temporary files. It decodes the
 * key again for each mail: its interface has no place to keep one. */
#include "peer.h"

#include <dkim.h>

#include "bench.h"

struct peer_dkim {
	DKIM_LIB *library;
	struct bytes mail;
	struct bytes pem;      /* signing */
	const char *selector, *domain;
};

static struct bytes record; /* its call back has no place for an argument that costs nothing */

static DKIM_CBSTAT find_key(DKIM *dkim, DKIM_SIGINFO *sig, unsigned char *to, size_t size)
{
	BENCH_NEED(record.n < size);
	memcpy(to, record.p, record.n);
	to[record.n] = 0;
	return DKIM_CBSTAT_CONTINUE;
}

bool peer_dkim_there(void)
{
	return true;
}

static struct peer_dkim *begin(struct bytes mail)
{
	struct peer_dkim *p = calloc(1, sizeof(*p));

	BENCH_NEED(p && (p->library = dkim_init(NULL, NULL)));
	BENCH_NEED(dkim_set_key_lookup(p->library, find_key) == DKIM_STAT_OK);
	p->mail = mail;
	return p;
}

struct peer_dkim *peer_dkim_new(struct bytes mail, struct bytes key_record)
{
	struct peer_dkim *p = begin(mail);

	record = key_record;
	peer_dkim_verify(p);
	return p;
}

void peer_dkim_free(struct peer_dkim *p)
{
	if (!p)
		return;
	dkim_close(p->library);
	free(p);
}

/* Where the field that begins at `at` ends, its last CRLF included. */
static size_t field_end(struct bytes mail, size_t at)
{
	do
		at = bytes_find(mail, '\n', at) + 1;
	while (at < mail.n && (mail.p[at] == ' ' || mail.p[at] == '\t'));
	return at;
}

static unsigned char *bytes_at(struct bytes mail, size_t at)
{
	return (unsigned char *)(uintptr_t)mail.p + at; /* it does not write there */
}

static void feed(DKIM *dkim, struct bytes mail)
{
	size_t at = 0;

	for (size_t end; mail.p[at] != '\r'; at = end) {
		end = field_end(mail, at);
		BENCH_NEED(dkim_header(dkim, bytes_at(mail, at), end - 2 - at) == DKIM_STAT_OK);
	}
	BENCH_NEED(dkim_eoh(dkim) == DKIM_STAT_OK);
	BENCH_NEED(dkim_body(dkim, bytes_at(mail, at + 2), mail.n - at - 2) == DKIM_STAT_OK);
	BENCH_NEED(dkim_eom(dkim, NULL) == DKIM_STAT_OK);
}

void peer_dkim_verify(void *peer)
{
	struct peer_dkim *p = peer;
	DKIM_STAT status;
	DKIM *dkim = dkim_verify(p->library, (const unsigned char *)"bench", NULL, &status);

	BENCH_NEED(dkim);
	feed(dkim, p->mail);
	DKIM_SIGINFO *sig = dkim_getsignature(dkim);
	BENCH_NEED(sig && (dkim_sig_getflags(sig) & DKIM_SIGFLAG_PASSED) &&
	           dkim_sig_getbh(sig) == DKIM_SIGBH_MATCH);
	dkim_free(dkim);
}

struct peer_dkim *peer_dkim_signer(struct bytes mail, struct bytes pem, const char *selector, const char *domain)
{
	struct peer_dkim *p = begin(mail);

	p->pem = pem;
	p->selector = selector;
	p->domain = domain;
	peer_dkim_sign(p);
	return p;
}

void peer_dkim_sign(void *peer)
{
	struct peer_dkim *p = peer;
	unsigned char field[8192];
	DKIM_STAT status;
	DKIM *dkim = dkim_sign(p->library, (const unsigned char *)"bench", NULL, (dkim_sigkey_t)(uintptr_t)p->pem.p,
	                       (const unsigned char *)p->selector, (const unsigned char *)p->domain,
	                       DKIM_CANON_RELAXED, DKIM_CANON_RELAXED, DKIM_SIGN_RSASHA256, -1, &status);

	BENCH_NEED(dkim);
	feed(dkim, p->mail);
	BENCH_NEED(dkim_getsighdr(dkim, field, sizeof(field), sizeof("DKIM-Signature: ")) == DKIM_STAT_OK);
	dkim_free(dkim);
}
