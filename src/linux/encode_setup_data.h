/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LINUX_ENCODE_SETUP_DATA_H
#define LINUX_ENCODE_SETUP_DATA_H

#include "capture/boot_params.h"
#include "capture/capture.h"

/* Size in bytes of EDK II's memory descriptors, which most first kernels receive. */
#define EFIMAP_DESC_SIZE_FIRMWARE 48U

enum kexec_loader {
	EFIMAP_LOADER_KEXEC_TOOLS,
	EFIMAP_LOADER_KERNEL,
};
#define EFIMAP_LOADER_COUNT (EFIMAP_LOADER_KERNEL + 1)

/*
 * The reason why a loader passes no EFI data. RUNTIME_OFF and MIXED apply only to kexec_file_load.
 * NO_PARAMS and the reasons from VERSION to ALL_ONES apply only to kexec-tools. ALL_ONES means that
 * an address is 2^64 - 1, which kexec-tools treats as a failed conversion.
 *
 * The option --noefi and an image without EFIMAP_XLF_EFI_KEXEC are not among the reasons, because
 * they are properties of a load, not of the machine.
 */
enum not_passed {
	EFIMAP_IS_PASSED,
	EFIMAP_NOT_PASSED_NOT_EFI,
	EFIMAP_NOT_PASSED_NO_PARAMS,
	EFIMAP_NOT_PASSED_NO_INFO,
	EFIMAP_NOT_PASSED_VERSION,
	EFIMAP_NOT_PASSED_NO_SYSTAB,
	EFIMAP_NOT_PASSED_NO_FW_VENDOR,
	EFIMAP_NOT_PASSED_NO_RUNTIME,
	EFIMAP_NOT_PASSED_NO_CONFIG_TABLE,
	EFIMAP_NOT_PASSED_ALL_ONES,
	EFIMAP_NOT_PASSED_NO_MAP,
	EFIMAP_NOT_PASSED_RUNTIME_OFF,
	EFIMAP_NOT_PASSED_MIXED,
	EFIMAP_NOT_PASSED_KERNEL_32BIT,
};

const char *not_passed_text(enum not_passed reason);

#define EFIMAP_ENCODED_UNKNOWN(source) (UINT32_C(1) << (source))

/*
 * The data that a loader passes. @node and @memmap are encoded even if the loader passes nothing.
 *
 * @reason:   EFIMAP_IS_PASSED, or the reason why the loader passes nothing
 * @unknown:  EFIMAP_ENCODED_UNKNOWN(source) for each encoded pointer that the capture does not
 *            provide. Such a pointer is encoded as 0. An unknown SMBIOS address is encoded as if
 *            systab did not contain it.
 * @memmap:   descriptors of @desc_size bytes, with zero padding; owned
 */
struct encoded_setup_data {
	enum not_passed reason;
	uint32_t unknown;
	uint8_t node[EFIMAP_EFI_NODE_SIZE];
	uint8_t *memmap;
	size_t memmap_size;
	uint32_t desc_size;
};

/*
 * Encode the data that a loader would pass on the machine of @map. Free the result with
 * encoded_setup_data_free().
 */
struct encoded_setup_data encode_setup_data(const struct efimap *map, enum kexec_loader loader);

void encoded_setup_data_free(struct encoded_setup_data *encoded);

/*
 * Return the reason why @loader would pass no EFI data, or EFIMAP_IS_PASSED. In an offline capture,
 * the absence of boot_params or of a pointer file is not a reason.
 */
enum not_passed find_why_not_passed(const struct efimap *map, enum kexec_loader loader);

/*
 * Return the size in bytes of the descriptors that kexec_file_load passes. The kernel uses the size
 * that it received, usually 48 in a first kernel, and 40 in a kernel that kexec-tools loaded. If
 * boot_params contains no valid size, 48 is assumed.
 */
uint32_t passed_desc_size(const struct efimap *map);
#define auto_encoded_setup_data __attribute__((cleanup(encoded_setup_data_free)))

/*
 * Compute the order in which sysfs lists directories whose names are numbers. The order depends
 * only on the names: 0 to 7 are listed as 7 5 3 1 6 4 2 0. kexec-tools passes the runtime map in
 * this order. @ret_order receives @count positions in @names, and may be @names itself.
 */
void kernfs_order(const uint32_t *names, size_t count, uint32_t *ret_order);

#endif
