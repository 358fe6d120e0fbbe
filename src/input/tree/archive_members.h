/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: a tree in memory
 *
 * The caller adds the members of an archive one by one. Files of a capture are kept in memory, and
 * all other members are skipped. At the end, the files are read by the same code as an unpacked
 * directory.
 *
 * Names are processed as by tar: a leading "/" is removed, and if several members have the same
 * name, the last one is used. A member with ".." in its name is skipped. Links are not followed,
 * and links and devices are not read. If a link or a device replaces a file, the capture has a
 * fault.
 */
#ifndef INPUT_TREE_ARCHIVE_MEMBERS_H
#define INPUT_TREE_ARCHIVE_MEMBERS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "capture/capture.h"

/**
 * EFIMAP_MEMBERS_MAX - maximum number of members that are kept; a real capture has a few hundred
 */
#define EFIMAP_MEMBERS_MAX 262144U
/** EFIMAP_MEMBERS_MAX_BYTES - maximum total size of contents and names in bytes */
#define EFIMAP_MEMBERS_MAX_BYTES ((size_t)48 << 20)

/** EFIMAP_MEMBER_HARDLINK - type of a hard link, which is another name of an earlier member */
#define EFIMAP_MEMBER_HARDLINK ((mode_t)S_IFMT)

/** struct efimap_room - buffer for a member's content; @size is 0 if the content is not needed */
struct efimap_room {
	void *data;
	size_t size;
};

struct efimap_members;

int efimap_members_new(const char *name, struct efimap_members **ret_members);
/** efimap_members_free() - Free the members and wipe setup_data payloads; NULL is allowed */
void efimap_members_free(struct efimap_members *members);
EFIMAP_FREES(members)
#define efimap_auto_members efimap_cleanup(efimap_members_free_auto)

/**
 * efimap_members_add() - Add the next member
 * @ret_room: buffer that the caller fills with the first bytes of the content before the next call
 */
int efimap_members_add(struct efimap_members *members, const char *path,
		       mode_t type, uint64_t size,
		       struct efimap_room *ret_room, struct efimap_err *err);

/**
 * efimap_members_read() - Read the members as a tree; no members can be added afterwards
 * @boot: which boot of a kernel log to read: see efimap_read()
 */
int efimap_members_read(struct efimap_members *members, int boot, struct efimap **ret_map,
			struct efimap_err *err);

#endif
