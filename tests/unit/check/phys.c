/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The physical range of each entry: every rule at its boundary, and no finding of another
 * family on the way.
 */
#include "check/scene.h"

#define FAMILIES "shape phys virt attr"
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
	s->families = "phys virt";
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
		{ "fills the window", fills_the_window, "" },
		{ "exceeds the window", exceeds_the_window,
		  "range-exceeds-window error runtime-services-fail 0\n" },
		{ "exceeds the window, mixed mode", exceeds_the_window_in_mixed_mode, "" },
	};

	scene_run(rows, ARRAY_SIZE(rows), FAMILIES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_ranges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
