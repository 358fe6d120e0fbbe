/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lower bound of the unpacked size of an initrd must not exceed the upper bound. */
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "input/binary/unpacked_size.h"

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	const int fd = memfd_create("initrd", MFD_CLOEXEC);
	struct unpacked_size unpacked;

	fuzz_check(fd >= 0 && pwrite(fd, data, size, 0) == (ssize_t)size);
	fuzz_check(unpacked_size_of(fd, 0, size, &unpacked) == 0);
	fuzz_check(unpacked.least <= unpacked.most);
	fuzz_check(unpacked.is_known || !unpacked.most);
	close(fd);
	return 0;
}
