/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules named on the command line. */
#ifndef CLI_RULES_H
#define CLI_RULES_H

#include <argp.h>
#include <stdbool.h>

#include "model/rule.h"

/** rules_find() - the rule called @name; any other name is a usage error */
const struct efimap_rule *rules_find(struct argp_state *state, const char *name);

/** rules_mark() - set @marks for each rule of verify in "ID,ID,..."; or a usage error */
void rules_mark(struct argp_state *state, const char *list, bool marks[EFIMAP_RULE_COUNT]);

/** rules_severity() - the operand of --fail-on; any other word is a usage error */
enum efimap_severity rules_severity(const struct argp_state *state, const char *arg);

#endif
