/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The virtual range of each entry: where it lies, alignment, congruence, and overlap. One
 * cause is one finding, whatever the order.
 */
#include "check/scene.h"

TEST(judges_addresses)
{
	static const struct scene_case rows[] = {
		{ "highest, 32-bit", "32bit 2.virt=0xfff00000", "" },
		{ "highest, 32-bit, and beyond",
		  "32bit 2.virt=0xfffff000 2.pages=1 3.virt=0x100000000 only=virt",
		  "virt-outside-window error boots-without-efi 3\n" },
		{ "lowest, 32-bit, and below",
		  "32bit 2.virt=0x40000000 3.virt=0x3ffff000 only=virt",
		  "virt-outside-window error boots-without-efi 3\n" },
		{ "a byte below the lowest, 32-bit", "32bit 3.virt=0x3fffffff only=virt",
		  "virt-unaligned error boots-without-efi 3\n"
		  "virt-outside-window error boots-without-efi 3\n" },
		{ "a byte beyond the highest, 32-bit",
		  "32bit 3.virt=0xfffff001 3.pages=1 only=virt",
		  "virt-unaligned error boots-without-efi 3\n"
		  "virt-outside-window error boots-without-efi 3\n" },
		{ "a byte beyond the low half", "6.virt=0x7ffffffff001 only=virt",
		  "virt-noncanonical error none 6\n" },
		{ "lowest of no half", "6.virt=0x800000000000",
		  "virt-noncanonical error none 6\n" },
		{ "a byte below the high half", "6.virt=0xfeffffffffffffff",
		  "virt-noncanonical error none 6\n" },
		{ "the last byte of another",
		  "7.virt=0xfffffffeff2ebfff 7.phys+0xfff only=virt",
		  "virt-overlap error runtime-services-fail 2,7\n"
		  "virt-incongruent warning none 7\n" },
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
		{ "highest canonical of the low half", "6.virt=0x7ffffffff000",
		  "virt-outside-window error none 6\n" },
		{ "the lowest cut in two", "kexec copy=7 8.phys+0x1000 only=virt", "" },
		{ "data cut in two", "kexec copy=3 8.phys+0x100000 only=virt",
		  "virt-overlap error runtime-services-fail 3,8\n"
		  "virt-incongruent error runtime-services-fail 8\n" },
		{ "another type cut off", "kexec copy=7 8.phys+0x1000 8.type=4 only=virt",
		  "virt-overlap error none 7,8\nvirt-incongruent warning none 8\n" },
		{ "direct map, release unknown",
		  "release= without=boot-services-kept 2.virt=0xffff88803f5ec000",
		  "virt-kernel-range error runtime-services-fail 2\n" },
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
		{ "old_map, but for the first",
		  "release=4.9.0-19-amd64 moved=0xffff880000000000 "
		  "0.virt=0xfffffffeffc00000 "
		  "only=virt count=2",
		  "virt-kernel-range error runtime-services-fail 1\n" },
		{ "perhaps old_map, but for the first",
		  "release= moved=0xffff880000000000 0.virt=0xfffffffeffc00000 only=virt "
		  "count=2",
		  "virt-kernel-range error runtime-services-fail 1\n" },
		{ "old_map, one entry",
		  "release=4.9.0-19-amd64 count=1 moved=0xffff880000000000",
		  "virt-outside-window note runtime-services-fail\n" },
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
	};

	scene_run_cases(rows, ARRAY_SIZE(rows), "phys virt notes");
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
