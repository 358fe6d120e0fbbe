/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the numbering says, each exception, and that only the numbering says it. */
#include "check/scene.h"

static void healthy(struct scene *s)
{
}

static void two_of_code(struct scene *s)
{
	s->entries[3].type = 5;
}

/* Where the kernel puts them one below the other, they could have been one. */
static void lowest_two(struct scene *s)
{
	s->entries[7].type = 5;
	s->entries[7].phys += 0x1000;
	s->entries[7].virt += 0x1000;
	scene_add(s, 5, 0, UINT64_C(0xfffffffefbe00000), 1, s->entries[7].attribute);
}

static void first_two(struct scene *s)
{
	s->entries[0] = s->entries[1];
	s->entries[0].index = 0;
	s->entries[0].phys += s->entries[1].pages * EFIMAP_PAGE_SIZE;
	s->entries[0].virt += s->entries[1].pages * EFIMAP_PAGE_SIZE;
}

static void other_attributes(struct scene *s)
{
	two_of_code(s);
	s->entries[3].attribute ^= EFIMAP_ATTR_WC;
}

static void a_page_between(struct scene *s)
{
	two_of_code(s);
	s->entries[3].pages--;
}

static void a_region_between_in_the_list(struct scene *s)
{
	two_of_code(s);
	s->entries[3].virt -= 0x200000;
}

static void a_number_between(struct scene *s)
{
	two_of_code(s);
	for (size_t i = 3; i < s->n_entries; i++)
		s->entries[i].index++;
}

static void boot_services_touch(struct scene *s)
{
	s->entries[6].pages = 3;
}

static void after_kexec(struct scene *s)
{
	two_of_code(s);
	s->runtime = 0xfffffffeff5ebb98;
}

static void before_4_3(struct scene *s)
{
	two_of_code(s);
	s->release = "4.2.0-1-amd64";
}

static void unknown_release(struct scene *s)
{
	two_of_code(s);
	s->release = "";
}

static void mixed_mode(struct scene *s)
{
	two_of_code(s);
	scene_make_mixed(s);
}

static void upper_region_first_in_the_list(struct scene *s)
{
	s->entries[3] = (struct efimap_entry){ 3,	   5,
					       0x3f6ec000, 0xfffffffeff0ec000,
					       0x100,	   0x800000000000000f };
	s->options.disabled[EFIMAP_RULE_PHYS_UNSORTED] = true;
}

static void low_mmio_last(struct scene *s)
{
	scene_add(s, 11, 0xb0000000, UINT64_C(0xfffffffefbc00000), 0x10,
		  0x8000000000000001);
}

static void low_mmio_last_after_kexec(struct scene *s)
{
	low_mmio_last(s);
	s->runtime = 0xfffffffeff5ebb98;
}

static void low_mmio_last_who_knows(struct scene *s)
{
	low_mmio_last(s);
	s->states[EFIMAP_SRC_RUNTIME] = EFIMAP_STATE_ABSENT;
}

static void ascending(struct scene *s)
{
	scene_make_mixed(s);
	for (uint32_t i = 0; i < s->n_entries; i++)
		s->entries[i].index = (uint32_t)s->n_entries - 1 - i;
}

static void equal_addresses(struct scene *s)
{
	scene_add(s, 3, 0, UINT64_C(0xfffffffefbc00000), 1, 0x800000000000000f);
}

static void only_the_odd_one_has_no_pages(struct scene *s)
{
	low_mmio_last(s);
	s->entries[8].pages = 0;
}

static void numbers_say_something(void **state)
{
	static const struct scene_row rows[] = {
		{ "healthy", healthy, "" },
		{ "two of code", two_of_code, "phys-adjacent note none 2,3\n" },
		{ "the first two", first_two, "phys-adjacent note none 0,1\n" },
		{ "the two lowest", lowest_two, "phys-adjacent note none 7,8\n" },
		{ "other attributes", other_attributes, "" },
		{ "a page between", a_page_between, "" },
		{ "a region between in the list", a_region_between_in_the_list, "" },
		{ "a number between", a_number_between, "" },
		{ "boot services", boot_services_touch, "" },
		{ "after kexec", after_kexec, "" },
		{ "before 4.3", before_4_3, "" },
		{ "unknown release", unknown_release, "" },
		{ "mixed mode", mixed_mode, "" },
		{ "the upper region first", upper_region_first_in_the_list, "" },
		{ "low MMIO last", low_mmio_last, "phys-unsorted note none\n" },
		{ "low MMIO last, after kexec", low_mmio_last_after_kexec, "" },
		{ "low MMIO last, who knows", low_mmio_last_who_knows, "" },
		{ "ascending", ascending, "" },
		{ "equal addresses", equal_addresses, "" },
		{ "the odd one has no range", only_the_odd_one_has_no_pages, "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct scene scene;

		scene_init(&scene, "overlap");
		scene.hears_notes = true;
		/* Entries that share pages on purpose are not the matter here. */
		scene.options.disabled[EFIMAP_RULE_PHYS_OVERLAP] = true;
		rows[i].change(&scene);
		scene_expect(&scene, rows[i].name, rows[i].expected);
	}
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_say_something),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
