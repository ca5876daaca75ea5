/* body_run_other.c - for processors without a way of their own; see body_run.h */
#include "mail/body_run.h"

const struct body_run_way *body_run_special(size_t i)
{
	return NULL;
}
