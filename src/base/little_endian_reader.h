/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Read little-endian numbers from untrusted bytes. A read or seek beyond the end sets @bad
 * permanently. The read that fails and all later reads return 0, so a parser can check for errors
 * once after several reads.
 */
#ifndef BASE_LITTLE_ENDIAN_READER_H
#define BASE_LITTLE_ENDIAN_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct le_reader {
	const uint8_t *data;
	size_t size;
	size_t pos;
	bool bad;
};

void le_reader_seek(struct le_reader *cursor, size_t pos);
uint8_t le_reader_u8(struct le_reader *cursor);
uint16_t le_reader_u16(struct le_reader *cursor);
uint32_t le_reader_u32(struct le_reader *cursor);
uint64_t le_reader_u64(struct le_reader *cursor);

#endif
