/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Find the word of an answer. */
#include "answer/words.h"

/*
 * struct word_row - a word
 * @text: the word as it is printed
 * @name: the word in documents
 */
struct word_row {
	const char *text;
	const char *name;
	enum nagios nagios;
};

static const struct word_row words[EFIMAP_WORD_COUNT] = {
	[EFIMAP_WORD_NOT_CHECKED] = { "not checked", "not-checked", EFIMAP_NAGIOS_UNKNOWN },
	[EFIMAP_WORD_DO_NOT_USE] = { "do not use", "do-not-use", EFIMAP_NAGIOS_CRITICAL },
	[EFIMAP_WORD_REFUSED] = { "refused", "refused", EFIMAP_NAGIOS_CRITICAL },
	[EFIMAP_WORD_LOSES_EFI] = { "loses EFI", "loses-efi", EFIMAP_NAGIOS_CRITICAL },
	[EFIMAP_WORD_MAY_BE_REFUSED] = { "may be refused", "may-be-refused",
					 EFIMAP_NAGIOS_CRITICAL },
	[EFIMAP_WORD_UNKNOWN] = { "unknown", "unknown", EFIMAP_NAGIOS_UNKNOWN },
	[EFIMAP_WORD_DO_NOT_USE_YET] = { "do not use it yet", "do-not-use-yet",
					 EFIMAP_NAGIOS_UNKNOWN },
	[EFIMAP_WORD_TRY] = { "try", "try", EFIMAP_NAGIOS_UNKNOWN },
	[EFIMAP_WORD_MAY_LOSE_EFI] = { "may lose EFI", "may-lose-efi", EFIMAP_NAGIOS_UNKNOWN },
	[EFIMAP_WORD_BOOTS_BUT] = { "boots, but", "boots-but", EFIMAP_NAGIOS_WARNING },
	[EFIMAP_WORD_OK_IF] = { "ok, if", "ok-if", EFIMAP_NAGIOS_OK },
	[EFIMAP_WORD_NO_FAULT_FOUND] = { "no fault found", "no-fault-found", EFIMAP_NAGIOS_OK },
	[EFIMAP_WORD_OK_IF_IT_LOADS] = { "ok, if it loads", "ok-if-it-loads", EFIMAP_NAGIOS_OK },
	[EFIMAP_WORD_OK] = { "ok", "ok", EFIMAP_NAGIOS_OK },
	[EFIMAP_WORD_IN_CRASH_KERNEL] = { "in the crash kernel", "in-crash-kernel",
					  EFIMAP_NAGIOS_UNKNOWN },
	[EFIMAP_WORD_NOT_SET_UP] = { "not set up", "not-set-up", EFIMAP_NAGIOS_CRITICAL },
	[EFIMAP_WORD_NO_DUMP] = { "no dump", "no-dump", EFIMAP_NAGIOS_CRITICAL },
	[EFIMAP_WORD_MAY_LEAVE_NO_DUMP] = { "may leave no dump", "may-leave-no-dump",
					    EFIMAP_NAGIOS_CRITICAL },
	[EFIMAP_WORD_DUMP_WITHOUT_EFI] = { "dump without EFI", "dump-without-efi",
					   EFIMAP_NAGIOS_CRITICAL },
	[EFIMAP_WORD_DUMP_PERHAPS_WITHOUT_EFI] = { "dump, perhaps without EFI",
						   "dump-perhaps-without-efi",
						   EFIMAP_NAGIOS_UNKNOWN },
	[EFIMAP_WORD_DUMP_BUT] = { "dump, but", "dump-but", EFIMAP_NAGIOS_WARNING },
	[EFIMAP_WORD_LOADED] = { "loaded", "loaded", EFIMAP_NAGIOS_OK },
};

const char *word_text(unsigned int word)
{
	return word < EFIMAP_WORD_COUNT ? words[word].text : "unknown";
}

const char *word_joint(unsigned int word)
{
	switch (word) {
	case EFIMAP_WORD_OK_IF:
	case EFIMAP_WORD_BOOTS_BUT:
	case EFIMAP_WORD_DUMP_BUT:
		return " ";
	case EFIMAP_WORD_NO_FAULT_FOUND:
		return ", but ";
	default:
		return ": ";
	}
}

const char *word_name(unsigned int word)
{
	return word < EFIMAP_WORD_COUNT ? words[word].name : "unknown";
}

enum nagios word_nagios(enum word word)
{
	return words[word].nagios;
}

static bool is_lost_efi(enum outcome effect)
{
	return effect == EFIMAP_OUTCOME_NO_RUNTIME || effect == EFIMAP_OUTCOME_NO_EFI;
}

/* Return whether each bad effect of a set of unknown effects is that the load is refused. */
static bool only_refuses(uint32_t unknowns)
{
	const uint32_t bad = unknowns >> EFIMAP_OUTCOME_NO_RUNTIME << EFIMAP_OUTCOME_NO_RUNTIME;

	return bad == OUTCOME_BIT(EFIMAP_OUTCOME_CANNOT_LOAD);
}

/* Return the word of a good answer with conditions, or of which not everything was seen. */
static enum word good_word(const struct word_facts *facts)
{
	const bool is_kdump = facts->question == EFIMAP_QUESTION_KDUMP;

	if (facts->range.has_bad_condition)
		return EFIMAP_WORD_OK_IF;
	if (facts->lacks_boot || (is_kdump && facts->lacks_load))
		return EFIMAP_WORD_NO_FAULT_FOUND;
	return facts->lacks_load ? EFIMAP_WORD_OK_IF_IT_LOADS : EFIMAP_WORD_OK;
}

static enum word kexec_word(const struct word_facts *facts)
{
	const struct effects *range = &facts->range;

	if (facts->checked == EFIMAP_CHECKED_NO_EFI)
		return EFIMAP_WORD_NOT_CHECKED;
	if (range->known == EFIMAP_OUTCOME_NO_BOOT)
		return EFIMAP_WORD_DO_NOT_USE;
	if (range->known == EFIMAP_OUTCOME_CANNOT_LOAD)
		return range->certainty == EFIMAP_CERTAIN ? EFIMAP_WORD_REFUSED
							  : EFIMAP_WORD_MAY_BE_REFUSED;
	if (is_lost_efi(range->known))
		return EFIMAP_WORD_LOSES_EFI;
	if (facts->checked == EFIMAP_CHECKED_NOTHING)
		return EFIMAP_WORD_UNKNOWN;
	if (range->unknown == EFIMAP_OUTCOME_NO_BOOT)
		return facts->is_hazard_seen ? EFIMAP_WORD_DO_NOT_USE_YET : EFIMAP_WORD_UNKNOWN;
	if (only_refuses(range->unknowns))
		return EFIMAP_WORD_TRY;
	if (outcome_is_bad(range->unknown))
		return EFIMAP_WORD_MAY_LOSE_EFI;
	if (range->known != EFIMAP_OUTCOME_NONE)
		return EFIMAP_WORD_BOOTS_BUT;
	return good_word(facts);
}

/* Return whether a panic leaves no dump if a crash kernel has this effect. */
static bool is_lost_dump(enum outcome effect)
{
	return effect == EFIMAP_OUTCOME_NO_BOOT || effect == EFIMAP_OUTCOME_CANNOT_LOAD;
}

static enum word kdump_word(const struct word_facts *facts)
{
	const struct effects *range = &facts->range;

	switch (facts->state) {
	case EFIMAP_KDUMP_IN_CRASH_KERNEL:
		return EFIMAP_WORD_IN_CRASH_KERNEL;
	case EFIMAP_KDUMP_NOT_CONFIGURED:
		return EFIMAP_WORD_NOT_SET_UP;
	case EFIMAP_KDUMP_NOT_LOADED:
	case EFIMAP_KDUMP_NOT_RESERVED:
		return EFIMAP_WORD_NO_DUMP;
	case EFIMAP_KDUMP_UNKNOWN:
		return EFIMAP_WORD_UNKNOWN;
	case EFIMAP_KDUMP_LOADED:
		break;
	}
	if (is_lost_dump(range->known))
		return range->certainty == EFIMAP_CERTAIN ? EFIMAP_WORD_NO_DUMP
							  : EFIMAP_WORD_MAY_LEAVE_NO_DUMP;
	if (is_lost_efi(range->known))
		return EFIMAP_WORD_DUMP_WITHOUT_EFI;
	if (facts->checked == EFIMAP_CHECKED_NO_EFI)
		return EFIMAP_WORD_LOADED;
	if (facts->checked == EFIMAP_CHECKED_NOTHING || is_lost_dump(range->unknown))
		return EFIMAP_WORD_UNKNOWN;
	if (is_lost_efi(range->unknown))
		return EFIMAP_WORD_DUMP_PERHAPS_WITHOUT_EFI;
	if (range->known != EFIMAP_OUTCOME_NONE)
		return EFIMAP_WORD_DUMP_BUT;
	return good_word(facts);
}

enum word word_of(const struct word_facts *facts)
{
	return facts->question == EFIMAP_QUESTION_KEXEC ? kexec_word(facts) : kdump_word(facts);
}
