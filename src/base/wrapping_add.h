/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Unsigned arithmetic that may wrap around. Fuzz targets abort on any other unsigned wraparound in
 * src/linux/.
 */
#ifndef BASE_WRAPPING_ADD_H
#define BASE_WRAPPING_ADD_H

#include <stdint.h>

#ifdef __clang__
#define EFIMAP_WRAPS __attribute__((no_sanitize("unsigned-integer-overflow")))
#else
#define EFIMAP_WRAPS
#endif

EFIMAP_WRAPS
static inline uint64_t wrapping_add(uint64_t a, uint64_t b)
{
	return a + b;
}

#endif
