/* SPDX-License-Identifier: GPL-2.0-or-later */
/* efimapctl explain: the rule catalogue for people. The words are model's. */
#include <errno.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/rules.h"
#include "format/format.h"
#include "model/rule.h"

/* Lines of text are hard to read when they are longer, however wide the terminal. */
#define MAX_TEXT_WIDTH 90
#define DEFAULT_TEXT_WIDTH 80

struct explain {
	struct common common;
	const struct efimap_rule *rule;
};

static error_t explain_option(int key, char *arg, struct argp_state *state)
{
	struct explain *explain = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (explain->rule)
			usage_error(state, "too many rules: '%s'", arg);
		explain->rule = rules_find(state, arg);
		return 0;
	default:
		return common_option(key, arg, state);
	}
}

static const struct argp explain_argp = {
	.parser = explain_option,
	.args_doc = "[RULE]",
	.doc = "List every rule with its severity, or tell everything about one: what it tests, "
	       "why it matters, what breaks in the next kernel, the exceptions, what to do and "
	       "the source.",
	.children = common_children,
};

static unsigned int text_width(void)
{
	unsigned int width = common_width();

	if (width == 0)
		return DEFAULT_TEXT_WIDTH;
	return width < MAX_TEXT_WIDTH ? width : MAX_TEXT_WIDTH;
}

/* A row a line wherever a program may read it, COLUMNS or not. */
static unsigned int list_width(void)
{
	return isatty(STDOUT_FILENO) ? common_width() : 0;
}

static enum status explain_run(void *args)
{
	const struct explain *explain = args;
	const bool color = common_color(&explain->common);
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_FD(STDOUT_FILENO);

	if (explain->rule)
		efimap_explain_rule(explain->rule, color, text_width(), &out);
	else
		efimap_explain_list(color, list_width(), &out);
	return output_end(&out);
}

const struct command cmd_explain = {
	.name = "explain",
	.summary = "list the rules, or explain one",
	.argp = &explain_argp,
	.size = sizeof(struct explain),
	.run = explain_run,
};
