/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command "efimapctl explain" explains error messages, rules and topics. */
#include <ctype.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "answer/verify.h"
#include "base/closest_word.h"
#include "base/text_scan.h"
#include "cli/command_list.h"
#include "cli/error_output.h"
#include "cli/exit_status.h"
#include "cli/option_parser.h"
#include "cli/output_file.h"
#include "document/json_writer.h"
#include "input/input_file.h"
#include "input/read_source.h"
#include "rules/error_texts.h"
#include "rules/rule_catalogue.h"
#include "show/explain.h"

/* Maximum number of rules that a message about an unknown text names. */
#define MAX_LISTED 6
/* Minimum and maximum length in bytes of a text that is searched for in the rules. */
#define MIN_LISTED 4
#define MAX_LISTED_TEXT 80
/* Maximum size in bytes of a text on standard input. */
#define MAX_TEXT ((size_t)1 << 20)
/* The first line of a kernel log contains these words. */
#define KERNEL_LOG "Linux version "
/* Maximum size in bytes of a text in which words of the output of efimapctl are searched for. */
#define MAX_OUTPUT ((size_t)16 << 10)

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

static void choose_topic(struct explain *explain, const struct topic *topic)
{
	for (size_t i = 0; i < explain->n_topics; i++)
		if (explain->topics[i] == topic)
			return;
	explain->topics[explain->n_topics++] = topic;
}

/* With --json, a family takes precedence over a topic. Return whether @name exists. */
static bool choose_exact(struct explain *explain, const char *name)
{
	const struct topic *topic = topic_find(name);
	const struct rule *rule = rule_find(name);
	bool is_family = false;

	if (rule)
		explain->chosen[rule->id] = true;
	/* A JSON document contains rules and messages, but no topics. */
	else if (topic && !explain->common.json)
		choose_topic(explain, topic);
	if (rule || (topic && !explain->common.json))
		return true;
	for (size_t i = 0; i < EFIMAP_RULE_COUNT; i++) {
		if (strcasecmp(rule_family_name((enum rule_id)i), name) != 0)
			continue;
		explain->chosen[i] = true;
		is_family = true;
	}
	if (topic && !is_family)
		choose_topic(explain, topic);
	return topic || is_family;
}

static bool matches(const char *pattern, const char *name)
{
	if (strpbrk(pattern, "*?["))
		return fnmatch(pattern, name, 0) == 0;
	return strncmp(name, pattern, strlen(pattern)) == 0;
}

/* Choose rules and, without --json, topics whose names match @pattern, a glob or a prefix. */
static bool choose_pattern(struct explain *explain, const char *pattern)
{
	bool is_any = false;

	for (size_t i = 0; i < EFIMAP_RULE_COUNT; i++) {
		if (!matches(pattern, rule_table[i].name))
			continue;
		explain->chosen[i] = true;
		is_any = true;
	}
	for (const struct topic *topic = topic_table; topic->name; topic++) {
		if (explain->common.json || !matches(pattern, topic->name))
			continue;
		choose_topic(explain, topic);
		is_any = true;
	}
	return is_any;
}

/* If an operand does not name a rule or a topic, all operands are a text. */
static void check(void *args, const struct argp_state *state)
{
	struct explain *explain = args;

	for (size_t i = 0; i < explain->common.n_operands && !explain->is_text; i++) {
		const char *name = explain->common.operands[i];

		if (!*name)
			usage_error(state, "TEXT is empty");
		explain->is_text = !choose_exact(explain, name) && !choose_pattern(explain, name);
	}
	if (!explain->is_text)
		return;
	explain->n_topics = 0;
	memset(explain->chosen, 0, sizeof(explain->chosen));
}

/*
 * Remove the "-" at the start of a text, such as "-bash: /sbin/kexec: No such file": argp would
 * parse it as an option. No option contains a blank, unless "=" precedes it, or ends with a colon.
 */
static void unmark_text(int argc, char **argv, void *args)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		const size_t len = strlen(argv[i]), word = strcspn(argv[i], " =");

		if (argv[i][0] == '-' && (argv[i][word] == ' ' || argv[i][len - 1] == ':'))
			argv[i] += strspn(argv[i], "-");
	}
}

static enum status get_text(const struct common *common, struct out *text)
{
	uint8_t *data;
	size_t size;
	struct err err = EFIMAP_ERR_INIT;
	int ret;

	if (common->n_operands == 1 && strcmp(common->operands[0], "-") == 0) {
		ret = read_file("-", MAX_TEXT, &data, &size, &err);
		if (ret < 0)
			return report_error(ret, "-", &err);
		out_write(text, data, size);
		free(data);
	} else {
		for (size_t i = 0; i < common->n_operands; i++) {
			if (i)
				out_putc(text, ' ');
			out_puts(text, common->operands[i]);
		}
	}
	return STATUS_OK;
}

static void list_containing(const char *word, bool in_texts, struct out *list)
{
	size_t count = 0;

	for (size_t i = 0; i < EFIMAP_RULE_COUNT; i++) {
		const struct rule *rule = rule_get((enum rule_id)i);
		bool has_word = !in_texts && strcasestr(rule->name, word);

		for (const struct explain_section *section = explain_sections;
		     in_texts && section->heading; section++)
			has_word |= !!strcasestr(rule_explains(rule, section->text), word);
		if (has_word && ++count <= MAX_LISTED)
			out_printf(list, "%s%s", list->used ? ", " : "", rule->name);
	}
	if (count > MAX_LISTED)
		out_printf(list, " and %zu more", count - MAX_LISTED);
}

/* Report that nothing matches a text, and suggest rules or a topic. */
static enum status report_closest(struct out *text)
{
	auto_out struct out list = EFIMAP_OUT_MEM;
	char quote[EFIMAP_QUOTE_SIZE];
	const char *word = out_text(text);
	const bool is_part = strlen(word) >= MIN_LISTED && strlen(word) <= MAX_LISTED_TEXT;
	struct closest closest = { .word = word };

	text_quote(quote, word, strlen(word));
	for (size_t i = 0; i < EFIMAP_RULE_COUNT; i++)
		closest_try(&closest, rule_table[i].name);
	for (const struct topic *topic = topic_table; topic->name; topic++)
		closest_try(&closest, topic->name);
	if (is_part)
		list_containing(word, false, &list);
	if (is_part && !list.used && !closest.best)
		list_containing(word, true, &list);
	if (strcasestr(word, KERNEL_LOG))
		put_message("explain: no message in this log is known; to check the machine that "
			    "wrote the log, use: efimapctl verify FILE");
	else if (list.used)
		put_message("explain: nothing matches %s; rules that contain it: %.*s", quote,
			    (int)list.used, list.data);
	else if (closest.best)
		put_message("explain: nothing matches %s%s", quote, closest_hint(&closest));
	else
		put_message("explain: nothing matches %s; efimapctl explain -v lists all rules "
			    "and messages",
			    quote);
	return STATUS_NOT_APPLICABLE;
}

/* Return a report of verify on the running system, or NULL if it cannot be checked. */
static struct report *check_running_system(struct efimap **ret_map)
{
	auto_report struct report *report = NULL;

	if (read_source("/", EFIMAP_BOOT_DEFAULT, "explain", ret_map, NULL) == 0)
		report = verify_capture(*ret_map, NULL);
	return report && report_is_checked(report) ? steal(report) : NULL;
}

static void put_explained(const struct explain *explain, const struct explained *explained,
			  struct out *out)
{
	const bool color = common_color(&explain->common);
	const unsigned int width = common_width();
	auto_map struct efimap *map = NULL;
	auto_report struct report *report = NULL;
	bool is_checked = false;
	const char *separator = explained->n_messages ? "\n" : "";
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
		/* Even if this fails, it is done only once. */
		if (!is_checked)
			report = check_running_system(&map);
		is_checked = true;
		out_puts(out, separator);
		separator = "\n";
		explain_rule(rule_get((enum rule_id)i), report, explain->common.verbose, color,
			     width, out);
	}
}

static enum status explain_found(const struct explain *explain, const struct known_messages *found,
				 struct out *out)
{
	const struct explained explained = { .chosen = explain->chosen,
					     .messages = found->list,
					     .n_messages = found->n };

	if (explain->common.json)
		json_put_document(&document_rules, "rules", false, NULL, &explained, out);
	else
		put_explained(explain, &explained, out);
	return output_end(out);
}

static enum status refuse_json(const struct explain *explain)
{
	put_message("explain: '%s' is not a rule, and the JSON document contains only rules and "
		    "messages",
		    explain->topics[0]->name);
	return STATUS_USAGE;
}

static enum status explain_text(struct explain *explain, struct out *out)
{
	auto_out struct out text = EFIMAP_OUT_MEM;
	struct known_messages found = { 0 };
	bool found_topics[EFIMAP_MAX_TOPICS];
	enum status status = get_text(&explain->common, &text);
	const struct topic *topic;
	const size_t len = text.used;

	if (status != STATUS_OK)
		return status;
	/* The text may be the name of a topic, or output of efimapctl that names topics. */
	topic = topic_find(out_text(&text));
	if (topic)
		choose_topic(explain, topic);
	else if (text.used <= MAX_OUTPUT && topics_find(out_text(&text), found_topics))
		for (size_t i = 0; topic_table[i].name; i++)
			if (found_topics[i])
				choose_topic(explain, &topic_table[i]);
	/* Messages may contain a word of the output, such as "configured" or "Kdump: loaded". */
	if (!explain->n_topics || strpbrk(out_text(&text), " \t\n")) {
		found = find_messages(text.data, len);
		if (found.n && !topic)
			explain->n_topics = 0;
	}
	if (!found.n && explain->n_topics == 0)
		status = report_closest(&text);
	else if (!found.n && explain->common.json)
		status = refuse_json(explain);
	else
		status = explain_found(explain, &found, out);
	known_messages_free(&found);
	return status;
}

static enum status explain_run(void *args)
{
	struct explain *explain = args;
	auto_out struct out out = EFIMAP_OUT_FD(STDOUT_FILENO);
	const bool is_list = !explain->common.n_operands;
	const struct explained explained = { .chosen = explain->common.json && is_list
							       ? NULL
							       : explain->chosen };

	if (explain->is_text)
		return explain_text(explain, &out);
	if (explain->common.json && explain->n_topics)
		return refuse_json(explain);
	if (explain->common.json)
		json_put_document(&document_rules, "rules", false, NULL, &explained, &out);
	else if (!is_list)
		put_explained(explain, &explained, &out);
	else
		(explain->common.verbose ? explain_list : explain_names)(
			common_color(&explain->common), common_line_width(), &out);
	return output_end(&out);
}

const struct command cmd_explain = {
	.name = "explain",
	.summary = "explain an error message, a rule or an outcome",
	.verbose = "also show sources and experiments of rules; without TEXT, list all "
		   "rules and messages with their meaning",
	.options = options,
	.operands = OPERANDS_WORDS,
	.args_doc = "[TEXT...]",
	.doc = "List all rules, outcomes, causes and messages, or explain TEXT. "
	       "TEXT is a message of the kernel's EFI and kexec code or of kexec-tools, such as "
	       "'kexec_load failed: Operation not permitted', several lines of a console or a "
	       "log, or - (standard input). TEXT can also be a rule, a family of rules such "
	       "as virt, an outcome such as boots-without-efi, a cause in the report of "
	       "'efimapctl received', a state of kdump, words of the output such as 'unknown', "
	       "the beginning of one or more of these names, or a glob such as '*-in-ram'.",
	.size = sizeof(struct explain),
	.begin = unmark_text,
	.check = check,
	.run = explain_run,
};
