/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One fault, one verdict: the command that has to must find it, under the rule of the
 * table, on the entry that has it. Knows no fault by name.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "check/compare.h"
#include "check/decode_check.h"
#include "check/handover_judge.h"
#include "check/predict.h"
#include "emulate/handover.h"
#include "faults.h"
#include "judge.h"

/* Machines that are rolled until one can have the fault. */
#define MAX_TRIES 60
/* Where the bytes for decode lie: faults_handed.c has a pointer back to it. */
#define VICTIM_BASE 0x100000

static const struct fault *const tables[] = { faults_map,  faults_virt,	 faults_tables,
					      faults_boot, faults_drift, faults_handed };

const struct fault *fault_get(size_t number)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (size_t row = 0; tables[i][row].name; row++)
			if (number-- == 0)
				return &tables[i][row];
	return NULL;
}

size_t fault_count(void)
{
	size_t count = 1; /* at least */

	while (fault_get(count))
		count++;
	return count;
}

static bool has_entry(const struct efimap_finding *finding, uint32_t index)
{
	if (index == EFIMAP_NO_INDEX)
		return true;
	for (size_t i = 0; i < finding->n_entries; i++)
		if (finding->entries[i] == index)
			return true;
	return false;
}

static bool is_found(const struct efimap_report *report, const struct fault *fault,
		     uint32_t index)
{
	for (size_t i = 0; i < report->n_findings; i++) {
		const struct efimap_finding *finding = &report->findings[i];

		if (finding->severity < fault->least)
			continue;
		if (finding->rule->id == fault->rule && has_entry(finding, index))
			return true;
		if (finding->rule->id == fault->other && fault->other != fault->rule)
			return true;
	}
	return false;
}

static struct efimap_report *judge_by_compare(const struct victim *victim)
{
	struct efimap_comparison *comparison = NULL;
	struct efimap_report *report;

	victim_must(efimap_compare(victim->first, victim->map, EFIMAP_ERROR, &comparison));
	report = comparison->report;
	comparison->report = NULL;
	efimap_comparison_free(comparison);
	return report;
}

static struct efimap_report *judge_by_handover(const struct victim *victim)
{
	struct efimap_receipt *receipt = NULL;
	struct efimap_report *report;

	victim_must(efimap_handover_judge(victim->map, &receipt));
	report = receipt->report;
	receipt->report = NULL;
	efimap_receipt_free(receipt);
	return report;
}

static struct efimap_report *judge_by_prediction(const struct victim *victim)
{
	struct efimap_prediction prediction;
	struct efimap_report *report;

	victim_must(efimap_predict(victim->map, &prediction));
	report = prediction.report;
	prediction.report = NULL;
	efimap_prediction_free(&prediction);
	return report;
}

static struct efimap_report *judge_by_decode(const struct victim *victim)
{
	const struct efimap_decode_options options = { .as = EFIMAP_BLOB_SETUP_DATA,
						       .base = VICTIM_BASE };
	struct efimap_err err = { 0 };
	struct efimap_decoded decoded;
	struct efimap_report *report = NULL;

	victim_must(efimap_decode(victim->bytes, victim->n_bytes, "made", &options, &decoded,
				  &err));
	victim_must(efimap_decode_check(&decoded, &report));
	efimap_decoded_free(&decoded);
	return report;
}

static struct efimap_report *judge(const struct victim *victim, enum court court)
{
	struct efimap_report *report = NULL;

	switch (court) {
	case COURT_VERIFY:
		victim_must(efimap_verify(victim->map, &victim->options, &report));
		return report;
	case COURT_COMPARE:
		return judge_by_compare(victim);
	case COURT_HANDOVER:
		return judge_by_handover(victim);
	case COURT_PREDICT:
		return judge_by_prediction(victim);
	case COURT_DECODE:
		return judge_by_decode(victim);
	case COURT_PAGETABLE:
		return judge_page_table(victim->map, victim->dump);
	}
	return NULL;
}

/* What the courts need besides the capture; false where they have nothing to judge. */
static bool prepare(struct victim *victim, enum court court)
{
	struct efimap_handover handover;

	if (court == COURT_PAGETABLE)
		return page_table_of(victim->map, victim->dump);
	if (court == COURT_PREDICT)
		return victim_is_in_window(victim);
	if (court != COURT_DECODE)
		return true;
	victim_must(efimap_handover_make(victim->map, NULL, &handover));
	memcpy(victim->bytes, handover.node, sizeof(handover.node));
	victim->n_bytes = sizeof(handover.node);
	efimap_handover_free(&handover);
	return true;
}

static void say_miss(const struct victim *victim, const struct fault *fault,
		     const struct efimap_report *report, FILE *out)
{
	fprintf(out, "missed: %s; %s should say so", fault->name,
		efimap_rule_get(fault->rule)->name);
	if (victim->index != EFIMAP_NO_INDEX)
		fprintf(out, " of entry %" PRIu32, victim->index);
	fprintf(out, "; instead:\n");
	if (report)
		print_findings(report, EFIMAP_NOTE, out);
	if (victim->first)
		print_capture(victim->first, out);
	print_capture(victim->map, out);
}

/* Return: 1 found, 0 missed, -1 not applicable here */
static int try(struct victim *victim, const struct fault *fault, FILE *out)
{
	struct efimap_report *report;
	int found;

	if (may_warn(victim->kernel, fault->rule) || !prepare(victim, fault->court))
		return -1;
	victim->index = EFIMAP_NO_INDEX;
	if (!fault->apply(victim))
		return -1;
	victim_must(efimap_seal(victim->map));
	report = judge(victim, fault->court);
	found = report && is_found(report, fault, victim->index);
	if (!found && out)
		say_miss(victim, fault, report, out);
	efimap_report_free(report);
	return found;
}

static int try_story(struct story *story, const struct fault *fault, struct dice *dice,
		     FILE *out)
{
	const bool second = fault->court == COURT_COMPARE || fault->court == COURT_HANDOVER;
	efimap_cleanup(efimap_ptdump_free) struct efimap_ptdump dump = { 0 };
	efimap_auto_map struct efimap *first = NULL, *map = NULL;
	struct victim victim = { .dice = dice,
				 .options = EFIMAP_VERIFY_OPTIONS_INIT,
				 .dump = &dump };
	size_t at;

	story_tell(story, dice);
	if (second && story->count < 2)
		return -1;
	at = second ? 1 + dice_index(dice, story->count - 1) : dice_index(dice, story->count);
	victim.kernel = &story->kernels[at];
	victim.map = map = capture_make(victim.kernel, dice, true);
	if (fault->court == COURT_COMPARE)
		victim.first = first = capture_make(victim.kernel->before, dice, true);
	return try(&victim, fault, out);
}

bool judge_fault(struct story *story, uint64_t seed, uint64_t number, struct tally *tally,
		 FILE *out)
{
	struct dice dice = dice_for(~seed, number);
	const size_t row = (size_t)(number % fault_count());
	int found = -1;

	for (unsigned int tries = 0; found < 0 && tries < MAX_TRIES; tries++)
		found = try_story(story, fault_get(row), &dice, out);
	tally->faults += found >= 0;
	tally->applied[row] += found >= 0;
	tally->found[row] += found > 0;
	return found != 0;
}
