/* file_type.h - what a file is by its bytes, and what it is by its name. The two need not agree. */
#pragma once
#include "base/bytes.h"

enum file_type {
	FILE_TYPE_UNKNOWN,
	FILE_TYPE_PROGRAM,  /* for Windows, Linux, macOS, Java */
	FILE_TYPE_SCRIPT,
	FILE_TYPE_SHORTCUT,
	FILE_TYPE_NOTEBOOK, /* OneNote: files in it are started by a click */
	FILE_TYPE_HELP,     /* compiled HTML help */
	FILE_TYPE_DISK,     /* an image of one */
	FILE_TYPE_ZIP,
	FILE_TYPE_RAR,
	FILE_TYPE_SEVENZIP,
	FILE_TYPE_ARCHIVE,  /* any other */
	FILE_TYPE_PACKED,   /* compressed; perhaps an archive inside */
	FILE_TYPE_OLE,      /* documents of old Office programs, and more */
	FILE_TYPE_RTF,
	FILE_TYPE_PDF,
	FILE_TYPE_PAGE,     /* of the web */
	FILE_TYPE_XML,
	FILE_TYPE_IMAGE,
	FILE_TYPE_MEDIA,    /* sound or film */
	FILE_TYPES
};

/* By its first bytes (and the few places further on where some formats have their mark). */
enum file_type file_type_of(struct bytes content);
/* Does opening such a file run it, or let it run what it holds? */
bool file_type_runs(enum file_type t);
bool file_type_is_archive(enum file_type t);

/* What a name says, by its extension. */
enum file_name_kind {
	FILE_NAME_OTHER,    /* no extension, or none that we know */
	FILE_NAME_RUNS,     /* opening it runs it */
	FILE_NAME_MACROS,   /* a document that is made to hold programs */
	FILE_NAME_PAGE,     /* opened by a browser, which runs what is in it */
	FILE_NAME_ARCHIVE,
	FILE_NAME_SAFE,     /* a document, text, a picture, sound: what people open without a thought */
};

struct file_name {
	enum file_name_kind kind;
	struct bytes extension;      /* as written, without its dot; borrows from the name */
	enum file_name_kind before;  /* by the extension in front of it: SAFE in "x.pdf.exe" */
	uint32_t types;              /* bits (1 << enum file_type): what the content of such a file may be; 0: anything */
};

/* Reads a file's name, in UTF-8, with or without folders. Blanks and dots at its end are skipped, as Windows
 * does. */
struct file_name file_name_read(struct bytes name);

/* Does the name turn the direction of text, so that its end is not where one sees it? Not for names in
 * scripts that run to the left and say so around their own letters. */
bool file_name_is_turned(struct bytes name);
