/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * efimapctl handover: has EFI reached this kernel? It decides nothing itself: a receipt
 * becomes a status.
 */
#include <errno.h>
#include <unistd.h>

#include "check/handover_judge.h"
#include "cli/cli.h"
#include "format/format.h"

struct handover {
	struct common common;
	bool json;
	const char *source;
};

static const struct argp_option options[] = {
	{ "json", 'J', NULL, 0, "write a JSON document", 0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct handover *handover = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &handover->common;
		return 0;
	case 'J':
		handover->json = true;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			usage_error(state, "too many sources: '%s'", arg);
		handover->source = common_file(state, "a SOURCE", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp handover_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[SOURCE]",
	.doc = "In a kernel that was started by kexec: tell whether EFI was handed over, by which "
	       "system call, and if not, what may have been the cause. SOURCE is / (the running "
	       "system, the default), a directory that holds sys/ and proc/ of a machine, an "
	       "archive of one, a kernel log, a crash dump, or a snapshot.",
	.children = common_children,
};

static enum status status_of(enum efimap_received received)
{
	static const enum status statuses[] = {
		[EFIMAP_RECEIVED_YES] = STATUS_OK,
		[EFIMAP_RECEIVED_NO] = STATUS_FINDINGS,
		[EFIMAP_RECEIVED_NOT_APPLICABLE] = STATUS_NOT_APPLICABLE,
	};

	return statuses[received];
}

/* What was read is not all that the verdict rests on. */
static enum status say_around(const struct efimap *map, enum efimap_received received)
{
	if (received != EFIMAP_RECEIVED_NOT_APPLICABLE && source_map_is_denied(map))
		return source_say_denied(map);
	return source_say_faults(map, FAULT_JUDGED, FAULT_BESIDE) > 0 ? STATUS_UNREADABLE :
									 STATUS_OK;
}

static enum status show(const struct handover *handover, const struct efimap *map)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_FD(STDOUT_FILENO);
	efimap_auto_receipt struct efimap_receipt *receipt = NULL;
	int ret = efimap_handover_judge(map, &receipt);
	enum status status;

	if (ret < 0)
		return say_errno(map->name, ret);
	status = status_of(receipt->received);
	if (handover->json && !handover->common.quiet)
		efimap_receipt_write_json(map->name, receipt, false, &out);
	else if (status == STATUS_NOT_APPLICABLE && !handover->common.quiet)
		say("%s: %s", map->name, receipt->reason);
	else if (!handover->common.quiet)
		efimap_receipt_write_text(receipt, handover->common.verbose,
					  common_color(&handover->common), &out);
	status = status_worse(status, output_end(&out));
	return status_worse(status, say_around(map, receipt->received));
}

static enum status run(int argc, char **argv, const struct common *common)
{
	struct handover handover = { .common = *common };
	efimap_auto_map struct efimap *map = NULL;
	enum status status;

	common_parse(&handover_argp, argc, argv, 0, NULL, &handover);
	status = source_read(handover.source, &map);
	return status == STATUS_OK ? show(&handover, map) : status;
}

const struct command cmd_handover = {
	.name = "handover",
	.summary = "tell whether EFI reached a kernel that was kexec'ed, or why not",
	.run = run,
};
