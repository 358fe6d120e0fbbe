/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command "efimapctl pagetable" builds the EFI page table. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "cli/command_list.h"
#include "cli/error_output.h"
#include "cli/exit_status.h"
#include "cli/option_parser.h"
#include "cli/output_file.h"
#include "cli/source_operand.h"
#include "document/json_writer.h"
#include "infer/architecture.h"
#include "infer/booted_by.h"
#include "rules/unread_verdict.h"
#include "show/page_table_output.h"

struct pagetable {
	struct common common;
	struct pagetable_options how;
	const char *base;
	bool no_1g;
	bool no_2m;
};

static const char *const modes[] = { "identity", "virtual", "both", NULL };
static const unsigned int mode_values[] = {
	EFIMAP_PAGETABLE_IDENTITY,
	EFIMAP_PAGETABLE_VIRTUAL,
	EFIMAP_PAGETABLE_BOTH,
};

static const struct command_option options[] = {
	{ "mode", 0, "MODE",
	  "identity (for physical mode), virtual (at the virtual addresses), or both (the "
	  "default, as Linux maps them)",
	  CHOICE_AT(pagetable, how.mode, modes), .values = mode_values },
	OPTION_OUTPUT("write the page table atomically to FILE, or to standard output (-); "
		      "requires --table-base"),
	{ "table-base", 0, "ADDR", "physical address of the first table in FILE",
	  NAME_AT(pagetable, base, NULL) },
	{ "no-1g", 0, NULL, "assume a CPU without pdpe1gb (no 1 GiB pages)",
	  FLAG_AT(pagetable, no_1g) },
	{ "no-2m", 0, NULL, "use 4 KiB pages only", FLAG_AT(pagetable, no_2m) },
	OPTION_JSON(""),
	OPTION_IF_EFI,
	OPTION_BOOT,
	{ 0 },
};

static bool has_tables_on_stdout(const struct pagetable *pagetable)
{
	return pagetable->common.file && output_is_stdout(pagetable->common.file);
}

static void check(void *args, const struct argp_state *state)
{
	struct pagetable *pagetable = args;
	const char *base = pagetable->base;

	if (base && number_parse_hex(base, strlen(base), UINT64_MAX, &pagetable->how.base, NULL) !=
			    EFIMAP_NUMBER_OK)
		usage_error(state, "--table-base=%s: expected 0x and 1 to 16 hexadecimal digits",
			    base);
	if (pagetable->how.base % EFIMAP_PAGE_SIZE)
		usage_error(state, "--table-base=%s: expected a multiple of 0x1000", base);
	pagetable->how.largest = pagetable->no_2m   ? EFIMAP_LEAF_4K
				 : pagetable->no_1g ? EFIMAP_LEAF_2M
						    : EFIMAP_LEAF_1G;
	if (has_tables_on_stdout(pagetable) && pagetable->common.json)
		usage_error(state, "the page table and the JSON document cannot both go "
				   "to standard output; use --output-file=FILE");
	if (pagetable->common.file && !base)
		usage_error(state, "--output-file requires --table-base, because page "
				   "tables contain the addresses of other page tables");
	if (base && !pagetable->common.file)
		usage_error(state, "--table-base requires --output-file");
}

static enum status build_table(const struct pagetable *pagetable, const struct efimap *map)
{
	const struct common *common = &pagetable->common;
	const bool is_aside = has_tables_on_stdout(pagetable);
	auto_out struct out out = EFIMAP_OUT_FD(is_aside ? STDERR_FILENO : STDOUT_FILENO);
	auto_pagetable struct efi_page_table table = { 0 };
	struct pagetable_options how = pagetable->how;
	struct firmware_pointer pointers[EFIMAP_MAX_POINTERS];
	struct pagetable_view view = {
		.map = map,
		.mode = how.mode,
		.table = &table,
		.pointers = pointers,
	};
	struct err err = EFIMAP_ERR_INIT;
	enum status status = STATUS_OK;
	int ret;

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
	ret = pagetable_build(map->entries, map->n_entries, &how, &table, &err);
	if (ret && err.code) {
		put_message("%s: %s", map->name, err.text);
		/* An invalid base is a usage error. Too many tables are a fault of the map. */
		return ret == -EOVERFLOW || ret == -EINVAL ? STATUS_USAGE : STATUS_UNREADABLE;
	}
	if (ret)
		return report_errno(map->name, ret);
	view.n_pointers = physical_mode(map, pointers);
	if (common->file)
		status = output_save(common->file, table.words, table.n_pages * EFIMAP_PAGE_SIZE);
	if (is_aside && common->quiet)
		return status;
	if (common->json)
		json_put_document(&document_pagetable, map->name, false, NULL, &view, &out);
	else
		pagetable_write_text(&view, &out);
	return combine_status(status, output_end(&out));
}

static enum status pagetable_run(void *args)
{
	const struct pagetable *pagetable = args;
	const bool is_identity = pagetable->how.mode == EFIMAP_PAGETABLE_IDENTITY;
	auto_map struct efimap *map = NULL;
	enum status status = source_open(&pagetable->common, true, &map);

	if (status != STATUS_OK)
		return source_excuse(&pagetable->common, map, status);
	if (!is_identity && is_32bit_kernel(map)) {
		put_message("%s: a 32-bit kernel maps runtime regions in its own page "
			    "table and does not build a page table for EFI; use "
			    "--mode=identity",
			    map->name);
		return STATUS_NOT_APPLICABLE;
	}
	if (!is_identity && !source_has_virt(map))
		return STATUS_NOT_APPLICABLE;
	status = build_table(pagetable, map);
	/* Do not report faults of memmap and iomem, which do not affect the page table. */
	return combine_status(status,
			      source_report_faults(map, LISTED_SOURCES &
								~EFIMAP_NEEDS(EFIMAP_SRC_MEMMAP) &
								~EFIMAP_NEEDS(EFIMAP_SRC_IOMEM)));
}

const struct command cmd_pagetable = {
	.name = "pagetable",
	.summary = "build the EFI page table",
	.quiet = "print no informational messages",
	.options = options,
	.doc = "Build the EFI page table for a runtime map, and show the number of "
	       "page tables and the number of pages of each size. With --output-file, "
	       "also write the page table to a file. With --mode=identity, also show "
	       "which firmware pointers are usable in physical mode.",
	.size = sizeof(struct pagetable),
	.check = check,
	.run = pagetable_run,
};
