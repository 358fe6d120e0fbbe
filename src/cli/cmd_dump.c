/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command "efimapctl dump" writes a runtime map, its page table, or the data that a
 * loader passes.
 */
#include <unistd.h>

#include "cli/command_list.h"
#include "cli/error_output.h"
#include "cli/exit_status.h"
#include "cli/option_parser.h"
#include "cli/output_file.h"
#include "cli/source_operand.h"
#include "infer/architecture.h"
#include "infer/booted_by.h"
#include "linux/encode_setup_data.h"
#include "linux/page_table.h"
#include "linux/virtual_layout.h"
#include "rules/unread_verdict.h"
#include "rules/verify_options.h"
#include "show/dump.h"
#include "show/dump_columns.h"

/*
 * Formats that are not an enum dump_format: the data that a loader passes, which
 * write_passed_data() writes, and the page table, which is text or, with --json, a document.
 */
enum { FORMAT_SETUP_DATA = EFIMAP_DUMP_RAW + 1, FORMAT_EFI_MEMMAP, FORMAT_PAGE_TABLE };

static const char *const format_names[] = {
	[EFIMAP_DUMP_TABLE] = "table",
	[EFIMAP_DUMP_JSON] = "json",
	[EFIMAP_DUMP_NDJSON] = "ndjson",
	[EFIMAP_DUMP_PAIRS] = "pairs",
	[EFIMAP_DUMP_RAW] = "raw",
	[FORMAT_SETUP_DATA] = "setup-data",
	[FORMAT_EFI_MEMMAP] = "efi-memmap",
	[FORMAT_PAGE_TABLE] = "page-table",
	NULL,
};

/*
 * struct dump - the options of dump
 * @format:    index in format_names[] other than FORMAT_PAGE_TABLE
 * @page_table: --format=page-table is given
 * @how:       options of the formats that dump_write() writes
 * @output:    argument of --output, all_columns for --output-all, or NULL
 * @address:   argument of --address, if how.address is not NULL
 * @loader:    loader of setup-data and efi-memmap
 */
struct dump {
	struct common common;
	unsigned int format;
	bool has_format;
	bool page_table;
	const char *output;
	size_t columns[TABLE_MAX_COLUMNS];
	uint64_t address;
	struct dump_options how;
	enum kexec_loader loader;
};

static const char all_columns[] = "all";

static void take_dump_format(void *args, const struct argp_state *state, const char *operand)
{
	struct dump *dump = args;
	const unsigned int chosen = common_choice(state, "format", operand, format_names);

	if (chosen == FORMAT_PAGE_TABLE) {
		dump->page_table = true;
	} else {
		if (dump->has_format && dump->format != chosen)
			usage_error(state,
				    "--json, --pairs, --raw and --format cannot be combined");
		dump->format = chosen;
		dump->has_format = true;
	}
	if (dump->page_table && dump->has_format && dump->format != EFIMAP_DUMP_JSON)
		usage_error(state, "--format=page-table can be combined only with --json");
}

static void take_address(void *args, const struct argp_state *state, const char *operand)
{
	struct dump *dump = args;

	dump->address = common_number(state, "address", operand, &address_range);
	dump->how.address = &dump->address;
}

static const struct command_option options[] = {
	{ "json", 'J', NULL, "write a JSON document (--format=json)", .take = take_dump_format,
	  .given = "json", .group = GROUP_OUTPUT },
	{ "pairs", 'P', NULL, "write KEY=\"value\" pairs (--format=pairs)",
	  .take = take_dump_format, .given = "pairs", .group = GROUP_OUTPUT },
	{ "raw", 'r', NULL, "write unaligned columns (--format=raw)", .take = take_dump_format,
	  .given = "raw", .group = GROUP_OUTPUT },
	{ "format", 0, "FORMAT",
	  "table (the default), json, ndjson (one line), pairs or raw; page-table, also with "
	  "--json; or the bytes that a loader passes: setup-data or efi-memmap",
	  .take = take_dump_format, .words = format_names, .group = GROUP_OUTPUT },
	{ "output", 'o', "COL,...", "show these columns; +COL,... adds columns to the default",
	  NAME_AT(dump, output, NULL), .group = GROUP_OUTPUT },
	{ "output-all", 0, NULL, "show all columns", NAME_AT(dump, output, NULL),
	  .given = all_columns, .group = GROUP_OUTPUT },
	{ "address", 0, "ADDR",
	  "show only the entries that cover the physical or virtual address ADDR",
	  .take = take_address },
	{ "noheadings", 'n', NULL, "print only rows", FLAG_AT(common, noheadings),
	  .group = GROUP_OUTPUT },
	{ "bytes", 'b', NULL, "print sizes in bytes", FLAG_AT(dump, how.bytes),
	  .group = GROUP_OUTPUT },
	OPTION_OUTPUT("write atomically to FILE, or to standard output (-)"),
	OPTION_LOADER("write the bytes that this loader passes: kexec-load (the default) or "
		      "kexec-file-load"),
	OPTION_IF_EFI,
	OPTION_BOOT,
	{ 0 },
};

static bool is_binary(const struct dump *dump)
{
	return dump->format == FORMAT_SETUP_DATA || dump->format == FORMAT_EFI_MEMMAP;
}

static const char *chosen_name(const struct dump *dump)
{
	return format_names[dump->page_table ? FORMAT_PAGE_TABLE : dump->format];
}

static bool is_json(const struct dump *dump)
{
	return dump->format == EFIMAP_DUMP_JSON || dump->format == EFIMAP_DUMP_NDJSON;
}

static void check(void *args, const struct argp_state *state)
{
	struct dump *dump = args;
	struct dump_options *how = &dump->how;
	struct err err = EFIMAP_ERR_INIT;

	/* Choose the columns after parsing, because --address, which affects them, may be last. */
	if (dump->output == all_columns)
		how->n_columns = dump_column_table(true, how->address, dump->columns);
	else if (dump->output && dump_columns_parse(dump->output, how->address, dump->columns,
						    &how->n_columns, &err) < 0)
		usage_error(state, "%s", err.text);
	if ((is_binary(dump) || dump->page_table) && dump->output)
		usage_error(state,
			    "--output and --output-all cannot be used with "
			    "--format=%s, because that format has no columns",
			    chosen_name(dump));
	if (!is_binary(dump) && dump->common.loaders)
		usage_error(state, "--loader requires --format=setup-data or --format=efi-memmap");
	if ((is_binary(dump) || dump->page_table) && how->address)
		usage_error(state,
			    "--address cannot be used with --format=%s, which requires all entries",
			    chosen_name(dump));
	if (is_binary(dump) && output_is_stdout(dump->common.file) && isatty(STDOUT_FILENO))
		usage_error(state,
			    "%s is binary, and standard output is a terminal; use "
			    "--output-file or a pipe",
			    format_names[dump->format]);
	if (dump->common.loaders == EFIMAP_LOADER_BIT(EFIMAP_LOADER_KERNEL))
		dump->loader = EFIMAP_LOADER_KERNEL;
}

static enum status build_page_table(const struct efimap *map, struct efi_page_table *ret_table)
{
	struct pagetable_options how = {
		.largest = map->no_gib_pages ? EFIMAP_LEAF_2M : EFIMAP_LEAF_1G,
	};
	struct err err = EFIMAP_ERR_INIT;

	if (is_32bit_kernel(map)) {
		put_message("%s: a 32-bit kernel maps runtime regions in its own page table and "
			    "does not build a page table for EFI",
			    map->name);
		return STATUS_NOT_APPLICABLE;
	}
	if (!source_has_virt(map))
		return STATUS_NOT_APPLICABLE;
	/*
	 * Only a kernel that kexec started maps the EFI memory map of boot_params. A kernel that
	 * the firmware booted maps its own copy, whose address no capture contains
	 * (arch/x86/platform/efi/efi.c: __efi_enter_virtual_mode).
	 */
	if (capture_has(map, EFIMAP_SRC_BOOT_PARAMS) &&
	    find_booted_by(map) == EFIMAP_BOOTED_BY_KEXEC) {
		how.memmap_addr = map->boot_params.efi_info.memmap;
		how.memmap_size = map->boot_params.efi_info.memmap_size;
	}
	if (pagetable_build(map->entries, map->n_entries, &how, ret_table, &err) == 0)
		return STATUS_OK;
	put_message("%s: %s", map->name, err.text);
	return STATUS_UNREADABLE;
}

static enum status write_map(const struct dump *dump, const struct efimap *map)
{
	const struct common *common = &dump->common;
	const bool to_stdout = output_is_stdout(common->file);
	const bool is_table = dump->format == EFIMAP_DUMP_TABLE;
	/*
	 * By default, only a table on standard output is coloured and, if it has headings, fitted
	 * to the terminal. Scripts read tables without headings, so no column may be missing.
	 */
	const bool fits = to_stdout && is_table;
	/*
	 * In JSON, a member marks predicted addresses. Below a table, a line reports them unless
	 * headings are disabled. For a page table, build_page_table() reports them.
	 */
	const bool marks_predictions =
		is_json(dump) || dump->page_table || (is_table && !common->noheadings);
	auto_out struct out out = EFIMAP_OUT_FD(to_stdout ? STDOUT_FILENO : -1);
	auto_layout struct layout layout = { 0 };
	auto_pagetable struct efi_page_table table = { 0 };
	struct dump_options how = dump->how;
	enum status status;

	if (!common->quiet && !marks_predictions)
		source_has_virt(map);
	how.format = (enum dump_format)dump->format;
	how.columns = dump->columns;
	how.text.headings = !common->noheadings;
	how.text.color = common->color == WHEN_ALWAYS || (fits && common_color(common));
	how.text.width = fits && how.text.headings ? common_width() : 0;
	if (dump_needs_layout(&how)) {
		layout = predict_layout(map);
		how.layout = &layout;
		if (layout.reason && !common->quiet && !marks_predictions)
			put_message("%s: virtual addresses cannot be predicted: %s", map->name,
				    layout.reason);
	}
	if (dump->page_table) {
		status = build_page_table(map, &table);
		if (status != STATUS_OK)
			return status;
		how.page_table = &table;
	}
	dump_write(map, &how, &out);
	status = output_finish(common->file, 0644, &out);
	if (how.address && !find_covering_entry(map, entry_covers_phys, dump->address) &&
	    !find_covering_entry(map, entry_covers_virt, dump->address))
		status = combine_status(status, STATUS_FINDINGS);
	if (is_other_architecture(map))
		status = combine_status(status, STATUS_NOT_APPLICABLE);
	return combine_status(status, source_report_faults(map, LISTED_SOURCES));
}

static enum status report_unread_source(const struct efimap *map, enum source source)
{
	const bool is_denied = map->states[source] == EFIMAP_STATE_DENIED;

	put_message("%s: %s, so the data that the loader passes cannot be computed",
		    source_path(map, path_of_source(source)),
		    is_denied					 ? "permission denied"
		    : map->states[source] == EFIMAP_STATE_ABSENT ? "missing"
								 : "malformed");
	return is_denied ? STATUS_DENIED : STATUS_UNREADABLE;
}

/* Fail if an address was not read, because the output would contain 0 instead. */
static enum status write_passed_data(const struct dump *dump, const struct efimap *map)
{
	static const struct {
		bool is_source;
		enum source source;
	} required[] = {
		[EFIMAP_NOT_PASSED_NO_PARAMS] = { true, EFIMAP_SRC_BOOT_PARAMS },
		[EFIMAP_NOT_PASSED_NO_SYSTAB] = { true, EFIMAP_SRC_SYSTAB },
		[EFIMAP_NOT_PASSED_NO_FW_VENDOR] = { true, EFIMAP_SRC_FW_VENDOR },
		[EFIMAP_NOT_PASSED_NO_RUNTIME] = { true, EFIMAP_SRC_RUNTIME },
		[EFIMAP_NOT_PASSED_NO_CONFIG_TABLE] = { true, EFIMAP_SRC_CONFIG_TABLE },
	};
	const bool is_kernel = dump->loader == EFIMAP_LOADER_KERNEL;
	auto_encoded_setup_data struct encoded_setup_data encoded =
		encode_setup_data(map, dump->loader);
	const char *file = dump->common.file;
	const enum not_passed reason = encoded.reason;
	enum status status = STATUS_OK;

	if (reason != EFIMAP_IS_PASSED) {
		const bool is_reported_by_kexec =
			reason == EFIMAP_NOT_PASSED_VERSION || reason == EFIMAP_NOT_PASSED_MIXED ||
			(is_kernel && reason == EFIMAP_NOT_PASSED_KERNEL_32BIT);
		const bool is_source = reason < sizeof(required) / sizeof(required[0]) &&
				       required[reason].is_source;

		if (is_source && map->states[required[reason].source] == EFIMAP_STATE_DENIED)
			return report_unread_source(map, required[reason].source);
		put_message("%s: %s %spasses no EFI data to the next kernel: %s", map->name,
			    is_kernel ? "the kernel (kexec_file_load)" : "kexec-tools",
			    is_reported_by_kexec ? "" : "silently ", not_passed_text(reason));
		if (reason == EFIMAP_NOT_PASSED_VERSION || reason == EFIMAP_NOT_PASSED_ALL_ONES)
			return STATUS_UNREADABLE;
		return is_source ? STATUS_UNREADABLE : STATUS_NOT_APPLICABLE;
	}
	if (dump->format == FORMAT_EFI_MEMMAP)
		return output_save(file, encoded.memmap, encoded.memmap_size);
	for (unsigned int i = 0; i < EFIMAP_SRC_COUNT; i++) {
		const enum source source = (enum source)i;

		if (encoded.unknown & EFIMAP_ENCODED_UNKNOWN(source))
			status = combine_status(status, report_unread_source(map, source));
	}
	return status == STATUS_OK ? output_save(file, encoded.node, sizeof(encoded.node)) : status;
}

static enum status dump_run(void *args)
{
	const struct dump *dump = args;
	auto_map struct efimap *map = NULL;
	const enum status status =
		source_open(&dump->common, is_binary(dump) || dump->page_table, &map);

	if (status != STATUS_OK)
		return source_excuse(&dump->common, map, status);
	/* A program that reads a document must not mistake an incomplete map for a complete one. */
	if (is_json(dump) && source_refuse_incomplete(map) != STATUS_OK)
		return STATUS_UNREADABLE;
	if (!is_binary(dump))
		return write_map(dump, map);
	return source_has_virt(map) ? write_passed_data(dump, map) : STATUS_NOT_APPLICABLE;
}

const struct command cmd_dump = {
	.name = "dump",
	.summary = "show a runtime map",
	.quiet = "print no informational messages",
	.options = options,
	.doc = "Show one runtime map. " SOURCE_IS,
	.size = sizeof(struct dump),
	.check = check,
	.run = dump_run,
};
