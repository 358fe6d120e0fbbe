/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rare types and attribute bits: which entries each summary takes, and which it leaves.
 */
#include "check/scene.h"

#define RUN EFIMAP_ATTR_RUNTIME

/* struct one - type and attribute of a fifth region of a healthy map, and what is said */
struct one {
	const char *name;
	uint32_t type;
	uint64_t attribute;
	const char *expected;
};

static const struct one ones[] = {
	{ "data as usual", 6, RUN | 0xf, "" },
	{ "the last undefined type", 6 + 0x6ffffff9, RUN | 0xf, "" },
	{ "the first type of vendors", 0x70000000, RUN | 0xf, "type-oem note none 4\n" },
	{ "the last type of boot loaders", UINT32_MAX, RUN | 0xf,
	  "type-oem note none 4\n" },
	{ "reserved", 0, RUN | 0xf, "type-nvs-acpi-rt note none 4\n" },
	{ "ACPI reclaim", 9, RUN | 0xf, "type-nvs-acpi-rt note none 4\n" },
	{ "ACPI NVS", 10, RUN | 0xf, "type-nvs-acpi-rt note none 4\n" },
	{ "persistent", 14, RUN | 0xf, "type-nvs-acpi-rt warning none 4\n" },
	{ "reserved without RUNTIME", 0, 0xf, "" },
	{ "persistent without RUNTIME", 14, 0xf, "" },
	{ "data, WB only", 6, RUN | 8, "" },
	{ "data, everything but WB", 6, RUN | 0x17, "attr-code-not-wb warning none 4\n" },
	{ "data, no cacheability at all", 6, RUN, "" },
	{ "boot services without WB", 4, RUN | 7, "" },
	{ "MMIO, no cacheability at all", 11, RUN, "" },
	{ "MMIO, WB without UC", 11, RUN | 8, "attr-mmio-no-uc warning none 4\n" },
	{ "MMIO, WT without UC", 11, RUN | 4, "" },
	{ "MMIO ports, WB without UC", 12, RUN | 8, "attr-mmio-no-uc warning none 4\n" },
	{ "MMIO as on AMI boards", 11, RUN | 0x100d, "attr-mmio-wb note none 4\n" },
	{ "MMIO ports with both", 12, RUN | 9, "" },
	{ "data with RP", 6, RUN | 0x200f, "attr-rp-wp note none 4\n" },
	{ "data with WP", 6, RUN | 0x100f, "attr-rp-wp note none 4\n" },
	{ "boot services with WP", 4, RUN | 0x100f, "" },
	{ "MMIO with RP", 11, RUN | 0x2001, "attr-rp-wp note none 4\n" },
	{ "data with SP", 6, RUN | 0x4000f, "attr-sp warning none 4\n" },
	{ "SP without RUNTIME", 6, 0x4000f, "" },
};

TEST(each_summary_takes_its_entries)
{
	for (size_t i = 0; i < ARRAY_SIZE(ones); i++) {
		struct scene scene;

		scene_init(&scene, "bits");
		scene.hears_notes = true;
		scene.entries[4].type = ones[i].type;
		scene.entries[4].attribute = ones[i].attribute;
		scene_expect(&scene, ones[i].name, ones[i].expected);
	}
}

static void add_log(struct efimap *map)
{
	map->states[EFIMAP_SRC_KERNEL_LOG] = EFIMAP_STATE_PRESENT;
	assert_int_equal(efimap_add_table(map, "ACPI", 4, 0x3f77d000), 0);
}

static void add_log_with_memattr(struct efimap *map)
{
	add_log(map);
	assert_int_equal(efimap_add_table(map, "MEMATTR", 7, 0x3d117018), 0);
}

static void log_without_tables(struct efimap *map)
{
	map->states[EFIMAP_SRC_KERNEL_LOG] = EFIMAP_STATE_PRESENT;
}

TEST(maps_as_a_whole)
{
	static const struct scene_case rows[] = {
		{ "without a physical range", "4.type=0x70000000 4.pages=0x0", "" },
		{ "many", "1.attr|0x1000 3.attr|0x1000 4.attr|0x2000",
		  "attr-rp-wp note none 1,3,4\n" },
		{ "named by the rule that is left",
		  "without=attr-mmio-no-uc 0.attr=0x8000000000000008",
		  "attr-mmio-wb note none 0\n" },
		{ "no Memory Attributes Table", "",
		  "attr-wx note none 2\n", NULL, add_log },
		{ "a Memory Attributes Table", "",
		  "", NULL, add_log_with_memattr },
		{ "a log without tables", "",
		  "", NULL, log_without_tables },
		{ "a kernel that ignores it", "release=4.9.0-19-amd64",
		  "attr-wx note none 2\n", NULL, add_log_with_memattr },
		{ "a kexec'ed kernel", "kexec",
		  "attr-wx note none 2\n", NULL, add_log_with_memattr },
		{ "read-only code", "2.attr|0x20000",
		  "", NULL, add_log },
		{ "all code XP", "2.attr|0x4000", "attr-xp-code warning none 2\n" },
		{ "no split", "2.attr|0x4000 3.type=5",
		  "attr-xp-code warning none 2\n" },
		{ "split", "2.attr|0x4000 3.type=5 3.attr|0x20000", "" },
		{ "split without code", "2.attr|0x4000 3.type=5 3.attr|0x24000",
		  "attr-xp-code warning none 2,3\n" },
		{ "neighbours", "3.type=5", "" },
		{ "neighbours differ", "2.attr|0x8000 3.type=5",
		  "attr-inconsistent note none 2,3\n" },
		{ "the two lowest differ",
		  "7.type=6 extra=6 8.phys=0x1000 8.virt=0xfffffffefbe01000 "
		  "8.pages=1 8.attr=0x800000000000800f",
		  "attr-inconsistent note none 7,8\n" },
		{ "neighbours differ, not asked",
		  "without=attr-inconsistent 2.attr|0x8000 3.type=5", "" },
		{ "neighbours agree", "2.attr|0x8000 3.type=5 3.attr|0x8000", "" },
		{ "another bit", "2.attr|0x80000 3.type=5", "" },
		{ "two types", "2.attr|0x10000", "" },
		{ "a page between", "2.attr|0x8000 3.type=5 3.pages=0xff", "" },
		{ "boot services", "5.attr|0x10000 6.pages+0x2", "" },
	};

	scene_run_cases(rows, ARRAY_SIZE(rows), "bits notes");
}

/* What the running system says of itself does not come out of an empty log. */
TEST(skips_attr_wx_without_a_log)
{
	struct scene scene;
	efimap_auto_map struct efimap *map = NULL;
	efimap_auto_report struct efimap_report *report = NULL;
	size_t times = 0;

	scene_init(&scene, "bits");
	map = scene_build(&scene, 0);
	assert_int_equal(efimap_verify(map, &scene.options, &report), 0);
	for (size_t i = 0; i < report->n_skipped; i++)
		times += report->skipped[i].rule->id == EFIMAP_RULE_ATTR_WX;
	assert_int_equal(times, 1);
}
