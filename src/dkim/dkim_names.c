/* dkim_names.c - the words for the enums of dkim.h */
#include "dkim/dkim.h"

const struct dkim_weakness_row dkim_weakness_rows[DKIM_WEAKNESSES] = {
#define X(id, name, text) [DKIM_WEAK_##id] = { name, text },
	DKIM_WEAKNESS_TABLE(X)
#undef X
};

const char *dkim_outcome_name(enum dkim_outcome r)
{
	static const char *const names[DKIM_OUTCOMES] = {
		[DKIM_NONE] = "none",       [DKIM_PASS] = "pass",           [DKIM_FAIL] = "fail",
		[DKIM_POLICY] = "policy",   [DKIM_NEUTRAL] = "neutral",     [DKIM_TEMPERROR] = "temperror",
		[DKIM_PERMERROR] = "permerror",
	};
	return names[r];
}

const char *dkim_algorithm_name(enum dkim_algorithm a)
{
	static const char *const names[] = {
		[DKIM_RSA_SHA256] = "rsa-sha256",
		[DKIM_ED25519_SHA256] = "ed25519-sha256",
		[DKIM_RSA_SHA1] = "rsa-sha1",
		[DKIM_ALGORITHM_UNKNOWN] = "unknown",
	};
	return names[a];
}
