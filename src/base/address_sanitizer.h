/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Poison allocated memory that is not in use, so that AddressSanitizer aborts the program on an
 * access, as it does for accesses beyond the end of a malloc(3) block. Without ASan, the macros
 * have no effect.
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
 * Gap in bytes between two allocations in a block, so that ASan detects an overrun of the first
 * allocation. ASan tracks memory in granules of 8 bytes, so a smaller gap would not be detected.
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
