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

static void each_summary_takes_its_entries(void **state)
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

static void unsound(struct scene *s)
{
	s->entries[4].type = 0x70000000;
	s->entries[4].pages = 0;
}

static void many_are_one(struct scene *s)
{
	s->entries[1].attribute |= 0x1000;
	s->entries[3].attribute |= 0x1000;
	s->entries[4].attribute |= 0x2000;
}

/* Nobody else would say it then. */
static void mmio_no_uc_alone(struct scene *s)
{
	s->entries[0].attribute = RUN | 8;
	s->options.disabled[EFIMAP_RULE_ATTR_MMIO_NO_UC] = true;
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

static void no_memattr(struct scene *s)
{
	s->more = add_log;
}

static void memattr(struct scene *s)
{
	s->more = add_log_with_memattr;
}

static void log_says_nothing(struct scene *s)
{
	s->more = log_without_tables;
}

static void memattr_before_4_11(struct scene *s)
{
	memattr(s);
	s->release = "4.9.0-19-amd64";
}

static void memattr_after_kexec(struct scene *s)
{
	memattr(s);
	s->runtime = 0xfffffffeff5ebb98;
}

static void read_only_code(struct scene *s)
{
	no_memattr(s);
	s->entries[2].attribute |= EFIMAP_ATTR_RO;
}

static void xp_code(struct scene *s)
{
	s->entries[2].attribute |= EFIMAP_ATTR_XP;
}

static void xp_code_beside_writable_code(struct scene *s)
{
	xp_code(s);
	s->entries[3].type = 5;
}

static void xp_code_beside_read_only_code(struct scene *s)
{
	xp_code_beside_writable_code(s);
	s->entries[3].attribute |= EFIMAP_ATTR_RO;
}

static void xp_code_beside_read_only_data_of_code(struct scene *s)
{
	xp_code_beside_read_only_code(s);
	s->entries[3].attribute |= EFIMAP_ATTR_XP;
}

static void neighbours(struct scene *s)
{
	s->entries[3].type = 5;
}

static void neighbours_differ(struct scene *s)
{
	neighbours(s);
	s->entries[2].attribute |= EFIMAP_ATTR_NV;
}

static void neighbours_differ_unasked(struct scene *s)
{
	neighbours_differ(s);
	s->options.disabled[EFIMAP_RULE_ATTR_INCONSISTENT] = true;
}

static void lowest_differ(struct scene *s)
{
	s->entries[7].type = 6;
	scene_add(s, 6, 0x1000, UINT64_C(0xfffffffefbe01000), 1, RUN | EFIMAP_ATTR_NV | 0xf);
}

static void neighbours_agree(struct scene *s)
{
	neighbours_differ(s);
	s->entries[3].attribute |= EFIMAP_ATTR_NV;
}

static void neighbours_differ_otherwise(struct scene *s)
{
	neighbours(s);
	s->entries[2].attribute |= EFIMAP_ATTR_CPU_CRYPTO;
}

static void neighbours_of_two_types(struct scene *s)
{
	s->entries[2].attribute |= EFIMAP_ATTR_MORE_RELIABLE;
}

static void a_page_between(struct scene *s)
{
	neighbours_differ(s);
	s->entries[3].pages--;
}

static void boot_services_differ(struct scene *s)
{
	s->entries[5].attribute |= EFIMAP_ATTR_MORE_RELIABLE;
	s->entries[6].pages = 3;
}

static void maps_as_a_whole(void **state)
{
	static const struct scene_row rows[] = {
		{ "without a physical range", unsound, "" },
		{ "many", many_are_one, "attr-rp-wp note none 1,3,4\n" },
		{ "named by the rule that is left", mmio_no_uc_alone,
		  "attr-mmio-wb note none 0\n" },
		{ "no Memory Attributes Table", no_memattr, "attr-wx note none 2\n" },
		{ "a Memory Attributes Table", memattr, "" },
		{ "a log without tables", log_says_nothing, "" },
		{ "a kernel that ignores it", memattr_before_4_11,
		  "attr-wx note none 2\n" },
		{ "a kexec'ed kernel", memattr_after_kexec, "attr-wx note none 2\n" },
		{ "read-only code", read_only_code, "" },
		{ "all code XP", xp_code, "attr-xp-code warning none 2\n" },
		{ "no split", xp_code_beside_writable_code,
		  "attr-xp-code warning none 2\n" },
		{ "split", xp_code_beside_read_only_code, "" },
		{ "split without code", xp_code_beside_read_only_data_of_code,
		  "attr-xp-code warning none 2,3\n" },
		{ "neighbours", neighbours, "" },
		{ "neighbours differ", neighbours_differ,
		  "attr-inconsistent note none 2,3\n" },
		{ "the two lowest differ", lowest_differ, "attr-inconsistent note none 7,8\n" },
		{ "neighbours differ, not asked", neighbours_differ_unasked, "" },
		{ "neighbours agree", neighbours_agree, "" },
		{ "another bit", neighbours_differ_otherwise, "" },
		{ "two types", neighbours_of_two_types, "" },
		{ "a page between", a_page_between, "" },
		{ "boot services", boot_services_differ, "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct scene scene;

		scene_init(&scene, "bits");
		scene.hears_notes = true;
		rows[i].change(&scene);
		scene_expect(&scene, rows[i].name, rows[i].expected);
	}
}

/* What the running system says of itself does not come out of an empty log. */
static void skips_attr_wx_without_a_log(void **state)
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

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_summary_takes_its_entries),
		cmocka_unit_test(maps_as_a_whole),
		cmocka_unit_test(skips_attr_wx_without_a_log),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
