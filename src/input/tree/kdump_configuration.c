/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Find the image, the initrd, the options and the kernel parameters that the kdump service uses.
 * Sources: kdump-tools 1.6.8 to 1.10.9 (kdump-config: locate_kdump_kernel, kdump_create_symlinks,
 * kdump_load); kdump-utils 1.0.44 (kdump-lib.sh: prepare_kdump_kernel, prepare_kdump_bootinfo,
 * prepare_cmdline; kdumpctl: load_kdump); kdump of SUSE (init/load.sh: build_kdump_commandline). A
 * value that only a shell can expand is unknown.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/sort.h"
#include "base/text_set.h"
#include "capture/installed_kernels.h"
#include "capture/kdump_services.h"
#include "capture/kernel_parameters.h"
#include "input/file_readers.h"
#include "input/load_record.h"
#include "input/parse_values.h"
#include "input/shell_assignments.h"
#include "input/tree/capture_file.h"
#include "input/tree/read_installed_kernels.h"
#include "linux/segment_placement.h"

/*
 * The variables of a configuration file.
 *
 * @is_read: the file could be parsed. Otherwise, no variable is set.
 */
struct settings {
	struct shell_variable of[EFIMAP_N_KDUMP_ROLES];
	bool is_read;
};

/*
 * Add the variables in a file, which may replace values of an earlier file. The values point into
 * @content. If the file cannot be parsed or is incomplete, no variable is set.
 */
static void add_settings(const struct efimap *map, enum kdump_file file, struct tree_file *content,
			 struct settings *settings)
{
	struct shell_variable variables[EFIMAP_N_KDUMP_ROLES];
	enum kdump_role roles[EFIMAP_N_KDUMP_ROLES];
	size_t count = 0;

	for (size_t i = 0; i < EFIMAP_N_KDUMP_VARIABLES; i++) {
		const struct kdump_variable *row = &kdump_variables[i];

		if (row->file != file)
			continue;
		roles[count] = row->role;
		variables[count] = settings->of[row->role];
		variables[count].name = row->name;
		variables[count].is_list = kdump_is_list(row);
		variables[count++].is_one_line = row->is_one_line;
	}
	settings->is_read = !copy_may_be_cut(map, content) &&
			    shell_read(content->data, content->len, variables, count);
	for (size_t i = 0; i < count; i++)
		settings->of[roles[i]] = variables[i];
}

static struct settings read_settings(const struct efimap *map, enum kdump_file file,
				     struct tree_file *content)
{
	struct settings settings = { .is_read = false };

	add_settings(map, file, content, &settings);
	return settings;
}

/* Return the value of a variable, "" if it is not set, or NULL if the value is unknown. */
static const char *value_of(const struct settings *settings, enum kdump_role role)
{
	return settings->of[role].is_set ? settings->of[role].value : "";
}

/*
 * Store the name of the first list variable whose value only a shell can determine. List variables
 * contain options of kexec or kernel parameters, which may disable EFI.
 */
static void find_unexpanded(struct efimap *map, const struct settings *settings)
{
	struct kexec_state *kexec = kexec_state(map);

	for (unsigned int i = 0; i < EFIMAP_N_KDUMP_ROLES && !kexec->crash.unexpanded; i++)
		if (settings->of[i].is_list && !value_of(settings, i)) {
			kexec->crash.unexpanded = settings->of[i].name;
			kexec->crash.is_appended = settings->of[i].is_appended;
		}
}

/* Store the service and the options of kexec, which are unknown if the file was not parsed. */
static void keep_service(struct efimap *map, enum kdump_service_kind service,
			 const struct settings *settings)
{
	struct kexec_state *kexec = kexec_state(map);
	const char *args = value_of(settings, kdump_services[service].options);

	kexec->crash.service = service;
	if (!args || !settings->is_read)
		return;
	kexec->crash.has_args = true;
	kexec->crash.args = capture_copy_text(map, args);
}

/*
 * Record that the value of @setting in the file @config of the kdump service is unknown. If
 * @setting is "", the values of all settings in the file are unknown. In a file with CR LF line
 * ends, a shell adds the CR to each value.
 */
static int keep_unknown(struct efimap *map, const char *config, const char *setting,
			const struct tree_file *content)
{
	struct unread_kernel kernel = {
		.image = "",
		.is_crash = true,
		.setting = setting,
		.fault = { EFIMAP_SRC_KEXEC, EFIMAP_NO_INDEX, config, EFIMAP_STATE_SYNTAX },
	};

	if (memmem(content->data, content->len, "\r\n", 2))
		fault_set(&kernel.fault, EFIMAP_STATE_SYNTAX, 0,
			  "found CR LF, expected LF at the end of a line");
	else if (copy_may_be_cut(map, content))
		fault_set(&kernel.fault, EFIMAP_STATE_EMPTY, 0, EFIMAP_NO_NEWLINE);
	else
		fault_set(&kernel.fault, EFIMAP_STATE_SYNTAX, 0, "only a shell can %s",
			  *setting ? "expand the value" : "interpret it");
	return capture_add_unread_kernel(map, &kernel);
}

/* Add the names of the parameters in a list. */
static void add_names(struct text_set *names, const char *list)
{
	struct kernel_parameter arg;

	while (parameter_next(&list, &arg)) {
		/* kdumpctl ignores "name=" in KDUMP_COMMANDLINE_REMOVE (_cmdline_parse). */
		if (!(arg.value && arg.value_len == 0))
			text_set_add(names, (struct text){ arg.name, arg.name_len });
	}
}

/* Return the known words of a list variable. */
static const char *literal_of(const struct settings *settings, enum kdump_role role)
{
	return value_of(settings, role) ?: settings->of[role].literal ?: "";
}

/*
 * Store the parameters that the service passes to the crash kernel: those in its configuration or,
 * if there are none, those of the running kernel with @added, without the removed parameters, and
 * then the appended parameters. If only the parameters of the running kernel are unknown, store the
 * appended parameters separately. If a setting is unknown, store its literal words. Arguments of
 * init
 * ("--" and the following words) are not stored.
 */
static void keep_crash_cmdline(struct efimap *map, const struct kdump_service *service,
			       const struct settings *settings, const char *added)
{
	struct kexec_state *kexec = kexec_state(map);
	const struct shell_variable *remove = &settings->of[EFIMAP_KDUMP_REMOVED];
	const char *removed = remove->is_set ? remove->value : service->removes_by_default;
	const char *cmdline = value_of(settings, EFIMAP_KDUMP_CMDLINE);
	const char *appended = value_of(settings, EFIMAP_KDUMP_APPENDED), *always;
	auto_text_set struct text_set names = { .count = 0 };
	struct kernel_parameter arg;
	char *kept, *end;

	if (settings->is_read && (!cmdline || !appended))
		kexec->crash.literal = arena_printf(&map->arena, "%s %s",
						    literal_of(settings, EFIMAP_KDUMP_CMDLINE),
						    literal_of(settings, EFIMAP_KDUMP_APPENDED));
	if (!settings->is_read || !cmdline || !removed || !appended)
		return;
	if (!*appended)
		appended = service->appends_by_default;
	if (!*cmdline && *added)
		appended = arena_printf(&map->arena, "%s %s", added, appended);
	always = *cmdline && service->keeps_given ? "" : service->removes;
	if (!*cmdline && !capture_has(map, EFIMAP_SRC_CMDLINE)) {
		kexec->crash.appended = capture_copy_text(map, appended);
		return;
	}
	if (!*cmdline)
		cmdline = map->cmdline;
	end = kept = arena_alloc(&map->arena, strlen(cmdline) + strlen(appended) + 2);
	add_names(&names, always);
	add_names(&names, removed);
	text_set_sort(&names);
	while (parameter_next(&cmdline, &arg)) {
		if (text_set_has(&names, (struct text){ arg.name, arg.name_len }))
			continue;
		end = mempcpy(end, arg.text, arg.text_len);
		*end++ = ' ';
	}
	/* Parameters that the service appends after "--" are arguments of init. */
	if (strstr(cmdline, "--"))
		appended = "";
	memcpy(end, appended, strlen(appended) + 1);
	kexec->crash.cmdline = kept;
}

/* Find out whether xargs, through which kdumpctl passes @cmdline, changes a parameter. */
static void find_changed_parameters(struct efimap *map, const char *cmdline)
{
	struct kernel_parameter arg;

	if (cmdline && !*cmdline)
		cmdline = map->cmdline;
	while (cmdline && parameter_next(&cmdline, &arg))
		map->kexec->crash.changes_parameters |= parameter_is_changed_by_xargs(&arg);
}

/*
 * Find out whether a shell splits parameters. kdump-config and the service of SUSE put the
 * parameters between double quotes and pass them to eval. If eval splits them, kdump-config passes
 * another word as the kernel, and the service of SUSE loses the parameters after the space.
 */
static void find_split_parameters(struct efimap *map)
{
	struct kexec_state *kexec = kexec_state(map);

	kexec->crash.changes_parameters =
		(kexec->crash.cmdline &&
		 is_split_by_eval(kexec->crash.cmdline, strlen(kexec->crash.cmdline))) ||
		(kexec->crash.appended &&
		 is_split_by_eval(kexec->crash.appended, strlen(kexec->crash.appended)));
}

#define KDUMP_CONFIG "/etc/default/kdump-tools"

/* Return whether an image may be missing only because a collector did not copy it. */
static bool may_be_uncollected(const struct efimap *map, int error)
{
	return error == -EFIMAP_NOT_RECORDED ||
	       (capture_is_offline(map) &&
		(error == -ENOENT || error == -ENOTDIR || error == -EXDEV));
}

/* Return whether a path is absolute and, without "." and repeated slashes, equal to @other. */
static bool is_same_path(const char *path, const char *other)
{
	char clean[EFIMAP_WHERE_SIZE];

	if (path[0] != '/' || strlen(path) >= sizeof(clean))
		return false;
	clean_path(path, clean);
	return strcmp(clean, other + 1) == 0;
}

/* Maximum size in bytes of a file that contains a number. */
#define MAX_NUMBER 64
/* Maximum number of MiB of an unpacked initrd; no machine has more memory. */
#define MAX_UNPACKED (UINT64_C(1) << 26)

/*
 * Raise the lower bound of the unpacked size of an initrd in EFIMAP_KDUMP_DIRECTORY. kdump-tools
 * stores the size that du prints for the unpacked files (/etc/kernel/postinst.d/kdump-tools). du
 * also counts directories and rounds up, so an eighth is subtracted. A file that is older than the
 * initrd contains the size of another initrd.
 */
static int narrow_unpacked_size(struct root *root, struct installed_kernel *kernel)
{
	static const char directory[] = EFIMAP_KDUMP_DIRECTORY "/";
	auto_file struct tree_file content = { 0 };
	struct unpacked_size *unpacked = &kernel->unpacked;
	int64_t written = 0, created = 0;
	char path[EFIMAP_WHERE_SIZE];
	struct text rest;
	uint64_t least, mib;
	int ret;

	if (strncmp(kernel->initrd, directory, strlen(directory)) != 0)
		return 0;
	snprintf(path, sizeof(path), "%ssize_%s", directory + 1,
		 kernel->initrd + strlen(directory));
	ret = root_read(root, path, EFIMAP_READ_WHOLE, MAX_NUMBER, NULL, &content);
	if (!ret)
		ret = root_mtime(root, path, &written);
	if (!ret)
		ret = root_mtime(root, kernel->initrd + 1, &created);
	if (ret || written < created)
		return errno_is_fatal(ret) ? ret : 0;
	rest = (struct text){ content.data, content.len };
	if (!text_take_number(&rest, MAX_UNPACKED, &mib) || !text_begins(rest, "\n"))
		return 0;
	least = (mib << 20) - (mib << 20) / 8;
	if (unpacked->is_known && least > unpacked->least && least <= unpacked->most)
		unpacked->least = least;
	return 0;
}

/*
 * Add the kernel that kdump-config loads. The default paths in EFIMAP_KDUMP_DIRECTORY are links,
 * which kdump-config updates for the running release before each load. If KDUMP_KERNEL is empty or
 * not set, kdump-config loads the image of the running release with its usual initrd. If this
 * release is unknown, add nothing. @record is the path of the record that names the kernel, or
 * NULL.
 */
static int add_kdump_config_kernel(struct root *root, struct efimap *map, const char *kernel,
				   const char *initrd, const char *record)
{
	char image[EFIMAP_WHERE_SIZE], generated[EFIMAP_WHERE_SIZE], config[EFIMAP_WHERE_SIZE];
	const char *initrds[] = { generated, NULL };
	bool has_initrd = !*kernel || *initrd;
	const bool is_named = *kernel && !is_same_path(kernel, EFIMAP_KDUMP_DIRECTORY "/vmlinuz");
	const bool is_initrd_named =
		*kernel && *initrd && !is_same_path(initrd, EFIMAP_KDUMP_DIRECTORY "/initrd.img");
	/* A capture may lack an initrd or a configuration that the machine has. */
	const bool is_offline = capture_is_offline(map);
	uint64_t size;
	int ret = 0;

	if (!is_named && !*map->release.text)
		return 0;
	snprintf(image, sizeof(image), "/boot/vmlinuz-%s", map->release.text);
	snprintf(generated, sizeof(generated), "%s/initrd.img-%s",
		 *kernel ? EFIMAP_KDUMP_DIRECTORY : "/boot", map->release.text);
	if (is_initrd_named)
		initrds[0] = initrd;
	/* Without KDUMP_KERNEL, kdump-config loads no initrd if the usual one does not exist. */
	if (!*kernel && !is_offline && root_file_size(root, generated + 1, &size) == -ENOENT)
		has_initrd = false;
	if (is_named)
		snprintf(image, sizeof(image), "%s", kernel);
	snprintf(config, sizeof(config), "/boot/config-%s", map->release.text);
	/* kdump-config requires the configuration of the running release (check_relocatable). */
	if (!*kernel && !is_offline)
		ret = root_file_size(root, config + 1, &size);
	if (ret == -ENOENT || errno_is_fatal(ret))
		return add_unread_crash_kernel(map, image, config, "KDUMP_KERNEL in " KDUMP_CONFIG,
					       ret);
	/* If the image cannot be accessed, this error is reported instead of a missing initrd. */
	ret = is_initrd_named && !root_file_size(root, image + strspn(image, "/"), &size)
		      ? root_file_size(root, initrd + strspn(initrd, "/"), &size)
		      : 0;
	/* The removal of a file does not affect a kernel that was loaded from it. */
	if (ret && !may_be_uncollected(map, ret) && !(record && ret == -ENOENT))
		return add_unread_crash_kernel(
			map, image, initrd, record ? record : "KDUMP_INITRD in " KDUMP_CONFIG, ret);
	ret = add_named_kernel(root, map, image, has_initrd ? initrds : NULL, false);
	if (!ret)
		ret = narrow_unpacked_size(root, &map->kernels[map->n_kernels - 1]);
	if ((!is_named && may_be_uncollected(map, ret)) ||
	    (record && ret == -ENOENT && !is_offline))
		return 0;
	return add_unread_crash_kernel(map, image, image,
				       !is_named ? ""
				       : record	 ? record
						 : "KDUMP_KERNEL in " KDUMP_CONFIG,
				       ret);
}

/* Store the path of an image or initrd that is newer than the record of its load. */
static void find_newer_file(struct root *root, struct efimap *map,
			    const struct installed_kernel *kernel, int64_t loaded)
{
	const char *const files[] = { kernel->header.name, kernel->initrd };
	int64_t mtime;

	for (size_t i = 0; i < 2 && !map->kexec->record.newer_file; i++) {
		if (!*files[i] || root_mtime(root, files[i] + strspn(files[i], "/"), &mtime) ||
		    mtime <= loaded)
			continue;
		map->kexec->record.newer_file = capture_copy_text(map, files[i]);
	}
}

/*
 * Store the path of the configuration if it is newer than the record of the load. In a tree, the
 * time of either file may be that of the copy.
 */
static void find_newer_settings(struct root *root, struct efimap *map, int64_t loaded)
{
	int64_t mtime;

	if (!root_mtime(root, &KDUMP_CONFIG[1], &mtime) && mtime > loaded &&
	    find_first_origin(map) == EFIMAP_ORIGIN_LIVE)
		map->kexec->record.newer_settings = KDUMP_CONFIG;
}

static bool is_boot_time(struct text line)
{
	return text_begins(line, "btime ");
}

static void filter_boot_time(char *data, size_t *len)
{
	lines_filter(data, len, is_boot_time);
}

/*
 * Determine whether a file was written at @written before the running kernel was booted and, if
 * not, how many seconds after the boot.
 */
static int find_old(struct root *root, size_t limit, int64_t written, struct kexec_state *kexec)
{
	auto_file struct tree_file content = { 0 };
	struct text rest;
	uint64_t booted;
	int ret =
		root_read(root, "proc/stat", EFIMAP_READ_WHOLE, limit, filter_boot_time, &content);

	if (ret)
		return errno_is_fatal(ret) ? ret : 0;
	rest = (struct text){ content.data, content.len };
	/* Without the end of the line, digits may be missing. */
	if (text_take(&rest, "btime ") && text_take_number(&rest, INT64_MAX, &booted) &&
	    text_begins(rest, "\n")) {
		kexec->record.is_old =
			(uint64_t)written < booted ? EFIMAP_KNOWN_YES : EFIMAP_KNOWN_NO;
		if ((uint64_t)written > booted)
			kexec->record.second = (uint64_t)written - booted;
	}
	return 0;
}

/* If a crash kernel is loaded, add the kernel that the record at @path names. */
static int read_load_record(struct root *root, struct efimap *map, size_t limit, const char *path)
{
	struct capture_fault fault = { EFIMAP_SRC_KEXEC, EFIMAP_NO_INDEX, .where = path };
	const size_t n_kernels = map->n_kernels, n_unread = map->n_unread_kernels;
	auto_file struct tree_file content = { 0 };
	struct load_record record;
	int64_t loaded = 0;
	const char *name;
	bool is_shown;
	int ret;

	map->kexec->record.path = capture_copy_text(map, path);
	if (!value_is_set(map->kexec, EFIMAP_VALUE_CRASH_LOADED))
		return 0;
	ret = root_read(root, path, EFIMAP_READ_WHOLE, limit, filter_load_record, &content);
	is_shown = ret == -ENOENT;
	if (is_shown) {
		fault.where = EFIMAP_SHOWN_RECORD;
		ret = root_read(root, fault.where, EFIMAP_READ_WHOLE, limit, filter_shown_record,
				&content);
		/* If kdump-config has no record, its output contains no command. */
		if (!ret && !content.len)
			return 0;
	}
	map->kexec->record.is_missing = ret == -ENOENT && !capture_is_offline(map);
	if (ret)
		return capture_add_unread(map, &fault, ret);
	/* An unknown time is 0, and is not compared with other times. */
	if (!is_shown)
		ret = root_mtime(root, path, &loaded);
	if (errno_is_fatal(ret))
		return ret;
	ret = loaded > 0 ? find_old(root, limit, loaded, map->kexec) : 0;
	if (ret || map->kexec->record.is_old == EFIMAP_KNOWN_YES)
		return ret;
	ret = load_record_parse(&map->arena, content.data, content.len, &record);
	if (ret == -EBADMSG) {
		fault_set(&fault, content.len ? EFIMAP_STATE_SYNTAX : EFIMAP_STATE_EMPTY, 0,
			  "not a command that names a kernel");
		capture_add_fault(map, &fault);
		return 0;
	}
	name = text_mark(&map->arena, arena_printf(&map->arena, "/%s", path));
	ret = add_kdump_config_kernel(root, map, record.kernel, record.initrd, name);
	if (ret)
		return ret;
	map->kexec->record.args = record.args;
	map->kexec->record.cmdline = record.cmdline;
	if (loaded > 0)
		find_newer_settings(root, map, loaded);
	if (map->n_unread_kernels > n_unread)
		map->unread_kernels[n_unread].is_loaded = true;
	if (map->n_kernels == n_kernels)
		return 0;
	map->kernels[n_kernels].is_loaded = true;
	if (loaded > 0)
		find_newer_file(root, map, &map->kernels[n_kernels], loaded);
	return 0;
}

static int keep_kdump_config(struct root *root, struct efimap *map, size_t limit,
			     struct tree_file *content)
{
	const enum kdump_service_kind id = EFIMAP_CRASH_SERVICE_KDUMP_CONFIG;
	const struct settings settings = read_settings(map, EFIMAP_KDUMP_TOOLS, content);
	const char *use = value_of(&settings, EFIMAP_KDUMP_USE);
	const char *directory = value_of(&settings, EFIMAP_KDUMP_RECORD);
	char file[EFIMAP_WHERE_SIZE] = EFIMAP_LOAD_RECORD, record[EFIMAP_WHERE_SIZE];
	int ret;

	/* If the directory of the record is unknown or too long, use a path that no file has. */
	if (!directory || strlen(directory) >= EFIMAP_WHERE_SIZE / 2)
		directory = "$KDUMP_COREDIR";
	if (*directory)
		snprintf(file, sizeof(file), "%s/kexec_cmd", directory);
	clean_path(file, record);
	ret = read_load_record(root, map, limit, record);
	if (ret)
		return ret;
	find_unexpanded(map, &settings);
	if (settings.is_read && use && !is_shell_true(use)) {
		map->kexec->crash.is_off = true;
		/* The record survives a reboot: another program may have loaded the kernel. */
		map->kexec->record.args = NULL;
		return 0;
	}
	keep_service(map, id, &settings);
	keep_crash_cmdline(map, &kdump_services[id], &settings, "");
	find_split_parameters(map);
	if (!settings.is_read)
		return keep_unknown(map, KDUMP_CONFIG, "", content);
	for (unsigned int i = EFIMAP_KDUMP_USE; i <= EFIMAP_KDUMP_INITRD; i++)
		if (!value_of(&settings, i))
			return keep_unknown(map, KDUMP_CONFIG, settings.of[i].name, content);
	return add_kdump_config_kernel(root, map, value_of(&settings, EFIMAP_KDUMP_KERNEL),
				       value_of(&settings, EFIMAP_KDUMP_INITRD), NULL);
}

#define KDUMPCTL_CONFIG "/etc/sysconfig/kdump"

/*
 * Configuration of kdumpctl. It is used only if all members are known.
 *
 * @has_directories:  KDUMP_BOOTDIR sets @boot_directories
 * @boot_directories: directories of images, separated by spaces
 */
struct kdumpctl {
	bool has_directories;
	const char *boot_directories;
	const char *name;
	const char *extension;
};

static void make_image_path(const struct kdumpctl *kdumpctl, struct text directory,
			    const char *release, char image[EFIMAP_WHERE_SIZE])
{
	snprintf(image, EFIMAP_WHERE_SIZE, "%.*s/%s-%s%s", (int)directory.len, directory.at,
		 kdumpctl->name, release, kdumpctl->extension);
}

/*
 * Add an image with the initrd that kdumpctl creates: next to the usual initrd or, if this initrd
 * is missing or the directory is not writable, in EFIMAP_KDUMP_DIRECTORY (kdump-lib.sh:
 * prepare_kdump_bootinfo). A capture may lack the usual initrd.
 */
static int add_image_of_kdumpctl(struct root *root, struct efimap *map, const char *image,
				 const char *release)
{
	const char *slash = strrchr(image, '/');
	const int len = slash ? (int)(slash - image) : 0;
	char beside[EFIMAP_WHERE_SIZE], usual[EFIMAP_WHERE_SIZE], state[EFIMAP_WHERE_SIZE];
	const char *initrds[] = { beside, state, NULL };
	uint64_t size;
	int ret;

	/* KDUMP_BOOTDIR was so long that only a part of it fits. */
	if (!slash)
		return -ENAMETOOLONG;
	snprintf(beside, sizeof(beside), "%.*s/initramfs-%skdump.img", len, image, release);
	snprintf(usual, sizeof(usual), "%.*s/initramfs-%s.img", len, image, release);
	snprintf(state, sizeof(state), EFIMAP_KDUMP_DIRECTORY "/initramfs-%skdump.img", release);
	ret = root_file_size(root, usual + strspn(usual, "/"), &size);
	if (errno_is_fatal(ret))
		return ret;
	if (ret == -ENOENT || ret == -ENOTDIR) {
		initrds[0] = state;
		initrds[1] = capture_is_offline(map) ? beside : NULL;
	}
	return add_named_kernel(root, map, image, initrds, false);
}

/*
 * Get the path in BOOT_IMAGE=, without GRUB's "(DEVICE)" prefix, if it ends in @release, else "".
 * Remove /boot from a path of OSTree (/boot/ostree/...), because add_in_directory() appends the
 * path to a directory such as /boot.
 */
static void find_boot_image(const struct efimap *map, const char *release,
			    char path[EFIMAP_WHERE_SIZE])
{
	const size_t len = strlen(release);
	const struct text booted = boot_image_of(map);

	*path = '\0';
	if (booted.len < len || memcmp(booted.at + booted.len - len, release, len) != 0)
		return;
	snprintf(path, EFIMAP_WHERE_SIZE, "%.*s", (int)booted.len, booted.at);
	if (strncmp(path, "/boot/ostree/", strlen("/boot/ostree/")) == 0)
		memmove(path, path + strlen("/boot"), strlen(path + strlen("/boot")) + 1);
}

static int add_in_directory(struct root *root, struct efimap *map, const struct kdumpctl *kdumpctl,
			    struct text directory, const char *release)
{
	char booted[EFIMAP_WHERE_SIZE], image[EFIMAP_WHERE_SIZE];
	int ret = -ENOENT;

	find_boot_image(map, release, booted);
	if (*booted) {
		snprintf(image, sizeof(image), "%.*s/%s", (int)directory.len, directory.at,
			 booted + strspn(booted, "/"));
		ret = add_image_of_kdumpctl(root, map, image, release);
	}
	/* Skip the root directory, which usually contains only the image that BOOT_IMAGE= names. */
	if ((ret != -ENOENT && ret != -ENOTDIR) ||
	    (!kdumpctl->has_directories && text_is(directory, "/")))
		return ret;
	make_image_path(kdumpctl, directory, release, image);
	return add_image_of_kdumpctl(root, map, image, release);
}

/* Take the next directory of a list. The result is empty at the end of the list. */
static struct text take_directory(const char **list)
{
	const char *start = *list + strspn(*list, " ");
	const size_t len = strcspn(start, " ");

	*list = start + len;
	return (struct text){ start, len };
}

/* Write the path of the image in the first directory, for an error message. */
static void make_first_path(const struct kdumpctl *kdumpctl, const char *release,
			    char image[EFIMAP_WHERE_SIZE])
{
	const char *list = kdumpctl->boot_directories;

	make_image_path(kdumpctl, take_directory(&list), release, image);
}

static int add_release(struct root *root, struct efimap *map, const struct kdumpctl *kdumpctl,
		       const char *release)
{
	const char *list = kdumpctl->boot_directories;
	struct text directory = take_directory(&list);
	char image[EFIMAP_WHERE_SIZE];
	int ret = -ENOENT;

	for (; directory.len && (ret == -ENOENT || ret == -ENOTDIR);
	     directory = take_directory(&list))
		ret = add_in_directory(root, map, kdumpctl, directory, release);
	if (kdumpctl->has_directories)
		return ret;
	if (ret == -ENOTDIR)
		ret = -ENOENT;
	for (size_t i = 0; ret == -ENOENT && i < map->n_kernels; i++)
		if (map->kernels[i].is_unified &&
		    strcmp(map->kernels[i].header.release, release) == 0)
			ret = add_image_of_kdumpctl(root, map, map->kernels[i].header.name,
						    release);
	/*
	 * With OSTree, kdumpctl copies the image from the directory of modules to /boot/ostree and
	 * loads the copy, so use the original. Without OSTree, use that image only for a capture,
	 * which may lack the image that kdumpctl loads.
	 */
	if (ret != -ENOENT || (!capture_is_offline(map) && !has_parameter(map, "ostree")))
		return ret;
	snprintf(image, sizeof(image), "/usr/lib/modules/%s/vmlinuz", release);
	return add_image_of_kdumpctl(root, map, image, release);
}

/* kdumpctl prefers the kernel without debug options if a debug kernel is running. */
static int add_running_release(struct root *root, struct efimap *map,
			       const struct kdumpctl *kdumpctl)
{
	static const char end[] = "debug";
	const size_t len = strlen(map->release.text), shorter = len - sizeof(end);
	char release[EFIMAP_MAX_RELEASE + 1];
	int ret = -ENOENT;

	if (!len)
		return 0;
	if (len > sizeof(end) && strcmp(map->release.text + shorter + 1, end) == 0 &&
	    strchr("+-", map->release.text[shorter])) {
		snprintf(release, sizeof(release), "%.*s", (int)shorter, map->release.text);
		ret = add_release(root, map, kdumpctl, release);
	}
	return ret == -ENOENT ? add_release(root, map, kdumpctl, map->release.text) : ret;
}

#define SUSE_KERNEL EFIMAP_KDUMP_DIRECTORY "/kernel"

/*
 * Return 1 if the kdump service of SUSE may have made its link to the kernel, else 0; or a fatal
 * errno. If there is a link, the configuration file or variables in it may be missing, because the
 * service has a default for each variable (kdump-read-config.sh). A capture may lack the target of
 * the link (EXDEV), or the link is not followed (ELOOP) or cannot be read.
 */
static int find_suse_link(struct root *root)
{
	uint64_t size;
	const int ret = root_file_size(root, &SUSE_KERNEL[1], &size);

	return errno_is_fatal(ret) ? ret
				   : ret != -ENOENT && ret != -ENOTDIR && ret != -EISDIR &&
					     ret != -EFIMAP_NOT_RECORDED;
}

/*
 * Add the kernel that the kdump service of SUSE loads. Before each load, the service runs mkdumprd,
 * which points the link SUSE_KERNEL to the kernel that KDUMP_KERNELVER names by release or path.
 * mkdumprd fails if this kernel is missing. If @release is empty, mkdumprd chooses the default of
 * the boot loader, to which the link pointed at the last load, so the link is used.
 */
static int add_suse_kernel(struct root *root, struct efimap *map, const char *release)
{
	static const char *const initrds[] = { EFIMAP_KDUMP_DIRECTORY "/initrd", NULL };
	char image[EFIMAP_WHERE_SIZE];
	int ret;

	if (!*release) {
		ret = add_named_kernel(root, map, SUSE_KERNEL, initrds, false);
		/* Without the link, as in older versions, the service loads another kernel. */
		return ret == -ENOENT || may_be_uncollected(map, ret)
			       ? 0
			       : add_unread_crash_kernel(map, SUSE_KERNEL, SUSE_KERNEL, "", ret);
	}
	snprintf(image, sizeof(image), *release == '/' ? "%s" : "/usr/lib/modules/%s/vmlinuz",
		 release);
	ret = add_named_kernel(root, map, image, initrds, false);
	if (*release != '/' && (ret == -ENOENT || ret == -ENOTDIR)) {
		snprintf(image, sizeof(image), "/boot/vmlinuz-%s", release);
		ret = add_named_kernel(root, map, image, initrds, false);
	}
	return add_unread_crash_kernel(map, image, image, "KDUMP_KERNELVER in " KDUMPCTL_CONFIG,
				       ret);
}

/*
 * On SUSE, /etc/sysconfig/kdump belongs to SUSE's kdump service and lacks KDUMP_IMG. The service
 * loads the kernel and the initrd to which its links in EFIMAP_KDUMP_DIRECTORY point (kdump
 * init/load.sh: load_kdump_kexec). Upstream versions before 0.9.1 add noefi to the parameters of
 * the running kernel. Packages since 1.0.1 add KDUMP_AUTO_RESIZE to the configuration. Versions
 * before 1.0.2 (SLES 15 SP6) have no links.
 */
static int keep_suse(struct root *root, struct efimap *map, const struct settings *settings,
		     bool has_link, struct tree_file *content)
{
	const enum kdump_service_kind id = EFIMAP_CRASH_SERVICE_SUSE;
	const struct kdump_service *service = &kdump_services[id];
	const char *release = value_of(settings, EFIMAP_KDUMP_RELEASE);
	const char *cmdline = value_of(settings, EFIMAP_KDUMP_CMDLINE);
	const char *cpus = value_of(settings, EFIMAP_KDUMP_CPUS), *added;
	bool is_limited;

	/*
	 * If KDUMP_CPUS is empty, the service passes nr_cpus=32 or, in older versions, nr_cpus=1.
	 * If KDUMP_CPUS is 0 or unknown, the crash kernel may use all CPUs.
	 */
	if (cpus && !*cpus)
		cpus = "32";
	is_limited = cpus && strspn(cpus, EFIMAP_DIGITS) == strlen(cpus) && strcmp(cpus, "0") != 0;
	added = arena_printf(&map->arena, "%s%s%s", service->adds, is_limited ? "nr_cpus=" : "",
			     is_limited ? cpus : "");
	keep_crash_cmdline(map, service, settings, added);
	find_split_parameters(map);
	keep_service(map, id, settings);
	map->kexec->crash.may_add_noefi = cmdline && !*cmdline;
	map->kexec->crash.suse_least = has_link ? EFIMAP_SUSE_KDUMP(1, 0, 2)
				       : settings->of[EFIMAP_KDUMP_RESIZE].is_set
					       ? EFIMAP_SUSE_KDUMP(1, 0, 1)
					       : 0;
	return release ? add_suse_kernel(root, map, release)
		       : keep_unknown(map, KDUMPCTL_CONFIG, "KDUMP_KERNELVER", content);
}

static int keep_kdumpctl(struct root *root, struct efimap *map, struct tree_file *content)
{
	/* SUSE's service has none of these settings. kdumpctl also works if none of them is set. */
	static const enum kdump_role of_kdumpctl[] = {
		EFIMAP_KDUMP_IMAGE,	EFIMAP_KDUMP_OPTIONS,
		EFIMAP_KDUMP_REMOVED,	EFIMAP_KDUMP_BOOT_DIRECTORIES,
		EFIMAP_KDUMP_EXTENSION,
	};
	const enum kdump_service_kind id = EFIMAP_CRASH_SERVICE_KDUMPCTL;
	const struct settings settings = read_settings(map, EFIMAP_KDUMP_SYSCONFIG, content);
	const char *release = value_of(&settings, EFIMAP_KDUMP_RELEASE);
	const char *directories = value_of(&settings, EFIMAP_KDUMP_BOOT_DIRECTORIES);
	const struct kdumpctl kdumpctl = {
		.has_directories = directories && *directories,
		.boot_directories =
			directories && !*directories ? "/boot /boot/efi /efi /" : directories,
		.name = value_of(&settings, EFIMAP_KDUMP_IMAGE),
		.extension = value_of(&settings, EFIMAP_KDUMP_EXTENSION),
	};
	bool is_kdumpctl = false, is_suse;
	char image[EFIMAP_WHERE_SIZE];
	int ret = 0;

	for (size_t i = 0; i < sizeof(of_kdumpctl) / sizeof(of_kdumpctl[0]); i++)
		is_kdumpctl |= settings.of[of_kdumpctl[i]].is_set;
	is_suse = !is_kdumpctl && settings.of[EFIMAP_KDUMP_SUSE_OPTIONS].is_set;
	find_unexpanded(map, &settings);
	if (is_suse || (settings.is_read && !is_kdumpctl))
		ret = find_suse_link(root);
	if (ret < 0)
		return ret;
	if (is_suse || ret)
		return keep_suse(root, map, &settings, ret, content);
	keep_crash_cmdline(map, &kdump_services[id], &settings, "");
	/* The variables that identify the service may be in a part that could not be parsed. */
	if (!settings.is_read)
		return keep_unknown(map, KDUMPCTL_CONFIG, "", content);
	if (!is_kdumpctl)
		return 0;
	find_changed_parameters(map, value_of(&settings, EFIMAP_KDUMP_CMDLINE));
	keep_service(map, id, &settings);
	for (unsigned int i = EFIMAP_KDUMP_RELEASE; i <= EFIMAP_KDUMP_EXTENSION; i++)
		if (!value_of(&settings, i))
			return keep_unknown(map, KDUMPCTL_CONFIG, settings.of[i].name, content);
	if (*release) {
		ret = add_release(root, map, &kdumpctl, release);
		make_first_path(&kdumpctl, release, image);
		return add_unread_crash_kernel(map, image, image,
					       "KDUMP_KERNELVER in " KDUMPCTL_CONFIG, ret);
	}
	ret = add_running_release(root, map, &kdumpctl);
	if (may_be_uncollected(map, ret))
		return 0;
	make_first_path(&kdumpctl, map->release.text, image);
	return add_unread_crash_kernel(map, image, image, "", ret);
}

#define KEXEC_DEFAULTS "etc/default/kexec"

/* Let the newest installed kernel be the one that a reboot or kexec-load-kernel loads. */
static void choose_newest(struct efimap *map)
{
	for (size_t i = 0; i < map->n_kernels; i++)
		map->kernels[i].is_for_reboot |= map->kernels[i].is_newest;
}

/*
 * Add the kernel that a reboot or kexec-load-kernel loads. Without KERNEL_IMAGE, add nothing. kexec
 * is called without an initrd if INITRD is empty. Debian keeps the link /vmlinuz to the newest
 * kernel, so this kernel is chosen if a capture may only lack the link. If the running system lacks
 * the link, nobody uses kexec-load-kernel with the file of the package, which names it.
 */
static int add_reboot_kernel(struct root *root, struct efimap *map, const struct settings *settings)
{
	static const char setting[] = "KERNEL_IMAGE in /" KEXEC_DEFAULTS;
	const char *image = value_of(settings, EFIMAP_KEXEC_KERNEL);
	const char *initrd = value_of(settings, EFIMAP_KEXEC_INITRD);
	const char *const initrds[] = { initrd, NULL };
	struct unread_kernel unknown = {
		.image = "",
		.is_for_reboot = true,
		.setting = image ? "INITRD" : "KERNEL_IMAGE",
		.fault = { EFIMAP_SRC_KEXEC, EFIMAP_NO_INDEX, "/" KEXEC_DEFAULTS },
	};
	int ret;

	if (!image || !initrd) {
		fault_set(&unknown.fault, EFIMAP_STATE_SYNTAX, 0,
			  "only a shell can expand the value");
		return capture_add_unread_kernel(map, &unknown);
	}
	if (!*image)
		return 0;
	ret = add_named_kernel(root, map, image, *initrd ? initrds : NULL, true);
	if (*initrd && is_same_path(image, "/vmlinuz")) {
		if (may_be_uncollected(map, ret)) {
			choose_newest(map);
			return 0;
		}
		if (ret == -ENOENT && !map->kexec->loads_at_reboot)
			return 0;
	}
	return add_unread_named(map,
				(struct unread_kernel){
					.image = image,
					.is_for_reboot = true,
					.setting = setting,
					.fault.where = image,
				},
				ret);
}

/*
 * Return whether kexec-load-kernel uses the settings. Debian's kexec-tools has this script since
 * 2.0.27, which also removed LOAD_KEXEC from the file of the package.
 */
static bool has_load_script(const struct kexec_state *kexec, const struct settings *settings)
{
	return kexec->tools.major ? tools_has(&kexec->tools, EFIMAP_TOOLS_FILE_LOAD, false)
				  : !settings->of[EFIMAP_KEXEC_USE].is_set;
}

/*
 * Keep whether Debian's kexec-tools loads a kernel before a reboot, this kernel, and its parameters
 * (Debian's kexec-tools before 2.0.27: /etc/init.d/kexec-load; later: kexec-load-kernel). The
 * script tests whether LOAD_KEXEC is "true". Since 2.0.27, an administrator runs the script, which
 * ignores LOAD_KEXEC.
 */
static int keep_kexec_defaults(struct root *root, struct efimap *map,
			       const struct settings *settings)
{
	const char *use = value_of(settings, EFIMAP_KEXEC_USE);
	const char *grub = value_of(settings, EFIMAP_KEXEC_GRUB);
	const char *cmdline = value_of(settings, EFIMAP_KEXEC_CMDLINE);
	struct kexec_state *kexec = kexec_state(map);
	const bool has_script = has_load_script(kexec, settings);

	kexec->has_load_script = has_script;
	kexec->loads_at_reboot = !has_script && strcmp(use, "true") == 0;
	/* GRUB's default entry is not read, and replaces KERNEL_IMAGE, INITRD and APPEND. */
	if (strcmp(grub, "true") == 0)
		return 0;
	kexec->reboot_cmdline = NULL;
	if (cmdline)
		kexec->reboot_cmdline = capture_copy_text(map, cmdline);
	return kexec->loads_at_reboot || has_script ? add_reboot_kernel(root, map, settings) : 0;
}

/* Maximum number of files in kexec.d that are read. Debian's packages install none. */
#define MAX_SNIPPETS 64U

/*
 * The files of kexec-tools that are being read.
 *
 * @arena:  memory for names and contents
 * @names:  the names of the files in kexec.d
 * @where:  path of the file that is being read
 * @found:  a file was read
 * @is_cut: the file that was read last may lack its end
 */
struct defaults {
	struct root *root;
	struct efimap *map;
	const struct capture_file *file;
	struct arena arena;
	const char *names[MAX_SNIPPETS];
	size_t n_names;
	char where[EFIMAP_WHERE_SIZE];
	struct settings settings;
	bool found;
	bool is_cut;
};

/* Keep a name that run-parts(8) accepts. */
static int take_snippet(void *context, const char *name, mode_t type)
{
	struct defaults *defaults = context;

	if (strspn(name, EFIMAP_LETTERS EFIMAP_DIGITS "_-") != strlen(name))
		return 0;
	if (defaults->n_names == MAX_SNIPPETS)
		return -E2BIG;
	defaults->names[defaults->n_names++] = arena_strndup(&defaults->arena, name, strlen(name));
	return 0;
}

/*
 * Read the file at @where. A missing file assigns nothing, and neither does a directory, which
 * run-parts(8) ignores, but a copy may have a directory by mistake. Return 0; or a negative errno,
 * which is -EBADMSG if the file may lack its end, or if only a shell can interpret it.
 */
static int read_defaults(struct defaults *defaults)
{
	const struct capture_file *file = defaults->file;
	struct shell_variable *append = &defaults->settings.of[EFIMAP_KEXEC_CMDLINE];
	const char *earlier = append->value;
	auto_file struct tree_file content = { 0 };
	struct tree_file copy;
	int ret = root_read(defaults->root, defaults->where, file->part, file->limit, file->filter,
			    &content);

	if (ret == -ENOENT || (ret == -EISDIR && !capture_is_offline(defaults->map)))
		return 0;
	if (ret)
		return ret;
	copy.len = content.len;
	copy.data = arena_strndup(&defaults->arena, content.data, content.len);
	defaults->found = true;
	defaults->is_cut = copy_may_be_cut(defaults->map, &content);
	add_settings(defaults->map, EFIMAP_KEXEC_DEFAULTS, &copy, &defaults->settings);
	if (!defaults->settings.is_read || !value_of(&defaults->settings, EFIMAP_KEXEC_USE) ||
	    !value_of(&defaults->settings, EFIMAP_KEXEC_GRUB))
		return -EBADMSG;
	if (append->is_set && append->value != earlier)
		defaults->map->kexec->reboot_file =
			capture_copy_text(defaults->map, defaults->where);
	return 0;
}

/* Read /etc/default/kexec, and then the files in kexec.d in the order of their names. */
static int read_all_defaults(struct defaults *defaults)
{
	const char *directory = defaults->file->places[1];
	int ret, listed;

	snprintf(defaults->where, sizeof(defaults->where), "%s", KEXEC_DEFAULTS);
	ret = read_defaults(defaults);
	if (ret && ret != -EFIMAP_NOT_RECORDED)
		return ret;
	listed = root_list(defaults->root, directory, "", take_snippet, defaults);
	if (listed && listed != -ENOENT && listed != -EFIMAP_NOT_RECORDED) {
		snprintf(defaults->where, sizeof(defaults->where), "%s", directory);
		return listed;
	}
	sort_items(defaults->names, defaults->n_names, sizeof(defaults->names[0]), order_at_text);
	for (size_t i = 0; !ret && i < defaults->n_names; i++) {
		snprintf(defaults->where, sizeof(defaults->where), "%s/%s", directory,
			 defaults->names[i]);
		ret = read_defaults(defaults);
	}
	return ret;
}

/*
 * Read the files in which Debian's kexec-tools finds the kernel that a reboot loads. If one of them
 * cannot be read, no assignment is known. A copy with kernel images, kexec-tools and the
 * configuration of kdump-tools, but without the file, is incomplete.
 */
int read_kexec_defaults(struct root *root, struct efimap *map, const struct capture_file *file,
			struct err *err)
{
	struct defaults defaults = { .root = root, .map = map, .file = file };
	struct capture_fault fault = { file->source, EFIMAP_NO_INDEX, .where = defaults.where };
	auto_file struct tree_file kdump = { 0 };
	int ret = read_all_defaults(&defaults);

	if (ret == -EBADMSG) {
		fault_set(&fault, EFIMAP_STATE_SYNTAX, 0, "%s",
			  defaults.is_cut ? EFIMAP_NO_NEWLINE : "only a shell can interpret it");
		capture_add_fault(map, &fault);
		ret = 0;
	} else if (ret) {
		ret = capture_add_unread(map, &fault, ret);
	} else if (defaults.found) {
		ret = keep_kexec_defaults(root, map, &defaults.settings);
	} else if (capture_is_offline(map) && map->n_kernels > 0 &&
		   kexec_of(map)->has_tools == EFIMAP_KNOWN_YES &&
		   root_read(root, &KDUMP_CONFIG[1], file->part, file->limit, file->filter,
			     &kdump) == 0) {
		/* The configuration of kdump-tools shows Debian, whose kexec-tools has the file. */
		fault.where = KEXEC_DEFAULTS;
		fault_set(&fault, EFIMAP_STATE_ABSENT, 0, "not collected");
		capture_add_fault(map, &fault);
	}
	arena_free(&defaults.arena);
	return ret;
}

/* Variables that are not listed, such as KDUMP_SAVEDIR of SUSE, may contain a password. */
void filter_kdump_configuration(char *data, size_t *len)
{
	const char *names[EFIMAP_N_KDUMP_VARIABLES + 1] = { NULL };

	for (size_t i = 0; i < EFIMAP_N_KDUMP_VARIABLES; i++)
		names[i] = kdump_variables[i].name;
	shell_filter(data, len, names);
}

int read_kdump_configuration(struct root *root, struct efimap *map, const struct capture_file *file,
			     struct err *err)
{
	char empty[] = "";
	int ret = -ENOENT;

	for (size_t i = 0; ret == -ENOENT && file->places[i]; i++) {
		auto_file struct tree_file content = { 0 };

		ret = root_read(root, file->places[i], file->part, file->limit, file->filter,
				&content);
		/*
		 * The first file is that of kdump-config, and names the directory of the record.
		 * Without this file, the record is in /var/crash.
		 */
		if (i == 0 && ret) {
			const int record_ret =
				read_load_record(root, map, file->limit, EFIMAP_LOAD_RECORD);

			if (record_ret)
				return record_ret;
		}
		if (!ret)
			return i == 0 ? keep_kdump_config(root, map, file->limit, &content)
				      : keep_kdumpctl(root, map, &content);
		if (ret != -ENOENT && ret != -EFIMAP_NOT_RECORDED) {
			char path[EFIMAP_WHERE_SIZE];

			snprintf(path, sizeof(path), "/%s", file->places[i]);
			return add_unread_crash_kernel(map, "", path, "", ret);
		}
	}
	/* The service of SUSE loads nothing if no memory is reserved. */
	ret = value_is_set(kexec_of(map), EFIMAP_VALUE_CRASH_SIZE) ? find_suse_link(root) : 0;
	return ret > 0 ? keep_kdumpctl(root, map, &(struct tree_file){ .data = empty }) : ret;
}
