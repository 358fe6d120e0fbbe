/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A stable radix sort of (key, index) pairs. Addresses of one map agree in most of their
 * bits, so a pass begins at the lowest bit that is left and in which they differ: two or
 * three passes sort most maps.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/bulk.h"
#include "base/cleanup.h"
#include "base/sort.h"

#define RADIX_BITS 11
#define BUCKETS (1U << RADIX_BITS)
/* Below this an insertion sort is cheaper than clearing the histogram. */
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

static unsigned int bucket_of(uint64_t key, unsigned int shift)
{
	return (unsigned int)(key >> shift) & (BUCKETS - 1);
}

static void scatter(const struct efimap_key *from, struct efimap_key *to, size_t count,
		    unsigned int shift)
{
	uint32_t next[BUCKETS] = { 0 };
	uint32_t sum = 0;

	for (size_t i = 0; i < count; i++)
		next[bucket_of(from[i].key, shift)]++;
	for (unsigned int b = 0; b < BUCKETS; b++) {
		const uint32_t size = next[b];

		next[b] = sum;
		sum += size;
	}
	for (size_t i = 0; i < count; i++)
		to[next[bucket_of(from[i].key, shift)]++] = from[i];
}

/* The bits in which not all keys agree. */
static uint64_t differing_bits(const struct efimap_key *keys, size_t count)
{
	uint64_t bits = 0;

	for (size_t i = 1; i < count; i++)
		bits |= keys[i].key ^ keys[0].key;
	return bits;
}

static int radix_sort(struct efimap_key *keys, size_t count)
{
	efimap_auto_free struct efimap_key *scratch = efimap_bulk_new(count, sizeof(*scratch));
	struct efimap_key *from = keys, *to = scratch;
	uint64_t bits = differing_bits(keys, count);

	if (!scratch)
		return -ENOMEM;
	while (bits) {
		const unsigned int shift = (unsigned int)__builtin_ctzll(bits);

		scatter(from, to, count, shift);
		bits &= ~((uint64_t)(BUCKETS - 1) << shift);
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

void efimap_sort_ties(struct efimap_key *keys, size_t count,
		      int (*compare)(const void *, const void *, void *), void *data)
{
	for (size_t first = 0, next; first < count; first = next) {
		for (next = first + 1; next < count && keys[next].key == keys[first].key;)
			next++;
		if (next - first > 1)
			qsort_r(keys + first, next - first, sizeof(*keys), compare, data);
	}
}
