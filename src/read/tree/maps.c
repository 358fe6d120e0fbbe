/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The files of sys/firmware/efi/runtime-map (arch/x86/platform/efi/runtime-map.c) and of
 * sys/firmware/memmap (drivers/firmware/memmap.c), and how they make an entry and a range.
 * Judges no value: a range that ends before it starts is kept as it is.
 */
#include "read/tree/records.h"

/* In the order of a directory listing, which is that of the faults. */
enum { ATTRIBUTE, NUM_PAGES, PHYS_ADDR, TYPE, VIRT_ADDR, N_ENTRY_FIELDS };
enum { RANGE_END, RANGE_START, RANGE_TYPE, N_RANGE_FIELDS };

_Static_assert(N_ENTRY_FIELDS <= EFIMAP_MAX_FIELDS, "a record has room for its fields");

static int add_entry(struct efimap_root *root, struct efimap *map, uint32_t index,
		     const struct efimap_field_value *values)
{
	const struct efimap_entry entry = {
		.index = index,
		.type = (uint32_t)values[TYPE].number,
		.phys = values[PHYS_ADDR].number,
		.virt = values[VIRT_ADDR].number,
		.pages = values[NUM_PAGES].number,
		.attribute = values[ATTRIBUTE].number,
	};

	return efimap_add_entry(map, &entry);
}

static int add_range(struct efimap_root *root, struct efimap *map, uint32_t index,
		     const struct efimap_field_value *values)
{
	return efimap_add_memmap(map, index, values[RANGE_START].number,
				 values[RANGE_END].number, values[RANGE_TYPE].text,
				 values[RANGE_TYPE].text_len);
}

static const struct efimap_field entry_fields[] = {
	[ATTRIBUTE] = { "attribute", UINT64_MAX }, [NUM_PAGES] = { "num_pages", UINT64_MAX },
	[PHYS_ADDR] = { "phys_addr", UINT64_MAX }, [TYPE] = { "type", UINT32_MAX },
	[VIRT_ADDR] = { "virt_addr", UINT64_MAX },
};

static const struct efimap_field range_fields[] = {
	[RANGE_END] = { "end", UINT64_MAX },
	[RANGE_START] = { "start", UINT64_MAX },
	[RANGE_TYPE] = { "type", 0 },
};

/*
 * A listing costs a third of what the five files do: of more entries than firmware has, as
 * efi=debug keeps them, one stands for all.
 */
const struct efimap_record_kind efimap_runtime_map_records = {
	.source = EFIMAP_SRC_RUNTIME_MAP,
	.fields = entry_fields,
	.n_fields = N_ENTRY_FIELDS,
	.n_listed = 32,
	.seen = efimap_add_name,
	.add = add_entry,
};

const struct efimap_record_kind efimap_memmap_records = {
	.source = EFIMAP_SRC_MEMMAP,
	.fields = range_fields,
	.n_fields = N_RANGE_FIELDS,
	.add = add_range,
};
