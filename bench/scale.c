/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Measure efimap_verify() and efimap_compare() on generated captures, which are not read from
 * files. The second capture has the regions of the first one in another order, and every tenth
 * region has an additional attribute. The program prints the minimum CPU time of each function in
 * nanoseconds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "answer/verify.h"
#include "capture/capture.h"
#include "compare/compare.h"
#include "linux/virtual_layout.h"

#define ENTRY_PAGES UINT64_C(4)
#define ENTRY_BYTES (ENTRY_PAGES * EFIMAP_PAGE_SIZE)
#define FIRST_PHYS UINT64_C(0x100000000)
#define CHUNK 128u

static void must(int error)
{
	if (error)
		exit(1);
}

static double cpu_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/*
 * Return the virtual addresses that Linux would assign: downwards from EFI_VA_START, starting with
 * the last region. The caller frees the array.
 */
static uint64_t *make_layout(size_t count)
{
	uint64_t *virt = calloc(count, sizeof(*virt));
	uint64_t va = EFIMAP_VA_START;

	must(!virt);
	for (size_t i = count; i-- > 0; virt[i] = va)
		must(efimap_layout_next(va, FIRST_PHYS + i * ENTRY_BYTES, ENTRY_PAGES, &va));
	return virt;
}

/* Add the regions in steps of @step, which must have no common factor with @count. */
static void add_entries(struct efimap *map, size_t count, size_t step, bool differs)
{
	uint64_t *virt = make_layout(count);

	for (size_t i = 0; i < count; i++) {
		const size_t region = i * step % count;
		struct efimap_entry entry = {
			.index = (uint32_t)i,
			.type = region % 8 ? EFIMAP_TYPE_RUNTIME_DATA : EFIMAP_TYPE_RUNTIME_CODE,
			.phys = FIRST_PHYS + region * ENTRY_BYTES,
			.virt = virt[region],
			.pages = ENTRY_PAGES,
			.attribute = EFIMAP_ATTR_RUNTIME | EFIMAP_ATTR_WB,
		};

		if (differs && region % 10 == 0)
			entry.attribute |= EFIMAP_ATTR_WT;
		must(efimap_add_entry(map, &entry));
		must(efimap_add_name(map, entry.index));
	}
	free(virt);
}

static struct efimap *make_map(size_t count, size_t step, bool differs)
{
	static const enum efimap_source present[] = { EFIMAP_SRC_EFI, EFIMAP_SRC_RUNTIME_MAP,
						      EFIMAP_SRC_MEMMAP, EFIMAP_SRC_IOMEM };
	const uint64_t size = CHUNK * ENTRY_BYTES;
	struct efimap *map;

	must(efimap_new("made-up", EFIMAP_ORIGIN_TREE, &map));
	add_entries(map, count, step, differs);
	for (uint32_t i = 0; i * (size_t)CHUNK < count; i++) {
		const uint64_t first = FIRST_PHYS + i * size;
		const struct efimap_span span = { first, first + size - 1 };

		must(efimap_add_memmap(map, i, span.first, span.last, "Reserved", 8));
		must(efimap_add_iomem(map, span, 0, "Reserved", 8));
	}
	efimap_seal(map);
	for (size_t i = 0; i < sizeof(present) / sizeof(present[0]); i++)
		map->states[present[i]] = EFIMAP_STATE_PRESENT;
	return map;
}

static double time_verify(const struct efimap *map)
{
	const double start = cpu_ns();
	struct efimap_report *report;

	must(efimap_verify(map, NULL, &report));
	efimap_report_free(report);
	return cpu_ns() - start;
}

static double time_compare(const struct efimap *first, const struct efimap *second)
{
	const double start = cpu_ns();
	struct efimap_comparison *comparison;

	must(efimap_compare(first, second, EFIMAP_ERROR, &comparison));
	efimap_comparison_free(comparison);
	return cpu_ns() - start;
}

int main(int argc, char **argv)
{
	double verify = 1e300, compare = 1e300;

	if (argc != 3) {
		fprintf(stderr, "usage: scale ENTRIES REPEATS\n");
		return 2;
	}
	const size_t count = strtoul(argv[1], NULL, 10);
	struct efimap *first = make_map(count, 7, false);
	struct efimap *second = make_map(count, 13, true);

	for (unsigned long i = strtoul(argv[2], NULL, 10); i > 0; i--) {
		const double verified = time_verify(first), compared = time_compare(first, second);

		verify = verified < verify ? verified : verify;
		compare = compared < compare ? compared : compare;
	}
	printf("%.0f %.0f\n", verify, compare);
	efimap_free(first);
	efimap_free(second);
	return 0;
}
