/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the EFI data that this kernel received
 *
 * For a kernel that kexec started, determine whether EFI data was passed, which loader passed the
 * data, and whether the kernel can use the data. If the kernel received no EFI data or cannot use
 * it, list the possible causes.
 */
#ifndef COMPARE_RECEIVED_H
#define COMPARE_RECEIVED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "capture/boot_params.h"
#include "rules/report.h"

enum cause_certainty {
	EFIMAP_CAUSE_CERTAIN,
	EFIMAP_CAUSE_POSSIBLE,
	EFIMAP_CAUSE_EXCLUDED,
};

const char *cause_certainty_name(unsigned int certainty);

/**
 * struct cause - a possible reason why a kexec'd kernel has no EFI data, or cannot use it
 * @why: the effect of the cause, or the evidence for or against it
 * @fix: what removes the cause
 */
struct cause {
	const char *name;
	enum cause_certainty certainty;
	const char *why;
	const char *how_to_check;
	const char *fix;
};

#define EFIMAP_MAX_CAUSES 12

/**
 * struct received - the result of "efimapctl received"
 * @verdict:     RECEIVED, RECEIVED_UNUSABLE, CANNOT_TELL, NOT_RECEIVED, or NOT_APPLICABLE if the
 *               firmware started this kernel
 * @reason:      a clause that explains @verdict
 * @causes:      possible and excluded reasons why this kernel received no EFI data, or cannot use
 *               it; the most certain causes first
 * @died_of:     why this kernel died, if its log shows it; otherwise NULL
 * @has_payload: @payload is valid, because a SETUP_EFI node has a complete payload
 */
struct received {
	struct report *report;
	enum verdict verdict;
	const char *reason;
	enum find_loaded_by loaded_by;
	bool is_offline;
	const char *died_of;
	struct cause causes[EFIMAP_MAX_CAUSES];
	size_t n_causes;
	bool has_payload;
	struct efi_payload payload;
	bool has_info;
	struct efi_info info;
};

void received_free(struct received *received);
EFIMAP_FREES(received)
#define auto_received auto_cleanup(received_free_auto)

/**
 * judge_received() - determine the EFI data that this kernel received
 *
 * Return: the data. Free it with received_free().
 */
struct received *judge_received(const struct efimap *map);

#endif
