/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Write the words of an answer from its range and its reasons. */
#include "answer/sentences.h"

/*
 * struct phrase - the words for an effect
 * @certain:  the headline if the effect is certain
 * @chance:   the headline if the effect is a matter of chance
 * @if_so:    the end of "If CONDITION, …"; the subject precedes it
 * @whether:  the end of "cannot tell whether …"
 */
struct phrase {
	const char *certain;
	const char *chance;
	const char *if_so;
	const char *whether;
};

static const struct phrase phrases[] = {
	[EFIMAP_OUTCOME_NONE] = { "ok", "ok", "boots with EFI", "it boots" },
	[EFIMAP_OUTCOME_ENTRY_DROPPED] = { "boots, but drops an entry of the runtime map",
					   "boots, but may drop an entry of the runtime map",
					   "drops an entry of the runtime map",
					   "it keeps the runtime map" },
	[EFIMAP_OUTCOME_MEMORY_AT_RISK] = { "boots, but firmware memory is overwritten",
					    "boots, but firmware memory may be overwritten",
					    "may overwrite firmware memory",
					    "it overwrites firmware memory" },
	[EFIMAP_OUTCOME_UNKNOWN] = { CANNOT_TELL, CANNOT_TELL, "", "" },
	[EFIMAP_OUTCOME_NO_RUNTIME] = { "EFI runtime services fail",
					"EFI runtime services may fail",
					"has no working EFI runtime services",
					"EFI runtime services work" },
	[EFIMAP_OUTCOME_NO_EFI] = { "boots without EFI", "may boot without EFI",
				    "boots without EFI", "it gets EFI" },
	[EFIMAP_OUTCOME_CANNOT_LOAD] = { "cannot be loaded", "may fail to load", "cannot be loaded",
					 "it can be loaded" },
	[EFIMAP_OUTCOME_NO_BOOT] = { "does not boot", "may fail to boot", "does not boot",
				     "it boots" },
};
/* The words for EFIMAP_OUTCOME_MEMORY_AT_RISK if runtime services do not need the memory at risk */
static const struct phrase of_tables = { "boots, but an EFI table is overwritten",
					 "boots, but an EFI table may be overwritten" };
/* The words if memory of the next kernel is at risk, and not that of the firmware */
static const struct phrase of_ram = { "boots, but with less memory",
				      "boots, but may have less memory" };

const char *text_of_reason(const struct reason *reason)
{
	return finding_answer(reason->finding);
}

static const char *word_known(const struct answer *answer)
{
	const struct phrase *phrase = &phrases[answer->range.known];

	if (answer->range.known == EFIMAP_OUTCOME_MEMORY_AT_RISK &&
	    answer->known->finding->rule->spares_runtime)
		phrase = &of_tables;
	if (answer->range.known == EFIMAP_OUTCOME_MEMORY_AT_RISK &&
	    answer->known->finding->rule->id == EFIMAP_RULE_MEMORY_NOT_PASSED)
		phrase = &of_ram;
	return answer->range.certainty == EFIMAP_CERTAIN ? phrase->certain : phrase->chance;
}

static const char *name_kernel(const struct answer *answer)
{
	return answer->load.question == EFIMAP_QUESTION_KDUMP ? "crash kernel" : "next kernel";
}

/*
 * Return "if A, and if B" for the conditions of an answer whose effects are worse than @above, or
 * "" if it has none. Set @ret_rule to the rule of the first condition.
 */
static const char *word_conditions(const struct answer *answer, enum outcome above,
				   struct arena *arena, const struct rule **ret_rule)
{
	const char *words = "";

	for (size_t i = 0; i < answer->n_reasons; i++) {
		if (answer->reasons[i].certainty != EFIMAP_CONDITION ||
		    answer->reasons[i].finding->consequence <= above)
			continue;
		if (!*ret_rule)
			*ret_rule = answer->reasons[i].finding->rule;
		words = arena_printf(arena, "%s, %s%s", words, *words ? "and " : "",
				     text_of_reason(&answer->reasons[i]));
	}
	return words;
}

/* Return whether only the condition of the headline decides between its effect and "ok". */
static bool is_otherwise_ok(const struct answer *answer)
{
	if (answer->range.known != EFIMAP_OUTCOME_NONE || !answer->unknown->finding->condition)
		return false;
	for (size_t i = 0; i < answer->n_reasons; i++)
		if (&answer->reasons[i] != answer->unknown)
			return false;
	return true;
}

/* Return ": WHAT. If CONDITION, EFFECT" for an answer that cannot tell. */
static const char *word_unknown(const struct answer *answer, struct arena *arena)
{
	const struct finding *finding = answer->unknown->finding;
	const char *effect = phrases[finding->consequence].if_so;

	if (!finding->condition && finding->consequence < answer->range.unknown)
		return arena_printf(arena,
				    "%s. The worst effect of this is that the %s %s. Missing "
				    "data, which -v lists, may hide a worse effect",
				    text_of_reason(answer->unknown), name_kernel(answer), effect);
	return arena_printf(arena, "%s. %s%s, the %s %s%s", text_of_reason(answer->unknown),
			    finding->condition ? "If " : "At worst",
			    finding->condition ? finding->condition : "", name_kernel(answer),
			    effect, is_otherwise_ok(answer) ? "; otherwise ok" : "");
}

struct wording word_answer(const struct answer *answer, bool is_short, struct arena *arena)
{
	const struct effects range = answer->range;
	const enum outcome outcome = effects_outcome(range);
	struct wording wording = { .verdict = phrases[outcome].certain, .middle = "", .after = "" };
	const struct rule *ignored = NULL;
	const char *after;

	if (outcome == EFIMAP_OUTCOME_UNKNOWN) {
		const char *known = range.known == EFIMAP_OUTCOME_NONE ? NULL : word_known(answer);

		wording.rule = answer->unknown->finding->rule;
		after = word_unknown(answer, arena);
		if (known)
			after = arena_printf(arena, "%s. Otherwise, it %s", after, known);
	} else if (outcome == EFIMAP_OUTCOME_NONE) {
		wording.middle = word_conditions(answer, EFIMAP_OUTCOME_NONE, arena, &wording.rule);
		if (!*wording.middle && !is_short)
			wording.middle =
				arena_printf(arena, ": no fault found, and the %s gets EFI",
					     name_kernel(answer));
		return wording;
	} else {
		wording.verdict = word_known(answer);
		wording.rule = answer->known->finding->rule;
		/* A condition whose effect is worse also applies to a bad answer. */
		wording.middle = word_conditions(answer, range.known, arena, &ignored);
		after = text_of_reason(answer->known);
		/* A certain refusal ends the answer, because nothing behind it happens. */
		if (outcome_is_bad(range.known) && range.unknown > range.known &&
		    !answer->load.is_refused)
			after = arena_printf(arena, "%s; and cannot tell whether %s: %s", after,
					     phrases[range.unknown].whether,
					     text_of_reason(answer->unknown));
	}
	wording.after = arena_printf(arena, ": %s", after);
	return wording;
}

const char *word_remedy(const struct answer *answer, struct arena *arena)
{
	const struct wording wording = word_answer(answer, true, arena);

	return arena_printf(arena, "%s%s%s", wording.verdict, wording.middle, wording.after);
}
