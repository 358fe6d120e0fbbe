/* SPDX-License-Identifier: GPL-2.0-or-later */
/* efimapctl explain */
#include <fnmatch.h>
#include <string.h>
#include <unistd.h>

#include "cli/command_list.h"
#include "cli/exit_status.h"
#include "cli/messages.h"
#include "cli/option_parser.h"
#include "cli/output_file.h"
#include "rules/rule_catalogue.h"
#include "show/explain.h"

/* Maximum number of topics on a command line. About twenty topics exist. */
#define MAX_TOPICS 64

/*
 * struct explain - the rules and topics to explain
 * @chosen: for each rule, whether it is explained; if no rule or topic is chosen, all are listed
 */
struct explain {
	struct common common;
	bool chosen[EFIMAP_RULE_COUNT];
	bool has_chosen;
	const struct efimap_topic *topics[MAX_TOPICS];
	size_t n_topics;
};

static const struct command_option options[] = {
	OPTION_JSON(" with all rules, or with those that match NAME"),
	{ 0 },
};

static void choose_topic(struct explain *explain, const struct argp_state *state,
			 const struct efimap_topic *topic)
{
	for (size_t i = 0; i < explain->n_topics; i++)
		if (explain->topics[i] == topic)
			return;
	if (explain->n_topics == MAX_TOPICS)
		usage_error(state, "too many names: '%s'", topic->name);
	explain->topics[explain->n_topics++] = topic;
}

static void choose_rule(struct explain *explain, const struct efimap_rule *rule)
{
	explain->chosen[rule->id] = true;
	explain->has_chosen = true;
}

/* Choose the rule or topic @name, or all rules of the family @name. Return whether @name exists. */
static bool choose_exact(struct explain *explain, const struct argp_state *state, const char *name)
{
	const struct efimap_topic *topic = efimap_topic_find(name);
	const struct efimap_rule *rule = efimap_rule_find(name);
	bool is_family = false;

	if (rule)
		choose_rule(explain, rule);
	else if (topic)
		choose_topic(explain, state, topic);
	if (rule || topic)
		return true;
	for (size_t i = 0; i < EFIMAP_RULE_COUNT; i++) {
		if (strcmp(efimap_rule_family_name((enum efimap_rule_id)i), name) != 0)
			continue;
		choose_rule(explain, efimap_rule_get((enum efimap_rule_id)i));
		is_family = true;
	}
	return is_family;
}

static bool matches(const char *pattern, const char *name)
{
	if (strpbrk(pattern, "*?["))
		return fnmatch(pattern, name, 0) == 0;
	return strncmp(name, pattern, strlen(pattern)) == 0;
}

/*
 * Choose the rules and topics whose names match @pattern, which is a glob or a prefix. With --json,
 * choose only rules. Return whether any name matches.
 */
static bool choose_pattern(struct explain *explain, const struct argp_state *state,
			   const char *pattern)
{
	bool is_any = false;

	for (size_t i = 0; i < EFIMAP_RULE_COUNT; i++) {
		const struct efimap_rule *rule = efimap_rule_get((enum efimap_rule_id)i);

		if (!matches(pattern, rule->name))
			continue;
		choose_rule(explain, rule);
		is_any = true;
	}
	for (const struct efimap_topic *topic = efimap_topics; topic->name; topic++) {
		if (explain->common.json || !matches(pattern, topic->name))
			continue;
		choose_topic(explain, state, topic);
		is_any = true;
	}
	return is_any;
}

static void add_name(struct efimap_out *list, const char *name)
{
	efimap_out_printf(list, "%s%s", list->used ? ", " : "", name);
}

static bool has_word_in_text(const struct efimap_rule *rule, const char *word)
{
	for (const struct explain_section *section = explain_sections; section->heading; section++)
		if (strcasestr(efimap_rule_explains(rule, section->text), word))
			return true;
	return false;
}

static void list_containing(const char *word, bool in_texts, struct efimap_out *list)
{
	for (size_t i = 0; i < EFIMAP_RULE_COUNT; i++) {
		const struct efimap_rule *rule = efimap_rule_get((enum efimap_rule_id)i);

		if (in_texts ? has_word_in_text(rule, word) : !!strcasestr(rule->name, word))
			add_name(list, rule->name);
	}
	for (const struct efimap_topic *topic = efimap_topics; topic->name; topic++)
		if (in_texts ? strcasestr(topic->means, word) || strcasestr(topic->fix, word) :
			       !!strcasestr(topic->name, word))
			add_name(list, topic->name);
}

static void refuse_name(const struct argp_state *state, const char *name)
{
	efimap_auto_out struct efimap_out list = EFIMAP_OUT_MEM;

	common_name(state, "a rule", name);
	list_containing(name, false, &list);
	if (list.used)
		usage_error(state, "nothing matches '%s'; names that contain this "
				   "text: %.*s", name,
			    (int)list.used, list.data);
	list_containing(name, true, &list);
	if (list.used)
		usage_error(state, "nothing matches '%s'; names whose descriptions "
				   "contain this text: %.*s", name,
			    (int)list.used, list.data);
	refuse_rule(state, name, true);
}

static void choose(struct explain *explain, const struct argp_state *state, const char *name)
{
	if (choose_exact(explain, state, name))
		return;
	if (!*name || !choose_pattern(explain, state, name))
		refuse_name(state, name);
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
		put_message("explain: '%s' is not a rule, and the JSON document contains "
			    "only rules",
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
	.summary = "list or explain rules, outcomes and causes",
	.options = options,
	.operands = OPERANDS_WORDS,
	.args_doc = "[NAME...]",
	.doc = "List all rules, outcomes and causes, or explain those that match NAME. "
	       "The explanation of a rule describes what the rule tests, why this "
	       "matters, what breaks in the next kernel, the exceptions, and what to "
	       "do, and cites the UEFI specification or Linux. NAME is a rule, a "
	       "family of rules such as virt, an outcome such as boots-without-efi, or "
	       "a cause in the report of 'efimapctl received'. NAME can also be the beginning "
	       "of one or more names, or a glob such as '*-in-ram'.",
	.size = sizeof(struct explain),
	.check = check,
	.run = explain_run,
};
