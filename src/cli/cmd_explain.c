/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command "efimapctl explain" explains messages, rules, words and labels. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/closest_word.h"
#include "base/text_scan.h"
#include "cli/command_list.h"
#include "cli/error_output.h"
#include "cli/exit_status.h"
#include "cli/option_parser.h"
#include "cli/output_file.h"
#include "input/input_file.h"
#include "rules/error_texts.h"
#include "rules/outcome.h"
#include "rules/rule_catalogue.h"
#include "show/explain.h"

/* Maximum size in bytes of a text on standard input. */
#define MAX_TEXT ((size_t)1 << 20)

/*
 * struct explain - the rules and topics to explain
 * @chosen: for each rule, whether it is explained; without operands, all are listed
 * @is_text: the operands are not names, but a text that may contain known messages
 */
struct explain {
	struct common common;
	bool chosen[EFIMAP_RULE_COUNT];
	bool is_text;
	const struct topic *topics[EFIMAP_MAX_TOPICS];
	size_t n_topics;
};

static const struct command_option options[] = {
	OPTION_REDIRECT,
	OPTION_JSON(" with all rules, or with the rules and messages that match TEXT"),
	{ 0 },
};

/* Choose the rule or the topic with this name. Return whether there is one. */
static bool choose(struct explain *explain, const char *name)
{
	const struct rule *rule = rule_find(name);
	const struct topic *topic = rule ? NULL : topic_find(name);

	if (rule)
		explain->chosen[rule->id] = true;
	for (size_t i = 0; topic && i < explain->n_topics; i++)
		if (explain->topics[i] == topic)
			return true;
	if (topic)
		explain->topics[explain->n_topics++] = topic;
	return rule || topic;
}

static void join_operands(const struct common *common, struct out *text)
{
	for (size_t i = 0; i < common->n_operands; i++)
		out_printf(text, "%s%s", i ? " " : "", common->operands[i]);
}

/* If an operand does not name a rule or a topic, all operands are a text. */
static void check(void *args, const struct argp_state *state)
{
	struct explain *explain = args;
	auto_out struct out all = EFIMAP_OUT_MEM;

	join_operands(&explain->common, &all);
	/* "ok, if" is one word, although "ok" is a word, and "if" is a label. */
	if (explain->common.n_operands > 1 && choose(explain, out_text(&all)))
		return;
	for (size_t i = 0; i < explain->common.n_operands && !explain->is_text; i++) {
		if (!*explain->common.operands[i])
			usage_error(state, "TEXT is empty");
		explain->is_text = !choose(explain, explain->common.operands[i]);
	}
	if (!explain->is_text)
		return;
	explain->n_topics = 0;
	memset(explain->chosen, 0, sizeof(explain->chosen));
}

static enum status get_text(const struct common *common, struct out *text)
{
	uint8_t *data;
	size_t size;
	struct err err = EFIMAP_ERR_INIT;
	int ret;

	if (common->n_operands != 1 || strcmp(common->operands[0], "-") != 0) {
		join_operands(common, text);
		return STATUS_OK;
	}
	ret = read_file("-", MAX_TEXT, &data, &size, &err);
	if (ret < 0)
		return report_error(ret, "-", &err);
	out_write(text, data, size);
	free(data);
	return STATUS_OK;
}

/* Report that nothing in a text is known. Suggest a name if the text is a mistyped one. */
static enum status report_unknown(const char *text)
{
	char quote[EFIMAP_QUOTE_SIZE];
	struct closest closest = { .word = text };

	text_quote(quote, text, strlen(text));
	for (size_t i = 0; i < EFIMAP_RULE_COUNT; i++)
		closest_try(&closest, rule_table[i].name);
	for (const struct topic *topic = topic_table; topic->name; topic++)
		closest_try(&closest, topic->name);
	put_message("explain: no message, rule, word or label is known in %s%s", quote,
		    closest_hint(&closest));
	return STATUS_NOT_APPLICABLE;
}

static void put_explained(const struct explain *explain, const struct explained *explained,
			  struct out *out)
{
	const bool color = common_color(&explain->common);
	const unsigned int width = common_width();
	const char *separator = "";
	const struct text_options text = { .color = color,
					   .verbose = explain->common.verbose,
					   .width = width };

	explain_messages(explained->messages, explained->n_messages, &text, out);
	for (size_t i = 0; i < explain->n_topics; i++, separator = "\n") {
		out_puts(out, separator);
		explain_topic(explain->topics[i], color, width, out);
	}
	for (unsigned int i = 0; i < EFIMAP_RULE_COUNT; i++) {
		if (!explained->chosen[i])
			continue;
		out_puts(out, separator);
		separator = "\n";
		explain_rule(rule_get((enum rule_id)i), explain->common.verbose, color, width, out);
	}
}

static enum status explain_found(const struct explain *explain, const struct known_messages *found,
				 struct out *out)
{
	const struct explained explained = { .chosen = explain->chosen,
					     .messages = found->list,
					     .n_messages = found->n };

	if (explain->common.json)
		explained_write_json(&explained, out);
	else
		put_explained(explain, &explained, out);
	return output_end(out);
}

static enum status explain_text(const struct explain *explain, struct out *out)
{
	auto_out struct out text = EFIMAP_OUT_MEM;
	__attribute__((cleanup(known_messages_free))) struct known_messages found = { 0 };
	const enum status status = get_text(&explain->common, &text);

	if (status != STATUS_OK)
		return status;
	found = find_messages(text.data, text.used);
	return found.n ? explain_found(explain, &found, out) : report_unknown(out_text(&text));
}

static enum status explain_run(void *args)
{
	struct explain *explain = args;
	auto_out struct out out = EFIMAP_OUT_FD(STDOUT_FILENO);
	const struct explained all = { 0 };

	if (explain->is_text)
		return explain_text(explain, &out);
	if (explain->common.json && explain->n_topics) {
		put_message("explain: '%s' is not a rule, and the JSON document contains only "
			    "rules and messages",
			    explain->topics[0]->name);
		return STATUS_USAGE;
	}
	if (explain->common.n_operands)
		return explain_found(explain, &(struct known_messages){ 0 }, &out);
	if (explain->common.json)
		explained_write_json(&all, &out);
	else
		explain_list(common_color(&explain->common), common_width(), &out);
	return output_end(&out);
}

const struct command cmd_explain = {
	.name = "explain",
	.summary = "explain a word, a label, a rule or a message",
	.verbose = "also show sources and experiments of rules",
	.options = options,
	.operands = OPERANDS_WORDS,
	.args_doc = "[TEXT...]",
	.doc = "List all rules, words, labels and messages, or explain TEXT. "
	       "TEXT is a word such as 'loses EFI', a label such as 'why:', a rule or an outcome; "
	       "or a message of the kernel's EFI and kexec code or of kexec-tools, such as "
	       "'kexec_load failed: Operation not permitted', several lines of a console or a "
	       "log, or - (standard input).",
	.size = sizeof(struct explain),
	.check = check,
	.run = explain_run,
};
