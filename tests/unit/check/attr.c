/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Type and attributes of each entry, as far as no made fixture holds it. */
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
		{ "unaccepted", "extra=15",
		  "type-impossible error runtime-services-fail 8\n" },
		{ "the lowest is unusable", "drop=5 6.type=8",
		  "type-impossible error runtime-services-fail 6\n" },
	};

	scene_run_cases(rows, ARRAY_SIZE(rows), "shape phys virt layout attr");
}

/* Code may stand in a line that is lost or spoilt; other faults have nothing to do with it. */
TEST(code_that_a_log_lost_is_not_missed)
{
	static const struct {
		enum efimap_map_from from;
		enum efimap_source source;
		enum efimap_fault_kind kind;
		bool speaks;
		/* Of what it does not tell, if not of the map. */
		enum efimap_source unknown;
	} rows[] = {
		{ EFIMAP_MAP_FROM_RUNTIME, EFIMAP_SRC_KERNEL_LOG, EFIMAP_FAULT_MISSING, false },
		{ EFIMAP_MAP_FROM_RUNTIME, EFIMAP_SRC_KERNEL_LOG, EFIMAP_FAULT_SYNTAX, false },
		{ EFIMAP_MAP_FROM_RECEIVED, EFIMAP_SRC_KERNEL_LOG, EFIMAP_FAULT_SYNTAX, false },
		{ EFIMAP_MAP_FROM_RUNTIME, EFIMAP_SRC_KERNEL_LOG, EFIMAP_FAULT_EXTRA, true },
		{ EFIMAP_MAP_FROM_RUNTIME, EFIMAP_SRC_MEMMAP, EFIMAP_FAULT_MISSING, true },
		{ EFIMAP_MAP_FROM_RUNTIME, EFIMAP_SRC_MEMMAP, EFIMAP_FAULT_SYNTAX, true },
		{ EFIMAP_MAP_FROM_FILES, EFIMAP_SRC_KERNEL_LOG, EFIMAP_FAULT_MISSING, true },
		{ EFIMAP_MAP_FROM_RUNTIME, EFIMAP_SRC_KERNEL_LOG, EFIMAP_FAULT_SYNTAX, true,
		  EFIMAP_SRC_MEMMAP },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct efimap_fault fault = { .source = rows[i].source,
						    .kind = rows[i].kind,
						    .index = EFIMAP_NO_INDEX,
						    .where = efimap_source_path(
							    rows[i].unknown ?
								    rows[i].unknown :
								    EFIMAP_SRC_KERNEL_LOG),
						    .text = "as the test has it" };
		efimap_auto_report struct efimap_report *report = NULL;
		struct scene scene;

		scene_init(&scene, "attr");
		scene_edit(&scene, "drop=5");

		efimap_auto_map struct efimap *map = scene_build(&scene, 0);

		map->map_from = rows[i].from;
		assert_int_equal(efimap_add_fault(map, &fault), 0);
		assert_int_equal(efimap_verify(map, &scene.options, &report), 0);
		if (scene_count(report, EFIMAP_RULE_NO_RUNTIME_CODE) != rows[i].speaks)
			fail_msg("row %zu", i);
	}
}

