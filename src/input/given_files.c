/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Read the files that --kernel, --initrd and --kexec-log select. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/sort.h"
#include "input/binary/parse_kernel_image.h"
#include "input/binary/unpacked_size.h"
#include "input/given_files.h"
#include "input/input_file.h"
#include "input/log/kexec_debug_output.h"
#include "input/parse_values.h"
#include "input/tree/tree_access.h"

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

static int read_kernels(struct given_names *names, struct given_files *files, struct err *err)
{
	int ret = 0;

	sort_items(names->kernels, names->n_kernels, sizeof(names->kernels[0]), order_at_text);
	for (size_t i = 0; i < names->n_kernels && !ret; i++) {
		const char *name = names->kernels[i];

		if (i && strcmp(name, names->kernels[i - 1]) == 0)
			continue;
		ret = kernel_image_read(name, &files->kernels[files->n_kernels++], err);
	}
	return ret;
}

static int read_initrd(const char *name, struct given_files *files, struct err *err)
{
	auto_fd int fd = -1;
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
	return 0;
}

static int read_log(const char *name, struct given_files *files, struct err *err)
{
	auto_free uint8_t *text = NULL;
	size_t size;
	int ret = read_file(name, EFIMAP_KEXEC_LOG_BYTES, &text, &size, err);

	if (!ret)
		ret = kexec_log_parse((const char *)text, size, name, &files->segments, err);
	if (!ret && files->segments.is_partial)
		ret = err_set(err, EBADMSG, name,
			      "does not show the kernel and the initrd, so it may be truncated");
	return ret;
}

int read_given_files(struct given_names names, struct given_files *ret_files, struct err *err)
{
	int ret = names.initrd ? read_initrd(names.initrd, ret_files, err) : 0;

	if (!ret)
		ret = read_kernels(&names, ret_files, err);
	if (!ret && names.kexec_log)
		ret = read_log(names.kexec_log, ret_files, err);
	use_initrd(ret_files);
	return ret;
}
