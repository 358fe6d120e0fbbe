/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Predict the outcome of one load: collect its findings, and compute the range of its effects. */
#include <string.h>

#include "answer/answer.h"
#include "base/text_scan.h"
#include "rules/engine.h"
#include "rules/rule_bindings.h"

/*
 * Set the memory that a load may use, and the placement of its segments. A load whose segments were
 * read from a log is not changed.
 */
static void place_load(const struct machine *machine, struct load_case *load)
{
	const struct load_memory *memory;

	if (load->is_from_log)
		return;
	memory = &machine->memory[load->loader];
	load->has_crash = load->question == EFIMAP_QUESTION_KDUMP &&
			  (memory->crash_reason == EFIMAP_PLACED || memory->crash.last > 0);
	load->crash = memory->crash;
	if (load->plan.reserved.last > 0) {
		load->has_crash = true;
		load->crash = load->plan.reserved;
	}
	load->ram = memory->ram;
	load->n_ram = memory->n_ram;
	if (load->plan.image)
		place_segments(machine->map, memory, &load->plan, &load->placement);
	else
		load->placement = (struct placement){
			.reason = memory->reason != EFIMAP_PLACED ? memory->reason
								  : EFIMAP_UNPLACED_NO_SIZE,
		};
}

/*
 * Find out whether the loader may load the kernel of a placed load. Set @load->is_refused, and drop
 * the segments of a refused unified kernel image. @own receives the findings.
 */
static void admit_load(struct machine *machine, struct load_case *load, struct report *own)
{
	const struct finding *refusal;

	run_rules(&machine->rules.run, load, ASKED_FIRST, own);
	refusal = find_refusal(own);
	load->is_refused = refusal != NULL;
	/*
	 * A refused load may use up the last permitted load, because the kernel counts each
	 * permitted call, even if the call fails later (kexec_load_permitted).
	 */
	load->falls_back &= !refusal || refusal->fallback == EFIMAP_FALLBACK_UNCOUNTED ||
			    (refusal->fallback &&
			     (load->is_loaded || machine_load_limit(machine, load->question) != 1));
	if (refusal && refusal->rule->id == EFIMAP_RULE_LOAD_UNIFIED)
		load->placement.count = 0;
}

bool answer_has_finding(const struct answer *answer, const struct finding *finding)
{
	return !answer->load.is_refused && is_load_concerned(&answer->load, finding->concerns);
}

const struct finding *answer_find_reason(const struct answer *answer, enum rule_id rule)
{
	for (size_t i = 0; i < answer->n_reasons; i++)
		if (answer->reasons[i].rule->id == rule)
			return &answer->reasons[i];
	return NULL;
}

bool finding_depends_on_segments(const struct finding *finding)
{
	switch (finding->rule->family) {
	case FAMILY_IOMEM:
	case FAMILY_KEXEC:
	case FAMILY_MEMMAP:
		return finding->certainty != EFIMAP_CERTAIN;
	default:
		return false;
	}
}

/*
 * Return whether the own findings of an answer may not apply, because they may be about files other
 * than those of the loaded crash kernel: the kernel could not be loaded, or the record of the load
 * is older than the last boot.
 */
static bool is_doubted(const struct machine *machine, const struct answer *answer)
{
	return answer->load.is_loaded &&
	       (answer->load.is_refused || machine->state->record.is_old == EFIMAP_KNOWN_YES);
}

/* Return the certainty of an own finding if other files may have been loaded. */
static enum certainty doubt(const struct answer *answer, const struct finding *finding)
{
	return !answer->load.is_loaded || finding->certainty == EFIMAP_CONDITION
		       ? finding->certainty
		       : EFIMAP_UNKNOWN;
}

/* Return whether @a is a better headline than @b, of reasons with unknown effects. */
static bool is_better_headline(const struct finding *a, const struct finding *b)
{
	/* A reason that no further data can change stands before one that asks for data. */
	const bool a_is_final = a->advice || a->is_untested;
	const bool b_is_final = b->advice || b->is_untested;
	/* If the parameters are unknown, the amount of memory that they request is unknown, too. */
	const bool a_is_setting = a->rule->id == EFIMAP_RULE_CRASH_SETTINGS;
	const bool b_is_setting = b->rule->id == EFIMAP_RULE_CRASH_SETTINGS;

	if (outcome_is_bad(a->outcome) != outcome_is_bad(b->outcome))
		return a->outcome > b->outcome;
	if (a_is_setting != b_is_setting)
		return a_is_setting;
	if (a_is_final != b_is_final)
		return a_is_final;
	return false;
}

/*
 * Return whether a finding precedes others of the same effect: an incomplete initrd, because other
 * loads, and a reboot through the firmware, fail with this initrd as well; and that no memory is
 * reserved, which is the state of kdump.
 */
static bool is_first(const struct finding *finding)
{
	return finding->rule->id == EFIMAP_RULE_INITRD_CUT ||
	       (finding->rule->id == EFIMAP_RULE_LOAD_ROOM &&
		finding->variant == VARIANT_NOT_RESERVED);
}

/*
 * Return whether a reason replaces the headline @than of reasons that are certain or a matter of
 * chance. Of reasons with equal effect and certainty, the one that comes first in a sorted report
 * is the headline.
 */
static bool is_worse(const struct finding *reason, const struct finding *than)
{
	if (reason->outcome != than->outcome)
		return reason->outcome > than->outcome;
	if (reason->certainty != than->certainty)
		return reason->certainty < than->certainty;
	if (is_first(reason) != is_first(than))
		return is_first(reason);
	return finding_compare(reason, than) < 0;
}

/* Return whether an answer has the same reason, from another rule run. */
static bool has_reason(const struct answer *answer, const struct finding *finding)
{
	for (size_t i = 0; i < answer->n_reasons; i++)
		if (answer->reasons[i].rule == finding->rule &&
		    answer->reasons[i].certainty == finding->certainty &&
		    strcmp(finding_why(&answer->reasons[i]), finding_why(finding)) == 0)
			return true;
	return false;
}

static void take_reason(struct answer *answer, struct finding reason)
{
	struct finding *at = &answer->reasons[answer->n_reasons];

	/* A crash kernel that was loaded before a firmware call faulted has received EFI data. */
	if (answer->load.is_loaded && reason.certainty == EFIMAP_CERTAIN &&
	    reason.rule->id == EFIMAP_RULE_RUNTIME_SERVICES_DISABLED)
		reason.certainty = EFIMAP_CHANCE;
	if (reason.outcome == EFIMAP_OUTCOME_NONE || has_reason(answer, &reason))
		return;
	*at = reason;
	answer->n_reasons++;
	if (reason.certainty == EFIMAP_UNKNOWN &&
	    (!answer->unknown || is_better_headline(at, answer->unknown)))
		answer->unknown = at;
	if (reason.certainty <= EFIMAP_CHANCE && (!answer->known || is_worse(at, answer->known)))
		answer->known = at;
	effects_add(&answer->range, reason.outcome, reason.certainty,
		    reason.rule->family != FAMILY_UNREAD);
}

/* Add the findings with an effect to the answer, and compute its range. */
static void take_findings(const struct machine *machine, struct answer *answer)
{
	const struct report *shared = machine->report, *own = answer->own;

	answer->range = (struct effects){ 0 };
	answer->known = answer->unknown = NULL;
	answer->n_reasons = 0;
	answer->reasons = arena_alloc(&answer->own->arena, (shared->n_findings + own->n_findings) *
								   sizeof(*answer->reasons));
	for (size_t i = 0; i < own->n_findings; i++)
		take_reason(answer, own->findings[i]);
	for (size_t i = 0; i < shared->n_findings; i++)
		if (answer_has_finding(answer, &shared->findings[i]))
			take_reason(answer, shared->findings[i]);
}

/* Move the headline to the front of the reasons. */
static void move_headline(struct answer *answer)
{
	const struct finding *headline = answer_headline(answer);
	const struct finding **others[] = { &answer->known, &answer->unknown };
	struct finding first;

	if (!headline)
		return;
	first = *headline;
	memmove(answer->reasons + 1, answer->reasons,
		(size_t)(headline - answer->reasons) * sizeof(first));
	answer->reasons[0] = first;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (*others[i] == headline)
			*others[i] = answer->reasons;
		else if (*others[i] && *others[i] < headline)
			++*others[i];
}

enum word answer_word(const struct machine *machine, const struct answer *answer,
		      enum kdump_state state)
{
	return word_of(&(struct word_facts){
		.question = answer->load.question,
		.state = state,
		.range = answer->range,
		.lacks_efi = machine->lacks_efi,
		.is_judged = answer->is_judged,
		.is_complete = !capture_is_offline(machine->map) && answer->n_lacking == 0,
	});
}

struct answer answer_load(struct machine *machine, const struct load_case *load)
{
	struct rule_run *run = &machine->rules.run;
	struct answer answer = {
		.load = *load, .own = report_new(), .state = machine->kdump.state, .is_judged = true
	};

	place_load(machine, &answer.load);
	admit_load(machine, &answer.load, answer.own);
	if (!answer.load.is_refused)
		run_rules(run, &answer.load, ASKED_LOADS, answer.own);
	take_findings(machine, &answer);
	/* Findings about files that were perhaps not loaded matter only if they are bad. */
	if (effects_known(answer.range) > EFIMAP_OUTCOME_NONE && is_doubted(machine, &answer)) {
		for (size_t i = 0; i < answer.own->n_findings; i++)
			answer.own->findings[i].certainty =
				doubt(&answer, &answer.own->findings[i]);
		take_findings(machine, &answer);
	}
	move_headline(&answer);
	answer.n_lacking = find_lacking(machine->map, load->question, &answer.load, NULL,
					&answer.own->arena, &answer.lacking);
	return answer;
}

void answer_free(struct answer *answer)
{
	report_free(answer->own);
	answer->own = NULL;
}
