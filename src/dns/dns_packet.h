/* dns_packet.h - reads a DNS message (RFC 1035 section 4) that answers one
 * question: which status, which records, for how long. Follows the chain of
 * CNAMEs that the message holds. Bytes in, fields out: no network. */
#pragma once
#include "base/parse_err.h"
#include "dns/dns_answer.h"

/* Reads the message. out->question is q, out->security is DNSSEC_UNKNOWN;
 * records and names live in the arena. The TTL is the smallest along the chain;
 * where there is no such record, that of the SOA (RFC 2308 section 5; without
 * SOA 0). Records that this program has no text for (a label with a dot or NUL
 * in it, a TXT without strings) are left out. False: the message is malformed,
 * truncated, or contradicts itself (*err says where), or memory ended; *out is
 * untouched. */
MUST_USE bool dns_packet_read(struct arena *a, struct bytes packet, const struct dns_question *q,
                              struct dns_answer_view *out, struct parse_err *err);

/* Does the message hold a record of this type in its answer section? Malformed: no. */
bool dns_packet_has_type(struct bytes packet, uint16_t type);
