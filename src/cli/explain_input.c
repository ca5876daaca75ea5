/* explain_input.c - see explain_input.h */
#include "cli/explain_input.h"

#include "base/mem.h"

#define STDIN_MEMORY (64u << 20) /* bytes of standard input; what is more goes to a temporary file */
#define AHEAD 2u                 /* enough to know whether there is one mail in all */
#define WHY_MAX 512u

/* A folder is open as long as mails of it are in use. */
struct input_folder {
	struct folder *folder;
	size_t in_use;
	bool ended;
};

struct fetched {
	enum folder_got got;
	struct explain_mail mail;
	char why[WHY_MAX];
};

struct explain_input {
	char *const *paths;
	size_t n, opened;             /* how many paths; how many of them were opened or refused */
	struct input_folder *current; /* NULL: the next path is due */
	struct fetched ahead[AHEAD];
	size_t n_ahead, at_ahead;
};

struct explain_input *explain_input_new(char *const *paths, size_t n)
{
	struct explain_input *in = mem_calloc(1, sizeof(*in));

	if (in) {
		in->paths = paths;
		in->n = n;
	}
	return in;
}

static void close_unused(struct input_folder *f)
{
	if (!f->ended || f->in_use)
		return;
	folder_close(f->folder);
	mem_free(f);
}

static void end_current(struct explain_input *in)
{
	if (!in->current)
		return;
	in->current->ended = true;
	close_unused(in->current);
	in->current = NULL;
}

void explain_input_free(struct explain_input *in)
{
	if (!in)
		return;
	for (; in->at_ahead < in->n_ahead; in->at_ahead++)
		if (in->ahead[in->at_ahead].got == FOLDER_ITEM)
			explain_input_let_go(in, &in->ahead[in->at_ahead].mail);
	end_current(in);
	mem_free(in);
}

/* Opens the next path. False: *why says what is wrong with it. */
static bool open_next(struct explain_input *in, char *why, size_t size)
{
	const char *path = in->paths[in->opened++];
	struct input_folder *f = mem_calloc(1, sizeof(*f));
	char reason[WHY_MAX / 2] = "not enough memory";

	if (f)
		f->folder = folder_open(path, STDIN_MEMORY, reason, sizeof(reason));
	if (!f || !f->folder) {
		mem_free(f);
		snprintf(why, size, "cannot read \"%s\": %s", path, reason);
		return false;
	}
	in->current = f;
	return true;
}

static enum folder_got fetch(struct explain_input *in, struct explain_mail *out, char *why, size_t size)
{
	struct folder_item item;

	for (;;) {
		if (!in->current && in->opened == in->n)
			return FOLDER_END;
		if (!in->current && !open_next(in, why, size))
			return FOLDER_TROUBLE;
		enum folder_got got = folder_next(in->current->folder, &item, why, size);
		if (got == FOLDER_ITEM) {
			in->current->in_use++;
			bool numbered = in->n == 1 && folder_kind_of(in->current->folder) == FOLDER_MBOX;
			*out = (struct explain_mail){ item, numbered, in->current };
		}
		if (got != FOLDER_END)
			return got;
		end_current(in);
	}
}

bool explain_input_is_one(struct explain_input *in)
{
	while (in->n_ahead < AHEAD) {
		struct fetched *f = &in->ahead[in->n_ahead++];
		f->got = fetch(in, &f->mail, f->why, sizeof(f->why));
	}
	return in->ahead[0].got == FOLDER_ITEM && in->ahead[1].got == FOLDER_END;
}

enum folder_got explain_input_next(struct explain_input *in, struct explain_mail *out, char *why, size_t size)
{
	if (in->at_ahead == in->n_ahead)
		return fetch(in, out, why, size);
	struct fetched *f = &in->ahead[in->at_ahead];
	if (f->got != FOLDER_END)
		in->at_ahead++; /* the end stays the end */
	if (f->got == FOLDER_ITEM)
		*out = f->mail;
	else if (f->got == FOLDER_TROUBLE)
		snprintf(why, size, "%s", f->why);
	return f->got;
}

void explain_input_let_go(struct explain_input *in, struct explain_mail *mail)
{
	folder_let_go(mail->from->folder, &mail->item);
	mail->from->in_use--;
	close_unused(mail->from);
	mail->from = NULL;
}

uint64_t explain_input_done(struct explain_input *in)
{
	uint64_t done = 0, all = 0;
	double part = 0;

	if (in->current)
		folder_progress(in->current->folder, &done, &all);
	if (all)
		part = (double)done / (double)all;
	size_t ended = in->opened - (in->current != NULL);
	return in->n ? (uint64_t)(((double)ended + part) / (double)in->n * EXPLAIN_INPUT_ALL) : 0;
}
