/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Determine whether this kernel received EFI data and can use it. The evidence is the setup_data
 * and boot_params that the loader wrote, the files that the kernel exports, and the kernel log. If
 * this kernel received no EFI data or cannot use it, the known causes are checked.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/enum_name.h"
#include "capture/boot_params.h"
#include "capture/kernel_parameters.h"
#include "infer/architecture.h"
#include "infer/booted_by.h"
#include "infer/cpu.h"
#include "infer/runtime_services_off.h"
#include "infer/why_no_map.h"
#include "rules/facts_for_rules.h"
#include "rules/engine.h"
#include "rules/matched_messages.h"
#include "rules/outcome.h"
#include "compare/received.h"
#include "rules/received_setup_data.h"
#include "rules/unread_verdict.h"

static const char *const cause_certainty_names[] = {
	[EFIMAP_CAUSE_CERTAIN] = "certain",
	[EFIMAP_CAUSE_POSSIBLE] = "possible",
	[EFIMAP_CAUSE_EXCLUDED] = "excluded",
};
EFIMAP_NAME_OF(cause_certainty)

void received_free(struct received *received)
{
	if (!received)
		return;
	report_free(received->report);
	free(received);
}

static bool map_is_too_big(const struct efimap *map)
{
	const struct efi_info *info = &map->boot_params.efi_info;

	return capture_has(map, EFIMAP_SRC_BOOT_PARAMS) &&
	       info->memmap_size + info->memmap % EFIMAP_PAGE_SIZE > EARLY_MAP_MAX;
}

/* Insert a cause after the causes of the same or a higher certainty. */
static void add_cause(struct received *received, const char *name, enum cause_certainty certainty,
		      const char *why, const char *check, const char *fix)
{
	struct cause *at = &received->causes[received->n_causes++];

	for (; at > received->causes && at[-1].certainty > certainty; at--)
		*at = at[-1];
	*at = (struct cause){ name, certainty, why, check, fix };
}

/* Add a cause that exists only if kexec_load loaded this kernel. */
static void add_kexec_load_cause(struct received *received, const char *name, const char *why,
				 const char *check, const char *fix)
{
	if (received->loaded_by == EFIMAP_LOADED_BY_KEXEC_FILE_LOAD)
		add_cause(received, name, EFIMAP_CAUSE_EXCLUDED,
			  "kexec_file_load loaded this kernel", check, fix);
	else
		add_cause(received, name, EFIMAP_CAUSE_POSSIBLE, why, check, fix);
}

static void add_image_without_efi(struct received *received, const struct efimap *map)
{
	static const char name[] = "image-without-efi";
	static const char check[] = "look at bit 4 of xloadflags (byte 0x236 of the bzImage); "
				    "kexec-tools never passes EFI data to a vmlinux or a 32-bit "
				    "image";
	static const char fix[] =
		"load a 64-bit bzImage that was built with CONFIG_EFI, or load this "
		"image with kexec_file_load (kexec -s)";
	const bool has_header = capture_has(map, EFIMAP_SRC_BOOT_PARAMS);

	if (is_32bit_kernel(map))
		add_cause(received, name, EFIMAP_CAUSE_CERTAIN,
			  "this is a 32-bit kernel, and kexec-tools silently passes no EFI data to "
			  "32-bit kernels",
			  check,
			  "load a 64-bit kernel, or reboot through the firmware (a normal reboot)");
	else if (has_header && map->boot_params.xloadflags & EFIMAP_XLF_EFI_KEXEC)
		add_cause(received, name, EFIMAP_CAUSE_EXCLUDED,
			  "the header of this kernel's image has XLF_EFI_KEXEC", check, fix);
	else if (has_header && received->loaded_by != EFIMAP_LOADED_BY_KEXEC_FILE_LOAD)
		add_cause(received, name, EFIMAP_CAUSE_CERTAIN,
			  "the header of this kernel's image lacks XLF_EFI_KEXEC, so kexec-tools "
			  "silently passes no EFI data",
			  check, fix);
	else
		add_kexec_load_cause(received, name,
				     "kexec-tools passes EFI data only to a bzImage with "
				     "XLF_EFI_KEXEC",
				     check, fix);
}

/* Add the possible causes if no EFI data was passed to this kernel. */
static void add_causes_not_passed(struct received *received, const struct efimap *map)
{
	const bool is_off_here = has_parameter(map, "noefi") || has_efi_option(map, "noruntime");
	const char *trace = find_uefi_evidence(map);

	/* kexec_load passes the runtime map, with which a kernel on such a CPU does not boot. */
	if (cpu_has_nx(map) == EFIMAP_KNOWN_NO &&
	    received->loaded_by != EFIMAP_LOADED_BY_KEXEC_LOAD)
		add_cause(received, "cpu-without-nx",
			  received->loaded_by == EFIMAP_LOADED_BY_KEXEC_FILE_LOAD
				  ? EFIMAP_CAUSE_CERTAIN
				  : EFIMAP_CAUSE_POSSIBLE,
			  "Linux has no EFI runtime services on a CPU without NX, so "
			  "kexec_file_load passes no EFI data",
			  "look for nx in the flags in /proc/cpuinfo",
			  "turn on NX (XD, Execute Disable, No-Execute) in the firmware setup, and "
			  "reboot");
	add_cause(received, "noruntime-in-first-kernel", EFIMAP_CAUSE_POSSIBLE,
		  is_off_here
			  ? "this kernel's parameters disable runtime services; if a kdump script "
			    "copied these parameters from the first kernel, that kernel had no map "
			    "to pass"
			  : "no loader passed a map, because the first kernel had no map to pass "
			    "(noefi, efi=noruntime, Xen, PREEMPT_RT or a 32-bit kernel)",
		  "look at the parameters of the first kernel: read its log, or boot it again",
		  "boot the first kernel without noefi and efi=noruntime, and not under Xen; with "
		  "PREEMPT_RT, add efi=runtime");
	add_image_without_efi(received, map);
	add_cause(received, "no-runtime-map", EFIMAP_CAUSE_POSSIBLE,
		  "the first kernel had no /sys/firmware/efi/runtime-map, or it was empty (for "
		  "example, because CONFIG_EFI_RUNTIME_MAP is not set), and every loader then "
		  "silently passes no EFI data",
		  "run efimapctl verify on the first kernel, and look for map-absent or map-empty",
		  "use a first kernel with CONFIG_EFI_RUNTIME_MAP");
	add_kexec_load_cause(
		received, "pointer-missing",
		"kexec-tools silently passes no EFI data if it cannot open systab, "
		"fw_vendor, runtime or config_table, for example in a container",
		"run efimapctl verify in the environment where kexec ran, and look for "
		"pointer-missing",
		"run kexec where /sys/firmware/efi is readable, or use "
		"kexec_file_load (kexec -s), which does not read these files");
	add_kexec_load_cause(received, "noefi-option", "kexec --noefi passes no EFI data",
			     "look for --noefi in the kexec command and its settings "
			     "(KDUMP_KEXEC_ARGS in /etc/default/kdump-tools, KEXEC_ARGS in "
			     "/etc/sysconfig/kdump)",
			     "remove --noefi, and load the kernel again");
	add_cause(received, "firmware-without-efi",
		  trace ? EFIMAP_CAUSE_EXCLUDED : EFIMAP_CAUSE_POSSIBLE,
		  trace ? trace
			: "on a machine booted by a legacy BIOS, kexec has no EFI data to pass",
		  "look for \"efi:\" in the log of the kernel that the firmware started",
		  "nothing, or boot the machine with UEFI");
}

/* Add the possible causes if this kernel did not accept the EFI data that was passed. */
static void add_causes_not_used(struct received *received, const struct efimap *map)
{
	if (map_is_too_big(map)) {
		add_cause(
			received, "map-too-big", EFIMAP_CAUSE_CERTAIN,
			"the memory map does not fit into the 256 KiB that a kernel can map early, "
			"so this kernel prints \"Could not map the memory map!\"",
			"run efimapctl verify on the first kernel, and look for map-too-big",
			"boot the first kernel without efi=debug, or load with kexec_load "
			"(kexec -c), whose descriptors are smaller");
		return;
	}
	add_cause(
		received, "kernel-without-efi", EFIMAP_CAUSE_POSSIBLE,
		"this kernel was built without CONFIG_EFI, or could not use the EFI data",
		"look for CONFIG_EFI in this kernel's configuration, and for an \"efi:\" error in "
		"its log, such as \"System table signature incorrect!\"",
		"load a kernel with CONFIG_EFI");
}

/* Add the cause if this kernel has EFI tables, but no runtime map. */
static void add_cause_without_map(struct received *received, const struct efimap *map)
{
	if (is_mixed_mode(map))
		add_cause(
			received, "mixed-mode", EFIMAP_CAUSE_CERTAIN,
			"with 32-bit firmware, a kexec'd 64-bit kernel has the EFI tables, but no "
			"runtime services and no runtime map",
			"sys/firmware/efi/fw_platform_size is 32",
			"reboot through the firmware (a normal reboot). With this firmware, EFI "
			"does not survive kexec");
	else if (why_runtime_services_off(map) && !is_other_architecture(map) &&
		 !is_32bit_kernel(map))
		add_cause(
			received, "noruntime-in-second-kernel", EFIMAP_CAUSE_CERTAIN,
			"its EFI runtime services are disabled, so it has no runtime map",
			"look for noefi and efi=noruntime in /proc/cmdline, and for PREEMPT_RT in "
			"/proc/version",
			"load the kernel without noefi and efi=noruntime; with PREEMPT_RT, add "
			"efi=runtime");
	else
		add_cause(received, "kernel-without-runtime-map", EFIMAP_CAUSE_POSSIBLE,
			  "this kernel has the EFI tables, but no runtime map, because "
			  "CONFIG_EFI_RUNTIME_MAP is not set or the kernel could not remap the EFI "
			  "memory map",
			  "look for \"Failed to remap late EFI memory map\" in this kernel's log",
			  "load a kernel with CONFIG_EFI_RUNTIME_MAP");
}

static void set(struct received *received, enum verdict verdict, const char *reason)
{
	received->verdict = verdict;
	received->reason = reason;
}

/* @why states why it is unknown whether this kernel can use the EFI data. */
static void set_unread(struct received *received, const char *why)
{
	set(received, EFIMAP_VERDICT_RECEIVED,
	    arena_printf(&received->report->arena, "EFI data was passed; %s", why));
	received->report->unseen = why;
}

static const char *why_unknown_boot(const struct efimap *map)
{
	if (find_first_origin(map) != EFIMAP_ORIGIN_LOG)
		return "sys/kernel/boot_params, which shows what started this kernel, was not read";
	if (!map->log_has_start)
		return "the log lacks messages from the beginning of the boot, so it does not show "
		       "what started this kernel. Use the complete log of this boot "
		       "(journalctl -k -b N; journalctl --list-boots shows N)";
	if (log_may_lack_efi(map))
		return "the log has no \"efi:\" line, although UEFI started the machine, so either "
		       "the \"efi:\" lines were lost, or kexec started this kernel without EFI";
	return log_shows_no_efi(map)
		       ? "this kernel ran without EFI, and its log does not show what started it"
		       : "the log has no trace of kexec, but a kernel of this release may leave "
			 "none";
}

static void check_kexec(const struct efimap *map, struct received *received)
{
	const bool is_log = find_first_origin(map) == EFIMAP_ORIGIN_LOG;
	const bool is_efi_absent = map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_ABSENT;
	const bool has_map = capture_has(map, EFIMAP_SRC_BOOT_PARAMS) &&
			     map->boot_params.efi_info.memmap_size != 0;
	const bool lacks_node = setup_lacks_efi_node(map);
	/* The loader passed EFI data if the capture contains EFI data or shows that EFI works. */
	const bool was_sent = !lacks_node &&
			      (has_map || !capture_has(map, EFIMAP_SRC_BOOT_PARAMS)) &&
			      (has_map || has_setup_efi(map) || !runs_without_efi(map));
	const bool is_empty = map->n_names == 0 && map->n_entries == 0;
	/* A 64-bit kernel without entries may show the reason why its runtime services are off. */
	const bool is_known_off =
		is_empty && !is_32bit_kernel(map) && why_runtime_services_off(map);

	if (has_map && lacks_node) {
		set(received, EFIMAP_VERDICT_NOT_RECEIVED,
		    "a memory map was passed, but no SETUP_EFI data");
	} else if (!was_sent && map->n_entries > 0) {
		set(received, EFIMAP_VERDICT_CANNOT_TELL,
		    "this kernel has a runtime map, but sys/kernel/boot_params shows no EFI data");
	} else if (!was_sent && firmware_has_efi(map) == EFIMAP_KNOWN_NO) {
		set(received, EFIMAP_VERDICT_NOT_APPLICABLE,
		    "no EFI data, and there was none to pass: the firmware booted this machine "
		    "without EFI");
	} else if (!was_sent) {
		set(received, EFIMAP_VERDICT_NOT_RECEIVED,
		    is_log ? "the log has no \"efi:\" line, so kexec passed no EFI data"
			   : "kexec passed no EFI data");
		add_causes_not_passed(received, map);
	} else if (runs_without_efi(map) || map_is_too_big(map)) {
		set(received, EFIMAP_VERDICT_RECEIVED_UNUSABLE,
		    "EFI data was passed, but this kernel could not use it");
		add_causes_not_used(received, map);
	} else if (map->runtime_services_disabled) {
		set(received, EFIMAP_VERDICT_RECEIVED_UNUSABLE,
		    "a firmware call faulted, and the kernel disabled EFI runtime services");
	} else if (is_efi_absent && (is_log || !(has_map || has_setup_efi(map)))) {
		set(received, EFIMAP_VERDICT_CANNOT_TELL,
		    is_log ? "this kernel was started by kexec; this log excerpt does not show "
			     "whether EFI data was passed"
			   : "this kernel was started by kexec; sys/firmware/efi was not "
			     "collected, so this "
			     "capture does not show whether EFI data was passed");
	} else if (is_efi_absent && !is_known_off) {
		set_unread(received, "sys/firmware/efi was not collected");
	} else if (is_log && map->n_entries == 0 && map->efi_variables) {
		set(received, EFIMAP_VERDICT_RECEIVED,
		    "EFI data was passed, and this kernel uses EFI runtime services: it provides "
		    "EFI variables");
	} else if (is_log && map->n_entries == 0 && !is_known_off) {
		set_unread(received, "this log does not show the runtime map");
	} else if (!is_known_off && why_map_unknown(map)) {
		set_unread(received, "the runtime map was not collected");
	} else if (is_known_off || (is_empty && capture_has(map, EFIMAP_SRC_RUNTIME_MAP)) ||
		   map->states[EFIMAP_SRC_RUNTIME_MAP] == EFIMAP_STATE_ABSENT) {
		add_cause_without_map(received, map);
		set_unread(received, "this kernel has no runtime map");
		if (received->causes[0].certainty == EFIMAP_CAUSE_CERTAIN) {
			received->verdict = EFIMAP_VERDICT_RECEIVED_UNUSABLE;
			received->report->unseen = "";
		}
	} else if (!setup_has_complete_map(map)) {
		set_unread(received, "the runtime map could not be read completely");
	} else {
		set(received, EFIMAP_VERDICT_RECEIVED,
		    "EFI data was passed, including the runtime map");
	}
}

/* Run only rules about the runtime services of this kernel, or about data that it lost. */
static bool is_about_this_kernel(struct rule_run *run, enum rule_id rule)
{
	switch (rule) {
	case EFIMAP_RULE_EFI_PAGE_TABLE_FAILED:
	case EFIMAP_RULE_RUNTIME_REGION_UNMAPPED:
	case EFIMAP_RULE_FIRMWARE_FAULT:
	case EFIMAP_RULE_EFIVARS_OOPS:
	case EFIMAP_RULE_RUNTIME_SERVICES_UNAVAILABLE:
		return rule_may_match(&run->facts, rule);
	default:
		return rule_variants[rule_bindings[rule].variants].shown == EFIMAP_SHOWN_ANSWER &&
		       rule_may_match(&run->facts, rule);
	}
}

/*
 * Set the outcome and the answer. Findings and missing data determine both if the verdict is
 * RECEIVED, or if their outcome is at least as bad as the verdict. Otherwise, the answer quotes the
 * certain cause or, without one, the reason for the verdict. For NOT_APPLICABLE and CANNOT_TELL,
 * the answer always quotes this reason.
 */
static void conclude(struct received *received)
{
	struct report *report = received->report;
	const bool is_certain =
		received->n_causes && received->causes[0].certainty == EFIMAP_CAUSE_CERTAIN;
	const char *reason = is_certain ? received->causes[0].why : received->reason;
	/* Without a cause, the kernel has EFI, but no runtime services. */
	const enum outcome least =
		received->n_causes || received->verdict == EFIMAP_VERDICT_NOT_RECEIVED
			? EFIMAP_OUTCOME_NO_EFI
			: EFIMAP_OUTCOME_NO_RUNTIME;

	report_set_outcome(report, EFIMAP_SUBJECT_THIS,
			   "this kernel received EFI data, and its EFI runtime services are on");
	/* Only compare shows whether the map is that of the first kernel. */
	if (report->outcome == EFIMAP_OUTCOME_NONE)
		report->certainty = EFIMAP_CONDITION;
	if (received->verdict == EFIMAP_VERDICT_NOT_APPLICABLE ||
	    received->verdict == EFIMAP_VERDICT_CANNOT_TELL) {
		report_set_answer(report, EFIMAP_OUTCOME_UNKNOWN, "%s", received->reason);
	} else if (received->verdict == EFIMAP_VERDICT_RECEIVED &&
		   report->outcome == EFIMAP_OUTCOME_UNKNOWN) {
		received->verdict = EFIMAP_VERDICT_CANNOT_TELL;
		report_set_answer(report, EFIMAP_OUTCOME_UNKNOWN,
				  received->died_of
					  ? "this kernel received EFI data, but stopped (%s)"
					  : "this kernel received EFI data, but it is unknown "
					    "whether it could use EFI runtime services, because %s",
				  received->died_of ?: report_why_unknown(report));
	} else if (received->verdict != EFIMAP_VERDICT_RECEIVED && report->outcome < least) {
		report_set_answer(report, least, "%s%s",
				  received->verdict == EFIMAP_VERDICT_NOT_RECEIVED
					  ? "this kernel booted without EFI: "
				  : is_certain
					  ? "this kernel received EFI data, but has no EFI runtime "
					    "services: "
					  : "",
				  reason);
	}
}

struct received *judge_received(const struct efimap *map)
{
	static const struct verify_options options = { 0 };
	const struct rule_plan plan = {
		.families = FAMILY_BIT(FAMILY_KERNEL_MESSAGES) | FAMILY_BIT(FAMILY_BOOT),
		.wants = is_about_this_kernel,
		.predicates = rule_predicates,
	};
	struct received *received = array_new(1, sizeof(*received));
	struct report *report = report_new();
	const struct setup setup = setup_of(map);
	const enum find_booted_by booted_by = find_booted_by(map);
	const bool is_other = is_other_architecture(map);
	const bool is_by_kexec = booted_by == EFIMAP_BOOTED_BY_KEXEC && !is_other;
	const struct finding *finding;
	const char *died_because;

	received->report = report;
	received->loaded_by = find_loaded_by(map);
	received->is_offline = capture_is_offline(map);
	received->died_of = find_death(map);
	received->has_payload = efi_payload_find(map, &received->payload);
	received->has_info = capture_has(map, EFIMAP_SRC_BOOT_PARAMS);
	received->info = map->boot_params.efi_info;
	if (is_by_kexec)
		check_kexec(map, received);
	else if (is_other)
		set(received, EFIMAP_VERDICT_CANNOT_TELL,
		    "on architectures other than x86, EFI data is passed in the device tree");
	else if (booted_by == EFIMAP_BOOTED_BY_FIRMWARE)
		set(received, EFIMAP_VERDICT_NOT_APPLICABLE,
		    runs_without_efi(map)
			    ? "this kernel was started by the firmware, without EFI"
			    : "this kernel was started by the firmware, so kexec passed no EFI "
			      "data to it");
	else
		set(received, EFIMAP_VERDICT_CANNOT_TELL, why_unknown_boot(map));
	/* The log shows faults of runtime services. The other files show what was passed. */
	report->lost = !log_contains(map, "Linux version") ? "the beginning of the kernel log"
		       : !received->has_info		   ? path_of_source(EFIMAP_SRC_BOOT_PARAMS)
		       : map->n_setup_data && !received->has_payload ? "SETUP_EFI data"
		       : !received->has_payload ? path_of_source(EFIMAP_SRC_SETUP_DATA)
						: NULL;
	report_unread_received(map, report);
	if (is_by_kexec)
		run_rule_plan(map, &options, &plan, report);
	if (booted_by == EFIMAP_BOOTED_BY_KEXEC)
		check_setup_data(map, &setup, report);
	else
		report_seal(report);
	/* Findings may show that this kernel cannot use the EFI data that it received. */
	for (size_t i = 0; i < report->n_findings; i++) {
		finding = &report->findings[i];
		if (received->verdict != EFIMAP_VERDICT_RECEIVED)
			break;
		/* Only the effect of this fault on the next kernel is unknown. */
		if (finding->rule->id == EFIMAP_RULE_EFI_PAGE_TABLE_FAILED)
			set(received, EFIMAP_VERDICT_RECEIVED_UNUSABLE,
			    "it could not create the EFI page tables");
		else if (finding->severity == EFIMAP_ERROR &&
			 finding->outcome >= EFIMAP_OUTCOME_NO_RUNTIME)
			received->verdict = EFIMAP_VERDICT_RECEIVED_UNUSABLE;
	}
	died_because = find_cause_of_death(map, received->died_of);
	if (died_because)
		add_cause(received, rule_get(EFIMAP_RULE_INITRD_TABLE_IN_RAM)->name,
			  EFIMAP_CAUSE_POSSIBLE, died_because,
			  "look for 16 zero bytes in the line \"Code:\" of the log",
			  "load this kernel below the table (kexec -c --mem-max)");
	conclude(received);
	return received;
}
