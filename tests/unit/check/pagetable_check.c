/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A dump against the map: the healthy scene with the table that is built of it as its
 * dump, one change each. Real dumps are held against real maps in tests/cli.
 */
#include "check/verify.h"
#include "check/scene.h"
#include "emulate/pagetable.h"

#define CODE_VA UINT64_C(0xfffffffeff1ec000)

TEST(a_page_of_code_that_is_not_mapped_is_one_finding)
{
	const struct efimap_pagetable_options options = { 0 };
	efimap_auto_pagetable struct efimap_pagetable table = { 0 };
	efimap_auto_ptdump struct efimap_ptdump predicted = { 0 }, dump = { 0 };
	efimap_auto_report struct efimap_report *report = NULL;
	efimap_auto_map struct efimap *map = NULL;
	efimap_auto_free char *text = NULL;
	struct scene scene;

	scene_init(&scene, "pagetable");
	scene.hears_notes = true;
	map = scene_build(&scene);
	assert_int_equal(efimap_pagetable_build(map->entries, map->n_entries, &options, &table,
						NULL), 0);
	assert_int_equal(efimap_pagetable_runs(&table, &predicted), 0);
	for (size_t i = 0; i < predicted.n_runs; i++) {
		struct efimap_ptrun run = predicted.runs[i];

		if (run.span.first == CODE_VA)
			run.span.last -= 0x1000;
		assert_int_equal(efimap_ptdump_add(&dump, &run), 0);
	}
	assert_int_equal(efimap_pagetable_check(map, &dump, &predicted, &report), 0);
	text = scene_text(&scene, report);
	assert_string_equal(text, "pagetable-missing error runtime-services-fail 2\n"
				  "pagetable-wx note none 2\n");
	assert_int_equal(efimap_verdict_of(report), EFIMAP_VERDICT_FAIL);
}

#define EXTRA "bytes of the EFI window are mapped and belong to no entry, first at "

/*
 * What is mapped beside the entries of a first kernel; without the device, which lies at
 * the top.
 */
static const struct {
	const char *name;
	struct efimap_span runs[3];
	bool without_device;
	const char *says;
} extras[] = {
	{ "below, around one, above",
	  { { 0xffffffef00000000, 0xffffffef00000fff },
	    { 0xfffffffefcd16000, 0xfffffffefcd18fff },
	    { 0xffffffff00000000, 0xffffffff00000fff } },
	  false, "0x3000 " EXTRA "0xffffffef00000000" },
	{ "over the top", { { 0xfffffffefffff000, 0xffffffff00000fff } }, true,
	  "0x1000 " EXTRA "0xfffffffefffff000" },
};

TEST(what_belongs_to_no_entry_is_told)
{
	for (size_t i = 0; i < ARRAY_SIZE(extras); i++) {
		efimap_auto_ptdump struct efimap_ptdump dump = { 0 }, none = { 0 };
		efimap_auto_report struct efimap_report *report = NULL;
		efimap_auto_map struct efimap *map = NULL;
		struct scene scene;
		bool said = false;

		scene_init(&scene, "pagetable");
		if (extras[i].without_device)
			scene.entries[0].virt = UINT64_C(0xfffffffe00000000);
		map = scene_build(&scene);
		for (size_t k = 0; k < 3 && extras[i].runs[k].last; k++) {
			const struct efimap_ptrun run = { extras[i].runs[k], EFIMAP_PTE_NX,
							  EFIMAP_PTLEVEL_PTE };

			assert_int_equal(efimap_ptdump_add(&dump, &run), 0);
		}
		assert_int_equal(efimap_pagetable_check(map, &dump, &none, &report), 0);
		for (size_t f = 0; f < report->n_findings; f++) {
			if (report->findings[f].rule->id != EFIMAP_RULE_PAGETABLE_EXTRA)
				continue;
			said = true;
			assert_int_equal(report->findings[f].severity, EFIMAP_NOTE);
			if (strcmp(report->findings[f].message, extras[i].says) != 0)
				fail_msg("%s: %s", extras[i].name, report->findings[f].message);
		}
		if (!said)
			fail_msg("%s: nothing is said", extras[i].name);
	}
}

/* Above the lower half no table of the kernel can map memory onto itself. */
TEST(above_the_lower_half_there_is_no_identity)
{
	static const struct {
		const char *name;
		uint64_t phys, virt;
		bool is_missed;
	} places[] = {
		{ "low", 0x100000000, 0xfffffffe00000000, true },
		{ "in the upper quarter", (UINT64_C(1) << 46) + 0x1000, 0xfffffffe00001000, true },
		{ "up to the limit", (UINT64_C(1) << 47) - 0x4000, 0xfffffffe001fc000, true },
		{ "over it", (UINT64_C(1) << 47) - 0x3000, 0xfffffffe001fd000, false },
		{ "above it", UINT64_C(1) << 47, 0xfffffffe00000000, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		efimap_auto_ptdump struct efimap_ptdump dump = { 0 }, none = { 0 };
		efimap_auto_report struct efimap_report *report = NULL;
		efimap_auto_map struct efimap *map = NULL;
		struct scene scene;
		bool missed = false;

		scene_init(&scene, "pagetable");
		scene_add(&scene, 6, places[i].phys, places[i].virt, 4, 0x800000000000000f);
		map = scene_build(&scene);
		assert_int_equal(efimap_pagetable_check(map, &dump, &none, &report), 0);
		for (size_t f = 0; f < report->n_findings; f++)
			missed |= report->findings[f].rule->id ==
					  EFIMAP_RULE_PAGETABLE_NO_IDENTITY &&
				  report->findings[f].entries[0] == 8;
		if (missed != places[i].is_missed)
			fail_msg("%s: %d", places[i].name, missed);
	}
}

#define NX EFIMAP_PTE_NX
#define RW EFIMAP_PTE_RW
#define PCD EFIMAP_PTE_PCD
#define PAGE UINT64_C(0x1000)
#define PAGES 16
#define WB UINT64_C(8)

static const struct efimap_ptrun some[] = {
	{ { 1 * PAGE, 3 * PAGE - 1 }, RW | NX, EFIMAP_PTLEVEL_PTE },
	{ { 3 * PAGE, 4 * PAGE - 1 }, RW, EFIMAP_PTLEVEL_PTE },
	{ { 6 * PAGE, 8 * PAGE - 1 }, PCD | RW | NX, EFIMAP_PTLEVEL_PTE },
	{ { 8 * PAGE, 9 * PAGE - 1 }, 0, EFIMAP_PTLEVEL_PTE },
	{ { 12 * PAGE, 14 * PAGE - 1 }, PCD, EFIMAP_PTLEVEL_PTE },
};

/* One letter a page: '.' absent, d data, w writable code, u uncached data, x code, v. */
static const char pages[PAGES + 1] = ".ddw..uux...vv..";

/* The bytes of pages with one of these letters, and where the first lies */
static uint64_t count(const char *letters, size_t from, size_t to, uint64_t *ret_first)
{
	uint64_t bytes = 0;

	for (size_t i = to; i-- > from;) {
		if (!strchr(letters, pages[i]))
			continue;
		bytes += PAGE;
		*ret_first = i * PAGE;
	}
	return bytes;
}

/* It speaks where there are bytes, and says how many, and from where on. */
static void expect_bytes(const struct efimap_report *report, enum efimap_rule_id rule,
			 uint64_t bytes, const char *between, uint64_t first)
{
	const char *message = NULL;
	char expected[80];

	for (size_t i = 0; i < report->n_findings; i++)
		if (report->findings[i].rule->id == rule)
			message = report->findings[i].message;
	snprintf(expected, sizeof(expected), "0x%llx %s0x%llx", (unsigned long long)bytes, between,
		 (unsigned long long)first);
	if (!message != !bytes || (message && !strstr(message, expected)))
		fail_msg("%s: %s: %s", efimap_rule_get(rule)->name, expected, message);
}

static void check_range(uint32_t type, uint64_t attribute, size_t from, size_t to)
{
	const bool is_code = type == EFIMAP_TYPE_RUNTIME_CODE;
	efimap_auto_ptdump struct efimap_ptdump dump = { 0 }, none = { 0 };
	efimap_auto_report struct efimap_report *report = NULL;
	efimap_auto_map struct efimap *map = NULL;
	uint64_t bytes, first = 0;
	char between[80];
	struct scene scene;

	scene_init(&scene, "pagetable");
	scene.n_entries = 0;
	scene_add(&scene, type, from * PAGE, from * PAGE, to - from,
		  EFIMAP_ATTR_RUNTIME | attribute);
	map = scene_build(&scene);
	for (size_t i = 0; i < ARRAY_SIZE(some); i++)
		assert_int_equal(efimap_ptdump_add(&dump, &some[i]), 0);
	assert_int_equal(efimap_pagetable_check(map, &dump, &none, &report), 0);
	bytes = count(".", from, to, &first);
	snprintf(between, sizeof(between),
		 "of its 0x%llx bytes are not mapped at its physical address, from ",
		 (unsigned long long)(to - from) * PAGE);
	expect_bytes(report, EFIMAP_RULE_PAGETABLE_NO_IDENTITY, bytes, between, first);
	bytes = is_code ? 0 : count("wxv", from, to, &first);
	expect_bytes(report, EFIMAP_RULE_PAGETABLE_NX_DATA, bytes,
		     "bytes of it are executable, from ", first);
	bytes = is_code ? count("w", from, to, &first) : 0;
	expect_bytes(report, EFIMAP_RULE_PAGETABLE_WX, bytes,
		     "bytes are writable and executable, from ", first);
	assert_int_equal(scene_count(report, EFIMAP_RULE_PAGETABLE_X_CODE_NX),
			 is_code && count("duwxv", from, to, &first) > 0 &&
				 count("wxv", from, to, &first) == 0);
	bytes = count(attribute & WB ? "uv" : "dwx", from, to, &first);
	expect_bytes(report, EFIMAP_RULE_PAGETABLE_CACHE, bytes, "bytes at ", from * PAGE);
}

TEST(every_range_is_counted)
{
	for (size_t from = 0; from < PAGES; from++)
		for (size_t to = from + 1; to <= PAGES; to++) {
			check_range(EFIMAP_TYPE_RUNTIME_DATA, WB, from, to);
			check_range(EFIMAP_TYPE_RUNTIME_DATA, 1, from, to);
			check_range(EFIMAP_TYPE_RUNTIME_CODE, WB, from, to);
		}
}
