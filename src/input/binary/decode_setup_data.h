/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: files with data that a boot loader passes to the kernel
 *
 * A file contains a chain of setup_data nodes, the 96-byte payload of a SETUP_EFI node, an EFI
 * memory map, or boot_params. The payloads of nodes other than SETUP_EFI may be secrets, so they
 * are not kept.
 */
#ifndef INPUT_BINARY_DECODE_SETUP_DATA_H
#define INPUT_BINARY_DECODE_SETUP_DATA_H

#include <stddef.h>
#include <stdint.h>

#include "capture/capture.h"
#include "input/input_file.h"

/* Detect the kind of a binary: SETUP_DATA, BOOT_PARAMS (even if truncated) or UNKNOWN. */
enum efimap_binary_kind efimap_binary_recognise(const uint8_t *data, size_t size);

/**
 * struct efimap_binary_options - how to read a binary
 * @as:        the kind, or UNKNOWN to detect it. Data that is detected as setup_data is never read
 *             as another kind.
 * @desc_size: size of a memory map descriptor in bytes, 40 to EFIMAP_DESC_SIZE_MAX; 0 to detect
 *             the size. If @desc_size is set, data of an unknown kind is read as a memory map.
 * @base:      physical address of the first byte, for resolving the next pointers of setup_data
 */
struct efimap_binary_options {
	enum efimap_binary_kind as;
	uint64_t desc_size;
	uint64_t base;
};

/* Create a capture from a binary. A next pointer to an address outside the file ends the chain. */
int efimap_binary_decode(const uint8_t *data, size_t size, const char *name,
			 const struct efimap_binary_options *options, struct efimap **ret_map,
			 struct efimap_err *err);

int efimap_read_binary(const char *source, const struct efimap_binary_options *options,
		       struct efimap **ret_map, struct efimap_err *err);

efimap_input_is_fn efimap_input_is_binary;
efimap_read_input_fn efimap_read_input_binary;

#endif
