/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every fuzz target has: libFuzzer's entry point, and a check that always counts. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/** LLVMFuzzerTestOneInput() - feed one input; returns 0 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** fuzz_check() - a property that must hold for every input */
#define fuzz_check(condition)                                                              \
	do {                                                                               \
		if (!(condition)) {                                                        \
			fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__,   \
				#condition);                                               \
			abort();                                                           \
		}                                                                          \
	} while (0)

#endif
