/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Type and attributes of each entry, and rare ones of the map as a whole, as far as no made
 * fixture holds them.
 */
#include "check/scene.h"

TEST(judges_entries)
{
	static const struct scene_case rows[] = {
		{ "a type beyond all sets", "extra=32",
		  "type-reserved-range warning runtime-services-fail 8\n" },
		{ "the last that UEFI defines, no cacheability",
		  "extra=15 8.attr=0x8000000000000000",
		  "type-impossible error runtime-services-fail 8\n"
		  "attr-no-cache warning none 8\n" },
		{ "the first that it does not", "extra=16 8.attr=0x8000000000000000",
		  "type-reserved-range warning runtime-services-fail 8\n" },
		{ "the lowest is unusable", "drop=5 6.type=8",
		  "type-impossible error runtime-services-fail 6\n" },
	};

	scene_run_cases(rows, ARRAY_SIZE(rows), "shape phys virt layout attr");
}

/* Code may stand in a line that is lost or spoilt; other faults have nothing to do with it. */
TEST(code_that_a_log_lost_is_not_missed)
{
	for (size_t speaks = 0; speaks < 2; speaks++) {
		const struct efimap_fault fault = {
			speaks ? EFIMAP_SRC_MEMMAP : EFIMAP_SRC_KERNEL_LOG,
			speaks ? EFIMAP_FAULT_MISSING : EFIMAP_FAULT_SYNTAX, EFIMAP_NO_INDEX, 0,
			efimap_source_path(EFIMAP_SRC_KERNEL_LOG), "as the test has it"
		};
		efimap_auto_report struct efimap_report *report = NULL;
		efimap_auto_map struct efimap *map = NULL;
		struct scene scene;

		scene_init(&scene, "attr");
		scene_edit(&scene, "drop=5");
		map = scene_build(&scene, 0);
		map->map_from = EFIMAP_MAP_FROM_RUNTIME;
		assert_int_equal(efimap_add_fault(map, &fault), 0);
		assert_int_equal(efimap_verify(map, &scene.options, &report), 0);
		assert_int_equal(scene_count(report, EFIMAP_RULE_NO_RUNTIME_CODE), speaks);
	}
}

static void log_without_tables(struct efimap *map)
{
	map->states[EFIMAP_SRC_KERNEL_LOG] = EFIMAP_STATE_PRESENT;
}

TEST(maps_as_a_whole)
{
	static const struct scene_case rows[] = {
		{ "MMIO ports, WB without UC", "4.type=12 4.attr=0x8000000000000008",
		  "attr-mmio-no-uc warning none 4\n" },
		{ "data with RP", "4.attr=0x800000000000200f", "attr-rp-wp note none 4\n" },
		{ "a log without tables", "", "", NULL, log_without_tables },
		{ "the two lowest differ",
		  "7.type=6 extra=6 8.phys=0x1000 8.virt=0xfffffffefbe01000 "
		  "8.pages=1 8.attr=0x800000000000800f",
		  "attr-inconsistent note none 7,8\n" },
		{ "a page between", "2.attr|0x8000 3.type=5 3.pages=0xff", "" },
	};

	scene_run_cases(rows, ARRAY_SIZE(rows), "bits notes");
}
