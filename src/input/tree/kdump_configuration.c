/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Find the image, the initrd and the options that the kdump service loads. Source: kdump-tools
 * 1.6.8 to 1.10.9 (kdump-config: locate_kdump_kernel, kdump_create_symlinks, kdump_load),
 * kdump-utils 1.0.44 (kdump-lib.sh: prepare_kdump_kernel, prepare_kdump_bootinfo; kdumpctl:
 * load_kdump). A value that is missing, or that only a shell can expand, is unknown.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "capture/installed_kernels.h"
#include "input/parse_values.h"
#include "input/shell_assignments.h"
#include "input/tree/capture_file.h"
#include "input/tree/installed_kernels.h"
#include "input/tree/kdump_configuration.h"

/* Return "" if the variable is not set, and NULL if its value is unknown. */
static const char *value_of(const struct efimap_shell_variable *variable)
{
	return variable->is_set ? variable->value : "";
}

static int keep_service(struct efimap *map, enum efimap_crash_service service, const char *args)
{
	struct efimap_kexec_state *kexec = efimap_kexec_state(map);

	if (!kexec)
		return -ENOMEM;
	kexec->crash_service = service;
	if (!args)
		return 0;
	kexec->has_crash_args = true;
	return efimap_copy_text(map, &kexec->crash_args, args, strlen(args));
}

#define KDUMP_DIRECTORY "/var/lib/kdump"

/*
 * Add the kernel that kdump-config loads. The default paths in KDUMP_DIRECTORY are links, which
 * kdump-config updates for the running release before each load. Without paths, kdump-config loads
 * the running kernel with its usual initrd.
 */
static int add_kdump_config_kernel(struct efimap_root *root, struct efimap *map,
				   const char *kernel, const char *initrd)
{
	char image[EFIMAP_WHERE_SIZE], generated[EFIMAP_WHERE_SIZE];
	const char *initrds[] = { generated, NULL };
	const bool has_initrd = !*kernel || *initrd;

	snprintf(image, sizeof(image), "/boot/vmlinuz-%s", map->release.text);
	snprintf(generated, sizeof(generated), "%s/initrd.img-%s",
		 *kernel ? KDUMP_DIRECTORY : "/boot", map->release.text);
	if (*kernel && strcmp(initrd, KDUMP_DIRECTORY "/initrd.img") != 0)
		initrds[0] = initrd;
	if (*kernel && strcmp(kernel, KDUMP_DIRECTORY "/vmlinuz") != 0)
		snprintf(image, sizeof(image), "%s", kernel);
	return efimap_add_crash_kernel(root, map, image, has_initrd ? initrds : NULL);
}

static int keep_kdump_config(struct efimap_root *root, struct efimap *map,
			     struct efimap_file *content)
{
	enum { USE, KERNEL, INITRD, ARGS };
	struct efimap_shell_variable variables[] = {
		[USE] = { .name = "USE_KDUMP" },
		[KERNEL] = { .name = "KDUMP_KERNEL" },
		[INITRD] = { .name = "KDUMP_INITRD" },
		[ARGS] = { .name = "KDUMP_KEXEC_ARGS" },
	};
	const bool is_read = efimap_shell_read(content->data, content->len, variables,
					       sizeof(variables) / sizeof(variables[0]));
	const char *use = value_of(&variables[USE]), *kernel = value_of(&variables[KERNEL]);
	const char *initrd = value_of(&variables[INITRD]);
	int ret;

	/* A service that is disabled refuses to load a kernel. */
	if (is_read && use && (!*use || strcmp(use, "0") == 0))
		return 0;
	ret = keep_service(map, EFIMAP_CRASH_SERVICE_KDUMP_CONFIG,
			   is_read ? value_of(&variables[ARGS]) : NULL);
	if (ret || !is_read || !use || !kernel || !initrd)
		return ret;
	if (!*map->release.text)
		return 0;
	ret = add_kdump_config_kernel(root, map, kernel, initrd);
	return ret < 0 ? ret : 0;
}

/* Configuration of kdumpctl, which is used only if all values are known. */
struct kdumpctl {
	const char *boot_directory;
	const char *name;
	const char *extension;
};

static int add_in_directory(struct efimap_root *root, struct efimap *map,
			    const struct kdumpctl *kdumpctl, const char *directory,
			    const char *release)
{
	char image[EFIMAP_WHERE_SIZE], in_boot[EFIMAP_WHERE_SIZE], state[EFIMAP_WHERE_SIZE];
	/* kdumpctl writes the initrd to the second path if the directory is not writable. */
	const char *const initrds[] = { in_boot, state, NULL };

	snprintf(image, sizeof(image), "%s/%s-%s%s", directory, kdumpctl->name, release,
		 kdumpctl->extension);
	snprintf(in_boot, sizeof(in_boot), "%s/initramfs-%skdump.img", directory,
		 release);
	snprintf(state, sizeof(state), KDUMP_DIRECTORY "/initramfs-%skdump.img", release);
	return efimap_add_crash_kernel(root, map, image, initrds);
}

static int add_release(struct efimap_root *root, struct efimap *map,
		       const struct kdumpctl *kdumpctl, const char *release)
{
	static const char *const directories[] = { "/boot", "/boot/efi", "/efi" };
	int ret = 1;

	if (*kdumpctl->boot_directory)
		return add_in_directory(root, map, kdumpctl, kdumpctl->boot_directory, release);
	for (size_t i = 0; ret == 1 && i < sizeof(directories) / sizeof(directories[0]); i++)
		ret = add_in_directory(root, map, kdumpctl, directories[i], release);
	return ret;
}

/* For a debug kernel, kdumpctl prefers the corresponding kernel without debug options. */
static int add_running_release(struct efimap_root *root, struct efimap *map,
			       const struct kdumpctl *kdumpctl)
{
	static const char end[] = "debug";
	const size_t len = strlen(map->release.text), shorter = len - sizeof(end);
	char release[EFIMAP_MAX_RELEASE + 1];
	int ret = 1;

	if (!len)
		return 0;
	if (len > sizeof(end) && strcmp(map->release.text + shorter + 1, end) == 0 &&
	    strchr("+-", map->release.text[shorter])) {
		snprintf(release, sizeof(release), "%.*s", (int)shorter, map->release.text);
		ret = add_release(root, map, kdumpctl, release);
	}
	return ret == 1 ? add_release(root, map, kdumpctl, map->release.text) : ret;
}

static int keep_kdumpctl(struct efimap_root *root, struct efimap *map,
			 struct efimap_file *content)
{
	enum { RELEASE, DIRECTORY, NAME, EXTENSION, ARGS };
	struct efimap_shell_variable variables[] = {
		[RELEASE] = { .name = "KDUMP_KERNELVER" },
		[DIRECTORY] = { .name = "KDUMP_BOOTDIR" },
		[NAME] = { .name = "KDUMP_IMG" },
		[EXTENSION] = { .name = "KDUMP_IMG_EXT" },
		[ARGS] = { .name = "KEXEC_ARGS" },
	};
	const bool is_read = efimap_shell_read(content->data, content->len, variables,
					       sizeof(variables) / sizeof(variables[0]));
	const char *release = value_of(&variables[RELEASE]);
	const struct kdumpctl kdumpctl = {
		.boot_directory = value_of(&variables[DIRECTORY]),
		.name = value_of(&variables[NAME]),
		.extension = value_of(&variables[EXTENSION]),
	};
	int ret;

	/*
	 * openSUSE has a file of the same name for another service, which does not use KDUMP_IMG.
	 */
	if (!variables[NAME].is_set)
		return 0;
	ret = keep_service(map, EFIMAP_CRASH_SERVICE_KDUMPCTL, value_of(&variables[ARGS]));
	if (ret || !is_read || !release || !kdumpctl.boot_directory || !kdumpctl.name ||
	    !kdumpctl.extension)
		return ret;
	ret = *release ? add_release(root, map, &kdumpctl, release) :
			 add_running_release(root, map, &kdumpctl);
	return ret < 0 ? ret : 0;
}

int efimap_read_kdump_configuration(struct efimap_root *root, struct efimap *map,
				    const struct efimap_capture_file *file,
				    struct efimap_err *err)
{
	static int (*const keep[])(struct efimap_root *root, struct efimap *map,
				   struct efimap_file *content) = { keep_kdump_config,
								    keep_kdumpctl };
	int ret = -ENOENT;

	for (size_t i = 0; ret == -ENOENT && file->places[i]; i++) {
		efimap_auto_file struct efimap_file content = { 0 };

		ret = efimap_root_read(root, file->places[i], file->part, file->limit, &content);
		if (!ret)
			return keep[i](root, map, &content);
	}
	return efimap_errno_is_fatal(ret) ? ret : 0;
}
