/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A root is the running system, an untrusted directory (directory_tree.c), or a recording
 * (capture/recording.h). All files of a machine are read through a root, which can record the
 * results. Paths are relative, such as "sys/firmware/efi/runtime-map". Functions return a negative
 * errno on failure. parse_values.c defines the faults for these errnos:
 *
 * -ENOENT: no such file; -EACCES, -EPERM: no permission; -ELOOP: a symbolic link that is not
 * followed; -EXDEV: a symbolic link whose target is not in the tree; -EISDIR: a directory;
 * -ENXIO: a FIFO, socket or device; -ENOTDIR: not a directory; -E2BIG: too long;
 * -EFIMAP_NOT_RECORDED: the recording of a running system lacks the path.
 */
#ifndef INPUT_TREE_TREE_ACCESS_H
#define INPUT_TREE_TREE_ACCESS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "capture/recording.h"
#include "input/input_file.h"
#include "input/source_limits.h"

#define EFIMAP_FILE_BYTES ((size_t)16 << 20)
/* Maximum size of a SETUP_EFI payload in bytes. struct efi_setup_data has 96 bytes. */
#define EFIMAP_PAYLOAD_BYTES ((size_t)1 << 20)

struct efimap_root;

/* @data is owned, and is followed by a '\0' that @len does not include. */
struct efimap_file {
	char *data;
	size_t len;
};

void efimap_file_free(struct efimap_file *file);
#define efimap_auto_file __attribute__((cleanup(efimap_file_free)))

/*
 * Remove the data that efimapctl does not use, such as a password, from the content of a file. A
 * filter is applied before the content is parsed and recorded, so readers get the same content from
 * a recording and from its origin. Return 0 or -ENOMEM.
 */
typedef int efimap_filter_fn(char *data, size_t *len);

/*
 * Process a name in a directory. @type is a file type, such as S_IFDIR, or S_IFREG if unknown.
 * Return 0 to continue, 1 to stop, or a negative errno that ends the listing.
 */
typedef int efimap_name_fn(void *context, const char *name, mode_t type);

/* Open @path below @root with the open(2) flags @flags. Return a descriptor or a negative errno. */
typedef int efimap_open_fn(struct efimap_root *root, const char *path, int flags);

/*
 * A file or directory that has been read and is not expected to change. @file is zeroed if it did
 * not exist.
 */
struct efimap_read_stamp {
	const char *path;
	struct efimap_file_stamp file;
};

/*
 * A root.
 *
 * @open_at: function that opens a file or directory; NULL for a recording
 * @replay: the recording that is read if @open_at is NULL
 * @record: the recording to which the result of each read is added, or NULL
 * @fd:     the directory that contains sys/ or proc/; -1 for a recording
 * @inner:  name of the only subdirectory of the SOURCE that contains sys/ or proc/; "" if the
 *          SOURCE itself contains them
 * @boot:   the boot of a kernel log to read: see efimap_read()
 * @stamps: in the order of reading. If one of these files has changed, reading fails.
 * @paths:  memory for the paths of @stamps
 * @is_nodev: opening a device below the root fails with EACCES
 * @listed: in an untrusted directory, file descriptor of the directory with the path @listed_path,
 *          which was opened last; otherwise -1
 */
struct efimap_root {
	efimap_open_fn *open_at;
	bool is_running;
	const struct efimap_recording *replay;
	struct efimap_recording *record;
	int fd;
	char inner[NAME_MAX + 1];
	int boot;
	struct efimap_read_stamp *stamps;
	size_t n_stamps;
	size_t capacity;
	struct efimap_arena paths;
	bool is_nodev;
	int listed;
	char listed_path[NAME_MAX + 1];
	enum efimap_known has_newlines;
};

int efimap_root_open(const char *top, efimap_open_fn *open_at, struct efimap_root **ret_root);
int efimap_root_open_running(struct efimap_root **ret_root);

void efimap_root_free(struct efimap_root *root);
EFIMAP_FREES(root)
#define efimap_auto_root efimap_cleanup(efimap_root_free_auto)

/* Pass each name that begins with @prefix to @take, in undefined order. Skip "." and "..". */
int efimap_root_list(struct efimap_root *root, const char *path, const char *prefix,
		     efimap_name_fn *take, void *context);

/*
 * Return whether the end of a value of sysfs is missing: it lacks the newline that other values
 * have. Some programs strip the newlines of all values from a copy.
 */
bool efimap_root_is_cut(struct efimap_root *root, const char *data, size_t len);

/*
 * Read an attribute without adding a terminating NUL. Return the number of bytes, -E2BIG if the
 * attribute fills a page, or another negative errno.
 */
ssize_t efimap_root_value(struct efimap_root *root, const char *path, char buf[EFIMAP_VALUE_SIZE]);

enum efimap_part {
	EFIMAP_READ_VALUE,
	EFIMAP_READ_WHOLE,
	EFIMAP_READ_HEAD,
	EFIMAP_READ_GZIP,
};

/*
 * Read a file into memory. If the file is longer than @limit bytes, EFIMAP_READ_WHOLE fails with
 * -E2BIG, and EFIMAP_READ_HEAD reads only the first @limit bytes. EFIMAP_READ_VALUE ignores @limit.
 * EFIMAP_READ_GZIP decompresses the file, then filters and records the content. It applies @limit
 * to the compressed and the decompressed size, and fails with -EBADMSG if the file is not valid
 * gzip. @filter may be NULL.
 */
int efimap_root_read(struct efimap_root *root, const char *path, enum efimap_part part,
		     size_t limit, efimap_filter_fn *filter, struct efimap_file *ret_file);

/*
 * Open a file that is read in parts. The caller records the parts that are used. The caller frees
 * @input with efimap_input_free().
 */
int efimap_root_open_input(struct efimap_root *root, const char *path, struct efimap_input *input);

/*
 * Read at most @size bytes of a file at an offset. Return the number of bytes, or a negative errno.
 * @filter may be NULL, and must not change the number of bytes.
 */
ssize_t efimap_root_read_at(struct efimap_root *root, const char *path, uint64_t offset,
			    efimap_filter_fn *filter, uint8_t *data, size_t size);

/* Get the size of a regular file without opening it for reading. */
int efimap_root_file_size(struct efimap_root *root, const char *path, uint64_t *ret_size);

/* Get the time of modification of a regular file in seconds, or 0 if it is not recorded. */
int efimap_root_mtime(struct efimap_root *root, const char *path, int64_t *ret_mtime);

/*
 * Find bounds of the unpacked size of an initrd at @offset in a file. If the file cannot be read,
 * the size is not known. Return 0 or -ENOMEM.
 */
int efimap_root_unpacked_size(struct efimap_root *root, const char *path, uint64_t offset,
			      uint64_t size, struct efimap_unpacked_size *ret_size);

/*
 * Check that the stable files and directories that were read have not changed since then. A kernel
 * log counts as unchanged unless it was replaced or has become shorter.
 */
int efimap_root_check_unchanged(struct efimap_root *root, const char *name, struct efimap_err *err);

/* Return 0 for a regular file, or a negative errno for another type of file. */
int efimap_mode_check(mode_t mode);

#endif
