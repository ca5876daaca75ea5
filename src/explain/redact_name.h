/* redact_name.h - what domains, mailboxes and addresses of hosts become. For
 * redact.h. Each writes to out and, for want of memory, fails the hash or the arena. */
#pragma once
#include "explain/redact_state.h"

/* Notes the domain of an address that somebody has; and, if the domain is the owner's own, that
 * imitations are of it. What is no domain is passed over. */
void redact_name_note(struct redact *r, struct bytes domain, bool owner);
/* Notes the name of a mailbox. */
void redact_name_note_local(struct redact *r, struct bytes local);

/* A name of a host. `always`: whoever's it is; else only one of a noted domain, or with the
 * address of a host in it. False: it stays, nothing is written. Any letter case; a final dot stays. */
bool redact_name_domain(struct redact *r, struct bytes name, bool always, struct buf *out);

/* The name of a mailbox, with its tags: "alice+x", "SRS0=h=t=domain=alice". */
void redact_name_local(struct redact *r, struct bytes local, struct buf *out);
/* local@domain; either may be empty. */
void redact_name_address(struct redact *r, struct bytes address, struct buf *out);

/* A name of a host without dots: of somebody's computer. */
void redact_name_bare(struct redact *r, struct bytes name, struct buf *out);
