/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * efimapctl snapshot: write a capture down as one document. It judges nothing: what is
 * wrong with a map is in the document too, for the commands that read it back.
 */
#include <errno.h>
#include <unistd.h>

#include <efimap/format.h>
#include <efimap/snapshot.h>
#include <efimap/traits.h>

#include "cli.h"

struct snapshot {
	struct common common;
	const char *source;
	const char *file;
};

static const struct argp_option options[] = {
	{ "output-file", 'O', "FILE", 0,
	  "write FILE instead of standard output (-): whole or not at all, and readable by its "
	  "owner only", 0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct snapshot *snapshot = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &snapshot->common;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			usage_error(state, "too many sources: '%s'", arg);
		snapshot->source = common_file(state, "SOURCE", arg);
		return 0;
	case 'O':
		snapshot->file = common_file(state, "the output file", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {
	{ &common_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp snapshot_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[SOURCE]",
	.doc = "Write everything that the other commands need as one JSON document, which they "
	       "take as SOURCE. SOURCE is / (the running system, the default), a directory that "
	       "holds sys/ and proc/ of a machine, a snapshot, or - (standard input).",
	.children = children,
};

/*
 * Without EFI there is nothing that another kernel could be held against, except in a
 * kernel that was kexec'ed: that it has none can be the very thing to look into.
 */
static bool is_worth_keeping(const struct efimap *map)
{
	return map->states[EFIMAP_SRC_EFI] != EFIMAP_STATE_ABSENT ||
	       efimap_booted_by(map) == EFIMAP_BOOTED_BY_KEXEC;
}

static enum status save(const struct snapshot *snapshot, const struct efimap *map)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	int ret = efimap_snapshot_write(map, false, &out);

	if (ret < 0 && !out.error)
		out.error = ret;
	if (!out.error && out.used > EFIMAP_SNAPSHOT_MAX_BYTES) {
		say("%s: the snapshot would be longer than the %zu MiB that can be read back",
		    map->name, EFIMAP_SNAPSHOT_MAX_BYTES >> 20);
		return STATUS_UNREADABLE;
	}
	if (!output_is_stdout(snapshot->file))
		return output_save_private(snapshot->file, &out);
	out.fd = STDOUT_FILENO;
	return output_end(&out);
}

static enum status take(const struct snapshot *snapshot, const struct efimap *map)
{
	if (source_map_is_denied(map))
		return source_say_denied(map);
	if (!is_worth_keeping(map)) {
		say("%s: no EFI to take a snapshot of: booted without it, or "
		    "sys/firmware/efi was not collected", map->name);
		return STATUS_NOT_APPLICABLE;
	}
	if (!snapshot->common.quiet) {
		source_say_hidden(map);
		source_say_faults(map, FAULT_JUDGED, FAULT_BESIDE);
	}
	return save(snapshot, map);
}

static enum status run(int argc, char **argv, const struct common *common)
{
	struct snapshot snapshot = { .common = *common };
	efimap_auto_map struct efimap *map = NULL;
	enum status status;

	argp_parse(&snapshot_argp, argc, argv, 0, NULL, &snapshot);
	status = source_read(snapshot.source, &map);
	return status == STATUS_OK ? take(&snapshot, map) : status;
}

const struct command cmd_snapshot = {
	.name = "snapshot",
	.summary = "write all that is read as one JSON document",
	.run = run,
};
