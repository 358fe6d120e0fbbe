/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: buffered output
 *
 * Where the format room writes. Errors stick: write freely, then ask once. It writes to
 * a descriptor through a buffer or gathers everything in memory.
 */
#ifndef BASE_OUTPUT_BUFFER_H
#define BASE_OUTPUT_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/cleanup.h"

/**
 * struct efimap_out - one output
 * @fd:       descriptor to write to, borrowed; -1 gathers in memory
 * @data:     bytes not yet written (all bytes when @fd is -1), owned
 * @error:    0, or the negative errno of the first failure
 *
 * Initialise with EFIMAP_OUT_FD(fd) or EFIMAP_OUT_MEM.
 */
struct efimap_out {
	int fd;
	char *data;
	size_t used;
	size_t capacity;
	int error;
};

#define EFIMAP_OUT_FD(descriptor) { .fd = (descriptor) }
#define EFIMAP_OUT_MEM { .fd = -1 }
#define efimap_auto_out efimap_cleanup(efimap_out_free)

/** efimap_write_all() - write all bytes to a descriptor; 0 or a negative errno */
int efimap_write_all(int fd, const void *data, size_t size);

/** efimap_out_append() - efimap_out_write() where the buffer is full, or has an error */
void efimap_out_append(struct efimap_out *out, const void *data, size_t size);

/**
 * efimap_out_write() - append @size bytes; does nothing once @error is set
 *
 * In this header because documents are written in pieces of a few bytes each.
 */
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
/** efimap_out_hex() - append "0x" and lower-case digits without padding */
void efimap_out_hex(struct efimap_out *out, uint64_t value);
/** efimap_out_flush() - write what is buffered (nothing to do in memory) */
int efimap_out_flush(struct efimap_out *out);
/**
 * efimap_out_text() - what was gathered in @text, terminated, for what is written to @out
 *
 * Return: "" where gathering it has failed; that is then an error of @out.
 */
const char *efimap_out_text(struct efimap_out *text, struct efimap_out *out);
void efimap_out_free(struct efimap_out *out);

#endif
