/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Macros that mark allocated memory as unused, so that AddressSanitizer (ASan) aborts on access to
 * it. Without ASan, the macros have no effect.
 */
#ifndef BASE_ADDRESS_SANITIZER_H
#define BASE_ADDRESS_SANITIZER_H

#if __has_include(<sanitizer/asan_interface.h>)
#include <sanitizer/asan_interface.h>
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define POISON_IS_ON
#endif
#endif

/*
 * Number of unused bytes between two allocations in a block of an arena. ASan does not detect an
 * overrun across a gap that is smaller than its granule of 8 bytes.
 */
#ifdef POISON_IS_ON
#define POISON_GAP 8
#define poison(memory, bytes) ASAN_POISON_MEMORY_REGION(memory, bytes)
#define unpoison(memory, bytes) ASAN_UNPOISON_MEMORY_REGION(memory, bytes)
#else
#define POISON_GAP 0
#define poison(memory, bytes) ((void)(memory), (void)(bytes))
#define unpoison(memory, bytes) ((void)(memory), (void)(bytes))
#endif

#endif
