/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: byte cursor
 *
 * Little-endian reads from bytes that a stranger may have written. A read beyond the end
 * yields 0, leaves the position and makes the cursor bad for good, so a parser checks
 * once after a group of reads.
 */
#ifndef BASE_LITTLE_ENDIAN_READER_H
#define BASE_LITTLE_ENDIAN_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct efimap_le_reader - where we are in @data
 * @pos:  next byte to read, never above @size
 * @bad:  a read went beyond the end
 */
struct efimap_le_reader {
	const uint8_t *data;
	size_t size;
	size_t pos;
	bool bad;
};

/** efimap_le_reader_seek() - go to @pos; beyond the end makes the cursor bad */
void efimap_le_reader_seek(struct efimap_le_reader *cursor, size_t pos);
uint8_t efimap_le_reader_u8(struct efimap_le_reader *cursor);
uint16_t efimap_le_reader_u16(struct efimap_le_reader *cursor);
uint32_t efimap_le_reader_u32(struct efimap_le_reader *cursor);
uint64_t efimap_le_reader_u64(struct efimap_le_reader *cursor);

#endif
