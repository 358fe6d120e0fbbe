/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RULES_VERIFY_OPTIONS_H
#define RULES_VERIFY_OPTIONS_H

#include "capture/installed_kernels.h"
#include "linux/encode_setup_data.h"

/**
 * struct verify_options - the options of verify
 * @not_asked: EFIMAP_QUESTION_BIT() of each question that is not answered
 * @kernels:  the kernels to load; if there are none, the kernels of the capture are used
 * @only_configured: do not assume a kernel. Without @kernels, check only the kernel that the
 *            configuration of the kdump service names, with the loader that the installed tools
 *            would use.
 * @initrd_size: size of the initrd of an assumed kernel, in bytes
 * @unpacked: bounds of the unpacked size of the initrd of an assumed kernel
 * @segments: the segments that kexec placed, or NULL if they are unknown
 * @loaders:  EFIMAP_LOADER_BIT() of each loader to check; 0 for both
 * @mem_min:  the lowest address that kexec-tools may use
 * @mem_max:  the highest address that kexec-tools may use, 0 for no limit
 */
struct verify_options {
	uint32_t not_asked;
	const struct installed_kernel *kernels;
	size_t n_kernels;
	bool only_configured;
	bool has_initrd_size;
	uint64_t initrd_size;
	struct unpacked_size unpacked;
	const struct segments *segments;
	uint32_t loaders;
	uint64_t mem_min;
	uint64_t mem_max;
};

#define EFIMAP_LOADER_BIT(loader) (UINT32_C(1) << (loader))

#define EFIMAP_QUESTION_BIT(question) (UINT32_C(1) << (question))

#endif
