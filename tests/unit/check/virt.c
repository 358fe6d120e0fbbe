/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The virtual range of each entry by itself: where it lies, alignment, congruence. One
 * cause is one finding.
 */
#include "check/scene.h"

#define FAMILIES "shape phys virt layout attr"

static void healthy(struct scene *s)
{
}

static void zero(struct scene *s)
{
	s->entries[2].virt = 0;
}

static void zero_in_boot_services(struct scene *s)
{
	s->entries[5].virt = 0;
}

/* In mixed mode the page at 0 is at 0. */
static void zero_at_zero(struct scene *s)
{
	scene_make_mixed(s);
}

static void zero_in_mixed_mode(struct scene *s)
{
	scene_make_mixed(s);
	s->entries[2].virt = 0;
}

static void narrow(struct scene *s)
{
	scene_make_32bit(s);
}

/* On a 32-bit kernel none need agree with the physical one modulo 2 MiB. */
static void narrow_congruent_to_nothing(struct scene *s)
{
	scene_make_32bit(s);
	s->entries[2].virt += EFIMAP_PAGE_SIZE;
}

static void narrow_zero(struct scene *s)
{
	scene_make_32bit(s);
	s->entries[2].virt = 0;
}

static void narrow_unaligned(struct scene *s)
{
	scene_make_32bit(s);
	s->entries[2].virt += 0x18;
}

static void narrow_lowest(struct scene *s)
{
	scene_make_32bit(s);
	s->entries[2].virt = UINT64_C(0x40000000);
}

static void narrow_too_low(struct scene *s)
{
	scene_make_32bit(s);
	s->entries[2].virt = UINT64_C(0x3ffff000);
	s->says = "which a 32-bit kernel does not have";
}

static void narrow_highest(struct scene *s)
{
	scene_make_32bit(s);
	s->entries[2].virt = UINT64_C(0xfff00000);
}

static void narrow_runs_out(struct scene *s)
{
	scene_make_32bit(s);
	s->entries[2].virt = UINT64_C(0xfff01000);
}

static void narrow_in_the_window(struct scene *s)
{
	const uint64_t virt = s->entries[2].virt;

	scene_make_32bit(s);
	s->entries[2].virt = virt;
}

static void narrow_in_the_kernels_text(struct scene *s)
{
	scene_make_32bit(s);
	s->entries[2].virt = UINT64_C(0xffffffff81000000);
}

static void narrow_overlap(struct scene *s)
{
	scene_make_32bit(s);
	s->entries[2].virt = s->entries[1].virt;
}

static void unaligned(struct scene *s)
{
	s->entries[2].virt += 0x18;
}

static void unaligned_like_phys(struct scene *s)
{
	s->entries[2].virt += 0x18;
	s->entries[2].phys += 0x18;
}

static void unaligned_in_mixed_mode(struct scene *s)
{
	scene_make_mixed(s);
	s->entries[2].virt += 0x18;
}

static void a_byte_above_in_mixed_mode(struct scene *s)
{
	scene_make_mixed(s);
	s->entries[2].virt++;
}

static void noncanonical(struct scene *s)
{
	s->entries[2].virt = UINT64_C(0x0000fffeff1ec000);
}

static void lowest_noncanonical(struct scene *s)
{
	s->entries[6].virt = UINT64_C(0x0000800000017000);
}

static void runs_into_noncanonical(struct scene *s)
{
	s->entries[5].virt = UINT64_C(0x00007fffffffa000);
}

static void highest_low_canonical(struct scene *s)
{
	s->entries[6].virt = UINT64_C(0x00007ffffffff000);
}

static void five_level_kernel(struct scene *s)
{
	s->entries[2].virt = UINT64_C(0xff110000001ec000);
}

static void outside_low(struct scene *s)
{
	s->entries[2].virt = 0x1234ec000;
}

static void outside_above(struct scene *s)
{
	s->entries[2].virt = UINT64_C(0xffffffff101ec000);
}

static void outside_just_below(struct scene *s)
{
	s->entries[7].virt = UINT64_C(0xffffffeeffe00000);
}

static void lowest_of_window(struct scene *s)
{
	s->entries[7].virt = UINT64_C(0xffffffef00000000);
}

static void in_direct_map(struct scene *s)
{
	s->entries[2].virt = UINT64_C(0xffff88803f5ec000);
}

static void in_text(struct scene *s)
{
	s->entries[2].virt = UINT64_C(0xffffffff801ec000);
}

static void just_below_text(struct scene *s)
{
	s->entries[6].virt = UINT64_C(0xffffffff7ff17000);
}

static void wraps(struct scene *s)
{
	s->entries[2].virt = UINT64_C(0xfffffffffffec000);
}

static void over_the_top(struct scene *s)
{
	s->entries[0].pages = 0x401;
}

static void over_the_bottom(struct scene *s)
{
	s->entries[2].virt = UINT64_C(0xffffffeefffec000);
}

static void old_map(struct scene *s)
{
	s->hears_notes = true;
	s->options.disabled[EFIMAP_RULE_NONIDENTITY] = true;
	s->options.disabled[EFIMAP_RULE_BOOT_SERVICES_KEPT] = true;
	for (size_t i = 0; i < s->n_entries; i++)
		s->entries[i].virt = UINT64_C(0xffff880000000000) + s->entries[i].phys;
}

static void old_map_4_9(struct scene *s)
{
	old_map(s);
	s->release = "4.9.0-19-amd64";
}

static void old_map_5_9(struct scene *s)
{
	old_map(s);
	s->release = "5.9.16";
}

static void one_in_direct_map(struct scene *s, const char *release)
{
	in_direct_map(s);
	s->options.disabled[EFIMAP_RULE_BOOT_SERVICES_KEPT] = true;
	s->release = release;
}

static void direct_map_5_4(struct scene *s)
{
	one_in_direct_map(s, "5.4.0-26-generic");
}

static void direct_map_4_8(struct scene *s)
{
	one_in_direct_map(s, "4.8.17");
}

static void direct_map_5_10(struct scene *s)
{
	one_in_direct_map(s, "5.10.0-30-amd64");
}

static void direct_map_of_unknown_release(struct scene *s)
{
	one_in_direct_map(s, "");
}

static void a_page_up(struct scene *s)
{
	s->entries[2].virt += 0x1000;
}

/* Data lies right below. */
static void phys_a_page_up(struct scene *s)
{
	s->entries[2].phys += 0x1000;
}

static void a_page_down(struct scene *s)
{
	s->entries[2].virt -= 0x1000;
}

static void boot_services_off_by_one_page(struct scene *s)
{
	s->entries[7].virt -= 0x1000;
}

static void off_by_2m(struct scene *s)
{
	s->entries[7].virt -= 0x200000;
}

/* The aligned block [0x...fb800000, 0x...fba00000) lies inside exactly. */
static void boot_services_with_big_page(struct scene *s)
{
	s->entries[7].phys = 0x40000000;
	s->entries[7].virt = UINT64_C(0xfffffffefb7ff000);
	s->entries[7].pages = 0x201;
}

static void boot_services_a_page_short_of_big(struct scene *s)
{
	s->entries[7].phys = 0x40000000;
	s->entries[7].virt = UINT64_C(0xfffffffefb7ff000);
	s->entries[7].pages = 0x200;
}

static void swapped(struct scene *s)
{
	const uint64_t code = s->entries[2].virt;

	s->entries[2].virt = s->entries[4].virt;
	s->entries[4].virt = code;
}

/* The aligned GiB [0xfffffffe80000000, 0xfffffffec0000000) lies inside exactly. */
static void gib_inside(struct scene *s)
{
	s->entries[7].type = EFIMAP_TYPE_MMIO;
	s->entries[7].phys = 0x100000000 - 0x1000;
	s->entries[7].virt = UINT64_C(0xfffffffe7ffff000);
	s->entries[7].pages = 0x40001;
}

static void gib_inside_incongruent(struct scene *s)
{
	gib_inside(s);
	s->entries[7].phys += 0x200000;
}

static void gib_less_a_page(struct scene *s)
{
	gib_inside_incongruent(s);
	s->entries[7].pages--;
}

static void gib_incongruent_throughout(struct scene *s)
{
	gib_inside_incongruent(s);
	s->entries[7].phys += 0x1000;
}

static void gib_of_boot_services(struct scene *s)
{
	gib_inside_incongruent(s);
	s->entries[7].type = EFIMAP_TYPE_BOOT_DATA;
}

static void first_noncanonical(struct scene *s)
{
	s->entries[6].virt = UINT64_C(0x0000800000000000);
}

static void first_of_the_high_half(struct scene *s)
{
	s->entries[6].virt = EFIMAP_KERNEL_FIRST;
}

static void byte_below_the_high_half(struct scene *s)
{
	s->entries[6].virt = EFIMAP_KERNEL_FIRST - 1;
}

static void noncanonical_and_unaligned(struct scene *s)
{
	s->entries[2].virt = UINT64_C(0x0000fffeff1ec018);
}

static void unaligned_without_pages(struct scene *s)
{
	unaligned(s);
	s->entries[2].pages = 0;
}

static void byte_below_the_window(struct scene *s)
{
	s->entries[7].virt = EFIMAP_VA_END - 1;
}

/* As large as the window, and a page above where it starts. */
static void a_page_out_of_the_window(struct scene *s)
{
	s->entries[0] = (struct efimap_entry){ 0, 11, UINT64_C(0x1000001000),
					       EFIMAP_VA_END + 0x1000, 0x1000000,
					       0x8000000000000001 };
	s->n_entries = 1;
	s->families = "phys virt";
}

static void old_map_from_the_first_of_the_high_half(struct scene *s)
{
	old_map_4_9(s);
	s->entries[7].virt = EFIMAP_KERNEL_FIRST;
}

/* Of a release that is not known, and one address of no 64-bit kernel. */
static void old_map_and_a_low_one(struct scene *s)
{
	old_map(s);
	s->n_entries = 2;
	s->entries[1].virt = 0xc0000000;
}

static void old_map_up_to_the_window(struct scene *s)
{
	old_map_4_9(s);
	s->entries[7].virt = EFIMAP_VA_END - 0x1000;
}

static void old_map_into_the_window(struct scene *s)
{
	old_map_4_9(s);
	s->entries[7].virt = EFIMAP_VA_END - 0xfff;
}

/* Room for one aligned block of 2 MiB, or of a GiB, and for no page more. */
static void boot_services_of_a_big_page(struct scene *s)
{
	s->entries[7].phys = 0x40001000;
	s->entries[7].virt = UINT64_C(0xfffffffefb800000);
	s->entries[7].pages = 0x200;
}

static void gib_incongruent_and_no_more(struct scene *s)
{
	gib_inside(s);
	s->entries[7].phys = UINT64_C(0x100200000);
	s->entries[7].virt = UINT64_C(0xfffffffe80000000);
	s->entries[7].pages = 0x40000;
}

static void judges_addresses(void **state)
{
	static const struct scene_row rows[] = {
		{ "healthy", healthy, "" },
		{ "zero", zero, "virt-zero error runtime-services-fail 2\n" },
		{ "zero, boot services", zero_in_boot_services, "virt-zero error none 5\n" },
		{ "zero at zero, mixed mode", zero_at_zero, "" },
		{ "zero elsewhere, mixed mode", zero_in_mixed_mode,
		  "virt-zero error runtime-services-fail 2\n" },
		{ "a 32-bit kernel", narrow, "" },
		{ "congruent to nothing, 32-bit", narrow_congruent_to_nothing, "" },
		{ "zero, 32-bit", narrow_zero, "virt-zero error boots-without-efi 2\n" },
		{ "0x18 above a page, 32-bit", narrow_unaligned,
		  "virt-unaligned error boots-without-efi 2\n" },
		{ "lowest, 32-bit", narrow_lowest, "" },
		{ "below the lowest, 32-bit", narrow_too_low,
		  "virt-outside-window error boots-without-efi 2\n" },
		{ "highest, 32-bit", narrow_highest, "" },
		{ "runs beyond 4 GiB, 32-bit", narrow_runs_out,
		  "virt-outside-window error boots-without-efi 2\n" },
		{ "in the window, 32-bit", narrow_in_the_window,
		  "virt-outside-window error boots-without-efi 2\n" },
		{ "where 64-bit kernels have their text, 32-bit", narrow_in_the_kernels_text,
		  "virt-outside-window error boots-without-efi 2\n" },
		{ "one on another, 32-bit", narrow_overlap,
		  "virt-overlap error boots-without-efi 1,2\n" },
		{ "0x18 above a page", unaligned,
		  "virt-unaligned error runtime-services-fail 2\n" },
		{ "0x18 above a page as phys", unaligned_like_phys,
		  "phys-unaligned error none 2\n" },
		{ "0x18 above a page, mixed mode", unaligned_in_mixed_mode,
		  "virt-unaligned error runtime-services-fail 2\n" },
		{ "a byte above a page, mixed mode", a_byte_above_in_mixed_mode,
		  "virt-unaligned error runtime-services-fail 2\n" },
		{ "noncanonical", noncanonical,
		  "virt-noncanonical error runtime-services-fail 2\n" },
		{ "lowest noncanonical", lowest_noncanonical,
		  "virt-noncanonical error none 6\n" },
		{ "runs into noncanonical", runs_into_noncanonical,
		  "virt-noncanonical error none 5\n" },
		{ "the first noncanonical", first_noncanonical,
		  "virt-noncanonical error none 6\n" },
		{ "the first of the high half", first_of_the_high_half,
		  "virt-outside-window error none 6\n" },
		{ "a byte below the high half", byte_below_the_high_half,
		  "virt-noncanonical error none 6\n" },
		{ "noncanonical and unaligned", noncanonical_and_unaligned,
		  "virt-noncanonical error runtime-services-fail 2\n" },
		{ "unaligned without pages", unaligned_without_pages,
		  "pages-zero error runtime-services-fail 2\n" },
		{ "a byte below the window", byte_below_the_window,
		  "virt-unaligned error none 7\n"
		  "virt-window-straddle error none 7\n" },
		{ "a page out of the window", a_page_out_of_the_window,
		  "virt-window-straddle error runtime-services-fail 0\n" },
		{ "old_map from the first of the high half",
		  old_map_from_the_first_of_the_high_half,
		  "virt-outside-window note runtime-services-fail\n" },
		{ "old_map and a low one", old_map_and_a_low_one,
		  "virt-outside-window error runtime-services-fail 1\n"
		  "virt-kernel-range error runtime-services-fail 0\n"
		  "no-runtime-code error runtime-services-fail\n" },
		{ "old_map up to the window", old_map_up_to_the_window,
		  "virt-outside-window note runtime-services-fail\n" },
		{ "old_map into the window", old_map_into_the_window,
		  "virt-unaligned error none 7\n"
		  "virt-window-straddle error none 7\n"
		  "virt-outside-window note runtime-services-fail\n" },
		{ "a big page and no more", boot_services_of_a_big_page,
		  "virt-incongruent error none 7\n" },
		{ "a GiB and no more, incongruent", gib_incongruent_and_no_more,
		  "virt-1g-incongruent warning runtime-services-fail 7\n" },
		{ "highest canonical of the low half", highest_low_canonical,
		  "virt-outside-window error none 6\n" },
		{ "direct map of 5 levels", five_level_kernel,
		  "virt-kernel-range error runtime-services-fail 2\n" },
		{ "low", outside_low, "virt-outside-window error runtime-services-fail 2\n" },
		{ "above the window", outside_above,
		  "virt-outside-window error runtime-services-fail 2\n" },
		{ "CPU entry area", outside_just_below, "virt-outside-window error none 7\n" },
		{ "lowest of the window", lowest_of_window, "" },
		{ "direct map", in_direct_map,
		  "virt-kernel-range error runtime-services-fail 2\n" },
		{ "kernel text", in_text, "virt-kernel-range error runtime-services-fail 2\n" },
		{ "just below the text", just_below_text, "virt-outside-window error none 6\n" },
		{ "wraps", wraps, "virt-kernel-range error runtime-services-fail 2\n" },
		{ "over the top", over_the_top,
		  "virt-window-straddle error runtime-services-fail 0\n" },
		{ "over the bottom", over_the_bottom,
		  "virt-window-straddle error runtime-services-fail 2\n" },
		{ "old_map of 4.9", old_map_4_9,
		  "virt-outside-window note runtime-services-fail\n" },
		{ "old_map of 5.9", old_map_5_9,
		  "virt-outside-window note runtime-services-fail\n" },
		{ "direct map, 5.4, but only one", direct_map_5_4,
		  "virt-kernel-range error runtime-services-fail 2\n" },
		{ "direct map, 4.8", direct_map_4_8,
		  "virt-kernel-range error runtime-services-fail 2\n" },
		{ "direct map, 5.10", direct_map_5_10,
		  "virt-kernel-range error runtime-services-fail 2\n" },
		{ "direct map, release unknown", direct_map_of_unknown_release,
		  "virt-kernel-range error runtime-services-fail 2\n" },
		{ "code a page up", a_page_up,
		  "virt-incongruent error does-not-boot 2\n" },
		{ "code, phys a page up", phys_a_page_up,
		  "virt-incongruent error does-not-boot 2\n" },
		{ "code a page down", a_page_down,
		  "virt-overlap error runtime-services-fail 2,3\n"
		  "virt-incongruent error does-not-boot 2\n"
		  "layout-bound warning none 3\n" },
		{ "boot services off by a page", boot_services_off_by_one_page,
		  "virt-incongruent warning none 7\n" },
		{ "boot services off by 2 MiB", off_by_2m, "" },
		{ "a big page inside", boot_services_with_big_page,
		  "virt-incongruent error none 7\n" },
		{ "a page short of a big page", boot_services_a_page_short_of_big,
		  "virt-incongruent warning none 7\n" },
		{ "a GiB inside", gib_inside, "" },
		{ "a GiB inside, incongruent", gib_inside_incongruent,
		  "virt-1g-incongruent warning runtime-services-fail 7\n" },
		{ "a page short of a GiB", gib_less_a_page, "" },
		{ "a GiB, incongruent modulo 2 MiB", gib_incongruent_throughout,
		  "virt-incongruent error runtime-services-fail 7\n" },
		{ "a GiB of boot services", gib_of_boot_services,
		  "virt-1g-incongruent warning none 7\n" },
		{ "virt of code and data swapped", swapped,
		  "virt-incongruent error does-not-boot 2\n"
		  "virt-incongruent error runtime-services-fail 4\n" },
	};

	scene_run(rows, ARRAY_SIZE(rows), FAMILIES);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
