/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parse, reduce and write the command that loaded the crash kernel. */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/escape_text.h"
#include "base/text_scan.h"
#include "input/kept_parameters.h"
#include "input/load_record.h"

#define SPACES " \t\n\r"

/* Copy the next word of a command to @to without shell quoting. Return the end of the copy. */
static char *take_word(struct text *rest, char *to)
{
	char quote = '\0';

	for (; rest->len && (quote || !text_is_space(rest->at[0])); text_skip(rest, 1)) {
		const char c = rest->at[0];

		if (c == quote) {
			quote = '\0';
		} else if (!quote && (c == '"' || c == '\'')) {
			quote = c;
		} else {
			if (c == '\\' && quote != '\'' && rest->len > 1)
				text_skip(rest, 1);
			*to++ = rest->at[0];
		}
	}
	*to = '\0';
	return to;
}

/* If @word is an option with a value, such as "--initrd=FILE", store the value. */
static bool take_option(const char *word, const char *option, const char **value)
{
	const size_t len = strlen(option);

	if (strncmp(word, option, len) != 0)
		return false;
	*value = word + len;
	return true;
}

static void take_flag(const char *word, struct kexec_options *options)
{
	if (strcmp(word, "-c") == 0 || strcmp(word, "--kexec-syscall") == 0)
		options->call = EFIMAP_KEXEC_CALL_LOAD;
	if (strcmp(word, "-s") == 0 || strcmp(word, "--kexec-file-syscall") == 0)
		options->call = EFIMAP_KEXEC_CALL_FILE_LOAD;
	options->has_noefi |= strcmp(word, "--noefi") == 0;
}

struct kexec_options parse_kexec_options(const char *list)
{
	struct kexec_options options = { .has_noefi = false };
	auto_free char *copy = memory_strndup(list, strlen(list));
	char *rest = copy;

	for (char *word; (word = strsep(&rest, " \t"));)
		take_flag(word, &options);
	return options;
}

void write_kexec_options(struct kexec_options options, struct out *out)
{
	if (options.call != EFIMAP_KEXEC_CALL_DEFAULT)
		out_puts(out, options.call == EFIMAP_KEXEC_CALL_LOAD ? "-c " : "-s ");
	if (options.has_noefi)
		out_puts(out, "--noefi ");
}

int load_record_parse(struct arena *arena, const char *text, size_t len,
		      struct load_record *ret_record)
{
	/* The buffer suffices: no word becomes longer, and the '\0' after it replaces a space. */
	char *words = arena_alloc(arena, len + 2);
	struct load_record record = { .cmdline = "", .initrd = "" };
	struct text rest = { text, len };
	bool is_program = true;

	text_skip(&rest, text_span(rest, SPACES));
	for (char *word = words, *end; rest.len; is_program = false, word = end + 1) {
		end = take_word(&rest, word);
		if (is_program && !text_ends((struct text){ word, (size_t)(end - word) }, "kexec"))
			return -EBADMSG;
		text_skip(&rest, text_span(rest, SPACES));
		/* kdump-config names the kernel last. Other words without "-" are option values. */
		if (!is_program && word[0] != '-' && !rest.len)
			record.kernel = word;
		else if (!is_program && !take_option(word, "--command-line=", &record.cmdline) &&
			 !take_option(word, "--initrd=", &record.initrd))
			take_flag(word, &record.options);
	}
	if (!record.kernel || record.kernel[0] != '/')
		return -EBADMSG;
	*ret_record = record;
	return 0;
}

void load_record_write(const struct load_record *record, struct out *out)
{
	out_puts(out, "kexec ");
	write_kexec_options(record->options, out);
	out_printf(out, "--command-line='%s' ", record->cmdline);
	if (*record->initrd) {
		out_puts(out, "--initrd=");
		out_shell_word(out, record->initrd);
		out_putc(out, ' ');
	}
	out_shell_word(out, record->kernel);
	out_putc(out, '\n');
}

void filter_load_record(char *data, size_t *len)
{
	auto_out struct out out = EFIMAP_OUT_MEM;
	struct load_record record;
	struct arena arena = { 0 };
	int ret = load_record_parse(&arena, data, *len, &record);

	if (!ret) {
		record.cmdline = capture_keep_crash_cmdline(&arena, record.cmdline);
		load_record_write(&record, &out);
	}
	arena_free(&arena);
	/* A record that is longer than the text is not from kdump-config, so nothing is kept. */
	*len = out.used <= *len ? out.used : 0;
	if (*len)
		memcpy(data, out.data, *len);
}
