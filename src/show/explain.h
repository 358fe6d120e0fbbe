/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing what the catalogue of rules, and the topics beside it, explain. */
#ifndef SHOW_EXPLAIN_H
#define SHOW_EXPLAIN_H

#include <stdbool.h>

#include "base/output_buffer.h"
#include "rules/outcome.h"
#include "rules/rule_catalogue.h"

/** efimap_explain_list() - every rule with its severity, wrapped at @width (0: not) */
int efimap_explain_list(bool color, unsigned int width, struct efimap_out *out);
/** efimap_explain_json() - an efimap-rules document; of all rules where @chosen is NULL */
int efimap_explain_json(const bool *chosen, struct efimap_out *out);
/** efimap_explain_rule() - everything about one rule, wrapped at @width, or 90 (0: 80) */
int efimap_explain_rule(const struct efimap_rule *rule, bool color, unsigned int width,
			struct efimap_out *out);

/** efimap_explain_topic() - an outcome, or a cause of received, likewise */
int efimap_explain_topic(const struct efimap_topic *topic, bool color, unsigned int width,
			 struct efimap_out *out);

/** struct explain_section - a text of a rule; @key: as <efimap/rule.h> has it */
struct explain_section {
	const char *key;
	const char *heading;
	enum rule_text text;
};
/** explain_sections - all that are said of each rule; the last has no key */
extern const struct explain_section explain_sections[];

extern const struct document document_rules;

#endif
