/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: what a boot loader passes, as a file
 *
 * A setup_data node or a chain of them, the 96 bytes that a SETUP_EFI node carries, an EFI
 * memory map, a boot_params. Anybody may have written it. Payloads of nodes other than SETUP_EFI
 * can carry keys: not one byte of them is kept.
 */
#ifndef INPUT_BINARY_BOOT_STRUCTURES_H
#define INPUT_BINARY_BOOT_STRUCTURES_H

#include <stddef.h>
#include <stdint.h>

#include "capture/capture.h"
#include "input/input_file.h"

/**
 * efimap_binary_recognise() - SETUP_DATA, BOOT_PARAMS (also one that is cut) or UNKNOWN
 *
 * A seed by its type, whatever else it looks like; a boot_params by its setup header or,
 * where the kernel's EFI stub has left that empty, by its efi_info; a node by a known type.
 */
enum efimap_binary_kind efimap_binary_recognise(const uint8_t *data, size_t size);

/**
 * struct efimap_binary_options - how to read a binary
 * @as:        take it as this kind; UNKNOWN to recognise it. What begins as a node does is
 *             taken for nothing else: its payload would come out
 * @desc_size: bytes of a descriptor of a memory map, 40 to EFIMAP_DESC_SIZE_MAX; 0 to
 *             recognise it
 * @base:      physical address of the first byte, for the next pointers of setup_data
 */
struct efimap_binary_options {
	enum efimap_binary_kind as;
	uint64_t desc_size;
	uint64_t base;
};

/**
 * efimap_binary_decode() - a capture of what a binary holds
 *
 * A chain is followed through next pointers that lie within the bytes (from the base on).
 */
int efimap_binary_decode(const uint8_t *data, size_t size, const char *name,
			 const struct efimap_binary_options *options, struct efimap **ret_map,
			 struct efimap_err *err);

/**
 * efimap_read_binary() - read a SOURCE that is a binary, whatever else it may look like
 *
 * efimap_read() does the same with a setup_data node and a boot_params, which it recognises.
 */
int efimap_read_binary(const char *source, const struct efimap_binary_options *options,
		       struct efimap **ret_map, struct efimap_err *err);

/* Is it one that is recognised? And reading it as that */
efimap_input_is_fn efimap_input_is_binary;
efimap_read_input_fn efimap_read_input_binary;

#endif
