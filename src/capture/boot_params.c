/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decode boot_params and SETUP_EFI payloads. The values are not checked. */
#include <string.h>

#include "capture/boot_params.h"

/* Find the RAM in the e820 table. A full table may continue in setup_data. */
static struct booted_ram find_ram(struct le_reader *cursor)
{
	struct booted_ram ram = { 0 };
	unsigned int count;

	le_reader_seek(cursor, EFIMAP_BOOT_PARAMS_AT_E820_ENTRIES);
	count = le_reader_u8(cursor);
	if (count >= EFIMAP_E820_MAX)
		return ram;
	ram.count = count;
	le_reader_seek(cursor, EFIMAP_BOOT_PARAMS_AT_E820_TABLE);
	for (unsigned int i = 0; i < count; i++) {
		const uint64_t start = le_reader_u64(cursor), size = le_reader_u64(cursor);

		if (le_reader_u32(cursor) == EFIMAP_E820_TYPE_RAM && size)
			ram.last = start + (size - 1);
	}
	return ram;
}

void boot_params_decode(const uint8_t data[EFIMAP_BOOT_PARAMS_BYTES],
			struct boot_params *ret_params)
{
	struct le_reader cursor = { .data = data, .size = EFIMAP_BOOT_PARAMS_BYTES };
	struct efi_info *info = &ret_params->efi_info;

	*ret_params = (struct boot_params){ 0 };
	le_reader_seek(&cursor, EFIMAP_BOOT_PARAMS_AT_EFI_INFO);
	for (size_t i = 0; i + 1 < sizeof(info->signature); i++) {
		const uint8_t byte = le_reader_u8(&cursor);

		info->signature[i] = (char)(byte && (byte < 0x20 || byte > 0x7e) ? '?' : byte);
	}
	info->systab = le_reader_u32(&cursor);
	info->desc_size = le_reader_u32(&cursor);
	info->desc_version = le_reader_u32(&cursor);
	info->memmap = le_reader_u32(&cursor);
	info->memmap_size = le_reader_u32(&cursor);
	info->systab |= (uint64_t)le_reader_u32(&cursor) << 32;
	info->memmap |= (uint64_t)le_reader_u32(&cursor) << 32;
	le_reader_seek(&cursor, EFIMAP_BOOT_PARAMS_AT_ACPI_RSDP_ADDR);
	ret_params->acpi_rsdp_addr = le_reader_u64(&cursor);
	le_reader_seek(&cursor, EFIMAP_BOOT_PARAMS_AT_CC_BLOB_ADDRESS);
	ret_params->cc_blob_address = le_reader_u32(&cursor);
	le_reader_seek(&cursor, EFIMAP_BOOT_PARAMS_AT_SECURE_BOOT);
	ret_params->secure_boot = le_reader_u8(&cursor);
	le_reader_seek(&cursor, EFIMAP_BOOT_PARAMS_AT_VERSION);
	ret_params->version = le_reader_u16(&cursor);
	le_reader_seek(&cursor, EFIMAP_BOOT_PARAMS_AT_TYPE_OF_LOADER);
	ret_params->type_of_loader = le_reader_u8(&cursor);
	le_reader_seek(&cursor, EFIMAP_BOOT_PARAMS_AT_XLOADFLAGS);
	ret_params->xloadflags = le_reader_u16(&cursor);
	le_reader_seek(&cursor, EFIMAP_BOOT_PARAMS_AT_SETUP_DATA);
	ret_params->setup_data = le_reader_u64(&cursor);
	le_reader_seek(&cursor, EFIMAP_BOOT_PARAMS_AT_KERNEL_ALIGNMENT);
	ret_params->kernel_alignment = le_reader_u32(&cursor);
	le_reader_seek(&cursor, EFIMAP_BOOT_PARAMS_AT_PREF_ADDRESS);
	ret_params->pref_address = le_reader_u64(&cursor);
	ret_params->init_size = le_reader_u32(&cursor);
	ret_params->ram = find_ram(&cursor);
}

void efi_payload_decode(const uint8_t data[EFIMAP_EFI_PAYLOAD_FIELDS],
			struct efi_payload *ret_payload)
{
	struct le_reader cursor = { .data = data, .size = EFIMAP_EFI_PAYLOAD_FIELDS };

	ret_payload->fw_vendor = le_reader_u64(&cursor);
	ret_payload->runtime = le_reader_u64(&cursor);
	ret_payload->tables = le_reader_u64(&cursor);
	ret_payload->smbios = le_reader_u64(&cursor);
}

bool efi_payload_find(const struct efimap *map, struct efi_payload *ret_payload)
{
	bool found = false;

	for (size_t i = 0; i < map->n_setup_data; i++) {
		const struct setup_node *node = &map->setup_data[i];

		if (node->type != EFIMAP_SETUP_EFI ||
		    node->payload_size < EFIMAP_EFI_PAYLOAD_FIELDS)
			continue;
		efi_payload_decode(node->payload, ret_payload);
		found = true;
	}
	return found;
}

bool has_efi_signature(const struct efimap *map, const char *signature)
{
	return capture_has(map, EFIMAP_SRC_BOOT_PARAMS) &&
	       strcmp(map->boot_params.efi_info.signature, signature) == 0;
}

bool is_started_by_efi(const struct efimap *map)
{
	return has_efi_signature(map, "EL64") || has_efi_signature(map, "EL32");
}
