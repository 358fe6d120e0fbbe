/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The input is an initrd. The code must not read beyond its end, and must limit the number of
 * reads. The lower bound of the unpacked size must not exceed the upper bound.
 */
#include <string.h>

#include "fuzz.h"
#include "input/binary/unpacked_size.h"

struct initrd {
	const uint8_t *data;
	size_t size;
	unsigned int reads;
};

static ssize_t read_at(void *context, uint64_t offset, uint8_t *data, size_t size)
{
	struct initrd *initrd = context;

	initrd->reads++;
	fuzz_check(offset <= initrd->size && size <= initrd->size - offset);
	memcpy(data, initrd->data + offset, size);
	return (ssize_t)size;
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	struct initrd initrd = { .data = data, .size = size };
	const struct efimap_packed_file file = {
		.size = size,
		.read_at = read_at,
		.context = &initrd,
	};
	struct efimap_unpacked_size unpacked;

	fuzz_check(efimap_unpacked_size_find(&file, &unpacked) == 0);
	fuzz_check(initrd.reads <= 65536);
	fuzz_check(unpacked.least <= unpacked.most);
	fuzz_check(unpacked.is_known || !unpacked.most);
	return 0;
}
