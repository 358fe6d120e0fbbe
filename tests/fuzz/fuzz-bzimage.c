/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The header of a bzImage: what is accepted is one, and what is refused says where. */
#include "capture/boot_params.h"
#include "fuzz.h"
#include "input/binary/bzimage.h"

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_image image = { .version = 1 };
	int ret = efimap_bzimage_parse(data, size, "image", &image, &err);

	if (ret == 0) {
		fuzz_check(size >= 0x238);
		fuzz_check(data[0x1fe] == 0x55 && data[0x1ff] == 0xaa);
		fuzz_check(image.version >= EFIMAP_BOOT_PROTOCOL_XLF || !image.xloadflags);
	} else {
		fuzz_check(ret == -EBADMSG && err.code == EBADMSG);
		fuzz_check(err.offset <= size);
		fuzz_check(image.version == 1);
	}
	return 0;
}
