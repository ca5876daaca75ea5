/* ascii.c - see ascii.h */
#include "base/ascii.h"

#include <string.h>

bool ascii_is_atext(uint8_t c)
{
	return ascii_is_alnum(c) || (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}
