/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Comparing two captures: whether they can be compared, what one is to the other, then
 * every part of the family drift. Knows no rule.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "check/compare.h"
#include "check/sides.h"
#include "check/verify.h"

static void (*const parts[])(struct compare *) = {
	compare_boot,	  compare_entries,    compare_order,   compare_pointers,
	compare_setup_data, compare_memmap, compare_version,
};

/* Which of the two lacks @source, if any, for a skip. */
static const char *who_lacks(const struct compare *c, enum efimap_source source)
{
	if (!efimap_has(c->first, source))
		return "FIRST";
	return efimap_has(c->second, source) ? NULL : "SECOND";
}

bool compare_wants(struct compare *c, enum efimap_rule_id rule)
{
	const uint32_t needs = efimap_rule_get(rule)->needs;

	if (c->check.error)
		return false;
	for (unsigned int source = 0; source < EFIMAP_SRC_COUNT; source++) {
		const char *who = who_lacks(c, source);

		if (!(needs & EFIMAP_NEEDS(source)) || !who)
			continue;
		check_skip(&c->check, rule, "%s: %s was not read", who,
			   efimap_source_path(source));
		return false;
	}
	for (size_t i = 0; i < 2; i++) {
		const char *lacks = efimap_rule_lacks(i ? c->second : c->first, needs);

		if (!lacks)
			continue;
		check_skip(&c->check, rule, "%s lacks %s", i ? "SECOND" : "FIRST", lacks);
		return false;
	}
	return true;
}

void compare_sides(struct compare *c, const char *first, const char *second)
{
	if (c->check.error || !c->check.finding)
		return;
	c->check.error = efimap_finding_set_sides(c->check.report, c->check.finding, first,
						  second);
}

void compare_sides_hex(struct compare *c, uint64_t first, uint64_t second)
{
	char left[sizeof("0xffffffffffffffff")], right[sizeof(left)];

	snprintf(left, sizeof(left), "0x%" PRIx64, first);
	snprintf(right, sizeof(right), "0x%" PRIx64, second);
	compare_sides(c, left, right);
}

static bool is_denied(const struct efimap *map)
{
	return map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_DENIED ||
	       map->states[EFIMAP_SRC_RUNTIME_MAP] == EFIMAP_STATE_DENIED;
}

/*
 * A map that is not known as a whole cannot be compared: what is missing would look lost.
 * Return: 1 when it was refused, 0, or -ENOMEM.
 */
static int refuse_map(struct efimap_report *report, const struct efimap *map)
{
	static const char root_only[] = "may not be read without root";
	const char *path = efimap_source_path(EFIMAP_SRC_RUNTIME_MAP);
	int ret;

	if (is_denied(map)) {
		ret = efimap_report_miss(report, EFIMAP_MISSED_ALL_DENIED, "%s: %s: %s", map->name,
					 path, root_only);
		return ret < 0 ? ret : 1;
	}
	for (size_t i = 0; i < map->n_faults; i++) {
		const struct efimap_fault *fault = &map->faults[i];
		const bool denied = fault->kind == EFIMAP_FAULT_DENIED;
		const bool of_log = fault->source == EFIMAP_SRC_KERNEL_LOG &&
				    map->map_from != EFIMAP_MAP_FROM_FILES;

		if ((fault->source != EFIMAP_SRC_EFI &&
		     fault->source != EFIMAP_SRC_RUNTIME_MAP && !of_log) ||
		    fault->kind == EFIMAP_FAULT_NAME || fault->kind == EFIMAP_FAULT_EXTRA)
			continue;
		ret = efimap_report_miss(report,
					 denied ? EFIMAP_MISSED_ALL_DENIED :
						  EFIMAP_MISSED_ALL_UNREADABLE,
					 "%s: %s: %s", map->name, fault->where,
					 denied ? root_only : fault->text);
		return ret < 0 ? ret : 1;
	}
	return 0;
}

/* Does the capture say anything of how its kernel got on with EFI? */
static bool says_nothing(const struct efimap *map)
{
	return map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_ABSENT &&
	       efimap_is_offline(map) &&
	       map->states[EFIMAP_SRC_MEMMAP] == EFIMAP_STATE_ABSENT &&
	       map->states[EFIMAP_SRC_BOOT_PARAMS] == EFIMAP_STATE_ABSENT;
}

static const char *why_not(const struct efimap *first, const struct efimap *second)
{
	if (says_nothing(first) || says_nothing(second))
		return "nothing of sys/firmware/efi was collected, so there is nothing to "
		       "compare";
	if (first->states[EFIMAP_SRC_EFI] != EFIMAP_STATE_ABSENT)
		return NULL;
	return efimap_booted_by(first) == EFIMAP_BOOTED_BY_KEXEC &&
			       efimap_booted_by(second) == EFIMAP_BOOTED_BY_FIRMWARE ?
		       "this kernel runs without EFI and was started by kexec, while the "
		       "other one was started by the firmware: are the two swapped?" :
		       "this kernel runs without EFI, so it had nothing to hand over";
}

static int try_to_refuse(const struct efimap *first, const struct efimap *second,
			 struct efimap_report *report)
{
	const char *reason = why_not(first, second);
	int ret = refuse_map(report, first);

	if (ret == 0)
		ret = refuse_map(report, second);
	if (ret != 0 || !reason)
		return ret;
	ret = efimap_report_miss(report, EFIMAP_MISSED_ALL, "%s: %s",
				 says_nothing(second) && !says_nothing(first) ?
					 second->name :
					 first->name,
				 reason);
	return ret < 0 ? ret : 1;
}

static int judge(struct compare *c, enum efimap_severity fail_on)
{
	struct efimap_report *report = c->check.report;
	int ret = 0;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]) && !c->check.error; i++)
		parts[i](c);
	if (!c->check.error)
		check_finish(&c->check);
	if (c->check.error)
		return c->check.error;
	if (c->tried == 0) {
		/* Findings without anything compared would be about one capture alone. */
		report->n_findings = 0;
		ret = efimap_report_miss(report, EFIMAP_MISSED_ALL,
					 "the two have neither a runtime map nor a pointer nor "
					 "memmap in common, so there is nothing to compare");
	}
	return ret < 0 ? ret : efimap_report_seal(report, fail_on);
}

static int run(struct compare *c, enum efimap_severity fail_on)
{
	static const struct efimap_verify_options options = EFIMAP_VERIFY_OPTIONS_INIT;
	int ret = matching_make(c->first, c->second, &c->matching);

	check_init(&c->check, c->first, &options, c->result->report);
	if (ret == 0)
		ret = judge(c, fail_on);
	matching_free(&c->matching);
	check_free(&c->check);
	return ret;
}

int efimap_compare(const struct efimap *first, const struct efimap *second,
		   enum efimap_severity fail_on, struct efimap_comparison **ret_comparison)
{
	efimap_auto_comparison struct efimap_comparison *result = calloc(1, sizeof(*result));
	struct compare c = { .first = first, .second = second, .result = result };
	int ret;

	if (!result)
		return -ENOMEM;
	ret = efimap_report_new(&result->report);
	if (ret < 0)
		return ret;
	result->relation = compare_relation(first, second);
	result->loaded_by = compare_is_handover(&c) ? efimap_loaded_by(second) :
						      EFIMAP_LOADED_BY_NONE;
	ret = try_to_refuse(first, second, result->report);
	if (ret == 0)
		ret = run(&c, fail_on);
	if (ret < 0)
		return ret;
	*ret_comparison = efimap_steal(result);
	return 0;
}
