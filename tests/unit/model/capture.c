/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Building a capture: what is copied, parents from depths, releases, failures. */
#include <errno.h>
#include <string.h>

#include "test.h"
#include "model/capture.h"

static struct efimap *empty(void)
{
	struct efimap *map = NULL;

	assert_int_equal(efimap_new("host1", EFIMAP_ORIGIN_TREE, &map), 0);
	return map;
}

static void a_new_one_is_empty(void **state)
{
	char name[] = "host1";
	struct efimap *map = NULL;

	assert_int_equal(efimap_new(name, EFIMAP_ORIGIN_SNAPSHOT, &map), 0);
	name[0] = 'X';
	assert_string_equal(map->name, "host1");
	assert_int_equal(map->origin, EFIMAP_ORIGIN_SNAPSHOT);
	assert_string_equal(map->cmdline, "");
	assert_string_equal(map->boot_id, "");
	assert_string_equal(map->release.text, "");
	assert_int_equal(map->release.major, 0);
	for (int i = 0; i < EFIMAP_SRC_COUNT; i++)
		assert_int_equal(map->states[i], EFIMAP_STATE_ABSENT);
	assert_int_equal(efimap_seal(map), 0);
	efimap_free(map);
	efimap_free(NULL);
}

static void texts_are_copied(void **state)
{
	efimap_auto_map struct efimap *map = empty();
	char text[] = "abc";
	const struct efimap_fault fault = { .source = EFIMAP_SRC_SYSTAB,
					    .kind = EFIMAP_FAULT_SYNTAX,
					    .index = 3,
					    .line = 4,
					    .where = text,
					    .text = text };

	assert_int_equal(efimap_add_memmap(map, 0, 1, 2, text, 2), 0);
	assert_int_equal(efimap_add_memmap(map, 1, 3, 4, text, 3), 0);
	assert_int_equal(efimap_add_iomem(map, (struct efimap_span){ 1, 2 }, 0, text, 2),
			 0);
	assert_int_equal(efimap_add_systab(map, text, 1, 5), 0);
	assert_int_equal(efimap_add_table(map, text, 2, 6), 0);
	assert_int_equal(efimap_add_fault(map, &fault), 0);
	assert_int_equal(efimap_set_cmdline(map, text, 2), 0);
	assert_int_equal(efimap_set_boot_id(map, text, 3), 0);
	assert_string_equal(map->inner, "");
	assert_int_equal(efimap_set_inner(map, "report"), 0);
	assert_string_equal(map->inner, "report");
	memset(text, 'X', 3);
	assert_string_equal(map->memmap[0].label, "ab");
	assert_string_equal(map->memmap[1].label, "abc");
	assert_string_equal(map->iomem[0].name, "ab");
	assert_string_equal(map->systab[0].name, "a");
	assert_int_equal(map->systab[0].value, 5);
	assert_string_equal(map->tables[0].name, "ab");
	assert_int_equal(map->tables[0].value, 6);
	assert_string_equal(map->faults[0].where, "abc");
	assert_string_equal(map->faults[0].text, "abc");
	assert_int_equal(map->faults[0].kind, EFIMAP_FAULT_SYNTAX);
	assert_int_equal(map->faults[0].index, 3);
	assert_int_equal(map->faults[0].line, 4);
	assert_string_equal(map->cmdline, "ab");
	assert_string_equal(map->boot_id, "abc");
}

static void memmap_rows(void **state)
{
	static const struct {
		const char *name;
		uint64_t start, end;
		bool bad;
		uint64_t last;
	} rows[] = {
		{ "usual", 0x1000, 0x1fff, false, 0x1fff },
		{ "one byte", 5, 5, false, 5 },
		{ "all", 0, UINT64_MAX, false, UINT64_MAX },
		{ "end below start", 5, 4, true, 5 },
		{ "all ones, then 0", UINT64_MAX, 0, true, UINT64_MAX },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_map struct efimap *map = empty();
		const struct efimap_range *range;

		assert_int_equal(efimap_add_memmap(map, 7, rows[i].start, rows[i].end,
						   "System RAM", 10),
				 0);
		range = &map->memmap[0];
		if (range->bad != rows[i].bad || range->span.first != rows[i].start ||
		    range->span.last != rows[i].last || range->start != rows[i].start ||
		    range->end != rows[i].end || range->index != 7)
			fail_msg("%s", rows[i].name);
	}
}

static void labels_that_repeat_are_shared(void **state)
{
	efimap_auto_map struct efimap *map = empty();

	efimap_add_memmap(map, 0, 0, 1, "Reserved", 8);
	efimap_add_memmap(map, 1, 2, 3, "Reserved", 8);
	efimap_add_memmap(map, 2, 4, 5, "Reserved!", 9);
	efimap_add_memmap(map, 3, 6, 7, "Reserved", 8);
	assert_ptr_equal(map->memmap[0].label, map->memmap[1].label);
	assert_string_equal(map->memmap[2].label, "Reserved!");
	assert_string_equal(map->memmap[3].label, "Reserved");
}

#define TOP_LEVEL (-1)

static void parent_rows(void **state)
{
	static const struct {
		const char *name;
		uint32_t depths[8];
		int parents[8];
		size_t count;
	} rows[] = {
		{ "flat", { 0, 0, 0 }, { TOP_LEVEL, TOP_LEVEL, TOP_LEVEL }, 3 },
		{ "steps", { 0, 1, 2, 1, 0, 1 }, { TOP_LEVEL, 0, 1, 0, TOP_LEVEL, 4 }, 6 },
		{ "jump down", { 0, 5, 5, 6 }, { TOP_LEVEL, 0, 0, 2 }, 4 },
		{ "jump up", { 0, 1, 2, 3, 4, 0, 1 },
		  { TOP_LEVEL, 0, 1, 2, 3, TOP_LEVEL, 5 }, 7 },
		{ "starts deep", { 3, 2, 1, 3 },
		  { TOP_LEVEL, TOP_LEVEL, TOP_LEVEL, 2 }, 4 },
		{ "between", { 0, 4, 2, 3, 2 }, { TOP_LEVEL, 0, 0, 2, 0 }, 5 },
		{ "deepest there is", { UINT32_MAX, 0, UINT32_MAX },
		  { TOP_LEVEL, TOP_LEVEL, 1 }, 3 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_map struct efimap *map = empty();

		for (size_t j = 0; j < rows[i].count; j++) {
			struct efimap_span span = { j, j };

			assert_int_equal(
				efimap_add_iomem(map, span, rows[i].depths[j], "x", 1), 0);
			if (map->iomem[j].parent !=
			    (rows[i].parents[j] == TOP_LEVEL ? EFIMAP_NO_PARENT
							     : (size_t)rows[i].parents[j]))
				fail_msg("%s: line %zu", rows[i].name, j);
			assert_int_equal(map->iomem[j].depth, rows[i].depths[j]);
		}
	}
}

static void release_rows(void **state)
{
	static const struct {
		const char *text;
		unsigned int major, minor, patch;
	} rows[] = {
		{ "6.1.0-56-amd64", 6, 1, 0 },
		{ "6.12.113+deb12-amd64", 6, 12, 113 },
		{ "5.4", 5, 4, 0 },
		{ "6.1-rc3", 6, 1, 0 },
		{ "6.1.", 6, 1, 0 },
		{ "6.1.x", 6, 1, 0 },
		{ "3.10.0-1160.el7.x86_64", 3, 10, 0 },
		{ "2.6.32.12", 2, 6, 32 },
		{ "6", 0, 0, 0 },
		{ "6.", 0, 0, 0 },
		{ "6-rc1", 0, 0, 0 },
		{ "", 0, 0, 0 },
		{ ".1.2", 0, 0, 0 },
		{ "linux", 0, 0, 0 },
		{ "-6.1", 0, 0, 0 },
		{ "4294967295.4294967295.4294967295", UINT32_MAX, UINT32_MAX, UINT32_MAX },
		{ "4294967296.1", 0, 0, 0 },
		{ "99999999999999999999.1", 0, 0, 0 },
		{ "6.99999999999999999999", 0, 0, 0 },
		{ "6.1.99999999999999999999", 6, 1, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_map struct efimap *map = empty();
		const struct efimap_release *release = &map->release;

		assert_int_equal(efimap_set_release(map, rows[i].text, strlen(rows[i].text)),
				 0);
		assert_string_equal(release->text, rows[i].text);
		if (release->major != rows[i].major || release->minor != rows[i].minor ||
		    release->patch != rows[i].patch)
			fail_msg("%s: %u.%u.%u", rows[i].text, release->major,
				 release->minor, release->patch);
	}
}

/* Sizes that malloc refuses: nothing is added, what was there stays. */
static void no_memory(void **state)
{
	efimap_auto_map struct efimap *map = empty();
	const struct efimap_span span = { 1, 2 };
	const size_t huge = SIZE_MAX / 2;

	efimap_set_release(map, "6.1", 3);
	assert_int_equal(efimap_set_cmdline(map, "x", huge), -ENOMEM);
	assert_int_equal(efimap_set_boot_id(map, "x", huge), -ENOMEM);
	assert_int_equal(efimap_set_release(map, "x", huge), -ENOMEM);
	assert_int_equal(efimap_add_memmap(map, 0, 1, 2, "x", huge), -ENOMEM);
	assert_int_equal(efimap_add_iomem(map, span, 0, "x", huge), -ENOMEM);
	assert_int_equal(efimap_add_systab(map, "x", huge, 1), -ENOMEM);
	assert_int_equal(efimap_add_table(map, "x", huge, 1), -ENOMEM);
	assert_string_equal(map->cmdline, "");
	assert_string_equal(map->boot_id, "");
	assert_string_equal(map->release.text, "6.1");
	assert_int_equal(map->release.major, 6);
	assert_int_equal(map->n_memmap + map->n_iomem + map->n_systab + map->n_tables, 0);
}

/* As if the arrays were as long as memory: their sizes cannot be computed any more. */
static void too_many(void **state)
{
	const size_t full = SIZE_MAX / 2;
	const struct efimap_entry entry = { 0 };
	const struct efimap_setup_node node = { 0 };
	const struct efimap_fault fault = { .where = "", .text = "" };
	struct efimap *map = empty();

	map->n_entries = map->n_names = map->n_memmap = map->n_systab = full;
	map->n_tables = map->n_setup_data = map->n_faults = full;
	for (size_t i = 0; i < ARRAY_SIZE(map->capacity); i++)
		map->capacity[i] = full;
	assert_int_equal(efimap_add_entry(map, &entry), -EOVERFLOW);
	assert_int_equal(efimap_add_name(map, 1), -EOVERFLOW);
	assert_int_equal(efimap_add_memmap(map, 0, 1, 2, "", 0), -EOVERFLOW);
	assert_int_equal(efimap_add_systab(map, "", 0, 0), -EOVERFLOW);
	assert_int_equal(efimap_add_table(map, "", 0, 0), -EOVERFLOW);
	assert_int_equal(efimap_add_setup_node(map, &node), -EOVERFLOW);
	assert_int_equal(efimap_add_fault(map, &fault), -EOVERFLOW);
	assert_int_equal(map->n_entries, full);
	efimap_free(map);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_one_is_empty),
		cmocka_unit_test(texts_are_copied),
		cmocka_unit_test(memmap_rows),
		cmocka_unit_test(labels_that_repeat_are_shared),
		cmocka_unit_test(parent_rows),
		cmocka_unit_test(release_rows),
		cmocka_unit_test(no_memory),
		cmocka_unit_test(too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
