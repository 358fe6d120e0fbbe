/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: where the files are
 *
 * One object with four backends: the running system through libsysfs (root_sysfs.c),
 * the running system without it (root_live.c), an untrusted tree (root_tree.c), and the
 * members of an archive, which are in memory (root_members.c).
 * Paths are relative, "sys/firmware/efi/runtime-map". Every function returns a negative
 * errno; what each means for a file is said once, in fault.c:
 *
 * -ENOENT not there, -EACCES or -EPERM not for us, -ELOOP a symbolic link, -EISDIR a
 * directory, -ENXIO a FIFO, socket or device, -EMLINK a hard link of an archive, -ENOTDIR
 * no directory, -E2BIG too long.
 */
#ifndef READ_TREE_ROOT_H
#define READ_TREE_ROOT_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "read/stamp.h"

/** EFIMAP_VALUE_SIZE - a value (an attribute) that fills a page is too long to be one */
#define EFIMAP_VALUE_SIZE 4096
/** EFIMAP_FILE_BYTES - of a whole file that a reader takes: a kernel's log, iomem */
#define EFIMAP_FILE_BYTES ((size_t)16 << 20)

struct efimap_root;
struct efimap_dir;
struct efimap_name;
struct efimap_file;

/**
 * struct efimap_root_ops - a backend
 * @open_at:    open @path beneath directory @dir with open(2) @flags
 * @read_value: read at most @size bytes of the file @path in @dir with one read; the
 *              number of bytes or a negative errno
 * @leave_dir:  @dir is about to be closed; may be NULL
 * @free:       free the object
 * @open_dir:   see efimap_dir_open()
 * @next_name:  see efimap_dir_next()
 * @read_file:  see efimap_root_read_file(), or with @is_head efimap_root_read_head()
 * @file_size:  see efimap_root_file_size()
 *
 * The last four are NULL in a backend that opens files: they are then done with what
 * @open_at returns. A backend without descriptors has them, and no @open_at.
 */
struct efimap_root_ops {
	int (*open_at)(struct efimap_root *root, int dir, const char *path, int flags);
	ssize_t (*read_value)(const struct efimap_dir *dir, const char *path, char *buf,
			      size_t size);
	void (*leave_dir)(struct efimap_root *root, int dir);
	void (*free)(struct efimap_root *root);
	int (*open_dir)(struct efimap_root *root, const char *path,
			struct efimap_dir *ret_dir);
	int (*next_name)(struct efimap_dir *dir, struct efimap_name *ret_name);
	int (*read_file)(struct efimap_root *root, const char *path, size_t limit,
			 bool is_head, struct efimap_file *ret_file);
	int (*file_size)(struct efimap_root *root, const char *path, uint64_t *ret_size);
};

/**
 * struct efimap_root - a root; the first member of each backend's own struct
 * @ops:   the backend
 * @fd:    the directory that holds sys/ and proc/
 * @inner: its name below what was given, "" when it is that itself
 * @stamps: of what was opened; NULL where nobody changes files: the kernel's own, members
 *         of an archive
 * @values: so many were read
 */
struct efimap_root {
	const struct efimap_root_ops *ops;
	int fd;
	char inner[NAME_MAX + 1];
	struct efimap_stamps *stamps;
	size_t values;
};

/**
 * efimap_root_check() - is all that was read still so?
 * @name: for messages
 *
 * Directories and whole files are looked at again, and places where none was; of values only
 * some, because a look at each would cost a third of what reading it does. A capture that is
 * deleted, replaced or added to meanwhile is noticed, and so is one that is copied over as a
 * whole; a single value is the old or the new one, and either is right.
 *
 * Return: 0, or -EBUSY and which one changed.
 */
int efimap_root_check(const struct efimap_root *root, const char *name,
		      struct efimap_err *err);

/** efimap_root_open_live() - the running system below @top ("/"), with openat and read */
int efimap_root_open_live(const char *top, struct efimap_root **ret_root);
/** efimap_root_open_sysfs() - the same with libsysfs; only where that is built in */
int efimap_root_open_sysfs(const char *top, struct efimap_root **ret_root);
/**
 * efimap_root_open_tree() - an untrusted tree
 * @path:     directory that holds sys/ or proc/, or has one subdirectory that does
 * @ret_root: free with efimap_root_free()
 * @err:      what stopped it
 */
int efimap_root_open_tree(const char *path, struct efimap_root **ret_root,
			  struct efimap_err *err);

/** efimap_root_free() - close it; NULL is fine */
void efimap_root_free(struct efimap_root *root);

static inline void efimap_root_free_auto(struct efimap_root **root)
{
	efimap_root_free(*root);
}
#define efimap_auto_root __attribute__((cleanup(efimap_root_free_auto)))

/**
 * struct efimap_dir - an open directory of a root
 * @root:   where it belongs
 * @path:   as it was opened by; must live as long as this does
 * @handle: what the backend knows it by: a descriptor, where it opens files
 * @is_fd:  does it?
 * @names:  private: of a descriptor, some that were read
 * @size:   private: their bytes
 * @cursor: private: the next one
 */
struct efimap_dir {
	struct efimap_root *root;
	const char *path;
	int handle;
	bool is_fd;
	char *names;
	size_t size;
	size_t cursor;
};

/**
 * struct efimap_name - a name in a directory
 * @text: lives until the next one is read
 * @type: S_IFDIR and so on; S_IFREG where that cannot be known
 */
struct efimap_name {
	const char *text;
	mode_t type;
};

/** efimap_dir_open() - open directory @path for names and values */
int efimap_dir_open(struct efimap_root *root, const char *path, struct efimap_dir *ret_dir);
/**
 * efimap_dir_next() - the next name, in no order; "." and ".." may be among them
 *
 * Return: 1, 0 after the last, or a negative errno.
 */
int efimap_dir_next(struct efimap_dir *dir, struct efimap_name *ret_name);
/** efimap_dir_close() - close it; a zeroed one is fine */
void efimap_dir_close(struct efimap_dir *dir);
#define efimap_auto_dir __attribute__((cleanup(efimap_dir_close)))

/**
 * efimap_dir_value() - read one attribute
 * @dir:  an open directory
 * @path: "type" or "3/type"
 * @buf:  EFIMAP_VALUE_SIZE bytes, not terminated
 *
 * Three system calls: open, read, close.
 *
 * Return: the number of bytes, below EFIMAP_VALUE_SIZE, or a negative errno; -E2BIG for
 * a whole page.
 */
ssize_t efimap_dir_value(struct efimap_dir *dir, const char *path,
			 char buf[EFIMAP_VALUE_SIZE]);

/**
 * struct efimap_file - a whole file in memory
 * @data: the bytes and a terminating NUL that @len does not count; owned
 * @len:  how many
 */
struct efimap_file {
	char *data;
	size_t len;
};

/**
 * efimap_root_read_file() - read a whole file
 * @limit:    -E2BIG when it is longer
 * @ret_file: free with efimap_file_free()
 */
int efimap_root_read_file(struct efimap_root *root, const char *path, size_t limit,
			  struct efimap_file *ret_file);
/**
 * efimap_root_read_head() - read the beginning of a file
 * @size:     so many bytes at most, however long the file is
 * @ret_file: free with efimap_file_free()
 */
int efimap_root_read_head(struct efimap_root *root, const char *path, size_t size,
			  struct efimap_file *ret_file);
void efimap_file_free(struct efimap_file *file);
#define efimap_auto_file __attribute__((cleanup(efimap_file_free)))

/** efimap_root_file_size() - size of the file @path, without opening it for reading */
int efimap_root_file_size(struct efimap_root *root, const char *path, uint64_t *ret_size);

/** efimap_mode_check() - 0 for a regular file, else the errno of the table above */
int efimap_mode_check(mode_t mode);

#endif
