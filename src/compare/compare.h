/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef COMPARE_COMPARE_H
#define COMPARE_COMPARE_H

#include "capture/capture.h"
#include "compare/comparison.h"

/*
 * Compare two captures.
 *
 * Entries are matched by their physical ranges. Entry numbers, and splits and merges of entries,
 * are ignored. A difference that a kernel or a loader makes by design is a note or is not reported.
 *
 * The report contains a reason and no findings if a runtime map is malformed or unreadable. For
 * related captures, the same applies if FIRST was booted without EFI or nothing can be compared.
 *
 * Return the comparison. The caller frees it with comparison_free().
 */
struct comparison *compare_captures(const struct efimap *first, const struct efimap *second);

#endif
