/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Read the headers of a kernel image, which is a bzImage or a unified kernel image. Source: PE
 * Format (Microsoft), "COFF File Header" and "Section Table"; kexec-tools kexec-uki.c:
 * uki_image_probe().
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/little_endian_reader.h"
#include "input/binary/bzimage.h"
#include "input/binary/parse_kernel_image.h"
#include "input/binary/unpacked_size.h"
#include "input/input_file.h"

#define MAX_PIPED_BYTES (UINT32_C(256) << 20)

#define AT_PE_OFFSET 0x3c
#define PE_SIGNATURE 0x4550U /* "PE\0\0" */
/* A stub for 32-bit firmware can boot a 64-bit kernel, so both machine types are accepted. */
#define MACHINE_X86_64 0x8664
#define MACHINE_I386 0x014c
/* Sizes and offsets in the section headers, and in the COFF header, which follows the signature. */
#define COFF_SIZE 20
#define AT_OPTIONAL_SIZE 16
#define SECTION_SIZE 40
#define SECTION_NAME 8
#define AT_RAW_SIZE 16
#define MAX_SECTIONS 96

/* Location of a section in the file. @size is 0 if the section is missing or empty. */
struct image_section {
	uint64_t offset;
	uint64_t size;
};

/*
 * Sections of a unified kernel image (UAPI.5), which may extend beyond the end of the file
 *
 * @kernel:  .linux, a bzImage
 * @initrd:  .initrd
 * @release: .uname, the release of the kernel in .linux, as printed by uname -r
 */
struct unified_image {
	struct image_section kernel;
	struct image_section initrd;
	struct image_section release;
};

/* Return whether a section is named @name. Names shorter than 8 characters are padded with NULs. */
static bool is_named(const uint8_t *header, const char *name)
{
	char padded[SECTION_NAME + 1] = "";

	memcpy(padded, header, SECTION_NAME);
	return strcmp(padded, name) == 0;
}

static void take_section(const struct le_reader *cursor, size_t at, struct unified_image *image)
{
	const struct {
		const char *name;
		struct image_section *section;
	} wanted[] = { { ".linux", &image->kernel },
		       { ".initrd", &image->initrd },
		       { ".uname", &image->release } };
	struct le_reader reader = *cursor;

	le_reader_seek(&reader, at + AT_RAW_SIZE);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		struct image_section *section = wanted[i].section;

		/* If several sections have the same name, the first that is not empty is used. */
		if (section->size || !is_named(cursor->data + at, wanted[i].name))
			continue;
		section->size = le_reader_u32(&reader);
		section->offset = le_reader_u32(&reader);
	}
}

/*
 * Find the sections of a unified kernel image. @data is the beginning of the file, which must
 * contain all headers. If an image has several profiles, only the sections of the first profile are
 * used: those before the first section .profile that follows .linux.
 *
 * Return 0; -ENOEXEC for an executable without a kernel in a section .linux, such as a boot loader;
 * or -EBADMSG. The boot loader of Lanzaboote has no kernel either: its .linux contains only the
 * path of a kernel.
 */
static int unified_image_parse(const uint8_t *data, size_t size, struct unified_image *ret_image)
{
	struct le_reader cursor = { .data = data, .size = size };
	struct unified_image image = { 0 };
	uint16_t machine, n_sections, optional_size;
	bool is_loader = false;
	size_t at;

	if (size < 2 || memcmp(data, "MZ", 2) != 0)
		return -EBADMSG;
	le_reader_seek(&cursor, AT_PE_OFFSET);
	at = le_reader_u32(&cursor);
	le_reader_seek(&cursor, at);
	if (le_reader_u32(&cursor) != PE_SIGNATURE)
		return -EBADMSG;
	at = cursor.pos;
	machine = le_reader_u16(&cursor);
	n_sections = le_reader_u16(&cursor);
	le_reader_seek(&cursor, at + AT_OPTIONAL_SIZE);
	optional_size = le_reader_u16(&cursor);
	/* The section headers follow the optional header. */
	at += COFF_SIZE + (size_t)optional_size;
	if (cursor.bad || (machine != MACHINE_X86_64 && machine != MACHINE_I386) ||
	    n_sections > MAX_SECTIONS || at > size || n_sections > (size - at) / SECTION_SIZE)
		return -EBADMSG;
	while (n_sections-- && !(image.kernel.size && is_named(data + at, ".profile"))) {
		take_section(&cursor, at, &image);
		is_loader |= is_named(data + at, ".linuxh");
		at += SECTION_SIZE;
	}
	if (!image.kernel.size || is_loader)
		return -ENOEXEC;
	*ret_image = image;
	return 0;
}

/* Copy the bytes that unified_image_parse() uses. */
static void copy_headers(const uint8_t *data, size_t size, uint8_t *ret_used)
{
	struct le_reader cursor = { .data = data, .size = size };
	size_t at, end;

	le_reader_seek(&cursor, AT_PE_OFFSET);
	at = le_reader_u32(&cursor);
	le_reader_seek(&cursor, at + 4 + 2);
	end = le_reader_u16(&cursor) * (size_t)SECTION_SIZE;
	le_reader_seek(&cursor, at + 4 + AT_OPTIONAL_SIZE);
	end += at + 4 + COFF_SIZE + le_reader_u16(&cursor);
	if (cursor.bad)
		return;
	memcpy(ret_used, data, AT_PE_OFFSET + 4);
	memcpy(ret_used + at, data + at, (end < size ? end : size) - at);
}

static int check_section(const struct image_file *file, const struct image_section *section,
			 const char *name, struct err *err)
{
	if (section->offset <= file->size && section->size <= file->size - section->offset)
		return 0;
	return err_at_offset(err, EBADMSG, file->name, file->size,
			     "a truncated unified kernel image: section %s ends at 0x%" PRIx64,
			     name, section->offset + section->size);
}

static int take_release(const struct image_file *file, const struct image_section *section,
			struct kernel_image *image)
{
	char text[EFIMAP_MAX_RELEASE + 2] = "";
	const size_t wanted = section->size < sizeof(text) ? (size_t)section->size : sizeof(text);
	const ssize_t count =
		file->read_at(file->context, section->offset, (uint8_t *)text, wanted, NULL);
	size_t len = 0;

	if (count < 0)
		return (int)count;
	while (len < (size_t)count && text[len] && text[len] != '\n')
		len++;
	if (release_is_valid(text, len))
		memcpy(image->release, text, len);
	return 0;
}

static int parse_unified(const struct image_file *file, const struct unified_image *sections,
			 struct installed_kernel *ret_kernel, struct err *err)
{
	struct installed_kernel kernel = {
		.size = file->size,
		.is_unified = true,
		.initrd = "",
		.has_initrd_size = true,
		.initrd_size = sections->initrd.size,
		.initrd_offset = sections->initrd.offset,
	};
	const size_t wanted = sections->kernel.size < EFIMAP_IMAGE_HEAD
				      ? (size_t)sections->kernel.size
				      : EFIMAP_IMAGE_HEAD;
	auto_free uint8_t *head = memory_new(wanted);
	ssize_t count;
	int ret = check_section(file, &sections->kernel, ".linux", err);

	if (!ret)
		ret = check_section(file, &sections->initrd, ".initrd", err);
	if (!ret)
		ret = check_section(file, &sections->release, ".uname", err);
	if (ret)
		return ret;
	count = file->read_at(file->context, sections->kernel.offset, head, wanted, filter_image);
	if (count < 0)
		return (int)count;
	ret = bzimage_parse(head, (size_t)count, file->name, &kernel.header, err);
	if (ret)
		return ret;
	if (kernel.header.file_size)
		kernel.header.file_size += sections->kernel.offset;
	if (!*kernel.header.release && sections->release.size)
		ret = take_release(file, &sections->release, &kernel.header);
	if (!ret)
		*ret_kernel = kernel;
	return ret;
}

/*
 * The attribute certificate table of an image (PE Format) contains a PKCS #7 SignedData (RFC 2315)
 * with the certificate of the signer. A certificate names its key and the key that signed it by
 * identifiers (RFC 5280, 4.2.1.1 and 4.2.1.2), whose first bytes are kept.
 */

/* Maximum size of a table. The tables of distribution kernels have 1.5 to 3 KiB. */
#define MAX_SIGNATURE ((size_t)16 << 10)
/* Size of dwLength, wRevision and wCertificateType. In a filtered table, dwLength is 0. */
#define TABLE_HEADER 8U
/* wRevision of a filtered table with identifiers. */
#define FILTERED 1U
#define KEY_BYTES 8U

/* Return the start of an identifier in a certificate, or 0 if there is none at @at. */
static uint64_t key_at(const uint8_t *at, size_t len, bool *ret_is_issuer)
{
	/* The OID of the extension, with the tags, but without the lengths, before the identifier
	 */
	static const uint8_t subject[] = { 0x55, 0x1d, 0x0e, 0x04, 0, 0x04, 0 };
	static const uint8_t issuer[] = { 0x55, 0x1d, 0x23, 0x04, 0, 0x30, 0, 0x80, 0 };
	const bool is_issuer = len > 2 && at[2] == issuer[2];
	const uint8_t *head = is_issuer ? issuer : subject;
	const size_t n_head = is_issuer ? sizeof(issuer) : sizeof(subject);
	uint64_t key = 0;

	if (len < n_head + KEY_BYTES)
		return 0;
	for (size_t i = 0; i < n_head; i++)
		if (head[i] && at[i] != head[i])
			return 0;
	for (size_t i = 0; i < KEY_BYTES; i++)
		key = key << 8 | at[n_head + i];
	*ret_is_issuer |= is_issuer;
	return key;
}

/*
 * Replace the content of a table with the identifiers in its certificates. Names are not kept,
 * because they may identify a person or a machine. If no certificate names its issuer's key, no
 * identifier is kept. A table that was already filtered does not change.
 */
static void filter_signature(char *data, size_t *len)
{
	struct le_reader cursor = { .data = (const uint8_t *)data, .size = *len };
	uint64_t keys[EFIMAP_IMAGE_KEYS] = { 0 };
	bool names_issuer = false;
	size_t count = 0;

	if (!le_reader_u32(&cursor)) {
		if (*len > TABLE_HEADER + sizeof(keys))
			memset(data + TABLE_HEADER + sizeof(keys), 0,
			       *len - TABLE_HEADER - sizeof(keys));
		return;
	}
	for (size_t i = TABLE_HEADER; i < *len && count < EFIMAP_IMAGE_KEYS; i++) {
		keys[count] = key_at(cursor.data + i, *len - i, &names_issuer);
		count += keys[count] > 0;
	}
	memset(data, 0, *len);
	for (size_t i = 0; names_issuer && i < count * KEY_BYTES; i++)
		if (TABLE_HEADER + i < *len)
			data[TABLE_HEADER + i] = (char)(keys[i / KEY_BYTES] >> 8 * (i % KEY_BYTES));
	if (names_issuer)
		data[sizeof(uint32_t)] = FILTERED;
}

/* Read the keys of a bzImage. If the signature cannot be read, they are unknown. */
static void take_keys(const struct image_file *file, struct kernel_image *image)
{
	const size_t size = image->signature_size;
	auto_free uint8_t *data = NULL;
	struct le_reader cursor;
	ssize_t count;

	if (!image->has_signature || size > MAX_SIGNATURE || image->signature_offset > file->size ||
	    size > file->size - image->signature_offset)
		return;
	data = memory_new(size);
	count = file->read_at(file->context, image->signature_offset, data, size, filter_signature);
	if (count <= 0)
		return;
	cursor = (struct le_reader){ .data = data, .size = (size_t)count };
	if (le_reader_u32(&cursor) || le_reader_u16(&cursor) != FILTERED)
		return;
	le_reader_seek(&cursor, TABLE_HEADER);
	for (size_t i = 0; i < EFIMAP_IMAGE_KEYS; i++)
		image->keys[i] = le_reader_u64(&cursor);
}

int kernel_image_parse(const struct image_file *file, struct installed_kernel *ret_kernel,
		       struct err *err)
{
	struct installed_kernel kernel = { .size = file->size, .initrd = "" };
	struct unified_image sections;
	const int unified = unified_image_parse(file->head, file->head_len, &sections);

	if (!unified)
		return parse_unified(file, &sections, ret_kernel, err);

	/* If the file has neither format, report why it is no bzImage, the usual format. */
	const int ret = bzimage_parse(file->head, file->head_len, file->name, &kernel.header, err);

	if (ret)
		return unified == -ENOEXEC ? unified : ret;
	take_keys(file, &kernel.header);
	*ret_kernel = kernel;
	return 0;
}

static ssize_t read_input_at(void *context, uint64_t offset, uint8_t *data, size_t size,
			     void (*filter)(char *data, size_t *len))
{
	const struct input *input = context;
	const ssize_t len = fd_read_at(input->fd, (uint64_t)input->start + offset, data, size);
	size_t kept = len > 0 ? (size_t)len : 0;

	if (filter && len > 0) {
		filter((char *)data, &kept);
		memset(data + kept, 0, (size_t)len - kept);
	}
	return len;
}

/*
 * Check that the file contains the complete kernel. A signature may follow the kernel. The size of
 * the data in a pipe is unknown, so read until the end of the kernel.
 */
static int check_end(struct input *input, const struct kernel_image *image, uint64_t *ret_size,
		     struct err *err)
{
	uint8_t passed[4096];
	ssize_t taken = 1;

	if (input->stamp.mode) {
		*ret_size = (uint64_t)(input->stamp.size - input->start);
		return bzimage_check_size(image, *ret_size, err);
	}
	if (image->file_size > MAX_PIPED_BYTES)
		return err_set(err, E2BIG, input->name,
			       "a kernel image of more than %u MiB, which must be read from "
			       "a regular file",
			       MAX_PIPED_BYTES >> 20);
	*ret_size = input->len;
	while (taken > 0 && *ret_size < image->file_size) {
		taken = input_take(input, passed, sizeof(passed), err);
		*ret_size += taken > 0 ? (uint64_t)taken : 0;
	}
	return taken < 0 ? (int)taken : bzimage_check_size(image, *ret_size, err);
}

int kernel_image_read(const char *name, struct installed_kernel *ret_kernel, struct err *err)
{
	auto_input struct input input = { .fd = -1 };
	struct image_file file = { .read_at = read_input_at, .context = &input };
	struct installed_kernel kernel;
	struct unified_image sections;
	bool is_unified;
	int ret = input_open(name, &input, err);

	if (!ret)
		ret = input_fill(&input, EFIMAP_IMAGE_HEAD, err);
	if (ret)
		return ret;
	file.name = input.name;
	file.head = (const uint8_t *)input.data;
	file.head_len = input.len;
	is_unified = !unified_image_parse(file.head, input.len, &sections);
	if (is_unified && (!input.stamp.mode || input.stamp.size < input.start))
		return err_set(err, EBADMSG, input.name,
			       "a unified kernel image, which must be read from a regular file");
	/* A pipe cannot be read at an offset. file.size remains 0, so the signature is not read. */
	if (input.stamp.mode)
		file.size = (uint64_t)(input.stamp.size - input.start);
	ret = kernel_image_parse(&file, &kernel, err);
	if (ret)
		return ret == -ENOEXEC ? -EBADMSG : ret;
	ret = check_end(&input, &kernel.header, &kernel.size, err);
	if (!ret && kernel.initrd_size)
		ret = unpacked_size_of(input.fd, (uint64_t)input.start + kernel.initrd_offset,
				       kernel.initrd_size, &kernel.unpacked);
	if (!ret)
		ret = input_check(&input, false, err);
	if (ret)
		return ret;
	kernel.header.name = name;
	*ret_kernel = kernel;
	return 0;
}

void filter_image(char *data, size_t *len)
{
	const uint8_t *bytes = (const uint8_t *)data;
	auto_free uint8_t *used = array_new(*len + 1, 1);
	const bool is_program = *len > 2 && memcmp(data, "MZ", 2) == 0;

	if (is_program)
		copy_headers(bytes, *len, used);
	if (!bzimage_copy_used(bytes, *len, used) && !is_program && *len > 2)
		*len = 2;
	memcpy(used, data, *len < 2 ? *len : 2);
	memcpy(data, used, *len);
}
