/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: access to files
 *
 * A root is an object with three backends: the running system (tree_access.c), an untrusted
 * directory (directory_tree.c), and the members of an archive, which are in memory
 * (archive_members.c). Paths are relative, such as "sys/firmware/efi/runtime-map". Every function
 * that fails returns a negative errno; parse_values.c defines the fault that each causes:
 *
 * -ENOENT: it does not exist; -EACCES, -EPERM: no permission; -ELOOP: a symbolic link that is not
 * followed; -EXDEV: a symbolic link whose target is not in the tree; -EISDIR: a directory;
 * -ENXIO: a FIFO, socket or device; -EMLINK: a hard link in an archive; -ENOTDIR: not a
 * directory; -E2BIG: too long.
 */
#ifndef INPUT_TREE_TREE_ACCESS_H
#define INPUT_TREE_TREE_ACCESS_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "input/input_file.h"

/** EFIMAP_VALUE_SIZE - size of a page in bytes; an attribute of this size or more is too long */
#define EFIMAP_VALUE_SIZE 4096
/** EFIMAP_FILE_BYTES - maximum size of a file that is read completely (kernel log, iomem) */
#define EFIMAP_FILE_BYTES ((size_t)16 << 20)
/** EFIMAP_PAYLOAD_BYTES - maximum size of a SETUP_EFI payload; the kernel writes 96 bytes */
#define EFIMAP_PAYLOAD_BYTES ((size_t)1 << 20)

struct efimap_root;

/**
 * struct efimap_file - the content of a file in memory
 * @data: the bytes and a terminating NUL that @len does not include; owned
 */
struct efimap_file {
	char *data;
	size_t len;
};

void efimap_file_free(struct efimap_file *file);
#define efimap_auto_file __attribute__((cleanup(efimap_file_free)))

/** struct efimap_stored_file - a file of @size bytes, of which the first @kept bytes are
 * in memory */
struct efimap_stored_file {
	const char *data;
	size_t kept;
	uint64_t size;
};

/**
 * efimap_name_fn - Process a name in a directory
 * @type: file type, such as S_IFDIR; S_IFREG if it is unknown
 *
 * Return: 0 to continue, 1 to stop, or a negative errno that ends the listing.
 */
typedef int efimap_name_fn(void *context, const char *name, mode_t type);

/**
 * struct efimap_root_ops - a backend
 * @open_at:    open(2) @path with @flags
 * @read_value: read an attribute; NULL if attributes are read like other files
 * @list:       pass each name in a directory to @take
 * @find:       find the content of a file, of which only a part may be in memory
 *
 * A backend that opens files has neither @list nor @find, because @open_at is sufficient. A
 * backend without descriptors has both, but not @open_at.
 */
struct efimap_root_ops {
	int (*open_at)(struct efimap_root *root, const char *path, int flags);
	ssize_t (*read_value)(struct efimap_root *root, const char *path, char *buf,
			      size_t size);
	int (*list)(struct efimap_root *root, const char *path, efimap_name_fn *take,
		    void *context);
	int (*find)(struct efimap_root *root, const char *path,
		    struct efimap_stored_file *ret_stored);
};

/**
 * struct efimap_root - a root; the first member of a backend's own struct
 * @fd:    the directory that contains sys/ and proc/
 * @inner: name of @fd below the specified directory, "" if @fd is the specified directory
 * @boot:  which boot of a kernel log to read: see efimap_read()
 */
struct efimap_root {
	const struct efimap_root_ops *ops;
	int fd;
	char inner[NAME_MAX + 1];
	int boot;
};

/** efimap_root_open() - Initialise @root with the directory @top */
int efimap_root_open(struct efimap_root *root, const char *top,
		     const struct efimap_root_ops *ops);
/** efimap_root_open_running() - Open the running system; libsysfs, if built in, reads attributes */
int efimap_root_open_running(struct efimap_root **ret_root);

void efimap_root_free(struct efimap_root *root);
EFIMAP_FREES(root)
#define efimap_auto_root efimap_cleanup(efimap_root_free_auto)

/**
 * efimap_root_list() - Pass each name in directory @path to @take, in undefined order
 *
 * "." and ".." are skipped.
 */
int efimap_root_list(struct efimap_root *root, const char *path, efimap_name_fn *take,
		     void *context);

/**
 * efimap_root_value() - Read an attribute
 * @buf: buffer of EFIMAP_VALUE_SIZE bytes; the value is not NUL-terminated
 *
 * Return: the number of bytes, which is less than EFIMAP_VALUE_SIZE; -E2BIG if the attribute fills
 * a page; or another negative errno.
 */
ssize_t efimap_root_value(struct efimap_root *root, const char *path,
			  char buf[EFIMAP_VALUE_SIZE]);

/** enum efimap_part - part to read: an attribute, a complete file, or the beginning of a file */
enum efimap_part {
	EFIMAP_READ_VALUE,
	EFIMAP_READ_WHOLE,
	EFIMAP_READ_HEAD,
};

/** efimap_root_read() - Read a file into memory; for an attribute, @limit is EFIMAP_VALUE_SIZE */
int efimap_root_read(struct efimap_root *root, const char *path, enum efimap_part part,
		     size_t limit, struct efimap_file *ret_file);

/**
 * efimap_root_read_at() - Read at most @size bytes of a file at an offset
 *
 * Only the first bytes of an archive's member are available.
 *
 * Return: the number of bytes, or a negative errno.
 */
ssize_t efimap_root_read_at(struct efimap_root *root, const char *path, uint64_t offset,
			    uint8_t *data, size_t size);

/** efimap_root_file_size() - Get the size of the file @path without opening it for reading */
int efimap_root_file_size(struct efimap_root *root, const char *path, uint64_t *ret_size);

/** efimap_mode_check() - Return 0 for a regular file, or else the errno for another type of file */
int efimap_mode_check(mode_t mode);

#endif
