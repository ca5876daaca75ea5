/* seal_mail.c - checks a mail's ARC chain and adds a set to it, so that the
 * end-to-end tests can let others do the other half. No test by itself.
 *
 *   seal_mail KEYS-OF-OTHERS check <MAIL                          prints the chain's result
 *   seal_mail KEYS-OF-OTHERS seal KEY-FILE DOMAIN SELECTOR <MAIL >SEALED
 *
 * KEYS-OF-OTHERS is a file of lines "NAME TXT-RECORD". */
#include "arc/arc_seal.h"
#include "base/clock.h"
#include "txt_zone.h"

#define MAIL_MAX (8u << 20)

struct mail {
	struct work w;
	struct bytes text;
	struct header h;
	struct dkim_bodies *bodies;
	struct arc_chain *chain;
};

static _Noreturn void die(const char *why)
{
	fprintf(stderr, "seal_mail: %s\n", why);
	exit(1);
}

static struct bytes read_mail(void)
{
	uint8_t *p = malloc(MAIL_MAX);

	if (!p)
		die("out of memory");
	return (struct bytes){ p, fread(p, 1, MAIL_MAX, stdin) };
}

static void read_zone(struct arena *a, const char *path, struct txt_zone *zone)
{
	struct bytes text = read_file(path), rest, line, name;

	rest = arena_copy(a, text);
	heap_free(text);
	while (bytes_cut(&rest, '\n', &line))
		if (bytes_has(line, ' ') && bytes_cut(&line, ' ', &name))
			txt_zone_add(zone, arena_cstr(a, name), line);
}

/* The body has been fed. */
static struct arc_result check(struct mail *m, const struct txt_zone *zone)
{
	struct dns_book *book = dns_book_new(m->w.arena, NULL);
	struct txt_open open = { .n = 0 };
	struct dns_asker asker;
	struct arc_result r;
	enum check_state state;
	uint64_t seed = 0;

	if (!book)
		die("out of memory");
	dns_asker_init(&asker, book, 200, 40);
	while ((state = arc_check(&m->w, &asker, m->chain, &r)) == CHECK_WAITING)
		if (!txt_zone_bring(zone, book, &open, &seed))
			die("the check waits for nothing");
	dns_book_end(book);
	if (state != CHECK_DONE)
		die("out of memory");
	return r;
}

static struct bytes seal(struct mail *m, enum arc_outcome status, char **args)
{
	const char *why = "not a domain";
	struct bytes pem = read_file(args[0]);
	struct privkey *key = privkey_new(pem, &why);
	struct dkim_bodies *bodies = dkim_bodies_new(&m->w, m->h.ends);
	struct arc_seal_options o;
	struct arc_sealing *s;
	struct arc_sealed sealed;
	struct dname domain;

	if (!key || !bodies || !dname_parse(m->w.arena, bytes_of(args[1]), DNAME_HOST, &domain, NULL))
		die(why);
	arc_seal_options_init(&o, domain, bytes_of(args[2]), privkey_type(key),
	                      arena_printf(m->w.arena, "%s; arc=%s", args[1], arc_outcome_name(status)));
	o.signed_at = m->w.now;
	o.status = status;
	if (!arc_seal_begin(&m->w, &m->h, bodies, &o, &s, &why))
		die(why);
	dkim_bodies_update(bodies, bytes_from(m->text, m->h.body_at));
	dkim_bodies_end(bodies);
	if (!arc_seal_with(&m->w, s, key, &sealed))
		die("out of memory");
	dkim_bodies_free(bodies);
	privkey_free(key);
	heap_free(pem);
	return sealed.all;
}

int main(int argc, char **argv)
{
	static struct txt_zone zone;
	struct limits limits;
	struct mail m = { .w = { .arena = arena_new(64u << 20), .limits = &limits, .now = clock_now() } };
	bool sealing = argc == 6 && !strcmp(argv[2], "seal");

	if (!sealing && (argc != 3 || strcmp(argv[2], "check") != 0))
		die("usage: seal_mail KEYS check | seal_mail KEYS seal KEY-FILE DOMAIN SELECTOR");
	limits_init(&limits);
	m.text = read_mail();
	read_zone(m.w.arena, argv[1], &zone);
	header_index(&m.w, &m.h, m.text);
	m.bodies = dkim_bodies_new(&m.w, m.h.ends);
	if (!m.bodies || !arc_begin(&m.w, &m.h, m.bodies, &m.chain))
		die("out of memory");
	dkim_bodies_update(m.bodies, bytes_from(m.text, m.h.body_at));
	dkim_bodies_end(m.bodies);
	struct arc_result r = check(&m, &zone);
	if (sealing) {
		struct bytes set = seal(&m, r.result, argv + 3);
		fwrite(set.p, 1, set.n, stdout);
		fwrite(m.text.p, 1, m.text.n, stdout);
	} else {
		printf("%s oldest=%u %s\n", arc_outcome_name(r.result), r.oldest_pass, r.reason ? r.reason : "");
	}
	dkim_bodies_free(m.bodies);
	arena_free(m.w.arena);
	heap_free(m.text);
	return fflush(stdout) == 0 ? 0 : 1;
}
