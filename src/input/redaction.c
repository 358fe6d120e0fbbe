/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Redact a recording: keep a list of paths, kernel parameters and words that cannot contain
 * secrets, and drop the rest. The redacted texts keep the format of the original files, so the same
 * parsers read them.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/output_buffer.h"
#include "base/text_prefix.h"
#include "base/text_scan.h"
#include "capture/kernel_parameters.h"
#include "capture/kernel_release.h"
#include "input/file_readers.h"
#include "input/log/kexec_debug_output.h"
#include "input/log/line_prefixes.h"
#include "input/log/log_messages.h"
#include "input/parse_values.h"
#include "input/kept_parameters.h"
#include "input/load_record.h"
#include "input/redaction.h"
#include "input/tree/read_installed_kernels.h"
#include "input/tree/tree_access.h"
#include "linux/segment_placement.h"

/* Maximum number of different texts of a kind. Further texts of this kind share a replacement. */
#define MAX_SEEN 1024

#define MACHINE_ID_LEN 32

struct seen {
	struct text texts[MAX_SEEN];
	size_t count;
};

/*
 * The replaced texts of a recording. Each occurrence of a text gets the same replacement.
 *
 * @ids:         machine IDs, which are replaced with numbers of MACHINE_ID_LEN digits
 * @names:       names of files that an administrator chose
 * @releases:    the releases of kernels, which are kept
 * @n_omitted:   number of kernel parameters or options that were left out of the current file
 * @n_lines:     number of lines of the current log that were written
 */
struct redaction {
	const struct recording *from;
	struct recording *to;
	struct seen ids;
	struct seen names;
	struct seen releases;
	uint32_t n_omitted;
	uint32_t n_lines;
	struct out *out;
};

static size_t find_seen(const struct seen *seen, const char *text, size_t len)
{
	size_t i = 0;

	while (i < seen->count &&
	       (seen->texts[i].len != len || memcmp(seen->texts[i].at, text, len) != 0))
		i++;
	return i;
}

/* Return the number of a text. Add the text to @seen if it is new. */
static size_t number_of(struct redaction *redaction, struct seen *seen, const char *text,
			size_t len)
{
	const size_t number = find_seen(seen, text, len);

	if (number < seen->count || number == MAX_SEEN)
		return number;
	seen->texts[number] = (struct text){ arena_strndup(&redaction->to->texts, text, len), len };
	seen->count++;
	return number;
}

/* Return whether a word looks like a number that replaces a machine ID. */
static bool is_replaced_id(struct text word)
{
	return word.len == MACHINE_ID_LEN && text_span(word, "0") >= MACHINE_ID_LEN - 4;
}

/*
 * Replace machine IDs, which are confidential (machine-id(5)), with numbers. kernel-install(8)
 * includes the machine ID in names of images. A number after "0x" is not a machine ID.
 */
static void hide_machine_ids(struct redaction *redaction, char *text, size_t len)
{
	char digits[MACHINE_ID_LEN + 1];

	for (size_t at = 0, end; at < len; at = end + (end == at)) {
		const struct text before = { text, at };

		for (end = at; end < len && text_is_one_of(text[end], EFIMAP_HEX_DIGITS);)
			end++;
		if (end - at != MACHINE_ID_LEN || text_ends(before, "0x") ||
		    is_replaced_id((struct text){ text + at, MACHINE_ID_LEN }))
			continue;
		snprintf(digits, sizeof(digits), "%032zu",
			 number_of(redaction, &redaction->ids, text + at, MACHINE_ID_LEN));
		memcpy(text + at, digits, MACHINE_ID_LEN);
	}
}

/* Store the release at the start of a text, which is kept in names. */
static void keep_release(struct redaction *redaction, struct text text)
{
	size_t len = 0;

	while (len < text.len && text.at[len] != '/' && !text_is_space(text.at[len]))
		len++;
	if (release_is_valid(text.at, len))
		number_of(redaction, &redaction->releases, text.at, len);
}

static bool is_release(const struct redaction *redaction, struct text text)
{
	return find_seen(&redaction->releases, text.at, text.len) < redaction->releases.count;
}

/* Return whether a component of a path is usual, such as "boot" or "vmlinuz-RELEASE". */
static bool is_usual_part(const struct redaction *redaction, struct text part)
{
	static const char words[] = "boot,efi,usr,lib,modules,var,run,kdump,crash,loader,entries,"
				    "vmlinuz,initrd,initrd.img,kernel,linux,config,pkgbase,"
				    "initramfs.img,kexec_cmd,loader.conf,debian,ubuntu,fedora,"
				    "arch,vmlinuz-linux,initramfs-linux.img";
	static const char *const before[] = { "vmlinuz-", "initrd.img-", "initramfs-",
					      "initrd-",  "config-",	 "size_initrd.img-" };
	static const char *const after[] = { "kdump.img", "-kdump", ".img", ".conf" };

	if (is_one_of_words(part, words) || is_release(redaction, part))
		return true;
	if (part.len == MACHINE_ID_LEN && text_span(part, EFIMAP_HEX_DIGITS) == part.len)
		return true;
	/* The name of a boot loader entry is that of the machine and the release. */
	if (part.len > MACHINE_ID_LEN && text_span(part, EFIMAP_HEX_DIGITS) == MACHINE_ID_LEN &&
	    part.at[MACHINE_ID_LEN] == '-')
		text_skip(&part, MACHINE_ID_LEN + 1);
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
		if (text_take(&part, before[i]))
			break;
	for (size_t i = 0; i < sizeof(after) / sizeof(after[0]); i++)
		if (text_ends(part, after[i])) {
			part.len -= strlen(after[i]);
			break;
		}
	return is_release(redaction, part);
}

/* Return whether all components of a path are usual. */
static bool is_usual_path(const struct redaction *redaction, const char *path)
{
	while (*path) {
		const size_t len = strcspn(path, "/");

		if (len && !is_usual_part(redaction, (struct text){ path, len }))
			return false;
		path += len + (path[len] == '/');
	}
	return true;
}

/* Return a copy of a text without machine IDs. */
static const char *without_ids(struct redaction *redaction, const char *text)
{
	const size_t len = strlen(text);
	char *copy = arena_strndup(&redaction->to->texts, text, len);

	hide_machine_ids(redaction, copy, len);
	return copy;
}

/* Return a usual path without machine IDs, or "/x" instead of any other path. */
static const char *redact_path(struct redaction *redaction, const char *path)
{
	return is_usual_path(redaction, path) ? without_ids(redaction, path) : "/x";
}

/* Return "NAME1.conf" or the like instead of a name that is not usual. */
static const char *redact_name(struct redaction *redaction, const char *name)
{
	const char *end = strrchr(name, '.');

	if (is_usual_part(redaction, (struct text){ name, strlen(name) }) ||
	    (redaction->from->is_redacted && strncmp(name, "NAME", strlen("NAME")) == 0))
		return without_ids(redaction, name);
	if (!end || !is_one_of_words((struct text){ end, strlen(end) }, ".conf,.cfg"))
		end = "";
	return arena_printf(&redaction->to->texts, "NAME%zu%s",
			    number_of(redaction, &redaction->names, name, strlen(name)) + 1, end);
}

/*
 * Return the file of the table in src/capture/sources.table with this path or, if @end is '/', the
 * directory of the table that contains the path. Return NULL if there is none.
 */
static const struct capture_file *find_file(const char *path, char end)
{
	for (size_t i = 0; i < n_capture_files; i++) {
		const char *const *places = capture_files[i].places;

		for (; places && *places; places++)
			if (strncmp(path, *places, strlen(*places)) == 0 &&
			    path[strlen(*places)] == end)
				return &capture_files[i];
	}
	return NULL;
}

/* Return what is done with a file of the table, or with a file in a directory of the table. */
static enum redact redaction_of(const char *path)
{
	const struct capture_file *file = find_file(path, '\0') ?: find_file(path, '/');

	return file ? file->redact : EFIMAP_REDACT_KEEP;
}

/* Return whether an administrator cannot have chosen the name of a directory and its files. */
static bool is_in_fixed_directory(const char *path)
{
	static const char *const starts[] = { "sys/", "proc/", "sos_commands/", "installed-",
					      "dev/kmsg" };

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (strncmp(path, starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}

/*
 * Return the path under which a file is recorded, or NULL if the file is dropped. Files in a
 * directory of the table, such as boot loader entries, get another name.
 */
static const char *find_key(struct redaction *redaction, const char *path)
{
	const char *name = last_part(path), *directory;

	if (is_in_fixed_directory(path) || path_is_log(path) || find_file(path, '\0'))
		return path;
	directory = arena_strndup(&redaction->to->texts, path,
				  name > path ? (size_t)(name - path) - 1 : 0);
	if (find_file(directory, '\0'))
		return arena_printf(&redaction->to->texts, "%s/%s", directory,
				    redact_name(redaction, name));
	return is_usual_path(redaction, path) ? without_ids(redaction, path) : NULL;
}

/* Return the options that affect an answer. */
static const char *keep_options(struct redaction *redaction, struct kexec_options options)
{
	auto_out struct out out = EFIMAP_OUT_MEM;

	write_kexec_options(options, &out);
	/* The last character is a space. */
	return arena_strndup(&redaction->to->texts, out.data, out.used - 1);
}

/*
 * Redact a line of the configuration of kdump, of which a recording contains only assignments. What
 * is no usual path, no kept parameter and no kept option becomes "x". A value that only a shell can
 * expand remains one.
 */
static void redact_setting(struct redaction *redaction, struct text line)
{
	struct text value = line;
	struct kexec_options options;
	const char *text;

	if (!text_find(&value, "="))
		return;
	out_write(redaction->out, line.at, (size_t)(value.at - line.at));
	text_trim(&value);
	if (value.len > 1 && strchr("\"'", value.at[0]) && value.at[value.len - 1] == value.at[0]) {
		text_skip(&value, 1);
		value.len--;
	}
	text = arena_strndup(&redaction->to->texts, value.at, value.len);
	options = parse_kexec_options(text);
	if (strpbrk(text, "$`\\\"'"))
		text = "$";
	else if (*text == '/')
		text = redact_path(redaction, text);
	else if (options.call != EFIMAP_KEXEC_CALL_DEFAULT || options.has_noefi)
		text = keep_options(redaction, options);
	else if (strcmp(text, "0") != 0 && strcmp(text, "1") != 0 &&
		 !is_usual_part(redaction, value))
		text = capture_keep_crash_cmdline(&redaction->to->texts, text);
	redaction->n_omitted += !text_is(value, text);
	out_printf(redaction->out, "'%s'", text);
}

static void redact_settings(struct redaction *redaction, const char *text, size_t len)
{
	struct lines lines = { .data = text, .len = len };
	struct text line;

	while (lines_next(&lines, &line.at, &line.len)) {
		redact_setting(redaction, line);
		/* If the last line has no end, the file may have been cut. */
		if (line.at + line.len < text + len)
			out_putc(redaction->out, '\n');
	}
}

/* filter_load_record() has already removed all private data except the paths. */
static void redact_load_record(struct redaction *redaction, const char *text, size_t len)
{
	struct load_record record;

	if (load_record_parse(&redaction->to->texts, text, len, &record))
		return;
	record.kernel = redact_path(redaction, record.kernel);
	record.initrd = *record.initrd ? redact_path(redaction, record.initrd) : "";
	load_record_write(&record, redaction->out);
}

/*
 * Write BOOT_IMAGE= with its path, if it is the first parameter and the path is usual. The image of
 * the running kernel may be in the same directory. Return the other parameters.
 */
static const char *put_boot_image(struct redaction *redaction, const char *cmdline)
{
	struct out *out = redaction->out;
	const size_t before = out->used;
	struct kernel_parameter arg;
	struct text path, device;
	const char *shown, *rest = cmdline;

	/* Let capture_keep_parameters() reduce any other parameter. */
	if (!parameter_take_boot_image(&rest, &arg))
		return cmdline;
	parameter_split_device(&arg, &device, &path);
	if (!text_begins(path, "/"))
		return cmdline;
	shown = redact_path(redaction, arena_strndup(&redaction->to->texts, path.at, path.len));
	out_puts(out, "BOOT_IMAGE=");
	/* Readers ignore the device, so it can keep the length of the parameter. */
	if (arg.text_len >= strlen("BOOT_IMAGE=()") + strlen(shown)) {
		out_putc(out, '(');
		while (out->used - before + strlen(")") + strlen(shown) < arg.text_len)
			out_putc(out, 'x');
		out_putc(out, ')');
	}
	out_puts(out, shown);
	redaction->n_omitted = out->used - before != arg.text_len ||
			       memcmp(out->data + before, arg.text, arg.text_len) != 0;
	rest = arg.text + arg.text_len;
	return rest + (*rest == ' ');
}

/*
 * Write BOOT_IMAGE=, a parameter that consists of "x", and the kept parameters. The parameter of
 * "x" is as long as all removed parameters together, because the length of the command line affects
 * the placement of the next kernel. The kept parameters are written last, because they may end with
 * an open quote.
 */
static void put_parameters(struct redaction *redaction, struct text text)
{
	auto_free char *cmdline = memory_strndup(text.at, text.len);
	auto_free char *kept_part = memory_new(text.len + 1);
	const char *rest;
	size_t len, kept_len;

	redaction->n_omitted = 0;
	rest = put_boot_image(redaction, cmdline);
	redaction->n_omitted += capture_keep_parameters(rest, kept_part);
	len = reused_len(rest, false);
	/* Keep at least one "x", because a log without parameters would look incomplete. */
	if (!len && redaction->n_omitted && rest == cmdline)
		len = 1;
	if (rest != cmdline && (len || *kept_part))
		out_putc(redaction->out, ' ');
	kept_len = reused_len(kept_part, false);
	for (size_t i = kept_len + (*kept_part != '\0'); i < len; i++)
		out_putc(redaction->out, 'x');
	if (kept_len < len && *kept_part)
		out_putc(redaction->out, ' ');
	out_puts(redaction->out, kept_part);
}

#define VERSION "Linux version "

/* Return the end of the first occurrence of words in a message, or the length of the message. */
static size_t end_of_words(struct text message, const char *words)
{
	size_t used;

	for (size_t at = 0; at < message.len; at++)
		if (!prefix_compare(message.at + at, message.len - at, words, &used))
			return at + used;
	return message.len;
}

/*
 * Return the length of the part of a message that precedes the kernel parameters, the root device
 * or the name of the host on which the kernel was built. They can follow any other text, because
 * several CPUs may have written to a console at the same time. @message is in lower case.
 */
static size_t length_without_secrets(struct text message)
{
	static const char *const starts[] = { "command line:",
					      "command line is:",
					      "command line parameters",
					      "unable to mount root fs on",
					      "cpu#",
					      "fsid=" };
	size_t len = end_of_words(message, "linux version ");

	/* The release is kept. */
	while (len < message.len && !text_is_space(message.at[len]))
		len++;
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		const size_t end = end_of_words(message, starts[i]);

		len = end < len ? end : len;
	}
	return len;
}

/*
 * Write "Linux version", the release and the words that readers use, and replace the rest. The
 * length of the line and its end show whether lines were cut at a column, so they are kept. @at is
 * the position of the release.
 */
static void put_version(struct redaction *redaction, struct text message, size_t at)
{
	auto_free char *copy = memory_strndup(message.at, message.len);
	const char *end = log_version_is_complete(message) ? " #)" : "";
	size_t len;

	len = at + filter_release_words(copy + at, message.len - at);
	out_write(redaction->out, copy, len);
	for (size_t i = len; i + strlen(end) < message.len; i++)
		out_putc(redaction->out, i == len ? ' ' : 'x');
	out_printf(redaction->out, "%s\n", end);
}

/*
 * Write a message that contains the value of init= or rdinit=, or the name of a certificate, with
 * "x" instead of its letters. Return false for another message. @lower is the message in lower
 * case.
 */
static bool put_without_word(struct redaction *redaction, struct text message, struct text lower)
{
	size_t start = end_of_words(lower, "requested init "), end;

	if (start < message.len && message.at[start] == '/') {
		for (end = start; end < message.len && message.at[end] != ' ';)
			end++;
	} else {
		start = end_of_words(lower, "loaded x.509 cert '");
		end = message.len;
		while (end > start && message.at[end - 1] != ':')
			end--;
	}
	if (start == message.len)
		return false;
	out_write(redaction->out, message.at, start);
	for (size_t i = start; i < end; i++)
		out_putc(redaction->out, text_is_one_of(message.at[i], "/:") ? message.at[i] : 'x');
	out_write(redaction->out, message.at + end, message.len - end);
	out_putc(redaction->out, '\n');
	return true;
}

/*
 * Write a message without kernel parameters and without the name of the host on which the kernel
 * was built. For the three messages from which readers take parameters, write the kept parameters.
 * Spaces replace what was removed at the end.
 */
static void put_message(struct redaction *redaction, struct text message)
{
	static const char *const cmdlines[] = { "Command line:", "Kernel command line:",
						EFIMAP_LOG_NEXT_CMDLINE };
	auto_free char *copy = memory_strndup(message.at, message.len);
	const struct text lower = { copy, message.len };
	const size_t start = redaction->out->used;
	size_t len, used;

	for (size_t i = 0; i < message.len; i++)
		copy[i] = (char)tolower((unsigned char)copy[i]);
	len = length_without_secrets(lower);
	if (!prefix_compare(message.at, message.len, VERSION, &used)) {
		put_version(redaction, message, used);
		return;
	}
	if (put_without_word(redaction, message, lower))
		return;
	out_write(redaction->out, message.at, len);
	if (!prefix_compare(message.at, message.len, EFIMAP_UNKNOWN_PARAMETERS, &used)) {
		struct text rest = message;
		/* These parameters are also in the two messages below. */
		const uint32_t n_omitted = redaction->n_omitted;
		const char *quote;

		text_skip(&rest, used);
		quote = memchr(rest.at, '"', rest.len);
		rest.len = quote ? (size_t)(quote - rest.at) : rest.len;
		out_puts(redaction->out, " \"");
		put_parameters(redaction, rest);
		redaction->n_omitted = n_omitted;
		out_putc(redaction->out, '"');
	}
	for (size_t i = 0; i < sizeof(cmdlines) / sizeof(cmdlines[0]); i++) {
		struct text rest = message;

		if (prefix_compare(message.at, message.len, cmdlines[i], &used))
			continue;
		text_skip(&rest, used);
		out_putc(redaction->out, ' ');
		text_trim(&rest);
		put_parameters(redaction, rest);
		for (const char *end = rest.at + rest.len; end < message.at + message.len; end++)
			out_putc(redaction->out, ' ');
	}
	/* Lines that were cut at the same column are recognized by their length. */
	while (redaction->out->used - start < message.len)
		out_putc(redaction->out, ' ');
	out_putc(redaction->out, '\n');
}

/* Redact a line of a log. Each message keeps its line number. */
static void put_line(void *context, const struct log_line *line)
{
	struct redaction *redaction = context;

	for (; redaction->n_lines + 1 < line->number; redaction->n_lines++)
		out_putc(redaction->out, '\n');
	redaction->n_lines++;
	/* A number at the start of a message would be skipped as a prefix, so add a prefix. */
	if (text_is_one_of(line->message.at[0], EFIMAP_DIGITS))
		out_puts(redaction->out, "[0] ");
	put_message(redaction, line->message);
	if (!line->is_wrapped)
		return;
	redaction->out->used--;
	out_puts(redaction->out, EFIMAP_LOG_WRAPPED "\n");
}

static void redact_log(struct redaction *redaction, const char *text, size_t len)
{
	struct lines lines = { .data = text, .len = len };
	struct text message;

	redaction->n_lines = 0;
	if (redaction->from->from != EFIMAP_ORIGIN_LIVE)
		log_lines(text, len, put_line, redaction);
	else
		while (lines_next(&lines, &message.at, &message.len))
			put_message(redaction, message);
}

static bool is_boot_entry(const char *path)
{
	return strstr(path, "loader/entries/");
}

/* Return whether a file selects a boot loader entry. */
static bool selects_boot_entry(const char *path)
{
	return strstr(path, "loader/loader.conf") || strstr(path, "efivars/LoaderEntry");
}

/* Write the name of an entry as that of its file, which may lack ".conf". */
static void put_selection(struct redaction *redaction, const char *text, size_t len)
{
	struct text line = { text, len };
	const char *key = "", *name;
	struct text word;

	text_trim(&line);
	if (text_begins(line, "default ")) {
		key = "default ";
		text_take_word(&line);
		text_trim(&line);
	}
	word = text_take_word(&line);
	if (!word.len)
		return;
	name = arena_printf(&redaction->to->texts, "%.*s%s", (int)word.len, word.at,
			    text_ends(word, ".conf") ? "" : ".conf");
	out_printf(redaction->out, "%s%s\n", key, redact_name(redaction, name));
}

/* Return whether a version has up to three short numbers, so that it can be no address. */
static bool is_short_version(struct text version)
{
	uint64_t number;

	for (unsigned int i = 0; i < 3; i++) {
		if (!text_take_number(&version, 999, &number))
			return false;
		if (!text_take(&version, "."))
			return !version.len;
	}
	return false;
}

/* filter_boot_entry() has already removed all private data except paths and the release. */
static void redact_boot_entry(struct redaction *redaction, const char *text, size_t len)
{
	struct lines lines = { .data = text, .len = len };
	struct text line;

	while (lines_next(&lines, &line.at, &line.len)) {
		const struct text key = text_take_word(&line);
		struct text rest, word;
		const char *value;

		text_trim(&line);
		rest = line;
		word = text_take_word(&rest);
		value = arena_strndup(&redaction->to->texts, word.at, word.len);
		if (text_is(key, "options"))
			value = arena_strndup(&redaction->to->texts, line.at, line.len);
		else if (text_is(key, "sort-key"))
			value = redact_name(redaction, value);
		else if (!text_is(key, "version"))
			value = redact_path(redaction, value);
		else if (!is_release(redaction, word) && !is_short_version(word))
			value = "0";
		/* A file that ends within a line is incomplete, and remains incomplete. */
		out_printf(redaction->out, "%.*s %s%s", (int)key.len, key.at, value,
			   line.at + line.len < text + len ? "\n" : "");
	}
}

/*
 * Replace each rule with "appraise" and its func=KEXEC_KERNEL_CHECK or func=KEXEC_INITRAMFS_CHECK,
 * if any, because the rest of a rule can name users and keyrings.
 */
static void redact_ima_policy(struct out *out, const char *text, size_t len)
{
	struct lines lines = { .data = text, .len = len };
	struct text rule;

	while (lines_next(&lines, &rule.at, &rule.len)) {
		const bool has_end = rule.at + rule.len < text + len;

		out_puts(out, !rule.len || *rule.at == '#' ? ""
			      : text_contains(rule, "func=KEXEC_KERNEL_CHECK")
				      ? "appraise func=KEXEC_KERNEL_CHECK"
			      : text_contains(rule, "func=KEXEC_INITRAMFS_CHECK")
				      ? "appraise func=KEXEC_INITRAMFS_CHECK"
				      : "appraise");
		/* A file that ends within a line is incomplete, and remains incomplete. */
		out_puts(out, has_end ? "\n" : rule.len && *rule.at == '#' ? "#" : "");
	}
}

static void redact_text(struct redaction *redaction, const char *path, char *text, size_t len)
{
	if (strcmp(path, EFIMAP_LOAD_RECORD) == 0) {
		redact_load_record(redaction, text, len);
	} else if (redaction_of(path) == EFIMAP_REDACT_KDUMP) {
		redact_settings(redaction, text, len);
	} else if (redaction_of(path) == EFIMAP_REDACT_PARAMETERS) {
		size_t next;
		const size_t first = text_line(text, len, &next);

		/* cmdline_clean() also replaces '\0'. */
		for (size_t i = 0; i < first; i++)
			text[i] = text[i] ? text[i] : '?';
		put_parameters(redaction, (struct text){ text, first });
		/* A file with several lines is malformed, and remains malformed. */
		out_puts(redaction->out, next < len ? "\nx\n" : next > first ? "\n" : "");
	} else if (path_is_log(path)) {
		redact_log(redaction, text, len);
	} else if (selects_boot_entry(path)) {
		put_selection(redaction, text, len);
	} else if (is_boot_entry(path)) {
		redact_boot_entry(redaction, text, len);
	} else if (redaction_of(path) == EFIMAP_REDACT_IMA_POLICY) {
		redact_ima_policy(redaction->out, text, len);
	} else {
		out_write(redaction->out, text, len);
	}
	if (redaction->out->used)
		hide_machine_ids(redaction, redaction->out->data, redaction->out->used);
}

/*
 * Return whether a file is a text. Only texts are redacted, because other files contain no secrets.
 * Logs, configurations of kdump, records of loads, IMA policies and proc/cmdline are texts even if
 * they contain '\0', as after a crash.
 */
static bool is_text(const struct recorded_file *file)
{
	if (!file->has_size || !file->n_parts || file->size > EFIMAP_FILE_BYTES)
		return false;
	return path_is_log(file->path) || strcmp(file->path, EFIMAP_LOAD_RECORD) == 0 ||
	       is_boot_entry(file->path) || selects_boot_entry(file->path) ||
	       redaction_of(file->path) != EFIMAP_REDACT_KEEP ||
	       (file->parts[0].len == file->size && !memchr(file->parts[0].data, '\0', file->size));
}

static void redact_content(struct redaction *redaction, const struct recorded_file *file,
			   const char *key)
{
	auto_out struct out out = EFIMAP_OUT_MEM;
	auto_free char *text = memory_new(file->size + 1);
	const ssize_t len = recorded_read(file, 0, text, file->size);

	if (len < 0) {
		record_bytes(redaction->to, key, 0, NULL, len, false);
		return;
	}
	text[len] = '\0';
	redaction->out = &out;
	redact_text(redaction, file->path, text, (size_t)len);
	redaction->out = NULL;
	record_bytes(redaction->to, key, 0, out.data, (ssize_t)out.used, true);
}

static void redact_list(struct redaction *redaction, const struct recorded_file *file,
			const char *key)
{
	const size_t list = record_list(redaction->to, key);

	for (size_t i = 0; i < file->n_parts; i++) {
		/* The name of a directory ends with a slash. */
		const char *name = file->parts[i].data;
		const size_t len = strcspn(name, "/");
		const char *path =
			find_key(redaction, arena_printf(&redaction->to->texts, "%s/%.*s",
							 file->path, (int)len, name));

		if (path)
			record_name(redaction->to, list, last_part(path), name[len]);
		else
			redaction->n_omitted++;
	}
	redaction->to->files[list].n_omitted = redaction->n_omitted + file->n_omitted;
}

static void redact_file(struct redaction *redaction, const struct recorded_file *file)
{
	struct recording *to = redaction->to;
	const char *key = find_key(redaction, file->path);
	const size_t before = to->n_files;

	redaction->n_omitted = 0;
	if (key && file->is_list)
		redact_list(redaction, file, key);
	if (!key || file->is_list)
		return;
	if (is_text(file))
		redact_content(redaction, file, key);
	else if (file->has_size)
		record_size(to, key, file->size, file->mtime);
	for (size_t i = 0; i < file->n_parts && !is_text(file); i++)
		record_bytes(to, key, file->parts[i].at, file->parts[i].data,
			     (ssize_t)file->parts[i].len, false);
	if (file->error)
		record_bytes(to, key, 0, NULL, file->error, false);
	redaction->n_omitted += file->n_omitted;
	if (to->n_files > before) {
		to->files[to->n_files - 1].n_omitted = redaction->n_omitted;
		to->files[to->n_files - 1].mtime = file->mtime;
		to->files[to->n_files - 1].unpacked = file->unpacked;
	}
}

/* Find the releases of all kernels, which redaction keeps in names. */
static void find_releases(struct redaction *redaction)
{
	const struct recording *from = redaction->from;
	auto_root struct root *root = root_of_recording(from);

	for (size_t i = 0; i < from->n_files; i++) {
		const struct recorded_file *file = &from->files[i];
		const struct text path = { file->path, strlen(file->path) };
		const bool has_version =
			path_is_log(file->path) ||
			is_one_of_words(path, "proc/version,sos_commands/kernel/uname_-a,uname");

		for (size_t k = 0; k < file->n_parts && has_version; k++) {
			struct text text = { file->parts[k].data, file->parts[k].len };

			while (text_find(&text, VERSION))
				keep_release(redaction, text);
		}
		if (file->n_parts && !file->is_list && !is_text(file)) {
			struct installed_kernel kernel;

			if (!read_image_file(root, file->path, &kernel))
				keep_release(redaction,
					     (struct text){ kernel.header.release,
							    strlen(kernel.header.release) });
		}
	}
}

void redact_recording(const struct recording *recording, struct recording *ret_redacted)
{
	auto_free struct redaction *redaction = array_new(1, sizeof(*redaction));

	*ret_redacted = (struct recording){
		.from = recording->from,
		.time = recording->time,
		.is_redacted = true,
		.boot = recording->boot,
		.n_boots = recording->n_boots,
		/* Replace the name of a capture or log, which often contains the host name. */
		.source = recording->from == EFIMAP_ORIGIN_LIVE ? "/" : "SOURCE",
	};
	redaction->from = recording;
	redaction->to = ret_redacted;
	find_releases(redaction);
	for (size_t i = 0; i < recording->n_files; i++)
		redact_file(redaction, &recording->files[i]);
	recording_finish(ret_redacted);
}
