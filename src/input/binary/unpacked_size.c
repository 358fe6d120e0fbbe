/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Find bounds of the size of an unpacked initrd from headers, block headers and trailers.
 *
 * An initrd is a sequence of parts, which the kernel unpacks one after the other: cpio archives,
 * compressed archives, and zeros between them (Linux init/initramfs.c: unpack_to_rootfs). The
 * formats are those of RFC 1952 (gzip), RFC 8878 (zstd), the xz file format 1.2.1, the legacy
 * format of doc/lz4_Frame_format.md (lz4), and Documentation/driver-api/early-userspace/
 * buffer-format.rst (cpio).
 *
 * Only a decompressor can find the end of a gzip part, after which its unpacked size is stored.
 * Therefore, the unpacked size of a gzip part is known only if no other part follows. If the last
 * bytes are not a size that the part can have, the part is cut. If they are, this can be chance.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/little_endian_reader.h"
#include "base/text_scan.h"
#include "input/binary/unpacked_size.h"
#include "input/input_file.h"

/* Maximum number of reads. A read of several pages counts as several reads. */
#define MAX_READS 65536U
#define PAGE 4096U
#define CHUNK 512U
#define SCAN_CHUNK 65536U
/* Number of bytes that is sufficient to recognize the header of a part. */
#define HEAD 16U

/* Maximum size in bytes. No machine can unpack more, so a larger size is treated as malformed. */
#define MAX_SIZE (UINT64_C(1) << 46)

#define MIB (UINT64_C(1) << 20)
/* A deflate block cannot expand to more than 1032 bytes for each of its bytes. */
#define MAX_DEFLATE_RATIO 1032U
#define USUAL_RATIO 31U
/*
 * gzip stores the unpacked size modulo 4 GiB. The stored size is the unpacked size if 4 GiB more
 * would exceed this ratio. Programs, modules and firmware have ratios of 2 to 4, and texts up to 6.
 */
#define WRAPPED_RATIO 16U
#define WRAP (UINT64_C(4) << 30)
/* Minimum size of a gzip part in bytes: a header, an empty block and a trailer. */
#define MIN_GZIP 20U
/*
 * Maximum size of the header of a gzip part, which contains the name of a file. Each stored block
 * of deflate has a header of 5 bytes, and most compressors store at least 4 KiB in a block.
 */
#define MAX_GZIP_HEADER 4096U
#define MIN_STORED_BLOCK 4096U
#define STORED_BLOCK_HEADER 5U

#define ZSTD_BLOCK (UINT64_C(128) << 10)
#define LZ4_LEGACY UINT32_C(0x184c2102)
#define LZ4_BLOCK (8 * MIB)
/* Size of a block that cannot be compressed, as LZ4_COMPRESSBOUND() computes it. */
#define LZ4_MAX_BLOCK (LZ4_BLOCK + LZ4_BLOCK / 255 + 16)
#define XZ_HEADER 12U
#define XZ_FOOTER 12U
#define XZ_MAX_INDEX 65536U
#define CPIO_HEADER 110U

/*
 * The parts of an initrd.
 *
 * @start: position of the initrd in the file @fd
 * @packed: size of the initrd in bytes
 * @at:    position of the next part, relative to the start of the initrd
 * @reads: number of reads that remain
 * @error: negative errno of a read that failed, or 0
 * @ends_early: the part at @at continues after the end of the initrd
 * @shows_no_end: a part before @at may be cut, although its size is plausible
 * @is_search: the part at @at may be data of another part
 * @size:  bounds of the parts before @at
 */
struct parts {
	int fd;
	uint64_t start;
	uint64_t packed;
	uint64_t at;
	unsigned int reads;
	int error;
	bool ends_early;
	bool shows_no_end;
	bool is_search;
	struct unpacked_size size;
};

/*
 * Read bytes of the initrd. Return the number of bytes, which is less than @size at the end of the
 * initrd, after an error, or after the limit on reads is reached.
 */
static size_t read_part(struct parts *parts, uint64_t at, uint8_t *data, size_t size)
{
	ssize_t count;

	if (parts->error || at >= parts->packed)
		return 0;
	/* After a read that exceeds the limit, all later reads fail, too. */
	if (parts->reads <= size / PAGE)
		parts->reads = 0;
	if (!parts->reads)
		return 0;
	parts->reads -= 1 + (unsigned int)(size / PAGE);
	if (size > parts->packed - at)
		size = (size_t)(parts->packed - at);
	count = fd_read_at(parts->fd, parts->start + at, data, size);
	if (count < 0)
		parts->error = (int)count;
	return count < 0 ? 0 : (size_t)count;
}

static uint64_t remaining(const struct parts *parts)
{
	return parts->packed - parts->at;
}

/* Read bytes that a part must contain. Return false if the initrd ends before them. */
static bool read_required(struct parts *parts, uint64_t at, uint8_t *data, size_t size)
{
	if (read_part(parts, at, data, size) == size)
		return true;
	parts->ends_early = at + size > parts->packed;
	return false;
}

static bool add_bounds(struct parts *parts, uint64_t least, uint64_t most)
{
	struct unpacked_size *size = &parts->size;

	if (least > MAX_SIZE || most > MAX_SIZE || least > most || size->least + least > MAX_SIZE ||
	    size->most + most > MAX_SIZE)
		return false;
	size->least += least;
	size->most += most;
	size->is_known = true;
	return true;
}

static bool skip(struct parts *parts, uint64_t bytes)
{
	if (bytes > remaining(parts)) {
		parts->ends_early = true;
		return false;
	}
	parts->at += bytes;
	return true;
}

static bool parse_hex(const uint8_t *digits, uint64_t *ret_value)
{
	struct text text = { (const char *)digits, 8 };

	return text_take_hex(&text, 8, ret_value);
}

static uint64_t round_up4(uint64_t value)
{
	return (value + 3) & ~UINT64_C(3);
}

/* Parse a cpio archive, from its first header to its entry TRAILER!!!. */
static bool take_cpio(struct parts *parts)
{
	static const char trailer[] = "TRAILER!!!";
	const uint64_t start = parts->at;
	uint8_t header[CPIO_HEADER + sizeof(trailer)];
	uint64_t file_size, name_size;
	bool is_end;

	do {
		if (!read_required(parts, parts->at, header, sizeof(header)) ||
		    (memcmp(header, "070701", 6) != 0 && memcmp(header, "070702", 6) != 0) ||
		    !parse_hex(header + 54, &file_size) || !parse_hex(header + 94, &name_size))
			return false;
		is_end = name_size == sizeof(trailer) &&
			 memcmp(header + CPIO_HEADER, trailer, sizeof(trailer)) == 0;
		if (is_end && file_size)
			return false;
		/* The padding of the last entry may be missing. */
		if (!skip(parts,
			  is_end ? CPIO_HEADER + name_size
				 : round_up4(CPIO_HEADER + name_size) + round_up4(file_size)))
			return false;
	} while (!is_end);
	return add_bounds(parts, parts->at - start, parts->at - start);
}

/* Parse a variable-length integer of the xz format. */
static bool take_xz_number(struct le_reader *reader, uint64_t *ret_value)
{
	*ret_value = 0;
	for (unsigned int shift = 0; shift < 63; shift += 7) {
		const uint8_t byte = le_reader_u8(reader);

		*ret_value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return !reader->bad;
	}
	return false;
}

/* Return the offset after the last byte that is not 0; 0 if only zeros follow or a read fails. */
static uint64_t find_end(struct parts *parts)
{
	uint64_t end = parts->packed;
	uint8_t chunk[CHUNK];

	while (end > parts->at) {
		const uint64_t before = end - parts->at < CHUNK ? parts->at : end - CHUNK;
		size_t count = read_part(parts, before, chunk, (size_t)(end - before));

		if (count < end - before)
			return 0;
		while (count && !chunk[count - 1])
			count--;
		if (count)
			return before + count;
		end = before;
	}
	return 0;
}

static bool may_be_followed(struct parts *parts);

/* Parse an xz stream. It must be the last part, because its size is stored at its end. */
static bool take_xz(struct parts *parts)
{
	const uint64_t end = find_end(parts);
	auto_free uint8_t *index = NULL;
	struct le_reader reader;
	uint64_t index_size, records, packed, unpacked, blocks = 0, sum = 0;
	uint8_t footer[XZ_FOOTER];

	if (end < parts->at + XZ_HEADER + XZ_FOOTER ||
	    read_part(parts, end - XZ_FOOTER, footer, sizeof(footer)) < sizeof(footer))
		return false;
	if (memcmp(footer + 10, "YZ", 2) != 0) {
		parts->ends_early = !parts->is_search && !may_be_followed(parts);
		return false;
	}
	reader = (struct le_reader){ .data = footer, .size = sizeof(footer), .pos = 4 };
	index_size = ((uint64_t)le_reader_u32(&reader) + 1) * 4;
	if (index_size > XZ_MAX_INDEX || index_size > end - parts->at - XZ_HEADER - XZ_FOOTER)
		return false;
	index = memory_new((size_t)index_size);
	if (read_part(parts, end - XZ_FOOTER - index_size, index, (size_t)index_size) < index_size)
		return false;
	reader = (struct le_reader){ .data = index, .size = (size_t)index_size };
	if (le_reader_u8(&reader) != 0 || !take_xz_number(&reader, &records))
		return false;
	/* The index, which follows the blocks, has a record of the sizes of each block. */
	for (; records; records--) {
		if (!take_xz_number(&reader, &packed) || !take_xz_number(&reader, &unpacked) ||
		    packed > MAX_SIZE || unpacked > MAX_SIZE || blocks > MAX_SIZE || sum > MAX_SIZE)
			return false;
		blocks += round_up4(packed);
		sum += unpacked;
	}
	if (parts->at + XZ_HEADER + blocks + index_size + XZ_FOOTER != end)
		return false;
	parts->at = parts->packed;
	return add_bounds(parts, sum, sum);
}

/* Parse the header of a zstd frame. @ret_size is UINT64_MAX if the header states no size. */
static bool take_zstd_header(struct parts *parts, bool *ret_has_checksum, uint64_t *ret_size)
{
	static const uint8_t id_sizes[] = { 0, 1, 2, 4 };
	uint8_t bytes[18];
	struct le_reader reader = { .data = bytes, .pos = 4 };
	uint8_t flags;
	bool is_single;

	reader.size = read_part(parts, parts->at, bytes, sizeof(bytes));
	flags = le_reader_u8(&reader);
	/* A frame of a single segment states its size, and has no window descriptor. */
	is_single = flags & 0x20;
	*ret_has_checksum = flags & 0x04;
	*ret_size = UINT64_MAX;
	/* Bit 3 is reserved. */
	if (!reader.bad && flags & 0x08)
		return false;
	le_reader_seek(&reader, reader.pos + !is_single + id_sizes[flags & 3]);
	switch (flags >> 6) {
	case 0:
		if (is_single)
			*ret_size = le_reader_u8(&reader);
		break;
	case 1:
		*ret_size = le_reader_u16(&reader) + UINT64_C(256);
		break;
	case 2:
		*ret_size = le_reader_u32(&reader);
		break;
	default:
		*ret_size = le_reader_u64(&reader);
		break;
	}
	parts->ends_early = reader.bad && remaining(parts) < sizeof(bytes);
	return !reader.bad && skip(parts, reader.pos);
}

/*
 * Parse a zstd frame. A compressed block expands to at most 128 KiB, and to more than its own size,
 * because zstd stores an incompressible block as a raw block. A frame that zstd compressed from a
 * pipe does not state its size.
 */
static bool take_zstd(struct parts *parts)
{
	uint64_t least = 0, most = 0, stated;
	bool has_checksum, is_last;

	if (!take_zstd_header(parts, &has_checksum, &stated))
		return false;
	do {
		uint8_t bytes[3];
		uint32_t block, size, type;

		if (!read_required(parts, parts->at, bytes, sizeof(bytes)))
			return false;
		block = bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16;
		/* Type 0 is raw, type 1 repeats one byte @size times, and type 2 is compressed. */
		is_last = block & 1;
		type = block >> 1 & 3;
		size = block >> 3;
		if (type == 3 || size > ZSTD_BLOCK ||
		    !skip(parts, sizeof(bytes) + (type == 1 ? 1 : size)))
			return false;
		least += size;
		most += type == 2 ? ZSTD_BLOCK : size;
	} while (!is_last);
	if (has_checksum && !skip(parts, 4))
		return false;
	if (stated == UINT64_MAX)
		return add_bounds(parts, least, most);
	return stated >= least && stated <= most && add_bounds(parts, stated, stated);
}

/*
 * Parse all blocks of a legacy lz4 part. Every block except the last expands to 8 MiB. The kernel
 * ignores the magic number of another part between two blocks, and stops at a size of 0
 * (lib/decompress_unlz4.c: unlz4).
 */
static bool take_lz4(struct parts *parts)
{
	uint64_t blocks = 0, full = 0, size = 0;

	skip(parts, 4);
	while (remaining(parts) >= 4) {
		uint8_t bytes[4];
		struct le_reader reader = { .data = bytes, .size = sizeof(bytes) };

		if (read_part(parts, parts->at, bytes, sizeof(bytes)) < sizeof(bytes))
			return false;
		size = le_reader_u32(&reader);
		if (size == 0)
			break;
		if (size == LZ4_LEGACY) {
			/* The block before the magic number may be smaller than 8 MiB. */
			full = full ? full - 1 : 0;
			skip(parts, 4);
			continue;
		}
		if (size > LZ4_MAX_BLOCK || !skip(parts, 4 + size))
			return false;
		blocks++;
		full++;
	}
	return add_bounds(parts, full ? (full - 1) * LZ4_BLOCK : 0, blocks * LZ4_BLOCK);
}

/* Skip the zeros before the next part. Return false at the end of the initrd. */
static bool skip_zeros(struct parts *parts)
{
	uint8_t chunk[CHUNK];
	size_t count, zeros;

	do {
		count = read_part(parts, parts->at, chunk, sizeof(chunk));
		for (zeros = 0; zeros < count && !chunk[zeros];)
			zeros++;
		parts->at += zeros;
	} while (count && zeros == count);
	return count;
}

static bool take_gzip(struct parts *parts);

/*
 * The formats of parts. In @magic, @mask selects the bits that are compared.
 * @take:      function that parses a part; NULL if the unpacked size is not determined
 * @shows_end: @take fails if the part is not complete
 */
static const struct format {
	uint8_t magic[HEAD], mask[HEAD];
	bool (*take)(struct parts *parts);
	bool shows_end;
} formats[] = {
	/* cpio: newc, with and without checksums */
	{ "070700", { 0xff, 0xff, 0xff, 0xff, 0xff, 0xfc }, take_cpio, true },
	{ { 0x28, 0xb5, 0x2f, 0xfd }, { 0xff, 0xff, 0xff, 0xff }, take_zstd, true },
	/* lz4, in the legacy format, which the kernel requires */
	{ { 0x02, 0x21, 0x4c, 0x18 }, { 0xff, 0xff, 0xff, 0xff }, take_lz4, true },
	{ { 0xfd, '7', 'z', 'X', 'Z', 0 }, { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, take_xz, true },
	/* gzip: the kernel supports only the flags FTEXT and FNAME; XFL is 0, 2 or 4 */
	{ { 0x1f, 0x8b, 8 }, { 0xff, 0xff, 0xff, 0xf6, 0, 0, 0, 0, 0xf9 }, take_gzip, false },
	/* bzip2, whose first block begins with the digits of pi */
	{ { 'B', 'Z', 'h', '0', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59 },
	  { 0xff, 0xff, 0xff, 0xf0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
	  NULL,
	  false },
	{ { 0x89, 'L', 'Z', 'O', 0, '\r', '\n', 0x1a, '\n' },
	  { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
	  NULL,
	  false },
	/* lzma: the dictionary size, then the unpacked size, which is unknown or below 1 TiB */
	{ { 0x5d, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
	  { 0xff, 0xff, 0xff, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
	  NULL,
	  false },
	{ { 0x5d }, { 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff }, NULL, false },
};

/* Return the format of a part that begins with @head at @at, or NULL. */
static const struct format *find_format(const uint8_t head[HEAD], uint64_t at)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		const struct format *format = &formats[i];
		size_t equal = 0;

		while (equal < HEAD && (head[equal] & format->mask[equal]) == format->magic[equal])
			equal++;
		/* The kernel accepts a cpio archive only at an offset that is a multiple of 4. */
		if (equal == HEAD && (format->take != take_cpio || at % 4 == 0))
			return format;
	}
	return NULL;
}

/*
 * Return whether the last part of the initrd may begin at @at. Compressed data can also contain the
 * header of a part, by chance or because deflate stores a compressed file unchanged. However, such
 * a header does not begin a complete part that ends at the end of the initrd.
 */
static bool may_begin_last(struct parts *parts, const struct format *format, uint64_t at)
{
	struct parts rest = { .fd = parts->fd,
			      .start = parts->start,
			      .packed = parts->packed,
			      .at = at,
			      .reads = parts->reads,
			      .is_search = true };
	bool is_last;

	if (!format->shows_end)
		return true;
	is_last = format->take(&rest) && !skip_zeros(&rest) && rest.at == rest.packed;
	parts->reads = rest.reads;
	parts->error = rest.error;
	return is_last;
}

/* Return whether another part may follow the gzip part: search for the header of the last part. */
static bool may_be_followed(struct parts *parts)
{
	auto_free uint8_t *chunk = memory_new(SCAN_CHUNK + HEAD);
	uint64_t at = parts->at + MIN_GZIP;
	bool is_first[256] = { false };

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		is_first[formats[i].magic[0]] = true;
	while (at < parts->packed) {
		const size_t count = read_part(parts, at, chunk, SCAN_CHUNK);
		const bool is_end = at + count == parts->packed;
		/* A header may span two chunks, so the next chunk overlaps this one. */
		const size_t step = is_end ? count : count - HEAD;

		if (!is_end && count < SCAN_CHUNK)
			return true;
		memset(chunk + count, 0, HEAD);
		for (size_t i = 0; i < step; i++) {
			const struct format *format =
				is_first[chunk[i]] ? find_format(chunk + i, at + i) : NULL;

			if (format && may_begin_last(parts, format, at + i))
				return true;
		}
		at += step;
	}
	return parts->error || !parts->reads;
}

/* Return whether a complete gzip part of @packed bytes can have this unpacked size. */
static bool can_be_gzip(uint64_t size, uint64_t packed)
{
	const uint64_t blocks = packed / MIN_STORED_BLOCK + 1;
	const uint64_t headers = MAX_GZIP_HEADER + STORED_BLOCK_HEADER * blocks;

	return size + headers >= packed && size / MAX_DEFLATE_RATIO <= packed;
}

/*
 * Parse a gzip part, which must be the last part. If the unpacked size in its trailer is smaller
 * than the part, or too large for it, the part is incomplete or followed by zeros.
 */
static bool take_gzip(struct parts *parts)
{
	const uint64_t packed = remaining(parts);
	const uint64_t ratio =
		packed < UINT32_MAX / MAX_DEFLATE_RATIO ? MAX_DEFLATE_RATIO : USUAL_RATIO;
	uint8_t trailer[4];
	struct le_reader reader = { .data = trailer, .size = sizeof(trailer) };
	uint64_t size;

	if (packed < MIN_GZIP || read_part(parts, parts->packed - sizeof(trailer), trailer,
					   sizeof(trailer)) < sizeof(trailer))
		return false;
	size = le_reader_u32(&reader);
	if ((size + WRAP) / WRAPPED_RATIO <= packed)
		return false;
	if (size < packed || size / ratio > packed) {
		parts->ends_early = size && !can_be_gzip(size, packed) && !may_be_followed(parts);
		return false;
	}
	if (may_be_followed(parts))
		return false;
	parts->shows_no_end = true;
	parts->at = parts->packed;
	return add_bounds(parts, size, size);
}

int unpacked_size_of(int fd, uint64_t offset, uint64_t size, struct unpacked_size *ret_size)
{
	struct parts parts = { .fd = fd, .start = offset, .packed = size, .reads = MAX_READS };
	bool is_complete = true;

	while (is_complete && skip_zeros(&parts)) {
		uint8_t head[HEAD] = { 0 };
		const struct format *format;

		read_part(&parts, parts.at, head, sizeof(head));
		format = find_format(head, parts.at);
		parts.size.is_known |= format != NULL;
		parts.ends_early = false;
		is_complete = format && format->take && format->take(&parts);
	}
	if (parts.error)
		return parts.error;
	if (!is_complete || parts.at < size)
		parts.size.most = EFIMAP_NO_UPPER_BOUND;
	if (!parts.size.is_known)
		parts.size.most = 0;
	else if (!is_complete && parts.ends_early && parts.reads)
		parts.size.end = EFIMAP_INITRD_CUT;
	else if (is_complete && parts.at == size && !parts.shows_no_end)
		parts.size.end = EFIMAP_INITRD_COMPLETE;
	*ret_size = parts.size;
	return 0;
}
