/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_EXPLAIN_H
#define SHOW_EXPLAIN_H

#include <stdbool.h>

#include "base/output_buffer.h"
#include "rules/error_texts.h"
#include "show/text_style.h"
#include "rules/outcome.h"
#include "rules/rule_catalogue.h"

/**
 * explain_list() - list all rules with their severities, all topics, and all messages
 * @width: number of columns at which lines are wrapped; 0 for no wrapping
 */
void explain_list(bool color, unsigned int width, struct out *out);

/**
 * struct explained - the contents of an efimap-rules document
 * @chosen: for each rule, whether it is included; NULL for all rules
 */
struct explained {
	const bool *chosen;
	const struct known_message *messages;
	size_t n_messages;
};

/** explain_messages() - write what messages mean, and under which conditions they are printed */
void explain_messages(const struct known_message *messages, size_t count,
		      const struct text_options *options, struct out *out);
/**
 * explain_rule() - write what a rule means, what to do, and why
 * @verbose: also write the worst outcome, experiments, sources and requirements
 * @width: number of columns at which lines are wrapped, clamped to the range 30 to 90; 0 means 80
 */
void explain_rule(const struct rule *rule, bool verbose, bool color, unsigned int width,
		  struct out *out);

/** explain_topic() - explain a topic that is not a rule, such as an outcome */
void explain_topic(const struct topic *topic, bool color, unsigned int width, struct out *out);

/** explained_write_json() - write an efimap-rules document */
void explained_write_json(const struct explained *explained, struct out *out);

#endif
