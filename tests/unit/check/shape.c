/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is the map there, complete, readable and small enough? */
#include "check/scene.h"

#define FAMILIES "shape"
#define MAP "sys/firmware/efi/runtime-map/"

static void healthy(struct scene *s)
{
}

static void no_map(struct scene *s)
{
	s->hears_notes = true;
	s->n_entries = 0;
	s->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_ABSENT;
}

static void no_map_noruntime(struct scene *s)
{
	no_map(s);
	s->cmdline = "efi=debug,noruntime";
}

static void no_map_noefi(struct scene *s)
{
	no_map(s);
	s->cmdline = "quiet noefi";
}

static void no_map_noruntime_overridden(struct scene *s)
{
	no_map(s);
	s->cmdline = "efi=noruntime efi=runtime";
}

static void no_map_mixed_after_kexec(struct scene *s)
{
	no_map(s);
	s->platform_size = 32;
	s->runtime = 0x3f9ebb98;
	s->cmdline = "elfcorehdr=0x61000000";
}

static void no_map_mixed(struct scene *s)
{
	no_map(s);
	s->platform_size = 32;
}

static void only_its_name(struct scene *s, enum efimap_origin origin)
{
	static const enum efimap_source gone[] = {
		EFIMAP_SRC_FW_VENDOR, EFIMAP_SRC_RUNTIME,	   EFIMAP_SRC_CONFIG_TABLE,
		EFIMAP_SRC_SYSTAB,    EFIMAP_SRC_FW_PLATFORM_SIZE,
	};

	no_map(s);
	s->origin = origin;
	for (size_t i = 0; i < ARRAY_SIZE(gone); i++)
		s->states[gone[i]] = EFIMAP_STATE_ABSENT;
}

static void only_its_name_in_a_tree(struct scene *s)
{
	only_its_name(s, EFIMAP_ORIGIN_TREE);
}

static void only_its_name_live(struct scene *s)
{
	only_its_name(s, EFIMAP_ORIGIN_LIVE);
}

static void only_systab_in_a_tree(struct scene *s)
{
	only_its_name(s, EFIMAP_ORIGIN_TREE);
	s->states[EFIMAP_SRC_SYSTAB] = EFIMAP_STATE_DENIED;
}

static void only_fw_vendor_in_a_tree(struct scene *s)
{
	only_its_name(s, EFIMAP_ORIGIN_TREE);
	s->states[EFIMAP_SRC_FW_VENDOR] = EFIMAP_STATE_PRESENT;
}

static void empty(struct scene *s)
{
	s->n_entries = 0;
}

static void one_entry(struct scene *s)
{
	s->n_entries = 1;
}

static void lost_in_the_middle(struct scene *s)
{
	s->entries[3] = s->entries[7];
	s->entries[3].index = 7;
	s->n_entries = 7;
}

static void lost_at_the_start(struct scene *s)
{
	for (size_t i = 0; i < s->n_entries; i++)
		s->entries[i].index++;
}

/* That cannot be told from a shorter map. */
static void lost_at_the_end(struct scene *s)
{
	s->n_entries = 7;
}

static void name_of_a_broken_entry(struct efimap *map)
{
	assert_int_equal(efimap_add_name(map, 3), 0);
}

static void broken_in_the_middle(struct scene *s)
{
	lost_in_the_middle(s);
	s->more = name_of_a_broken_entry;
	scene_fault(s, EFIMAP_FAULT_SYNTAX, 3, MAP "3/type");
}

/* A snapshot that somebody took an entry out of. */
static void gone_from_a_snapshot(struct scene *s)
{
	lost_in_the_middle(s);
	s->more = name_of_a_broken_entry;
}

static void all_gone_from_a_snapshot(struct scene *s)
{
	s->n_entries = 0;
	s->more = name_of_a_broken_entry;
}

static void gone_beside_a_sixth_file(struct scene *s)
{
	gone_from_a_snapshot(s);
	scene_fault(s, EFIMAP_FAULT_EXTRA, 2, MAP "2/perms");
}

static void odd_name(struct scene *s)
{
	scene_fault(s, EFIMAP_FAULT_NAME, EFIMAP_NO_INDEX, MAP "01");
}

static void odd_names(struct scene *s)
{
	odd_name(s);
	scene_fault(s, EFIMAP_FAULT_NAME, EFIMAP_NO_INDEX, MAP "x");
}

static void sixth_file(struct scene *s)
{
	scene_fault(s, EFIMAP_FAULT_EXTRA, 2, MAP "2/perms");
}

static void fault_elsewhere(struct scene *s)
{
	scene_fault(s, EFIMAP_FAULT_NAME, EFIMAP_NO_INDEX, "sys/firmware/memmap/x");
	s->faults[0].source = EFIMAP_SRC_MEMMAP;
}

static void missing(struct scene *s)
{
	scene_fault(s, EFIMAP_FAULT_MISSING, 2, MAP "2/phys_addr");
}

static void missing_twice(struct scene *s)
{
	missing(s);
	scene_fault(s, EFIMAP_FAULT_MISSING, 2, MAP "2/virt_addr");
	scene_fault(s, EFIMAP_FAULT_MISSING, 3, MAP "3/virt_addr");
}

static void worse_behind_it(struct scene *s)
{
	scene_fault(s, EFIMAP_FAULT_MISSING, 2, MAP "2/attribute");
	scene_fault(s, EFIMAP_FAULT_MISSING, 2, MAP "2/phys_addr");
	scene_fault(s, EFIMAP_FAULT_MISSING, 3, MAP "3/attribute");
}

static void worse_in_the_next_entry(struct scene *s)
{
	scene_fault(s, EFIMAP_FAULT_MISSING, 2, MAP "2/attribute");
	scene_fault(s, EFIMAP_FAULT_MISSING, 3, MAP "3/phys_addr");
}

static void unreadable_without_the_other_rule(struct scene *s)
{
	missing(s);
	s->options.disabled[EFIMAP_RULE_MAP_VALUE_SYNTAX] = true;
}

static void unreadable_in_no_entry(struct scene *s)
{
	scene_fault(s, EFIMAP_FAULT_DENIED, EFIMAP_NO_INDEX, MAP "x/type");
	scene_fault(s, EFIMAP_FAULT_DENIED, EFIMAP_NO_INDEX, MAP "y/type");
}

static void every_kind_unreadable(struct scene *s)
{
	static const enum efimap_fault_kind kinds[] = {
		EFIMAP_FAULT_MISSING, EFIMAP_FAULT_DENIED, EFIMAP_FAULT_EMPTY,
		EFIMAP_FAULT_NOT_A_FILE, EFIMAP_FAULT_IO,
	};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		scene_fault(s, kinds[i], (uint32_t)i, MAP "0/type");
}

static void syntax(struct scene *s)
{
	static const char *const files[] = { MAP "0/attribute", MAP "0/num_pages",
					     MAP "0/phys_addr", MAP "0/type",
					     MAP "0/virt_addr" };

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		scene_fault(s, i & 1 ? EFIMAP_FAULT_SYNTAX : EFIMAP_FAULT_TOO_LONG,
			    (uint32_t)i, files[i]);
}

static void judges_the_shape(void **state)
{
	static const struct scene_row rows[] = {
		{ "healthy", healthy, "" },
		{ "no map", no_map, "map-absent error boots-without-efi\n" },
		{ "no map, efi=noruntime", no_map_noruntime,
		  "map-absent note boots-without-efi\n" },
		{ "no map, noefi", no_map_noefi, "map-absent note boots-without-efi\n" },
		{ "no map, efi=runtime", no_map_noruntime_overridden,
		  "map-absent error boots-without-efi\n" },
		{ "no map, mixed mode after kexec", no_map_mixed_after_kexec,
		  "map-absent note boots-without-efi\n" },
		{ "no map, mixed mode", no_map_mixed, "map-absent error boots-without-efi\n" },
		{ "only sys/firmware/efi in a tree", only_its_name_in_a_tree, "" },
		{ "only /sys/firmware/efi live", only_its_name_live,
		  IS_X86 ? "map-absent error boots-without-efi\n" :
			   "map-absent note none\n" },
		{ "only systab in a tree", only_systab_in_a_tree,
		  "map-absent error boots-without-efi\n" },
		{ "only fw_vendor in a tree", only_fw_vendor_in_a_tree,
		  "map-absent error boots-without-efi\n" },
		{ "empty", empty, "map-empty error boots-without-efi\n" },
		{ "one entry", one_entry, "" },
		{ "lost in the middle", lost_in_the_middle, "map-index-gap warning none\n" },
		{ "lost at the start", lost_at_the_start, "map-index-gap warning none\n" },
		{ "lost at the end", lost_at_the_end, "" },
		{ "broken in the middle", broken_in_the_middle,
		  "map-value-syntax error runtime-services-fail 3\n" },
		{ "gone from a snapshot", gone_from_a_snapshot, "map-index-gap warning none\n" },
		{ "all gone from a snapshot", all_gone_from_a_snapshot,
		  "map-empty error boots-without-efi\n" },
		{ "gone, and a sixth file", gone_beside_a_sixth_file,
		  "map-index-gap warning none\n" },
		{ "odd name", odd_name, "map-name-odd warning none\n" },
		{ "odd names", odd_names,
		  "map-name-odd warning none\nmap-name-odd warning none\n" },
		{ "sixth file", sixth_file, "" },
		{ "fault elsewhere", fault_elsewhere, "" },
		{ "missing", missing, "map-file-unreadable error does-not-boot 2\n" },
		{ "missing twice", missing_twice,
		  "map-file-unreadable error does-not-boot 2\n"
		  "map-file-unreadable error runtime-services-fail 3\n" },
		{ "worse behind it", worse_behind_it,
		  "map-file-unreadable error does-not-boot 2\n"
		  "map-file-unreadable error none 3\n" },
		{ "worse in the next entry", worse_in_the_next_entry,
		  "map-file-unreadable error none 2\n"
		  "map-file-unreadable error does-not-boot 3\n" },
		{ "unreadable, without the other rule", unreadable_without_the_other_rule,
		  "map-file-unreadable error does-not-boot 2\n" },
		{ "unreadable in no entry", unreadable_in_no_entry,
		  "map-file-unreadable error runtime-services-fail\n"
		  "map-file-unreadable error runtime-services-fail\n" },
		{ "every kind of unreadable", every_kind_unreadable,
		  "map-file-unreadable error runtime-services-fail 0\n"
		  "map-file-unreadable error runtime-services-fail 1\n"
		  "map-file-unreadable error runtime-services-fail 2\n"
		  "map-file-unreadable error runtime-services-fail 3\n"
		  "map-file-unreadable error runtime-services-fail 4\n" },
		{ "syntax", syntax,
		  "map-value-syntax error none 0\n"
		  "map-value-syntax error runtime-services-fail 1\n"
		  "map-value-syntax error does-not-boot 2\n"
		  "map-value-syntax error runtime-services-fail 3\n"
		  "map-value-syntax error runtime-services-fail 4\n" },
	};

	scene_run(rows, ARRAY_SIZE(rows), FAMILIES);
}

static void sixth_files(struct scene *s)
{
	sixth_file(s);
	scene_fault(s, EFIMAP_FAULT_EXTRA, 1, MAP "1/perms");
	s->says = "and not the only one";
}

static void strange_file_elsewhere(struct scene *s)
{
	scene_fault(s, EFIMAP_FAULT_EXTRA, EFIMAP_NO_INDEX, "sys/firmware/memmap/1/more");
	s->faults[0].source = EFIMAP_SRC_MEMMAP;
}

static void only_one_entry(struct scene *s)
{
	s->n_entries = 1;
	s->says = "the map has 1 entry, where";
	/* That one entry cannot be both is said by others. */
	s->options.disabled[EFIMAP_RULE_NO_RUNTIME_CODE] = true;
}

static void two_entries(struct scene *s)
{
	s->n_entries = 2;
}

static void notes_what_is_odd(void **state)
{
	static const struct scene_row rows[] = {
		{ "a sixth file", sixth_file, "map-extra-file note none 2\n" },
		{ "a sixth file in two", sixth_files, "map-extra-file note none 1,2\n" },
		{ "a strange file elsewhere", strange_file_elsewhere, "" },
		{ "one entry", only_one_entry, "map-count-odd note none\n" },
		{ "two entries", two_entries, "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct scene scene;

		scene_init(&scene, "shape");
		scene.hears_notes = true;
		rows[i].change(&scene);
		scene_expect(&scene, rows[i].name, rows[i].expected);
	}
}

static void add_code(struct efimap *map, uint32_t index)
{
	const struct efimap_entry entry = { index, 5, 0x40000000 + index * UINT64_C(0x2000),
					    0xfffffff000000000 + index * UINT64_C(0x2000), 1,
					    0x800000000000000f };

	assert_int_equal(efimap_add_entry(map, &entry), 0);
	assert_int_equal(efimap_add_name(map, index), 0);
}

static void note_of_count(uint32_t count, const char *cmdline, uint32_t type,
			  uint64_t attribute, const char *expected)
{
	struct scene scene;
	efimap_auto_map struct efimap *map = NULL;
	efimap_auto_report struct efimap_report *report = NULL;
	char *text;

	scene_init(&scene, "shape");
	scene.hears_notes = true;
	scene.cmdline = cmdline ? cmdline : "";
	scene.states[EFIMAP_SRC_CMDLINE] = cmdline ? EFIMAP_STATE_PRESENT
						   : EFIMAP_STATE_ABSENT;
	map = scene_build(&scene, 0);
	for (uint32_t i = (uint32_t)scene.n_entries; i < count; i++) {
		struct efimap_entry entry = { i, type, 0x40000000 + i * UINT64_C(0x2000),
					      0xfffffff000000000 + i * UINT64_C(0x2000), 1,
					      attribute };

		assert_int_equal(efimap_add_entry(map, &entry), 0);
		assert_int_equal(efimap_add_name(map, i), 0);
	}
	assert_int_equal(efimap_seal(map), 0);
	assert_int_equal(efimap_verify(map, &scene.options, &report), 0);
	text = scene_text(&scene, report);
	if (strcmp(text, expected) != 0)
		fail_msg("%u entries:\nexpected:\n%sfound:\n%s", count, expected, text);
	free(text);
}

static void notes_odd_counts(void **state)
{
	const uint64_t run = 0x800000000000000f;

	note_of_count(128, "", 5, run, "");
	note_of_count(129, "", 5, run, "map-count-odd note none\n");
	note_of_count(128, "", 4, 0xf, "");
	note_of_count(129, "efi=debug", 4, 0xf, "");
	note_of_count(129, NULL, 4, 0xf, "");
	note_of_count(129, NULL, 4, run, "map-count-odd note none\n");
	note_of_count(5242, "", 5, run, "map-count-odd note none\n");
	note_of_count(5243, "", 5, run, "map-too-big warning none\n");
}

/* How many entries a log lost nobody knows, but that there are many it cannot have made up. */
static void a_torn_log_has_no_few(void **state)
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
		struct scene scene;

		scene_init(&scene, "shape");
		scene.n_entries = 0;

		efimap_auto_map struct efimap *map = scene_build(&scene, 0);

		map->map_from = EFIMAP_MAP_FROM_RUNTIME;
		for (uint32_t k = 0; k < rows[i].count; k++)
			add_code(map, k);
		if (rows[i].is_torn)
			assert_int_equal(efimap_add_fault(map, &lost), 0);
		assert_int_equal(efimap_seal(map), 0);
		assert_int_equal(efimap_verify(map, &scene.options, &report), 0);
		if (scene_count(report, EFIMAP_RULE_MAP_COUNT_ODD) != rows[i].speaks)
			fail_msg("row %zu", i);
	}
}

static void expect_of_count(uint32_t count, const char *expected, const char *says)
{
	struct scene scene;
	efimap_auto_map struct efimap *map = NULL;
	efimap_auto_report struct efimap_report *report = NULL;
	char *text;

	scene_init(&scene, FAMILIES);
	scene.says = says;
	scene.n_entries = 0;
	assert_int_equal(efimap_new("many", EFIMAP_ORIGIN_TREE, &map), 0);
	memcpy(map->states, scene.states, sizeof(map->states));
	map->platform_size = 64;
	for (uint32_t i = 0; i < count; i++)
		add_code(map, i);
	assert_int_equal(efimap_seal(map), 0);
	assert_int_equal(efimap_verify(map, NULL, &report), 0);
	text = scene_text(&scene, report);
	if (strcmp(text, expected) != 0)
		fail_msg("%u entries:\nexpected:\n%sfound:\n%s", count, expected, text);
	if (!scene_says(&scene, report))
		fail_msg("%u entries do not say: %s", count, says);
	free(text);
}

/* 256 KiB / 40 = 6553.6; (256 KiB - 4080) / 48 = 5376.3; 256 KiB / 48 = 5461.3 */
static void knows_the_limits(void **state)
{
	static const char perhaps[] = "kexec_file_load perhaps not";
	static const char not[] = "kexec_file_load cannot";

	expect_of_count(5242, "", NULL);
	expect_of_count(5243, "map-too-big warning none\n", "close to the limit");
	expect_of_count(5376, "map-too-big warning none\n", "close to the limit");
	expect_of_count(5377, "map-too-big warning boots-without-efi\n", perhaps);
	expect_of_count(5461, "map-too-big warning boots-without-efi\n", perhaps);
	expect_of_count(5462, "map-too-big warning boots-without-efi\n", not);
	expect_of_count(6553, "map-too-big warning boots-without-efi\n", not);
	expect_of_count(6554, "map-too-big error boots-without-efi\n",
			"the next kernel cannot map them");
}

/* Why there is no map, where nobody looked for one: rows of what else there is. */
static void a_map_that_was_not_collected(void **state)
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
		efimap_auto_map struct efimap *map = NULL;
		efimap_auto_report struct efimap_report *report = NULL;
		const char *why = NULL;
		struct scene scene;

		scene_init(&scene, FAMILIES);
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
		map = scene_build(&scene, 0);
		assert_int_equal(efimap_verify(map, &scene.options, &report), 0);
		for (size_t k = 0; k < report->n_skipped; k++)
			if (report->skipped[k].rule->id == EFIMAP_RULE_MAP_ABSENT)
				why = report->skipped[k].why;
		if (!why != !rows[i].why || (why && !strstr(why, rows[i].why)))
			fail_msg("row %zu: %s", i, why ? why : "not skipped");
	}
}

/* One entry that a log lists, or one that could not be read, is a map that is not empty. */
static void one_is_not_empty(void **state)
{
	static const struct efimap_fault unread = {
		.source = EFIMAP_SRC_RUNTIME_MAP,
		.kind = EFIMAP_FAULT_SYNTAX,
		.where = "sys/firmware/efi/runtime-map/0/type",
		.text = "found \"x\", expected 0x and hex digits",
	};

	for (int what = 0; what < 3; what++) {
		efimap_auto_map struct efimap *map = NULL;
		efimap_auto_report struct efimap_report *report = NULL;
		struct scene scene;

		scene_init(&scene, FAMILIES);
		scene.n_entries = what == 1;
		scene.own_names = true;
		map = scene_build(&scene, 0);
		if (what == 2) {
			assert_int_equal(efimap_add_name(map, 0), 0);
			assert_int_equal(efimap_add_fault(map, &unread), 0);
		}
		assert_int_equal(efimap_verify(map, &scene.options, &report), 0);
		assert_int_equal(scene_count(report, EFIMAP_RULE_MAP_EMPTY), what == 0);
	}
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_is_not_empty),
		cmocka_unit_test(a_map_that_was_not_collected),
		cmocka_unit_test(judges_the_shape),
		cmocka_unit_test(a_torn_log_has_no_few),
		cmocka_unit_test(knows_the_limits),
		cmocka_unit_test(notes_what_is_odd),
		cmocka_unit_test(notes_odd_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
