/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Redact a recording: keep only the kernel parameters, the parts of paths and the kexec options
 * that cannot contain secrets. The redacted texts are still those of a machine, so that readers
 * read them as they read the original.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/output_buffer.h"
#include "base/text_scan.h"
#include "capture/kernel_parameters.h"
#include "capture/kernel_release.h"
#include "input/given_files.h"
#include "input/log/line_prefixes.h"
#include "input/parse_values.h"
#include "input/redaction.h"
#include "input/shell_assignments.h"
#include "input/tree/tree_access.h"
#include "linux/segment_placement.h"

/*
 * Parameters that rules use, and others that help to understand a map. None can contain a secret.
 */
static const char *const kept[] = {
	/* EFI: drivers/firmware/efi, arch/x86/platform/efi, drivers/acpi. */
	"efi",
	"noefi",
	"add_efi_memmap",
	"efi_fake_mem",
	"acpi",
	"acpi_rsdp",
	/* The boot ID of the crashed kernel (integration/kdump). */
	"efimap.first",
	/* Memory: arch/x86/kernel/e820.c, arch/x86/mm, mm. */
	"mem",
	"memmap",
	"mem_encrypt",
	"accept_memory",
	"reservelow",
	"reserve_mem",
	"disable_mtrr_trim",
	"movablecore",
	"kernelcore",
	"movable_node",
	"nokaslr",
	"no5lvl",
	"gbpages",
	"nogbpages",
	"nopat",
	"noexec",
	"iomem",
	/*
	 * kexec, and features that disable it: kernel/kexec_core.c, kernel/crash_core.c,
	 * security/lockdown.
	 */
	"crashkernel",
	"elfcorehdr",
	"kho",
	"kho_scratch",
	"reset_devices",
	"lockdown",
	"sysctl.kernel.kexec_load_disabled",
};

/*
 * Return whether a parameter is kept. A parameter with a space or a tab is not kept: it is quoted,
 * and without a closing quote, it contains the rest of the line.
 */
static bool is_word_kept(const struct kernel_parameter *arg)
{
	if (memchr(arg->text, ' ', arg->text_len) || memchr(arg->text, '\t', arg->text_len))
		return false;
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (parameter_is(arg, kept[i]))
			return true;
	return false;
}

/*
 * Store the parameters that are kept. Return the number of others, without the parameter of "x"
 * that put_parameters() writes.
 */
static uint32_t redact_cmdline(const char *cmdline, char *ret_kept)
{
	const char *rest = cmdline, *between = "";
	struct kernel_parameter arg;
	uint32_t left_out = 0;

	*ret_kept = '\0';
	while (parameter_next(&rest, &arg)) {
		if (!is_word_kept(&arg)) {
			left_out += strspn(arg.text, "x") < arg.text_len;
			continue;
		}
		ret_kept = stpcpy(ret_kept, between);
		ret_kept = mempcpy(ret_kept, arg.text, arg.text_len);
		*ret_kept = '\0';
		between = " ";
	}
	/* "--" and the following words, which are for init, are also removed. */
	for (rest += strspn(rest, " "); *rest; rest += strspn(rest, " ")) {
		rest += strcspn(rest, " ");
		left_out++;
	}
	return left_out;
}

/*
 * Prefixes of archives that programs name after the host: sos (sos/report/__init__.py and
 * sos/collector/__init__.py: get_archive_name) and supportconfig.
 */
static const struct {
	const char *start;
	const char *shown;
} archives[] = {
	{ "sosreport-", "sosreport" },
	{ "sos-collector-", "sos-collector" },
	{ "scc_", "supportconfig" },
	{ "nts_", "supportconfig" },
};

static char *redact_name(struct efimap_arena *texts, const char *name)
{
	size_t len = strlen(name);
	const char *slash;

	while (len > 1 && name[len - 1] == '/')
		len--;
	slash = len > 1 ? memrchr(name, '/', len) : NULL;
	if (slash) {
		len -= (size_t)(slash + 1 - name);
		name = slash + 1;
	}
	for (size_t i = 0; i < sizeof(archives) / sizeof(archives[0]); i++)
		if (strncmp(name, archives[i].start, strlen(archives[i].start)) == 0)
			return efimap_arena_printf(texts, "%s", archives[i].shown);
	return efimap_arena_strndup(texts, name, len);
}

/* Maximum numbers of machine IDs and of directories that get different names. */
#define MAX_MACHINE_IDS 32
#define MAX_DIRECTORIES 8

#define MACHINE_ID_LEN 32

/*
 * What has been renamed. A name is replaced by the same name wherever it occurs.
 *
 * @ids:         machine IDs, which become their numbers with MACHINE_ID_LEN digits
 * @directories: directories that an administrator chose
 * @n_omitted:   number of kernel parameters or options that were left out of the current file
 */
struct redaction {
	const struct efimap_recording *from;
	struct efimap_recording *to;
	char ids[MAX_MACHINE_IDS][MACHINE_ID_LEN];
	size_t n_ids;
	char *directories[MAX_DIRECTORIES];
	size_t n_directories;
	uint32_t n_omitted;
	struct efimap_out *out;
};

/* kernel-install(8) includes the machine ID, which is confidential (machine-id(5)), in names. */
static void hide_machine_ids(struct redaction *redaction, char *text, size_t len)
{
	char digits[MACHINE_ID_LEN + 1];

	for (size_t at = 0, end; at < len; at = end + (end == at)) {
		size_t id = 0;

		for (end = at; end < len && efimap_text_is_one_of(text[end], EFIMAP_LOWER_HEX);)
			end++;
		if (end - at != MACHINE_ID_LEN)
			continue;
		while (id < redaction->n_ids &&
		       memcmp(redaction->ids[id], text + at, MACHINE_ID_LEN) != 0)
			id++;
		if (id == redaction->n_ids && id < MAX_MACHINE_IDS)
			memcpy(redaction->ids[redaction->n_ids++], text + at, MACHINE_ID_LEN);
		snprintf(digits, sizeof(digits), "%032zu", id);
		memcpy(text + at, digits, MACHINE_ID_LEN);
	}
}

/* Directories in which distributions install kernel images and initrds. */
static const char *const image_directories[] = {
	"",		  "/boot",	      "/efi",		     "/boot/efi",
	"/efi/EFI/Linux", "/boot/EFI/Linux", "/boot/efi/EFI/Linux", "/var/lib/kdump",
};

static bool is_image_directory(const char *path, size_t len)
{
	struct efimap_text release = { path, len };

	for (size_t i = 0; i < sizeof(image_directories) / sizeof(image_directories[0]); i++)
		if (len == strlen(image_directories[i]) &&
		    memcmp(path, image_directories[i], len) == 0)
			return true;
	efimap_text_take(&release, "/usr");
	return efimap_text_take(&release, "/lib/modules/") &&
	       efimap_release_is_valid(release.at, release.len);
}

/* Return the number of a directory, counted from 1; or 0 if its name is kept. */
static size_t number_of_directory(struct redaction *redaction, const char *path, size_t len)
{
	size_t i = 0;

	if (is_image_directory(path, len))
		return 0;
	while (i < redaction->n_directories && (strlen(redaction->directories[i]) != len ||
						memcmp(redaction->directories[i], path, len) != 0))
		i++;
	if (i == redaction->n_directories && i < MAX_DIRECTORIES)
		redaction->directories[redaction->n_directories++] =
			efimap_arena_strndup(&redaction->to->texts, path, len);
	return i + 1;
}

static size_t length_without_slashes(const char *path)
{
	size_t len = strlen(path);

	while (len && path[len - 1] == '/')
		len--;
	return len;
}

/* @is_directory: @path is that of a directory, otherwise that of a file */
static char *redact_path(struct redaction *redaction, const char *path, bool is_directory)
{
	const char *slash = strrchr(path, '/');
	const size_t len = is_directory ? length_without_slashes(path) :
			   slash	? (size_t)(slash - path) : 0;
	const size_t number = number_of_directory(redaction, path, len);
	struct efimap_arena *texts = &redaction->to->texts;

	return number ? efimap_arena_printf(texts, "/DIRECTORY-%zu%s", number, path + len) :
			efimap_arena_strndup(texts, path, strlen(path));
}

/* @path is relative, or an option with the path that the user named. */
static char *redact_key(struct redaction *redaction, const char *path)
{
	struct efimap_arena *texts = &redaction->to->texts;
	const char *value = efimap_is_given(path) ? strchr(path, '=') : NULL;
	char *key = NULL;

	if (value++) {
		const char *shown = redact_path(redaction, value, false);

		key = shown ? efimap_arena_printf(texts, "%.*s%s", (int)(value - path), path,
						  shown) : NULL;
	}
	for (size_t i = 0; i < redaction->n_directories && !key; i++) {
		const char *directory = redaction->directories[i];
		const size_t len = directory ? strlen(directory + strspn(directory, "/")) : 0;

		if (len && strncmp(path, directory + strspn(directory, "/"), len) == 0 &&
		    path[len] == '/')
			key = efimap_arena_printf(texts, "DIRECTORY-%zu%s", i + 1, path + len);
	}
	if (!key)
		key = efimap_arena_strndup(texts, path, strlen(path));
	if (key)
		hide_machine_ids(redaction, key, strlen(key));
	return key;
}

/*
 * Options of kexec for x86 that determine how it loads a kernel (kexec/kexec.h: KEXEC_OPTIONS,
 * kexec/arch/i386/include/arch/options.h: KEXEC_ARCH_OPTIONS). None of these options has a
 * command line or a path as its value.
 */
static const char *const kept_options[] = {
	"-s", "-c", "-a", "-d", "-p", "-l",
	"--kexec-file-syscall", "--kexec-syscall", "--kexec-syscall-auto",
	"--mem-min", "--mem-max", "--entry", "--type", "--hotplug", "--no-checks", "--debug",
	"--elf32-core-headers", "--elf64-core-headers", "--pass-memmap-cmdline", "--noefi",
	"--reuse-video-type", "--reset-vga", "--console-vga", "--console-serial", "--serial",
	"--serial-baud", "--real-mode", "--entry-32bit", "--args-linux", "--reuse-cmdline",
	"--load-preserve-context", "--load-jump-back-helper",
};

static bool is_option_kept(const char *word, size_t len)
{
	const char *equals = memchr(word, '=', len);
	const size_t name_len = equals ? (size_t)(equals - word) : len;

	for (size_t i = 0; i < sizeof(kept_options) / sizeof(kept_options[0]); i++)
		if (strlen(kept_options[i]) == name_len &&
		    memcmp(kept_options[i], word, name_len) == 0)
			return true;
	return false;
}

static bool is_number(const char *word, size_t len)
{
	return *word >= '0' && *word <= '9' && strspn(word, "0123456789abcdefABCDEFxX") >= len;
}

/* Keep the options in kept_options, and the numbers that follow them as their values. */
static char *redact_options(struct efimap_arena *texts, const char *options)
{
	char *shown = efimap_arena_alloc(texts, strlen(options) + 1), *end = shown;
	bool is_after_option = false;

	if (!shown)
		return NULL;
	for (options += strspn(options, " "); *options; options += strspn(options, " ")) {
		const size_t len = strcspn(options, " ");
		const bool is_option = is_option_kept(options, len);

		if (is_option || (is_after_option && is_number(options, len))) {
			if (end != shown)
				*end++ = ' ';
			end = mempcpy(end, options, len);
		}
		is_after_option = is_option;
		options += len;
	}
	*end = '\0';
	return shown;
}

enum setting {
	SETTING_KERNEL,
	SETTING_INITRD,
	SETTING_DIRECTORY,
	SETTING_KDUMP_ARGS,
	SETTING_ARGS,
	SETTING_USE,
	SETTING_RELEASE,
	SETTING_NAME,
	SETTING_EXTENSION,
	N_SETTINGS,
};

static const char *redact_setting(struct redaction *redaction, unsigned int setting,
				  const char *value)
{
	switch (setting) {
	case SETTING_KERNEL:
	case SETTING_INITRD:
		return redact_path(redaction, value, false);
	case SETTING_DIRECTORY:
		return redact_path(redaction, value, true);
	case SETTING_KDUMP_ARGS:
	case SETTING_ARGS:
		return redact_options(&redaction->to->texts, value);
	default:
		return value;
	}
}

/* Write an assignment. The value of a variable that only a shell can expand is "$". */
static void put_setting(struct efimap_out *out, const char *name, const char *value)
{
	if (!value) {
		efimap_out_printf(out, "%s=$\n", name);
		return;
	}
	efimap_out_printf(out, "%s='", name);
	for (; *value; value++)
		if (*value == '\'')
			efimap_out_puts(out, "'\\''");
		else
			efimap_out_putc(out, *value);
	efimap_out_puts(out, "'\n");
}

/* Redact the configuration of kdump, of which a recording contains only assignments. */
static int redact_settings(struct redaction *redaction, char *text, size_t len)
{
	struct efimap_shell_variable settings[N_SETTINGS] = {
		[SETTING_KERNEL] = { .name = "KDUMP_KERNEL" },
		[SETTING_INITRD] = { .name = "KDUMP_INITRD" },
		[SETTING_DIRECTORY] = { .name = "KDUMP_BOOTDIR" },
		[SETTING_KDUMP_ARGS] = { .name = "KDUMP_KEXEC_ARGS" },
		[SETTING_ARGS] = { .name = "KEXEC_ARGS" },
		[SETTING_USE] = { .name = "USE_KDUMP" },
		[SETTING_RELEASE] = { .name = "KDUMP_KERNELVER" },
		[SETTING_NAME] = { .name = "KDUMP_IMG" },
		[SETTING_EXTENSION] = { .name = "KDUMP_IMG_EXT" },
	};

	if (!efimap_shell_read(text, len, settings, N_SETTINGS)) {
		efimap_out_putc(redaction->out, '(');
		return 0;
	}
	for (unsigned int i = 0; i < N_SETTINGS; i++) {
		const char *value = settings[i].value;

		if (!settings[i].is_set)
			continue;
		if (value)
			value = redact_setting(redaction, i, value);
		if (settings[i].value && !value)
			return -ENOMEM;
		redaction->n_omitted += value && strcmp(value, settings[i].value) != 0;
		put_setting(redaction->out, settings[i].name, value);
	}
	return 0;
}

/*
 * Write the parameters that are kept, and a parameter of "x" with the length of the others, because
 * the length of the command line determines where the next kernel is loaded.
 */
static int put_parameters(struct redaction *redaction, struct efimap_text text)
{
	efimap_auto_free char *cmdline = strndup(text.at, text.len);
	efimap_auto_free char *kept_part = malloc(text.len + 1);
	size_t len, kept_len;

	if (!cmdline || !kept_part)
		return -ENOMEM;
	redaction->n_omitted = redact_cmdline(cmdline, kept_part);
	len = efimap_reused_len(cmdline, false);
	/* A log without parameters would look incomplete. */
	if (!len && redaction->n_omitted)
		len = 1;
	kept_len = efimap_reused_len(kept_part, false);
	efimap_out_puts(redaction->out, kept_part);
	if (kept_len < len && *kept_part)
		efimap_out_putc(redaction->out, ' ');
	for (kept_len += *kept_part != '\0'; kept_len < len; kept_len++)
		efimap_out_putc(redaction->out, 'x');
	return 0;
}

/*
 * kexec_file_load() prints "kexec-bzImage64: Final command line is: root=…". No reader uses these
 * parameters.
 */
static size_t length_without_parameters(struct efimap_text message)
{
	static const char *const ends[] = { " command line is:", " Command line:" };

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		struct efimap_text rest = message;

		if (efimap_text_find(&rest, ends[i]))
			return message.len - rest.len;
	}
	return message.len;
}

/*
 * Write a message without the host of the log and, in two messages, without parameters and without
 * the host on which the kernel was built.
 */
static int put_message(struct redaction *redaction, struct efimap_text message)
{
	static const char *const cmdlines[] = { "Command line:", "Kernel command line:" };
	static const char version[] = "Linux version ";
	struct efimap_text rest = message;
	int ret = 0;

	if (efimap_text_take(&rest, version)) {
		while (rest.len && !efimap_text_is_space(rest.at[0]))
			efimap_text_skip(&rest, 1);
		message.len -= rest.len;
	} else {
		message.len = length_without_parameters(message);
		for (size_t i = 0; i < sizeof(cmdlines) / sizeof(cmdlines[0]) && !ret; i++) {
			rest = message;
			if (!efimap_text_take(&rest, cmdlines[i]))
				continue;
			efimap_out_printf(redaction->out, "%s ", cmdlines[i]);
			efimap_text_trim(&rest);
			ret = put_parameters(redaction, rest);
			message.len = 0;
		}
	}
	efimap_out_write(redaction->out, message.at, message.len);
	efimap_out_putc(redaction->out, '\n');
	return ret;
}

/* The messages of a log with their numbers of lines. */
struct numbered {
	struct redaction *redaction;
	uint32_t n_lines;
};

static int put_line(void *context, const struct efimap_log_line *line)
{
	struct numbered *numbered = context;

	for (; numbered->n_lines + 1 < line->number; numbered->n_lines++)
		efimap_out_putc(numbered->redaction->out, '\n');
	numbered->n_lines++;
	/* After a bracket, a digit does not begin a line number, which would be skipped. */
	if (efimap_text_is_one_of(line->message.at[0], EFIMAP_DIGITS))
		efimap_out_puts(numbered->redaction->out, "[0] ");
	return put_message(numbered->redaction, line->message);
}

static int redact_log(struct redaction *redaction, const char *text, size_t len)
{
	struct efimap_lines lines = { .data = text, .len = len };
	struct numbered numbered = { redaction, 0 };
	struct efimap_text message;
	int ret = 0;

	if (redaction->from->from != EFIMAP_ORIGIN_LIVE)
		return efimap_log_lines(text, len, put_line, &numbered);
	while (!ret && efimap_lines_next(&lines, &message.at, &message.len))
		ret = put_message(redaction, message);
	return ret;
}

static bool is_kdump_configuration(const char *path)
{
	return strcmp(path, "etc/default/kdump-tools") == 0 ||
	       strcmp(path, "etc/sysconfig/kdump") == 0;
}

static bool is_log(const char *path)
{
	return strstr(path, "dmesg") != NULL;
}

static int redact_text(struct redaction *redaction, const char *path, char *text, size_t len)
{
	int ret = 0;

	if (is_kdump_configuration(path))
		ret = redact_settings(redaction, text, len);
	else if (strcmp(path, "proc/cmdline") == 0)
		ret = put_parameters(redaction, (struct efimap_text){ text, strcspn(text, "\n") });
	else if (is_log(path))
		ret = redact_log(redaction, text, len);
	else
		efimap_out_write(redaction->out, text, len);
	if (redaction->out->used)
		hide_machine_ids(redaction, redaction->out->data, redaction->out->used);
	return ret ? ret : redaction->out->error;
}

static int redact_list(struct redaction *redaction, const struct efimap_recorded_file *file,
		       const char *key)
{
	size_t list;
	int ret = efimap_record_list(redaction->to, key, &list);

	for (size_t i = 0; i < file->n_parts && !ret; i++) {
		efimap_auto_free char *name = strdup(file->parts[i].data);

		if (!name)
			return -ENOMEM;
		hide_machine_ids(redaction, name, strlen(name));
		ret = efimap_record_name(redaction->to, list, name, false);
	}
	return ret;
}

/* Only texts contain secrets. A log may contain '\0', for example after a crash. */
static bool is_text(const struct efimap_recorded_file *file)
{
	if (!file->has_size || !file->n_parts || file->size > EFIMAP_FILE_BYTES)
		return false;
	return is_log(file->path) || is_kdump_configuration(file->path) ||
	       strcmp(file->path, "proc/cmdline") == 0 ||
	       (file->parts[0].len == file->size &&
		!memchr(file->parts[0].data, '\0', file->size));
}

static int redact_content(struct redaction *redaction, const struct efimap_recorded_file *file,
			  const char *key)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	efimap_auto_free char *text = malloc(file->size + 1);
	ssize_t len;
	int ret;

	if (!text)
		return -ENOMEM;
	len = efimap_recorded_read(file, 0, text, file->size);
	if (len < 0)
		return efimap_record_bytes(redaction->to, key, 0, NULL, len, false);
	text[len] = '\0';
	redaction->out = &out;
	ret = redact_text(redaction, file->path, text, (size_t)len);
	return ret ? ret : efimap_record_bytes(redaction->to, key, 0, out.data, (ssize_t)out.used,
					       true);
}

static int redact_file(struct redaction *redaction, const struct efimap_recorded_file *file)
{
	struct efimap_recording *to = redaction->to;
	const char *key = redact_key(redaction, file->path);
	int ret = 0;

	if (!key)
		return -ENOMEM;
	if (file->is_list)
		return redact_list(redaction, file, key);
	redaction->n_omitted = 0;
	if (is_text(file))
		ret = redact_content(redaction, file, key);
	else if (file->has_size)
		ret = efimap_record_size(to, key, file->size, file->mtime);
	for (size_t i = 0; i < file->n_parts && !ret && !is_text(file); i++)
		ret = efimap_record_bytes(to, key, file->parts[i].at, file->parts[i].data,
					  (ssize_t)file->parts[i].len, false);
	if (!ret && file->error)
		ret = efimap_record_bytes(to, key, 0, NULL, file->error, false);
	redaction->n_omitted += file->n_omitted;
	if (!ret && redaction->n_omitted)
		to->files[to->n_files - 1].n_omitted = redaction->n_omitted;
	return ret;
}

int efimap_redact_recording(const struct efimap_recording *recording,
			    struct efimap_recording *ret_redacted)
{
	struct redaction redaction = { .from = recording, .to = ret_redacted };
	const char *source;
	int ret = 0;

	*ret_redacted = (struct efimap_recording){
		.from = recording->from, .time = recording->time, .is_redacted = true,
	};
	source = redact_name(&ret_redacted->texts, recording->source);
	if (!source)
		return -ENOMEM;
	ret_redacted->source = source;
	/* The configuration names the directories, so it is read first. */
	for (int turn = 0; turn < 2; turn++)
		for (size_t i = 0; i < recording->n_files && !ret; i++)
			if (is_kdump_configuration(recording->files[i].path) == !turn)
				ret = redact_file(&redaction, &recording->files[i]);
	return ret ? ret : efimap_recording_finish(ret_redacted);
}
