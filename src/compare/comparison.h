/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The result of comparing FIRST (of the first kernel) with SECOND (of the second kernel). */
#ifndef COMPARE_COMPARISON_H
#define COMPARE_COMPARISON_H

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "compare/received.h"
#include "rules/report.h"

/*
 * The relation of SECOND to FIRST. With the last three values, the captures are unrelated, and
 * their runtime maps are not compared.
 *
 * @EFIMAP_RELATION_UNKNOWN:       SECOND does not show whether kexec started it; handled like
 *                                 @EFIMAP_RELATION_KEXEC
 * @EFIMAP_RELATION_KEXEC:         kexec started SECOND
 * @EFIMAP_RELATION_SELF:          both captures are of the same boot. Without boot IDs, this is
 *                                 assumed if nothing distinguishes the captures.
 * @EFIMAP_RELATION_OTHER_BOOT:    the firmware started SECOND, EFI tables have other addresses in
 *                                 SECOND, or SECOND has a runtime map that FIRST lacks, so FIRST
 *                                 passed nothing to SECOND
 * @EFIMAP_RELATION_SWAPPED:       the firmware started SECOND, and kexec started FIRST, so the
 *                                 captures are probably in the wrong order
 * @EFIMAP_RELATION_OTHER_MACHINE: SECOND is of another machine
 */
enum relation {
	EFIMAP_RELATION_UNKNOWN,
	EFIMAP_RELATION_KEXEC,
	EFIMAP_RELATION_SELF,
	EFIMAP_RELATION_OTHER_BOOT,
	EFIMAP_RELATION_SWAPPED,
	EFIMAP_RELATION_OTHER_MACHINE,
};

const char *relation_name(unsigned int relation);

/*
 * The result for an entry.
 *
 * @EFIMAP_MARK_EXPECTED: a difference that a kernel makes, or that an incomplete log does not rule
 *                        out; a note explains the difference
 * @EFIMAP_MARK_DRIFT:    a difference that no kernel makes
 * @EFIMAP_MARK_LOST:     unexpectedly, only FIRST has the entry
 * @EFIMAP_MARK_EXTRA:    unexpectedly, only SECOND has the entry
 */
enum mark {
	EFIMAP_MARK_SAME,
	EFIMAP_MARK_EXPECTED,
	EFIMAP_MARK_DRIFT,
	EFIMAP_MARK_LOST,
	EFIMAP_MARK_EXTRA,
};

#define EFIMAP_NO_ENTRY SIZE_MAX

struct entry_match {
	size_t first;
	size_t second;
	enum mark mark;
};

/*
 * The result of "efimapctl compare".
 *
 * @report:    findings; their entries are in FIRST, or in SECOND for drift-extra
 * @loaded_by: the kexec system call that loaded SECOND; EFIMAP_LOADED_BY_NONE if kexec did not
 *             start SECOND from FIRST
 * @received:  what "efimapctl received" says about SECOND if kexec started, or may have started,
 *             SECOND from FIRST; otherwise NULL
 * @verdict:   SAME, DIFFERS, DRIFT, NOT_RECEIVED or NOT_COMPARABLE; DENIED or UNREADABLE if a map
 *             could not be read
 * @matches:   rows sorted by physical address; owned. An entry that was split or merged is in
 *             several rows.
 */
struct comparison {
	struct report *report;
	enum verdict verdict;
	enum relation relation;
	enum find_loaded_by loaded_by;
	struct received *received;
	struct entry_match *matches;
	size_t n_matches;
};

void comparison_free(struct comparison *comparison);
EFIMAP_FREES(comparison)
#define auto_comparison auto_cleanup(comparison_free_auto)

#endif
