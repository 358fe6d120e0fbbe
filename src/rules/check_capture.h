/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RULES_CHECK_CAPTURE_H
#define RULES_CHECK_CAPTURE_H

#include "capture/capture.h"
#include "rules/engine.h"
#include "rules/received_setup_data.h"
#include "rules/report.h"
#include "rules/verify_options.h"

/* Return whether a rule is about the loader, the next kernel or its files, not about the map. */
bool is_about_load(const struct rule *rule);

struct capture_rules {
	struct setup setup;
	struct rule_plan plan;
	struct rule_run run;
};

/*
 * Run the rules that do not depend on a load, and note unread data.
 *
 * @ret_rules: input of run_rules() for a load; borrows from @map and @options, and must not be
 *             moved. Call close_rules(&ret_rules->run) when done.
 */
void check_capture(const struct efimap *map, const struct verify_options *options,
		   struct report *report, struct capture_rules *ret_rules);

/*
 * Return why no rule could be run, or NULL if a rule was run, or if @shared already states which
 * data was not read.
 *
 * @shared: report of the rules that do not depend on a load; its arena owns the text
 * @own:    report of the rules that depend on a load, or NULL
 */
const char *find_untried(const struct capture_rules *rules, struct report *shared,
			 const struct report *own);

#endif
