/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Turn a dump into a seekable file. makedumpfile's flattened format (-F) is a sequence of pieces,
 * each with its offset. The format is for pipes, but Debian's kdump-tools also stores dumps in it.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "flattened_dump.h"

#define MAGIC "makedumpfile\0\0\0\0"
#define MAGIC_BYTES 16
/* makedumpfile.h: MAX_SIZE_MDF_HEADER, struct makedumpfile_header */
#define HEADER_BYTES 4096
#define TYPE_FLAT 1
/*
 * Maximum size of a dump that is copied unchanged, and maximum offset and size of a piece, in
 * bytes. No machine has more memory.
 */
#define MAX_BYTES ((uint64_t)64 << 40)
#define BLOCK_BYTES ((size_t)1 << 20)
/*
 * Maximum total size of the holes between pieces, in bytes. makedumpfile skips at most a page or
 * two, so a dump with larger holes is damaged.
 */
#define MAX_HOLE_BYTES ((uint64_t)1 << 20)

/* struct piece - struct makedumpfile_data_header (makedumpfile.h), which is big-endian in a dump */
struct piece {
	uint64_t offset;
	uint64_t size;
};

/*
 * struct spool - the copy of the input
 * @fd:    descriptor of the unlinked file
 * @block: buffer of BLOCK_BYTES
 */
struct spool {
	struct importer *importer;
	struct efimap_err *err;
	int fd;
	char *block;
};

static const char *spool_directory(void)
{
	const char *name = secure_getenv("TMPDIR");

	return name && *name ? name : "/var/tmp";
}

static int fail_write(const struct spool *spool, int code)
{
	return efimap_err_set(spool->err, code, spool_directory(),
			      "cannot store the dump: %s; use TMPDIR to select another "
			      "directory",
			      strerror(code));
}

static int open_spool(struct spool *spool)
{
	char path[PATH_MAX];

	spool->fd = open(spool_directory(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (spool->fd >= 0)
		return 0;
	if (snprintf(path, sizeof(path), "%s/import-vmcore-XXXXXX", spool_directory()) >=
	    (int)sizeof(path))
		return fail_write(spool, ENAMETOOLONG);
	spool->fd = mkostemp(path, O_CLOEXEC);
	if (spool->fd < 0)
		return fail_write(spool, errno);
	unlink(path);
	return 0;
}

static int write_spool(const struct spool *spool, uint64_t offset, const char *data,
		       size_t size)
{
	while (size) {
		const ssize_t count = TEMP_FAILURE_RETRY(
			pwrite(spool->fd, data, size, (off_t)offset));

		if (count <= 0)
			return fail_write(spool, count ? errno : ENOSPC);
		offset += (uint64_t)count;
		data += count;
		size -= (size_t)count;
	}
	return 0;
}

static int fail_cut(const struct spool *spool)
{
	return efimap_err_at_offset(spool->err, EBADMSG, spool->importer->label,
				    spool->importer->taken,
				    "a truncated flattened dump");
}

static int store_piece(const struct spool *spool, const struct piece *piece)
{
	uint64_t offset = piece->offset, left = piece->size;

	while (left) {
		const size_t size = left < BLOCK_BYTES ? (size_t)left : BLOCK_BYTES;
		const ssize_t count = importer_fill(spool->importer, spool->block, size,
						    spool->err);
		int ret;

		if (count < 0)
			return (int)count;
		if ((size_t)count < size)
			return fail_cut(spool);
		ret = write_spool(spool, offset, spool->block, size);
		if (ret)
			return ret;
		offset += size;
		left -= size;
	}
	return 0;
}

static int next_piece(const struct spool *spool, struct piece *piece)
{
	const ssize_t count = importer_fill(spool->importer, piece, sizeof(*piece),
					    spool->err);

	if (count < 0)
		return (int)count;
	if (count < (ssize_t)sizeof(*piece))
		return fail_cut(spool);
	piece->offset = be64toh(piece->offset);
	piece->size = be64toh(piece->size);
	/* END_FLAG_FLAT_HEADER */
	if (piece->offset == UINT64_MAX && piece->size == UINT64_MAX)
		return 1;
	if (piece->size == 0 || piece->size > MAX_BYTES || piece->offset > MAX_BYTES)
		return efimap_err_at_offset(spool->err, EBADMSG, spool->importer->label,
					    spool->importer->taken - sizeof(*piece),
					    "a malformed flattened dump: a block has an "
					    "invalid size (0x%jx) or offset (0x%jx)",
					    (uintmax_t)piece->size,
					    (uintmax_t)piece->offset);
	return 0;
}

static int check_holes(const struct spool *spool)
{
	const off_t end = lseek(spool->fd, 0, SEEK_END);

	if (end < 0)
		return fail_write(spool, errno);
	if ((uint64_t)end <= spool->importer->taken + MAX_HOLE_BYTES)
		return 0;
	return efimap_err_set(spool->err, EBADMSG, spool->importer->label,
			      "a damaged flattened dump: the input has 0x%jx bytes, but "
			      "the blocks end at offset 0x%jx of the dump",
			      (uintmax_t)spool->importer->taken, (uintmax_t)end);
}

static int store_in_order(const struct spool *spool)
{
	uint64_t type;
	struct piece piece;
	int ret;

	memcpy(&type, spool->block + MAGIC_BYTES, sizeof(type));
	if (be64toh(type) != TYPE_FLAT)
		return efimap_err_at_offset(
			spool->err, EBADMSG, spool->importer->label, MAGIC_BYTES,
			"a makedumpfile dump of type %ju, expected %d (flattened)",
			(uintmax_t)be64toh(type), TYPE_FLAT);
	while ((ret = next_piece(spool, &piece)) == 0) {
		ret = store_piece(spool, &piece);
		if (ret)
			return ret;
	}
	return ret < 0 ? ret : check_holes(spool);
}

static int store_as_is(const struct spool *spool, size_t have)
{
	uint64_t offset = 0;
	ssize_t count = (ssize_t)have;

	while (count > 0) {
		int ret = write_spool(spool, offset, spool->block, (size_t)count);

		if (ret)
			return ret;
		offset += (uint64_t)count;
		if (offset > MAX_BYTES)
			return efimap_err_set(spool->err, E2BIG, spool->importer->label,
					      "longer than %ju TiB, the limit for a dump",
					      (uintmax_t)(MAX_BYTES >> 40));
		count = importer_fill(spool->importer, spool->block, BLOCK_BYTES, spool->err);
	}
	return (int)count;
}

static int store_input(struct spool *spool)
{
	const ssize_t have = importer_fill(spool->importer, spool->block, HEADER_BYTES,
					   spool->err);
	int ret;

	if (have < 0)
		return (int)have;
	ret = open_spool(spool);
	if (ret)
		return ret;
	if (have < MAGIC_BYTES || memcmp(spool->block, MAGIC, MAGIC_BYTES) != 0)
		return store_as_is(spool, (size_t)have);
	return have < HEADER_BYTES ? fail_cut(spool) : store_in_order(spool);
}

static bool is_ready(const struct importer *importer)
{
	char magic[MAGIC_BYTES];

	if (importer->head >= 0 || lseek(STDIN_FILENO, 0, SEEK_CUR) != 0)
		return false;
	return pread(STDIN_FILENO, magic, sizeof(magic), 0) != MAGIC_BYTES ||
	       memcmp(magic, MAGIC, MAGIC_BYTES) != 0;
}

int spool_input(struct importer *importer, int *ret_fd, struct efimap_err *err)
{
	struct spool spool = { .importer = importer, .err = err, .fd = -1 };
	efimap_auto_free char *block = NULL;
	int ret;

	if (is_ready(importer)) {
		*ret_fd = STDIN_FILENO;
		return 0;
	}
	block = malloc(BLOCK_BYTES);
	if (!block)
		return -ENOMEM;
	spool.block = block;
	ret = store_input(&spool);
	if (ret) {
		efimap_close_fd(&spool.fd);
		return ret;
	}
	*ret_fd = spool.fd;
	return 0;
}
