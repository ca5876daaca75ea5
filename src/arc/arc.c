/* arc.c - is the chain whole? See arc.h */
#include "arc/arc.h"

#include "arc/arc_set.h"
#include "dkim/dkim_proof.h"

/* A signature on its way to be proven. */
struct link {
	struct dkim_sig *sig;
	const char *bad;         /* of the arc_sig */
	struct dkim_claim claim;
	struct dkim_proof proof; /* once done */
	bool hashed, done;
	/* of message signatures */
	int body, body_relaxed;  /* index of the body's digest; the second where there is no c= */
	bool no_canon;           /* there is no c= */
	bool second;             /* simple/simple failed there: it is read as relaxed/relaxed */
};

struct arc_chain {
	const struct header *header;
	const struct dkim_bodies *bodies;
	struct arc_sets sets;
	struct link *messages, *seals; /* of instance i at [i - 1] */
	struct dkim_fields fields;
	struct arc_set_result *results;
	bool seals_hashed;
};

/* What is known of one signature. */
struct judgement {
	enum arc_outcome outcome; /* pass, fail or temperror */
	const char *reason;
};

static const char *const outcome_names[ARC_OUTCOMES] = {
	[ARC_NONE] = "none",
	[ARC_PASS] = "pass",
	[ARC_FAIL] = "fail",
	[ARC_TEMPERROR] = "temperror",
};

const char *arc_outcome_name(enum arc_outcome r)
{
	return outcome_names[r];
}

/* --- reading --- */

static void link_begin(const struct arc_sig *from, struct link *out)
{
	bool ed25519 = from->sig->algorithm == DKIM_ED25519_SHA256;

	*out = (struct link){
		.sig = from->sig,
		.bad = from->bad,
		.claim.key_name = from->sig->key_name,
		.claim.type = ed25519 ? CRYPTO_ED25519 : CRYPTO_RSA,
		.claim.signature = from->sig->signature,
		.no_canon = from->no_canon,
	};
}

static bool set_begin(struct work *w, struct arc_chain *c, size_t i, struct dkim_bodies *bodies)
{
	const struct arc_set *set = &c->sets.list[i];
	struct link *message = &c->messages[i];

	c->results[i] = (struct arc_set_result){
		.instance = set->instance,
		.sealer = set->seal.sig->domain,
		.selector = set->seal.sig->selector,
		.authres = field_unfold(w->arena, set->authres),
		.signed_at = set->seal.sig->signed_at,
	};
	link_begin(&set->message, message);
	link_begin(&set->seal, &c->seals[i]);
	if (!bodies || message->bad)
		return true;
	message->body = dkim_bodies_want(bodies, message->sig->body_canon, message->sig->length);
	if (message->no_canon)
		message->body_relaxed =
		        dkim_bodies_want(bodies, DKIM_RELAXED, message->sig->length);
	return message->body >= 0 && message->body_relaxed >= 0;
}

bool arc_begin(struct work *w, const struct header *h, struct dkim_bodies *bodies,
               struct arc_chain **out)
{
	struct arc_chain *c = arena_one(w->arena, struct arc_chain);

	*out = NULL;
	if (!c || !arc_sets_read(w, h, &c->sets))
		return false;
	c->header = h;
	c->bodies = bodies;
	if (c->sets.n) {
		c->messages = arena_array(w->arena, struct link, c->sets.n);
		c->seals = arena_array(w->arena, struct link, c->sets.n);
		c->results = arena_array(w->arena, struct arc_set_result, c->sets.n);
		if (!c->messages || !c->seals || !c->results || !dkim_fields_init(w, h, &c->fields))
			return false;
	}
	for (size_t i = 0; i < c->sets.n; i++)
		if (!set_begin(w, c, i, bodies))
			return false;
	if (arena_failed(w->arena))
		return false;
	*out = c;
	return true;
}

/* --- what was signed --- */

static bool hash_message(struct arc_chain *c, struct link *l)
{
	struct digest *d = digest_new();

	if (!d)
		return false;
	dkim_sig_hash(l->sig, &c->fields, d);
	l->hashed = digest_end(d, l->claim.digest);
	digest_free(d);
	return l->hashed;
}

/* What a seal signs: `before`, the sets below it and the other fields of its own, then the seal
 * without b= and without its line end. */
static bool hash_seal(const struct arc_chain *c, const struct digest *before, struct link *seal)
{
	struct digest *d = digest_copy(before);
	struct dkim_sink sink;

	if (!d)
		return false;
	dkim_sink_to_digest(&sink, d);
	dkim_canon_signature(&sink, DKIM_RELAXED, c->header->ends, seal->sig->field,
	                     seal->sig->b_span);
	dkim_sink_flush(&sink);
	seal->hashed = digest_end(d, seal->claim.digest);
	digest_free(d);
	return seal->hashed;
}

/* RFC 8617 section 5.1.1: every seal signs all sets up to its own, always relaxed. One digest runs
 * over all of them and each seal takes a copy, so that fifty seals cost what one does. */
static bool hash_seals(struct arc_chain *c)
{
	struct digest *d = digest_new();
	struct dkim_sink sink;
	bool ok = d != NULL;

	dkim_sink_to_digest(&sink, d);
	for (size_t i = 0; i < c->sets.n && ok; i++) {
		const struct arc_set *set = &c->sets.list[i];
		dkim_canon_field(&sink, DKIM_RELAXED, c->header->ends, set->results);
		dkim_canon_field(&sink, DKIM_RELAXED, c->header->ends, set->message.sig->field);
		dkim_sink_flush(&sink);
		ok = c->seals[i].bad || hash_seal(c, d, &c->seals[i]);
		dkim_canon_field(&sink, DKIM_RELAXED, c->header->ends, set->seal.sig->field);
	}
	digest_free(d);
	c->seals_hashed = ok;
	return ok;
}

/* --- judging --- */

/* Proves a signature that was hashed, once. */
static enum check_state prove(struct work *w, struct dns_asker *dns, struct link *l,
                              struct judgement *j)
{
	enum check_state state = CHECK_DONE;

	if (!l->done)
		state = dkim_prove(w, dns, &l->claim, &l->proof);
	if (state != CHECK_DONE)
		return state;
	l->done = true;
	j->reason = l->proof.reason;
	j->outcome = l->proof.result == DKIM_PASS        ? ARC_PASS :
	             l->proof.result == DKIM_TEMPERROR ? ARC_TEMPERROR : ARC_FAIL;
	return CHECK_DONE;
}

/* Hashes and proves a message signature. One without c= is simple/simple (RFC 6376 section 3.5),
 * but drafts of ARC and signers after them had relaxed/relaxed: a signature that holds in either
 * form is the key's. */
static enum check_state prove_message(struct work *w, struct dns_asker *dns, struct arc_chain *c,
                                      struct link *l, struct judgement *j)
{
	for (;;) {
		if (!l->hashed && !hash_message(c, l))
			return CHECK_NO_MEMORY;
		enum check_state state = prove(w, dns, l, j);
		if (state != CHECK_DONE || l->proof.result != DKIM_FAIL || !l->no_canon ||
		    l->second)
			return state;
		l->second = true;
		l->sig->header_canon = DKIM_RELAXED;
		l->body = l->body_relaxed;
		l->hashed = l->done = false;
	}
}

/* The body against bh= and l=; NULL: it is the one that was signed. */
static const char *judge_body(const struct arc_chain *c, const struct link *l)
{
	if (memcmp(dkim_bodies_digest(c->bodies, l->body), l->sig->body_hash.p, DKIM_DIGEST) != 0)
		return "the body was changed after signing";
	if (l->sig->length != DKIM_BODY_ALL &&
	    l->sig->length != dkim_bodies_length(c->bodies, l->body))
		return "l= is not the length of the body";
	return NULL;
}

static enum check_state judge_message(struct work *w, struct dns_asker *dns, struct arc_chain *c,
                                      size_t i, struct judgement *j)
{
	struct link *l = &c->messages[i];

	if (l->bad) {
		*j = (struct judgement){ ARC_FAIL, l->bad };
		return CHECK_DONE;
	}
	enum check_state state = prove_message(w, dns, c, l, j);
	if (state != CHECK_DONE || j->outcome == ARC_FAIL)
		return state;
	if (c->bodies && !dkim_bodies_ended(c->bodies))
		return CHECK_WAITING;
	if (c->bodies && dkim_bodies_failed(c->bodies))
		return CHECK_NO_MEMORY;
	/* another body fails whatever the key: slow DNS does not make a temperror of it */
	const char *wrong = c->bodies ? judge_body(c, l) : NULL;
	if (!c->bodies && j->outcome == ARC_PASS)
		wrong = "the body is not at hand";
	if (wrong)
		*j = (struct judgement){ ARC_FAIL, wrong };
	c->results[i].message_ok = j->outcome == ARC_PASS;
	return CHECK_DONE;
}

static enum check_state judge_seal(struct work *w, struct dns_asker *dns, struct arc_chain *c,
                                   size_t i, struct judgement *j)
{
	struct link *l = &c->seals[i];

	if (l->bad) {
		*j = (struct judgement){ ARC_FAIL, l->bad };
		return CHECK_DONE;
	}
	if (!c->seals_hashed && !hash_seals(c))
		return CHECK_NO_MEMORY;
	enum check_state state = prove(w, dns, l, j);
	if (state == CHECK_DONE)
		c->results[i].seal_ok = j->outcome == ARC_PASS;
	return state;
}

static struct arc_result result_of(const struct arc_chain *c, const struct judgement *j,
                                   enum field_id field, unsigned instance)
{
	return (struct arc_result){
		.result = j->outcome,
		.instance = c->sets.highest,
		.reason = j->reason,
		.reason_field = j->reason ? field : FIELD_OTHER,
		.reason_instance = j->reason ? instance : 0,
		.sets = c->results,
		.n = c->sets.n,
	};
}

/* RFC 8617 section 5.2 steps 4 to 7. */
static enum check_state evaluate(struct work *w, struct dns_asker *dns, struct arc_chain *c,
                                 struct arc_result *out)
{
	size_t i = c->sets.n - 1;
	struct judgement j;
	enum check_state state = judge_message(w, dns, c, i, &j);

	if (state != CHECK_DONE)
		return state;
	*out = result_of(c, &j, FIELD_ARC_MESSAGE_SIGNATURE, (unsigned)c->sets.n);
	for (i = c->sets.n; i > 0 && out->result == ARC_PASS; i--) {
		if ((state = judge_seal(w, dns, c, i - 1, &j)) != CHECK_DONE)
			return state;
		*out = result_of(c, &j, FIELD_ARC_SEAL, (unsigned)i);
	}
	if (out->result != ARC_PASS)
		return CHECK_DONE;
	for (i = c->sets.n - 1; i > 0; i--) {
		if ((state = judge_message(w, dns, c, i - 1, &j)) != CHECK_DONE)
			return state;
		if (j.outcome != ARC_PASS)
			break;
	}
	out->oldest_pass = i ? (unsigned)i + 1 : 0;
	return CHECK_DONE;
}

/* Names all keys at once: whatever fails, it is known one round later. */
static void foresee_keys(struct dns_asker *dns, const struct arc_chain *c)
{
	for (size_t i = c->sets.n; i > 0; i--) {
		const struct link *links[] = { &c->seals[i - 1], &c->messages[i - 1] };
		for (size_t k = 0; k < ARRAY_LEN(links); k++)
			if (!links[k]->bad && !links[k]->done)
				(void)dns_foresee(dns, links[k]->claim.key_name, DNS_TXT);
	}
}

enum check_state arc_check(struct work *w, struct dns_asker *dns, struct arc_chain *c,
                           struct arc_result *out)
{
	struct arc_result r;

	if (c->sets.broken || !c->sets.any) {
		struct judgement j = { c->sets.broken ? ARC_FAIL : ARC_NONE, c->sets.broken };
		*out = result_of(c, &j, FIELD_OTHER, c->sets.broken_instance);
		return CHECK_DONE;
	}
	enum check_state state = evaluate(w, dns, c, &r);
	if (state == CHECK_WAITING)
		foresee_keys(dns, c);
	if (state == CHECK_DONE)
		*out = r;
	return state;
}
