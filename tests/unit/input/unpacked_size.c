/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <endian.h>
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "input/binary/unpacked_size.h"
#include "test.h"

#define MIB (UINT64_C(1) << 20)

/* An initrd. Bytes after @len are zero, so that large blocks need no memory. */
struct initrd {
	uint8_t data[4096];
	size_t len;
	uint64_t size;
};

/* In the file, other bytes precede and follow the initrd. */
#define OFFSET 7

static struct unpacked_size find(const struct initrd *initrd)
{
	const int fd = memfd_create("initrd", MFD_CLOEXEC);
	struct unpacked_size size = { 0 };

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, "before.", OFFSET, 0), OFFSET);
	assert_int_equal(pwrite(fd, initrd->data, initrd->len, OFFSET), initrd->len);
	assert_int_equal(pwrite(fd, "after", 5, (off_t)initrd->size + OFFSET), 5);
	assert_int_equal(unpacked_size_of(fd, OFFSET, initrd->size, &size), 0);
	close(fd);
	return size;
}

static void expect(struct initrd *initrd, uint64_t least, uint64_t most)
{
	const struct unpacked_size size = find(initrd);

	assert_true(size.is_known);
	assert_int_equal(size.least, least);
	assert_int_equal(size.most, most);
}

/* Expect that the format is known, but no bound of the size. */
static void expect_no_bounds(struct initrd *initrd)
{
	expect(initrd, 0, EFIMAP_NO_UPPER_BOUND);
}

static void add(struct initrd *initrd, const void *data, size_t len)
{
	assert_int_equal(initrd->len, initrd->size);
	assert_true(initrd->len + len <= sizeof(initrd->data));
	memcpy(initrd->data + initrd->len, data, len);
	initrd->size = initrd->len += len;
}

static void add_le(struct initrd *initrd, uint64_t value, size_t len)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(value >> 8 * i);
	add(initrd, bytes, len);
}

static void add_zeros(struct initrd *initrd, size_t len)
{
	static const uint8_t zeros[512];

	add(initrd, zeros, len);
}

static void add_cpio_entry(struct initrd *initrd, const char *name, uint32_t file_size)
{
	char header[192];
	const int len = snprintf(header, sizeof(header),
				 "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%s", 1,
				 0100644, 0, 0, 1, 0, file_size, 0, 0, 0, 0,
				 (unsigned int)strlen(name) + 1, 0, name);

	add(initrd, header, (size_t)len + 1);
	add_zeros(initrd, -initrd->len % 4);
	add_zeros(initrd, (file_size + 3) & ~3U);
}

/* Bytes that add_cpio() adds, without the padding of the last entry */
#define CPIO_SIZE 333U

static void add_cpio(struct initrd *initrd)
{
	add_cpio_entry(initrd, "kernel/x86/microcode/GenuineIntel.bin", 62);
	add_cpio_entry(initrd, "TRAILER!!!", 0);
}

/* Add the header of a zstd block. Type 0 is raw, 1 is one repeated byte, and 2 is compressed. */
static void add_zstd_block(struct initrd *initrd, bool is_last, unsigned int type, uint32_t size)
{
	add_le(initrd, is_last | type << 1 | size << 3, 3);
}

static void add_gzip(struct initrd *initrd, uint32_t size)
{
	static const uint8_t header[] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3 };

	add(initrd, header, sizeof(header));
	add(initrd, "some deflated data", 18);
	add_le(initrd, 0x12345678, 4);
	add_le(initrd, size, 4);
}

static void add_xz(struct initrd *initrd, uint32_t index_words)
{
	static const uint8_t header[] = { 0xfd, '7', 'z', 'X', 'Z', 0, 0, 1, 0, 0, 0, 0 };
	/* Two blocks, of 10 and 8 packed bytes, and of 300 and 200 unpacked bytes */
	static const uint8_t index[] = { 0, 2, 10, 0xac, 0x02, 8, 0xc8, 0x01, 1, 2, 3, 4 };

	add(initrd, header, sizeof(header));
	add(initrd, "block 1...\0\0block 2.", 20);
	add(initrd, index, sizeof(index));
	add_le(initrd, 0x11223344, 4);
	add_le(initrd, index_words - 1, 4);
	add(initrd, "\0\1YZ", 4);
}

/*
 * Add a part of each format to a gzip part. The last bytes of the initrd could be a size in the
 * trailer of gzip.
 */
TEST(gzip_has_no_bounds_if_another_part_follows)
{
	static const struct {
		const char *data;
		size_t len;
	} parts[] = {
		{ "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"
		  "deflated data",
		  23 },
		{ "\x1f\x8b\x08\x08\x00\x00\x00\x00\x04\x00"
		  "name\0"
		  "deflated",
		  23 },
		{ "\x28\xb5\x2f\xfd\x04\x58\x21\x00\x00"
		  "data",
		  13 },
		{ "\x02\x21\x4c\x18\x08\x00\x00\x00"
		  "lz4.",
		  12 },
		{ "BZh91AY&SY"
		  "packed data",
		  21 },
		{ "\x89LZO\0\r\n\x1a\n"
		  "packed data",
		  20 },
		{ "\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff"
		  "data",
		  17 },
		{ "\x5d\0\0\x10\0\x12\x34\x56\0\0\0\0\0"
		  "data",
		  17 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		struct initrd initrd = { 0 };

		add_cpio(&initrd);
		add_zeros(&initrd, 3);
		add_gzip(&initrd, 300);
		expect(&initrd, CPIO_SIZE + 300, CPIO_SIZE + 300);
		add(&initrd, parts[i].data, parts[i].len);
		add_le(&initrd, 400, 4);
		expect(&initrd, CPIO_SIZE, EFIMAP_NO_UPPER_BOUND);
	}
}

TEST(a_header_in_deflated_data_does_not_matter)
{
	struct initrd initrd = { 0 };

	add_gzip(&initrd, 300);
	initrd.size = initrd.len -= 8;
	/* A stored zstd frame, and the beginning of an xz stream */
	add_le(&initrd, 0xfd2fb528, 4);
	add_le(&initrd, 0x20, 1);
	add_le(&initrd, 9, 1);
	add_zstd_block(&initrd, true, 1, 9);
	add_le(&initrd, 0xaa, 1);
	add(&initrd,
	    "\xfd"
	    "7zXZ\0\0\1",
	    8);
	add_le(&initrd, 0x12345678, 4);
	add_le(&initrd, 500, 4);
	expect(&initrd, 500, 500);
}

static void expect_end(struct initrd *initrd, enum initrd_end end)
{
	assert_int_equal(find(initrd).end, end);
}

/* Expect that the initrd is cut if its last bytes are missing. */
static void expect_cut(struct initrd initrd, size_t missing)
{
	expect_end(&initrd, EFIMAP_INITRD_COMPLETE);
	initrd.size = initrd.len -= missing;
	expect_end(&initrd, EFIMAP_INITRD_CUT);
}

TEST(formats_show_a_missing_end)
{
	struct initrd archive = { 0 }, zstd = { 0 }, xz = { 0 }, lz4 = { 0 };

	add_cpio_entry(&archive, "init", 100);
	add_cpio(&archive);
	/* The last three bytes are padding. */
	expect_cut(archive, 4);
	expect_cut(archive, 8);
	expect_cut(archive, 121);
	expect_cut(archive, 200);
	add_le(&zstd, 0xfd2fb528, 4);
	add_le(&zstd, 0x0004, 1);
	add_le(&zstd, 0x58, 1);
	add_zstd_block(&zstd, true, 2, 30);
	add(&zstd, "thirty bytes of packed data...", 30);
	add_le(&zstd, 0x11223344, 4);
	expect_cut(zstd, 1);
	expect_cut(zstd, 20);
	expect_cut(zstd, 35);
	expect_cut(zstd, 38);
	add_xz(&xz, 3);
	expect_cut(xz, 1);
	expect_cut(xz, 20);
	add_le(&lz4, 0x184c2102, 4);
	add_le(&lz4, 8, 4);
	add(&lz4, "8 bytes.", 8);
	expect_cut(lz4, 1);
	add_zeros(&lz4, 12);
	expect_end(&lz4, EFIMAP_INITRD_COMPLETE);
}

TEST(the_last_bytes_of_gzip_show_a_missing_end)
{
	struct initrd small = { 0 }, large = { 0 }, followed = { 0 }, padded = { 0 };

	/* The last bytes may be a size by chance. */
	add_gzip(&small, 5000);
	expect_end(&small, EFIMAP_INITRD_END_UNKNOWN);
	add_gzip(&large, 0x89abcdef);
	expect_end(&large, EFIMAP_INITRD_CUT);
	add_gzip(&followed, 0x89abcdef);
	add_le(&followed, 0xfd2fb528, 4);
	add_le(&followed, 0x20, 1);
	add_le(&followed, 9, 1);
	add_zstd_block(&followed, true, 1, 9);
	add_le(&followed, 0xaa, 1);
	expect_end(&followed, EFIMAP_INITRD_END_UNKNOWN);
	add_gzip(&padded, 5000);
	add_zeros(&padded, 512);
	expect_end(&padded, EFIMAP_INITRD_END_UNKNOWN);
}

TEST(an_end_is_unknown_after_unknown_or_malformed_data)
{
	struct initrd bzip2 = { 0 }, mixed = { 0 }, malformed = { 0 }, followed = { 0 };

	add(&bzip2, "BZh9....", 8);
	expect_end(&bzip2, EFIMAP_INITRD_END_UNKNOWN);
	add_cpio(&mixed);
	add(&mixed, "BZh9....", 8);
	expect_end(&mixed, EFIMAP_INITRD_END_UNKNOWN);
	/* Type 3 is reserved. */
	add_le(&malformed, 0xfd2fb528, 4);
	add_le(&malformed, 0x0004, 1);
	add_le(&malformed, 0x58, 1);
	add_zstd_block(&malformed, true, 3, 6);
	expect_end(&malformed, EFIMAP_INITRD_END_UNKNOWN);
	add_xz(&followed, 3);
	add_zeros(&followed, 12);
	add_cpio(&followed);
	expect_end(&followed, EFIMAP_INITRD_END_UNKNOWN);
}

TEST(zstd_blocks_have_bounds)
{
	struct initrd initrd = { 0 };

	add_le(&initrd, 0xfd2fb528, 4);
	/* A window descriptor follows, and no content size. */
	add_le(&initrd, 0x0004, 1);
	add_le(&initrd, 0x58, 1);
	add_zstd_block(&initrd, false, 1, 0x1000);
	add_le(&initrd, 0xaa, 1);
	add_zstd_block(&initrd, false, 0, 8);
	add(&initrd, "raw data", 8);
	add_zstd_block(&initrd, true, 2, 6);
	add(&initrd, "packed", 6);
	expect_no_bounds(&initrd);
	/* The checksum completes the frame. */
	add_le(&initrd, 0x11223344, 4);
	expect(&initrd, 0x1000 + 8 + 6, 0x1000 + 8 + (128 << 10));
	add_le(&initrd, 0xfd2fb528, 4);
	add_le(&initrd, 0x20, 1);
	add_le(&initrd, 9, 1);
	add_zstd_block(&initrd, true, 1, 9);
	add_le(&initrd, 0xaa, 1);
	expect(&initrd, 0x1000 + 8 + 6 + 9, 0x1000 + 8 + (128 << 10) + 9);
	/* The kernel does not support the skippable frame that follows. */
	add_le(&initrd, 0x184d2a53, 4);
	add_le(&initrd, 3, 4);
	add(&initrd, "abc", 3);
	expect(&initrd, 0x1000 + 8 + 6 + 9, EFIMAP_NO_UPPER_BOUND);
}

TEST(a_stated_size_of_zstd_is_exact_if_its_blocks_allow_it)
{
	static const struct {
		uint8_t flags;
		uint64_t stated;
		size_t len;
		bool is_valid;
	} rows[] = {
		{ 0x60, 5000 - 256, 2, true },
		{ 0xa0, 5000, 4, true },
		{ 0xe0, 5000, 8, true },
		{ 0xe0, 128 << 10, 8, true },
		{ 0xe0, (128 << 10) + 1, 8, false },
		{ 0xe0, 5, 8, false },
		{ 0xe8, 5000, 8, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct initrd initrd = { 0 };

		add_le(&initrd, 0xfd2fb528, 4);
		add_le(&initrd, rows[i].flags, 1);
		add_le(&initrd, rows[i].stated, rows[i].len);
		add_zstd_block(&initrd, true, 2, 6);
		add(&initrd, "packed", 6);
		if (rows[i].is_valid)
			expect(&initrd, rows[i].stated + (rows[i].len == 2 ? 256 : 0),
			       rows[i].stated + (rows[i].len == 2 ? 256 : 0));
		else
			expect_no_bounds(&initrd);
	}
}

TEST(all_blocks_of_lz4_except_the_last_are_full)
{
	struct initrd initrd = { 0 };

	add_le(&initrd, 0x184c2102, 4);
	for (unsigned int i = 0; i < 3; i++) {
		add_le(&initrd, 4, 4);
		add(&initrd, "lz4.", 4);
	}
	expect(&initrd, 16 * MIB, 24 * MIB);
	/* The third block may be small if another part follows. */
	add_le(&initrd, 0x184c2102, 4);
	add_le(&initrd, 4, 4);
	add(&initrd, "lz4.", 4);
	expect(&initrd, 16 * MIB, 32 * MIB);
	add_zeros(&initrd, 64);
	expect(&initrd, 16 * MIB, 32 * MIB);
	add_le(&initrd, 0xffffffff, 4);
	assert_int_equal(find(&initrd).most, EFIMAP_NO_UPPER_BOUND);
}

TEST(the_index_of_xz_is_exact)
{
	struct initrd initrd = { 0 }, broken = { 0 };

	add_xz(&initrd, 3);
	expect(&initrd, 500, 500);
	add_zeros(&initrd, 508);
	expect(&initrd, 500, 500);
	add_xz(&broken, 2);
	expect_no_bounds(&broken);
	/* The index of the second stream does not describe the first stream. */
	initrd.size = initrd.len -= 508;
	add_xz(&initrd, 3);
	expect_no_bounds(&initrd);
}

TEST(an_error_of_reading_is_returned)
{
	struct unpacked_size size = { .least = 1 };

	assert_int_equal(unpacked_size_of(-1, 0, 100, &size), -EBADF);
	assert_int_equal(size.least, 1);
}
