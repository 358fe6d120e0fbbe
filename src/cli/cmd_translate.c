/* SPDX-License-Identifier: GPL-2.0-or-later */
/* efimapctl translate */
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "cli/command_list.h"
#include "cli/exit_status.h"
#include "cli/messages.h"
#include "cli/option_parser.h"
#include "cli/output_file.h"
#include "cli/source_operand.h"
#include "document/json_writer.h"
#include "infer/address_translation.h"
#include "show/translation_and_page_table.h"

struct translate {
	struct common common;
	struct efimap_translator translator;
	struct json json;
	struct efimap_out out;
	bool missed;
};

static const struct command_option options[] = {
	{ "source", 0, "SOURCE",
	  "source of the map: / (the running system, the default), a directory that "
	  "contains sys/ or proc/ of a machine, an archive of such a directory, a "
	  "kernel log, a crash dump, a snapshot, or - (standard input)",
	  NAME_AT(common, source, "a SOURCE") },
	OPTION_JSON(""),
	OPTION_IF_EFI,
	OPTION_BOOT,
	{ 0 },
};

/* Parse an address in the format of sysfs (with 0x) or of /proc/iomem (without 0x). */
static bool parse_address(const char *text, uint64_t *ret_address)
{
	const size_t len = strlen(text);

	return efimap_number_parse_hex(text, len, UINT64_MAX, ret_address, NULL) ==
		       EFIMAP_NUMBER_OK ||
	       efimap_number_parse_bare_hex(text, len, UINT64_MAX, ret_address, NULL) ==
		       EFIMAP_NUMBER_OK;
}

static void check(void *args, const struct argp_state *state)
{
	const struct common *common = args;
	uint64_t address;

	for (size_t i = 0; i < common->n_operands; i++) {
		const char *word = common->operands[i];

		if (!parse_address(word, &address))
			usage_error(state,
				    "'%s' is not an address: expected 1 to 16 "
				    "hexadecimal digits, with or without 0x%s",
				    word,
				    access(word, F_OK) ? ""
						       : "; use --source for a SOURCE");
	}
}

static void answer(struct translate *translate, uint64_t address)
{
	struct efimap_answer to_virt, to_phys;

	efimap_translate(&translate->translator, EFIMAP_TO_VIRT, address, &to_virt);
	efimap_translate(&translate->translator, EFIMAP_TO_PHYS, address, &to_phys);
	if (translate->common.json)
		efimap_translation_add(&translate->json, address, &to_virt, &to_phys);
	else
		efimap_translation_write_text(address, &to_virt, &to_phys, &translate->out);
	translate->missed |= !to_virt.n_hits && !to_phys.n_hits;
}

/* check() has already rejected invalid addresses. */
static void answer_all(struct translate *translate)
{
	const struct common *common = &translate->common;
	uint64_t address = 0;

	for (size_t i = 0; i < common->n_operands && !translate->out.error; i++) {
		const char *word = common->operands[i];

		if (parse_address(word, &address))
			answer(translate, address);
	}
}

static enum status translate_all(struct translate *translate, const struct efimap *map)
{
	enum status status;
	int ret = efimap_translator_make(map->entries, map->n_entries, &translate->translator);

	if (ret < 0) {
		efimap_translator_free(&translate->translator);
		return report_errno(map->name, ret);
	}
	translate->out = (struct efimap_out)EFIMAP_OUT_FD(STDOUT_FILENO);
	if (translate->common.json)
		efimap_translation_begin(&translate->json, map->name, &translate->out);
	answer_all(translate);
	if (translate->common.json)
		json_end(&translate->json);
	status = output_end(&translate->out);
	efimap_out_free(&translate->out);
	efimap_translator_free(&translate->translator);
	return combine_status(status, translate->missed ? STATUS_FINDINGS : STATUS_OK);
}

static enum status translate_run(void *args)
{
	struct translate *translate = args;
	efimap_auto_map struct efimap *map = NULL;
	enum status status = source_open_map(&translate->common, &map);

	return status == STATUS_OK ? translate_all(translate, map) :
				     source_excuse(&translate->common, map, status);
}

const struct command cmd_translate = {
	.name = "translate",
	.summary = "translate addresses through a runtime map",
	.options = options,
	.operands = OPERANDS_WORDS,
	.missing = "an ADDRESS is missing",
	.args_doc = "ADDRESS...",
	.doc = "Translate physical and virtual addresses through a runtime map, and show "
	       "which entries cover them. The status is 1 if at least one of the "
	       "addresses is not covered by any entry.",
	.size = sizeof(struct translate),
	.check = check,
	.run = translate_run,
};
