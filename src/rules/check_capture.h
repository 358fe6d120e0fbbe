/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Run the rules of verify on a capture. */
#ifndef RULES_CHECK_CAPTURE_H
#define RULES_CHECK_CAPTURE_H

#include "capture/capture.h"
#include "rules/load_case.h"
#include "rules/report.h"
#include "rules/verify_options.h"

/*
 * check_capture() - run the rules on a capture and for each load, and seal the report
 * @loads: @n_loads loads; borrowed
 *
 * The time is O(n log n) for each load, where n is the number of entries, ranges and lines.
 *
 * Return: 0, -ENOMEM, -EOVERFLOW or -E2BIG.
 */
int check_capture(const struct efimap *map, const struct efimap_verify_options *options,
		  const struct efimap_load_case *loads, size_t n_loads,
		  struct efimap_report *report);

#endif
