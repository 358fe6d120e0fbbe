/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: which files a capture is made of
 *
 * One table (file_table.c) says where each lies, how much of it is read, and what adds its
 * content to the capture. From it a root is read, and it tells which members of an archive
 * matter. A file more is a row of it, and the function that keeps its content.
 */
#ifndef INPUT_TREE_FILE_TABLE_H
#define INPUT_TREE_FILE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "capture/capture.h"
#include "document/field_tables.h"
#include "input/parse_values.h"
#include "input/tree/tree_access.h"

/**
 * DOC: numbered directories
 *
 * runtime-map, memmap and setup_data have one shape: a directory named by a number for
 * each record, a file for each field. They are read by the same code from a table.
 */

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
extern const struct efimap_record_kind efimap_setup_data_records;

/* The files */

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

/** efimap_read_files() - read all of them */
int efimap_read_files(struct efimap_root *root, const char *name, enum efimap_origin origin,
		      struct efimap **ret_map, struct efimap_err *err);

/** efimap_file_get() - its content, of the first of its places that is there */
int efimap_file_get(struct efimap_root *root, const struct efimap_capture_file *file,
		    char where[EFIMAP_WHERE_SIZE], struct efimap_file *ret_content);

/**
 * struct efimap_want - what is wanted of a path below the root
 * @len:       so many of its bytes name something that matters; 0 for none. When it is
 *             shorter than the path, that is a directory that is known to be there
 * @keep:      when it is not: bytes of the file that are read at most, 0 for a directory
 * @is_secret: the file can hold keys
 */
struct efimap_want {
	size_t len;
	size_t keep;
	bool is_secret;
};

/** efimap_want() - @path is relative, without "." and empty components */
struct efimap_want efimap_want(const char *path);

efimap_read_fn efimap_read_kernel_log;

/* Images and initrds (installed_kernels.c) */
efimap_read_fn efimap_read_installed_kernels;
/**
 * efimap_add_crash_kernel() - add the image at a path, as what the kdump service loads
 * @image:   absolute path
 * @initrds: paths, the first of which that is there is its initrd; ends with NULL. None of them
 *           is there: the initrd is not known. NULL: it is loaded without one
 *
 * Return: 0; 1 where the image is not there, or is no bzImage; or a fatal errno.
 */
int efimap_add_crash_kernel(struct efimap_root *root, struct efimap *map, const char *image,
			    const char *const *initrds);

/* What decides how kernels are loaded (kexec_state.c) */
efimap_read_fn efimap_read_kho;
efimap_read_fn efimap_read_kernel_config;
/** efimap_read_kdump_configuration() - what the kdump service loads (kdump_configuration.c) */
efimap_read_fn efimap_read_kdump_configuration;
efimap_keep_fn efimap_keep_kexec_flag;
efimap_keep_fn efimap_keep_crash_size;
efimap_keep_fn efimap_keep_elfcorehdr_size;
efimap_keep_fn efimap_keep_kexec_limit;
efimap_keep_fn efimap_keep_lockdown;
efimap_keep_fn efimap_keep_meminfo;
efimap_keep_fn efimap_keep_possible_cpus;
efimap_keep_fn efimap_keep_kexec_program;
#endif
