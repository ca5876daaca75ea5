/* lookalike_script.h - letters that are not what they seem: several alphabets
 * in one word (Unicode TR 39 section 5.2), characters that turn the direction of text or
 * cannot be seen. Private to src/lookalike. */
#pragma once
#include "lookalike/lookalike.h"

/* The kinds that the text shows: bits (1 << enum lookalike_kind) of LOOKALIKE_MIXED_SCRIPT,
 * LOOKALIKE_BIDI and LOOKALIKE_INVISIBLE. Linear in text.n. */
unsigned lookalike_script_kinds(const struct lookalike_tables *t, struct bytes text);
