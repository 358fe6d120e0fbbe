/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A recording contains the results of reading a SOURCE: for each path, the content of a file, the
 * names in a directory, or an error. Readers get the same data from a recording as from its origin,
 * so both result in the same capture. A snapshot is a recording in JSON.
 */
#ifndef CAPTURE_RECORDING_H
#define CAPTURE_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/alloc.h"
#include "capture/capture.h"
#include "capture/installed_kernels.h"

/* Path under which the kernel log is recorded, unless a tree contains it as a file. */
#define EFIMAP_RECORDED_LOG "dmesg"

/* The errno for reading a path that the recording of a running system does not contain. */
#define EFIMAP_NOT_RECORDED ENOMEDIUM

/*
 * A sequence of bytes in a file, at the offset @at, or a name in a directory. The name of a
 * subdirectory ends in "/". @data is followed by a '\0', which @len does not include.
 */
struct recorded_part {
	uint64_t at;
	size_t len;
	const char *data;
};

/*
 * The record of one path.
 *
 * @number:    position in the order of reading
 * @error:     negative errno with which opening or reading failed, or 0
 * @is_list:   the path is a directory, and @parts are names in it
 * @mtime:     time of modification in seconds, 0 if unknown
 * @unpacked:  bounds of the unpacked size, if the file is an initrd or contains one
 * @n_omitted: number of values that redact_recording() left out
 * @parts:     bytes of a file in ascending order of offset, or names in a directory. The bytes of a
 *             file between two parts are zero, as in a sparse file.
 */
struct recorded_file {
	const char *path;
	uint32_t number;
	int error;
	bool is_list;
	bool has_size;
	uint64_t size;
	int64_t mtime;
	struct unpacked_size unpacked;
	uint32_t n_omitted;
	struct recorded_part *parts;
	size_t n_parts;
	size_t capacity;
};

/*
 * A recording.
 *
 * @from:        EFIMAP_ORIGIN_LIVE, EFIMAP_ORIGIN_TREE or EFIMAP_ORIGIN_LOG
 * @source:      SOURCE as the user named it
 * @time:        time at which the running system was recorded, in seconds since 1970; 0 if unknown
 * @is_redacted: redact_recording() has removed data
 * @boot:        if not 0, only this boot of the @n_boots boots of a long log is recorded, preceded
 * by the previous boot
 * @files:       records in the order of reading. recording_finish() merges the records of a
 *               path, and sorts the records by path.
 */
struct recording {
	enum origin from;
	const char *source;
	int64_t time;
	bool is_redacted;
	uint32_t boot;
	uint32_t n_boots;
	struct recorded_file *files;
	size_t n_files;
	size_t capacity;
	struct arena texts;
};

/* Return whether a file with this path is a kernel log. */
bool path_is_log(const char *path);

/* The following functions store a path as clean_path() writes it. */

void recording_set_source(struct recording *recording, const char *source);

/*
 * Record that @len bytes of @data were read at @offset or, if @len is a negative errno, that
 * reading failed. @is_end: the file ends after these bytes. In a tree or a log, a path without a
 * record does not exist, so -ENOENT is recorded only for the running system.
 */
void record_bytes(struct recording *recording, const char *path, uint64_t offset, const void *data,
		  ssize_t len, bool is_end);
void record_size(struct recording *recording, const char *path, uint64_t size, int64_t mtime);
void record_unpacked_size(struct recording *recording, const char *path,
			  const struct unpacked_size *unpacked);

/* Record a directory. Return its index in @files. record_name() adds names. */
size_t record_list(struct recording *recording, const char *path);
void record_name(struct recording *recording, size_t list, const char *name, bool is_directory);

/* Record that listing a directory failed, and remove the names that were already recorded. */
void record_list_error(struct recording *recording, size_t list, int error);

/* Sort the files, and merge the records of each path. */
void recording_finish(struct recording *recording);

/*
 * Find the record of a path in a finished recording. Return 0; or, if there is no record,
 * -EFIMAP_NOT_RECORDED for the recording of a running system and -ENOENT for any other recording.
 */
int recording_find(const struct recording *recording, const char *path,
		   const struct recorded_file **ret_file);
/*
 * Return the file that follows @previous among the files below the directory @path. If @previous is
 * NULL, return the first of these files. Return NULL after the last file.
 */
const struct recorded_file *recording_next_below(const struct recording *recording,
						 const char *path,
						 const struct recorded_file *previous);

/* Read bytes of a recorded file. Return the number of bytes or a negative errno. */
ssize_t recorded_read(const struct recorded_file *file, uint64_t offset, void *data, size_t size);

void recording_free(struct recording *recording);
#define auto_recording __attribute__((cleanup(recording_free)))

#endif
