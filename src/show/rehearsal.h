/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a real kernel made of a map, in a virtual machine; and writing it. */
#ifndef SHOW_REHEARSAL_H
#define SHOW_REHEARSAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/output_buffer.h"
#include "capture/capture.h"
#include "rules/report.h"
#include "show/text_style.h"

/**
 * struct efimap_difference - an entry that the kernel does not export as it was expected
 * @expected: the entry; its index is that of SOURCE
 * @observed: the entry with this physical address; NULL where there is none
 */
struct efimap_difference {
	const struct efimap_entry *expected;
	const struct efimap_entry *observed;
};

/**
 * struct efimap_rehearsal - one
 * @seen:      what the kernel exports; the log alone when it did not reach init
 * @as:        "next" or "first"
 * @loader:    "kexec-tools" or "kernel", NULL as first kernel
 * @was_tried: a kernel was booted; if not, only the answer says anything
 * @reached_init: it ran its first program, to the end
 * @n_equal_entries:   entries of SOURCE that it exports as they were foreseen
 * @differences: the others, ascending by physical address
 * @report:    what is not as it was foreseen: findings of compare; its outcome is the one
 *             that was seen
 * @remarks:   what this run lacks of the machine, and whether a first run died
 */
struct efimap_rehearsal {
	const char *source;
	const struct efimap *seen;
	const char *as;
	const char *loader;
	bool was_tried;
	bool reached_init;
	bool has_efi;
	size_t n_equal_entries;
	size_t n_expected_entries;
	const struct efimap_difference *differences;
	size_t n_differences;
	enum efimap_outcome predicted;
	const struct efimap_report *report;
	const char *const *kernel_messages;
	size_t n_kernel_messages;
	const char *const *remarks;
	size_t n_remarks;
};

/**
 * efimap_rehearsal_write_text() - the answer, what was run, findings, the kernel's words
 *
 * Without headings it is silent on what the run could not have of the machine.
 */
int efimap_rehearsal_write_text(const struct efimap_rehearsal *rehearsal,
				const struct efimap_text_options *options,
				struct efimap_out *out);

/** efimap_rehearsal_write_json() - an efimap-rehearsal document */
int efimap_rehearsal_write_json(const struct efimap_rehearsal *rehearsal,
				struct efimap_out *out);

extern const struct document document_rehearsal;

#endif
