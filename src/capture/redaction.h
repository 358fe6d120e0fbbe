/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: what of a capture is shown to strangers
 *
 * The kernel's command line can hold passwords, keys and names of hosts. All that is judged by
 * it is a few words. The name of SOURCE can tell who collected it and on which host: only its
 * last part is shown, and not that of a report that is named after its host. Images of kernels
 * and initrds can be named after the machine ID, and lie in directories of an administrator's
 * choice; options for kexec can hold a command line. Nothing else in a capture is a secret: serial
 * numbers of DMI and payloads of setup_data nodes other than EFI's are never read.
 */
#ifndef CAPTURE_REDACTION_H
#define CAPTURE_REDACTION_H

#include <stdint.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "capture/capture.h"
#include "capture/installed_kernels.h"

/**
 * struct efimap_redacted_capture - a capture without secrets
 * @map:     a shallow copy: valid as long as the capture is
 */
struct efimap_redacted_capture {
	struct efimap map;
	struct efimap_installed_kernel kernels[EFIMAP_MAX_KERNELS];
	struct efimap_kexec_state kexec;
	struct efimap_arena texts;
};

/** efimap_redact_capture() - make one; 0 or -ENOMEM; free with
 * efimap_redacted_capture_free() in any case */
int efimap_redact_capture(const struct efimap *map,
			  struct efimap_redacted_capture *ret_redacted);
void efimap_redacted_capture_free(struct efimap_redacted_capture *redacted);
#define efimap_auto_redacted_capture efimap_cleanup(efimap_redacted_capture_free)

#endif
