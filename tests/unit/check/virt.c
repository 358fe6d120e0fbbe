/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The virtual range of each entry: where it lies, alignment, congruence, and overlap. One
 * cause is one finding, whatever the order.
 */
#include "check/scene.h"

TEST(judges_addresses)
{
	static const struct scene_case rows[] = {
		{ "healthy", "", "" },
		{ "zero", "2.virt=0x0", "virt-zero error runtime-services-fail 2\n" },
		{ "zero, boot services", "5.virt=0x0", "virt-zero error none 5\n" },
		{ "zero at zero, mixed mode", "mixed", "" },
		{ "zero elsewhere, mixed mode", "mixed 2.virt=0x0",
		  "virt-zero error runtime-services-fail 2\n" },
		{ "a 32-bit kernel", "32bit", "" },
		{ "congruent to nothing, 32-bit", "32bit 2.virt+0x1000", "" },
		{ "zero, 32-bit", "32bit 2.virt=0x0",
		  "virt-zero error boots-without-efi 2\n" },
		{ "0x18 above a page, 32-bit", "32bit 2.virt+0x18",
		  "virt-unaligned error boots-without-efi 2\n" },
		{ "lowest, 32-bit", "32bit 2.virt=0x40000000", "" },
		{ "below the lowest, 32-bit", "32bit 2.virt=0x3ffff000",
		  "virt-outside-window error boots-without-efi 2\n",
		  "which a 32-bit kernel does not have" },
		{ "highest, 32-bit", "32bit 2.virt=0xfff00000", "" },
		{ "runs beyond 4 GiB, 32-bit", "32bit 2.virt=0xfff01000",
		  "virt-outside-window error boots-without-efi 2\n" },
		{ "in the window, 32-bit", "32bit 2.virt=0xfffffffeff1ec000",
		  "virt-outside-window error boots-without-efi 2\n" },
		{ "where 64-bit kernels have their text, 32-bit",
		  "32bit 2.virt=0xffffffff81000000",
		  "virt-outside-window error boots-without-efi 2\n" },
		{ "one on another, 32-bit", "32bit 2.virt-0x500000",
		  "virt-overlap error boots-without-efi 1,2\n" },
		{ "0x18 above a page", "2.virt+0x18",
		  "virt-unaligned error runtime-services-fail 2\n" },
		{ "0x18 above a page as phys", "2.phys+0x18 2.virt+0x18",
		  "phys-unaligned error none 2\n" },
		{ "0x18 above a page, mixed mode", "mixed 2.virt+0x18",
		  "virt-unaligned error runtime-services-fail 2\n" },
		{ "a byte above a page, mixed mode", "mixed 2.virt+0x1",
		  "virt-unaligned error runtime-services-fail 2\n" },
		{ "noncanonical", "2.virt=0xfffeff1ec000",
		  "virt-noncanonical error runtime-services-fail 2\n" },
		{ "lowest noncanonical", "6.virt=0x800000017000",
		  "virt-noncanonical error none 6\n" },
		{ "runs into noncanonical", "5.virt=0x7fffffffa000",
		  "virt-noncanonical error none 5\n" },
		{ "the first noncanonical", "6.virt=0x800000000000",
		  "virt-noncanonical error none 6\n" },
		{ "the first of the high half", "6.virt=0xff00000000000000",
		  "virt-outside-window error none 6\n" },
		{ "a byte below the high half", "6.virt=0xfeffffffffffffff",
		  "virt-noncanonical error none 6\n" },
		{ "noncanonical and unaligned", "2.virt=0xfffeff1ec018",
		  "virt-noncanonical error runtime-services-fail 2\n" },
		{ "unaligned without pages", "2.virt+0x18 2.pages=0x0",
		  "pages-zero error runtime-services-fail 2\n" },
		{ "a byte below the window", "7.virt=0xffffffeeffffffff",
		  "virt-unaligned error none 7\n"
		  "virt-window-straddle error none 7\n" },
		{ "a page out of the window",
		  "0.phys=0x1000001000 0.virt=0xffffffef00001000 0.pages=0x1000000 "
		  "count=1 only=phys+virt",
		  "virt-window-straddle error runtime-services-fail 0\n" },
		{ "a big page and no more",
		  "7.phys=0x40001000 7.virt-0x600000 7.pages+0x1ff",
		  "virt-incongruent error none 7\n" },
		{ "a GiB and no more, incongruent",
		  "7.type=11 7.phys=0x100200000 7.virt=0xfffffffe80000000 "
		  "7.pages=0x40000",
		  "virt-1g-incongruent warning runtime-services-fail 7\n" },
		{ "highest canonical of the low half", "6.virt=0x7ffffffff000",
		  "virt-outside-window error none 6\n" },
		{ "direct map of 5 levels", "2.virt=0xff110000001ec000",
		  "virt-kernel-range error runtime-services-fail 2\n" },
		{ "low", "2.virt=0x1234ec000",
		  "virt-outside-window error runtime-services-fail 2\n" },
		{ "above the window", "2.virt=0xffffffff101ec000",
		  "virt-outside-window error runtime-services-fail 2\n" },
		{ "CPU entry area", "7.virt=0xffffffeeffe00000",
		  "virt-outside-window error none 7\n" },
		{ "lowest of the window", "7.virt=0xffffffef00000000", "" },
		{ "direct map", "2.virt=0xffff88803f5ec000",
		  "virt-kernel-range error runtime-services-fail 2\n" },
		{ "kernel text", "2.virt=0xffffffff801ec000",
		  "virt-kernel-range error runtime-services-fail 2\n" },
		{ "just below the text", "6.virt=0xffffffff7ff17000",
		  "virt-outside-window error none 6\n" },
		{ "wraps", "2.virt=0xfffffffffffec000",
		  "virt-kernel-range error runtime-services-fail 2\n" },
		{ "over the top", "0.pages+0x1",
		  "virt-window-straddle error runtime-services-fail 0\n" },
		{ "over the bottom", "2.virt=0xffffffeefffec000",
		  "virt-window-straddle error runtime-services-fail 2\n" },
		{ "direct map, 5.4, but only one",
		  "release=5.4.0-26-generic without=boot-services-kept "
		  "2.virt=0xffff88803f5ec000",
		  "virt-kernel-range error runtime-services-fail 2\n" },
		{ "direct map, 4.8",
		  "release=4.8.17 without=boot-services-kept 2.virt=0xffff88803f5ec000",
		  "virt-kernel-range error runtime-services-fail 2\n" },
		{ "direct map, 5.10",
		  "release=5.10.0-30-amd64 without=boot-services-kept "
		  "2.virt=0xffff88803f5ec000",
		  "virt-kernel-range error runtime-services-fail 2\n" },
		{ "direct map, release unknown",
		  "release= without=boot-services-kept 2.virt=0xffff88803f5ec000",
		  "virt-kernel-range error runtime-services-fail 2\n" },
		{ "code a page up", "2.virt+0x1000",
		  "virt-incongruent error does-not-boot 2\n" },
		{ "code, phys a page up", "2.phys+0x1000",
		  "virt-incongruent error does-not-boot 2\n" },
		{ "code a page down", "2.virt-0x1000",
		  "virt-overlap error runtime-services-fail 2,3\n"
		  "virt-incongruent error does-not-boot 2\n"
		  "layout-bound warning none 3\n" },
		{ "boot services off by a page", "7.virt-0x1000",
		  "virt-incongruent warning none 7\n" },
		{ "boot services off by 2 MiB", "7.virt-0x200000", "" },
		{ "a big page inside", "7.phys=0x40000000 7.virt-0x601000 7.pages+0x200",
		  "virt-incongruent error none 7\n" },
		{ "a page short of a big page",
		  "7.phys=0x40000000 7.virt-0x601000 7.pages+0x1ff",
		  "virt-incongruent warning none 7\n" },
		{ "a GiB inside",
		  "7.type=11 7.phys=0xfffff000 7.virt=0xfffffffe7ffff000 7.pages=0x40001",
		  "" },
		{ "a GiB inside, incongruent",
		  "7.type=11 7.phys=0x1001ff000 7.virt=0xfffffffe7ffff000 "
		  "7.pages=0x40001",
		  "virt-1g-incongruent warning runtime-services-fail 7\n" },
		{ "a page short of a GiB",
		  "7.type=11 7.phys=0x1001ff000 7.virt=0xfffffffe7ffff000 "
		  "7.pages=0x40000",
		  "" },
		{ "a GiB, incongruent modulo 2 MiB",
		  "7.type=11 7.phys=0x100200000 7.virt=0xfffffffe7ffff000 "
		  "7.pages=0x40001",
		  "virt-incongruent error runtime-services-fail 7\n" },
		{ "a GiB of boot services",
		  "7.type=4 7.phys=0x1001ff000 7.virt=0xfffffffe7ffff000 7.pages=0x40001",
		  "virt-1g-incongruent warning none 7\n" },
		{ "virt of code and data swapped", "2.virt-0xb4c000 4.virt+0xb4c000",
		  "virt-incongruent error does-not-boot 2\n"
		  "virt-incongruent error runtime-services-fail 4\n" },
	};

	scene_run_cases(rows, ARRAY_SIZE(rows), "shape phys virt layout attr");
}

TEST(judges_old_map)
{
	static const struct scene_case rows[] = {
		{ "old_map from the first of the high half",
		  "release=4.9.0-19-amd64 moved=0xffff880000000000 "
		  "7.virt=0xff00000000000000",
		  "virt-outside-window note runtime-services-fail\n" },
		{ "old_map and a low one",
		  "0.virt=0xffff8800ffc00000 1.virt=0xc0000000 count=2",
		  "virt-outside-window error runtime-services-fail 1\n"
		  "virt-kernel-range error runtime-services-fail 0\n" },
		{ "old_map up to the window",
		  "release=4.9.0-19-amd64 moved=0xffff880000000000 "
		  "7.virt=0xffffffeefffff000",
		  "virt-outside-window note runtime-services-fail\n" },
		{ "old_map into the window",
		  "release=4.9.0-19-amd64 moved=0xffff880000000000 "
		  "7.virt=0xffffffeefffff001",
		  "virt-unaligned error none 7\n"
		  "virt-window-straddle error none 7\n"
		  "virt-outside-window note runtime-services-fail\n" },
		{ "old_map of 4.9", "release=4.9.0-19-amd64 moved=0xffff880000000000",
		  "virt-outside-window note runtime-services-fail\n" },
		{ "old_map of 5.9", "release=5.9.16 moved=0xffff880000000000",
		  "virt-outside-window note runtime-services-fail\n" },
	};

	scene_run_cases(rows, ARRAY_SIZE(rows), "phys virt notes");
}

TEST(judges_pairs)
{
	static const struct scene_case rows[] = {
		{ "healthy", "", "" },
		{ "touching", "", "" },
		{ "one page too many", "3.pages+0x1",
		  "virt-overlap error runtime-services-fail 2,3\n"
		  "layout-bound warning none 3\n" },
		{ "data at the virt of the code", "3.virt+0x100000",
		  "virt-overlap error runtime-services-fail 2,3\n"
		  "virt-incongruent error runtime-services-fail 3\n"
		  "layout-bound warning none 3\n" },
		{ "one over two", "4.pages+0xa4b",
		  "virt-overlap error runtime-services-fail 2,4\n"
		  "virt-overlap error runtime-services-fail 3,4\n"
		  "layout-bound warning none 4\n" },
		{ "the two lowest", "7.virt+0xf17000",
		  "virt-overlap error none 6,7\n"
		  "virt-incongruent warning none 7\n"
		  "layout-bound warning none 7\n" },
		{ "duplicate", "copy=2", "" },
		{ "duplicate but for attribute", "copy=2 8.attr|0x4000",
		  "virt-overlap error runtime-services-fail 2,8\n"
		  "layout-bound warning none 2\n" },
		{ "boot services only", "6.phys+0x3000 6.virt+0x3000",
		  "virt-overlap error none 5,6\n"
		  "layout-bound warning none 6\n" },
		{ "identity", "mixed 3.pages+0x10", "" },
		{ "outside twice", "2.virt=0x123400000 3.virt=0x123400000",
		  "virt-outside-window error runtime-services-fail 2\n"
		  "virt-outside-window error runtime-services-fail 3\n" },
	};

	scene_run_cases(rows, ARRAY_SIZE(rows), "phys virt layout");
}

/* One page each, 2 MiB apart in both spaces, in the order of @order. */
static struct efimap *make_many(size_t count, const uint32_t *order)
{
	struct efimap *map = NULL;

	assert_int_equal(efimap_new("many", EFIMAP_ORIGIN_TREE, &map), 0);
	map->states[EFIMAP_SRC_EFI] = EFIMAP_STATE_PRESENT;
	map->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_PRESENT;
	map->states[EFIMAP_SRC_FW_PLATFORM_SIZE] = EFIMAP_STATE_PRESENT;
	map->platform_size = 64;
	for (uint32_t i = 0; i < count; i++) {
		const uint64_t at = (uint64_t)order[i] * 0x8000;
		const struct efimap_entry entry = {
			.index = i,
			.type = 5 + (i & 1),
			.phys = 0x40000000 + at,
			.virt = 0xfffffff000000000 + at,
			.pages = 1,
			.attribute = 0x800000000000000f,
		};

		assert_int_equal(efimap_add_entry(map, &entry), 0);
		assert_int_equal(efimap_add_name(map, i), 0);
	}
	assert_int_equal(efimap_seal(map), 0);
	return map;
}

/* What goes beyond the limit for one rule is one finding that names the rest. */
TEST(speaks_a_bounded_number_of_times)
{
	uint32_t order[1000] = { 0 };
	efimap_auto_map struct efimap *map = make_many(ARRAY_SIZE(order), order);
	efimap_auto_report struct efimap_report *report = NULL;
	const struct efimap_finding *last = NULL;
	struct efimap_verify_options options = EFIMAP_VERIFY_OPTIONS_INIT;
	size_t found = 0;

	for (unsigned int i = 0; i < EFIMAP_RULE_COUNT; i++)
		options.disabled[i] = i != EFIMAP_RULE_VIRT_OVERLAP;
	/* All at one address, half of them code: every second differs from the one before. */
	assert_int_equal(efimap_verify(map, &options, &report), 0);
	for (size_t i = 0; i < report->n_findings; i++) {
		assert_int_equal(report->findings[i].rule->id, EFIMAP_RULE_VIRT_OVERLAP);
		found++;
		if (report->findings[i].n_entries > 2)
			last = &report->findings[i];
	}
	assert_int_equal(found, 101);
	assert_non_null(last);
	assert_int_equal(last->entries[last->n_entries - 1], 999);
}
