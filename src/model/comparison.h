/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: comparisons
 *
 * What compare says of two captures, FIRST (the kernel that handed over) and SECOND (the
 * one that received): a report, and the entries side by side.
 */
#ifndef MODEL_COMPARISON_H
#define MODEL_COMPARISON_H

#include <stddef.h>
#include <stdint.h>

#include "model/report.h"
#include "model/traits.h"

/**
 * enum efimap_relation - what SECOND is to FIRST
 * @EFIMAP_RELATION_UNKNOWN:    SECOND does not say who started it; judged as @KEXEC
 * @EFIMAP_RELATION_KEXEC:      it was started by another kernel
 * @EFIMAP_RELATION_SELF:       it is FIRST: the same boot, or the same facts throughout
 * @EFIMAP_RELATION_OTHER_BOOT: it was started by the firmware: nothing was handed over,
 *                              virtual addresses are not compared
 * @EFIMAP_RELATION_SWAPPED:    likewise, while FIRST was started by another kernel: the
 *                              two seem to be the wrong way round
 */
enum efimap_relation {
	EFIMAP_RELATION_UNKNOWN,
	EFIMAP_RELATION_KEXEC,
	EFIMAP_RELATION_SELF,
	EFIMAP_RELATION_OTHER_BOOT,
	EFIMAP_RELATION_SWAPPED,
};

/** efimap_relation_name() - "unknown", "kexec", "self", "other-boot", "swapped" */
const char *efimap_relation_name(enum efimap_relation relation);

/**
 * enum efimap_mark - what became of an entry
 * @EFIMAP_MARK_SAME:     the same in both
 * @EFIMAP_MARK_EXPECTED: a difference that a kernel makes: a note says which
 * @EFIMAP_MARK_DRIFT:    a difference that no kernel makes
 * @EFIMAP_MARK_LOST:     only in FIRST
 * @EFIMAP_MARK_EXTRA:    only in SECOND
 */
enum efimap_mark {
	EFIMAP_MARK_SAME,
	EFIMAP_MARK_EXPECTED,
	EFIMAP_MARK_DRIFT,
	EFIMAP_MARK_LOST,
	EFIMAP_MARK_EXTRA,
};

/** EFIMAP_NO_ENTRY - no entry on this side */
#define EFIMAP_NO_ENTRY SIZE_MAX

/**
 * struct efimap_match - entries side by side
 * @first:  position in FIRST's entries, or EFIMAP_NO_ENTRY
 * @second: position in SECOND's entries, or EFIMAP_NO_ENTRY
 * @mark:   what became of it
 */
struct efimap_match {
	size_t first;
	size_t second;
	enum efimap_mark mark;
};

/**
 * struct efimap_comparison - what compare says
 * @report:    findings; entries are FIRST's, of drift-extra SECOND's. EFIMAP_VERDICT_PASS
 *             means the same promise, EFIMAP_VERDICT_FAIL drift
 * @relation:  what SECOND is to FIRST
 * @loaded_by: who handed over; EFIMAP_LOADED_BY_NONE when nobody did
 * @matches:   ascending by physical address; an entry that was split or merged stands in
 *             several; owned
 * @n_matches: how many; 0 when the maps were not compared
 */
struct efimap_comparison {
	struct efimap_report *report;
	enum efimap_relation relation;
	enum efimap_loaded_by loaded_by;
	struct efimap_match *matches;
	size_t n_matches;
};

/** efimap_comparison_verdict() - "same", "drift", else the report's verdict by name */
const char *efimap_comparison_verdict(const struct efimap_comparison *comparison);

/** efimap_comparison_free() - NULL is fine */
void efimap_comparison_free(struct efimap_comparison *comparison);

static inline void efimap_comparison_free_auto(struct efimap_comparison **comparison)
{
	efimap_comparison_free(*comparison);
}
#define efimap_auto_comparison __attribute__((cleanup(efimap_comparison_free_auto)))

#endif
