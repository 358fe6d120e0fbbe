/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Read the configurations of the running kernel and of installed kernels. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/text_scan.h"
#include "capture/installed_kernels.h"
#include "capture/kernel_parameters.h"
#include "input/file_readers.h"
#include "input/kept_parameters.h"
#include "input/parse_values.h"
#include "input/tree/capture_file.h"

/* Maximum size of memory in bytes. The kernel never prints larger sizes. */
#define MAX_BYTES (UINT64_C(1) << 53)

#define CMDLINE_START "CONFIG_CMDLINE=\""
/*
 * The heading of a section that follows all used options whose absence matters (Linux 3.10 to 7.3).
 * Without it, the configuration was cut, and an option without a line may be on.
 */
#define LATE_HEADING "# Library routines"

static const struct {
	const char *name;
	enum known absent;
} options[EFIMAP_N_OPTIONS] = {
#define OPTION_ROW(name, absent) [EFIMAP_CONFIG_##name] = { "CONFIG_" #name, EFIMAP_##absent },
	EFIMAP_OPTIONS(OPTION_ROW)
};

/*
 * Copy the parameters that affect an answer from CONFIG_CMDLINE. Return NULL if it has none. The
 * caller frees the copy.
 */
static char *take_cmdline(struct text line)
{
	auto_free char *cmdline = NULL, *kept = NULL;
	size_t len = 0;

	if (!text_take(&line, CMDLINE_START) || !text_ends(line, "\"") ||
	    line.len >= EFIMAP_MAX_CMDLINE)
		return NULL;
	cmdline = memory_new(line.len);
	kept = memory_new(line.len);
	/* Kconfig writes a backslash before a quote or a backslash. */
	for (size_t i = 0; i + 1 < line.len; i++)
		if (line.at[i] != '\\')
			cmdline[len++] = line.at[i];
	cmdline[len] = '\0';
	capture_keep_parameters(cmdline, kept);
	return *kept ? steal(kept) : NULL;
}

/*
 * Parse a line such as "CONFIG_KEXEC=y", "# CONFIG_KEXEC is not set" or
 * "CONFIG_CMA_SIZE_MBYTES=16". Return false for a line that is not used.
 */
static bool take_config_line(struct text line, struct kernel_config *config)
{
	struct text off = line;
	const bool is_off = text_take(&off, "# ");
	auto_free char *cmdline = take_cmdline(line);
	uint64_t number;

	if (cmdline) {
		config->cmdline_off = find_disabling_parameter(cmdline, NULL) ? EFIMAP_KNOWN_YES
									      : EFIMAP_KNOWN_NO;
		return true;
	}
	for (size_t i = 0; i < EFIMAP_N_OPTIONS; i++) {
		struct text rest = is_off ? off : line;

		if (text_take(&rest, options[i].name) &&
		    text_is(rest, is_off ? " is not set" : "=y")) {
			config->options[i] = is_off ? EFIMAP_KNOWN_NO : EFIMAP_KNOWN_YES;
			return true;
		}
	}
	if (text_take(&line, "CONFIG_IMA_KEXEC_EXTRA_MEMORY_KB=") &&
	    text_take_number(&line, MAX_BYTES >> 10, &number) && !line.len) {
		config->ima_extra = number << 10;
		return number > 0;
	}
	if (!text_take(&line, "CONFIG_CMA_SIZE_MBYTES=") ||
	    !text_take_number(&line, MAX_BYTES >> 20, &number) || line.len)
		return false;
	config->has_cma_default = true;
	config->cma_default = number << 20;
	return true;
}

/*
 * Return whether a line is damaged: neither empty, nor a comment, nor NAME=VALUE. scripts/kconfig
 * writes no other lines.
 */
static bool is_damaged(struct text line)
{
	return line.len && line.at[0] != '#' &&
	       !(text_take(&line, "CONFIG_") && text_find(&line, "=") && line.len);
}

/*
 * Keep only the used lines, LATE_HEADING and the used parts of CONFIG_CMDLINE. Each damaged line
 * becomes "?".
 */
void filter_kernel_config(char *data, size_t *len)
{
	struct lines lines = { .data = data, .len = *len };
	struct kernel_config ignored = { .has_cma_default = false };
	struct text line;
	char *end = data;

	while (lines_next(&lines, &line.at, &line.len)) {
		const bool has_newline = lines.data[-1] == '\n';
		auto_free char *cmdline = take_cmdline(line);

		if (cmdline) {
			end = mempcpy(end, CMDLINE_START, strlen(CMDLINE_START));
			end = mempcpy(end, cmdline, strlen(cmdline));
			*end++ = '"';
		} else if (is_damaged(line)) {
			/* The text may be of another file, and may be private. */
			*end++ = '?';
		} else if (take_config_line(line, &ignored) || text_is(line, LATE_HEADING)) {
			memmove(end, line.at, line.len);
			end += line.len;
		} else {
			continue;
		}
		if (has_newline)
			*end++ = '\n';
	}
	*len = (size_t)(end - data);
}

/*
 * Set the options that follow from other options.
 *
 * Before Linux 5.4, KEXEC_VERIFY_SIG makes the kernel verify and require signatures. Without
 * KEXEC_BZIMAGE_VERIFY_SIG, no keyring verifies an image. In kernels without EFI_DISABLE_RUNTIME,
 * real-time kernels disable runtime services. CONFIG_CMDLINE overrides EFI_DISABLE_RUNTIME.
 */
static void derive_options(struct kernel_config *config)
{
	const bool is_real_time = option_is_on(config, EFIMAP_CONFIG_PREEMPT_RT) ||
				  option_is_on(config, EFIMAP_CONFIG_PREEMPT_RT_FULL);
	/* With KEXEC_SIG, Kconfig always writes a line for KEXEC_SIG_FORCE. */
	const bool has_signatures = option_is_on(config, EFIMAP_CONFIG_KEXEC_SIG);
	const bool may_disable =
		is_real_time && !config->options[EFIMAP_CONFIG_EFI_DISABLE_RUNTIME];

	for (size_t i = 0; i < EFIMAP_N_OPTIONS; i++)
		if (config->is_complete && !config->options[i] &&
		    !(i == EFIMAP_CONFIG_KEXEC_SIG_FORCE && has_signatures))
			config->options[i] = (uint8_t)options[i].absent;
	if (option_is_on(config, EFIMAP_CONFIG_KEXEC_VERIFY_SIG)) {
		config->options[EFIMAP_CONFIG_KEXEC_SIG] = EFIMAP_KNOWN_YES;
		config->options[EFIMAP_CONFIG_KEXEC_SIG_FORCE] = EFIMAP_KNOWN_YES;
	}
	if (may_disable)
		config->options[EFIMAP_CONFIG_EFI_DISABLE_RUNTIME] = EFIMAP_NOT_KNOWN;
	if (config->cmdline_off)
		config->options[EFIMAP_CONFIG_EFI_DISABLE_RUNTIME] = (uint8_t)config->cmdline_off;
}

static bool parse_config(const struct tree_file *content, struct kernel_config *config)
{
	struct lines lines = { .data = content->data, .len = content->len };
	struct text line;
	bool has_option = false, is_cut = false;

	while (lines_next(&lines, &line.at, &line.len)) {
		is_cut |= is_damaged(line) || lines.data[-1] != '\n';
		has_option |= lines.data[-1] == '\n' && take_config_line(line, config);
		config->is_complete |= text_is(line, LATE_HEADING);
	}
	/* Each configuration has KEXEC near its beginning. */
	config->is_complete &= !is_cut && config->options[EFIMAP_CONFIG_KEXEC];
	derive_options(config);
	return has_option;
}

/*
 * Read the configuration of a release. Some distributions have only /proc/config.gz, in which the
 * running kernel shows its configuration (CONFIG_IKCONFIG_PROC). For the running release, this file
 * is read first, because a configuration in /boot can be from another build of this release.
 *
 * A configuration that exists but cannot be read has a fault. Without a configuration, @config is
 * not modified. Return 1 if a configuration was read, otherwise 0 or a negative errno.
 */
static int read_config(struct root *root, struct efimap *map, const struct capture_file *file,
		       const char *release, struct kernel_config *config)
{
	static const struct {
		const char *start;
		const char *end;
	} places[] = { { "boot/config-", "" },
		       { "lib/modules/", "/config" },
		       { "usr/lib/modules/", "/config" } };
	auto_file struct tree_file content = { 0 };
	char path[EFIMAP_WHERE_SIZE] = "";
	struct capture_fault fault = { file->source, EFIMAP_NO_INDEX, .where = path };
	const bool is_running = strcmp(release, map->release.text) == 0;
	int ret = -ENOENT;

	if (is_running) {
		snprintf(path, sizeof(path), "proc/config.gz");
		ret = root_read(root, path, EFIMAP_READ_GZIP, file->limit, file->filter, &content);
	}
	for (size_t i = 0; *release && (ret == -ENOENT || ret == -EFIMAP_NOT_RECORDED) &&
			   i < sizeof(places) / sizeof(places[0]);
	     i++) {
		snprintf(path, sizeof(path), "%s%s%s", places[i].start, release, places[i].end);
		ret = root_read(root, path, file->part, file->limit, file->filter, &content);
	}
	if (is_running)
		note_file(map, file, ret);
	if (ret == -EBADMSG) {
		fault_set(&fault, EFIMAP_STATE_SYNTAX, 0, "not a complete gzip file");
		capture_add_fault(map, &fault);
		return 0;
	}
	if (ret)
		return capture_add_unread(map, &fault, ret);
	if (!parse_config(&content, config)) {
		fault_set(&fault, content.len ? EFIMAP_STATE_SYNTAX : EFIMAP_STATE_EMPTY, 0,
			  "contains no option that efimapctl uses");
		if (is_running)
			note_file(map, file, 1);
		capture_add_fault(map, &fault);
		return 0;
	}
	return 1;
}

#define IMAGE_PREFIX "vmlinuz-"

struct config_search {
	struct root *root;
	struct efimap *map;
	const struct capture_file *file;
};

/*
 * Read the configuration of another image in /boot, which --kernel may name. No other answer
 * depends on the configuration, so it is ignored if it cannot be read.
 */
static int take_image_name(void *context, const char *name, mode_t type)
{
	const struct config_search *search = context;
	const char *release = name + strlen(IMAGE_PREFIX);
	struct efimap *map = search->map;
	struct kernel_config config = { .has_cma_default = false };
	auto_file struct tree_file content = { 0 };
	char path[EFIMAP_WHERE_SIZE];
	int ret;

	if (!release_is_valid(release, strlen(release)) || map->n_configs == EFIMAP_MAX_CONFIGS ||
	    strcmp(release, map->release.text) == 0)
		return 0;
	for (size_t i = 0; i < map->n_kernels; i++)
		if (strcmp(release, map->kernels[i].header.release) == 0)
			return 0;
	snprintf(path, sizeof(path), "boot/config-%s", release);
	ret = root_read(search->root, path, search->file->part, search->file->limit,
			search->file->filter, &content);
	if (ret || !parse_config(&content, &config))
		return errno_is_fatal(ret) ? ret : 0;
	if (!map->configs)
		map->configs = arena_alloc(&map->arena, EFIMAP_MAX_CONFIGS * sizeof(*map->configs));
	map->configs[map->n_configs].config = config;
	snprintf(map->configs[map->n_configs++].release, EFIMAP_MAX_RELEASE + 1, "%s", release);
	return 0;
}

/* Read the configurations of the running and installed kernels, and of other images in /boot. */
int read_kernel_config(struct root *root, struct efimap *map, const struct capture_file *file,
		       struct err *err)
{
	struct config_search search = { root, map, file };
	struct kernel_config running = { .has_cma_default = false };
	int ret = read_config(root, map, file, map->release.text, &running);

	if (ret > 0) {
		kexec_state(map)->config = running;
		/* KHO support in the kernel does not mean that KHO is enabled. */
		if (option_is_off(&running, EFIMAP_CONFIG_KEXEC_HANDOVER) && !map->kexec->kho)
			map->kexec->kho = EFIMAP_KNOWN_NO;
	}
	for (size_t i = 0; i < map->n_kernels && ret >= 0; i++) {
		struct installed_kernel *kernel = &map->kernels[i];
		const struct installed_kernel *same = map->kernels;
		const char *release = kernel->header.release;
		struct kernel_config config = running;

		/* Several images may have the same release. Read its configuration once. */
		while (strcmp(same->header.release, release) != 0)
			same++;
		if (same != kernel) {
			kernel->config = same->config;
			continue;
		}
		if (strcmp(release, map->release.text) != 0) {
			config = (struct kernel_config){ .has_cma_default = false };
			ret = read_config(root, map, file, release, &config);
		}
		kernel->config = config;
	}
	if (ret >= 0)
		ret = root_list(root, "boot", IMAGE_PREFIX, take_image_name, &search);
	return errno_is_fatal(ret) ? ret : 0;
}
