/* Every observation, in worlds in which it is seen: a whole sentence that explains the terms it uses. */
#include "stranger.h"
#include "terms.h"

static struct maillog_mail in_log = { .login = S("alice"), .client = { 4, { 203, 0, 113, 7 } }, .submitted = true, .uid = 33 };
static struct sent_mail in_sent = { .message_id = S("a@mine.example") };
static struct arc_set_result arc_set;
static struct claim claim = { .found = true, .ip = { 4, { 192, 0, 2, 10 } }, .by = S("mail.club.example") };
static struct tag_keys tags = { .since = 0 };

static void against(struct facts *f, struct trail_facts *t, struct bounce_proof *p)
{
	f->auth = (struct facts_auth){ .known = true, .spf_fail = true, .dmarc_fail = true, .policy = DMARC_POLICY_REJECT };
	f->author_missing = f->old = true;
	f->age_days = 40;
	t->has_log = t->covers = t->owner_seen = t->mail_from_outside = true;
	t->mail = &in_log;
	in_log.submitted = false;
	t->login.failures = 7;
	t->has_sent = true;
}

static void softly(struct facts *f, struct trail_facts *t, struct bounce_proof *p)
{
	f->auth = (struct facts_auth){ .known = true, .spf_softfail = true, .dmarc_fail = true, .policy = DMARC_POLICY_NONE };
	f->ambiguous = true;
}

static void nothing(struct facts *f, struct trail_facts *t, struct bounce_proof *p)
{
	f->auth = (struct facts_auth){ .known = true };
	f->from_outside = true;
}

static void passing(struct facts *f, struct trail_facts *t, struct bounce_proof *p)
{
	f->auth = (struct facts_auth){ .known = true, .dkim_pass = true, .spf_pass = true };
	f->logged_in = f->logged_in_as_author = f->not_mine = true;
	f->script = B("/form.php");
	t->has_log = t->mail_by_owner = true;
	in_log.submitted = true;
	t->mail = &in_log;
	t->copy = &in_sent;
	t->login = (struct maillog_login){ .known = true, .earlier_logins = 12, .failures_same_net = 9 };
}

static void passed_on(struct facts *f, struct trail_facts *t, struct bounce_proof *p)
{
	f->auth = (struct facts_auth){ .known = true };
	f->own.dkim_changed = f->arc_vouches = f->claim_fits = f->service_vouches = f->ip_listed = true;
}

static void by_program(struct facts *f, struct trail_facts *t, struct bounce_proof *p)
{
	t->has_log = true;
	t->mail = &in_log;
	in_log.local = true;
}

static void burst(struct facts *f, struct trail_facts *t, struct bounce_proof *p)
{
	t->has_log = t->mail_by_owner = true;
	t->mail = &in_log;
	t->login = (struct maillog_login){ .known = true, .earlier_same_net = 9, .mails_hour = 200, .recipients_hour = 900,
	                                   .bounced_hour = 90, .unusual_hour = true };
}

static void notice_of_mine(struct facts *f, struct trail_facts *t, struct bounce_proof *p)
{
	f->about_a_mail = true;
	p->tag.state = TAG_VALID;
	p->own_signature = p->has_ip = true;
	p->own_signature_domain = p->spf.domain = (struct dname){ B("mine.example") };
	p->spf.result = SPF_PASS;
	p->ip = (struct ip){ 4, { 192, 0, 2, 10 } };
	t->about = &in_log;
	t->about_went_there = t->local_bounce = true;
}

static void notice_of_others(struct facts *f, struct trail_facts *t, struct bounce_proof *p)
{
	f->about_a_mail = true;
	f->is.tags = &tags;
	p->has_ip = p->name_of_ours = true;
	p->spf.domain = (struct dname){ B("mine.example") };
	p->spf.result = SPF_FAIL;
	p->ip = (struct ip){ 4, { 203, 0, 113, 66 } };
	p->author = B("bob@example.com");
	t->has_log = t->about_covers = t->owner_seen = true;
}

static void notice_wrong_tag(struct facts *f, struct trail_facts *t, struct bounce_proof *p)
{
	f->about_a_mail = true;
	f->is.tags = &tags;
	p->tag.state = TAG_WRONG;
	t->about_copy = &in_sent;
}

static void notice_stale_tag(struct facts *f, struct trail_facts *t, struct bounce_proof *p)
{
	notice_wrong_tag(f, t, p);
	p->tag.state = TAG_STALE;
}

static void notice_bare(struct facts *f, struct trail_facts *t, struct bounce_proof *p)
{
	f->about_a_mail = true;
}

static const struct {
	const char *name;
	void (*make)(struct facts *f, struct trail_facts *t, struct bounce_proof *p);
	bool named; /* the notice names the mail */
} worlds[] = {
	{ "against", against, false },           { "softly against", softly, false },  { "nothing", nothing, false },
	{ "passing", passing, false },           { "passed on", passed_on, false },    { "by a program", by_program, false },
	{ "a burst", burst, false },             { "a notice of mine", notice_of_mine, true },
	{ "a notice of others", notice_of_others, true }, { "a wrong tag", notice_wrong_tag, true },
	{ "a stale tag", notice_stale_tag, true }, { "a bare notice", notice_bare, false },
};

static void check_sentence(const struct evidence_row *row, struct bytes text)
{
	CHECK_MSG(text.n > 20 && text.n < 330, "%s: %zu bytes", row->id, text.n);
	CHECK_MSG(text.p[text.n - 1] == '.', "%s: no full stop: %.*s", row->id, BYTES_ARG(text));
	CHECK_MSG(bytes_search(text, B("  ")) == text.n, "%s: two spaces: %.*s", row->id, BYTES_ARG(text));
	CHECK_MSG(bytes_search(text, B("(null)")) == text.n, "%s: %.*s", row->id, BYTES_ARG(text));
	check_terms(text, row->id);
	check_terms(bytes_of(row->fooled_by), row->id);
}

static void look(struct explain *x, size_t world, bool *seen)
{
	struct facts before = x->facts;
	struct trail_facts trail = { .has_log = false };
	struct bounce_proof proof = { .date = WORLD_TODAY - 86400 };
	struct bounce bounce = { .message_id = worlds[world].named ? B("a@mine.example") : B("") };
	struct handover handover = *before.handover;
	struct facts *f = &x->facts;

	handover.n_forged_authres = 1;
	handover.auth_user = B("alice@mine.example");
	f->handover = &handover;
	f->in_owner_name = true;
	f->is.claim = &claim;
	f->is.trail = &trail;
	f->is.proof = &proof;
	f->is.bounce = &bounce;
	worlds[world].make(f, &trail, &proof);
	if (f->about_a_mail)
		f->in_owner_name = false;
	tap_begin("observations are whole sentences without unexplained terms: %s", worlds[world].name);
	for (int owner = 0; owner < 2; owner++, f->in_owner_name = false)
		for (size_t i = 0; i < evidence_row_count; i++) {
			struct bytes text = { NULL, 0 };
			if (evidence_rows[i].judge(f, x->v->work.arena, &text) == STRENGTH_NONE)
				continue;
			check_sentence(&evidence_rows[i], text);
			seen[i] = true;
		}
	tap_end();
	x->facts = before;
}

int main(void)
{
	struct explain_world w;
	bool *seen = calloc(evidence_row_count, sizeof(*seen));

	if (!seen || !explain_world_make(&w, STRANGER_ZONE, STRANGER_MAIL, "alice@mine.example"))
		return 1;
	stranger_lines(&w.x);
	arc_set.sealer = (struct dname){ B("club.example") };
	w.x.v->arc.sets = &arc_set;
	for (size_t i = 0; i < ARRAY_LEN(worlds); i++)
		look(&w.x, i, seen);
	tap_begin("each row of the table was seen");
	for (size_t i = 0; i < evidence_row_count; i++)
		CHECK_MSG(seen[i], "%s", evidence_rows[i].id);
	tap_end();
	explain_world_free(&w);
	free(seen);
	return tap_done();
}
