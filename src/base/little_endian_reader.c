/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Read little-endian numbers with bounds checks. */
#include "base/little_endian_reader.h"

void le_reader_seek(struct le_reader *cursor, size_t pos)
{
	if (pos > cursor->size) {
		cursor->bad = true;
		return;
	}
	cursor->pos = pos;
}

static uint64_t take_little(struct le_reader *cursor, size_t bytes)
{
	uint64_t value = 0;

	if (cursor->bad || cursor->size - cursor->pos < bytes) {
		cursor->bad = true;
		return 0;
	}
	for (size_t i = bytes; i > 0; i--)
		value = value << 8 | cursor->data[cursor->pos + i - 1];
	cursor->pos += bytes;
	return value;
}

uint8_t le_reader_u8(struct le_reader *cursor)
{
	return (uint8_t)take_little(cursor, 1);
}

uint16_t le_reader_u16(struct le_reader *cursor)
{
	return (uint16_t)take_little(cursor, 2);
}

uint32_t le_reader_u32(struct le_reader *cursor)
{
	return (uint32_t)take_little(cursor, 4);
}

uint64_t le_reader_u64(struct le_reader *cursor)
{
	return take_little(cursor, 8);
}
