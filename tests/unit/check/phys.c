/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The physical range of each entry, where it has more than one fault, or the CPU decides:
 * each rule at its bound is held by a made fixture.
 */
#include "check/scene.h"

#define TOP (UINT64_C(1) << 52)

TEST(judges_ranges)
{
	static const struct scene_case rows[] = {
		{ "more pages than the window has, up to 2^52",
		  "0.phys=0xfffeffffff000 0.pages=0x1000001 count=1 only=phys",
		  "range-exceeds-window error does-not-boot 0\n" },
		{ "and a byte more",
		  "0.phys=0xfffeffffff001 0.pages=0x1000001 count=1 only=phys",
		  "phys-unaligned error none 0\n"
		  "range-above-52 error runtime-services-fail 0\n" },
		{ "a last byte of 2^52", "1.phys=0xffffffffff001 1.pages=0x1 only=phys",
		  "phys-unaligned error none 1\n"
		  "range-above-52 error runtime-services-fail 1\n" },
	};

	scene_run_cases(rows, ARRAY_SIZE(rows), "shape phys virt layout attr");
}

TEST(judges_the_first_mib)
{
	static const struct scene_case rows[] = {
		{ "data in page 1", "7.type=6 7.phys+0x1000 7.virt+0x1000", "" },
		{ "the first byte of the hole", "7.type=6 7.phys+0x9f001 7.virt+0x9f001",
		  "phys-unaligned error none 7\n"
		  "range-below-1m warning none 7\n" },
		{ "data at 0xfff", "7.type=6 7.phys+0xfff 7.virt+0xfff",
		  "phys-unaligned error none 7\n"
		  "phys-zero note none 7\n" },
	};

	scene_run_cases(rows, ARRAY_SIZE(rows), "phys notes");
}

static void expect_with_bits(size_t n_entries, unsigned int bits,
			     enum efimap_state state, uint64_t phys, const char *expected)
{
	efimap_auto_report struct efimap_report *report = NULL;
	efimap_auto_map struct efimap *map = NULL;
	struct scene scene;
	efimap_auto_free char *text = NULL;

	scene_init(&scene, "phys");
	scene.entries[0].phys = phys;
	scene.n_entries = n_entries;
	map = scene_build(&scene, 0);
	map->states[EFIMAP_SRC_CPUINFO] = state;
	map->phys_bits = bits;
	assert_int_equal(efimap_verify(map, &scene.options, &report), 0);
	text = scene_text(&scene, report);
	if (strcmp(text, expected) != 0)
		fail_msg("%u bits:\nexpected:\n%sfound:\n%s", bits, expected, text);
}

TEST(judges_by_the_cpu)
{
	static const char above[] = "range-above-maxphys warning runtime-services-fail 0\n";
	const uint64_t bit_36 = UINT64_C(1) << 36, size = 0x400000;

	expect_with_bits(8, 36, EFIMAP_STATE_PRESENT, bit_36 - size, "");
	expect_with_bits(8, 36, EFIMAP_STATE_PRESENT, bit_36 - size + 0x1000, above);
	expect_with_bits(8, 36, EFIMAP_STATE_PRESENT, bit_36, above);
	expect_with_bits(1, 36, EFIMAP_STATE_PRESENT, bit_36, above);
	expect_with_bits(8, 37, EFIMAP_STATE_PRESENT, bit_36, "");
	expect_with_bits(8, 36, EFIMAP_STATE_ABSENT, bit_36, "");
	expect_with_bits(8, 64, EFIMAP_STATE_PRESENT, bit_36, "");
	/* Beyond 2^52 another rule speaks. */
	expect_with_bits(8, 46, EFIMAP_STATE_PRESENT, TOP,
			 "range-above-52 error runtime-services-fail 0\n");
}
