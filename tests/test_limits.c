/* Each limit that a stranger's message or DNS can reach: reached on purpose, it
 * is named in the result, and without it the same message does not reach it. */
#include "base/buf.h"
#include "judge.h"
#include "tap.h"



/* Writes `times` copies of a line in which the first %d is the number of the copy. */
static void repeat(struct buf *b, unsigned times, const char *line)
{
	for (unsigned i = 0; i < times; i++)
		buf_addf(b, line, i, i);
}

static const struct row {
	const char *limit;
	uint32_t value;          /* what it is set to */
	const char *line;        /* repeated `times` in the header; %u is a number; NULL: nothing */
	unsigned times;
	const char *header;      /* more of the header; NULL: a plain From */
	const char *zone;
	const char *mail_from;   /* NULL: a@mine.example */
} rows[] = {
	{ "header-bytes", 1024, "X-%u: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n", 30 },
	{ "header-fields", 16, "X-%u: a\r\n", 20 },
	{ "from-mailboxes", 2, NULL, 0, "From: a@a.example, b@b.example, c@c.example\r\n" },
	{ "defects", 4, .header = "From: a@mine.example\r\nA : 1\r\nB\r\n : 2\r\nC: \x01\r\nD: \xff\r\nSubject: y\r\n" },
	{ "dkim-signatures", 2, "DKIM-Signature: v=1; a=rsa-sha256; d=d%u.example; s=k; h=from; bh=AAAA; b=AAAA\r\n", 3 },
	{ "spf-terms", 2, .zone = "mine.example. 60 TXT \"v=spf1 a:x.example a:y.example a:z.example -all\"\n"
	                          "x.example. 60 A 192.0.2.1\ny.example. 60 A 192.0.2.1\nz.example. 60 A 192.0.2.1\n" },
	{ "spf-void-lookups", 1, .zone = "mine.example. 60 TXT \"v=spf1 a:x.example a:y.example -all\"\n" },
	{ "spf-mx-names", 1, .zone = "mine.example. 60 TXT \"v=spf1 mx -all\"\nmine.example. 60 MX 1 x.example.\n"
	                             "mine.example. 60 MX 2 y.example.\nx.example. 60 A 192.0.2.1\ny.example. 60 A 192.0.2.1\n" },
	{ "spf-record-bytes", 512,
	  .zone = "mine.example. 60 TXT \"v=spf1 " /* 600 bytes of terms follow */ },
	{ "spf-time", 100, .zone = "mine.example. 60 TXT \"v=spf1 a:slow.example -all\"\n"
	                           ";!fault slow.example. A timeout\n" },
	{ "dmarc-time", 100, .zone = ";!fault _dmarc.mine.example. TXT timeout\n" },
	{ "dkim-time", 100, "DKIM-Signature: v=1; a=rsa-sha256; d=slow.example; s=k; h=from; "
	                    "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA\r\n", 1,
	  .zone = ";!fault k._domainkey.slow.example. TXT timeout\n" },
	{ "total-time", 100, .zone = ";!fault _dmarc.mine.example. TXT timeout\n" },
};

static const char *zone_of(const struct row *r, struct buf *b)
{
	if (strcmp(r->limit, "spf-record-bytes") != 0)
		return r->zone ? r->zone : "";
	buf_adds(b, r->zone);
	repeat(b, 10, "ip4:198.51.100.%u \" \"ip4:203.0.113.%u/32 ip4:192.0.2.200/32 ");
	buf_adds(b, "-all\"\n");
	buf_add_byte(b, 0);
	return (const char *)b->p;
}

/* Is the limit among those that were reached? */
static bool reaches(const struct row *r, bool set)
{
	struct limits limits;
	struct buf message, zone;
	struct judge j = {
		.ip = "203.0.113.66", .helo = "x.example", .limits = &limits,
		.mail_from = r->mail_from ? r->mail_from : "a@mine.example",
	};
	bool found = false;

	buf_init(&message, 1u << 20);
	buf_init(&zone, 1u << 20);
	limits_init(&limits);
	if (set)
		CHECK(limits_set(&limits, bytes_of(r->limit), r->value, NULL));
	if (r->line)
		repeat(&message, r->times, r->line);
	buf_adds(&message, r->header ? r->header : "From: a@mine.example\r\n");
	buf_adds(&message, "Subject: x\r\n\r\nbody\r\n");
	j.zone = zone_of(r, &zone);
	struct verify *v = judge_message(&j, buf_bytes(&message));
	CHECK(v);
	for (size_t i = 0; v && i < LIMIT_COUNT; i++)
		found = found || ((v->work.reached >> i & 1) && strcmp(limit_rows[i].name, r->limit) == 0);
	judge_free(&j, v);
	buf_free(&message);
	buf_free(&zone);
	return found;
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		tap_begin("%s: reached, it is named", rows[i].limit);
		CHECK(reaches(&rows[i], true));
		tap_end();
		bool slow = bytes_iends(bytes_of(rows[i].limit), "-time");
		if (slow && strcmp(rows[i].limit, "total-time") != 0)
			continue; /* the standard time is reached as well: nobody ever answers */
		tap_begin("%s: with its standard value it is not reached", rows[i].limit);
		CHECK(!reaches(&rows[i], false));
		tap_end();
	}
	tap_begin("each row has a name, bounds that hold its standard value, a unit and a reason");
	for (size_t i = 0; i < LIMIT_COUNT; i++) {
		const struct limit_row *r = &limit_rows[i];
		CHECK_MSG(r->name && r->min <= r->standard && r->standard <= r->max && r->unit && r->why, "%s", r->name);
	}
	tap_end();
	return tap_done();
}
