/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decompress /proc/config.gz with zlib. */
#include <errno.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/cleanup.h"
#include "input/binary/gzip.h"

/* With this number added to the window bits, zlib accepts only the gzip format (RFC 1952). */
#define GZIP_ONLY 16

int efimap_gunzip(char **data, size_t *len, size_t limit)
{
	/*
	 * Allocate one byte more than the limit, to detect content that is too long, and one byte
	 * for the '\0'.
	 */
	efimap_auto_free char *content = malloc(limit + 2);
	z_stream stream = {
		.next_in = (Bytef *)*data,
		.avail_in = (uInt)*len,
		.next_out = (Bytef *)content,
		.avail_out = (uInt)limit + 1,
	};
	int ret;

	if (!content || inflateInit2(&stream, MAX_WBITS + GZIP_ONLY) != Z_OK)
		return -ENOMEM;
	ret = inflate(&stream, Z_FINISH);
	inflateEnd(&stream);
	if (ret == Z_MEM_ERROR)
		return -ENOMEM;
	if (stream.total_out > limit)
		return -E2BIG;
	if (ret != Z_STREAM_END || stream.avail_in)
		return -EBADMSG;
	content[stream.total_out] = '\0';
	free(*data);
	*data = efimap_steal(content);
	*len = stream.total_out;
	return 0;
}
