/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: one file of a capture
 *
 * A row of file_table.c: where the file lies, how much of it is read, and what adds its content
 * to the capture.
 */
#ifndef INPUT_TREE_CAPTURE_FILE_H
#define INPUT_TREE_CAPTURE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "capture/capture.h"
#include "input/parse_values.h"
#include "input/tree/tree_access.h"

struct efimap_capture_file;

/**
 * efimap_read_fn - read a file, add what it says to @map, and set the state of its source
 */
typedef int efimap_read_fn(struct efimap_root *root, struct efimap *map,
			   const struct efimap_capture_file *file, struct efimap_err *err);

/**
 * efimap_keep_fn - add the content of a file to @map
 *
 * The state of its source is PRESENT before. Return: 0, 1 with a problem, or a negative errno.
 */
typedef int efimap_keep_fn(struct efimap *map, const struct efimap_capture_file *file,
			   struct efimap_file *content, struct efimap_problem *problem);

/**
 * struct efimap_capture_file - a row
 * @places:    paths, the first of which that is there counts; at the end of one "*" stands
 *             for what the first name there goes on with. NULL: the path of @source
 * @read:      reads it; NULL: by @records, or else @part of it for @keep
 * @limit:     bytes that are read of it, or of each file of a record
 * @field:     for @keep: what of the capture, or of its state of kexec, it sets
 * @records:   it is a directory of numbered ones
 * @is_secret: it can hold keys
 */
struct efimap_capture_file {
	enum efimap_source source;
	const char *const *places;
	efimap_read_fn *read;
	enum efimap_part part;
	size_t limit;
	efimap_keep_fn *keep;
	size_t field;
	const struct efimap_record_kind *records;
	bool is_secret;
};

/** efimap_file_place() - the path of one of its places, or NULL after the last */
const char *efimap_file_place(const struct efimap_capture_file *file, size_t number);

/** efimap_file_get() - its content, of the first of its places that is there */
int efimap_file_get(struct efimap_root *root, const struct efimap_capture_file *file,
		    char where[EFIMAP_WHERE_SIZE], struct efimap_file *ret_content);

#endif
