/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runtime code and data under no line of iomem, in a PCI window, under an odd name. */
#include "world.h"

#define CODE EFIMAP_TYPE_RUNTIME_CODE
#define DATA EFIMAP_TYPE_RUNTIME_DATA
#define MMIO EFIMAP_TYPE_MMIO
#define NONE "warning none 0"
#define WINDOW "warning none 0"
#define ODD "note none 0"

static const struct row {
	const char *name;
	struct world_line lines[WORLD_ROWS];
	const char *none;
	const char *window;
	const char *label;
} rows[] = {
	{ "reserved", { { 0, 0x10000, 0x1ffff, "Reserved" } }, "", "", "" },
	{ "lower case", { { 0, 0x10000, 0x1ffff, "reserved" } }, "", "", "" },
	{ "ACPI", { { 0, 0x10000, 0x1ffff, "ACPI Non-volatile Storage" } }, "", "", "" },
	{ "nothing", { { 0, 0, 0xffff, "Reserved" } }, NONE, "", "" },
	{ "a byte", { { 0, 0, 0x10000, "Reserved" } }, "", "", "" },
	{ "RAM has a rule of its own", { { 0, 0, 0xfffff, "System RAM" } }, "", "", "" },
	{ "a window", { { 0, 0, 0xfffff, "PCI Bus 0000:00" } }, "", WINDOW, "" },
	{ "a device in a window",
	  { { 0, 0, 0xfffff, "PCI Bus 0000:00" },
	    { 1, 0x10000, 0x1ffff, "0000:00:02.0" } },
	  "",
	  WINDOW,
	  "" },
	{ "reserved in a window",
	  { { 0, 0, 0xfffff, "PCI Bus 0000:00" }, { 1, 0x10000, 0x1ffff, "Reserved" } },
	  "",
	  "",
	  "" },
	{ "half reserved in a window",
	  { { 0, 0, 0xfffff, "PCI Bus 0000:00" }, { 1, 0x10000, 0x17fff, "Reserved" } },
	  "",
	  WINDOW,
	  "" },
	{ "a window in reserved memory",
	  { { 0, 0, 0xfffff, "Reserved" }, { 1, 0x10000, 0x1ffff, "PCI Bus 0000:00" } },
	  "",
	  "",
	  "" },
	{ "pnp in a window",
	  { { 0, 0, 0xfffff, "PCI Bus 0000:00" }, { 1, 0x10000, 0x1ffff, "pnp 00:05" } },
	  "",
	  "",
	  "" },
	{ "a ROM", { { 0, 0, 0xfffff, "System ROM" } }, "", "", ODD },
	{ "reserved in a ROM",
	  { { 0, 0, 0xfffff, "System ROM" }, { 1, 0x10000, 0x1ffff, "Reserved" } },
	  "",
	  "",
	  "" },
	{ "a buffer", { { 0, 0, 0xfffff, "RAM buffer" } }, "", "", ODD },
	{ "the PCI configuration window",
	  { { 0, 0, 0xfffff, "PCI MMCONFIG 0000 [bus 00-ff]" } },
	  "",
	  "",
	  "" },
	{ "its newer name",
	  { { 0, 0, 0xfffff, "PCI ECAM 0000 [bus 00-ff]" } },
	  "",
	  "",
	  "" },
};

static void try(const struct row *row, const struct world_entry *entry,
		enum efimap_rule_id rule, const char *expected)
{
	struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

	world_entry(map, 0, entry);
	world_lines(map, row->lines);
	/* What memmap says is tried below. */
	map->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_PRESENT;
	assert_int_equal(efimap_add_memmap(map, 0, 0, 0xfffff, "Reserved", 8), 0);
	world_expect(row->name, map, rule, 0, expected);
}

static void lines(void **state)
{
	static const struct world_entry code = { CODE, 0x10000, 16, RT };
	static const struct world_entry data = { DATA, 0x10000, 16, RT };
	static const struct world_entry mmio = { MMIO, 0x10000, 16, RT };
	static const struct world_entry wraps = { CODE, 0xfffffffffffff000, 2, RT };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		try(&rows[i], &code, EFIMAP_RULE_RUNTIME_IOMEM_NONE, rows[i].none);
		try(&rows[i], &data, EFIMAP_RULE_RUNTIME_IOMEM_NONE, rows[i].none);
		try(&rows[i], &mmio, EFIMAP_RULE_RUNTIME_IOMEM_NONE, "");
		try(&rows[i], &wraps, EFIMAP_RULE_RUNTIME_IOMEM_NONE, "");
		try(&rows[i], &code, EFIMAP_RULE_RUNTIME_IN_PCI_WINDOW, rows[i].window);
		try(&rows[i], &mmio, EFIMAP_RULE_RUNTIME_IN_PCI_WINDOW, "");
		try(&rows[i], &code, EFIMAP_RULE_IOMEM_LABEL, rows[i].label);
		try(&rows[i], &mmio, EFIMAP_RULE_IOMEM_LABEL, "");
	}
}

static void silent_in_a_crash_kernel(void **state)
{
	static const struct world_entry code = { CODE, 0x10000, 16, RT };
	struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

	world_entry(map, 0, &code);
	world_cmdline(map, "elfcorehdr=0x65000000");
	assert_int_equal(
		efimap_add_iomem(map, (struct efimap_span){ 0, 0xfff }, 0, "Reserved", 8),
		0);
	world_expect("crash kernel", map, EFIMAP_RULE_RUNTIME_IOMEM_NONE, 0, "");
}

/* With all rules at work, what memmap says too is not said again. */
static void not_said_twice(void **state)
{
	static const struct {
		const char *name;
		struct world_range memmap[WORLD_ROWS];
		struct world_line lines[WORLD_ROWS];
		const char *silent;
		const char *speaks;
	} both[] = {
		{ "in neither table",
		  { { 0x20000, 0x2ffff, "Reserved" }, { 0x10000, 0x10fff, "Reserved" } },
		  { { 0, 0x20000, 0x2ffff, "Reserved" } },
		  "runtime-iomem-none",
		  "runtime-uncovered" },
		{ "the same name",
		  { { 0x10000, 0x1ffff, "Unusable memory" } },
		  { { 0, 0x10000, 0x1ffff, "Unusable memory" } },
		  "iomem-label",
		  "runtime-wrong-label" },
		/* It is what memmap calls the memory of the next entry. */
		{ "the name of another one",
		  { { 0x10000, 0x1ffff, "Reserved" }, { 0x20000, 0x2ffff, "System ROM" } },
		  { { 0, 0x10000, 0x1ffff, "System ROM" }, { 0, 0x20000, 0x2ffff, "Reserved" } },
		  "iomem-vs-memmap",
		  "iomem-label" },
		{ "another name",
		  { { 0x10000, 0x1ffff, "Unusable memory" } },
		  { { 0, 0x10000, 0x1ffff, "System ROM" } },
		  "iomem-vs-memmap",
		  "iomem-label" },
	};
	static const struct world_entry code = { CODE, 0x10000, 16, RT };
	static const struct world_entry next = { DATA, 0x20000, 16, RT };

	for (size_t i = 0; i < ARRAY_SIZE(both); i++) {
		struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);
		efimap_auto_report struct efimap_report *report = NULL;
		bool spoke = false;

		world_entry(map, 0, &code);
		if (both[i].memmap[1].start == next.phys)
			world_entry(map, 1, &next);
		world_ranges(map, both[i].memmap, false);
		world_lines(map, both[i].lines);
		assert_int_equal(efimap_seal(map), 0);
		assert_int_equal(efimap_verify(map, NULL, &report), 0);
		for (size_t f = 0; f < report->n_findings; f++) {
			const char *name = report->findings[f].rule->name;

			if (strcmp(name, both[i].silent) == 0)
				fail_msg("%s: %s", both[i].name, name);
			spoke |= strcmp(name, both[i].speaks) == 0;
		}
		if (!spoke)
			fail_msg("%s: no %s", both[i].name, both[i].speaks);
		efimap_free(map);
	}
}

/* Some boot loaders pass RAM only; one line above one entry shows that this one did not. */
static void all_left_out(void **state)
{
	static const struct {
		const char *name;
		bool memmap;
		uint64_t line;
		const char *expected;
		/* Where the third entry lies; 0: at 0x1000. */
		uint64_t low;
	} lists[] = {
		{ "a loader that passes RAM only", false, 0x2000, "note none 0,1,2" },
		{ "memmap lists them", true, 0x2000,
		  "warning none 0; warning none 1; warning none 2" },
		{ "one is listed", false, 0x10000000, "warning none 1; warning none 2" },
		{ "the kernel has page 0", false, 0x1000, "note none 0,1" },
		{ "the kernel has the ROMs", false, 0xff000, "note none 0,1", 0xff000 },
		{ "a line over the first page above", false, 0x100000,
		  "warning none 0; warning none 1", 0x100000 },
	};
	static const struct world_entry code = { CODE, 0x10000000, 16, RT };
	static const struct world_entry data = { DATA, 0x30000000, 16, RT };

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		const struct world_entry low = { DATA, lists[i].low ? lists[i].low : 0x1000, 1,
						 RT };
		struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);
		const struct efimap_span span = { lists[i].line, lists[i].line + 0xfff };

		world_entry(map, 0, &code);
		world_entry(map, 1, &data);
		world_entry(map, 2, &low);
		assert_int_equal(efimap_add_iomem(map, span, 0, "Reserved", 8), 0);
		if (!lists[i].memmap)
			map->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_ABSENT;
		else
			assert_int_equal(
				efimap_add_memmap(map, 0, 0, 0xffffffff, "Reserved", 8), 0);
		world_expect(lists[i].name, map, EFIMAP_RULE_RUNTIME_IOMEM_NONE, 0,
			     lists[i].expected);
	}
}

/* One entry is no habit of a loader, two are; and the finding counts the lines. */
static void two_make_a_habit(void **state)
{
	for (uint32_t n = 1; n <= 2; n++) {
		efimap_auto_map struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);
		efimap_auto_report struct efimap_report *report = NULL;
		const struct efimap_finding *finding;

		for (uint32_t i = 0; i < n; i++)
			world_entry(map, i,
				    &(struct world_entry){ CODE, UINT64_C(0x10000000) << i, 1,
							   RT });
		assert_int_equal(efimap_add_iomem(map, (struct efimap_span){ 0, 0xfff }, 0,
						  "Reserved", 8), 0);
		map->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_ABSENT;
		assert_int_equal(efimap_seal(map), 0);
		report = world_judge(map, EFIMAP_RULE_RUNTIME_IOMEM_NONE);
		assert_int_equal(report->n_findings, 1);
		finding = &report->findings[0];
		assert_int_equal(finding->severity, n == 1 ? EFIMAP_WARNING : EFIMAP_NOTE);
		assert_int_equal(finding->n_evidence, n == 1 ? 2 : 1);
		if (n == 2)
			assert_string_equal(finding->evidence[0].value, "1 lines");
	}
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(silent_in_a_crash_kernel),
		cmocka_unit_test(not_said_twice),
		cmocka_unit_test(all_left_out),
		cmocka_unit_test(two_make_a_habit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
