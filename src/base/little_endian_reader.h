/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Read little-endian numbers from untrusted bytes. A read beyond the end returns 0, does not move
 * the position and sets @bad permanently, so a parser can check for errors once after several
 * reads.
 */
#ifndef BASE_LITTLE_ENDIAN_READER_H
#define BASE_LITTLE_ENDIAN_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A position in @data.
 *
 * @pos: offset of the next byte to read, at most @size
 * @bad: set if a read or a seek went beyond the end
 */
struct efimap_le_reader {
	const uint8_t *data;
	size_t size;
	size_t pos;
	bool bad;
};

/* Set the position. A position beyond the end sets @bad. */
void efimap_le_reader_seek(struct efimap_le_reader *cursor, size_t pos);
uint8_t efimap_le_reader_u8(struct efimap_le_reader *cursor);
uint16_t efimap_le_reader_u16(struct efimap_le_reader *cursor);
uint32_t efimap_le_reader_u32(struct efimap_le_reader *cursor);
uint64_t efimap_le_reader_u64(struct efimap_le_reader *cursor);

#endif
