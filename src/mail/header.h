/* header.h - the header of a message as an index: where each field is, nothing
 * copied, nothing rewritten (RFC 5322 section 2.2, 4.5).
 *
 * Three ways in, one result: a whole message in memory (header_index), chunks
 * as they stream (header_feed), fields one by one as a milter brings them
 * (header_add). Oddities become defects; the index never fails on bad input. */
#pragma once
#include "mail/defect.h"

enum line_ends {
	LINES_CRLF, /* the first line ends in CRLF: bare LFs are defects, not line ends */
	LINES_LF,   /* stored mail: each LF is to be hashed as CRLF */
};

/* Fields that some part of the program looks for; found once, at indexing. */
/*    id                   name                          may stand once (RFC 5322 section 3.6, RFC 2045) */
#define FIELD_TABLE(X) \
	X(OTHER,             "",                           false) \
	X(FROM,              "From",                       true) \
	X(SENDER,            "Sender",                     true) \
	X(REPLY_TO,          "Reply-To",                   true) \
	X(TO,                "To",                         true) \
	X(CC,                "Cc",                         true) \
	X(BCC,               "Bcc",                        true) \
	X(SUBJECT,           "Subject",                    true) \
	X(DATE,              "Date",                       true) \
	X(MESSAGE_ID,        "Message-ID",                 true) \
	X(IN_REPLY_TO,       "In-Reply-To",                true) \
	X(REFERENCES,        "References",                 true) \
	X(MIME_VERSION,      "MIME-Version",               true) \
	X(CONTENT_TYPE,      "Content-Type",               true) \
	X(CONTENT_TRANSFER_ENCODING, "Content-Transfer-Encoding", true) \
	X(RETURN_PATH,       "Return-Path",                false) \
	X(RECEIVED,          "Received",                   false) \
	X(RECEIVED_SPF,      "Received-SPF",               false) \
	X(AUTHENTICATION_RESULTS, "Authentication-Results", false) \
	X(DELIVERED_TO,      "Delivered-To",               false) \
	X(X_ORIGINAL_TO,     "X-Original-To",              false) \
	X(DKIM_SIGNATURE,    "DKIM-Signature",             false) \
	X(ARC_AUTHENTICATION_RESULTS, "ARC-Authentication-Results", false) \
	X(ARC_MESSAGE_SIGNATURE, "ARC-Message-Signature",  false) \
	X(ARC_SEAL,          "ARC-Seal",                   false) \
	X(LIST_ID,           "List-Id",                    false) \
	X(LIST_UNSUBSCRIBE,  "List-Unsubscribe",           false) \
	X(LIST_POST,         "List-Post",                  false) \
	X(RESENT_FROM,       "Resent-From",                false) \
	X(AUTO_SUBMITTED,    "Auto-Submitted",             false)

enum field_id {
#define X(id, ...) FIELD_##id,
	FIELD_TABLE(X)
#undef X
	FIELD_IDS
};

struct field_row {
	const char *name;
	bool once;
};
extern const struct field_row field_rows[FIELD_IDS];

struct field {
	struct bytes raw;    /* the whole field: name, colon, value with its folds, and its last line end */
	struct bytes name;   /* as written, without white space before the colon */
	struct bytes value;  /* everything after the colon but the last line end; folds are still inside */
	size_t offset;       /* of raw, from the start of the message; for header_add as if the
	                      * fields stood one after another, each ended by CRLF */
	enum field_id id;
};

struct header {
	struct field *fields; /* from the top */
	size_t n, cap;
	enum line_ends ends;
	size_t body_at;       /* offset of the body's first byte, once complete */
	struct defects defects;
	bool complete;        /* the empty line was seen, or header_end was called */
	/* What looks like a From field where only some readers see one: fields as those readers
	 * see them, each with its HIDDEN_FROM defect. At most LIMIT_FROM_MAILBOXES. */
	struct field *hidden;
	size_t hidden_n, hidden_cap;
	/* private: the text that is kept, and the state of feeding */
	struct bytes seen;
	size_t seen_cap;
	size_t bytes;         /* of the header, that came so far */
	size_t line_at;       /* where the line begins that the last byte belongs to */
	uint8_t last;         /* the last byte that came */
	uint8_t mbox;         /* is the first line an mbox From line? */
	bool ends_known;      /* the first line has ended */
	bool cut;             /* over the cap: what came later is not kept */
	bool added;           /* fields came by header_add */
	bool ended_for_some;  /* a reader of bare line ends saw an empty line */
};

/* Indexes a whole message; slices point into it. Whatever *h held is forgotten. */
void header_index(struct work *w, struct header *h, struct bytes message);

/* Streaming into a header that starts as { 0 }: returns how many bytes of the
 * chunk belong to the header (its empty line included); less than chunk.n means that the
 * rest is body. What it keeps is copied into the arena. Call header_end at the end of the input. */
size_t header_feed(struct work *w, struct header *h, struct bytes chunk);
void header_end(struct work *w, struct header *h);

/* One field as a milter gives it: the name and the value as after the colon,
 * folds inside as LF or CRLF (`value` keeps its leading space). Copied, with
 * CRLF at the folds. The header starts as { 0 }; close it with header_end. */
void header_add(struct work *w, struct header *h, struct bytes name, struct bytes value);

/* The first field of that kind at or after index `from`; NULL: none. The index of f is f - h->fields. */
const struct field *header_find(const struct header *h, enum field_id id, size_t from);
size_t header_count(const struct header *h, enum field_id id);
/* Which known field a name is, ignoring case. */
enum field_id field_id_of(struct bytes name);

/* A value with its folds undone (RFC 5322 section 2.2.3: only the line ends go)
 * and white space at both ends trimmed. Without folds it borrows. */
struct bytes field_unfold(struct arena *a, struct bytes value);
