/* Cases as folders: what is saved is loaded, what is no case is refused in words, and an old case is
 * replaced as a whole or not at all. */
#include "base/mem.h"
#include "tap.h"
#include "verify/case_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[] = "/tmp/truefrom-case-XXXXXX";

/* A path below the temporary folder; static buffers, two at a time. */
static const char *at(const char *relative)
{
	static char to[2][256];
	static unsigned turn;

	turn ^= 1;
	snprintf(to[turn], sizeof(to[0]), "%s/%s", root, relative);
	return to[turn];
}

static void put(const char *relative, const char *text)
{
	FILE *f = fopen(at(relative), "wb");

	if (!f || fputs(text, f) == EOF || fclose(f) != 0)
		abort();
}

static void make_folder(const char *relative)
{
	if (mkdir(at(relative), 0700) != 0)
		abort();
}

static void remove_folder(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *e;

	while (d && (e = readdir(d)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) {
			char below[512];
			snprintf(below, sizeof(below), "%s/%s", path, e->d_name);
			if (unlink(below) != 0)
				remove_folder(below);
		}
	if (d)
		closedir(d);
	(void)rmdir(path);
}

static size_t count_files(const char *relative)
{
	DIR *d = opendir(at(relative));
	size_t n = 0;

	while (d && readdir(d))
		n++;
	if (d)
		closedir(d);
	return n - 2; /* . and .. */
}

static struct case_folder sample(void)
{
	struct case_folder c = {
		.message = B("From: a@example.org\r\n\r\n\0body"),
		.zone = B("example.org. 60 TXT \"v=spf1 -all\"\n"),
		.log = B("a line of a log\n"),
		.sent = B("From x\n\n"),
		.frozen = B("spf = pass\n"),
	};

	case_session_init(&c.session);
	c.session.helo = B("a\nb");
	return c;
}

static enum case_problem save(const char *relative, const struct case_folder *c, char why[256])
{
	why[0] = 0;
	return case_save(at(relative), c, why, 256);
}

static enum case_problem load(const char *relative, struct case_folder *c, char why[256])
{
	why[0] = 0;
	return case_load(at(relative), c, why, 256);
}

static void test_round_trip(void)
{
	struct case_folder c = sample(), back;
	char why[256];
	struct stat st;

	tap_begin("what is saved is loaded");
	CHECK_MSG(save("new", &c, why) == CASE_OK, "%s", why);
	if (CHECK_MSG(load("new", &back, why) == CASE_OK, "%s", why)) {
		CHECK(bytes_same(back.message, c.message) && bytes_same(back.zone, c.zone) && bytes_same(back.log, c.log));
		CHECK(bytes_same(back.sent, c.sent) && bytes_same(back.frozen, c.frozen));
		CHECK(bytes_same(back.session.helo, c.session.helo));
		case_folder_end(&back);
	}
	CHECK(stat(at("new"), &st) == 0 && (st.st_mode & 0777) == 0700);
	CHECK(stat(at("new/message.eml"), &st) == 0 && (st.st_mode & 0777) == 0600);
	CHECK(count_files("new") == 6);
	tap_end();

	tap_begin("saving again replaces the case, and takes away what the new one does not have");
	put("new/expect.ini", "verdict = forged\n");
	c.message = B("Subject: two\n\n");
	c.log = c.sent = c.frozen = (struct bytes){ NULL, 0 };
	c.session.helo = (struct bytes){ NULL, 0 };
	CHECK_MSG(save("new", &c, why) == CASE_OK, "%s", why);
	if (CHECK_MSG(load("new", &back, why) == CASE_OK, "%s", why)) {
		CHECK(bytes_same(back.message, c.message) && !back.log.p && !back.sent.p && !back.frozen.p);
		case_folder_end(&back);
	}
	CHECK(count_files("new") == 4); /* message, session, zone, and what is not ours */
	tap_end();

	tap_begin("offline there is no zone; else an empty one says that nothing was asked");
	c.zone = (struct bytes){ NULL, 0 };
	CHECK(save("new", &c, why) == CASE_OK && count_files("new") == 4);
	c.session.offline = true;
	CHECK(save("new", &c, why) == CASE_OK && count_files("new") == 3);
	if (CHECK_MSG(load("new", &back, why) == CASE_OK, "%s", why)) {
		CHECK(!back.zone.p && back.session.offline);
		case_folder_end(&back);
	}
	tap_end();
}

static void test_save_refused(void)
{
	struct case_folder c = sample();
	char why[256];

	tap_begin("a folder with something else in it is not written to");
	make_folder("mine");
	put("mine/letter.txt", "x");
	CHECK(save("mine", &c, why) == CASE_REFUSED && strstr(why, "not empty") && strstr(why, "mine"));
	CHECK(count_files("mine") == 1);
	put("mine/message.eml", "x");
	CHECK(save("mine", &c, why) == CASE_REFUSED && count_files("mine") == 2);
	tap_end();

	tap_begin("an empty folder is");
	make_folder("empty");
	CHECK(save("empty", &c, why) == CASE_OK);
	tap_end();

	tap_begin("a file, and a folder that cannot be made");
	put("file", "x");
	CHECK(save("file", &c, why) == CASE_REFUSED && strstr(why, "Not a directory"));
	CHECK(save("none/new", &c, why) == CASE_REFUSED && strstr(why, "No such file"));
	tap_end();

	tap_begin("a file that cannot be put in place leaves no rubbish");
	CHECK(save("half", &c, why) == CASE_OK);
	CHECK(unlink(at("half/dns.zone")) == 0);
	make_folder("half/dns.zone");
	CHECK(save("half", &c, why) == CASE_REFUSED && strstr(why, "half/dns.zone"));
	CHECK(count_files("half") == 6);
	tap_end();
}

/* Where nothing more fits on the disk, the old case is as it was. */
static void test_full_disk(void)
{
	struct case_folder c = sample(), back;
	struct rlimit old, few = { 100, RLIM_INFINITY };
	static uint8_t large[1000];
	char why[256];

	tap_begin("where a file does not fit, no old one has changed");
	CHECK(save("disk", &c, why) == CASE_OK);
	c.message = B("another");
	c.sent = (struct bytes){ large, sizeof(large) };
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	few.rlim_max = old.rlim_max;
	setrlimit(RLIMIT_FSIZE, &few);
	enum case_problem problem = save("disk", &c, why);
	setrlimit(RLIMIT_FSIZE, &old);
	CHECK(problem == CASE_REFUSED && strstr(why, "disk/sent.mbox"));
	CHECK(count_files("disk") == 6);
	if (CHECK_MSG(load("disk", &back, why) == CASE_OK, "%s", why)) {
		CHECK(bytes_same(back.message, sample().message));
		case_folder_end(&back);
	}
	tap_end();
}

static void test_load_refused(void)
{
	static const struct {
		const char *name, *message, *session, *zone; /* NULL: not there */
		const char *says;
	} rows[] = {
		{ "no-message", NULL, "", "", "it has no message.eml" },
		{ "no-session", "x", NULL, "", "it has no session.ini" },
		{ "no-zone", "x", "offline = no\n", NULL, "it has no dns.zone" },
		{ "bad-session", "x", "ip = 192.0.2.1\nhelp = x\n", "", "session.ini\", line 2: an unknown name" },
	};
	struct case_folder c = { .zone = B("untouched") };
	char why[256], path[128];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct { const char *file, *text; } texts[] = {
			{ "message.eml", rows[i].message }, { "session.ini", rows[i].session }, { "dns.zone", rows[i].zone },
		};
		tap_begin("not a case: %s", rows[i].name);
		make_folder(rows[i].name);
		for (size_t k = 0; k < ARRAY_LEN(texts); k++) {
			snprintf(path, sizeof(path), "%s/%s", rows[i].name, texts[k].file);
			if (texts[k].text)
				put(path, texts[k].text);
		}
		CHECK(load(rows[i].name, &c, why) == CASE_REFUSED && bytes_eq(c.zone, "untouched"));
		CHECK_MSG(strstr(why, rows[i].says) != NULL, "it says: %s", why);
		tap_end();
	}

	tap_begin("not a case: nothing, a file, and a folder or a FIFO where a file should be");
	CHECK(load("nowhere", &c, why) == CASE_REFUSED && strstr(why, "No such file"));
	CHECK(load("file", &c, why) == CASE_REFUSED && strstr(why, "Not a directory"));
	make_folder("no-message/message.eml");
	CHECK(load("no-message", &c, why) == CASE_REFUSED && strstr(why, "is not a file"));
	CHECK(rmdir(at("no-message/message.eml")) == 0 && mkfifo(at("no-message/message.eml"), 0600) == 0);
	CHECK(load("no-message", &c, why) == CASE_REFUSED && strstr(why, "is not a file"));
	tap_end();

	tap_begin("a file that is too large is not read");
	CHECK(truncate(at("bad-session/session.ini"), (1 << 20) + 1) == 0);
	CHECK(load("bad-session", &c, why) == CASE_REFUSED && strstr(why, "over 1048576 bytes"));
	tap_end();
}

static void test_memory(void)
{
	struct case_folder c = sample(), back;
	char why[256];
	long n = 0;

	tap_begin("every allocation may fail");
	for (bool ok = false; !ok && n < 1000; n++) {
		mem_fail_after(n, false);
		enum case_problem problem = save("memory", &c, why);
		mem_fail_after(-1, false);
		ok = problem == CASE_OK;
		CHECK(ok || (problem == CASE_NO_MEMORY && strstr(why, "memory")));
	}
	for (bool ok = false; !ok && n < 1000; n++) {
		mem_fail_after(n, false);
		mem_fail_arenas();
		enum case_problem problem = load("memory", &back, why);
		mem_fail_after(-1, false);
		ok = problem == CASE_OK;
		CHECK(ok || (problem == CASE_NO_MEMORY && strstr(why, "memory")));
		if (ok)
			case_folder_end(&back);
	}
	CHECK(n > 3 && n < 1000);
	case_folder_end(&(struct case_folder){ .arena = NULL });
	tap_end();
}

int main(void)
{
	if (!mkdtemp(root))
		abort();
	test_round_trip();
	test_save_refused();
	test_full_disk();
	test_load_refused();
	test_memory();
	remove_folder(root);
	return tap_done();
}
