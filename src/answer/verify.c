/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Find the loads of a capture, run the rules, and derive the answers. */
#include <errno.h>
#include <stdlib.h>

#include "answer/conclude.h"
#include "answer/loads.h"
#include "answer/verify.h"
#include "base/alloc.h"
#include "base/cleanup.h"
#include "infer/booted_by.h"
#include "infer/why_no_map.h"
#include "rules/map_summary.h"
#include "rules/matched_messages.h"
#include "rules/unread_sources.h"

static const struct efimap_verify_options default_options = EFIMAP_VERIFY_OPTIONS_INIT;

/*
 * A kernel log without a runtime map, or a capture of another architecture, may contain kernel
 * messages to check.
 */
static bool is_anything_to_check(const struct efimap *map, const struct efimap_no_map *no_map)
{
	if (no_map->kind != EFIMAP_MAP_FOREIGN &&
	    map->states[EFIMAP_SRC_EFI] != EFIMAP_STATE_ABSENT)
		return true;
	return (no_map->kind == EFIMAP_MAP_FOREIGN ||
		efimap_first_origin(map) == EFIMAP_ORIGIN_LOG) &&
	       efimap_has_kernel_message(map, EFIMAP_RULE_COUNT);
}

static int refuse_without_efi(const struct efimap *map, const struct efimap_no_map *no_map,
			      const struct efimap_verify_options *options,
			      struct efimap_report *report)
{
	const bool is_by_kexec = efimap_booted_by(map) == EFIMAP_BOOTED_BY_KEXEC;
	const int ret = efimap_report_try_no_rule(report, EFIMAP_VERDICT_NOT_APPLICABLE,
						  "%s", no_map->why);

	if (ret)
		return ret;
	if (is_by_kexec)
		return conclude_unchecked(options, EFIMAP_OUTCOME_NO_EFI, report,
					  "Not applicable: kexec started this kernel without EFI. "
					  "The next kernel will boot without EFI too");
	return conclude_unchecked(options, EFIMAP_OUTCOME_NONE, report,
				  "Not applicable: booted without EFI, so kexec passes no EFI "
				  "data. Nothing else was checked");
}

static int conclude_unknown(const struct efimap_verify_options *options,
			    struct efimap_report *report)
{
	const char *sentence = efimap_arena_printf(&report->arena, "Cannot tell: %s",
						   report->reason);

	return sentence ? conclude_unchecked(options, EFIMAP_OUTCOME_UNKNOWN, report, sentence) :
			  -ENOMEM;
}

static int refuse(const struct efimap *map, const struct efimap_no_map *no_map,
		  const struct efimap_verify_options *options, struct efimap_report *report)
{
	int ret;

	if (no_map->kind == EFIMAP_MAP_WITHOUT_EFI)
		return refuse_without_efi(map, no_map, options, report);
	if (no_map->kind == EFIMAP_MAP_DENIED)
		ret = report_map_denied(map, report);
	else if (no_map->kind == EFIMAP_MAP_UNREADABLE)
		ret = efimap_report_try_no_rule(report, EFIMAP_VERDICT_UNREADABLE,
						"%s: %s", no_map->fault->where,
						no_map->fault->text);
	else
		ret = efimap_report_try_no_rule(report, EFIMAP_VERDICT_INCOMPLETE, "%s",
						no_map->why);
	return ret ? ret : conclude_unknown(options, report);
}

static bool is_refused(const struct efimap *map, const struct efimap_no_map *no_map)
{
	return !is_anything_to_check(map, no_map) || no_map->kind == EFIMAP_MAP_DENIED ||
	       no_map->kind == EFIMAP_MAP_UNREADABLE;
}

static int answer_all(struct machine *machine, const struct loads *loads,
		      struct answer *ret_answers)
{
	int ret = 0;

	for (size_t i = 0; i < loads->count && !ret; i++)
		ret = answer_load(machine, &loads->cases[i], &ret_answers[i]);
	return ret ? ret : conclude(machine, ret_answers, loads->count);
}

/* Answer for each load, and join the answers. */
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
	answers = efimap_array_new(loads.count, sizeof(*answers));
	if (!answers)
		return -ENOMEM;
	ret = answer_all(machine, &loads, answers);
	for (size_t i = 0; i < loads.count; i++)
		answer_free(&answers[i]);
	free(answers);
	return ret;
}

static int check_map(const struct efimap *map, const struct efimap_verify_options *options,
		     struct efimap_report *report)
{
	struct machine *machine = malloc(sizeof(*machine));
	int ret;

	if (!machine)
		return -ENOMEM;
	ret = machine_open(map, options, machine);
	if (!ret)
		ret = machine_check(machine, report);
	if (!ret)
		ret = check_loads(machine);
	efimap_report_seal(report, options->fail_on);
	machine_close(machine);
	free(machine);
	return ret;
}

void efimap_verify_given(const struct efimap_given_files *given,
			 struct efimap_verify_options *options)
{
	options->kernels = given->kernels;
	options->n_kernels = given->n_kernels;
	options->has_initrd_size = given->initrd != NULL;
	options->initrd_size = given->initrd_size;
	options->unpacked = given->unpacked;
	options->segments = given->segments.count || given->segments.failed[0] ?
				    &given->segments : NULL;
}

int efimap_verify(const struct efimap *map, const struct efimap_verify_options *options,
		  struct efimap_report **ret_report)
{
	efimap_auto_report struct efimap_report *report = NULL;
	const struct efimap_no_map no_map = efimap_find_no_map(map);
	struct efimap_verify_options recorded = options ? *options : default_options;
	int ret = efimap_report_new(&report);

	if (ret)
		return ret;
	if (map->given && !recorded.n_kernels && !recorded.has_initrd_size && !recorded.segments) {
		efimap_verify_given(map->given, &recorded);
		recorded.is_recorded = true;
	}
	options = &recorded;
	summarise_no_map(map, report);
	ret = is_refused(map, &no_map) ? refuse(map, &no_map, options, report) :
					 check_map(map, options, report);
	if (ret)
		return ret;
	*ret_report = efimap_steal(report);
	return 0;
}
