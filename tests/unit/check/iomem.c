/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Entries against iomem: which types, which lines, which levels, to the byte. */
#include "world.h"

#define AT_RISK "error memory-at-risk 0"
#define RAM "System RAM"
#define CODE "code 0x10000 0x10; "

TEST(types)
{
	static const struct {
		uint32_t type;
		uint64_t attribute;
		bool in_ram, in_crash, in_kernel;
	} rows[] = {
		{ 0, RT, true, true, true },	{ 5, RT, true, true, true },
		{ 6, RT, true, true, true },	{ 11, RT, true, true, true },
		{ 10, RT, false, true, true },	{ 4, RT, false, true, false },
		{ 3, RT, false, true, false },	{ 4, 0xf, false, true, false },
		{ 7, 0xf, false, false, false }, { 1, 0xf, false, false, false },
		{ 2, 0xf, false, false, false }, { 7, RT, false, true, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char capture[192];
		struct world_case row = { "a type", capture, NULL };

		snprintf(capture, sizeof(capture),
			 "%" PRIu32 " 0x10000 0x10 0x%" PRIx64 "; iomem 0x0-0xfffff " RAM
			 "; iomem. 0x0-0xfffff Crash kernel; iomem. 0x0-0xfffff Kernel code",
			 rows[i].type, rows[i].attribute);
		row.expected = rows[i].in_ram ? AT_RISK : "";
		world_run(EFIMAP_RULE_RUNTIME_IOMEM_RAM, &row, 1);
		row.expected = rows[i].in_crash ? AT_RISK : "";
		world_run(EFIMAP_RULE_RUNTIME_IN_CRASH, &row, 1);
		row.expected = rows[i].in_kernel ? AT_RISK : "";
		world_run(EFIMAP_RULE_RUNTIME_IN_KERNEL, &row, 1);
	}
}

#define BUS "iomem 0x0-0xfffff PCI Bus 0000:00"
#define ROM "iomem 0x0-0xfffff System ROM"

/* Of code in these lines, what three rules say; of data the same, of MMIO nothing. */
TEST(names_of_lines)
{
	static const char window[] = "warning none 0", odd[] = "note none 0";
	static const struct {
		const char *lines;
		const char *none, *window, *label;
	} rows[] = {
		{ "iomem 0x10000-0x1ffff Reserved", "", "", "" },
		{ "iomem 0x10000-0x1ffff reserved", "", "", "" },
		{ "iomem 0x10000-0x1ffff ACPI Non-volatile Storage", "", "", "" },
		{ "iomem 0x0-0xffff Reserved", "warning none 0", "", "" },
		{ "iomem 0x0-0x10000 Reserved", "", "", "" },
		{ "iomem 0x0-0xfffff " RAM, "", "", "" },
		{ BUS, "", window, "" },
		{ BUS "; iomem. 0x10000-0x1ffff 0000:00:02.0", "", window, "" },
		{ BUS "; iomem. 0x10000-0x1ffff Reserved", "", "", "" },
		{ BUS "; iomem. 0x10000-0x17fff Reserved", "", window, "" },
		{ "iomem 0x0-0xfffff Reserved; iomem. 0x10000-0x1ffff PCI Bus 0000:00", "", "",
		  "" },
		{ BUS "; iomem. 0x10000-0x1ffff pnp 00:05", "", "", "" },
		{ ROM, "", "", odd },
		{ ROM "; iomem. 0x10000-0x1ffff Reserved", "", "", "" },
		{ "iomem 0x0-0xfffff RAM buffer", "", "", odd },
		{ "iomem 0x0-0xfffff PCI MMCONFIG 0000 [bus 00-ff]", "", "", "" },
		{ "iomem 0x0-0xfffff PCI ECAM 0000 [bus 00-ff]", "", "", "" },
	};
	static const char *const types[] = { "code", "data", "mmio" };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (size_t k = 0; k < ARRAY_SIZE(types); k++) {
			const bool is_mmio = k == 2;
			char capture[256];
			struct world_case row = { rows[i].lines, capture, NULL };

			snprintf(capture, sizeof(capture),
				 "%s 0x10000 0x10; memmap 0x0-0xfffff Reserved; %s", types[k],
				 rows[i].lines);
			row.expected = is_mmio ? "" : rows[i].none;
			world_run(EFIMAP_RULE_RUNTIME_IOMEM_NONE, &row, 1);
			row.expected = is_mmio ? "" : rows[i].window;
			world_run(EFIMAP_RULE_RUNTIME_IN_PCI_WINDOW, &row, 1);
			row.expected = is_mmio ? "" : rows[i].label;
			world_run(EFIMAP_RULE_IOMEM_LABEL, &row, 1);
		}
}

#define HABIT                                                                            \
	"absent sys/firmware/memmap; code 0x10000000 0x10; data 0x30000000 0x10; "
#define BOTH "warning none 0; warning none 1"

/* Some boot loaders pass RAM only; one line above one entry shows that this one did not. */
TEST(no_line_at_all)
{
	static const struct world_case rows[] = {
		{ "one entry is no habit",
		  "absent sys/firmware/memmap; " CODE "iomem 0x0-0xfff Reserved",
		  "warning none 0" },
		{ "two are", HABIT "iomem 0x0-0xfff Reserved", "note none 0,1" },
		{ "a line over the first page above",
		  HABIT "data 0x100000 0x1; iomem 0x100000-0x100fff Reserved", BOTH },
	};

	world_run(EFIMAP_RULE_RUNTIME_IOMEM_NONE, rows, ARRAY_SIZE(rows));
}

static bool speaks(const struct efimap_report *report, const char *rule)
{
	for (size_t i = 0; i < report->n_findings; i++)
		if (strcmp(report->findings[i].rule->name, rule) == 0)
			return true;
	return false;
}

/* With all rules at work, what memmap says too is not said again. */
TEST(not_said_twice)
{
	static const struct {
		const char *capture;
		const char *silent;
		const char *speaks;
	} rows[] = {
		{ CODE "data 0x20000 0x10; memmap 0x20000-0x2ffff Reserved; "
		       "memmap 0x10000-0x10fff Reserved; iomem 0x20000-0x2ffff Reserved",
		  "runtime-iomem-none", "runtime-uncovered" },
		{ CODE "memmap 0x10000-0x1ffff Unusable memory; "
		       "iomem 0x10000-0x1ffff Unusable memory",
		  "iomem-label", "runtime-wrong-label" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		size_t mirror;
		efimap_auto_map struct efimap *map = world_make(rows[i].capture, false, &mirror);
		efimap_auto_report struct efimap_report *report = NULL;

		assert_int_equal(efimap_seal(map), 0);
		assert_int_equal(efimap_verify(map, NULL, &report), 0);
		if (speaks(report, rows[i].silent) || !speaks(report, rows[i].speaks))
			fail_msg("row %zu", i);
	}
}

#define RESERVED "memmap 0x10000-0x1ffff Reserved; "
#define ALL_RAM RESERVED "iomem 0x0-0xfffff " RAM "; "
#define DISPUTE "warning memory-at-risk -"

TEST(reserved_by_memmap_and_ram_by_iomem)
{
	static const struct world_case rows[] = {
		{ "two are one", ALL_RAM "memmap 0x30000-0x3ffff Reserved", DISPUTE,
		  "memmap/0 and 1 more: memmap calls 0x10000-0x1ffff Reserved, and iomem" },
		{ "so has what Linux keeps", ALL_RAM "boot 0x10000 0x1", "" },
		{ "an entry beside the part that is RAM",
		  RESERVED "iomem 0x18000-0xfffff " RAM "; code 0x10000 0x1", DISPUTE },
	};

	world_run(EFIMAP_RULE_IOMEM_VS_MEMMAP, rows, ARRAY_SIZE(rows));
}
