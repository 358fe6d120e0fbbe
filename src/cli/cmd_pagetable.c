/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * efimapctl pagetable: the page table that a map implies, as numbers, as bytes, or beside
 * the kernel's own dump. How it is built is the emulate room's business.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/num.h"
#include "check/pagetable_check.h"
#include "cli/cli.h"
#include "format/emulation.h"
#include "model/traits.h"
#include "read/read.h"

/* A dump has 93 bytes a line; a kernel's has some hundred lines. */
#define MAX_DUMP ((size_t)256 << 20)

enum {
	KEY_MODE = 0x100,
	KEY_BASE,
	KEY_CHECK,
	KEY_NO_1G,
	KEY_NO_2M,
};

struct pagetable {
	struct common common;
	const char *source;
	const char *file;
	const char *dump;
	struct efimap_pagetable_options how;
	bool has_mode;
	bool has_base;
	bool json;
};

static const struct argp_option options[] = {
	{ "mode", KEY_MODE, "MODE", 0,
	  "identity (every region onto itself: the physical mode), virtual, or both (what Linux "
	  "builds, the default)", 0 },
	{ "output-file", 'O', "FILE", 0,
	  "write the tables themselves: whole or not at all; needs --base", 0 },
	{ "base", KEY_BASE, "ADDR", 0, "physical address of the first table in FILE", 0 },
	{ "check", KEY_CHECK, "PTDUMP", 0,
	  "hold the kernel's dump, /sys/kernel/debug/page_tables/efi, against the map", 0 },
	{ "no-1g", KEY_NO_1G, NULL, 0, "no 1 GiB leaves: a CPU without pdpe1gb", 0 },
	{ "no-2m", KEY_NO_2M, NULL, 0, "no 2 MiB leaves either: 4 KiB ones throughout", 0 },
	{ "json", 'J', NULL, 0, "write a JSON document", 0 },
	{ 0 },
};

static void set_mode(struct pagetable *pagetable, struct argp_state *state, const char *arg)
{
	static const enum efimap_pagetable_mode modes[] = {
		EFIMAP_PAGETABLE_IDENTITY,
		EFIMAP_PAGETABLE_VIRTUAL,
		EFIMAP_PAGETABLE_BOTH,
	};

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (strcmp(arg, efimap_pagetable_mode_name(modes[i])) != 0)
			continue;
		pagetable->how.mode = modes[i];
		pagetable->has_mode = true;
		return;
	}
	usage_error(state, "--mode=%s: expected identity, virtual or both", arg);
}

static void set_base(struct pagetable *pagetable, struct argp_state *state, const char *arg)
{
	if (efimap_num_parse_hex(arg, strlen(arg), UINT64_MAX, &pagetable->how.base, NULL) !=
	    EFIMAP_NUM_OK)
		usage_error(state, "--base=%s: it takes 0x and 1 to 16 hex digits", arg);
	if (pagetable->how.base % EFIMAP_PAGE_SIZE)
		usage_error(state, "--base=%s: tables start at a multiple of 0x1000", arg);
	pagetable->has_base = true;
}

/* The tables are the result then: what is said of them goes to standard error. */
static bool has_tables_on_stdout(const struct pagetable *pagetable)
{
	return pagetable->file && output_is_stdout(pagetable->file);
}

static void check(const struct pagetable *pagetable, const struct argp_state *state)
{
	if (has_tables_on_stdout(pagetable) && pagetable->json)
		usage_error(state, "standard output cannot be both the tables and the JSON "
				   "document: --output-file takes the name of a file");
	if (pagetable->file && !pagetable->has_base)
		usage_error(state, "--output-file needs --base: tables hold their own addresses");
	if (pagetable->has_base && !pagetable->file)
		usage_error(state, "--base goes with --output-file only");
	if (pagetable->dump && pagetable->has_mode &&
	    pagetable->how.mode != EFIMAP_PAGETABLE_BOTH)
		usage_error(state, "--check goes with --mode=both only: that is what Linux builds");
	if (pagetable->dump && pagetable->source && strcmp(pagetable->dump, "-") == 0 &&
	    strcmp(pagetable->source, "-") == 0)
		usage_error(state, "standard input cannot be both the SOURCE and the dump");
}

static error_t parse_operand(struct pagetable *pagetable, int key, char *arg,
			     struct argp_state *state)
{
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &pagetable->common;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			usage_error(state, "too many sources: '%s'", arg);
		pagetable->source = common_file(state, "SOURCE", arg);
		return 0;
	case ARGP_KEY_END:
		check(pagetable, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct pagetable *pagetable = state->input;

	switch (key) {
	case KEY_MODE:
		set_mode(pagetable, state, arg);
		return 0;
	case 'O':
		pagetable->file = common_file(state, "the output file", arg);
		return 0;
	case KEY_BASE:
		set_base(pagetable, state, arg);
		return 0;
	case KEY_CHECK:
		pagetable->dump = common_file(state, "the dump", arg);
		return 0;
	case KEY_NO_1G:
		if (pagetable->how.largest == EFIMAP_LEAF_1G)
			pagetable->how.largest = EFIMAP_LEAF_2M;
		return 0;
	case KEY_NO_2M:
		pagetable->how.largest = EFIMAP_LEAF_4K;
		return 0;
	case 'J':
		pagetable->json = true;
		return 0;
	default:
		return parse_operand(pagetable, key, arg, state);
	}
}

static const struct argp pagetable_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[SOURCE]",
	.doc = "Build the EFI page table that a runtime map implies: tell its size, write it, or "
	       "hold the kernel's own dump against it. With --mode=identity, tell which pointers "
	       "of the firmware could be followed in physical mode.",
	.children = common_children,
};

static int read_dump(const char *name, struct efimap_ptdump *ret_dump, struct efimap_err *err)
{
	efimap_auto_free uint8_t *text = NULL;
	size_t size;
	int ret = efimap_read_file(name, MAX_DUMP, &text, &size, err);

	if (ret == 0)
		ret = efimap_ptdump_parse((const char *)text, size, name, ret_dump, err);
	return ret < 0 ? efimap_err_set(err, -ret, name, "%s", strerror(-ret)) : 0;
}

static enum status check_dump(const struct pagetable *pagetable, const struct efimap *map,
			      const struct efimap_pagetable *table,
			      struct efimap_report **ret_report)
{
	efimap_auto_ptdump struct efimap_ptdump dump = { 0 }, predicted = { 0 };
	struct efimap_err err = EFIMAP_ERR_INIT;
	int ret = read_dump(pagetable->dump, &dump, &err);

	if (ret < 0) {
		say_error(&err);
		return status_of_error(ret);
	}
	ret = efimap_pagetable_runs(table, &predicted);
	if (ret == 0)
		ret = efimap_pagetable_check(map, &dump, &predicted, ret_report);
	if (ret)
		return say_errno(map->name, ret);
	return (*ret_report)->verdict == EFIMAP_VERDICT_FAIL ? STATUS_FINDINGS : STATUS_OK;
}

static enum status save_tables(const char *file, const struct efimap_pagetable *table)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;

	if (!file)
		return STATUS_OK;
	if (output_is_stdout(file))
		out.fd = STDOUT_FILENO;
	efimap_out_write(&out, table->words, table->n_pages * EFIMAP_PAGE_SIZE);
	return output_is_stdout(file) ? output_end(&out) : output_save(file, &out);
}

static enum status write_view(const struct pagetable *pagetable,
			      const struct efimap_pagetable_view *view)
{
	const bool is_aside = has_tables_on_stdout(pagetable);
	efimap_auto_out struct efimap_out out =
		EFIMAP_OUT_FD(is_aside ? STDERR_FILENO : STDOUT_FILENO);
	const struct efimap_emulation_options how = {
		.color = common_color(&pagetable->common),
		.verbose = pagetable->common.verbose,
	};
	int ret;

	if (is_aside && pagetable->common.quiet)
		return STATUS_OK;
	ret = pagetable->json ? efimap_pagetable_write_json(view, &out) :
				efimap_pagetable_write_text(view, &how, &out);
	if (ret < 0 && !out.error)
		out.error = ret;
	return output_end(&out);
}

static enum status use(const struct pagetable *pagetable, const struct efimap *map,
		       const struct efimap_pagetable *table)
{
	struct efimap_pointer pointers[EFIMAP_MAX_POINTERS];
	efimap_auto_report struct efimap_report *report = NULL;
	struct efimap_pagetable_view view = {
		.map = map,
		.mode = pagetable->how.mode,
		.table = table,
		.pointers = pointers,
	};
	enum status status = STATUS_OK;
	int ret = efimap_physical_mode(map, pointers, &view.n_pointers);

	if (ret < 0)
		return say_errno(map->name, ret);
	if (pagetable->dump)
		status = check_dump(pagetable, map, table, &report);
	if (pagetable->dump && !report)
		return status;
	view.report = report;
	status = status_worse(status, save_tables(pagetable->file, table));
	return status_worse(status, write_view(pagetable, &view));
}

/* An address that tables cannot have is the user's fault; too many tables are the map's. */
static enum status refuse(const struct efimap *map, int error, const struct efimap_err *err)
{
	if (!err->code)
		return say_errno(map->name, error);
	say("%s: %s", map->name, err->text);
	return error == -EOVERFLOW || error == -EINVAL ? STATUS_USAGE : STATUS_UNREADABLE;
}

static enum status build(const struct pagetable *pagetable, const struct efimap *map)
{
	efimap_auto_pagetable struct efimap_pagetable table = { 0 };
	struct efimap_pagetable_options how = pagetable->how;
	struct efimap_err err = EFIMAP_ERR_INIT;
	int ret;

	if (efimap_has(map, EFIMAP_SRC_BOOT_PARAMS)) {
		how.memmap_addr = map->boot_params.efi_info.memmap;
		how.memmap_size = map->boot_params.efi_info.memmap_size;
	}
	ret = efimap_pagetable_build(map->entries, map->n_entries, &how, &table, &err);
	return ret < 0 ? refuse(map, ret, &err) : use(pagetable, map, &table);
}

static enum status run(int argc, char **argv, const struct common *common)
{
	struct pagetable pagetable = { .common = *common };
	efimap_auto_map struct efimap *map = NULL;
	enum status status;

	common_parse(&pagetable_argp, argc, argv, 0, NULL, &pagetable);
	status = source_open_map(pagetable.source, &map);
	if (status != STATUS_OK)
		return status;
	if (pagetable.how.mode != EFIMAP_PAGETABLE_IDENTITY && efimap_is_32bit_kernel(map)) {
		say("%s: a 32-bit kernel: it has no page table for EFI, but maps every region in "
		    "its own; --mode=identity makes one",
		    map->name);
		return STATUS_NOT_APPLICABLE;
	}
	if (pagetable.how.mode != EFIMAP_PAGETABLE_IDENTITY && !source_has_virt(map))
		return STATUS_NOT_APPLICABLE;
	status = build(&pagetable, map);
	/* Of a kernel that was handed a map, boot_params says which pages hold it. */
	if (source_say_faults(map, FAULT_BESIDE, FAULT_BESIDE) > 0)
		status = status_worse(status, STATUS_UNREADABLE);
	return status;
}

const struct command cmd_pagetable = {
	.name = "pagetable",
	.summary = "build the EFI page table, or check a dump of it",
	.run = run,
};
