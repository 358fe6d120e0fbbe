/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The physical range of each entry: every rule at its boundary, and no finding of another
 * family on the way.
 */
#include "check/scene.h"

#define TOP (UINT64_C(1) << 52)

TEST(judges_ranges)
{
	static const struct scene_case rows[] = {
		{ "healthy", "", "" },
		{ "code without pages", "2.pages=0x0",
		  "pages-zero error runtime-services-fail 2\n" },
		{ "boot services without pages", "6.pages=0x0",
		  "pages-zero error entry-dropped 6\n" },
		{ "a descriptor of zeros",
		  "3.type=0 3.phys=0x0 3.virt=0x0 3.pages=0x0 3.attr=0x0",
		  "pages-zero error runtime-services-fail 3\n" },
		{ "one page", "2.pages=0x1", "" },
		{ "0x18 above a page", "2.phys+0x18", "phys-unaligned error none 2\n" },
		{ "0xfff above a page", "6.phys+0xfff",
		  "phys-unaligned error none 6\n",
		  "it is 0xfff bytes above 0x3d117000" },
		{ "a byte above a page, below another", "3.phys+0x1",
		  "phys-unaligned error none 3\n" },
		{ "0x18 above a page, mixed mode", "mixed 2.phys+0x18",
		  "phys-unaligned error none 2\n" },
		{ "wraps", "1.phys=0xfffffffffffff000 1.pages=0x2",
		  "range-overflow error runtime-services-fail 1\n" },
		{ "wraps, pages alone", "6.pages=0x10000000000000",
		  "range-overflow error entry-dropped 6\n" },
		{ "does not wrap, but", "7.pages=0xfffffffffffff",
		  "range-above-52 error none 7\n" },
		{ "ends at 2^64",
		  "1.phys=0xfffffffffffff000 1.virt+0x10b000 1.pages=0x1",
		  "range-above-52 error runtime-services-fail 1\n" },
		{ "ends at 2^52", "1.phys=0xffffffffff000 1.virt+0x10b000 1.pages=0x1",
		  "" },
		{ "crosses 2^52", "1.phys=0xffffffffff000 1.virt-0xf5000 1.pages=0x2",
		  "range-above-52 error runtime-services-fail 1\n" },
		{ "boot services at 2^52", "7.phys=0x10000000000000",
		  "range-above-52 error none 7\n" },
		{ "a last byte of 2^52", "1.phys=0xffffffffff001 1.pages=0x1 only=phys",
		  "phys-unaligned error none 1\n"
		  "range-above-52 error runtime-services-fail 1\n" },
		{ "ends at 2^52, beside one without pages",
		  "1.phys=0xffffffffff000 1.virt+0x10b000 1.pages=0x1 2.pages=0x0",
		  "pages-zero error runtime-services-fail 2\n" },
		{ "fills the window, beside one without pages",
		  "0.phys=0x1000000000 0.virt=0xffffffef00000000 0.pages=0x1000000 "
		  "1.phys=0x100000 1.virt=0xffffffef00000000 1.pages=0 count=2 only=phys",
		  "pages-zero error runtime-services-fail 1\n" },
		{ "alone at 0x1001",
		  "0.phys=0x1001 0.virt=0xffffffef00000000 0.pages=0x1 count=1 only=phys",
		  "phys-unaligned error none 0\n" },
		{ "alone at 0xfff",
		  "0.phys=0xfff 0.virt=0xffffffef00000000 0.pages=0x1 count=1 only=phys",
		  "phys-unaligned error none 0\n" },
		{ "fills the window",
		  "0.phys=0x1000000000 0.virt=0xffffffef00000000 0.pages=0x1000000 "
		  "count=1 only=phys+virt+layout",
		  "" },
		{ "exceeds the window",
		  "0.phys=0x1000000000 0.virt=0xffffffef00000000 0.pages=0x1000001 "
		  "count=1 only=phys+virt+layout",
		  "range-exceeds-window error does-not-boot 0\n" },
		{ "exceeds the window, mixed mode",
		  "mixed 0.phys=0x1000000000 0.virt=0x1000000000 0.pages=0x1000001 "
		  "count=1 only=phys+virt+layout",
		  "" },
	};

	scene_run_cases(rows, ARRAY_SIZE(rows), "shape phys virt layout attr");
}

TEST(judges_the_first_mib)
{
	static const struct scene_case rows[] = {
		{ "data at 0", "7.type=6", "phys-zero note none 7\n" },
		{ "data at 0, mixed mode", "mixed 7.type=6", "" },
		{ "data at 0x18", "7.type=6 7.phys+0x18 7.virt+0x18",
		  "phys-unaligned error none 7\n"
		  "phys-zero note none 7\n" },
		{ "data in page 1", "7.type=6 7.phys+0x1000 7.virt+0x1000", "" },
		{ "boot services below the hole", "7.type=4 7.pages+0x9f", "" },
		{ "boot services into the hole", "7.type=4 7.pages+0xa0",
		  "phys-zero warning none 7\n" },
		{ "the rule that is left names it",
		  "without=phys-zero 7.type=4 7.pages+0xa0",
		  "range-below-1m warning none 7\n" },
		{ "into the hole, mixed mode", "mixed 7.type=4 7.pages+0xa0",
		  "range-below-1m warning none 7\n" },
		{ "everything", "7.type=6 7.pages=0x1000001",
		  "range-exceeds-window error does-not-boot 7\n" },
		{ "up to the hole", "7.type=6 7.phys+0x9f000 7.virt+0x9f000", "" },
		{ "the first page of the hole", "7.type=6 7.phys+0xa0000 7.virt+0xa0000",
		  "range-below-1m warning none 7\n" },
		{ "the last page of the hole", "7.type=5 7.phys+0xff000 7.virt+0xff000",
		  "range-below-1m warning none 7\n" },
		{ "the first byte of the hole", "7.type=6 7.phys+0x9f001 7.virt+0x9f001",
		  "phys-unaligned error none 7\n"
		  "range-below-1m warning none 7\n" },
		{ "the last byte of the hole", "7.type=6 7.phys+0xfffff 7.virt+0xfffff",
		  "phys-unaligned error none 7\n"
		  "range-below-1m warning none 7\n" },
		{ "data at 0xfff", "7.type=6 7.phys+0xfff 7.virt+0xfff",
		  "phys-unaligned error none 7\n"
		  "phys-zero note none 7\n" },
		{ "above the hole", "7.type=6 7.phys+0x100000 7.virt+0x100000", "" },
		{ "reserved memory in the hole",
		  "7.type=0 7.phys+0xa0000 7.virt+0xa0000 7.pages+0x1f", "" },
		{ "MMIO in the hole",
		  "7.type=11 7.phys+0xa0000 7.virt+0xa0000 7.pages+0x1f", "" },
	};

	scene_run_cases(rows, ARRAY_SIZE(rows), "phys notes");
}

static void expect_with_bits_of(size_t n_entries, unsigned int bits,
				enum efimap_state state, uint64_t phys, const char *expected)
{
	efimap_auto_report struct efimap_report *report = NULL;
	efimap_auto_map struct efimap *map = NULL;
	struct scene scene;
	char *text;

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
	free(text);
}

static void expect_with_bits(unsigned int bits, enum efimap_state state, uint64_t phys,
			     const char *expected)
{
	expect_with_bits_of(8, bits, state, phys, expected);
}

TEST(judges_by_the_cpu)
{
	static const char above[] = "range-above-maxphys warning none 0\n";
	const uint64_t bit_36 = UINT64_C(1) << 36, size = 0x400000;

	expect_with_bits(36, EFIMAP_STATE_PRESENT, bit_36 - size, "");
	expect_with_bits(36, EFIMAP_STATE_PRESENT, bit_36 - size + 0x1000, above);
	expect_with_bits(36, EFIMAP_STATE_PRESENT, bit_36, above);
	expect_with_bits_of(1, 36, EFIMAP_STATE_PRESENT, bit_36, above);
	expect_with_bits(37, EFIMAP_STATE_PRESENT, bit_36, "");
	expect_with_bits(36, EFIMAP_STATE_ABSENT, bit_36, "");
	expect_with_bits(64, EFIMAP_STATE_PRESENT, bit_36, "");
	/* Beyond 2^52 another rule speaks. */
	expect_with_bits(46, EFIMAP_STATE_PRESENT, TOP,
			 "range-above-52 error runtime-services-fail 0\n");
}
