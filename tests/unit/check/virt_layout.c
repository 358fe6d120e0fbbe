/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Virtual ranges against each other: overlap, the bound of the layout, and the exact
 * layout where the map is whole. The same findings whatever the order, and in linear time.
 */
#include <time.h>

#include "check/scene.h"
#include "emulate/layout.h"

#define FAMILIES "phys virt layout"
#define MANY 100000

static void healthy(struct scene *s)
{
}

static void touching(struct scene *s)
{
	/* Entry 3 ends where entry 2 starts: that is so in the healthy map. */
	assert_int_equal(s->entries[3].virt + s->entries[3].pages * 4096, s->entries[2].virt);
}

static void one_page_too_many(struct scene *s)
{
	s->entries[3].pages++;
}

static void data_at_virt_of_code(struct scene *s)
{
	s->entries[3].virt = s->entries[2].virt;
}

/* Entry 4 reaches over 3 into 2: each is told of the one that reaches highest. */
static void one_over_two(struct scene *s)
{
	s->entries[4].pages = (s->entries[2].virt + 0x1000 - s->entries[4].virt) / 4096;
}

static void lowest_two(struct scene *s)
{
	s->entries[7].virt = s->entries[6].virt;
}

static void duplicate(struct scene *s)
{
	s->entries[s->n_entries] = s->entries[2];
	s->entries[s->n_entries].index = (uint32_t)s->n_entries;
	s->n_entries++;
}

static void duplicate_but_for_attribute(struct scene *s)
{
	duplicate(s);
	s->entries[s->n_entries - 1].attribute |= EFIMAP_ATTR_XP;
}

static void boot_services_only(struct scene *s)
{
	s->entries[6].virt = s->entries[5].virt;
	s->entries[6].phys = s->entries[5].phys;
}

static void identity_over_identity(struct scene *s)
{
	scene_make_mixed(s);
	s->entries[3].pages += 0x10;
}

/* A wrong place is a finding of its own and takes no part in comparisons. */
static void outside_twice(struct scene *s)
{
	s->entries[2].virt = s->entries[3].virt = 0x123400000;
}

static void bounds_and_overlaps(void **state)
{
	static const struct scene_row rows[] = {
		{ "healthy", healthy, "" },
		{ "touching", touching, "" },
		{ "one page too many", one_page_too_many,
		  "virt-overlap error runtime-services-fail 2,3\n"
		  "layout-bound warning none 3\n" },
		{ "data at the virt of the code", data_at_virt_of_code,
		  "virt-overlap error runtime-services-fail 2,3\n"
		  "virt-incongruent error runtime-services-fail 3\n"
		  "layout-bound warning none 3\n" },
		{ "one over two", one_over_two,
		  "virt-overlap error runtime-services-fail 2,4\n"
		  "virt-overlap error runtime-services-fail 3,4\n"
		  "layout-bound warning none 4\n" },
		{ "the two lowest", lowest_two,
		  "virt-overlap error none 6,7\n"
		  "virt-incongruent warning none 7\n"
		  "layout-bound warning none 7\n" },
		{ "duplicate", duplicate, "" },
		{ "duplicate but for attribute", duplicate_but_for_attribute,
		  "virt-overlap error runtime-services-fail 2,8\n"
		  "layout-bound warning none 2\n" },
		{ "boot services only", boot_services_only,
		  "virt-overlap error none 5,6\n"
		  "layout-bound warning none 6\n" },
		{ "identity", identity_over_identity, "" },
		{ "outside twice", outside_twice,
		  "virt-outside-window error runtime-services-fail 2\n"
		  "virt-outside-window error runtime-services-fail 3\n" },
	};

	scene_run(rows, ARRAY_SIZE(rows), FAMILIES);
}

/* Give every entry the address that the kernel gives it, in the order they stand. */
static void lay_out(struct scene *s)
{
	uint64_t va = EFIMAP_VA_START;

	for (size_t i = 0; i < s->n_entries; i++) {
		assert_int_equal(efimap_layout_next(va, s->entries[i].phys,
						    s->entries[i].pages, &va), 0);
		s->entries[i].virt = va;
	}
}

static void whole(struct scene *s)
{
	s->cmdline = "quiet efi=debug";
	s->entries[7].attribute = 0xf;
	lay_out(s);
}

static void whole_with_a_gap(struct scene *s)
{
	whole(s);
	for (size_t i = 4; i < s->n_entries; i++)
		s->entries[i].virt -= EFIMAP_LAYOUT_STEP;
}

static void gap_without_debug(struct scene *s)
{
	whole_with_a_gap(s);
	s->cmdline = "quiet";
	s->entries[7].attribute = 0x800000000000000f;
}

static void gap_in_boot_services(struct scene *s)
{
	whole(s);
	for (size_t i = 5; i < s->n_entries; i++)
		s->entries[i].virt -= EFIMAP_LAYOUT_STEP;
}

static void gap_before_4_9(struct scene *s)
{
	whole_with_a_gap(s);
	s->release = "4.8.17";
}

static void kexec_with_a_gap(struct scene *s)
{
	whole_with_a_gap(s);
	s->runtime = UINT64_C(0xfffffffeff5ebb98);
}

/* Nothing says that the first kernel had efi=debug too. */
static void kexec_with_a_gap_all_runtime(struct scene *s)
{
	kexec_with_a_gap(s);
	s->entries[7].attribute = 0x800000000000000f;
}

static void gap_and_a_broken_file(struct scene *s)
{
	whole_with_a_gap(s);
	scene_fault(s, EFIMAP_FAULT_MISSING, 8, "sys/firmware/efi/runtime-map/8/type");
}

static void gap_and_a_lost_entry(struct scene *s)
{
	whole_with_a_gap(s);
	s->entries[7].index = 9;
}

static void exact_layouts(void **state)
{
	static const struct scene_row rows[] = {
		{ "whole", whole, "" },
		{ "whole with a gap", whole_with_a_gap,
		  "layout-exact error runtime-services-fail 4\n" },
		{ "gap without efi=debug", gap_without_debug, "" },
		{ "gap in boot services", gap_in_boot_services,
		  "layout-exact error none 5\n" },
		{ "gap before 4.9", gap_before_4_9, "" },
		{ "kexec with a gap", kexec_with_a_gap,
		  "layout-exact error runtime-services-fail 4\n" },
		{ "kexec with a gap, all RUNTIME", kexec_with_a_gap_all_runtime, "" },
		{ "gap and a broken file", gap_and_a_broken_file, "" },
		{ "gap and a lost entry", gap_and_a_lost_entry, "" },
	};

	scene_run(rows, ARRAY_SIZE(rows), FAMILIES);
}

/* One page each, 2 MiB apart in both spaces, in the order of @order. */
static struct efimap *make_many(size_t count, const uint32_t *order)
{
	struct efimap *map = NULL;

	assert_int_equal(efimap_new("many", EFIMAP_ORIGIN_TREE, &map), 0);
	map->states[EFIMAP_SRC_EFI] = EFIMAP_STATE_PRESENT;
	map->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_PRESENT;
	map->states[EFIMAP_SRC_FW_PLATFORM_SIZE] = EFIMAP_STATE_PRESENT;
	map->platform_size = 64;
	for (uint32_t i = 0; i < count; i++) {
		const uint64_t at = (uint64_t)order[i] * 0x8000;
		const struct efimap_entry entry = {
			.index = i,
			.type = 5 + (i & 1),
			.phys = 0x40000000 + at,
			.virt = 0xfffffff000000000 + at,
			.pages = 1,
			.attribute = 0x800000000000000f,
		};

		assert_int_equal(efimap_add_entry(map, &entry), 0);
		assert_int_equal(efimap_add_name(map, i), 0);
	}
	assert_int_equal(efimap_seal(map), 0);
	return map;
}

static double seconds_to_judge(size_t count)
{
	uint32_t *order = calloc(count, sizeof(*order));
	struct timespec start, end;
	struct efimap_report *report = NULL;
	struct efimap *map;

	assert_non_null(order);
	for (uint32_t i = 0; i < count; i++)
		order[i] = i;
	scene_shuffle(order, count, 7);
	map = make_many(count, order);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
	assert_int_equal(efimap_verify(map, NULL, &report), 0);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	/* map-too-big above the limit, and nothing else of these families. */
	for (size_t i = 0; i < report->n_findings; i++)
		if (report->findings[i].severity == EFIMAP_ERROR)
			assert_string_equal(report->findings[i].rule->name, "map-too-big");
	efimap_report_free(report);
	efimap_free(map);
	free(order);
	return (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
}

/* Quadratic time would be a hundred times as much for ten times the entries. */
static void takes_time_in_proportion(void **state)
{
	const double few = seconds_to_judge(MANY / 10), many = seconds_to_judge(MANY);

	assert_true(many < 40 * few + 0.1);
}

/* What goes beyond the limit for one rule is one finding that names the rest. */
static void speaks_a_bounded_number_of_times(void **state)
{
	uint32_t order[1000] = { 0 };
	efimap_auto_map struct efimap *map = make_many(ARRAY_SIZE(order), order);
	efimap_auto_report struct efimap_report *report = NULL;
	const struct efimap_finding *last = NULL;
	struct efimap_verify_options options = EFIMAP_VERIFY_OPTIONS_INIT;
	size_t found = 0;

	for (unsigned int i = 0; i < EFIMAP_RULE_COUNT; i++)
		options.disabled[i] = i != EFIMAP_RULE_VIRT_OVERLAP;
	/* All at one address, half of them code: every second differs from the one before. */
	assert_int_equal(efimap_verify(map, &options, &report), 0);
	for (size_t i = 0; i < report->n_findings; i++) {
		assert_int_equal(report->findings[i].rule->id, EFIMAP_RULE_VIRT_OVERLAP);
		found++;
		if (report->findings[i].n_entries > 2)
			last = &report->findings[i];
	}
	assert_int_equal(found, 101);
	assert_non_null(last);
	assert_int_equal(last->entries[last->n_entries - 1], 999);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bounds_and_overlaps),
		cmocka_unit_test(exact_layouts),
		cmocka_unit_test(takes_time_in_proportion),
		cmocka_unit_test(speaks_a_bounded_number_of_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
