/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From bytes to what they hold: payload, memory map and boot_params; chains of nodes are
 * in decode_setup_data.c. It must not say what is wrong, only what is odd and where.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "emulate/decode.h"
#include "emulate/handover.h"

int decode_odd(struct decoder *decoder, enum efimap_oddity_kind kind, uint64_t offset,
	       uint64_t value)
{
	struct efimap_decoded *decoded = decoder->decoded;
	int ret;

	ret = efimap_array_reserve(&decoded->oddities, decoded->n_oddities,
				   &decoded->capacity[1], sizeof(*decoded->oddities));
	if (ret)
		return efimap_err_set(decoder->err, -ret, decoder->where,
				      "out of memory");
	decoded->oddities[decoded->n_oddities++] =
		(struct efimap_oddity){ kind, offset, value };
	return 0;
}

static int truncated(struct decoder *decoder, const char *what, uint64_t expected)
{
	return efimap_err_at_offset(decoder->err, EBADMSG, decoder->where, decoder->size,
				    "%s ends after %zu of %" PRIu64 " bytes", what,
				    decoder->size, expected);
}

static int odd_trailing(struct decoder *decoder, size_t end)
{
	if (decoder->size <= end)
		return 0;
	return decode_odd(decoder, EFIMAP_ODD_TRAILING, end, decoder->size - end);
}

int decode_payload(struct decoder *decoder, size_t offset, size_t len,
		   struct efimap_efi_payload *payload)
{
	int ret = 0;

	efimap_efi_payload_decode(decoder->data + offset, payload);
	if (payload->fw_vendor == 0)
		ret = decode_odd(decoder, EFIMAP_ODD_VENDOR_ZERO, offset, 0);
	if (payload->tables == 0 && ret == 0)
		ret = decode_odd(decoder, EFIMAP_ODD_TABLES_ZERO, offset + 16, 0);
	for (size_t i = EFIMAP_EFI_PAYLOAD_FIELDS; i < len && i < EFIMAP_EFI_PAYLOAD_SIZE; i++)
		if (decoder->data[offset + i] && ret == 0)
			return decode_odd(decoder, EFIMAP_ODD_RESERVED, offset + i,
					  decoder->data[offset + i]);
	return ret;
}

static int decode_bare_payload(struct decoder *decoder)
{
	int ret;

	if (decoder->size < EFIMAP_EFI_PAYLOAD_SIZE)
		return truncated(decoder, "payload", EFIMAP_EFI_PAYLOAD_SIZE);
	ret = decode_payload(decoder, 0, EFIMAP_EFI_PAYLOAD_SIZE,
			     &decoder->decoded->payload);
	return ret ? ret : odd_trailing(decoder, EFIMAP_EFI_PAYLOAD_SIZE);
}

struct efimap_entry decode_descriptor(struct efimap_cursor *cursor, uint32_t index)
{
	struct efimap_entry entry = { .index = index };

	entry.type = efimap_cursor_u32(cursor);
	efimap_cursor_u32(cursor); /* padding: kexec-tools leaves whatever was there */
	entry.phys = efimap_cursor_u64(cursor);
	entry.virt = efimap_cursor_u64(cursor);
	entry.pages = efimap_cursor_u64(cursor);
	entry.attribute = efimap_cursor_u64(cursor);
	return entry;
}

static int decode_memmap(struct decoder *decoder)
{
	struct efimap_cursor cursor = { .data = decoder->data, .size = decoder->size };
	struct efimap_decoded *decoded = decoder->decoded;
	const size_t size = decoded->desc_size;
	const size_t count = decoder->size / size;

	if (count == 0)
		return truncated(decoder, "descriptor", size);
	decoded->entries = calloc(count, sizeof(*decoded->entries));
	if (!decoded->entries)
		return efimap_err_set(decoder->err, ENOMEM, decoder->where,
				      "out of memory");
	for (size_t i = 0; i < count; i++) {
		efimap_cursor_seek(&cursor, i * size);
		decoded->entries[i] = decode_descriptor(&cursor, (uint32_t)i);
	}
	decoded->n_entries = count;
	return odd_trailing(decoder, count * size);
}

struct info_oddity {
	enum efimap_oddity_kind kind;
	bool odd;
	uint64_t offset;
	uint64_t value;
};

/* Where struct efi_info keeps what is odd: arch/x86/include/uapi/asm/bootparam.h. */
static int odd_info(struct decoder *decoder, const struct efimap_efi_info *info)
{
	struct efimap_cursor cursor = { .data = decoder->data, .size = decoder->size };
	const bool is_xen = info->signature[0] == 'X';
	uint32_t signature;
	int ret = 0;

	efimap_cursor_seek(&cursor, EFIMAP_BOOT_PARAMS_AT_EFI_INFO);
	signature = efimap_cursor_u32(&cursor);
	const struct info_oddity rows[] = {
		{ EFIMAP_ODD_SIGNATURE,
		  signature != 0x34364c45 && signature != 0x32334c45, 0, signature },
		{ EFIMAP_ODD_SYSTAB_ZERO, info->systab == 0, 4, 0 },
		{ EFIMAP_ODD_DESC_SIZE,
		  !is_xen && (info->desc_size < EFIMAP_DESC_SIZE || info->desc_size % 8),
		  8, info->desc_size },
		{ EFIMAP_ODD_VERSION, !is_xen && info->desc_version != 1, 12,
		  info->desc_version },
		{ EFIMAP_ODD_MEMMAP_ZERO, info->memmap_size && info->memmap == 0, 16, 0 },
		{ EFIMAP_ODD_MEMMAP_SIZE,
		  info->desc_size && info->memmap_size % info->desc_size, 20,
		  info->memmap_size },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && ret == 0; i++)
		if (rows[i].odd)
			ret = decode_odd(decoder, rows[i].kind,
					 EFIMAP_BOOT_PARAMS_AT_EFI_INFO + rows[i].offset,
					 rows[i].value);
	return ret;
}

/* Thirty-two zeros: a kernel that was booted without EFI. */
static bool has_efi_info(const uint8_t *data)
{
	for (size_t i = 0; i < EFIMAP_EFI_INFO_BYTES; i++)
		if (data[EFIMAP_BOOT_PARAMS_AT_EFI_INFO + i])
			return true;
	return false;
}

static int decode_boot_params(struct decoder *decoder)
{
	struct efimap_boot_params *params = &decoder->decoded->boot_params;
	int ret = 0;

	if (decoder->size < EFIMAP_BOOT_PARAMS_BYTES)
		return truncated(decoder, "boot_params", EFIMAP_BOOT_PARAMS_BYTES);
	efimap_boot_params_decode(decoder->data, params);
	if (has_efi_info(decoder->data))
		ret = odd_info(decoder, &params->efi_info);
	return ret ? ret : odd_trailing(decoder, EFIMAP_BOOT_PARAMS_BYTES);
}

/*
 * As anything but a node, its payload would come out as numbers, and it can be a key or a
 * seed; so would those of the nodes behind it.
 */
static int refuse_node(const struct decoder *decoder)
{
	struct efimap_cursor cursor = { .data = decoder->data, .size = decoder->size };

	efimap_cursor_seek(&cursor, 8);
	return efimap_err_at_offset(decoder->err, EBADMSG, decoder->where, 8,
				    "a setup_data node, of type %" PRIu32 ": it can be taken "
				    "for nothing else, because payloads can be secrets",
				    efimap_cursor_u32(&cursor));
}

/* Which kind, and for a memory map the size of its descriptors. */
static int choose_kind(struct decoder *decoder)
{
	const struct efimap_decode_options *options = decoder->options;
	struct efimap_decoded *decoded = decoder->decoded;
	enum efimap_blob found;

	if (options->desc_size && (options->desc_size < EFIMAP_DESC_SIZE ||
				   options->desc_size > EFIMAP_DESC_SIZE_MAX))
		return efimap_err_set(
			decoder->err, EINVAL, NULL,
			"descriptor size %" PRIu64 " is not between %u and %u",
			options->desc_size, EFIMAP_DESC_SIZE, EFIMAP_DESC_SIZE_MAX);
	decoded->desc_size = EFIMAP_DESC_SIZE;
	found = efimap_decode_recognise(decoder->data, decoder->size,
					&decoded->desc_size);
	if (found == EFIMAP_BLOB_SETUP_DATA && options->as && options->as != found)
		return refuse_node(decoder);
	if (found == EFIMAP_BLOB_UNKNOWN && options->desc_size)
		found = EFIMAP_BLOB_EFI_MEMMAP;
	decoded->kind = options->as ? options->as : found;
	if (options->desc_size)
		decoded->desc_size = (uint32_t)options->desc_size;
	if (decoded->kind != EFIMAP_BLOB_EFI_MEMMAP)
		decoded->desc_size = 0;
	if (decoded->kind == EFIMAP_BLOB_UNKNOWN)
		return efimap_err_at_offset(decoder->err, EBADMSG, decoder->where, 0,
					    "%zu bytes that are no setup_data node, EFI "
					    "payload, EFI memory map or boot_params",
					    decoder->size);
	return 0;
}

static int decode_kind(struct decoder *decoder)
{
	switch (decoder->decoded->kind) {
	case EFIMAP_BLOB_SETUP_DATA:
		return decode_setup_data(decoder);
	case EFIMAP_BLOB_EFI_PAYLOAD:
		return decode_bare_payload(decoder);
	case EFIMAP_BLOB_EFI_MEMMAP:
		return decode_memmap(decoder);
	case EFIMAP_BLOB_BOOT_PARAMS:
		return decode_boot_params(decoder);
	case EFIMAP_BLOB_UNKNOWN:
		break;
	}
	return -EINVAL;
}

int efimap_decode(const uint8_t *data, size_t size, const char *where,
		  const struct efimap_decode_options *options,
		  struct efimap_decoded *ret_decoded, struct efimap_err *err)
{
	static const struct efimap_decode_options defaults = { 0 };
	efimap_auto_decoded struct efimap_decoded decoded = { 0 };
	struct decoder decoder = {
		.data = data,
		.size = size,
		.where = where,
		.options = options ? options : &defaults,
		.decoded = &decoded,
		.err = err,
	};
	int ret;

	if (size > EFIMAP_DECODE_MAX)
		return efimap_err_set(err, E2BIG, where, "more than %" PRIu64 " bytes",
				      EFIMAP_DECODE_MAX);
	ret = choose_kind(&decoder);
	if (ret)
		return ret;
	ret = decode_kind(&decoder);
	if (ret)
		return ret;
	*ret_decoded = decoded;
	decoded = (struct efimap_decoded){ 0 };
	return 0;
}

void efimap_decoded_free(struct efimap_decoded *decoded)
{
	free(decoded->nodes);
	free(decoded->entries);
	free(decoded->oddities);
	*decoded = (struct efimap_decoded){ 0 };
}
