/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A clock, a yardstick and random orders. It must not know what is timed. */
#include <stdlib.h>
#include <time.h>

#include "measure.h"

double now_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

uint64_t next_random(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * UINT64_C(0x2545f4914f6cdd1d);
}

/* Fisher and Yates */
uint32_t *make_order(size_t count, uint64_t seed)
{
	uint32_t *order = malloc(count * sizeof(*order));

	if (!order)
		exit(1);
	for (size_t i = 0; i < count; i++)
		order[i] = (uint32_t)i;
	for (size_t i = count; i > 1; i--) {
		const size_t j = (size_t)(next_random(&seed) % i);
		const uint32_t swap = order[i - 1];

		order[i - 1] = order[j];
		order[j] = swap;
	}
	return order;
}

static int by_value(const void *a, const void *b)
{
	const uint64_t *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

double time_qsort(uint64_t *numbers, size_t count)
{
	const double start = now_ms();

	qsort(numbers, count, sizeof(*numbers), by_value);
	return now_ms() - start;
}

void keep_least(double *least, double spent)
{
	if (spent < *least)
		*least = spent;
}
