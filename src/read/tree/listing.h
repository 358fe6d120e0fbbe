/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: numbered directories
 *
 * runtime-map, memmap and setup_data have one shape: a directory named by a number for
 * each record, a file for each field. They are read by the same code from a table.
 */
#ifndef READ_TREE_LISTING_H
#define READ_TREE_LISTING_H

#include "base/err.h"
#include "base/sort.h"
#include "model/capture.h"
#include "read/parse.h"
#include "read/tree/root.h"

/**
 * struct efimap_listing - the numbers found, ascending
 * @keys:         the number is in @key; owned
 * @count:        how many
 * @capacity:     private
 * @odd:          private: names that are no number
 * @n_odd:        private
 * @odd_capacity: private
 */
struct efimap_listing {
	struct efimap_key *keys;
	size_t count;
	size_t capacity;
	char **odd;
	size_t n_odd;
	size_t odd_capacity;
};

void efimap_listing_free(struct efimap_listing *listing);
#define efimap_auto_listing __attribute__((cleanup(efimap_listing_free)))

/**
 * efimap_listing_read() - the numbers in a directory
 * @dir:         open directory
 * @map:         receives a fault for each directory whose name is no number
 * @source:      what it belongs to
 * @path:        of the directory, for messages
 * @ret_listing: free with efimap_listing_free()
 *
 * Files beside the numbered directories are passed over.
 *
 * Return: 0, -E2BIG above EFIMAP_MAX_ENTRIES, -ENOMEM, or what reading returned.
 */
int efimap_listing_read(struct efimap_dir *dir, struct efimap *map,
			enum efimap_source source, const char *path,
			struct efimap_listing *ret_listing, struct efimap_err *err);

/**
 * struct efimap_field - one file of a record
 * @name: its name
 * @max:  largest number; 0 for a label
 */
struct efimap_field {
	const char *name;
	uint64_t max;
};

/** struct efimap_value - what was read of a field: a number, or a label */
struct efimap_value {
	uint64_t number;
	size_t text_len;
	char text[EFIMAP_LABEL_MAX + 1];
};

/** EFIMAP_MAX_FIELDS - fields of a record */
#define EFIMAP_MAX_FIELDS 5

/**
 * struct efimap_record_kind - what is read from a numbered directory
 * @source:   the source; its path is the directory
 * @fields:   the files of a record
 * @n_fields: how many
 * @n_listed: where there are no more records than this, files that are not among @fields
 *            are noted; else of the first: a kernel that makes more makes them for all
 * @seen:     called with each number, whether its files can be read or not; or NULL
 * @add:      called with each record whose files could all be read and parsed
 */
struct efimap_record_kind {
	enum efimap_source source;
	const struct efimap_field *fields;
	size_t n_fields;
	size_t n_listed;
	int (*seen)(struct efimap *map, uint32_t index);
	int (*add)(struct efimap_root *root, struct efimap *map, uint32_t index,
		   const struct efimap_value *values);
};

/**
 * efimap_records_read() - read a numbered directory
 *
 * Where no file of any record may be read, the source's state is DENIED and no faults
 * are noted.
 *
 * Return: 0 or a negative errno that stops reading as a whole.
 */
int efimap_records_read(struct efimap_root *root, struct efimap *map,
			const struct efimap_record_kind *kind, struct efimap_err *err);

/**
 * efimap_strangers_note() - note a fault for each file that @kind does not name
 * @index: of the record
 *
 * Return: 0 or a negative errno that stops reading as a whole.
 */
int efimap_strangers_note(struct efimap_root *root, struct efimap *map,
			  const struct efimap_record_kind *kind, uint32_t index);

#endif
