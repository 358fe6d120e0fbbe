/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: a SOURCE that is a binary
 *
 * What a boot loader passes to a kernel, as one file: a setup_data node or a chain of them, the
 * payload of a SETUP_EFI node, an EFI memory map, or a boot_params. Its nodes, descriptors and
 * fields are in the capture, as those of a machine are. Here is what only a file tells: its kind,
 * and the bytes at which things stand.
 */
#ifndef CAPTURE_BINARY_SOURCE_H
#define CAPTURE_BINARY_SOURCE_H

#include <stddef.h>
#include <stdint.h>

/** enum efimap_binary_kind - what a binary is; UNKNOWN where that is to be recognised */
enum efimap_binary_kind {
	EFIMAP_BINARY_UNKNOWN,
	EFIMAP_BINARY_SETUP_DATA,
	EFIMAP_BINARY_EFI_PAYLOAD,
	EFIMAP_BINARY_EFI_MEMMAP,
	EFIMAP_BINARY_BOOT_PARAMS,
};

/** efimap_binary_kind_names - by kind, "" for UNKNOWN; ends with NULL */
extern const char *const efimap_binary_kind_names[];
const char *efimap_binary_kind_name(unsigned int kind);

/**
 * enum efimap_binary_problem_kind - something unexpected in the bytes
 * @EFIMAP_PROBLEM_SETUP_LOOP:      the chain comes back to a node (value: its address)
 * @EFIMAP_PROBLEM_SETUP_OVERLAP:   the chain goes on inside a node, or a payload covers one
 *                              (value: the address where the two meet)
 * @EFIMAP_PROBLEM_SETUP_TRUNCATED: length goes beyond the end (value: bytes that are missing)
 * @EFIMAP_PROBLEM_TRAILING:        bytes behind what was decoded (value: how many)
 */
enum efimap_binary_problem_kind {
	EFIMAP_PROBLEM_SETUP_LOOP,
	EFIMAP_PROBLEM_SETUP_OVERLAP,
	EFIMAP_PROBLEM_SETUP_TRUNCATED,
	EFIMAP_PROBLEM_TRAILING,
	EFIMAP_PROBLEM_COUNT,
};

struct efimap_binary_problem {
	enum efimap_binary_problem_kind kind;
	uint64_t offset;
	uint64_t value;
};

/**
 * struct efimap_binary_node - where a setup_data node of the capture stands
 * @next:       its pointer to the next one
 * @offset:     of its header; of a bare payload 0
 * @payload_at: of its payload
 */
struct efimap_binary_node {
	uint64_t next;
	uint64_t offset;
	uint64_t payload_at;
};

/**
 * struct efimap_binary - what only the file tells
 * @desc_size: of EFI_MEMMAP: bytes of a descriptor
 * @nodes:     of SETUP_DATA and EFI_PAYLOAD: one for each node of the capture, by its index
 */
struct efimap_binary {
	enum efimap_binary_kind kind;
	uint32_t desc_size;
	struct efimap_binary_node *nodes;
	size_t n_nodes;
	struct efimap_binary_problem *problems;
	size_t n_problems;
	size_t capacity[2];
};

void efimap_binary_free(struct efimap_binary *binary);

#endif
