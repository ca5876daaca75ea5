/* bench_parse.c - how fast mails are read that nobody verifies: a mailbox of ordinary mail
 * (mbox.h) taken apart, its headers indexed, its authors, dates and traces read, its MIME parts
 * found, its bodies looked over. The bytes are always those of the whole mailbox. */
#include <unistd.h>

#include "bench.h"
#include "folder/folder.h"
#include "mail/address.h"
#include "mail/body_scan.h"
#include "mail/received.h"
#include "mbox.h"
#include "mime/mime.h"

#define MAILS 2000u
#define ARENA_MAX (16u << 20)

static struct kit kit;

static struct box {
	char path[64];
	struct bytes mails[MAILS];
	size_t bytes;
	struct arena *arena;
} box;

static void for_each_stored(void (*use)(struct bytes mail))
{
	struct folder_item item;
	char why[256];
	size_t n = 0;
	struct folder *f = folder_open(box.path, SIZE_MAX, why, sizeof(why));

	BENCH_NEED(f);
	for (; folder_next(f, &item, why, sizeof(why)) == FOLDER_ITEM; n++) {
		if (use)
			use(item.message);
		folder_let_go(f, &item);
	}
	folder_close(f);
	BENCH_NEED(n == MAILS);
}

static void take_apart(void *user)
{
	for_each_stored(NULL);
}

static void for_each(void (*read)(struct work *w, struct header *h, struct bytes mail))
{
	for (size_t i = 0; i < MAILS; i++) {
		struct work w = kit_work(&kit, box.arena);
		struct header h = { 0 };
		header_index(&w, &h, box.mails[i]);
		if (read)
			read(&w, &h, box.mails[i]);
		arena_reset(box.arena);
	}
}

static void index_headers(void *user)
{
	for_each(NULL);
}

static void read_fields(struct work *w, struct header *h, struct bytes mail)
{
	const struct field *date = header_find(h, FIELD_DATE, 0);
	struct received received;
	struct author author;
	struct date when;

	author_read(w, h, &author);
	BENCH_NEED(author.n == 1 && date && date_parse(date->value, &when, NULL));
	for (const struct field *f = header_find(h, FIELD_RECEIVED, 0); f;
	     f = header_find(h, FIELD_RECEIVED, (size_t)(f - h->fields) + 1))
		received_parse(f->value, &received);
}

static void fields(void *user)
{
	for_each(read_fields);
}

static void look_over(struct work *w, struct header *h, struct bytes mail)
{
	struct body_scan scan;

	body_scan_begin(&scan, w, &h->defects, h->ends, h->body_at);
	body_scan_update(&scan, bytes_from(mail, h->body_at));
	body_scan_end(&scan);
}

static void bodies(void *user)
{
	for_each(look_over);
}

static void find_parts(struct work *w, struct header *h, struct bytes mail)
{
	struct mime m;

	BENCH_NEED(mime_read(w, mail, &m) && m.n > 0);
	mime_end(&m);
}

static void parts(void *user)
{
	for_each(find_parts);
}

static void keep(struct bytes mail)
{
	static size_t n;

	box.mails[n++] = arena_copy(kit.arena, mail);
	box.bytes += mail.n;
}

int main(int argc, char **argv)
{
	struct bench_way ways[] = {
		{ "mails taken apart", take_apart, NULL }, { "headers indexed", index_headers, NULL },
		{ "and author, date, trace read", fields, NULL }, { "and bodies looked over", bodies, NULL },
		{ "and MIME parts found", parts, NULL },
	};

	bench_begin(argc, argv);
	kit_begin(&kit);
	mime_start();
	box.arena = arena_new(ARENA_MAX);
	snprintf(box.path, sizeof(box.path), "/tmp/truefrom-bench-XXXXXX");
	int fd = mkstemp(box.path);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "wb"), *nowhere = fopen("/dev/null", "wb");
	BENCH_NEED(box.arena && f && nowhere);
	mbox_write(&kit, MAILS, f, nowhere);
	BENCH_NEED(fclose(f) == 0 && fclose(nowhere) == 0);
	for_each_stored(keep);
	bench_group("mailbox", box.bytes, ways, ARRAY_LEN(ways));
	remove(box.path);
	arena_free(box.arena);
	kit_end(&kit);
	return 0;
}
