/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Little-endian writes, the counterpart of cursor.h; the caller has made the room. */
#ifndef EMULATE_BYTES_H
#define EMULATE_BYTES_H

#include <stdint.h>

static inline void put_u32(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static inline void put_u64(uint8_t *at, uint64_t value)
{
	put_u32(at, (uint32_t)value);
	put_u32(at + 4, (uint32_t)(value >> 32));
}

#endif
