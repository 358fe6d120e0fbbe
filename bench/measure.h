/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the programs that time work in memory share: a clock, a yardstick, random orders. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stddef.h>
#include <stdint.h>

/* Where next_random() starts. */
#define SEED UINT64_C(0x9e3779b97f4a7c15)

/* now_ms() - CPU time of this process */
double now_ms(void);

/* next_random() - xorshift64* */
uint64_t next_random(uint64_t *state);

/* make_order() - the numbers below @count in an order that follows from @seed, for free() */
uint32_t *make_order(size_t count, uint64_t seed);

/* time_qsort() - CPU time of qsort() of @count numbers, which are then sorted */
double time_qsort(uint64_t *numbers, size_t count);

/* keep_least() - of what was measured several times, the least counts */
void keep_least(double *least, double spent);

#endif
