/* explain_input.h - the mails of all FILEs of a command line, one after the other. For one thread,
 * or several under one lock. */
#pragma once
#include "folder/folder.h"

struct explain_input;

struct explain_mail {
	struct folder_item item;
	bool numbered;             /* it is of an mbox that is the only FILE: its number says which one it is */
	struct input_folder *from; /* private */
};

/* paths are borrowed. NULL: out of memory. */
MUST_USE struct explain_input *explain_input_new(char *const *paths, size_t n);
void explain_input_free(struct explain_input *in); /* after each mail was let go; NULL does nothing */

/* Is there exactly one mail in all, and nothing that could not be read? */
bool explain_input_is_one(struct explain_input *in);
/* The next one. FOLDER_TROUBLE: *why (size bytes) says which one could not be read; ask for the next. */
MUST_USE enum folder_got explain_input_next(struct explain_input *in, struct explain_mail *out, char *why, size_t size);
void explain_input_let_go(struct explain_input *in, struct explain_mail *mail);
/* How far it is, in millionths. */
uint64_t explain_input_done(struct explain_input *in);
#define EXPLAIN_INPUT_ALL 1000000u
