/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_REHEARSAL_H
#define SHOW_REHEARSAL_H

#include <stdbool.h>
#include <stddef.h>

#include "answer/answers.h"
#include "base/output_buffer.h"
#include "capture/capture.h"
#include "rules/report.h"
#include "show/text_style.h"

/**
 * struct rehearsal_difference - an entry that the kernel does not export as expected
 * @expected: the expected entry, with its index in SOURCE
 * @observed: the exported entry with the same physical address, or NULL
 */
struct rehearsal_difference {
	const struct map_entry *expected;
	const struct map_entry *observed;
};

/**
 * struct rehearsal - the result of booting a real kernel with a map in a virtual machine
 * @image:           path of the kernel's image, or NULL if no image is known
 * @verify:          the answer of verify for this kernel and loader, or NULL
 * @seen:            capture that the kernel sent, or a capture of its log if init was not reached
 * @as:              role of the kernel: "next" or "first"
 * @loader:          "kexec-tools" or "kernel"; NULL for a first kernel
 * @was_tried:       a kernel was booted; if false, only the answer in @report is valid
 * @reached_init:    the kernel's init ran and sent a capture
 * @n_equal_entries: number of expected entries that the kernel exports unchanged
 * @differences:     the other expected entries, sorted by physical address; none if the kernel
 *                   exports no map
 * @report:          findings of compare on the differences, with the observed outcome
 * @remarks:         text about differences between the virtual machine and the machine of SOURCE,
 *                   and about a first run that crashed although the second run did not
 */
struct rehearsal {
	const char *source;
	const char *image;
	const struct load_answer *verify;
	const struct efimap *seen;
	const char *as;
	const char *loader;
	bool was_tried;
	bool reached_init;
	bool has_efi;
	size_t n_equal_entries;
	size_t n_expected_entries;
	const struct rehearsal_difference *differences;
	size_t n_differences;
	enum outcome predicted;
	const struct report *report;
	const char *const *kernel_messages;
	size_t n_kernel_messages;
	const char *const *remarks;
	size_t n_remarks;
};

/**
 * rehearsal_write_text() - write the answer, the run, differences, messages and findings
 *
 * If no kernel was booted, only the answer is written. If headings are disabled, @remarks are
 * omitted.
 */
void rehearsal_write_text(const struct rehearsal *rehearsal, const struct text_options *options,
			  struct out *out);

void rehearsal_write_json(const struct rehearsal *rehearsal, bool compact, struct out *out);

extern const struct fields document_rehearsal;

#endif
