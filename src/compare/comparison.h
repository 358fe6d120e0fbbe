/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: comparisons
 *
 * What compare says of two captures, FIRST (the kernel that handed over) and SECOND (the
 * one that received): a report, and the entries side by side.
 */
#ifndef COMPARE_COMPARISON_H
#define COMPARE_COMPARISON_H

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "rules/report.h"

/**
 * enum efimap_relation - what SECOND is to FIRST
 * @EFIMAP_RELATION_UNKNOWN:    SECOND does not say who started it; judged as @KEXEC
 * @EFIMAP_RELATION_SELF:       it is FIRST: the same boot, or the same facts throughout
 * @EFIMAP_RELATION_OTHER_BOOT: it was started by the firmware, or has a runtime map that
 *                              FIRST has not: nothing was handed over, and nothing is compared
 * @EFIMAP_RELATION_SWAPPED:    likewise, while FIRST was started by another kernel: the
 *                              two seem to be the wrong way round
 * @EFIMAP_RELATION_OTHER_MACHINE: it is of another machine: nothing is compared
 */
enum efimap_relation {
	EFIMAP_RELATION_UNKNOWN,
	EFIMAP_RELATION_KEXEC,
	EFIMAP_RELATION_SELF,
	EFIMAP_RELATION_OTHER_BOOT,
	EFIMAP_RELATION_SWAPPED,
	EFIMAP_RELATION_OTHER_MACHINE,
};

const char *efimap_relation_name(unsigned int relation);

/**
 * enum efimap_mark - what became of an entry
 * @EFIMAP_MARK_EXPECTED: a difference that a kernel makes: a note says which
 * @EFIMAP_MARK_DRIFT:    a difference that no kernel makes
 */
enum efimap_mark {
	EFIMAP_MARK_SAME,
	EFIMAP_MARK_EXPECTED,
	EFIMAP_MARK_DRIFT,
	EFIMAP_MARK_LOST,
	EFIMAP_MARK_EXTRA,
};

#define EFIMAP_NO_ENTRY SIZE_MAX

/** struct efimap_match - entries side by side */
struct efimap_match {
	size_t first;
	size_t second;
	enum efimap_mark mark;
};

/**
 * struct efimap_comparison - what compare says
 * @report:    findings; entries are FIRST's, of drift-extra SECOND's
 * @loaded_by: who handed over; EFIMAP_LOADED_BY_NONE when nobody did
 * @arrived:   SAME, NOT_RECEIVED, NOT_SHOWN or NOT_COMPARABLE, whatever the findings say
 * @matches:   ascending by physical address; an entry that was split or merged stands in
 *             several; owned
 */
struct efimap_comparison {
	struct efimap_report *report;
	enum efimap_relation relation;
	enum efimap_loaded_by loaded_by;
	enum efimap_verdict arrived;
	struct efimap_match *matches;
	size_t n_matches;
};

/** efimap_verdict_of_comparison() - what it comes to: whatever hides more is worse */
enum efimap_verdict efimap_verdict_of_comparison(const struct efimap_comparison *comparison);

void efimap_comparison_free(struct efimap_comparison *comparison);
EFIMAP_FREES(comparison)
#define efimap_auto_comparison efimap_cleanup(efimap_comparison_free_auto)

#endif
