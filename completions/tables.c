/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Print the commands and their options as JSON, from which generate.py writes the completions. */
#include <jansson.h>
#include <stdio.h>

#include "cli/command_list.h"
#include "cli/option_parser.h"
#include "show/dump_columns.h"

static json_t *list_words(const char *const *words)
{
	json_t *list = json_array();

	/* An empty string stands for a value that users cannot specify. */
	for (; words && *words; words++)
		if (**words)
			json_array_append_new(list, json_string(*words));
	return list;
}

static json_t *list_options(const struct command_option *option)
{
	json_t *list = json_array();

	for (; option->name; option++)
		json_array_append_new(
			list, json_pack("{s:s, s:s#, s:s?, s:s, s:o, s:b, s:b, s:b}", "name",
					option->name, "letter", &option->letter,
					option->letter ? 1 : 0, "operand", option->operand, "help",
					option->help, "words", list_words(option->words),
					"is_optional", option->operand && option->given,
					"may_repeat", option->kind == OPTION_TAKE, "is_last",
					option->group == GROUP_HELP));
	return list;
}

int main(void)
{
	json_t *list = json_array(), *columns = json_array(), *document;
	int ret;

	for (const struct text_table_column *column = dump_columns; column->name; column++)
		json_array_append_new(columns, json_string(column->name));
	for (size_t i = 0; commands[i]; i++)
		json_array_append_new(list,
				      json_pack("{s:s, s:s, s:s?, s:o}", "name", commands[i]->name,
						"summary", commands[i]->summary, "args_doc",
						commands[i]->args_doc, "options",
						list_options(commands[i]->options)));
	document = json_pack("{s:o, s:o, s:o}", "commands", list, "common",
			     list_options(common_options), "columns", columns);
	ret = document ? json_dumpf(document, stdout, JSON_INDENT(1)) : -1;
	json_decref(document);
	return ret || fflush(stdout) ? 1 : 0;
}
