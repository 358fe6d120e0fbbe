/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test.h"
#include "base/little_endian_reader.h"

static const uint8_t bytes[] = {
	0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xff, 0xff,
};

static uint64_t read_width(struct le_reader *cursor, size_t width)
{
	switch (width) {
	case 1:
		return le_reader_u8(cursor);
	case 2:
		return le_reader_u16(cursor);
	case 4:
		return le_reader_u32(cursor);
	default:
		return le_reader_u64(cursor);
	}
}

TEST(stops_at_the_end)
{
	static const size_t widths[] = { 1, 2, 4, 8 };

	for (size_t w = 0; w < ARRAY_SIZE(widths); w++) {
		for (size_t size = 0; size <= sizeof(bytes); size++) {
			for (size_t pos = 0; pos <= size; pos++) {
				struct le_reader cursor = { .data = bytes, .size = size };
				bool fits = widths[w] <= size - pos;
				uint64_t value;

				le_reader_seek(&cursor, pos);
				value = read_width(&cursor, widths[w]);
				assert_int_equal(cursor.bad, !fits);
				assert_int_equal(cursor.pos, fits ? pos + widths[w] : pos);
				if (!fits)
					assert_true(value == 0);
			}
		}
	}
}
