/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RULES_MAP_SUMMARY_H
#define RULES_MAP_SUMMARY_H

#include "rules/facts_for_rules.h"
#include "rules/report.h"

/* Set report->map_summary. The entries of c->map must be sorted by address. */
void summarise_map(const struct facts_for_rules *c, struct report *report);
/* If a capture has no entries, set report->map_summary to the reason. */
void summarise_no_map(const struct efimap *map, struct report *report);

#endif
