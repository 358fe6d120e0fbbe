/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is the map there, complete, readable and small enough? */
#include "check/scene.h"

#define UNREADABLE "map-file-unreadable error "
#define NO_MAP "count=0 no-runtime_map "
#define NO_POINTERS "no-runtime no-config_table no-systab no-fw_platform_size "
#define ABSENT "map-absent error boots-without-efi\n"

static void name_of_entry_3(struct efimap *map)
{
	assert_int_equal(efimap_add_name(map, 3), 0);
}

#define LOST "count=7 3.index=7 "
#define GAP "map-index-gap warning none\n"

TEST(maps_that_are_lost_in_part_or_all)
{
	static const struct scene_case rows[] = {
		{ "fw_vendor too", NO_MAP NO_POINTERS, ABSENT },
		{ "nothing but its name live", NO_MAP NO_POINTERS "no-fw_vendor live",
		  IS_X86 ? ABSENT : "map-absent note none\n" },
		/* That cannot be told from a shorter map. */
		{ "from a snapshot, beside a sixth file", LOST "fault=extra:2/perms",
		  GAP "map-extra-file note none 2\n", NULL, name_of_entry_3 },
		{ "one of a snapshot's two", "count=1", GAP, NULL, name_of_entry_3 },
		{ "all of a snapshot", "count=0",
		  "map-empty error boots-without-efi\nmap-count-odd note none\n", NULL,
		  name_of_entry_3 },
	};

	scene_run_cases(rows, ARRAY_SIZE(rows), "shape notes");
}

TEST(files_of_entries)
{
	static const struct scene_case rows[] = {
		{ "the worst of them counts",
		  "fault=missing:2/attribute fault=missing:2/phys_addr fault=missing:3/attribute",
		  UNREADABLE "does-not-boot 2\n" UNREADABLE "none 3\n" },
		{ "for another reason each", "fault=missing:2/attribute fault=empty:2/phys_addr",
		  UNREADABLE "does-not-boot 2\n" UNREADABLE "none 2\n" },
		{ "in no entry", "fault=denied:x/type fault=denied:y/type",
		  UNREADABLE "runtime-services-fail\n" UNREADABLE "runtime-services-fail\n" },
	};

	scene_run_cases(rows, ARRAY_SIZE(rows), "shape");
}

static void add_entries(struct efimap *map, uint32_t first, uint32_t count, uint32_t type,
			uint64_t attribute)
{
	for (uint32_t i = first; i < count; i++) {
		const struct efimap_entry entry = { i, type,
						    0x40000000 + i * UINT64_C(0x2000),
						    0xfffffff000000000 + i * UINT64_C(0x2000), 1,
						    attribute };

		assert_int_equal(efimap_add_entry(map, &entry), 0);
		assert_int_equal(efimap_add_name(map, i), 0);
	}
	assert_int_equal(efimap_seal(map), 0);
}

/* struct count - so many entries, those beyond the eight of a machine of one kind */
struct count {
	uint32_t count;
	const char *cmdline;
	uint32_t type;
	uint64_t attribute;
	const char *expected;
	const char *says;
};

static void judge_count(const struct count *row)
{
	efimap_auto_map struct efimap *map = NULL;
	efimap_auto_report struct efimap_report *report = NULL;
	struct scene scene;
	efimap_auto_free char *text = NULL;

	scene_init(&scene, "shape");
	scene.hears_notes = true;
	scene.cmdline = row->cmdline ? row->cmdline : "";
	scene.says = row->says;
	if (!row->cmdline)
		scene.states[EFIMAP_SRC_CMDLINE] = EFIMAP_STATE_ABSENT;
	map = scene_build(&scene, 0);
	add_entries(map, (uint32_t)scene.n_entries, row->count, row->type, row->attribute);
	assert_int_equal(efimap_verify(map, &scene.options, &report), 0);
	text = scene_text(&scene, report);
	if (strcmp(text, row->expected) != 0 || !scene_says(&scene, report))
		fail_msg("%u entries:\nexpected:\n%sfound:\n%s", row->count, row->expected, text);
}

/* 256 KiB / 40 = 6553.6; (256 KiB - 4080) / 48 = 5376.3; 256 KiB / 48 = 5461.3 */
TEST(counts_at_each_limit)
{
	static const char odd[] = "map-count-odd note none\n";
	static const char close[] = "map-too-big warning none\n";
	static const char big[] = "map-too-big warning boots-without-efi\n";
	static const uint64_t run = 0x800000000000000f;
	const struct count rows[] = {
		{ 128, "", 5, run, "" },
		{ 129, "", 5, run, odd },
		{ 128, "", 4, 0xf, "" },
		{ 129, "efi=debug", 4, 0xf, "" },
		{ 129, NULL, 4, 0xf, "" },
		{ 129, NULL, 4, run, odd },
		{ 5242, "", 5, run, odd },
		{ 5243, "", 5, run, close, "that is close to the limit" },
		{ 5376, "", 5, run, close, "that is close to the limit" },
		{ 5377, "", 5, run, big, "kexec_file_load perhaps not" },
		{ 5461, "", 5, run, big, "kexec_file_load perhaps not" },
		{ 5462, "", 5, run, big, "kexec_file_load cannot" },
		{ 6553, "", 5, run, big, "kexec_file_load cannot" },
		{ 6554, "", 5, run, "map-too-big error boots-without-efi\n",
		  "where 6553 of 40 bytes fit: the next kernel cannot map them" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		judge_count(&rows[i]);
}

/* How many entries a log lost nobody knows, but that there are many it cannot have made up. */
TEST(a_torn_log_has_no_few)
{
	static const struct efimap_fault lost = {
		.source = EFIMAP_SRC_KERNEL_LOG,
		.kind = EFIMAP_FAULT_MISSING,
		.index = EFIMAP_NO_INDEX,
		.where = "the kernel log",
		.text = "a line is missing",
	};
	static const struct {
		uint32_t count;
		bool is_torn, speaks;
	} rows[] = { { 1, false, true }, { 1, true, false }, { 129, true, true } };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_report struct efimap_report *report = NULL;
		efimap_auto_map struct efimap *map = NULL;
		struct scene scene;

		scene_init(&scene, "shape");
		scene.n_entries = 0;
		map = scene_build(&scene, 0);
		map->map_from = EFIMAP_MAP_FROM_RUNTIME;
		if (rows[i].is_torn)
			assert_int_equal(efimap_add_fault(map, &lost), 0);
		add_entries(map, 0, rows[i].count, 5, 0x800000000000000f);
		assert_int_equal(efimap_verify(map, &scene.options, &report), 0);
		if (scene_count(report, EFIMAP_RULE_MAP_COUNT_ODD) != rows[i].speaks)
			fail_msg("row %zu", i);
	}
}

/* Why there is no map, where nobody looked for one: rows of what else there is. */
TEST(a_map_that_was_not_collected)
{
	static const char log[] = "the map is not in this capture, and its kernel log has no";
	static const char name[] = "nothing of sys/firmware/efi was collected but its name";
	static const struct {
		bool has_log, has_memmap, has_params;
		const char *cmdline;
		/* Why it is skipped; NULL: it is not. */
		const char *why;
	} rows[] = {
		{ true, false, true, "", log },
		{ true, true, false, "", log },
		{ true, false, false, "", log },
		{ true, true, true, "", name },
		{ false, false, false, "", name },
		{ true, false, false, "efi=noruntime", NULL },
		{ false, false, false, "efi=noruntime", name },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_report struct efimap_report *report = NULL;
		const char *why = NULL;
		struct scene scene;

		scene_init(&scene, "shape");
		memset(scene.states, 0, sizeof(scene.states));
		scene.states[EFIMAP_SRC_EFI] = EFIMAP_STATE_PRESENT;
		scene.states[EFIMAP_SRC_CMDLINE] = EFIMAP_STATE_PRESENT;
		if (rows[i].has_log)
			scene.states[EFIMAP_SRC_KERNEL_LOG] = EFIMAP_STATE_PRESENT;
		if (rows[i].has_memmap)
			scene.states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_PRESENT;
		if (rows[i].has_params)
			scene.states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_PRESENT;
		scene.n_entries = 0;
		scene.cmdline = rows[i].cmdline;
		report = scene_judge(&scene);
		for (size_t k = 0; k < report->n_skipped; k++)
			if (report->skipped[k].rule->id == EFIMAP_RULE_MAP_ABSENT)
				why = report->skipped[k].why;
		if (!why != !rows[i].why || (why && !strstr(why, rows[i].why)))
			fail_msg("row %zu: %s", i, why ? why : "not skipped");
	}
}

/* One entry that a log lists, or one that could not be read, is a map that is not empty. */
TEST(one_is_not_empty)
{
	static const char *const words[] = { "count=0", "count=0 fault=name:3", "count=1",
					     "count=0 fault=syntax:3/type" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		efimap_auto_report struct efimap_report *report = NULL;
		struct scene scene;

		scene_init(&scene, "shape");
		scene.own_names = true;
		scene_edit(&scene, words[i]);
		if (scene.n_faults > 0)
			scene.more = name_of_entry_3;
		report = scene_judge(&scene);
		assert_int_equal(scene_count(report, EFIMAP_RULE_MAP_EMPTY), i <= 1);
	}
}
