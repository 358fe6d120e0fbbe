/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/boot_params.h"
#include "input/binary/bzimage.h"
#include "test.h"

#define HEADER 0x238

static void make(uint8_t image[HEADER], uint16_t version, uint16_t xloadflags)
{
	memset(image, 0, HEADER);
	image[0x1fe] = 0x55;
	image[0x1ff] = 0xaa;
	memcpy(image + 0x202, "HdrS", 4);
	image[0x206] = (uint8_t)version;
	image[0x207] = (uint8_t)(version >> 8);
	image[0x236] = (uint8_t)xloadflags;
	image[0x237] = (uint8_t)(xloadflags >> 8);
}

TEST(headers_are_read)
{
	static const struct {
		uint16_t version;
		uint16_t xloadflags;
		uint16_t expected;
	} rows[] = {
		{ 0x020f, 0x017f, 0x017f },
		{ 0x020c, 0x0010, 0x0010 },
		{ 0x020b, 0xffff, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap_image image;
		uint8_t bytes[HEADER];

		make(bytes, rows[i].version, rows[i].xloadflags);
		assert_int_equal(efimap_bzimage_parse(bytes, HEADER, "k", &image, NULL), 0);
		assert_int_equal(image.version, rows[i].version);
		assert_int_equal(image.xloadflags, rows[i].expected);
		assert_string_equal(image.name, "k");
	}
}

/* The header contains the offset of the release in the setup sectors, minus 0x200. */
TEST(releases_are_read)
{
	static const struct {
		uint16_t at;
		const char *text;
		size_t size;
		const char *expected;
	} rows[] = {
		{ 0x40, "7.2.13+deb14-amd64 (x@y) #1 SMP", 0x300, "7.2.13+deb14-amd64" },
		{ 0x40, "6.1.0", 0x300, "6.1.0" },
		{ 0, "6.1.0", 0x300, "" },
		{ 0x40, "linux", 0x300, "" },
		{ 0x40, "6.1.0\n", 0x300, "" },
		{ 0x100, "6.1.0", 0x300, "" },
		{ 0xfb, "6.1.0", 0x300, "" },
		{ 0xfa, "6.1.0", 0x300, "6.1.0" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap_image image;
		uint8_t bytes[0x400] = { 0 };

		make(bytes, 0x020f, 0x11);
		bytes[0x20e] = (uint8_t)rows[i].at;
		bytes[0x20f] = (uint8_t)(rows[i].at >> 8);
		if (rows[i].at)
			memcpy(bytes + 0x200 + rows[i].at, rows[i].text, strlen(rows[i].text));
		assert_int_equal(efimap_bzimage_parse(bytes, rows[i].size, "k", &image, NULL), 0);
		assert_string_equal(image.release, rows[i].expected);
	}
}

TEST(placement_is_read_where_the_protocol_has_it)
{
	struct efimap_image image;
	uint8_t bytes[0x264] = { 0 };

	make(bytes, 0x020a, 0x11);
	bytes[0x232] = 0x20;
	bytes[0x234] = 0x01;
	bytes[0x25b] = 0x01;
	bytes[0x262] = 0x37;
	assert_int_equal(efimap_bzimage_parse(bytes, sizeof(bytes), "k", &image, NULL), 0);
	assert_int_equal(image.alignment, 0x200000);
	assert_int_equal(image.pref_address, 0x1000000);
	assert_int_equal(image.init_size, 0x370000);
	assert_true(image.is_relocatable);
	assert_int_equal(efimap_bzimage_parse(bytes, sizeof(bytes) - 1, "k", &image, NULL), 0);
	assert_int_equal(image.init_size, 0);
	bytes[0x206] = 9;
	assert_int_equal(efimap_bzimage_parse(bytes, sizeof(bytes), "k", &image, NULL), 0);
	assert_int_equal(image.alignment, 0);
}

TEST(a_cut_header_is_refused_where_it_ends)
{
	uint8_t bytes[HEADER];

	make(bytes, 0x020f, 0x11);
	for (size_t size = 0; size < HEADER; size++) {
		struct efimap_err err = EFIMAP_ERR_INIT;
		struct efimap_image image;

		assert_int_equal(efimap_bzimage_parse(bytes, size, "k", &image, &err),
				 -EBADMSG);
		assert_int_equal(err.offset, size);
	}
}
