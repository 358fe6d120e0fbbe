/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The options in the configuration of a kernel that affect an answer. */
#ifndef CAPTURE_KERNEL_CONFIG_H
#define CAPTURE_KERNEL_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/yes_no_unknown.h"

/*
 * The options that are used. X(name, absent): the name of the option without "CONFIG_", and its
 * value if a complete configuration has no line for it. Kconfig writes no line for an option whose
 * dependencies are off. src/input/tree/read_kernel_config.c sets options that follow from other
 * options.
 */
#define EFIMAP_OPTIONS(X)                                                                          \
	X(KEXEC, NOT_KNOWN)                                                                        \
	X(KEXEC_FILE, NOT_KNOWN)                                                                   \
	X(KEXEC_HANDOVER, NOT_KNOWN)                                                               \
	X(KEXEC_HANDOVER_ENABLE_DEFAULT, NOT_KNOWN)                                                \
	X(CMA, NOT_KNOWN)                                                                          \
	X(EFI_RUNTIME_MAP, NOT_KNOWN)                                                              \
	X(EFI_DISABLE_RUNTIME, KNOWN_NO)                                                           \
	X(AMD_MEM_ENCRYPT, KNOWN_NO)                                                               \
	X(KEXEC_SIG, KNOWN_NO)                                                                     \
	X(KEXEC_SIG_FORCE, KNOWN_NO)                                                               \
	X(KEXEC_VERIFY_SIG, NOT_KNOWN)                                                             \
	X(KEXEC_BZIMAGE_VERIFY_SIG, NOT_KNOWN)                                                     \
	X(IMA_ARCH_POLICY, KNOWN_NO)                                                               \
	X(IMA_SECURE_AND_OR_TRUSTED_BOOT, KNOWN_NO)                                                \
	X(IMA_APPRAISE, KNOWN_NO)                                                                  \
	X(IMA_APPRAISE_REQUIRE_KEXEC_SIGS, KNOWN_NO)                                               \
	X(IMA_KEXEC, NOT_KNOWN)                                                                    \
	X(PREEMPT_RT, NOT_KNOWN)                                                                   \
	/* The name of PREEMPT_RT before it was merged into Linux 5.3 */                           \
	X(PREEMPT_RT_FULL, NOT_KNOWN)

enum config_option {
#define EFIMAP_OPTION_ID(name, absent) EFIMAP_CONFIG_##name,
	EFIMAP_OPTIONS(EFIMAP_OPTION_ID) EFIMAP_N_OPTIONS,
};

/*
 * The configuration of a kernel, which may be the running kernel.
 *
 * @options:     enum known for each enum config_option
 * @cmdline_off: YES if CONFIG_CMDLINE disables EFI runtime services, NO if it enables them
 * @is_complete: the configuration contains all options
 * @cma_default: size in bytes of the default CMA area without cma= (CONFIG_CMA_SIZE_MBYTES)
 * @ima_extra:   CONFIG_IMA_KEXEC_EXTRA_MEMORY_KB in bytes
 */
struct kernel_config {
	uint8_t options[EFIMAP_N_OPTIONS];
	enum known cmdline_off;
	bool is_complete;
	bool has_cma_default;
	uint64_t cma_default;
	uint64_t ima_extra;
};

static inline bool option_is_on(const struct kernel_config *config, enum config_option option)
{
	return config->options[option] == EFIMAP_KNOWN_YES;
}

static inline bool option_is_off(const struct kernel_config *config, enum config_option option)
{
	return config->options[option] == EFIMAP_KNOWN_NO;
}

#endif
