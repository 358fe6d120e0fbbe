/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_ENCODED_MEMMAP_H
#define TESTS_ENCODED_MEMMAP_H

#include "base/little_endian_reader.h"
#include "linux/encode_setup_data.h"
#include "rules/facts_for_rules.h"

/* Return whether the encoded descriptors contain the values of all entries of a map. */
static inline bool has_descriptors(const struct efimap *map,
				   const struct encoded_setup_data *encoded)
{
	struct le_reader cursor = { .data = encoded->memmap, .size = encoded->memmap_size };
	bool good = encoded->n_entries == map->n_entries;

	for (size_t i = 0; good && i < encoded->n_entries; i++) {
		struct map_entry entry = { 0 };

		le_reader_seek(&cursor, i * encoded->desc_size);
		entry.type = le_reader_u32(&cursor);
		le_reader_u32(&cursor);
		entry.phys = le_reader_u64(&cursor);
		entry.virt = le_reader_u64(&cursor);
		entry.pages = le_reader_u64(&cursor);
		entry.attribute = le_reader_u64(&cursor);
		good = !cursor.bad && entries_are_equal(&entry, &map->entries[encoded->order[i]]);
	}
	return good;
}

#endif
