/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef FUZZ_REPLAY
/* fuzz-replay contains all targets, and selects one by the name of its source file. */
struct fuzz_target {
	const char *file;
	int (*feed)(const uint8_t *data, size_t size);
	struct fuzz_target *next;
};

void fuzz_add(struct fuzz_target *target);

#define FUZZ_TARGET(...)                                                                           \
	static int feed_target(__VA_ARGS__);                                                       \
	__attribute__((constructor)) static void add_target(void)                                  \
	{                                                                                          \
		static struct fuzz_target target = { __FILE__, feed_target, NULL };                \
                                                                                                   \
		fuzz_add(&target);                                                                 \
	}                                                                                          \
	static int feed_target(__VA_ARGS__)
#else
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_TARGET(...) int LLVMFuzzerTestOneInput(__VA_ARGS__)
#endif

#define fuzz_check(condition)                                                                      \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: check failed: %s\n", __FILE__, __LINE__,           \
				#condition);                                                       \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

#endif
