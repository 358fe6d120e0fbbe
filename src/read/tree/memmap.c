/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sys/firmware/memmap (drivers/firmware/memmap.c): start and end, both inclusive, and the
 * kernel's text. A range that ends before it starts is kept as it is.
 */
#include "read/tree/listing.h"
#include "read/tree/readers.h"

enum { END, START, TYPE, N_FIELDS };

static const struct efimap_field fields[] = {
	[END] = { "end", UINT64_MAX },
	[START] = { "start", UINT64_MAX },
	[TYPE] = { "type", 0 },
};

_Static_assert(N_FIELDS <= EFIMAP_MAX_FIELDS, "a record has room for its fields");

static int add(struct efimap_root *root, struct efimap *map, uint32_t index,
	       const struct efimap_value *values)
{
	return efimap_add_memmap(map, index, values[START].number, values[END].number,
				 values[TYPE].text, values[TYPE].text_len);
}

int efimap_read_memmap(struct efimap_root *root, struct efimap *map, struct efimap_err *err)
{
	static const struct efimap_record_kind kind = {
		.source = EFIMAP_SRC_MEMMAP,
		.fields = fields,
		.n_fields = N_FIELDS,
		.add = add,
	};

	return efimap_records_read(root, map, &kind, err);
}
