/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Read the files that --kernel, --initrd and --kexec-log select, or their recordings. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/sort.h"
#include "base/text_scan.h"
#include "input/binary/parse_kernel_image.h"
#include "input/binary/unpacked_size.h"
#include "input/given_files.h"
#include "input/log/kexec_debug_output.h"
#include "input/parse_values.h"
#include "input/tree/read_installed_kernels.h"

#define KERNEL "--kernel="
#define INITRD "--initrd="
#define LOG "--kexec-log="

static bool begins(const char *path, const char *option)
{
	return strncmp(path, option, strlen(option)) == 0;
}

bool path_is_given(const char *path)
{
	return begins(path, KERNEL) || begins(path, INITRD) || begins(path, LOG);
}

/* Use --initrd for all kernels, even for a unified kernel image that contains an initrd. */
static void use_initrd(struct given_files *files)
{
	for (size_t i = 0; files->initrd && i < files->n_kernels; i++) {
		files->kernels[i].initrd = files->initrd;
		files->kernels[i].has_initrd_size = true;
		files->kernels[i].initrd_size = files->initrd_size;
		files->kernels[i].unpacked = files->unpacked;
	}
}

static int read_kernels(struct given_names *names, struct recording *record,
			struct given_files *files, struct err *err)
{
	auto_cleanup(arena_free) struct arena keys = { 0 };
	int ret = 0;

	sort_items(names->kernels, names->n_kernels, sizeof(names->kernels[0]), order_at_text);
	for (size_t i = 0; i < names->n_kernels && !ret; i++) {
		const char *name = names->kernels[i];

		if (i && strcmp(name, names->kernels[i - 1]) == 0)
			continue;
		ret = kernel_image_read(name, record, arena_printf(&keys, KERNEL "%s", name),
					&files->kernels[files->n_kernels++], err);
	}
	return ret;
}

static int read_initrd(const char *name, struct recording *record, struct given_files *files,
		       struct err *err)
{
	auto_cleanup(arena_free) struct arena keys = { 0 };
	auto_fd int fd = -1;
	const char *key;
	struct file_stamp stamp;
	struct stat st;
	int ret = stat(name, &st) ? -errno : mode_check(st.st_mode);

	if (ret)
		return err_set(err, -ret, name, "%s", errno_text(ret));
	files->initrd = name;
	files->initrd_size = (uint64_t)st.st_size;
	stamp = file_stamp_of(&st);
	fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ret = fd < 0 ? -errno : unpacked_size_of(fd, 0, files->initrd_size, &files->unpacked);
	if (ret)
		return err_set(err, -ret, name, "%s", errno_text(ret));
	if (stat(name, &st) || !is_same_file(&stamp, &st))
		return err_set(err, EBUSY, name, EFIMAP_CHANGED);
	if (!record)
		return 0;
	key = arena_printf(&keys, INITRD "%s", name);
	record_size(record, key, files->initrd_size, 0);
	if (files->unpacked.is_known)
		record_unpacked_size(record, key, &files->unpacked);
	return 0;
}

static int read_log(const char *name, struct recording *record, struct given_files *files,
		    struct err *err)
{
	auto_cleanup(arena_free) struct arena keys = { 0 };
	auto_free uint8_t *text = NULL;
	size_t size;
	int ret = read_file(name, EFIMAP_KEXEC_LOG_BYTES, &text, &size, err);

	if (ret)
		return ret;
	kexec_log_filter((char *)text, &size);
	ret = kexec_log_parse((const char *)text, size, name, &files->segments, err);
	if (!ret && record)
		record_bytes(record, arena_printf(&keys, LOG "%s", name), 0, text, (ssize_t)size,
			     true);
	return ret;
}

int read_given_files(struct given_names names, struct recording *record,
		     struct given_files *ret_files, struct err *err)
{
	int ret = names.initrd ? read_initrd(names.initrd, record, ret_files, err) : 0;

	if (!ret)
		ret = read_kernels(&names, record, ret_files, err);
	if (!ret && names.kexec_log)
		ret = read_log(names.kexec_log, record, ret_files, err);
	use_initrd(ret_files);
	return ret;
}

static int replay_file(struct root *root, const char *path, const char *name,
		       struct given_files *files)
{
	struct installed_kernel *kernel = &files->kernels[files->n_kernels];
	int ret;

	if (begins(path, LOG)) {
		auto_file struct tree_file file = { 0 };

		ret = root_read(root, path, EFIMAP_READ_WHOLE, EFIMAP_KEXEC_LOG_BYTES,
				kexec_log_filter, &file);
		return ret ? ret
			   : kexec_log_parse(file.data, file.len, name, &files->segments, NULL);
	}
	if (begins(path, INITRD)) {
		files->initrd = name;
		ret = root_file_size(root, path, &files->initrd_size);
		return ret ? ret
			   : root_unpacked_size(root, path, 0, files->initrd_size,
						&files->unpacked);
	}
	if (files->n_kernels == EFIMAP_MAX_KERNELS)
		return -E2BIG;
	ret = read_image_file(root, path, kernel);
	if (ret)
		return ret;
	kernel->header.name = name;
	files->n_kernels++;
	return root_unpacked_size(root, path, kernel->initrd_offset, kernel->initrd_size,
				  &kernel->unpacked);
}

int replay_given_files(struct root *root, struct efimap *map, struct err *err)
{
	const struct recording *replay = root->replay;
	int ret = 0;

	for (size_t i = 0; i < replay->n_files && !ret; i++) {
		const char *path = replay->files[i].path, *name;

		if (!path_is_given(path))
			continue;
		if (!map->given) {
			map->given = arena_alloc(&map->arena, sizeof(*map->given));
			*map->given = (struct given_files){ 0 };
		}
		name = capture_copy_text(map, strchr(path, '=') + 1);
		ret = replay_file(root, path, name, map->given);
		/* The path comes from the snapshot, so it is marked as data. */
		if (ret && !errno_is_fatal(ret))
			return err_set(err, EBADMSG, map->name,
				       "files.%s: an invalid recording of a file that an option "
				       "named",
				       text_mark(&map->arena, path));
	}
	if (map->given)
		use_initrd(map->given);
	return ret;
}
