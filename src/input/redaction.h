/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Redact a recording before it is shown to others.
 *
 * - The kernel's command line may contain passwords, keys and host names. Only a few parameters are
 *   kept, including all that rules use, and only values that the kernel can parse.
 * - The name of SOURCE may identify the host and the person who collected the data, so it becomes
 *   "SOURCE".
 * - Names of files may contain the machine ID, which becomes a number. Other words and numbers in
 *   paths are replaced, unless they are common, or the release of an installed kernel contains
 * them.
 * - Options of kexec whose value is a command line or a path are removed.
 * - The lines of a log lose their prefix, which may contain the name of the host.
 *
 * The rest of a recording contains no secrets, because serial numbers in DMI, and payloads of
 * setup_data nodes other than SETUP_EFI, are never read.
 */
#ifndef INPUT_REDACTION_H
#define INPUT_REDACTION_H

#include "capture/recording.h"

/* Redact a copy of a finished recording. The caller frees the copy. */
void redact_recording(const struct recording *recording, struct recording *ret_redacted);

#endif
