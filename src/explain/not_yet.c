/* not_yet.c - answers of the parts that are still being built: nothing found. Each
 * gives way to the real one as it comes. */
#include "explain/explain.h"

#define NOT_YET __attribute__((weak))

NOT_YET bool bounce_read(struct work *w, const struct header *header, struct bytes message, const struct mime *m,
                         struct bounce *out) { *out = (struct bounce){ .arrived = -1 }; return true; }
NOT_YET bool risk_find(struct work *w, const struct risk_input *in, struct risk **out, size_t *n) { *n = 0; return true; }
NOT_YET struct maillog_counts maillog_counts(const struct maillog *l) { return (struct maillog_counts){ .first = -1 }; }
NOT_YET size_t maillog_find(const struct maillog *l, struct bytes id, const struct maillog_mail **out, size_t max) { return 0; }
NOT_YET const struct maillog_mail *maillog_by_queue_id(const struct maillog *l, struct bytes queue_id) { return NULL; }
NOT_YET bool maillog_went_to(const struct maillog *l, const struct maillog_mail *m, struct bytes recipient) { return false; }
NOT_YET void maillog_login(const struct maillog *l, struct bytes login, const struct ip *client, int64_t at,
                           struct maillog_login *out) { *out = (struct maillog_login){ 0 }; }
NOT_YET bool maillog_submitted_near(const struct maillog *l, struct bytes login, int64_t at, int64_t s) { return false; }
NOT_YET bool maillog_covers(const struct maillog *l, int64_t at, int64_t seconds) { return false; }
NOT_YET const char *bounce_kind_name(enum bounce_kind k) { return ""; }
NOT_YET const char *bounce_action_name(enum bounce_action a) { return ""; }
NOT_YET const struct risk_row risk_rows[RISK_KINDS] = {
#define X(id, name, meaning) { name, meaning },
	RISK_TABLE(X)
#undef X
};
NOT_YET struct maillog *maillog_new(const struct limits *limits, int64_t now) { return NULL; }
NOT_YET void maillog_free(struct maillog *l) {}
NOT_YET bool maillog_feed(struct maillog *l, struct bytes lines) { return false; }
NOT_YET bool maillog_ready(struct maillog *l) { return false; }
NOT_YET bool maillog_excerpt(const char *path, const struct bytes *ids, size_t n_ids, const struct bytes *logins, size_t n_logins,
                             struct buf *out, char *why, size_t size) { return false; }
