/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A tree in memory: the members of an archive that are files of a capture. The same code reads
 * these members and an unpacked directory.
 *
 * As in tar, a leading "/" of a name is removed, a member with a ".." component in its name is
 * skipped, and the last of several members with the same name is used. Links are not followed. A
 * link or a device in place of a file cannot be read.
 */
#ifndef INPUT_TREE_ARCHIVE_MEMBERS_H
#define INPUT_TREE_ARCHIVE_MEMBERS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "capture/capture.h"

#define EFIMAP_MEMBERS_MAX 262144U
#define EFIMAP_MEMBERS_MAX_BYTES ((size_t)48 << 20)

#define EFIMAP_MEMBER_HARDLINK ((mode_t)S_IFMT)

/* Buffer for a member's content. @size is 0 if no content is needed. */
struct efimap_member_buffer {
	void *data;
	size_t size;
};

struct efimap_members;

int efimap_members_new(const char *name, struct efimap_members **ret_members);
/* Free the members and wipe setup_data payloads. */
void efimap_members_free(struct efimap_members *members);
EFIMAP_FREES(members)
#define efimap_auto_members efimap_cleanup(efimap_members_free_auto)

/*
 * Add a member if it is needed. Before the next call, the caller copies the first @ret_buffer->size
 * bytes of the content to @ret_buffer->data.
 */
int efimap_members_add(struct efimap_members *members, const char *path,
		       mode_t type, uint64_t size,
		       struct efimap_member_buffer *ret_buffer, struct efimap_err *err);

/* Read the members as a tree. No members can be added afterwards. @boot is as for efimap_read(). */
int efimap_members_read(struct efimap_members *members, int boot, struct efimap **ret_map,
			struct efimap_err *err);

#endif
