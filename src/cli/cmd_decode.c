/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * efimapctl decode: what a binary of the hand-over holds. Payloads can be keys: which of
 * them are shown is decided in the format room, not here.
 */
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "check/setup.h"
#include "cli/cli.h"
#include "emulate/handover.h"
#include "format/emulation.h"
#include "read/read.h"

enum {
	KEY_AS = 0x100,
	KEY_DESC_SIZE,
	KEY_BASE,
	KEY_ALL_PAYLOADS,
};

struct decode {
	struct common common;
	const char *file;
	struct efimap_decode_options how;
	bool all_payloads;
};

static const struct argp_option options[] = {
	{ "as", KEY_AS, "KIND", 0,
	  "take it as setup-data, efi-payload, efi-memmap or boot-params, instead of recognising "
	  "it", 0 },
	{ "desc-size", KEY_DESC_SIZE, "N", 0, "of efi-memmap: bytes of a descriptor", 0 },
	{ "base", KEY_BASE, "ADDR", 0,
	  "physical address of the first byte, to follow a chain of setup_data", 0 },
	{ "all-payloads", KEY_ALL_PAYLOADS, NULL, 0,
	  "print payloads that are not EFI's too: they can be keys; never random seeds", 0 },
	OPTION_JSON(""),
	{ 0 },
};

static error_t decode_option(int key, char *arg, struct argp_state *state)
{
	struct decode *decode = state->input;

	switch (key) {
	case KEY_AS:
		decode->how.as = efimap_blob_find(arg);
		if (decode->how.as == EFIMAP_BLOB_UNKNOWN)
			usage_error(state, "--as=%s: expected setup-data, efi-payload, efi-memmap "
					   "or boot-params", arg);
		return 0;
	case KEY_DESC_SIZE:
		decode->how.desc_size = common_number(state, "desc-size", arg, EFIMAP_DESC_SIZE,
						      EFIMAP_DESC_SIZE_MAX);
		return 0;
	case KEY_BASE:
		decode->how.base = common_address(state, "base", arg);
		return 0;
	case KEY_ALL_PAYLOADS:
		decode->all_payloads = true;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			usage_error(state, "too many files: '%s'", arg);
		decode->file = common_file(state, "FILE", arg);
		return 0;
	case ARGP_KEY_NO_ARGS:
		usage_error(state, "a file is missing; - is standard input");
	default:
		return common_option(key, arg, state);
	}
}

static enum status write_view(const struct decode *decode,
			      const struct efimap_decoded_view *view)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_FD(STDOUT_FILENO);
	const struct efimap_text_options how = common_text(&decode->common);
	int ret = decode->common.json ? efimap_decoded_write_json(view, &out) :
					efimap_decoded_write_text(view, &how, &out);

	return output_finish(NULL, READ_BY_UMASK, ret, &out);
}

static enum status judge(const struct decode *decode, const uint8_t *data, size_t size,
			 const struct efimap_decoded *decoded)
{
	efimap_auto_report struct efimap_report *report = NULL;
	struct efimap_decoded_view view = {
		.name = decode->file,
		.data = data,
		.size = size,
		.decoded = decoded,
		.all_payloads = decode->all_payloads,
	};
	enum status status;
	int ret = efimap_decode_check(decoded, &report);

	if (ret < 0)
		return say_errno(decode->file, ret);
	view.report = report;
	status = write_view(decode, &view);
	return status_worse(status, report->fails ? STATUS_FINDINGS : STATUS_OK);
}

static enum status decode_run(void *args)
{
	const struct decode *decode = args;
	efimap_auto_decoded struct efimap_decoded decoded = { 0 };
	struct efimap_err err = EFIMAP_ERR_INIT;
	efimap_auto_free uint8_t *data = NULL;
	size_t size = 0;
	int ret;

	ret = efimap_read_file(decode->file, EFIMAP_DECODE_MAX, &data, &size, &err);
	if (ret == 0)
		ret = efimap_decode(data, size, decode->file, &decode->how, &decoded, &err);
	if (ret < 0) {
		efimap_err_set(&err, -ret, decode->file, "%s", strerror(-ret));
		say_error(&err);
		return status_of_error(ret);
	}
	return judge(decode, data, size, &decoded);
}

const struct command cmd_decode = {
	.name = "decode",
	.summary = "say what a binary of the hand-over holds",
	.options = options,
	.parser = decode_option,
	.args_doc = "FILE",
	.doc = "Say what a binary of the hand-over is and what it holds: a setup_data node or a "
	       "chain of them, its 96-byte payload, an EFI memory map, or a boot_params of 4096 "
	       "bytes. Status 1 when there is an error in it.",
	.size = sizeof(struct decode),
	.run = decode_run,
};
