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
 * struct efimap_cursor - where we are in @data
 * @pos:  next byte to read, never above @size
 * @bad:  a read went beyond the end
 */
struct efimap_cursor {
	const uint8_t *data;
	size_t size;
	size_t pos;
	bool bad;
};

/** efimap_cursor_seek() - go to @pos; beyond the end makes the cursor bad */
void efimap_cursor_seek(struct efimap_cursor *cursor, size_t pos);
uint8_t efimap_cursor_u8(struct efimap_cursor *cursor);
uint16_t efimap_cursor_u16(struct efimap_cursor *cursor);
uint32_t efimap_cursor_u32(struct efimap_cursor *cursor);
uint64_t efimap_cursor_u64(struct efimap_cursor *cursor);

#endif
