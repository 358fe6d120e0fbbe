/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A stable radix sort of (key, index) pairs. Addresses of one map agree in most of their
 * bits, so most of the six passes find one bucket full and are left out.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <efimap/cleanup.h>
#include <efimap/sort.h>

#define RADIX_BITS 11
#define BUCKETS (1U << RADIX_BITS)
#define PASSES 6
/* Below this an insertion sort is cheaper than clearing the histograms. */
#define SMALL 64

static bool is_sorted(const struct efimap_key *keys, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (keys[i - 1].key > keys[i].key)
			return false;
	return true;
}

static bool is_strictly_descending(const struct efimap_key *keys, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (keys[i - 1].key <= keys[i].key)
			return false;
	return true;
}

static void reverse(struct efimap_key *keys, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		struct efimap_key other = keys[count - 1 - i];

		keys[count - 1 - i] = keys[i];
		keys[i] = other;
	}
}

static void insertion_sort(struct efimap_key *keys, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct efimap_key moving = keys[i];
		size_t j = i;

		for (; j > 0 && keys[j - 1].key > moving.key; j--)
			keys[j] = keys[j - 1];
		keys[j] = moving;
	}
}

static unsigned int bucket_of(uint64_t key, unsigned int pass)
{
	return (unsigned int)(key >> (pass * RADIX_BITS)) & (BUCKETS - 1);
}

static void scatter(const struct efimap_key *from, struct efimap_key *to, size_t count,
		    unsigned int pass, const uint32_t *histogram)
{
	uint32_t next[BUCKETS];
	uint32_t sum = 0;

	for (unsigned int b = 0; b < BUCKETS; b++) {
		next[b] = sum;
		sum += histogram[b];
	}
	for (size_t i = 0; i < count; i++)
		to[next[bucket_of(from[i].key, pass)]++] = from[i];
}

static int radix_sort(struct efimap_key *keys, size_t count)
{
	efimap_auto_free struct efimap_key *scratch = calloc(count, sizeof(*scratch));
	efimap_auto_free uint32_t *histograms = calloc(PASSES, BUCKETS * sizeof(*histograms));
	struct efimap_key *from = keys, *to = scratch;

	if (!scratch || !histograms)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		for (unsigned int pass = 0; pass < PASSES; pass++)
			histograms[pass * BUCKETS + bucket_of(keys[i].key, pass)]++;
	for (unsigned int pass = 0; pass < PASSES; pass++) {
		const uint32_t *histogram = histograms + pass * BUCKETS;

		if (histogram[bucket_of(keys[0].key, pass)] == count)
			continue;
		scatter(from, to, count, pass, histogram);
		struct efimap_key *other = from;

		from = to;
		to = other;
	}
	if (from != keys)
		memcpy(keys, from, count * sizeof(*keys));
	return 0;
}

int efimap_sort_keys(struct efimap_key *keys, size_t count)
{
	if (is_sorted(keys, count))
		return 0;
	if (is_strictly_descending(keys, count)) {
		reverse(keys, count);
		return 0;
	}
	if (count < SMALL) {
		insertion_sort(keys, count);
		return 0;
	}
	return radix_sort(keys, count);
}
