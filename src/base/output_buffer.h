/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* After an error, all writes to an output are ignored, so callers check for errors at the end. */
#ifndef BASE_OUTPUT_BUFFER_H
#define BASE_OUTPUT_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/cleanup.h"

/*
 * Buffered output to a descriptor or to memory. Initialise it with EFIMAP_OUT_FD(fd) or
 * EFIMAP_OUT_MEM.
 *
 * @fd:    descriptor to write to, borrowed; -1 collects the output in memory
 * @data:  bytes that have not been written yet, or all bytes if @fd is -1; owned
 * @error: 0, or the negative errno of the first failure
 */
struct efimap_out {
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
#define efimap_auto_out efimap_cleanup(efimap_out_free)

int efimap_write_all(int fd, const void *data, size_t size);

void efimap_out_append(struct efimap_out *out, const void *data, size_t size);

/* This function is inline for speed, because documents are written in pieces of a few bytes. */
static inline void efimap_out_write(struct efimap_out *out, const void *data, size_t size)
{
	if (out->error || size == 0 || size > out->capacity - out->used) {
		efimap_out_append(out, data, size);
		return;
	}
	memcpy(out->data + out->used, data, size);
	out->used += size;
}

static inline void efimap_out_puts(struct efimap_out *out, const char *text)
{
	efimap_out_write(out, text, strlen(text));
}

static inline void efimap_out_putc(struct efimap_out *out, char c)
{
	efimap_out_write(out, &c, 1);
}

void efimap_out_printf(struct efimap_out *out, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Append @value as "0x" and lower-case hexadecimal digits, without padding. */
void efimap_out_hex(struct efimap_out *out, uint64_t value);
/* Write the buffered bytes to the descriptor, if there is one. Return 0 or the first error. */
int efimap_out_flush(struct efimap_out *out);
/*
 * Return the collected output of @text as a NUL-terminated string, which @text owns. If @text has
 * an error, return "" and set @out->error unless it is already set.
 */
const char *efimap_out_text(struct efimap_out *text, struct efimap_out *out);
void efimap_out_free(struct efimap_out *out);

#endif
