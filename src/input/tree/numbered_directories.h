/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: numbered directories
 *
 * runtime-map, memmap and setup_data have one shape: a directory named by a number for
 * each record, a file for each field. They are read by the same code from a table.
 */
#ifndef INPUT_TREE_NUMBERED_DIRECTORIES_H
#define INPUT_TREE_NUMBERED_DIRECTORIES_H

#include <stdint.h>

#include "document/field_tables.h"
#include "input/tree/tree_access.h"

/** union efimap_record - what a record becomes; each of them begins with its index */
union efimap_record {
	uint32_t index;
	struct efimap_entry entry;
	struct efimap_range range;
	struct efimap_setup_node node;
};

/** EFIMAP_RECORD_FILES - as many as a record has at most; a row with more is not compiled */
#define EFIMAP_RECORD_FILES 5

/**
 * struct efimap_record_kind - what is read from a numbered directory
 * @source:   the source; its path is the directory
 * @files:    of a record, in the order of a directory listing, which is that of the faults;
 *            ends with NULL
 * @n_listed: where there are no more records than this, files that are not among @files
 *            are noted; else of the first: a kernel that makes more makes them for all
 * @add:      called with each record whose files could all be read and parsed, and with an
 *            entry of which some could, and whose @missing_values says which could not; texts are
 *            gone when it returns
 */
struct efimap_record_kind {
	enum efimap_source source;
	const char *files[EFIMAP_RECORD_FILES + 1];
	const struct fields *fields;
	size_t n_listed;
	int (*add)(struct efimap_root *root, struct efimap *map,
		   const union efimap_record *record);
};

/**
 * efimap_records_read() - read a numbered directory
 *
 * Where no file of any record may be read, the source's state is DENIED and no faults
 * are noted.
 */
int efimap_records_read(struct efimap_root *root, struct efimap *map,
			const struct efimap_record_kind *kind, struct efimap_err *err);

extern const struct efimap_record_kind efimap_runtime_map_records;
extern const struct efimap_record_kind efimap_memmap_records;

#endif
