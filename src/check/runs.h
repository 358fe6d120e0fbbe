/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Questions about what a page table maps in a range of addresses, each answered in
 * O(log n) from sums over the runs. Knows no rule.
 */
#ifndef CHECK_RUNS_H
#define CHECK_RUNS_H

#include <stdint.h>

#include "base/span.h"
#include "model/ptdump.h"

/* enum runs_what - bytes that are summed */
enum runs_what {
	RUNS_PRESENT,
	RUNS_EXECUTABLE,
	RUNS_WRITABLE_EXECUTABLE,
	RUNS_UNCACHED,
	RUNS_WHAT_COUNT,
};

/*
 * struct runs - a dump with its sums
 * @sums: per question, sums[i] is of the runs before number i; owned
 */
struct runs {
	const struct efimap_ptdump *dump;
	uint64_t *sums[RUNS_WHAT_COUNT];
};

/* runs_open() - 0 or -ENOMEM; runs_close() in any case */
int runs_open(const struct efimap_ptdump *dump, struct runs *runs);
void runs_close(struct runs *runs);

/* runs_bytes() - how many bytes of the range are so */
uint64_t runs_bytes(const struct runs *runs, enum runs_what what, struct efimap_span span);

/* runs_first() - the first address of the range that is so; some are */
uint64_t runs_first(const struct runs *runs, enum runs_what what, struct efimap_span span);
/* runs_first_not() - the first address of the range that is not so; some are not */
uint64_t runs_first_not(const struct runs *runs, enum runs_what what,
			struct efimap_span span);

#endif
