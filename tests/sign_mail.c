/* sign_mail.c - signs a mail, so that the end-to-end tests can let others verify
 * it. No test by itself.
 *
 *   sign_mail KEY-FILE DOMAIN SELECTOR simple|relaxed simple|relaxed <MAIL >SIGNED
 */
#include "dkim/dkim_sign.h"
#include "tap.h"

#define MAIL_MAX (8u << 20)

static struct bytes read_all(FILE *f)
{
	uint8_t *p = malloc(MAIL_MAX);
	size_t n = p ? fread(p, 1, MAIL_MAX, f) : 0;

	return (struct bytes){ p, n };
}

static bool sign(struct work *w, struct bytes mail, const struct dkim_sign_options *o, const struct privkey *key,
                 struct bytes *field)
{
	struct dkim_signing *s;
	struct header h = { 0 };
	const char *why = "out of memory";

	header_index(w, &h, mail);
	struct dkim_bodies *bodies = dkim_bodies_new(w, h.ends);
	bool ok = bodies && dkim_sign_begin(w, &h, bodies, o, &s, &why);
	if (ok) {
		dkim_bodies_update(bodies, bytes_from(mail, h.body_at));
		dkim_bodies_end(bodies);
		ok = dkim_sign_with(w, s, key, field);
	}
	dkim_bodies_free(bodies);
	if (!ok)
		fprintf(stderr, "sign_mail: %s\n", why);
	return ok;
}

static enum dkim_canon canon_of(const char *word)
{
	return strcmp(word, "simple") == 0 ? DKIM_SIMPLE : DKIM_RELAXED;
}

int main(int argc, char **argv)
{
	struct limits limits;
	limits_init(&limits);
	struct work w = { .arena = arena_new(64u << 20), .limits = &limits };
	struct bytes mail = read_all(stdin), pem = read_file(argc == 6 ? argv[1] : ""), field;
	const char *why = "the key cannot be read";
	struct privkey *key = pem.p ? privkey_new(pem, &why) : NULL;
	struct dkim_sign_options o;
	struct dname domain;
	bool ok = false;

	if (!key || !w.arena || !mail.p || !dname_parse(w.arena, bytes_of(argv[2]), DNAME_HOST, &domain, NULL)) {
		fprintf(stderr, "sign_mail: %s\nusage: sign_mail KEY DOMAIN SELECTOR CANON CANON\n", why);
	} else {
		dkim_sign_options_init(&o, domain, bytes_of(argv[3]), privkey_type(key));
		o.header = canon_of(argv[4]);
		o.body = canon_of(argv[5]);
		o.signed_at = (int64_t)time(NULL);
		ok = sign(&w, mail, &o, key, &field);
	}
	if (ok)
		ok = fwrite(field.p, 1, field.n, stdout) == field.n && fwrite(mail.p, 1, mail.n, stdout) == mail.n;
	privkey_free(key);
	arena_free(w.arena);
	free((void *)(uintptr_t)mail.p);
	heap_free(pem);
	return ok ? 0 : 1;
}
