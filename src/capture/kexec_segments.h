/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CAPTURE_KEXEC_SEGMENTS_H
#define CAPTURE_KEXEC_SEGMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address_span.h"

/* Maximum number of segments: KEXEC_SEGMENT_MAX (include/linux/kexec.h). */
#define EFIMAP_MAX_SEGMENTS 16

#define EFIMAP_NO_SEGMENT SIZE_MAX

/* Buffer size in bytes for the message about a failed load, including the '\0'. */
#define EFIMAP_FAILED_SIZE 128

/*
 * The physical ranges to which kexec loads the segments.
 *
 * @failed:  the message with which kexec reported a failed load, or ""
 * @spans:   physical ranges; the range at index i is segment[i] of the log
 * @kernel:  index of the segment with the kernel image, or EFIMAP_NO_SEGMENT if unknown
 * @initrd:  index of the segment with the initrd, or EFIMAP_NO_SEGMENT if unknown
 * @is_bare: the log shows that kexec was called without an initrd: it contains the load address of
 *           the kernel, but no initrd
 * @is_by_kernel: the kernel logged the segments in kexec_file_load(). Otherwise, kexec-tools
 *           printed them before kexec_load().
 * @cmdline: the parameters that the kernel logged for the next kernel; NULL if unknown
 */
struct segments {
	const char *name;
	struct span spans[EFIMAP_MAX_SEGMENTS];
	size_t count;
	size_t kernel;
	size_t initrd;
	bool is_bare;
	bool is_by_kernel;
	const char *cmdline;
	char failed[EFIMAP_FAILED_SIZE];
};

#endif
