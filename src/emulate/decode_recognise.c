/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which kind of binary it is. The kinds exclude each other where they are well-formed: a
 * node's type lies where a descriptor has an address, which is a multiple of 4096.
 */
#include <string.h>

#include "emulate/decode.h"
#include "emulate/handover.h"

/* Documentation/arch/x86/boot.rst: SETUP_E820_EXT to SETUP_KEXEC_KHO, and later ones. */
#define SETUP_TYPE_LAST 16
#define SETUP_INDIRECT UINT32_C(0x80000000)
#define SETUP_INDIRECT_LEN 24
#define SETUP_RNG_SEED 9
/* Descriptors larger than this must be named by --desc-size. */
#define DESC_SIZE_GUESS_MAX 128U
/* 2^52 bytes: what an address of the page tables can reach. */
#define PAGES_MAX (UINT64_C(1) << 40)

static const struct {
	enum efimap_blob blob;
	const char *name;
} names[] = {
	{ EFIMAP_BLOB_UNKNOWN, "unknown" },
	{ EFIMAP_BLOB_SETUP_DATA, "setup-data" },
	{ EFIMAP_BLOB_EFI_PAYLOAD, "efi-payload" },
	{ EFIMAP_BLOB_EFI_MEMMAP, "efi-memmap" },
	{ EFIMAP_BLOB_BOOT_PARAMS, "boot-params" },
};

const char *efimap_blob_name(enum efimap_blob blob)
{
	return names[blob].name;
}

enum efimap_blob efimap_blob_find(const char *name)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i].name, name) == 0)
			return names[i].blob;
	return EFIMAP_BLOB_UNKNOWN;
}

static uint32_t u32_at(const uint8_t *data, size_t size, size_t offset)
{
	struct efimap_cursor cursor = { .data = data, .size = size };

	efimap_cursor_seek(&cursor, offset);
	return efimap_cursor_u32(&cursor);
}

/* The EFI stub leaves the setup header empty, a legacy boot leaves efi_info empty. */
static bool has_boot_params_signature(const uint8_t *data, size_t size)
{
	const size_t info = EFIMAP_BOOT_PARAMS_AT_EFI_INFO;

	/* A bzImage has the same header at the same place. */
	if (size > EFIMAP_BOOT_PARAMS_BYTES)
		return false;
	if (u32_at(data, size, EFIMAP_BOOT_PARAMS_AT_HEADER) == EFIMAP_BOOT_PARAMS_HEADER)
		return true;
	return size >= info + EFIMAP_EFI_INFO_BYTES &&
	       (memcmp(data + info, "EL64", 4) == 0 ||
		memcmp(data + info, "EL32", 4) == 0) &&
	       u32_at(data, size, info + 12) == 1;
}

static bool is_setup_data(const uint8_t *data, size_t size)
{
	const uint32_t type = u32_at(data, size, 8);

	if (size < EFIMAP_SETUP_DATA_HEADER)
		return false;
	if (type & SETUP_INDIRECT)
		return type <= (SETUP_INDIRECT | SETUP_TYPE_LAST) &&
		       u32_at(data, size, 12) == SETUP_INDIRECT_LEN;
	return type >= 1 && type <= SETUP_TYPE_LAST;
}

/* Whatever else is in it, and however long it says that it is. */
static bool is_seed(const uint8_t *data, size_t size)
{
	return size >= EFIMAP_SETUP_DATA_HEADER &&
	       (u32_at(data, size, 8) & ~SETUP_INDIRECT) == SETUP_RNG_SEED;
}

static bool is_plausible(const struct efimap_entry *entry)
{
	return (entry->type < EFIMAP_TYPE_FIRST_UNDEFINED ||
		entry->type >= EFIMAP_TYPE_OEM_FIRST) &&
	       entry->phys % EFIMAP_PAGE_SIZE == 0 &&
	       entry->virt % EFIMAP_PAGE_SIZE == 0 && entry->pages > 0 &&
	       entry->pages <= PAGES_MAX && entry->attribute != 0 &&
	       efimap_attr_unknown(entry->attribute) == 0;
}

static bool is_memmap_of(const uint8_t *data, size_t size, size_t desc_size)
{
	struct efimap_cursor cursor = { .data = data, .size = size };
	const size_t count = size / desc_size;
	size_t plausible = 0;

	if (size % desc_size)
		return false;
	for (size_t i = 0; i < count; i++) {
		struct efimap_entry entry;

		efimap_cursor_seek(&cursor, i * desc_size);
		entry = decode_descriptor(&cursor, 0);
		plausible += is_plausible(&entry);
	}
	return plausible > 0 && plausible >= count - count / 4;
}

enum efimap_blob efimap_decode_recognise(const uint8_t *data, size_t size,
					 uint32_t *ret_desc_size)
{
	if (is_seed(data, size))
		return EFIMAP_BLOB_SETUP_DATA;
	if (has_boot_params_signature(data, size))
		return EFIMAP_BLOB_BOOT_PARAMS;
	if (is_setup_data(data, size))
		return EFIMAP_BLOB_SETUP_DATA;
	for (uint32_t desc = EFIMAP_DESC_SIZE; desc <= DESC_SIZE_GUESS_MAX; desc += 8) {
		if (!is_memmap_of(data, size, desc))
			continue;
		if (ret_desc_size)
			*ret_desc_size = desc;
		return EFIMAP_BLOB_EFI_MEMMAP;
	}
	if (size == EFIMAP_BOOT_PARAMS_BYTES)
		return EFIMAP_BLOB_BOOT_PARAMS;
	return size == EFIMAP_EFI_PAYLOAD_SIZE ? EFIMAP_BLOB_EFI_PAYLOAD
					       : EFIMAP_BLOB_UNKNOWN;
}
