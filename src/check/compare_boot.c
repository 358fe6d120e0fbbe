/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How SECOND came to run, and whether it has a map at all. What is in the maps is for
 * the other files.
 */
#include <string.h>

#include "check/sides.h"
#include "emulate/handover.h"

static bool has_map(const struct efimap *map)
{
	return map->n_entries > 0;
}

/* What FIRST itself gives away about why nothing may have been passed on */
static void add_reason(struct compare *c)
{
	struct efimap_handover handover;

	if (!compare_is_handover(c) || efimap_handover_make(c->first, NULL, &handover))
		return;
	if (handover.reason != EFIMAP_HANDOVER_PASSES)
		check_evidence(&c->check, "FIRST", "kexec_load passes no EFI: %s",
			       efimap_handover_reason_text(handover.reason));
	efimap_handover_free(&handover);
}

/*
 * No kernel changes what the firmware is, so the two are of different machines. Linux
 * maps that of 32 bits onto itself, never into its own window.
 */
static bool is_other_firmware(const struct compare *c)
{
	if (efimap_has(c->first, EFIMAP_SRC_FW_PLATFORM_SIZE) &&
	    efimap_has(c->second, EFIMAP_SRC_FW_PLATFORM_SIZE))
		return c->first->platform_size != c->second->platform_size;
	return efimap_is_mixed_mode(c->second) &&
	       efimap_mapping(c->first) == EFIMAP_MAPPING_EFI_WINDOW;
}

/* Which SECOND owes to itself, or nobody owed it */
static const char *why_none(const struct compare *c)
{
	const char *reason = efimap_runtime_off_reason(c->second);

	if (has_map(c->first) && is_other_firmware(c))
		return NULL;
	if (reason)
		return reason;
	if (efimap_is_32bit_kernel(c->first))
		return "kexec passes EFI from a 32-bit kernel to none";
	return has_map(c->first) ? NULL : "FIRST has none either";
}

static void no_map(struct compare *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_DRIFT_NO_MAP;
	const bool without_efi = c->second->states[EFIMAP_SRC_EFI] != EFIMAP_STATE_PRESENT;
	const char *reason = why_none(c);

	if (has_map(c->second))
		return;
	c->tried += has_map(c->first);
	if (reason)
		check_find(&c->check, rule, check_grade(EFIMAP_NOTE, EFIMAP_CONSEQ_NONE),
			   "SECOND has no runtime map: %s", reason);
	else
		check_find(&c->check, rule, check_usual(rule),
			   without_efi ? "SECOND runs without EFI: nothing reached it" :
					 "SECOND has EFI but no runtime map");
	compare_sides(c, has_map(c->first) ? "a runtime map" : "none",
		      without_efi ? "no EFI" : "none");
	check_evidence(&c->check, efimap_source_path(EFIMAP_SRC_RUNTIME_MAP), "absent");
	if (is_other_firmware(c))
		check_evidence(&c->check, efimap_source_path(EFIMAP_SRC_FW_PLATFORM_SIZE),
			       "%s: is this the same machine?",
			       efimap_is_mixed_mode(c->second) ?
				       "32-bit firmware after 64-bit" :
				       "64-bit firmware after 32-bit");
	add_reason(c);
}

static void not_kexec(struct compare *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_DRIFT_NOT_KEXEC;
	const bool swapped = c->result->relation == EFIMAP_RELATION_SWAPPED;

	if (c->result->relation == EFIMAP_RELATION_UNKNOWN) {
		check_skip(&c->check, rule, "SECOND does not say who started it");
		return;
	}
	if (compare_is_same_power_cycle(c))
		return;
	if (swapped)
		check_find(&c->check, rule, check_grade(EFIMAP_ERROR, EFIMAP_CONSEQ_NONE),
			   "SECOND was started by the firmware and FIRST by kexec: are the "
			   "two swapped?");
	else
		check_find(&c->check, rule, check_usual(rule),
			   "SECOND was started by the firmware, not by kexec: nothing was "
			   "handed over, and virtual addresses were not compared");
	compare_sides(c, efimap_booted_by_name(efimap_booted_by(c->first)), "firmware");
}

void compare_boot(struct compare *c)
{
	no_map(c);
	not_kexec(c);
}

void compare_version(struct compare *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_DRIFT_VERSION;
	const char *first = c->first->release.text, *second = c->second->release.text;

	if (!compare_wants(c, rule) || !*first || !*second || strcmp(first, second) == 0)
		return;
	if (check_find(&c->check, rule, check_usual(rule), "another kernel: %s after %s",
		       second, first))
		compare_sides(c, first, second);
}
