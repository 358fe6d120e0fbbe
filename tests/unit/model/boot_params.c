/* SPDX-License-Identifier: GPL-2.0-or-later */
/* boot_params with something in every byte of efi_info. */
#include <string.h>

#include "test.h"
#include "model/boot_params.h"

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
