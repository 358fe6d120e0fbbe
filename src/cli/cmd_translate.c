/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * efimapctl translate: physical and virtual addresses through a runtime map, from the
 * command line or, line by line, from standard input. What covers what is the emulate
 * room's business.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/num.h"
#include "cli/cli.h"
#include "emulate/translate.h"
#include "format/format.h"
#include "format/json.h"

/* An address has 18 characters; the rest is room for blanks. */
#define MAX_LINE 256
#define BUFFER_SIZE 65536

struct translate {
	struct common common;
	struct efimap_translator translator;
	struct json json;
	struct efimap_out out;
	bool missed;
};

static const struct command_option options[] = {
	{ "source", 0, "SOURCE",
	  "whose map: / (the running system, the default), a directory that holds sys/ and "
	  "proc/ of a machine, an archive of one, a kernel log, a crash dump, or a snapshot",
	  NAME_AT(common, source, "a SOURCE") },
	OPTION_JSON(""),
	{ 0 },
};

static bool is_stdin(const struct common *common)
{
	return common->n_operands == 0 ||
	       (common->n_operands == 1 && strcmp(common->operands[0], "-") == 0);
}

/* As sysfs spells addresses, or as /proc/iomem does. */
static bool parse_address(const char *text, size_t len, uint64_t *ret_address)
{
	return efimap_num_parse_hex(text, len, UINT64_MAX, ret_address, NULL) ==
		       EFIMAP_NUM_OK ||
	       efimap_num_parse_bare_hex(text, len, UINT64_MAX, ret_address, NULL) ==
		       EFIMAP_NUM_OK;
}

static void check(void *args, const struct argp_state *state)
{
	const struct common *common = args;
	uint64_t address;

	if (is_stdin(common)) {
		if (strcmp(common->source, "-") == 0)
			usage_error(state, "standard input cannot be both the SOURCE and the "
					   "addresses");
		return;
	}
	for (size_t i = 0; i < common->n_operands; i++) {
		const char *word = common->operands[i];

		if (!parse_address(word, strlen(word), &address))
			usage_error(state, "'%s' is no address: it takes 1 to 16 hex digits, "
					   "with or without 0x%s", word,
				    access(word, F_OK) ? "" : "; --source names a SOURCE");
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

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* An empty line says nothing; anything else but an address is malformed. */
static enum status answer_line(struct translate *translate, const char *line, size_t len,
			       uint64_t number)
{
	uint64_t address;

	while (len > 0 && is_blank(line[len - 1]))
		len--;
	while (len > 0 && is_blank(*line)) {
		line++;
		len--;
	}
	if (len == 0)
		return STATUS_OK;
	if (!parse_address(line, len, &address)) {
		say("standard input:%" PRIu64 ": \"%.*s\" is no address: expected 1 to 16 hex "
		    "digits, with or without 0x", number, (int)(len < 40 ? len : 40), line);
		return STATUS_UNREADABLE;
	}
	answer(translate, address);
	return STATUS_OK;
}

/* struct input - what was read of standard input and not yet answered */
struct input {
	char data[BUFFER_SIZE];
	size_t used;
	uint64_t lines;
	bool is_too_long;
};

/* Answer the whole lines; keep the rest. One that is bad does not hinder the next. */
static enum status answer_lines(struct translate *translate, struct input *input)
{
	const char *line = input->data, *end;
	enum status status = STATUS_OK;

	while ((end = memchr(line, '\n', input->used - (size_t)(line - input->data)))) {
		input->lines++;
		if (!input->is_too_long)
			status = status_worse(status, answer_line(translate, line,
								  (size_t)(end - line),
								  input->lines));
		input->is_too_long = false;
		line = end + 1;
	}
	input->used -= (size_t)(line - input->data);
	memmove(input->data, line, input->used);
	if (input->used <= MAX_LINE)
		return status;
	if (!input->is_too_long)
		say("standard input:%" PRIu64 ": a line of more than %d bytes is no address",
		    input->lines + 1, MAX_LINE);
	/* What follows of it is passed over. */
	input->is_too_long = true;
	input->used = 0;
	return STATUS_UNREADABLE;
}

/* Before it waits for more, everything so far is answered: the other end may wait too. */
static enum status answer_stdin(struct translate *translate)
{
	struct input input = { .used = 0 };
	enum status status = STATUS_OK;

	while (!translate->out.error) {
		ssize_t count;

		if (!translate->common.json)
			efimap_out_flush(&translate->out);
		count = TEMP_FAILURE_RETRY(read(STDIN_FILENO, input.data + input.used,
						sizeof(input.data) - input.used));
		if (count < 0) {
			say("standard input: %s", strerror(errno));
			return STATUS_UNREADABLE;
		}
		input.used += (size_t)count;
		status = status_worse(status, answer_lines(translate, &input));
		if (count == 0)
			break;
	}
	if (input.is_too_long)
		return status;
	return status_worse(status, answer_line(translate, input.data, input.used,
						input.lines + 1));
}

static enum status answer_all(struct translate *translate)
{
	uint64_t address = 0;

	if (is_stdin(&translate->common))
		return answer_stdin(translate);
	for (size_t i = 0; i < translate->common.n_operands && !translate->out.error; i++) {
		const char *word = translate->common.operands[i];

		if (parse_address(word, strlen(word), &address))
			answer(translate, address);
	}
	return STATUS_OK;
}

static enum status translate_all(struct translate *translate, const struct efimap *map)
{
	enum status status;
	int ret = efimap_translator_make(map->entries, map->n_entries, &translate->translator);

	if (ret < 0) {
		efimap_translator_free(&translate->translator);
		return say_errno(map->name, ret);
	}
	translate->out = (struct efimap_out)EFIMAP_OUT_FD(STDOUT_FILENO);
	if (translate->common.json)
		efimap_translation_begin(&translate->json, map->name, &translate->out);
	status = answer_all(translate);
	if (translate->common.json)
		json_end(&translate->json);
	status = status_worse(status, output_end(&translate->out));
	efimap_out_free(&translate->out);
	efimap_translator_free(&translate->translator);
	return status_worse(status, translate->missed ? STATUS_FINDINGS : STATUS_OK);
}

static enum status translate_run(void *args)
{
	struct translate *translate = args;
	efimap_auto_map struct efimap *map = NULL;
	enum status status = source_open_map(translate->common.source, &map);

	return status == STATUS_OK ? translate_all(translate, map) : status;
}

const struct command cmd_translate = {
	.name = "translate",
	.summary = "translate addresses through a runtime map",
	.options = options,
	.operands = OPERANDS_WORDS,
	.args_doc = "[ADDRESS...]",
	.doc = "Translate physical and virtual addresses through a runtime map, and say which "
	       "entry covers them. Without ADDRESS, or with -, they are read from standard "
	       "input, one a line. Status 1 when one lies in no entry.",
	.size = sizeof(struct translate),
	.check = check,
	.run = translate_run,
};
