/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules and severities named on the command line: by explain, by verify's --only and
 * --skip, and by --fail-on.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/cli.h"
#include "cli/rules.h"
#include "model/outcome.h"

static _Noreturn void usage(struct argp_state *state, const char *name, bool topics)
{
	struct closest closest = { .word = name };
	char hint[80];

	if (!*name)
		usage_error(state, "the name of a rule is empty");
	for (size_t i = 0; i < EFIMAP_RULE_COUNT; i++)
		closest_try(&closest, efimap_rules[i].name);
	for (const struct efimap_topic *topic = efimap_topics; topics && topic->name; topic++)
		closest_try(&closest, topic->name);
	usage_error(state, "unknown rule '%s'%s (efimapctl explain lists them)", name,
		   closest_hint(&closest, hint, sizeof(hint)));
}

const struct efimap_rule *rules_find(struct argp_state *state, const char *name, bool topics)
{
	const struct efimap_rule *rule = efimap_rule_find(name);

	if (!rule)
		usage(state, name, topics);
	return rule;
}

void rules_mark(struct argp_state *state, const char *list, bool marks[EFIMAP_RULE_COUNT])
{
	efimap_auto_free char *copy = strdup(list);
	char *rest = copy, *name;

	if (!copy)
		argp_failure(state, STATUS_UNREADABLE, ENOMEM, "rules");
	while ((name = strsep(&rest, ","))) {
		const struct efimap_rule *rule = rules_find(state, name, false);

		if (strcmp(efimap_rule_command(rule->id), "verify") != 0)
			usage_error(state, "'%s' is a rule of efimapctl %s, not of verify",
				    name, efimap_rule_command(rule->id));
		marks[rule->id] = true;
	}
}

enum efimap_severity rules_severity(const struct argp_state *state, const char *arg)
{
	static const char *const words[] = { "error", "warning", "note" };
	static const enum efimap_severity severities[] = { EFIMAP_ERROR, EFIMAP_WARNING,
							   EFIMAP_NOTE };

	return severities[common_choice(state, "fail-on", arg, words, 3)];
}
