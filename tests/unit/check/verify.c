/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What verify says before and besides the rules: captures that cannot be judged, rules
 * that are skipped and why.
 */
#include "check/scene.h"

/* A report must not point into the capture. */
TEST(outlives_the_capture)
{
	efimap_auto_report struct efimap_report *report = NULL;
	struct scene scene;
	efimap_auto_free char *text = NULL;

	scene_init(&scene, "virt layout");
	scene.entries[2].virt = 0;
	report = scene_judge(&scene);
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

/* @is_unknown: whether there is EFI at all; the scene begins anew */
static void expect_refusal(struct scene *scene, const char *name, enum efimap_verdict verdict,
			   bool is_unknown, const char *reason)
{
	efimap_auto_report struct efimap_report *report = scene_judge(scene);
	efimap_auto_map struct efimap *map = scene_build(scene, 0);
	const bool is_without_efi = scene->origin == EFIMAP_ORIGIN_LIVE;

	if (!efimap_why_not_applicable(map) !=
	    (verdict != EFIMAP_VERDICT_NOT_APPLICABLE && !is_unknown))
		fail_msg("%s has a reason, or none", name);
	if (efimap_verdict_of(report) != verdict ||
	    efimap_report_is_unknown(report) != is_unknown || !strstr(report->reason, reason))
		fail_msg("%s: %s, \"%s\"", name,
			 efimap_verdict_name(efimap_verdict_of(report)), report->reason);
	assert_int_equal(report->n_findings, 0);
	assert_int_equal(report->outcome,
			 is_without_efi ? EFIMAP_CONSEQ_NO_EFI : EFIMAP_CONSEQ_UNKNOWN);
	scene_init(scene, "");
}

static void signature(struct efimap *map)
{
	strcpy(map->boot_params.efi_info.signature, "EL64");
}

TEST(refuses_where_there_is_no_map)
{
	struct scene scene;

	scene_init(&scene, "");
	no_efi_live(&scene);
	scene.origin = EFIMAP_ORIGIN_TREE;
	scene.states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_PRESENT;
	expect_refusal(&scene, "no EFI in a tree", EFIMAP_VERDICT_NOT_APPLICABLE, false,
		       "or sys/firmware/efi was not collected");
	no_efi_live(&scene);
	expect_refusal(&scene, "no EFI live", EFIMAP_VERDICT_NOT_APPLICABLE, false,
		       "there is no /sys/firmware/efi");
	no_efi_live(&scene);
	scene.origin = EFIMAP_ORIGIN_TREE;
	scene.states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_PRESENT;
	scene.more = signature;
	expect_refusal(&scene, "signature in a tree", EFIMAP_VERDICT_NOT_APPLICABLE, true,
		       "booted with EFI, but sys/firmware/efi was not collected");
	log_without_efi(&scene);
	expect_refusal(&scene, "a log without EFI", EFIMAP_VERDICT_NOT_APPLICABLE, true,
		       "the kernel log shows no EFI");
	scene_edit(&scene, "count=0 no-runtime_map no-fw_vendor no-runtime no-config_table "
			   "no-systab no-fw_platform_size");
	expect_refusal(&scene, "only its name", EFIMAP_VERDICT_INCOMPLETE, true,
		       "nothing of sys/firmware/efi was collected but its name");
}

TEST(refuses_what_it_may_not_read)
{
	static const char root[] = "may not be read without root";
	struct scene scene;

	scene_init(&scene, "");
	scene_fault(&scene, EFIMAP_FAULT_NOT_A_FILE, EFIMAP_NO_INDEX,
		    "sys/firmware/efi/runtime-map");
	expect_refusal(&scene, "no directory", EFIMAP_VERDICT_UNREADABLE, false,
		       "sys/firmware/efi/runtime-map: as the test has it");
	scene_fault(&scene, EFIMAP_FAULT_EXTRA, EFIMAP_NO_INDEX,
		    "sys/firmware/efi/runtime-map/x");
	every_file_denied(&scene);
	expect_refusal(&scene, "denied, and an odd name", EFIMAP_VERDICT_DENIED, false, root);
	denied(&scene);
	expect_refusal(&scene, "denied", EFIMAP_VERDICT_DENIED, false, root);
	every_file_denied(&scene);
	expect_refusal(&scene, "every file denied", EFIMAP_VERDICT_DENIED, false, root);
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
		report = scene_judge(&scene);
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
	report = scene_judge(&scene);
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
		report = scene_judge(&scene);
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
	report = scene_judge(&scene);
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
			report = scene_judge(&scene);
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

/* Of the map itself, too, without which nothing is judged */
TEST(what_was_withheld_is_named)
{
#define MEMMAP "sys/firmware/memmap"
#define MAP "sys/firmware/efi/runtime-map"
#define TYPE "/" MAP "/1/type"
#define NOT " may not be read without root: "
	static const struct {
		enum efimap_origin origin;
		enum efimap_state memmap, iomem;
		size_t n_faults;
		bool is_denied;
		const char *reason;
	} rows[] = {
		{ EFIMAP_ORIGIN_LIVE, EFIMAP_STATE_DENIED, EFIMAP_STATE_MASKED, 0, false,
		  "/" MEMMAP ", /proc/iomem (only zeros)" NOT "run as root" },
		{ EFIMAP_ORIGIN_TREE, EFIMAP_STATE_PRESENT, EFIMAP_STATE_MASKED, 0, false,
		  "proc/iomem (only zeros)" NOT "capture it as root" },
		{ EFIMAP_ORIGIN_TREE, EFIMAP_STATE_DENIED, EFIMAP_STATE_PRESENT, 0, false,
		  MEMMAP NOT "run as root" },
		{ EFIMAP_ORIGIN_SNAPSHOT, EFIMAP_STATE_DENIED, EFIMAP_STATE_PRESENT, 0, false,
		  MEMMAP NOT "capture it as root" },
		{ EFIMAP_ORIGIN_LIVE, EFIMAP_STATE_PRESENT, EFIMAP_STATE_PRESENT, 1, false,
		  TYPE NOT "run as root" },
		{ EFIMAP_ORIGIN_LIVE, EFIMAP_STATE_DENIED, EFIMAP_STATE_DENIED, 2, false,
		  "/" MEMMAP ", /proc/iomem, " TYPE ", " TYPE NOT "run as root" },
		{ EFIMAP_ORIGIN_LIVE, EFIMAP_STATE_DENIED, EFIMAP_STATE_DENIED, 3, false,
		  "/" MEMMAP ", /proc/iomem, " TYPE ", " TYPE " and 1 more" NOT "run as root" },
		{ EFIMAP_ORIGIN_LIVE, 0, 0, 0, true, "/" MAP NOT "run as root" },
		{ EFIMAP_ORIGIN_TREE, 0, 0, 0, true, MAP NOT "run as root" },
		{ EFIMAP_ORIGIN_SNAPSHOT, 0, 0, 0, true, MAP NOT "capture it as root" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_report struct efimap_report *report = NULL;
		struct scene scene;

		scene_init(&scene, "");
		scene.origin = rows[i].origin;
		scene.states[EFIMAP_SRC_MEMMAP] = rows[i].memmap;
		scene.states[EFIMAP_SRC_IOMEM] = rows[i].iomem;
		for (size_t j = 0; j < rows[i].n_faults; j++)
			scene_fault(&scene, EFIMAP_FAULT_DENIED, 1, MAP "/1/type");
		if (rows[i].is_denied)
			denied(&scene);
		report = scene_judge(&scene);
		assert_string_equal(report->reason, rows[i].reason);
		assert_int_equal(efimap_verdict_of(report), EFIMAP_VERDICT_DENIED);
	}
}

/* Four at most of what is malformed. */
TEST(what_is_malformed_is_named)
{
#define ODD "proc/iomem:3: odd"
	static const char *const reasons[] = {
		"",
		ODD,
		ODD "; " ODD,
		ODD "; " ODD "; " ODD,
		ODD "; " ODD "; " ODD "; " ODD,
		ODD "; " ODD "; " ODD "; " ODD " and 1 more",
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
		report = scene_judge(&scene);
		for (size_t s = 0; s < report->n_skipped; s++) {
			if (report->skipped[s].rule->id != EFIMAP_RULE_LAYOUT_EXACT)
				continue;
			assert_string_equal(report->skipped[s].why, rows[i].why);
			times++;
		}
		assert_int_equal(times, 1);
	}
}
