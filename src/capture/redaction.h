/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Redact a capture before it is shown to others.
 *
 * - The kernel's command line may contain passwords, keys and host names. Only a few parameters are
 *   kept, including all that rules use.
 * - The name of SOURCE may identify the host and the person who collected the data. Only its last
 *   component is kept. If a program named an archive after the host, only the program's name is
 *   kept.
 * - Kernel images and initrds may be named after the machine ID, which is replaced. Directories
 *   that an administrator chose are removed.
 * - Options of kexec whose value is a command line or a path are removed.
 *
 * The rest of a capture contains no secrets, because serial numbers in DMI, and payloads of
 * setup_data nodes other than SETUP_EFI, are never read.
 */
#ifndef CAPTURE_REDACTION_H
#define CAPTURE_REDACTION_H

#include <stdint.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "capture/capture.h"
#include "capture/installed_kernels.h"

/* @map is a shallow copy, which is valid as long as the original capture. */
struct efimap_redacted_capture {
	struct efimap map;
	struct efimap_installed_kernel kernels[EFIMAP_MAX_KERNELS];
	struct efimap_unread_kernel unread_kernels[EFIMAP_MAX_UNREAD_KERNELS];
	struct efimap_kexec_state kexec;
	struct efimap_arena texts;
};

/*
 * Create a redacted copy of a capture. Return 0 or -ENOMEM. In both cases, the caller frees the
 * copy with efimap_redacted_capture_free().
 */
int efimap_redact_capture(const struct efimap *map,
			  struct efimap_redacted_capture *ret_redacted);
void efimap_redacted_capture_free(struct efimap_redacted_capture *redacted);
#define efimap_auto_redacted_capture efimap_cleanup(efimap_redacted_capture_free)

#endif
