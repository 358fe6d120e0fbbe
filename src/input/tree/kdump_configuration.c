/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Find the image, the initrd and the parameters of the crash kernel: those in the record of the
 * load, which kdump-config of Debian writes, or else those that the installed kdump service usually
 * loads for the running release. A setting that names another kernel, or that only a shell can
 * expand, is not evaluated: the crash kernel or its parameters are then unknown. Sources:
 * kdump-tools 1.6.8 to 1.10.9 (kdump-config: kdump_load); kdump-utils 1.0.44 (kdump-lib.sh:
 * prepare_kdump_bootinfo, prepare_cmdline); kdump of SUSE (init/load.sh: build_kdump_commandline).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text_scan.h"
#include "capture/installed_kernels.h"
#include "capture/kernel_parameters.h"
#include "input/file_readers.h"
#include "input/load_record.h"
#include "input/parse_values.h"
#include "input/tree/capture_file.h"
#include "input/tree/read_installed_kernels.h"

/* The value of a variable that only a shell can determine */
#define UNEXPANDED "$"
/*
 * Maximum length of a value. Kernels on x86 accept at most 2047 bytes of parameters, and removing
 * names from parameters takes the product of both lengths.
 */
#define MAX_VALUE 4096

/* A path is @before, the running release and @after, or only @before if @after is NULL. */
struct pattern {
	const char *before;
	const char *after;
};

/*
 * A kdump service.
 *
 * @config:   its configuration file
 * @mark:     the file is that of the service if it assigns this variable; or NULL
 * @named:    variables that name other files than the usual ones, unless they have this value
 * @options:  the variable with options of kexec(8)
 * @replaces: the variable with parameters that replace those of the running kernel
 * @appends:  the variable with parameters that are appended
 * @appended: parameters that the service appends if @appends is empty
 * @added:    parameters that the service adds to those of the running kernel
 * @always:   parameters that the service adds to all parameters
 * @removed:  parameters of the running kernel that the service removes
 * @removes:  the variable with parameters that the service removes, also from @replaces; or NULL
 *
 * Lists contain only parameters that affect an answer.
 */
static const struct service {
	enum kdump_service_kind id;
	const char *config;
	const char *mark;
	struct {
		const char *name;
		const char *usual;
	} named[2];
	const char *options;
	const char *replaces;
	const char *appends;
	const char *appended;
	const char *added;
	const char *always;
	const char *removed;
	const char *removes;
	struct pattern images[2];
	struct pattern initrds[2];
} services[] = {
	{
		.id = EFIMAP_CRASH_SERVICE_KDUMP_CONFIG,
		.config = "etc/default/kdump-tools",
		.named = { { "KDUMP_KERNEL", EFIMAP_KDUMP_DIRECTORY "/vmlinuz" },
			   { "KDUMP_INITRD", EFIMAP_KDUMP_DIRECTORY "/initrd.img" } },
		.options = "KDUMP_KEXEC_ARGS",
		.replaces = "KDUMP_CMDLINE",
		.appends = "KDUMP_CMDLINE_APPEND",
		.appended = "nr_cpus=1",
		.added = "",
		.always = "",
		.removed = "crashkernel hugepages hugepagesz abm",
		.images = { { "/boot/vmlinuz-", "" }, { EFIMAP_KDUMP_DIRECTORY "/vmlinuz", NULL } },
		.initrds = { { EFIMAP_KDUMP_DIRECTORY "/initrd.img-", "" },
			     { "/boot/initrd.img-", "" } },
	},
	{
		.id = EFIMAP_CRASH_SERVICE_SUSE,
		.config = "etc/sysconfig/kdump",
		.mark = "KEXEC_OPTIONS",
		.named = { { "KDUMP_KERNELVER", "" } },
		.options = "KEXEC_OPTIONS",
		.replaces = "KDUMP_COMMANDLINE",
		.appends = "KDUMP_COMMANDLINE_APPEND",
		.appended = "",
		.added = "nr_cpus=32 disable_cpu_apicid=0 ",
		.always = "",
		.removed = "root resume crashkernel splash mem BOOT_IMAGE hugepages",
		.images = { { EFIMAP_KDUMP_DIRECTORY "/kernel", NULL }, { "/boot/vmlinuz-", "" } },
		.initrds = { { EFIMAP_KDUMP_DIRECTORY "/initrd", NULL },
			     { "/boot/initrd-", "-kdump" } },
	},
	{
		.id = EFIMAP_CRASH_SERVICE_KDUMPCTL,
		.config = "etc/sysconfig/kdump",
		.named = { { "KDUMP_KERNELVER", "" }, { "KDUMP_IMG", "vmlinuz" } },
		.options = "KEXEC_ARGS",
		.replaces = "KDUMP_COMMANDLINE",
		.appends = "KDUMP_COMMANDLINE_APPEND",
		.appended = "",
		.added = "",
		.always = "disable_cpu_apicid=0 ",
		.removed = "crashkernel hugepages hugepagesz slub_debug",
		.removes = "KDUMP_COMMANDLINE_REMOVE",
		.images = { { "/boot/vmlinuz-", "" }, { "/usr/lib/modules/", "/vmlinuz" } },
		.initrds = { { "/boot/initramfs-", "kdump.img" },
			     { EFIMAP_KDUMP_DIRECTORY "/initramfs-", "kdump.img" } },
	},
};

#define N_SERVICES (sizeof(services) / sizeof(services[0]))

/* Take the name of a variable and the following "=" or "+=" from the beginning of a line. */
static bool take_name(struct text *line, const char *name)
{
	text_skip_blanks(line);
	return name && text_take(line, name) && (text_take(line, "=") || text_begins(*line, "+="));
}

/* Return whether a line assigns a variable that is used. Others may contain a password. */
static bool is_used(struct text line)
{
	struct text use = line;

	for (size_t i = 0; i < N_SERVICES; i++) {
		const struct service *service = &services[i];
		const char *const names[] = { service->named[0].name, service->named[1].name,
					      service->options,	      service->replaces,
					      service->appends,	      service->removes };

		for (size_t j = 0; j < sizeof(names) / sizeof(names[0]); j++) {
			struct text rest = line;

			if (take_name(&rest, names[j]))
				return true;
		}
	}
	return take_name(&use, "USE_KDUMP");
}

void filter_kdump_configuration(char *data, size_t *len)
{
	lines_filter(data, len, is_used);
}

/*
 * Return whether a shell does more with a value than to take it. The boot ID, which
 * integration/README.md adds to the parameters, affects no answer.
 */
static bool is_expanded(struct text value)
{
	static const char special[] = "$`\\\"'\r";
	static const char boot_id[] = "$(cat /proc/sys/kernel/random/boot_id)";
	struct text rest = value;

	if (text_find(&rest, boot_id))
		return is_expanded(rest) ||
		       is_expanded((struct text){ value.at,
						  (size_t)(rest.at - value.at) - strlen(boot_id) });
	for (size_t i = 0; i < value.len; i++)
		if (strchr(special, value.at[i]))
			return true;
	return false;
}

/* Take a word or a text between quotes. Return UNEXPANDED if the second quote or "=" is missing. */
static struct text take_value(struct text *line)
{
	const char *end;
	struct text found;

	if (!line->len || !strchr("\"'", line->at[0]))
		return text_begins(*line, "+=") ? (struct text){ UNEXPANDED, 1 }
						: text_take_word(line);
	end = memchr(line->at + 1, line->at[0], line->len - 1);
	if (!end)
		return (struct text){ UNEXPANDED, 1 };
	found = (struct text){ line->at + 1, (size_t)(end - line->at) - 1 };
	text_skip(line, found.len + 2);
	return found;
}

/*
 * Return the last value that a file assigns to a variable, "" if it assigns none, or UNEXPANDED if
 * only a shell can determine the value, or the value is too long or has several lines.
 */
static const char *find_value(struct efimap *map, const struct tree_file *content, const char *name)
{
	struct lines lines = { .data = content->data, .len = content->len };
	const char *value = "";
	struct text line;

	while (lines_next(&lines, &line.at, &line.len)) {
		struct text found;

		if (!take_name(&line, name))
			continue;
		found = take_value(&line);
		text_skip_blanks(&line);
		value = (line.len && line.at[0] != '#') || is_expanded(found) ||
					found.len > MAX_VALUE
				? UNEXPANDED
				: arena_strndup(&map->arena, found.at, found.len);
	}
	return value;
}

/* Return parameters without those in a list of names. */
static const char *remove_parameters(struct efimap *map, const char *rest, const char *removed)
{
	char *const kept = arena_alloc(&map->arena, strlen(rest) + 2), *end = kept;
	struct kernel_parameter arg, other;

	*end = '\0';
	while (parameter_next(&rest, &arg)) {
		const char *names = removed;
		bool is_removed = false;

		while (parameter_next(&names, &other))
			is_removed |= arg.name_len == other.name_len &&
				      strncmp(arg.name, other.name, arg.name_len) == 0;
		if (!is_removed)
			end = stpcpy(mempcpy(end, arg.text, arg.text_len), " ");
	}
	/* Appended parameters are arguments of init if they follow "--". */
	stpcpy(end, rest);
	return kept;
}

/* Keep the parameters of the crash kernel. */
static void keep_parameters(struct efimap *map, const struct service *service,
			    const struct tree_file *content)
{
	struct crash_configuration *crash = &kexec_state(map)->crash;
	const char *replaces = find_value(map, content, service->replaces);
	const char *appends = find_value(map, content, service->appends);
	const char *removes = find_value(map, content, service->removes);
	const char *own = replaces;

	if (strcmp(replaces, UNEXPANDED) == 0 || strcmp(appends, UNEXPANDED) == 0 ||
	    strcmp(removes, UNEXPANDED) == 0 ||
	    (!*replaces && !capture_has(map, EFIMAP_SRC_CMDLINE)))
		return;
	if (!*replaces)
		own = remove_parameters(map, map->cmdline, service->removed);
	crash->cmdline = arena_printf(
		&map->arena, "%s%s%s %s", service->always, *replaces ? "" : service->added,
		remove_parameters(map, own, removes), *appends ? appends : service->appended);
}

static const char *expand(struct efimap *map, const struct pattern *pattern)
{
	if (!pattern->after)
		return pattern->before;
	return arena_printf(&map->arena, "%s%s%s", pattern->before, map->release.text,
			    pattern->after);
}

/* Maximum size in bytes of a file that contains a number */
#define MAX_NUMBER 64
/* Maximum number of MiB of an unpacked initrd; no machine has more memory. */
#define MAX_UNPACKED (UINT64_C(1) << 26)

/*
 * Narrow the bounds of the unpacked size of an initrd in EFIMAP_KDUMP_DIRECTORY. kdump-tools stores
 * the size that du prints for the unpacked files (/etc/kernel/postinst.d/kdump-tools). du counts
 * the blocks of another file system, so the size may differ by an eighth. A file that is older than
 * the initrd contains the size of another initrd.
 */
static int narrow_unpacked_size(struct root *root, struct installed_kernel *kernel)
{
	static const char directory[] = EFIMAP_KDUMP_DIRECTORY "/";
	auto_file struct tree_file content = { 0 };
	struct unpacked_size *unpacked = &kernel->unpacked;
	int64_t written = 0, created = 0;
	char path[EFIMAP_WHERE_SIZE];
	struct text rest;
	uint64_t least, most, mib;
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
	most = (mib << 20) + (mib << 20) / 8;
	if (!unpacked->is_known || least > unpacked->most || most < unpacked->least)
		return 0;
	unpacked->least = least > unpacked->least ? least : unpacked->least;
	unpacked->most = most < unpacked->most ? most : unpacked->most;
	return 0;
}

static int add_crash_kernel(struct root *root, struct efimap *map, struct kernel_files *files)
{
	struct installed_kernel *added;
	int ret;

	files->as.is_crash = true;
	ret = add_kernel(root, map, files, &added);
	return ret || !added ? ret : narrow_unpacked_size(root, added);
}

/*
 * Add the kernel that a service usually loads. The running system must have its files. @config is
 * the absolute path of the configuration.
 */
static int add_usual_kernel(struct root *root, struct efimap *map, const struct service *service,
			    const char *config)
{
	const char *images[3] = { NULL }, *initrds[3] = { NULL };
	struct kernel_files files = {
		.images = images,
		.initrds = initrds,
		.release = map->release.text,
		.setting = config,
	};

	if (!*map->release.text)
		return 0;
	for (size_t i = 0; i < 2; i++) {
		images[i] = expand(map, &service->images[i]);
		initrds[i] = expand(map, &service->initrds[i]);
	}
	return add_crash_kernel(root, map, &files);
}

/* Return the variable that names another file than the service usually loads, or NULL. */
static const char *find_named(struct efimap *map, const struct service *service,
			      const struct tree_file *content)
{
	for (size_t i = 0; i < 2 && service->named[i].name; i++) {
		const char *value = find_value(map, content, service->named[i].name);
		const struct pattern *paths = i == 0 ? service->images : service->initrds;

		if (*value && strcmp(value, service->named[i].usual) != 0 &&
		    strcmp(value, map->release.text) != 0 &&
		    strcmp(value, expand(map, &paths[0])) != 0 &&
		    strcmp(value, expand(map, &paths[1])) != 0)
			return service->named[i].name;
	}
	return NULL;
}

static int keep_configuration(struct root *root, struct efimap *map, const struct service *service,
			      const struct tree_file *content)
{
	struct crash_configuration *crash = &kexec_state(map)->crash;
	const char *where = arena_printf(&map->arena, "/%s", service->config);
	const char *named = find_named(map, service, content);
	const char *const settings[] = { "USE_KDUMP", service->options, service->replaces,
					 service->appends, service->removes };

	crash->service = service->id;
	crash->options = parse_kexec_options(find_value(map, content, service->options));
	for (size_t i = 0;
	     i < sizeof(settings) / sizeof(*settings) && !crash->unexpanded && settings[i]; i++)
		if (strcmp(find_value(map, content, settings[i]), UNEXPANDED) == 0)
			crash->unexpanded = settings[i];
	if (strcmp(find_value(map, content, "USE_KDUMP"), "0") == 0) {
		/* The record survives a reboot: another program may have loaded the kernel. */
		crash->is_off = true;
		map->kexec->record.has_load = false;
		return 0;
	}
	keep_parameters(map, service, content);
	if (copy_may_be_cut(map, content))
		return add_unknown_crash_kernel(map, where, "", EFIMAP_NO_NEWLINE);
	if (named)
		return add_unknown_crash_kernel(map, where, named,
						"the setting names another file");
	return add_usual_kernel(root, map, service, where);
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
 * Determine whether a file was written at @written, in seconds since 1970, before the running
 * kernel was booted. Without the end of the line, digits of the time of the boot may be missing.
 */
static int find_old(struct root *root, int64_t written, enum known *ret_is_old)
{
	auto_file struct tree_file content = { 0 };
	struct text rest;
	uint64_t booted;
	const int ret = root_read(root, "proc/stat", EFIMAP_READ_WHOLE, EFIMAP_FILE_BYTES,
				  filter_boot_time, &content);

	if (ret)
		return errno_is_fatal(ret) ? ret : 0;
	rest = (struct text){ content.data, content.len };
	if (written > 0 && text_take(&rest, "btime ") &&
	    text_take_number(&rest, INT64_MAX, &booted) && text_begins(rest, "\n"))
		*ret_is_old = (uint64_t)written < booted ? EFIMAP_KNOWN_YES : EFIMAP_KNOWN_NO;
	return 0;
}

/*
 * Add the kernel that a record names. The paths in EFIMAP_KDUMP_DIRECTORY are links to files of the
 * running release, which a copy may lack. The removal of a file does not affect a loaded kernel.
 * @written: the time of the load
 */
static int add_recorded_kernel(struct root *root, struct efimap *map,
			       const struct load_record *record, int64_t written)
{
	const struct service *service = &services[0];
	const bool is_link = strcmp(record->kernel, service->named[0].usual) == 0;
	const char *const images[] = { record->kernel,
				       is_link ? expand(map, &service->images[0]) : NULL, NULL };
	const char *const initrds[] = { record->initrd,
					is_link ? expand(map, &service->initrds[0]) : NULL, NULL };
	struct kernel_files files = {
		.images = images,
		.initrds = *record->initrd ? initrds : NULL,
		.release = "",
		.setting = "",
		.as.is_loaded = true,
	};
	const struct installed_kernel *last;
	int64_t modified = 0;
	int ret = add_crash_kernel(root, map, &files);

	last = map->n_kernels ? &map->kernels[map->n_kernels - 1] : NULL;
	/* The image may be missing. */
	if (ret || !last || !last->is_loaded)
		return ret;
	ret = root_mtime(root, last->header.name + 1, &modified);
	map->kexec->record.is_image_kept = modified > 0 && modified <= written;
	return errno_is_fatal(ret) ? ret : 0;
}

/* If a crash kernel is loaded, read the record of its load, which must be of this boot. */
static int read_load_record(struct root *root, struct efimap *map, size_t limit)
{
	struct capture_fault fault = { EFIMAP_SRC_KEXEC, EFIMAP_NO_INDEX, EFIMAP_LOAD_RECORD };
	struct recorded_load *kept = &map->kexec->record;
	auto_file struct tree_file content = { 0 };
	struct load_record record;
	int64_t written = 0;
	int ret;

	if (!value_is_set(map->kexec, EFIMAP_VALUE_CRASH_LOADED))
		return 0;
	ret = root_read(root, fault.where, EFIMAP_READ_WHOLE, limit, filter_load_record, &content);
	if (!ret)
		ret = root_mtime(root, fault.where, &written);
	if (!ret)
		ret = find_old(root, written, &kept->is_old);
	/* Times in a copy may be those of the copy, and a copy is never proof of a good answer. */
	if (!ret && kept->is_old == EFIMAP_NOT_KNOWN && !capture_is_offline(map))
		kept->is_old = EFIMAP_KNOWN_YES;
	if (ret)
		return capture_add_unread(map, &fault, ret);
	if (kept->is_old == EFIMAP_KNOWN_YES)
		return 0;
	if (load_record_parse(&map->arena, content.data, content.len, &record)) {
		/* The content may be missing in a copy. */
		kept->is_old = capture_is_offline(map) ? EFIMAP_NOT_KNOWN : EFIMAP_KNOWN_YES;
		return 0;
	}
	kept->has_load = true;
	kept->options = record.options;
	kept->cmdline = record.cmdline;
	return add_recorded_kernel(root, map, &record, written);
}

int read_kdump_configuration(struct root *root, struct efimap *map, const struct capture_file *file,
			     struct err *err)
{
	int ret = read_load_record(root, map, file->limit);

	for (size_t i = 0; i < N_SERVICES && !ret; i++) {
		const struct service *service = &services[i];
		struct capture_fault fault = { EFIMAP_SRC_KEXEC, EFIMAP_NO_INDEX, service->config };
		auto_file struct tree_file content = { 0 };

		ret = root_read(root, service->config, file->part, file->limit, file->filter,
				&content);
		if (ret == -ENOENT || ret == -EFIMAP_NOT_RECORDED) {
			if (ret == -EFIMAP_NOT_RECORDED || !i)
				note_file(map, file, ret);
			ret = 0;
			continue;
		}
		note_file(map, file, ret);
		if (ret)
			return capture_add_unread(map, &fault, ret);
		if (!service->mark ||
		    memmem(content.data, content.len, service->mark, strlen(service->mark)))
			return keep_configuration(root, map, service, &content);
	}
	return ret;
}
