/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Type and attributes of each entry, each rule with its exceptions. */
#include "check/scene.h"

static void add_fault(struct efimap *map, enum efimap_fault_kind kind, uint32_t index,
		      const char *where)
{
	const struct efimap_fault fault = { .source = EFIMAP_SRC_RUNTIME_MAP, .kind = kind,
					    .index = index, .where = where,
					    .text = "as the test has it" };

	assert_int_equal(efimap_add_fault(map, &fault), 0);
}

/* The one that cannot be read may be the code. */
static void add_broken_file(struct efimap *map)
{
	add_fault(map, EFIMAP_FAULT_SYNTAX, 7, "sys/firmware/efi/runtime-map/7/attribute");
}

static void add_odd_name(struct efimap *map)
{
	add_fault(map, EFIMAP_FAULT_NAME, EFIMAP_NO_INDEX, "sys/firmware/efi/runtime-map/x");
}

static void add_sixth_file(struct efimap *map)
{
	add_fault(map, EFIMAP_FAULT_EXTRA, 0, "sys/firmware/efi/runtime-map/0/perms");
}

TEST(judges_entries)
{
	static const struct scene_case rows[] = {
		{ "healthy", "", "" },
		{ "no RUNTIME in code", "2.attr=0xf",
		  "runtime-bit-missing warning none 2\n" },
		{ "no RUNTIME at all", "*.attr=0xf",
		  "runtime-bit-missing warning none 0\n"
		  "runtime-bit-missing warning none 1\n"
		  "runtime-bit-missing warning none 2\n"
		  "runtime-bit-missing warning none 3\n"
		  "runtime-bit-missing warning none 4\n"
		  "runtime-bit-missing warning none 5\n"
		  "runtime-bit-missing warning none 6\n"
		  "runtime-bit-missing warning none 7\n" },
		{ "no RUNTIME in boot services", "5.attr=0xf",
		  "runtime-bit-missing warning none 5\n" },
		{ "the same with efi=debug",
		  "cmdline=efi=nosoftreserve,debug without=layout-exact 5.attr=0xf",
		  "" },
		{ "the same without command line", "no-cmdline 5.attr=0xf", "" },
		{ "no RUNTIME in data with efi=debug",
		  "cmdline=efi=nosoftreserve,debug without=layout-exact 4.attr=0xf "
		  "5.attr=0xf",
		  "runtime-bit-missing warning none 4\n" },
		{ "what mixed mode exports", "boot-memory mixed", "" },
		{ "no RUNTIME in data, mixed mode", "mixed 3.attr=0xf",
		  "runtime-bit-missing warning none 3\n" },
		{ "loader code", "extra=1",
		  "type-ram-runtime error runtime-services-fail 8\n" },
		{ "loader data", "extra=2",
		  "type-ram-runtime error runtime-services-fail 8\n" },
		{ "conventional", "extra=7",
		  "type-ram-runtime error runtime-services-fail 8\n" },
		{ "code as conventional", "2.type=7",
		  "type-ram-runtime error runtime-services-fail 2\n" },
		{ "conventional, mixed mode", "extra=7 mixed",
		  "type-ram-runtime error runtime-services-fail 8\n" },
		{ "unusable", "extra=8",
		  "type-impossible error runtime-services-fail 8\n" },
		{ "unaccepted", "extra=15",
		  "type-impossible error runtime-services-fail 8\n" },
		{ "PAL code", "extra=13",
		  "type-impossible warning runtime-services-fail 8\n" },
		{ "unusable without RUNTIME", "extra=8 8.attr=0xf",
		  "runtime-bit-missing warning none 8\n" },
		{ "persistent", "extra=14", "" },
		{ "ACPI NVS", "extra=10", "" },
		{ "first undefined", "extra=16",
		  "type-reserved-range warning runtime-services-fail 8\n" },
		{ "last undefined", "extra=0x6fffffff",
		  "type-reserved-range warning runtime-services-fail 8\n" },
		{ "first of the OEM", "extra=0x70000000", "" },
		{ "highest", "extra=0xffffffff", "" },
		{ "code of undefined type", "2.type=16",
		  "no-runtime-code error runtime-services-fail\n"
		  "type-reserved-range warning runtime-services-fail 2\n" },
		{ "data without cacheability", "3.attr=0x8000000000000000",
		  "attr-no-cache warning none 3\n" },
		{ "data with XP and RO only", "3.attr=0x8000000000024000",
		  "attr-no-cache warning none 3\n" },
		{ "data with UCE only", "3.attr=0x8000000000000010", "" },
		{ "MMIO without cacheability", "0.attr=0x8000000000000000", "" },
		{ "reserved without cacheability", "extra=0 8.attr=0x8000000000000000",
		  "" },
		{ "unknown bit", "2.attr|0x200000",
		  "attr-unknown-bits warning none 2\n" },
		{ "every known bit", "2.attr|0x4ffff000001ff010", "" },
		{ "without code", "drop=5",
		  "no-runtime-code error runtime-services-fail\n" },
		{ "without data", "drop=6",
		  "no-runtime-data error runtime-services-fail\n" },
		{ "with one data", "1.type=11 3.type=11", "" },
		{ "without code, a file is broken", "drop=5",
		  "map-value-syntax error none 7\n", NULL, add_broken_file },
		{ "without code, an odd name", "drop=5",
		  "map-name-odd warning none\n", NULL, add_odd_name },
		{ "without code, a sixth file", "drop=5",
		  "no-runtime-code error runtime-services-fail\n", NULL, add_sixth_file },
		{ "unusable instead of code", "drop=5 0.type=8",
		  "type-impossible error runtime-services-fail 0\n" },
		{ "the lowest is unusable", "drop=5 6.type=8",
		  "type-impossible error runtime-services-fail 6\n" },
		{ "PAL code instead of code", "drop=5 extra=13",
		  "no-runtime-code error runtime-services-fail\n"
		  "type-impossible warning runtime-services-fail 7\n" },
		{ "unusable, not runtime, instead of code", "drop=5 extra=8 7.attr=0xf",
		  "no-runtime-code error runtime-services-fail\n"
		  "runtime-bit-missing warning none 7\n" },
		{ "without code, runtime off", "cmdline=efi=noruntime drop=5", "" },
		{ "code without pages", "2.pages=0x0",
		  "pages-zero error runtime-services-fail 2\n" },
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

static void all_ram(struct efimap *map)
{
	map->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_PRESENT;
	assert_int_equal(efimap_add_memmap(map, 0, 0, 0x9ffff, "System RAM", 10), 0);
	assert_int_equal(efimap_add_memmap(map, 1, 0x3d117000, 0x3d117fff, "Reserved", 8), 0);
	assert_int_equal(efimap_add_memmap(map, 2, 0x3d118000, 0x3d2fffff, "System RAM", 10),
			 0);
}

/* So many ranges in so many entries that a sweep keeps only the first of each entry. */
static void many_ranges(struct efimap *map)
{
	struct efimap_entry entry = { 0, 4, 0x100000000, 0, 0x40, 0x800000000000000f };

	map->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_PRESENT;
	for (uint32_t i = 0; i < 0x40; i++) {
		const uint64_t page = 0x100000000 + ((uint64_t)i << 12);
		const bool last = i == 0x3f;

		assert_int_equal(efimap_add_memmap(map, i, page, page + 0xfff,
						   last ? "System RAM" : "Reserved",
						   last ? 10 : 8), 0);
	}
	for (entry.index = 8; entry.index < 60; entry.index++) {
		entry.virt = UINT64_C(0xfffffffe00000000) + entry.index * UINT64_C(0x200000);
		assert_int_equal(efimap_add_entry(map, &entry), 0);
		assert_int_equal(efimap_add_name(map, entry.index), 0);
	}
}

TEST(notes_what_linux_kept)
{
	static const struct scene_case rows[] = {
		{ "kept", "", "boot-services-kept note none 5,6,7\n" },
		{ "nothing kept", "count=5", "" },
		{ "one kept", "count=6",
		  "boot-services-kept note none 5\n",
		  "keeps 1 boot-services entry in the map" },
		{ "shown by an old kernel", "release=4.8.17",
		  "boot-services-kept warning none 5,6,7\n",
		  "3 boot-services entries are in the map" },
		{ "one shown by an old kernel", "release=4.8.17 count=6",
		  "boot-services-kept warning none 5\n",
		  "1 boot-services entry is in the map" },
		{ "without RUNTIME",
		  "cmdline=efi=debug 5.attr=0xf 6.attr=0xf 7.attr=0xf", "" },
		{ "in RAM, named there", "",
		  "boot-services-kept note none 6\n", NULL, all_ram },
		{ "in RAM behind many ranges", "",
		  "boot-services-kept note none 5,6,7\n", NULL, many_ranges },
		{ "in RAM, nobody names it", "without=boot-services-in-ram",
		  "boot-services-kept note none 5,6,7\n", NULL, all_ram },
	};

	scene_run_cases(rows, ARRAY_SIZE(rows), "attr notes");
}
