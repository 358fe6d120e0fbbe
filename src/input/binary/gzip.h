/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_BINARY_GZIP_H
#define INPUT_BINARY_GZIP_H

#include <stddef.h>

/**
 * efimap_gunzip() - replace a gzip file of one member with its content
 * @data:  the file, allocated with malloc(); replaced by the content, which is followed by a '\0'
 * @len:   length of @data
 * @limit: maximum length of the content
 *
 * Return: 0; -E2BIG; -ENOMEM; or -EBADMSG if the file is not a gzip file, is truncated, has a wrong
 * checksum or length, or continues after the first member. On failure, @data is not modified.
 */
int efimap_gunzip(char **data, size_t *len, size_t limit);

#endif
