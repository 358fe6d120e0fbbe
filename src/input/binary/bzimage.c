/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Read the header of a bzImage. Source: Documentation/arch/x86/boot.rst; kexec-tools
 * kexec-bzImage64.c: bzImage64_probe().
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/little_endian_reader.h"
#include "capture/boot_params.h"
#include "input/binary/bzimage.h"

#define AT_SETUP_SECTS 0x1f1
/* Number of setup sectors if setup_sects is 0. */
#define OLD_SETUP_SECTS 4
#define SECTOR 512
/*
 * Offset of syssize, the size of the protected-mode code in units of 16 bytes. The last unit may be
 * incomplete (memtest86+).
 */
#define AT_SYSSIZE 0x1f4
#define PARAGRAPH 16
#define BOOT_FLAG 0xaa55
/* Offset of kernel_version. The version string begins at kernel_version + VERSION_BASE. */
#define AT_KERNEL_VERSION 0x20e
#define VERSION_BASE 0x200
/* Offset of the first byte after xloadflags. */
#define HEADER_END 0x238
#define AT_PE_OFFSET 0x3c
/* Offset of the optional header from the PE header */
#define AT_OPTIONAL_HEADER 24
#define PE32_PLUS 0x20b
/* Offsets of the data directories from the optional header, for PE32 and PE32+ */
#define AT_DIRECTORIES 96
#define AT_DIRECTORIES_PLUS 112
#define CERTIFICATE_DIRECTORY 4
/* First version of the boot protocol that defines all placement fields: 2.10. */
#define PROTOCOL_PLACED 0x020a

/*
 * Read the release, which is the first word of a version string such as "7.2.13-amd64
 * (builder@host) #1 SMP ...". A truncated word or an invalid release is ignored. The version of a
 * real-time kernel contains "PREEMPT_RT" (init/Makefile).
 */
static void take_release(struct le_reader cursor, struct kernel_image *image)
{
	struct release release;
	const char *text;
	size_t at, len = 0;

	le_reader_seek(&cursor, AT_KERNEL_VERSION);
	at = le_reader_u16(&cursor) + (size_t)VERSION_BASE;
	if (at == VERSION_BASE || at >= cursor.size)
		return;
	text = (const char *)cursor.data + at;
	while (at + len < cursor.size && text[len] != ' ' && text[len] != '\0')
		len++;
	if (at + len < cursor.size && release_is_valid(text, len))
		memcpy(image->release, text, len);
	release = release_parse(image->release);
	image->is_preempt_rt = take_version_words(text, cursor.size - at, &release).is_preempt_rt;
	image->patch = release.patch;
}

static void copy(const uint8_t *data, size_t size, size_t start, size_t end, uint8_t *ret_used)
{
	if (end > size)
		end = size;
	if (start < end)
		memcpy(ret_used + start, data + start, end - start);
}

bool bzimage_copy_used(const uint8_t *data, size_t size, uint8_t *ret_used)
{
	struct le_reader cursor = { .data = data, .size = size };
	size_t at, end, len;

	le_reader_seek(&cursor, EFIMAP_BOOT_PARAMS_AT_HEADER);
	if (le_reader_u32(&cursor) != EFIMAP_BOOT_PARAMS_HEADER || cursor.bad)
		return false;
	copy(data, size, AT_SETUP_SECTS, EFIMAP_BOOT_PARAMS_AT_INIT_SIZE + 4, ret_used);
	le_reader_seek(&cursor, AT_KERNEL_VERSION);
	at = le_reader_u16(&cursor) + (size_t)VERSION_BASE;
	if (at >= size)
		return true;
	end = at + strnlen((const char *)data + at, size - at);
	copy(data, size, at, end + 1, ret_used);
	len = filter_release_words((char *)ret_used + at, end - at);
	memset(ret_used + at + len, 0, end - at - len);
	return true;
}

/*
 * Read the placement fields, and compute file_size, the minimum size of the file. These fields
 * remain 0 if the protocol is older than 2.10 or the header is truncated. If syssize is 0, only
 * file_size remains 0.
 */
static void take_placement(struct le_reader cursor, struct kernel_image *image)
{
	struct kernel_image placed = *image;
	uint64_t body;

	le_reader_seek(&cursor, EFIMAP_BOOT_PARAMS_AT_KERNEL_ALIGNMENT);
	placed.alignment = le_reader_u32(&cursor);
	le_reader_seek(&cursor, EFIMAP_BOOT_PARAMS_AT_RELOCATABLE);
	placed.is_relocatable = le_reader_u8(&cursor) != 0;
	le_reader_seek(&cursor, EFIMAP_BOOT_PARAMS_AT_PREF_ADDRESS);
	placed.pref_address = le_reader_u64(&cursor);
	placed.init_size = le_reader_u32(&cursor);
	le_reader_seek(&cursor, AT_SYSSIZE);
	body = (uint64_t)le_reader_u32(&cursor) * PARAGRAPH;
	if (body)
		placed.file_size = image->setup_size + body - (PARAGRAPH - 1);
	if (!cursor.bad && image->version >= PROTOCOL_PLACED)
		*image = placed;
}

/* Find the attribute certificate table (PE Format, "Optional Header Data Directories"). */
static void take_signature(struct le_reader cursor, struct kernel_image *image)
{
	size_t header;

	if (cursor.size < 2 || memcmp(cursor.data, "MZ", 2) != 0)
		return;
	le_reader_seek(&cursor, AT_PE_OFFSET);
	header = le_reader_u32(&cursor) + (size_t)AT_OPTIONAL_HEADER;
	le_reader_seek(&cursor, header);
	header += le_reader_u16(&cursor) == PE32_PLUS ? AT_DIRECTORIES_PLUS : AT_DIRECTORIES;
	le_reader_seek(&cursor, header - 4);
	if (le_reader_u32(&cursor) <= CERTIFICATE_DIRECTORY)
		return;
	le_reader_seek(&cursor, header + (size_t)CERTIFICATE_DIRECTORY * 8);
	image->signature_offset = le_reader_u32(&cursor);
	image->signature_size = le_reader_u32(&cursor);
	image->has_signature = image->signature_offset && image->signature_size;
}

int bzimage_parse(const uint8_t *data, size_t size, const char *where,
		  struct kernel_image *ret_image, struct err *err)
{
	struct le_reader cursor = { .data = data, .size = size };
	struct kernel_image image = { .name = where };
	uint8_t sectors;

	le_reader_seek(&cursor, AT_SETUP_SECTS);
	sectors = le_reader_u8(&cursor);
	le_reader_seek(&cursor, EFIMAP_BOOT_PARAMS_AT_BOOT_FLAG);
	if (le_reader_u16(&cursor) != BOOT_FLAG && !cursor.bad)
		return err_at_offset(err, EBADMSG, where, EFIMAP_BOOT_PARAMS_AT_BOOT_FLAG,
				     "not a bzImage: expected 0xaa55");
	le_reader_seek(&cursor, EFIMAP_BOOT_PARAMS_AT_HEADER);
	if (le_reader_u32(&cursor) != EFIMAP_BOOT_PARAMS_HEADER && !cursor.bad)
		return err_at_offset(err, EBADMSG, where, EFIMAP_BOOT_PARAMS_AT_HEADER,
				     "not a bzImage: expected \"HdrS\"");
	image.version = le_reader_u16(&cursor);
	le_reader_seek(&cursor, EFIMAP_BOOT_PARAMS_AT_XLOADFLAGS);
	image.xloadflags = le_reader_u16(&cursor);
	if (cursor.bad)
		return err_at_offset(err, EBADMSG, where, size,
				     "too short for the header of a bzImage: "
				     "expected at least 0x%x bytes",
				     HEADER_END);
	image.setup_size = (uint32_t)((sectors ? sectors : OLD_SETUP_SECTS) + 1) * SECTOR;
	/* Before boot protocol 2.12, xloadflags was padding. */
	if (image.version < EFIMAP_BOOT_PROTOCOL_XLF)
		image.xloadflags = 0;
	take_release(cursor, &image);
	take_placement(cursor, &image);
	take_signature(cursor, &image);
	*ret_image = image;
	return 0;
}

int bzimage_check_size(const struct kernel_image *image, uint64_t size, struct err *err)
{
	if (size >= image->file_size)
		return 0;
	return err_at_offset(err, EBADMSG, image->name, size,
			     "a truncated bzImage: expected at least 0x%" PRIx64 " bytes",
			     image->file_size);
}
