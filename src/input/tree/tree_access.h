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

struct root;

/* @data is owned, and is followed by a '\0' that @len does not include. */
struct tree_file {
	char *data;
	size_t len;
};

void file_free(struct tree_file *file);
#define auto_file __attribute__((cleanup(file_free)))

/*
 * Remove the data that efimapctl does not use, such as a password, from the content of a file. A
 * filter is applied before the content is parsed and recorded, so readers get the same content from
 * a recording and from its origin.
 */
typedef void file_filter_fn(char *data, size_t *len);

/*
 * Process a name in a directory. @type is a file type, such as S_IFDIR, or S_IFREG if unknown.
 * Return 0 to continue, 1 to stop, or a negative errno that ends the listing.
 */
typedef int name_fn(void *context, const char *name, mode_t type);

/* Open @path below @root with the open(2) flags @flags. Return a descriptor or a negative errno. */
typedef int open_fn(struct root *root, const char *path, int flags);

/*
 * A file or directory that has been read and is not expected to change. @file is zeroed if it did
 * not exist.
 */
struct read_stamp {
	const char *path;
	struct file_stamp file;
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
 * @boot:   the boot of a kernel log to read: see read_source()
 * @stamps: in the order of reading. If one of these files has changed, reading fails.
 * @paths:  memory for the paths of @stamps and @unread
 * @is_nodev: opening a device below the root fails with EACCES
 * @unread: the first path that could not be read for another reason than that it does not exist, or
 *          NULL. The caller resets it.
 * @unread_error: negative errno of @unread
 */
struct root {
	open_fn *open_at;
	bool is_running;
	const struct recording *replay;
	struct recording *record;
	int fd;
	char inner[NAME_MAX + 1];
	int boot;
	struct read_stamp *stamps;
	size_t n_stamps;
	size_t capacity;
	struct arena paths;
	bool is_nodev;
	const char *unread;
	int unread_error;
};

int root_open(const char *top, open_fn *open_at, struct root **ret_root);
int root_open_running(struct root **ret_root);
struct root *root_of_recording(const struct recording *recording);

void root_free(struct root *root);
EFIMAP_FREES(root)
#define auto_root auto_cleanup(root_free_auto)

/* Pass each name that begins with @prefix to @take, in undefined order. Skip "." and "..". */
int root_list(struct root *root, const char *path, const char *prefix, name_fn *take,
	      void *context);

/*
 * Read an attribute without adding a terminating NUL. Return the number of bytes, -E2BIG if the
 * attribute fills a page, or another negative errno.
 */
ssize_t root_value(struct root *root, const char *path, char buf[EFIMAP_VALUE_SIZE]);

enum part {
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
int root_read(struct root *root, const char *path, enum part part, size_t limit,
	      file_filter_fn *filter, struct tree_file *ret_file);

/*
 * Open a file that is read in parts. The caller records the parts that are used. The caller frees
 * @input with input_free().
 */
int root_open_input(struct root *root, const char *path, struct input *input);

/*
 * Read at most @size bytes of a file at an offset. Return the number of bytes, or a negative errno.
 * @filter may be NULL, and must not change the number of bytes.
 */
ssize_t root_read_at(struct root *root, const char *path, uint64_t offset, file_filter_fn *filter,
		     uint8_t *data, size_t size);

/* Get the size of a regular file without opening it for reading. */
int root_file_size(struct root *root, const char *path, uint64_t *ret_size);

/* Get the time of modification of a regular file in seconds, or 0 if it is not recorded. */
int root_mtime(struct root *root, const char *path, int64_t *ret_mtime);

/*
 * Find bounds of the unpacked size of an initrd at @offset in a file. If the file cannot be read,
 * the size is not known. Return 0, or -EIO if a disk cannot read the file.
 */
int root_unpacked_size(struct root *root, const char *path, uint64_t offset, uint64_t size,
		       struct unpacked_size *ret_size);

/*
 * Check that the stable files and directories that were read have not changed since then. A kernel
 * log counts as unchanged unless it was replaced or has become shorter.
 */
int root_check_unchanged(struct root *root, const char *name, struct err *err);

/* Return 0 for a regular file, or a negative errno for another type of file. */
int mode_check(mode_t mode);

#endif
