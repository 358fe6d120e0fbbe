/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: has EFI reached this kernel?
 *
 * What the command received says of a kernel that was kexec'ed: has EFI reached it, by which
 * loader, and if not, what may have been the cause.
 */
#ifndef RULES_RECEIVED_H
#define RULES_RECEIVED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "capture/boot_params.h"
#include "rules/report.h"

/**
 * enum efimap_fit - how well a cause fits
 * @EFIMAP_FIT_CERTAIN:  the capture proves it
 * @EFIMAP_FIT_POSSIBLE: nothing speaks against it
 * @EFIMAP_FIT_EXCLUDED: the capture proves that it was not so
 */
enum efimap_fit {
	EFIMAP_FIT_CERTAIN,
	EFIMAP_FIT_POSSIBLE,
	EFIMAP_FIT_EXCLUDED,
};

const char *efimap_fit_name(unsigned int fit);

/**
 * struct efimap_cause - something that keeps EFI from a kexec'ed kernel
 * @why:   what happens then, or what proves or excludes it
 * @check: how to tell
 */
struct efimap_cause {
	const char *name;
	enum efimap_fit fit;
	const char *why;
	const char *check;
};

#define EFIMAP_MAX_CAUSES 12

/**
 * struct efimap_receipt - what received says
 * @verdict:     RECEIVED, NOT_RECEIVED, or NOT_APPLICABLE: the firmware started this kernel, or
 *               nothing says who
 * @causes:      why nothing, or not all, has reached this kernel: certain ones first
 * @has_payload: the setup_data node of type 4 is there, so @payload is known
 */
struct efimap_receipt {
	enum efimap_verdict verdict;
	const char *reason;
	enum efimap_loaded_by loaded_by;
	struct efimap_cause causes[EFIMAP_MAX_CAUSES];
	size_t n_causes;
	bool has_payload;
	struct efimap_efi_payload payload;
	bool has_info;
	struct efimap_efi_info info;
	struct efimap_report *report;
};

void efimap_receipt_free(struct efimap_receipt *receipt);
EFIMAP_FREES(receipt)
#define efimap_auto_receipt efimap_cleanup(efimap_receipt_free_auto)

/**
 * efimap_handover_judge() - has EFI reached this kernel?
 * @ret_receipt: free with efimap_receipt_free(); untouched on failure
 *
 * Return: 0, -ENOMEM or -EOVERFLOW.
 */
int efimap_handover_judge(const struct efimap *map, struct efimap_receipt **ret_receipt);

#endif
