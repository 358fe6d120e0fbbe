/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RULES_CHECK_CAPTURE_H
#define RULES_CHECK_CAPTURE_H

#include "capture/capture.h"
#include "rules/load_case.h"
#include "rules/report.h"
#include "rules/verify_options.h"

/*
 * Run the rules once for the capture and once for each load, and seal the report. Return 0, -ENOMEM
 * or -EOVERFLOW.
 */
int check_capture(const struct efimap *map, const struct efimap_verify_options *options,
		  const struct efimap_load_case *loads, size_t n_loads,
		  struct efimap_report *report);

#endif
