/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Comparing in memory: two synthetic captures of N entries each, numbered in different
 * orders, through efimap_compare(), against qsort() of both sides' addresses, by turns;
 * prints the least CPU time of each in milliseconds, and the number of findings.
 */
#include <stdio.h>
#include <stdlib.h>

#include "check/compare.h"
#include "measure.h"

#define ENTRY_PAGES UINT64_C(4)
#define FIRST_PHYS UINT64_C(0x100000000)

static uint64_t phys_of(size_t number)
{
	return FIRST_PHYS + number * (ENTRY_PAGES * EFIMAP_PAGE_SIZE);
}

static struct efimap *make_map(size_t count, uint64_t seed)
{
	uint32_t *order = make_order(count, seed);
	struct efimap *map;
	int error = efimap_new("synthetic", EFIMAP_ORIGIN_TREE, &map);

	for (size_t i = 0; i < count && !error; i++) {
		const uint64_t phys = phys_of(order[i]);
		const struct efimap_entry entry = {
			.index = (uint32_t)i,
			.type = EFIMAP_TYPE_RUNTIME_DATA,
			.phys = phys,
			.virt = EFIMAP_VA_END + phys,
			.pages = ENTRY_PAGES,
			.attribute = EFIMAP_ATTR_RUNTIME | EFIMAP_ATTR_WB,
		};

		error = efimap_add_entry(map, &entry);
	}
	free(order);
	if (error || efimap_seal(map))
		exit(1);
	map->states[EFIMAP_SRC_EFI] = EFIMAP_STATE_PRESENT;
	map->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_PRESENT;
	return map;
}

static double time_compare(const struct efimap *first, const struct efimap *second,
			   size_t *ret_findings)
{
	struct efimap_comparison *comparison;
	double start = now_ms();

	if (efimap_compare(first, second, EFIMAP_ERROR, &comparison))
		exit(1);
	double spent = now_ms() - start;

	*ret_findings = comparison->report->n_findings;
	efimap_comparison_free(comparison);
	return spent;
}

static double time_yardstick(const struct efimap *map)
{
	uint64_t *addresses = malloc(map->n_entries * sizeof(*addresses));
	double spent;

	if (!addresses)
		exit(1);
	for (size_t i = 0; i < map->n_entries; i++)
		addresses[i] = map->entries[i].phys;
	spent = time_qsort(addresses, map->n_entries);
	free(addresses);
	return spent;
}

int main(int argc, char **argv)
{
	double compare = 1e300, sort = 1e300;
	size_t findings = 0;

	if (argc != 3) {
		fprintf(stderr, "usage: compare ENTRIES REPEATS\n");
		return 2;
	}
	size_t count = strtoul(argv[1], NULL, 10);
	struct efimap *first = make_map(count, SEED);
	struct efimap *second = make_map(count, UINT64_C(0xd1b54a32d192ed03));

	for (unsigned long i = strtoul(argv[2], NULL, 10); i > 0; i--) {
		keep_least(&compare, time_compare(first, second, &findings));
		keep_least(&sort, time_yardstick(first) + time_yardstick(second));
	}
	printf("%.3f %.3f %zu\n", compare, sort, findings);
	efimap_free(first);
	efimap_free(second);
	return 0;
}
