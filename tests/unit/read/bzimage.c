/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The header of a bzImage, and bytes that are none. */
#include <errno.h>
#include <string.h>

#include "test.h"
#include "model/boot_params.h"
#include "model/kexec.h"

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

/* Cut anywhere, it is refused at its end. */
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

TEST(other_files_are_refused_where_they_differ)
{
	static const size_t places[] = { 0x1fe, 0x1ff, 0x202, 0x205 };

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		struct efimap_err err = EFIMAP_ERR_INIT;
		struct efimap_image image;
		uint8_t bytes[HEADER];

		make(bytes, 0x020f, 0x11);
		bytes[places[i]] ^= 1;
		assert_int_equal(efimap_bzimage_parse(bytes, HEADER, "k", &image, &err),
				 -EBADMSG);
		assert_int_equal(err.offset, places[i] < 0x200 ? 0x1fe : 0x202);
	}
}
