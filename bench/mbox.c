/* mbox.c - see mbox.h */
#include "mbox.h"

#include "bench.h"

#define DOMAINS 400u

enum sort { SORT_PERSON, SORT_NEWSLETTER, SORT_ATTACHMENT, SORT_LIST, SORT_FORGED_OWNER, SORT_FORGED_OTHER };

/* Of 20 mails. */
static const enum sort mixture[] = {
	SORT_PERSON, SORT_NEWSLETTER, SORT_PERSON, SORT_FORGED_OWNER, SORT_LIST,       SORT_PERSON, SORT_NEWSLETTER,
	SORT_PERSON, SORT_NEWSLETTER, SORT_PERSON, SORT_FORGED_OTHER, SORT_ATTACHMENT, SORT_PERSON, SORT_NEWSLETTER,
	SORT_PERSON, SORT_FORGED_OWNER, SORT_LIST, SORT_NEWSLETTER,   SORT_PERSON,     SORT_FORGED_OTHER,
};

static void subject_words(struct buf *to, uint64_t *s)
{
	static const char *const words[] = { "slides", "Thursday", "numbers", "harbour", "invoice", "train", "answer",
		                             "photos", "meeting", "holiday", "order", "draft", "minutes", "garden" };

	for (int i = 0; i < 4; i++)
		buf_addf(to, "%s%s", i ? " " : "", words[mail_random(s) % ARRAY_LEN(words)]);
}

static void received(struct buf *to, const char *helo, const char *ip, const char *by, size_t number)
{
	buf_addf(to,
	         "Received: from %s (%s [%s])\r\n\tby %s (Postfix) with ESMTPS id 4SZn%06zx\r\n"
	         "\tfor <" MBOX_OWNER ">; Mon, 16 Nov 2026 09:%02zu:%02zu +0000 (UTC)\r\n",
	         helo, helo, ip, by, number, 20 + number / 60 % 40, number % 60);
}

static void common_fields(struct buf *to, const char *from, size_t number, uint64_t *s)
{
	buf_addf(to, "From: Person %u <%s>\r\nTo: Alice <" MBOX_OWNER ">\r\nSubject: ", (unsigned)(mail_random(s) % 50), from);
	subject_words(to, s);
	buf_addf(to, "\r\nDate: Mon, 16 Nov 2026 09:%02zu:%02zu +0000\r\nMessage-ID: <%zu.%08x@%s>\r\nMIME-Version: 1.0\r\n",
	         20 + number / 60 % 40, number % 60, number, (unsigned)mail_random(s), strchr(from, '@') + 1);
}

static void text_body(struct buf *to, size_t bytes, uint64_t seed, bool attachment)
{
	struct mail m = { .seed = seed, .body = bytes, .attachment = attachment };

	buf_adds(to, attachment ? "Content-Type: multipart/mixed; boundary=\"=-part-of-this-mail\"\r\n\r\n"
	                        : "Content-Type: text/plain; charset=us-ascii\r\n\r\n");
	mail_body(to, &m);
}

static void newsletter_body(struct buf *to, size_t domain, uint64_t seed)
{
	struct mail m = { .seed = seed, .body = 1500 };

	buf_adds(to, "Content-Type: multipart/alternative; boundary=\"=-both\"\r\n\r\n--=-both\r\nContent-Type: text/plain\r\n\r\n");
	mail_body(to, &m);
	buf_adds(to, "--=-both\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><head><title>News</title></head><body>\r\n");
	for (unsigned i = 0; i < 20; i++)
		buf_addf(to, "<div style=\"color:#333;font-size:14px\"><p>Offer %u of this week, for all who like it.</p>\r\n"
		             "<a href=\"https://shop.d%03zu.example/item/%u?from=mail\">See it in the shop</a></div>\r\n", i, domain, i);
	buf_addf(to, "<p><a href=\"https://d%03zu.example/leave\">Leave this list</a></p></body></html>\r\n--=-both--\r\n", domain);
}

/* One mail with CRLF, signed or not, but for what servers wrote on top. */
static struct bytes compose(struct kit *k, struct buf *b, enum sort sort, size_t domain, size_t number, uint64_t *s)
{
	char from[64], signer[32];

	snprintf(signer, sizeof(signer), "d%03zu.example", domain);
	snprintf(from, sizeof(from), "%s@%s", sort == SORT_NEWSLETTER ? "news" : "bob", signer);
	buf_init(b, 1u << 20);
	common_fields(b, sort == SORT_FORGED_OWNER ? MBOX_OWNER : from, number, s);
	if (sort == SORT_NEWSLETTER)
		buf_addf(b, "List-Unsubscribe: <https://%s/leave>\r\nPrecedence: bulk\r\n", signer);
	if (sort == SORT_NEWSLETTER)
		newsletter_body(b, domain, number);
	else
		text_body(b, sort == SORT_ATTACHMENT ? 40000 : 800 + mail_random(s) % 5000, number, sort == SORT_ATTACHMENT);
	struct bytes mail = buf_bytes(b);
	BENCH_NEED(!b->failed);
	if (sort == SORT_FORGED_OWNER || sort == SORT_FORGED_OTHER)
		return mail;
	mail = kit_sign(k, mail, "s1", signer, domain % 8 ? KIT_RSA2048 : KIT_ED25519);
	if (sort != SORT_LIST)
		return mail;
	/* a list adds a line at the end, which breaks that signature, and signs itself */
	mail = arena_join(k->scratch, mail, B("-- \r\nThe list of the club, https://list.club.example/\r\n"));
	return kit_sign(k, mail, "list", "list.club.example", KIT_RSA2048);
}

static void trace(struct buf *to, enum sort sort, size_t domain, size_t number)
{
	char helo[64], ip[32];

	if (sort == SORT_FORGED_OWNER || sort == SORT_FORGED_OTHER) {
		snprintf(ip, sizeof(ip), "203.0.113.%zu", number % 250 + 1);
		snprintf(helo, sizeof(helo), "host-%zu.access.example", number % 250 + 1);
	} else if (sort == SORT_LIST) {
		snprintf(ip, sizeof(ip), "198.51.100.40");
		snprintf(helo, sizeof(helo), "list.club.example");
	} else {
		snprintf(ip, sizeof(ip), "192.0.2.%zu", domain % 250 + 1);
		snprintf(helo, sizeof(helo), "out.d%03zu.example", domain);
	}
	if (sort == SORT_LIST)
		buf_adds(to, "Return-Path: <club-bounces@list.club.example>\r\n");
	else if (sort == SORT_FORGED_OWNER)
		buf_adds(to, "Return-Path: <" MBOX_OWNER ">\r\n");
	else
		buf_addf(to, "Return-Path: <%s@d%03zu.example>\r\n", sort == SORT_NEWSLETTER ? "news" : "bob", domain);
	buf_adds(to, "Delivered-To: " MBOX_OWNER "\r\n");
	received(to, helo, ip, MBOX_SERVER, number);
	if (sort != SORT_FORGED_OWNER)
		received(to, "client-77.access.example", "198.51.100.77", helo, number);
}

/* As an mbox keeps it: LF, and a line that begins as a mail does is quoted. */
static void store(FILE *f, struct bytes text)
{
	bool fresh = true;

	for (size_t i = 0; i < text.n; i++) {
		if (fresh && bytes_istarts(bytes_from(text, i), "From "))
			putc('>', f);
		if (text.p[i] != '\r')
			putc(text.p[i], f);
		fresh = text.p[i] == '\n';
	}
}

/* A TXT record in strings of at most 255 bytes. */
static void put_txt(FILE *f, const char *owner, struct bytes text)
{
	fprintf(f, "%s TXT ", owner);
	for (; text.n; text = bytes_from(text, 200))
		fprintf(f, "\"%.*s\" ", BYTES_ARG(bytes_sub(text, 0, 200)));
	putc('\n', f);
}

static void write_zone(struct kit *k, FILE *f)
{
	char owner[64];

	fputs("$TTL 86400\nexample. SOA ns.example. hostmaster.example. 1 3600 600 86400 3600\n"
	      "113.0.203.in-addr.arpa. SOA ns.example. hostmaster.example. 1 3600 600 86400 3600\n"
	      "2.0.192.in-addr.arpa. SOA ns.example. hostmaster.example. 1 3600 600 86400 3600\n"
	      "example.org. SOA ns.example. hostmaster.example. 1 3600 600 86400 3600\n"
	      "example.org. TXT \"v=spf1 include:_spf.provider.example -all\"\n"
	      "_spf.provider.example. TXT \"v=spf1 ip4:192.0.2.24/32 -all\"\n"
	      "_dmarc.example.org. TXT \"v=DMARC1; p=reject\"\n"
	      "list.club.example. TXT \"v=spf1 ip4:198.51.100.40 -all\"\nlist.club.example. A 198.51.100.40\n"
	      "40.100.51.198.in-addr.arpa. PTR list.club.example.\n", f);
	put_txt(f, "list._domainkey.list.club.example.", k->records[KIT_RSA2048]);
	for (size_t d = 0; d < DOMAINS; d++) {
		fprintf(f, "d%03zu.example. TXT \"v=spf1 ip4:192.0.2.%zu a:out.d%03zu.example -all\"\n", d, d % 250 + 1, d);
		fprintf(f, "out.d%03zu.example. A 192.0.2.%zu\n", d, d % 250 + 1);
		if (d % 5)
			fprintf(f, "_dmarc.d%03zu.example. TXT \"v=DMARC1; p=%s\"\n", d, d % 3 ? "reject" : "none");
		snprintf(owner, sizeof(owner), "s1._domainkey.d%03zu.example.", d);
		put_txt(f, owner, k->records[d % 8 ? KIT_RSA2048 : KIT_ED25519]);
	}
	for (size_t i = 1; i <= 250; i++)
		fprintf(f, "%zu.2.0.192.in-addr.arpa. PTR out.d%03zu.example.\n", i, i - 1);
}

void mbox_write(struct kit *k, size_t n, FILE *mails, FILE *zone)
{
	uint64_t s = 4;

	write_zone(k, zone);
	for (size_t i = 0; i < n; i++) {
		enum sort sort = mixture[i % ARRAY_LEN(mixture)];
		size_t domain = (size_t)(mail_random(&s) % DOMAINS);
		struct buf text, top;
		struct bytes mail = compose(k, &text, sort, domain, i, &s);
		buf_init(&top, 65536);
		trace(&top, sort, domain, i);
		fputs("From sender@example.net Mon Nov 16 09:00:00 2026\n", mails);
		store(mails, buf_bytes(&top));
		store(mails, mail);
		putc('\n', mails);
		buf_free(&top);
		buf_free(&text);
		arena_reset(k->scratch);
	}
}
