/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Read runtime-map, memmap and setup_data. These directories have the same layout: a numbered
 * directory for each record, with a file for each field.
 */
#ifndef INPUT_TREE_NUMBERED_DIRECTORIES_H
#define INPUT_TREE_NUMBERED_DIRECTORIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/capture.h"
#include "input/tree/tree_access.h"

union efimap_record {
	uint32_t index;
	struct efimap_entry entry;
	struct efimap_range range;
	struct efimap_setup_node node;
};

#define EFIMAP_RECORD_FILES 5

/*
 * A file of a record, with a hexadecimal number or, if @is_text is set, with a text.
 *
 * @at, @size: offset and size of the value in the record: a uint32_t, uint64_t or const char *
 */
struct efimap_record_file {
	const char *name;
	size_t at;
	size_t size;
	bool is_text;
};

#define EFIMAP_RECORD_VALUE(type, member)                                                  \
	.at = offsetof(type, member), .size = sizeof(((type *)0)->member)

/*
 * Description of a numbered directory.
 *
 * @source:   the source, whose path is the directory
 * @files:    files of a record, in alphabetical order. Faults are reported in this order.
 * @add:      called for each record whose files are all valid. Strings in the record are valid
 *            until the function returns.
 */
struct efimap_record_kind {
	enum efimap_source source;
	struct efimap_record_file files[EFIMAP_RECORD_FILES + 1];
	int (*add)(struct efimap_root *root, struct efimap *map,
		   const union efimap_record *record);
};

/*
 * Read a numbered directory. If permission was denied for every file of the records, the state of
 * the source is DENIED, and the files cause no faults.
 */
int efimap_records_read(struct efimap_root *root, struct efimap *map,
			const struct efimap_record_kind *kind, struct efimap_err *err);

extern const struct efimap_record_kind efimap_runtime_map_records;
extern const struct efimap_record_kind efimap_memmap_records;

#endif
