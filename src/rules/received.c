/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Has EFI reached this kernel? Decided by what the loader left in setup_data and boot_params, and
 * by what the kernel made of it; if it has not, what is known to keep it from a kexec'ed kernel,
 * and what this one shows of that.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/enum_name.h"
#include "capture/boot_params.h"
#include "capture/kernel_parameters.h"
#include "infer/architecture.h"
#include "infer/booted_by.h"
#include "infer/runtime_services_off.h"
#include "rules/capture_facts.h"
#include "rules/outcome.h"
#include "rules/received.h"
#include "rules/received_setup_data.h"
#include "rules/unread_sources.h"

static const char *const cause_certainty_names[] = {
	[EFIMAP_CAUSE_CERTAIN] = "certain",
	[EFIMAP_CAUSE_POSSIBLE] = "possible",
	[EFIMAP_CAUSE_EXCLUDED] = "excluded",
};
EFIMAP_NAME_OF(cause_certainty)

void efimap_received_free(struct efimap_received *received)
{
	if (!received)
		return;
	efimap_report_free(received->report);
	free(received);
}

/* --- causes --- */

/* early_memremap() maps 64 pages at most (NR_FIX_BTMAPS), the offset in the first
 * included. */
#define EARLY_MAP_MAX (UINT64_C(64) * EFIMAP_PAGE_SIZE)

static bool map_is_too_big(const struct efimap *map)
{
	const struct efimap_efi_info *info = &map->boot_params.efi_info;

	return efimap_has(map, EFIMAP_SRC_BOOT_PARAMS) &&
	       info->memmap_size + info->memmap % EFIMAP_PAGE_SIZE > EARLY_MAP_MAX;
}

/*
 * Insert a cause, certain ones first. There are a dozen causes, so the sort is simple and stable.
 */
static void add_cause(struct efimap_received *received, const char *name,
		      enum efimap_cause_certainty certainty, const char *why,
		      const char *check)
{
	struct efimap_cause *at = &received->causes[received->n_causes++];

	for (; at > received->causes && at[-1].certainty > certainty; at--)
		*at = at[-1];
	*at = (struct efimap_cause){ name, certainty, why, check };
}

static void add_image(struct efimap_received *received, const struct efimap *map)
{
	static const char check[] =
		"look at bit 4 of xloadflags (byte 0x236 of the bzImage); a vmlinux or a 32-bit "
		"image never gets EFI from kexec-tools";

	if (efimap_is_32bit_kernel(map))
		add_cause(received, "image-without-efi", EFIMAP_CAUSE_CERTAIN,
		    "this is a 32-bit kernel: kexec-tools passes EFI only to 64-bit ones, and "
		    "drops it without a message",
		    check);
	else if (!efimap_has(map, EFIMAP_SRC_BOOT_PARAMS))
		add_cause(received, "image-without-efi", EFIMAP_CAUSE_POSSIBLE,
		    "kexec-tools passes EFI only to a bzImage with XLF_EFI_KEXEC", check);
	else if (map->boot_params.xloadflags & EFIMAP_XLF_EFI_KEXEC)
		add_cause(received, "image-without-efi", EFIMAP_CAUSE_EXCLUDED,
		    "the header of this kernel's image has XLF_EFI_KEXEC", check);
	else
		add_cause(received, "image-without-efi", EFIMAP_CAUSE_CERTAIN,
		    "the header of this kernel's image lacks XLF_EFI_KEXEC, and kexec-tools then "
		    "drops EFI without a message",
		    check);
}

static void add_command_line(struct efimap_received *received, const struct efimap *map)
{
	const bool here = efimap_has_parameter(map, "noefi") ||
			  efimap_has_efi_option(map, "noruntime");

	add_cause(received, "noruntime-in-first-kernel", EFIMAP_CAUSE_POSSIBLE,
	    here ? "this kernel's command line turns runtime services off, and kdump scripts "
		   "copy it from the kernel before; that kernel then has no map to hand over" :
		   "the kernel before had no map to hand over, as with noefi or efi=noruntime on "
		   "its command line, under Xen or with PREEMPT_RT, or it was a 32-bit one, "
		   "whose map no loader hands over",
	    "look at the command line of the kernel before (its log, or boot it again)");
}

static void add_firmware(struct efimap_received *received, const struct efimap *map)
{
	const char *trace = efimap_find_uefi_evidence(map);

	add_cause(received, "firmware-without-efi",
	    trace ? EFIMAP_CAUSE_EXCLUDED : EFIMAP_CAUSE_POSSIBLE,
	    trace ? trace : "a machine that was booted by a legacy BIOS has no EFI to hand over",
	    "look for \"efi:\" in the log of the kernel that the firmware started");
}

static void add_unsent(struct efimap_received *received, const struct efimap *map)
{
	add_command_line(received, map);
	add_image(received, map);
	add_cause(received, "no-runtime-map", EFIMAP_CAUSE_POSSIBLE,
	    "without /sys/firmware/efi/runtime-map (CONFIG_EFI_RUNTIME_MAP off) kexec-tools "
	    "clears efi_info without a message",
	    "run efimapctl verify on the kernel before: map-absent or map-empty says so");
	add_cause(received, "pointer-missing", EFIMAP_CAUSE_POSSIBLE,
	    "kexec-tools clears efi_info without a message when it cannot open systab, "
	    "fw_vendor, runtime or config_table, as in a container",
	    "run efimapctl verify where kexec runs: pointer-missing says so");
	add_cause(received, "noefi-option", EFIMAP_CAUSE_POSSIBLE,
	    "kexec --noefi passes no EFI",
	    "look for --noefi in the kexec command and its settings (KDUMP_KEXEC_ARGS in "
	    "/etc/default/kdump-tools, KEXEC_ARGS in /etc/sysconfig/kdump)");
	add_firmware(received, map);
}

static void add_unused(struct efimap_received *received, const struct efimap *map)
{
	if (map_is_too_big(map)) {
		add_cause(received, "map-too-big", EFIMAP_CAUSE_CERTAIN,
		    "the memory map is larger than the 256 KiB that a kernel can map early: "
		    "\"Could not map the memory map!\"",
		    "run efimapctl verify on the kernel before: map-too-big says so");
		return;
	}
	add_cause(received, "kernel-without-efi", EFIMAP_CAUSE_POSSIBLE,
	    "EFI was handed over, and this kernel has not taken it",
	    "look for CONFIG_EFI in its configuration, and for \"efi:\" in its log: \"System "
	    "table signature incorrect!\"");
}

static void add_no_map(struct efimap_received *received, const struct efimap *map)
{
	if (efimap_is_mixed_mode(map))
		add_cause(received, "mixed-mode", EFIMAP_CAUSE_CERTAIN,
		    "the firmware is 32-bit: a kernel after kexec has the tables, but no runtime "
		    "services and no runtime map",
		    "sys/firmware/efi/fw_platform_size is 32");
	else if (efimap_why_runtime_services_off(map) &&
		 !efimap_is_other_architecture(map) && !efimap_is_32bit_kernel(map))
		add_cause(received, "noruntime-in-second-kernel", EFIMAP_CAUSE_CERTAIN,
		    "this kernel's command line turns runtime services off: it has the tables, "
		    "but no runtime map",
		    "look for noefi and efi=noruntime in /proc/cmdline");
	else
		add_cause(received, "kernel-without-runtime-map", EFIMAP_CAUSE_POSSIBLE,
		    "this kernel has the tables, but no runtime map: CONFIG_EFI_RUNTIME_MAP is "
		    "off, or the map could not be mapped for good",
		    "look for \"Failed to remap late EFI memory map\" in its log");
}

/* --- the verdict --- */

static bool was_sent_map(const struct efimap *map)
{
	return efimap_has(map, EFIMAP_SRC_BOOT_PARAMS) &&
	       map->boot_params.efi_info.memmap_size != 0;
}

/* Return whether the absence of sys/firmware/efi shows that this kernel runs without EFI. */
static bool runs_without_efi(const struct efimap *map)
{
	if (efimap_first_origin(map) == EFIMAP_ORIGIN_LOG)
		return efimap_log_shows_no_efi(map);
	return map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_ABSENT &&
	       (!efimap_is_offline(map) || efimap_has(map, EFIMAP_SRC_MEMMAP));
}

static bool was_sent(const struct efimap *map)
{
	if (efimap_has(map, EFIMAP_SRC_BOOT_PARAMS) && !was_sent_map(map))
		return false;
	if (setup_knows_nodes(map) && !efimap_has_setup_efi(map))
		return false;
	return was_sent_map(map) || efimap_has_setup_efi(map) || !runs_without_efi(map);
}

static void set(struct efimap_received *received, enum efimap_verdict verdict,
		const char *reason)
{
	received->verdict = verdict;
	received->reason = reason;
}

/* This kernel received EFI, and nothing else is known. */
static void set_unread(struct efimap_received *received, const char *reason)
{
	set(received, EFIMAP_VERDICT_RECEIVED, reason);
	received->report->unseen = reason;
}

static const char *why_unknown_boot(const struct efimap *map)
{
	if (map->map_from == EFIMAP_MAP_FROM_SHELL)
		return "none: the UEFI shell printed this memory map, and no kernel was running";
	if (efimap_first_origin(map) != EFIMAP_ORIGIN_LOG)
		return "not known who started it, because sys/kernel/boot_params was not read";
	if (!map->log_has_start)
		return "not known who started it: its log does not begin with the boot, or is no "
		       "more than an excerpt";
	if (efimap_log_may_lack_efi(map))
		return "not known who started it: its log has no line \"efi:\", although UEFI "
		       "started the machine. The line is missing, or kexec started this kernel "
		       "without EFI";
	return efimap_log_shows_no_efi(map) ?
		       "it runs without EFI, and its log does not tell who started it" :
		       "not known who started it: its log shows no trace of kexec, but a kernel "
		       "of this release may leave none";
}

static void check_kexec(const struct efimap *map, struct efimap_received *received)
{
	if (was_sent_map(map) && setup_knows_nodes(map) && !efimap_has_setup_efi(map)) {
		set(received, EFIMAP_VERDICT_NOT_RECEIVED,
		    "a memory map was handed over, but not the addresses that belong to it");
	} else if (!was_sent(map)) {
		set(received, EFIMAP_VERDICT_NOT_RECEIVED,
		    efimap_first_origin(map) == EFIMAP_ORIGIN_LOG ?
			    "it was started by kexec, which passed no EFI; its log has no line "
			    "\"efi:\"" :
			    "it was started by kexec, which passed no EFI");
		add_unsent(received, map);
	} else if (runs_without_efi(map) || map_is_too_big(map)) {
		set(received, EFIMAP_VERDICT_NOT_RECEIVED,
		    "EFI was handed over, but this kernel cannot use it");
		add_unused(received, map);
	} else if (efimap_first_origin(map) == EFIMAP_ORIGIN_LOG &&
		   map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_ABSENT) {
		set(received, EFIMAP_VERDICT_NOT_APPLICABLE,
		    "it was started by kexec; whether EFI was handed over, this excerpt of a log "
		    "does not show");
	} else if (efimap_first_origin(map) == EFIMAP_ORIGIN_LOG && map->n_entries == 0) {
		set_unread(received, "got EFI from the kernel before; with which map, this log "
				    "does not show");
	} else if (map->states[EFIMAP_SRC_RUNTIME_MAP] == EFIMAP_STATE_ABSENT) {
		set(received, EFIMAP_VERDICT_RECEIVED,
		    "EFI was handed over, but this kernel has no runtime map to hand on");
		add_no_map(received, map);
	} else if (!setup_has_whole_map(map)) {
		set_unread(received, "got EFI from the kernel before; its runtime map could not "
				    "be read as a whole");
	} else {
		set(received, EFIMAP_VERDICT_RECEIVED, "EFI was handed over, with its runtime map");
	}
}

/* Without a map, there are no runtime services. */
static int conclude(struct efimap_received *received)
{
	struct efimap_report *report = received->report;
	const bool has_map =
		received->verdict == EFIMAP_VERDICT_RECEIVED && received->n_causes == 0;
	const bool is_certain = received->n_causes &&
				received->causes[0].certainty == EFIMAP_CAUSE_CERTAIN;
	int ret = efimap_report_set_outcome(
		report, EFIMAP_SUBJECT_THIS,
		"has EFI runtime services, handed over by the kernel before");

	/* Known facts come first. */
	if (ret == 0 && (received->verdict == EFIMAP_VERDICT_NOT_APPLICABLE ||
			 (report->outcome == EFIMAP_OUTCOME_UNKNOWN &&
			  report->unseen == received->reason)))
		return efimap_report_set_answer(report, EFIMAP_OUTCOME_UNKNOWN, "This kernel: %s",
						received->reason);
	if (ret < 0 || has_map || report->outcome >= EFIMAP_OUTCOME_NO_EFI)
		return ret;
	return efimap_report_set_answer(report, EFIMAP_OUTCOME_NO_EFI,
					"This kernel: runs without EFI%s: %s",
					received->verdict == EFIMAP_VERDICT_RECEIVED ?
						" runtime services" : "",
					is_certain ? received->causes[0].why : received->reason);
}

int efimap_check_received(const struct efimap *map, struct efimap_received **ret_received)
{
	efimap_auto_received struct efimap_received *received =
		calloc(1, sizeof(*received));
	const struct efimap_setup setup = setup_of(map);
	const enum efimap_booted_by booted_by = efimap_booted_by(map);
	int ret = received ? efimap_report_new(&received->report) : -ENOMEM;

	if (ret < 0)
		return ret;
	received->loaded_by = efimap_loaded_by(map);
	received->has_payload = efimap_efi_payload_find(map, &received->payload);
	received->has_info = efimap_has(map, EFIMAP_SRC_BOOT_PARAMS);
	received->info = map->boot_params.efi_info;
	if (map->binary)
		set(received, EFIMAP_VERDICT_NOT_APPLICABLE,
		    "a binary shows what was passed to a kernel, not what the kernel made of it");
	else if (efimap_is_other_architecture(map))
		set(received, EFIMAP_VERDICT_NOT_APPLICABLE,
		    "not judged: this is of another architecture than x86, where EFI is passed on "
		    "in the device tree");
	else if (booted_by == EFIMAP_BOOTED_BY_KEXEC)
		check_kexec(map, received);
	else
		set(received, EFIMAP_VERDICT_NOT_APPLICABLE,
		    booted_by == EFIMAP_BOOTED_BY_FIRMWARE
			    ? "the firmware started it, so nothing was handed over to it"
			    : why_unknown_boot(map));
	ret = report_unread_received(map, received->report);
	if (ret == 0)
		ret = booted_by == EFIMAP_BOOTED_BY_KEXEC
			      ? check_setup_data(map, &setup, received->report)
			      : efimap_report_seal(received->report, EFIMAP_ERROR);
	if (ret == 0)
		ret = conclude(received);
	if (ret == 0)
		*ret_received = efimap_steal(received);
	return ret;
}
