/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Find the sections of a unified kernel image. Source: PE Format (Microsoft), "COFF File Header"
 * and "Section Table"; kexec-tools kexec-uki.c: uki_image_probe().
 */
#include <errno.h>
#include <string.h>

#include "base/little_endian_reader.h"
#include "input/binary/unified_image.h"

#define AT_PE_OFFSET 0x3c
#define PE_SIGNATURE 0x4550U /* "PE\0\0" */
/* A stub for 32-bit firmware can boot a 64-bit kernel, so both machine types are accepted. */
#define MACHINE_X86_64 0x8664
#define MACHINE_I386 0x014c
/* Sizes and offsets in the section headers, and in the COFF header, which follows the signature. */
#define COFF_SIZE 20
#define AT_SECTIONS 2
#define AT_OPTIONAL_SIZE 16
#define SECTION_SIZE 40
#define SECTION_NAME 8
#define AT_VIRTUAL_SIZE 8
#define AT_RAW_SIZE 16
#define MAX_SECTIONS 96

static int fail_expected(struct efimap_err *err, const char *where, uint64_t offset,
			 const char *expected)
{
	return efimap_err_at_offset(err, EBADMSG, where, offset,
				    "not a unified kernel image: expected %s", expected);
}

/* Return whether a section is named @name. Names shorter than 8 characters are padded with NULs. */
static bool is_named(const uint8_t *header, const char *name)
{
	char padded[SECTION_NAME + 1] = "";

	memcpy(padded, header, SECTION_NAME);
	return strcmp(padded, name) == 0;
}

static void take_section(const struct efimap_le_reader *cursor, size_t at,
			 struct efimap_unified_image *image)
{
	const struct {
		const char *name;
		struct efimap_section *section;
	} wanted[] = { { ".linux", &image->kernel },
		       { ".initrd", &image->initrd },
		       { ".uname", &image->release } };
	struct efimap_le_reader reader = *cursor;
	uint32_t used;

	efimap_le_reader_seek(&reader, at + AT_VIRTUAL_SIZE);
	used = efimap_le_reader_u32(&reader);
	efimap_le_reader_seek(&reader, at + AT_RAW_SIZE);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		struct efimap_section *section = wanted[i].section;

		/* If several sections have the same name, the first that is not empty is used. */
		if (section->size || !is_named(cursor->data + at, wanted[i].name))
			continue;
		section->size = efimap_le_reader_u32(&reader);
		section->offset = efimap_le_reader_u32(&reader);
		section->is_padded = used && used < section->size;
	}
}

int efimap_unified_image_parse(const uint8_t *data, size_t size, const char *where,
			       struct efimap_unified_image *ret_image, struct efimap_err *err)
{
	struct efimap_le_reader cursor = { .data = data, .size = size };
	struct efimap_unified_image image = { 0 };
	uint16_t machine, n_sections, optional_size;
	bool is_loader = false;
	size_t at;

	if (size < 2 || memcmp(data, "MZ", 2) != 0)
		return fail_expected(err, where, 0, "\"MZ\"");
	efimap_le_reader_seek(&cursor, AT_PE_OFFSET);
	at = efimap_le_reader_u32(&cursor);
	efimap_le_reader_seek(&cursor, at);
	if (efimap_le_reader_u32(&cursor) != PE_SIGNATURE || cursor.bad)
		return fail_expected(err, where, AT_PE_OFFSET, "the offset of a PE header");
	at = cursor.pos;
	machine = efimap_le_reader_u16(&cursor);
	n_sections = efimap_le_reader_u16(&cursor);
	efimap_le_reader_seek(&cursor, at + AT_OPTIONAL_SIZE);
	optional_size = efimap_le_reader_u16(&cursor);
	if (cursor.bad || (machine != MACHINE_X86_64 && machine != MACHINE_I386))
		return fail_expected(err, where, at, "an x86 executable");
	if (n_sections > MAX_SECTIONS)
		return fail_expected(err, where, at + AT_SECTIONS, "at most 96 sections");
	/* The section headers follow the optional header. */
	at += COFF_SIZE + (size_t)optional_size;
	if (at > size || n_sections > (size - at) / SECTION_SIZE)
		return fail_expected(err, where, size,
				     "all section headers at the beginning of the file");
	while (n_sections-- && !(image.kernel.size && is_named(data + at, ".profile"))) {
		take_section(&cursor, at, &image);
		is_loader |= is_named(data + at, ".linuxh");
		at += SECTION_SIZE;
	}
	if (!image.kernel.size || is_loader) {
		fail_expected(err, where, at, "a section .linux");
		return -ENOEXEC;
	}
	*ret_image = image;
	return 0;
}

void efimap_unified_image_copy_used(const uint8_t *data, size_t size, uint8_t *ret_used)
{
	struct efimap_le_reader cursor = { .data = data, .size = size };
	size_t at, end;

	efimap_le_reader_seek(&cursor, AT_PE_OFFSET);
	at = efimap_le_reader_u32(&cursor);
	efimap_le_reader_seek(&cursor, at + 4 + 2);
	end = efimap_le_reader_u16(&cursor) * (size_t)SECTION_SIZE;
	efimap_le_reader_seek(&cursor, at + 4 + AT_OPTIONAL_SIZE);
	end += at + 4 + COFF_SIZE + efimap_le_reader_u16(&cursor);
	if (cursor.bad)
		return;
	memcpy(ret_used, data, AT_PE_OFFSET + 4);
	memcpy(ret_used + at, data + at, (end < size ? end : size) - at);
}
