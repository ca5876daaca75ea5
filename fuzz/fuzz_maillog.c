/* fuzz_maillog.c - whatever stands in a log, it is read within its bounds; an excerpt of it gives the
 * answers of the whole, for the mails and log-ins that it was made for. */
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "trail/maillog.h"
#include "trail/maillog_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW INT64_C(1795464005)

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void inside(struct bytes part, struct bytes whole)
{
	must(!part.n || (part.p >= whole.p && part.p + part.n <= whole.p + whole.n));
}

static void read_lines(struct bytes text)
{
	struct maillog_frame f;
	struct maillog_event e;
	struct bytes line;

	while (bytes_cut(&text, '\n', &line)) {
		if (!maillog_frame_parse(line, NOW, &f))
			continue;
		inside(f.date, line);
		inside(f.host, line);
		inside(f.text, line);
		if (!maillog_line_parse(&f, &e))
			continue;
		const struct bytes parts[] = { e.queue_id, e.other_id, e.message_id, e.from, e.to, e.orig_to, e.login, e.client_name };
		for (size_t i = 0; i < ARRAY_LEN(parts); i++)
			inside(parts[i], f.text);
		must(e.kind < MAILLOG_KINDS);
	}
}

static struct maillog *read_log(const char *path)
{
	struct limits limits;
	char why[128];

	limits_init(&limits);
	struct maillog *l = maillog_new(&limits, NOW);
	must(l && maillog_read(l, path, why, sizeof(why)) && maillog_ready(l));
	return l;
}

static void same_counts(const struct maillog *a, const struct maillog *b)
{
	struct maillog_counts x = maillog_counts(a), y = maillog_counts(b);

	must(x.lines == y.lines && x.understood == y.understood && x.first == y.first && x.last == y.last &&
	     x.cut == y.cut && x.zoneless == y.zoneless && maillog_backscatter(a) == maillog_backscatter(b));
}

/* Everything that is asked about one mail. */
static void same_answers(const struct maillog *a, const struct maillog *b, const struct maillog_mail *m)
{
	const struct maillog_mail *x[4], *y[4];
	size_t n = maillog_find(a, m->message_id, x, 4);
	struct maillog_login p, q;

	must(n == maillog_find(b, m->message_id, y, 4));
	for (size_t i = 0; i < n && i < 4; i++)
		must(bytes_same(x[i]->queue_id, y[i]->queue_id) && x[i]->time == y[i]->time && x[i]->sent == y[i]->sent &&
		     bytes_same(x[i]->login, y[i]->login) && x[i]->recipients == y[i]->recipients);
	maillog_login(a, m->login, &m->client, m->time, &p);
	maillog_login(b, m->login, &m->client, m->time, &q);
	must(p.known == q.known && p.earlier_logins == q.earlier_logins && p.earlier_same_net == q.earlier_same_net &&
	     p.failures_same_net == q.failures_same_net && p.failures == q.failures && p.mails_hour == q.mails_hour &&
	     p.recipients_hour == q.recipients_hour && p.bounced_hour == q.bounced_hour &&
	     p.mails_day_usual == q.mails_day_usual && p.unusual_hour == q.unusual_hour);
	must(maillog_submitted_near(a, m->login, m->time, 60) == maillog_submitted_near(b, m->login, m->time, 60));
	must(maillog_covers(a, m->time, 60) == maillog_covers(b, m->time, 60));
}

static int file_of(struct bytes text, char path[64])
{
	int fd = memfd_create("log", MFD_CLOEXEC);

	must(fd >= 0 && write(fd, text.p ? text.p : (const uint8_t *)"", text.n) == (ssize_t)text.n);
	snprintf(path, 64, "/proc/self/fd/%d", fd);
	return fd;
}

static void compare(struct bytes text, const struct maillog_mail *m, const char *path, const struct maillog *whole)
{
	struct buf out;
	char why[128], other[64];

	buf_init(&out, (size_t)1 << 24);
	must(maillog_excerpt_of(whole, path, &m->message_id, 1, &m->login, 1, &out, why,
	                        sizeof(why)));
	int fd = file_of(buf_bytes(&out), other);
	struct maillog *part = read_log(other);
	same_counts(whole, part);
	same_answers(whole, part, m);
	maillog_free(part);
	close(fd);
	buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = { data, size }, line, rest = text;
	struct maillog_frame f;
	struct maillog_event e;
	char path[64];

	/* what a file can be besides: compressed, an excerpt already */
	if (size > 1 && (data[0] == 0x1f || memchr(data, '#', size)))
		return 0;
	read_lines(text);
	int fd = file_of(text, path);
	struct limits limits;
	char why[128];
	limits_init(&limits);
	struct maillog *l = maillog_new(&limits, NOW);
	must(l != NULL);
	if (maillog_read(l, path, why, sizeof(why))) { /* it may look like an archive */
		must(maillog_ready(l));
		for (int i = 0; i < 3 && bytes_cut(&rest, '\n', &line);) {
			if (!maillog_frame_parse(line, NOW, &f) || !maillog_line_parse(&f, &e) || !e.queue_id.n)
				continue;
			const struct maillog_mail *m = maillog_by_queue_id(l, e.queue_id);
			if (m && m->message_id.n && m->login.n) {
				compare(text, m, path, l);
				i++;
			}
		}
	}
	maillog_free(l);
	close(fd);
	return 0;
}
