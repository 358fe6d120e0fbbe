/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compare two captures. */
#ifndef COMPARE_COMPARE_H
#define COMPARE_COMPARE_H

#include "capture/capture.h"
#include "compare/comparison.h"

/**
 * efimap_compare() - Compare two captures
 * @first:          capture of the first kernel
 * @second:         capture of the second kernel
 * @fail_on:        findings of at least this severity count as drift
 * @ret_comparison: set to the result, which the caller frees with efimap_comparison_free();
 *                  unchanged on failure
 *
 * Entries are matched by their physical ranges, regardless of their numbers and of how they are
 * split or merged. Differences that a kernel or a loader makes cause a note or no finding. The
 * explanations of the drift rules (efimapctl explain) list the exceptions.
 *
 * efimap_verdict_of_comparison() returns the verdict. The report contains a reason and no
 * findings if FIRST was booted without EFI, if the captures have no source in common, or if a
 * runtime map is malformed or unreadable. The run time is O(n log n) in the number of entries and
 * ranges of both captures.
 *
 * Return: 0, -ENOMEM, -EOVERFLOW or -E2BIG.
 */
int efimap_compare(const struct efimap *first, const struct efimap *second,
		   enum efimap_severity fail_on,
		   struct efimap_comparison **ret_comparison);

/**
 * efimap_compare_as() - Compare two captures whose relation is known
 * @relation: relation of SECOND to FIRST, which is not derived from the captures
 *
 * Apart from @relation, this is the same as efimap_compare().
 */
int efimap_compare_as(const struct efimap *first, const struct efimap *second,
		      enum efimap_relation relation, enum efimap_severity fail_on,
		      struct efimap_comparison **ret_comparison);

#endif
