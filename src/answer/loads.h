/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ANSWER_LOADS_H
#define ANSWER_LOADS_H

#include "capture/installed_kernels.h"
#include "linux/kexec_memory.h"
#include "rules/load_case.h"
#include "rules/verify_options.h"

/*
 * enum kdump_state - whether memory is reserved for a crash kernel
 * @KDUMP_UNKNOWN:        the capture shows neither whether memory is reserved nor the kernel
 *                        parameters
 * @KDUMP_NOT_CONFIGURED: crashkernel= is not given, or no memory is reserved and the kernel
 *                        parameters are unknown
 * @KDUMP_NOT_RESERVED:   crashkernel= is given, but no memory is reserved
 * @KDUMP_CONFIGURED:     memory is reserved, or crashkernel= is given and the capture does not show
 *                        whether memory is reserved
 */
enum kdump_state {
	KDUMP_UNKNOWN,
	KDUMP_NOT_CONFIGURED,
	KDUMP_NOT_RESERVED,
	KDUMP_CONFIGURED,
};

/*
 * struct load_kernel - a kernel to load
 * @header:        header of the kernel image; valid if @has_header is set
 * @size:          size of the image file in bytes, or 0 if it is unknown
 * @init_size_max: the largest init_size that an assumed kernel may have, as in struct efimap_load
 * @has_paths:     the paths of the image and the initrd may be printed in a command: --kernel names
 *                 them, or the capture is that of the running system
 * @is_unnamed:    no configuration names the kernel, and nothing is assumed about it
 */
struct load_kernel {
	struct efimap_image header;
	bool has_header;
	uint64_t size;
	uint32_t init_size_max;
	struct efimap_release release;
	bool is_assumed;
	bool has_paths;
	bool is_unnamed;
	bool is_unified;
	const char *initrd;
	bool has_initrd_size;
	uint64_t initrd_size;
};

/*
 * struct loads - all loads of a run; zero-initialise it, and free it with loads_free()
 * @state:  state of the running system that affects kexec; points to @unknown_state if the capture
 *          does not contain it
 * @memory: memory that each loader may use, indexed by enum efimap_loader
 * @cases:  the loads; they borrow from the other members and from the capture
 * @count:  number of @cases
 */
struct loads {
	const struct efimap *map;
	const struct efimap_kexec_state *state;
	struct efimap_kexec_state unknown_state;
	enum kdump_state kdump;
	struct efimap_load_memory memory[EFIMAP_LOADER_COUNT];
	size_t n_memory;
	struct load_kernel kernels[2 * EFIMAP_MAX_KERNELS];
	size_t n_kernels;
	struct efimap_load_case cases[EFIMAP_MAX_LOADS];
	size_t count;
};

#endif
