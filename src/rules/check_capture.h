/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RULES_CHECK_CAPTURE_H
#define RULES_CHECK_CAPTURE_H

#include "capture/capture.h"
#include "rules/engine.h"
#include "rules/received_setup_data.h"
#include "rules/report.h"
#include "rules/verify_options.h"

struct capture_rules {
	struct setup setup;
	struct rule_plan plan;
	struct rule_run run;
};

/* Return whether a finding is about the runtime map, and not about a load. */
bool finding_is_about_map(const struct finding *finding);

/*
 * Run the rules that do not depend on a load, and note unread data.
 *
 * @ret_rules: input of run_rules() for a load; borrows from @map and @options, and must not be
 *             moved. Call close_rules(&ret_rules->run) when done.
 */
void check_capture(const struct efimap *map, const struct verify_options *options,
		   struct report *report, struct capture_rules *ret_rules);

/* If a capture has no entries, set report->map_summary to the reason. */
void summarise_no_map(const struct efimap *map, struct report *report);

#endif
