/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IMPORTERS_VMCORE_DUMP_MEMORY_H
#define IMPORTERS_VMCORE_DUMP_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/** enum space - the address space of an address of the crashed kernel */
enum space {
	SPACE_VIRTUAL,
	SPACE_PHYSICAL,
};

/**
 * struct memory - the memory of the crashed kernel
 * @read:       read exactly @size bytes at @address. Return 0 or a negative errno; -ENODATA if
 *              the bytes are missing from the dump or damaged.
 * @vmcoreinfo: return the value of a VMCOREINFO line, or NULL. The caller frees it.
 * @why:        return the message for the last failure of @read
 *
 * These are function pointers so that tests can substitute their own memory.
 */
struct memory {
	int (*read)(struct memory *memory, enum space space, uint64_t address, void *data,
		    size_t size);
	char *(*vmcoreinfo)(struct memory *memory, const char *key);
	const char *(*why)(struct memory *memory);
};

/** dump_open() - open an x86_64 dump with libkdumpfile; it stays open until the process exits */
int dump_open(const char *label, int fd, struct memory **ret_memory, struct efimap_err *err);

#endif
