/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: rehearsals
 *
 * What a real kernel made of a map, in a virtual machine.
 */
#ifndef MODEL_REHEARSAL_H
#define MODEL_REHEARSAL_H

#include <stdbool.h>
#include <stddef.h>

#include "model/capture.h"
#include "model/report.h"

/**
 * struct efimap_rehearsal - one
 * @seen:      what the kernel exports; the log alone when it did not reach init
 * @as:        "next" or "first"
 * @loader:    "kexec-tools" or "kernel", NULL as first kernel
 * @reached_init: it ran its first program, to the end
 * @n_equal:   entries of SOURCE that it exports as they were foreseen
 * @report:    what is not as it was foreseen: findings of compare; its outcome is the one
 *             that was seen
 * @remarks:   what this run could not have of the machine
 */
struct efimap_rehearsal {
	const char *source;
	const struct efimap *seen;
	const char *as;
	const char *loader;
	bool reached_init;
	bool has_efi;
	size_t n_equal;
	size_t n_expected;
	enum efimap_outcome predicted;
	const struct efimap_report *report;
	const char *const *complaints;
	size_t n_complaints;
	const char *const *remarks;
	size_t n_remarks;
};

#endif
