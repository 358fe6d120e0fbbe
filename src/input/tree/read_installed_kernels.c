/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Find the images of the running release and of the newest release, and their initrds. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text_scan.h"
#include "capture/installed_kernels.h"
#include "input/binary/parse_kernel_image.h"
#include "input/file_readers.h"
#include "input/parse_values.h"
#include "input/tree/capture_file.h"
#include "input/tree/read_installed_kernels.h"

/* Maximum number of images whose header is read. /boot usually contains fewer than ten images. */
#define MAX_IMAGES 256U

#define MACHINE_ID_LEN 32

/* Directory of the kernels of OSTree, and the maximum number of directories in it that are read. */
#define OSTREE "boot/ostree"
#define MAX_DEPLOYMENTS 8

/* Directory in which NixOS has the links booted-system and current-system. */
#define NIXOS "run/"

/*
 * The kind of directory that contains an image. If several places contain an image of the same
 * release, the first place is used: images for the boot loader precede images in /lib/modules.
 */
enum place {
	PLACE_BOOT,
	PLACE_EFI,
	PLACE_MODULES,
};

/*
 * An image that was found.
 *
 * @path:   path below the root; "" if no image was found
 * @suffix: the part of the name that the name of the initrd also contains; for an image in /boot,
 *          the part after "vmlinuz-"
 * @error:  0, or a negative errno if the image could not be read
 */
struct image {
	enum place place;
	int error;
	char path[EFIMAP_WHERE_SIZE];
	char suffix[NAME_MAX + 1];
	struct installed_kernel kernel;
};

/*
 * Files in /boot that a kernel has next to its image. The names are those of initrds of Debian, of
 * Fedora and Arch, and of openSUSE, and of configurations.
 */
static const struct part_of_kernel {
	const char *prefix;
	const char *why_unread;
	bool is_config;
} parts_of_kernels[] = {
	{ "initrd.img-", "the copy contains its initrd, but not the image", false },
	{ "initramfs-", "the copy contains its initrd, but not the image", false },
	{ "initrd-", "the copy contains its initrd, but not the image", false },
	{ "config-", "the copy contains its configuration, but not the image", true },
};
static const struct part_of_kernel modules_of_kernel = {
	NULL, "the copy contains its modules, but not the image", false
};

/*
 * A kernel without an image in a copy, which contains another file of the kernel. Perhaps the image
 * was not copied.
 *
 * @image: the path that the image would have; "" if there is no such kernel
 */
struct uncopied {
	char image[EFIMAP_WHERE_SIZE];
	char release[EFIMAP_MAX_RELEASE + 1];
	const struct part_of_kernel *part;
};

/* The images that are used. @unnamed is the first image without a release (is_preferred()). */
struct chosen {
	struct image running;
	struct image newest;
	struct image unnamed;
};

/*
 * The search for images.
 *
 * @is_copy:   files of the machine may be missing in SOURCE
 * @directory: the directory that is being searched
 * @deployments: directories in OSTREE, each with the kernel of a deployment
 * @n_files:   number of files that have been read or tried
 * @n_images:  number of these files that are images, readable or not
 * @is_denied: permission to read an image or a directory of images was denied
 * @unlisted:  the first directory whose names could not be read; "" if there is none
 * @list_error: the negative errno of listing @unlisted
 * @unified:   the newest unified kernel image in a directory of the EFI system partition
 * @read:      images chosen from those that were read
 * @unread:    images chosen, by the release in their names, from those that could not be read
 * @part:      the kind of file that is being searched
 * @uncopied_running, @uncopied_newest: kernels whose images may be missing in a copy
 */
struct search {
	struct root *root;
	const char *running_release;
	bool is_copy;
	const char *directory;
	enum place place;
	char deployments[MAX_DEPLOYMENTS][EFIMAP_WHERE_SIZE];
	size_t n_deployments;
	unsigned int n_files;
	unsigned int n_images;
	bool is_denied;
	const char *unlisted;
	int list_error;
	struct image unified;
	struct chosen read;
	struct chosen unread;
	const struct part_of_kernel *part;
	struct uncopied uncopied_running;
	struct uncopied uncopied_newest;
};

/* Return whether @image precedes @other. Directories list names in undefined order. */
static bool is_preferred(const struct image *image, const struct image *other)
{
	if (!other->path[0])
		return true;
	if (image->place != other->place)
		return image->place < other->place;
	return strcmp(image->path, other->path) < 0;
}

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

static void take_release_from_name(struct image *image)
{
	if (release_is_valid(image->suffix, strlen(image->suffix)))
		memcpy(image->kernel.header.release, image->suffix, strlen(image->suffix) + 1);
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

static int read_image(struct root *root, struct image *image)
{
	const int ret = read_image_file(root, image->path, &image->kernel);

	if (!ret && !image->kernel.header.release[0])
		take_release_from_name(image);
	return ret;
}

/*
 * Return whether a file with the same path but without a suffix exists, such as "vmlinuz-6.1.0" for
 * "vmlinuz-6.1.0.sha256". The file with the suffix is then not an image.
 */
static bool is_companion_file(struct root *root, const struct image *image)
{
	char shorter[EFIMAP_WHERE_SIZE];
	uint64_t size;

	for (const char *dot = strchr(last_part(image->path), '.'); dot;
	     dot = strchr(dot + 1, '.')) {
		snprintf(shorter, sizeof(shorter), "%.*s", (int)(dot - image->path), image->path);
		if (isalpha((unsigned char)dot[1]) && root_file_size(root, shorter, &size) == 0)
			return true;
	}
	return false;
}

/*
 * Read an image, and choose it if no better one was found for the running kernel, the newest kernel
 * or the newest unified image. Return 0; 1 after MAX_IMAGES; or a negative errno.
 */
static int examine_image(struct search *search, struct image *image)
{
	const char *release = image->kernel.header.release;
	struct chosen *chosen = &search->read;
	int newer;

	if (++search->n_files > MAX_IMAGES)
		return 1;
	image->error = read_image(search->root, image);
	if (errno_is_fatal(image->error))
		return image->error;
	/* It is not an error if a directory of modules contains no image. */
	if (image->error == -ENOENT && image->place == PLACE_MODULES)
		return 0;
	/* Not every program in EFI/Linux is a kernel: Lanzaboote installs boot loaders there. */
	if (image->error == -ENOEXEC && image->place == PLACE_EFI)
		return 0;
	search->n_images++;
	search->is_denied |= errno_state(image->error) == EFIMAP_STATE_DENIED;
	if (image->error && image->place == PLACE_BOOT && is_companion_file(search->root, image))
		return 0;
	if (image->error) {
		chosen = &search->unread;
		take_release_from_name(image);
	} else if (image->place == PLACE_EFI && image->kernel.is_unified &&
		   (!search->unified.path[0] ||
		    release_compare(release, search->unified.kernel.header.release) > 0)) {
		search->unified = *image;
	}
	if (!*release) {
		if (is_preferred(image, &chosen->unnamed))
			chosen->unnamed = *image;
		return 0;
	}
	newer = release_compare(release, chosen->newest.kernel.header.release);
	if (strcmp(release, search->running_release) == 0 && is_preferred(image, &chosen->running))
		chosen->running = *image;
	if (newer > 0 || (newer == 0 && is_preferred(image, &chosen->newest)))
		chosen->newest = *image;
	return 0;
}

/* Return false if the path is too long, or @name has control characters or invalid UTF-8. */
static bool make_path(char path[EFIMAP_WHERE_SIZE], const char *directory, const char *name,
		      const char *below)
{
	const int len = snprintf(path, EFIMAP_WHERE_SIZE, "%s/%s%s", directory, name, below);

	return len < EFIMAP_WHERE_SIZE && text_is_clean(name, strlen(name));
}

/* Examine a name in /boot or an OSTree deployment. Ignore rescue images ("vmlinuz-0-rescue-…"). */
static int take_boot_name(void *context, const char *name, mode_t type)
{
	static const char prefix[] = "vmlinuz-";
	const size_t len = sizeof(prefix) - 1;
	struct search *search = context;
	struct image image = { .place = search->place };

	if (strncmp(name, prefix, len) != 0 || strstr(name, "rescue") ||
	    !make_path(image.path, search->directory, name, ""))
		return 0;
	snprintf(image.suffix, sizeof(image.suffix), "%s", name + len);
	return examine_image(search, &image);
}

/* Any name with the suffix ".efi" is accepted, because the image contains the release. */
static int take_efi_name(void *context, const char *name, mode_t type)
{
	static const char end[] = ".efi";
	const size_t len = strlen(name);
	struct search *search = context;
	struct image image = { .place = search->place };

	if (len < sizeof(end) || strcasecmp(name + len - strlen(end), end) != 0 ||
	    !make_path(image.path, search->directory, name, ""))
		return 0;
	snprintf(image.suffix, sizeof(image.suffix), "%.*s", (int)(len - strlen(end)), name);
	/* Skip the machine ID, because kernel-install(8) names images "MACHINE-ID-RELEASE.efi". */
	if (strspn(image.suffix, EFIMAP_LOWER_HEX) == MACHINE_ID_LEN &&
	    image.suffix[MACHINE_ID_LEN] == '-')
		memmove(image.suffix, image.suffix + MACHINE_ID_LEN + 1,
			strlen(image.suffix + MACHINE_ID_LEN + 1) + 1);
	return examine_image(search, &image);
}

/* Return whether a name is a release with an additional word, such as "6.1.0-9-amd64.old". */
static bool has_added_word(const char *name, const char *release)
{
	const size_t len = strlen(release);

	return *release && strncmp(name, release, len) == 0 &&
	       isalpha((unsigned char)name[len + strspn(name + len, EFIMAP_RELEASE_SIGNS)]);
}

/* Take a kernel of which a file was found, unless its image exists. */
static int take_part(struct search *search, const char *directory, const char *release,
		     const struct part_of_kernel *part)
{
	struct uncopied *newest = &search->uncopied_newest;
	struct uncopied found = { .part = part };
	uint64_t size;
	int ret;

	if (!release_is_valid(release, strlen(release)) || strstr(release, "rescue") ||
	    snprintf(found.image, sizeof(found.image), "%s/vmlinuz-%s", directory, release) >=
		    (int)sizeof(found.image))
		return 0;
	memcpy(found.release, release, strlen(release) + 1);
	ret = root_file_size(search->root, found.image, &size);
	if (ret != -ENOENT)
		return errno_is_fatal(ret) ? ret : 0;
	/* Collectors copy the configuration of the running kernel for its own sake. */
	if (strcmp(release, search->running_release) == 0 && !part->is_config)
		search->uncopied_running = found;
	if (!newest->image[0] || has_added_word(newest->release, release) ||
	    (!has_added_word(release, newest->release) &&
	     release_compare(release, newest->release) > 0))
		*newest = found;
	return 0;
}

static int take_part_name(void *context, const char *name, mode_t type)
{
	struct search *search = context;
	char release[NAME_MAX + 1];
	int len;

	snprintf(release, sizeof(release), "%s", name + strlen(search->part->prefix));
	len = (int)strlen(release);
	if (text_ends((struct text){ release, (size_t)len }, ".img"))
		release[len - (int)strlen(".img")] = '\0';
	return take_part(search, search->directory, release, search->part);
}

static int take_modules_name(void *context, const char *name, mode_t type)
{
	struct search *search = context;
	struct image image = { .place = search->place };
	char list[EFIMAP_WHERE_SIZE];
	uint64_t size;
	int ret;

	if (!release_is_valid(name, strlen(name)) ||
	    !make_path(image.path, search->directory, name, "/vmlinuz"))
		return 0;
	snprintf(image.suffix, sizeof(image.suffix), "%s", name);
	ret = examine_image(search, &image);
	if (ret || image.error != -ENOENT || !search->is_copy ||
	    !make_path(list, search->directory, name, "/modules.builtin"))
		return ret;
	/* A directory without this file may remain when a kernel is removed. */
	ret = root_file_size(search->root, list, &size);
	if (ret)
		return errno_is_fatal(ret) ? ret : 0;
	return take_part(search, "boot", name, &modules_of_kernel);
}

/*
 * Examine the names in a directory. Return 0; -ENOENT if the directory does not exist; or a fatal
 * errno. An error that may hide images is stored in @search.
 */
static int search_directory(struct search *search, const char *directory, enum place place,
			    name_fn *take)
{
	int ret;

	search->directory = directory;
	search->place = place;
	ret = root_list(search->root, directory, place == PLACE_BOOT ? "vmlinuz-" : "", take,
			search);
	if (!ret || ret == -ENOENT || errno_is_fatal(ret))
		return ret;
	/* A path that is not a directory or was not recorded is not an error. */
	if (ret == -ENOTDIR || ret == -EFIMAP_NOT_RECORDED)
		return 0;
	search->is_denied |= errno_state(ret) == EFIMAP_STATE_DENIED;
	if (!*search->unlisted) {
		search->unlisted = directory;
		search->list_error = ret;
	}
	return 0;
}

/* Take a deployment. If there are too many, take none, because their order is not defined. */
static int take_deployment(void *context, const char *name, mode_t type)
{
	struct search *search = context;

	if (S_ISREG(type))
		return 0;
	if (search->n_deployments == MAX_DEPLOYMENTS) {
		search->n_deployments = 0;
		return -ENOBUFS;
	}
	if (make_path(search->deployments[search->n_deployments], OSTREE, name, ""))
		search->n_deployments++;
	return 0;
}

/* Examine the images to which NixOS has links: those of the booted and of the current system. */
static int examine_nixos(struct search *search)
{
	static const char *const paths[] = { NIXOS "booted-system/kernel",
					     NIXOS "current-system/kernel" };
	int ret = 0;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]) && !ret; i++) {
		struct image image = { .place = PLACE_MODULES };
		uint64_t size;

		ret = root_file_size(search->root, paths[i], &size);
		snprintf(image.path, sizeof(image.path), "%s", paths[i]);
		if (!ret)
			ret = examine_image(search, &image);
		else if (!errno_is_fatal(ret))
			ret = 0;
	}
	return ret;
}

/* Search a directory of images for other files of kernels, if they can show what is missing. */
static int search_parts(struct search *search, const char *directory)
{
	const size_t count = sizeof(parts_of_kernels) / sizeof(parts_of_kernels[0]);
	int ret = 0;

	for (size_t i = 0; i < count && search->is_copy && !ret; i++) {
		search->directory = directory;
		search->part = &parts_of_kernels[i];
		ret = root_list(search->root, directory, search->part->prefix, take_part_name,
				search);
	}
	return errno_is_fatal(ret) ? ret : 0;
}

static int search_all(struct search *search)
{
	static const char *const efi[] = { "efi/EFI/Linux", "boot/efi/EFI/Linux",
					   "boot/EFI/Linux" };
	int ret = search_directory(search, "boot", PLACE_BOOT, take_boot_name);

	if (!ret)
		ret = search_parts(search, "boot");
	/* /lib/modules contains only the kernel of the running OSTree deployment. */
	if (!ret)
		ret = search_directory(search, OSTREE, PLACE_MODULES, take_deployment);
	for (size_t i = 0; i < search->n_deployments && (!ret || ret == -ENOENT); i++) {
		ret = search_directory(search, search->deployments[i], PLACE_BOOT, take_boot_name);
		if (!ret)
			ret = search_parts(search, search->deployments[i]);
	}
	if (ret && ret != -ENOENT)
		return ret;
	for (size_t i = 0; i < sizeof(efi) / sizeof(efi[0]); i++) {
		ret = search_directory(search, efi[i], PLACE_EFI, take_efi_name);
		if (ret && ret != -ENOENT)
			return ret;
	}
	ret = search_directory(search, "lib/modules", PLACE_MODULES, take_modules_name);
	/* /lib is usually a symbolic link to /usr/lib. A collected tree may lack the link. */
	if (ret == -ENOENT)
		ret = search_directory(search, "usr/lib/modules", PLACE_MODULES, take_modules_name);
	if ((!ret || ret == -ENOENT) && !search->n_images)
		ret = examine_nixos(search);
	return ret == -ENOENT ? 0 : ret;
}

/*
 * Return whether a file that cannot be read, because of @error, may not exist. In an offline
 * capture, the target of a link may not have been collected.
 */
static bool is_absence(int error, bool is_live)
{
	return error == -ENOENT || error == -ENOTDIR || error == -EFIMAP_NOT_RECORDED ||
	       (error == -EXDEV && !is_live);
}

static void set_initrd_error(struct installed_kernel *kernel, int ret)
{
	kernel->has_initrd_size = false;
	kernel->initrd_error = errno_text(ret);
	kernel->is_initrd_denied = ret == -EACCES || ret == -EPERM;
	kernel->is_initrd_missing = ret == -ENOENT;
}

/*
 * Find the first of several paths that exists. If it exists and cannot be read, keep the reason,
 * because the loader cannot read it either, and another path is not tried.
 */
static int find_initrd(struct root *root, const char *const *paths, bool is_live, bool is_named,
		       struct installed_kernel *kernel)
{
	const char *path = "", *const initrd = *paths;
	int ret = -ENOENT;

	for (; ret == -ENOENT && *paths; paths++) {
		path = *paths + strspn(*paths, "/");
		ret = root_file_size(root, path, &kernel->initrd_size);
		if (!ret)
			kernel->initrd = *paths;
		else if (!is_absence(ret, is_live) && !errno_is_fatal(ret)) {
			kernel->initrd = *paths;
			set_initrd_error(kernel, ret);
		}
	}
	/* kexec loads no kernel without the initrd that a configuration or an entry selects. */
	if (ret == -ENOENT && is_live && is_named) {
		kernel->initrd = initrd;
		set_initrd_error(kernel, ret);
	}
	/* In an offline capture, a size of 0 may mean that the content was not copied. */
	kernel->has_initrd_size = !ret && (is_live || kernel->initrd_size > 0);
	if (!ret) {
		ret = root_unpacked_size(root, path, 0, kernel->initrd_size, &kernel->unpacked);
		if (ret == -EIO)
			set_initrd_error(kernel, ret);
	}
	return errno_is_fatal(ret) ? ret : 0;
}

/* Add an image and its initrd, which is_named says that a setting or an entry names. */
static int add_image(struct root *root, struct efimap *map, const struct image *image,
		     const char *const *initrds, bool is_named)
{
	struct installed_kernel kernel = image->kernel;
	char path[EFIMAP_WHERE_SIZE + 1];
	int ret = 0;

	if (initrds)
		ret = find_initrd(root, initrds, !capture_is_offline(map), is_named, &kernel);
	else
		kernel.has_initrd_size = true;
	if (!initrds && kernel.initrd_size)
		ret = root_unpacked_size(root, image->path, kernel.initrd_offset,
					 kernel.initrd_size, &kernel.unpacked);
	if (ret == -EIO)
		set_initrd_error(&kernel, ret);
	else if (ret)
		return ret;
	snprintf(path, sizeof(path), "/%s", image->path);
	kernel.header.name = path;
	map->states[EFIMAP_SRC_KERNELS] = EFIMAP_STATE_PRESENT;
	return capture_add_kernel(map, &kernel);
}

/*
 * Add an image and its initrd. The name of an initrd in /boot is that of Debian, of Fedora and
 * Arch, or of openSUSE. With OSTree and NixOS, the initrd is next to the image.
 */
static int add_installed(struct root *root, struct efimap *map, const struct image *image)
{
	char debian[EFIMAP_WHERE_SIZE], dracut[EFIMAP_WHERE_SIZE], suse[EFIMAP_WHERE_SIZE];
	char nixos[EFIMAP_WHERE_SIZE], beside[EFIMAP_WHERE_SIZE], modules[EFIMAP_WHERE_SIZE];
	const char *const initrds[] = { debian, dracut, suse, beside, modules, NULL };
	const int len = (int)(strrchr(image->path, '/') - image->path);
	const char *const initrds_of_nixos[] = { nixos, NULL };

	if (strncmp(image->path, NIXOS, strlen(NIXOS)) == 0) {
		snprintf(nixos, sizeof(nixos), "/%.*s/initrd",
			 (int)(strlen(image->path) - strlen("/kernel")), image->path);
		return add_image(root, map, image, initrds_of_nixos, false);
	}
	snprintf(debian, sizeof(debian), "/boot/initrd.img-%s", image->suffix);
	snprintf(dracut, sizeof(dracut), "/boot/initramfs-%s.img", image->suffix);
	snprintf(suse, sizeof(suse), "/boot/initrd-%s", image->suffix);
	snprintf(beside, sizeof(beside), "/%.*s/initramfs-%s.img", len, image->path, image->suffix);
	snprintf(modules, sizeof(modules), "/%.*s/initramfs.img", len, image->path);
	return add_image(root, map, image, image->kernel.is_unified ? NULL : initrds, false);
}

static int add_uncopied(struct efimap *map, const struct uncopied *uncopied)
{
	char path[EFIMAP_WHERE_SIZE + 1];
	struct unread_kernel kernel = { path, .setting = "", .fault.where = path };

	snprintf(path, sizeof(path), "/%s", uncopied->image);
	memcpy(kernel.release, uncopied->release, sizeof(kernel.release));
	kernel.fault.source = EFIMAP_SRC_KERNELS;
	kernel.fault.index = EFIMAP_NO_INDEX;
	fault_set(&kernel.fault, EFIMAP_STATE_ABSENT, 0, "%s", uncopied->part->why_unread);
	return capture_add_unread_kernel(map, &kernel);
}

static int add_unread_kernel(struct efimap *map, struct unread_kernel *kernel, int error)
{
	struct capture_fault *fault = &kernel->fault;

	fault->source = EFIMAP_SRC_KERNELS;
	fault->index = EFIMAP_NO_INDEX;
	if (error == -ENODATA)
		fault_set(fault, EFIMAP_STATE_EMPTY, 0, "an empty file");
	else if (error == -EBADMSG || error == -ENOEXEC)
		fault_set(fault, EFIMAP_STATE_SYNTAX, 0, "not a complete kernel image");
	else
		fault_set_errno(fault, error);
	/* A recording that lacks the image does not show that the machine lacked it. */
	if (error == -EFIMAP_NOT_RECORDED)
		fault->state = EFIMAP_STATE_IO;
	/* The directory lists the image, so only the target of a link can be missing. */
	if (error == -ENOENT && !*kernel->setting && !kernel->is_crash)
		fault_set(fault, EFIMAP_STATE_ABSENT, 0, "a symbolic link to a missing file");
	return capture_add_unread_kernel(map, kernel);
}

static int add_unread(struct efimap *map, const struct image *image)
{
	char path[EFIMAP_WHERE_SIZE + 1];
	struct unread_kernel kernel = { path, .setting = "", .fault.where = path };

	snprintf(path, sizeof(path), "/%s", image->path);
	memcpy(kernel.release, image->kernel.header.release, sizeof(kernel.release));
	return add_unread_kernel(map, &kernel, image->error);
}

/*
 * Return whether an offline capture contains no image, but a symbolic link to @image. The link
 * shows no more about the next kernel than a capture without /boot does.
 */
static bool is_uncollected(const struct efimap *map, const struct image *image)
{
	return image->error == -EXDEV && capture_is_offline(map) && map->n_kernels == 0;
}

/*
 * Return whether the copy may lack the image of a kernel that is newer than those that were found.
 * If no image was found, the answers are about the running kernel.
 */
static bool is_newest_uncopied(const struct search *search)
{
	const struct image *read = &search->read.newest, *unread = &search->unread.newest;
	const char *release = search->uncopied_newest.release;
	const char *found = read->kernel.header.release;

	if (!read->path[0] && !unread->path[0])
		found = search->running_release;
	else if (release_compare(unread->kernel.header.release, found) > 0)
		found = unread->kernel.header.release;
	return search->uncopied_newest.image[0] && !has_added_word(release, found) &&
	       release_compare(release, found) > 0;
}

/*
 * Add a directory that could not be listed, and up to three images that could not be read:
 * - the image of the running release, if no other image of this release was read
 * - the newest image, if it is newer than all images that were read
 * - an image of unknown release
 */
static int add_all_unread(struct efimap *map, const struct search *search)
{
	const struct image *running = &search->unread.running, *newest = &search->unread.newest;
	const struct image *unnamed = &search->unread.unnamed;
	const char *newest_read = search->read.newest.kernel.header.release;
	char path[EFIMAP_WHERE_SIZE + 1];
	struct unread_kernel directory = { "", .setting = "", .fault.where = path };
	int ret = 0;

	if (running->path[0] && !search->read.running.path[0] && !is_uncollected(map, running))
		ret = add_unread(map, running);
	if (!ret && newest->path[0] && strcmp(newest->path, running->path) != 0 &&
	    !is_uncollected(map, newest) &&
	    release_compare(newest->kernel.header.release, newest_read) > 0)
		ret = add_unread(map, newest);
	if (!ret && search->uncopied_running.image[0] && map->n_kernels &&
	    !search->read.running.path[0] && !running->path[0])
		ret = add_uncopied(map, &search->uncopied_running);
	if (!ret && is_newest_uncopied(search) &&
	    strcmp(search->uncopied_newest.image, search->uncopied_running.image) != 0)
		ret = add_uncopied(map, &search->uncopied_newest);
	if (!ret && unnamed->path[0] && !is_uncollected(map, unnamed))
		ret = add_unread(map, unnamed);
	if (ret || !*search->unlisted)
		return ret;
	/* The directory may contain the newest kernel. */
	snprintf(path, sizeof(path), "/%s", search->unlisted);
	return add_unread_kernel(map, &directory, search->list_error);
}

int add_named_kernel(struct root *root, struct efimap *map, const char *image,
		     const char *const *initrds, bool is_for_reboot)
{
	struct image found = { .place = PLACE_BOOT };
	int ret;

	image += strspn(image, "/");
	if (!*image)
		return -EISDIR;
	if (strlen(image) >= sizeof(found.path))
		return -ENAMETOOLONG;
	memcpy(found.path, image, strlen(image) + 1);
	ret = read_image(root, &found);
	found.kernel.is_crash = !is_for_reboot;
	found.kernel.is_for_reboot = is_for_reboot;
	return ret ? ret : add_image(root, map, &found, initrds, true);
}

int add_unread_named(struct efimap *map, struct unread_kernel kernel, int error)
{
	return !error || errno_is_fatal(error) ? error : add_unread_kernel(map, &kernel, error);
}

int add_entry_kernel(struct root *root, struct efimap *map, const char *image, const char *initrd,
		     const char *entry)
{
	const char *const initrds[] = { initrd, NULL };
	struct image found = { .place = PLACE_BOOT };
	int ret = -ENAMETOOLONG;

	if (snprintf(found.path, sizeof(found.path), "%s", image + 1) < (int)sizeof(found.path))
		ret = read_image(root, &found);
	if (!ret)
		return add_image(root, map, &found,
				 initrd && !found.kernel.is_unified ? initrds : NULL, true);
	entry = arena_printf(&map->arena, "linux in /%s", entry);
	ret = add_unread_named(map,
			       (struct unread_kernel){
				       .image = image,
				       .is_default = true,
				       .setting = entry,
				       .fault.where = image,
			       },
			       ret);
	return ret ? ret : 1;
}

int find_entry_initrd(struct root *root, struct efimap *map, struct installed_kernel *kernel,
		      const char *path)
{
	const char *const initrds[] = { path, NULL };
	int ret;

	kernel->initrd_error = NULL;
	ret = find_initrd(root, initrds, !capture_is_offline(map), true, kernel);
	/* The path and the reason are copied, because the caller reuses the memory of the path. */
	if (!ret && *kernel->initrd)
		kernel->initrd = capture_copy_text(map, kernel->initrd);
	if (!ret && kernel->initrd_error)
		kernel->initrd_error = capture_copy_text(map, kernel->initrd_error);
	return ret;
}

int add_unread_crash_kernel(struct efimap *map, const char *image, const char *file,
			    const char *setting, int error)
{
	const struct unread_kernel kernel = {
		.image = image, .is_crash = true, .setting = setting, .fault.where = file
	};

	return add_unread_named(map, kernel, error);
}

int read_installed_kernels(struct root *root, struct efimap *map, const struct capture_file *file,
			   struct err *err)
{
	struct search search = { .root = root,
				 .running_release = map->release.text,
				 .is_copy = capture_is_offline(map),
				 .unlisted = "" };
	struct chosen *read = &search.read;
	int ret = search_all(&search);

	read->newest.kernel.is_newest = release_compare(search.unread.newest.kernel.header.release,
							read->newest.kernel.header.release) <= 0 &&
					!is_newest_uncopied(&search);
	if (!read->newest.kernel.is_newest && root->record) {
		const char *release = is_newest_uncopied(&search)
					      ? search.uncopied_newest.release
					      : search.unread.newest.kernel.header.release;

		root->record->newest_unread =
			arena_strndup(&root->record->texts, release, strlen(release));
	}
	if (strcmp(read->newest.path, read->running.path) == 0)
		read->running.kernel.is_newest = read->newest.kernel.is_newest;
	if (!ret && search.unified.path[0])
		map->kexec->unified_entry = capture_copy_text(map, search.unified.path);
	if (!ret && read->running.path[0])
		ret = add_installed(root, map, &read->running);
	if (!ret && read->newest.path[0] && strcmp(read->newest.path, read->running.path) != 0)
		ret = add_installed(root, map, &read->newest);
	if (ret)
		return ret;
	if (!map->n_kernels && search.is_denied)
		map->states[file->source] = EFIMAP_STATE_DENIED;
	return add_all_unread(map, &search);
}
