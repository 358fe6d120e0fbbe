/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Find the loads of a capture, run the rules, and derive the answers. */
#include <string.h>

#include "answer/advice.h"
#include "answer/conclude.h"
#include "answer/loads.h"
#include "answer/verify.h"
#include "base/alloc.h"
#include "base/cleanup.h"
#include "capture/capture.h"
#include "infer/booted_by.h"
#include "infer/why_no_map.h"
#include "linux/signature_policy.h"
#include "rules/check_capture.h"
#include "rules/matched_messages.h"
#include "rules/unread_verdict.h"

/*
 * Find out why a kernel has no EFI: the firmware has none, or the kernel lost it, because it was
 * started by kexec without EFI data or with a parameter that disables EFI.
 */
static void find_lost_efi(struct machine *machine, const struct no_map *no_map)
{
	const enum known has_efi = firmware_has_efi(machine->map);

	machine->lacks_efi = has_efi == EFIMAP_KNOWN_NO;
	machine->has_lost_efi = has_efi == EFIMAP_KNOWN_YES;
	machine->why_lost_efi = no_map->why;
	machine->why_no_kexec =
		machine->lacks_efi
			? "kexec does not need EFI, and the firmware of this machine has none"
		: machine->has_lost_efi
			? "this kernel has no EFI, although the firmware has, and the next kernel "
			  "would have none either"
			: "this kernel has no EFI, and no file shows whether the firmware has";
}

static void refuse_map(struct machine *machine, const struct no_map *no_map, struct report *report)
{
	const bool is_uncollected = no_map->kind == EFIMAP_MAP_UNCOLLECTED;

	report->refused = true;
	if (no_map->kind == EFIMAP_MAP_DENIED)
		report_map_denied(machine->map, report);
	else if (no_map->kind == EFIMAP_MAP_UNREADABLE)
		report_note_unread(report, EFIMAP_VERDICT_UNREADABLE, "%s: %s",
				   no_map->fault->where, no_map->fault->text);
	else
		report_note_unread(report, EFIMAP_VERDICT_INCOMPLETE, "%s", no_map->why);
	conclude_unchecked(machine, report->reason,
			   is_uncollected ? find_data_advice(machine, NULL)
					  : (struct advice){ .text = NULL },
			   report);
}

/*
 * Return whether rules cannot check the capture. Even without a runtime map, or on another
 * architecture, the kernel log may contain messages that rules match.
 */
static bool is_refused(const struct efimap *map, const struct no_map *no_map)
{
	const bool is_foreign = no_map->kind == EFIMAP_MAP_FOREIGN;

	if (no_map->kind == EFIMAP_MAP_DENIED || no_map->kind == EFIMAP_MAP_UNREADABLE)
		return true;
	if (no_map->kind == EFIMAP_MAP_WITHOUT_EFI)
		return false;
	if (!is_foreign && map->states[EFIMAP_SRC_EFI] != EFIMAP_STATE_ABSENT)
		return false;
	return !((is_foreign || find_first_origin(map) == EFIMAP_ORIGIN_LOG) &&
		 has_kernel_message(map, EFIMAP_RULE_COUNT));
}

/*
 * Return the reason why the kernel of a log died, or NULL. Messages of rules show more, so they are
 * reported as for any other kernel.
 */
static const char *find_death(const struct efimap *map)
{
	/* The last messages of a kernel, and why it stopped. A test of kdump shows no fault. */
	static const char *const deaths[][2] = {
		{ "Kernel panic - not syncing: sysrq triggered crash", NULL },
		{ "Cannot allocate trampoline", "no memory below 1 MiB" },
		{ "Real mode trampoline was not allocated", "no memory below 1 MiB" },
		{ "No sub-1M memory is available for the trampoline", "no memory below 1 MiB" },
		{ "System is deadlocked on memory", "out of memory" },
		{ "IO-APIC + timer doesn't work", "no timer interrupt" },
		{ "Unable to mount root fs", "no root file system" },
		{ "No working init found", "no working init" },
		{ "Attempted to kill init", "init ended" },
		{ "Kernel panic - not syncing", "a panic" },
	};

	if (find_first_origin(map) != EFIMAP_ORIGIN_LOG ||
	    has_kernel_message(map, EFIMAP_RULE_COUNT))
		return NULL;
	for (size_t i = 0; i < sizeof(deaths) / sizeof(deaths[0]); i++)
		if (log_contains(map, deaths[i][0]))
			return deaths[i][1];
	return NULL;
}

/* Predict nothing of a kernel that died. */
static void refuse_dead(struct machine *machine, const char *died_of, struct report *report)
{
	report_note_unread(report, EFIMAP_VERDICT_INCOMPLETE, "this kernel stopped (%s)", died_of);
	report->refused = true;
	machine->has_died = true;
	conclude_unchecked(machine, report->reason, (struct advice){ .text = NULL }, report);
}

/* Set the facts of the report about the machine. */
static void describe_machine(const struct machine *machine, struct report *report)
{
	static const char *const firmware_names[] = {
		[EFIMAP_NOT_KNOWN] = "unknown",
		[EFIMAP_KNOWN_NO] = "none",
		[EFIMAP_KNOWN_YES] = "efi",
	};
	const struct efimap *map = machine->map;
	const enum secure_boot secure_boot = secure_boot_of(map);
	const char *release = *map->release.text ? arena_strndup(&report->arena, map->release.text,
								 strlen(map->release.text))
						 : NULL;

	report->machine = (struct report_machine){
		.firmware = runs_without_efi(map) ? firmware_names[firmware_has_efi(map)]
			    : map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_PRESENT || map->n_entries
				    ? "efi"
				    : "unknown",
		.secure_boot = secure_boot == EFIMAP_SECURE_BOOT_ENABLED    ? "enabled"
			       : secure_boot == EFIMAP_SECURE_BOOT_DISABLED ? "disabled"
									    : "unknown",
		.lockdown = machine->state->lockdown != EFIMAP_LOCKDOWN_UNKNOWN
				    ? lockdown_name(machine->state->lockdown)
			    : fact_is_yes(machine->locked_down) ? "enabled"
								: "unknown",
		.booted_by = booted_by_name(find_booted_by(map)),
		.kernel = release,
	};
}

struct report *verify_capture(const struct efimap *map, const struct verify_options *options)
{
	struct report *report = report_new();
	const struct no_map no_map = find_no_map(map);
	const char *died_of = find_death(map);
	struct machine machine;

	summarise_no_map(map, report);
	machine_open(map, options, &report->arena, &machine);
	describe_machine(&machine, report);
	if (died_of) {
		refuse_dead(&machine, died_of, report);
	} else if (is_refused(map, &no_map)) {
		refuse_map(&machine, &no_map, report);
	} else {
		if (no_map.kind == EFIMAP_MAP_WITHOUT_EFI)
			find_lost_efi(&machine, &no_map);
		machine_check(&machine, report);
		/* Rules match kernel messages of all architectures; predictions are for x86. */
		if (no_map.kind == EFIMAP_MAP_FOREIGN)
			conclude_unchecked(&machine, no_map.why, (struct advice){ .text = NULL },
					   report);
		else
			conclude(&machine);
	}
	machine_close(&machine);
	return report;
}
