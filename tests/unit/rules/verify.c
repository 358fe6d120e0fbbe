/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "changed_map.h"
#include "rules/unread_sources.h"
#include "answer/verify.h"

TEST(outlives_the_capture)
{
	efimap_auto_report struct efimap_report *report = NULL;
	struct scene scene;
	efimap_auto_free char *text = NULL;

	scene_init(&scene, "virt layout");
	scene.entries[2].virt = 0;
	report = scene_verify(&scene);
	text = scene_text(&scene, report);
	assert_string_equal(text, "virt-zero error runtime-services-fail 2\n");
	assert_string_equal(report->findings[0].message,
			    "RuntimeCode at 0x3f5ec000 has virtual address 0x0, which "
			    "Linux never assigns");
	assert_string_equal(report->findings[0].evidence[0].source, "runtime-map/2/virt_addr");
	assert_string_equal(report->findings[0].evidence[0].value, "0x0");
}

/* A denied or masked source makes the verdict "denied", unless the source affects no rule. */
TEST(denied_sources_make_the_verdict_denied)
{
	static const char some[] = ": readable only by root; ";

	for (unsigned int source = EFIMAP_SRC_FW_VENDOR; source < EFIMAP_SRC_COUNT; source++) {
		for (int st = EFIMAP_STATE_ABSENT; st <= EFIMAP_STATE_MASKED; st++) {
			const bool is_denied = st == EFIMAP_STATE_DENIED ||
					      st == EFIMAP_STATE_MASKED;
			const bool decides = source != EFIMAP_SRC_BOOT_ID &&
					     source != EFIMAP_SRC_DMI &&
					     source != EFIMAP_SRC_KERNELS &&
					     source != EFIMAP_SRC_KEXEC;
			efimap_auto_report struct efimap_report *report = NULL;
			struct scene scene;

			scene_init(&scene, "");
			scene.states[source] = (enum efimap_state)st;
			report = scene_verify(&scene);
			if ((efimap_verdict_of(report) == EFIMAP_VERDICT_DENIED) !=
				    (is_denied && decides) ||
			    !strstr(report->reason, some) != !(is_denied && decides))
				fail_msg("%s %s: %s, \"%s\"", efimap_source_name(source),
					 efimap_state_name((enum efimap_state)st),
					 efimap_verdict_name(efimap_verdict_of(report)),
					 report->reason);
		}
	}
}

TEST(denied_sources_are_named)
{
#define MEMMAP "sys/firmware/memmap"
#define MAP "sys/firmware/efi/runtime-map"
#define TYPE "/" MAP "/1/type"
#define NOT ": readable only by root; "
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
		  "proc/iomem (only zeros)" NOT "repeat the capture as root" },
		{ EFIMAP_ORIGIN_TREE, EFIMAP_STATE_DENIED, EFIMAP_STATE_PRESENT, 0, false,
		  MEMMAP NOT "run as root" },
		{ EFIMAP_ORIGIN_SNAPSHOT, EFIMAP_STATE_DENIED, EFIMAP_STATE_PRESENT, 0, false,
		  MEMMAP NOT "repeat the capture as root" },
		{ EFIMAP_ORIGIN_LIVE, EFIMAP_STATE_PRESENT, EFIMAP_STATE_PRESENT, 1, false,
		  TYPE NOT "run as root" },
		{ EFIMAP_ORIGIN_LIVE, EFIMAP_STATE_DENIED, EFIMAP_STATE_DENIED, 2, false,
		  "/" MEMMAP ", /proc/iomem, " TYPE ", " TYPE NOT "run as root" },
		{ EFIMAP_ORIGIN_LIVE, EFIMAP_STATE_DENIED, EFIMAP_STATE_DENIED, 3, false,
		  "/" MEMMAP ", /proc/iomem, " TYPE ", " TYPE " and 1 more" NOT "run as root" },
		{ EFIMAP_ORIGIN_LIVE, 0, 0, 0, true, "/" MAP NOT "run as root" },
		{ EFIMAP_ORIGIN_TREE, 0, 0, 0, true, MAP NOT "run as root" },
		{ EFIMAP_ORIGIN_SNAPSHOT, 0, 0, 0, true, MAP NOT "repeat the capture as root" },
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
		if (rows[i].is_denied) {
			scene.states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_DENIED;
			scene.n_entries = 0;
		}
		report = scene_verify(&scene);
		assert_string_equal(report->reason, rows[i].reason);
		assert_int_equal(efimap_verdict_of(report), EFIMAP_VERDICT_DENIED);
	}
}

TEST(what_is_malformed_is_named)
{
#define INVALID "proc/iomem:3: bad"
	static const char *const reasons[] = {
		"",
		INVALID,
		INVALID "; " INVALID,
		INVALID "; " INVALID "; " INVALID,
		INVALID "; " INVALID "; " INVALID "; " INVALID,
		INVALID "; " INVALID "; " INVALID "; " INVALID " and 1 more",
	};
	const struct efimap_fault fault = { EFIMAP_SRC_IOMEM, EFIMAP_FAULT_SYNTAX,
					    EFIMAP_NO_INDEX,  3,
					    "proc/iomem",     "bad" };

	for (size_t count = 0; count < ARRAY_SIZE(reasons); count++) {
		efimap_auto_report struct efimap_report *report = NULL;
		efimap_auto_map struct efimap *map = NULL;
		struct scene scene;

		scene_init(&scene, "");
		map = scene_build(&scene);
		for (size_t i = 0; i < count; i++)
			assert_int_equal(efimap_add_fault(map, &fault), 0);
		assert_int_equal(efimap_verify(map, &scene.options, &report), 0);
		assert_string_equal(report->reason, reasons[count]);
	}
}

/* A missing pointer is not malformed data. For a malformed pointer, a rule reports the fault. */
TEST(a_missing_pointer_is_checked)
{
	static const enum efimap_source pointers[] = { EFIMAP_SRC_FW_VENDOR,
						       EFIMAP_SRC_RUNTIME };

	for (size_t i = 0; i < ARRAY_SIZE(pointers); i++) {
		struct efimap_fault fault = { pointers[i], EFIMAP_FAULT_MISSING,
					      0,	   0,
					      "x",	   "y" };

		assert_int_equal(efimap_fault_effect_of(&fault), EFIMAP_EFFECT_NONE);
		fault.kind = EFIMAP_FAULT_SYNTAX;
		assert_int_equal(efimap_fault_effect_of(&fault), EFIMAP_EFFECT_FINDING);
	}
}

static void release_7_2(struct efimap *map)
{
	assert_int_equal(efimap_set_release(map, "7.2.0", 5), 0);
}

/* On a running system, the log can only be kept by a larger buffer. */
TEST(answer_without_a_log)
{
	static const struct {
		enum efimap_origin origin;
		const char *ending;
	} rows[] = {
		{ EFIMAP_ORIGIN_LIVE, "; boot with log_buf_len=4M." },
		{ EFIMAP_ORIGIN_TREE, "; collect dmesg." },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_report struct efimap_report *report = NULL;
		struct scene scene;
		const char *ending;

		scene_init(&scene, "");
		scene.origin = rows[i].origin;
		scene.more = release_7_2;
		report = scene_verify(&scene);
		ending = strchr(report->answers[0].answer, ';');
		assert_non_null(ending);
		assert_string_equal(ending, rows[i].ending);
		assert_int_equal(efimap_verdict_of(report), EFIMAP_VERDICT_INCOMPLETE);
	}
}

TEST(skipped_rules_have_a_reason)
{
	static const struct {
		enum efimap_origin origin;
		enum efimap_state state;
		const char *why;
	} rows[] = {
		{ EFIMAP_ORIGIN_TREE, EFIMAP_STATE_ABSENT, "proc/cmdline was not collected" },
		{ EFIMAP_ORIGIN_LIVE, EFIMAP_STATE_ABSENT, "this kernel has no /proc/cmdline" },
		{ EFIMAP_ORIGIN_LIVE, EFIMAP_STATE_DENIED,
		  "/proc/cmdline is readable only by root" },
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
		report = scene_verify(&scene);
		for (size_t s = 0; s < report->n_skipped; s++) {
			if (report->skipped[s].rule->id != EFIMAP_RULE_LAYOUT_EXACT)
				continue;
			assert_string_equal(report->skipped[s].why, rows[i].why);
			times++;
		}
		assert_int_equal(times, 1);
	}
}
