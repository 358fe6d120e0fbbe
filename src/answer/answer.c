/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Predict the outcome of one load. */
#include <errno.h>
#include <string.h>

#include "answer/answer.h"
#include "answer/checks.h"
#include "answer/evidence.h"
#include "base/text_scan.h"

void place_load(const struct machine *machine, struct efimap_load_case *load)
{
	const struct efimap_load_memory *memory;

	if (load->is_from_log)
		return;
	memory = &machine->memory[load->loader];
	load->has_crash = load->question == EFIMAP_QUESTION_KDUMP &&
			  memory->crash_reason == EFIMAP_PLACED;
	load->crash = memory->crash;
	if (load->load.reserved.last > 0) {
		load->has_crash = true;
		load->crash = load->load.reserved;
	}
	load->ram = memory->ram;
	load->n_ram = memory->n_ram;
	if (load->image)
		efimap_place(machine->map, memory, &load->load, &load->placement);
	else
		load->placement = (struct efimap_placement){
			.reason = memory->reason != EFIMAP_PLACED ? memory->reason :
								    EFIMAP_UNPLACED_NO_SIZE,
		};
	load->refusal = find_refusal(machine, load);
	if (load->refusal == EFIMAP_REFUSED_UNIFIED)
		load->placement.count = 0;
}

bool answer_has_finding(const struct answer *answer, const struct efimap_finding *finding)
{
	return answer->load.refusal == EFIMAP_NOT_REFUSED &&
	       is_load_concerned(&answer->load, finding->concerns);
}

/*
 * Return whether a finding replaces the finding of an answer. Of findings with equal consequence
 * and certainty, the answer keeps the one that comes first in a sorted report.
 */
static bool is_worse(const struct efimap_finding *finding, const struct answer *than)
{
	if (finding->consequence != than->outcome)
		return finding->consequence > than->outcome;
	if (finding->certainty != than->certainty)
		return finding->certainty < than->certainty;
	return than->finding && efimap_finding_compare(finding, than->finding) < 0;
}

bool finding_depends_on_segments(const struct efimap_finding *finding)
{
	switch (finding->rule->family) {
	case FAMILY_IOMEM:
	case FAMILY_KEXEC:
	case FAMILY_MEMMAP:
		return finding->certainty != EFIMAP_WILL;
	default:
		return false;
	}
}

static void take_finding(struct answer *answer, const struct efimap_finding *finding)
{
	if (answer->load.is_unnamed && finding->certainty == EFIMAP_MAY &&
	    finding_depends_on_segments(finding))
		return;
	if (finding->consequence <= EFIMAP_OUTCOME_NONE || !is_worse(finding, answer))
		return;
	answer->outcome = finding->consequence;
	answer->certainty = finding->certainty;
	/* A crash kernel that was loaded before a firmware call faulted has received EFI data. */
	if (answer->load.is_loaded && finding->rule->id == EFIMAP_RULE_RUNTIME_SERVICES_DISABLED)
		answer->certainty = EFIMAP_MAY;
	answer->finding = finding;
}

void add_once(const char **texts, size_t *count, const char *text)
{
	for (size_t i = 0; i < *count; i++)
		if (strcmp(texts[i], text) == 0)
			return;
	texts[(*count)++] = text;
}

static void add_unseen(struct answer *answer, const char *text)
{
	if (answer->n_unseen < MAX_UNSEEN)
		add_once(answer->unseen, &answer->n_unseen, text);
}

/*
 * Add the reasons why rules with the severity error were skipped to @answer->unseen, because these
 * rules might have matched.
 */
static void take_skipped(struct answer *answer, const struct efimap_report *report)
{
	for (size_t i = 0; i < report->n_skipped; i++)
		if (report->skipped[i].rule->severity == EFIMAP_ERROR)
			add_unseen(answer, report->skipped[i].why);
}

/* Add a clause to the condition, such as "if A, and if B". The advice is about the first clause. */
static int add_condition(const struct machine *machine, struct answer *answer,
			 const struct check_result *result)
{
	if (!result->text)
		return -ENOMEM;
	if (!answer->condition) {
		answer->condition = result->text;
		if (!answer->unknown)
			answer->remedy = result->advice;
		return 0;
	}
	answer->condition = efimap_arena_printf(&machine->report->arena, "%s, and %s",
						answer->condition, result->text);
	return answer->condition ? 0 : -ENOMEM;
}

static int take_checks(const struct machine *machine, struct answer *answer)
{
	for (const struct check *check = checks; check->name; check++) {
		const struct check_result result = check->look(machine, &answer->load);

		if (result.state == CHECK_CONDITION) {
			const int ret = add_condition(machine, answer, &result);

			if (ret)
				return ret;
		}
		if (result.state != CHECK_UNSEEN)
			continue;
		if (check->weight == CHECK_COMPLETES) {
			add_unseen(answer, result.text);
		} else if (!answer->unknown) {
			answer->unknown = result.text;
			answer->remedy = result.advice;
		}
	}
	return 0;
}

static int take_evidence(const struct machine *machine, struct answer *answer)
{
	for (size_t i = 0; i < n_evidence; i++) {
		const char *text;
		const enum evidence_state state =
			look_for_evidence(machine, &answer->load, i, &text);

		if (state == EVIDENCE_SEEN)
			continue;
		if (!text)
			return -ENOMEM;
		if (state == EVIDENCE_MISSING)
			add_unseen(answer, text);
		else if (!answer->unknown)
			answer->unknown = text;
	}
	return 0;
}

/*
 * Return whether the finding that determines the outcome may be about other files than those of the
 * loaded crash kernel: the record of the load is older than the last boot, or a file is newer than
 * the record. The parameters in a record remain valid if a file changes.
 */
static bool is_about_other_files(const struct machine *machine, const struct answer *answer)
{
	const struct efimap_report *own = answer->own;
	const struct efimap_kexec_state *state = machine->state;
	const struct efimap_finding *finding = answer->finding;

	if (!answer->load.is_loaded || !own->n_findings || finding < own->findings ||
	    finding >= own->findings + own->n_findings)
		return false;
	/* If the record is old, look_at_kernel() says so in @answer->unknown. */
	return (state->is_record_old && answer->unknown) ||
	       (answer->load.kernel->is_loaded && state->newer_file &&
		finding->rule->id != EFIMAP_RULE_CRASH_PARAMETERS);
}

/* Derive the answer from the worst result of the findings, the evidence and the checks. */
static int conclude_answer(const struct machine *machine, struct answer *answer)
{
	const struct efimap_report *shared = machine->report;
	bool is_other;
	int ret;

	answer->outcome = EFIMAP_OUTCOME_NONE;
	answer->certainty = EFIMAP_WILL;
	for (size_t i = 0; i < shared->n_findings; i++)
		if (answer_has_finding(answer, &shared->findings[i]))
			take_finding(answer, &shared->findings[i]);
	for (size_t i = 0; i < answer->own->n_findings; i++)
		take_finding(answer, &answer->own->findings[i]);
	ret = take_evidence(machine, answer);
	if (!ret)
		ret = take_checks(machine, answer);
	if (ret)
		return ret;
	take_skipped(answer, shared);
	take_skipped(answer, answer->own);
	is_other = is_about_other_files(machine, answer);
	if (is_other && !answer->unknown) {
		const char *file =
			efimap_text_mark(&machine->report->arena, machine->state->newer_file);

		if (!file)
			return -ENOMEM;
		answer->remedy = &ask_about_present_files;
		answer->unknown = efimap_arena_printf(
			&machine->report->arena,
			"%s was changed after the crash kernel had been loaded", file);
		if (!answer->unknown)
			return -ENOMEM;
	}
	if (answer->unknown && (is_other || answer->outcome < EFIMAP_OUTCOME_UNKNOWN)) {
		answer->outcome = EFIMAP_OUTCOME_UNKNOWN;
		answer->certainty = EFIMAP_CANNOT_TELL;
		answer->finding = NULL;
	} else {
		answer->unknown = NULL;
	}
	if (answer->outcome == EFIMAP_OUTCOME_NONE && answer->condition)
		answer->certainty = EFIMAP_MAY;
	return 0;
}

int answer_load(struct machine *machine, const struct efimap_load_case *load,
		struct answer *ret_answer)
{
	struct answer answer = { .load = *load };
	int ret = efimap_report_new(&answer.own);

	if (ret)
		return ret;
	place_load(machine, &answer.load);
	ret = run_rules(&machine->rules.run, &answer.load, answer.own);
	if (!ret)
		ret = find_untried(&machine->rules, machine->report, answer.own, &answer.unknown);
	answer.is_untried = answer.unknown != NULL;
	if (!ret)
		ret = conclude_answer(machine, &answer);
	if (ret) {
		answer_free(&answer);
		return ret;
	}
	*ret_answer = answer;
	return 0;
}

void answer_free(struct answer *answer)
{
	efimap_report_free(answer->own);
	answer->own = NULL;
}

bool answer_is_better(const struct answer *a, const struct answer *b)
{
	return a->outcome < b->outcome ||
	       (a->outcome == b->outcome && a->outcome > EFIMAP_OUTCOME_NONE &&
		a->certainty > b->certainty);
}
