/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: files with the data that a boot loader passes
 *
 * A file has a chain of setup_data nodes, the 96-byte payload of a SETUP_EFI node, an EFI memory
 * map, or boot_params. It is untrusted. Payloads other than SETUP_EFI may be keys, and no byte of
 * them is kept.
 */
#ifndef INPUT_BINARY_DECODE_SETUP_DATA_H
#define INPUT_BINARY_DECODE_SETUP_DATA_H

#include <stddef.h>
#include <stdint.h>

#include "capture/capture.h"
#include "input/input_file.h"

/**
 * efimap_binary_recognise() - Return SETUP_DATA, BOOT_PARAMS (even if truncated) or UNKNOWN
 *
 * A seed is detected by its type alone. boot_params are detected by the setup header, or by
 * efi_info if the EFI stub has left the header empty. Other nodes are detected by a known type.
 */
enum efimap_binary_kind efimap_binary_recognise(const uint8_t *data, size_t size);

/**
 * struct efimap_binary_options - how to read a binary
 * @as:        the kind; UNKNOWN to detect it. What begins like a node is read as nothing else,
 *             because that would show its payload.
 * @desc_size: size of a memory map descriptor in bytes, 40 to EFIMAP_DESC_SIZE_MAX; 0 to detect
 *             it
 * @base:      physical address of the first byte, for the next pointers of setup_data
 */
struct efimap_binary_options {
	enum efimap_binary_kind as;
	uint64_t desc_size;
	uint64_t base;
};

/**
 * efimap_binary_decode() - Make a capture of a binary
 *
 * A chain is followed through next pointers that point into the file (relative to @base).
 */
int efimap_binary_decode(const uint8_t *data, size_t size, const char *name,
			 const struct efimap_binary_options *options, struct efimap **ret_map,
			 struct efimap_err *err);

/**
 * efimap_read_binary() - Read a SOURCE as a binary, without trying other formats
 *
 * efimap_read() also reads setup_data nodes and boot_params, which it detects.
 */
int efimap_read_binary(const char *source, const struct efimap_binary_options *options,
		       struct efimap **ret_map, struct efimap_err *err);

/* Detect a binary by its content, and read it */
efimap_input_is_fn efimap_input_is_binary;
efimap_read_input_fn efimap_read_input_binary;

#endif
