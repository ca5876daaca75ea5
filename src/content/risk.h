/* risk.h - what is dangerous in a mail, whoever sent it: links that lie, files
 * that run code, forms, tracking. From bytes alone: nothing is rendered, opened
 * or fetched. One row a risk. */
#pragma once
#include "lookalike/lookalike.h"
#include "mail/header.h"
#include "mime/mime.h"

/*    id                    name                     what it means, for a person */
#define RISK_TABLE(X) \
	X(LINK_TEXT_DIFFERS,  "link_text_differs",     "a link shows one address and leads to another") \
	X(LINK_ODD_HOST,      "link_odd_host",         "a link leads to a name that imitates another, or is written in a script that hides it") \
	X(LINK_TO_ADDRESS,    "link_to_address",       "a link leads to a bare number, not to a name") \
	X(LINK_HIDES_HOST,    "link_hides_host",       "a link has a user name in front of the host, so that it looks like another place") \
	X(LINK_RUNS_CODE,     "link_runs_code",        "a link carries its own page or program (data:, javascript:)") \
	X(LINK_BY_ITSELF,     "link_by_itself",        "the mail tries to lead you to another place without a click") \
	X(TRACKING_IMAGE,     "tracking_image",        "a picture is fetched from elsewhere and tells its owner that you read the mail") \
	X(FORM,               "form",                  "the mail holds a form that sends what you type to somebody") \
	X(RECEIPT_ASKED,      "receipt_asked",         "the mail asks your program to confirm that you read it") \
	X(FILE_RUNS_CODE,     "file_runs_code",        "an attached file can run a program") \
	X(FILE_HIDES_TYPE,    "file_hides_type",       "an attached file is not what its name says") \
	X(FILE_LOCKED,        "file_locked",           "an attached file is locked with a password, so that no virus check can look inside") \
	X(FILE_MAY_RUN_CODE,  "file_may_run_code",     "an attached document can hold small programs (macros)") \
	X(TEXT_HIDDEN,        "text_hidden",           "the mail holds text that you cannot see") \
	X(TEXT_DISGUISED,     "text_disguised",        "the text is written with look-alike or invisible letters, to slip past filters") \
	X(ASKS_FOR_MONEY,     "asks_for_money",        "the mail threatens and asks for money in a virtual currency") \
	X(NAMES_PASSWORD,     "names_password",        "the mail shows a password as proof that somebody was inside") \
	X(SIGN_IN_NOTICE,     "sign_in_notice",        "the mail says that somebody signed in to your account, or changed it")

enum risk_kind {
#define X(id, ...) RISK_##id,
	RISK_TABLE(X)
#undef X
	RISK_KINDS
};
struct risk_row { const char *name, *meaning; };
extern const struct risk_row risk_rows[RISK_KINDS];

struct risk {
	enum risk_kind kind;
	struct bytes what;   /* the link, the file's name: a stranger's bytes, UTF-8, not escaped, at most 200 bytes */
	struct bytes target; /* where the link leads to; may be empty */
	size_t part;         /* index into m->parts */
	uint32_t more;       /* further ones of this kind that are not listed */
};

struct risk_input {
	const struct header *header;
	const struct mime *mime;
	const struct lookalike_tables *tables; /* NULL: hosts are not compared */
	const struct dname *domains;           /* of the owner: a link's host that imitates one is odd */
	size_t n_domains;
};

/* All risks, in the order of the table; at most LIMIT_RISKS of a kind are listed, the rest counted.
 * Slices live in the arena. False: out of memory. */
MUST_USE bool risk_find(struct work *w, const struct risk_input *in, struct risk **out, size_t *n);

/* What the text of a mail leads to, for grouping a campaign: hosts of its links, wallets, telephone
 * numbers, lower case, sorted, without doubles; and a digest of its plain text with numbers and names left out. */
struct content_payload {
	struct bytes *items;
	size_t n;
	uint64_t text_hash;
};
MUST_USE bool content_payload(struct work *w, const struct header *h, const struct mime *m,
                              struct content_payload *out);
