/* sign_mail.c - signs or seals a mail, so that the end-to-end tests can let
 * others verify it. No test by itself.
 *
 *   sign_mail dkim KEY-FILE DOMAIN SELECTOR simple|relaxed simple|relaxed <MAIL >SIGNED
 *   sign_mail arc KEY-FILE DOMAIN SELECTOR none|pass|fail AUTHENTICATION-RESULTS <MAIL >SEALED
 */
#include "arc/arc_seal.h"
#include "dkim/dkim_sign.h"
#include "tap.h"

#define MAIL_MAX (8u << 20)

struct job {
	struct work *w;
	struct bytes mail;
	const struct privkey *key;
	struct dname domain;
	struct bytes selector;
	const char *first, *second; /* the last two arguments */
};

static struct bytes read_all(FILE *f)
{
	uint8_t *p = malloc(MAIL_MAX);
	size_t n = p ? fread(p, 1, MAIL_MAX, f) : 0;

	return (struct bytes){ p, n };
}

static enum dkim_canon canon_of(const char *word)
{
	return strcmp(word, "simple") == 0 ? DKIM_SIMPLE : DKIM_RELAXED;
}

static void hash_body(const struct job *j, const struct header *h, struct dkim_bodies *bodies)
{
	dkim_bodies_update(bodies, bytes_from(j->mail, h->body_at));
	dkim_bodies_end(bodies);
}

static bool sign(const struct job *j, const struct header *h, struct dkim_bodies *bodies, struct bytes *fields,
                 const char **why)
{
	struct dkim_sign_options o;
	struct dkim_signing *s;

	dkim_sign_options_init(&o, j->domain, j->selector, privkey_type(j->key));
	o.header = canon_of(j->first);
	o.body = canon_of(j->second);
	o.signed_at = (int64_t)time(NULL);
	if (!dkim_sign_begin(j->w, h, bodies, &o, &s, why))
		return false;
	hash_body(j, h, bodies);
	return dkim_sign_with(j->w, s, j->key, fields);
}

static bool seal(const struct job *j, const struct header *h, struct dkim_bodies *bodies, struct bytes *fields,
                 const char **why)
{
	struct arc_seal_options o;
	struct arc_sealing *s;
	struct arc_sealed sealed;

	arc_seal_options_init(&o, j->domain, j->selector, privkey_type(j->key), bytes_of(j->second));
	o.status = strcmp(j->first, "pass") == 0 ? ARC_PASS : strcmp(j->first, "fail") == 0 ? ARC_FAIL : ARC_NONE;
	o.signed_at = (int64_t)time(NULL);
	if (!arc_seal_begin(j->w, h, bodies, &o, &s, why))
		return false;
	hash_body(j, h, bodies);
	if (!arc_seal_with(j->w, s, j->key, &sealed))
		return false;
	*fields = sealed.all;
	return true;
}

static bool work_on(const struct job *j, bool arc, struct bytes *fields)
{
	const char *why = "out of memory";
	struct header h = { 0 };

	header_index(j->w, &h, j->mail);
	struct dkim_bodies *bodies = dkim_bodies_new(j->w, h.ends);
	bool ok = bodies && (arc ? seal : sign)(j, &h, bodies, fields, &why);
	dkim_bodies_free(bodies);
	if (!ok)
		fprintf(stderr, "sign_mail: %s\n", why);
	return ok;
}

int main(int argc, char **argv)
{
	struct limits limits;
	limits_init(&limits);
	struct work w = { .arena = arena_new(64u << 20), .limits = &limits };
	struct bytes pem = argc == 7 ? read_file(argv[2]) : (struct bytes){ NULL, 0 }, fields;
	struct job j = { .w = &w, .mail = read_all(stdin) };
	const char *why = "the key cannot be read";
	struct privkey *key = pem.p ? privkey_new(pem, &why) : NULL;
	bool ok = false;

	if (!key || !w.arena || !j.mail.p || !dname_parse(w.arena, bytes_of(argv[3]), DNAME_HOST, &j.domain, NULL)) {
		fprintf(stderr, "sign_mail: %s\n", why);
	} else {
		j.key = key;
		j.selector = bytes_of(argv[4]);
		j.first = argv[5];
		j.second = argv[6];
		ok = work_on(&j, strcmp(argv[1], "arc") == 0, &fields);
	}
	if (ok)
		ok = fwrite(fields.p, 1, fields.n, stdout) == fields.n &&
		     fwrite(j.mail.p, 1, j.mail.n, stdout) == j.mail.n;
	privkey_free(key);
	arena_free(w.arena);
	free((void *)(uintptr_t)j.mail.p);
	heap_free(pem);
	return ok ? 0 : 1;
}
