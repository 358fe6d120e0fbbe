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
