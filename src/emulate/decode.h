/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: decoding
 *
 * What a binary of the hand-over holds: a setup_data node or a chain of them, the 96
 * bytes that a SETUP_EFI node carries, an EFI memory map, a boot_params. Anybody may have
 * written it. Payloads of nodes other than SETUP_EFI can carry keys: not one byte of them
 * is returned.
 */
#ifndef EMULATE_DECODE_H
#define EMULATE_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/boot_params.h"
#include "model/capture.h"
#include "model/entry.h"

#define EFIMAP_DECODE_MAX (UINT64_C(256) << 20)
#define EFIMAP_DECODE_MAX_NODES 65536U

enum efimap_blob {
	EFIMAP_BLOB_UNKNOWN,
	EFIMAP_BLOB_SETUP_DATA,
	EFIMAP_BLOB_EFI_PAYLOAD,
	EFIMAP_BLOB_EFI_MEMMAP,
	EFIMAP_BLOB_BOOT_PARAMS,
};

const char *efimap_blob_name(unsigned int blob);

/**
 * struct efimap_decode_options - how to decode
 * @as:        take it as this kind; UNKNOWN to recognise it. What begins as a node does is
 *             taken for nothing else: its payload would come out
 * @desc_size: bytes of a descriptor of a memory map, 40 to EFIMAP_DESC_SIZE_MAX; 0 to
 *             recognise it
 * @base:      physical address of the first byte, for the next pointers of setup_data
 */
struct efimap_decode_options {
	enum efimap_blob as;
	uint64_t desc_size;
	uint64_t base;
};

/**
 * enum efimap_oddity_kind - something that the check room has to judge
 * @EFIMAP_ODD_SETUP_LOOP:      the chain comes back to a node (value: its address)
 * @EFIMAP_ODD_SETUP_OVERLAP:   the chain goes on inside a node, or a payload covers one
 *                              (value: the address where the two meet)
 * @EFIMAP_ODD_SETUP_TRUNCATED: length goes beyond the end (value: bytes that are missing)
 * @EFIMAP_ODD_TRAILING:        bytes behind what was decoded (value: how many)
 */
enum efimap_oddity_kind {
	EFIMAP_ODD_SETUP_LOOP,
	EFIMAP_ODD_SETUP_OVERLAP,
	EFIMAP_ODD_SETUP_TRUNCATED,
	EFIMAP_ODD_TRAILING,
	EFIMAP_ODD_COUNT,
};

struct efimap_oddity {
	enum efimap_oddity_kind kind;
	uint64_t offset;
	uint64_t value;
};

/**
 * struct efimap_setup_data - one node
 * @offset:      of its header
 * @len:         payload bytes that it claims
 * @has_payload: a SETUP_EFI node of which at least the four addresses are there
 */
struct efimap_setup_data {
	uint64_t offset;
	uint64_t next;
	uint32_t type;
	uint32_t len;
	bool has_payload;
	struct efimap_efi_payload payload;
};

/**
 * struct efimap_decoded - what a binary holds
 * @n_efi:       SETUP_EFI nodes in a chain
 * @efi:         the last of them, which the kernel takes, as a capture has it; a bare payload
 *               counts as one
 * @efi_at:      of its payload in the bytes
 */
struct efimap_decoded {
	enum efimap_blob kind;
	struct efimap_setup_data *nodes;
	size_t n_nodes;
	struct efimap_efi_payload payload;
	struct efimap_entry *entries;
	size_t n_entries;
	uint32_t desc_size;
	struct efimap_boot_params boot_params;
	size_t n_efi;
	struct efimap_setup_node efi;
	uint64_t efi_at;
	struct efimap_oddity *oddities;
	size_t n_oddities;
	size_t capacity[2];
};

/**
 * efimap_decode_recognise() - SETUP_DATA, BOOT_PARAMS (also one that is cut) or UNKNOWN
 *
 * A seed by its type, whatever else it looks like; a boot_params by its setup header or,
 * where the kernel's EFI stub has left that empty, by its efi_info; a node by a known type.
 */
enum efimap_blob efimap_decode_recognise(const uint8_t *data, size_t size);

/**
 * efimap_decode() - what a binary holds
 *
 * A chain is followed through next pointers that lie within the bytes (from @base on).
 */
int efimap_decode(const uint8_t *data, size_t size, const char *where,
		  const struct efimap_decode_options *options,
		  struct efimap_decoded *ret_decoded, struct efimap_err *err);

void efimap_decoded_free(struct efimap_decoded *decoded);
#define efimap_auto_decoded __attribute__((cleanup(efimap_decoded_free)))

#endif
