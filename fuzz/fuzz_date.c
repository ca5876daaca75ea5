/* A date that is read can be written and read again. */
#include "base/clock.h"
#include "mail/date.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = { data, size };
	struct parse_err err = { 0 };
	struct date d, again;
	char canonical[CLOCK_TEXT];

	if (!date_parse(text, &d, &err)) {
		if (err.at > size || !err.what)
			abort();
		return 0;
	}
	clock_rfc5322(d.at, canonical);
	if (d.at >= INT64_C(-2208988800) && d.at < INT64_C(253402300800) && /* 1900 to 9999 */
	    (!date_parse(bytes_of(canonical), &again, NULL) || again.at != d.at))
		abort();
	return 0;
}
