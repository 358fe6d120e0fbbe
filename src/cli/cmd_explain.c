/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * efimapctl explain: show the rule catalogue to people and programs. The texts are from
 * src/rules.
 */
#include <string.h>
#include <unistd.h>

#include "cli/command_list.h"
#include "cli/messages_and_status.h"
#include "cli/option_parser.h"
#include "cli/output_file.h"
#include "rules/rule_catalogue.h"
#include "show/explain.h"

/* Number of topics in a command; about twenty exist. */
#define MAX_TOPICS 64

/*
 * struct explain - @chosen: by rule number, the rules to explain; if none is set, all are listed
 */
struct explain {
	struct common common;
	bool chosen[EFIMAP_RULE_COUNT];
	bool has_chosen;
	const struct efimap_topic *topics[MAX_TOPICS];
	size_t n_topics;
};

static const struct command_option options[] = {
	OPTION_JSON(", of all rules or of those that are named"),
	{ 0 },
};

/* Choose by the name of a rule, of a family for all of its rules, or of an outcome or cause. */
static void choose(struct explain *explain, const struct argp_state *state, const char *name)
{
	const struct efimap_topic *topic = efimap_topic_find(name);
	bool is_family = false;

	if (topic && !efimap_rule_find(name)) {
		if (explain->n_topics == MAX_TOPICS)
			usage_error(state, "too many names: '%s'", name);
		explain->topics[explain->n_topics++] = topic;
		return;
	}
	for (size_t i = 0; i < EFIMAP_RULE_COUNT; i++)
		if (strcmp(efimap_rule_family_name((enum efimap_rule_id)i), name) == 0)
			explain->chosen[i] = is_family = true;
	if (!is_family)
		explain->chosen[rules_find(state, name, true)->id] = true;
	explain->has_chosen = true;
}

static void check(void *args, const struct argp_state *state)
{
	struct explain *explain = args;

	for (size_t i = 0; i < explain->common.n_operands; i++)
		choose(explain, state, explain->common.operands[i]);
}

static void explain_chosen(const struct explain *explain, struct efimap_out *out)
{
	const char *separator = "";

	for (size_t i = 0; i < EFIMAP_RULE_COUNT; i++) {
		if (!explain->chosen[i])
			continue;
		efimap_out_puts(out, separator);
		separator = "\n";
		efimap_explain_rule(efimap_rule_get((enum efimap_rule_id)i),
				    common_color(&explain->common), common_width(), out);
	}
	for (size_t i = 0; i < explain->n_topics; i++) {
		efimap_out_puts(out, separator);
		separator = "\n";
		efimap_explain_topic(explain->topics[i], common_color(&explain->common),
				     common_width(), out);
	}
}

static enum status explain_run(void *args)
{
	const struct explain *explain = args;
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_FD(STDOUT_FILENO);

	if (explain->common.json && explain->n_topics) {
		put_message("explain: '%s' is no rule, and the document has rules only",
			    explain->topics[0]->name);
		return STATUS_USAGE;
	}
	if (explain->common.json)
		efimap_explain_json(explain->has_chosen ? explain->chosen : NULL, &out);
	else if (explain->has_chosen || explain->n_topics)
		explain_chosen(explain, &out);
	else
		efimap_explain_list(common_color(&explain->common), common_line_width(), &out);
	return output_end(&out);
}

const struct command cmd_explain = {
	.name = "explain",
	.summary = "list the rules, or explain some",
	.options = options,
	.operands = OPERANDS_WORDS,
	.args_doc = "[RULE|FAMILY...]",
	.doc = "List every rule with its severity, or tell everything about some: what they test, "
	       "why it matters, what breaks in the next kernel, the exceptions, what to do and "
	       "the source. FAMILY is all rules of one family, such as virt. RULE may also "
	       "be an outcome, such as boots-without-efi, or a cause that received names.",
	.size = sizeof(struct explain),
	.check = check,
	.run = explain_run,
};
