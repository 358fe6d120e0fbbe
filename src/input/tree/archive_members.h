/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: a tree that is not on a disk
 *
 * The members of an archive, gathered one by one as they come: what a capture is made of
 * is kept in memory, all else is passed over. In the end they are read as the directory
 * would be that the archive unpacks to, by the same code.
 *
 * As tar unpacks them: a leading "/" is dropped; of a name that stands twice the last
 * member counts. A name with ".." in it is passed over. Links are not followed, and neither
 * they nor devices are read: where one stands for a file, the capture has a fault.
 */
#ifndef INPUT_TREE_ARCHIVE_MEMBERS_H
#define INPUT_TREE_ARCHIVE_MEMBERS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "capture/capture.h"

/** EFIMAP_MEMBERS_MAX - members that are kept; a real capture has a few hundred */
#define EFIMAP_MEMBERS_MAX 262144U
/** EFIMAP_MEMBERS_MAX_BYTES - of all that is kept, names included */
#define EFIMAP_MEMBERS_MAX_BYTES ((size_t)48 << 20)

/** EFIMAP_MEMBER_HARDLINK - in place of a type: another name of a member before it */
#define EFIMAP_MEMBER_HARDLINK ((mode_t)S_IFMT)

/** struct efimap_room - where the content of a member goes; @size 0: it is not wanted */
struct efimap_room {
	void *data;
	size_t size;
};

struct efimap_members;

int efimap_members_new(const char *name, struct efimap_members **ret_members);
/** efimap_members_free() - payloads of setup_data nodes are wiped; NULL is fine */
void efimap_members_free(struct efimap_members *members);
EFIMAP_FREES(members)
#define efimap_auto_members efimap_cleanup(efimap_members_free_auto)

/**
 * efimap_members_add() - the next member
 * @ret_room: fill it with the first bytes of the content before the next call
 */
int efimap_members_add(struct efimap_members *members, const char *path,
		       mode_t type, uint64_t size,
		       struct efimap_room *ret_room, struct efimap_err *err);

/**
 * efimap_members_read() - read them as a tree; nothing can be added afterwards
 * @boot: of the kernel's log among them, which boot: see efimap_read()
 */
int efimap_members_read(struct efimap_members *members, int boot, struct efimap **ret_map,
			struct efimap_err *err);

#endif
