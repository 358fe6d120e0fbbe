/* SPDX-License-Identifier: GPL-2.0-or-later */
/* efimap_sort_keys(): the result is ascending, stable, and a permutation of the input. */
#include <string.h>

#include "fuzz.h"
#include "base/sort.h"

#define MAX_KEYS 4096u

static void check_sorted(const struct efimap_key *keys, size_t count, const uint8_t *data)
{
	static uint8_t seen[MAX_KEYS];

	memset(seen, 0, sizeof(seen));
	for (size_t i = 0; i < count; i++) {
		uint64_t original;

		fuzz_check(keys[i].index < count);
		fuzz_check(!seen[keys[i].index]);
		seen[keys[i].index] = 1;
		memcpy(&original, data + 8 * (size_t)keys[i].index, 8);
		fuzz_check(keys[i].key == original);
		if (i == 0)
			continue;
		fuzz_check(keys[i - 1].key <= keys[i].key);
		fuzz_check(keys[i - 1].key != keys[i].key ||
			   keys[i - 1].index < keys[i].index);
	}
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	static struct efimap_key keys[MAX_KEYS];
	size_t count = size / 8;

	if (count > MAX_KEYS)
		return 0;
	for (size_t i = 0; i < count; i++) {
		memcpy(&keys[i].key, data + 8 * i, 8);
		keys[i].index = (uint32_t)i;
	}
	efimap_sort_keys(keys, count);
	check_sorted(keys, count, data);
	return 0;
}
