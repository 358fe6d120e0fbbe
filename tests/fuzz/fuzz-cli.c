/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first byte selects a command line, and the second byte the kinds of the two sources. If bit 0
 * is set, source 1 is a tree of members (see member.h), otherwise a file. Bit 1 selects the kind of
 * source 2. A line "%%" separates the data of the sources. Without this line, both sources have the
 * same data. No command line may cause a usage error. Text output must not contain control
 * characters, and JSON output must be valid.
 */
#include <stdbool.h>

#include <jansson.h>

#include "fuzz.h"
#include "base/cleanup.h"
#include "stage.h"

#define MAX_WORDS 12
#define MARK "\n%%\n"

int efimapctl_main(int argc, char **argv);

/*
 * The words 1 and 2 are replaced with the sources. A command line that starts with ! prints binary
 * data. The corpus refers to command lines by number, so append new command lines.
 */
static const char *const lines[] = {
	"dump 1",
	"dump -v -b --output-all 1",
	"dump -n -o +VEND,OFFSET,MODE 1",
	"dump --color=always --output-all 1",
	"dump -J 1",
	"dump -J -v -b 1",
	"dump --format=ndjson 1",
	"dump -r --output-all 1",
	"dump -P --output-all 1",
	"dump -r -b 1",
	"!dump --format=setup-data 1",
	"!dump --format=setup-data --loader=kexec-file-load 1",
	"!dump --format=efi-memmap 1",
	"!dump --format=efi-memmap --loader=kexec-file-load 1",
	"verify 1",
	"verify -v --color=always 1",
	"verify -q --fail-on=do-not-use,no-dump 1",
	"verify -J 1",
	"verify -J -v --fail-on=warning,map 1",
	"verify -v --if-efi 1",
	"verify -J --kernel=2 1",
	"verify -v --kexec-log=2 1",
	"verify -J --kexec-log=2 --kernel=2 1",
	"verify -q --fail-on=do-not-use-it-yet,unknown 1",
	"verify -v --fail-on=warning 1",
	"verify -v 1 2",
	"verify -J 1 2",
	"snapshot 1",
	"snapshot -v 1",
	"compare 1 2",
	"compare -v 1 2",
	"compare -J 1 2",
	"compare -J 1 2 2",
	"received -v 1",
	"received -J 1",
	"dump --address=0xfffffffeff1ec123 1",
	"dump -P --output-all --address=0x0 2",
	"dump -J --address=0xffffffffffffffff 2",
	"dump -v -o IDX,VIRT,PREDICTED,BOUND 1",
	"dump --format=page-table 1",
	"dump -J --format=page-table 1",
	"plot 1",
	"plot --color=always 1",
	"plot --format=svg 1",
	"plot --format=svg -q 1",
	"report 1",
	"report -v 1",
	"snapshot --redact 1",
	"verify -v --loader=kexec-load --configured 1",
	"verify -J --loader=kexec-file-load --for=kdump 1",
	"explain -v 1",
};

#define N_LINES (sizeof(lines) / sizeof(lines[0]))

static char *place_of(char *word)
{
	char *at = strrchr(word, '=');

	at = at ? at + 1 : word;
	return (*at == '1' || *at == '2') && !at[1] ? at : NULL;
}

static void run_line(const char *line, const char *const inputs[STAGE_FILES], struct out *out)
{
	char text[256], words[MAX_WORDS][128], *argv[MAX_WORDS + 1] = { NULL }, *next = text;
	int argc = 0, status;

	snprintf(text, sizeof(text), "efimapctl %s", line + (*line == '!'));
	for (char *word; (word = strsep(&next, " ")) != NULL; argc++) {
		char *place = place_of(word);
		const char *input = place ? inputs[*place - '1'] : "";

		fuzz_check(argc < MAX_WORDS);
		if (place)
			*place = '\0';
		snprintf(words[argc], sizeof(words[0]), "%s%s", word, input);
		argv[argc] = words[argc];
	}
	status = stage_run(efimapctl_main, argc, argv, out);
	fuzz_check(status >= 0 && status <= 5);
	fuzz_check(status != 2);
}

static bool is_clean(const struct out *out, bool has_colors)
{
	for (size_t i = 0; i < out->used; i++) {
		const uint8_t byte = (uint8_t)out->data[i];

		if ((byte < ' ' && byte != '\n' && !(has_colors && byte == '\x1b')) || byte == 0x7f)
			return false;
	}
	return true;
}

static bool is_json(const struct out *out)
{
	size_t at = 0;

	while (at < out->used) {
		json_error_t error;
		json_t *document =
			json_loadb(out->data + at, out->used - at,
				   JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES, &error);

		if (!document)
			return false;
		json_decref(document);
		at += (size_t)error.position;
		at += at < out->used && out->data[at] == '\n';
	}
	return true;
}

static void check_line(const char *line, const char *const inputs[STAGE_FILES])
{
	auto_out struct out out = EFIMAP_OUT_MEM;

	run_line(line, inputs, &out);
	fuzz_check(!out.error);
	if (*line != '!')
		fuzz_check(is_clean(&out, strstr(line, "always") != NULL));
	if (strstr(line, "-J ") || strstr(line, "json"))
		fuzz_check(is_json(&out));
}

/* Run each command line once, because the corpus contains only some of them. */
static void check_all_lines(void)
{
	static bool is_done;

	if (is_done)
		return;
	for (size_t i = 0; i < N_LINES; i++) {
		const char *inputs[STAGE_FILES] = { stage_file(0, NULL, 0),
						    stage_file(1, NULL, 0) };

		check_line(lines[i], inputs);
	}
	is_done = true;
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	static const char *(*const make[])(unsigned int, const uint8_t *, size_t) = { stage_file,
										      stage_tree };
	const char *inputs[STAGE_FILES], *line;
	const uint8_t *mark, *second;
	size_t first_size;

	check_all_lines();
	if (size < 2)
		return 0;
	line = lines[data[0] % N_LINES];
	mark = memmem(data + 2, size - 2, MARK, sizeof(MARK) - 1);
	first_size = mark ? (size_t)(mark + 1 - data) - 2 : size - 2;
	second = mark ? mark + sizeof(MARK) - 1 : data + 2;
	inputs[0] = make[data[1] & 1](0, data + 2, first_size);
	inputs[1] = make[data[1] >> 1 & 1](1, second, (size_t)(data + size - second));
	check_line(line, inputs);
	return 0;
}
