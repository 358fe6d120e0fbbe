/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* After an error, all writes to an output are ignored, so callers check for errors at the end. */
#ifndef BASE_OUTPUT_BUFFER_H
#define BASE_OUTPUT_BUFFER_H

#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"

/*
 * Buffered output to a descriptor or to memory. Initialise it with EFIMAP_OUT_FD(fd) or
 * EFIMAP_OUT_MEM.
 *
 * @fd:    descriptor to write to, borrowed; -1 collects the output in memory
 * @data:  bytes that have not been written yet, or all bytes if @fd is -1; owned
 * @error: 0, or the negative errno of the first failed write; always 0 if @fd is -1, unless the
 *         caller sets it
 */
struct out {
	int fd;
	char *data;
	size_t used;
	size_t capacity;
	int error;
};

#define EFIMAP_OUT_FD(descriptor)                                                                  \
	{                                                                                          \
		.fd = (descriptor)                                                                 \
	}
#define EFIMAP_OUT_MEM                                                                             \
	{                                                                                          \
		.fd = -1                                                                           \
	}
#define auto_out auto_cleanup(out_free)

int write_all(int fd, const void *data, size_t size);

void out_append(struct out *out, const void *data, size_t size);

/* This function is inline for speed, because documents are written in pieces of a few bytes. */
static inline void out_write(struct out *out, const void *data, size_t size)
{
	if (out->error || size == 0 || size > out->capacity - out->used) {
		out_append(out, data, size);
		return;
	}
	memcpy(out->data + out->used, data, size);
	out->used += size;
}

static inline void out_puts(struct out *out, const char *text)
{
	out_write(out, text, strlen(text));
}

static inline void out_putc(struct out *out, char c)
{
	out_write(out, &c, 1);
}

void out_printf(struct out *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Write the buffered bytes to the descriptor, if there is one. Return 0 or the first error. */
int out_flush(struct out *out);
/* Return the output that @text, an EFIMAP_OUT_MEM, collected. @text owns the string. */
const char *out_text(struct out *text);
void out_free(struct out *out);

#endif
