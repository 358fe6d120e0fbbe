/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sys/firmware/efi/runtime-map (arch/x86/platform/efi/runtime-map.c): the table of its
 * fields, and how they make an entry. Judges no value.
 */
#include "read/tree/listing.h"
#include "read/tree/readers.h"

/* In the order of a directory listing, which is that of the faults. */
enum { ATTRIBUTE, NUM_PAGES, PHYS_ADDR, TYPE, VIRT_ADDR, N_FIELDS };

static const struct efimap_field fields[] = {
	[ATTRIBUTE] = { "attribute", UINT64_MAX }, [NUM_PAGES] = { "num_pages", UINT64_MAX },
	[PHYS_ADDR] = { "phys_addr", UINT64_MAX }, [TYPE] = { "type", UINT32_MAX },
	[VIRT_ADDR] = { "virt_addr", UINT64_MAX },
};

/*
 * A listing costs a third of what the five files do: of more entries than firmware has, as
 * efi=debug keeps them, one stands for all.
 */
#define N_LISTED 32

_Static_assert(N_FIELDS <= EFIMAP_MAX_FIELDS, "a record has room for its fields");

static int add(struct efimap_root *root, struct efimap *map, uint32_t index,
	       const struct efimap_value *values)
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

int efimap_read_runtime_map(struct efimap_root *root, struct efimap *map,
			    struct efimap_err *err)
{
	static const struct efimap_record_kind kind = {
		.source = EFIMAP_SRC_RUNTIME_MAP,
		.fields = fields,
		.n_fields = N_FIELDS,
		.n_listed = N_LISTED,
		.seen = efimap_add_name,
		.add = add,
	};

	return efimap_records_read(root, map, &kind, err);
}
