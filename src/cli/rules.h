/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules named on the command line. */
#ifndef CLI_RULES_H
#define CLI_RULES_H

#include <argp.h>
#include <stdbool.h>

#include "model/rule.h"

/**
 * rules_find() - the rule called @name
 *
 * Any other name is a usage error, which guesses what was meant; with @topics also an outcome
 * or a cause.
 */
const struct efimap_rule *rules_find(struct argp_state *state, const char *name, bool topics);

/** rules_mark() - set @marks for each rule of verify in "ID,ID,..."; or a usage error */
void rules_mark(struct argp_state *state, const char *list, bool marks[EFIMAP_RULE_COUNT]);

/** rules_severity() - the operand of --fail-on; any other word is a usage error */
enum efimap_severity rules_severity(const struct argp_state *state, const char *arg);

#endif
