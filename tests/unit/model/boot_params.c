/* SPDX-License-Identifier: GPL-2.0-or-later */
/* boot_params of real kernels, and bytes that are nothing of the kind. */
#include <string.h>

#include "emulate/tree.h"
#include "model/boot_params.h"

#define DATA "sys/kernel/boot_params/data"

static void decode(const char *capture, struct efimap_boot_params *params)
{
	uint8_t data[EFIMAP_BOOT_PARAMS_BYTES];

	assert_int_equal(tree_read(capture, DATA, data, sizeof(data)), sizeof(data));
	efimap_boot_params_decode(data, params);
}

/* Booted through the EFI stub, which leaves most of the setup header empty. */
TEST(test_booted_by_firmware)
{
	struct efimap_boot_params params;

	decode("ovmf-q35-6.1-kexec-first", &params);
	assert_string_equal(params.efi_info.signature, "EL64");
	assert_int_equal(params.efi_info.systab, 0x3f5eb018);
	assert_int_equal(params.efi_info.desc_size, 48);
	assert_int_equal(params.efi_info.desc_version, 1);
	assert_int_equal(params.efi_info.memmap, 0x3f771040);
	assert_int_equal(params.efi_info.memmap_size, 0x17d0);
	assert_int_equal(params.acpi_rsdp_addr, 0);
	assert_int_equal(params.setup_data, 0x3d10a018);
	assert_int_equal(params.version, 0);
	assert_int_equal(params.xloadflags, 0);
	assert_int_equal(params.type_of_loader, 0x21);
	assert_int_equal(params.secure_boot, 2);
	assert_int_equal(params.e820_entries, 16);
}

TEST(test_booted_by_kexec)
{
	struct efimap_boot_params params;

	decode("ovmf-q35-6.1-kexec-second", &params);
	assert_string_equal(params.efi_info.signature, "EL64");
	assert_int_equal(params.efi_info.desc_size, 40);
	assert_int_equal(params.efi_info.memmap, 0x101000);
	assert_int_equal(params.efi_info.memmap_size, 0x140);
	assert_int_equal(params.acpi_rsdp_addr, 0x3f77d014);
	assert_int_equal(params.setup_data, 0x100000);
	assert_int_equal(params.version, 0x20f);
	assert_int_equal(params.xloadflags, 0x7f);
	assert_true(params.xloadflags & EFIMAP_XLF_EFI_KEXEC);
	assert_int_equal(params.type_of_loader, 0xd0);
	assert_int_equal(params.secure_boot, 0);
}

TEST(test_without_efi)
{
	struct efimap_boot_params params;

	decode("seabios-q35-6.1-first", &params);
	assert_string_equal(params.efi_info.signature, "");
	assert_int_equal(params.efi_info.memmap_size, 0);
}

TEST(test_high_words)
{
	uint8_t data[EFIMAP_BOOT_PARAMS_BYTES] = { 0 };
	struct efimap_boot_params params;
	const struct efimap_efi_info *info = &params.efi_info;

	for (size_t i = 0; i < EFIMAP_EFI_INFO_BYTES; i++)
		data[EFIMAP_BOOT_PARAMS_AT_EFI_INFO + i] = (uint8_t)(0x80 + i);
	memcpy(data + EFIMAP_BOOT_PARAMS_AT_EFI_INFO, "X\n\0\x7f", 4);
	efimap_boot_params_decode(data, &params);
	assert_memory_equal(info->signature, "X?\0?", 5);
	assert_int_equal(info->systab, 0x9b9a999887868584);
	assert_int_equal(info->desc_size, 0x8b8a8988);
	assert_int_equal(info->desc_version, 0x8f8e8d8c);
	assert_int_equal(info->memmap, 0x9f9e9d9c93929190);
	assert_int_equal(info->memmap_size, 0x97969594);
}
