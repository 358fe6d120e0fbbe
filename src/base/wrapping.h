/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Unsigned arithmetic modulo 2^64 that is meant. Fuzz targets are built so that any other wrap
 * in rehearse/ and src/linux/ ends them.
 */
#ifndef BASE_WRAPPING_H
#define BASE_WRAPPING_H

#include <stdint.h>

/** EFIMAP_WRAPS - of a function whose unsigned arithmetic may wrap */
#ifdef __clang__
#define EFIMAP_WRAPS __attribute__((no_sanitize("unsigned-integer-overflow")))
#else
#define EFIMAP_WRAPS
#endif

EFIMAP_WRAPS
static inline uint64_t efimap_wrapping_add(uint64_t a, uint64_t b)
{
	return a + b;
}

#endif
