/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: has a file changed since?
 *
 * What fstat(2) says of a file when it is opened, to be held against what it says later.
 * Reading 100 files takes some milliseconds, and somebody may copy over them, or delete
 * them, meanwhile: half of one capture and half of another must not pass for one.
 */
#ifndef READ_STAMP_H
#define READ_STAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/mem.h"

/**
 * struct efimap_stamp - how a file or directory looked
 * @dev:   the file system
 * @ino:   the file there
 * @mtime: when its content was changed last
 * @type:  S_IFREG and so on; 0 for none
 *
 * Not the time of a change of status: to delete or rename a file that is open does not
 * change what is read of it.
 */
struct efimap_stamp {
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec mtime;
	mode_t type;
};

/** efimap_stamp_make() - from what stat(2) says; NULL: there is none */
struct efimap_stamp efimap_stamp_make(const struct stat *st);
/** efimap_stamp_is_same() - is it the same file with the same content? */
bool efimap_stamp_is_same(const struct efimap_stamp *a, const struct efimap_stamp *b);

/**
 * struct efimap_stamps - all that was opened of a tree, and what was looked for in vain
 * @list:     the stamps and their paths
 *
 * Zero-initialise it.
 */
struct efimap_stamps {
	struct efimap_stamped *list;
	size_t count;
	size_t capacity;
	struct efimap_arena paths;
};

/**
 * efimap_stamps_add() - remember how @path looks
 * @path: below the tree
 * @st:   NULL where there is no such file
 *
 * Return: 0 or -ENOMEM.
 */
int efimap_stamps_add(struct efimap_stamps *stamps, const char *path, const struct stat *st);
/**
 * efimap_stamps_changed() - look at all of them again, below directory @top
 *
 * If none has changed since it was added, all that was read was true at one time: now.
 *
 * Return: the path of one that changed, or NULL.
 */
const char *efimap_stamps_changed(const struct efimap_stamps *stamps, int top);
void efimap_stamps_free(struct efimap_stamps *stamps);

#endif
