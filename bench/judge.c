/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Judging in memory: a synthetic capture of N entries through efimap_verify(), against
 * qsort() of N random numbers, by turns; prints the least CPU time of each in milliseconds.
 */
#include <stdio.h>
#include <stdlib.h>

#include "check/verify.h"
#include "emulate/layout.h"
#include "model/capture.h"
#include "measure.h"

#define ENTRY_PAGES UINT64_C(4)
#define FIRST_PHYS UINT64_C(0x100000000)
#define CHUNK 4096u

/* Down, as firmware lists its regions, or in any order. */
static uint32_t *list_regions(size_t count, int shuffle)
{
	uint32_t *order = make_order(count, SEED);

	for (size_t i = 0; !shuffle && i < count; i++)
		order[i] = (uint32_t)(count - 1 - i);
	return order;
}

static uint64_t phys_of(size_t number)
{
	return FIRST_PHYS + number * (ENTRY_PAGES * EFIMAP_PAGE_SIZE);
}

/* Downwards, so that the regions lie side by side and all fit into the window. */
static uint64_t *make_layout(size_t count)
{
	uint64_t *virt = malloc(count * sizeof(*virt));
	uint64_t va = EFIMAP_VA_START;

	if (!virt)
		exit(1);
	for (size_t i = count; i > 0; i--) {
		if (efimap_layout_next(va, phys_of(i - 1), ENTRY_PAGES, &va))
			exit(1);
		virt[i - 1] = va;
	}
	return virt;
}

static struct efimap *make_map(size_t count, int shuffle)
{
	uint32_t *order = list_regions(count, shuffle);
	uint64_t *virt = make_layout(count);
	struct efimap *map;
	int error = efimap_new("synthetic", EFIMAP_ORIGIN_TREE, &map);

	for (size_t i = 0; i < count && !error; i++) {
		struct efimap_entry entry = {
			.index = (uint32_t)i,
			.type = order[i] % CHUNK ? EFIMAP_TYPE_RUNTIME_DATA :
						   EFIMAP_TYPE_RUNTIME_CODE,
			.phys = phys_of(order[i]),
			.virt = virt[order[i]],
			.pages = ENTRY_PAGES,
			.attribute = EFIMAP_ATTR_RUNTIME | EFIMAP_ATTR_WB,
		};

		error = efimap_add_entry(map, &entry);
		if (!error)
			error = efimap_add_name(map, entry.index);
	}
	free(virt);
	free(order);
	for (uint32_t i = 0; i * (size_t)CHUNK < count && !error; i++) {
		uint64_t size = CHUNK * ENTRY_PAGES * EFIMAP_PAGE_SIZE;
		uint64_t first = FIRST_PHYS + i * size;
		struct efimap_span span = { first, first + size - 1 };

		error = efimap_add_memmap(map, i, span.first, span.last, "Reserved", 8);
		if (!error)
			error = efimap_add_iomem(map, span, 0, "Reserved", 8);
	}
	if (!error)
		error = efimap_seal(map);
	if (error)
		exit(1);
	map->states[EFIMAP_SRC_EFI] = EFIMAP_STATE_PRESENT;
	map->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_PRESENT;
	map->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_PRESENT;
	map->states[EFIMAP_SRC_IOMEM] = EFIMAP_STATE_PRESENT;
	return map;
}

static double time_verify(const struct efimap *map, size_t *ret_findings)
{
	struct efimap_report *report;
	double start = now_ms();

	if (efimap_verify(map, NULL, &report))
		exit(1);
	double spent = now_ms() - start;

	*ret_findings = report->n_findings;
	efimap_report_free(report);
	return spent;
}

static double time_yardstick(size_t count)
{
	uint64_t *numbers = malloc(count * sizeof(*numbers));
	uint64_t state = SEED;
	double spent;

	if (!numbers)
		exit(1);
	for (size_t i = 0; i < count; i++)
		numbers[i] = next_random(&state);
	spent = time_qsort(numbers, count);
	free(numbers);
	return spent;
}

int main(int argc, char **argv)
{
	double verify = 1e300, sort = 1e300;
	size_t findings = 0;

	if (argc != 4) {
		fprintf(stderr, "usage: judge ENTRIES REPEATS sorted|shuffled\n");
		return 2;
	}
	struct efimap *map = make_map(strtoul(argv[1], NULL, 10), argv[3][1] == 'h');

	for (unsigned long i = strtoul(argv[2], NULL, 10); i > 0; i--) {
		keep_least(&verify, time_verify(map, &findings));
		keep_least(&sort, time_yardstick(map->n_entries));
	}
	printf("%.3f %.3f %zu\n", verify, sort, findings);
	efimap_free(map);
	return 0;
}
