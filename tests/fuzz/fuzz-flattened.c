/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * In a rearranged flattened dump (makedumpfile -F), the last piece must be at the offset that its
 * header states. Other input must be copied unchanged.
 */
#include <endian.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "base/cleanup.h"
#include "vmcore/flattened_dump.h"

#define MAGIC "makedumpfile\0\0\0\0"
#define HEADER_BYTES 4096u

struct piece {
	uint64_t offset;
	uint64_t size;
};

/*
 * Return a descriptor for the member "head" of struct importer, from which the input can be read.
 * Make standard input empty.
 */
static int input_of(const uint8_t *data, size_t size)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC), fd = memfd_create("dump", MFD_CLOEXEC);

	fuzz_check(null >= 0 && dup2(null, STDIN_FILENO) == STDIN_FILENO && fd >= 0);
	close(null);
	fuzz_check(size == 0 || write(fd, data, size) == (ssize_t)size);
	fuzz_check(lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

static bool is_at(int fd, uint64_t offset, const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size);
	bool same;

	fuzz_check(copy);
	same = pread(fd, copy, size, (off_t)offset) == (ssize_t)size &&
	       memcmp(copy, data, size) == 0;
	free(copy);
	return same;
}

static void check_last(int fd, const uint8_t *data, size_t size)
{
	struct piece last = { 0 }, next;
	size_t at = HEADER_BYTES, where = 0;

	while (size - at >= sizeof(next)) {
		memcpy(&next, data + at, sizeof(next));
		at += sizeof(next);
		next.offset = be64toh(next.offset);
		next.size = be64toh(next.size);
		if (next.offset == UINT64_MAX && next.size == UINT64_MAX)
			break;
		fuzz_check(next.size <= size - at);
		last = next;
		where = at;
		at += (size_t)next.size;
	}
	if (where)
		fuzz_check(is_at(fd, last.offset, data + where, (size_t)last.size));
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	struct importer importer = { .program = "fuzz", .name = "fuzz", .label = "fuzz",
				     .head = input_of(data, size) };
	struct efimap_err err = EFIMAP_ERR_INIT;
	int fd = -1, ret = spool_input(&importer, &fd, &err);

	if (importer.head >= 0)
		close(importer.head);
	fuzz_check(ret == 0 || err.text[0]);
	if (ret)
		return 0;
	if (size >= HEADER_BYTES && memcmp(data, MAGIC, sizeof(MAGIC) - 1) == 0)
		check_last(fd, data, size);
	else if (size)
		fuzz_check(is_at(fd, 0, data, size));
	close(fd);
	return 0;
}
