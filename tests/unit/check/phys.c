/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The physical range of each entry: every rule at its boundary, and no finding of another
 * family on the way.
 */
#include "check/scene.h"

#define FAMILIES "shape phys virt layout attr"
#define LAST_PAGE UINT64_C(0xfffffffffffff000)
#define TOP (UINT64_C(1) << 52)
#define WINDOW_PAGES UINT64_C(0x1000000)

static void healthy(struct scene *s)
{
}

static void no_pages_in_code(struct scene *s)
{
	s->entries[2].pages = 0;
}

static void no_pages_in_boot_services(struct scene *s)
{
	s->entries[6].pages = 0;
}

static void all_zero(struct scene *s)
{
	s->entries[3] = (struct efimap_entry){ .index = 3 };
}

static void one_page(struct scene *s)
{
	s->entries[2].pages = 1;
}

static void unaligned_by_18(struct scene *s)
{
	s->entries[2].phys += 0x18;
}

static void unaligned_by_a_byte_less_than_a_page(struct scene *s)
{
	s->entries[6].phys += 0xfff;
	s->says = "it is 0xfff bytes above 0x3d117000";
}

/* Its last page ends where the next entry starts, and not a byte later. */
static void unaligned_by_a_byte_below_another(struct scene *s)
{
	s->entries[3].phys++;
}

static void unaligned_in_mixed_mode(struct scene *s)
{
	scene_make_mixed(s);
	s->entries[2].phys += 0x18;
}

static void wraps(struct scene *s)
{
	s->entries[1].phys = LAST_PAGE;
	s->entries[1].pages = 2;
}

static void wraps_by_pages_alone(struct scene *s)
{
	s->entries[6].pages = UINT64_C(1) << 52;
}

static void most_pages_that_do_not_wrap_in_boot_services(struct scene *s)
{
	s->entries[7].pages = (UINT64_C(1) << 52) - 1;
}

static void ends_at_2_64(struct scene *s)
{
	s->entries[1].phys = LAST_PAGE;
	s->entries[1].virt = 0xfffffffeffbff000;
	s->entries[1].pages = 1;
}

static void ends_at_2_52(struct scene *s)
{
	s->entries[1].phys = TOP - 0x1000;
	s->entries[1].virt = 0xfffffffeffbff000;
	s->entries[1].pages = 1;
}

static void crosses_2_52(struct scene *s)
{
	s->entries[1].phys = TOP - 0x1000;
	s->entries[1].virt = 0xfffffffeff9ff000;
	s->entries[1].pages = 2;
}

static void starts_at_2_52_in_boot_services(struct scene *s)
{
	s->entries[7].phys = TOP;
}

static void alone(struct scene *s, uint64_t pages)
{
	s->entries[0] = (struct efimap_entry){ 0, 11, UINT64_C(0x1000000000), EFIMAP_VA_END,
					       pages, 0x8000000000000001 };
	s->n_entries = 1;
	s->families = "phys virt layout";
}

static void fills_the_window(struct scene *s)
{
	alone(s, WINDOW_PAGES);
}

static void exceeds_the_window(struct scene *s)
{
	alone(s, WINDOW_PAGES + 1);
}

static void exceeds_the_window_in_mixed_mode(struct scene *s)
{
	alone(s, WINDOW_PAGES + 1);
	scene_make_mixed(s);
}

static void last_byte_at_2_52(struct scene *s)
{
	s->entries[1].phys = TOP - 0xfff;
	s->families = "phys";
	s->entries[1].pages = 1;
}

static void ends_at_2_52_beside_no_pages(struct scene *s)
{
	ends_at_2_52(s);
	no_pages_in_code(s);
}

static void fills_the_window_beside_no_pages(struct scene *s)
{
	alone(s, WINDOW_PAGES);
	scene_add(s, 6, 0x100000, EFIMAP_VA_END, 0,
		  EFIMAP_ATTR_RUNTIME | EFIMAP_ATTR_WB);
	s->families = "phys";
}

/* A sum of addresses that is divided by a page and a byte, or a page less a byte. */
static void alone_at_a_page_and_a_byte(struct scene *s)
{
	alone(s, 1);
	s->entries[0].phys = 0x1001;
	s->families = "phys";
}

static void alone_at_a_page_less_a_byte(struct scene *s)
{
	alone(s, 1);
	s->entries[0].phys = 0xfff;
	s->families = "phys";
}

static void judges_ranges(void **state)
{
	static const struct scene_row rows[] = {
		{ "healthy", healthy, "" },
		{ "code without pages", no_pages_in_code,
		  "pages-zero error runtime-services-fail 2\n" },
		{ "boot services without pages", no_pages_in_boot_services,
		  "pages-zero error entry-dropped 6\n" },
		{ "a descriptor of zeros", all_zero,
		  "pages-zero error runtime-services-fail 3\n" },
		{ "one page", one_page, "" },
		{ "0x18 above a page", unaligned_by_18, "phys-unaligned error none 2\n" },
		{ "0xfff above a page", unaligned_by_a_byte_less_than_a_page,
		  "phys-unaligned error none 6\n" },
		{ "a byte above a page, below another", unaligned_by_a_byte_below_another,
		  "phys-unaligned error none 3\n" },
		{ "0x18 above a page, mixed mode", unaligned_in_mixed_mode,
		  "phys-unaligned error none 2\n" },
		{ "wraps", wraps, "range-overflow error runtime-services-fail 1\n" },
		{ "wraps, pages alone", wraps_by_pages_alone,
		  "range-overflow error entry-dropped 6\n" },
		{ "does not wrap, but", most_pages_that_do_not_wrap_in_boot_services,
		  "range-above-52 error none 7\n" },
		{ "ends at 2^64", ends_at_2_64,
		  "range-above-52 error runtime-services-fail 1\n" },
		{ "ends at 2^52", ends_at_2_52, "" },
		{ "crosses 2^52", crosses_2_52,
		  "range-above-52 error runtime-services-fail 1\n" },
		{ "boot services at 2^52", starts_at_2_52_in_boot_services,
		  "range-above-52 error none 7\n" },
		{ "a last byte of 2^52", last_byte_at_2_52,
		  "phys-unaligned error none 1\n"
		  "range-above-52 error runtime-services-fail 1\n" },
		{ "ends at 2^52, beside one without pages", ends_at_2_52_beside_no_pages,
		  "pages-zero error runtime-services-fail 2\n" },
		{ "fills the window, beside one without pages",
		  fills_the_window_beside_no_pages,
		  "pages-zero error runtime-services-fail 1\n" },
		{ "alone at 0x1001", alone_at_a_page_and_a_byte,
		  "phys-unaligned error none 0\n" },
		{ "alone at 0xfff", alone_at_a_page_less_a_byte,
		  "phys-unaligned error none 0\n" },
		{ "fills the window", fills_the_window, "" },
		{ "exceeds the window", exceeds_the_window,
		  "range-exceeds-window error does-not-boot 0\n" },
		{ "exceeds the window, mixed mode", exceeds_the_window_in_mixed_mode, "" },
	};

	scene_run(rows, ARRAY_SIZE(rows), FAMILIES);
}

/* The boot-services entry at 0 becomes what a row says. */
static void low(struct scene *s, uint32_t type, uint64_t phys, uint64_t pages)
{
	s->entries[7].type = type;
	s->entries[7].phys = phys;
	s->entries[7].virt += phys;
	s->entries[7].pages = pages;
}

static void data_at_zero(struct scene *s)
{
	low(s, 6, 0, 1);
}

static void data_at_zero_in_mixed_mode(struct scene *s)
{
	data_at_zero(s);
	scene_make_mixed(s);
}

static void data_at_an_offset_in_page_zero(struct scene *s)
{
	low(s, 6, 0x18, 1);
}

static void data_in_page_one(struct scene *s)
{
	low(s, 6, 0x1000, 1);
}

static void boot_services_below_the_hole(struct scene *s)
{
	low(s, 4, 0, 0xa0);
}

static void boot_services_into_the_hole(struct scene *s)
{
	low(s, 4, 0, 0xa1);
}

static void boot_services_into_the_hole_alone(struct scene *s)
{
	boot_services_into_the_hole(s);
	s->options.disabled[EFIMAP_RULE_PHYS_ZERO] = true;
}

static void boot_services_into_the_hole_in_mixed_mode(struct scene *s)
{
	boot_services_into_the_hole(s);
	scene_make_mixed(s);
}

static void everything_from_zero(struct scene *s)
{
	low(s, 6, 0, WINDOW_PAGES + 1);
	s->families = "phys";
}

static void up_to_the_hole(struct scene *s)
{
	low(s, 6, 0x9f000, 1);
}

static void first_page_of_the_hole(struct scene *s)
{
	low(s, 6, 0xa0000, 1);
}

static void last_page_of_the_hole(struct scene *s)
{
	low(s, 5, 0xff000, 1);
}

static void first_byte_of_the_hole(struct scene *s)
{
	low(s, 6, 0x9f001, 1);
}

static void last_byte_of_the_hole(struct scene *s)
{
	low(s, 6, 0xfffff, 1);
}

static void data_at_the_last_byte_of_page_zero(struct scene *s)
{
	low(s, 6, 0xfff, 1);
}

static void above_the_hole(struct scene *s)
{
	low(s, 6, 0x100000, 1);
}

static void reserved_in_the_hole(struct scene *s)
{
	low(s, 0, 0xa0000, 0x20);
}

static void mmio_in_the_hole(struct scene *s)
{
	low(s, 11, 0xa0000, 0x20);
}

static void judges_the_first_mib(void **state)
{
	static const struct scene_row rows[] = {
		{ "data at 0", data_at_zero, "phys-zero note none 7\n" },
		{ "data at 0, mixed mode", data_at_zero_in_mixed_mode, "" },
		{ "data at 0x18", data_at_an_offset_in_page_zero,
		  "phys-unaligned error none 7\nphys-zero note none 7\n" },
		{ "data in page 1", data_in_page_one, "" },
		{ "boot services below the hole", boot_services_below_the_hole, "" },
		{ "boot services into the hole", boot_services_into_the_hole,
		  "phys-zero warning none 7\n" },
		{ "the rule that is left names it", boot_services_into_the_hole_alone,
		  "range-below-1m warning none 7\n" },
		{ "into the hole, mixed mode", boot_services_into_the_hole_in_mixed_mode,
		  "range-below-1m warning none 7\n" },
		{ "everything", everything_from_zero,
		  "range-exceeds-window error does-not-boot 7\n" },
		{ "up to the hole", up_to_the_hole, "" },
		{ "the first page of the hole", first_page_of_the_hole,
		  "range-below-1m warning none 7\n" },
		{ "the last page of the hole", last_page_of_the_hole,
		  "range-below-1m warning none 7\n" },
		{ "the first byte of the hole", first_byte_of_the_hole,
		  "phys-unaligned error none 7\nrange-below-1m warning none 7\n" },
		{ "the last byte of the hole", last_byte_of_the_hole,
		  "phys-unaligned error none 7\nrange-below-1m warning none 7\n" },
		{ "data at 0xfff", data_at_the_last_byte_of_page_zero,
		  "phys-unaligned error none 7\nphys-zero note none 7\n" },
		{ "above the hole", above_the_hole, "" },
		{ "reserved memory in the hole", reserved_in_the_hole, "" },
		{ "MMIO in the hole", mmio_in_the_hole, "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct scene scene;

		scene_init(&scene, "phys");
		scene.hears_notes = true;
		rows[i].change(&scene);
		scene_expect(&scene, rows[i].name, rows[i].expected);
	}
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

static void judges_by_the_cpu(void **state)
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

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_ranges),
		cmocka_unit_test(judges_the_first_mib),
		cmocka_unit_test(judges_by_the_cpu),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
