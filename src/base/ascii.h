/* ascii.h - classes of bytes, independent of the locale (the C library's are not). */
#pragma once
#include <stdbool.h>
#include <stdint.h>

static inline bool ascii_is_digit(uint8_t c) { return c >= '0' && c <= '9'; }
static inline bool ascii_is_alpha(uint8_t c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }
static inline bool ascii_is_alnum(uint8_t c) { return ascii_is_digit(c) || ascii_is_alpha(c); }
/* SP, TAB, CR, LF: what folding white space is made of (RFC 5322 section 3.2.2) */
static inline bool ascii_is_space(uint8_t c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
/* SP and TAB (RFC 5234 WSP) */
static inline bool ascii_is_wsp(uint8_t c) { return c == ' ' || c == '\t'; }
/* printable and not a space (RFC 5234 VCHAR) */
static inline bool ascii_is_vchar(uint8_t c) { return c > 32 && c < 127; }
/* C0 control bytes and DEL */
static inline bool ascii_is_ctl(uint8_t c) { return c < 32 || c == 127; }
static inline uint8_t ascii_lower(uint8_t c) { return c >= 'A' && c <= 'Z' ? c | 32 : c; }
/* 0 to 15, or -1 */
static inline int ascii_hex(uint8_t c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}
/* atext of RFC 5322 section 3.2.3, ASCII part */
bool ascii_is_atext(uint8_t c);
