/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A binary source is a file with data that a boot loader passes to a kernel. This module contains
 * the properties that only binary sources have. The capture contains the decoded nodes, descriptors
 * and fields.
 */
#ifndef CAPTURE_BINARY_SOURCE_H
#define CAPTURE_BINARY_SOURCE_H

#include <stddef.h>
#include <stdint.h>

enum efimap_binary_kind {
	EFIMAP_BINARY_UNKNOWN,
	EFIMAP_BINARY_SETUP_DATA,
	EFIMAP_BINARY_EFI_PAYLOAD,
	EFIMAP_BINARY_EFI_MEMMAP,
	EFIMAP_BINARY_BOOT_PARAMS,
};

/* Names by kind, terminated by NULL. The name of UNKNOWN is "". */
extern const char *const efimap_binary_kind_names[];
const char *efimap_binary_kind_name(unsigned int kind);

/*
 * Kind of a problem in a binary source. The kind determines the meaning of
 * efimap_binary_problem.value.
 *
 * @EFIMAP_PROBLEM_SETUP_LOOP:      the chain returns to an earlier node; the value is that node's
 *                                  address
 * @EFIMAP_PROBLEM_SETUP_OVERLAP:   the chain continues inside a node, or a payload overlaps
 *                                  a node; the value is the first common address
 * @EFIMAP_PROBLEM_SETUP_TRUNCATED: a node extends beyond the end of the file; the value is the
 *                                  number of missing bytes
 * @EFIMAP_PROBLEM_TRAILING:        the file continues after the decoded data; the value is the
 *                                  number of trailing bytes
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

/*
 * Position of a setup_data node in the file.
 *
 * @next:       address of the next node, as stored in the header
 * @offset:     offset of the header, 0 for a payload without a header
 * @payload_at: offset of the payload
 */
struct efimap_binary_node {
	uint64_t next;
	uint64_t offset;
	uint64_t payload_at;
};

/*
 * @desc_size: size of a descriptor in bytes, for EFI_MEMMAP
 * @nodes:     positions of the capture's nodes, by node index, for SETUP_DATA and EFI_PAYLOAD
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
