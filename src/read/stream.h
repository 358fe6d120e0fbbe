/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: a SOURCE that is not a file
 *
 * What an importer unpacks, read as it comes and by the code that reads the same from a
 * file.
 */
#ifndef READ_STREAM_H
#define READ_STREAM_H

#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"
#include "model/capture.h"

/**
 * efimap_give_fn - the next bytes of a stream
 *
 * Return: how many, at most @size; 0 at the end; or a negative errno.
 */
typedef ssize_t efimap_give_fn(void *context, void *data, size_t size);

/**
 * efimap_read_stream() - read a snapshot document or a kernel's log, told by its content
 * @name:    SOURCE that it comes from, "-" for standard input
 * @give:    called until it returns 0, or fails; it may say in @err why
 * @context: for @give
 * @ret_map: owned by the caller; untouched on failure
 *
 * Return: as efimap_read(); what @give failed with; -EBADMSG for what an importer would
 * have to read.
 */
int efimap_read_stream(const char *name, efimap_give_fn *give, void *context,
		       struct efimap **ret_map, struct efimap_err *err);

#endif
