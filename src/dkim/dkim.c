/* dkim.c - see dkim.h */
#include "dkim/dkim.h"

#include "dkim/dkim_proof.h"
#include "dkim/dkim_sig.h"

/* Clocks differ: a signature dated less than this before now is not from the future. Seconds. */
#define CLOCK_DRIFT 300

/* A signature on its way to its result. */
struct dkim_job {
	struct dkim_sig sig;
	struct dkim_claim claim;
	struct dkim_proof proof;
	bool proven;   /* proof is final */
	int body;      /* index of its body digest; -1: there are no bodies */
};

static void add_weakness(struct dkim_result *r, enum dkim_weakness weakness)
{
	r->weaknesses |= UINT32_C(1) << weakness;
}

/* --- which signatures --- */

static bool is_related(struct dname d, const struct dname *authors, size_t n_authors)
{
	for (size_t i = 0; i < n_authors; i++)
		if (!dname_is_none(d) && (dname_within(d, authors[i]) || dname_within(authors[i], d)))
			return true;
	return false;
}

struct choice {
	const struct field *field;
	bool related, chosen;
};

/* Chooses at most `most`: first those whose d= may align, then from the top. False: out of memory. */
static bool choose_some(struct work *w, const struct dname *authors, size_t n_authors, size_t most,
                        struct choice *list, size_t n)
{
	size_t chosen = 0;

	for (size_t i = 0; i < n; i++) {
		struct dkim_sig sig;
		if (!dkim_sig_read(w, list[i].field, &sig))
			return false;
		list[i].related = is_related(sig.domain, authors, n_authors);
	}
	for (int related = 1; related >= 0; related--)
		for (size_t i = 0; i < n && chosen < most; i++)
			if (list[i].related == (related == 1)) {
				list[i].chosen = true;
				chosen++;
			}
	work_reached(w, LIMIT_DKIM_SIGNATURES);
	return true;
}

/* All DKIM-Signature fields from the top, each chosen or not. False: out of memory. */
static bool choose(struct work *w, const struct header *h, const struct dname *authors,
                   size_t n_authors, struct choice **list, size_t *n)
{
	size_t most = work_limit(w, LIMIT_DKIM_SIGNATURES), all = header_count(h, FIELD_DKIM_SIGNATURE);
	struct choice *choices = arena_array(w->arena, struct choice, all);
	const struct field *f = NULL;

	if (!choices)
		return false;
	for (size_t i = 0; i < all; i++) {
		f = header_find(h, FIELD_DKIM_SIGNATURE, f ? (size_t)(f - h->fields) + 1 : 0);
		choices[i] = (struct choice){ .field = f, .chosen = all <= most };
	}
	if (all > most && !choose_some(w, authors, n_authors, most, choices, all))
		return false;
	*list = choices;
	*n = all;
	return true;
}

/* --- at the end of the header --- */

/* Says in the result what the signature leaves open, after dkim_sig_hash took what it signs. */
static void find_unsigned(struct dkim_fields *fields, struct dkim_result *r)
{
	static const struct { enum field_id id; enum dkim_weakness weakness; } wanted[] = {
		{ FIELD_SUBJECT, DKIM_WEAK_UNSIGNED_SUBJECT },
		{ FIELD_TO, DKIM_WEAK_UNSIGNED_TO },
		{ FIELD_DATE, DKIM_WEAK_UNSIGNED_DATE },
		{ FIELD_CONTENT_TYPE, DKIM_WEAK_UNSIGNED_CONTENT_TYPE },
	};
	size_t n, left;

	for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
		n = dkim_fields_count(fields, wanted[i].id, &left);
		if (n > 0 && left == n)
			add_weakness(r, wanted[i].weakness);
	}
	for (size_t id = 0; id < FIELD_IDS; id++) {
		if (!field_rows[id].once)
			continue;
		n = dkim_fields_count(fields, (enum field_id)id, &left);
		if (n > 1 && left > 0)
			add_weakness(r, DKIM_WEAK_DUPLICATE_FIELD);
	}
}

static void judge_times(const struct work *w, struct dkim_result *r)
{
	if (r->expires >= 0 && w->now > r->expires)
		add_weakness(r, DKIM_WEAK_EXPIRED);
	if (r->signed_at > w->now && r->signed_at - w->now > CLOCK_DRIFT)
		add_weakness(r, DKIM_WEAK_FUTURE);
}

/* What a result says of its signature before anything is verified. False: out of memory. */
static bool describe(struct work *w, const struct dkim_sig *sig, struct dkim_result *r)
{
	*r = (struct dkim_result){
		.result = DKIM_NEUTRAL, .domain = sig->domain, .selector = sig->selector,
		.identity = sig->identity, .algorithm = sig->algorithm, .signed_at = sig->signed_at,
		.expires = sig->expires, .field = sig->field, .b = sig->b_start,
	};
	if (r->identity.n == 0 && !dname_is_none(sig->domain))
		r->identity = arena_join(w->arena, B("@"), sig->domain.text);
	if (sig->err.what) {
		r->result = DKIM_PERMERROR;
		r->decided = true;
		r->reason = sig->err.what;
		r->reason_at = sig->err_about;
	}
	if (sig->length != DKIM_BODY_ALL)
		add_weakness(r, DKIM_WEAK_BODY_LENGTH);
	judge_times(w, r);
	return !arena_failed(w->arena);
}

/* One signature: reads it, hashes what it signs of the header, registers its body digest. False:
 * out of memory. */
static bool begin_one(struct work *w, const struct field *f, struct dkim_fields *fields,
                      struct digest *digest, struct dkim_bodies *bodies, struct dkim_job *job,
                      struct dkim_result *r)
{
	struct dkim_sig *sig = &job->sig;

	if (!dkim_sig_read(w, f, sig) || !describe(w, sig, r))
		return false;
	if (r->decided)
		return true;
	job->body = bodies ? dkim_bodies_want(bodies, sig->body_canon, sig->length) : -1;
	if ((bodies && job->body < 0) || !digest_restart(digest))
		return false;
	dkim_sig_hash(sig, fields, digest);
	find_unsigned(fields, r);
	job->claim = (struct dkim_claim){
		.key_name = sig->key_name,
		.type = sig->algorithm == DKIM_ED25519_SHA256 ? CRYPTO_ED25519 : CRYPTO_RSA,
		.signature = sig->signature,
		.identity_below = sig->identity_below,
	};
	return digest_end(digest, job->claim.digest);
}

static bool begin_all(struct work *w, const struct header *h, const struct choice *choices, size_t n,
                      struct dkim_bodies *bodies, struct dkim_set *set)
{
	struct digest *digest = digest_new();
	struct dkim_fields fields;
	bool ok = digest && dkim_fields_init(w, h, &fields);

	for (size_t i = 0; i < n && ok; i++) {
		if (!choices[i].chosen) {
			set->skipped++;
			continue;
		}
		ok = begin_one(w, choices[i].field, &fields, digest, bodies, &set->jobs[set->n],
		               &set->results[set->n]);
		set->n++;
	}
	digest_free(digest);
	return ok;
}

bool dkim_begin(struct work *w, const struct header *h, const struct dname *authors, size_t n_authors,
                struct dkim_bodies *bodies, struct dkim_set *set)
{
	struct dkim_set made = { .bodies = bodies };
	struct choice *choices;
	size_t n;

	if (!choose(w, h, authors, n_authors, &choices, &n))
		return false;
	size_t most = work_limit(w, LIMIT_DKIM_SIGNATURES), room = n < most ? n : most;
	made.results = arena_array(w->arena, struct dkim_result, room);
	made.jobs = arena_array(w->arena, struct dkim_job, room);
	if (!made.results || !made.jobs || (n > 0 && !begin_all(w, h, choices, n, bodies, &made)))
		return false;
	*set = made;
	return true;
}

/* --- as keys arrive and the body ends --- */

static void take_proof(const struct dkim_job *job, struct dkim_result *r)
{
	r->result = job->proof.result;
	r->reason = job->proof.reason;
	r->reason_at = r->reason ? job->claim.key_name.text : (struct bytes){ NULL, 0 };
	r->bits = job->proof.bits;
	r->security = job->proof.security;
	r->ttl = job->proof.ttl;
	r->header_ok = job->proof.result == DKIM_PASS;
	if (job->claim.type == CRYPTO_RSA && r->bits > 0 && r->bits < 2048)
		add_weakness(r, DKIM_WEAK_SHORT_KEY);
	if (job->proof.test)
		add_weakness(r, DKIM_WEAK_TEST_FLAG);
}

static void set_reason(struct dkim_result *r, enum dkim_outcome result, const char *reason)
{
	r->result = result;
	r->reason = reason;
	r->reason_at = (struct bytes){ NULL, 0 };
}

/* Compares the body with bh= and l=; a mismatch is a fail whether the key came or not, since
 * no later try could change it. */
static void judge_body(const struct dkim_bodies *bodies, const struct dkim_job *job,
                       struct dkim_result *r)
{
	uint64_t length = dkim_bodies_length(bodies, job->body);
	bool all = job->sig.length == DKIM_BODY_ALL, short_of = !all && job->sig.length > length;

	r->body_ok = !short_of && memcmp(dkim_bodies_digest(bodies, job->body), job->sig.body_hash.p,
	                                 DKIM_DIGEST) == 0;
	if (r->body_ok && !all)
		r->uncovered = (size_t)(length - job->sig.length);
	if (r->uncovered)
		add_weakness(r, DKIM_WEAK_UNCOVERED_BODY);
	if (r->body_ok || r->result == DKIM_FAIL)
		return;
	if (r->result == DKIM_TEMPERROR)
		set_reason(r, DKIM_FAIL, "the body does not match its hash; the key could not be fetched");
	else if (short_of)
		set_reason(r, DKIM_FAIL, "the body was changed after signing: it is shorter than l=");
	else
		set_reason(r, DKIM_FAIL, "the body was changed after signing");
}

static void judge_pass(struct dkim_result *r)
{
	if (r->weaknesses >> DKIM_WEAK_EXPIRED & 1)
		set_reason(r, DKIM_POLICY, "the signature had expired (x=)");
	else if (r->weaknesses >> DKIM_WEAK_FUTURE & 1)
		set_reason(r, DKIM_POLICY, "the signature is dated in the future (t=)");
	r->counts = r->result == DKIM_PASS && r->uncovered == 0;
}

/* The key was tried: the result, or it stays open until the body ends. */
static void finish_one(const struct dkim_bodies *bodies, const struct dkim_job *job,
                       struct dkim_result *r)
{
	bool judgeable = job->proof.result != DKIM_PERMERROR;

	if (bodies && judgeable && !dkim_bodies_ended(bodies))
		return;
	take_proof(job, r);
	r->decided = true;
	if (!bodies && r->result == DKIM_PASS)
		set_reason(r, DKIM_NEUTRAL, "the signature over the header is good; the body was not seen");
	if (bodies && judgeable)
		judge_body(bodies, job, r);
	if (r->result == DKIM_PASS)
		judge_pass(r);
}

enum check_state dkim_check(struct work *w, struct dns_asker *dns, struct dkim_set *set)
{
	enum check_state state = CHECK_DONE;

	if (set->bodies && dkim_bodies_failed(set->bodies))
		return CHECK_NO_MEMORY;
	for (size_t i = 0; i < set->n; i++) {
		struct dkim_job *job = &set->jobs[i];
		struct dkim_result *r = &set->results[i];

		if (r->decided)
			continue;
		if (!job->proven) {
			enum check_state proof = dkim_prove(w, dns, &job->claim, &job->proof);
			if (proof == CHECK_NO_MEMORY)
				return proof;
			job->proven = proof == CHECK_DONE;
		}
		if (job->proven)
			finish_one(set->bodies, job, r);
		if (!r->decided)
			state = CHECK_WAITING;
	}
	return state;
}
