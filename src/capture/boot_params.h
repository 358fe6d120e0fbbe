/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: boot_params
 *
 * The 4096 bytes that a boot loader hands to an x86 kernel
 * (arch/x86/include/uapi/asm/bootparam.h; Documentation/arch/x86/zero-page.rst): where
 * the fields of &struct efimap_boot_params lie.
 */
#ifndef CAPTURE_BOOT_PARAMS_H
#define CAPTURE_BOOT_PARAMS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/little_endian_reader.h"
#include "capture/capture.h"

#define EFIMAP_BOOT_PARAMS_BYTES 4096
#define EFIMAP_EFI_INFO_BYTES 32

/** EFIMAP_BOOT_PARAMS_AT_* - offsets in struct boot_params */
#define EFIMAP_BOOT_PARAMS_AT_ACPI_RSDP_ADDR 0x070
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

/** EFIMAP_BOOT_PARAMS_HEADER - "HdrS" as a little-endian number, at AT_HEADER */
#define EFIMAP_BOOT_PARAMS_HEADER UINT32_C(0x53726448)

/**
 * EFIMAP_DESC_SIZE - sizeof(efi_memory_desc_t), which kexec-tools writes as desc_size
 * (kexec/arch/i386/x86-linux-setup.c: setup_efi_info); firmware has larger ones
 */
#define EFIMAP_DESC_SIZE 40U
/** EFIMAP_DESC_SIZE_MAX - the kernel allows longer ones, and nobody has such */
#define EFIMAP_DESC_SIZE_MAX 4096U
/** efimap_descriptor_decode() - the first EFIMAP_DESC_SIZE bytes of one, which the cursor passes */
struct efimap_entry efimap_descriptor_decode(struct efimap_le_reader *cursor, uint32_t index);

/** EFIMAP_BOOT_PROTOCOL_XLF - the first boot protocol with xloadflags, 2.12 */
#define EFIMAP_BOOT_PROTOCOL_XLF 0x020c
/** EFIMAP_XLF_KERNEL_64 - xloadflags: the image has a 64-bit entry point */
#define EFIMAP_XLF_KERNEL_64 0x1
/** EFIMAP_XLF_ABOVE_4G - xloadflags: kernel and initrd may lie above 4 GiB */
#define EFIMAP_XLF_ABOVE_4G 0x2
/** EFIMAP_XLF_EFI_KEXEC - xloadflags: this kernel takes EFI from kexec-tools */
#define EFIMAP_XLF_EFI_KEXEC 0x10
/** EFIMAP_XLF_5LEVEL - xloadflags: it can be started on page tables of five levels */
#define EFIMAP_XLF_5LEVEL 0x20
/** EFIMAP_XLF_5LEVEL_ENABLED - xloadflags: it goes on with them, where the CPU has them */
#define EFIMAP_XLF_5LEVEL_ENABLED 0x40

/**
 * efimap_boot_params_decode() - the fields that we use
 * @ret_params: the fields; bytes of the signature that are neither 0 nor printable ASCII
 *              become '?'
 */
void efimap_boot_params_decode(const uint8_t data[EFIMAP_BOOT_PARAMS_BYTES],
			       struct efimap_boot_params *ret_params);

/**
 * struct efimap_efi_payload - struct efi_setup_data, without what is reserved in it
 * @runtime: kernels before 5.7 take it, later ones call it __unused
 */
struct efimap_efi_payload {
	uint64_t fw_vendor;
	uint64_t runtime;
	uint64_t tables;
	uint64_t smbios;
};

#define EFIMAP_EFI_PAYLOAD_FIELDS 32

void efimap_efi_payload_decode(const uint8_t data[EFIMAP_EFI_PAYLOAD_FIELDS],
			       struct efimap_efi_payload *ret_payload);

/**
 * efimap_efi_payload_find() - what the first kernel left in a capture's SETUP_EFI node
 * @ret_payload: of the last such node, as arch/x86/kernel/setup.c: parse_setup_data has it
 *
 * Return: true; false and @ret_payload untouched when there is no such node, or none that
 * is long enough.
 */
bool efimap_efi_payload_find(const struct efimap *map,
			     struct efimap_efi_payload *ret_payload);

/** efimap_has_efi_signature() - does efi_info have this signature ("EL64", "EL32", "Xen")? */
bool efimap_has_efi_signature(const struct efimap *map, const char *signature);

#endif
