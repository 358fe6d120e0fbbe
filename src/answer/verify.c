/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Find the loads of a capture, run the rules, and derive the answers. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "answer/advice.h"
#include "answer/conclude.h"
#include "answer/loads.h"
#include "answer/sentences.h"
#include "answer/verify.h"
#include "base/alloc.h"
#include "base/cleanup.h"
#include "infer/booted_by.h"
#include "infer/why_no_map.h"
#include "linux/signature_policy.h"
#include "rules/error_texts.h"
#include "rules/map_summary.h"
#include "rules/matched_messages.h"
#include "rules/unread_verdict.h"

/*
 * A kernel that kexec started without EFI does not show whether the firmware is UEFI or a legacy
 * BIOS.
 */
#define IF_UEFI "If the firmware is UEFI and " EFI_IS_NEEDED
#define NOT_CHECKED "not checked"

static int refuse_without_efi(struct machine *machine, const struct no_map *no_map,
			      struct report *report)
{
	const bool is_by_kexec = find_booted_by(machine->map) == EFIMAP_BOOTED_BY_KEXEC;
	const int ret =
		report_note_unread(report, EFIMAP_VERDICT_NOT_APPLICABLE, "%s", no_map->why);

	if (ret)
		return ret;
	if (is_by_kexec)
		return conclude_unchecked(machine, NOT_CHECKED,
					  "this kernel has no EFI, because kexec passed none: "
					  "efimapctl received",
					  REBOOT_INSTEAD(machine->map, IF_UEFI), report);
	return conclude_unchecked(machine, NOT_CHECKED,
				  "booted without EFI, and kexec does not need it", NULL, report);
}

static int refuse_map(struct machine *machine, const struct no_map *no_map, struct report *report)
{
	const bool is_uncollected = no_map->kind == EFIMAP_MAP_UNCOLLECTED;
	int ret;

	report->refused = true;
	if (no_map->kind == EFIMAP_MAP_WITHOUT_EFI)
		return refuse_without_efi(machine, no_map, report);
	if (no_map->kind == EFIMAP_MAP_DENIED)
		ret = report_map_denied(machine->map, report);
	else if (no_map->kind == EFIMAP_MAP_UNREADABLE)
		ret = report_note_unread(report, EFIMAP_VERDICT_UNREADABLE, "%s: %s",
					 no_map->fault->where, no_map->fault->text);
	else
		ret = report_note_unread(report, EFIMAP_VERDICT_INCOMPLETE, "%s", no_map->why);
	if (ret)
		return ret;
	return conclude_unchecked(machine, CANNOT_TELL, report->reason,
				  is_uncollected ? find_data_advice(machine, NULL) : NULL, report);
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
	if (!is_foreign && map->states[EFIMAP_SRC_EFI] != EFIMAP_STATE_ABSENT)
		return false;
	return !((is_foreign || find_first_origin(map) == EFIMAP_ORIGIN_LOG) &&
		 has_kernel_message(map, EFIMAP_RULE_COUNT));
}

/*
 * If a log is of a kernel that died, store the reason in @ret_cause. Messages of rules show more,
 * so they are reported as for any other kernel.
 */
static int find_death(const struct efimap *map, struct log_cause *ret_cause)
{
	*ret_cause = (struct log_cause){ 0 };
	if (find_first_origin(map) != EFIMAP_ORIGIN_LOG ||
	    has_kernel_message(map, EFIMAP_RULE_COUNT))
		return 0;
	return find_log_cause(map->log, map->log_len, false, ret_cause);
}

/* Predict nothing of a kernel that died. */
static int refuse_dead(struct machine *machine, const char *died_of, struct report *report)
{
	int ret = report_note_unread(report, EFIMAP_VERDICT_INCOMPLETE, "this kernel stopped (%s)",
				     died_of);

	report->refused = true;
	machine->has_died = true;
	return ret ? ret : conclude_unchecked(machine, CANNOT_TELL, report->reason, NULL, report);
}

/*
 * Answer for a load. If kexec_file_load fails and kexec_load follows, answer for kexec_load
 * instead. If this is a retry by the kdump service and kexec_load also fails, keep the answer for
 * kexec_file_load.
 */
static int answer_or_fall_back(struct machine *machine, const struct load_case *load,
			       struct answer *ret_answer)
{
	struct load_case other;
	struct answer second = { .own = NULL };
	int ret = answer_load(machine, load, false, ret_answer);

	if (ret || !falls_back_from(machine, &ret_answer->load, ret_answer->own))
		return ret;
	other = fallback_of(machine, &ret_answer->load, ret_answer->own);
	ret = answer_load(machine, &other, false, &second);
	if (!ret && other.retry != EFIMAP_RETRY_NEVER && second.load.is_refused) {
		answer_free(&second);
		return 0;
	}
	answer_free(ret_answer);
	*ret_answer = second;
	return ret;
}

/* Answer for each load, find the advice, and join the answers. */
static int check_loads(struct machine *machine)
{
	auto_loads struct loads loads = { 0 };
	struct answer *answers;
	const char *why = NULL;
	int ret = loads_add_all(machine, &loads);

	if (!ret && loads.count == 0)
		ret = find_untried(&machine->rules, machine->report, NULL, &why);
	if (ret)
		return ret;
	if (why)
		machine->report->unseen = why;
	answers = array_new(loads.count, sizeof(*answers));
	if (!answers)
		return -ENOMEM;
	for (size_t i = 0; i < loads.count && !ret; i++)
		ret = answer_or_fall_back(machine, &loads.cases[i], &answers[i]);
	for (size_t i = 0; i < loads.count && !ret; i++)
		ret = advise(machine, &answers[i]);
	if (!ret)
		ret = conclude(machine, answers, loads.count);
	for (size_t i = 0; i < loads.count; i++)
		answer_free(&answers[i]);
	free(answers);
	return ret;
}

/* Set the facts of the report about the machine. */
static int describe_machine(const struct machine *machine, struct report *report)
{
	const struct efimap *map = machine->map;
	const enum secure_boot secure_boot = secure_boot_of(map);
	const char *release = *map->release.text ? arena_strndup(&report->arena, map->release.text,
								 strlen(map->release.text))
						 : NULL;

	report->machine = (struct report_machine){
		.firmware = runs_without_efi(map) ? "none"
			    : map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_PRESENT || map->n_entries
				    ? "efi"
				    : "unknown",
		.secure_boot = secure_boot == EFIMAP_SECURE_BOOT_ENABLED    ? "enabled"
			       : secure_boot == EFIMAP_SECURE_BOOT_DISABLED ? "disabled"
									    : "unknown",
		.lockdown = machine->state->lockdown != EFIMAP_LOCKDOWN_UNKNOWN
				    ? lockdown_name(machine->state->lockdown)
			    : machine->is_locked_down ? "enabled"
						      : "unknown",
		.booted_by = booted_by_name(find_booted_by(map)),
		.kernel = release,
	};
	return *map->release.text && !release ? -ENOMEM : 0;
}

int verify_capture(const struct efimap *map, const struct verify_options *options,
		   struct report **ret_report)
{
	auto_report struct report *report = NULL;
	const struct no_map no_map = find_no_map(map);
	struct log_cause cause = { 0 };
	struct machine machine;
	int ret = report_new(&report);

	if (!ret)
		ret = find_death(map, &cause);
	if (ret)
		return ret;
	summarise_no_map(map, report);
	ret = machine_open(map, options, &machine);
	if (!ret)
		ret = describe_machine(&machine, report);
	if (!ret && cause.died_of)
		ret = refuse_dead(&machine, cause.died_of, report);
	else if (!ret && is_refused(map, &no_map))
		ret = refuse_map(&machine, &no_map, report);
	else if (!ret)
		ret = machine_check(&machine, report);
	/* Rules match kernel messages of all architectures, but only loads of x86 are predicted. */
	if (!ret && machine.report)
		ret = no_map.kind == EFIMAP_MAP_FOREIGN
			      ? conclude_unchecked(&machine, CANNOT_TELL, no_map.why, NULL, report)
			      : check_loads(&machine);
	machine_close(&machine);
	ret = report_check_memory(report, ret);
	if (ret)
		return ret;
	*ret_report = steal(report);
	return 0;
}
