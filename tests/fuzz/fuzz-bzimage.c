/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The input is a kernel image or a unified kernel image. The parser must not request a byte beyond
 * the end of the file.
 */
#include <string.h>

#include "capture/boot_params.h"
#include "fuzz.h"
#include "input/binary/bzimage.h"
#include "input/binary/parse_kernel_image.h"

struct bytes {
	const uint8_t *data;
	size_t size;
};

static ssize_t read_at(void *context, uint64_t offset, uint8_t *data, size_t size,
		       void (*filter)(char *data, size_t *len))
{
	const struct bytes *bytes = context;

	fuzz_check(offset <= bytes->size && size <= bytes->size - offset);
	memcpy(data, bytes->data + offset, size);
	if (filter)
		filter((char *)data, &size);
	return (ssize_t)size;
}

static void try_header(const uint8_t *data, size_t size)
{
	struct err err = EFIMAP_ERR_INIT;
	struct kernel_image image = { .version = 1 };
	int ret = bzimage_parse(data, size, "image", &image, &err);

	if (ret == 0) {
		fuzz_check(size >= 0x238);
		fuzz_check(data[0x1fe] == 0x55 && data[0x1ff] == 0xaa);
		fuzz_check(image.version >= EFIMAP_BOOT_PROTOCOL_XLF || !image.xloadflags);
	} else {
		fuzz_check(ret == -EBADMSG && err.code == EBADMSG);
		fuzz_check(err.offset <= size);
		fuzz_check(image.version == 1);
	}
}

static void try_file(const uint8_t *data, size_t size)
{
	struct bytes bytes = { data, size };
	const struct image_file file = {
		.name = "image",
		.size = size,
		.head = data,
		.head_len = size < EFIMAP_IMAGE_HEAD ? size : EFIMAP_IMAGE_HEAD,
		.read_at = read_at,
		.context = &bytes,
	};
	struct err err = EFIMAP_ERR_INIT;
	struct installed_kernel kernel = { .size = 1 };
	const int ret = kernel_image_parse(&file, &kernel, &err);

	if (ret == 0) {
		fuzz_check(kernel.size == size && kernel.initrd_size <= size);
		fuzz_check(kernel.is_unified == kernel.has_initrd_size);
		fuzz_check(strlen(kernel.header.release) <= EFIMAP_MAX_RELEASE);
	} else {
		fuzz_check((ret == -EBADMSG || ret == -ENOEXEC) && err.code == EBADMSG);
		fuzz_check(kernel.size == 1);
	}
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	try_header(data, size);
	try_file(data, size);
	return 0;
}
