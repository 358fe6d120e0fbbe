/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the setup_data that a kexec loader passes
 *
 * The bytes in which a kexec loader passes EFI to the next kernel: a setup_data node, the
 * EFI memory map and boot_params.efi_info.
 *
 * kexec_load: kexec-tools, kexec/arch/i386/x86-linux-setup.c: setup_efi_info().
 * kexec_file_load: the kernel, arch/x86/kernel/kexec-bzimage64.c: setup_efi_state().
 */
#ifndef LINUX_SETUP_DATA_H
#define LINUX_SETUP_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/boot_params.h"
#include "capture/capture.h"

/** EFIMAP_DESC_SIZE_FIRMWARE - what EDK II uses, and with it the first kernel */
#define EFIMAP_DESC_SIZE_FIRMWARE 48U

enum efimap_loader {
	EFIMAP_LOADER_KEXEC_TOOLS,
	EFIMAP_LOADER_KERNEL,
};
#define EFIMAP_LOADER_COUNT (EFIMAP_LOADER_KERNEL + 1)

const char *efimap_loader_name(enum efimap_loader loader);

/**
 * enum efimap_descriptor_order - the order of the descriptors
 * @EFIMAP_DESCRIPTOR_ORDER_LOADER: the loader's own
 * @EFIMAP_DESCRIPTOR_ORDER_INDEX:  ascending index, as the kernel does
 * @EFIMAP_DESCRIPTOR_ORDER_KERNFS: as sysfs lists the directories, as kexec-tools does
 */
enum efimap_descriptor_order {
	EFIMAP_DESCRIPTOR_ORDER_LOADER,
	EFIMAP_DESCRIPTOR_ORDER_INDEX,
	EFIMAP_DESCRIPTOR_ORDER_KERNFS,
};

/**
 * enum efimap_not_passed - why a loader passes nothing; setup_data.c has a sentence for each
 *
 * RUNTIME_OFF is a reason of the kernel, those between NOT_EFI and NO_MAP but NO_INFO are reasons
 * of kexec-tools. ALL_ONES: one of these addresses is 2^64 - 1, which kexec-tools takes for a
 * failed conversion. Of them all it prints VERSION alone.
 *
 * Not here, because the capture cannot show it: --noefi, a target image without
 * EFIMAP_XLF_EFI_KEXEC, or one that is no 64-bit bzImage.
 */
enum efimap_not_passed {
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
	EFIMAP_NOT_PASSED_KERNEL_32BIT,
};

const char *efimap_not_passed_text(enum efimap_not_passed reason);

/**
 * struct efimap_setup_data_options - how to hand over; all zero is kexec-tools as it is
 * @desc_size:   override of the descriptor size, 40 to EFIMAP_DESC_SIZE_MAX; 0 for the
 *               loader's: 40 for kexec-tools; for the kernel what boot_params says, 48 where
 *               that is not known
 * @memmap_addr: where the map will lie, for efi_info
 */
struct efimap_setup_data_options {
	enum efimap_loader loader;
	enum efimap_descriptor_order order;
	uint64_t desc_size;
	uint64_t memmap_addr;
};

#define EFIMAP_ENCODED_UNKNOWN(source) (UINT32_C(1) << (source))

/**
 * struct efimap_encoded_setup_data - what is handed over
 * @reason:      PASSES, or why nothing would be
 * @unknown:     EFIMAP_ENCODED_UNKNOWN(source) for each source whose value is not in the
 *               capture; 0 was written for a pointer, "absent" for SMBIOS
 * @memmap:      @n_entries descriptors of @desc_size bytes, padding zero, owned
 * @order:       per descriptor its position in map->entries, owned
 * @efi_info:    as it lies in boot_params; all zero unless @reason is PASSES
 *
 * @node and @memmap are made whatever @reason says, from what the capture holds.
 */
struct efimap_encoded_setup_data {
	enum efimap_not_passed reason;
	uint32_t unknown;
	uint8_t node[EFIMAP_EFI_NODE_SIZE];
	uint8_t *memmap;
	size_t memmap_size;
	uint32_t desc_size;
	uint32_t *order;
	size_t n_entries;
	bool has_info;
	uint8_t efi_info[EFIMAP_EFI_INFO_BYTES];
};

/**
 * efimap_encode_setup_data() - what a loader would pass from this capture
 *
 * What an offline capture did not collect is no reason: boot_params absent there only
 * leave @has_info false, and the pointers count as missing only where some of them are
 * there.
 */
int efimap_encode_setup_data(const struct efimap *map,
			     const struct efimap_setup_data_options *options,
			     struct efimap_encoded_setup_data *ret_encoded);

void efimap_encoded_setup_data_free(struct efimap_encoded_setup_data *encoded);

/**
 * efimap_find_why_not_passed() - would a loader pass EFI to the next kernel?
 *
 * Return: PASSES, or why not: the @reason of the hand-over that efimap_encode_setup_data() makes.
 */
enum efimap_not_passed efimap_find_why_not_passed(const struct efimap *map,
						  enum efimap_loader loader);

/** efimap_passed_desc_size() - bytes of a descriptor that kexec_file_load passes */
uint32_t efimap_passed_desc_size(const struct efimap *map);
#define efimap_auto_encoded_setup_data                                                   \
	__attribute__((cleanup(efimap_encoded_setup_data_free)))

/**
 * efimap_kernfs_order() - numbered directories in the order sysfs lists them
 *
 * That of a hash of the names, the same on every machine and in every boot: kexec-tools reads
 * the runtime map in this order and hands it over so.
 *
 * @ret_order: receives @count positions in @names, the first listed first; untouched on
 *             failure; it may be @names itself
 *
 * For the names 0 to 7 it is 7 5 3 1 6 4 2 0.
 */
int efimap_kernfs_order(const uint32_t *names, size_t count, uint32_t *ret_order);

#endif
