/* limits.h - every limit that a stranger's input can reach, in one table.
 * A limit has a name, bounds, a reason; reaching it is visible in the result
 * (work.h, `reached`). The table feeds options, the manual and tests. */
#pragma once
#include "base/bytes.h"

/*    id                    name                    default      min        max  unit        why */
#define LIMIT_TABLE(X) \
	X(HEADER_BYTES,       "header-bytes",        1048576,   1024,  16777216, "bytes",   "an index of a header must fit in memory") \
	X(HEADER_FIELDS,      "header-fields",          2000,     16,    100000, "fields",  "real mail has under 200") \
	X(FROM_MAILBOXES,     "from-mailboxes",           16,      1,       100, "mailboxes", "candidates of an ambiguous From cost DNS questions") \
	X(RECEIVED_FIELDS,    "received-fields",         100,      8,      1000, "fields",  "loops are cut by servers at 50 to 100") \
	X(DEFECTS,            "defects",                 100,      4,     10000, "defects", "the first hundred tell the story") \
	X(ARENA_BYTES,        "message-memory",     16777216,  65536, 268435456, "bytes",   "memory for all that is known of one message") \
	X(SPF_TERMS,          "spf-terms",                10,      1,        10, "terms",   "RFC 7208 section 4.6.4") \
	X(SPF_VOID,           "spf-void-lookups",          2,      1,        10, "look-ups", "RFC 7208 section 4.6.4") \
	X(SPF_MX,             "spf-mx-names",             10,      1,        10, "names",   "RFC 7208 section 4.6.4") \
	X(SPF_PTR,            "spf-ptr-names",            10,      1,        10, "names",   "RFC 7208 section 4.6.4") \
	X(SPF_QUESTIONS,      "spf-questions",           111,     11,      1000, "questions", "10 terms of 10 names, and the record itself") \
	X(SPF_RECORD_BYTES,   "spf-record-bytes",      16384,    512,     65535, "bytes",   "a TXT record set has at most 64 KiB") \
	X(SPF_EXPLANATION,    "spf-explanation-bytes", 2048,     64,     16384, "bytes",   "a short text or a link; a longer one is left out") \
	X(SPF_TIME,           "spf-time",              20000,    100,    120000, "ms",      "RFC 7208 section 4.6.4 asks for at least 20 s") \
	X(DKIM_SIGNATURES,    "dkim-signatures",          10,      1,       100, "signatures", "each costs a public-key operation; RFC 6376 section 8.4") \
	X(DKIM_KEYS_PER_NAME, "dkim-keys-per-name",        4,      1,        10, "records", "several TXT at one selector: RFC 6376 section 3.6.2.2") \
	X(DKIM_KEY_BITS_MIN,  "dkim-key-bits-min",      1024,   1024,      4096, "bits",    "RFC 8301 section 3.2") \
	X(DKIM_KEY_BITS_MAX,  "dkim-key-bits-max",      8192,   2048,     16384, "bits",    "cost grows with the square of the size") \
	X(DKIM_SIGNED_FIELDS, "dkim-signed-fields",      500,     20,     10000, "names",   "names in h=; real signatures have under 60") \
	X(DKIM_TIME,          "dkim-time",             10000,    100,    120000, "ms",      "waiting for keys") \
	X(ARC_SETS,           "arc-sets",                 50,      1,        50, "sets",    "RFC 8617 section 4.2.1") \
	X(ARC_TIME,           "arc-time",              10000,    100,    120000, "ms",      "waiting for keys") \
	X(DMARC_QUERIES,      "dmarc-queries",             8,      8,         8, "questions a walk", "RFC 9989 section 4.10") \
	X(DMARC_WALKS,        "dmarc-walks",              24,      2,       100, "walks",   "one for each candidate, SPF and DKIM domain") \
	X(DMARC_TIME,         "dmarc-time",            10000,    100,    120000, "ms",      "waiting for policies") \
	X(FORESEEN,           "foreseen-questions",       40,      0,       200, "questions a check", "questions asked early to save time are no duty") \
	X(ROUNDS,             "rounds",                  200,     10,      1000, "rounds",  "runs of the checks over one message") \
	X(AUTHRES_FIELDS,     "authres-fields",           50,      4,      1000, "fields",  "results of others that are read as evidence") \
	X(AUTHRES_RESULTS,    "authres-results",         100,      8,      1000, "results", "results in one such field, and properties of one result") \
	X(ORIGIN_QUESTIONS,   "origin-questions",          4,      0,        10, "questions", "whose network it was, and who takes complaints") \
	X(ORIGIN_TIME,        "origin-time",            2000,    100,    120000, "ms",      "nobody waits long for a network's name") \
	X(MIME_DEPTH,         "mime-depth",               50,      4,       500, "levels",  "parts within parts; real mail has under 10") \
	X(MIME_PARTS,         "mime-parts",             2000,     16,    100000, "parts",   "real mail has under 100") \
	X(RISKS,              "risks-listed",              5,      1,       100, "risks of a kind", "a person reads the first few; the rest is counted") \
	X(CONTENT_BYTES,      "content-bytes",      16777216,  65536, 268435456, "bytes",   "decoded of all attached files of a message") \
	X(TEXT_BYTES,         "text-bytes",          1048576,   4096,  16777216, "bytes",   "of all text and pages of a message; real mail has under 200 KB") \
	X(FILE_BYTES,         "file-bytes",          4194304,   4096,  67108864, "bytes",   "of each attached file; what it is stands at its start") \
	X(LINKS,              "links",                  2000,     16,    100000, "links",   "of a message; real mail has under 200") \
	X(ARCHIVE_MEMBERS,    "archive-members",        1000,      8,    100000, "files",   "of all attached archives and those within them") \
	X(ARCHIVE_DEPTH,      "archive-depth",             3,      1,        20, "levels",  "archives within archives") \
	X(ARCHIVE_BYTES,      "archive-bytes",       4194304,  65536, 268435456, "bytes",   "unpacked of all attached archives of a message") \
	X(ARCHIVE_RATIO,      "archive-ratio",           200,     10,     10000, "bytes a byte", "unpacked of a packed one: real files have under 100") \
	X(BOUNCE_RECIPIENTS,  "bounce-recipients",       100,      1,     10000, "recipients", "of one bounce") \
	X(LOG_MAILS,          "log-mails",           1000000,   1000,  20000000, "mails",   "memory for what a log says of mails") \
	X(LOG_LOGINS,         "log-logins",          1000000,   1000,  20000000, "log-ins", "memory for what a log says of log-ins") \
	X(SENT_MAILS,         "sent-mails",           200000,   1000,  10000000, "mails",   "memory for the index of a Sent folder") \
	X(CAMPAIGN_MAILS,     "campaign-mails",       200000,   1000,  10000000, "mails",   "memory for what many mails have in common") \
	X(TOTAL_TIME,         "total-time",            30000,    100,    300000, "ms",      "all look-ups of one message together") \
	X(DNS_CACHE_BYTES,    "dns-cache-bytes",    67108864,  65536, 4294967295, "bytes",  "memory for answers and what was parsed of them") \
	X(DNS_TTL_FLOOR,      "dns-ttl-floor",             5,      0,      3600, "seconds", "a burst of mail asks once even where the TTL is 0") \
	X(DNS_TTL_CEILING,    "dns-ttl-ceiling",       86400,      1,    604800, "seconds", "no answer is believed for longer") \
	X(DNS_NEGATIVE_CEILING, "dns-negative-ceiling",  900,      0,     86400, "seconds", "a record that was just published is soon seen; RFC 2308 section 5") \
	X(DNS_ERROR_TTL,      "dns-error-ttl",             5,      1,       300, "seconds", "a broken server is not asked for each mail; RFC 9520 section 3.2")

enum limit_id {
#define X(id, ...) LIMIT_##id,
	LIMIT_TABLE(X)
#undef X
	LIMIT_COUNT
};

struct limit_row {
	const char *name;
	uint32_t standard, min, max; /* default and bounds */
	const char *unit, *why;
};

/* One row a limit, indexed by enum limit_id. */
extern const struct limit_row limit_rows[LIMIT_COUNT];

struct limits {
	uint32_t v[LIMIT_COUNT];
};

/* All defaults. */
void limits_init(struct limits *l);
/* Sets one by its name; false when there is no such name or the value is out
 * of bounds (*row then tells them; NULL: no such name). row may be NULL. */
MUST_USE bool limits_set(struct limits *l, struct bytes name, uint64_t value,
                         const struct limit_row **row);
