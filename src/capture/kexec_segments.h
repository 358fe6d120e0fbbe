/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the segments of a kexec load
 *
 * Where a loader placed the next kernel, as "kexec -d" printed it.
 * src/input/log/kexec_debug_output.c reads it.
 */
#ifndef CAPTURE_KEXEC_SEGMENTS_H
#define CAPTURE_KEXEC_SEGMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address_span.h"

/** EFIMAP_MAX_SEGMENTS - KEXEC_SEGMENT_MAX (include/linux/kexec.h) */
#define EFIMAP_MAX_SEGMENTS 16

/** EFIMAP_NO_SEGMENT - none of them, or not known which */
#define EFIMAP_NO_SEGMENT SIZE_MAX

/**
 * struct efimap_segments - where kexec loads to
 * @spans:    physical ranges; number i is of segment[i]
 * @kernel:   which is that of the kernel's image, EFIMAP_NO_SEGMENT where the log does not say
 * @initrd:   likewise
 * @is_bare:  kexec was given no initrd: the log says where the kernel lies, and of no initrd
 */
struct efimap_segments {
	const char *name;
	struct efimap_span spans[EFIMAP_MAX_SEGMENTS];
	size_t count;
	size_t kernel;
	size_t initrd;
	bool is_bare;
};

#endif
