/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: opening beneath a directory
 *
 * Neither a symbolic link nor ".." leads out, because neither is followed at all.
 */
#ifndef READ_TREE_BENEATH_H
#define READ_TREE_BENEATH_H

/**
 * efimap_beneath_open() - open @path beneath @dir with openat2(2)
 *
 * Return: a descriptor or a negative errno: -ELOOP for a symbolic link anywhere in
 * @path, -ENOSYS before Linux 5.6.
 */
int efimap_beneath_open(int dir, const char *path, int flags);

/** efimap_beneath_walk() - the same with one openat(2) per component, for old kernels */
int efimap_beneath_walk(int dir, const char *path, int flags);

#endif
