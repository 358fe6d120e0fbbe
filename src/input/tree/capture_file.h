/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_TREE_CAPTURE_FILE_H
#define INPUT_TREE_CAPTURE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text_scan.h"
#include "capture/capture.h"
#include "input/parse_values.h"
#include "input/tree/tree_access.h"

/* The fault of a text file whose last line may be cut */
#define EFIMAP_NO_NEWLINE "no newline at the end, so it may be incomplete"

/* Return whether the last line of a file, or of a copy, has no end. Filters keep this property. */
bool content_is_cut(const struct tree_file *content);
bool copy_may_be_cut(const struct efimap *map, const struct tree_file *content);

struct capture_file;

typedef int file_read_fn(struct root *root, struct efimap *map, const struct capture_file *file,
			 struct err *err);

/* Add the content of a file to @map. Return 0; 1 if @fault was set; or a negative errno. */
typedef int file_keep_fn(struct efimap *map, const struct capture_file *file,
			 struct tree_file *content, struct capture_fault *fault);

/* Parse the single value of a file. Return whether @line has the format of the value. */
typedef bool file_parse_fn(struct text line, int64_t *ret_number);

/* What redaction does with the content of a file. */
enum redact {
	EFIMAP_REDACT_KEEP,
	EFIMAP_REDACT_PARAMETERS,
	EFIMAP_REDACT_IMA_POLICY,
	EFIMAP_REDACT_KDUMP,
};

/*
 * A file or directory of a capture, which is a block of src/capture/sources.table.
 *
 * @places:    possible paths. The first one that exists is used, unless @read does otherwise. A "*"
 *             at the end of a path matches any suffix of the last component. If several names
 *             match, the first in byte order is used. NULL stands for the path of @source.
 * @read:      function that reads the file. If NULL, the file is read with @part and @keep.
 * @is_one_of_several: @source has other files, so file_read() does not set its state
 * @limit:     maximum number of bytes to read from the file
 * @parse:     for a file with a single value: function that parses the value, otherwise NULL
 * @expected:  for a file with a single value: what the file contains, as in an error message
 * @value:     for a file with a single value: the value, otherwise EFIMAP_NO_VALUE
 * @needed:    the file as one that answers need, or EFIMAP_N_NEEDED_FILES
 * @field:     for @keep: offset of the value in the capture or in its kexec state, or number of a
 *             DMI field
 * @filter:    function that removes unused data from the content; or NULL
 */
struct capture_file {
	enum source source;
	const char *const *places;
	file_read_fn *read;
	enum part part;
	bool is_one_of_several;
	size_t limit;
	file_filter_fn *filter;
	file_keep_fn *keep;
	file_parse_fn *parse;
	const char *expected;
	enum value_id value;
	enum needed_file_id needed;
	size_t field;
	enum redact redact;
};

/*
 * Read the file at the first of its paths that exists, and store that path in @where. If
 * @ret_content is NULL, open the file as @ret_input instead.
 */
int file_get(struct root *root, const struct capture_file *file, char where[EFIMAP_WHERE_SIZE],
	     struct tree_file *ret_content, struct input *ret_input);

/*
 * Note whether a file that answers need was read. @error is 0, or the negative errno of the last
 * attempt; a positive number means that the content is malformed.
 */
void note_file(struct efimap *map, const struct capture_file *file, int error);

/* Read the file into @map with @part and @keep. */
file_read_fn file_read;

/* Read all files from @root into a new capture. */
int read_tree(struct root *root, const char *name, enum origin origin, struct efimap **ret_map,
	      struct err *err);

#endif
