/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Entries against iomem: which types, which lines, which levels, to the byte. */
#include "world.h"

#define CODE EFIMAP_TYPE_RUNTIME_CODE
#define BOOT EFIMAP_TYPE_BOOT_DATA
#define AT_RISK "error memory-at-risk 0"

static const struct type_row {
	const char *name;
	uint32_t type;
	uint64_t attribute;
	const char *in_ram;
	const char *in_crash;
	const char *in_kernel;
} type_rows[] = {
	{ "Reserved", 0, RT, AT_RISK, AT_RISK, AT_RISK },
	{ "RuntimeCode", 5, RT, AT_RISK, AT_RISK, AT_RISK },
	{ "RuntimeData", 6, RT, AT_RISK, AT_RISK, AT_RISK },
	{ "MMIO", 11, RT, AT_RISK, AT_RISK, AT_RISK },
	{ "ACPI NVS", 10, RT, "", AT_RISK, AT_RISK },
	{ "boot services that Linux kept", 4, RT, "", AT_RISK, "" },
	{ "boot services code that Linux kept", 3, RT, "", AT_RISK, "" },
	{ "boot services of efi=debug", 4, 0xf, "", AT_RISK, "" },
	{ "conventional memory of mixed mode", 7, 0xf, "", "", "" },
	{ "loader code of mixed mode", 1, 0xf, "", "", "" },
	{ "loader data of mixed mode", 2, 0xf, "", "", "" },
	{ "conventional memory with RUNTIME", 7, RT, "", AT_RISK, "" },
};

static void try(const char *name, const struct world_entry *entry,
		const struct world_line *lines, enum efimap_rule_id rule,
		const char *expected)
{
	struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

	world_entry(map, 0, entry);
	world_lines(map, lines);
	world_expect(name, map, rule, 0, expected);
}

static void types(void **state)
{
	static const struct world_line lines[WORLD_ROWS] = {
		{ 0, 0x0, 0xfffff, "System RAM" },
		{ 1, 0x0, 0xfffff, "Crash kernel" },
		{ 1, 0x0, 0xfffff, "Kernel code" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(type_rows); i++) {
		const struct type_row *row = &type_rows[i];
		const struct world_entry entry = { row->type, 0x10000, 16,
						   row->attribute };

		try(row->name, &entry, lines, EFIMAP_RULE_RUNTIME_IOMEM_RAM, row->in_ram);
		try(row->name, &entry, lines, EFIMAP_RULE_RUNTIME_IN_CRASH,
		    row->in_crash);
		try(row->name, &entry, lines, EFIMAP_RULE_RUNTIME_IN_KERNEL,
		    row->in_kernel);
	}
}

static const struct line_row {
	const char *name;
	struct world_line lines[WORLD_ROWS];
	enum efimap_rule_id rule;
	const char *expected;
} line_rows[] = {
	{ "RAM ends one byte below",
	  { { 0, 0, 0xffff, "System RAM" } },
	  EFIMAP_RULE_RUNTIME_IOMEM_RAM,
	  "" },
	{ "RAM ends on the first byte",
	  { { 0, 0, 0x10000, "System RAM" } },
	  EFIMAP_RULE_RUNTIME_IOMEM_RAM,
	  AT_RISK },
	{ "RAM starts on the last byte",
	  { { 0, 0x1ffff, 0xfffff, "System RAM" } },
	  EFIMAP_RULE_RUNTIME_IOMEM_RAM,
	  AT_RISK },
	{ "RAM starts one byte above",
	  { { 0, 0x20000, 0xfffff, "System RAM" } },
	  EFIMAP_RULE_RUNTIME_IOMEM_RAM,
	  "" },
	{ "RAM below another line",
	  { { 0, 0, 0xfffff, "Reserved" }, { 1, 0, 0xfffff, "System RAM" } },
	  EFIMAP_RULE_RUNTIME_IOMEM_RAM,
	  "" },
	{ "memory of a driver",
	  { { 0, 0, 0xfffff, "System RAM (virtio_mem)" } },
	  EFIMAP_RULE_RUNTIME_IOMEM_RAM,
	  "" },
	{ "reserved inside RAM does not take it back",
	  { { 0, 0, 0xfffff, "System RAM" }, { 1, 0x10000, 0x1ffff, "Reserved" } },
	  EFIMAP_RULE_RUNTIME_IOMEM_RAM,
	  AT_RISK },
	{ "crash kernel ends one byte below",
	  { { 0, 0, 0xfffff, "System RAM" }, { 1, 0x8000, 0xffff, "Crash kernel" } },
	  EFIMAP_RULE_RUNTIME_IN_CRASH,
	  "" },
	{ "crash kernel ends on the first byte",
	  { { 0, 0, 0xfffff, "System RAM" }, { 1, 0x8000, 0x10000, "Crash kernel" } },
	  EFIMAP_RULE_RUNTIME_IN_CRASH,
	  AT_RISK },
	{ "the second of two crash kernel areas",
	  { { 0, 0, 0xfffff, "System RAM" },
	    { 1, 0x1000, 0x1fff, "Crash kernel" },
	    { 1, 0x11000, 0x11fff, "Crash kernel" } },
	  EFIMAP_RULE_RUNTIME_IN_CRASH,
	  AT_RISK },
	{ "kernel code",
	  { { 1, 0x10000, 0x10000, "Kernel code" } },
	  EFIMAP_RULE_RUNTIME_IN_KERNEL,
	  AT_RISK },
	{ "kernel rodata",
	  { { 1, 0x10000, 0x10000, "Kernel rodata" } },
	  EFIMAP_RULE_RUNTIME_IN_KERNEL,
	  AT_RISK },
	{ "kernel data",
	  { { 1, 0x10000, 0x10000, "Kernel data" } },
	  EFIMAP_RULE_RUNTIME_IN_KERNEL,
	  AT_RISK },
	{ "kernel bss",
	  { { 1, 0x10000, 0x10000, "Kernel bss" } },
	  EFIMAP_RULE_RUNTIME_IN_KERNEL,
	  AT_RISK },
	{ "kernel bss ends one byte below",
	  { { 1, 0x8000, 0xffff, "Kernel bss" } },
	  EFIMAP_RULE_RUNTIME_IN_KERNEL,
	  "" },
	{ "a line that only begins so",
	  { { 1, 0x10000, 0x10000, "Kernel codes" } },
	  EFIMAP_RULE_RUNTIME_IN_KERNEL,
	  "" },
};

static void lines_and_levels(void **state)
{
	static const struct world_entry entry = { CODE, 0x10000, 16, RT };

	for (size_t i = 0; i < ARRAY_SIZE(line_rows); i++)
		try(line_rows[i].name, &entry, line_rows[i].lines, line_rows[i].rule,
		    line_rows[i].expected);
}

static void unsound_entries_take_no_part(void **state)
{
	static const struct world_line lines[WORLD_ROWS] = {
		{ 0, 0, UINT64_MAX, "System RAM" },
	};
	static const struct world_entry wraps = { CODE, 0xfffffffffffff000, 2, RT };
	static const struct world_entry empty = { CODE, 0x1000, 0, RT };

	try("wraps", &wraps, lines, EFIMAP_RULE_RUNTIME_IOMEM_RAM, "");
	try("no pages", &empty, lines, EFIMAP_RULE_RUNTIME_IOMEM_RAM, "");
}

static void every_entry_is_named_whatever_its_number(void **state)
{
	static const struct world_entry entries[WORLD_ROWS] = {
		{ CODE, 0x10000, 1, RT },
		{ BOOT, 0x20000, 1, RT },
		{ CODE, 0x30000, 1, RT },
	};
	static const struct world_line lines[WORLD_ROWS] = {
		{ 0, 0x10000, 0x3ffff, "System RAM" },
		{ 1, 0x20000, 0x3ffff, "Crash kernel" },
	};

	for (int reversed = 0; reversed < 2; reversed++) {
		const size_t mirror = reversed ? world_count(entries) : 0;
		struct efimap *ram = world_new(EFIMAP_ORIGIN_TREE);
		struct efimap *crash = world_new(EFIMAP_ORIGIN_TREE);

		world_entries(ram, entries, reversed);
		world_lines(ram, lines);
		world_expect("RAM", ram, EFIMAP_RULE_RUNTIME_IOMEM_RAM, mirror,
			     "error memory-at-risk 0; error memory-at-risk 2");
		world_entries(crash, entries, reversed);
		world_lines(crash, lines);
		world_expect("crash kernel", crash, EFIMAP_RULE_RUNTIME_IN_CRASH, mirror,
			     "error memory-at-risk 1; error memory-at-risk 2");
	}
}

static void states_of_iomem(void **state)
{
	static const struct {
		enum efimap_state state;
		const char *hidden;
		const char *others;
	} rows[] = {
		{ EFIMAP_STATE_PRESENT, "", "" },
		{ EFIMAP_STATE_MASKED, "note none -", "skipped" },
		{ EFIMAP_STATE_ABSENT, "", "skipped" },
		{ EFIMAP_STATE_DENIED, "", "skipped" },
		{ EFIMAP_STATE_BROKEN, "", "skipped" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (int rule = EFIMAP_RULE_IOMEM_HIDDEN;
		     rule <= EFIMAP_RULE_RUNTIME_IN_KERNEL; rule++) {
			struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

			map->states[EFIMAP_SRC_IOMEM] = rows[i].state;
			world_expect(efimap_state_name(rows[i].state), map,
				     (enum efimap_rule_id)rule, 0,
				     rule == EFIMAP_RULE_IOMEM_HIDDEN ? rows[i].hidden
								      : rows[i].others);
		}
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types),
		cmocka_unit_test(lines_and_levels),
		cmocka_unit_test(unsound_entries_take_no_part),
		cmocka_unit_test(every_entry_is_named_whatever_its_number),
		cmocka_unit_test(states_of_iomem),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
