/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rare types and attribute bits, as far as no made fixture holds them. */
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
	{ "MMIO ports, WB without UC", 12, RUN | 8, "attr-mmio-no-uc warning none 4\n" },
	{ "data with RP", 6, RUN | 0x200f, "attr-rp-wp note none 4\n" },
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

static void log_without_tables(struct efimap *map)
{
	map->states[EFIMAP_SRC_KERNEL_LOG] = EFIMAP_STATE_PRESENT;
}

TEST(maps_as_a_whole)
{
	static const struct scene_case rows[] = {
		{ "a log without tables", "",
		  "", NULL, log_without_tables },
		{ "the two lowest differ",
		  "7.type=6 extra=6 8.phys=0x1000 8.virt=0xfffffffefbe01000 "
		  "8.pages=1 8.attr=0x800000000000800f",
		  "attr-inconsistent note none 7,8\n" },
		{ "a page between", "2.attr|0x8000 3.type=5 3.pages=0xff", "" },
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
