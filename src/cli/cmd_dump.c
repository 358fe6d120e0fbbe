/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * efimapctl dump: show one runtime map, or the bytes that a loader makes of it. How it looks is
 * the format room's business, what is found on it the check room's, which bytes they are the
 * emulate room's; here it is said why a loader would pass none.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/verify.h"
#include "cli/cli.h"
#include "emulate/handover.h"
#include "format/format.h"

enum {
	KEY_OUTPUT_ALL = 0x100,
	KEY_SORT,
	KEY_FILTER,
	KEY_LOADER,
	KEY_ORDER,
	KEY_DESC_SIZE,
};

/*
 * @handed: loader, order and descriptor size
 * @has_handed: one of these was given
 * @has_memmap: one of those that only an EFI memory map has
 */
struct dump {
	struct common common;
	size_t chosen;
	bool has_format;
	size_t columns[EFIMAP_MAX_COLUMNS];
	size_t n_columns;
	struct efimap_dump_filter filter;
	struct efimap_dump_order order;
	bool bytes;
	struct efimap_handover_options handed;
	bool has_handed;
	bool has_memmap;
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
	{ "loader", KEY_LOADER, "LOADER", 0,
	  "with setup-data and efi-memmap: who hands over, kexec-tools (kexec_load, the default) "
	  "or kernel (kexec_file_load)", 0 },
	{ "order", KEY_ORDER, "ORDER", 0,
	  "with efi-memmap: descriptors by index, or as kernfs lists them; default: as the loader "
	  "does", 0 },
	{ "desc-size", KEY_DESC_SIZE, "N", 0,
	  "with efi-memmap: bytes of a descriptor; default: as the loader has it", 0 },
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
	if (dump->has_handed && !is_binary(dump))
		usage_error(state, "--loader, --order and --desc-size go with "
				   "--format=setup-data and --format=efi-memmap only");
	if (dump->has_memmap && !formats[dump->chosen].is_memmap)
		usage_error(state, "--order and --desc-size go with --format=efi-memmap only: a "
				   "setup_data node holds no descriptors");
	if (is_binary(dump) && (dump->filter.n_terms || dump->order.is_given))
		usage_error(state, "--filter and --sort do not go with %s: a loader hands over "
				   "all entries, in its own order", formats[dump->chosen].name);
	if (is_binary(dump) && output_is_stdout(dump->common.file) && isatty(STDOUT_FILENO))
		usage_error(state, "%s is binary, and standard output is a terminal: use "
				   "--output-file or a pipe", formats[dump->chosen].name);
}

static enum efimap_handover_order parse_order(const struct argp_state *state, const char *arg)
{
	static const char *const names[] = { "index", "kernfs" };

	return common_choice(state, "order", arg, names, 2) ? EFIMAP_HANDOVER_ORDER_KERNFS :
							      EFIMAP_HANDOVER_ORDER_INDEX;
}

/* Of the bytes that a loader hands over */
static error_t handed_option(int key, char *arg, struct argp_state *state)
{
	struct dump *dump = state->input;

	switch (key) {
	case KEY_LOADER:
		dump->handed.loader = common_loader(state, arg);
		break;
	case KEY_ORDER:
		dump->handed.order = parse_order(state, arg);
		dump->has_memmap = true;
		break;
	case KEY_DESC_SIZE:
		dump->handed.desc_size = common_number(state, "desc-size", arg, EFIMAP_DESC_SIZE,
						       EFIMAP_DESC_SIZE_MAX);
		dump->has_memmap = true;
		break;
	default:
		return common_option(key, arg, state);
	}
	dump->has_handed = true;
	return 0;
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
	case ARGP_KEY_END:
		check(dump, state);
		return 0;
	default:
		return handed_option(key, arg, state);
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

/* --- the bytes that a loader hands over --- */

/* The file that kexec-tools would fail on, EFIMAP_SRC_COUNT for another reason. */
static enum efimap_source source_of(enum efimap_handover_reason reason)
{
	switch (reason) {
	case EFIMAP_HANDOVER_NO_PARAMS:
		return EFIMAP_SRC_BOOT_PARAMS;
	case EFIMAP_HANDOVER_NO_SYSTAB:
		return EFIMAP_SRC_SYSTAB;
	case EFIMAP_HANDOVER_NO_FW_VENDOR:
		return EFIMAP_SRC_FW_VENDOR;
	case EFIMAP_HANDOVER_NO_RUNTIME:
		return EFIMAP_SRC_RUNTIME;
	case EFIMAP_HANDOVER_NO_CONFIG_TABLE:
		return EFIMAP_SRC_CONFIG_TABLE;
	default:
		return EFIMAP_SRC_COUNT;
	}
}

/* Nothing to hand over is 4; something that cannot be read or used is 5 or 3. */
static enum status status_of(const struct efimap *map, enum efimap_handover_reason reason)
{
	const enum efimap_source source = source_of(reason);

	switch (reason) {
	case EFIMAP_HANDOVER_NOT_EFI:
	case EFIMAP_HANDOVER_NO_INFO:
	case EFIMAP_HANDOVER_NO_MAP:
	case EFIMAP_HANDOVER_RUNTIME_OFF:
	case EFIMAP_HANDOVER_KERNEL_32BIT:
		return STATUS_NOT_APPLICABLE;
	default:
		break;
	}
	return source != EFIMAP_SRC_COUNT && map->states[source] == EFIMAP_STATE_DENIED ?
		       STATUS_DENIED :
		       STATUS_UNREADABLE;
}

/* kexec prints what it does not like, and that there is no kexec_file_load. */
static bool is_silent(enum efimap_loader loader, enum efimap_handover_reason reason)
{
	return reason != EFIMAP_HANDOVER_VERSION &&
	       !(reason == EFIMAP_HANDOVER_KERNEL_32BIT && loader == EFIMAP_LOADER_KERNEL);
}

static enum status refuse_silent(const struct efimap *map, enum efimap_loader loader,
				 enum efimap_handover_reason reason)
{
	say("%s: %s passes no EFI to the next kernel%s: %s", map->name,
	    loader == EFIMAP_LOADER_KERNEL ? "the kernel (kexec_file_load)" : "kexec-tools",
	    is_silent(loader, reason) ? ", and says nothing of it" : "",
	    efimap_handover_reason_text(reason));
	return status_of(map, reason);
}

/* Zeros where the loader writes an address would be somebody else's bytes. */
static enum status refuse_unknown(const struct efimap *map, uint32_t unknown)
{
	enum status status = STATUS_OK;
	char path[1024];

	for (unsigned int i = 0; i < EFIMAP_SRC_COUNT; i++) {
		const enum efimap_source source = (enum efimap_source)i;

		if (!(unknown & EFIMAP_HANDOVER_UNKNOWN(source)))
			continue;
		source_path(map, efimap_source_path(source), path, sizeof(path));
		say("%s: %s, so what the loader writes of it is not known", path,
		    map->states[source] == EFIMAP_STATE_ABSENT ? "not there" :
		    map->states[source] == EFIMAP_STATE_DENIED ? "permission denied" :
								 "malformed");
		status = status_worse(status, map->states[source] == EFIMAP_STATE_DENIED ?
						      STATUS_DENIED :
						      STATUS_UNREADABLE);
	}
	return status;
}

static enum status save_bytes(const char *file, const void *data, size_t size)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;

	efimap_out_write(&out, data, size);
	return output_finish(file, READ_BY_UMASK, 0, &out);
}

static enum status write_made(const struct dump *dump, const struct efimap *map)
{
	efimap_auto_handover struct efimap_handover handover = { 0 };
	const char *file = dump->common.file;
	enum status status;
	int ret = efimap_handover_make(map, &dump->handed, &handover);

	if (ret < 0)
		return say_errno(map->name, ret);
	if (handover.reason != EFIMAP_HANDOVER_PASSES)
		return refuse_silent(map, dump->handed.loader, handover.reason);
	if (formats[dump->chosen].is_memmap)
		return save_bytes(file, handover.memmap, handover.memmap_size);
	/* Not where the capture does not hold what the loader would write. */
	status = refuse_unknown(map, handover.unknown);
	return status != STATUS_OK ? status :
				     save_bytes(file, handover.node, sizeof(handover.node));
}

static enum status write_bytes(const struct dump *dump)
{
	efimap_auto_map struct efimap *map = NULL;
	enum status status = source_open_map(dump->common.source, &map);

	if (status != STATUS_OK)
		return status;
	return source_has_virt(map) ? write_made(dump, map) : STATUS_NOT_APPLICABLE;
}

static enum status dump_run(void *args)
{
	const struct dump *dump = args;
	efimap_auto_map struct efimap *map = NULL;
	enum status status;

	if (is_binary(dump))
		return write_bytes(dump);
	status = source_open_shown(dump->common.source, &map);
	return status == STATUS_OK ? show_map(dump, map) : status;
}

const struct command cmd_dump = {
	.name = "dump",
	.summary = "show a runtime map",
	.options = options,
	.parser = dump_option,
	.doc = "Show one runtime map. " SOURCE_IS "\v",
	.help_filter = help_filter,
	.size = sizeof(struct dump),
	.run = dump_run,
};
