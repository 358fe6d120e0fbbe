/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dump --format=setup-data and --format=efi-memmap: the bytes that a loader hands over. */
#ifndef CLI_DUMP_BINARY_H
#define CLI_DUMP_BINARY_H

#include <stdbool.h>

#include "cli/cli.h"
#include "emulate/handover.h"

/**
 * struct dump_binary - what dump_binary_argp understands, and which of the two it is
 * @memmap:    the EFI memory map, else the setup_data node
 * @how:       loader, order and descriptor size
 * @is_chosen: one of the options was given
 * @is_of_memmap: one of those that only an EFI memory map has
 */
struct dump_binary {
	bool memmap;
	struct efimap_handover_options how;
	bool is_chosen;
	bool is_of_memmap;
};

/** dump_binary_argp - --loader, --order and --desc-size; its input is the struct above */
extern const struct argp dump_binary_argp;

/**
 * dump_binary_write() - write the bytes to @file (NULL: standard output)
 *
 * Refused where the loader would silently pass nothing, and where the capture does not
 * hold what it would write.
 */
enum status dump_binary_write(const struct dump_binary *binary, const char *source,
			      const char *file);

#endif
