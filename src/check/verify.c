/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Judging one capture: whether it can be judged at all, then every family of rules in the
 * order of the catalogue. Knows no rule.
 */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "check/engine.h"
#include "check/verify.h"
#include "model/outcome.h"

static const struct efimap_verify_options default_options = EFIMAP_VERIFY_OPTIONS_INIT;

static bool boot_params_show_efi(const struct efimap *map)
{
	return efimap_has(map, EFIMAP_SRC_BOOT_PARAMS) &&
	       strncmp(map->boot_params.efi_info.signature, "EL", 2) == 0;
}

static bool has_lost_efi(const struct efimap *map)
{
	if (efimap_booted_by(map) != EFIMAP_BOOTED_BY_KEXEC)
		return false;
	if (efimap_first_origin(map) == EFIMAP_ORIGIN_LOG)
		return efimap_log_shows_no_efi(map);
	return !boot_params_show_efi(map) &&
	       (!efimap_is_offline(map) || efimap_has(map, EFIMAP_SRC_BOOT_PARAMS));
}

/* What a binary is that holds no runtime map; NULL for any other SOURCE */
static const char *why_binary_without_map(const struct efimap *map)
{
	static const char *const words[] = {
		[EFIMAP_BINARY_UNKNOWN] = "a binary, which holds no runtime map",
		[EFIMAP_BINARY_SETUP_DATA] = "a setup_data node, which holds no runtime map",
		[EFIMAP_BINARY_EFI_PAYLOAD] =
			"the payload of a setup_data node, which holds no runtime map",
		[EFIMAP_BINARY_EFI_MEMMAP] = NULL,
		[EFIMAP_BINARY_BOOT_PARAMS] = "a boot_params, which holds no runtime map",
	};

	return map->binary ? words[map->binary->kind] : NULL;
}

/* boot_params says more than an absent directory: "EL64", "EL32", or nothing. */
static const char *why_without_efi(const struct efimap *map)
{
	if (why_binary_without_map(map))
		return why_binary_without_map(map);
	if (has_lost_efi(map))
		return "this kernel was started by kexec without EFI (efimapctl handover says why)";
	if (efimap_log_shows_no_efi(map))
		return "the kernel's log begins with the boot and has no line \"efi:\", so this "
		       "kernel was booted without EFI";
	if (efimap_first_origin(map) == EFIMAP_ORIGIN_LOG)
		return "the kernel log shows no EFI: the kernel was booted without it, or the "
		       "log does not hold the beginning of the boot";
	if (!efimap_is_offline(map))
		return "there is no /sys/firmware/efi, so this kernel was booted without EFI";
	if (boot_params_show_efi(map))
		return "the kernel was booted with EFI, but sys/firmware/efi was not collected";
	if (efimap_has(map, EFIMAP_SRC_BOOT_PARAMS))
		return "boot_params has no EFI signature, so this kernel was booted without EFI";
	if (map->states[EFIMAP_SRC_MEMMAP] == EFIMAP_STATE_ABSENT)
		return "nothing of sys/firmware was collected, so this capture does not say "
		       "whether the kernel was booted with EFI";
	return "the kernel was booted without EFI, or sys/firmware/efi was not collected";
}

/* Nobody can say that a machine has no EFI when nobody looked where it would be. */
static bool is_uncollected(const struct efimap *map)
{
	return efimap_first_origin(map) == EFIMAP_ORIGIN_TREE &&
	       (boot_params_show_efi(map) ||
		(!efimap_has(map, EFIMAP_SRC_BOOT_PARAMS) &&
		 map->states[EFIMAP_SRC_MEMMAP] == EFIMAP_STATE_ABSENT));
}

/* A log without the lines of the map, which nothing on the command line explains */
static bool is_log_without_map(const struct efimap *map)
{
	return efimap_first_origin(map) == EFIMAP_ORIGIN_LOG &&
	       map->states[EFIMAP_SRC_RUNTIME_MAP] == EFIMAP_STATE_ABSENT &&
	       !efimap_log_shows_no_efi(map) && !efimap_runtime_off_reason(map);
}

/* Of another architecture only what its kernel complains of can be judged. */
static bool is_foreign_log(const struct efimap *map)
{
	return efimap_first_origin(map) == EFIMAP_ORIGIN_LOG && efimap_is_foreign(map);
}

/* Every entry is there and none may be read: the whole map is denied. */
static bool is_all_denied(const struct efimap *map)
{
	bool any = false;

	if (map->n_entries > 0)
		return false;
	for (size_t i = 0; i < map->n_faults; i++) {
		const struct efimap_fault *fault = &map->faults[i];

		if (fault->source != EFIMAP_SRC_RUNTIME_MAP ||
		    fault->index == EFIMAP_NO_INDEX)
			continue;
		if (fault->kind != EFIMAP_FAULT_DENIED)
			return false;
		any = true;
	}
	return any;
}

/*
 * The directory itself is no directory, or reading it failed: there may be any number of
 * entries behind it, so silence of the rules would mean nothing.
 */
static const struct efimap_fault *why_unreadable(const struct efimap *map)
{
	for (size_t i = 0; i < map->n_faults; i++) {
		const struct efimap_fault *fault = &map->faults[i];

		if (fault->source == EFIMAP_SRC_EFI ||
		    (fault->source == EFIMAP_SRC_RUNTIME_MAP &&
		     strcmp(fault->where, efimap_source_path(fault->source)) == 0))
			return fault;
	}
	return NULL;
}

/* NULL where there is something to show, or to be refused for another reason */
static const char *why_no_map(const struct efimap *map)
{
	if (is_foreign_log(map))
		return "the kernel log is of another architecture than x86, whose kernels keep no "
		       "runtime map: they hand EFI on in the device tree";
	if (map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_ABSENT)
		return why_without_efi(map);
	if (!is_log_without_map(map))
		return NULL;
	/* A list that was cut out of the middle of another is none. */
	return map->n_firmware ?
		       "the kernel log has some lines of a list of EFI memory, and of neither its "
		       "beginning nor \"EFI runtime memory map:\": whether it is the firmware's "
		       "map or a runtime map is not known" :
		       "the kernel log shows EFI, but no \"efi: memNN:\" lines: boot with "
		       "efi=debug to print them";
}

/* A log says more than its map: memory, tables, how the kernel was started, its complaints. */
static bool is_log_with_words(const struct efimap *map)
{
	if (is_foreign_log(map))
		return map->n_complaints > 0;
	if (map->states[EFIMAP_SRC_EFI] != EFIMAP_STATE_ABSENT)
		return is_log_without_map(map);
	return efimap_first_origin(map) == EFIMAP_ORIGIN_LOG && map->n_complaints > 0;
}

static int miss_uncollected(const struct efimap *map, struct efimap_report *report)
{
	const char *why = efimap_why_not_applicable(map);

	/* What may not be read, or could not be, hides more. */
	return why && report->missed == EFIMAP_MISSED_NOTHING ?
		       efimap_report_miss(report, EFIMAP_MISSED_UNCOLLECTED, "%s", why) :
		       0;
}

/* A report on which no rule was tried must not pass. */
static int note_untried(struct efimap_report *report)
{
	const struct efimap_skip *skip = report->skipped;
	const char *why = "no rule could be tried: the capture holds nothing that they look at";

	if (report->n_tried || report->n_findings || report->missed || *report->unseen)
		return 0;
	if (report->n_skipped)
		why = efimap_arena_printf(&report->arena, "no rule could be tried: %s: %s",
					  skip->rule->name, skip->why);
	if (!why)
		return -ENOMEM;
	report->unseen = why;
	return 0;
}

bool is_firmware_memmap(const struct efimap *map)
{
	if (!map->binary || map->binary->kind != EFIMAP_BINARY_EFI_MEMMAP)
		return false;
	for (size_t i = 0; i < map->n_entries; i++)
		if (map->entries[i].virt != 0)
			return false;
	return true;
}

static uint32_t families_of(const struct efimap *map)
{
	const uint32_t of_entries =
		CHECK_FAMILY(FAMILY_PHYS) | CHECK_FAMILY(FAMILY_VIRT) |
		CHECK_FAMILY(FAMILY_LAYOUT) | CHECK_FAMILY(FAMILY_ATTR) |
		CHECK_FAMILY(FAMILY_BITS) | CHECK_FAMILY(FAMILY_OVERLAP);

	if (is_foreign_log(map))
		return CHECK_FAMILY(FAMILY_SYMPTOMS);
	if (map->binary)
		return CHECK_FAMILY(FAMILY_DECODE) | CHECK_FAMILY(FAMILY_SETUP) |
		       (map->n_entries && !is_firmware_memmap(map) ? of_entries : 0);
	return of_entries | CHECK_FAMILY(FAMILY_MEMMAP) | CHECK_FAMILY(FAMILY_IOMEM) |
	       CHECK_FAMILY(FAMILY_KEXEC) | CHECK_FAMILY(FAMILY_SETUP) |
	       CHECK_FAMILY(FAMILY_SHAPE) | CHECK_FAMILY(FAMILY_BOOT) |
	       CHECK_FAMILY(FAMILY_SYMPTOMS);
}

static int judge(const struct efimap *map, const struct efimap_verify_options *options,
		 struct efimap_report *report)
{
	const struct efimap_setup setup = setup_of(map);
	const struct check_plan plan = {
		.families = families_of(map),
		.wants = check_wants,
		.data = &setup,
	};
	int ret = check_unseen(map, options, report) ?:
		  check_unseen_map(map, report);

	if (ret == 0 && !map->binary)
		ret = miss_uncollected(map, report);
	if (is_firmware_memmap(map))
		report->unseen = "this is the firmware's own map, which no kernel has made a "
				 "runtime map of: only its form was checked";
	if (ret == 0)
		ret = check_run(map, options, &plan, report);
	return ret == 0 ? note_untried(report) : ret;
}

static bool is_denied(const struct efimap *map)
{
	return efimap_is_map_denied(map) || is_all_denied(map);
}

const char *efimap_why_not_applicable(const struct efimap *map)
{
	const char *why = why_no_map(map);

	return why || is_denied(map) || why_unreadable(map) ? why : check_why_uncollected(map);
}

static bool is_unknown(const struct efimap *map)
{
	return is_log_without_map(map) ||
	       (map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_ABSENT && is_uncollected(map));
}

/* Elsewhere, that it is not there may mean that nobody looked for it. */
static bool has_surely_no_efi(const struct efimap *map)
{
	return !map->binary && map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_ABSENT &&
	       !is_unknown(map) &&
	       (!efimap_is_offline(map) || efimap_has(map, EFIMAP_SRC_BOOT_PARAMS) ||
		efimap_log_shows_no_efi(map));
}

const char *check_why_unknown(const struct efimap *map)
{
	if (map->states[EFIMAP_SRC_EFI] != EFIMAP_STATE_ABSENT)
		return check_why_uncollected(map);
	/* Whoever took memmap has looked where EFI would be; a log may be no more than an
	 * excerpt. */
	return has_surely_no_efi(map) || (efimap_has(map, EFIMAP_SRC_MEMMAP) &&
					  efimap_first_origin(map) != EFIMAP_ORIGIN_LOG) ?
		       NULL :
		       why_without_efi(map);
}

int efimap_verify(const struct efimap *map, const struct efimap_verify_options *options,
		  struct efimap_report **ret_report)
{
	efimap_auto_report struct efimap_report *report = NULL;
	const struct efimap_fault *fault = why_unreadable(map);
	const char *why = map->binary || is_log_with_words(map) ? NULL : why_no_map(map);
	int ret = efimap_report_new(&report);

	if (ret < 0)
		return ret;
	if (why)
		ret = efimap_report_miss(report,
					 is_unknown(map) ? EFIMAP_MISSED_UNCOLLECTED :
							   EFIMAP_MISSED_ALL,
					 "%s", why);
	else if (is_denied(map))
		ret = check_map_denied(map, report);
	else if (fault)
		ret = efimap_report_miss(report, EFIMAP_MISSED_ALL_UNREADABLE, "%s: %s",
					 fault->where, fault->text);
	else
		ret = judge(map, options ? options : &default_options, report);
	if (ret == 0)
		ret = has_surely_no_efi(map) ?
			      efimap_report_set_answer(report, EFIMAP_CONSEQ_NO_EFI,
						       "Next kernel: boots without EFI: %s",
						       why_no_map(map)) :
			      efimap_report_conclude(
				      report, EFIMAP_SUBJECT_NEXT,
				      map->binary ?
					      "nothing in this file prevents EFI runtime "
					      "services" :
					      "boots, with EFI runtime services");
	if (ret == 0)
		*ret_report = efimap_steal(report);
	return ret;
}
