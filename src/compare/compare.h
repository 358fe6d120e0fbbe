/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Comparing two captures. */
#ifndef COMPARE_COMPARE_H
#define COMPARE_COMPARE_H

#include "capture/capture.h"
#include "compare/comparison.h"

/**
 * efimap_compare() - compare two captures
 * @first:          of the kernel that handed over
 * @second:         of the kernel that received
 * @fail_on:        findings of this severity and above are drift
 * @ret_comparison: free with efimap_comparison_free(); untouched on failure
 *
 * Entries are matched by their physical ranges, whatever their numbers, and however they
 * are split or merged. What a kernel or a loader changes is a note or nothing
 * (efimapctl explain drift-...: exceptions).
 *
 * What it comes to is efimap_verdict_of_comparison(). Where FIRST was booted without EFI, or the
 * two have nothing in common that could be compared, where a runtime map may not be read or is
 * malformed, there is a reason and no findings. Time is O(n log n) in entries and ranges of both.
 *
 * Return: 0, -ENOMEM, -EOVERFLOW or -E2BIG.
 */
int efimap_compare(const struct efimap *first, const struct efimap *second,
		   enum efimap_severity fail_on,
		   struct efimap_comparison **ret_comparison);

/**
 * efimap_compare_as() - compare two captures whose relation is known
 * @relation: what SECOND is to FIRST, whatever the captures say
 *
 * As efimap_compare() in all else.
 */
int efimap_compare_as(const struct efimap *first, const struct efimap *second,
		      enum efimap_relation relation, enum efimap_severity fail_on,
		      struct efimap_comparison **ret_comparison);

#endif
