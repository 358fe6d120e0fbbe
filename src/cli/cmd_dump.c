/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * efimapctl dump: show one runtime map. How it looks is the format room's business, what
 * is found on it the check room's.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/verify.h"
#include "cli/cli.h"
#include "cli/dump_binary.h"
#include "format/format.h"

enum {
	KEY_OUTPUT_ALL = 0x100,
	KEY_SORT,
	KEY_FILTER,
};

struct dump {
	struct common common;
	size_t chosen;
	bool has_format;
	size_t columns[EFIMAP_MAX_COLUMNS];
	size_t n_columns;
	struct efimap_dump_filter filter;
	struct efimap_dump_order order;
	bool bytes;
	struct dump_binary binary;
};

static const struct argp_option options[] = {
	{ "json", 'J', NULL, 0, "write a JSON document (--format=json)", 0 },
	{ "pairs", 'P', NULL, 0, "write KEY=\"value\" pairs (--format=pairs)", 0 },
	{ "raw", 'r', NULL, 0, "write unaligned columns (--format=raw)", 0 },
	OPTION_FORMAT("table (the default), json, ndjson (one line), csv, pairs, raw; or the bytes "
		      "that a loader hands over: setup-data (the node) or efi-memmap"),
	{ "output", 'o', "COL,...", 0, "show these columns; +COL,... adds to the defaults", 0 },
	{ "output-all", KEY_OUTPUT_ALL, NULL, 0, "show all columns", 0 },
	{ "sort", KEY_SORT, "COL[:desc]", 0, "sort by this column", 0 },
	{ "filter", KEY_FILTER, "EXPR", 0,
	  "only entries of which EXPR holds: COL (not empty), !COL, COL=VALUE, or != < <= > >=, "
	  "and ADDR=ADDRESS for the one that covers it, joined by \"and\" or a comma", 0 },
	OPTION_NOHEADINGS,
	{ "bytes", 'b', NULL, 0, "write sizes as numbers of bytes", 0 },
	OPTION_OUTPUT("write FILE instead of standard output (-): whole or not at all"),
	{ 0 },
};

static const struct {
	const char *name;
	enum efimap_dump_format format;
	bool has_columns;
	bool is_binary;
	bool is_memmap;
} formats[] = {
	{ "table", EFIMAP_DUMP_TABLE, true, false, false },
	{ "json", EFIMAP_DUMP_JSON, false, false, false },
	{ "ndjson", EFIMAP_DUMP_NDJSON, false, false, false },
	{ "csv", EFIMAP_DUMP_CSV, true, false, false },
	{ "pairs", EFIMAP_DUMP_PAIRS, true, false, false },
	{ "raw", EFIMAP_DUMP_RAW, true, false, false },
	{ "setup-data", EFIMAP_DUMP_TABLE, false, true, false },
	{ "efi-memmap", EFIMAP_DUMP_TABLE, false, true, true },
};

#define N_FORMATS (sizeof(formats) / sizeof(formats[0]))

static void set_format(struct dump *dump, struct argp_state *state, const char *name)
{
	for (size_t i = 0; i < N_FORMATS; i++) {
		if (strcmp(formats[i].name, name) != 0)
			continue;
		if (dump->has_format && dump->chosen != i)
			usage_error(state, "one format at a time: --json, --pairs, --raw and "
					  "--format exclude each other");
		dump->chosen = i;
		dump->has_format = true;
		return;
	}
	usage_error(state, "--format=%s: expected table, json, ndjson, csv, pairs, raw, "
			   "setup-data or efi-memmap", name);
}

static void set_columns(struct dump *dump, struct argp_state *state, const char *list)
{
	struct efimap_err err = EFIMAP_ERR_INIT;

	if (efimap_dump_columns_parse(list, dump->columns, &dump->n_columns, &err) < 0)
		usage_error(state, "%s", err.text);
}

static void set_order(struct dump *dump, struct argp_state *state, const char *text)
{
	struct efimap_err err = EFIMAP_ERR_INIT;

	if (efimap_dump_order_parse(text, &dump->order, &err) < 0)
		usage_error(state, "--sort: %s", err.text);
}

static void set_filter(struct dump *dump, struct argp_state *state, const char *text)
{
	struct efimap_err err = EFIMAP_ERR_INIT;

	if (efimap_dump_filter_parse(text, &dump->filter, &err) < 0)
		usage_error(state, "--filter: %s", err.text);
}

static void set_all_columns(struct dump *dump)
{
	dump->n_columns = 0;
	while (dump->n_columns < EFIMAP_MAX_COLUMNS && efimap_dump_column(dump->n_columns)) {
		dump->columns[dump->n_columns] = dump->n_columns;
		dump->n_columns++;
	}
}

static bool is_binary(const struct dump *dump)
{
	return formats[dump->chosen].is_binary;
}

static void check(struct dump *dump, struct argp_state *state)
{
	if (!formats[dump->chosen].has_columns && dump->n_columns > 0)
		usage_error(state, "--output does not go with %s: the document always holds "
				   "everything", formats[dump->chosen].name);
	dump->binary.memmap = formats[dump->chosen].is_memmap;
	if (dump->binary.is_chosen && !is_binary(dump))
		usage_error(state, "--loader, --order and --desc-size go with "
				   "--format=setup-data and --format=efi-memmap only");
	if (dump->binary.is_of_memmap && !dump->binary.memmap)
		usage_error(state, "--order and --desc-size go with --format=efi-memmap only: a "
				   "setup_data node holds no descriptors");
	if (is_binary(dump) && (dump->filter.n_terms || dump->order.is_given))
		usage_error(state, "--filter and --sort do not go with %s: a loader hands over "
				   "all entries, in its own order", formats[dump->chosen].name);
	if (is_binary(dump) && output_is_stdout(dump->common.file) && isatty(STDOUT_FILENO))
		usage_error(state, "%s is binary, and standard output is a terminal: use "
				   "--output-file or a pipe", formats[dump->chosen].name);
}

static error_t dump_option(int key, char *arg, struct argp_state *state)
{
	struct dump *dump = state->input;

	switch (key) {
	case 'J':
		set_format(dump, state, "json");
		return 0;
	case 'P':
		set_format(dump, state, "pairs");
		return 0;
	case 'r':
		set_format(dump, state, "raw");
		return 0;
	case KEY_FORMAT:
		set_format(dump, state, arg);
		return 0;
	case 'o':
		set_columns(dump, state, arg);
		return 0;
	case KEY_SORT:
		set_order(dump, state, arg);
		return 0;
	case KEY_FILTER:
		set_filter(dump, state, arg);
		return 0;
	case KEY_OUTPUT_ALL:
		set_all_columns(dump);
		return 0;
	case 'b':
		dump->bytes = true;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[1] = &dump->binary;
		return common_option(key, arg, state);
	case ARGP_KEY_END:
		check(dump, state);
		return 0;
	default:
		return common_option(key, arg, state);
	}
}

static char *help_filter(int key, const char *text, void *input)
{
	struct efimap_out out = EFIMAP_OUT_MEM;
	const struct efimap_column *column;

	if (key != ARGP_KEY_HELP_POST_DOC)
		return text ? strdup(text) : NULL;
	efimap_out_puts(&out, "Columns (* shown by default):");
	for (size_t i = 0; (column = efimap_dump_column(i)); i++)
		efimap_out_printf(&out, "\n %c%-8s %s", column->is_default ? '*' : ' ',
				  column->name, column->help);
	return output_text(&out);
}

static const struct argp_child children[] = {
	{ &common_argp, 0, NULL, 0 },
	{ &dump_binary_argp, 0, NULL, 0 },
	{ 0 },
};

/* JSON has a member for it, and a table a line below it, unless only rows are asked for. */
static bool marks_predictions(const struct dump *dump)
{
	switch (formats[dump->chosen].format) {
	case EFIMAP_DUMP_JSON:
	case EFIMAP_DUMP_NDJSON:
		return true;
	case EFIMAP_DUMP_TABLE:
		return !dump->common.noheadings;
	case EFIMAP_DUMP_CSV:
	case EFIMAP_DUMP_PAIRS:
	case EFIMAP_DUMP_RAW:
		break;
	}
	return false;
}

static enum status write_map(const struct dump *dump, const struct efimap *map,
			     const struct efimap_report *report)
{
	const bool to_stdout = output_is_stdout(dump->common.file);
	/* Nothing but a table minds the terminal. */
	const bool fits = to_stdout && formats[dump->chosen].format == EFIMAP_DUMP_TABLE;
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_FD(to_stdout ? STDOUT_FILENO : -1);
	struct efimap_dump_options how = {
		.format = formats[dump->chosen].format,
		.columns = dump->columns,
		.n_columns = dump->n_columns,
		.filter = &dump->filter,
		.order = dump->order,
		.text = {
			.headings = !dump->common.noheadings,
			.color = dump->common.color == WHEN_ALWAYS ||
				 (fits && common_color(&dump->common)),
			.notes = dump->common.verbose,
		},
		.bytes = dump->bytes,
		.width = fits ? common_width() : 0,
	};
	int ret = efimap_dump_write(map, report, &how, &out);

	return output_finish(dump->common.file, READ_BY_UMASK, ret, &out);
}

static enum status show_map(const struct dump *dump, const struct efimap *map)
{
	efimap_auto_report struct efimap_report *report = NULL;
	enum status status;
	int ret = efimap_verify(map, NULL, &report);

	if (ret < 0)
		return say_errno(map->name, ret);
	if (!dump->common.quiet)
		source_say_hidden(map);
	if (!dump->common.quiet && !marks_predictions(dump))
		source_has_virt(map);
	status = write_map(dump, map, report);
	return status_worse(status, source_say_faults(map, EFIMAP_UNREAD_JUDGED));
}

static enum status dump_run(void *args)
{
	const struct dump *dump = args;
	efimap_auto_map struct efimap *map = NULL;
	enum status status;

	if (is_binary(dump))
		return dump_binary_write(&dump->binary, dump->common.source, dump->common.file);
	status = source_open_shown(dump->common.source, &map);
	return status == STATUS_OK ? show_map(dump, map) : status;
}

const struct command cmd_dump = {
	.name = "dump",
	.summary = "show a runtime map",
	.options = options,
	.parser = dump_option,
	.doc = "Show one runtime map. " SOURCE_IS "\v",
	.children = children,
	.help_filter = help_filter,
	.size = sizeof(struct dump),
	.run = dump_run,
};
