/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * boot_params: the 4096 bytes that a boot loader passes to an x86 kernel
 * (arch/x86/include/uapi/asm/bootparam.h; Documentation/arch/x86/zero-page.rst).
 */
#ifndef CAPTURE_BOOT_PARAMS_H
#define CAPTURE_BOOT_PARAMS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/little_endian_reader.h"
#include "capture/capture.h"

#define EFIMAP_BOOT_PARAMS_BYTES 4096
#define EFIMAP_EFI_INFO_BYTES 32

#define EFIMAP_BOOT_PARAMS_AT_ACPI_RSDP_ADDR 0x070
#define EFIMAP_BOOT_PARAMS_AT_CC_BLOB_ADDRESS 0x13c
#define EFIMAP_BOOT_PARAMS_AT_EFI_INFO 0x1c0
#define EFIMAP_BOOT_PARAMS_AT_E820_ENTRIES 0x1e8
#define EFIMAP_BOOT_PARAMS_AT_SECURE_BOOT 0x1ec
#define EFIMAP_BOOT_PARAMS_AT_BOOT_FLAG 0x1fe
#define EFIMAP_BOOT_PARAMS_AT_HEADER 0x202
#define EFIMAP_BOOT_PARAMS_AT_VERSION 0x206
#define EFIMAP_BOOT_PARAMS_AT_TYPE_OF_LOADER 0x210
#define EFIMAP_BOOT_PARAMS_AT_KERNEL_ALIGNMENT 0x230
#define EFIMAP_BOOT_PARAMS_AT_RELOCATABLE 0x234
#define EFIMAP_BOOT_PARAMS_AT_XLOADFLAGS 0x236
#define EFIMAP_BOOT_PARAMS_AT_SETUP_DATA 0x250
#define EFIMAP_BOOT_PARAMS_AT_PREF_ADDRESS 0x258
#define EFIMAP_BOOT_PARAMS_AT_INIT_SIZE 0x260
#define EFIMAP_BOOT_PARAMS_AT_E820_TABLE 0x2d0

/*
 * Maximum number of e820 entries in boot_params, and the size of an entry in bytes
 * (arch/x86/include/uapi/asm/bootparam.h: E820_MAX_ENTRIES_ZEROPAGE).
 */
#define EFIMAP_E820_MAX 128
#define EFIMAP_E820_ENTRY 20
/* The type of RAM in the e820 table (arch/x86/include/asm/e820/types.h) */
#define EFIMAP_E820_TYPE_RAM 1

/* "HdrS" as a little-endian number. */
#define EFIMAP_BOOT_PARAMS_HEADER UINT32_C(0x53726448)

/*
 * sizeof(efi_memory_desc_t), which kexec-tools writes as desc_size
 * (kexec/arch/i386/x86-linux-setup.c: setup_efi_info). Descriptors from the firmware are usually
 * larger: 48 bytes.
 */
#define EFIMAP_DESC_SIZE 40U
/* Maximum accepted desc_size. Linux has no maximum, and known firmware uses smaller descriptors. */
#define EFIMAP_DESC_SIZE_MAX 4096U

/* First version of the boot protocol with the field xloadflags: 2.12. */
#define EFIMAP_BOOT_PROTOCOL_XLF 0x020c
/* xloadflags: the image has a 64-bit entry point. */
#define EFIMAP_XLF_KERNEL_64 0x1
/* xloadflags: the kernel and its initrd may be loaded above 4 GiB. */
#define EFIMAP_XLF_ABOVE_4G 0x2
/* xloadflags: the kernel supports EFI runtime services after kexec. */
#define EFIMAP_XLF_EFI_KEXEC 0x10
/* xloadflags: the kernel can be started with 5-level paging enabled. */
#define EFIMAP_XLF_5LEVEL 0x20
/* xloadflags: the kernel uses 5-level paging if the CPU supports it. */
#define EFIMAP_XLF_5LEVEL_ENABLED 0x40

/* Replace bytes of efi_info.signature that are neither 0 nor printable ASCII with '?'. */
void boot_params_decode(const uint8_t data[EFIMAP_BOOT_PARAMS_BYTES],
			struct boot_params *ret_params);

/* struct efi_setup_data without its reserved members. Linux 5.7 and later ignore @runtime. */
struct efi_payload {
	uint64_t fw_vendor;
	uint64_t runtime;
	uint64_t tables;
	uint64_t smbios;
};

#define EFIMAP_EFI_PAYLOAD_FIELDS 32

void efi_payload_decode(const uint8_t data[EFIMAP_EFI_PAYLOAD_FIELDS],
			struct efi_payload *ret_payload);

/*
 * Decode the payload of the SETUP_EFI node in a capture. If several SETUP_EFI nodes contain all
 * four fields, use the last one, as the kernel does (arch/x86/kernel/setup.c: parse_setup_data).
 * Return false, without changing @ret_payload, if none contains all four fields.
 */
bool efi_payload_find(const struct efimap *map, struct efi_payload *ret_payload);

/* Return whether boot_params was read and has @signature: "EL64", "EL32" or "Xen". */
bool has_efi_signature(const struct efimap *map, const char *signature);

/* Return whether boot_params has the EFI signature of any word size. */
bool is_started_by_efi(const struct efimap *map);

#endif
