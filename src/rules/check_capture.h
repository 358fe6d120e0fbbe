/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Running the rules of verify over one capture. */
#ifndef RULES_CHECK_CAPTURE_H
#define RULES_CHECK_CAPTURE_H

#include "capture/capture.h"
#include "rules/load_case.h"
#include "rules/report.h"
#include "rules/verify_options.h"

/*
 * check_capture() - run the rules for a capture and each load, and seal the report
 * @loads: @n_loads loads; borrowed
 *
 * The run time is O(n log n) in entries, ranges and lines, for each load.
 *
 * Return: 0, -ENOMEM, -EOVERFLOW or -E2BIG.
 */
int check_capture(const struct efimap *map, const struct efimap_verify_options *options,
		  const struct efimap_load_case *loads, size_t n_loads,
		  struct efimap_report *report);

#endif
