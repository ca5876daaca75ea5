/* defect.h - what is odd about a message's bytes, by name and offset.
 * The table says of each kind whether it makes the message ambiguous: two
 * plausible author domains, or none (RFC 9989 section 11.5). */
#pragma once
#include "base/work.h"

/*    id                       name                          ambiguous  text for an expert */
#define DEFECT_TABLE(X) \
	X(HEADER_TOO_LARGE,      "header_too_large",           true,  "the header is over its cap and was not read to its end") \
	X(TOO_MANY_FIELDS,       "too_many_fields",            true,  "the header has more fields than its cap") \
	X(NO_HEADER,             "no_header",                  true,  "there is no header field at all") \
	X(LEADING_SPACE,         "leading_space",              true,  "the first line begins with white space and continues nothing") \
	X(NOT_A_FIELD,           "not_a_field",                true,  "a line in the header is not a field") \
	X(HEADER_NOT_ENDED,      "header_not_ended",           false, "no empty line ends the header") \
	X(MBOX_FROM_LINE,        "mbox_from_line",             false, "the file begins with an mbox From line; it is not part of the mail") \
	X(SPACE_BEFORE_COLON,    "space_before_colon",         false, "white space between a field name and its colon (obsolete)") \
	X(FOLD_BEFORE_COLON,     "fold_before_colon",          false, "a line break between a field name and its colon (obsolete)") \
	X(BARE_LF,               "bare_lf",                    false, "a line feed without carriage return in a file of CRLF lines") \
	X(BARE_CR,               "bare_cr",                    false, "a carriage return without line feed") \
	X(MIXED_LINE_ENDS,       "mixed_line_ends",            false, "a line that ends in CRLF in a file of LF lines") \
	X(NUL_BYTE,              "nul_byte",                   false, "a NUL byte in the header") \
	X(CONTROL_BYTE,          "control_byte",               false, "a control byte in the header") \
	X(EIGHT_BIT,             "eight_bit",                  false, "a byte in the header that is neither ASCII nor UTF-8") \
	X(LONG_LINE,             "long_line",                  false, "a header line of over 998 bytes") \
	X(HIDDEN_FROM,           "hidden_from",                true,  "what looks like a From field stands where only some readers see a field") \
	X(NO_FROM,               "no_from",                    true,  "there is no From field") \
	X(SEVERAL_FROM,          "several_from",               true,  "there are several From fields") \
	X(SEVERAL_MAILBOXES,     "several_mailboxes",          true,  "From names several mailboxes") \
	X(FROM_GROUP,            "from_group",                 true,  "From names a group") \
	X(FROM_EMPTY,            "from_empty",                 true,  "From names nobody") \
	X(FROM_MALFORMED,        "from_malformed",             true,  "From cannot be read as one mailbox") \
	X(FROM_AFTER_ADDRESS,    "from_after_address",         true,  "text stands after the address in From") \
	X(FROM_UNBALANCED,       "from_unbalanced",            true,  "a quote, bracket or comment in From does not end") \
	X(FROM_BACKSLASH,        "from_backslash",             true,  "a backslash outside quotes in From") \
	X(FROM_CONTROL,          "from_control",               true,  "a control or NUL byte in From") \
	X(FROM_BAD_UTF8,         "from_bad_utf8",              true,  "bytes in the address of From that are not UTF-8") \
	X(FROM_HIDDEN_CHARS,     "from_hidden_characters",     true,  "bidirectional or invisible characters in the address of From") \
	X(FROM_BAD_DOMAIN,       "from_bad_domain",            true,  "the domain in From is not a domain name") \
	X(FROM_NO_DOMAIN,        "from_no_domain",             true,  "the address in From has no domain") \
	X(FROM_ENCODED_ADDRESS,  "from_encoded_address",       true,  "an encoded word stands in place of the address in From") \
	X(FROM_DOTS,             "from_dots",                  false, "dots in the address of From where the grammar has none") \
	X(FROM_NAME_UNQUOTED,    "from_name_unquoted",         false, "the display name of From has characters that belong in quotes") \
	X(FROM_ROUTE,            "from_route",                 true,  "the address in From has an obsolete source route") \
	X(FROM_COMMENT,          "from_comment",               false, "a comment stands in From") \
	X(FROM_ADDRESS_IN_NAME,  "from_address_in_name",       false, "the display name of From looks like another address") \
	X(DUPLICATE_FIELD,       "duplicate_field",            false, "a field that may stand once stands several times") \
	X(MAIL_FROM_MALFORMED,   "mail_from_malformed",        false, "the envelope sender is not an address") \
	X(FORGED_AUTHRES,        "forged_authentication_results", false, "an Authentication-Results field carries our own name") \
	X(SMUGGLED_END,          "smuggled_end_of_data",       false, "a lone dot on a line with odd endings: some servers would end the mail here") \
	X(SMUGGLED_COMMANDS,     "smuggled_commands",          false, "SMTP commands stand after such a line: a second mail is hidden in this one") \
	X(BODY_BARE_LF,          "body_bare_lf",               false, "line feeds without carriage return in the body") \
	X(BODY_BARE_CR,          "body_bare_cr",               false, "carriage returns without line feed in the body") \
	X(BODY_NUL,              "body_nul",                   false, "NUL bytes in the body") \
	X(DATE_MALFORMED,        "date_malformed",             false, "the Date field cannot be read")

enum defect_kind {
#define X(id, ...) DEFECT_##id,
	DEFECT_TABLE(X)
#undef X
	DEFECT_KINDS
};

struct defect_row {
	const char *name;
	bool ambiguous;
	const char *text;
};

extern const struct defect_row defect_rows[DEFECT_KINDS];

struct defect {
	enum defect_kind kind;
	size_t offset; /* bytes from the start of the message, or of the value for MAIL FROM */
};

struct defects {
	struct defect *list;
	size_t n, cap;
	uint64_t seen;  /* bit (1 << kind): also for those that no longer fit the list */
};

_Static_assert(DEFECT_KINDS <= 64, "struct defects keeps the kinds in 64 bits");

/* Adds one. Beyond LIMIT_DEFECTS only `seen` is kept, and the limit is noted. */
void defects_add(struct work *w, struct defects *d, enum defect_kind kind, size_t offset);
static inline bool defects_have(const struct defects *d, enum defect_kind kind)
{
	return d->seen >> kind & 1;
}
/* Does any of them make the message ambiguous? */
bool defects_ambiguous(const struct defects *d);
