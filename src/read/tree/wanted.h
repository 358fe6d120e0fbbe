/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: which files a capture is made of
 *
 * All that the readers ask a root for, as patterns, for those who cannot be asked but have
 * to choose from what comes along.
 */
#ifndef READ_TREE_WANTED_H
#define READ_TREE_WANTED_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct efimap_want - what is wanted of a path below the root
 * @len:       so many of its bytes name something that matters; 0 for none. When it is
 *             shorter than the path, that is a directory that is known to be there
 * @keep:      when it is not: bytes of the file that are read at most, 0 for a directory
 * @is_secret: the file can hold keys
 */
struct efimap_want {
	size_t len;
	size_t keep;
	bool is_secret;
};

/** efimap_want() - @path is relative, without "." and empty components */
struct efimap_want efimap_want(const char *path);

#endif
