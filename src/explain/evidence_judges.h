/* evidence_judges.h - the judge functions of evidence.c's table, by the source that
 * they look at. Private to the table and those files. */
#pragma once
#include "explain/evidence.h"

#define EVIDENCE_JUDGE(name) enum strength name(const struct facts *f, struct arena *a, struct bytes *text)

/* evidence_auth.c: what authentication and the hand-over show */
EVIDENCE_JUDGE(judge_spf_fail);
EVIDENCE_JUDGE(judge_dmarc_fail);
EVIDENCE_JUDGE(judge_broken_from);
EVIDENCE_JUDGE(judge_author_missing);
EVIDENCE_JUDGE(judge_nothing_vouches);
EVIDENCE_JUDGE(judge_forged_results);
EVIDENCE_JUDGE(judge_dkim_pass);
EVIDENCE_JUDGE(judge_spf_pass);
EVIDENCE_JUDGE(judge_listed_address);
EVIDENCE_JUDGE(judge_logged_in);
EVIDENCE_JUDGE(judge_own_path);
EVIDENCE_JUDGE(judge_changed);
EVIDENCE_JUDGE(judge_arc);
EVIDENCE_JUDGE(judge_claimed_path);
EVIDENCE_JUDGE(judge_service);
EVIDENCE_JUDGE(judge_local_script);
EVIDENCE_JUDGE(judge_old);

/* evidence_trail.c: what a server's log and the Sent folder show, and the owner says */
EVIDENCE_JUDGE(judge_not_submitted);
EVIDENCE_JUDGE(judge_log_outside);
EVIDENCE_JUDGE(judge_log_submitted);
EVIDENCE_JUDGE(judge_log_script);
EVIDENCE_JUDGE(judge_log_new_place);
EVIDENCE_JUDGE(judge_log_guessed);
EVIDENCE_JUDGE(judge_log_burst);
EVIDENCE_JUDGE(judge_log_failures);
EVIDENCE_JUDGE(judge_sent_copy);
EVIDENCE_JUDGE(judge_sent_none);
EVIDENCE_JUDGE(judge_not_mine);

/* evidence_bounce.c: is a bounce about a mail of the owner's? */
EVIDENCE_JUDGE(judge_bounce_tag);
EVIDENCE_JUDGE(judge_bounce_untagged);
EVIDENCE_JUDGE(judge_bounce_signed);
EVIDENCE_JUDGE(judge_bounce_sent);
EVIDENCE_JUDGE(judge_bounce_not_sent);
EVIDENCE_JUDGE(judge_bounce_local);
EVIDENCE_JUDGE(judge_bounce_our_address);
EVIDENCE_JUDGE(judge_bounce_foreign);
EVIDENCE_JUDGE(judge_bounce_name_only);
EVIDENCE_JUDGE(judge_bounce_bare);
EVIDENCE_JUDGE(judge_bounce_other_author);

/* evidence_look.c: names that imitate, and what the text shows */
EVIDENCE_JUDGE(judge_looks_domain);
EVIDENCE_JUDGE(judge_looks_name);
EVIDENCE_JUDGE(judge_looks_address);
EVIDENCE_JUDGE(judge_looks_odd);
EVIDENCE_JUDGE(judge_names_password);
EVIDENCE_JUDGE(judge_sign_in_notice);
