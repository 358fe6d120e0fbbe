/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sealing: everything by its number, stably. */
#include <stdio.h>
#include <string.h>

#include "test.h"
#include "model/capture.h"

static struct efimap *empty(void)
{
	struct efimap *map = NULL;

	assert_int_equal(efimap_new("/", EFIMAP_ORIGIN_LIVE, &map), 0);
	return map;
}

/* The order in which kexec-tools and we read eight entries: kernfs' hash order. */
static void everything_by_number(void **state)
{
	static const uint32_t order[] = { 7, 5, 3, 1, 6, 4, 2, 0 };
	efimap_auto_map struct efimap *map = empty();

	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		uint32_t n = order[i];
		struct efimap_entry entry = { .index = n,	  .type = n + 1,
					      .phys = n + 2,	  .virt = n + 3,
					      .pages = n + 4,	  .attribute = n + 5 };
		struct efimap_setup_node node = { .index = n, .type = n + 1, .len = n + 2 };
		char label[2] = { (char)('a' + n), '\0' };

		node.payload[95] = (uint8_t)n;
		assert_int_equal(efimap_add_entry(map, &entry), 0);
		assert_int_equal(efimap_add_name(map, n), 0);
		assert_int_equal(efimap_add_memmap(map, n, n * 16, n * 16 + 1, label, 1), 0);
		assert_int_equal(efimap_add_setup_node(map, &node), 0);
	}
	assert_int_equal(efimap_seal(map), 0);
	assert_int_equal(map->n_entries, ARRAY_SIZE(order));
	for (uint32_t n = 0; n < ARRAY_SIZE(order); n++) {
		assert_int_equal(map->entries[n].index, n);
		assert_int_equal(map->entries[n].type, n + 1);
		assert_int_equal(map->entries[n].phys, n + 2);
		assert_int_equal(map->entries[n].virt, n + 3);
		assert_int_equal(map->entries[n].pages, n + 4);
		assert_int_equal(map->entries[n].attribute, n + 5);
		assert_int_equal(map->names[n], n);
		assert_int_equal(map->memmap[n].index, n);
		assert_int_equal(map->memmap[n].span.first, n * 16);
		assert_int_equal(map->memmap[n].label[0], 'a' + n);
		assert_int_equal(map->setup_data[n].index, n);
		assert_int_equal(map->setup_data[n].type, n + 1);
		assert_int_equal(map->setup_data[n].payload[95], n);
	}
}

static void equal_numbers_keep_their_order(void **state)
{
	static const size_t counts[] = { 2, 64, 1000 };

	for (size_t c = 0; c < ARRAY_SIZE(counts); c++) {
		efimap_auto_map struct efimap *map = empty();

		for (size_t i = 0; i < counts[c]; i++) {
			struct efimap_entry entry = { .index = 5 - (uint32_t)(i % 3),
						      .phys = i };

			assert_int_equal(efimap_add_entry(map, &entry), 0);
		}
		assert_int_equal(efimap_seal(map), 0);
		for (size_t i = 1; i < counts[c]; i++) {
			const struct efimap_entry *a = &map->entries[i - 1];
			const struct efimap_entry *b = &map->entries[i];

			assert_true(a->index < b->index ||
				    (a->index == b->index && a->phys < b->phys));
		}
	}
}

/* Lines of iomem and systab mean something by their place. */
static void source_order_stays(void **state)
{
	efimap_auto_map struct efimap *map = empty();

	efimap_add_iomem(map, (struct efimap_span){ 9, 9 }, 0, "b", 1);
	efimap_add_iomem(map, (struct efimap_span){ 1, 1 }, 0, "a", 1);
	efimap_add_systab(map, "SMBIOS", 6, 1);
	efimap_add_systab(map, "ACPI", 4, 2);
	/* Of a line that stands twice the first counts, for every reader. */
	efimap_add_systab(map, "SMBIOS", 6, 3);
	assert_int_equal(efimap_seal(map), 0);
	assert_string_equal(map->iomem[0].name, "b");
	assert_string_equal(map->systab[0].name, "SMBIOS");
	assert_string_equal(map->systab[1].name, "ACPI");
	assert_int_equal(map->n_systab, 2);
	assert_int_equal(map->systab[0].value, 1);
}

static void repeated_tables_keep_the_first(void **state)
{
	static const struct {
		const char *name;
		uint64_t value;
		bool stays;
	} rows[] = {
		{ "MEMATTR", 1, true }, { "ESRT", 2, true },	{ "MEMATTR", 3, false },
		{ "ACPI", 4, true },	{ "MEMATTR", 5, false }, { "ESRT", 6, false },
		{ "ACPI 2.0", 7, true },
	};
	efimap_auto_map struct efimap *map = empty();
	size_t kept = 0;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(efimap_add_table(map, rows[i].name, strlen(rows[i].name),
						  rows[i].value),
				 0);
	assert_int_equal(efimap_seal(map), 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!rows[i].stays)
			continue;
		assert_true(kept < map->n_tables);
		assert_string_equal(map->tables[kept].name, rows[i].name);
		assert_int_equal(map->tables[kept].value, rows[i].value);
		kept++;
	}
	assert_int_equal(map->n_tables, kept);
}

/* A log of 100,000 tables, each twice: must not compare all with all. */
static void many_tables(void **state)
{
	efimap_auto_map struct efimap *map = empty();

	for (uint64_t i = 0; i < 200000; i++) {
		char name[32];
		int len = snprintf(name, sizeof(name), "TABLE%u", (unsigned)(i % 100000));

		assert_int_equal(efimap_add_table(map, name, (size_t)len, i), 0);
	}
	assert_int_equal(efimap_seal(map), 0);
	assert_int_equal(map->n_tables, 100000);
	for (uint64_t i = 0; i < 100000; i++)
		assert_true(map->tables[i].value == i);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_by_number),
		cmocka_unit_test(equal_numbers_keep_their_order),
		cmocka_unit_test(source_order_stays),
		cmocka_unit_test(repeated_tables_keep_the_first),
		cmocka_unit_test(many_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
