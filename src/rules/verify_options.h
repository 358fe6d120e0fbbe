/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What decides how the rules judge a capture, besides the capture. */
#ifndef RULES_VERIFY_OPTIONS_H
#define RULES_VERIFY_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/installed_kernels.h"
#include "capture/kexec_segments.h"
#include "linux/encode_setup_data.h"
#include "rules/rule_catalogue.h"

/**
 * enum efimap_expect - what the map is expected to be
 * @EFIMAP_EXPECT_AUTO:     what Linux makes of this firmware
 * @EFIMAP_EXPECT_IDENTITY: every entry identity-mapped; others are errors
 *                          (nonidentity)
 * @EFIMAP_EXPECT_VIRTUAL:  every entry in the EFI runtime virtual address range; identity
 *                          entries are errors (identity-native, identity-partial), mixed
 *                          mode or not
 */
enum efimap_expect {
	EFIMAP_EXPECT_AUTO,
	EFIMAP_EXPECT_IDENTITY,
	EFIMAP_EXPECT_VIRTUAL,
};

/**
 * struct efimap_verify_options - how to judge
 * @fail_on:  findings of this severity and above make the verdict fail
 * @not_asked: set of EFIMAP_QUESTION_BIT(): questions that are not to be answered
 * @kernels:  the kernels that are to be loaded, @n_kernels of them; none for those of the capture
 * @only_configured: assume no kernel: without @kernels, judge the one that the configuration of the
 *            kdump service names, and the loader that is used by default
 * @has_initrd_size: @initrd_size is that of the initrd of an assumed kernel
 * @segments: where kexec loads to, NULL when not known
 * @loaders:  set of EFIMAP_LOADER_BIT(): who may load, 0 for either
 * @mem_min:  the lowest address that kexec-tools may use
 * @mem_max:  the highest, 0 for any
 * @disabled: per rule, true leaves it out (neither finding nor skip); all false: all run
 */
struct efimap_verify_options {
	enum efimap_severity fail_on;
	enum efimap_expect expect;
	uint32_t not_asked;
	const struct efimap_installed_kernel *kernels;
	size_t n_kernels;
	bool only_configured;
	bool has_initrd_size;
	uint64_t initrd_size;
	const struct efimap_segments *segments;
	uint32_t loaders;
	uint64_t mem_min;
	uint64_t mem_max;
	bool disabled[EFIMAP_RULE_COUNT];
};

/** EFIMAP_LOADER_BIT() - a loader as a bit of a set */
#define EFIMAP_LOADER_BIT(loader) (UINT32_C(1) << (loader))

/** EFIMAP_QUESTION_BIT() - a question as a bit of a set */
#define EFIMAP_QUESTION_BIT(question) (UINT32_C(1) << (question))

#define EFIMAP_VERIFY_OPTIONS_INIT { .fail_on = EFIMAP_ERROR }

#endif
