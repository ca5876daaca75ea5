/* host.h - the name of the system that handed a mail over, as the DNS has it. */
#pragma once
#include "explain/explain.h"

/* *checked: whoever took the mail in looked it up both ways; else anybody could have written it for an address
 * of his own. Empty: not told. Borrows. */
struct bytes host_name(const struct explain *x, bool *checked);
