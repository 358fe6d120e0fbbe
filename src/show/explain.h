/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Write the explanations of the rule catalogue and of other topics. */
#ifndef SHOW_EXPLAIN_H
#define SHOW_EXPLAIN_H

#include <stdbool.h>

#include "base/output_buffer.h"
#include "rules/outcome.h"
#include "rules/rule_catalogue.h"

/**
 * efimap_explain_list() - Write all rules with their severities, wrapped at @width (0: not
 * wrapped)
 */
int efimap_explain_list(bool color, unsigned int width, struct efimap_out *out);
/** efimap_explain_json() - Write an efimap-rules document, of all rules if @chosen is NULL */
int efimap_explain_json(const bool *chosen, struct efimap_out *out);
/**
 * efimap_explain_rule() - Write everything about a rule, wrapped at @width but at most 90 (0: 80)
 */
int efimap_explain_rule(const struct efimap_rule *rule, bool color, unsigned int width,
			struct efimap_out *out);

/** efimap_explain_topic() - Do the same for an outcome, or a cause of received */
int efimap_explain_topic(const struct efimap_topic *topic, bool color, unsigned int width,
			 struct efimap_out *out);

/** struct explain_section - a text of a rule; @key is that of <efimap/rule.h> */
struct explain_section {
	const char *key;
	const char *heading;
	enum rule_text text;
};
/** explain_sections - all texts of a rule; the last has no key */
extern const struct explain_section explain_sections[];

extern const struct document document_rules;

#endif
