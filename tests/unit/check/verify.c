/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What verify says before and besides the rules: captures that cannot be judged, rules
 * that are skipped and why.
 */
#include "check/scene.h"

static struct efimap_report *judge(const struct scene *scene)
{
	efimap_auto_map struct efimap *map = scene_build(scene, 0);
	struct efimap_report *report = NULL;

	assert_int_equal(efimap_verify(map, &scene->options, &report), 0);
	return report;
}

/* A report must not point into the capture. */
TEST(outlives_the_capture)
{
	efimap_auto_report struct efimap_report *report = NULL;
	struct scene scene;
	efimap_auto_free char *text = NULL;

	scene_init(&scene, "virt layout");
	scene.entries[2].virt = 0;
	report = judge(&scene);
	text = scene_text(&scene, report);
	assert_string_equal(text, "virt-zero error runtime-services-fail 2\n");
	assert_string_equal(report->findings[0].message,
			    "RuntimeCode at 0x3f5ec000 has virtual address 0x0, which means "
			    "that it never got one; 0 is right for physical 0 only");
	assert_string_equal(report->findings[0].evidence[0].source, "runtime-map/2/virt_addr");
	assert_string_equal(report->findings[0].evidence[0].value, "0x0");
}

static void no_efi_live(struct scene *s)
{
	s->origin = EFIMAP_ORIGIN_LIVE;
	s->states[EFIMAP_SRC_EFI] = EFIMAP_STATE_ABSENT;
	s->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_ABSENT;
	s->n_entries = 0;
}

static void no_efi_in_a_tree(struct scene *s)
{
	no_efi_live(s);
	s->origin = EFIMAP_ORIGIN_TREE;
	s->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_PRESENT;
}

static void no_firmware_in_a_tree(struct scene *s)
{
	no_efi_live(s);
	s->origin = EFIMAP_ORIGIN_TREE;
}

static void signature(struct efimap *map)
{
	strcpy(map->boot_params.efi_info.signature, "EL64");
}

static void no_signature_in_a_tree(struct scene *s)
{
	no_firmware_in_a_tree(s);
	s->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_PRESENT;
}

static void signature_in_a_tree(struct scene *s)
{
	no_signature_in_a_tree(s);
	s->more = signature;
}

static void denied(struct scene *s)
{
	s->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_DENIED;
	s->n_entries = 0;
}

static void every_file_denied(struct scene *s)
{
	s->n_entries = 0;
	scene_fault(s, EFIMAP_FAULT_DENIED, 0, "sys/firmware/efi/runtime-map/0/type");
}

/* A kernel's log that shows EFI. */
static void log_without_map(struct scene *s)
{
	no_efi_live(s);
	s->origin = EFIMAP_ORIGIN_LOG;
	s->states[EFIMAP_SRC_EFI] = EFIMAP_STATE_PRESENT;
	s->states[EFIMAP_SRC_KERNEL_LOG] = EFIMAP_STATE_PRESENT;
}

static void log_without_efi(struct scene *s)
{
	log_without_map(s);
	s->states[EFIMAP_SRC_EFI] = EFIMAP_STATE_ABSENT;
}

static void only_its_name(struct scene *s)
{
	static const enum efimap_source gone[] = {
		EFIMAP_SRC_FW_VENDOR, EFIMAP_SRC_RUNTIME,	   EFIMAP_SRC_CONFIG_TABLE,
		EFIMAP_SRC_SYSTAB,    EFIMAP_SRC_FW_PLATFORM_SIZE,
	};

	s->n_entries = 0;
	s->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_ABSENT;
	for (size_t i = 0; i < ARRAY_SIZE(gone); i++)
		s->states[gone[i]] = EFIMAP_STATE_ABSENT;
}

static void directory_is_none(struct scene *s)
{
	scene_fault(s, EFIMAP_FAULT_NOT_A_FILE, EFIMAP_NO_INDEX,
		    "sys/firmware/efi/runtime-map");
}

static void denied_behind_an_odd_name(struct scene *s)
{
	s->n_entries = 0;
	scene_fault(s, EFIMAP_FAULT_EXTRA, EFIMAP_NO_INDEX, "sys/firmware/efi/runtime-map/x");
	scene_fault(s, EFIMAP_FAULT_DENIED, 0, "sys/firmware/efi/runtime-map/0/type");
}

TEST(refuses_what_it_cannot_judge)
{
	static const struct {
		const char *name;
		void (*change)(struct scene *scene);
		enum efimap_verdict verdict;
		const char *reason;
		bool unknown;
	} rows[] = {
		{ "no EFI in a tree", no_efi_in_a_tree, EFIMAP_VERDICT_NOT_APPLICABLE,
		  "or sys/firmware/efi was not collected" },
		{ "no EFI live", no_efi_live, EFIMAP_VERDICT_NOT_APPLICABLE,
		  "there is no /sys/firmware/efi" },
		{ "signature in a tree", signature_in_a_tree,
		  EFIMAP_VERDICT_NOT_APPLICABLE,
		  "booted with EFI, but sys/firmware/efi was not collected", true },
		{ "a log without EFI", log_without_efi, EFIMAP_VERDICT_NOT_APPLICABLE,
		  "the kernel log shows no EFI", true },
		{ "only its name", only_its_name, EFIMAP_VERDICT_INCOMPLETE,
		  "nothing of sys/firmware/efi was collected but its name", true },
		{ "no directory", directory_is_none, EFIMAP_VERDICT_UNREADABLE,
		  "sys/firmware/efi/runtime-map: as the test has it" },
		{ "denied, and an odd name", denied_behind_an_odd_name,
		  EFIMAP_VERDICT_DENIED, "may not be read without root" },
		{ "denied", denied, EFIMAP_VERDICT_DENIED,
		  "may not be read without root" },
		{ "every file denied", every_file_denied, EFIMAP_VERDICT_DENIED,
		  "may not be read without root" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_report struct efimap_report *report = NULL;
		efimap_auto_map struct efimap *map = NULL;
		struct scene scene;

		scene_init(&scene, "");
		rows[i].change(&scene);
		map = scene_build(&scene, 0);
		report = judge(&scene);
		if (!efimap_why_not_applicable(map) !=
		    (rows[i].verdict != EFIMAP_VERDICT_NOT_APPLICABLE && !rows[i].unknown))
			fail_msg("%s has a reason, or none", rows[i].name);
		if (efimap_verdict_of(report) != rows[i].verdict ||
		    efimap_report_is_unknown(report) != rows[i].unknown ||
		    !strstr(report->reason, rows[i].reason))
			fail_msg("%s: %s, \"%s\"", rows[i].name,
				 efimap_verdict_name(efimap_verdict_of(report)), report->reason);
		if (*rows[i].reason)
			assert_int_equal(report->n_findings, 0);
		assert_int_equal(report->outcome, rows[i].change == no_efi_live ?
							  EFIMAP_CONSEQ_NO_EFI :
							  EFIMAP_CONSEQ_UNKNOWN);
	}
}

static void disabled_services(struct efimap *map)
{
	static const char says[] = "efi: EFI Runtime Services are disabled!";

	assert_int_equal(efimap_add_complaint(map, says, strlen(says), 1), 0);
}

static void of_another_architecture(struct efimap *map)
{
	map->is_other_arch = true;
}

static void disabled_services_there(struct efimap *map)
{
	disabled_services(map);
	of_another_architecture(map);
}

/* One message is enough; of what others hand on in the device tree it tells nothing. */
TEST(what_a_log_complains_of_is_judged)
{
	static const struct {
		void (*change)(struct scene *scene);
		void (*more)(struct efimap *map);
		const char *expected, *reason;
	} rows[] = {
		{ log_without_efi, disabled_services,
		  "services-disabled warning boots-without-efi\n", "shows no EFI" },
		{ log_without_efi, disabled_services_there, "services-disabled warning none\n",
		  "of another architecture" },
		{ log_without_map, disabled_services_there, "services-disabled warning none\n",
		  "of another architecture" },
		{ log_without_map, of_another_architecture, "", "of another architecture" },
		{ no_efi_live, disabled_services, "", "there is no /sys/firmware/efi" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_report struct efimap_report *report = NULL;
		struct scene scene;
		efimap_auto_free char *text = NULL;

		scene_init(&scene, "symptoms");
		rows[i].change(&scene);
		scene.states[EFIMAP_SRC_KERNEL_LOG] = EFIMAP_STATE_PRESENT;
		scene.more = rows[i].more;
		report = judge(&scene);
		text = scene_text(&scene, report);
		if (strcmp(text, rows[i].expected) != 0 ||
		    !strstr(report->reason, rows[i].reason) ||
		    (report->n_tried > 0) != (*rows[i].expected != '\0'))
			fail_msg("row %zu: %s%s", i, text, report->reason);
	}
}

/* Where no rule looks at it, it takes nothing from the verdict. */
TEST(what_nobody_asks_for_is_not_withheld)
{
	efimap_auto_report struct efimap_report *report = NULL;
	struct scene scene;

	scene_init(&scene, "");
	scene.states[EFIMAP_SRC_IOMEM] = EFIMAP_STATE_MASKED;
	for (unsigned int i = 0; i < EFIMAP_RULE_COUNT; i++)
		scene.options.disabled[i] =
			efimap_rule_get(i)->needs & EFIMAP_NEEDS(EFIMAP_SRC_IOMEM);
	report = judge(&scene);
	assert_int_not_equal(efimap_verdict_of(report), EFIMAP_VERDICT_DENIED);
}

/* Names without entries are of files alone: a log has none. */
static void one_name_more(struct efimap *map)
{
	assert_int_equal(efimap_add_name(map, 8), 0);
}

static void one_name_skipped(struct efimap *map)
{
	assert_int_equal(efimap_add_name(map, 9), 0);
	map->entries[7].index = 9;
}

TEST(a_map_that_is_not_whole_has_its_reason)
{
	static const struct {
		void (*more)(struct efimap *map);
		const char *answer;
	} rows[] = {
		{ one_name_more, "not known: entries of the map are missing in the snapshot" },
		{ one_name_skipped, "not known: 1 of 10 entries of the map are missing" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_report struct efimap_report *report = NULL;
		struct scene scene;

		scene_init(&scene, "");
		scene.more = rows[i].more;
		report = judge(&scene);
		if (!strstr(report->answer, rows[i].answer))
			fail_msg("%s", report->answer);
	}
}

/* What is left of a map is judged, and what of it may not be read is said. */
TEST(one_entry_is_a_map)
{
	efimap_auto_report struct efimap_report *report = NULL;
	struct scene scene;

	scene_init(&scene, "");
	every_file_denied(&scene);
	scene.n_entries = 1;
	report = judge(&scene);
	assert_true(efimap_report_is_judged(report));
	assert_int_equal(efimap_verdict_of(report), EFIMAP_VERDICT_DENIED);
}

/* What is there and may not be seen is no pass; what is absent takes nothing from one. */
TEST(what_is_withheld_is_denied)
{
	static const char some[] = " may not be read without root: ";

	for (unsigned int source = EFIMAP_SRC_FW_VENDOR; source < EFIMAP_SRC_COUNT; source++) {
		for (int st = EFIMAP_STATE_ABSENT; st <= EFIMAP_STATE_MASKED; st++) {
			const bool withheld = st == EFIMAP_STATE_DENIED ||
					      st == EFIMAP_STATE_MASKED;
			const bool decides = source != EFIMAP_SRC_BOOT_ID &&
					     source != EFIMAP_SRC_DMI;
			efimap_auto_report struct efimap_report *report = NULL;
			struct scene scene;

			scene_init(&scene, "");
			scene.states[source] = (enum efimap_state)st;
			report = judge(&scene);
			if ((efimap_verdict_of(report) == EFIMAP_VERDICT_DENIED) !=
				    (withheld && decides) ||
			    !strstr(report->reason, some) != !(withheld && decides))
				fail_msg("%s %s: %s, \"%s\"", efimap_source_name(source),
					 efimap_state_name((enum efimap_state)st),
					 efimap_verdict_name(efimap_verdict_of(report)),
					 report->reason);
		}
	}
}

TEST(what_was_withheld_is_named)
{
	static const struct {
		enum efimap_origin origin;
		enum efimap_state memmap, iomem;
		size_t n_faults;
		const char *reason;
	} rows[] = {
		{ EFIMAP_ORIGIN_LIVE, EFIMAP_STATE_DENIED, EFIMAP_STATE_MASKED, 0,
		  "/sys/firmware/memmap, /proc/iomem (only zeros) may not be read "
		  "without root: "
		  "run as root" },
		{ EFIMAP_ORIGIN_TREE, EFIMAP_STATE_PRESENT, EFIMAP_STATE_MASKED, 0,
		  "proc/iomem (only zeros) may not be read without root: capture it as "
		  "root" },
		{ EFIMAP_ORIGIN_TREE, EFIMAP_STATE_DENIED, EFIMAP_STATE_PRESENT, 0,
		  "sys/firmware/memmap may not be read without root: run as root" },
		{ EFIMAP_ORIGIN_SNAPSHOT, EFIMAP_STATE_DENIED, EFIMAP_STATE_PRESENT, 0,
		  "sys/firmware/memmap may not be read without root: capture it as "
		  "root" },
		{ EFIMAP_ORIGIN_LIVE, EFIMAP_STATE_PRESENT, EFIMAP_STATE_PRESENT, 1,
		  "/sys/firmware/efi/runtime-map/1/type may not be read without root: "
		  "run as "
		  "root" },
		{ EFIMAP_ORIGIN_LIVE, EFIMAP_STATE_DENIED, EFIMAP_STATE_DENIED, 2,
		  "/sys/firmware/memmap, /proc/iomem, "
		  "/sys/firmware/efi/runtime-map/1/type, "
		  "/sys/firmware/efi/runtime-map/1/type may not be read without root: "
		  "run as root" },
		{ EFIMAP_ORIGIN_LIVE, EFIMAP_STATE_DENIED, EFIMAP_STATE_DENIED, 3,
		  "/sys/firmware/memmap, /proc/iomem, "
		  "/sys/firmware/efi/runtime-map/1/type, "
		  "/sys/firmware/efi/runtime-map/1/type and 1 more may not be read "
		  "without "
		  "root: run as root" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_report struct efimap_report *report = NULL;
		struct scene scene;

		scene_init(&scene, "");
		scene.origin = rows[i].origin;
		scene.states[EFIMAP_SRC_MEMMAP] = rows[i].memmap;
		scene.states[EFIMAP_SRC_IOMEM] = rows[i].iomem;
		for (size_t j = 0; j < rows[i].n_faults; j++)
			scene_fault(&scene, EFIMAP_FAULT_DENIED, 1,
				    "sys/firmware/efi/runtime-map/1/type");
		report = judge(&scene);
		assert_string_equal(report->reason, rows[i].reason);
		assert_int_equal(efimap_verdict_of(report), EFIMAP_VERDICT_DENIED);
	}
}

/* Four at most of what is malformed. */
TEST(what_is_malformed_is_named)
{
	static const char *const reasons[] = {
		"",
		"proc/iomem:3: odd",
		"proc/iomem:3: odd; proc/iomem:3: odd",
		"proc/iomem:3: odd; proc/iomem:3: odd; proc/iomem:3: odd",
		"proc/iomem:3: odd; proc/iomem:3: odd; proc/iomem:3: odd; proc/iomem:3: "
		"odd",
		"proc/iomem:3: odd; proc/iomem:3: odd; proc/iomem:3: odd; proc/iomem:3: "
		"odd and 1 "
		"more",
	};
	const struct efimap_fault fault = { EFIMAP_SRC_IOMEM, EFIMAP_FAULT_SYNTAX,
					    EFIMAP_NO_INDEX,  3,
					    "proc/iomem",     "odd" };

	for (size_t count = 0; count < ARRAY_SIZE(reasons); count++) {
		efimap_auto_report struct efimap_report *report = NULL;
		efimap_auto_map struct efimap *map = NULL;
		struct scene scene;

		scene_init(&scene, "");
		map = scene_build(&scene, 0);
		for (size_t i = 0; i < count; i++)
			assert_int_equal(efimap_add_fault(map, &fault), 0);
		assert_int_equal(efimap_verify(map, &scene.options, &report), 0);
		assert_string_equal(report->reason, reasons[count]);
	}
}

/* That a pointer is missing is what a rule says. */
TEST(a_pointer_that_is_missing_is_judged)
{
	static const enum efimap_source pointers[] = { EFIMAP_SRC_FW_VENDOR,
						       EFIMAP_SRC_RUNTIME };

	for (size_t i = 0; i < ARRAY_SIZE(pointers); i++) {
		struct efimap_fault fault = { pointers[i], EFIMAP_FAULT_MISSING,
					      0,	   0,
					      "x",	   "y" };

		assert_int_equal(efimap_fault_unread(&fault), EFIMAP_UNREAD_NOTHING);
		fault.kind = EFIMAP_FAULT_SYNTAX;
		assert_int_equal(efimap_fault_unread(&fault), EFIMAP_UNREAD_JUDGED);
	}
}

/* The same of the map itself, without which nothing is judged. */
TEST(a_withheld_map_is_named)
{
	static const struct {
		enum efimap_origin origin;
		const char *reason;
	} rows[] = {
		{ EFIMAP_ORIGIN_LIVE, "/sys/firmware/efi/runtime-map may not be read without "
				      "root: run as root" },
		{ EFIMAP_ORIGIN_TREE, "sys/firmware/efi/runtime-map may not be read without "
				      "root: run as root" },
		{ EFIMAP_ORIGIN_SNAPSHOT, "sys/firmware/efi/runtime-map may not be read without "
					  "root: capture it as root" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_report struct efimap_report *report = NULL;
		struct scene scene;

		scene_init(&scene, "");
		scene.origin = rows[i].origin;
		denied(&scene);
		report = judge(&scene);
		assert_string_equal(report->reason, rows[i].reason);
		assert_int_equal(efimap_verdict_of(report), EFIMAP_VERDICT_DENIED);
	}
}

/* layout-exact needs the command line, whatever is said of it. */
TEST(skips_and_says_why)
{
	static const struct {
		enum efimap_origin origin;
		enum efimap_state state;
		const char *why;
	} rows[] = {
		{ EFIMAP_ORIGIN_TREE, EFIMAP_STATE_ABSENT, "proc/cmdline was not collected" },
		{ EFIMAP_ORIGIN_LIVE, EFIMAP_STATE_ABSENT, "this kernel has no /proc/cmdline" },
		{ EFIMAP_ORIGIN_LIVE, EFIMAP_STATE_DENIED,
		  "/proc/cmdline may not be read without root" },
		{ EFIMAP_ORIGIN_TREE, EFIMAP_STATE_MASKED,
		  "proc/cmdline: addresses are hidden from unprivileged users" },
		{ EFIMAP_ORIGIN_SNAPSHOT, EFIMAP_STATE_BROKEN, "proc/cmdline is malformed" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_report struct efimap_report *report = NULL;
		struct scene scene;
		size_t times = 0;

		scene_init(&scene, "");
		scene.origin = rows[i].origin;
		scene.states[EFIMAP_SRC_CMDLINE] = rows[i].state;
		report = judge(&scene);
		for (size_t s = 0; s < report->n_skipped; s++) {
			if (report->skipped[s].rule->id != EFIMAP_RULE_LAYOUT_EXACT)
				continue;
			assert_string_equal(report->skipped[s].why, rows[i].why);
			times++;
		}
		assert_int_equal(times, 1);
	}
}
