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

void initrd_put(struct efimap_out *out)
{
	put_member(out, "init", REGULAR, guest_init, sizeof(guest_init));
	put_member(out, "TRAILER!!!", 0, NULL, 0);
}
