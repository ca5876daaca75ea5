/* explain_batch.c - see explain_batch.h
 *
 * Threads take mails in their order, each with a slot of a ring; the main thread prints the slots in
 * that order. A thread that is a whole ring ahead of the printing waits, so that a slow mail or a
 * slow reader of our output holds up the rest, not memory. */
#include "cli/explain_batch.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/wrap.h"
#include "cli/check.h"
#include "cli/progress.h"
#include "explain/campaign.h"
#include "explain/explain_line.h"
#include "verify/verify_json.h"

#define RING 256u             /* mails under way or waiting to be printed */
#define TEXT_MAX (16u << 20)  /* bytes of one JSON object */
#define WAITERS_A_CPU 16u     /* threads for each processor where they wait for a network */
#define SILENT_MAX 8u         /* mails in a row none of whose questions was answered: the DNS is out of reach */
#define LOOK_MS 100           /* how often the main thread looks at the clock and at SIGINT */

/* What became of one mail. */
struct slot {
	bool done;
	int status;               /* verdict_status, or what could not be done */
	bool judged;
	struct campaign_mail mail;/* valid if judged */
	struct buf text;          /* for standard output */
	char trouble[600];        /* for standard error; empty: none */
};

struct batch {
	const struct batch_settings *s;
	struct explain_input *in;
	struct campaigns *campaigns;
	struct progress progress;

	pthread_mutex_t lock;     /* of all that follows */
	pthread_cond_t space;     /* a slot was printed, or it is over */
	pthread_cond_t news;      /* a slot is done, or it is over */
	struct slot *ring;
	size_t taken, printed;    /* mails so far */
	bool ended;               /* no more mails are taken */
	size_t silent;            /* mails in a row whose questions nobody answered, or that were not asked for that */
	bool offline_said;

	/* of the main thread */
	int worst, trouble;       /* statuses */
	size_t unreadable;
};

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
	interrupted = 1;
}

int batch_worse(int a, int b)
{
	static const int order[] = { [0] = 0, [2] = 1, [1] = 2, [3] = 3 };

	return order[a] >= order[b] ? a : b;
}

/* --- one mail, in a thread --- */

static int to_buf(const char *text, size_t n, void *user)
{
	struct buf *out = user;

	buf_add(out, (struct bytes){ (const uint8_t *)text, n });
	return out->failed ? -1 : 0;
}

static bool write_json(struct buf *out, json_t *o)
{
	bool ok = o && json_dump_callback(o, to_buf, out, JSON_COMPACT | JSON_PRESERVE_ORDER) == 0;

	json_decref(o);
	buf_add_byte(out, '\n');
	return ok && !out->failed;
}

/* Which mail it is, and all that is known of it. */
static json_t *mail_json(struct explain_one *one, const struct folder_item *item)
{
	struct arena *a = one->x.v->work.arena;
	json_t *o = json_pack("{s:o, s:I, s:b}", "file", verify_json_text(a, bytes_of(item->name)), "number",
	                      (json_int_t)item->number, "attached", (int)one->attached);
	json_t *all = explain_json(&one->x);

	if (!o || !all || json_object_update_new(o, all) != 0) {
		json_decref(o);
		return NULL;
	}
	return o;
}

static bool write_mail(const struct batch_settings *s, struct explain_one *one, const struct explain_mail *mail,
                       struct buf *out)
{
	char number[24];

	if (s->json)
		return write_json(out, mail_json(one, &mail->item));
	snprintf(number, sizeof(number), "%zu", mail->item.number);
	explain_line(out, &one->x, mail->numbered ? number : mail->item.name);
	return !out->failed;
}

/* The DNS is out of reach, as far as the last mails show. It is tried again with the 16th, 32nd, 64th ... */
static bool go_offline(struct batch *b)
{
	pthread_mutex_lock(&b->lock);
	size_t n = b->silent;
	bool offline = n >= SILENT_MAX && (n & (n - 1)) != 0;
	b->silent += offline;
	pthread_mutex_unlock(&b->lock);
	return offline;
}

static void note_answers(struct batch *b, const struct dns_book *book)
{
	if (!b->s->network || dns_book_count(book) == 0)
		return;
	bool silent = check_dns_failed(book);
	pthread_mutex_lock(&b->lock);
	b->silent = silent ? b->silent + 1 : 0;
	pthread_mutex_unlock(&b->lock);
}

static void fail(struct slot *slot, int status, const char *name, const char *what)
{
	slot->status = status;
	snprintf(slot->trouble, sizeof(slot->trouble), "%s: %s", name, what);
}

static void judge(struct batch *b, const struct explain_mail *mail, struct slot *slot)
{
	const struct folder_item *item = &mail->item;
	struct explain_one one;
	bool offline = b->s->network && go_offline(b);
	enum explain_one_result r = explain_one_judge(&b->s->how, item->message, item->stored, offline, &one);

	if (r == EXPLAIN_ONE_OK && !offline)
		note_answers(b, one.x.v->book);
	slot->judged = r == EXPLAIN_ONE_OK && campaign_read(&one.x, &slot->mail) &&
	               write_mail(b->s, &one, mail, &slot->text);
	if (slot->judged)
		slot->status = verdict_status(one.x.verdict.kind);
	else if (r == EXPLAIN_ONE_NOT_ATTACHED)
		fail(slot, EXIT_NO_INPUT, item->name, "there is not exactly one mail attached to it");
	else
		fail(slot, EXIT_INTERNAL, item->name, "out of memory, or over the limit message-memory");
	explain_one_end(&one);
}

/* The next mail and its slot, in order. NULL: it is over. */
static struct slot *take(struct batch *b, struct explain_mail *mail, enum folder_got *got)
{
	struct slot *slot = NULL;

	*got = FOLDER_END;
	pthread_mutex_lock(&b->lock);
	while (!b->ended && b->taken - b->printed == RING)
		pthread_cond_wait(&b->space, &b->lock);
	if (!b->ended) {
		slot = &b->ring[b->taken % RING];
		*got = explain_input_next(b->in, mail, slot->trouble, sizeof(slot->trouble));
		b->ended = *got == FOLDER_END;
		b->taken += !b->ended;
	}
	if (b->ended) {
		slot = NULL;
		pthread_cond_broadcast(&b->space);
		pthread_cond_signal(&b->news);
	}
	pthread_mutex_unlock(&b->lock);
	return slot;
}

static void *work(void *user)
{
	struct batch *b = user;
	struct explain_mail mail;
	enum folder_got got;
	struct slot *slot;

	while ((slot = take(b, &mail, &got))) {
		buf_init(&slot->text, TEXT_MAX);
		if (got == FOLDER_ITEM)
			judge(b, &mail, slot);
		else
			slot->status = EXIT_NO_INPUT;
		pthread_mutex_lock(&b->lock);
		if (got == FOLDER_ITEM)
			explain_input_let_go(b->in, &mail);
		slot->done = true;
		pthread_cond_signal(&b->news);
		pthread_mutex_unlock(&b->lock);
	}
	return NULL;
}

/* --- the main thread --- */

static void print_slot(struct batch *b, struct slot *slot)
{
	if (b->trouble == EXIT_INTERNAL) /* said once: a pipe that was closed stays closed */
		return;
	progress_hide(&b->progress);
	if (slot->trouble[0]) {
		b->unreadable++;
		b->trouble = complain(b->s->cmd, b->trouble > slot->status ? b->trouble : slot->status, NULL, "%s", slot->trouble);
	}
	if (!slot->judged)
		return;
	b->worst = batch_worse(b->worst, slot->status);
	bool written = fwrite(slot->text.p, 1, slot->text.n, stdout) == slot->text.n;
	if (!written || !campaign_add(b->campaigns, &slot->mail))
		b->trouble = complain(b->s->cmd, EXIT_INTERNAL, NULL, written ? "out of memory" : "the output could not be written");
}

/* Once, when it is first seen. */
static void say_offline(struct batch *b, size_t silent)
{
	if (silent < SILENT_MAX || b->offline_said)
		return;
	b->offline_said = true;
	progress_hide(&b->progress);
	complain(b->s->cmd, 0, NULL, "the DNS does not answer; going on with what is written in the mails");
}

/* Waits for the next slot to print, but not for long; NULL: not yet. The lock is held. */
static struct slot *next_slot(struct batch *b)
{
	struct slot *slot = &b->ring[b->printed % RING];
	struct timespec until;

	if (b->printed < b->taken && slot->done)
		return slot;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += LOOK_MS * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	pthread_cond_timedwait(&b->news, &b->lock, &until);
	return NULL;
}

static void free_slot(struct batch *b, struct slot *slot)
{
	buf_free(&slot->text);
	memset(slot, 0, sizeof(*slot));
	b->printed++;
	pthread_cond_signal(&b->space);
}

static void print_all(struct batch *b)
{
	pthread_mutex_lock(&b->lock);
	while (!b->ended || b->printed < b->taken) {
		struct slot *slot = next_slot(b);
		uint64_t done = explain_input_done(b->in);
		size_t silent = b->silent, printed = b->printed;
		if ((interrupted || b->trouble == EXIT_INTERNAL) && !b->ended) {
			b->ended = true;
			pthread_cond_broadcast(&b->space);
		}
		pthread_mutex_unlock(&b->lock);
		say_offline(b, silent);
		if (slot)
			print_slot(b, slot);
		progress_show(&b->progress, printed, done, EXPLAIN_INPUT_ALL);
		pthread_mutex_lock(&b->lock);
		if (slot)
			free_slot(b, slot);
	}
	pthread_mutex_unlock(&b->lock);
	progress_hide(&b->progress);
}

static bool write_summary(struct batch *b, struct arena *a, const struct campaign_summary *summary, struct buf *out)
{
	if (!b->s->json) {
		campaign_words(out, summary);
		if (b->unreadable)
			wrap_addf(out, "\n", 0, "%zu could not be read: what was wrong was said above.", b->unreadable);
		return !out->failed;
	}
	json_t *o = campaign_json(a, summary);
	if (!o || json_object_set_new(o, "unreadable", json_integer((json_int_t)b->unreadable)) != 0) {
		json_decref(o);
		return false;
	}
	return write_json(out, json_pack("{s:o}", "summary", o));
}

static void print_summary(struct batch *b)
{
	struct campaign_summary summary;
	struct arena *a = arena_new(1u << 20);
	struct buf out;

	buf_init(&out, TEXT_MAX);
	bool ok = a && campaign_finish(b->campaigns, &summary) && write_summary(b, a, &summary, &out) &&
	          fwrite(out.p, 1, out.n, stdout) == out.n && fflush(stdout) == 0;
	if (!ok)
		b->trouble = complain(b->s->cmd, EXIT_INTERNAL, NULL, "the summary could not be written");
	buf_free(&out);
	arena_free(a);
}

/* A first SIGINT ends after the mails under way, a second one at once. */
static void watch_interrupt(struct sigaction *before)
{
	struct sigaction mine = { .sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND | SA_RESTART };

	interrupted = 0;
	sigaction(SIGINT, &mine, before);
}

static size_t threads_wanted(const struct batch_settings *s)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	size_t n = (cpus > 0 ? (size_t)cpus : 1) * (s->network ? WAITERS_A_CPU : 1);

	return n < BATCH_THREADS_MAX ? n : BATCH_THREADS_MAX;
}

/* False: not even one thread could be started. */
static bool run_threads(struct batch *b)
{
	pthread_t threads[BATCH_THREADS_MAX];
	size_t wanted = threads_wanted(b->s), n = 0;

	while (n < wanted && pthread_create(&threads[n], NULL, work, b) == 0)
		n++;
	if (n)
		print_all(b);
	for (size_t i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	return n > 0;
}

static int final_status(const struct batch *b)
{
	if (b->trouble == EXIT_INTERNAL)
		return EXIT_INTERNAL;
	return interrupted ? BATCH_INTERRUPTED : b->trouble ? b->trouble : b->worst;
}

int explain_batch(const struct batch_settings *s, struct explain_input *in)
{
	struct batch b = { .s = s, .in = in };
	struct sigaction before;

	b.ring = mem_calloc(RING, sizeof(*b.ring));
	b.campaigns = campaign_new(s->how.settings->limits);
	pthread_mutex_init(&b.lock, NULL);
	pthread_cond_init(&b.space, NULL);
	pthread_cond_init(&b.news, NULL);
	progress_init(&b.progress);
	watch_interrupt(&before);
	if (!b.ring || !b.campaigns || !run_threads(&b))
		b.trouble = check_no_memory(s->cmd);
	else if (b.printed == 0 && !interrupted)
		b.trouble = complain(s->cmd, EXIT_NO_INPUT, "it should be a mail saved with all its headers (.eml), an mbox or a Maildir",
		                     "there is no mail: what was given is empty");
	else if (b.trouble != EXIT_INTERNAL && b.printed > b.unreadable)
		print_summary(&b);
	sigaction(SIGINT, &before, NULL);
	pthread_cond_destroy(&b.news);
	pthread_cond_destroy(&b.space);
	pthread_mutex_destroy(&b.lock);
	campaign_free(b.campaigns);
	mem_free(b.ring);
	return final_status(&b);
}
