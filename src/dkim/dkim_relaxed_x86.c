/* dkim_relaxed_x86.c - with what some x86-64 processors can: 32 bytes a step (AVX2), or 64, where bytes
 * are left out by one instruction (AVX-512 VBMI2). See dkim_relaxed.h */
#include <immintrin.h>

#include "base/ascii.h"
#include "dkim/dkim_relaxed.h"

/* --- AVX2 --- */

#define AVX2 __attribute__((target("avx2,bmi,popcnt")))
#define BLOCK2 32u

AVX2 static inline __m256i load2(const uint8_t *p)
{
	return _mm256_loadu_si256((const __m256i_u *)p);
}

AVX2 static inline __m256i is2(__m256i v, char c)
{
	return _mm256_cmpeq_epi8(v, _mm256_set1_epi8(c));
}

AVX2 static inline uint32_t mask2(__m256i held)
{
	return (uint32_t)_mm256_movemask_epi8(held);
}

/* Those of 32 bytes that may not stay: a TAB, or a space with another byte below "!" behind it. */
AVX2 static inline uint32_t odd2(const uint8_t *p)
{
	__m256i here = load2(p), next = load2(p + 1), space = _mm256_set1_epi8(' ');
	__m256i low = _mm256_cmpeq_epi8(_mm256_max_epu8(next, space), space);

	return mask2(_mm256_or_si256(is2(here, '\t'), _mm256_and_si256(is2(here, ' '), low)));
}

/* White space of the 32 bytes that goes: more white space or a line end stands behind it. */
AVX2 static inline uint32_t gone2(const uint8_t *p)
{
	__m256i here = load2(p), next = load2(p + 1), third = load2(p + 2);
	__m256i blank = _mm256_or_si256(is2(here, ' '), is2(here, '\t'));
	__m256i more = _mm256_or_si256(is2(next, ' '), is2(next, '\t'));
	__m256i end = _mm256_and_si256(is2(next, '\r'), is2(third, '\n'));

	return mask2(_mm256_and_si256(blank, _mm256_or_si256(more, end)));
}

/* 32 bytes with each TAB as SP. */
AVX2 static inline __m256i spaced2(const uint8_t *p)
{
	__m256i here = load2(p);

	return _mm256_xor_si256(here, _mm256_and_si256(is2(here, '\t'), _mm256_set1_epi8('\t' ^ ' ')));
}

AVX2 static size_t same_avx2(const uint8_t *p, size_t n)
{
	size_t at = 0;

	for (; n - at >= BLOCK2; at += BLOCK2) {
		uint32_t odd = odd2(p + at);
		if (odd)
			return at + (unsigned)__builtin_ctz(odd);
	}
	while (at < n && p[at] != '\t' && !(p[at] == ' ' && p[at + 1] <= ' '))
		at++;
	return at;
}

/* Each step copies 32 bytes from behind what is gone; the next step writes over what was too much. */
AVX2 static size_t pack_avx2(const uint8_t *p, size_t n, uint8_t *to)
{
	size_t at = 0, put = 0;

	for (; n - at >= 2 * BLOCK2; at += BLOCK2) {
		unsigned from = 0;
		for (uint32_t gone = gone2(p + at); gone; gone &= gone - 1) {
			unsigned stop = (unsigned)__builtin_ctz(gone);
			_mm256_storeu_si256((__m256i_u *)(to + put), spaced2(p + at + from));
			put += stop - from;
			from = stop + 1;
		}
		_mm256_storeu_si256((__m256i_u *)(to + put), spaced2(p + at + from));
		put += BLOCK2 - from;
	}
	for (; at < n; at++) {
		if (!ascii_is_wsp(p[at]))
			to[put++] = p[at];
		else if (!ascii_is_wsp(p[at + 1]) && !(p[at + 1] == '\r' && p[at + 2] == '\n'))
			to[put++] = ' ';
	}
	return put;
}

/* --- AVX-512 VBMI2 --- */

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vbmi2,bmi,popcnt")))
#define BLOCK5 64u

AVX512 static inline __mmask64 is5(__m512i v, char c)
{
	return _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(c));
}

/* Those of the bytes in `part` that may not stay. */
AVX512 static inline __mmask64 odd5(const uint8_t *p, __mmask64 part)
{
	__m512i here = _mm512_maskz_loadu_epi8(part, p), next = _mm512_maskz_loadu_epi8(part, p + 1);
	__mmask64 low = _mm512_mask_cmple_epu8_mask(is5(here, ' '), next, _mm512_set1_epi8(' '));

	return low | is5(here, '\t');
}

/* The first n bits, of 64. */
static inline uint64_t first_bits(size_t n)
{
	return n >= 64 ? UINT64_MAX : (UINT64_C(1) << n) - 1;
}

AVX512 static size_t same_avx512(const uint8_t *p, size_t n)
{
	for (size_t at = 0; at < n; at += BLOCK5) {
		__mmask64 odd = odd5(p + at, first_bits(n - at));
		if (odd)
			return at + (unsigned)__builtin_ctzll(odd);
	}
	return n;
}

AVX512 static size_t pack_avx512(const uint8_t *p, size_t n, uint8_t *to)
{
	const __m512i space = _mm512_set1_epi8(' ');
	size_t put = 0;

	for (size_t at = 0; at < n; at += BLOCK5) {
		__mmask64 part = first_bits(n - at);
		__m512i here = _mm512_maskz_loadu_epi8(part, p + at);
		__m512i next = _mm512_maskz_loadu_epi8(part, p + at + 1);
		__m512i third = _mm512_maskz_loadu_epi8(part, p + at + 2);
		__mmask64 tab = is5(here, '\t'), blank = tab | is5(here, ' ');
		__mmask64 more = is5(next, ' ') | is5(next, '\t'), end = is5(next, '\r') & is5(third, '\n');
		__mmask64 kept = part & ~(blank & (more | end));
		here = _mm512_maskz_compress_epi8(kept, _mm512_mask_mov_epi8(here, tab, space));
		_mm512_storeu_si512(to + put, here);
		put += (unsigned)__builtin_popcountll(kept);
	}
	return put;
}

/* --- which of them there are --- */

const struct dkim_relaxed *dkim_relaxed_special(size_t i)
{
	static const struct dkim_relaxed avx2 = { "AVX2", same_avx2, pack_avx2 };
	static const struct dkim_relaxed avx512 = { "AVX-512 VBMI2", same_avx512, pack_avx512 };
	const struct dkim_relaxed *known[2];
	size_t n = 0;

	if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
	    __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("popcnt"))
		known[n++] = &avx512;
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt"))
		known[n++] = &avx2;
	return i < n ? known[i] : NULL;
}
