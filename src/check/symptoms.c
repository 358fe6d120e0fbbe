/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the kernel itself complained of. Which words mean what is all in
 * rules/symptoms.rules; here is what its rules have in common.
 */
#include "check/engine.h"

/* Once for a message, as often as it came */
static void say_complaint(struct say *say, const struct efimap_complaint *line)
{
	if (line->count > 1)
		say_evidence(say, "the kernel log", "%s (%u times)", line->text, line->count);
	else
		say_evidence(say, "the kernel log", "%s", line->text);
}

bool rule_said(const struct check *c, const struct subject *on, struct say *say)
{
	bool is_said = false;

	for (size_t i = 0; i < c->map->n_complaints; i++) {
		const struct efimap_complaint *line = &c->map->complaints[i];

		if (line->rule == EFIMAP_RULE_COUNT ||
		    &rule_bindings[line->rule] != say->rule)
			continue;
		if (!is_said)
			say_text(say, SAY_MESSAGE, line->text);
		say_complaint(say, line);
		is_said = true;
	}
	return is_said;
}
