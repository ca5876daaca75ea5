/* risk_file.h - what is dangerous in one attached file: by its name, by the type that the mail declares, and
 * by its bytes. It is never opened or run. */
#pragma once
#include "base/work.h"
#include "content/file_archive.h"

struct risk_file_input {
	struct bytes name;     /* UTF-8; empty: none */
	struct bytes type;     /* declared, lower case: "application/pdf" */
	struct bytes content;  /* decoded; may be cut */
	struct file_budget *budget;
};

/* Each a path ("x.zip/y.exe", or the file's own name); p is NULL where there is no such risk. */
struct risk_file {
	enum file_type type;   /* by its bytes */
	struct bytes runs;     /* FILE_RUNS_CODE */
	struct bytes hides;    /* FILE_HIDES_TYPE */
	struct bytes locked;   /* FILE_LOCKED */
	struct bytes may_run;  /* FILE_MAY_RUN_CODE */
};

/* Slices live in w's arena. False: out of memory. */
MUST_USE bool risk_file_look(struct work *w, const struct risk_file_input *in, struct risk_file *out);
