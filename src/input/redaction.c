/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Redact a recording: keep only the kernel parameters, the parts of paths and the kexec options
 * that cannot contain secrets. The redacted texts keep the format of the original files, so the
 * same parsers read them.
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
#include "capture/kdump_services.h"
#include "capture/kernel_parameters.h"
#include "capture/kernel_release.h"
#include "input/file_readers.h"
#include "input/given_files.h"
#include "input/log/kexec_debug_output.h"
#include "input/log/line_prefixes.h"
#include "input/log/log_messages.h"
#include "input/parse_values.h"
#include "input/kept_parameters.h"
#include "input/load_record.h"
#include "input/redaction.h"
#include "input/shell_assignments.h"
#include "input/tree/default_entry.h"
#include "input/tree/read_installed_kernels.h"
#include "input/tree/tree_access.h"
#include "linux/segment_placement.h"

/* Maximum number of different texts of a kind. Further texts of this kind share a replacement. */
#define MAX_SEEN 1024

#define MACHINE_ID_LEN 32

/* Maximum number of digits of the last number of a version, such as "6.8.0-1064". */
#define MAX_ABI_DIGITS 4

/* Texts, and their hashes, which are compared first because each word is looked up in the texts. */
struct seen {
	uint32_t hashes[MAX_SEEN];
	struct text texts[MAX_SEEN];
	size_t count;
};

/*
 * The replaced texts of a recording. Each occurrence of a text gets the same replacement.
 *
 * @ids:         machine IDs, which are replaced with numbers of MACHINE_ID_LEN digits
 * @names:       words in paths that an administrator chose
 * @releases:    the releases of installed kernels, and their words, which are kept
 * @newest_unread: release of the newest kernel, if it was not read and is not kept, or NULL
 * @n_omitted:   number of kernel parameters or options that were left out of the current file
 * @n_lines:     number of lines of the current log that were written
 */
struct redaction {
	const struct recording *from;
	struct recording *to;
	struct seen ids;
	struct seen names;
	struct seen releases;
	const char *newest_unread;
	uint32_t n_omitted;
	uint32_t n_lines;
	struct out *out;
};

static uint32_t hash_of(const char *text, size_t len)
{
	uint32_t hash = 0;

	for (size_t i = 0; i < len; i++)
		hash = hash * 31 + (unsigned char)text[i];
	return hash;
}

static size_t find_seen(const struct seen *seen, const char *text, size_t len)
{
	const uint32_t hash = hash_of(text, len);
	size_t i = 0;

	while (i < seen->count && (seen->hashes[i] != hash || seen->texts[i].len != len ||
				   memcmp(seen->texts[i].at, text, len) != 0))
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
	seen->hashes[number] = hash_of(text, len);
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

#define WORD_CHARACTERS EFIMAP_LETTERS EFIMAP_DIGITS

/*
 * Return the length of the version at the start of a name, such as "6.1.0-18" in "6.1.0-18-amd64",
 * or 0. The first number of a version has one digit, and the second at most two. Four numbers may
 * be an IP address, and a number in front of a letter a part of another number.
 */
static size_t version_length(struct text name)
{
	struct text rest = name;
	size_t numbers = 0, len = 0, digits = text_span(rest, EFIMAP_DIGITS);

	while (digits && digits <= ++numbers) {
		text_skip(&rest, digits);
		len = name.len - rest.len;
		digits = text_take(&rest, ".") ? text_span(rest, EFIMAP_DIGITS) : 0;
		digits = digits == MACHINE_ID_LEN ? 0 : digits;
	}
	rest = name;
	text_skip(&rest, len);
	if (digits || numbers < 2 || numbers > 3 || text_span(rest, WORD_CHARACTERS))
		return 0;
	digits = text_take(&rest, "-") ? text_span(rest, EFIMAP_DIGITS) : 0;
	return digits && digits <= MAX_ABI_DIGITS ? len + 1 + digits : len;
}

/* Store the release at the start of a text, and its words, so that they are kept in names. */
static void keep_release(struct redaction *redaction, struct text text)
{
	size_t len = 0;

	while (len < text.len && text.at[len] != '/' && !text_is_space(text.at[len]))
		len++;
	if (!release_is_valid(text.at, len))
		return;
	number_of(redaction, &redaction->releases, text.at, len);
	for (text.len = len; text.len; text_skip(&text, len)) {
		len = text_span(text, WORD_CHARACTERS);
		if (len > text_span(text, EFIMAP_DIGITS))
			number_of(redaction, &redaction->releases, text.at, len);
		len += !len;
	}
}

/*
 * Return the length of the release, its word or the version at the start of a part of a name, or 0.
 * @may_be_version: the part does not follow a dot, so it is not the end of an address
 */
static size_t release_length(const struct redaction *redaction, struct text name,
			     bool may_be_version)
{
	size_t len = may_be_version ? version_length(name) : 0;

	for (size_t i = 0; i < redaction->releases.count; i++) {
		const struct text release = redaction->releases.texts[i];
		struct text rest = name;

		if (release.len <= len || release.len > name.len ||
		    memcmp(release.at, name.at, release.len) != 0)
			continue;
		text_skip(&rest, release.len);
		/* kdumpctl adds "kdump" to the release in the name of an initrd. */
		if (!text_span(rest, WORD_CHARACTERS) || text_begins(rest, "kdump"))
			len = release.len;
	}
	return len;
}

/*
 * If a name begins with the release of the newest kernel, and parts of this release are replaced,
 * write a release that is newer than all others. Return the length of the release, or 0.
 */
static size_t put_newest_release(struct redaction *redaction, struct text name, struct out *out)
{
	const char *release = redaction->newest_unread;
	struct text rest = name;

	if (!release || !text_take(&rest, release) || text_span(rest, WORD_CHARACTERS))
		return 0;
	out_printf(out, "99NAME%zu",
		   number_of(redaction, &redaction->names, release, strlen(release)) + 1);
	return strlen(release);
}

/* Return whether a word is kept. Words that an earlier redaction wrote are kept. */
static bool is_kept(const struct redaction *redaction, struct text word, const char *kept)
{
	if (redaction->from->is_redacted && (text_contains(word, "NAME") || is_replaced_id(word)))
		return true;
	return is_one_of_words(word, kept);
}

static void put_word(struct redaction *redaction, struct text word, struct out *out)
{
	/* The names of common directories, and words by which readers recognize a file */
	static const char kept[] = "boot,efi,linux,usr,lib,modules,var,etc,run,sbin,bin,ostree,"
				   "vmlinuz,vmlinux,bzImage,kernel,initrd,initramfs,img,config,"
				   "log,crash,kexec,cmd,kdump,rescue,loader,entries,conf,builtin,"
				   "version,default,preferred,saved,grub,d,cfg,cmdline,uki,"
				   "url,sort,key,machine,id,size,so";
	static const char kdump[] = "kdump";
	const char *end = "";

	/* kdumpctl adds "kdump" to the release in the name of an initrd. */
	if (text_ends(word, kdump) && !is_kept(redaction, word, kept)) {
		word.len -= strlen(kdump);
		end = kdump;
	}
	if (is_kept(redaction, word, kept)) {
		out_write(out, word.at, word.len);
	} else if (word.len == MACHINE_ID_LEN && text_span(word, EFIMAP_HEX_DIGITS) == word.len) {
		out_printf(out, "%032zu", number_of(redaction, &redaction->ids, word.at, word.len));
	} else {
		/*
		 * Readers check for a digit at the start, and ignore an image if its name contains
		 * "rescue" or a control character.
		 */
		out_printf(out, "%s%sNAME%zu%s", text_span(word, EFIMAP_DIGITS) ? "0" : "",
			   text_contains(word, "rescue") ? "rescue" : "",
			   number_of(redaction, &redaction->names, word.at, word.len) + 1,
			   text_span(word, WORD_CHARACTERS) == word.len ? ""
			   : text_is_clean(word.at, word.len)		? "%"
									: "\x1b");
	}
	out_puts(out, end);
}

/*
 * Return whether a word is a number that orders files, as in "10-local.conf". A machine ID becomes
 * a number, so no number orders files in front of it.
 */
static bool is_ordinal(const char *name, struct text word)
{
	const char *end = word.at + word.len;

	return (word.at == name || word.at[-1] == '/') && word.len <= 2 &&
	       text_span(word, EFIMAP_DIGITS) == word.len && *end == '-' &&
	       text_is_one_of(end[1], EFIMAP_LETTERS) &&
	       strspn(end + 1, EFIMAP_HEX_DIGITS) != MACHINE_ID_LEN;
}

/*
 * Replace those words of a path, file name or release that an administrator may have chosen. The
 * result does not depend on the place of a name, so directories, lists and settings remain
 * consistent.
 */
static const char *redact_name(struct redaction *redaction, const char *name)
{
	static const char separators[] = "._+~^@:-/,=#%() ";
	auto_out struct out out = EFIMAP_OUT_MEM;
	struct text rest = { name, strlen(name) };

	while (rest.len) {
		const size_t between = text_span(rest, separators);
		struct text word = { rest.at + between, 0 };

		out_write(&out, rest.at, between);
		text_skip(&rest, between);
		word.len = put_newest_release(redaction, rest, &out);
		if (!word.len) {
			word.len = release_length(redaction, rest,
						  word.at == name || word.at[-1] != '.');
			out_write(&out, word.at, word.len);
		}
		if (word.len) {
			text_skip(&rest, word.len);
			continue;
		}
		while (word.len < rest.len && !strchr(separators, word.at[word.len]))
			word.len++;
		if (is_ordinal(name, word))
			out_write(&out, word.at, word.len);
		else if (word.len)
			put_word(redaction, word, &out);
		text_skip(&rest, word.len);
	}
	return arena_strndup(&redaction->to->texts, out.data ? out.data : "", out.used);
}

/* Return whether a file can be the record of a load. KDUMP_COREDIR can be any directory. */
static bool is_load_record(const char *path)
{
	return strcmp(last_part(path), "kexec_cmd") == 0 || strcmp(path, EFIMAP_SHOWN_RECORD) == 0;
}

/* Return the file of the table in src/capture/sources.table with this path, or NULL. */
static const struct capture_file *find_file(const char *path)
{
	for (size_t i = 0; i < n_capture_files; i++) {
		const char *const *places = capture_files[i].places;

		for (; places && *places; places++)
			if (strcmp(path, *places) == 0)
				return &capture_files[i];
	}
	return NULL;
}

/* Return what is done with a file of the table, or with a file in a directory of the table. */
static enum redact redaction_of(const char *path)
{
	const struct capture_file *file = find_file(path);

	for (size_t i = 0; !file && i < n_capture_files; i++) {
		const char *const *places = capture_files[i].places;

		for (; !file && places && *places; places++)
			if (strncmp(path, *places, strlen(*places)) == 0 &&
			    path[strlen(*places)] == '/')
				file = &capture_files[i];
	}
	return file ? file->redact : EFIMAP_REDACT_KEEP;
}

/* Return whether a file has the same path on all systems. */
static bool is_fixed_file(const char *path)
{
	static const char files[] = "dev/kmsg,run/booted-system/kernel,run/booted-system/initrd,"
				    "run/current-system/kernel,run/current-system/initrd";

	return path_is_log(path) || find_file(path) ||
	       is_one_of_words((struct text){ path, strlen(path) }, files);
}

/* Return whether an administrator cannot have chosen the name of a directory and its files. */
static bool is_in_fixed_directory(const char *path)
{
	static const char *const starts[] = {
		"sys/",
		"proc/",
		"sos_commands/",
		"installed-",
		"lib/systemd/",
		"usr/lib/systemd",
		"usr/lib/x86_64-linux-gnu/systemd",
		"run/current-system/systemd/",
		"run/current-system/sw/",
	};

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (strncmp(path, starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}

/*
 * Redact a name in a fixed directory. Only the name of the library of systemd can contain words of
 * an administrator: in the version of the package, which follows the number that readers use.
 */
static const char *redact_fixed_name(struct redaction *redaction, const char *name)
{
	static const char library[] = "libsystemd-shared-";
	const char *end = strstr(name, library);

	if (!end)
		return name;
	end += strlen(library);
	end += strspn(end, EFIMAP_DIGITS);
	return arena_printf(&redaction->to->texts, "%.*s%s", (int)(end - name), name,
			    redact_name(redaction, end));
}

static const char *redact_path(struct redaction *redaction, const char *path)
{
	auto_free char *clean = memory_new(strlen(path) + 2);

	clean[0] = '/';
	clean_path(path, clean + 1);
	if (is_fixed_file(clean + 1))
		return arena_strndup(&redaction->to->texts, path, strlen(path));
	return redact_name(redaction, path[0] == '/' ? clean : clean + 1);
}

static const char *redact_setting(struct redaction *redaction, enum kdump_content content,
				  const char *value)
{
	switch (content) {
	case EFIMAP_CONTENT_PATH:
		return redact_path(redaction, value);
	case EFIMAP_CONTENT_OPTIONS:
		return keep_options(&redaction->to->texts, value);
	case EFIMAP_CONTENT_SWITCH:
		return !*value ? value : is_shell_true(value) ? "1" : "0";
	case EFIMAP_CONTENT_PARAMETERS:
		return capture_keep_crash_cmdline(&redaction->to->texts, value);
	case EFIMAP_CONTENT_BOOLEAN:
		return strcmp(value, "true") == 0 ? value : "false";
	case EFIMAP_CONTENT_NUMBER:
		return strspn(value, EFIMAP_DIGITS) == strlen(value) ? value : "x";
	case EFIMAP_CONTENT_NAME:
		/* KDUMP_KERNELVER of SUSE may be a path. */
		if (*value == '/')
			return redact_path(redaction, value);
		break;
	}
	return redact_name(redaction, value);
}

/*
 * Redact the configuration of kdump, of which a recording contains only assignments. A value that
 * only a shell can expand is replaced with "$" and its literal kernel parameters, and "+=" is kept.
 * No redacted value contains a single quote, so all other values are written in single quotes. If
 * the last line of the text has no end, that of the result has none either. A file that cannot be
 * parsed is replaced with "(".
 */
static void redact_settings(struct redaction *redaction, char *text, size_t len)
{
	struct shell_variable variables[EFIMAP_N_KDUMP_VARIABLES];
	const bool is_endless = len && text[len - 1] != '\n';

	for (size_t i = 0; i < EFIMAP_N_KDUMP_VARIABLES; i++)
		variables[i] = (struct shell_variable){
			kdump_variables[i].name,
			kdump_is_list(&kdump_variables[i]),
			kdump_variables[i].is_one_line,
		};

	if (!shell_read(text, len, variables, EFIMAP_N_KDUMP_VARIABLES)) {
		out_puts(redaction->out, is_endless ? "(" : "(\n");
		return;
	}
	for (size_t i = 0; i < EFIMAP_N_KDUMP_VARIABLES; i++) {
		const char *value = variables[i].value, *literal = variables[i].literal;

		if (!variables[i].is_set)
			continue;
		if (literal && kdump_variables[i].content == EFIMAP_CONTENT_PARAMETERS) {
			out_printf(redaction->out, "%s=$' %s'\n", kdump_variables[i].name,
				   redact_setting(redaction, EFIMAP_CONTENT_PARAMETERS, literal));
			continue;
		}
		if (value) {
			value = redact_setting(redaction, kdump_variables[i].content, value);
			redaction->n_omitted += strcmp(value, variables[i].value) != 0;
		}
		out_printf(redaction->out,
			   value		      ? "%s='%s'\n"
			   : variables[i].is_appended ? "%s+=$\n"
						      : "%s=$\n",
			   kdump_variables[i].name, value);
	}
	if (is_endless)
		out_putc(redaction->out, '#');
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
 * Write BOOT_IMAGE= with a redacted path, if it is the first parameter: kdumpctl looks for this
 * path below /boot and other directories. Return the other parameters.
 */
static const char *put_boot_image(struct redaction *redaction, const char *cmdline)
{
	struct out *out = redaction->out;
	const size_t before = out->used;
	struct kernel_parameter arg;
	struct text path, device;
	const char *shown, *rest = cmdline;
	bool has_device;
	size_t len;

	/* Let capture_keep_parameters() reduce any other parameter. */
	if (!parameter_take_boot_image(&rest, &arg))
		return cmdline;
	parameter_split_device(&arg, &device, &path);
	/* Keep a device such as "hd0,gpt2", but not the name of a volume. */
	if (!text_begins(device, "hd") ||
	    text_span(device, EFIMAP_DIGITS "hd,gptmsdo") < device.len)
		device.len = 0;
	shown = redact_path(redaction, arena_strndup(&redaction->to->texts, path.at, path.len));
	/* Readers ignore the device, so "x" can replace it to keep the length of the parameter. */
	len = strlen("BOOT_IMAGE=") + strlen(shown);
	has_device = device.len || len + strlen("()") <= arg.text_len;
	len += has_device ? device.len + strlen("()") : 0;
	out_printf(out, "BOOT_IMAGE=%s%.*s", has_device ? "(" : "", (int)device.len, device.at);
	for (; has_device && len < arg.text_len; len++)
		out_putc(out, 'x');
	out_printf(out, "%s%s", has_device ? ")" : "", shown);
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
 * Write a message that contains the value of init= or rdinit=, with "x" instead of the letters of
 * this word. Return false for another message. @lower is the message in lower case.
 */
static bool put_without_word(struct redaction *redaction, struct text message, struct text lower)
{
	struct text path = message;

	text_skip(&path, end_of_words(lower, "requested init "));
	if (!path.len || *path.at != '/')
		return false;
	out_write(redaction->out, message.at, (size_t)(path.at - message.at));
	for (; path.len && *path.at != ' '; text_skip(&path, 1))
		out_putc(redaction->out, *path.at == '/' ? '/' : 'x');
	out_write(redaction->out, path.at, path.len);
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

/*
 * Write the name of the default entry, which the readers have chosen, into all EFI variables that
 * select an entry, because redaction changes what patterns match and how names are sorted. A name
 * with "@" would not select an entry, so write a pattern. If the default entry is unknown, "@" is
 * the name of no entry. A malformed variable is empty, and remains empty.
 */
static void put_selection(struct redaction *redaction, const char *path, size_t len)
{
	const char *entry = redaction->from->default_entry;
	struct boot_entry found = { .id = "@" };

	if (!len || last_part(path)[0] != 'L')
		return;
	if (entry)
		set_entry_id(&redaction->to->texts, last_part(redact_name(redaction, entry)),
			     &found);
	for (const char *at = found.id; *at; at++)
		out_putc(redaction->out, *at == '@' && entry ? '?' : *at);
	out_putc(redaction->out, '\n');
}

/* filter_boot_entry() has already removed all private data except path and release. */
static void redact_boot_entry(struct redaction *redaction, const char *text, size_t len)
{
	struct lines lines = { .data = text, .len = len };
	struct text line;

	while (lines_next(&lines, &line.at, &line.len)) {
		auto_free char *copy = memory_strndup(line.at, line.len);

		/* A file that ends within a line is incomplete, and remains incomplete. */
		out_printf(redaction->out, "%s%s",
			   text_begins(line, "options") ? copy : redact_name(redaction, copy),
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
	if (is_load_record(path)) {
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
		put_selection(redaction, path, len);
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
	return path_is_log(file->path) || is_load_record(file->path) || is_boot_entry(file->path) ||
	       selects_boot_entry(file->path) || redaction_of(file->path) != EFIMAP_REDACT_KEEP ||
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

static void redact_file(struct redaction *redaction, const struct recorded_file *file)
{
	struct recording *to = redaction->to;
	const char *path = file->path, *key = path;
	const size_t before = to->n_files;

	/* The name of a recorded file is a relative path, or an option with the path of a file. */
	if (is_in_fixed_directory(path)) {
		key = redact_fixed_name(redaction, path);
	} else if (!is_fixed_file(path)) {
		const size_t option = path_is_given(path) ? strcspn(path, "=") + 1 : 0;

		key = arena_printf(&to->texts, "%.*s%s", (int)option, path,
				   redact_name(redaction, path + option));
	}
	if (file->is_list) {
		const size_t list = record_list(to, key);

		for (size_t i = 0; i < file->n_parts; i++) {
			const char *name = file->parts[i].data;

			record_name(to, list,
				    is_in_fixed_directory(path) ? redact_fixed_name(redaction, name)
								: redact_name(redaction, name),
				    false);
		}
		return;
	}
	redaction->n_omitted = 0;
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

/* Find the releases of all kernels. Redaction keeps them and their words in names. */
static void find_releases(struct redaction *redaction)
{
	const struct recording *from = redaction->from;
	struct root root = { .replay = from, .fd = -1 };

	for (size_t i = 0; i < from->n_files; i++) {
		const struct recorded_file *file = &from->files[i];
		const bool is_modules = strcmp(file->path, "lib/modules") == 0 ||
					strcmp(file->path, "usr/lib/modules") == 0;
		const struct text path = { file->path, strlen(file->path) };
		const bool has_version =
			path_is_log(file->path) ||
			is_one_of_words(path, "proc/version,sos_commands/kernel/uname_-a,"
					      "uname");

		for (size_t k = 0; k < file->n_parts && (is_modules || has_version); k++) {
			struct text text = { file->parts[k].data, file->parts[k].len };

			/* A directory whose name is an IP address contains no modules. */
			if (is_modules && version_length(text))
				keep_release(redaction, text);
			while (has_version && text_find(&text, VERSION))
				keep_release(redaction, text);
		}
		/* The words in the release of an image are also in the names of its other files. */
		if (file->n_parts && !file->is_list && !is_text(file)) {
			struct installed_kernel kernel;
			const char *release = kernel.header.release;

			if (!read_image_file(&root, file->path, &kernel))
				keep_release(redaction, (struct text){ release, strlen(release) });
		}
	}
}

void redact_recording(const struct recording *recording, struct recording *ret_redacted)
{
	auto_free struct redaction *redaction = array_new(1, sizeof(*redaction));
	const char *newest = recording->newest_unread;

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
	if (newest && strcmp(redact_name(redaction, newest), newest) != 0)
		redaction->newest_unread = newest;
	for (size_t i = 0; i < recording->n_files; i++)
		redact_file(redaction, &recording->files[i]);
	recording_finish(ret_redacted);
}
