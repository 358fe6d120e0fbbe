/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's initramfs: an archive of our init, behind the user's own if there is one
 * (Documentation/driver-api/early-userspace/buffer-format.rst).
 */
#include "guest_files.h"
#include "initrd.h"

#define REGULAR 0100755

/* A newc header has 13 fields of 8 digits; names and contents are padded to 4 bytes. */
static void put_member(struct efimap_out *out, const char *name, unsigned int mode,
		       const void *data, size_t size)
{
	efimap_out_printf(out, "070701%08x%08x%08x%08x%08x%08x%08zx%08x%08x%08x%08x%08zx%08x", 0,
			  mode, 0, 0, 1, 0, size, 0, 0, 0, 0, strlen(name) + 1, 0);
	efimap_out_write(out, name, strlen(name) + 1);
	initrd_pad(out);
	efimap_out_write(out, data, size);
	initrd_pad(out);
}

void initrd_pad(struct efimap_out *out)
{
	while (!out->error && out->used % 4)
		efimap_out_putc(out, '\0');
}

static void put_init(struct efimap_out *out)
{
	put_member(out, "init", REGULAR, guest_init, sizeof(guest_init));
}

static void put_end(struct efimap_out *out)
{
	put_member(out, "TRAILER!!!", 0, NULL, 0);
}

void initrd_put(struct efimap_out *out, const void *then, size_t size)
{
	efimap_auto_out struct efimap_out inner = EFIMAP_OUT_MEM;

	put_init(out);
	if (size) {
		put_init(&inner);
		put_end(&inner);
		put_member(out, "then", REGULAR, then, size);
		put_member(out, "then.cpio", REGULAR, inner.data, inner.used);
	}
	put_end(out);
	if (inner.error)
		out->error = inner.error;
}
