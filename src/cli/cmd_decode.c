/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * efimapctl decode: what a binary of the hand-over holds. Payloads can be keys: which of
 * them are shown is decided in the format room, not here.
 */
#include <unistd.h>

#include "base/cleanup.h"
#include "check/verify.h"
#include "cli/cli.h"
#include "format/format.h"
#include "read/read.h"

struct decode {
	struct common common;
	struct efimap_decode_options how;
	bool all_payloads;
};

static void take_base(void *args, const struct argp_state *state, const char *operand)
{
	struct decode *decode = args;

	decode->how.base = common_address(state, "base", operand);
}

static const char *const kinds[] = { "",	   "setup-data",  "efi-payload",
				     "efi-memmap", "boot-params", NULL };

static const struct command_option options[] = {
	{ "as", 0, "KIND",
	  "take it as setup-data, efi-payload, efi-memmap or boot-params, instead of recognising "
	  "it", CHOICE_AT(decode, how.as, kinds) },
	{ "desc-size", 0, "N", "of efi-memmap: bytes of a descriptor",
	  NUMBER_AT(decode, how.desc_size, &desc_size_range) },
	{ "base", 0, "ADDR", "physical address of the first byte, to follow a chain of setup_data",
	  .take = take_base },
	{ "all-payloads", 0, NULL,
	  "print payloads that are not EFI's too: they can be keys; never random seeds",
	  FLAG_AT(decode, all_payloads) },
	OPTION_JSON(""),
	{ 0 },
};

static enum status judge(const struct decode *decode, const uint8_t *data, size_t size,
			 const struct efimap_decoded *decoded)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_FD(STDOUT_FILENO);
	const struct efimap_text_options how = common_text(&decode->common);
	efimap_auto_report struct efimap_report *report = NULL;
	struct efimap_decoded_view view = {
		.name = decode->common.source,
		.data = data,
		.size = size,
		.decoded = decoded,
		.all_payloads = decode->all_payloads,
	};
	enum status status;
	int ret = efimap_decode_check(decoded, &report);

	if (ret < 0)
		return say_errno(decode->common.source, ret);
	view.report = report;
	ret = decode->common.json ? efimap_decoded_write_json(&view, &out) :
				    efimap_decoded_write_text(&view, &how, &out);
	status = output_finish(NULL, 0644, ret, &out);
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

	ret = efimap_read_file(decode->common.source, EFIMAP_DECODE_MAX, &data, &size, &err) ?:
	      efimap_decode(data, size, decode->common.source, &decode->how, &decoded, &err);
	return ret < 0 ? say_error(ret, decode->common.source, &err) :
			 judge(decode, data, size, &decoded);
}

const struct command cmd_decode = {
	.name = "decode",
	.summary = "say what a binary of the hand-over holds",
	.options = options,
	.operands = OPERAND_FILE,
	.missing = "a file is missing; - is standard input",
	.args_doc = "FILE",
	.doc = "Say what a binary of the hand-over is and what it holds: a setup_data node or a "
	       "chain of them, its 96-byte payload, an EFI memory map, or a boot_params of 4096 "
	       "bytes. Status 1 when there is an error in it.",
	.size = sizeof(struct decode),
	.run = decode_run,
};
