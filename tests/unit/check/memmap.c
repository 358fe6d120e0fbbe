/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Entries against memmap, to the byte: in RAM, in no range, under another name; tables. */
#include "world.h"

#define RAM "System RAM"
#define AT_RISK "warning memory-at-risk"

#define MANY 100000

/* 100,000 entries over 1,000 nested ranges: more hits than anyone may keep. */
TEST(many_entries_over_many_ranges)
{
	efimap_auto_map struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);
	efimap_auto_report struct efimap_report *report = NULL;
	size_t named = 0;

	for (uint32_t i = 0; i < MANY; i++)
		world_entry(map, i, &(struct world_entry){ EFIMAP_TYPE_RUNTIME_CODE,
							   (uint64_t)i << 12, 1, RT });
	for (uint32_t i = 0; i < 1000; i++)
		assert_int_equal(efimap_add_memmap(map, i, 0, UINT64_MAX - i,
						   i == 999 ? RAM : "Reserved",
						   strlen(i == 999 ? RAM : "Reserved")),
				 0);
	assert_int_equal(efimap_seal(map), 0);
	report = world_judge(map, EFIMAP_RULE_RUNTIME_IN_RAM);
	for (size_t i = 0; i < report->n_findings; i++)
		named += report->findings[i].n_entries;
	assert_int_equal(named, MANY);
	assert_true(report->n_findings <= 1000);
}

/* All are counted; of the first few it is told where they lie, two facts each. */
TEST(kept_boot_services_are_summed_up)
{
	for (uint32_t count = 7; count <= 9; count++) {
		efimap_auto_map struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);
		efimap_auto_report struct efimap_report *report = NULL;

		for (uint32_t k = 0; k < count; k++)
			world_entry(map, k, &(struct world_entry){ EFIMAP_TYPE_BOOT_DATA,
								   0x10000 + 0x2000 * k, 1, RT });
		assert_int_equal(efimap_add_memmap(map, 0, 0, 0xfffff, RAM, strlen(RAM)), 0);
		assert_int_equal(efimap_seal(map), 0);
		report = world_judge(map, EFIMAP_RULE_BOOT_SERVICES_IN_RAM);
		assert_int_equal(report->n_findings, 1);
		assert_int_equal(report->findings[0].n_entries, count);
		assert_int_equal(report->findings[0].n_evidence, 2 * (count < 8 ? count : 8));
	}
}

TEST(in_no_range)
{
	static const struct world_case rows[] = {
		{ "a hole between two ranges",
		  "data 0x10000 0x10; memmap 0x10000-0x17fff Reserved; "
		  "memmap 0x18001-0x1ffff Reserved", AT_RISK " 0" },
		{ "from the last byte of memory on",
		  "data 0x100000000 0x1; memmap 0x0-0x100000000 " RAM, AT_RISK " 0" },
		{ "none at all", "code 0x10000 0x10; boot 0x30000 0x1; data 0x50000 0x1",
		  "note none 0,2", "sys/firmware/memmap is there but has no range" },
	};

	world_run(EFIMAP_RULE_RUNTIME_UNCOVERED, rows, ARRAY_SIZE(rows));
}

/* No kernel has EFI after a 32-bit one. */
TEST(kept_for_nobody)
{
	static const struct world_case rows[] = {
		{ "64-bit", "boot 0x10000 0x1; memmap 0x0-0xfffff " RAM, "note memory-at-risk 0" },
		{ "32-bit",
		  "boot 0x10000 0x1; memmap 0x0-0xfffff " RAM "; release 6.1.0-50-686-pae", "" },
	};

	world_run(EFIMAP_RULE_BOOT_SERVICES_IN_RAM, rows, ARRAY_SIZE(rows));
}

TEST(each_label_of_each_type)
{
	static const char wrong[] = AT_RISK " 0", odd[] = "note none 0";
	static const struct {
		const char *label;
		/* of runtime code, ACPI reclaim memory and ACPI NVS */
		const char *expected[3];
	} rows[] = {
		{ "Reserved", { "", odd, odd } },
		{ "ACPI Tables", { "", "", odd } },
		{ "ACPI Non-volatile Storage", { "", odd, "" } },
		{ "System RAM", { "", odd, "" } },
		{ "Persistent Memory", { wrong, odd, odd } },
		{ "Persistent Memory (legacy)", { wrong, odd, odd } },
		{ "Soft Reserved", { wrong, odd, odd } },
		{ "Unusable memory", { odd, odd, odd } },
		{ "Unknown E820 type", { odd, odd, odd } },
	};
	static const char *const types[] = { "code", "reclaim", "nvs" };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (size_t k = 0; k < ARRAY_SIZE(types); k++) {
			char capture[80];
			struct world_case row = { rows[i].label, capture, rows[i].expected[k] };

			snprintf(capture, sizeof(capture),
				 "%s 0x10000 0x10; memmap 0x10000-0x1ffff %s", types[k],
				 rows[i].label);
			world_run(k == 0 ? EFIMAP_RULE_RUNTIME_WRONG_LABEL
					 : EFIMAP_RULE_ACPI_LABEL,
				  &row, 1);
		}
}

#define TABLES                                                                           \
	"boot 0x11000 0x1; boot 0x18000 0x1; memmap 0x10000-0x1ffff " RAM                 \
	"; memmap 0x20000-0x2ffff Reserved; release 6.1.0-56-amd64; "
#define SKIPS                                                                            \
	TABLES "log MEMATTR=0x18018; systab SMBIOS3=0x20000; systab SMBIOS=0x20000; release "

TEST(tables_in_ram)
{
	static const struct world_case rows[] = {
		{ "all ones", TABLES "log MEMATTR=0xffffffffffffffff; "
				     "memmap 0xffffffff00000000-0xffffffffffffffff " RAM, "" },
		{ "one that is read, one that is not",
		  SKIPS "6.13.3; log ESRT=0x11f98", "note none 1; " AT_RISK " 0" },
		{ "the older root pointer is not read",
		  TABLES "log ACPI=0x18000; log ACPI 2.0=0x98018", "note none 1" },
		{ "it is where there is no newer one", TABLES "log ACPI=0x18000", AT_RISK " 1" },
		{ "6.13.3 skips it", SKIPS "6.13.3", "note none 1" },
		{ "but not without SMBIOS",
		  TABLES "log MEMATTR=0x18018; systab SMBIOS=0x0; release 6.13.3", AT_RISK " 1" },
		{ "two that are not read",
		  SKIPS "6.13.3; log ACPI=0x11000; log ACPI 2.0=0x98018", "note none 0,1", "2 " },
	};

	world_run(EFIMAP_RULE_TABLE_IN_RAM, rows, ARRAY_SIZE(rows));
}

/* runtime-in-ram names the whole entry; with it disabled the table is named after all. */
TEST(an_entry_that_is_named_already_hides_its_tables)
{
	size_t mirror;
	efimap_auto_map struct efimap *map =
		world_make("data 0x18000 0x1; memmap 0x10000-0x1ffff " RAM "; log SMBIOS=0x18018",
			   false, &mirror);
	efimap_auto_report struct efimap_report *report = NULL;

	assert_int_equal(efimap_seal(map), 0);
	assert_int_equal(efimap_verify(map, NULL, &report), 0);
	for (size_t i = 0; i < report->n_findings; i++)
		assert_int_not_equal(report->findings[i].rule->id,
				     EFIMAP_RULE_TABLE_IN_RAM);
	efimap_report_free(report);
	report = world_judge(map, EFIMAP_RULE_TABLE_IN_RAM);
	assert_int_equal(report->n_findings, 1);
}
