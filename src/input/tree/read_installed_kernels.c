/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Find the image of the running release and, if it is another, that of the newest release, with
 * their initrds. The name of an image or of its directory contains the release.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text_scan.h"
#include "capture/installed_kernels.h"
#include "capture/kernel_parameters.h"
#include "input/binary/parse_kernel_image.h"
#include "input/file_readers.h"
#include "input/parse_values.h"
#include "input/tree/capture_file.h"
#include "input/tree/read_installed_kernels.h"

/* Maximum number of names in a directory that are examined. /boot usually has fewer than 100. */
#define MAX_NAMES 1024U

/*
 * The search for the newest release in a directory.
 *
 * @prefix: the part of a name before the release
 * @below:  the path of the image below the name
 * @newest: the newest release of all directories, or ""
 * @error:  why the names of a directory could not be read, or 0
 */
struct search {
	struct root *root;
	const char *directory;
	const char *prefix;
	const char *below;
	unsigned int n_names;
	char newest[EFIMAP_MAX_RELEASE + 1];
	int error;
};

struct opened {
	struct root *root;
	const char *path;
};

static ssize_t read_opened_at(void *context, uint64_t offset, uint8_t *data, size_t size,
			      file_filter_fn *filter)
{
	const struct opened *opened = context;

	return root_read_at(opened->root, opened->path, offset, filter, data, size);
}

int read_image_file(struct root *root, const char *path, struct installed_kernel *ret_kernel)
{
	struct opened opened = { root, path };
	struct image_file file = {
		.name = path,
		.read_at = read_opened_at,
		.context = &opened,
	};
	auto_file struct tree_file head = { 0 };
	int ret = root_read(root, path, EFIMAP_READ_HEAD, EFIMAP_IMAGE_HEAD, filter_image, &head);

	if (ret)
		return ret;
	ret = root_file_size(root, path, &file.size);
	if (ret)
		return ret;
	if (head.len == 0)
		return -ENODATA;
	file.head = (const uint8_t *)head.data;
	file.head_len = head.len;
	return kernel_image_parse(&file, ret_kernel, NULL);
}

/*
 * Return whether a file that cannot be read, because of @error, may not exist. In an offline
 * capture, the target of a link may not have been collected.
 */
static bool is_absence(const struct efimap *map, int error)
{
	return error == -ENOENT || error == -ENOTDIR || error == -EFIMAP_NOT_RECORDED ||
	       (error == -EXDEV && capture_is_offline(map));
}

static const char *below_root(const char *path)
{
	return path + strspn(path, "/"); /* NOLINT(clang-analyzer-core.NonNullParamChecker) */
}

static void set_initrd_error(struct installed_kernel *kernel, int ret)
{
	kernel->has_initrd_size = false;
	kernel->initrd_error = errno_text(ret);
	kernel->is_initrd_denied = ret == -EACCES || ret == -EPERM;
	kernel->is_initrd_missing = ret == -ENOENT;
}

/*
 * Find the first of several initrds that exists. If it exists and cannot be read, keep the reason,
 * because the loader cannot read it either. The running system must have a named initrd.
 */
static int find_initrd(struct root *root, const struct efimap *map,
		       const struct kernel_files *files, struct installed_kernel *kernel)
{
	const bool is_live = !capture_is_offline(map);
	const char *const *paths = files->initrds;
	int ret = -ENOENT;

	for (; *paths && is_absence(map, ret); paths++) {
		ret = root_file_size(root, below_root(*paths), &kernel->initrd_size);
		if (errno_is_fatal(ret))
			return ret;
		if (!is_absence(map, ret))
			kernel->initrd = *paths;
	}
	if (ret && (*kernel->initrd || (is_live && *files->setting))) {
		kernel->initrd = *kernel->initrd ? kernel->initrd : files->initrds[0];
		set_initrd_error(kernel, ret);
	}
	/* In an offline capture, a size of 0 may mean that the content was not copied. */
	kernel->has_initrd_size = !ret && (is_live || kernel->initrd_size > 0);
	if (!ret)
		ret = root_unpacked_size(root, below_root(kernel->initrd), 0, kernel->initrd_size,
					 &kernel->unpacked);
	if (ret == -EIO)
		set_initrd_error(kernel, ret);
	return errno_is_fatal(ret) ? ret : 0;
}

/* Add a kernel that cannot be read on the machine. In a copy, the image may not be complete. */
static int add_unread(struct efimap *map, const struct kernel_files *files, const char *image,
		      int error)
{
	struct unread_kernel kernel = {
		.image = image,
		.is_crash = files->as.is_crash,
		.is_default = files->as.is_default,
		.is_loaded = files->as.is_loaded,
		.setting = files->setting,
		.fault = { EFIMAP_SRC_KERNELS, EFIMAP_NO_INDEX, image },
	};

	if (capture_is_offline(map))
		return 0;
	memcpy(kernel.release, files->release, strlen(files->release) + 1);
	if (error == -ENODATA)
		fault_set(&kernel.fault, EFIMAP_STATE_EMPTY, 0, "an empty file");
	else if (error == -EBADMSG || error == -ENOEXEC)
		fault_set(&kernel.fault, EFIMAP_STATE_SYNTAX, 0, "not a complete kernel image");
	else
		fault_set_errno(&kernel.fault, error);
	/* A recording that lacks the image does not show that the machine lacked it. */
	if (error == -EFIMAP_NOT_RECORDED)
		kernel.fault.state = EFIMAP_STATE_IO;
	return capture_add_unread_kernel(map, &kernel);
}

int add_kernel(struct root *root, struct efimap *map, const struct kernel_files *files,
	       struct installed_kernel **ret_kernel)
{
	struct installed_kernel kernel = files->as, image = { .initrd = "" };
	const char *const *path = files->images;
	int ret = read_image_file(root, below_root(*path), &image);

	*ret_kernel = NULL;
	while (is_absence(map, ret) && path[1])
		ret = read_image_file(root, below_root(*++path), &image);
	if (errno_is_fatal(ret))
		return ret;
	/* A kernel that is newer than the running one was found, so its image is missing. */
	if (is_absence(map, ret))
		return *files->setting || release_compare(files->release, map->release.text) > 0
			       ? add_unread(map, files, *files->images, ret)
			       : 0;
	if (ret)
		return add_unread(map, files, *path, ret);
	kernel.header = image.header;
	kernel.header.name = *path;
	kernel.size = image.size;
	kernel.is_unified = image.is_unified;
	kernel.initrd = "";
	kernel.initrd_size = image.initrd_size;
	kernel.initrd_offset = image.initrd_offset;
	if (!*kernel.header.release)
		memcpy(kernel.header.release, files->release, strlen(files->release) + 1);
	if (image.is_unified && kernel.initrd_size)
		ret = root_unpacked_size(root, below_root(*path), kernel.initrd_offset,
					 kernel.initrd_size, &kernel.unpacked);
	else if (files->initrds && !image.is_unified)
		ret = find_initrd(root, map, files, &kernel);
	kernel.has_initrd_size |= image.is_unified || !files->initrds;
	if (ret == -EIO)
		set_initrd_error(&kernel, ret);
	else if (ret)
		return ret;
	map->states[EFIMAP_SRC_KERNELS] = EFIMAP_STATE_PRESENT;
	ret = capture_add_kernel(map, &kernel);
	if (!ret)
		*ret_kernel = &map->kernels[map->n_kernels - 1];
	return ret;
}

/*
 * Return whether a file with the same path but without a suffix exists, such as "vmlinuz-6.1.0" for
 * "vmlinuz-6.1.0.old". The file with the suffix is then not the image of another release.
 */
static bool is_companion_file(struct root *root, const char *path)
{
	char shorter[EFIMAP_WHERE_SIZE];
	uint64_t size;

	for (const char *dot = strchr(last_part(path), '.'); dot; dot = strchr(dot + 1, '.')) {
		snprintf(shorter, sizeof(shorter), "%.*s", (int)(dot - path), path);
		if (isalpha((unsigned char)dot[1]) && root_file_size(root, shorter, &size) == 0)
			return true;
	}
	return false;
}

/* Keep the release in a name if it is the newest one. Ignore rescue images. */
static int take_name(void *context, const char *name, mode_t type)
{
	struct search *search = context;
	const char *release = name + strlen(search->prefix);
	char path[EFIMAP_WHERE_SIZE];
	uint64_t size;
	int ret;

	if (++search->n_names > MAX_NAMES)
		return 1;
	if (!release_is_valid(release, strlen(release)) || strstr(release, "rescue") ||
	    release_compare(release, search->newest) <= 0 ||
	    snprintf(path, sizeof(path), "%s/%s%s", search->directory, name, search->below) >=
		    (int)sizeof(path))
		return 0;
	ret = root_file_size(search->root, path, &size);
	if (errno_is_fatal(ret))
		return ret;
	/* An image that cannot be read exists, and so does one in /boot that a recording lacks. */
	if (ret && errno_state(ret) != EFIMAP_STATE_DENIED && errno_state(ret) != EFIMAP_STATE_IO &&
	    !(ret == -EFIMAP_NOT_RECORDED && !*search->below))
		return 0;
	if (!is_companion_file(search->root, path))
		memcpy(search->newest, release, strlen(release) + 1);
	return 0;
}

static int search_directory(struct search *search, const char *directory, const char *prefix,
			    const char *below)
{
	int ret;

	search->directory = directory;
	search->prefix = prefix;
	search->below = below;
	search->n_names = 0;
	ret = root_list(search->root, directory, prefix, take_name, search);
	if (ret < 0 && ret != -ENOENT && ret != -ENOTDIR && ret != -EFIMAP_NOT_RECORDED)
		search->error = ret;
	return errno_is_fatal(ret) ? ret : 0;
}

/*
 * Write the directory of the running image to @path: that in BOOT_IMAGE=, which is relative to the
 * file system of /boot or to the root.
 */
static void find_booted_directory(const struct efimap *map, const char *mount,
				  char path[EFIMAP_WHERE_SIZE])
{
	const struct text booted = boot_image_of(map);
	const char *slash = memrchr(booted.at, '/', booted.len);
	const int len = slash ? (int)(slash - booted.at) : 0;

	snprintf(path, EFIMAP_WHERE_SIZE, "%s%.*s", mount, len, booted.at);
}

/* Read the name of a kernel package, such as "linux", which names the initrd on Arch. */
static int read_package_name(struct root *root, const char *release, char name[NAME_MAX + 1])
{
	auto_file struct tree_file content = { 0 };
	char path[EFIMAP_WHERE_SIZE];
	int ret;

	snprintf(path, sizeof(path), "usr/lib/modules/%s/pkgbase", release);
	ret = root_read(root, path, EFIMAP_READ_WHOLE, NAME_MAX, NULL, &content);
	*name = '\0';
	if (!ret && content.len && text_is_clean(content.data, content.len - 1))
		snprintf(name, NAME_MAX + 1, "%.*s", (int)strcspn(content.data, "/\n"),
			 content.data);
	return errno_is_fatal(ret) ? ret : 0;
}

/*
 * Return whether the machine should have one of the images of a release, and has none: the package
 * of the kernel also contains the configuration in /boot. A machine with unified images lacks both.
 */
static bool is_image_missing(struct root *root, const char *const *images, const char *release)
{
	auto_file struct tree_file content = { 0 };
	char config[EFIMAP_WHERE_SIZE];
	uint64_t size;

	for (; *images; images++)
		if (root_file_size(root, below_root(*images), &size) != -ENOENT)
			return false;
	/* root_file_size() would record the size of the file, of which the recording has a part. */
	snprintf(config, sizeof(config), "boot/config-%s", release);
	return root_read(root, config, EFIMAP_READ_WHOLE, EFIMAP_FILE_BYTES, filter_kernel_config,
			 &content) == 0;
}

/* Add the image of a release, and the initrd with one of the usual names. */
static int add_release(struct root *root, struct efimap *map, const char *release, bool is_newest)
{
	static const char *const mounts[] = { "/boot", "" };
	struct arena *arena = &map->arena;
	const char *images[6] = { NULL }, *initrds[10] = { NULL };
	char booted[2][EFIMAP_WHERE_SIZE], package[NAME_MAX + 1];
	const struct kernel_files files = {
		images, initrds, release, "", { .is_newest = is_newest }
	};
	struct installed_kernel *added;
	size_t n_images = 0, n_initrds = 0;
	int ret = read_package_name(root, release, package);

	if (ret)
		return ret;
	images[n_images++] = arena_printf(arena, "/boot/vmlinuz-%s", release);
	images[n_images++] = arena_printf(arena, "/usr/lib/modules/%s/vmlinuz", release);
	/* /lib is usually a link to /usr/lib. A copy may contain either. */
	images[n_images++] = arena_printf(arena, "/lib/modules/%s/vmlinuz", release);
	initrds[n_initrds++] = arena_printf(arena, "/boot/initrd.img-%s", release);
	initrds[n_initrds++] = arena_printf(arena, "/boot/initramfs-%s.img", release);
	initrds[n_initrds++] = arena_printf(arena, "/boot/initrd-%s", release);
	for (size_t i = 0; i < 2; i++) {
		find_booted_directory(map, mounts[i], booted[i]);
		if (!*booted[i] || strcmp(booted[i], "/boot") == 0)
			continue;
		images[n_images++] = arena_printf(arena, "%s/vmlinuz-%s", booted[i], release);
		initrds[n_initrds++] =
			arena_printf(arena, "%s/initramfs-%s.img", booted[i], release);
	}
	if (*package)
		initrds[n_initrds++] = arena_printf(arena, "/boot/initramfs-%s.img", package);
	initrds[n_initrds++] = arena_printf(arena, "/usr/lib/modules/%s/initramfs.img", release);
	ret = add_kernel(root, map, &files, &added);
	return ret || added || !is_image_missing(root, images, release)
		       ? ret
		       : add_unread(map, &files, images[0], -ENOENT);
}

int read_installed_kernels(struct root *root, struct efimap *map, const struct capture_file *file,
			   struct err *err)
{
	const char *running = map->release.text;
	struct search search = { .root = root };
	int ret;

	snprintf(search.newest, sizeof(search.newest), "%s", running);
	ret = search_directory(&search, "boot", "vmlinuz-", "");
	if (!ret)
		ret = search_directory(&search, "usr/lib/modules", "", "/vmlinuz");
	if (!ret)
		ret = search_directory(&search, "lib/modules", "", "/vmlinuz");
	/* A directory whose names could not be read may contain a newer kernel. */
	if (!ret && *running)
		ret = add_release(root, map, running,
				  strcmp(search.newest, running) == 0 && !search.error);
	if (!ret && strcmp(search.newest, running) != 0)
		ret = add_release(root, map, search.newest, !search.error);
	if (!ret && !map->n_kernels && errno_state(search.error) == EFIMAP_STATE_DENIED)
		map->states[file->source] = EFIMAP_STATE_DENIED;
	return ret;
}

/*
 * Return the part of a path below @mount if it also begins with the name of @mount, because that is
 * no file system of its own. Otherwise, return the path.
 */
static const char *find_unmounted(const char *path, const char *mount)
{
	const size_t len = strlen(mount);

	return path && strncmp(path + len, mount, len) == 0 && path[2 * len] == '/' ? path + len
										    : path;
}

int add_entry_kernel(struct root *root, struct efimap *map, const char *entry, const char *mount,
		     const char *image, const char *initrd)
{
	const char *const images[] = { find_unmounted(image, mount), image, NULL };
	const char *const initrds[] = { find_unmounted(initrd, mount), initrd, NULL };
	const struct kernel_files files = {
		.images = images,
		.initrds = initrd ? initrds : NULL,
		.release = "",
		.setting = entry ? arena_printf(&map->arena, "linux in /%s", entry) : "",
		.as.is_default = true,
	};
	struct installed_kernel *added;
	int ret = add_kernel(root, map, &files, &added);

	/* Usually, initrd is the last key. A copy of the entry may have been cut before it. */
	if (added && !initrd && capture_is_offline(map))
		added->has_initrd_size = false;
	/* The kernel takes the place of the installed one with its release. */
	for (size_t i = 0; added && i < map->n_unread_kernels; i++)
		if (strcmp(map->unread_kernels[i].release, added->header.release) == 0)
			map->unread_kernels[i] = map->unread_kernels[--map->n_unread_kernels];
	for (size_t i = 0; added && &map->kernels[i] < added; i++) {
		struct installed_kernel *kernel = &map->kernels[i];

		if (strcmp(kernel->header.release, added->header.release) != 0)
			continue;
		added->is_newest = kernel->is_newest;
		*kernel = *added;
		map->n_kernels--;
		break;
	}
	return ret;
}

int add_unknown_crash_kernel(struct efimap *map, const char *where, const char *setting,
			     const char *why)
{
	struct unread_kernel kernel = {
		.image = "",
		.is_crash = true,
		.setting = setting,
		.fault = { EFIMAP_SRC_KEXEC, EFIMAP_NO_INDEX, where },
	};

	fault_set(&kernel.fault, EFIMAP_STATE_SYNTAX, 0, "%s", why);
	return capture_add_unread_kernel(map, &kernel);
}
