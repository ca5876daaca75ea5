/* mail.c - see mail.h */
#include "mail.h"

#define LINE_MIN 62u
#define LINE_MAX 75u
#define ATTACHED_LINE 76u
#define TEXT_BEFORE_ATTACHMENT 1024u

uint64_t mail_random(uint64_t *state)
{
	uint64_t x = *state += UINT64_C(0x9e3779b97f4a7c15); /* splitmix64 */

	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

static const char *word(uint64_t *state)
{
	static const char *const words[] = {
		"the", "meeting", "on", "Thursday", "will", "be", "moved", "to", "next", "week", "because",
		"of", "rain", "please", "bring", "your", "numbers", "and", "a", "printed", "copy", "for",
		"everybody", "who", "has", "not", "seen", "them", "yet", "harbour", "invoice", "42", "thanks,",
		"regards", "we", "should", "talk", "about", "it", "before", "lunch", "again", "Carol", "is",
		"away", "until", "Monday;", "her", "deputy", "knows", "all", "details", "see", "page", "three",
	};
	return words[mail_random(state) % ARRAY_LEN(words)];
}

void mail_header(struct buf *to, const struct mail *m)
{
	uint64_t s = m->seed;
	struct bytes domain = bytes_from(bytes_of(m->from), bytes_find(bytes_of(m->from), '@', 0) + 1);

	for (int hop = 3; hop > 0; hop--)
		buf_addf(to,
		         "Received: from out%d.%.*s (out%d.%.*s [192.0.2.%d])\r\n"
		         "\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)\r\n"
		         "\t key-exchange X25519 server-signature RSA-PSS (2048 bits))\r\n"
		         "\tby mx%d.example.net (Postfix) with ESMTPS id %08x\r\n"
		         "\tfor <%s>; Mon, 16 Nov 2026 09:12:2%d +0000 (UTC)\r\n",
		         hop, BYTES_ARG(domain), hop, BYTES_ARG(domain), 24 + hop, hop, (unsigned)mail_random(&s), m->to, hop);
	buf_addf(to, "From: A Person <%s>\r\nTo: Somebody Else <%s>\r\n", m->from, m->to);
	buf_adds(to, "Cc: First Friend <first@friends.example>,\r\n\t\"Second, Friend\" <second@friends.example>,\r\n"
	             "\tThird Friend <third@friends.example>\r\n");
	buf_addf(to, "Subject: %s %s  %s %s", word(&s), word(&s), word(&s), word(&s));
	buf_addf(to, "\r\n %s %s\r\nDate: Mon, 16 Nov 2026 10:12:19 +0100\r\n", word(&s), word(&s));
	buf_addf(to, "Message-ID: <%016llx@%.*s>\r\n", (unsigned long long)mail_random(&s), BYTES_ARG(domain));
	buf_addf(to, "In-Reply-To: <%016llx@example.net>\r\n", (unsigned long long)mail_random(&s));
	buf_addf(to, "References: <%016llx@example.net>\r\n <%016llx@example.net>\r\n",
	         (unsigned long long)mail_random(&s), (unsigned long long)mail_random(&s));
	buf_adds(to, "MIME-Version: 1.0\r\n");
	buf_adds(to, m->attachment ? "Content-Type: multipart/mixed; boundary=\"=-part-of-this-mail\"\r\n"
	                           : "Content-Type: text/plain; charset=us-ascii\r\n");
	buf_adds(to, "Content-Transfer-Encoding: 7bit\r\nUser-Agent: Example/1.0 (some; system)\r\n");
	buf_addf(to, "List-Unsubscribe: <mailto:leave@%.*s?subject=leave>,\r\n <https://%.*s/leave>\r\n",
	         BYTES_ARG(domain), BYTES_ARG(domain));
	buf_adds(to, "X-Mailer-Info: one more field that nobody signs\r\n");
}

/* A line of n bytes and its CRLF. */
static void text_line(struct buf *to, uint64_t *s, size_t n)
{
	char line[LINE_MAX + 40];
	size_t at = 0;

	while (at < n) {
		const char *blank = at == 0 ? "" : mail_random(s) % 100 < 3 ? "  " : " ";
		at += (size_t)snprintf(line + at, sizeof(line) - at, "%s%s", blank, word(s));
	}
	if (n && mail_random(s) % 100 < 5)
		line[n - 1] = ' ';
	buf_add(to, (struct bytes){ (const uint8_t *)line, n });
	buf_adds(to, "\r\n");
}

static void attached_line(struct buf *to, uint64_t *s, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < n; i++)
		buf_add_byte(to, (uint8_t)digits[mail_random(s) % (sizeof(digits) - 1)]);
	buf_adds(to, "\r\n");
}

/* Lines until exactly `until` bytes stand in `to`. */
static void fill(struct buf *to, uint64_t *s, size_t until, void (*line)(struct buf *to, uint64_t *s, size_t n),
                 size_t shortest, size_t longest)
{
	while (to->n < until && !to->failed) {
		size_t left = until - to->n, n = shortest + mail_random(s) % (longest - shortest + 1);

		if (left < 2) { /* not room for a line: never with the sizes that are used */
			buf_adds(to, "\n");
			return;
		}
		if (left < n + 2 + 2) /* the last one takes what is left */
			n = left - 2 > LINE_MAX ? (left - 2) / 2 : left - 2;
		line(to, s, n);
	}
}

void mail_body(struct buf *to, const struct mail *m)
{
	static const char opening[] = "--=-part-of-this-mail\r\nContent-Type: text/plain\r\n\r\n";
	static const char between[] = "--=-part-of-this-mail\r\nContent-Type: application/octet-stream\r\n"
	                              "Content-Disposition: attachment; filename=\"numbers.bin\"\r\n"
	                              "Content-Transfer-Encoding: base64\r\n\r\n";
	static const char closing[] = "--=-part-of-this-mail--\r\n";
	uint64_t s = m->seed ^ 1;
	size_t end = to->n + m->body;

	if (!m->attachment) {
		fill(to, &s, end, text_line, LINE_MIN, LINE_MAX);
		return;
	}
	buf_adds(to, opening);
	fill(to, &s, to->n + TEXT_BEFORE_ATTACHMENT, text_line, LINE_MIN, LINE_MAX);
	buf_adds(to, between);
	fill(to, &s, end - (sizeof(closing) - 1), attached_line, ATTACHED_LINE, ATTACHED_LINE);
	buf_adds(to, closing);
}

struct bytes mail_write(struct buf *to, const struct mail *m)
{
	buf_init(to, m->body + 65536);
	mail_header(to, m);
	buf_adds(to, "\r\n");
	mail_body(to, m);
	return buf_bytes(to);
}
