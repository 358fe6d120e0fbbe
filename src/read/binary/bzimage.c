/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The header of a bzImage, as far as it decides whether kexec-tools passes EFI to it. It
 * must not judge that. Source: Documentation/arch/x86/boot.rst; kexec-tools
 * kexec-bzImage64.c: bzImage64_probe().
 */
#include <errno.h>
#include <inttypes.h>

#include "base/cursor.h"
#include "model/boot_params.h"
#include "model/kexec.h"
#include "read/input.h"

#define AT_BOOT_FLAG 0x1fe
#define BOOT_FLAG 0xaa55
/* xloadflags ends here. */
#define HEADER_END 0x238

static int refuse_image(struct efimap_err *err, const char *where, uint64_t offset,
			const char *expected)
{
	return efimap_err_at_offset(err, EBADMSG, where, offset,
				    "not a bzImage: expected %s", expected);
}

int efimap_bzimage_parse(const uint8_t *data, size_t size, const char *where,
			 struct efimap_image *ret_image, struct efimap_err *err)
{
	struct efimap_cursor cursor = { .data = data, .size = size };
	struct efimap_image image = { .name = where };

	efimap_cursor_seek(&cursor, AT_BOOT_FLAG);
	if (efimap_cursor_u16(&cursor) != BOOT_FLAG && !cursor.bad)
		return refuse_image(err, where, AT_BOOT_FLAG, "0xaa55");
	efimap_cursor_seek(&cursor, EFIMAP_BOOT_PARAMS_AT_HEADER);
	if (efimap_cursor_u32(&cursor) != EFIMAP_BOOT_PARAMS_HEADER && !cursor.bad)
		return refuse_image(err, where, EFIMAP_BOOT_PARAMS_AT_HEADER, "\"HdrS\"");
	image.version = efimap_cursor_u16(&cursor);
	efimap_cursor_seek(&cursor, EFIMAP_BOOT_PARAMS_AT_XLOADFLAGS);
	image.xloadflags = efimap_cursor_u16(&cursor);
	if (cursor.bad)
		return efimap_err_at_offset(err, EBADMSG, where, size,
					    "ends in the header of a bzImage: expected at "
					    "least 0x%x bytes", HEADER_END);
	/* Before, the field was padding. */
	if (image.version < EFIMAP_BOOT_PROTOCOL_XLF)
		image.xloadflags = 0;
	*ret_image = image;
	return 0;
}

int efimap_bzimage_read(const char *name, struct efimap_image *ret_image,
			struct efimap_err *err)
{
	efimap_auto_input struct efimap_input input = EFIMAP_INPUT_INIT;
	int ret = efimap_input_open(name, &input, err);

	if (!ret)
		ret = efimap_input_check(&input, false, err);
	return ret < 0 ? ret : efimap_bzimage_parse((const uint8_t *)input.data, input.len,
						    name, ret_image, err);
}
