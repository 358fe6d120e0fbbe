/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /sys/firmware/memmap in two kernels: what differs is told, and firmware memory is no RAM. */
#include "check/compare.h"
#include "check/pair.h"

#define CODE UINT64_C(0x3f5ec000)

static void nothing(struct pair_of_kernels *pair)
{
	(void)pair;
}

static void one_more(struct pair_of_kernels *pair)
{
	pair->first.memmap[3].label = NULL;
}

static void one_less(struct pair_of_kernels *pair)
{
	pair->second.memmap[3].label = NULL;
}

static void one_less_below(struct pair_of_kernels *pair)
{
	pair->second.memmap[0].label = NULL;
}

static void another_end(struct pair_of_kernels *pair)
{
	pair->second.memmap[0].end--;
}

static void another_name(struct pair_of_kernels *pair)
{
	pair->second.memmap[3].label = "ACPI Tables";
}

static void turned_round(struct pair_of_kernels *pair)
{
	const struct kernel first = pair->first;

	for (size_t i = 0; i < 4; i++)
		pair->second.memmap[i] = first.memmap[3 - i];
}

static void reserved_in_ram_of_both(struct pair_of_kernels *pair)
{
	pair->first.memmap[2].label = pair->second.memmap[2].label = "System RAM";
}

static void ram_of_second(struct pair_of_kernels *pair)
{
	pair->second.memmap[2].label = "System RAM";
}

/* The code is the first entry by number. */
static void ram_of_second_under_the_first(struct pair_of_kernels *pair)
{
	static const uint32_t order[] = { 2, 1, 0, 3, 4, 5, 6, 7 };

	ram_of_second(pair);
	pair_renumber(&pair->first, order);
	pair_renumber(&pair->second, order);
}

/* It has no range that could lie in RAM. */
static void ram_of_second_without_pages(struct pair_of_kernels *pair)
{
	ram_of_second(pair);
	pair_at(&pair->first, CODE)->pages = pair_at(&pair->second, CODE)->pages = 0;
}

#define DIFFERS(first, second)                                                             \
	"memmap differs: ranges in FIRST only: " #first ", in SECOND only: " #second

static void ranges_are_held_together(void **state)
{
	static const struct {
		const char *name;
		void (*change)(struct pair_of_kernels *pair);
		const char *says;
		/* Entries of drift-memmap-rt. */
		const char *in_ram;
		/* Facts of drift-memmap */
		size_t n_facts;
	} rows[] = {
		{ "the same", nothing, NULL, "" },
		{ "one more", one_more, DIFFERS(0, 1), "", 2 },
		{ "one less", one_less, DIFFERS(1, 0), "", 2 },
		{ "one less at the bottom", one_less_below, DIFFERS(1, 0), "", 2 },
		{ "another end", another_end, DIFFERS(1, 1), "", 3 },
		{ "another name", another_name, DIFFERS(1, 1), "", 3 },
		{ "turned round", turned_round, NULL, "" },
		{ "RAM in both", reserved_in_ram_of_both, NULL, "" },
		{ "RAM in SECOND", ram_of_second, DIFFERS(1, 1), "2 3 ", 3 },
		{ "RAM in SECOND, first entry", ram_of_second_under_the_first, DIFFERS(1, 1),
		  "0 3 ", 3 },
		{ "RAM in SECOND, no pages", ram_of_second_without_pages, DIFFERS(1, 1), "3 ", 3 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_map struct efimap *first = NULL, *second = NULL;
		efimap_auto_comparison struct efimap_comparison *comparison = NULL;
		const struct efimap_finding *differs = NULL;
		struct pair_of_kernels pair;
		char in_ram[64] = "";

		pair_init(&pair);
		rows[i].change(&pair);
		first = pair_build(&pair.first, "first");
		second = pair_build(&pair.second, "second");
		assert_int_equal(efimap_compare(first, second, EFIMAP_ERROR, &comparison), 0);
		for (size_t f = 0; f < comparison->report->n_findings; f++) {
			const struct efimap_finding *found = &comparison->report->findings[f];

			if (found->rule->id == EFIMAP_RULE_DRIFT_MEMMAP)
				differs = found;
			if (found->rule->id == EFIMAP_RULE_DRIFT_MEMMAP_RT)
				snprintf(in_ram + strlen(in_ram), 8, "%u ", found->entries[0]);
		}
		if (!differs != !rows[i].says ||
		    (differs && (strcmp(differs->message, rows[i].says) != 0 ||
				 differs->n_evidence != rows[i].n_facts)))
			fail_msg("%s: %s, %zu facts", rows[i].name,
				 differs ? differs->message : "the same",
				 differs ? differs->n_evidence : 0);
		assert_string_equal(in_ram, rows[i].in_ram);
	}
}

/* Of each side so many ranges are spelled out, and no more. */
static void a_few_are_spelled_out(void **state)
{
	for (uint32_t n = 7; n <= 9; n++) {
		efimap_auto_map struct efimap *first = NULL, *second = NULL;
		efimap_auto_comparison struct efimap_comparison *comparison = NULL;
		struct pair_of_kernels pair;

		pair_init(&pair);
		first = pair_build(&pair.first, "first");
		second = pair_build(&pair.second, "second");
		for (uint32_t i = 0; i < n; i++)
			assert_int_equal(efimap_add_memmap(second, 4 + i,
							   UINT64_C(0x100000000) * (i + 1),
							   UINT64_C(0x100000000) * (i + 1) + 0xfff,
							   "Reserved", 8), 0);
		assert_int_equal(efimap_compare(first, second, EFIMAP_ERROR, &comparison), 0);
		for (size_t f = 0; f < comparison->report->n_findings; f++)
			if (comparison->report->findings[f].rule->id == EFIMAP_RULE_DRIFT_MEMMAP)
				assert_int_equal(comparison->report->findings[f].n_evidence,
						 1 + (n < 8 ? n : 8));
	}
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranges_are_held_together),
		cmocka_unit_test(a_few_are_spelled_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
