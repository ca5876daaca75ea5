/* body_run_x86.c - 32 bytes a step on x86-64 processors that can (AVX2); see body_run.h */
#include <immintrin.h>

#include "mail/body_run.h"

#define AVX2 __attribute__((target("avx2,bmi")))
#define BLOCK 32u

AVX2 static inline __m256i load(const uint8_t *p)
{
	return _mm256_loadu_si256((const __m256i_u *)p);
}

AVX2 static inline __m256i is(__m256i v, char c)
{
	return _mm256_cmpeq_epi8(v, _mm256_set1_epi8(c));
}

/* Those of 32 bytes at which something is odd. */
AVX2 static inline uint32_t odd_of(const uint8_t *p, __m256i lf_alone)
{
	__m256i here = load(p), before = load(p - 1);
	__m256i lf = is(here, '\n'), behind_cr = is(before, '\r');
	__m256i dot = _mm256_and_si256(is(here, '.'), is(before, '\n'));
	__m256i bare = _mm256_or_si256(_mm256_andnot_si256(lf, behind_cr),
	                               _mm256_and_si256(_mm256_andnot_si256(behind_cr, lf), lf_alone));

	return (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(_mm256_or_si256(is(here, 0), dot), bare));
}

AVX2 static size_t find_avx2(const uint8_t *p, size_t n, enum line_ends ends)
{
	const __m256i lf_alone = _mm256_set1_epi8(ends == LINES_CRLF ? -1 : 0);
	const uint8_t *before = p - 1;
	size_t at = 0;

	for (; n - at >= BLOCK; at += BLOCK) {
		uint32_t odd = odd_of(p + at, lf_alone);
		if (odd)
			return at + (unsigned)__builtin_ctz(odd);
	}
	if (n >= BLOCK && at < n) { /* the rest, together with what was looked at before */
		uint32_t odd = odd_of(p + n - BLOCK, lf_alone);
		return odd ? n - BLOCK + (unsigned)__builtin_ctz(odd) : n;
	}
	for (; at < n; at++) {
		bool lf = p[at] == '\n', behind_cr = before[at] == '\r';
		if (p[at] == 0 || (p[at] == '.' && before[at] == '\n') || (behind_cr && !lf) ||
		    (lf && !behind_cr && ends == LINES_CRLF))
			break;
	}
	return at;
}

const struct body_run_way *body_run_special(size_t i)
{
	static const struct body_run_way avx2 = { "AVX2", find_avx2 };
	bool there = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi");

	return i == 0 && there ? &avx2 : NULL;
}
