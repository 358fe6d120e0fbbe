/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Memory that is allocated and nobody's yet: in a build with ASan whoever touches it is
 * stopped, as beyond the end of what malloc(3) gives. In any other build this is nothing.
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
 * POISON_GAP - bytes between two pieces of a block, so that a step out of one is not a step
 * into the next; of fewer ASan cannot tell to whom they belong
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
