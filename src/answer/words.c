/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Collect and compare the effects that answers permit, and find the word of an answer. */
#include "answer/words.h"
#include "base/enum_name.h"

void effects_add(struct effects *range, enum outcome effect, enum certainty certainty, bool is_seen)
{
	uint32_t *const sets[] = {
		[EFIMAP_CERTAIN] = &range->certain,
		[EFIMAP_CHANCE] = &range->chances,
		[EFIMAP_CONDITION] = &range->conditions,
		[EFIMAP_UNKNOWN] = &range->unknowns,
	};

	if (effect == EFIMAP_OUTCOME_NONE)
		return;
	*sets[certainty] |= OUTCOME_BIT(effect);
	range->is_hazard_seen |=
		is_seen && certainty == EFIMAP_UNKNOWN && effect == EFIMAP_OUTCOME_NO_BOOT;
}

/* Return U as far as it affects an answer: an unknown effect that is at most a warning does not. */
static enum outcome bad_unknown(struct effects range)
{
	const enum outcome worst = effects_unknown(range);

	return outcome_is_bad(worst) ? worst : EFIMAP_OUTCOME_NONE;
}

bool effects_is_better(struct effects a, struct effects b)
{
	const enum outcome known_a = effects_known(a), known_b = effects_known(b);

	if (known_a != known_b)
		return known_a < known_b;
	if (effects_are_certain(a) != effects_are_certain(b))
		return !effects_are_certain(a);
	return bad_unknown(a) < bad_unknown(b);
}

/*
 * struct word_row - a word
 * @text: the word as it is printed
 */
struct word_row {
	const char *text;
	enum word_severity severity;
};

static const struct word_row words[EFIMAP_WORD_COUNT] = {
	[EFIMAP_WORD_DO_NOT_USE] = { "do not use", EFIMAP_WORD_IS_ERROR },
	[EFIMAP_WORD_LOSES_EFI] = { "loses EFI", EFIMAP_WORD_IS_ERROR },
	[EFIMAP_WORD_REFUSED] = { "refused", EFIMAP_WORD_IS_ERROR },
	[EFIMAP_WORD_NO_DUMP] = { "no dump", EFIMAP_WORD_IS_ERROR },
	[EFIMAP_WORD_NOT_SET_UP] = { "not set up", EFIMAP_WORD_IS_ERROR },
	[EFIMAP_WORD_DO_NOT_USE_IT_YET] = { "do not use it yet", EFIMAP_WORD_IS_UNKNOWN },
	[EFIMAP_WORD_UNKNOWN] = { "unknown", EFIMAP_WORD_IS_UNKNOWN },
	[EFIMAP_WORD_IN_THE_CRASH_KERNEL] = { "in the crash kernel", EFIMAP_WORD_IS_UNKNOWN },
	[EFIMAP_WORD_NOT_CHECKED] = { "not checked", EFIMAP_WORD_IS_UNKNOWN },
	[EFIMAP_WORD_WARNING] = { "warning", EFIMAP_WORD_IS_WARNING },
	[EFIMAP_WORD_NO_FAULT_FOUND] = { "no fault found", EFIMAP_WORD_IS_OK },
	[EFIMAP_WORD_OK_IF] = { "ok, if", EFIMAP_WORD_IS_OK },
	[EFIMAP_WORD_OK] = { "ok", EFIMAP_WORD_IS_OK },
};

static const char *const word_names[EFIMAP_WORD_COUNT] = { EFIMAP_WORD_NAMES };
EFIMAP_NAME_OF(word)

const char *word_text(unsigned int word)
{
	return words[word].text;
}

enum word_severity word_severity(enum word word)
{
	return words[word].severity;
}

static const char *const word_severity_names[] = {
	[EFIMAP_WORD_IS_OK] = "ok",
	[EFIMAP_WORD_IS_WARNING] = "warning",
	[EFIMAP_WORD_IS_ERROR] = "error",
	[EFIMAP_WORD_IS_UNKNOWN] = "unknown",
};
EFIMAP_NAME_OF(word_severity)

#define AT_RISK OUTCOME_BIT(EFIMAP_OUTCOME_MEMORY_AT_RISK)
#define LOST_EFI (OUTCOME_BIT(EFIMAP_OUTCOME_NO_RUNTIME) | OUTCOME_BIT(EFIMAP_OUTCOME_NO_EFI))
#define REFUSAL OUTCOME_BIT(EFIMAP_OUTCOME_CANNOT_LOAD)
#define NO_BOOT OUTCOME_BIT(EFIMAP_OUTCOME_NO_BOOT)

/* Return the word of an answer without faults. @bad are the effects that matter. */
static enum word good_word(const struct word_facts *facts, uint32_t bad)
{
	if (!facts->is_complete)
		return EFIMAP_WORD_NO_FAULT_FOUND;
	return (facts->range.conditions & bad) ? EFIMAP_WORD_OK_IF : EFIMAP_WORD_OK;
}

static enum word kexec_word(const struct word_facts *facts)
{
	const struct effects *range = &facts->range;
	const uint32_t known = range->certain | range->chances, bad = LOST_EFI | REFUSAL | NO_BOOT;

	if (facts->state == EFIMAP_KDUMP_IN_CRASH_KERNEL)
		return EFIMAP_WORD_IN_THE_CRASH_KERNEL;
	if (facts->lacks_efi)
		return EFIMAP_WORD_NOT_CHECKED;
	/* A kernel that is certainly refused is never started; one that may be refused, perhaps. */
	if (range->certain & REFUSAL)
		return EFIMAP_WORD_REFUSED;
	if (known & NO_BOOT)
		return EFIMAP_WORD_DO_NOT_USE;
	if (known & LOST_EFI)
		return EFIMAP_WORD_LOSES_EFI;
	if (known & REFUSAL)
		return EFIMAP_WORD_REFUSED;
	if (range->is_hazard_seen)
		return EFIMAP_WORD_DO_NOT_USE_IT_YET;
	if (!facts->is_judged || range->unknowns & bad)
		return EFIMAP_WORD_UNKNOWN;
	if (known & AT_RISK)
		return EFIMAP_WORD_WARNING;
	return good_word(facts, bad);
}

static enum word kdump_word(const struct word_facts *facts)
{
	const struct effects *range = &facts->range;
	const uint32_t known = range->certain | range->chances, bad = REFUSAL | NO_BOOT;

	switch (facts->state) {
	case EFIMAP_KDUMP_IN_CRASH_KERNEL:
		return EFIMAP_WORD_IN_THE_CRASH_KERNEL;
	case EFIMAP_KDUMP_NOT_CONFIGURED:
		return EFIMAP_WORD_NOT_SET_UP;
	case EFIMAP_KDUMP_NOT_LOADED:
	case EFIMAP_KDUMP_NOT_RESERVED:
		return EFIMAP_WORD_NO_DUMP;
	case EFIMAP_KDUMP_UNKNOWN:
	case EFIMAP_KDUMP_LOADED:
		break;
	}
	if (known & bad)
		return EFIMAP_WORD_NO_DUMP;
	if (facts->state == EFIMAP_KDUMP_UNKNOWN || range->unknowns & bad)
		return EFIMAP_WORD_UNKNOWN;
	if (known & (AT_RISK | LOST_EFI))
		return EFIMAP_WORD_WARNING;
	return good_word(facts, bad);
}

enum word word_of(const struct word_facts *facts)
{
	return facts->question == EFIMAP_QUESTION_KEXEC ? kexec_word(facts) : kdump_word(facts);
}
