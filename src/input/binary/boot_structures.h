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

#include "input/input_file.h"
#include "input/read_source.h"

/**
 * efimap_binary_recognise() - SETUP_DATA, BOOT_PARAMS (also one that is cut) or UNKNOWN
 *
 * A seed by its type, whatever else it looks like; a boot_params by its setup header or,
 * where the kernel's EFI stub has left that empty, by its efi_info; a node by a known type.
 */
enum efimap_binary_kind efimap_binary_recognise(const uint8_t *data, size_t size);

/**
 * efimap_binary_decode() - a capture of what a binary holds
 *
 * A chain is followed through next pointers that lie within the bytes (from the base on).
 */
int efimap_binary_decode(const uint8_t *data, size_t size, const char *name,
			 const struct efimap_binary_options *options, struct efimap **ret_map,
			 struct efimap_err *err);

/* Is it one that is recognised? And reading it as that */
efimap_input_is_fn efimap_input_is_binary;
efimap_read_input_fn efimap_read_input_binary;

#endif
