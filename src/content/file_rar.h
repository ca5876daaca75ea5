/* file_rar.h - the names in a RAR archive (versions 4 and 5) and whether a password locks them, from its
 * block headers alone: nothing is unpacked. */
#pragma once
#include "content/file_archive.h"

/* Adds what is found to *out; what cannot be read ends the walk and sets out->cut. */
void file_rar_look(struct work *w, struct bytes content, struct bytes outer, struct file_archive *out);
