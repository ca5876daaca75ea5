/* file_document.h - programs in documents: OLE (old Office), RTF and PDF, as far as it shows
 * without unpacking anything. */
#pragma once
#include "content/file_type.h"

struct file_document {
	bool macros;      /* it holds a program, or a file that can be started from it */
	bool locked;      /* a new Office document that is encrypted as a whole */
	bool installs;    /* an installer (MSI), which has the same outside as old documents */
};

/* Linear; any bytes. What there is to know is set, the rest stays. */
void file_document_look(struct bytes content, enum file_type type, struct file_document *out);
