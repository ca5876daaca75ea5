/* The catalogue of mail, tests/cases/: each folder is judged as `truefrom explain --case` judges it, and
 * must come out as its expect.ini says; recorded and replayed it must come out the same. */
#include <dirent.h>
#include <unistd.h>

#include "dns/dns_master.h"
#include "dns/dns_script.h"
#include "explain/explain_case.h"
#include "explain/explain_words.h"
#include "explain/frozen.h"
#include "tap.h"
#include "trail/maillog.h"
#include "trail/sent.h"

#define NAMES_MAX 1000u
#define LIST_MAX 16u

static struct lookalike_tables *looks;

/* What expect.ini asks for. */
struct expect {
	struct bytes about;
	struct bytes verdict[LIST_MAX], confidence[LIST_MAX], fires[LIST_MAX], silent[LIST_MAX];
	size_t n_verdict, n_confidence, n_fires, n_silent;
};

static bool expect_parse(struct bytes text, struct expect *e)
{
	struct { const char *name; struct bytes *list; size_t *n; } keys[] = {
		{ "verdict", e->verdict, &e->n_verdict },
		{ "confidence", e->confidence, &e->n_confidence },
		{ "fires", e->fires, &e->n_fires },
		{ "silent", e->silent, &e->n_silent },
	};
	struct bytes line, key;

	while (bytes_cut(&text, '\n', &line)) {
		if (!bytes_cut(&line, '=', &key))
			continue;
		key = bytes_trim(key);
		line = bytes_trim(line);
		bool known = bytes_eq(key, "about");
		for (size_t i = 0; i < ARRAY_LEN(keys); i++)
			if (bytes_eq(key, keys[i].name) && *keys[i].n < LIST_MAX) {
				keys[i].list[(*keys[i].n)++] = line;
				known = true;
			}
		if (!known)
			return false;
	}
	return e->n_verdict > 0;
}

static bool listed(const struct bytes *list, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if (bytes_eq(list[i], word))
			return true;
	return false;
}

/* --- one case, with all that it needs --- */

struct world {
	struct case_folder folder;
	struct arena *arena;
	struct limits limits;
	struct explain_settings settings;
	struct dns_zone *zone;
	struct dns_resolver *resolver;
	struct maillog *log;
	struct sent *sent;
	struct tag_keys tags;
	struct frozen frozen;
};

static bool world_open_trails(struct world *w, const char *dir)
{
	char path[4096], why[512];

	if (w->folder.log.p) {
		w->log = maillog_new(&w->limits, w->settings.today);
		if (!w->log || !maillog_feed(w->log, w->folder.log) || !maillog_ready(w->log))
			return false;
	}
	if (w->log)
		trail_learn_zone(w->log, w->arena, &w->limits, &w->settings.trust, w->folder.message);
	snprintf(path, sizeof(path), "%s/sent.mbox", dir);
	if (w->folder.sent.p && !(w->sent = sent_read(path, &w->limits, why, sizeof(why)))) {
		printf("# %s\n", why);
		return false;
	}
	w->settings.sources.log = w->log;
	w->settings.sources.sent = w->sent;
	return true;
}

static bool world_open(struct world *w, const char *dir, struct bytes tags)
{
	struct explain_case_err err = { NULL, { NULL, 0 }, NULL };
	struct dns_master_err zone_err = { 0, 0, "" };
	char why[512];
	size_t line;

	limits_init(&w->limits);
	w->arena = arena_new(1u << 20);
	if (case_load(dir, &w->folder, why, sizeof(why)) != CASE_OK) {
		printf("# %s\n", why);
		return false;
	}
	if (!explain_case_settings(w->arena, &w->folder.session, &w->limits, &w->settings, &err)) {
		printf("# session.ini: %s cannot be \"%.*s\"\n", err.what, BYTES_ARG(err.text));
		return false;
	}
	w->zone = dns_zone_new();
	if (!dns_master_read(w->zone, w->folder.zone, &zone_err)) {
		printf("# dns.zone, line %zu: %s\n", zone_err.line, zone_err.what);
		return false;
	}
	w->resolver = dns_script_resolver(dns_script_new(w->zone, NULL));
	w->settings.sources.looks = looks;
	if (tags.n) {
		if (!tag_keys_parse(w->arena, tags, &w->tags, why, sizeof(why)))
			return false;
		w->settings.sources.tags = &w->tags;
	}
	if (w->folder.frozen.p) {
		if (!frozen_parse(w->arena, w->folder.frozen, &w->frozen, &line))
			return false;
		w->settings.frozen = &w->frozen;
	}
	return world_open_trails(w, dir);
}

static void world_close(struct world *w)
{
	dns_resolver_free(w->resolver);
	dns_zone_free(w->zone);
	maillog_free(w->log);
	sent_free(w->sent);
	case_folder_end(&w->folder);
	arena_free(w->arena);
}

static bool judge(struct world *w, struct explain *x)
{
	return explain_begin(x, &w->settings, w->folder.message) &&
	       explain_drive(x, w->settings.offline ? NULL : w->resolver) == CHECK_DONE && explain_judge(x);
}

/* --- what is checked --- */

static bool fires(const struct explain *x, struct bytes id)
{
	for (size_t i = 0; i < x->n_evidence; i++)
		if (bytes_eq(id, x->evidence[i].row->id))
			return true;
	return false;
}

static void show(const struct explain *x)
{
	printf("# %s, %s: %s\n", verdict_name(x->verdict.kind), strength_name(x->verdict.confidence), x->verdict.rule);
	for (size_t i = 0; i < x->n_evidence; i++)
		printf("#   %s %s: %.*s\n", strength_name(x->evidence[i].strength), x->evidence[i].row->id,
		       BYTES_ARG(x->evidence[i].text));
}

static bool as_expected(const struct explain *x, const struct expect *e)
{
	bool ok = listed(e->verdict, e->n_verdict, verdict_name(x->verdict.kind)) &&
	          (e->n_confidence == 0 || listed(e->confidence, e->n_confidence, strength_name(x->verdict.confidence)));

	for (size_t i = 0; i < e->n_fires; i++)
		if (!fires(x, e->fires[i])) {
			printf("# %.*s should be seen\n", BYTES_ARG(e->fires[i]));
			ok = false;
		}
	for (size_t i = 0; i < e->n_silent; i++)
		if (fires(x, e->silent[i])) {
			printf("# %.*s should not be seen\n", BYTES_ARG(e->silent[i]));
			ok = false;
		}
	for (size_t i = 0; i < e->n_fires; i++)
		CHECK_MSG(evidence_find(e->fires[i]), "no such evidence: %.*s", BYTES_ARG(e->fires[i]));
	for (size_t i = 0; i < e->n_silent; i++)
		CHECK_MSG(evidence_find(e->silent[i]), "no such evidence: %.*s", BYTES_ARG(e->silent[i]));
	if (!ok)
		show(x);
	return ok;
}

static char *json_of(struct explain *x)
{
	json_t *o = explain_json(x);

	json_object_del(o, "dns");
	char *text = json_dumps(o, JSON_INDENT(1));
	json_decref(o);
	return text;
}

/* Recorded into a folder and replayed from it: the same JSON but for "dns". */
static void check_replay(struct world *w, struct explain *x, const char *dir, const char *temp)
{
	struct explain_case_texts texts = { 0 };
	struct case_folder made;
	struct world again = { 0 };
	struct explain y = { 0 };
	char why[512], log[4200];
	const char *logs[] = { log };

	snprintf(log, sizeof(log), "%s/log.txt", dir);
	CHECK_MSG(explain_case_make(x, logs, w->log != NULL, &texts, &made, why, sizeof(why)), "%s", why);
	CHECK_MSG(case_save(temp, &made, why, sizeof(why)) == CASE_OK, "%s", why);
	explain_case_end(&texts);
	if (world_open(&again, temp, B("")) && judge(&again, &y)) {
		char *before = json_of(x), *after = json_of(&y);
		bool frozen = w->settings.sources.tags != NULL; /* keys are not kept: what they showed is marked */
		CHECK_MSG(frozen ? y.verdict.kind == x->verdict.kind && y.verdict.confidence == x->verdict.confidence
		                 : strcmp(before, after) == 0, "replay differs");
		if (!frozen && strcmp(before, after) != 0)
			printf("# before %s\n# after %s\n", before, after);
		free(before);
		free(after);
	} else {
		CHECK_MSG(false, "the recorded case cannot be judged");
	}
	explain_end(&y);
	world_close(&again);
}

/* Of UTF-8; none here is wider than one column. */
static size_t characters(struct bytes line)
{
	size_t n = 0;

	for (size_t i = 0; i < line.n; i++)
		n += (line.p[i] & 0xc0) != 0x80;
	return n;
}

static void check_words(const struct explain *x)
{
	struct buf page;
	struct bytes rest, line;

	buf_init(&page, 1 << 20);
	explain_words(&page, x, (struct words_style){ false });
	CHECK(!page.failed && page.n > 400);
	for (rest = buf_bytes(&page); bytes_cut(&rest, '\n', &line);)
		CHECK_MSG(characters(line) <= 80, "a line of %zu: %.*s", characters(line), BYTES_ARG(line));
	buf_free(&page);
}

static void run(const char *all, const char *name, const char *temp)
{
	struct world w = { 0 };
	struct explain x = { 0 };
	struct expect e = { 0 };
	struct bytes expect, tags;
	char dir[4096], path[4200];

	snprintf(dir, sizeof(dir), "%s/%s", all, name);
	tap_begin("%s", name);
	snprintf(path, sizeof(path), "%s/expect.ini", dir);
	expect = read_file(path);
	CHECK_MSG(expect_parse(expect, &e), "expect.ini cannot be read");
	snprintf(path, sizeof(path), "%s/tags.txt", dir);
	tags = read_file(path);
	if (world_open(&w, dir, tags) && judge(&w, &x)) {
		CHECK(as_expected(&x, &e));
		check_words(&x);
		check_replay(&w, &x, dir, temp);
	} else {
		CHECK_MSG(false, "%s cannot be judged", dir);
	}
	tap_end();
	explain_end(&x);
	world_close(&w);
	heap_free(expect);
	heap_free(tags);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int main(int argc, char **argv)
{
	static char *names[NAMES_MAX];
	char all[1024];
	char temp[] = "/tmp/truefrom-case-XXXXXX", clean[64];
	struct dirent *entry;
	size_t n = 0;

	snprintf(all, sizeof(all), "%s", test_path("cases"));
	DIR *d = opendir(all);
	if (!d || !mkdtemp(temp))
		return 1;
	while ((entry = readdir(d)) && n < NAMES_MAX)
		if (entry->d_name[0] != '.' && (argc < 2 || strstr(entry->d_name, argv[1])))
			names[n++] = strdup(entry->d_name);
	closedir(d);
	qsort(names, n, sizeof(*names), by_name);
	mime_start();
	looks = lookalike_start();
	for (size_t i = 0; i < n; i++) {
		run(all, names[i], temp);
		free(names[i]);
	}
	lookalike_stop(looks);
	snprintf(clean, sizeof(clean), "rm -r %s", temp);
	return system(clean) == 0 ? tap_done() : 1;
}
