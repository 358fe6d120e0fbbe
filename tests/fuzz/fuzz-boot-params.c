/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For any bytes, the signature must be printable, and fields must be read at their offsets. */
#include "capture/boot_params.h"
#include "fuzz.h"

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	uint8_t bytes[EFIMAP_BOOT_PARAMS_BYTES] = { 0 };
	struct boot_params params;

	memcpy(bytes, data, size < sizeof(bytes) ? size : sizeof(bytes));
	boot_params_decode(bytes, &params);
	fuzz_check(params.efi_info.signature[4] == '\0');
	for (int i = 0; i < 4; i++) {
		char c = params.efi_info.signature[i];

		fuzz_check(c == '\0' || (c >= ' ' && c <= '~'));
	}
	fuzz_check(params.type_of_loader == bytes[EFIMAP_BOOT_PARAMS_AT_TYPE_OF_LOADER]);
	fuzz_check(params.setup_data >> 56 == bytes[EFIMAP_BOOT_PARAMS_AT_SETUP_DATA + 7]);
	return 0;
}
