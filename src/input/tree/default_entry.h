/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_TREE_DEFAULT_ENTRY_H
#define INPUT_TREE_DEFAULT_ENTRY_H

#include "capture/installed_kernels.h"

/*
 * A boot loader entry: a file in loader/entries (type 1), or a unified kernel image (type 2). Texts
 * are owned by the arena of the capture. A text that the entry does not contain is NULL.
 *
 * @path:     path of the entry
 * @mount:    directory at which its file system is mounted, such as "/boot"
 * @id:       file name without the boot counter
 * @is_spent: the boot counter has no tries left
 * @refusal:  why systemctl kexec refuses the entry
 * @image:    absolute path of the kernel; NULL if the entry starts another program
 * @initrd:   absolute path of the initrd; NULL if there is none
 * @off:      parameter that disables EFI runtime services, or NULL
 * @enables:  the entry contains efi=runtime
 */
struct boot_entry {
	const struct boot_entry *next;
	const char *path;
	const char *mount;
	const char *id;
	bool is_unified;
	bool is_spent;
	const char *sort_key;
	const char *machine_id;
	const char *version;
	enum entry_refusal refusal;
	const char *image;
	const char *initrd;
	const char *off;
	bool enables;
};

/* Set the id, and whether tries are left, from the name of a file such as "a+3-1.conf". */
void set_entry_id(struct arena *arena, const char *name, struct boot_entry *entry);

/*
 * Find the entry that systemctl kexec loads if no kernel is loaded, and add its kernel to the
 * capture, unless systemctl refuses the entry. If the entry is known, store its path in the state
 * of kexec and in the recording, and remove the other entries from all kernels.
 */
int find_default_entry(struct root *root, struct efimap *map, const struct boot_entry *entries,
		       bool is_complete);

#endif
