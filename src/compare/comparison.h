/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: comparisons
 *
 * The result of comparing two captures, FIRST (of the first kernel) and SECOND (of the second
 * kernel): a report, and the entries side by side.
 */
#ifndef COMPARE_COMPARISON_H
#define COMPARE_COMPARISON_H

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "rules/report.h"

/**
 * enum efimap_relation - relation of SECOND to FIRST
 * @EFIMAP_RELATION_UNKNOWN:SECOND has no evidence of who started it; handled like
 *                          @EFIMAP_RELATION_KEXEC
 * @EFIMAP_RELATION_SELF:both are of the same boot, or have the same content
 * @EFIMAP_RELATION_OTHER_BOOT:SECOND was started by the firmware, or has a runtime map that FIRST
 *                             lacks. FIRST passed nothing, and nothing is compared.
 * @EFIMAP_RELATION_SWAPPED:the same, but FIRST was started by another kernel, so the two are
 *                          probably in the wrong order
 * @EFIMAP_RELATION_OTHER_MACHINE:SECOND is of another machine, and nothing is compared
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
 * enum efimap_mark - the result for an entry
 * @EFIMAP_MARK_EXPECTED:a difference that a kernel makes, which a note explains
 * @EFIMAP_MARK_DRIFT:  a difference that no kernel makes
 */
enum efimap_mark {
	EFIMAP_MARK_SAME,
	EFIMAP_MARK_EXPECTED,
	EFIMAP_MARK_DRIFT,
	EFIMAP_MARK_LOST,
	EFIMAP_MARK_EXTRA,
};

#define EFIMAP_NO_ENTRY SIZE_MAX

/** struct efimap_match - a row of the entries side by side */
struct efimap_match {
	size_t first;
	size_t second;
	enum efimap_mark mark;
};

/**
 * struct efimap_comparison - result of compare
 * @report:    findings, with the entries of FIRST; drift-extra has those of SECOND
 * @loaded_by: the kexec system call; EFIMAP_LOADED_BY_NONE if kexec was not used
 * @arrived:   SAME, NOT_RECEIVED, NOT_SHOWN or NOT_COMPARABLE, regardless of the findings
 * @matches:   sorted by physical address; an entry that was split or merged is in several rows;
 *             owned
 */
struct efimap_comparison {
	struct efimap_report *report;
	enum efimap_relation relation;
	enum efimap_loaded_by loaded_by;
	enum efimap_verdict arrived;
	struct efimap_match *matches;
	size_t n_matches;
};

/**
 * efimap_verdict_of_comparison() - Return the verdict; of several, the one that hides the others
 * wins
 */
enum efimap_verdict efimap_verdict_of_comparison(const struct efimap_comparison *comparison);

void efimap_comparison_free(struct efimap_comparison *comparison);
EFIMAP_FREES(comparison)
#define efimap_auto_comparison efimap_cleanup(efimap_comparison_free_auto)

#endif
