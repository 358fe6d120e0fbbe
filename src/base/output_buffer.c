/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Write output through a buffer that keeps the errno of its first error. stdio is not used, because
 * it keeps only an error flag.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/out_of_memory.h"
#include "base/output_buffer.h"

#define FLUSH_AT ((size_t)16384)
#define FIRST_CAPACITY ((size_t)4096)

int write_all(int fd, const void *data, size_t size)
{
	size_t done = 0;

	while (done < size) {
		const ssize_t written =
			TEMP_FAILURE_RETRY(write(fd, (const char *)data + done, size - done));

		if (written <= 0)
			return written ? -errno : -EIO;
		done += (size_t)written;
	}
	return 0;
}

static void write_out(struct out *out)
{
	out->error = write_all(out->fd, out->data, out->used);
	out->used = 0;
}

static void make_room(struct out *out, size_t size)
{
	size_t wanted, capacity = out->capacity ? out->capacity : FIRST_CAPACITY;

	if (__builtin_add_overflow(out->used, size, &wanted))
		out_of_memory();
	if (wanted <= out->capacity)
		return;
	while (capacity < wanted)
		if (__builtin_mul_overflow(capacity, (size_t)2, &capacity))
			out_of_memory();
	out->data = memory_resize(out->data, capacity);
	out->capacity = capacity;
}

void out_append(struct out *out, const void *data, size_t size)
{
	if (out->error || size == 0)
		return;
	if (out->fd >= 0 && out->used && out->used + size > FLUSH_AT)
		write_out(out);
	if (out->error)
		return;
	make_room(out, size);
	memcpy(out->data + out->used, data, size);
	out->used += size;
}

void out_printf(struct out *out, const char *fmt, ...)
{
	char small[512];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(small, sizeof(small), fmt, args);
	va_end(args);
	if (len < 0)
		out_of_memory();
	if ((size_t)len < sizeof(small)) {
		out_write(out, small, (size_t)len);
		return;
	}
	if (out->error)
		return;
	make_room(out, (size_t)len + 1);
	va_start(args, fmt);
	vsnprintf(out->data + out->used, (size_t)len + 1, fmt, args);
	va_end(args);
	out->used += (size_t)len;
}

int out_flush(struct out *out)
{
	if (out->fd >= 0 && !out->error)
		write_out(out);
	return out->error;
}

const char *out_text(struct out *text)
{
	out_putc(text, '\0');
	return text->data;
}

void out_free(struct out *out)
{
	free(out->data);
	out->data = NULL;
	out->used = out->capacity = 0;
}
