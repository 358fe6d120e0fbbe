/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Express the verdict and the reason of an answer in words. */
#include <string.h>

#include "answer/answer.h"
#include "answer/words.h"
#include "base/enum_name.h"

static const char *const kdump_state_names[] = {
	[EFIMAP_KDUMP_LOADED] = "loaded",
	[EFIMAP_KDUMP_NOT_LOADED] = "not-loaded",
	[EFIMAP_KDUMP_NOT_RESERVED] = "not-reserved",
	[EFIMAP_KDUMP_NOT_CONFIGURED] = "not-configured",
	[EFIMAP_KDUMP_IN_CRASH_KERNEL] = "in-crash-kernel",
	[EFIMAP_KDUMP_UNKNOWN] = "unknown",
};
EFIMAP_NAME_OF(kdump_state)

struct phrase {
	const char *will;
	const char *may;
};

static const struct phrase phrases[] = {
	[EFIMAP_OUTCOME_NONE] = { "will boot with EFI runtime services",
				  "will boot with EFI runtime services" },
	[EFIMAP_OUTCOME_ENTRY_DROPPED] = {
		"will boot with EFI runtime services, but will drop an entry of the runtime map",
		"will boot with EFI runtime services, but may drop an entry of the runtime map" },
	[EFIMAP_OUTCOME_MEMORY_AT_RISK] = {
		"will boot, but firmware memory will be overwritten",
		"will boot, but firmware memory may be overwritten" },
	[EFIMAP_OUTCOME_UNKNOWN] = { CANNOT_TELL, CANNOT_TELL },
	[EFIMAP_OUTCOME_NO_RUNTIME] = { "will boot, but EFI runtime services will fail",
					"will boot, but EFI runtime services may fail" },
	[EFIMAP_OUTCOME_NO_EFI] = { "will boot without EFI", "may boot without EFI" },
	[EFIMAP_OUTCOME_CANNOT_LOAD] = { "cannot be loaded", "may fail to load" },
	[EFIMAP_OUTCOME_NO_BOOT] = { "will not boot", "may not boot" },
};
/* The words for EFIMAP_OUTCOME_MEMORY_AT_RISK if runtime services do not need the memory at risk */
static const struct phrase of_tables = {
	"will boot with EFI runtime services, but an EFI table will be overwritten",
	"will boot with EFI runtime services, but an EFI table may be overwritten",
};

const char *word_verdict(const struct answer *answer)
{
	const struct phrase *phrase = &phrases[answer->outcome];

	if (answer->outcome == EFIMAP_OUTCOME_MEMORY_AT_RISK && answer->finding &&
	    answer->finding->rule->spares_runtime)
		phrase = &of_tables;
	return answer->certainty == EFIMAP_WILL ? phrase->will : phrase->may;
}

const char *word_reason(const struct answer *answer, struct efimap_arena *arena)
{
	const bool is_proviso =
		answer->n_unseen > 0 && answer->outcome < EFIMAP_OUTCOME_UNKNOWN;
	const char *proviso = is_proviso ? ", as far as the capture shows" : "";
	const char *reason = answer->unknown;

	if (answer->finding)
		reason = answer->finding->answer ? answer->finding->answer :
						   answer->finding->message;
	/* The proviso precedes the reason, because the proviso limits only the verdict. */
	if (reason)
		return efimap_arena_printf(arena, "%s: %s", proviso, reason);
	if (answer->condition)
		return efimap_arena_printf(arena, " %s%s", answer->condition, proviso);
	return proviso;
}
