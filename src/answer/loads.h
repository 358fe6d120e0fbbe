/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which loads a capture and the options ask about, and where each places its segments. */
#ifndef ANSWER_LOADS_H
#define ANSWER_LOADS_H

#include "capture/installed_kernels.h"
#include "linux/kexec_memory.h"
#include "rules/load_case.h"
#include "rules/verify_options.h"

/*
 * enum kdump_state - is memory reserved for a crash kernel?
 * @KDUMP_UNKNOWN:        the capture does not tell
 * @KDUMP_NOT_CONFIGURED: there is no crashkernel= among the kernel parameters
 * @KDUMP_NOT_RESERVED:   there is one, and no memory is reserved
 */
enum kdump_state {
	KDUMP_UNKNOWN,
	KDUMP_NOT_CONFIGURED,
	KDUMP_NOT_RESERVED,
	KDUMP_RESERVED,
};

/* LOADS_MAX_KERNELS - for each question */
#define LOADS_MAX_KERNELS EFIMAP_MAX_KERNELS

/*
 * struct load_kernel - a kernel that loads start
 * @header:        of its image; valid where @has_header
 * @init_size_max: the largest init_size of an assumed kernel, as in struct efimap_load
 * @is_unnamed:    no configuration names it, and nothing is assumed about it
 */
struct load_kernel {
	struct efimap_image header;
	bool has_header;
	uint32_t init_size_max;
	struct efimap_release release;
	bool is_assumed;
	bool is_unnamed;
	bool is_unified;
	const char *initrd;
	bool has_initrd_size;
	uint64_t initrd_size;
};

/*
 * struct loads - all loads of a run; zero-initialise it, free it with loads_free()
 * @state:    what decides how they are loaded; of a capture that does not tell, nothing is known
 * @memory:   by loader
 * @cases:    borrow from the rest and from the capture
 */
struct loads {
	const struct efimap *map;
	const struct efimap_kexec_state *state;
	struct efimap_kexec_state unknown_state;
	enum kdump_state kdump;
	struct efimap_load_memory memory[EFIMAP_LOADER_COUNT];
	size_t n_memory;
	struct load_kernel kernels[2 * LOADS_MAX_KERNELS];
	size_t n_kernels;
	struct efimap_load_case cases[EFIMAP_MAX_LOADS];
	size_t count;
};

#endif
